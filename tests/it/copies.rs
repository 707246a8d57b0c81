//! "Give me a copy": all of one's own, nothing of anybody else's, once.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
};

use entities::{content_key, words::Role};
use futures_util::StreamExt;
use natpatrull::{copies, push};
use reqwest::Method;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use tests::{
    Answer, World, Youth, on_both_databases,
    people::{Person, action, named},
    push_service::PushService,
    world::id,
};
use uuid::Uuid;

const COPY: &str = "/api/v1/copy";
const BYTES: &str = "/api/v1/copy/bytes";

/// A picture that takes more than one part of the blob store.
fn picture(seed: u32) -> Vec<u8> {
    let mut bytes = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00".to_vec();
    bytes.extend((0..700_000u32).map(|n| (n ^ seed).wrapping_mul(2_654_435_761).to_be_bytes()[0]));
    bytes
}

async fn reports_with(noa: &Youth, report_id: Uuid, what: &str, bytes: &[u8]) -> Uuid {
    let file_id = id();
    noa.does(noa.report(report_id, what, json!([named(file_id, "image/jpeg", bytes)]))).await;
    for (nth, chunk) in bytes.chunks(256 * 1024).enumerate() {
        noa.sends_bytes(file_id, nth * 256 * 1024, chunk).await.ok();
    }
    file_id
}

pub async fn asks(noa: &Youth) -> Answer {
    noa.asks(Method::PUT, COPY, None).await
}

async fn state(noa: &Youth) -> Value {
    noa.asks(Method::GET, COPY, None).await.ok()["state"].clone()
}

pub async fn fetches(noa: &Youth) -> Answer {
    noa.asks(Method::GET, BYTES, None).await
}

/// Her phone says that it has the whole of it.
async fn has(noa: &Youth) {
    assert_eq!(noa.asks(Method::DELETE, COPY, None).await.status, 204);
}

pub fn unpacked(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
    names
        .into_iter()
        .map(|name| {
            let mut inside = Vec::new();
            zip.by_name(&name).unwrap().read_to_end(&mut inside).unwrap();
            (name, inside)
        })
        .collect()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// Every byte of the blob store.
fn blobs(world: &World) -> Vec<u8> {
    let mut folders = vec![world.deps.config.data_dir.join("blobs")];
    let mut bytes = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { bytes.extend(std::fs::read(path).unwrap()) }
        }
    }
    bytes
}

async fn keys(world: &World) -> u64 {
    content_key::Entity::find().count(world.deps.db.read()).await.unwrap()
}

async fn signs_in_anew(noa: &mut Youth) {
    noa.token = noa.registers().await.ok()["access_token"].as_str().unwrap().to_owned();
}

on_both_databases! {
    async fn a_copy_holds_all_of_ones_own_and_nothing_of_anybody_elses(world) {
        let service = PushService::start().await;
        let (noa, ida, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        let (talk, report, hers) = (noa.writes("det började i fredags").await, id(), id());
        noa.becomes_capable().await;
        noa.asks(Method::PUT, "/api/v1/push/subscription", Some(&service.subscription(true, &["scams"], &["2480"]))).await.ok();
        noa.does(action(&world, "ideas", "idea-send", json!({"idea_id": id(), "kind": "idea", "text": "fler poliser i spel"}))).await;
        let room = id();
        for (kind, body) in [
            ("dialogue-announce", json!({"dialogue_id": room, "title": "Fråga oss", "starts_at": world.seconds_later(60)})),
            ("dialogue-open", json!({"dialogue_id": room, "expected_revision": 1})),
        ] {
            kim.does(action(&world, "dialogues", kind, body)).await;
        }
        let soon = id();
        let announced = json!({"dialogue_id": soon, "title": "Fråga oss", "starts_at": world.seconds_later(3600)});
        kim.does(action(&world, "dialogues", "dialogue-announce", announced)).await;
        noa.asks(Method::PUT, &format!("/api/v1/dialogues/{soon}/reminder"), None).await.ok();
        let asked = json!({"question_id": id(), "dialogue_id": room, "text": "när är ni ute?", "accepts_rules": true});
        noa.does(action(&world, "questions", "question-ask", asked)).await;
        kim.takes(talk).await;
        // More than is read at a time.
        let many: Vec<Value> = (0..120).map(|nth| noa.message(talk, &format!("rad nummer {nth} av många"))).collect();
        for some in many.chunks(40) {
            assert!(noa.pushes(some).await.iter().all(|result| result["outcome"] == "applied"));
            world.clock.wind(60);
        }
        kim.answers(talk, "vi finns här").await;
        // A picture that stands in the talk.
        let (shown, seen) = (id(), picture(3));
        let mut showing = noa.message(talk, "den här fick jag");
        showing["v"] = json!(4);
        showing["body"]["files"] = json!([named(shown, "image/jpeg", &seen)]);
        noa.does(showing).await;
        for (nth, chunk) in seen.chunks(256 * 1024).enumerate() {
            noa.sends_bytes(shown, nth * 256 * 1024, chunk).await.ok();
        }
        let bytes = picture(1);
        let file = reports_with(&noa, report, "Någon hotar mig på spelet", &bytes).await;
        let other_talk = ida.writes("idas ord som ingen annan får se").await;
        let other_file = reports_with(&ida, hers, "idas rapport som ingen annan får se", &picture(2)).await;
        push::run_due(&world.deps).await.unwrap();
        let (pushes, own) = (service.count(), keys(&world).await);

        assert_eq!(noa.asks(Method::GET, COPY, None).await.problem(), "not-found");
        assert_eq!(fetches(&noa).await.problem(), "not-found");
        assert_eq!(asks(&noa).await.ok()["state"], "being-made");
        assert_eq!(asks(&noa).await.ok()["state"], "being-made", "one at a time");
        has(&noa).await;
        assert_eq!(state(&noa).await, "being-made", "what is being made goes on");
        assert_eq!(fetches(&noa).await.problem(), "not-found");
        copies::run_due(&world.deps).await.unwrap();
        assert_eq!(keys(&world).await, own + 1, "it has a key of its own");
        let ready = asks(&noa).await.ok();
        assert_eq!((&ready["state"], &ready["expires_at"]), (&json!("ready"), &json!(world.seconds_later(24 * 3600))));
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), pushes + 1, "her phone is told");
        let stored = blobs(&world);
        assert!(!holds(&stored, "PK\u{3}\u{4}") && !holds(&stored, "vi finns här"), "it is sealed");

        let fetched = fetches(&noa).await;
        assert_eq!(fetched.headers["content-type"], "application/zip");
        assert_eq!(json!(fetched.bytes.len()), ready["size"]);
        let inside = unpacked(&fetched.bytes);
        let text = |name: &str| String::from_utf8(inside.get(name).unwrap_or_else(|| panic!("no {name} in {:?}", inside.keys())).clone()).unwrap();
        let json = |name: &str| serde_json::from_str::<Value>(&text(name)).unwrap();
        let kept = json(&format!("talks/{talk}.json"));
        let said: Vec<_> = kept["messages"].as_array().unwrap().iter().map(|message| message["text"].as_str().unwrap().to_owned()).collect();
        let mut all = vec!["det började i fredags".to_owned()];
        all.extend((0..120).map(|nth| format!("rad nummer {nth} av många")));
        all.extend(["vi finns här".to_owned(), "den här fick jag".to_owned()]);
        assert_eq!(said, all, "all of it, in its order");
        let read = text(&format!("talks/{talk}.txt"));
        assert!(all.iter().all(|line| read.contains(line)) && read.contains("Polis 07"), "{read}");
        assert!(read.contains(&format!("files/{shown}.jpg")), "{read}");
        assert!(inside[&format!("files/{shown}.jpg")] == seen, "the picture of the talk, as it was sent");
        assert_eq!(json(&format!("reports/{report}.json"))["what"], "Någon hotar mig på spelet");
        assert!(text(&format!("reports/{report}.txt")).contains(&format!("files/{file}.jpg")));
        assert!(inside[&format!("files/{file}.jpg")] == bytes, "the picture, as it was sent");
        let account = json("account.json");
        assert_eq!(account["account_id"], json!(noa.account_id));
        assert_eq!(account["devices"][0]["device_id"], json!(noa.device_id));
        assert_eq!(account["reminders"], json!([soon]));
        assert_eq!(account["delivers_reports"][0]["device_id"], json!(noa.device_id));
        assert_eq!((&account["push"][0]["topics"], &account["push"][0]["municipalities"]), (&json!(["scams"]), &json!(["2480"])));
        assert_eq!(json("acts.json").as_array().unwrap().len(), 125, "what she did");
        assert_eq!((&json("questions.json")[0]["text"], &json("questions.json")[0]["state"]), (&json!("när är ni ute?"), &json!("waiting")));
        assert_eq!((json("ideas.json")[0]["text"].as_str(), json("ideas.json")[0]["state"].as_str()), (Some("fler poliser i spel"), Some("waiting")));
        assert!(text("las-forst.txt").contains("kopia"));
        assert_eq!(inside.len(), 11, "{:?}", inside.keys());
        // Nothing in it is packed, so that what is looked for would be found.
        for foreign in ["idas", &other_talk.to_string(), &hers.to_string(), &other_file.to_string(), &ida.account_id.to_string()] {
            assert!(!holds(&fetched.bytes, foreign), "{foreign} is in it");
        }
        assert!(holds(&fetched.bytes, &report.to_string()), "the search finds what is there");

        // It was sent, and may still be on its way: her phone says when it has it.
        assert!(fetches(&noa).await.bytes == fetched.bytes);
        has(&noa).await;
        has(&noa).await;
        assert_eq!((fetches(&noa).await.problem(), state(&noa).await), ("copy-ended", json!("ended")));
        assert_eq!(keys(&world).await, own, "its key is gone");
        let originals = bytes.len() + seen.len() + picture(2).len();
        assert!(blobs(&world).len() < originals + 10_000, "and its bytes");
        assert_eq!(fetches(&ida).await.problem(), "not-found");
        for _ in 0..2 {
            assert_eq!(asks(&noa).await.ok()["state"], "being-made", "another may be asked for");
            copies::run_due(&world.deps).await.unwrap();
            assert!(!unpacked(&fetches(&noa).await.bytes).is_empty());
            has(&noa).await;
        }
        assert_eq!(asks(&noa).await.problem(), "rate-limited", "three a day");
    }

    async fn a_copy_that_broke_off_is_fetched_again_and_one_that_nobody_fetches_goes(world) {
        let mut noa = world.youth().await;
        noa.writes("hej").await;
        reports_with(&noa, id(), "Hot", &picture(3)).await;
        let (own, originals) = (keys(&world).await, blobs(&world).len());
        asks(&noa).await.ok();
        copies::run_due(&world.deps).await.unwrap();

        let breaking = world.http.get(format!("{}{BYTES}", world.url)).bearer_auth(&noa.token).send().await.unwrap();
        let mut stream = breaking.bytes_stream();
        assert!(stream.next().await.unwrap().unwrap().len() < 700_000);
        drop(stream);
        assert_eq!(state(&noa).await, "ready");

        world.clock.wind(24 * 3600 - 1);
        signs_in_anew(&mut noa).await;
        assert_eq!(state(&noa).await, "ready");
        world.clock.wind(1);
        assert_eq!(fetches(&noa).await.problem(), "copy-ended");
        copies::run_due(&world.deps).await.unwrap();
        assert_eq!(state(&noa).await, "ended");
        assert_eq!((keys(&world).await, blobs(&world).len()), (own, originals));
    }

    async fn a_copy_that_was_sent_goes_soon_though_the_phone_says_nothing(world) {
        let mut noa = world.youth().await;
        noa.writes("hej").await;
        let own = keys(&world).await;
        asks(&noa).await.ok();
        copies::run_due(&world.deps).await.unwrap();
        let sent = fetches(&noa).await;
        assert_eq!(asks(&noa).await.ok()["expires_at"], json!(world.seconds_later(600)));
        world.clock.wind(300);
        signs_in_anew(&mut noa).await;
        assert!(fetches(&noa).await.bytes == sent.bytes, "sent again");
        assert_eq!(asks(&noa).await.ok()["expires_at"], json!(world.seconds_later(300)), "and kept no longer for that");
        world.clock.wind(300);
        signs_in_anew(&mut noa).await;
        assert_eq!(fetches(&noa).await.problem(), "copy-ended");
        copies::run_due(&world.deps).await.unwrap();
        assert_eq!((state(&noa).await, keys(&world).await, blobs(&world).len()), (json!("ended"), own, 0));
    }

    async fn a_copy_goes_with_what_it_holds(world) {
        let (noa, kim, lead) = (world.youth().await, world.officer("07").await, world.staff("03", Role::Lead).await);
        let talk = noa.writes("hej").await;
        kim.reads(talk).await;
        asks(&noa).await.ok();
        copies::run_due(&world.deps).await.unwrap();
        let path = format!("/api/v1/records/conversation/{talk}/erasure");
        lead.asks(Method::PUT, &path, Some(&json!({"reason": "asked"}))).await.ok();
        assert_eq!(fetches(&noa).await.problem(), "copy-ended");
        assert_eq!((keys(&world).await, blobs(&world).len()), (0, 0));
        asks(&noa).await.ok();
        copies::run_due(&world.deps).await.unwrap();
        assert!(!holds(&fetches(&noa).await.bytes, "\"text\""), "a new one holds it no more");
    }

    async fn a_copy_whose_maker_died_is_made_anew(world) {
        let noa = world.youth().await;
        noa.writes("hej").await;
        let own = keys(&world).await;
        asks(&noa).await.ok();
        // Somebody takes the job, and is never heard of again.
        let now = natpatrull::base::clock::Clock::now(&*world.clock);
        assert_eq!(natpatrull::base::jobs::claim(&world.deps.db, "copy", now, 1).await.unwrap().len(), 1);
        copies::run_due(&world.deps).await.unwrap();
        assert_eq!(state(&noa).await, "being-made");
        world.clock.wind(121);
        copies::run_due(&world.deps).await.unwrap();
        assert!(holds(&fetches(&noa).await.bytes, "hej"));
        has(&noa).await;
        assert_eq!(keys(&world).await, own);
    }
}
