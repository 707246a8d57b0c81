//! Backups: made by the real program while people write, put into another place, and never a way back for what was erased.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use entities::{
    account, content_key, report_file, session,
    words::{Role, Sealed},
};
use migration::{Migrator, MigratorTrait};
use natpatrull::{
    audit, backup,
    base::{chance::SystemChance, clock::Clock, config::Config, crypto::Cipher, ledger},
    chores, copies,
    deps::Deps,
    identity,
};
use reqwest::Method;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, QueryFilter,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tests::{
    Backend, Officer, World, Youth,
    capable::hands_in,
    on_both_databases,
    people::{Person, named},
    postgres,
    program::{command, program, runs},
    world::{HandClock, id},
};
use uuid::Uuid;

use crate::erasure::{disk, erases, files_under, scrubs, sends_picture, talk, traces};
use crate::posts::{self, Shown};

/// A folder and a database, with nothing in them.
struct Place {
    dir: PathBuf,
    backend: Backend,
    url: Option<String>,
}

impl Drop for Place {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.dir));
    }
}

impl Place {
    async fn new(backend: Backend) -> Self {
        let dir = std::env::temp_dir().join(format!("natpatrull-place-{}", id().simple()));
        std::fs::create_dir(&dir).unwrap();
        let url = match backend {
            Backend::Sqlite => None,
            Backend::Postgres => Some(postgres::database().await),
        };
        Self { dir, backend, url }
    }

    /// An empty place that has the key of `world`.
    async fn with_key_of(world: &World, backend: Backend) -> Self {
        let place = Self::new(backend).await;
        std::fs::copy(world.deps.config.data_dir.join("master.key"), place.dir.join("master.key")).unwrap();
        place
    }

    fn config(&self) -> Config {
        Config { data_dir: self.dir.clone(), database_url: self.url.clone(), ..Config::default() }
    }

    async fn opens(&self) -> Result<Deps, String> {
        Ok(Deps::open(self.config(), Arc::new(HandClock::default()), Arc::new(SystemChance)).await?.0)
    }

    /// Restores in this process.
    async fn restores(&self, file: &Path, ledgers: &[PathBuf]) -> Result<backup::Restored, String> {
        let clock = Arc::new(HandClock::default());
        backup::restore(self.config(), clock, Arc::new(SystemChance), file, ledgers, |fault| panic!("{fault}")).await
    }

    /// What is in it: files, and tables of PostgreSQL.
    async fn holds(&self) -> Vec<String> {
        let mut all: Vec<String> = std::fs::read_dir(&self.dir)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        if let Some(url) = &self.url {
            let db = sea_orm::Database::connect(url).await.unwrap();
            all.extend(tables(&db).await);
            db.close().await.unwrap();
        }
        all.sort();
        all
    }

    /// The same program on another port, on what is in this place.
    async fn serves(&self) -> World {
        World::start_with(self.backend, |config| {
            config.data_dir.clone_from(&self.dir);
            config.database_url.clone_from(&self.url);
        })
        .await
    }

    async fn run(&self, args: &[&str]) -> (bool, String) {
        runs(&self.config(), args).await
    }
}

async fn tables(db: &sea_orm::DatabaseConnection) -> Vec<String> {
    let query = "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public'";
    let found = db.query_all_raw(sea_orm::Statement::from_string(DbBackend::Postgres, query)).await.unwrap();
    found.iter().map(|row| row.try_get("", "name").unwrap()).collect()
}

fn backend(world: &World) -> Backend {
    if world.deps.db.backend() == DbBackend::Postgres { Backend::Postgres } else { Backend::Sqlite }
}

/// Where backups of a test go.
fn beside(world: &World, name: &str) -> PathBuf {
    let dir = world.deps.config.data_dir.with_extension("backups");
    std::fs::create_dir_all(&dir).unwrap();
    dir.join(name)
}

fn forget_backups(world: &World) {
    drop(std::fs::remove_dir_all(world.deps.config.data_dir.with_extension("backups")));
}

async fn backs_up(world: &World, name: &str) -> PathBuf {
    let to = beside(world, name);
    backup::make(&world.deps.config, &*world.clock, &SystemChance, &to).await.unwrap();
    to
}

fn no_erasures(world: &World) -> PathBuf {
    let path = beside(world, "empty.ledger");
    std::fs::write(&path, "").unwrap();
    path
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where the head of a backup ends.
fn head_len(file: &[u8]) -> usize {
    22 + u32::from_be_bytes(file[18..22].try_into().unwrap()) as usize
}

const SEALED: usize = 64 * 1024 + 40;

/// What a backup holds, opened as docs/decisions say and not by the program.
fn opened(world: &World, file: &Path) -> Vec<u8> {
    let file = std::fs::read(file).unwrap();
    assert!(file.starts_with(b"natpatrull backup\n"));
    let (head, segments) = file.split_at(head_len(&file));
    let head = &head[22..];
    let said: Value = serde_json::from_slice(head).unwrap();
    let backup_id: Uuid = said["backup_id"].as_str().unwrap().parse().unwrap();
    let master = world.deps.masters.by_id(said["under"].as_str().unwrap()).unwrap();
    let wrapped = Sealed(BASE64_STANDARD.decode(said["key"].as_str().unwrap()).unwrap());
    let key = master.cipher.open("backup.key", backup_id, &wrapped).unwrap().try_into().unwrap();
    let (cipher, head) = (Cipher::new(&key), hex(&Sha256::digest(head)));
    let last = segments.len().div_ceil(SEALED);
    let open = |(n, segment): (usize, &[u8])| {
        let place = format!("backup.{head}.{n}.{}", if n == last { "last" } else { "more" });
        cipher.open(&place, backup_id, &Sealed(segment.to_vec())).unwrap()
    };
    (1..).zip(segments.chunks(SEALED)).flat_map(open).collect()
}

/// What the program has acknowledged.
#[derive(Clone)]
enum Acknowledged {
    Message { talk: Uuid, message: Uuid, text: String },
    File { file: Uuid, sha256: String },
}

/// Writes until told to stop: a report with a file first, and then messages.
async fn keeps_writing(noa: Youth, nth: usize, log: Arc<Mutex<Vec<Acknowledged>>>, over: Arc<AtomicBool>) {
    let says = |one| log.lock().unwrap().push(one);
    let mut talk = id();
    for n in 0.. {
        if over.load(Ordering::SeqCst) {
            return;
        }
        if n % 100 == 0 {
            let (file, named) = sends_picture(&noa, id()).await;
            says(Acknowledged::File { file, sha256: named["sha256"].as_str().unwrap().to_owned() });
        }
        if n % 40 == 39 {
            talk = id();
        }
        let text = format!("ord {n} av {nth}");
        let action = noa.message(talk, &text);
        let message = action["body"]["message_id"].as_str().unwrap().parse().unwrap();
        noa.does(action).await;
        says(Acknowledged::Message { talk, message, text });
    }
}

async fn picture(kim: &Officer, file: Uuid) -> Vec<u8> {
    let link = kim
        .asks(Method::POST, &format!("/api/v1/files/{file}/link"), Some(&json!({"reason": "investigation"})))
        .await
        .ok();
    let url = format!("{}{}", kim.world.url, link["url"].as_str().unwrap());
    kim.world.http.get(url).send().await.unwrap().error_for_status().unwrap().bytes().await.unwrap().to_vec()
}

/// Everything that was acknowledged is there, and opens.
async fn has_all(kim: &Officer, all: &[Acknowledged]) {
    let mut talks: HashMap<Uuid, HashMap<Uuid, String>> = HashMap::new();
    for one in all {
        match one {
            Acknowledged::Message { talk, message, text } => {
                if !talks.contains_key(talk) {
                    let path = format!("/api/v1/chat/conversations/{talk}/messages?limit=100");
                    let page = kim.asks(Method::GET, &path, None).await.ok();
                    let texts = page["items"].as_array().unwrap().iter().map(|item| {
                        let word = |name: &str| item[name].as_str().unwrap().to_owned();
                        (word("message_id").parse().unwrap(), word("text"))
                    });
                    talks.insert(*talk, texts.collect());
                }
                assert_eq!(talks[talk].get(message), Some(text), "an acknowledged message is missing");
            }
            Acknowledged::File { file, sha256 } => {
                assert_eq!(hex(&Sha256::digest(picture(kim, *file).await)), *sha256);
            }
        }
    }
}

fn numbers(said: &str) -> Vec<u64> {
    said.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok()).collect()
}

on_both_databases! {
    async fn a_backup_under_load_has_all_that_was_acknowledged(world, |config| config.actions_a_minute = 100_000) {
        program();
        let kim = world.officer("07").await;
        let (log, over) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let mut writers = Vec::new();
        let mut youths = Vec::new();
        for nth in 0..20 {
            let noa = world.youth().await;
            youths.push(noa.clone());
            writers.push(tokio::spawn(keeps_writing(noa, nth, log.clone(), over.clone())));
        }
        let acknowledged = || log.lock().unwrap().clone();
        let pictures = |all: &[Acknowledged]| all.iter().filter(|one| matches!(one, Acknowledged::File { .. })).count();
        while pictures(&acknowledged()) < 20 || acknowledged().len() < 500 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // An officer looks meanwhile, so that the audit log grows too.
        for one in acknowledged().iter().take(200) {
            if let Acknowledged::Message { talk, .. } = one {
                kim.sees(*talk).await;
            }
        }
        audit::seal(&world.deps).await.unwrap();

        let before = acknowledged();
        let file = beside(&world, "under-load.backup");
        let since = Instant::now();
        let (well, said) = runs(&world.deps.config, &["backup", file.to_str().unwrap()]).await;
        let took = since.elapsed();
        assert!(well, "{said}");
        let during = acknowledged().len() - before.len();
        over.store(true, Ordering::SeqCst);
        for writer in writers {
            writer.await.unwrap();
        }
        assert!(during > 0, "nobody wrote while the backup was made");
        let size = std::fs::metadata(&file).unwrap().len();

        let mut restores = Vec::new();
        for other in [Backend::Sqlite, Backend::Postgres] {
            let place = Place::with_key_of(&world, other).await;
            let ledger = no_erasures(&world);
            let since = Instant::now();
            let (well, said) = place.run(&["restore", file.to_str().unwrap(), "--erasures", ledger.to_str().unwrap()]).await;
            assert!(well, "{said}");
            restores.push((format!("{other:?}").to_lowercase(), since.elapsed().as_millis()));
            let (well, said) = place.run(&["audit", "verify"]).await;
            assert!(well && numbers(&said)[0] > 0, "{said}");

            let there = place.serves().await;
            has_all(&there.officer("99").await, &before).await;
            // Phones come back by their own secret; what was open before is not.
            assert_eq!(Youth { world: there.clone(), ..youths[0].clone() }.refreshes_with(&youths[0].cookie).await.problem(), "session-ended");
            let open = session::Entity::find().filter(session::Column::EndedAt.is_null());
            assert_eq!(open.count(there.deps.db.read()).await.unwrap(), 0);
            let mut noa = Youth { world: there.clone(), ..youths[0].clone() };
            noa.token = noa.registers().await.ok()["access_token"].as_str().unwrap().to_owned();
            // Whatever she did in the minute before counts here too.
            there.clock.wind(60);
            noa.writes("jag är kvar").await;
            audit::seal(&there.deps).await.unwrap();
            let verified = audit::verify(&there.deps, |fault| panic!("{fault}")).await.unwrap();
            assert!(verified.unsealed == 0 && verified.head.is_some());
        }
        let proof = json!({
            "backend": world.deps.db.backend().as_str(), "clients": 20, "acknowledged_before": before.len(), "acknowledged_meanwhile": during,
            "files": pictures(&before), "lost": 0, "bytes": size, "backup_ms": took.as_millis(), "restore_ms": restores.into_iter().collect::<HashMap<_, _>>(),
        });
        println!("{proof}");
        if let Ok(folder) = std::env::var("NATPATRULL_PROOF") {
            let backend = world.deps.db.backend().as_str();
            std::fs::write(format!("{folder}/backup-{backend}.json"), proof.to_string()).unwrap();
        }
        forget_backups(&world);
    }

    async fn what_was_erased_comes_back_from_no_backup(world) {
        let (noa, kim, lead) = (world.youth().await, world.officer("07").await, world.staff("03", Role::Lead).await);
        let (gone, stays, report) = (talk(&noa, &kim).await, talk(&noa, &kim).await, id());
        sends_picture(&noa, report).await;
        let traces = traces(&world, &[gone, report]).await;
        let older = backs_up(&world, "older.backup").await;
        let words = "hej, det är något som jag vill berätta".as_bytes();
        let plain = opened(&world, &older);
        assert_eq!(traces.found_in(&plain), traces.all(), "the search does not find what is there");
        assert!(!plain.windows(words.len()).any(|part| part == words), "words are sealed inside of it too");

        erases(&lead, "conversation", gone).await.ok();
        world.clock.wind(60);
        let erased_at = world.clock.now();
        erases(&lead, "report", report).await.ok();
        scrubs(&world).await;
        let newer = backs_up(&world, "newer.backup").await;
        assert_eq!(traces.found_in(&opened(&world, &newer)), [""; 0], "in a backup that was made afterwards");

        let ledger = ledger::path(&world.deps.config);
        for other in [Backend::Sqlite, Backend::Postgres] {
            for (file, erased) in [(&older, 2), (&newer, 2)] {
                let place = Place::with_key_of(&world, other).await;
                let restored = place.restores(file, std::slice::from_ref(&ledger)).await.unwrap();
                assert_eq!((restored.erased, restored.erased_until), (erased, Some(erased_at)));
                let there = place.serves().await;
                assert_eq!(traces.found_in(&disk(&there).await), [""; 0], "{other:?}, {}", file.display());
                let kim = there.officer("99").await;
                for path in [format!("/api/v1/chat/conversations/{gone}"), format!("/api/v1/reports/{report}")] {
                    let problem = kim.asks(Method::GET, &path, None).await;
                    assert!(["not-found", "erased"].contains(&problem.problem()), "{path}: {}", problem.json);
                }
                assert_eq!(kim.reads_messages(stays).await.len(), 1);
                let known = ledger::read_verified(&ledger::path(&there.deps.config)).unwrap();
                assert_eq!(known.len(), 2, "the next restore needs them too");
            }
        }
        // One that breaks off before the replay: nothing starts on it, and the keys of what was erased were never written.
        let place = Place::with_key_of(&world, backend(&world)).await;
        std::os::unix::fs::symlink(place.dir.join("no/such/folder"), place.dir.join("erasures.ledger")).unwrap();
        let broken = place.restores(&older, std::slice::from_ref(&ledger)).await.err().unwrap();
        assert!(broken.contains("was not finished"), "{broken}");
        assert!(place.opens().await.err().unwrap().contains("never finished"));
        let db = sea_orm::Database::connect(place.config().database_url()).await.unwrap();
        let keys = content_key::Entity::find().all(&db).await.unwrap();
        assert_eq!(keys.iter().map(|key| key.content_id).collect::<Vec<_>>(), [stays]);
        db.close().await.unwrap();

        // The backup knows what had been erased when it was made: a ledger that does not is the wrong one.
        let place = Place::with_key_of(&world, backend(&world)).await;
        let refused = place.restores(&newer, &[no_erasures(&world)]).await.err().unwrap();
        assert!(refused.contains("lack 2 erasures"), "{refused}");
        assert_eq!(place.holds().await, ["master.key"]);
        // One that lies in the place already counts, though an older one was named.
        std::fs::copy(&ledger, place.dir.join("erasures.ledger")).unwrap();
        assert_eq!(place.restores(&older, &[no_erasures(&world)]).await.unwrap().erased, 2);
        forget_backups(&world);
    }

    async fn a_backup_that_was_broken_off_leaves_nothing(world) {
        world.youth().await.writes("hej").await;
        let folder = |world: &World| {
            let names = std::fs::read_dir(beside(world, "").as_path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
            let mut names: Vec<_> = names.collect();
            names.sort();
            names
        };
        // One that was killed has left its draft; another one is just being made.
        std::fs::write(beside(&world, &format!("monday.backup.draft-{}", Uuid::new_v4())), "half").unwrap();
        let living = format!("tuesday.backup.draft-{}", Uuid::new_v4());
        let held = std::fs::File::create(beside(&world, &living)).unwrap();
        held.lock().unwrap();
        backs_up(&world, "wednesday.backup").await;
        assert_eq!(folder(&world), [living.clone(), "wednesday.backup".into()]);
        drop(held);

        // Told to stop while it waits for a table, it goes and takes its draft along.
        if backend(&world) == Backend::Postgres {
            let wall = world.deps.db.begin().await.unwrap();
            wall.execute_unprepared("LOCK TABLE tip IN ACCESS EXCLUSIVE MODE").await.unwrap();
            let to = beside(&world, "thursday.backup");
            let mut making = command(&world.deps.config, &["backup", to.to_str().unwrap()]).await.spawn().unwrap();
            let begun = async || while !folder(&world).iter().any(|name| name.starts_with("thursday.backup.draft-")) {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            };
            tokio::time::timeout(std::time::Duration::from_secs(60), begun()).await.expect("it begins");
            assert!(Command::new("kill").arg(making.id().to_string()).status().unwrap().success());
            let ended = tokio::task::spawn_blocking(move || making.wait().unwrap()).await.unwrap();
            assert_eq!(ended.code(), Some(1), "it says that it made none");
            assert_eq!(folder(&world), ["wednesday.backup"]);
            drop(wall);
        }
        forget_backups(&world);
    }

    async fn a_backup_that_was_tampered_with_leaves_nothing_behind(world) {
        let noa = world.youth().await;
        for _ in 0..3 {
            sends_picture(&noa, id()).await;
        }
        let file = backs_up(&world, "good.backup").await;
        let other = std::fs::read(backs_up(&world, "other.backup").await).unwrap();
        let good = std::fs::read(&file).unwrap();
        let (head, ledger) = (head_len(&good), no_erasures(&world));
        let segment = |n: usize| head + n * SEALED;
        assert!(good.len() > segment(4), "several segments are needed, not {} bytes", good.len());
        let place = Place::with_key_of(&world, backend(&world)).await;
        let empty = place.holds().await;

        let at = |text: &str| good.windows(text.len()).position(|part| part == text.as_bytes()).unwrap() + text.len() + 4;
        let mut cases: Vec<(String, Vec<u8>, &str)> = vec![
            ("nothing".into(), Vec::new(), "not a backup"),
            ("another file".into(), b"hej hej hej hej hej hej".to_vec(), "not a backup"),
        ];
        for (byte, says) in [
            (3, "not a backup"),
            (19, "head"),
            (22, "head"),
            (at("\"format\"") - 3, "format"),
            (at("\"backup_id\""), "head"),
            (at("\"made_at\""), "segment 1 "),
            (at("\"schema\""), "newer program"),
            (at("\"masters\""), "master key"),
            (at("\"under\""), "master key"),
            (at("\"key\""), "head"),
            (segment(0), "segment 1 "),
            (segment(0) + 30_000, "segment 1 "),
            (segment(2) + 5, "segment 3 "),
            (good.len() - 1, "segment"),
        ] {
            let mut bent = good.clone();
            bent[byte] ^= 1;
            cases.push((format!("byte {byte} is bent"), bent, says));
        }
        for (len, says) in [
            (10, "not a backup"), (20, "head"), (head - 1, "head"), (head, "segment 1 "), (head + 10, "segment 1 "),
            (segment(1), "segment 1 "), (segment(2), "segment 2 "), (segment(2) + 100, "segment"), (good.len() - 1, "segment"),
        ] {
            cases.push((format!("cut at {len}"), good[..len].to_vec(), says));
        }
        let parts = |order: &[usize]| {
            let mut file = good[..head].to_vec();
            for n in order {
                file.extend(&good[segment(*n)..segment(*n + 1).min(good.len())]);
            }
            file
        };
        let last = (good.len() - head).div_ceil(SEALED) - 1;
        let mut order: Vec<usize> = (0..=last).collect();
        order.swap(1, 2);
        cases.push(("two segments are swapped".into(), parts(&order), "segment 2 "));
        cases.push(("a segment is dropped".into(), parts(&[&[0], &(2..=last).collect::<Vec<_>>()[..]].concat()), "segment 2 "));
        cases.push(("the end is there twice".into(), [&good[..], &good[segment(last)..]].concat(), "segment"));
        cases.push(("something follows".into(), [&good[..], b"x"].concat(), "segment"));
        cases.push(("another backup's segments".into(), [&good[..head], &other[head_len(&other)..]].concat(), "segment 1 "));
        for (what, bytes, says) in cases {
            let bent = beside(&world, "bent.backup");
            std::fs::write(&bent, bytes).unwrap();
            let refused = place.restores(&bent, std::slice::from_ref(&ledger)).await.err();
            let refused = refused.unwrap_or_else(|| panic!("{what}: it was restored"));
            assert!(refused.contains(says), "{what}: {refused}");
            assert_eq!(place.holds().await, empty, "{what}");
        }
        // The place is as good as before.
        place.restores(&file, std::slice::from_ref(&ledger)).await.unwrap();
        forget_backups(&world);
    }

    async fn what_a_restore_needs_is_asked_for_before_anything_is_written(world) {
        let (noa, lead) = (world.youth().await, world.staff("03", Role::Lead).await);
        let talk = noa.writes("hej").await;
        let file = backs_up(&world, "good.backup").await;
        let good = no_erasures(&world);
        let kind = backend(&world);
        let refuses = async |place: &Place, ledger: &Path, says: &str| {
            let before = place.holds().await;
            let refused = place.restores(&file, &[ledger.to_owned()]).await.err();
            let refused = refused.unwrap_or_else(|| panic!("{says}: it was restored"));
            assert!(refused.contains(says), "{says}: {refused}");
            assert_eq!(place.holds().await, before, "{says}");
        };

        // No ledger, or not a good one.
        let place = Place::with_key_of(&world, kind).await;
        let (well, said) = place.run(&["restore", file.to_str().unwrap()]).await;
        assert!(!well && said.contains("--erasures"), "{said}");
        refuses(&place, &beside(&world, "no.ledger"), "no such ledger").await;
        erases(&lead, "conversation", talk).await.ok();
        let ledger = ledger::path(&world.deps.config);
        let bent = beside(&world, "bent.ledger");
        std::fs::write(&bent, std::fs::read_to_string(&ledger).unwrap().replace("conversation", "report")).unwrap();
        refuses(&place, &bent, "line 1 ").await;

        // No key, or another.
        let place = Place::new(kind).await;
        refuses(&place, &good, "master key is missing").await;
        std::fs::write(place.dir.join("master.key"), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
        refuses(&place, &good, "master key").await;

        // A place that is not empty.
        let place = Place::with_key_of(&world, kind).await;
        std::fs::create_dir_all(place.dir.join("blobs/files")).unwrap();
        refuses(&place, &good, "not empty").await;
        let place = Place::new(kind).await;
        place.opens().await.unwrap().db.close().await.unwrap();
        std::fs::copy(world.deps.config.data_dir.join("master.key"), place.dir.join("master.key")).unwrap();
        refuses(&place, &good, "not empty").await;

        // A backup goes over nothing, and one that failed leaves nothing.
        let again = backup::make(&world.deps.config, &*world.clock, &SystemChance, &file).await.err().unwrap();
        assert!(again.contains("is there already"), "{again}");
        let nowhere = backup::make(&place.config(), &*world.clock, &SystemChance, &beside(&world, "no.backup")).await;
        assert!(nowhere.is_err());
        assert!(files_under(file.parent().unwrap()).iter().all(|path| !path.to_string_lossy().contains("no.backup")));

        // A newer program's.
        let tx = world.deps.db.begin().await.unwrap();
        tx.execute_unprepared("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29991231_000001_later', 0)").await.unwrap();
        tx.commit().await.unwrap();
        let newer = backs_up(&world, "newer.backup").await;
        let place = Place::with_key_of(&world, kind).await;
        let refused = place.restores(&newer, &[ledger]).await.err().unwrap();
        assert!(refused.contains("newer program") && refused.contains("m29991231"), "{refused}");
        forget_backups(&world);
    }

    async fn a_backup_of_an_older_schema_is_brought_up_to_date(world) {
        let kind = backend(&world);
        let old = Place::with_key_of(&world, kind).await;
        let url = old.config().database_url();
        let db = sea_orm::Database::connect(url).await.unwrap();
        let all = u32::try_from(Migrator::migrations().len()).unwrap();
        Migrator::up(&db, Some(all - 1)).await.unwrap();
        let account_id = entities::words::AccountId(Uuid::new_v4());
        let row = account::ActiveModel {
            account_id: Set(account_id),
            role: Set(Role::Officer),
            public_number: Set(Some("07".to_owned())),
            code_mac: Set(None),
            locale: Set(entities::words::Locale::Sv),
            created_at: Set(world.deps.clock.now()),
            owed_bits: NotSet,
            ended_at: NotSet,
        };
        account::Entity::insert(row).exec_without_returning(&db).await.unwrap();
        db.close().await.unwrap();

        let file = beside(&world, "old.backup");
        let made = backup::make(&old.config(), &*world.clock, &SystemChance, &file).await.unwrap();
        assert!(made.counts.rows > u64::from(all) - 1);
        let place = Place::with_key_of(&world, kind).await;
        place.restores(&file, &[no_erasures(&world)]).await.unwrap();
        let deps = place.opens().await.unwrap();
        let ran = Migrator::get_applied_migrations(deps.db.read()).await.unwrap();
        assert_eq!(ran.len(), all as usize);
        assert!(account::Entity::find_by_id(account_id).one(deps.db.read()).await.unwrap().is_some());
        forget_backups(&world);
    }

    async fn words_that_left_a_phone_sealed_open_after_a_restore(world) {
        let noa = world.youth().await;
        let phone = noa.becomes_capable().await;
        let parcel = phone.parcel(&[json!({"action": noa.report(id(), "de hotar mig", json!([]))})]);
        let file = backs_up(&world, "sealed.backup").await;
        let place = Place::with_key_of(&world, backend(&world)).await;
        place.restores(&file, &[no_erasures(&world)]).await.unwrap();
        let again = place.serves().await;
        assert_eq!(hands_in(&again, &parcel).await.status, 204);
        assert_eq!(again.effects().await["report"], 1);
        forget_backups(&world);
    }

    async fn a_file_whose_tail_went_meanwhile_goes_on_from_what_is_there(world) {
        let noa = world.youth().await;
        let bytes: Vec<u8> = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00".iter().copied().chain((0..400_000u32).map(|n| (n % 251) as u8)).collect();
        let (report_id, file_id) = (id(), id());
        noa.does(noa.report(report_id, "Hot", json!([named(file_id, "image/jpeg", &bytes)]))).await;
        let sends = async |noa: &Youth, from: usize, to: usize| noa.sends_bytes(file_id, from, &bytes[from..to]).await.ok();
        sends(&noa, 0, 200_000).await;
        assert_eq!(sends(&noa, 200_000, 300_000).await["offset"], 300_000);
        // As if more bytes had come between the rows' moment and the files' turn: the tail has another name then.
        let folder = world.deps.config.data_dir.join("blobs/files").join(file_id.to_string());
        let tail = files_under(&folder).into_iter().find(|path| path.to_string_lossy().contains("000001-")).unwrap();
        std::fs::rename(&tail, tail.with_file_name("000001-100000")).unwrap();

        let file = beside(&world, "tail.backup");
        let made = backup::make(&world.deps.config, &*world.clock, &SystemChance, &file).await.unwrap();
        assert_eq!((made.counts.objects, made.counts.gone, made.lost.len()), (1, 1, 0));
        let place = Place::with_key_of(&world, backend(&world)).await;
        place.restores(&file, &[no_erasures(&world)]).await.unwrap();
        let there = place.serves().await;
        let row = report_file::Entity::find().one(there.deps.db.read()).await.unwrap().unwrap();
        assert_eq!(row.received, 256 * 1024);
        let mut noa = Youth { world: there.clone(), ..noa };
        noa.token = noa.registers().await.ok()["access_token"].as_str().unwrap().to_owned();
        assert_eq!(sends(&noa, 256 * 1024, bytes.len()).await["complete"], true);
        assert_eq!(picture(&there.officer("99").await, file_id).await, bytes);

        // A whole file of which a part is missing was lost, and that is said.
        let folder = there.deps.config.data_dir.join("blobs/files").join(file_id.to_string());
        std::fs::remove_file(folder.join("000000-262144")).unwrap();
        let made = backup::make(&there.deps.config, &*world.clock, &SystemChance, &beside(&world, "lost.backup")).await.unwrap();
        assert_eq!(made.lost.iter().map(|file| file.0).collect::<Vec<_>>(), [file_id]);
        forget_backups(&world);
    }

    async fn what_a_post_shows_is_made_anew_where_it_is_restored(world) {
        let kim = world.officer("07").await;
        let (shown, gone) = (Shown::new("image/jpeg", posts::picture(1600, 1200)), Shown::new("image/jpeg", posts::picture(80, 60)));
        let post = posts::publishes(&kim, &shown, json!({})).await;
        let withdrawn = posts::publishes(&kim, &gone, json!({})).await;
        kim.does(posts::withdrawal(&world, &withdrawn, 1)).await;
        kim.does(posts::correction(&world, &post, 1, json!({}))).await;
        let file = backs_up(&world, "posts.backup").await;
        let place = Place::with_key_of(&world, backend(&world)).await;
        place.restores(&file, &[no_erasures(&world)]).await.unwrap();
        let there = place.serves().await;
        assert_eq!(posts::read(&there, &post).await.problem(), "not-found", "what it shows is not there yet");
        chores::run_due(&there.deps).await.unwrap();
        natpatrull::files::run_due(&there.deps).await.unwrap();
        let seen = posts::read(&there, &post).await.ok();
        assert_eq!((&seen["corrections"][0]["why"], &seen["files"][0]["renditions"][0]["width"]), (&json!("Vi skrev fel länk."), &json!(720)));
        assert_eq!(shown.read(&there, &post, "small", &[]).await.status, 200);
        assert_eq!(posts::read(&there, &withdrawn).await.problem(), "not-found");
        assert_eq!(gone.read(&there, &withdrawn, "full", &[]).await.problem(), "not-found");
        forget_backups(&world);
    }

    async fn half_a_restore_and_a_demo_s_stay_what_they_are(world) {
        let link = identity::invite(&world.deps, Role::Officer, "11").await.unwrap();
        let noa = world.youth().await;
        noa.writes("före").await;
        let inbox = format!("inbox:{}", noa.account_id);
        noa.asks(Method::PUT, "/api/v1/copy", None).await.ok();
        copies::run_due(&world.deps).await.unwrap();
        assert_eq!(noa.asks(Method::GET, "/api/v1/copy", None).await.ok()["state"], "ready");
        let file = backs_up(&world, "good.backup").await;
        noa.writes("efter").await;
        let seen = noa.pulls(&inbox).await;
        // One whose first words came only after the backup.
        let ida = world.youth().await;
        let late = ida.writes("efter").await;
        let known = ida.pulls(&format!("conversation:{late}")).await;
        let kind = backend(&world);
        let place = Place::with_key_of(&world, kind).await;
        // Another log's head lies there: it is kept, and does not speak against this one's.
        std::fs::write(place.dir.join("audit.head"), "812 abcdef\n").unwrap();
        let restored = place.restores(&file, &[no_erasures(&world)]).await.unwrap();
        let aside = std::fs::read_to_string(restored.put_aside.unwrap()).unwrap();
        assert_eq!(aside, "812 abcdef\n");
        let there = place.serves().await;
        // A phone has seen places that are handed out again: it reads anew.
        let mut noa = Youth { world: there.clone(), ..noa };
        noa.token = noa.registers().await.ok()["access_token"].as_str().unwrap().to_owned();
        let copy = noa.asks(Method::GET, "/api/v1/copy/bytes", None).await;
        assert_eq!(copy.problem(), "copy-ended", "what can be made again is in no backup");
        for text in ["nytt", "nyare"] {
            noa.writes(text).await;
        }
        let cursor = json!({"epoch": seen["epoch"], "pos": seen["head"]});
        let body = json!({"device_id": noa.device_id, "envelope": 1, "streams": {inbox.clone(): cursor}});
        let pulled = noa.asks(Method::POST, "/api/v1/sync/pull", Some(&body)).await.ok();
        assert_eq!((&pulled["streams"][&inbox]["reset"], seen["head"].as_i64()), (&json!(true), Some(2)), "{pulled}");

        let mut ida = Youth { world: there.clone(), ..ida };
        ida.token = ida.registers().await.ok()["access_token"].as_str().unwrap().to_owned();
        ida.does(ida.message(late, "en gång till")).await;
        let cursor = json!({"epoch": known["epoch"], "pos": known["head"]});
        let body = json!({"device_id": ida.device_id, "envelope": 1, "streams": {format!("conversation:{late}"): cursor}});
        let pulled = ida.asks(Method::POST, "/api/v1/sync/pull", Some(&body)).await.ok();
        let again = &pulled["streams"][&format!("conversation:{late}")];
        assert_eq!((&again["reset"], &again["events"][0]["message"]["text"]), (&json!(true), &json!("en gång till")), "{pulled}");

        let body = json!({"token": link});
        let opens = there.asks(Method::POST, "/api/v1/identity/invites/open", None, Some(&body)).await;
        assert!(opens.status.is_client_error(), "an invite from before is void: {}", opens.json);
        // As a restore that was killed leaves it.
        let tx = there.deps.db.begin().await.unwrap();
        tx.execute_unprepared("CREATE TABLE restore_under_way (since INTEGER)").await.unwrap();
        tx.commit().await.unwrap();
        let refused = place.opens().await.err().unwrap();
        assert!(refused.contains("never finished"), "{refused}");
        let refused = backup::make(&place.config(), &*world.clock, &SystemChance, &beside(&world, "half.backup")).await;
        assert!(refused.err().unwrap().contains("never finished"));

        let demo = World::start_with(kind, |config| config.demo = true).await;
        let file = backs_up(&demo, "demo.backup").await;
        let place = Place::with_key_of(&demo, kind).await;
        place.restores(&file, &[no_erasures(&demo)]).await.unwrap();
        let refused = place.opens().await.err().unwrap();
        assert!(refused.contains("belongs to a demo"), "{refused}");
        forget_backups(&demo);
        forget_backups(&world);
    }
}
