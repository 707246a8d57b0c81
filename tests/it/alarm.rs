//! The alarm of a talk in danger: whom it rings and when, what quiets it, and that each step is done once, whatever is killed.

use std::{collections::HashMap, pin::pin, time::Duration};

use entities::{alarm_step, job, words::Role};
use natpatrull::{chat, push, quarters};
use reqwest::Method;
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use tests::{
    Officer, World, Youth, on_both_databases,
    people::{Person, action},
    push_service::{Answers, PushService},
    world::id,
};
use uuid::Uuid;

use crate::dialogues;

/// An evening: it is open, Kim and Alex are out, Robin leads from home, and each has a phone that rings elsewhere.
struct Evening {
    world: World,
    kim: Officer,
    alex: Officer,
    lead: Officer,
    phones: [PushService; 3],
}

impl Evening {
    async fn begins(world: &World) -> Self {
        let phones = [PushService::start().await, PushService::start().await, PushService::start().await];
        let (kim, alex) = (world.officer("07").await, world.officer("12").await);
        let lead = world.staff("03", Role::Lead).await;
        lead.sets_hours("00:00", "24:00").await;
        kim.goes_out(&phones[0]).await;
        // Alex is out with a phone that did not answer yet.
        alex.subscribes(&phones[1]).await;
        alex.does(alex.starts(id())).await;
        lead.subscribes(&phones[2]).await;
        let evening = Self { world: world.clone(), kim, alex, lead, phones };
        push::run_due(&world.deps).await.unwrap();
        evening.rang();
        evening
    }

    /// How often each phone rang since it was last asked.
    fn rang(&self) -> [usize; 3] {
        self.phones.each_ref().map(|phone| phone.arrived.lock().unwrap().drain(..).count())
    }

    /// Lets seconds go by, one by one as far as it matters, and whatever is due be done.
    async fn waits(&self, seconds: i64) -> [usize; 3] {
        for _ in 0..seconds.div_euclid(5) {
            self.world.clock.wind(5);
            does_what_is_due(&self.world).await;
        }
        self.rang()
    }

    /// Both are heard from.
    async fn is_heard(&mut self) {
        for officer in [&mut self.kim, &mut self.alex, &mut self.lead] {
            *officer = officer.clone().with_a_new_token();
            officer.asks(Method::GET, "/api/v1/quarters/shifts", None).await.ok();
        }
        quarters::keep_heard(&self.world.deps).await.unwrap();
    }
}

async fn does_what_is_due(world: &World) {
    while chat::ring_due(&world.deps).await.unwrap() > 0 {}
    push::run_due(&world.deps).await.unwrap();
}

async fn steps(world: &World, talk: Uuid) -> Vec<(i64, i32)> {
    let rows = alarm_step::Entity::find()
        .filter(alarm_step::Column::ConversationId.eq(talk))
        .order_by_asc(alarm_step::Column::Round)
        .order_by_asc(alarm_step::Column::Step)
        .all(world.deps.db.read())
        .await
        .unwrap();
    rows.into_iter().map(|row| (row.round, row.step)).collect()
}

/// Jobs of alarms that wait.
async fn pending(world: &World) -> u64 {
    job::Entity::find().filter(job::Column::Queue.eq("alarm")).count(world.deps.db.read()).await.unwrap()
}

fn cries(noa: &Youth) -> Value {
    noa.message_with(id(), "hjälp", &json!({"danger": "yes"}))
}

on_both_databases! {
    async fn it_rings_wider_and_wider_until_a_person_has_answered(world) {
        let mut evening = Evening::begins(&world).await;
        let noa = world.youth().await;
        let talk = noa.cries("de är här").await;
        does_what_is_due(&world).await;
        assert_eq!(evening.rang(), [1, 0, 0], "at once, whoever is counted");
        assert_eq!(evening.waits(15).await, [0, 0, 0]);
        assert_eq!(evening.waits(40).await, [2, 0, 0], "and again");
        assert_eq!(evening.waits(5).await, [1, 1, 0], "at a minute, all who are out");
        assert_eq!(evening.waits(55).await, [2, 2, 0]);
        assert_eq!(evening.waits(5).await, [1, 1, 1], "at two minutes, the lead");
        evening.is_heard().await;
        assert_eq!(evening.waits(120).await, [2, 2, 2], "and on");

        // Somebody reads: that is no answer.
        evening.kim.reads(talk).await;
        assert_eq!(noa.sees(talk).await["read_by"], "07", "opened by 07, and no more is promised");
        assert_eq!(evening.waits(60).await, [1, 1, 1]);
        evening.is_heard().await;
        evening.kim.takes(talk).await;
        evening.kim.answers(talk, "Jag läser. Är du i säkerhet?").await;
        evening.rang();
        assert_eq!(evening.waits(240).await, [0, 0, 0]);
    }

    async fn danger_in_a_question_of_a_dialogue_rings_as_in_a_talk(world) {
        let evening = Evening::begins(&world).await;
        let noa = world.youth().await;
        let room = dialogues::opens(&evening.alex).await;
        dialogues::asks(&noa, room, "Vad spelar ni?").await;
        does_what_is_due(&world).await;
        assert_eq!(evening.rang(), [0, 0, 0]);
        dialogues::asks(&noa, room, "Jag vill inte leva").await;
        does_what_is_due(&world).await;
        assert_eq!(evening.rang(), [1, 0, 0]);
        assert_eq!(evening.waits(60).await, [3, 1, 0], "and wider");
    }

    async fn taking_quiets_it_for_a_minute_and_no_longer(world) {
        let mut evening = Evening::begins(&world).await;
        let noa = world.youth().await;
        let talk = noa.cries("de är här").await;
        does_what_is_due(&world).await;
        evening.kim.takes(talk).await;
        assert_eq!(evening.rang(), [1, 0, 0]);
        assert_eq!(evening.waits(55).await, [0, 0, 0], "Kim has a minute");
        assert_eq!(evening.waits(5).await, [1, 0, 0], "and has not answered");
        assert_eq!(evening.waits(60).await, [5, 4, 1], "it goes on from there, to the others and to the lead");
        evening.is_heard().await;
        evening.kim.answers(talk, "Jag är här.").await;
        noa.clone().with_a_new_token().await.does(noa.message(talk, "okej")).await;
        push::run_due(&world.deps).await.unwrap();
        evening.rang();
        assert_eq!(evening.waits(240).await, [0, 0, 0]);
        assert_eq!(pending(&world).await, 1, "it is looked after as long as the danger lasts");

        // Kim's phone is gone, with words of hers that nobody has read.
        assert_eq!(evening.waits(60).await, [0, 0, 0]);
        let (alex, lead) = (evening.alex.clone().with_a_new_token(), evening.lead.clone().with_a_new_token());
        alex.does(alex.answers_alarm(shift_of(&alex).await)).await;
        lead.asks(Method::GET, "/api/v1/quarters/shifts", None).await.ok();
        assert_eq!(evening.waits(60).await, [0, 1, 0], "a new round, and Alex is who counts now");
        assert_eq!(steps(&world, talk).await.last().unwrap().0, 2);
    }

    async fn it_ends_with_the_danger_and_with_the_talk(world) {
        let evening = Evening::begins(&world).await;
        let youths = [world.youth().await, world.youth().await, world.youth().await];
        let mut talks = Vec::new();
        for noa in &youths {
            talks.push(noa.cries("de är här").await);
        }
        does_what_is_due(&world).await;
        assert_eq!((evening.rang(), pending(&world).await), ([3, 0, 0], 3));
        let seen = evening.kim.sees(talks[0]).await;
        let lane = format!("conversation:{}", talks[0]);
        let lower = json!({"conversation_id": talks[0], "expected_revision": seen["revision"], "priority": "p3", "why": "De har gått."});
        evening.kim.does(action(&world, &lane, "conversation-lower", lower)).await;
        evening.kim.takes(talks[1]).await;
        evening.kim.reads(talks[1]).await;
        let seen = evening.kim.sees(talks[1]).await;
        let lane = format!("conversation:{}", talks[1]);
        let close = json!({"conversation_id": talks[1], "expected_revision": seen["revision"]});
        evening.kim.does(action(&world, &lane, "conversation-close", close)).await;
        crate::erasure::erases(&evening.lead, "conversation", talks[2]).await.ok();
        push::run_due(&world.deps).await.unwrap();
        evening.rang();
        assert_eq!((evening.waits(60).await, pending(&world).await), ([0, 0, 0], 0));
        assert_eq!(steps(&world, talks[2]).await, [], "nothing of an alarm outlives its talk");
        // Danger again rings again.
        youths[0].does(youths[0].message(talks[0], "de kom tillbaka, jag vill dö")).await;
        does_what_is_due(&world).await;
        assert_eq!(evening.rang()[0], 1);
        assert_eq!(steps(&world, talks[0]).await, [(1, 0), (2, 0)]);
    }

    async fn an_officer_who_raises_a_talk_makes_it_ring(world) {
        let evening = Evening::begins(&world).await;
        let noa = world.youth().await;
        let talk = noa.writes("hej").await;
        does_what_is_due(&world).await;
        assert_eq!(evening.rang(), [0, 0, 0]);
        let raise = json!({"conversation_id": talk, "priority": "p1"});
        evening.alex.does(action(&world, &format!("conversation:{talk}"), "conversation-raise", raise)).await;
        does_what_is_due(&world).await;
        assert_eq!(evening.rang(), [1, 0, 0]);
    }

    async fn where_nobody_counts_the_next_ones_ring_at_once(world) {
        let phone = PushService::start().await;
        let lead = world.staff("03", Role::Lead).await;
        lead.sets_hours("00:00", "24:00").await;
        lead.subscribes(&phone).await;
        let talk = world.youth().await.cries("de är här").await;
        does_what_is_due(&world).await;
        assert_eq!((phone.count(), steps(&world, talk).await), (1, vec![(1, 0)]));
    }

    // Before each step the program is killed: another one, that knows nothing but the database, goes on.
    async fn where_all_phones_have_lost_their_address_nobody_is_there_and_she_sees_112(world) {
        let evening = Evening::begins(&world).await;
        evening.alex.does(evening.alex.answers_alarm(shift_of(&evening.alex).await)).await;
        let (noa, opening) = (world.youth().await, async || world.asks(Method::GET, "/api/v1/quarters/opening", None, None).await.ok());
        assert_eq!(opening().await["staffed"], true);
        for phone in &evening.phones {
            phone.answers(410);
        }
        let talk = noa.cries("de är utanför").await;
        does_what_is_due(&world).await;
        assert_eq!(opening().await["staffed"], false, "each address was found dead");
        let wait = noa.waits(talk).await;
        assert_eq!((&wait["open"], &wait["staffed"], &wait["read"], &wait["unread_danger"]), (&json!(true), &json!(false), &json!(false), &json!(true)));
        assert!(wait.get("least_minutes").is_none(), "no time is promised where nobody is: {wait}");
    }

    async fn a_program_killed_between_any_two_steps_loses_none_and_repeats_none(world) {
        let evening = Evening::begins(&world).await;
        let noa = world.youth().await;
        let talk = noa.cries("de är här").await;
        let mut expected = Vec::new();
        let (mut rang, mut at) = (Vec::new(), 0);
        for (step, due) in [0, 20, 40, 60, 80, 100, 120, 180].into_iter().enumerate() {
            world.clock.wind(due - at);
            at = due;
            // One does the step and dies before a push has left; the next one sends it, and finds nothing else to do.
            let first = world.with_another_folder().await;
            assert_eq!(chat::ring_due(&first).await.unwrap(), 1, "step {step}");
            drop(first);
            let second = world.with_another_folder().await;
            assert_eq!(chat::ring_due(&second).await.unwrap(), 0, "step {step} again");
            push::run_due(&second).await.unwrap();
            drop(second);
            expected.push((1, i32::try_from(step).unwrap()));
            assert_eq!(steps(&world, talk).await, expected);
            rang.push(evening.rang());
        }
        assert_eq!(rang[..3], [[1, 0, 0]; 3]);
        assert_eq!(rang[3..6], [[1, 1, 0]; 3]);
        assert_eq!(rang[6..], [[1, 1, 1]; 2]);
    }

    // Killed in the midst of a step, at whatever it was waiting for: it is done whole by whoever comes next.
    async fn a_step_that_is_killed_half_way_is_done_once(world) {
        let evening = Evening::begins(&world).await;
        let noa = world.youth().await;
        let talk = noa.cries("de är här").await;
        // For certain where somebody else holds what it needs, however quick the database is.
        let held = world.deps.db.begin().await.unwrap();
        if held.get_database_backend() == DbBackend::Postgres {
            held.execute_unprepared("LOCK TABLE job").await.unwrap();
        }
        {
            let mut step = pin!(chat::ring_due(&world.deps));
            for _ in 0..100 {
                assert!(futures_util::poll!(step.as_mut()).is_pending(), "it was not broken off");
                tokio::task::yield_now().await;
            }
        }
        drop(held);
        // How often it waits else depends on how busy the machine is.
        for polls in 1..200 {
            let mut step = pin!(chat::ring_due(&world.deps));
            let mut left = polls;
            let done = std::future::poll_fn(|context| match left {
                0 => std::task::Poll::Ready(None),
                _ => {
                    left -= 1;
                    step.as_mut().poll(context).map(Some)
                }
            })
            .await;
            if let Some(done) = done {
                // Nothing was left to do if the one before was killed when it stood already.
                assert!(done.unwrap() <= 1);
                break;
            }
        }
        does_what_is_due(&world).await;
        assert_eq!((steps(&world, talk).await, evening.rang(), pending(&world).await), (vec![(1, 0)], [1, 0, 0], 1));
    }

    async fn programs_that_work_at_once_do_each_step_once(world) {
        let evening = Evening::begins(&world).await;
        let talk = world.youth().await.cries("de är här").await;
        let others = [world.with_another_folder().await, world.with_another_folder().await];
        for (step, wait) in [0, 20, 20, 20, 20, 20, 20].into_iter().enumerate() {
            world.clock.wind(wait);
            let [one, other] = others.each_ref();
            let (a, b, c) = tokio::join!(chat::ring_due(one), chat::ring_due(other), chat::ring_due(&world.deps));
            assert_eq!(a.unwrap() + b.unwrap() + c.unwrap(), 1, "step {step}");
            push::run_due(&world.deps).await.unwrap();
        }
        assert_eq!((steps(&world, talk).await.len(), evening.rang()), (7, [7, 4, 1]));
    }

    async fn a_thousand_false_alarms_do_not_delay_a_real_one(world, |config| config.actions_a_minute = 100_000) {
        let evening = Evening::begins(&world).await;
        let mut flood = Vec::new();
        for _ in 0..20 {
            flood.push(world.youth().await);
        }
        for one in &flood {
            let cries: Vec<_> = (0..50).map(|_| cries(one)).collect();
            assert!(one.pushes(&cries).await.iter().all(|result| result["outcome"] == "applied"));
        }
        let noa = world.youth().await;
        let talk = noa.cries("de slår honom, på riktigt").await;
        assert_eq!(pending(&world).await, 1001);
        does_what_is_due(&world).await;
        assert_eq!(steps(&world, talk).await, [(1, 0)], "it rang at once");
        let rings = evening.rang();
        assert_eq!(rings, [21, 0, 0], "one for each account, and the rest waits");
        let place = noa.waits(talk).await["place"].as_i64().unwrap();
        assert!(place <= 21, "she stands at {place}, behind at most one of each account");

        // Minute after minute the phones ring no more than they may, and hers keeps its steps.
        let mut most: HashMap<usize, usize> = HashMap::new();
        for _ in 0..3 {
            for (phone, rang) in evening.waits(60).await.into_iter().enumerate() {
                let most = most.entry(phone).or_default();
                *most = rang.max(*most);
            }
        }
        assert!(most.values().all(|rang| *rang <= 2 * 36), "{most:?}");
        assert!(steps(&world, talk).await.len() >= 7, "{:?}", steps(&world, talk).await);
        // Taken from the front, each of the first ones is another account's.
        let kim = evening.kim.clone().with_a_new_token();
        let list = kim.asks(Method::GET, "/api/v1/chat/conversations?state=waiting&limit=21", None).await.ok();
        assert!(list["items"].as_array().unwrap().iter().any(|one| one["conversation_id"] == json!(talk)));
    }

    async fn an_alarm_waits_behind_no_other_push(world) {
        let evening = Evening::begins(&world).await;
        let silent = [PushService::that(Answers::Never).await, PushService::that(Answers::Never).await];
        let alex = &evening.alex;
        // As many answers as may be on their way at once, to phones whose push services say nothing.
        for nth in 0..40 {
            let noa = world.youth().await;
            let subscription = silent[nth % 2].subscription(true, &[], &[]);
            noa.asks(Method::PUT, "/api/v1/push/subscription", Some(&subscription)).await.ok();
            let talk = noa.writes("hej").await;
            alex.takes(talk).await;
            alex.answers(talk, "hej").await;
        }
        let working = tokio::spawn(push::work(world.deps.clone()));
        let until = async |mut done: Box<dyn FnMut() -> bool>| {
            let waiting = async {
                while !done() {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            };
            tokio::time::timeout(Duration::from_secs(60), waiting).await.is_ok()
        };
        let hung = silent.clone();
        assert!(until(Box::new(move || hung.iter().map(PushService::count).sum::<usize>() >= 32)).await, "the answers are on their way");
        world.youth().await.cries("de är här").await;
        chat::ring_due(&world.deps).await.unwrap();
        let phone = evening.phones[0].clone();
        assert!(until(Box::new(move || phone.count() == 1)).await, "the alarm rings");
        assert_eq!(silent.iter().map(PushService::count).sum::<usize>(), 32, "it waits behind answers");
        world.deps.stop.tell();
        tokio::time::timeout(Duration::from_secs(8), working).await.expect("the worker does not stop").unwrap();
    }
}

async fn shift_of(officer: &Officer) -> Uuid {
    let list = officer.asks(Method::GET, "/api/v1/quarters/shifts", None).await.ok();
    let own = list["items"].as_array().unwrap().iter().find(|shift| shift["mine"] == true).unwrap();
    own["shift_id"].as_str().unwrap().parse().unwrap()
}
