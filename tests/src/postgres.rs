//! A PostgreSQL cluster of the tests' own, in a temporary folder, never as root. It goes when the test process goes.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
    time::{Duration, Instant},
};

use migration::{Migrator, MigratorTrait};
use sea_orm::ConnectionTrait;
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::faults::{Disk, Power};

pub struct Cluster {
    dir: PathBuf,
    bin: PathBuf,
    user: Option<String>,
    /// Its closed standard input is what tells the watcher to stop the server.
    watcher: Child,
    /// What plays its full disk.
    power: Option<Power>,
}

static CLUSTER: OnceLock<Cluster> = OnceLock::new();

async fn cluster() -> &'static Cluster {
    tokio::task::spawn_blocking(|| CLUSTER.get_or_init(|| Cluster::start(false))).await.unwrap()
}

/// A fresh database's address.
pub async fn database() -> String {
    cluster().await.database().await
}

/// The address of a database whose schema stands already: made once, and copied.
pub async fn migrated_database() -> String {
    static MADE: OnceCell<()> = OnceCell::const_new();
    let cluster = cluster().await;
    let make = || async {
        let url = cluster.makes(SCHEMA, "template1").await;
        let db = sea_orm::Database::connect(url).await.unwrap();
        Migrator::up(&db, None).await.unwrap();
        db.close().await.unwrap();
    };
    MADE.get_or_init(make).await;
    cluster.makes(&format!("t{}", Uuid::new_v4().simple()), SCHEMA).await
}

/// The database that migrated ones are copied from.
const SCHEMA: &str = "template_schema";

impl Cluster {
    /// `may_fail`: it may be stopped and started, and its disk may be full.
    pub fn start(may_fail: bool) -> Self {
        let bin = programs();
        let dir = std::env::temp_dir().join(format!("natpatrull-pg-{}", Uuid::new_v4().simple()));
        std::fs::create_dir(&dir).unwrap();
        let data = dir.join("data");
        let user = other_user();
        if let Some(user) = &user {
            run(Command::new("chown").arg(user).arg(&dir));
        }
        run(as_user(&user, &bin.join("initdb")).arg("-D").arg(&data).args([
            "-U",
            "test",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]));
        // The folder is the other user's; what the shim is told stands beside it.
        let power = may_fail.then(|| Power::new(&dir, &dir.join("data"), false, false));
        let watcher = serve(&dir, &bin, &user, power.as_ref());
        Self { dir, bin, user, watcher, power }
    }

    async fn admin(&self) -> sea_orm::DatabaseConnection {
        let url = format!("postgres://test@localhost/postgres?host={}", self.dir.display());
        sea_orm::Database::connect(url).await.unwrap()
    }

    /// A fresh database's address.
    pub async fn database(&self) -> String {
        self.makes(&format!("t{}", Uuid::new_v4().simple()), "template1").await
    }

    async fn makes(&self, name: &str, template: &str) -> String {
        let admin = self.admin().await;
        admin.execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await.unwrap();
        admin.close().await.unwrap();
        format!("postgres://test@localhost/{name}?host={}", self.dir.display())
    }

    /// At once, as if it had crashed.
    pub fn stop(&mut self) {
        drop(self.watcher.stdin.take());
        self.watcher.wait().expect("the watcher is ours");
    }

    pub fn start_again(&mut self) {
        self.watcher = serve(&self.dir, &self.bin, &self.user, self.power.as_ref());
    }

    /// Ends all connections to its databases, and takes no new ones for a while.
    pub async fn refuse_for(&self, time: Duration) {
        let admin = self.admin().await;
        let all = "datname LIKE 't%' AND datname NOT LIKE 'template%'";
        let let_in = |yes: bool| {
            format!(
                "DO $$ DECLARE name text; BEGIN FOR name IN SELECT datname FROM pg_database WHERE {all} LOOP \
                 EXECUTE format('ALTER DATABASE %I ALLOW_CONNECTIONS {yes}', name); END LOOP; END $$"
            )
        };
        admin.execute_unprepared(&let_in(false)).await.unwrap();
        let end = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {all}");
        admin.execute_unprepared(&end).await.unwrap();
        tokio::time::sleep(time).await;
        admin.execute_unprepared(&let_in(true)).await.unwrap();
        admin.close().await.unwrap();
    }

    /// Its disk has no more room for a while.
    pub async fn is_full_for(&mut self, time: Duration) {
        let power = self.power.as_ref().expect("a cluster that may fail");
        power.disk(Disk::CannotGrow);
        tokio::time::sleep(time).await;
        power.disk(Disk::Works);
        // It gives up when its log cannot grow, and not always comes back by itself.
        let since = Instant::now();
        while !answers(&self.bin, &self.dir) {
            if since.elapsed() > Duration::from_secs(3) {
                self.stop();
                return self.start_again();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
        drop(std::fs::remove_dir_all(&self.dir));
    }
}

fn serve(dir: &Path, bin: &Path, user: &Option<String>, power: Option<&Power>) -> Child {
    let data = dir.join("data");
    let serve = as_user(user, &bin.join("postgres"));
    let words: Vec<String> = std::iter::once(serve.get_program())
        .chain(serve.get_args())
        .map(|word| format!("'{}'", word.to_string_lossy()))
        .collect();
    // The cluster of all tests is never dropped: it goes with its process.
    let last = if power.is_some() { String::new() } else { format!("; rm -rf '{}'", dir.display()) };
    let script = format!(
        "{serve} -D '{data}' -k '{dir}' -c listen_addresses= -c fsync=off -c max_connections=400 >>'{dir}/log' 2>&1 & \
         pid=$!; cat >/dev/null; kill -QUIT $(head -1 '{data}/postmaster.pid') 2>>'{dir}/log'; wait $pid{last}",
        serve = words.join(" "),
        data = data.display(),
        dir = dir.display(),
    );
    let mut watcher = Command::new("sh");
    watcher.arg("-c").arg(script).stdin(Stdio::piped());
    if let Some(power) = power {
        power.loads_into(&mut watcher);
    }
    let watcher = watcher.spawn().expect("sh starts");
    let since = Instant::now();
    while !answers(bin, dir) {
        assert!(since.elapsed() < Duration::from_secs(60), "PostgreSQL did not start: see {}/log", dir.display());
        std::thread::sleep(Duration::from_millis(50));
    }
    watcher
}

fn answers(bin: &Path, dir: &Path) -> bool {
    let asked = || Command::new(bin.join("pg_isready")).arg("-h").arg(dir).arg("-q").status();
    dir.join(".s.PGSQL.5432").exists() && asked().is_ok_and(|status| status.success())
}

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}; apt-get install postgresql"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn as_user(user: &Option<String>, program: &Path) -> Command {
    match user {
        Some(user) => {
            let mut command = Command::new("runuser");
            command.args(["-u", user, "--"]).arg(program);
            command
        }
        None => Command::new(program),
    }
}

/// Who serves instead of root, which PostgreSQL refuses.
fn other_user() -> Option<String> {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    if id.stdout.trim_ascii() != b"0" {
        return None;
    }
    let known = |name: &str| Command::new("id").arg(name).output().is_ok_and(|output| output.status.success());
    Some(["postgres", "nobody"].into_iter().find(|name| known(name)).expect("a user beside root").to_owned())
}

fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").expect("apt-get install postgresql");
    let mut found: Vec<PathBuf> = versions.map(|entry| entry.unwrap().path().join("bin")).collect();
    found.sort();
    found.pop().expect("apt-get install postgresql")
}
