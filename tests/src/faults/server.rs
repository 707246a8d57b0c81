//! The real program as a process of its own, on a port of this machine, and what can be done to it.

use std::{
    fs::{self, OpenOptions},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use super::{
    chance::Chance,
    power::{Disk, Power},
    wire::{Request, exchange},
};

pub struct Server {
    program: PathBuf,
    /// Holds the data, the log and what the shim writes.
    folder: PathBuf,
    pub address: SocketAddr,
    /// What browsers call it, whichever program answers.
    origin: String,
    database_url: Option<String>,
    power: Power,
    child: Option<Child>,
}

/// Below the ports that the system gives to connections: a phone that asks while the server is down must not meet itself.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

fn free_address() -> SocketAddr {
    let start = u16::try_from(std::process::id() % 12_000).unwrap_or(0);
    (0..PORTS.end - PORTS.start)
        .map(|nth| PORTS.start + (start + nth) % (PORTS.end - PORTS.start))
        .map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
        .find(|address| TcpListener::bind(address).is_ok())
        .expect("a free port")
}

impl Server {
    /// Not started yet. `folder` is made anew.
    pub fn new(program: &Path, folder: &Path, database_url: Option<String>, power: Power) -> Self {
        fs::create_dir_all(folder.join("data")).expect("the data folder can be made");
        let address = free_address();
        Self {
            program: program.to_owned(),
            folder: folder.to_owned(),
            address,
            origin: format!("http://localhost:{}", address.port()),
            database_url,
            power,
            child: None,
        }
    }

    /// Another program on the same data, not started yet; this one runs.
    pub fn beside(&self, program: &Path) -> Self {
        Self {
            program: program.to_owned(),
            folder: self.folder.clone(),
            address: free_address(),
            origin: self.origin.clone(),
            database_url: self.database_url.clone(),
            power: self.power.clone(),
            child: None,
        }
    }

    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    pub fn origin(&self) -> &str {
        &self.origin
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(words)
            .current_dir(&self.folder)
            .env_clear()
            .env("NATPATRULL_LISTEN", self.address.to_string())
            .env("NATPATRULL_BASE_URL", &self.origin)
            .env("NATPATRULL_DATA_DIR", self.data())
            .env("NATPATRULL_PWA_DIR", concat!(env!("CARGO_MANIFEST_DIR"), "/pages"))
            .env("NATPATRULL_ACTIONS_A_MINUTE", "1000000")
            .stdin(Stdio::null());
        if let Some(url) = &self.database_url {
            command.env("NATPATRULL_DATABASE_URL", url);
        }
        command
    }

    /// Runs a command of the program beside the server and gives what it prints.
    pub fn run(&self, words: &[&str]) -> String {
        let output = self.command(words).output().expect("the program runs");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "natpatrull {words:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
        said
    }

    /// Starts it, again and again until it serves: its database may be away.
    pub async fn start(&mut self) {
        let since = Instant::now();
        loop {
            let log = OpenOptions::new().create(true).append(true).open(self.folder.join("server.log"));
            let log = log.expect("the log can be written");
            let mut command = self.command(&["serve"]);
            self.power.loads_into(&mut command);
            command.stdout(log.try_clone().expect("the log can be written")).stderr(log);
            let mut child = command.spawn().expect("the program starts");
            loop {
                if child.try_wait().expect("the program is ours").is_some() {
                    break;
                }
                if self.is_ready().await {
                    self.child = Some(child);
                    return;
                }
                assert!(
                    since.elapsed() < Duration::from_secs(60),
                    "the server does not start: see {}/server.log",
                    self.folder.display()
                );
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            assert!(
                since.elapsed() < Duration::from_secs(60),
                "the server does not start: see {}/server.log",
                self.folder.display()
            );
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    async fn is_ready(&self) -> bool {
        let reply = exchange(self.address, &Request::new("GET", "/readyz", &[], b"")).await;
        reply.is_ok_and(|reply| reply.status == 200)
    }

    /// kill -9.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("the server is ours");
            child.wait().expect("the server is ours");
        }
    }

    /// kill -9, and what was not flushed is gone from the disk.
    pub fn lose_power(&mut self, chance: &mut Chance) {
        self.kill();
        self.power.lose(chance);
    }

    /// Asks it to stop in order, and waits until it has.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
            assert!(told.is_ok_and(|status| status.success()), "the server can be told to stop");
            child.wait().expect("the server is ours");
        }
    }

    /// From now on the disk takes nothing more, or gives nothing more, or works again.
    pub fn disk(&self, state: Disk) {
        self.power.disk(state);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
