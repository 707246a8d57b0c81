//! Danger first: what answers, words and officers make of a talk, and how its youth waits.

use std::collections::HashSet;

use entities::{conversation, triage_decision, words::Role};
use reqwest::Method;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tests::{
    Officer, World, on_both_databases,
    people::{Person, action},
    push_service::PushService,
    world::id,
};
use uuid::Uuid;

use crate::erasure::{Traces, disk};

pub fn on_talk(world: &World, kind: &str, talk: Uuid, mut more: Value) -> Value {
    more["conversation_id"] = json!(talk);
    action(world, &format!("conversation:{talk}"), kind, more)
}

/// The ids of the officers' list, page by page.
async fn queue(officer: &Officer, page: usize) -> Vec<Uuid> {
    let (mut all, mut next) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/chat/conversations?state=waiting&limit={page}{next}");
        let answer = officer.asks(Method::GET, &path, None).await.ok();
        all.extend(
            answer["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|talk| talk["conversation_id"].as_str().unwrap().parse::<Uuid>().unwrap()),
        );
        match answer["next"].as_str() {
            Some(more) => next = format!("&next={more}"),
            None => return all,
        }
    }
}

async fn decisions(officer: &Officer, talk: Uuid) -> Vec<Value> {
    let path = format!("/api/v1/chat/conversations/{talk}/decisions");
    officer.asks(Method::GET, &path, None).await.ok()["items"].as_array().unwrap().clone()
}

pub async fn ends(who: &impl Person, action: Value) -> Value {
    let result = who.pushes(&[action]).await.remove(0);
    result["problem"].get("kind").unwrap_or(&result["outcome"]).clone()
}

async fn lowers(who: &impl Person, talk: Uuid, to: &str, seen: &Value) -> Value {
    let more = json!({"expected_revision": seen["revision"], "priority": to, "why": "skälet som ingen utanför läser"});
    ends(who, on_talk(who.world(), "conversation-lower", talk, more)).await
}

/// What is due of alarms is done, and pushed.
async fn rings(world: &World) {
    while natpatrull::chat::ring_due(&world.deps).await.unwrap() > 0 {}
    natpatrull::push::run_due(&world.deps).await.unwrap();
}

/// What an officer sees of a talk's urgency.
async fn urgency(officer: &Officer, talk: Uuid) -> (Value, Value) {
    let seen = officer.sees(talk).await;
    (seen["priority"].clone(), seen["reasons"].clone())
}

/// A talk that is taken, answered and closed, so many seconds after it was taken.
async fn handles(world: &World, officer: &Officer, seconds: i64) {
    let (noa, officer) = (world.youth().await, officer.clone().with_a_new_token());
    let talk = noa.writes("hej").await;
    officer.takes(talk).await;
    officer.reads(talk).await;
    world.clock.wind(seconds);
    let officer = officer.with_a_new_token();
    let seen = officer.sees(talk).await;
    officer.does(on_talk(world, "conversation-close", talk, json!({"expected_revision": seen["revision"]}))).await;
}

on_both_databases! {
    async fn the_queue_goes_by_priority_and_then_by_age(world) {
        let kim = world.officer("07").await;
        let mut sent = Vec::new();
        for (answers, text) in [
            (json!({"danger": "only-asking"}), "är ni riktiga poliser?"),
            (json!({"danger": "no", "hurt": "no"}), "någon skriver till mig"),
            (json!({"danger": "unsure"}), "de är kanske på väg"),
            (json!({"danger": "yes"}), "de är här"),
            (json!({"danger": "no", "hurt": "yes"}), "han har slagit henne"),
            (json!({"danger": "no"}), "hej"),
            (json!({"danger": "unsure", "where": "på skolan"}), "jag vet inte"),
        ] {
            let (noa, talk) = (world.youth().await, id());
            noa.does(noa.message_with(talk, text, &answers)).await;
            sent.push((noa, talk));
            world.clock.wind(1);
        }
        let old = world.youth().await;
        let unasked = old.writes("utan frågor").await;
        let order = [3, 4, 2, 6, 1, 5].map(|nth: usize| sent[nth].1).into_iter().chain([unasked, sent[0].1]).collect::<Vec<_>>();
        for page in [100, 3, 1] {
            assert_eq!(queue(&kim, page).await, order, "in pages of {page}");
        }
        for (nth, talk) in order.iter().enumerate() {
            let youth = sent.iter().find(|(_, of)| of == talk).map_or(&old, |(youth, _)| youth);
            assert_eq!(youth.waits(*talk).await["place"], json!(nth + 1));
        }
        assert_eq!(urgency(&kim, sent[4].1).await, (json!("p1"), json!(["hurt-or-weapon"])));
        assert_eq!(urgency(&kim, unasked).await, (json!("p3"), json!(["not-asked"])));
        assert_eq!(kim.sees(sent[6].1).await["where"], "på skolan");
        let why = decisions(&kim, sent[3].1).await;
        assert_eq!((&why[0]["priority"], &why[0]["rules_version"], &why[0]["by"]), (&json!("p1"), &json!(1), &json!("youth")));

        // What a youth sees of it is that nobody has read it, and no judgement.
        let (noa, talk) = &sent[3];
        let seen = noa.sees(*talk).await;
        assert_eq!(seen["unread_danger"], true);
        for hidden in ["priority", "reasons", "rules_version"] {
            assert_eq!(seen[hidden], Value::Null, "{hidden} is for officers");
        }
        assert_eq!(sent[0].0.asks(Method::GET, &format!("/api/v1/chat/conversations/{talk}/wait"), None).await.problem(), "not-found");
        // While it changes, nobody stands in it twice and nobody falls out.
        let first = kim.asks(Method::GET, "/api/v1/chat/conversations?state=waiting&limit=2", None).await.ok();
        let between = world.youth().await.cries("hjälp").await;
        let rest = kim.asks(Method::GET, &format!("/api/v1/chat/conversations?state=waiting&limit=100&next={}", first["next"].as_str().unwrap()), None).await.ok();
        let ids: Vec<_> = [&first, &rest].iter().flat_map(|page| page["items"].as_array().unwrap()).map(|talk| talk["conversation_id"].clone()).collect();
        assert_eq!(ids.iter().map(ToString::to_string).collect::<HashSet<_>>().len(), 9, "eight that stood there, and one that came behind");
        assert!(ids.contains(&json!(between)));
    }

    async fn words_raise_and_never_lower_and_nothing_answers(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let talk = noa.writes("hej, jag mår inte bra").await;
        assert_eq!(urgency(&kim, talk).await, (json!("p3"), json!(["not-asked"])));
        noa.does(noa.message(talk, "Jag vill inte leva längre")).await;
        assert_eq!(urgency(&kim, talk).await, (json!("p1"), json!(["self-harm"])));
        let seen = noa.sees(talk).await;
        assert_eq!((&seen["self_harm"], &seen["unread_danger"]), (&json!(true), &json!(true)));
        noa.does(noa.message_with(talk, "nej det var inget", &json!({"danger": "no", "hurt": "no"}))).await;
        assert_eq!(urgency(&kim, talk).await, (json!("p1"), json!(["self-harm"])), "nothing that she says lowers it");
        noa.does(noa.message(talk, "det finns en kniv här också")).await;
        assert_eq!(decisions(&kim, talk).await.len(), 1, "what changes nothing is no decision");
        let said = noa.reads_messages(talk).await;
        assert!(said.len() == 4 && said.iter().all(|message| message["mine"] == true), "such words are answered by people");
        // An officer's own words judge nobody.
        let calm = noa.writes("hej").await;
        kim.takes(calm).await;
        kim.answers(calm, "Tänker du på självmord?").await;
        assert_eq!(urgency(&kim, calm).await.0, "p3");
        let mut odd = action(&world, &format!("conversation:{calm}"), "message-send", json!({"message_id": id(), "conversation_id": calm, "text": "x", "triage": {"danger": "no"}}));
        odd["v"] = json!(2);
        assert_eq!(ends(&kim, odd).await, "role-refused");
        kim.takes(talk).await;
        kim.reads(talk).await;
        assert_eq!(noa.sees(talk).await["unread_danger"], false);
        noa.does(noa.message(talk, "jag skadar mig själv nu")).await;
        assert_eq!(noa.sees(talk).await["unread_danger"], true, "the newest was read by nobody");
    }

    async fn a_person_raises_and_lowers_with_a_reason(world) {
        let (noa, kim, lead) = (world.youth().await, world.officer("07").await, world.staff("03", Role::Lead).await);
        let talk = noa.writes("de skriver att de ska komma").await;
        let raise = |to| on_talk(&world, "conversation-raise", talk, json!({"priority": to}));
        assert_eq!(ends(&noa, raise("p1")).await, "role-refused");
        kim.does(raise("p2")).await;
        kim.does(raise("p3")).await;
        assert_eq!(urgency(&kim, talk).await, (json!("p2"), json!(["not-asked", "raised"])), "to raise lowers nothing");
        let seen = kim.sees(talk).await;
        kim.does(raise("p1")).await;
        assert_eq!(lowers(&kim, talk, "p3", &seen).await, "revision-conflict", "it was raised since");
        let seen = kim.sees(talk).await;
        noa.does(noa.message(talk, "hallå?")).await;
        assert_eq!(lowers(&kim, talk, "p1", &seen).await, "conflict");
        let empty = json!({"expected_revision": seen["revision"], "priority": "p3", "why": " "});
        assert_eq!(ends(&kim, on_talk(&world, "conversation-lower", talk, empty)).await, "text-empty");
        assert_eq!(lowers(&noa, talk, "p3", &seen).await, "role-refused");
        assert_eq!(lowers(&kim, talk, "p3", &seen).await, "applied", "a message since does not matter");
        assert_eq!(urgency(&kim, talk).await, (json!("p3"), json!(["not-asked", "raised", "lowered"])));

        let why = decisions(&kim, talk).await;
        let told: Vec<_> = why.iter().map(|one| (one["priority"].as_str().unwrap(), one["public_number"].as_str().unwrap(), one["why"].as_str())).collect();
        assert_eq!(told, [("p3", "07", Some("skälet som ingen utanför läser")), ("p1", "07", None), ("p2", "07", None)]);
        let log = lead.asks(Method::GET, &format!("/api/v1/audit/subjects/{talk}/entries"), None).await.ok();
        let lines: Vec<_> = log["items"].as_array().unwrap().iter().filter_map(|line| line["detail"].as_str()).collect();
        assert!(lines.contains(&"conversation-lower") && lines.contains(&"conversation-raise"), "{lines:?}");
        let mut traces = Traces::default();
        traces.of("the reason", "skälet som ingen utanför läser".as_bytes());
        assert_eq!(traces.found_in(&disk(&world).await), Vec::<String>::new(), "why it was lowered is sealed");

        // And words may raise it again.
        noa.does(noa.message(talk, "jag vill dö")).await;
        assert_eq!(urgency(&kim, talk).await.0, "p1");
        lead_erases(&lead, talk).await;
        let left = triage_decision::Entity::find().all(world.deps.db.read()).await.unwrap();
        assert!(left.is_empty(), "decisions go with their talk");
    }

    async fn one_account_that_cries_danger_fifty_times_stands_behind_the_first_of_all_others(world) {
        let (flood, kim) = (world.youth().await, world.officer("07").await);
        let cries: Vec<_> = (0..50).map(|_| flood.message_with(id(), "hjälp", &json!({"danger": "yes"}))).collect();
        assert!(flood.pushes(&cries).await.iter().all(|result| result["outcome"] == "applied"));
        world.clock.wind(10);
        let noa = world.youth().await;
        let talk = noa.cries("de slår honom").await;
        assert_eq!(noa.waits(talk).await["place"], 2);
        assert_eq!(queue(&kim, 100).await[1], talk);
        // What was decided about the first ones makes room for the next of theirs.
        let first = queue(&kim, 1).await[0];
        kim.takes(first).await;
        assert_eq!(noa.waits(talk).await["place"], 1);
    }

    async fn a_wait_is_told_from_real_talks_or_not_at_all(world) {
        let service = PushService::start().await;
        let (lead, kim) = (world.staff("03", Role::Lead).await, world.officer("07").await);
        lead.sets_hours("00:00", "24:00").await;
        for _ in 0..7 {
            handles(&world, &kim, 600).await;
        }
        let (noa, sam) = (world.youth().await, world.youth().await);
        let (first, second) = (noa.writes("hej").await, sam.writes("hej").await);
        let kim = kim.with_a_new_token();
        kim.goes_out(&service).await;
        let told = async |who: &tests::Youth, talk| {
            let waits = who.waits(talk).await;
            (waits["place"].clone(), waits["least_minutes"].clone(), waits["most_minutes"].clone())
        };
        assert_eq!(told(&noa, first).await, (json!(1), Value::Null, Value::Null), "seven talks say nothing");
        handles(&world, &kim, 600).await;
        let (noa, sam, kim) = (noa.with_a_new_token().await, sam.with_a_new_token().await, kim.with_a_new_token());
        assert_eq!(told(&noa, first).await, (json!(1), Value::Null, Value::Null), "nobody was heard from");
        kim.goes_out(&service).await;
        assert_eq!(told(&noa, first).await, (json!(1), json!(0), json!(10)));
        assert_eq!(told(&sam, second).await, (json!(2), json!(10), json!(20)));
        kim.takes(first).await;
        let waits = noa.waits(first).await;
        assert_eq!((&waits["state"], &waits["place"], &waits["read"]), (&json!("taken"), &Value::Null, &json!(false)));
        assert_eq!(told(&sam, second).await.0, 1);
        kim.reads(first).await;
        assert_eq!(noa.waits(first).await["read"], true);
    }

    async fn while_it_is_closed_nothing_rings_and_danger_stands_first_when_it_opens(world) {
        let service = PushService::start().await;
        let (lead, kim) = (world.staff("03", Role::Lead).await, world.officer("07").await);
        lead.sets_hours("12:00", "14:00").await;
        let (noa, sam) = (world.youth().await, world.youth().await);
        let calm = noa.writes("hej").await;
        assert_eq!(noa.waits(calm).await["nobody_reads_before"], Value::Null);

        // It closes at two; who waits keeps the place, and is told until when nobody reads.
        world.clock.wind(3600);
        let (noa, sam) = (noa.with_a_new_token().await, sam.with_a_new_token().await);
        let waits = noa.waits(calm).await;
        assert_eq!((&waits["open"], &waits["place"], &waits["nobody_reads_before"]), (&json!(false), &json!(1), &json!("2026-03-02T11:00:00.000Z")));
        let kim = kim.with_a_new_token();
        kim.goes_out(&service).await;
        natpatrull::push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 1, "her phone would ring");
        let talk = sam.cries("de är här").await;
        let waits = sam.waits(talk).await;
        assert_eq!((&waits["unread_danger"], &waits["place"], &waits["nobody_reads_before"]), (&json!(true), &json!(1), &json!("2026-03-02T11:00:00.000Z")));
        assert_eq!(waits["most_minutes"], Value::Null, "no promise while nobody is there");
        natpatrull::chat::ring_due(&world.deps).await.unwrap();
        natpatrull::push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 1, "nothing rang");

        // It opens at twelve: what lies first rings then.
        world.clock.wind(22 * 3600);
        let kim = kim.with_a_new_token();
        assert_eq!(queue(&kim, 100).await, [talk, calm], "nobody fell out, and danger comes first");
        assert_eq!(noa.with_a_new_token().await.waits(calm).await["open"], true);
        kim.goes_out(&service).await;
        natpatrull::push::run_due(&world.deps).await.unwrap();
        let before = service.count();
        rings(&world).await;
        assert_eq!(service.count(), before + 1, "it rings when it opens");
    }

    async fn danger_from_before_the_opening_rings_when_a_lead_opens_early_and_not_when_it_stays_closed(world) {
        let service = PushService::start().await;
        let (lead, kim) = (world.staff("03", Role::Lead).await, world.officer("07").await);
        lead.sets_hours("18:00", "20:00").await;
        kim.goes_out(&service).await;
        rings(&world).await;
        let rang = service.count();
        let (noa, sam) = (world.youth().await, world.youth().await);
        let (talk, other) = (noa.cries("de är här").await, sam.cries("de är här med").await);
        rings(&world).await;
        assert_eq!(service.count(), rang, "while it is closed nothing rings");

        let decides = |state: &str, until: i64| json!({"state": state, "until": world.seconds_later(until)});
        let now = "/api/v1/quarters/hours/now";
        lead.asks(Method::PUT, now, Some(&decides("open", 1800))).await.ok();
        noa.does(noa.message(talk, "är ni där? de kommer nu")).await;
        rings(&world).await;
        assert_eq!(service.count(), rang + 1, "words that tell of no danger ring for a talk in danger that nobody has");
        let kim = kim.with_a_new_token();
        kim.takes(talk).await;
        kim.reads(talk).await;
        kim.answers(talk, "Jag läser.").await;

        // Whatever the plan says, a lead has closed: what waits for the opening waits for the next one.
        world.clock.wind(1900);
        let lead = lead.with_a_new_token();
        lead.asks(Method::PUT, now, Some(&decides("closed", 7 * 3600))).await.ok();
        world.clock.wind(6 * 3600);
        rings(&world).await;
        assert_eq!(service.count(), rang + 1, "nothing rings while it is closed");
        assert_eq!(queue(&kim.with_a_new_token(), 100).await, [other]);
    }

    async fn who_left_the_queue_hears_when_it_closes_once(world) {
        let service = PushService::start().await;
        let lead = world.staff("03", Role::Lead).await;
        lead.sets_hours("00:00", "24:00").await;
        let (noa, sam) = (world.youth().await, world.youth().await);
        for youth in [&noa, &sam] {
            youth.asks(Method::PUT, "/api/v1/push/subscription", Some(&service.subscription(true, &[], &[]))).await.ok();
        }
        let (talk, looking) = (noa.writes("hej").await, sam.writes("hej").await);
        noa.does(on_talk(&world, "conversation-step-away", talk, json!({}))).await;
        let looks = || async {
            let another = world.with_another_folder().await;
            let told = natpatrull::chat::tell_closed(&world.deps).await.unwrap() + natpatrull::chat::tell_closed(&another).await.unwrap();
            natpatrull::push::run_due(&world.deps).await.unwrap();
            told
        };
        assert_eq!(looks().await, 0, "it is open");
        let closes = json!({"state": "closed", "until": world.seconds_later(3600)});
        lead.asks(Method::PUT, "/api/v1/quarters/hours/now", Some(&closes)).await.ok();
        assert_eq!((looks().await, service.count()), (1, 1), "she is told, and who looks at the screen sees it there");
        assert_eq!((looks().await, service.count()), (0, 1), "once");
        assert_eq!(noa.waits(talk).await["open"], false);
        assert_eq!(sam.waits(looking).await["open"], false);
    }

    async fn a_talk_in_danger_says_whether_somebody_has_read_and_answered(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let says = |seen: Value| ["in_danger", "unread_danger", "unanswered_danger"].map(|fact| seen[fact].as_bool().unwrap());
        let talk = noa.cries("de är här").await;
        assert_eq!(says(noa.sees(talk).await), [true, true, true]);
        kim.takes(talk).await;
        kim.reads(talk).await;
        assert_eq!(says(noa.sees(talk).await), [true, false, true], "read is not answered");
        kim.answers(talk, "Jag läser.").await;
        noa.does(noa.message(talk, "ok tack")).await;
        assert_eq!(says(noa.sees(talk).await), [true, false, false], "what she writes then tells of no new danger");

        // What an officer sees as danger is in danger as well, and stops being it when one lowers it.
        let other = noa.writes("han står utanför").await;
        kim.does(on_talk(&world, "conversation-raise", other, json!({"priority": "p1"}))).await;
        assert_eq!(says(noa.sees(other).await), [true, true, true]);
        let seen = kim.sees(other).await;
        assert_eq!(lowers(&kim, other, "p3", &seen).await, "applied");
        assert_eq!(says(noa.sees(other).await), [false, false, false]);
    }

    async fn who_steps_away_keeps_the_place_and_is_told_by_push(world) {
        let service = PushService::start().await;
        let (noa, sam, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        noa.asks(Method::PUT, "/api/v1/push/subscription", Some(&service.subscription(true, &[], &[]))).await.ok();
        let (talk, later) = (noa.writes("hej").await, sam.writes("hej").await);
        let steps = || on_talk(&world, "conversation-step-away", talk, json!({}));
        assert_eq!(ends(&kim, steps()).await, "role-refused");
        assert_eq!(ends(&sam, steps()).await, "not-found");
        noa.does(steps()).await;
        noa.does(steps()).await;
        assert_eq!(kim.sees(talk).await["stepped_away_at"], json!(world.now()), "the officers see that she is not looking");
        assert_eq!((noa.waits(talk).await["place"].clone(), sam.waits(later).await["place"].clone()), (json!(1), json!(2)));
        noa.does(noa.message(talk, "jag är här igen")).await;
        assert_eq!(kim.sees(talk).await["stepped_away_at"], Value::Null);
        noa.does(steps()).await;
        kim.takes(talk).await;
        kim.answers(talk, "Hej! Jag läser nu.").await;
        natpatrull::push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 1, "she is told");
    }

    async fn talks_that_an_older_program_opens_beside_stand_in_the_queue(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let talk = noa.writes("hej").await;
        // As the schema leaves what it was not told.
        let tx = world.deps.db.begin().await.unwrap();
        sea_orm::ConnectionTrait::execute_unprepared(&*tx, "UPDATE conversation SET waiting_since = 0, queue_key = 30000000000000000, rules_version = 0").await.unwrap();
        tx.commit().await.unwrap();
        let danger = world.youth().await.cries("hjälp").await;
        assert_eq!(queue(&kim, 1).await, [danger, talk]);
        let seen = kim.sees(talk).await;
        assert_eq!((&seen["waiting_since"], &seen["rules_version"]), (&seen["opened_at"], &json!(0)));
        assert!(conversation::Entity::find().all(world.deps.db.read()).await.unwrap().len() == 2);
    }
}

async fn lead_erases(lead: &Officer, talk: Uuid) {
    crate::erasure::erases(lead, "conversation", talk).await.ok();
}
