//! What one caller, or a flood of them, may take from the others: nothing that anybody waits for.

use std::{collections::BTreeMap, time::Duration};

use entities::{
    action_receipt, conversation, spent_puzzle,
    words::{AccountId, ConversationId},
};
use futures_util::{FutureExt, future::BoxFuture};
use natpatrull::{
    base::{
        journal::{self, NewEntry},
        uses,
    },
    chores,
};
use reqwest::Method;
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use serde_json::{Value, json};
use tests::{
    Backend, World, Youth, on_both_databases,
    people::{Person, digits, named, secret},
    world::{answer, id},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use uuid::Uuid;

use crate::identity::{opens, puzzle, solved};

/// Waits for what another task is about to do.
async fn until(mut done: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !done().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waiting).await.expect("it did not come about");
}

fn kinds(results: &[Value]) -> Vec<(&str, &str)> {
    results
        .iter()
        .map(|result| (result["outcome"].as_str().unwrap(), result["problem"]["kind"].as_str().unwrap_or("-")))
        .collect()
}

/// So many who wait for a slow hash; each says whether it had its turn.
fn line(world: &World, length: usize) -> Vec<BoxFuture<'static, bool>> {
    let one = |_| {
        let porch = world.deps.porch.clone();
        let mut waits = async move { porch.hash_in_line().await.is_ok() }.boxed();
        assert!((&mut waits).now_or_never().is_none(), "a hash is free");
        waits
    };
    (0..length).map(one).collect()
}

async fn receipts(world: &World) -> u64 {
    action_receipt::Entity::find().count(world.deps.db.read()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_stops_half_way_is_to_be_sent_again() {
    let world = World::start(Backend::Sqlite).await;
    let noa = world.youth().await;
    let mut socket = TcpStream::connect(world.url.strip_prefix("http://").unwrap()).await.unwrap();
    let head = format!(
        "PATCH /api/v1/files/{} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\nupload-offset: 0\r\n\
         content-type: application/octet-stream\r\ncontent-length: 1000\r\n\r\nhalf",
        id(),
        noa.token
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    socket.shutdown().await.unwrap();
    let mut said = String::new();
    socket.read_to_string(&mut said).await.unwrap();
    assert!(said.starts_with("HTTP/1.1 503") && said.contains("\"unavailable\""), "a phone would give up on: {said}");
}

async fn pulls(who: &impl Person, streams: &Value) -> (usize, Value) {
    let body = json!({"device_id": who.device_id(), "envelope": 1, "streams": streams});
    let answer = who.asks(Method::POST, "/api/v1/sync/pull", Some(&body)).await;
    (answer.bytes.len(), answer.ok()["streams"].clone())
}

on_both_databases! {
    async fn one_pull_brings_so_much_and_no_more(world) {
        let noa = world.youth().await;
        let talks = [id(), id(), id()];
        let long = "å".repeat(3999);
        for talk in talks {
            for _ in 0..4 {
                let words: Vec<_> = (0..25).map(|_| noa.message(talk, &long)).collect();
                assert!(noa.pushes(&words).await.iter().all(|result| result["outcome"] == "applied"));
            }
            world.clock.wind(60);
        }
        let inbox = format!("inbox:{}", noa.account_id);
        let talks = talks.map(|talk| format!("conversation:{talk}"));
        let (bytes, said) = pulls(&noa, &json!({&inbox: {"tail": 200}, &talks[0]: {"tail": 200}, &talks[1]: {"tail": 200}, &talks[2]: {"tail": 200}})).await;
        assert!(bytes < 1_500_000, "{bytes} bytes in one answer");
        assert_eq!(said[&inbox]["events"].as_array().unwrap().len(), 12, "the list comes first: one event a push");
        let left: Vec<_> = talks.iter().filter(|talk| said[*talk]["more"] == true).collect();
        assert!(!left.is_empty(), "2.4 MB do not fit");
        let unsaid = talks.iter().find(|talk| said[*talk]["events"] == json!([])).expect("one had no room at all");
        assert_eq!((&said[unsaid]["more"], &said[unsaid]["reset"]), (&json!(true), &json!(false)));

        // Asking on brings every word once and in order.
        let mut seen: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        let mut cursors: BTreeMap<String, Value> = talks.iter().map(|talk| (talk.clone(), json!({"tail": 200}))).collect();
        for _ in 0..10 {
            let (_, said) = pulls(&noa, &json!(cursors)).await;
            for (talk, part) in said.as_object().unwrap() {
                let positions = part["events"].as_array().unwrap().iter().map(|event| event["pos"].as_i64().unwrap());
                seen.entry(talk.clone()).or_default().extend(positions);
                match (part["more"].as_bool().unwrap(), seen[talk].last()) {
                    (false, _) => drop(cursors.remove(talk)),
                    (true, Some(pos)) => drop(cursors.insert(talk.clone(), json!({"epoch": part["epoch"], "pos": pos}))),
                    (true, None) => {}
                }
            }
            if cursors.is_empty() {
                break;
            }
        }
        for talk in &talks {
            assert_eq!(seen[talk], (1..=100).collect::<Vec<_>>());
        }
        // The way back keeps what is newest.
        let (_, back) = pulls(&noa, &json!({&talks[0]: {"before": 101}})).await;
        let events = back[&talks[0]]["events"].as_array().unwrap();
        assert_eq!(events.last().unwrap()["pos"], 100);
    }

    async fn too_many_actions_wait_on_the_phone(world) {
        let (noa, sam) = (world.youth().await, world.youth().await);
        let talk = id();
        let words: Vec<_> = (0..130).map(|n| noa.message(talk, &n.to_string())).collect();
        assert!(noa.pushes(&words[..100]).await.iter().all(|result| result["outcome"] == "applied"));
        let before = receipts(&world).await;
        let results = noa.pushes(&words[100..]).await;
        assert!(kinds(&results[..20]).iter().all(|end| *end == ("applied", "-")), "{results:?}");
        assert!(kinds(&results[20..]).iter().all(|end| *end == ("retry", "rate-limited")), "{results:?}");
        let wait = results[20]["retry_after_ms"].as_u64().unwrap();
        assert!((1..=60_000).contains(&wait), "{wait}");
        assert_eq!(receipts(&world).await, before + 20, "nothing of them is stored");
        // A repeat costs nothing, and the plain door says the same in its own way.
        assert_eq!(noa.pushes(&words[..1]).await[0]["outcome"], "duplicate");
        let plain = world.http.post(format!("{}/api/v1/chat/messages", world.url)).bearer_auth(&noa.token)
            .header("idempotency-key", id().to_string())
            .json(&json!({"message_id": id(), "conversation_id": talk, "text": "hej"}));
        let plain = answer(plain).await;
        assert_eq!(plain.problem(), "rate-limited");
        assert!(plain.headers.contains_key("retry-after"));
        sam.writes("hej").await;

        world.clock.wind(60);
        assert!(noa.pushes(&words[120..]).await.iter().all(|result| result["outcome"] == "applied"));
        assert_eq!(noa.pulls(&format!("conversation:{talk}")).await["head"], 130);
    }

    async fn fifty_open_talks_are_enough_for_one(world) {
        let noa = world.youth().await;
        let talks: Vec<_> = (0..51).map(|_| id()).collect();
        let words: Vec<_> = talks.iter().map(|talk| noa.message(*talk, "hej")).collect();
        let results = noa.pushes(&words).await;
        assert!(kinds(&results[..50]).iter().all(|end| *end == ("applied", "-")), "{results:?}");
        assert_eq!(kinds(&results[50..]), [("retry", "rate-limited")]);
        noa.does(noa.message(talks[0], "i ett som är öppet går det")).await;
        let kim = world.officer("07").await;
        kim.takes(talks[0]).await;
        kim.reads(talks[0]).await;
        let revision = kim.sees(talks[0]).await["revision"].clone();
        let lane = format!("conversation:{}", talks[0]);
        let body = json!({"conversation_id": talks[0], "expected_revision": revision});
        kim.does(tests::people::action(&world, &lane, "conversation-close", body)).await;
        noa.does(words[50].clone()).await;
    }

    async fn a_days_bytes_of_files_are_bounded_and_the_file_is_kept(world) {
        let noa = world.youth().await;
        let (report, file) = (id(), id());
        let bytes = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00 and a hundred more".to_vec();
        let named = named(file, "image/jpeg", &bytes);
        noa.does(noa.report(report, "Hot", json!([named]))).await;
        let sends = async |token: &str| {
            let request = world.http.patch(format!("{}/api/v1/files/{file}", world.url)).bearer_auth(token)
                .header("upload-offset", "0").header("content-type", "application/octet-stream").body(bytes.clone());
            answer(request).await
        };
        let tx = world.deps.db.begin().await.unwrap();
        let most = BTreeMap::from([(AccountId(noa.account_id), uses::FILE_BYTES.most)]);
        uses::count(&tx, world.deps.clock.now(), &[uses::FILE_BYTES], &most).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(sends(&noa.token).await.problem(), "rate-limited");
        world.clock.wind(24 * 3600);
        let token = noa.registers().await.ok()["access_token"].as_str().unwrap().to_owned();
        assert_eq!(sends(&token).await.ok()["complete"], true);
    }

    async fn a_flood_of_new_accounts_keeps_no_youth_from_writing(world) {
        let porch = world.deps.porch.clone();
        let held = (porch.hash().await.unwrap(), porch.hash().await.unwrap());
        let flood = line(&world, 20);
        assert!(porch.is_crowded());

        // No slow hash ends, and she has her account and writes.
        let coming = async {
            let noa = world.youth().await;
            noa.writes("de är utanför dörren").await;
            noa
        };
        let noa = tokio::time::timeout(Duration::from_secs(20), coming).await.expect("a youth waits behind the flood");
        assert_eq!(noa.registers().await.ok()["account_id"], json!(noa.account_id));
        drop(held);
        for one in flood {
            assert!(one.await);
        }
        // Her code is not called wrong before its turn came, and opens when it has.
        let early = opens(&world, &noa.code, &puzzle(&world).await).await;
        assert_eq!(early.problem(), "unavailable");
        chores::run_due(&world.deps).await.unwrap();
        let opened = opens(&world, &noa.code, &puzzle(&world).await).await.ok();
        assert_eq!(opened["account_id"], json!(noa.account_id));
        assert_eq!(opens(&world, &digits(), &puzzle(&world).await).await.problem(), "code-wrong");
    }

    async fn in_a_flood_of_new_accounts_who_proves_work_keeps_her_place_and_danger_proves_nothing(world) {
        let hear = async |who: &Youth, text: &str, triage: Value| {
            let talk = id();
            who.does(who.message_with(talk, text, &triage)).await;
            talk
        };
        let early = world.youth().await;
        let first = hear(&early, "hej", json!({"danger": "no"})).await;
        assert!(early.waits(first).await.get("proof_bits").is_none(), "a few owe nothing");
        let now = world.deps.clock.now();
        let tx = world.deps.db.begin().await.unwrap();
        for _ in 0..600 {
            natpatrull::identity::plant_youth(&world.deps, &tx, now).await.unwrap();
        }
        tx.commit().await.unwrap();

        let (noa, sam, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        let (of_noa, of_sam) = (hear(&noa, "hej", json!({"danger": "no"})).await, hear(&sam, "hej", json!({"danger": "no"})).await);
        let cries = hear(&noa, "hjälp", json!({"danger": "yes"})).await;
        let second = hear(&early, "hej igen", json!({"danger": "no"})).await;
        // Danger first, then who is known, even with a second talk; and what was written has arrived and waits.
        let places = async || {
            let all = [noa.waits(cries).await, early.waits(first).await, early.waits(second).await, noa.waits(of_noa).await, sam.waits(of_sam).await];
            all.map(|wait| wait["place"].as_i64().unwrap())
        };
        assert_eq!(places().await, [1, 2, 3, 4, 5]);
        assert!(noa.waits(cries).await.get("proof_bits").is_none(), "danger waits for no proof");
        assert_eq!((&noa.waits(of_noa).await["proof_bits"], &sam.waits(of_sam).await["proof_bits"]), (&json!(15), &json!(15)));

        // A puzzle that is too easy, a wrong answer and another's do not count; hers does.
        let gets = async |bits: u32| world.asks(Method::POST, &format!("/api/v1/identity/puzzles?bits={bits}"), None, Some(&json!({}))).await.ok();
        let gives = async |who: &Youth, puzzle: &Value, answer: &str| {
            let body = json!({"puzzle_id": puzzle["puzzle_id"], "answer": answer});
            who.asks(Method::PUT, "/api/v1/chat/proof", Some(&body)).await
        };
        let (easy, puzzle) = (gets(14).await, gets(15).await);
        let refused = gives(&sam, &easy, &solved(&easy)).await;
        assert_eq!((refused.problem(), &refused.json["puzzle_bits"]), ("puzzle-needed", &json!(15)));
        assert_eq!(gives(&sam, &puzzle, "1").await.problem(), "puzzle-wrong");
        assert_eq!(gives(&sam, &puzzle, &solved(&puzzle)).await.status, 204);
        assert_eq!(gives(&noa, &puzzle, &solved(&puzzle)).await.problem(), "puzzle-needed", "it is spent");
        assert_eq!(gives(&sam, &puzzle, "1").await.status, 204, "who owes nothing proves nothing");
        assert!(sam.waits(of_sam).await.get("proof_bits").is_none());
        assert_eq!(places().await, [1, 2, 4, 5, 3], "by age among those who owe nothing, and a second talk behind");
        // The desk goes by the same, and hears of it.
        let listed = kim.asks(Method::GET, "/api/v1/chat/conversations?state=waiting", None).await.ok();
        let keys: Vec<_> = listed["items"].as_array().unwrap().iter().map(|one| one["queue_key"].as_str().unwrap().to_owned()).collect();
        assert!(keys.len() == 5 && keys.is_sorted(), "{keys:?}");
        let told = kim.pulls("desk").await["events"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&told["entity_id"], &told["conversation"]["queue_key"]), (&json!(of_sam), &json!(keys[2])));
        // Later, new accounts owe nothing again.
        world.clock.wind(601);
        let late = world.youth().await;
        let talk = hear(&late, "hej", json!({"danger": "no"})).await;
        assert!(late.waits(talk).await.get("proof_bits").is_none());
    }

    async fn a_line_that_is_full_is_said_and_not_joined(world) {
        let noa = world.youth().await;
        let porch = world.deps.porch.clone();
        let held = (porch.hash().await.unwrap(), porch.hash().await.unwrap());
        let line = line(&world, 64);
        let full = opens(&world, &noa.code, &puzzle(&world).await).await;
        assert_eq!(full.problem(), "unavailable");
        assert!(full.headers.contains_key("retry-after"));
        drop(held);
        for one in line {
            assert!(one.await, "who stood in line had a turn");
        }
        opens(&world, &noa.code, &puzzle(&world).await).await.ok();
    }

    async fn a_code_is_changed_a_few_times_a_day(world) {
        let noa = world.youth().await;
        for _ in 0..5 {
            noa.asks(Method::PUT, "/api/v1/identity/code", Some(&json!({"code": digits()}))).await.ok();
        }
        let new = digits();
        let refused = noa.asks(Method::PUT, "/api/v1/identity/code", Some(&json!({"code": new}))).await;
        assert_eq!(refused.problem(), "rate-limited");
        assert!(refused.json["retry_after_ms"].as_u64().unwrap() > 0);
        world.clock.wind(24 * 3600);
        let token = noa.registers().await.ok()["access_token"].as_str().unwrap().to_owned();
        let noa = Youth { token, ..noa };
        noa.asks(Method::PUT, "/api/v1/identity/code", Some(&json!({"code": new}))).await.ok();
        // The same code again, which changes nothing, counts as well: it would tell by its time.
        for _ in 0..4 {
            noa.asks(Method::PUT, "/api/v1/identity/code", Some(&json!({"code": new}))).await.ok();
        }
        assert_eq!(noa.asks(Method::PUT, "/api/v1/identity/code", Some(&json!({"code": new}))).await.problem(), "rate-limited");
    }

    async fn a_puzzle_that_is_only_asked_for_leaves_nothing(world) {
        let noa = world.youth().await;
        let given = puzzle(&world).await;
        for _ in 0..20 {
            puzzle(&world).await;
        }
        let spent = async || spent_puzzle::Entity::find().count(world.deps.db.read()).await.unwrap();
        assert_eq!(spent().await, 0);
        // One that was made up, and one that was changed.
        let id: Uuid = given["puzzle_id"].as_str().unwrap().parse().unwrap();
        let mut changed = *id.as_bytes();
        changed[0] ^= 0x40;
        for wrong in [Uuid::new_v4(), Uuid::from_bytes(changed)] {
            let body = json!({
                "code": noa.code, "device_id": Uuid::new_v4(), "secret": secret(), "puzzle_id": wrong, "answer": "0",
            });
            let answer = world.asks(Method::POST, "/api/v1/identity/code/open", None, Some(&body)).await;
            assert_eq!(answer.problem(), "puzzle-needed");
        }
        opens(&world, &noa.code, &given).await.ok();
        assert_eq!(spent().await, 1);
        let late = puzzle(&world).await;
        world.clock.wind(601);
        assert_eq!(opens(&world, &noa.code, &late).await.problem(), "puzzle-needed");
    }

    async fn what_an_action_needs_comes_first(world) {
        let noa = world.youth().await;
        let talk = id();
        let needed = noa.message(talk, "först");
        let mut next = noa.message(talk, "sedan");
        next["after"] = json!([needed["action_id"]]);
        let mut last = noa.message(talk, "sist");
        last["lane"] = json!("annan");
        last["after"] = json!([next["action_id"]]);
        let both = [next, last];
        assert_eq!(kinds(&noa.pushes(&both).await), [("blocked", "-"), ("blocked", "-")]);
        assert_eq!(receipts(&world).await, 0);

        // One that cannot be read takes along those that need it, and nothing of any is stored: they may come again.
        let mut broken = needed.clone();
        broken["body"]["colour"] = json!("blue");
        let results = noa.pushes(&[&[broken], &both[..]].concat()).await;
        assert_eq!(kinds(&results), [("refused", "malformed"), ("refused", "dependency-refused"), ("refused", "dependency-refused")]);
        assert_eq!(receipts(&world).await, 0);
        let results = noa.pushes(&[&[needed], &both[..]].concat()).await;
        assert_eq!(kinds(&results), [("applied", "-"), ("applied", "-"), ("applied", "-")]);
    }
}

/// A writer who waits holds nothing that another one needs: what two of them lock in another order cannot cross.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_take_turns_before_they_lock_on_postgres() {
    let world = World::start(Backend::Postgres).await;
    let noa = world.youth().await;
    let talk = noa.writes("hej").await;
    let deps = &world.deps;
    let tx = deps.db.begin_in_turn().await.unwrap();
    let entry = NewEntry {
        stream: journal::DESK.to_owned(),
        kind: "tip-changed",
        entity_id: id(),
        revision: 1,
        action_id: None,
        actor: entities::words::Actor::System,
        actor_id: None,
    };
    journal::append(&tx, deps.clock.now(), vec![entry]).await.unwrap();
    let writing = {
        let (noa, message) = (noa.clone(), noa.message(talk, "igen"));
        tokio::spawn(async move { noa.pushes(&[message]).await.remove(0) })
    };
    until(async || {
        let waiting = "SELECT 1 AS one FROM pg_locks JOIN pg_database ON oid = database WHERE NOT granted AND datname = current_database()
            UNION SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
        let statement = sea_orm::Statement::from_string(DbBackend::Postgres, waiting);
        deps.db.read().query_one_raw(statement).await.unwrap().is_some()
    })
    .await;
    let row = conversation::Entity::find()
        .filter(conversation::Column::ConversationId.eq(ConversationId(talk)))
        .lock_with_behavior(sea_orm::sea_query::LockType::Update, sea_orm::sea_query::LockBehavior::Nowait)
        .one(&*tx)
        .await;
    assert!(row.is_ok(), "a writer that waits for the desk holds the talk: {row:?}");
    tx.commit().await.unwrap();
    assert_eq!(writing.await.unwrap()["outcome"], "applied");
}

/// With the database out of reach a group is answered once, not action by action.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_out_of_reach_is_said_at_once() {
    let world = World::start(Backend::Sqlite).await;
    let noa = world.youth().await;
    let talk = id();
    // The writer's only connection is taken; its turn is waited for ten seconds.
    let held = world.deps.db.migrating().get_sqlite_connection_pool().acquire().await.unwrap();
    let words: Vec<_> = (0..5).map(|n| noa.message(talk, &n.to_string())).collect();
    let results = tokio::time::timeout(Duration::from_secs(25), noa.pushes(&words)).await.expect("each waited in turn");
    assert!(
        results.iter().all(|result| result["outcome"] == "retry" && result["retry_after_ms"].is_u64()),
        "{results:?}"
    );
    drop(held);
    assert!(noa.pushes(&words).await.iter().all(|result| result["outcome"] == "applied"));
}
