//! The fault harness: people on simulated phones speak the real protocol to the real program, while the network, the
//! program, its disk and its database fail between any two steps. What each phone sent and saw goes to a file, and the
//! checker says from that alone whether the promise was kept: nothing acknowledged is lost, nothing arrives twice.

mod acts;
mod chance;
pub mod checker;
mod drain;
pub mod history;
mod phone;
mod power;
mod pull;
mod server;
mod wire;

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, atomic::Ordering},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

pub use self::power::{Disk, Power};
use self::{
    chance::Chance,
    checker::Verdict,
    history::{History, Line, State},
    phone::{Phone, Side, Town},
    server::Server,
};
use crate::{passkey::Passkey, postgres::Cluster, world::Backend};

#[derive(Clone, Debug)]
pub struct Plan {
    pub seed: u64,
    pub phones: u64,
    pub actions: u64,
    pub kills: u64,
    pub database: Backend,
    /// The disk says that the database's log is flushed when it is not.
    pub lies: bool,
    /// An older program that makes the database, and then serves beside the newer one until two thirds are done. Nothing
    /// but kills befalls the two.
    pub beside: Option<PathBuf>,
}

pub struct Report {
    pub verdict: Verdict,
    /// As it is written down.
    pub json: Value,
}

/// What is done to the server when so many actions are decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Blow {
    Kill,
    DiskFull,
    DiskGone,
    /// SQLite: another writer holds it for longer than it is waited for. PostgreSQL: stopped and started.
    DatabaseGone,
    /// PostgreSQL: all connections end, and new ones are refused for a while.
    ConnectionsCut,
    /// PostgreSQL: its own disk is full.
    DatabaseFull,
}

/// How long phones may take to come to rest when nothing fails any more. Where words were lost some never do.
const EVENING: Duration = Duration::from_secs(180);
const EVENING_AFTER_LOSS: Duration = Duration::from_secs(10);
/// How long nothing at all may be decided.
const STUCK: Duration = Duration::from_secs(60);

/// Runs a plan with `program`; what it leaves goes to `folder`, which is made anew.
pub async fn run(plan: &Plan, program: &Path, folder: &Path) -> Report {
    let since = Instant::now();
    drop(fs::remove_dir_all(folder));
    let data = folder.join("data");
    fs::create_dir_all(&data).expect("the folder can be made");
    let folder = folder.canonicalize().expect("the folder is there");
    let mut chance = Chance::of(plan.seed);

    let cluster = match plan.database {
        Backend::Sqlite => None,
        Backend::Postgres => Some(Cluster::start(true)),
    };
    let database_url = match &cluster {
        Some(cluster) => Some(cluster.database().await),
        None => None,
    };
    let power = Power::new(&folder, &folder.join("data"), plan.beside.is_none(), plan.lies);
    let first = plan.beside.as_deref().unwrap_or(program);
    let server = Server::new(first, &folder, database_url, power);
    let path = folder.join("history.jsonl");
    let town = Arc::new(Town::new(server.address, History::create(&path), plan.actions));
    let evening = if plan.lies { EVENING_AFTER_LOSS } else { EVENING };
    let mut stage = Stage { server, older: None, cluster, town: town.clone(), chance: chance.split(), lies: plan.lies };

    let phones = stage.people(plan).await;
    if plan.beside.is_some() {
        stage.renews(program).await;
    }
    town.storm.store(true, Ordering::Relaxed);
    let mut tabs = Vec::new();
    for phone in &phones {
        tabs.push(tokio::spawn(phone.clone().lives(chance.split())));
        if chance.once_in(3) {
            town.fault("two-tabs");
            tabs.push(tokio::spawn(phone.clone().lives(chance.split())));
        }
    }
    stage.blows(plan).await;

    town.storm.store(false, Ordering::Relaxed);
    town.evening.store(true, Ordering::Relaxed);
    for tab in tabs {
        tab.await.expect("a tab ends in order");
    }
    stage.evening(&phones, &mut chance, evening).await;
    town.history.flush();
    stage.server.stop();
    let live = since.elapsed();

    let lines = BufReader::new(File::open(&path).expect("the history is there")).lines();
    let lines = lines.map(|line| serde_json::from_str(&line.expect("a line")).expect("a line of the history"));
    let verdict = checker::judge(lines);
    let faults = town.faults();
    let kills = ["server-killed", "power-lost"].iter().filter_map(|kind| faults.get(kind)).sum::<u64>();
    let json = json!({
        "phones": plan.phones, "actions": verdict.actions, "kills": kills, "acknowledged": verdict.acknowledged,
        "lost": verdict.lost, "doubled": verdict.doubled, "reordered": verdict.reordered, "skipped": verdict.skipped,
        "diverged": verdict.diverged, "findings": verdict.findings, "faults": faults, "seed": plan.seed,
        "database": if plan.database == Backend::Sqlite { "sqlite" } else { "postgres" },
        "lying_flush": plan.lies, "two_versions": plan.beside.is_some(), "seconds": live.as_secs(), "seconds_judged": since.elapsed().as_secs() - live.as_secs(),
    });
    Report { verdict, json }
}

struct Stage {
    server: Server,
    /// The program of the version before, as long as it serves beside.
    older: Option<Server>,
    cluster: Option<Cluster>,
    town: Arc<Town>,
    chance: Chance,
    /// Each kill is a loss of power.
    lies: bool,
}

impl Stage {
    /// The people and their phones; the server serves when they are there.
    async fn people(&mut self, plan: &Plan) -> Vec<Arc<Phone>> {
        let officers = (plan.phones / 8).max(1);
        let companions = plan.phones / 10;
        let mut phones: Vec<Phone> = Vec::new();
        let mut links = Vec::new();
        for nth in 0..plan.phones {
            let (town, chance) = (self.town.clone(), &mut self.chance);
            let mut phone = if nth < officers {
                let number = (nth + 1).to_string();
                let link = self.server.run(&["admin", "invite", "--number", &number]);
                let link = link.split_whitespace().find(|word| word.contains("://")).expect("a link").to_owned();
                links.push(link[link.len() - 43..].to_owned());
                let passkey = Mutex::new(Passkey::of(self.server.origin()));
                Phone::new(format!("officer-{nth}"), town, chance.id(), chance.id(), Side::Officer(passkey))
            } else {
                let youths = (officers..plan.phones - companions).map(|nth| nth as usize).collect::<Vec<_>>();
                let companion = nth >= plan.phones - companions;
                let other = chance.pick(&youths).filter(|_| companion).map(|nth| &phones[*nth]);
                let secret = crate::people::secret();
                let (account, code) = match other.map(|phone| (phone.account, &phone.side)) {
                    Some((account, Side::Youth { code, .. })) => (account, code.clone()),
                    _ => (chance.id(), crate::people::digits()),
                };
                let name = if companion { format!("second-{nth}") } else { format!("youth-{nth}") };
                let mut phone = Phone::new(name, town, account, chance.id(), Side::Youth { secret, code });
                phone.companion = companion;
                if companion {
                    self.town.fault("two-devices");
                }
                phone
            };
            phone.old_app = self.chance.once_in(5);
            if phone.old_app {
                self.town.fault("older-app");
            }
            phones.push(phone);
        }
        self.server.start().await;
        for (phone, link) in phones.iter_mut().zip(links) {
            phone.accepts(&link, &mut self.chance).await;
        }
        // From here on everything is on the disk.
        self.server.stop();
        self.server.start().await;
        phones.into_iter().map(Arc::new).collect()
    }

    /// The newer program starts while the older one serves.
    async fn renews(&mut self, program: &Path) {
        let mut newer = self.server.beside(program);
        newer.start().await;
        self.town.fault("two-versions");
        self.town.doors.lock().unwrap().push(newer.address);
        self.older = Some(std::mem::replace(&mut self.server, newer));
    }

    /// The older program ends, in the middle of its work: it does not start on the newer one's schema again.
    fn retires(&mut self) {
        if let Some(mut older) = self.older.take() {
            self.town.fault("older-killed");
            self.town.doors.lock().unwrap().retain(|door| *door != older.address);
            older.kill();
        }
    }

    /// Everything that is done to the server, spread over the run.
    async fn blows(&mut self, plan: &Plan) {
        let others: &[Blow] = match plan.database {
            _ if plan.lies || plan.beside.is_some() => &[],
            Backend::Sqlite => &[Blow::DiskFull, Blow::DiskGone, Blow::DatabaseGone],
            Backend::Postgres => &[Blow::DatabaseGone, Blow::ConnectionsCut, Blow::DatabaseFull, Blow::DiskFull],
        };
        let mut blows = vec![Blow::Kill; usize::try_from(plan.kills).unwrap_or(usize::MAX)];
        // Each at least once, and one in ten.
        let rounds = 1 + blows.len() / 40;
        for nth in 0..rounds {
            for (place, blow) in others.iter().enumerate() {
                let at = (nth * others.len() + place + 1) * blows.len() / (rounds * others.len() + 1);
                blows.insert(at.min(blows.len()), *blow);
            }
        }
        let count = blows.len() as u64;
        for (nth, blow) in (0..).zip(blows) {
            let due = (nth + 1) * plan.actions / (count + 1);
            self.until(due).await;
            if due >= plan.actions / 3 * 2 {
                self.retires();
            }
            // Anywhere in what is under way.
            tokio::time::sleep(Duration::from_millis(self.chance.below(120))).await;
            self.strikes(blow).await;
        }
        self.until(plan.actions).await;
        self.retires();
    }

    /// Waits until so many actions are decided, or nobody has more to do.
    async fn until(&self, due: u64) {
        let (mut last, mut since) = (0, Instant::now());
        loop {
            let decided = self.town.decided.load(Ordering::Relaxed);
            if decided >= due {
                return;
            }
            if decided > last {
                (last, since) = (decided, Instant::now());
            }
            if since.elapsed() > if self.lies { EVENING_AFTER_LOSS } else { STUCK } {
                // The checker will say what never came.
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn strikes(&mut self, blow: Blow) {
        match blow {
            // The power of one machine would take both.
            Blow::Kill if self.older.is_some() => {
                self.town.fault("server-killed");
                self.server.kill();
                self.server.start().await;
            }
            Blow::Kill => {
                if !self.lies && self.chance.once_in(2) {
                    self.town.fault("server-killed");
                    self.server.kill();
                } else {
                    self.town.fault("power-lost");
                    self.server.lose_power(&mut self.chance);
                }
                self.server.start().await;
            }
            Blow::DiskFull | Blow::DiskGone => {
                let (disk, fault) =
                    if blow == Blow::DiskFull { (Disk::Full, "disk-full") } else { (Disk::Gone, "disk-gone") };
                self.town.fault(fault);
                self.server.disk(disk);
                tokio::time::sleep(Duration::from_millis(self.chance.between(500, 2_500))).await;
                self.server.disk(Disk::Works);
            }
            Blow::DatabaseGone | Blow::ConnectionsCut | Blow::DatabaseFull => match &mut self.cluster {
                None => {
                    self.town.fault("database-locked");
                    lock_for(&self.server.data().join("natpatrull.sqlite"), Duration::from_millis(10_500)).await;
                }
                Some(cluster) => {
                    let away = Duration::from_millis(self.chance.between(300, 2_500));
                    match blow {
                        Blow::DatabaseGone => {
                            self.town.fault("database-gone");
                            cluster.stop();
                            tokio::time::sleep(away).await;
                            cluster.start_again();
                        }
                        Blow::ConnectionsCut => {
                            self.town.fault("connections-cut");
                            cluster.refuse_for(away).await;
                        }
                        _ => {
                            self.town.fault("database-full");
                            cluster.is_full_for(away).await;
                        }
                    }
                }
            },
        }
    }

    /// Nothing fails any more: what waits is sent, everybody reads to the end, and all is written down.
    async fn evening(&mut self, phones: &[Arc<Phone>], chance: &mut Chance, most: Duration) {
        let ends = tokio::time::Instant::now() + most;
        let resting: Vec<_> = phones
            .iter()
            .map(|phone| {
                let (phone, mut chance) = (phone.clone(), chance.split());
                tokio::spawn(async move {
                    drop(tokio::time::timeout_at(ends, phone.comes_to_rest(&mut chance)).await);
                })
            })
            .collect();
        for phone in resting {
            phone.await.expect("a phone comes to rest");
        }
        // Requests that were delayed are there by now.
        tokio::time::sleep(Duration::from_millis(2_500)).await;
        let reading: Vec<_> = phones
            .iter()
            .map(|phone| {
                let (phone, mut chance) = (phone.clone(), chance.split());
                tokio::spawn(async move {
                    let read = tokio::time::timeout_at(ends, phone.reads_to_the_end(&mut chance)).await;
                    // What it does not have, the checker will miss.
                    drop(read);
                    phone.town.history.write(&phone.holds());
                })
            })
            .collect();
        for phone in reading {
            phone.await.expect("a phone reads to the end");
        }
        let mut stands = State::default();
        for (nth, phone) in phones.iter().enumerate() {
            // One officer reads the desk for all; the phones of one account see the same.
            if phone.is_officer() && nth > 0 || phone.companion {
                continue;
            }
            if let Ok(state) = phone.witnesses(chance).await {
                stands.heads.extend(state.heads);
                stands.talks.extend(state.talks);
                stands.reports.extend(state.reports);
            }
        }
        self.town.history.write(&Line::Stands { state: stands });
        self.fetches(phones, chance).await;
    }

    /// Whoever sent a file that was confirmed as whole reads it back.
    async fn fetches(&self, phones: &[Arc<Phone>], chance: &mut Chance) {
        for phone in phones {
            let whole: Vec<_> = {
                let disk = phone.disk();
                disk.files
                    .iter()
                    .filter(|file| file.done)
                    .map(|file| (file.file, file.bytes.clone()))
                    .take(10)
                    .collect()
            };
            for (file, bytes) in whole {
                let link = phone.posts(chance, &format!("/api/v1/files/{file}/link"), &json!({})).await;
                let url = link.ok().and_then(|link| link["url"].as_str().map(str::to_owned)).unwrap_or_default();
                let reply = wire::exchange(self.server.address, &wire::Request::new("GET", &url, &[], b"")).await;
                let same = reply.is_ok_and(|reply| reply.status == 200 && reply.body == bytes);
                self.town.history.write(&Line::Fetched { file, same });
            }
        }
    }
}

/// Another program writes in the database, and takes its time.
async fn lock_for(file: &Path, time: Duration) {
    use sea_orm::{ConnectOptions, ConnectionTrait, Database};
    let mut options = ConnectOptions::new(format!("sqlite://{}", file.display()));
    options.max_connections(1).sqlx_logging(false);
    let other = Database::connect(options).await.expect("the database can be opened");
    other.execute_unprepared("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE").await.expect("another may write");
    tokio::time::sleep(time).await;
    other.execute_unprepared("ROLLBACK").await.expect("another may end");
    other.close().await.expect("another may go");
}
