//! Starting, and what is left lying about.

use std::{path::Path, sync::Arc};

use entities::server_key;
use natpatrull::{
    base::{chance::SystemChance, clock::SystemClock, config::Config},
    deps::Deps,
};
use sea_orm::EntityTrait;
use serde_json::json;
use tests::{Backend, World, people::Person, postgres, world::id};

async fn opens(config: Config) -> Deps {
    Deps::open(config, Arc::new(SystemClock), Arc::new(SystemChance)).await.expect("a program starts").0
}

/// Several programs at once on nothing: one schema, one set of keys.
async fn start_at_once(database_url: Option<String>) {
    let dir = std::env::temp_dir().join(format!("natpatrull-start-{}", id().simple()));
    let config = || Config { data_dir: dir.clone(), database_url: database_url.clone(), ..Config::default() };
    let all = tokio::join!(opens(config()), opens(config()), opens(config()), opens(config()));
    let all = [all.0, all.1, all.2, all.3];
    for deps in &all {
        assert_eq!(deps.keys.vapid, all[0].keys.vapid);
        assert_eq!(deps.keys.signing_seed, all[0].keys.signing_seed);
        assert_eq!(deps.keys.mac("x", &[]), all[0].keys.mac("x", &[]));
    }
    let rows = server_key::Entity::find().all(all[0].db.read()).await.unwrap();
    assert_eq!(rows.len(), 5, "one row for each key");
    // What one seals, another opens.
    let sealed = all[1].keys.data.seal("a.b", id(), b"x", &SystemChance);
    assert!(sealed.is_ok());
    drop(std::fs::remove_dir_all(&dir));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_that_start_at_once_share_keys_and_schema_on_sqlite() {
    start_at_once(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_that_start_at_once_share_keys_and_schema_on_postgres() {
    start_at_once(Some(postgres::database().await)).await;
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

fn bytes_under(dir: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(bytes_under(&path));
        } else {
            all.extend(std::fs::read(path).unwrap());
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_disk_holds_no_address_and_no_word_of_people() {
    let world = World::start(Backend::Sqlite).await;
    let (noa, kim) = (world.youth().await, world.officer("07").await);
    let conversation = noa.writes("ordetsomingenfarse").await;
    kim.takes(conversation).await;
    kim.answers(conversation, "svaretsomingenfarse").await;
    let mut report = noa.report(id(), "rapportensomingenfarse", json!([]));
    report["body"]["place"] = json!("platsensomingenfarse");
    report["body"]["happened"]["words"] = json!("tidensomingenfarse");
    noa.does(report).await;
    let mut subscription = tests::push_service::PushService::start().await.subscription(true, &["scams"], &["2480"]);
    subscription["endpoint"] = json!("http://127.0.0.1:9/adressensomingenfarse");
    noa.asks(reqwest::Method::PUT, "/api/v1/push/subscription", Some(&subscription)).await.ok();

    let disk = bytes_under(&world.deps.config.data_dir);
    assert!(disk.len() > 100_000, "the database is looked at");
    let holds = |text: &str| disk.windows(text.len()).any(|part| part.eq_ignore_ascii_case(text.as_bytes()));
    assert!(holds("conversation-changed"), "the search finds what is there");
    for text in [
        "ordetsomingenfarse",
        "svaretsomingenfarse",
        "rapportensomingenfarse",
        "platsensomingenfarse",
        "tidensomingenfarse",
        "adressensomingenfarse",
        "127.0.0.1",
        &noa.code,
        &noa.secret,
        &noa.token,
        noa.cookie.split_once('=').unwrap().1,
    ] {
        assert!(!holds(text), "{text} lies on the disk");
    }
}
