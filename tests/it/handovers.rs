//! Handing over: cards to 112 and 114 14, what came back, and the place that a youth gives.

use std::collections::HashSet;

use entities::{
    handover, handover_answer, job, location, setting,
    words::{Role, SettingName},
};
use natpatrull::{base::clock::Clock, chores, copies, push, quarters};
use reqwest::Method;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, sea_query::ExprTrait};
use serde_json::{Value, json};
use tests::{Backend, Officer, World, Youth, on_both_databases, people::Person, push_service::PushService, world::id};
use uuid::Uuid;

use crate::{
    erasure::{Traces, disk, erases, talk},
    triage::{ends, on_talk},
};

fn card_to(world: &World, talk: Uuid, card: Uuid, receiver: &str, more: &Value) -> Value {
    let mut body = json!({
        "handover_id": card, "receiver": receiver,
        "card": {
            "what": "Okända bryter sig in på en fest", "where": "Strandgatan 4, andra våningen", "people": "tjugo utanför, åtta inne",
            "danger": "en av dem har kniv", "last_words": "de sparkar på dörren nu", "youth_told": "lås dörren och håll er inne",
        },
    });
    for (field, value) in more.as_object().into_iter().flatten() {
        body[field] = value.clone();
    }
    on_talk(world, "handover-make", talk, body)
}

fn took(world: &World, talk: Uuid, card: Uuid, name: &str) -> Value {
    on_talk(world, "handover-acknowledge", talk, json!({"handover_id": card, "name": name}))
}

fn came_back(world: &World, talk: Uuid, card: Uuid, what: &str, told: Option<&str>) -> Value {
    let mut body = json!({"handover_id": card, "came_back": what});
    if let Some(told) = told {
        body["told"] = json!(told);
    }
    on_talk(world, "handover-answer", talk, body)
}

fn asks_where(world: &World, talk: Uuid, place: Uuid) -> Value {
    on_talk(world, "location-ask", talk, json!({"location_id": place}))
}

fn gives(world: &World, talk: Uuid, place: Uuid, latitude: f64) -> Value {
    let fix =
        json!({"latitude": latitude, "longitude": 20.263_035, "accuracy": 25.5, "fixed_at": world.seconds_later(-40)});
    on_talk(world, "location-answer", talk, json!({"location_id": place, "fix": fix}))
}

fn says_no(world: &World, talk: Uuid, place: Uuid) -> Value {
    on_talk(world, "location-answer", talk, json!({"location_id": place}))
}

async fn listed(who: &impl Person, path: &str) -> Vec<Value> {
    who.asks(Method::GET, &format!("/api/v1/handovers/{path}"), None).await.ok()["items"].as_array().unwrap().clone()
}

async fn cards(officer: &Officer, talk: Uuid) -> Vec<Value> {
    listed(officer, &format!("conversations/{talk}/cards")).await
}

async fn places(who: &impl Person, talk: Uuid) -> Vec<Value> {
    listed(who, &format!("conversations/{talk}/locations")).await
}

async fn red(officer: &Officer) -> Vec<Value> {
    listed(officer, "cards").await.iter().map(|card| card["handover_id"].clone()).collect()
}

/// The chores, again and again until all that has expired is cleaned away: who reads the same moment makes them come back.
async fn destroys(world: &World) {
    use job::Column as C;
    for _ in 0..100 {
        chores::run_due(&world.deps).await.unwrap();
        let due = C::Queue.eq("location").and(C::RunAt.lte(world.clock.now().plus_seconds(60)));
        if job::Entity::find().filter(due).count(world.deps.db.read()).await.unwrap() == 0 {
            return;
        }
        // Whoever stood in the way is left alone for a minute.
        world.clock.wind(60);
    }
    panic!("the places are not cleaned away: who holds a lock or an old snapshot?");
}

/// A card that was taken and answered, and a place that was given.
pub async fn hands_over(noa: &Youth, kim: &Officer, talk: Uuid) {
    let (world, card, place) = (&kim.world, id(), id());
    kim.does(card_to(world, talk, card, "112", &json!({}))).await;
    kim.does(took(world, talk, card, "Operatör Lindgren-Öberg")).await;
    kim.does(came_back(world, talk, card, "advice", Some("112 vet om det. Stanna inne, med låst dörr."))).await;
    kim.does(asks_where(world, talk, place)).await;
    noa.does(gives(world, talk, place, 63.825_811)).await;
}

on_both_databases! {
    async fn a_card_is_red_until_who_took_it_stands_on_it(world) {
        let service = PushService::start().await;
        let (noa, kim, alex) = (world.youth().await, world.officer("07").await, world.officer("12").await);
        let lead = world.staff("03", Role::Lead).await;
        noa.asks(Method::PUT, "/api/v1/push/subscription", Some(&service.subscription(true, &[], &[]))).await.ok();
        let (of, card) = (talk(&noa, &kim).await, id());
        let before = noa.sees(of).await;
        kim.does(card_to(&world, of, card, "112", &json!({}))).await;
        assert_eq!(red(&alex).await, [json!(card)], "everybody at the desk sees that it waits");
        let made_at = json!(world.now());
        assert_eq!(alex.sees(of).await["red_since"], made_at);
        let told = alex.pulls("desk").await["events"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&told["kind"], &told["conversation"]["red_since"]), (&json!("conversation-changed"), &made_at));
        let seen = &cards(&alex, of).await[0];
        let number = seen["number"].as_str().unwrap();
        assert!(number.len() == 9 && number.chars().all(|sign| "23456789CDFGHJKMNPRTWX-".contains(sign)), "{number}");
        assert_eq!((&seen["red"], &seen["made_by"], &seen["receiver"]), (&json!(true), &json!("07"), &json!("112")));
        assert_eq!(seen["card"]["where"], "Strandgatan 4, andra våningen");
        assert_eq!(seen["card"].get("when"), None, "what is not known is left out");

        // Nothing of it is hers to see, and nothing wakes her.
        let hers = noa.sees(of).await;
        for shown in ["red_since", "told", "told_at"] {
            assert_eq!(hers.get(shown), None, "{shown}");
        }
        assert!(hers["revision"].as_i64() > before["revision"].as_i64());
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 0);

        // Alex is the one on the phone.
        assert_eq!(ends(&kim, came_back(&world, of, card, "advice", None)).await, "handover-not-acknowledged");
        assert_eq!(ends(&alex, took(&world, of, card, " ")).await, "text-empty");
        assert_eq!(ends(&alex, took(&world, of, card, &"x".repeat(101))).await, "text-too-long");
        world.clock.wind(30);
        alex.does(took(&world, of, card, "Operatör Lindgren-Öberg")).await;
        let seen = &cards(&kim, of).await[0];
        assert_eq!((&seen["red"], &seen["taken_by"], &seen["acknowledged_by"]), (&json!(false), &json!("Operatör Lindgren-Öberg"), &json!("12")));
        assert_eq!(seen["acknowledged_at"], json!(world.now()));
        assert!(red(&kim).await.is_empty() && kim.sees(of).await.get("red_since").is_none());
        assert_eq!(ends(&kim, took(&world, of, card, "Någon annan")).await, "handover-acknowledged", "the first name stands");

        // What came back, as often as something does.
        world.clock.wind(60);
        kim.does(came_back(&world, of, card, "advice", Some("112 vet om det. Stanna inne, med låst dörr."))).await;
        let told_at = json!(world.now());
        let hers = noa.sees(of).await;
        assert_eq!((&hers["told"], &hers["told_at"]), (&json!("112 vet om det. Stanna inne, med låst dörr."), &told_at));
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 1, "she is told that something came");
        world.clock.wind(60);
        kim.does(came_back(&world, of, card, "car-sent", None)).await;
        assert_eq!(noa.sees(of).await["told_at"], told_at, "a car is not hers to be promised");
        let answers = &cards(&kim, of).await[0]["answers"];
        let said: Vec<_> = answers.as_array().unwrap().iter().map(|one| (one["came_back"].as_str().unwrap(), one["by"].as_str().unwrap(), one["told"].as_str())).collect();
        assert_eq!(said, [("advice", "07", Some("112 vet om det. Stanna inne, med låst dörr.")), ("car-sent", "07", None)]);
        let pulled = noa.pulls(&format!("conversation:{of}")).await.to_string();
        for hidden in [number, "Strandgatan", "Lindgren", "car-sent", "handover"] {
            assert!(!pulled.contains(hidden), "her phone learns of {hidden}: {pulled}");
        }

        // Who made, took, told and read it is written down.
        let log = lead.asks(Method::GET, &format!("/api/v1/audit/subjects/{of}/entries"), None).await.ok();
        let lines: HashSet<_> = log["items"].as_array().unwrap().iter()
            .map(|line| (line["public_number"].as_str().unwrap_or_default(), line["detail"].as_str().or(line["act"].as_str()).unwrap_or_default()))
            .collect();
        let released: Vec<_> = log["items"].as_array().unwrap().iter().filter(|line| line["act"] == "release").collect();
        assert_eq!((released.len(), &released[0]["public_number"]), (1, &json!("12")), "it was given to somebody outside once");
        for line in [("07", "handover-make"), ("12", "handover-acknowledge"), ("07", "handover-answer"), ("12", "read")] {
            assert!(lines.contains(&line), "{line:?} is not in {lines:?}");
        }
    }

    async fn reading_a_card_is_written_down_before_it_is_answered(world) {
        let (noa, kim, alex) = (world.youth().await, world.officer("07").await, world.officer("12").await);
        let lead = world.staff("03", Role::Lead).await;
        let of = talk(&noa, &kim).await;
        hands_over(&noa, &kim, of).await;
        let readers = async || {
            let log = lead.asks(Method::GET, &format!("/api/v1/audit/subjects/{of}/entries"), None).await.ok();
            log["items"].as_array().unwrap().iter().filter(|line| line["act"] == "read" && line["public_number"] != "07").count()
        };
        red(&alex).await;
        assert_eq!(readers().await, 0, "the list of red ones holds no words");
        cards(&alex, of).await;
        assert_eq!(readers().await, 1);
        world.clock.wind(60);
        places(&alex, of).await;
        assert_eq!(readers().await, 2);
    }

    async fn when_things_change_a_newer_card_takes_its_place(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let (of, other) = (talk(&noa, &kim).await, talk(&noa, &kim).await);
        let [first, second, third, police, elsewhere] = [(); 5].map(|()| id());
        let replacing = |old: Uuid| json!({"replaces": old});
        kim.does(card_to(&world, of, first, "112", &json!({}))).await;
        assert_eq!(ends(&kim, card_to(&world, of, second, "112", &json!({}))).await, "handover-red");
        kim.does(card_to(&world, of, police, "114-14", &json!({}))).await;
        kim.does(card_to(&world, other, elsewhere, "112", &json!({}))).await;
        assert_eq!(ends(&kim, card_to(&world, of, first, "112", &json!({}))).await, "conflict", "an id is used once");
        assert_eq!(ends(&kim, card_to(&world, of, second, "112", &replacing(elsewhere))).await, "not-found", "of another talk");
        assert_eq!(ends(&kim, card_to(&world, of, second, "112", &replacing(police))).await, "conflict", "to another receiver");
        assert_eq!(ends(&kim, took(&world, other, first, "Lind")).await, "not-found");
        let long = json!({"card": {"what": "x".repeat(301)}});
        assert_eq!(ends(&kim, card_to(&world, of, second, "112", &long)).await, "text-too-long");
        assert_eq!(ends(&kim, card_to(&world, of, second, "112", &json!({"card": {"what": " "}}))).await, "text-empty");

        world.clock.wind(60);
        let newer = json!({"replaces": first, "card": {"what": "De är inne"}});
        kim.does(card_to(&world, of, second, "112", &newer)).await;
        assert_eq!(red(&kim).await.len(), 3);
        for stale in [took(&world, of, first, "Lind"), came_back(&world, of, first, "none", None), card_to(&world, of, third, "112", &replacing(first))] {
            assert_eq!(ends(&kim, stale).await, "handover-replaced");
        }
        let kept = cards(&kim, of).await;
        let stands: Vec<_> = kept.iter().map(|card| (card["handover_id"].clone(), card["red"].clone(), card.get("replaced_by").cloned())).collect();
        assert_eq!(stands[0], (json!(second), json!(true), None), "the newest first");
        assert!(stands.contains(&(json!(first), json!(false), Some(json!(second)))), "{stands:?}");
        assert_eq!(kept.iter().find(|card| card["handover_id"] == json!(first)).unwrap()["card"]["danger"], "en av dem har kniv", "it is kept as it was");
        let numbers: HashSet<_> = kept.iter().map(|card| card["number"].as_str().unwrap()).collect();
        assert_eq!(numbers.len(), 3);

        // One that was taken is replaced as well, and the newer one is red again.
        kim.does(took(&world, of, second, "Lind")).await;
        kim.does(took(&world, of, police, "Berg")).await;
        assert!(kim.sees(of).await.get("red_since").is_none());
        kim.does(card_to(&world, of, third, "112", &replacing(second))).await;
        assert_eq!(red(&kim).await, [json!(elsewhere), json!(third)], "the oldest first");
        assert_eq!(ends(&kim, came_back(&world, of, second, "car-sent", None)).await, "handover-replaced");
    }

    async fn only_whoever_holds_the_talk_hands_it_over(world) {
        let (noa, ida, kim, alex) = (world.youth().await, world.youth().await, world.officer("07").await, world.officer("12").await);
        let lead = world.staff("03", Role::Lead).await;
        let (of, card, place) = (talk(&noa, &kim).await, id(), id());
        kim.does(card_to(&world, of, card, "112", &json!({}))).await;
        let by_holder = [card_to(&world, of, id(), "114-14", &json!({})), came_back(&world, of, card, "none", None), asks_where(&world, of, place)];
        let anew = |action: &Value| {
            let mut action = action.clone();
            action["action_id"] = json!(id());
            action
        };
        for action in &by_holder {
            let kind = &action["kind"];
            assert_eq!(ends(&noa, anew(action)).await, "role-refused", "{kind}: its youth");
            assert_eq!(ends(&ida, anew(action)).await, "not-found", "{kind}: another youth");
            assert_eq!(ends(&alex, anew(action)).await, "conversation-not-held", "{kind}: an officer who does not hold it");
            let unknown = json!({"handover_id": id(), "receiver": "112", "card": {"what": "x"}, "came_back": "none", "location_id": id()});
            let wanted: Vec<_> = action["body"].as_object().unwrap().keys().filter(|name| *name != "conversation_id").collect();
            let body = wanted.into_iter().map(|name| (name.clone(), unknown[name].clone())).collect();
            assert_eq!(ends(&kim, on_talk(&world, kind.as_str().unwrap(), id(), Value::Object(body))).await, "not-found", "{kind}: no such talk");
        }
        assert_eq!(ends(&noa, took(&world, of, card, "Lind")).await, "role-refused");
        assert_eq!(ends(&ida, took(&world, of, card, "Lind")).await, "not-found");
        assert_eq!(ida.asks(Method::GET, &format!("/api/v1/handovers/conversations/{of}/locations"), None).await.problem(), "not-found");
        assert_eq!(kim.asks(Method::GET, &format!("/api/v1/handovers/conversations/{}/cards", id()), None).await.problem(), "not-found");
        assert_eq!(cards(&kim, of).await.len(), 1, "what was refused left nothing");

        // Closed: nothing new leaves it, and a red card is still taken.
        kim.does(asks_where(&world, of, place)).await;
        let seen = kim.sees(of).await;
        kim.does(on_talk(&world, "conversation-close", of, json!({"expected_revision": seen["revision"]}))).await;
        for action in [card_to(&world, of, id(), "114-14", &json!({})), came_back(&world, of, card, "none", Some("Ingen kommer")), asks_where(&world, of, id())] {
            assert_eq!(ends(&kim, action).await, "conversation-closed");
        }
        assert_eq!(ends(&noa, gives(&world, of, place, 63.8)).await, "conversation-closed");
        assert_eq!(red(&alex).await, [json!(card)]);
        assert_eq!(ends(&alex, came_back(&world, of, card, "none", None)).await, "handover-not-acknowledged");
        alex.does(took(&world, of, card, "Lind")).await;
        assert!(red(&alex).await.is_empty());
        // 112 may call back when the talk is over: any officer writes that down.
        assert_eq!(ends(&noa, came_back(&world, of, card, "car-sent", None)).await, "role-refused");
        alex.does(came_back(&world, of, card, "car-sent", None)).await;
        assert_eq!(cards(&kim, of).await[0]["answers"].as_array().unwrap().len(), 1);

        // Erased: nothing of it is there.
        let (gone, card, place) = (talk(&noa, &kim).await, id(), id());
        hands_over(&noa, &kim, gone).await;
        kim.does(card_to(&world, gone, card, "114-14", &json!({}))).await;
        kim.does(asks_where(&world, gone, place)).await;
        erases(&lead, "conversation", gone).await.ok();
        assert!(red(&kim).await.is_empty());
        for action in [card_to(&world, gone, id(), "112", &json!({})), took(&world, gone, card, "Lind"), came_back(&world, gone, card, "none", None), asks_where(&world, gone, id())] {
            assert_eq!(ends(&kim, action).await, "erased");
        }
        assert_eq!(ends(&noa, gives(&world, gone, place, 63.8)).await, "erased");
        assert_eq!(kim.asks(Method::GET, &format!("/api/v1/handovers/conversations/{gone}/cards"), None).await.problem(), "not-found");
        let db = world.deps.db.read();
        let left = [
            handover::Entity::find().count(db).await.unwrap(),
            handover_answer::Entity::find().count(db).await.unwrap(),
            location::Entity::find().count(db).await.unwrap(),
        ];
        assert_eq!(left, [1, 1, 1], "only the other talk's are left");
        let jobs = job::Entity::find().all(db).await.unwrap();
        assert!(jobs.iter().all(|job| !job.body.contains(&gone.to_string())), "{jobs:?}");
    }

    async fn two_officers_who_acknowledge_at_once_leave_one_name(world) {
        let (noa, kim, alex) = (world.youth().await, world.officer("07").await, world.officer("12").await);
        let of = talk(&noa, &kim).await;
        for receiver in ["112", "114-14"] {
            let card = id();
            kim.does(card_to(&world, of, card, receiver, &json!({}))).await;
            let (mine, hers) = tokio::join!(ends(&kim, took(&world, of, card, "Lind")), ends(&alex, took(&world, of, card, "Berg")));
            let mut said = [mine.clone(), hers].map(|end| end.as_str().unwrap().to_owned());
            said.sort();
            assert_eq!(said, ["applied", "handover-acknowledged"]);
            let name = if mine == "applied" { "Lind" } else { "Berg" };
            let seen = cards(&kim, of).await;
            assert_eq!(seen.iter().find(|one| one["handover_id"] == json!(card)).unwrap()["taken_by"], name);
        }
    }

    async fn a_place_is_given_once_when_it_was_asked_for_and_then_expires(world) {
        let service = PushService::start().await;
        let (noa, ida, kim, alex) = (world.youth().await, world.youth().await, world.officer("07").await, world.officer("12").await);
        noa.asks(Method::PUT, "/api/v1/push/subscription", Some(&service.subscription(true, &[], &[]))).await.ok();
        let (of, other) = (talk(&noa, &kim).await, talk(&ida, &kim).await);
        let [first, second, hers] = [(); 3].map(|()| id());
        assert_eq!(ends(&noa, gives(&world, of, first, 63.8)).await, "not-found", "nobody asked");
        kim.does(asks_where(&world, of, first)).await;
        kim.does(asks_where(&world, other, hers)).await;
        assert_eq!(ends(&kim, asks_where(&world, of, second)).await, "location-asked");
        assert_eq!(ends(&kim, asks_where(&world, other, first)).await, "conflict", "an id is used once");
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 1, "she is told that something came");
        let seen = noa.sees(of).await;
        assert_eq!((&seen["location_id"], &seen["location_state"]), (&json!(first), &json!("asked")));

        for (who, action, problem) in [
            (&ida, gives(&world, of, first, 63.8), "not-found"),
            (&noa, gives(&world, of, hers, 63.8), "not-found"),
            (&noa, gives(&world, of, first, 90.5), "malformed"),
        ] {
            assert_eq!(ends(who, action).await, problem);
        }
        assert_eq!(ends(&alex, gives(&world, of, first, 63.8)).await, "role-refused");
        noa.does(gives(&world, of, first, 63.825_811)).await;
        for again in [gives(&world, of, first, 59.3), says_no(&world, of, first)] {
            assert_eq!(ends(&noa, again).await, "location-answered");
        }
        world.clock.wind(20);
        let seen = &places(&alex, of).await[0];
        assert_eq!((&seen["fix"]["latitude"], &seen["fix"]["longitude"], &seen["fix"]["accuracy"]), (&json!(63.825_811), &json!(20.263_035), &json!(25.5)));
        assert_eq!((&seen["age_seconds"], &seen["state"], &seen["asked_by"]), (&json!(60), &json!("given"), &json!("07")));
        assert_eq!(seen["expires_at"], json!(world.seconds_later(1780)));
        assert_eq!(places(&noa, of).await[0]["fix"], seen["fix"], "what she gave is hers to see");
        assert_eq!(kim.sees(of).await["location_state"], "given");

        // A no is an answer too, and she may be asked again.
        kim.does(asks_where(&world, of, second)).await;
        noa.does(says_no(&world, of, second)).await;
        assert_eq!(kim.sees(of).await["location_state"], "declined");
        assert_eq!(ends(&noa, gives(&world, of, second, 63.8)).await, "location-answered");
        let newest = &places(&kim, of).await[0];
        assert_eq!((&newest["location_id"], newest.get("fix"), newest.get("expires_at")), (&json!(second), None, None));

        // At half an hour it is gone from the screen, and then for good.
        let row = location::Entity::find().all(world.deps.db.read()).await.unwrap().into_iter().find_map(|row| row.fix).unwrap();
        let mut traces = Traces::default();
        traces.of("her place", &row.0);
        assert_eq!(traces.found_in(&disk(&world).await), ["her place"], "the search finds what is there");
        world.clock.wind(1779);
        let (noa, kim) = (noa.with_a_new_token().await, kim.with_a_new_token());
        chores::run_due(&world.deps).await.unwrap();
        assert!(places(&kim, of).await[1]["fix"].is_object(), "a second is left");
        world.clock.wind(1);
        for who in [places(&kim, of).await, places(&noa, of).await] {
            assert_eq!((who[1].get("fix"), &who[1]["state"]), (None, &json!("given")), "that it was given stays");
        }
        destroys(&world).await;
        let rows = location::Entity::find().all(world.deps.db.read()).await.unwrap();
        assert!(rows.iter().all(|row| row.fix.is_none()), "{rows:?}");
        assert_eq!(traces.found_in(&disk(&world).await), Vec::<String>::new(), "no byte of it is left");
    }

    async fn a_phone_whose_clock_is_ahead_gives_no_place_from_the_future(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let (of, place) = (talk(&noa, &kim).await, id());
        kim.does(asks_where(&world, of, place)).await;
        let fix = json!({"latitude": 63.8, "longitude": 20.2, "accuracy": 12, "fixed_at": world.seconds_later(7200)});
        noa.does(on_talk(&world, "location-answer", of, json!({"location_id": place, "fix": fix}))).await;
        world.clock.wind(90);
        assert_eq!(places(&kim, of).await[0]["age_seconds"], 90);
    }

    async fn how_long_a_place_is_kept_is_set_from_a_day_on(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let valid_from = world.clock.now().plus_seconds(60);
        let row = setting::Model { name: SettingName::LocationSeconds, valid_from, value: 120, source: "beslut 9".to_owned() };
        quarters::set_setting(&world.deps, row).await.unwrap();
        let of = talk(&noa, &kim).await;
        let gives_now = async || {
            let place = id();
            kim.does(asks_where(&world, of, place)).await;
            noa.does(gives(&world, of, place, 63.8)).await;
            places(&kim, of).await.iter().find(|one| one["location_id"] == json!(place)).unwrap()["expires_at"].clone()
        };
        assert_eq!(gives_now().await, json!(world.seconds_later(1800)));
        world.clock.wind(60);
        assert_eq!(gives_now().await, json!(world.seconds_later(120)));
        world.clock.wind(120);
        chores::run_due(&world.deps).await.unwrap();
        let kept = places(&kim, of).await.iter().filter(|one| one["fix"].is_object()).count();
        assert_eq!(kept, 1, "the first lives as long as it was promised");
    }

    async fn a_copy_holds_what_she_was_told_and_nothing_of_the_card(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let of = talk(&noa, &kim).await;
        hands_over(&noa, &kim, of).await;
        let card = cards(&kim, of).await[0].clone();
        let taken = card["handover_id"].as_str().unwrap().parse().unwrap();
        kim.does(came_back(&world, of, taken, "car-sent", Some("De vet var ni är."))).await;
        noa.asks(Method::PUT, "/api/v1/copy", None).await.ok();
        copies::run_due(&world.deps).await.unwrap();
        let copy = noa.asks(Method::GET, "/api/v1/copy/bytes", None).await.bytes;
        let holds = |text: &str| copy.windows(text.len()).any(|window| window == text.as_bytes());
        for hers in ["112 vet om det. Stanna inne", "De vet var ni är.", "Besked från 112 eller 114 14", "Du gav polisen din plats en gång"] {
            assert!(holds(hers), "{hers} is hers");
        }
        let number = card["number"].as_str().unwrap();
        for hidden in ["Strandgatan", "Lindgren", "car-sent", number, "63.8258", "came_back", "red_since"] {
            assert!(!holds(hidden), "{hidden} is in her copy");
        }
    }

    async fn nothing_of_a_card_is_found_by_whoever_has_the_disk(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let of = talk(&noa, &kim).await;
        hands_over(&noa, &kim, of).await;
        let mut traces = Traces::default();
        for words in ["Strandgatan 4, andra våningen", "de sparkar på dörren nu", "Operatör Lindgren-Öberg", "112 vet om det. Stanna inne, med låst dörr.", "\"latitude\":63.825811"] {
            traces.of(words, words.as_bytes());
        }
        assert_eq!(traces.found_in(&disk(&world).await), Vec::<String>::new());
    }
}

/// For a day nobody did what was due: nobody sees the place meanwhile, and it goes as soon as somebody does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_expires_though_the_program_was_away() {
    let world = World::start(Backend::Sqlite).await;
    let (noa, kim) = (world.youth().await, world.officer("07").await);
    let of = talk(&noa, &kim).await;
    hands_over(&noa, &kim, of).await;
    world.clock.wind(24 * 3600);
    assert!(
        places(&kim.clone().with_a_new_token(), of).await[0].get("fix").is_none(),
        "the job was late, and nobody sees it"
    );
    chores::run_due(&world.deps).await.unwrap();
    let rows = location::Entity::find().all(world.deps.db.read()).await.unwrap();
    assert!(rows[0].fix.is_none());
}
