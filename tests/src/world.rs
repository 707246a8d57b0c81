use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use entities::words::Timestamp;
use migration::{Migrator, MigratorTrait};
use natpatrull::{
    app,
    base::{chance::SystemChance, clock::Clock, config::Config},
    deps::Deps,
    http,
};
use reqwest::{Method, StatusCode};
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use serde_json::Value;
use tokio::{net::TcpListener, sync::OnceCell};
use uuid::Uuid;

use crate::postgres;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// A clock that stands still until it is wound.
pub struct HandClock(AtomicI64);

impl Default for HandClock {
    fn default() -> Self {
        Self(AtomicI64::new(1_772_366_400_000))
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

impl HandClock {
    pub fn wind(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

/// The program, served on a free port of this machine.
#[derive(Clone)]
pub struct World {
    pub url: String,
    pub deps: Deps,
    pub clock: Arc<HandClock>,
    pub http: reqwest::Client,
    _folder: Arc<Folder>,
}

struct Folder(PathBuf, Deps);

impl Drop for Folder {
    fn drop(&mut self) {
        self.1.stop.tell();
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// What the program answered.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub json: Value,
    pub bytes: Vec<u8>,
}

impl Answer {
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!(self.status.is_success(), "expected success, got {}: {}", self.status, self.json);
        self.json
    }

    /// The kind of the problem document that it must be.
    #[track_caller]
    pub fn problem(&self) -> &str {
        assert_eq!(
            self.headers.get("content-type").map(|v| v.to_str().unwrap().split(';').next().unwrap()),
            Some("application/problem+json"),
            "every refusal is a problem document; this one ({}) is not: {}",
            self.status,
            String::from_utf8_lossy(&self.bytes),
        );
        assert_eq!(self.json["status"], self.status.as_u16());
        self.json["kind"].as_str().expect("a problem has a kind")
    }
}

/// A database file whose schema stands already. What each test would migrate by itself is made once and copied;
/// tests/it/start.rs and tests/it/backup.rs migrate from nothing.
async fn migrated_file(data_dir: &Path) {
    static MADE: OnceCell<Vec<u8>> = OnceCell::const_new();
    let made = MADE.get_or_init(|| async {
        let file = std::env::temp_dir().join(format!("natpatrull-schema-{}", Uuid::new_v4().simple()));
        let db = Database::connect(format!("sqlite://{}?mode=rwc", file.display())).await.unwrap();
        Migrator::up(&db, None).await.unwrap();
        db.close().await.unwrap();
        let made = std::fs::read(&file).unwrap();
        std::fs::remove_file(&file).unwrap();
        made
    });
    std::fs::create_dir_all(data_dir).unwrap();
    let file = data_dir.join("natpatrull.sqlite");
    if !file.exists() {
        std::fs::write(file, made.await).unwrap();
    }
}

impl World {
    pub async fn start(backend: Backend) -> Self {
        Self::start_with(backend, |_| {}).await
    }

    pub async fn start_with(backend: Backend, change: impl FnOnce(&mut Config)) -> Self {
        let dir = std::env::temp_dir().join(format!("natpatrull-test-{}", Uuid::new_v4().simple()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut config = Config {
            listen: address,
            base_url: format!("http://localhost:{}", address.port()).parse().unwrap(),
            data_dir: dir.clone(),
            pwa_dir: concat!(env!("CARGO_MANIFEST_DIR"), "/pages").into(),
            push_allow_loopback: true,
            ..Config::default()
        };
        change(&mut config);
        match backend {
            _ if config.database_url.is_some() => {}
            Backend::Sqlite => migrated_file(&config.data_dir).await,
            Backend::Postgres => config.database_url = Some(postgres::migrated_database().await),
        }
        let clock = Arc::new(HandClock::default());
        let (deps, queue) = Deps::open(config, clock.clone(), Arc::new(SystemChance)).await.unwrap();
        queue.serve(deps.clone());
        let app = app::app(&deps).unwrap();
        tokio::spawn(http::serve(listener, app, deps.stop.clone()));
        Self {
            url: format!("http://{address}"),
            clock,
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            _folder: Arc::new(Folder(dir, deps.clone())),
            deps,
        }
    }

    /// Asks the program something, as whoever holds the token.
    pub async fn asks(&self, method: Method, path: &str, token: Option<&str>, body: Option<&Value>) -> Answer {
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        answer(request).await
    }

    /// The same program, asked from another address of this machine.
    pub fn from_address(&self, nth: u32) -> Self {
        let address = Ipv4Addr::from_bits(Ipv4Addr::new(127, 1, 0, 1).to_bits() + nth);
        let http = reqwest::Client::builder().no_proxy().local_address(IpAddr::from(address)).build().unwrap();
        Self { http, ..self.clone() }
    }

    /// Another program on the same data, which serves there.
    pub fn elsewhere(&self, url: String) -> Self {
        Self { url, ..self.clone() }
    }

    pub fn now(&self) -> String {
        self.clock.now().to_string()
    }

    /// A moment to come, as the wire says it.
    pub fn seconds_later(&self, seconds: i64) -> String {
        self.clock.now().plus_seconds(seconds).to_string()
    }

    /// Another program on the same database (PostgreSQL), with the same keys and a clock of its own.
    pub async fn another_node(&self) -> Self {
        let ours = &self.deps.config;
        let master_key = std::fs::read_to_string(ours.data_dir.join("master.key")).unwrap();
        Self::start_with(Backend::Postgres, |config| {
            config.database_url.clone_from(&ours.database_url);
            config.master_key = Some(master_key);
            config.actions_a_minute = ours.actions_a_minute;
        })
        .await
    }

    /// Another program on the same database and files, that serves nobody.
    pub async fn on_the_same_files(&self) -> Deps {
        let config = (*self.deps.config).clone();
        Deps::open(config, self.clock.clone(), Arc::new(SystemChance)).await.expect("a second start").0
    }

    /// Another program on the same database, with a folder of its own, that serves nobody.
    pub async fn with_another_folder(&self) -> Deps {
        let ours = &self.deps.config;
        let config = Config {
            data_dir: ours.data_dir.join("another"),
            database_url: Some(ours.database_url()),
            master_key: Some(std::fs::read_to_string(ours.data_dir.join("master.key")).unwrap()),
            ..(**ours).clone()
        };
        Deps::open(config, self.clock.clone(), Arc::new(SystemChance)).await.expect("a second start").0
    }

    /// The tables of the database.
    pub async fn tables(&self) -> Vec<String> {
        self.column(match self.deps.db.backend() {
            DbBackend::Postgres => {
                "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'"
            }
            _ => "SELECT name FROM sqlite_master WHERE type = 'table'",
        })
        .await
    }

    /// The first column of what a query finds, texts all.
    pub async fn column(&self, query: &str) -> Vec<String> {
        let rows = self.deps.db.read();
        let found = rows.query_all_raw(Statement::from_string(self.deps.db.backend(), query)).await.unwrap();
        found.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    /// How many rows each table has: whatever had an effect is seen in it.
    pub async fn effects(&self) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        for table in self.tables().await {
            let count = self.column(&format!("SELECT CAST(COUNT(*) AS TEXT) FROM \"{table}\"")).await;
            counts.insert(table, count[0].parse().unwrap());
        }
        counts
    }
}

pub async fn answer(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.expect("the program answers");
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes = response.bytes().await.expect("a whole answer").to_vec();
    let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    Answer { status, headers, json, bytes }
}

/// A time-ordered id, as a phone makes it.
pub fn id() -> Uuid {
    Uuid::now_v7()
}
