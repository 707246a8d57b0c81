//! A key for each talk and report, under a master key that changes while everything runs.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use entities::{
    content_key, master_key, message,
    words::{Role, Sealed},
};
use natpatrull::{base::chance::SystemChance, base::rotation, deps::Deps};
use reqwest::Method;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use tests::{
    Answer, World, Youth, on_both_databases,
    people::{Person, named},
    world::{answer, id},
};
use uuid::Uuid;

async fn messages(person: &impl Person, conversation: Uuid) -> Answer {
    person.asks(Method::GET, &format!("/api/v1/chat/conversations/{conversation}/messages"), None).await
}

/// What a thief or a fault may do to a row: words are put there that were not sealed for it.
async fn puts(world: &World, row: message::Model, text: Sealed) {
    let tx = world.deps.db.begin().await.unwrap();
    message::Model { text, ..row }.into_active_model().reset_all().update(&*tx).await.unwrap();
    tx.commit().await.unwrap();
}

/// The words of each message, and whether they are damaged.
async fn texts(person: &impl Person, conversation: Uuid) -> Vec<(String, bool)> {
    let items = messages(person, conversation).await.ok()["items"].as_array().unwrap().clone();
    let read = |item: &Value| (item["text"].as_str().unwrap().to_owned(), item["damaged"].as_bool().unwrap());
    items.iter().map(read).collect()
}

async fn rows(world: &World) -> Vec<message::Model> {
    message::Entity::find().order_by_asc(message::Column::MessageId).all(world.deps.db.read()).await.unwrap()
}

async fn sends_picture(noa: &Youth, bytes: &[u8]) -> (Uuid, Uuid) {
    let (report_id, file_id) = (id(), id());
    noa.does(noa.report(report_id, "Hot med bild", json!([named(file_id, "image/jpeg", bytes)]))).await;
    assert_eq!(noa.sends_bytes(file_id, 0, bytes).await.ok()["complete"], true);
    (report_id, file_id)
}

async fn opens_picture(person: &impl Person, file_id: Uuid) -> Result<Vec<u8>, reqwest::Error> {
    let link = person
        .asks(Method::POST, &format!("/api/v1/files/{file_id}/link"), Some(&json!({"reason": "investigation"})))
        .await
        .ok();
    let url = format!("{}{}", person.world().url, link["url"].as_str().unwrap());
    let whole = person.world().http.get(url).send().await?.error_for_status()?.bytes().await?;
    Ok(whole.to_vec())
}

fn blobs(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(blobs(&path)) } else { found.push(path) }
    }
    found
}

fn picture() -> Vec<u8> {
    let mut bytes = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00".to_vec();
    bytes.extend((0..90_000u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0]));
    bytes
}

async fn wrapped_under(world: &World, master_id: &str) -> u64 {
    let under = content_key::Entity::find().filter(content_key::Column::MasterId.eq(master_id));
    under.count(world.deps.db.read()).await.unwrap()
}

on_both_databases! {
    async fn of_two_rotations_at_once_the_second_goes_on_from_the_first(world) {
        let noa = world.youth().await;
        let mut talks = Vec::new();
        for nth in 0..40 {
            talks.push(noa.writes(&format!("samtal {nth}")).await);
        }
        let (one, other) = (world.on_the_same_files().await, world.on_the_same_files().await);
        let (one, other) = tokio::join!(rotation::rotate(&one), rotation::rotate(&other));
        assert_ne!(one.unwrap().to, other.unwrap().to);
        let fresh = world.on_the_same_files().await;
        assert_eq!(fresh.masters.all().len(), 1);
        assert_eq!(fresh.vault.keyed(&fresh.db, talks.clone(), |id| *id).await.unwrap().len(), talks.len());
    }

    async fn a_key_that_was_never_stored_hides_no_other(world) {
        let (noa, talk, other) = (world.youth().await, id(), world.on_the_same_files().await);
        // Her first try came to the other program and was lost there.
        other.vault.for_sealing(&other.db, &*other.chance, [talk].into()).await.unwrap();
        noa.does(noa.message(talk, "hej")).await;
        let row = message::Entity::find().one(world.deps.db.read()).await.unwrap().unwrap();
        let opened = other.vault.one(&other.db, talk).await.unwrap().open("message.text", row.message_id.0, &row.text);
        assert_eq!(opened.ok().as_deref(), Some(b"hej".as_slice()));
    }

    async fn a_body_that_was_moved_or_bent_does_not_open_and_hides_nothing_else(world) {
        let (noa, officer) = (world.youth().await, world.officer("07").await);
        let (first, second) = (noa.writes("första samtalet").await, noa.writes("andra samtalet").await);
        noa.does(noa.message(first, "mera i det första")).await;
        let good = rows(&world).await;
        let of = |talk: Uuid| good.iter().filter(move |row| row.conversation_id.0 == talk).collect::<Vec<_>>();
        let (a, b, c) = (of(first)[0].clone(), of(first)[1].clone(), of(second)[0].clone());

        let mut bent = a.text.clone();
        bent.0[30] ^= 1;
        let cut = Sealed(a.text.0[..a.text.0.len() - 1].to_vec());
        for (what, text) in [("the other's of its talk", b.text.clone()), ("another talk's", c.text.clone()), ("bent", bent), ("cut", cut)] {
            puts(&world, a.clone(), text).await;
            let (mine, hers) = (texts(&noa, first).await, texts(&officer, first).await);
            assert_eq!(mine, [("".into(), true), ("mera i det första".into(), false)], "{what}");
            assert_eq!((hers, texts(&officer, second).await), (mine, vec![("andra samtalet".into(), false)]), "{what}");
            let desk = officer.pulls("desk").await.to_string();
            assert!(desk.contains("mera i det första") && desk.contains("andra samtalet"), "{what}: {desk}");
            assert!(!desk.contains("första samtalet"), "{what}: {desk}");
        }
        puts(&world, a.clone(), a.text.clone()).await;
        assert_eq!(messages(&officer, first).await.ok()["items"][0]["text"], "första samtalet");
    }

    async fn a_file_that_was_bent_cut_or_swapped_does_not_open(world) {
        let (noa, officer) = (world.youth().await, world.officer("07").await);
        let bytes = picture();
        let (_, file) = sends_picture(&noa, &bytes).await;
        assert_eq!(opens_picture(&officer, file).await.unwrap(), bytes);
        let (_, other) = sends_picture(&noa, &bytes).await;
        let folder = world.deps.config.data_dir.join("blobs");
        let [mine, others] = [file, other].map(|file| {
            let at = blobs(&folder).into_iter().find(|path| path.to_string_lossy().contains(&file.to_string()));
            at.expect("the picture has an object")
        });
        let sealed = std::fs::read(&mine).unwrap();
        let mut bent = sealed.clone();
        bent[70_000] ^= 1;
        for (what, object) in [("bent", bent), ("cut", sealed[..70_000].to_vec()), ("another report's", std::fs::read(&others).unwrap())] {
            std::fs::write(&mine, object).unwrap();
            assert!(opens_picture(&officer, file).await.is_err(), "{what}: it opened");
        }
        std::fs::write(&mine, sealed).unwrap();
        assert_eq!(opens_picture(&officer, file).await.unwrap(), bytes);
    }

    async fn each_talk_and_report_has_a_key_of_its_own_and_nothing_opens_without_it(world) {
        let (noa, officer) = (world.youth().await, world.officer("07").await);
        let conversation = noa.writes("hej").await;
        officer.takes(conversation).await;
        officer.answers(conversation, "hej du").await;
        let report_id = id();
        noa.does(noa.report(report_id, "Hot", json!([]))).await;
        let keys = content_key::Entity::find().all(world.deps.db.read()).await.unwrap();
        let mut whose: Vec<_> = keys.iter().map(|key| key.content_id).collect();
        whose.sort();
        assert_eq!(whose, [conversation, report_id]);

        let tx = world.deps.db.begin().await.unwrap();
        content_key::Entity::delete_many().exec(&*tx).await.unwrap();
        tx.commit().await.unwrap();
        for id in [conversation, report_id] {
            world.deps.vault.forget(id);
        }
        assert_eq!(texts(&officer, conversation).await, vec![(String::new(), true); 2]);
        let report = officer.asks(Method::GET, &format!("/api/v1/reports/{report_id}"), None).await.ok();
        assert_eq!((&report["damaged"], &report["what"]), (&json!(true), &json!("")));
        assert!(report.get("place").is_none() && report["happened"].get("words").is_none(), "{report}");
    }

    async fn what_has_a_damaged_key_takes_nothing_and_keeps_nobody_from_the_rest(world) {
        let (noa, officer, lead) = (world.youth().await, world.officer("07").await, world.staff("03", Role::Lead).await);
        let (damaged, good, report, picture) = (noa.writes("hej").await, noa.writes("hallå").await, id(), picture());
        let (pictured, file) = sends_picture(&noa, &picture).await;
        noa.does(noa.report(report, "Hot", json!([]))).await;
        let hold = json!({"reason": "Det utreds", "until": world.seconds_later(3600)});
        for (kind, id) in [("conversation", damaged), ("conversation", good)] {
            lead.asks(Method::PUT, &format!("/api/v1/records/{kind}/{id}/hold"), Some(&hold)).await;
        }
        let tx = world.deps.db.begin().await.unwrap();
        for id in [damaged, pictured] {
            let mut key = content_key::Entity::find_by_id(id).one(&*tx).await.unwrap().unwrap();
            key.wrapped.0[40] ^= 1;
            key.into_active_model().reset_all().update(&*tx).await.unwrap();
            world.deps.vault.forget(id);
        }
        tx.commit().await.unwrap();

        for person_sees in [texts(&noa, damaged).await, texts(&officer, damaged).await] {
            assert_eq!(person_sees, [(String::new(), true)]);
        }
        let desk = officer.pulls("desk").await.to_string();
        assert!(desk.contains("hallå") && desk.contains("vid skolan"), "{desk}");
        for path in ["/api/v1/chat/conversations", "/api/v1/reports"] {
            let items = officer.asks(Method::GET, path, None).await.ok()["items"].as_array().unwrap().clone();
            assert_eq!(items.len(), 2, "{path}: {items:?}");
        }
        let holds = lead.asks(Method::GET, "/api/v1/records/holds", None).await.ok();
        let mut reasons: Vec<_> = holds["items"].as_array().unwrap().iter().map(|hold| (hold["reason"].as_str().unwrap(), hold["damaged"] == true)).collect();
        reasons.sort_unstable();
        assert_eq!(reasons, [("", true), ("Det utreds", false)]);
        let link = noa.asks(Method::POST, &format!("/api/v1/files/{file}/link"), None).await.ok();
        let url = format!("{}{}", world.url, link["url"].as_str().unwrap());
        assert_eq!(answer(world.http.get(url)).await.problem(), "damaged");

        // Nothing can be sealed under it: the words go elsewhere, and what came with them arrives.
        let results = noa.pushes(&[noa.message(damaged, "är du där?"), noa.message(good, "hör du?")]).await;
        assert_eq!((&results[0]["outcome"], &results[0]["problem"]["kind"]), (&json!("refused"), &json!("damaged")));
        assert_eq!(results[1]["outcome"], "applied");
        assert_eq!(texts(&officer, good).await.len(), 2);
    }

    async fn two_programs_that_make_a_key_for_one_talk_agree_on_the_first(world) {
        let noa = world.youth().await;
        let talk = id();
        // The other program has made a key for the talk and stores it first.
        let other = world.on_the_same_files().await;
        let key = other.vault.for_sealing(&other.db, &SystemChance, [talk].into()).await.unwrap().remove(&talk).unwrap();
        let here = world.deps.vault.for_sealing(&world.deps.db, &SystemChance, [talk].into()).await.unwrap();
        assert!(here[&talk].new.is_some(), "this program does not know of it yet");
        let tx = other.db.begin().await.unwrap();
        other.vault.store(&tx, &SystemChance, world.deps.clock.now(), key.new.iter()).await.unwrap();
        tx.commit().await.unwrap();

        let tx = world.deps.db.begin().await.unwrap();
        let late = world.deps.vault.store(&tx, &SystemChance, world.deps.clock.now(), here[&talk].new.iter()).await;
        assert!(late.is_err(), "what was sealed under a second key is sealed anew");
        drop(tx);
        noa.does(noa.message(talk, "vems nyckel?")).await;
        assert_eq!(messages(&noa, talk).await.ok()["items"][0]["text"], "vems nyckel?");
        let one = content_key::Entity::find().count(world.deps.db.read()).await.unwrap();
        assert_eq!(one, 1);
    }

    async fn the_master_key_changes_while_people_write_though_it_is_killed_three_times(world, |config| config.actions_a_minute = 100_000) {
        let youths = {
            let mut youths = Vec::new();
            for _ in 0..60 {
                youths.push(world.youth().await);
            }
            youths
        };
        let mut talks: Vec<(Youth, Uuid, String)> = Vec::new();
        for noa in &youths {
            let actions: Vec<(Uuid, Value)> = (0..15)
                .map(|nth| {
                    let talk = id();
                    (talk, noa.message(talk, &format!("samtal {nth}")))
                })
                .collect();
            let sent: Vec<Value> = actions.iter().map(|(_, action)| action.clone()).collect();
            let results = noa.pushes(&sent).await;
            assert!(results.iter().all(|result| result["outcome"] == "applied"), "{results:?}");
            talks.extend(actions.into_iter().map(|(talk, action)| (noa.clone(), talk, action["body"]["text"].as_str().unwrap().to_owned())));
        }
        let old = world.deps.masters.current().id;
        assert_eq!(wrapped_under(&world, &old).await, 900);

        // They go on writing, old talks and new ones, until the key has changed.
        let over = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = youths.iter().take(20).cloned().map(|noa| {
            let (over, old_talk) = (over.clone(), talks.iter().find(|(who, ..)| who.account_id == noa.account_id).unwrap().1);
            tokio::spawn(async move {
                let mut written = Vec::new();
                while !over.load(Ordering::SeqCst) {
                    // Few talks may be open at once.
                    if written.len() < 4 {
                        let talk = id();
                        noa.does(noa.message(talk, "nytt")).await;
                        written.push((noa.clone(), talk, "nytt".to_owned()));
                    }
                    noa.does(noa.message(old_talk, "mera")).await;
                    messages(&noa, old_talk).await.ok();
                }
                written
            })
        }).collect();

        let mut done_before = 0;
        for kill in 1..=3 {
            let rotating = world.on_the_same_files().await;
            let new = |deps: &Deps| deps.masters.current().id;
            let watch = async {
                loop {
                    let under_new = match new(&rotating) {
                        id if id == old => 0,
                        id => wrapped_under(&world, &id).await,
                    };
                    if under_new > done_before {
                        return under_new;
                    }
                    tokio::task::yield_now().await;
                }
            };
            done_before = tokio::select! {
                ended = rotation::rotate(&rotating) => panic!("{kill}: it came to its end: {:?}", ended.map(|done| done.keys)),
                under_new = watch => under_new,
            };
        }
        let rotating = world.on_the_same_files().await;
        let done = rotation::rotate(&rotating).await.unwrap();
        over.store(true, Ordering::SeqCst);
        for writer in writers {
            talks.extend(writer.await.unwrap());
        }
        assert_ne!(done.to, old);
        assert_eq!(wrapped_under(&world, &old).await, 0);
        let names = master_key::Entity::find().all(world.deps.db.read()).await.unwrap();
        assert_eq!(names.iter().map(|name| &name.master_id).collect::<Vec<_>>(), [&done.to]);

        // A program that starts with the new key alone reads all of it.
        assert_eq!(std::fs::read_to_string(world.deps.config.data_dir.join("master.key")).unwrap().lines().count(), 1);
        let fresh = world.on_the_same_files().await;
        assert_eq!(fresh.masters.all().len(), 1);
        let ids: Vec<Uuid> = talks.iter().map(|(_, talk, _)| *talk).collect();
        let keys = fresh.vault.keyed(&fresh.db, ids.clone(), |id| *id).await.unwrap();
        assert_eq!(keys.len(), ids.len());
        for (noa, talk, text) in talks.iter().step_by(50) {
            assert_eq!(messages(noa, *talk).await.ok()["items"][0]["text"], **text);
        }
        // The one that ran all along takes new talks too, and so wraps under the new key.
        let talk = youths[59].writes("efteråt").await;
        let row = content_key::Entity::find_by_id(talk).one(world.deps.db.read()).await.unwrap().unwrap();
        assert_eq!(row.master_id, done.to);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_with_keys_does_not_start_without_its_master_key() {
    let world = World::start(tests::Backend::Sqlite).await;
    let noa = world.youth().await;
    noa.writes("hej").await;
    let key = world.deps.config.data_dir.join("master.key");
    std::fs::rename(&key, key.with_extension("away")).unwrap();
    let again = Deps::open((*world.deps.config).clone(), world.clock.clone(), Arc::new(SystemChance)).await;
    let message = again.err().expect("it must not start");
    assert!(message.contains("the master key is missing"), "{message}");
    assert!(!key.exists(), "a new one was made");
}
