//! Polls: a device votes once, nobody is led by how it stands, and nobody learns who voted what.

use entities::{poll_ballot, words::Role};
use futures_util::{StreamExt, stream};
use natpatrull::chores;
use reqwest::Method;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use tests::{
    World, on_both_databases,
    people::{Person, action},
    world::id,
};
use uuid::Uuid;

use crate::contract::{committed, operations};

fn poll(world: &World, changes: Value) -> Value {
    let mut body = json!({
        "poll_id": id(), "kind": "one", "question": "Vad vill du att vi gör mer av?",
        "options": [{"text": "Är med i spel"}, {"text": "Svarar på nätterna", "text_en": "Answer at night"}, {"text": "Inget"}],
    });
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    action(world, "polls", "poll-publish", body)
}

fn id_of(poll: &Value) -> Uuid {
    poll["body"]["poll_id"].as_str().unwrap().parse().unwrap()
}

fn close(world: &World, poll: &Value) -> Value {
    action(world, "polls", "poll-close", json!({"poll_id": id_of(poll), "expected_revision": 1}))
}

async fn votes(who: &impl Person, poll: &Value, places: Value) -> tests::world::Answer {
    who.asks(Method::POST, &format!("/api/v1/polls/{}/votes", id_of(poll)), Some(&json!({"places": places}))).await
}

async fn results(who: &impl Person, poll: &Value) -> tests::world::Answer {
    who.asks(Method::GET, &format!("/api/v1/polls/{}/results", id_of(poll)), None).await
}

fn counts(poll: &Value) -> Vec<i64> {
    poll["options"].as_array().unwrap().iter().map(|option| option["votes"].as_i64().unwrap()).collect()
}

async fn listed(world: &World) -> Vec<Value> {
    world.asks(Method::GET, "/api/v1/polls", None, None).await.ok()["items"].as_array().unwrap().clone()
}

async fn refused(who: &impl Person, action: Value) -> String {
    who.pushes(&[action]).await[0]["problem"]["kind"].as_str().unwrap_or_default().to_owned()
}

on_both_databases! {
    async fn a_device_votes_once_and_then_sees_how_it_stands(world) {
        let (noa, sam, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        let asked = poll(&world, json!({}));
        kim.does(asked.clone()).await;
        assert_eq!(results(&noa, &asked).await.problem(), "vote-first");
        let now = votes(&noa, &asked, json!([1])).await.ok();
        assert_eq!((counts(&now), &now["voters"]), (vec![0, 1, 0], &json!(1)));
        assert_eq!(votes(&noa, &asked, json!([0])).await.problem(), "voted-already");
        assert_eq!(counts(&votes(&sam, &asked, json!([1])).await.ok()), [0, 2, 0]);
        assert_eq!(counts(&results(&noa, &asked).await.ok()), [0, 2, 0]);
        for odd in [json!([3]), json!([0, 1]), json!([]), json!([0, 0])] {
            assert_eq!(votes(&world.youth().await, &asked, odd.clone()).await.problem(), "malformed", "{odd}");
        }
        assert_eq!(votes(&kim, &asked, json!([0])).await.problem(), "role-refused");
        assert_eq!(refused(&noa, poll(&world, json!({}))).await, "role-refused");
        assert_eq!(refused(&noa, close(&world, &asked)).await, "role-refused");
    }

    async fn several_answers_and_a_scale_are_counted_each(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let many = poll(&world, json!({"kind": "many"}));
        let scale = poll(&world, json!({"kind": "scale", "options": [{"text": "Inte alls"}, {"text": "Mycket"}]}));
        for one in [&many, &scale] {
            kim.does(one.clone()).await;
        }
        assert_eq!(counts(&votes(&noa, &many, json!([2, 0])).await.ok()), [1, 0, 1]);
        assert_eq!(counts(&votes(&noa, &scale, json!([4])).await.ok()), [0, 0, 0, 0, 1]);
        assert_eq!(refused(&kim, poll(&world, json!({"kind": "scale"}))).await, "malformed", "a scale has two ends");
        assert_eq!(refused(&kim, poll(&world, json!({"question": "  "}))).await, "text-empty");
        assert_eq!(refused(&kim, poll(&world, json!({"question": "o".repeat(201)}))).await, "text-too-long");
    }

    async fn nobody_reads_how_an_open_poll_stands_by_any_operation(world) {
        let (noa, kim, lead) = (world.youth().await, world.officer("07").await, world.staff("03", Role::Lead).await);
        let asked = poll(&world, json!({}));
        kim.does(asked.clone()).await;
        for _ in 0..3 {
            votes(&world.youth().await, &asked, json!([2])).await.ok();
        }
        let (evaluator, admin) = (world.staff("51", Role::Evaluator).await, world.staff("52", Role::Admin).await);
        let tokens = [None, Some(&noa.token), Some(&kim.token), Some(&lead.token), Some(&evaluator.token), Some(&admin.token)];
        let mut read = 0;
        for (path, method, _) in operations(&committed()) {
            if method != "get" || path.contains("events") || path.contains("stream") {
                continue;
            }
            let path = path.replace("{poll_id}", &id_of(&asked).to_string());
            for token in tokens {
                let answer = world.asks(Method::GET, &crate::contract::some(&path), token.map(String::as_str), None).await;
                let text = String::from_utf8_lossy(&answer.bytes).into_owned();
                assert!(!text.contains("\"votes\":") && !text.contains("\"voters\":"), "{path} tells how it stands: {text}");
                read += usize::from(answer.status.is_success() && text.contains("Är med i spel"));
            }
        }
        assert!(read >= 10, "the poll was read {read} times without its counts");
        world.clock.wind(14 * 24 * 3600);
        let over = listed(&world).await;
        assert_eq!((counts(&over[0]), &over[0]["voters"]), (vec![0, 0, 3], &json!(3)), "now everybody does");
    }

    async fn a_poll_opens_and_closes_in_its_time_or_before(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let later = poll(&world, json!({"opens_at": world.seconds_later(60), "closes_at": world.seconds_later(120)}));
        let (never, early) = (poll(&world, json!({"opens_at": world.seconds_later(60)})), poll(&world, json!({})));
        for one in [&later, &never, &early] {
            kim.does(one.clone()).await;
        }
        assert_eq!(listed(&world).await.len(), 1);
        assert_eq!(votes(&noa, &later, json!([0])).await.problem(), "not-found");
        world.clock.wind(1);
        for one in [&never, &early] {
            kim.does(close(&world, one)).await;
        }
        assert_eq!(refused(&kim, close(&world, &early)).await, "poll-closed");
        assert_eq!(votes(&noa, &early, json!([0])).await.problem(), "poll-closed");
        world.clock.wind(59);
        assert_eq!(listed(&world).await.len(), 2, "what was closed before it opened never was");
        votes(&noa, &later, json!([0])).await.ok();
        assert_eq!(kim.asks(Method::GET, "/api/v1/polls/planned", None).await.ok()["items"].as_array().unwrap().len(), 3);
        world.clock.wind(60);
        assert_eq!(votes(&world.youth().await, &later, json!([0])).await.problem(), "poll-closed");
        for times in [json!({"opens_at": world.seconds_later(61 * 24 * 3600)}), json!({"closes_at": world.now()}), json!({"closes_at": world.seconds_later(61 * 24 * 3600)})] {
            assert_eq!(refused(&kim, poll(&world, times.clone())).await, "malformed", "{times}");
        }
    }

    async fn who_has_voted_is_forgotten_once_it_is_over(world) {
        let kim = world.officer("07").await;
        let (over, open) = (poll(&world, json!({"closes_at": world.seconds_later(60)})), poll(&world, json!({})));
        let (noa, sam) = (world.youth().await, world.youth().await);
        for one in [&over, &open] {
            kim.does(one.clone()).await;
            votes(&noa, one, json!([0])).await.ok();
            votes(&sam, one, json!([0])).await.ok();
        }
        let ballots = async || poll_ballot::Entity::find().count(world.deps.db.read()).await.unwrap();
        chores::run_due(&world.deps).await.unwrap();
        assert_eq!(ballots().await, 4);
        world.clock.wind(24 * 3600);
        chores::run_due(&world.deps).await.unwrap();
        assert_eq!(ballots().await, 2, "those of the open one");
        assert_eq!(counts(&listed(&world).await.into_iter().find(|one| one["poll_id"] == json!(id_of(&over))).unwrap()), [2, 0, 0]);
        world.clock.wind(380 * 24 * 3600);
        chores::run_due(&world.deps).await.unwrap();
        assert_eq!(listed(&world).await.len(), 0);
    }

    async fn of_many_votes_at_once_each_is_counted_and_none_twice(world) {
        let devices: usize = std::env::var("NATPATRULL_VOTES").ok().and_then(|text| text.parse().ok()).unwrap_or(200);
        let kim = world.officer("07").await;
        let asked = poll(&world, json!({}));
        kim.does(asked.clone()).await;
        let youths: Vec<_> = stream::iter(0..devices).map(|_| world.youth()).buffer_unordered(16).collect().await;
        // Each twice, as an app does whose answer was lost.
        let all = youths.iter().enumerate().flat_map(|(nth, noa)| [(nth, noa), (nth, noa)]);
        let sent = all.map(|(nth, noa)| votes(noa, &asked, json!([nth % 3])));
        let answers: Vec<_> = stream::iter(sent).buffer_unordered(256).collect().await;
        let counted = answers.iter().filter(|answer| answer.status.is_success()).count();
        assert_eq!(counted, devices, "one of the two each");
        assert!(answers.iter().filter(|answer| !answer.status.is_success()).all(|answer| answer.problem() == "voted-already"));
        let now = results(&youths[0], &asked).await.ok();
        let third = |nth: usize| (devices + 2 - nth) / 3;
        assert_eq!(counts(&now), [0, 1, 2].map(|nth| third(nth) as i64));
        assert_eq!(now["voters"], json!(devices));
    }
}
