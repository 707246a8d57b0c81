//! What happens at the same moment: twins over two connections, nodes that write in the same streams, and a transaction
//! that stays open while others commit.

use std::{sync::Arc, time::Duration};

use entities::words::{Actor, ConversationId};
use natpatrull::base::journal::{self, NewEntry};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{
    Backend, World, Youth, on_both_databases,
    people::{Person, action},
};
use tokio::sync::Barrier;
use uuid::Uuid;

/// Pushed at once by both; how it ended for each.
async fn race(one: &impl Person, other: &impl Person, actions: &[Value]) -> [Vec<Value>; 2] {
    let (one, other) = tokio::join!(one.pushes(actions), other.pushes(actions));
    [one, other]
}

/// The same as somebody who sends again.
fn without_outcome(result: &Value) -> Value {
    json!([result["entity"], result["at"], result["problem"]["kind"]])
}

/// One of the twins has the effect, and both hear of it alike.
fn is_one_answer(twins: [&Value; 2]) {
    let mut outcomes = twins.map(|twin| twin["outcome"].as_str().unwrap_or_default());
    outcomes.sort_unstable();
    assert_eq!(outcomes, ["applied", "duplicate"], "one effect: {twins:?}");
    let duplicate = twins.iter().find(|twin| twin["outcome"] == "duplicate").unwrap();
    assert_eq!(duplicate["original"], "applied", "{twins:?}");
    assert_eq!(without_outcome(twins[0]), without_outcome(twins[1]), "one answer: {twins:?}");
}

/// The events of a stream from its beginning, read page by page.
async fn reads_all(who: &impl Person, stream: &str) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), json!({"epoch": 1, "pos": 0}));
    loop {
        let body = json!({"device_id": who.device_id(), "envelope": 1, "streams": {stream: cursor}});
        let answer = who.asks(Method::POST, "/api/v1/sync/pull", Some(&body)).await.ok();
        let part = &answer["streams"][stream];
        assert_eq!(part["reset"], false, "{stream} starts at 1");
        let events = part["events"].as_array().unwrap();
        all.extend(events.iter().cloned());
        if part["more"] == false {
            return all;
        }
        cursor = json!({"epoch": 1, "pos": all.last().unwrap()["pos"]});
    }
}

#[track_caller]
fn is_dense(events: &[Value], stream: &str) {
    let positions: Vec<i64> = events.iter().map(|event| event["pos"].as_i64().unwrap()).collect();
    assert_eq!(positions, (1..).take(positions.len()).collect::<Vec<_>>(), "{stream} has every position once");
}

on_both_databases! {
    async fn a_thousand_twins_have_one_effect_and_one_answer_each(world, |config| config.actions_a_minute = 100_000) {
        let mut racing = Vec::new();
        for _ in 0..8 {
            let noa = world.youth().await;
            // A second program of nobody's: another client, so another connection.
            let again = Youth { world: world.from_address(1), ..noa.clone() };
            racing.push(tokio::spawn(async move {
                let conversation = noa.writes("hej").await;
                for _ in 0..125 {
                    let message = [noa.message(conversation, "hjälp")];
                    let [one, other] = race(&noa, &again, &message).await;
                    is_one_answer([&one[0], &other[0]]);
                }
                let stream = format!("conversation:{conversation}");
                let events = reads_all(&noa, &stream).await;
                is_dense(&events, &stream);
                assert_eq!(events.len(), 126, "each message has one event");
                let inbox = format!("inbox:{}", noa.account_id);
                assert_eq!(reads_all(&noa, &inbox).await.len(), 126, "and one in the inbox");
            }));
        }
        for race in racing {
            race.await.unwrap();
        }
        let counts = world.effects().await;
        assert_eq!((counts["message"], counts["action_receipt"]), (1_008, 1_008));
    }
}

/// How often two take at once: more often in the long run.
fn takes() -> usize {
    std::env::var("NATPATRULL_TAKES").map_or(100, |count| count.parse().unwrap())
}

// A writer that stands still is waited for by so many; all others are asked at once to come again.
on_both_databases! {
    async fn of_two_who_take_at_once_one_holds_and_the_other_is_told_who(world, |config| config.actions_a_minute = 100_000) {
        let officers = [world.officer("07").await, world.officer("12").await];
        let mut won = [0; 2];
        let rounds = takes();
        for round in 0..rounds {
            // So many open talks a youth.
            let noa = world.youth().await;
            let talk = noa.writes("hej").await;
            let revision = officers[0].sees(talk).await["revision"].clone();
            let take = || action(&world, &format!("conversation:{talk}"), "conversation-take", json!({"conversation_id": talk, "expected_revision": revision}));
            let (one, other) = ([take()], [take()]);
            let (of_one, of_other) = tokio::join!(officers[0].pushes(&one), officers[1].pushes(&other));
            let ended = [&of_one[0], &of_other[0]];
            let winner = usize::from(ended[0]["outcome"] != "applied");
            let (winner, loser) = (ended[winner], ended[1 - winner]);
            assert_eq!(winner["outcome"], "applied", "round {round}: {ended:?}");
            assert_eq!(loser["problem"]["kind"], "conversation-taken", "round {round}: {ended:?}");
            let holder = noa.sees(talk).await["holder"].clone();
            let told = loser["problem"]["detail"].as_str().unwrap_or_default();
            assert!(told.contains(holder.as_str().unwrap()), "round {round}: {loser}");
            won[usize::from(holder != "07")] += 1;
        }
        assert!(won[0] + won[1] == rounds && won.iter().all(|times| *times > 0), "both can win: {won:?}");
    }

    async fn who_comes_when_the_writer_is_behind_is_asked_to_come_again(world, |config| config.actions_a_minute = 100_000) {
        let mut phones = Vec::new();
        for nth in 0..12 {
            let noa = world.youth().await;
            let conversation = noa.writes("hej").await;
            phones.push((Youth { world: world.from_address(nth), ..noa }, conversation));
        }
        let held = world.deps.db.begin_in_turn().await.unwrap();
        // One group in hand and one in the queue are 512 at most, so some are sent away.
        let (told, mut refused) = tokio::sync::mpsc::unbounded_channel();
        let mut pushing = Vec::new();
        for (noa, conversation) in &phones {
            for _ in 0..50 {
                let (noa, told) = (noa.clone(), told.clone());
                let message = [noa.message(*conversation, "hjälp")];
                pushing.push(tokio::spawn(async move {
                    let answer = noa.asks(Method::POST, "/api/v1/sync/push", Some(&noa.push_body(&message))).await;
                    if answer.status != 200 {
                        told.send(()).unwrap();
                    }
                    (noa, message, answer)
                }));
            }
        }
        drop(told);
        for _ in 0..600 - 512 {
            let one = tokio::time::timeout(Duration::from_secs(60), refused.recv()).await;
            one.expect("somebody is asked to come again while the writer stands still").expect("a phone");
        }
        drop(held);
        let (mut taken, mut sent_away) = (0, 0);
        for push in pushing {
            let (noa, message, answer) = push.await.unwrap();
            if answer.status == 200 {
                taken += 1;
                assert_eq!(answer.json["results"][0]["outcome"], "applied");
                continue;
            }
            sent_away += 1;
            assert_eq!((answer.status.as_u16(), answer.problem()), (503, "unavailable"));
            assert!(answer.headers["retry-after"].to_str().unwrap().parse::<u32>().unwrap() >= 1, "it says when to come again");
            assert_eq!(noa.pushes(&message).await[0]["outcome"], "applied", "nothing of it was kept");
        }
        assert!((256..=512).contains(&taken), "{taken} waited and {sent_away} were sent away");
        for (noa, conversation) in phones {
            let stream = format!("conversation:{conversation}");
            let events = reads_all(&noa, &stream).await;
            is_dense(&events, &stream);
            assert_eq!(events.len(), 51, "each message stands once");
        }
    }
}

/// Twins that reach two programs are not in one group: there the receipt alone decides.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twins_at_two_nodes_have_one_effect() {
    let world = World::start_with(Backend::Postgres, |config| config.actions_a_minute = 100_000).await;
    let node = world.another_node().await;
    let noa = world.youth().await;
    let there = Youth { world: node, ..noa.clone() };
    let conversation = noa.writes("hej").await;
    for _ in 0..200 {
        let messages = [noa.message(conversation, "hjälp")];
        let [one, other] = race(&noa, &there, &messages).await;
        is_one_answer([&one[0], &other[0]]);
    }
    let stream = format!("conversation:{conversation}");
    is_dense(&reads_all(&noa, &stream).await, &stream);
    assert_eq!(world.effects().await["message"], 201);
}

/// Groups of two programs that write in the same streams, each in another order: none waits for the other in a circle, or
/// PostgreSQL would end one, and it would be told to come again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn groups_of_two_nodes_over_the_same_streams_do_not_lock_each_other_out() {
    let world = World::start_with(Backend::Postgres, |config| config.actions_a_minute = 100_000).await;
    let node = world.another_node().await;
    let (kim, noa) = (world.officer("07").await, world.youth().await);
    let mut talks = Vec::new();
    for _ in 0..6 {
        let talk = noa.writes("hej").await;
        kim.takes(talk).await;
        talks.push(talk);
    }
    let gate = Arc::new(Barrier::new(8));
    let mut writing = Vec::new();
    for n in 0..8 {
        let there = if n % 2 == 0 { world.clone() } else { node.clone() };
        let (noa, kim) =
            (Youth { world: there.clone(), ..noa.clone() }, tests::Officer { world: there, ..kim.clone() });
        let mut talks = talks.clone();
        talks.rotate_left(n % 6);
        if n % 4 > 1 {
            talks.reverse();
        }
        let gate = gate.clone();
        writing.push(tokio::spawn(async move {
            gate.wait().await;
            for _ in 0..25 {
                let say = |talk: &Uuid| noa.message(*talk, "hej");
                let read = |talk: &Uuid| {
                    let body = json!({"conversation_id": talk, "pos": 1_000_000});
                    action(&noa.world, &format!("conversation:{talk}"), "conversation-read", body)
                };
                let actions: Vec<Value> = talks.iter().flat_map(|talk| [say(talk), read(talk)]).collect();
                let results = match n % 3 {
                    0 => kim.pushes(&actions).await,
                    _ => noa.pushes(&actions).await,
                };
                for result in results {
                    assert_eq!(result["outcome"], "applied", "{result}");
                }
            }
        }));
    }
    for task in writing {
        task.await.unwrap();
    }
    let deadlocks =
        world.column("SELECT deadlocks::text FROM pg_stat_database WHERE datname = current_database()").await;
    assert_eq!(deadlocks, ["0"]);
    for talk in talks {
        let stream = format!("conversation:{talk}");
        is_dense(&reads_all(&noa, &stream).await, &stream);
    }
    is_dense(&reads_all(&kim, "desk").await, "desk");
}

/// A place that was handed out is seen only when all before it are: whoever reads on while a transaction is open does not
/// pass what it will have written.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_stays_open_is_never_passed_by_a_reader() {
    let world = World::start_with(Backend::Postgres, |config| config.actions_a_minute = 100_000).await;
    let node = world.another_node().await;
    let (noa, kim) = (world.youth().await, world.officer("07").await);
    let talk = noa.writes("hej").await;
    let stream = format!("conversation:{talk}");

    // Readers go on while the others write, each with a cursor of its own, and say what they met.
    let over = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let mut reading = Vec::new();
    for stream in [stream.clone(), "desk".to_owned()] {
        let (kim, over) = (kim.clone(), over.clone());
        reading.push(tokio::spawn(async move {
            let (mut met, mut cursor) = (Vec::new(), 0);
            loop {
                let last = over.load(std::sync::atomic::Ordering::Acquire);
                let body = json!({"device_id": kim.device_id, "envelope": 1, "streams": {&stream: {"epoch": 1, "pos": cursor}}});
                let answer = kim.asks(Method::POST, "/api/v1/sync/pull", Some(&body)).await.ok();
                let events = answer["streams"][&stream]["events"].as_array().unwrap().clone();
                cursor = events.last().map_or(cursor, |event| event["pos"].as_i64().unwrap());
                let read_out = events.is_empty();
                met.extend(events);
                if last && read_out {
                    return (stream, met);
                }
            }
        }));
    }
    for round in 0..5 {
        // One writer has its places and does not commit, as one whose machine stands still would.
        let held = world.deps.db.begin_in_turn().await.unwrap();
        let entry = |stream: String| NewEntry {
            stream,
            kind: "conversation-changed",
            entity_id: talk,
            revision: 1,
            action_id: None,
            actor: Actor::System,
            actor_id: None,
        };
        let entries = vec![entry(journal::conversation(ConversationId(talk))), entry(journal::DESK.to_owned())];
        journal::append(&held, world.deps.clock.now(), entries).await.unwrap();
        let mut writing = Vec::new();
        for n in 0..6 {
            let noa = Youth { world: if n % 2 == 0 { world.clone() } else { node.clone() }, ..noa.clone() };
            writing.push(tokio::spawn(async move { noa.pushes(&[noa.message(talk, "senare")]).await.remove(0) }));
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert!(
            writing.iter().all(|write| !write.is_finished()),
            "round {round}: who comes later waits for the places before"
        );
        held.commit().await.unwrap();
        for write in writing {
            assert_eq!(write.await.unwrap()["outcome"], "applied");
        }
    }
    over.store(true, std::sync::atomic::Ordering::Release);
    for reader in reading {
        let (stream, met) = reader.await.unwrap();
        is_dense(&met, &stream);
        // Of what comes together in one group the desk is told once.
        let least = if stream == journal::DESK { 1 + 5 * 2 } else { 1 + 5 * 7 };
        assert!((least..=1 + 5 * 7).contains(&met.len()), "{stream}: {} events were met", met.len());
    }
}
