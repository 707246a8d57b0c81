//! Starting, and what is left lying about.

use std::sync::Arc;

use entities::{server_key, words::Role};
use migration::{Migrator, MigratorTrait};
use natpatrull::{
    base::{chance::SystemChance, clock::SystemClock, config::Config},
    deps::Deps,
    identity, push,
};
use reqwest::Method;
use sea_orm::{DbBackend, EntityTrait};
use serde_json::json;
use tests::{
    World, on_both_databases,
    people::{Person, digits},
    postgres,
    program::serves,
    push_service::PushService,
    world::{Backend, id},
};

use crate::{erasure::files_under, sessions};

async fn opens(config: Config) -> Deps {
    Deps::open(config, Arc::new(SystemClock), Arc::new(SystemChance)).await.expect("a program starts").0
}

/// Several programs at once on nothing: one schema, one set of keys.
async fn start_at_once(database_url: Option<String>) {
    let dir = std::env::temp_dir().join(format!("natpatrull-start-{}", id().simple()));
    let config = || Config { data_dir: dir.clone(), database_url: database_url.clone(), ..Config::default() };
    // Each on a thread of its own, let go together.
    let gate = Arc::new(tokio::sync::Barrier::new(4));
    let starting: Vec<_> = std::iter::repeat_with(|| (gate.clone(), config()))
        .take(4)
        .map(|(gate, config)| {
            tokio::spawn(async move {
                gate.wait().await;
                opens(config).await
            })
        })
        .collect();
    let mut all = Vec::new();
    for started in starting {
        all.push(started.await.expect("a program starts"));
    }
    for deps in &all {
        assert_eq!(deps.keys.vapid.newest(), all[0].keys.vapid.newest());
        assert_eq!(deps.keys.parcel, all[0].keys.parcel);
        assert_eq!(deps.keys.signing_seed, all[0].keys.signing_seed);
        assert_eq!(deps.keys.mac("x", &[]), all[0].keys.mac("x", &[]));
    }
    let rows = server_key::Entity::find().all(all[0].db.read()).await.unwrap();
    assert_eq!(rows.len(), 6, "one row for each key");
    let ran = Migrator::get_applied_migrations(all[0].db.read()).await.unwrap();
    assert_eq!(ran.len(), Migrator::migrations().len(), "each change of the schema ran once");
    // What one seals, another opens.
    let sealed = all[1].keys.data.seal("a.b", id(), b"x", &SystemChance);
    assert!(sealed.is_ok());
    drop(std::fs::remove_dir_all(&dir));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn programs_that_start_at_once_share_keys_and_schema_on_sqlite() {
    start_at_once(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn programs_that_start_at_once_share_keys_and_schema_on_postgres() {
    start_at_once(Some(postgres::database().await)).await;
}

/// As where the disk of the log is full.
#[tokio::test]
async fn a_log_that_cannot_be_written_ends_nothing() {
    let world = World::start(Backend::Sqlite).await;
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap().into();
    let (mut child, there) = serves(&world, full).await;
    let noa = there.youth().await;
    let conversation = noa.writes("hör ni mig?").await;
    assert_eq!(noa.reads_messages(conversation).await.len(), 1);
    assert_eq!(child.try_wait().unwrap(), None, "it has ended");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test]
async fn a_foreign_master_key_stops_the_start() {
    let dir = std::env::temp_dir().join(format!("natpatrull-start-{}", id().simple()));
    let config = || Config { data_dir: dir.clone(), ..Config::default() };
    opens(config()).await;
    let key = dir.join("master.key");
    std::fs::write(&key, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
    let again = Deps::open(config(), Arc::new(SystemClock), Arc::new(SystemChance)).await;
    let message = again.err().expect("it must not start");
    assert!(message.contains("master key"), "{message}");
    drop(std::fs::remove_dir_all(&dir));
}

/// Everything that the program has written: its folder, and on PostgreSQL every column of every table.
async fn written(world: &World) -> Vec<u8> {
    let paths = files_under(&world.deps.config.data_dir);
    let mut all: Vec<u8> = paths.iter().flat_map(|path| std::fs::read(path).unwrap()).collect();
    if world.deps.db.backend() == DbBackend::Postgres {
        let columns = "SELECT format(
                'SELECT string_agg(%s, E''\\n'') FROM %I HAVING count(%I) > 0',
                CASE data_type WHEN 'bytea' THEN format('encode(%I, ''escape'')', column_name)
                    ELSE format('%I::text', column_name) END,
                table_name, column_name)
            FROM information_schema.columns WHERE table_schema = 'public'";
        for query in world.column(columns).await {
            for text in world.column(&query).await {
                all.extend(text.into_bytes());
                all.push(b'\n');
            }
        }
    }
    all
}

on_both_databases! {
    async fn what_is_written_holds_no_address_and_no_word_of_people(world) {
        // They come from an address that is not the program's own.
        let world = world.from_address(6);
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let conversation = noa.writes("ordetsomingenfarse").await;
        kim.takes(conversation).await;
        let service = PushService::start().await;
        let subscription = service.subscription(true, &["scams"], &["2480"]);
        noa.asks(Method::PUT, "/api/v1/push/subscription", Some(&subscription)).await.ok();
        kim.answers(conversation, "svaretsomingenfarse").await;
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 1, "a push was sent");
        let mut report = noa.report(id(), "rapportensomingenfarse", json!([]));
        report["body"]["place"] = json!("platsensomingenfarse");
        report["body"]["happened"]["words"] = json!("tidensomingenfarse");
        noa.does(report).await;
        let wrong = digits();
        assert_eq!(sessions::tries(&world, &wrong).await.problem(), "code-wrong");
        let other = sessions::opens_elsewhere(&noa).await;
        let invite = identity::invite(&world.deps, Role::Officer, "11").await.unwrap();

        let disk = written(&world).await;
        let holds = |text: &str| disk.windows(text.len()).any(|part| part.eq_ignore_ascii_case(text.as_bytes()));
        for text in ["conversation-changed", "device-added", &noa.account_id.to_string()] {
            // SQLite keeps ids as bytes.
            let bytes: &[u8] = if text.len() == 36 { noa.account_id.as_bytes() } else { text.as_bytes() };
            assert!(holds(text) || disk.windows(bytes.len()).any(|part| part == bytes), "the search does not find {text}");
        }
        for text in [
            "ordetsomingenfarse",
            "svaretsomingenfarse",
            "rapportensomingenfarse",
            "platsensomingenfarse",
            "tidensomingenfarse",
            "127.0.0.1",
            "127.1.0.7",
            "/wpush/",
            subscription["p256dh"].as_str().unwrap(),
            subscription["auth"].as_str().unwrap(),
            &wrong,
            &invite,
            &noa.code,
            &noa.secret,
            &noa.token,
            &other.token,
            noa.cookie.split_once('=').unwrap().1,
        ] {
            assert!(!holds(text), "{text} was written");
        }
    }
}

#[tokio::test]
async fn the_demo_stands_whatever_the_hour_and_the_season() {
    // From noon of the first of March: when it is tomorrow already at the station, an hour or two before Greenwich.
    for (days, minutes) in [(0, 0), (0, 11 * 60 + 30), (150, 10 * 60 + 30), (150, 11 * 60 + 30)] {
        let world = World::start_with(Backend::Sqlite, |config| config.demo = true).await;
        world.clock.wind(days * 86_400 + minutes * 60);
        natpatrull::seed::plant(&world.deps).await.unwrap();
        let reads = async |path: &str| {
            let page = world.asks(Method::GET, &format!("/api/v1/dialogues{path}"), None, None).await.ok();
            page["items"].as_array().unwrap().clone()
        };
        let rooms = reads("").await;
        let states: Vec<_> = rooms.iter().map(|room| room["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["live", "announced", "archived"], "one to try, one to be reminded of, one to read");
        for (room, shown, polls) in [(&rooms[0], 2, 1), (&rooms[2], 3, 1)] {
            let id = room["dialogue_id"].as_str().unwrap();
            assert_eq!(reads(&format!("/{id}/questions")).await.len(), shown);
            assert_eq!(reads(&format!("/{id}/polls")).await.len(), polls);
        }
    }
}
