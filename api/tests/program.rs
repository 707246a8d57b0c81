//! The program as an operator starts it: what it refuses, and the demo's town.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says what went wrong by ending")]

use std::{
    io::{BufRead, BufReader, Read},
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use entities::{account, conversation, journal_entry, report, tip, words::Role};
use natpatrull::base::chance::{Chance, SystemChance};
use sea_orm::{ColumnTrait, Database, EntityTrait, QueryFilter, QueryOrder};

/// A folder of the test's own, and the program started in it.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        let dir = std::env::temp_dir().join(format!("natpatrull-program-{}", SystemChance.uuid_v4().simple()));
        std::fs::create_dir(&dir).unwrap();
        Self(dir)
    }

    fn program(&self, words: &str, settings: &[(&str, &str)]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_natpatrull"));
        command.current_dir(&self.0).args(words.split(' ')).env("NATPATRULL_LISTEN", "127.0.0.1:0");
        command.envs(settings.iter().map(|(key, value)| (format!("NATPATRULL_{key}"), value)));
        command
    }

    fn runs(&self, words: &str, settings: &[(&str, &str)]) -> Output {
        self.program(words, settings).output().unwrap()
    }

    #[track_caller]
    fn does(&self, words: &str) {
        let output = self.runs(words, &[]);
        assert!(output.status.success(), "{words}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// The program must end, and say why.
    #[track_caller]
    fn refuses(&self, words: &str, settings: &[(&str, &str)], why: &str) {
        let output = self.runs(words, settings);
        // A key is written as it was given: small in the file, in capitals in the environment.
        let said = String::from_utf8_lossy(&output.stderr).to_lowercase();
        assert!(
            !output.status.success() && said.contains(why),
            "{words} {settings:?} must say {why:?}, it said: {said}"
        );
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

#[tokio::test]
async fn seeding_twice_gives_one_town_that_only_a_demo_opens() {
    let place = Place::new();
    place.does("seed");
    place.does("seed");
    let file = place.0.join("data/demo/natpatrull.sqlite");
    let db = Database::connect(format!("sqlite://{}", file.display())).await.unwrap();
    let officers = account::Entity::find().filter(account::Column::Role.ne(Role::Youth)).all(&db).await.unwrap();
    assert_eq!(officers.len(), 3);
    let talks = conversation::Entity::find().order_by_asc(conversation::Column::OpenedAt).all(&db).await.unwrap();
    assert_eq!(talks.len(), 4);
    assert_eq!(report::Entity::find().all(&db).await.unwrap().len(), 2);
    assert_eq!(tip::Entity::find().all(&db).await.unwrap().len(), 3);

    // Each thing happened at its own time, and the journal has them in that order.
    let newest = talks[3].opened_at;
    let hours: Vec<_> = talks.iter().map(|talk| newest.since(talk.opened_at) / 3_600_000).collect();
    assert_eq!(hours, [25, 0, 0, 0]);
    assert!(talks[0].last_at > talks[0].opened_at, "the answer came later than the question");
    assert!(newest.since(talks[1].opened_at) > 30 * 60_000, "the talks did not all begin now");
    let desk = journal_entry::Entity::find()
        .filter(journal_entry::Column::Stream.eq("desk"))
        .order_by_asc(journal_entry::Column::Pos)
        .all(&db)
        .await
        .unwrap();
    assert!(desk.len() > 10 && desk.is_sorted_by_key(|entry| entry.at), "the desk tells the town's story backwards");
    db.close().await.unwrap();

    // As its own data folder, or moved to where another's would lie.
    for words in ["serve", "work", "migrate", "admin invite --number 07"] {
        place.refuses(words, &[("DATA_DIR", "data/demo")], "belongs to a demo");
    }
    std::fs::create_dir(place.0.join("moved")).unwrap();
    for name in ["natpatrull.sqlite", "master.key"] {
        std::fs::copy(place.0.join("data/demo").join(name), place.0.join("moved").join(name)).unwrap();
    }
    place.refuses("serve", &[("DATA_DIR", "moved")], "belongs to a demo");
}

#[test]
fn a_demo_runs_on_loopback_and_on_nothing_of_anothers() {
    let place = Place::new();
    let output = place.runs("migrate", &[("DATA_DIR", "data/demo")]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for words in ["serve --demo", "seed"] {
        place.refuses(words, &[], "only on a database born of it");
        place.refuses(words, &[("DATABASE_URL", "sqlite://other.sqlite?mode=rwc")], "takes no database_url");
        place.refuses(words, &[("LISTEN", "0.0.0.0:0")], "loopback only");
    }
}

#[test]
fn a_setting_that_cannot_be_used_stops_the_start_and_is_named() {
    let place = Place::new();
    for (settings, named) in [
        (&[("LISTEN", "somewhere")][..], "listen"),
        (&[("LISTEN", "0.0.0.0:0"), ("PUSH_ALLOW_LOOPBACK", "true")], "push_allow_loopback"),
        (&[("LISTEN", "0.0.0.0:0"), ("FILM_ALLOW_LOOPBACK", "true")], "film_allow_loopback"),
        (&[("FILM_HOSTS", "[\"film.example.org/x\"]")], "film_hosts"),
        (&[("METRICS_LISTEN", "0.0.0.0:9464")], "metrics_listen"),
        (&[("BASE_URL", "http://192.0.2.1:8080")], "base_url"),
        (&[("BASE_URL", "https://[2001:db8::1]")], "base_url"),
        (&[("BASE_URL", "ftp://example.org")], "base_url"),
        (&[("BASE_URL", "example")], "base_url"),
        (&[("OPERATOR_CONTACT", "drift@example.org")], "operator_contact"),
        (&[("LOG", "info,=,x==y")], "log"),
        (&[("MASTER_KEY", "short")], "master"),
        (&[("COLOUR", "blue")], "colour"),
    ] {
        place.refuses("serve", settings, named);
    }
}

#[test]
fn the_demo_says_where_it_is_and_what_to_try() {
    let place = Place::new();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let listen = format!("127.0.0.1:{port}");
    let mut demo = place.program("serve --demo", &[("LISTEN", &listen)]);
    let mut demo = demo.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = Vec::new();
    for line in BufReader::new(demo.stdout.take().unwrap()).lines() {
        said.push(line.unwrap());
        if said.last().is_some_and(|line| line.starts_with("Ctrl-C")) {
            break;
        }
    }
    demo.kill().unwrap();
    let mut log = String::new();
    demo.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    demo.wait().unwrap();
    let said = said.join("\n");
    for part in
        [&format!("http://127.0.0.1:{port}\n"), &format!("http://localhost:{port}\n"), "  1. ", "  2. ", "  3. "]
    {
        assert!(said.contains(part), "{part} is missing in: {said}\n{log}");
    }
}
