//! A PostgreSQL cluster of the tests' own, in a temporary folder, never as root. It goes when the test process goes.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
    time::{Duration, Instant},
};

use uuid::Uuid;

struct Cluster {
    socket: PathBuf,
    /// Its closed standard input is what tells the watcher to stop the cluster.
    _watcher: Child,
}

static CLUSTER: OnceLock<Cluster> = OnceLock::new();

/// A fresh database's address.
pub async fn database() -> String {
    use sea_orm::ConnectionTrait;
    let cluster = tokio::task::spawn_blocking(|| CLUSTER.get_or_init(start).socket.clone()).await.unwrap();
    let host = cluster.display();
    let name = format!("t{}", Uuid::new_v4().simple());
    let admin = sea_orm::Database::connect(format!("postgres://test@localhost/postgres?host={host}")).await.unwrap();
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    admin.close().await.unwrap();
    format!("postgres://test@localhost/{name}?host={host}")
}

fn start() -> Cluster {
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
    let serve = as_user(&user, &bin.join("postgres"));
    let words: Vec<String> = std::iter::once(serve.get_program())
        .chain(serve.get_args())
        .map(|word| format!("'{}'", word.to_string_lossy()))
        .collect();
    let script = format!(
        "{serve} -D '{data}' -k '{dir}' -c listen_addresses= -c fsync=off -c max_connections=400 >'{dir}/log' 2>&1 & \
         pid=$!; cat >/dev/null; kill -QUIT $(head -1 '{data}/postmaster.pid'); wait $pid; rm -rf '{dir}'",
        serve = words.join(" "),
        data = data.display(),
        dir = dir.display(),
    );
    let watcher = Command::new("sh").arg("-c").arg(script).stdin(Stdio::piped()).spawn().expect("sh starts");
    let socket = dir.join(".s.PGSQL.5432");
    let since = Instant::now();
    let ready = bin.join("pg_isready");
    while !(socket.exists()
        && Command::new(&ready).arg("-h").arg(&dir).arg("-q").status().is_ok_and(|status| status.success()))
    {
        assert!(since.elapsed() < Duration::from_secs(60), "PostgreSQL did not start: see {}/log", dir.display());
        std::thread::sleep(Duration::from_millis(50));
    }
    Cluster { socket: dir, _watcher: watcher }
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
