//! What is counted is what was: a simulated year whose true figures the simulation keeps apart, counted while the counting is killed, counted
//! anew by a command; and nobody can be found by what was counted.

use std::{
    collections::BTreeMap,
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

use entities::{
    conversation, insight_count, insight_event, message,
    words::{
        ActionId, Actor, CameBy, ConversationId, ConversationState, InsightMeasure, MessageId, OutcomeCode,
        SurveyAnswer, Timestamp,
    },
};
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use natpatrull::{
    base::journal::{self, DESK, NewEntry},
    insight,
};
use reqwest::Method;
use sea_orm::{ActiveEnum, EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use tests::{World, on_both_databases, people::Person, world::id};

use crate::erasure::erases;

const DAY: i64 = 24 * 3600;

/// Sums by measure, Monday, dimension and part.
type Sums = BTreeMap<(String, Date, String, String), i64>;

async fn counted(world: &World) -> Sums {
    let rows = insight_count::Entity::find().all(world.deps.db.read()).await.unwrap();
    let monday = |week: i32| Date::constant(1970, 1, 1).saturating_add(week.days());
    let key = |row: &insight_count::Model| {
        (row.measure.to_value(), monday(row.week), row.dimension.clone(), row.part.clone())
    };
    rows.into_iter().map(|row| (key(&row), row.count)).collect()
}

async fn counts_all(world: &World) {
    while insight::run_due(&world.deps).await.unwrap() > 0 {}
}

/// What is told of talks: dimension, part, period and mark.
async fn figures(world: &World) -> Vec<(String, String, String, String)> {
    let list = world.asks(Method::GET, "/api/v1/insight/figures", None, None).await.ok();
    let talks = list["items"].as_array().unwrap().iter().find(|item| item["measure"] == "talks").unwrap();
    let text = |figure: &Value, name: &str| figure[name].as_str().unwrap_or_default().to_owned();
    let told = talks["figures"].as_array().unwrap().iter();
    told.map(|one| (text(one, "dimension"), text(one, "part"), text(one, "period"), text(one, "count"))).collect()
}

/// Whether the week of a Monday is told in this period: a week counts where its Thursday is.
fn is_in(monday: Date, period: &str) -> bool {
    let thursday = monday.saturating_add(3.days());
    let week = thursday.iso_week_date();
    [
        format!("{}-W{:02}", week.year(), week.week()),
        format!("{}-{:02}", thursday.year(), thursday.month()),
        thursday.year().to_string(),
    ]
    .contains(&period.to_owned())
}

/// Lets something go on for so many steps, and kills it if it has not ended.
async fn killed_after<T>(steps: u32, work: impl Future<Output = T>) -> Option<T> {
    let (mut work, mut left) = (pin!(work), steps);
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}

/// The same numbers each time, spread as if by chance.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn one_of<T: Copy>(&mut self, some: &[T]) -> T {
        some[usize::try_from(self.below(some.len() as u64)).unwrap()]
    }
}

/// One talk of the simulation, as it ends.
struct Told {
    row: conversation::Model,
    answer: Option<message::Model>,
    /// What is true of it: the Monday, and each dimension's part.
    truth: (Date, Vec<(&'static str, String)>),
}

/// A year of talks in a region: open from six to midnight, with a festival in August. What is true of each is decided first, and the rows made
/// of that.
fn a_year(
    like: &(conversation::Model, message::Model),
    from: Timestamp,
    chance: &mut Chance,
    talks: usize,
) -> Vec<Told> {
    let zone = TimeZone::get("Europe/Stockholm").unwrap();
    let first = zone.to_datetime(jiff::Timestamp::from_millisecond(from.millis()).unwrap()).date();
    let festival = Date::constant(2026, 8, 14);
    (0..talks)
        .map(|_| {
            let day = match chance.below(5) {
                0 => festival.saturating_add((chance.below(3) as i64).days()),
                _ => first.saturating_add((1 + chance.below(360) as i64).days()),
            };
            let hour = chance.one_of(&[2_i8, 7, 13, 16, 18, 19, 20, 21, 21, 22, 23]);
            let at = zone.to_ambiguous_timestamp(day.at(hour, chance.below(60) as i8, 0, 0)).compatible().unwrap();
            let opened_at = Timestamp::from_millis(at.as_millisecond());
            let (open, closed) = (hour >= 18, chance.below(4) > 0);
            let (wait, seconds) = chance.one_of(&[
                ("unanswered", None),
                ("1-minute", Some(60)),
                ("5-minutes", Some(61)),
                ("5-minutes", Some(300)),
                ("1-hour", Some(301)),
                ("longer", Some(3601)),
            ]);
            let read = chance.below(5) > 0;
            let need = match (open, seconds, read) {
                (false, ..) => "while-closed",
                (_, None, _) => "unanswered",
                (_, _, false) => "never-returned",
                _ => "met",
            };
            let (came, came_by) =
                chance.one_of(&[("app", None), ("invite", Some(CameBy::Invite)), ("poster", Some(CameBy::Poster))]);
            let (outcome, code) = match closed {
                true => chance.one_of(&[
                    ("untold", None),
                    ("advice-given", Some(OutcomeCode::AdviceGiven)),
                    ("report-made", Some(OutcomeCode::ReportMade)),
                ]),
                false => ("open", None),
            };
            let unsurveyed = chance.below(3) == 0;
            let mut said = |asked: bool| match chance.below(3) {
                _ if unsurveyed || !asked => ("not-asked", None),
                0 => ("no-answer", None),
                1 => ("yes", Some(SurveyAnswer::Yes)),
                _ => ("no", Some(SurveyAnswer::No)),
            };
            let over = closed && seconds.is_some();
            let [called, told, helped] = [said(true), said(over), said(over)];
            let conversation_id = ConversationId(id());
            let row = conversation::Model {
                conversation_id,
                opened_at,
                came_by,
                state: if closed { ConversationState::Closed } else { ConversationState::Waiting },
                outcome: code,
                unsurveyed,
                would_have_called: called.1,
                would_have_told: told.1,
                helped: helped.1,
                last_youth_pos: 1,
                last_officer_pos: if seconds.is_some() { 2 } else { 0 },
                youth_read_pos: if read { 2 } else { 1 },
                ..like.0.clone()
            };
            let answer = seconds.map(|seconds| message::Model {
                message_id: MessageId(id()),
                action_id: ActionId(id()),
                conversation_id,
                pos: 2,
                by: Actor::Officer,
                received_at: opened_at.plus_seconds(seconds),
                ..like.1.clone()
            });
            let weekday = day.weekday().to_monday_zero_offset();
            let block = format!("{}-{:02}", weekday + 1, hour / 4 * 4);
            let parts = vec![
                ("need", format!("{need}/{block}")),
                ("came-by", came.to_owned()),
                ("wait", wait.to_owned()),
                ("outcome", outcome.to_owned()),
                ("would-have-called", called.0.to_owned()),
                ("would-have-told", told.0.to_owned()),
                ("helped", helped.0.to_owned()),
            ];
            Told { row, answer, truth: (day.saturating_sub(i64::from(weekday).days()), parts) }
        })
        .collect()
}

fn truth(talks: &[Told]) -> Sums {
    let mut sums = Sums::new();
    for Told { truth: (monday, parts), .. } in talks {
        let all = [("", String::new())];
        for (dimension, part) in all.iter().chain(parts) {
            *sums.entry(("talks".to_owned(), *monday, (*dimension).to_owned(), part.clone())).or_default() += 1;
        }
    }
    sums
}

/// The desk hears of talks, as they are now.
async fn hears(world: &World, rows: &[conversation::Model], answers: &[message::Model]) {
    let tx = world.deps.db.begin_in_turn().await.unwrap();
    for row in rows {
        conversation::Entity::delete_by_id(row.conversation_id).exec(&*tx).await.unwrap();
    }
    natpatrull::base::db::insert::<conversation::Entity>(&tx, rows).await.unwrap();
    natpatrull::base::db::insert::<message::Entity>(&tx, answers).await.unwrap();
    let entry = |row: &conversation::Model| NewEntry {
        stream: DESK.to_owned(),
        kind: "conversation-changed",
        entity_id: row.conversation_id.0,
        revision: row.revision,
        action_id: None,
        actor: Actor::System,
        actor_id: None,
    };
    journal::append(&tx, world.deps.clock.now(), rows.iter().map(entry).collect()).await.unwrap();
    tx.commit().await.unwrap();
}

on_both_databases! {
    async fn a_year_comes_out_as_it_went_in_however_often_the_counting_is_killed(world) {
        let (noa, lead) = (world.youth().await, world.staff("03", entities::words::Role::Lead).await);
        lead.sets_hours("18:00", "24:00").await;
        let talk = noa.writes("Hej").await;
        let db = world.deps.db.read();
        let like = (
            conversation::Entity::find_by_id(ConversationId(talk)).one(db).await.unwrap().unwrap(),
            message::Entity::find().one(db).await.unwrap().unwrap(),
        );
        let mut chance = Chance(2026);
        let year = a_year(&like, world.deps.clock.now(), &mut chance, 900);
        // Begun without an answer, and then as they end: half of it heard of only at the end.
        let mut killed = 0;
        for some in year.chunks(30) {
            let begun: Vec<_> = some
                .iter()
                .map(|told| conversation::Model { state: ConversationState::Waiting, last_officer_pos: 0, outcome: None, ..told.row.clone() })
                .collect();
            hears(&world, &begun, &[]).await;
            killed += u32::from(killed_after(u32::try_from(chance.below(12)).unwrap(), insight::run_due(&world.deps)).await.is_none());
            let answers: Vec<_> = some.iter().filter_map(|told| told.answer.clone()).collect();
            hears(&world, &some.iter().map(|told| told.row.clone()).collect::<Vec<_>>(), &answers).await;
            killed += u32::from(killed_after(u32::try_from(chance.below(12)).unwrap(), insight::run_due(&world.deps)).await.is_none());
        }
        counts_all(&world).await;
        world.clock.wind(400 * DAY);
        for steps in 0..40 {
            killed += u32::from(killed_after(steps, insight::run_due(&world.deps)).await.is_none());
        }
        assert!(killed >= 50, "killed {killed} times only");
        counts_all(&world).await;
        let mut sums = counted(&world).await;
        // The one that was really written.
        let mut real = truth(&year);
        let own = a_real_one(&like.0);
        for (key, count) in own {
            *real.entry(key).or_default() += count;
        }
        assert_eq!(sums, real);
        // Whatever became of the sums, they are made anew of what they were made of.
        insight_count::Entity::delete_many().exec(world.deps.db.read()).await.unwrap();
        assert_eq!(insight::rebuild(&world.deps).await.unwrap(), 901);
        sums = counted(&world).await;
        assert_eq!(sums, real);
    }

    async fn what_is_told_is_the_truth_and_stays_as_it_was_told(world) {
        let (noa, lead) = (world.youth().await, world.staff("03", entities::words::Role::Lead).await);
        lead.sets_hours("18:00", "24:00").await;
        noa.writes("Hej").await;
        let db = world.deps.db.read();
        let like = (
            conversation::Entity::find().one(db).await.unwrap().unwrap(),
            message::Entity::find().one(db).await.unwrap().unwrap(),
        );
        let year = a_year(&like, world.deps.clock.now(), &mut Chance(9), 900);
        let mut real = truth(&year);
        for (key, count) in a_real_one(&like.0) {
            *real.entry(key).or_default() += count;
        }
        let answers: Vec<_> = year.iter().filter_map(|told| told.answer.clone()).collect();
        hears(&world, &year.iter().map(|told| told.row.clone()).collect::<Vec<_>>(), &answers).await;
        counts_all(&world).await;
        let mut before = Vec::new();
        let mut releases = 0;
        for _ in 0..15 {
            world.clock.wind(30 * DAY);
            counts_all(&world).await;
            insight::release(&world.deps).await.unwrap();
            let now = figures(&world).await;
            assert_eq!(now[..before.len()], before, "nothing that was told is told otherwise");
            releases += usize::from(now.len() > before.len());
            before = now;
        }
        assert!(releases >= 12, "told {releases} times only");
        // Told as it was, or with a mark that is true of it.
        let (mut counts, mut hidden) = (0, 0);
        for (dimension, part, period, shown) in &before {
            let true_count: i64 = real
                .iter()
                .filter(|((_, monday, of, this), _)| of == dimension && (this == part || this.starts_with(&format!("{part}/"))) && is_in(*monday, period))
                .map(|(_, count)| count)
                .sum();
            let is_true = match shown.as_str() {
                "0-4" => true_count <= 4,
                "5+" => true_count >= 5,
                "hidden" => true,
                count => count.parse() == Ok(true_count),
            };
            counts += i64::from(shown.parse::<i64>().is_ok());
            hidden += i64::from(shown.parse::<i64>().is_err());
            assert!(is_true, "{dimension} {part} {period} is told as {shown}, and was {true_count}");
        }
        assert!(counts > 100 && hidden > 50, "{counts} told, {hidden} hidden");
        // The table says the same.
        let table = world.asks(Method::GET, "/api/v1/insight/figures.csv", None, None).await;
        let text = String::from_utf8(table.bytes).unwrap();
        let rows: Vec<_> = text.lines().skip(1).filter(|row| row.split(',').nth(1) == Some("talks")).map(|row| {
            let mut row = row.split(',').skip(2).map(str::to_owned);
            (row.next().unwrap(), row.next().unwrap(), row.next().unwrap(), row.next().unwrap())
        }).collect();
        assert_eq!(rows, before);
    }

    async fn a_talk_counts_when_nothing_changes_it_any_more_and_once(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let talk = noa.writes("Får man filma en polis?").await;
        noa.does(noa.report(id(), "Någon skriver till mig", json!([]))).await;
        counts_all(&world).await;
        kim.takes(talk).await;
        kim.answers(talk, "Ja.").await;
        world.clock.wind(28 * DAY - 1);
        counts_all(&world).await;
        assert_eq!(counted(&world).await, Sums::new(), "much may still happen");
        world.clock.wind(2);
        counts_all(&world).await;
        let sums = counted(&world).await;
        let of = |dimension: &str, part: &str| -> i64 {
            sums.iter().filter(|((_, _, of, this), _)| of == dimension && this.starts_with(part)).map(|(_, count)| count).sum()
        };
        assert_eq!((of("", ""), of("wait", "1-minute"), of("need", "while-closed/"), of("kind", "threat"), of("came-of-it", "open")), (2, 1, 1, 1, 1));
        // What happens later is nothing to the figures.
        let kim = kim.with_a_new_token();
        kim.answers(talk, "Hej igen.").await;
        counts_all(&world).await;
        assert_eq!(counted(&world).await, sums);
        let events = insight_event::Entity::find().all(world.deps.db.read()).await.unwrap();
        assert!(events.iter().all(|event| event.entity_id.is_none()), "no way leads back");
    }

    async fn what_is_erased_counts_and_cannot_be_found(world) {
        let (noa, lead) = (world.youth().await, world.staff("03", entities::words::Role::Lead).await);
        let talk = noa.writes("Får man filma en polis?").await;
        counts_all(&world).await;
        erases(&lead, "conversation", talk).await;
        natpatrull::chores::run_due(&world.deps).await.unwrap();
        let db = world.deps.db.read();
        assert_eq!(conversation::Entity::find().count(db).await.unwrap(), 0);
        let event = insight_event::Entity::find().one(db).await.unwrap().unwrap();
        assert_eq!(event.entity_id, None);
        world.clock.wind(29 * DAY);
        counts_all(&world).await;
        let all: i64 = insight_count::Entity::find().all(db).await.unwrap().into_iter().filter(|row| row.measure == InsightMeasure::Talks && row.dimension.is_empty()).map(|row| row.count).sum();
        assert_eq!(all, 1);
    }
}

/// What is true of the talk that the rows of the simulation were made like.
fn a_real_one(row: &conversation::Model) -> Sums {
    let zone = TimeZone::get("Europe/Stockholm").unwrap();
    let at = zone.to_datetime(jiff::Timestamp::from_millisecond(row.opened_at.millis()).unwrap());
    let weekday = at.weekday().to_monday_zero_offset();
    let parts = [
        ("", String::new()),
        ("need", format!("while-closed/{}-{:02}", weekday + 1, at.hour() / 4 * 4)),
        ("came-by", "app".to_owned()),
        ("wait", "unanswered".to_owned()),
        ("outcome", "open".to_owned()),
        ("would-have-called", "no-answer".to_owned()),
        ("would-have-told", "not-asked".to_owned()),
        ("helped", "not-asked".to_owned()),
    ];
    let monday = at.date().saturating_sub(i64::from(weekday).days());
    parts.into_iter().map(|(dimension, part)| (("talks".to_owned(), monday, dimension.to_owned(), part), 1)).collect()
}
