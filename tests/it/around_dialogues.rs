//! What stands around a live dialogue: polls that its hosts ask, reminders that come once, and figures that lead to nobody.

use entities::{
    dialogue, dialogue_reminder, journal_entry, poll, poll_ballot, poll_option,
    words::{DialogueId, Role},
};
use natpatrull::{chores, dialogues, push};
use reqwest::Method;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use tests::{
    World, on_both_databases,
    people::{Officer, Person, action},
    push_service::PushService,
    world::{Answer, id},
};
use uuid::Uuid;

use crate::dialogues::{DAY, announced, asks, does, of, of_room, opens, refused, sees, shown, told};

fn poll(world: &World, room: Uuid, changes: &Value) -> Value {
    let mut body = json!({
        "poll_id": id(), "dialogue_id": room, "kind": "one", "question": "Har du sett ett falskt konto?",
        "options": [{"text": "Ja"}, {"text": "Nej"}],
    });
    for (name, value) in changes.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    action(world, "polls", "poll-publish", body)
}

fn id_of(poll: &Value) -> Uuid {
    poll["body"]["poll_id"].as_str().unwrap().parse().unwrap()
}

fn close(world: &World, poll: &Value, revision: i64) -> Value {
    action(world, "polls", "poll-close", json!({"poll_id": id_of(poll), "expected_revision": revision}))
}

async fn votes(who: &impl Person, poll: &Value, place: i32) -> Answer {
    who.asks(Method::POST, &format!("/api/v1/polls/{}/votes", id_of(poll)), Some(&json!({"places": [place]}))).await
}

async fn reads(world: &World, path: &str) -> Vec<Value> {
    world.asks(Method::GET, path, None, None).await.ok()["items"].as_array().unwrap().clone()
}

async fn asked_in(world: &World, room: Uuid) -> Vec<Value> {
    reads(world, &format!("/api/v1/dialogues/{room}/polls")).await
}

fn counts(poll: &Value) -> Vec<Option<i64>> {
    poll["options"].as_array().unwrap().iter().map(|option| option["votes"].as_i64()).collect()
}

/// A dialogue that begins in so many seconds.
async fn begins_in(kim: &Officer, seconds: i64) -> Uuid {
    let room = id();
    let starts_at = kim.world.seconds_later(seconds);
    kim.does(announced(&kim.world, room, &json!({"starts_at": starts_at}))).await;
    room
}

async fn reminder(who: &impl Person, method: Method, room: Uuid) -> Answer {
    who.asks(method, &format!("/api/v1/dialogues/{room}/reminder"), None).await
}

async fn is_reminded(who: &impl Person, room: Uuid) -> bool {
    reminder(who, Method::GET, room).await.ok()["reminds"].as_bool().unwrap()
}

/// What the program does in its own time, until nothing is due.
async fn time_passes(world: &World, seconds: i64) {
    world.clock.wind(seconds);
    chores::run_due(&world.deps).await.unwrap();
    push::run_due(&world.deps).await.unwrap();
}

async fn wakes(who: &impl Person, subscription: &Value) {
    who.asks(Method::PUT, "/api/v1/push/subscription", Some(subscription)).await.ok();
}

async fn figures(who: &impl Person, room: Uuid) -> Answer {
    who.asks(Method::GET, &format!("/api/v1/dialogues/{room}/figures"), None).await
}

on_both_databases! {
    async fn hosts_ask_the_room_and_close_what_they_asked(world) {
        let (noa, sam) = (world.youth().await, world.youth().await);
        let (kim, alex, robin) = (world.officer("07").await, world.officer("12").await, world.staff("03", Role::Lead).await);
        let early = begins_in(&kim, 3600).await;
        assert_eq!(refused(&robin, poll(&world, early, &json!({}))).await, "dialogue-not-open");
        let room = opens(&kim).await;
        assert_eq!(refused(&noa, poll(&world, room, &json!({}))).await, "role-refused");
        assert_eq!(refused(&alex, poll(&world, room, &json!({}))).await, "seat-needed");
        assert_eq!(refused(&kim, poll(&world, id(), &json!({}))).await, "not-found");
        for (field, seconds) in [("opens_at", 60), ("opens_at", -60), ("closes_at", 12 * 3600 + 1), ("closes_at", 0)] {
            let odd = poll(&world, room, &json!({field: world.seconds_later(seconds)}));
            let result = kim.pushes(&[odd]).await.remove(0);
            assert_eq!((&result["problem"]["kind"], &result["problem"]["fields"][0]["field"]), (&json!("malformed"), &json!(field)), "{seconds}");
        }
        let (asked, of_lead, everywhere) = (poll(&world, room, &json!({})), poll(&world, room, &json!({"closes_at": world.seconds_later(60)})), poll(&world, room, &json!({"dialogue_id": null})));
        kim.does(asked.clone()).await;
        robin.does(of_lead.clone()).await;
        alex.does(everywhere.clone()).await;

        // It stands in the room and nowhere else, and tells nobody how it stands.
        for path in ["/api/v1/polls", "/api/v1/polls/planned"] {
            let listed = kim.asks(Method::GET, path, None).await.ok();
            let ids: Vec<_> = listed["items"].as_array().unwrap().iter().map(|one| one["poll_id"].clone()).collect();
            assert_eq!(ids, [json!(id_of(&everywhere))], "{path}");
        }
        let now = votes(&noa, &asked, 1).await.ok();
        assert_eq!((counts(&now), &now["dialogue_id"]), (vec![Some(0), Some(1)], &json!(room)), "who has voted sees how it stands");
        assert_eq!(votes(&noa, &asked, 0).await.problem(), "voted-already");
        let open = asked_in(&world, room).await;
        assert_eq!(open.len(), 2);
        assert!(open.iter().all(|one| one["voters"].is_null() && counts(one) == [None, None] && one["dialogue_id"] == json!(room)));
        let found = world.asks(Method::GET, &format!("/api/v1/polls/{}", id_of(&asked)), None, None).await.ok();
        assert_eq!((&found["dialogue_id"], counts(&found)), (&json!(room), vec![None, None]));

        // A host closes it.
        assert_eq!(refused(&noa, close(&world, &asked, 1)).await, "role-refused");
        assert_eq!(refused(&alex, close(&world, &asked, 1)).await, "seat-needed");
        assert_eq!(refused(&kim, close(&world, &asked, 2)).await, "revision-conflict");
        world.clock.wind(1);
        kim.does(close(&world, &asked, 1)).await;
        assert_eq!(refused(&kim, close(&world, &asked, 2)).await, "poll-closed");
        assert_eq!(votes(&sam, &asked, 0).await.problem(), "poll-closed");
        let closed = asked_in(&world, room).await.into_iter().find(|one| one["poll_id"] == json!(id_of(&asked))).unwrap();
        assert_eq!((counts(&closed), &closed["voters"], &closed["closes_at"]), (vec![Some(0), Some(1)], &json!(1), &json!(world.now())));

        let heard = told(&sam, &format!("dialogue:{room}"), id_of(&asked)).await;
        assert_eq!(heard.iter().map(|event| (event["kind"].as_str().unwrap(), event["revision"].as_i64().unwrap())).collect::<Vec<_>>(), [("poll-changed", 1), ("poll-changed", 2)]);
        assert_eq!(told(&kim, "desk", id_of(&asked)).await.len(), 2);
        let of_all = told(&sam, &format!("dialogue:{room}"), id_of(&everywhere)).await;
        assert_eq!(of_all, Vec::<Value>::new());
        let rows = journal_entry::Entity::find().filter(journal_entry::Column::Stream.eq(format!("dialogue:{room}")));
        assert!(rows.all(world.deps.db.read()).await.unwrap().iter().all(|row| row.action_id.is_none() && row.actor_id.is_none()), "it leads to nobody's action");
    }

    async fn what_is_open_in_a_dialogue_ends_with_it(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let (room, other) = (opens(&kim).await, opens(&kim).await);
        let (open, closed, elsewhere, everywhere) = (poll(&world, room, &json!({})), poll(&world, room, &json!({})), poll(&world, other, &json!({})), poll(&world, room, &json!({"dialogue_id": null})));
        for one in [&open, &closed, &elsewhere, &everywhere] {
            kim.does(one.clone()).await;
            votes(&noa, one, 0).await.ok();
        }
        world.clock.wind(5);
        kim.does(close(&world, &closed, 1)).await;
        let was = world.now();
        world.clock.wind(5);
        // What is refused ends nothing.
        assert_eq!(refused(&kim, action(&world, "d", "dialogue-end", json!({"dialogue_id": room, "expected_revision": 99}))).await, "revision-conflict");
        votes(&world.youth().await, &open, 0).await.ok();
        does(&kim, "dialogue-end", room, json!({})).await;
        let ended = asked_in(&world, room).await;
        let seen = |one: &Value| ended.iter().find(|row| row["poll_id"] == json!(id_of(one))).map(|row| (row["closes_at"].clone(), row["revision"].clone(), counts(row))).unwrap();
        assert_eq!(seen(&open), (json!(world.now()), json!(2), vec![Some(2), Some(0)]), "from that moment on");
        assert_eq!(seen(&closed), (json!(was), json!(2), vec![Some(1), Some(0)]), "it was over already");
        assert_eq!(told(&noa, &format!("dialogue:{room}"), id_of(&open)).await.len(), 2);
        assert_eq!(told(&kim, "desk", id_of(&open)).await.len(), 2);
        assert_eq!(votes(&world.youth().await, &open, 0).await.problem(), "poll-closed");
        for goes_on in [&elsewhere, &everywhere] {
            votes(&world.youth().await, goes_on, 0).await.ok();
        }
        assert_eq!(refused(&kim, poll(&world, room, &json!({}))).await, "dialogue-not-open");
        assert_eq!(world.asks(Method::GET, &format!("/api/v1/dialogues/{}/polls", id()), None, None).await.problem(), "not-found");
    }

    async fn fifty_polls_are_asked_in_a_dialogue_and_no_more(world) {
        let kim = world.officer("07").await;
        let room = opens(&kim).await;
        let all: Vec<_> = (0..51).map(|_| poll(&world, room, &json!({}))).collect();
        kim.does(all[0].clone()).await;
        let outcomes: Vec<_> = kim.pushes(&all[1..]).await.iter().map(|result| result["problem"]["kind"].clone()).collect();
        assert!(outcomes[..49].iter().all(Value::is_null), "{outcomes:?}");
        assert_eq!(outcomes[49], "conflict");
        assert_eq!(refused(&kim, poll(&world, room, &json!({}))).await, "conflict");
        assert_eq!(asked_in(&world, room).await.len(), 50);
        kim.does(poll(&world, opens(&kim).await, &json!({}))).await;
    }

    async fn polls_of_a_dialogue_are_kept_as_long_as_it_and_their_votes_are_not(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let room = opens(&kim).await;
        let asked = poll(&world, room, &json!({}));
        kim.does(asked.clone()).await;
        votes(&noa, &asked, 0).await.ok();
        let db = world.deps.db.read();
        does(&kim, "dialogue-end", room, json!({})).await;
        does(&kim, "dialogue-archive", room, json!({})).await;
        time_passes(&world, 60).await;
        assert_eq!(poll_ballot::Entity::find().count(db).await.unwrap(), 0, "who voted is forgotten with the dialogue's end");
        time_passes(&world, 700 * DAY).await;
        assert_eq!(counts(&asked_in(&world, room).await[0]), [Some(1), Some(0)], "the archive shows what came of it");
        time_passes(&world, 31 * DAY).await;
        assert_eq!(dialogue::Entity::find().count(db).await.unwrap(), 0);
        assert_eq!((poll::Entity::find().count(db).await.unwrap(), poll_option::Entity::find().count(db).await.unwrap()), (0, 0));
    }

    async fn whoever_wants_is_told_once_on_each_phone_before_it_begins(world) {
        let service = PushService::start().await;
        let (noa, sam, tea, kim) = (world.youth().await, world.youth().await, world.youth().await, world.officer("07").await);
        let other = crate::sessions::opens_elsewhere(&noa).await;
        // Of the second phone she is told too, if there is somewhere to tell it.
        push::run_due(&world.deps).await.unwrap();
        // One of her phones is not to be woken by answers; this she asked for.
        wakes(&noa, &service.subscription(true, &[], &[])).await;
        wakes(&other, &service.subscription(false, &[], &[])).await;
        wakes(&sam, &service.subscription(true, &[], &[])).await;
        wakes(&tea, &service.subscription(true, &["scams"], &["2480"])).await;
        let room = begins_in(&kim, 3600).await;
        assert!(!is_reminded(&noa, room).await);
        for _ in 0..2 {
            assert_eq!(reminder(&noa, Method::PUT, room).await.ok()["reminds"], true);
        }
        reminder(&sam, Method::PUT, room).await.ok();
        for _ in 0..2 {
            assert_eq!(reminder(&sam, Method::DELETE, room).await.ok()["reminds"], false);
        }
        assert!(is_reminded(&noa, room).await && !is_reminded(&sam, room).await && !is_reminded(&tea, room).await);
        time_passes(&world, 50 * 60 - 1).await;
        assert_eq!(service.count(), 0, "eleven minutes before");
        time_passes(&world, 1).await;
        assert_eq!(service.count(), 2, "ten minutes before, on both her phones");
        let (noa, kim) = (noa.with_a_new_token().await, kim.with_a_new_token());
        assert!(!is_reminded(&noa, room).await, "nothing says any more that she wanted it");
        does(&kim, "dialogue-open", room, json!({})).await;
        time_passes(&world, 600).await;
        assert_eq!(service.count(), 2, "once");
    }

    async fn a_reminder_follows_what_becomes_of_its_dialogue(world) {
        let service = PushService::start().await;
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        wakes(&noa, &service.subscription(true, &[], &[])).await;
        let (early, later, never) = (begins_in(&kim, 3600).await, begins_in(&kim, 3600).await, begins_in(&kim, 3600).await);
        for room in [early, later, never] {
            reminder(&noa, Method::PUT, room).await.ok();
        }
        does(&kim, "dialogue-change", later, json!({"title": "Fråga oss", "starts_at": world.seconds_later(7200)})).await;
        does(&kim, "dialogue-end", never, json!({})).await;
        assert_eq!(dialogue_reminder::Entity::find().count(world.deps.db.read()).await.unwrap(), 2, "it drops with its dialogue");
        time_passes(&world, 60).await;
        assert_eq!(service.count(), 0);
        does(&kim, "dialogue-open", early, json!({})).await;
        time_passes(&world, 0).await;
        assert_eq!(service.count(), 1, "it opened earlier");
        time_passes(&world, 3600).await;
        assert_eq!(service.count(), 1, "the other was moved");
        time_passes(&world, 3000 - 60).await;
        assert_eq!(service.count(), 2);
        assert_eq!(dialogue_reminder::Entity::find().count(world.deps.db.read()).await.unwrap(), 0);
    }

    async fn a_reminder_comes_when_it_is_safe_or_not_at_all(world) {
        let (evening, night) = (PushService::start().await, PushService::start().await);
        let (noa, sam, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        // The clock stands at one in the afternoon. Sam's phone is left alone by tips at night.
        let mut safe = evening.subscription(true, &[], &[]);
        safe["hours"] = json!({"from": "20:00", "until": "22:00"});
        wakes(&noa, &safe).await;
        wakes(&sam, &night.subscription(true, &["scams"], &["2480"])).await;
        let (noon, soon, late) = (begins_in(&kim, 3600).await, begins_in(&kim, 6 * 3600 + 1800).await, begins_in(&kim, 10 * 3600 + 1800).await);
        for room in [noon, soon, late] {
            reminder(&noa, Method::PUT, room).await.ok();
        }
        reminder(&sam, Method::PUT, late).await.ok();
        time_passes(&world, 3000).await;
        assert_eq!(evening.count(), 0, "at ten to two it is not safe");
        time_passes(&world, 6 * 3600 - 3000).await;
        time_passes(&world, 1200).await;
        time_passes(&world, 2400).await;
        assert_eq!(evening.count(), 1, "at eight: of what began at half past seven, and nothing of two o'clock");
        time_passes(&world, 3 * 3600 + 1200).await;
        assert_eq!((evening.count(), night.count()), (1, 1), "at twenty past eleven, to her who asked for it");
        time_passes(&world, 24 * 3600).await;
        assert_eq!(evening.count(), 1, "then it is over");
    }

    async fn reminders_are_of_youths_before_it_opens_and_of_twenty(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let room = opens(&kim).await;
        assert_eq!(reminder(&noa, Method::PUT, room).await.problem(), "conflict", "it is live");
        for method in [Method::PUT, Method::GET] {
            assert_eq!(reminder(&noa, method, id()).await.problem(), "not-found");
        }
        for method in [Method::PUT, Method::GET, Method::DELETE] {
            assert_eq!(reminder(&kim, method, room).await.problem(), "role-refused");
        }
        let mut rooms = Vec::new();
        for _ in 0..21 {
            rooms.push(begins_in(&kim, DAY).await);
        }
        for room in &rooms[..20] {
            reminder(&noa, Method::PUT, *room).await.ok();
        }
        assert_eq!(reminder(&noa, Method::PUT, rooms[20]).await.problem(), "conflict");
        reminder(&noa, Method::PUT, rooms[0]).await.ok();
        reminder(&noa, Method::DELETE, rooms[0]).await.ok();
        reminder(&noa, Method::PUT, rooms[20]).await.ok();
    }

    async fn two_programs_at_once_tell_each_once(world) {
        let service = PushService::start().await;
        let kim = world.officer("07").await;
        let room = begins_in(&kim, 3600).await;
        for _ in 0..12 {
            let noa = world.youth().await;
            wakes(&noa, &service.subscription(true, &[], &[])).await;
            reminder(&noa, Method::PUT, room).await.ok();
        }
        let other = world.with_another_folder().await;
        world.clock.wind(3000);
        let (one, two) = tokio::join!(dialogues::remind(&world.deps, 500), dialogues::remind(&other, 500));
        assert_eq!(one.unwrap() + two.unwrap(), 12);
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 12);
    }

    async fn figures_tell_of_the_evening_and_of_nobody(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let (eva, admin) = (world.staff("90", Role::Evaluator).await, world.staff("91", Role::Admin).await);
        let room = opens(&kim).await;
        for viewers in [3, 40, 12] {
            let tx = world.deps.db.begin().await.unwrap();
            dialogues::note_viewers(&*tx, DialogueId(room), viewers).await.unwrap();
            tx.commit().await.unwrap();
        }
        kim.does(poll(&world, room, &json!({}))).await;
        let (marked, written, both, twin) = (shown(&noa, &kim, room, "Ett").await, shown(&noa, &kim, room, "Två").await, shown(&noa, &kim, room, "Tre").await, shown(&noa, &kim, room, "Fyra").await);
        kim.does(of(&world, "question-merge", twin, 2, json!({"into": both}))).await;
        for (question, answer) in [(marked, json!({"mark_seconds": 9})), (written, json!({"answer": "Ja."})), (both, json!({"mark_seconds": 9, "answer": "Ja."}))] {
            kim.does(of(&world, "question-answer", question, 2, answer)).await;
        }
        asks(&noa, room, "Fem").await;
        for nth in 0..5 {
            let sam = world.youth().await;
            if nth < 4 {
                let told = asks(&sam, room, "Jag vill inte leva").await;
                kim.does(of(&world, "question-hide", told, 1, json!({"hiding": "talk"}))).await;
            }
            let rude = asks(&sam, room, "Sex").await;
            kim.does(of(&world, "question-hide", rude, 1, json!({"hiding": "against-rules"}))).await;
            kim.does(of(&world, "question-mute", rude, 2, json!({}))).await;
        }
        world.clock.wind(61 * 60);
        let (noa, kim) = (noa.with_a_new_token().await, kim.with_a_new_token());
        let (eva, admin) = (eva.with_a_new_token(), admin.with_a_new_token());
        does(&kim, "dialogue-end", room, json!({})).await;
        let now = figures(&eva, room).await.ok();
        let wanted = json!({
            "most_viewers": 40, "asked": 14, "shown": 4, "answered_by_mark": 2, "answered_in_writing": 2, "merged": 1,
            "not_shown": 9, "votes": 4, "muted": 5, "polls": 1, "minutes": 61,
        });
        assert_eq!(now, wanted, "four talks are too few to be counted");
        assert_eq!(figures(&noa, room).await.problem(), "role-refused");
        assert_eq!(figures(&admin, room).await.problem(), "role-refused");
        assert_eq!(figures(&kim, id()).await.problem(), "not-found");
        let quiet = begins_in(&kim, 3600).await;
        let nothing = figures(&kim, quiet).await.ok();
        assert_eq!((&nothing["asked"], &nothing["votes"], &nothing["minutes"]), (&json!(0), &json!(0), &Value::Null));

        time_passes(&world, 31 * DAY).await;
        let kim = kim.with_a_new_token();
        does(&kim, "dialogue-archive", room, json!({})).await;
        assert_eq!(figures(&kim, room).await.ok(), wanted, "who asked is forgotten, and what was counted is not");
        assert_eq!(sees(&world, room).await["state"], "archived");
        assert_eq!(refused(&kim, of_room(&world, "dialogue-archive", room, json!({})).await).await, "conflict");
    }
}
