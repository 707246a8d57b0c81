//! A phone: its own disk, its session, and the faults on its way to the server. It speaks the protocol as
//! `openapi/README.md` tells it and knows none of the server's types.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    chance::Chance,
    history::{History, Line, Place, Told, Words},
    wire::{self, Fate, Reply, Request},
};
use crate::passkey::Passkey;

/// What all phones have in common.
pub struct Town {
    /// Where the programs listen that share the database. A request goes to any of them.
    pub doors: Mutex<Vec<SocketAddr>>,
    pub history: History,
    /// Whether the network has faults.
    pub storm: AtomicBool,
    /// Nobody does anything new; what waits is still sent.
    pub evening: AtomicBool,
    /// Actions that are still to be made, by whoever comes to it.
    pub left: AtomicU64,
    /// Actions that a phone has heard the end of.
    pub decided: AtomicU64,
    requests: AtomicU64,
    faults: Mutex<BTreeMap<&'static str, u64>>,
}

impl Town {
    pub fn new(address: SocketAddr, history: History, actions: u64) -> Self {
        Self {
            doors: Mutex::new(vec![address]),
            history,
            storm: AtomicBool::new(false),
            evening: AtomicBool::new(false),
            left: AtomicU64::new(actions),
            decided: AtomicU64::new(0),
            requests: AtomicU64::new(0),
            faults: Mutex::default(),
        }
    }

    pub fn door(&self, chance: &mut Chance) -> SocketAddr {
        let doors = self.doors.lock().unwrap();
        // With one there is no choice, so that the same seed still makes the same run.
        if let [only] = doors[..] { only } else { *chance.pick(&doors).expect("a program") }
    }

    pub fn fault(&self, fault: &'static str) {
        *self.faults.lock().unwrap().entry(fault).or_default() += 1;
        self.history.write(&Line::Fault { fault: fault.to_owned() });
    }

    pub fn faults(&self) -> BTreeMap<&'static str, u64> {
        self.faults.lock().unwrap().clone()
    }

    pub fn next_request(&self) -> u64 {
        self.requests.fetch_add(1, Ordering::Relaxed)
    }
}

pub enum Side {
    Youth { secret: String, code: String },
    Officer(Mutex<Passkey>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Queued,
    Sending,
    /// Applied, and not yet seen in the journal.
    Sent,
    /// The server said no.
    Refused,
}

/// One action in the outbox. Its text is made once and sent as it is each time.
#[derive(Clone)]
pub struct Row {
    pub action: Uuid,
    pub lane: String,
    pub kind: &'static str,
    pub after: Vec<Uuid>,
    pub recorded_at: String,
    pub body: String,
    pub state: State,
    pub attempt: u64,
    pub at: Option<Place>,
}

pub struct FileRow {
    pub file: Uuid,
    pub report: Uuid,
    pub report_action: Uuid,
    pub bytes: Vec<u8>,
    /// So much of it has been confirmed to any of the phone's tabs.
    pub confirmed: i64,
    pub done: bool,
}

/// What the phone would have in IndexedDB; each lock is one transaction.
#[derive(Default)]
pub struct Disk {
    pub registered: bool,
    pub cookie: Option<String>,
    pub outbox: Vec<Row>,
    pub files: Vec<FileRow>,
    pub cursors: HashMap<String, (i64, i64)>,
    /// The lowest position that was read of a stream, while there are older ones.
    pub older: HashMap<String, i64>,
    /// Talks and reports as they were last told.
    pub talks: BTreeMap<Uuid, Value>,
    pub reports: BTreeMap<Uuid, Value>,
    pub messages: HashMap<Uuid, BTreeMap<Uuid, Words>>,
    pub lists_due: bool,
    /// The talks that an officer has open.
    pub open: BTreeSet<Uuid>,
}

pub struct Phone {
    pub name: String,
    pub town: Arc<Town>,
    pub account: Uuid,
    pub device: Uuid,
    pub side: Side,
    /// The account was made on another phone: this one comes in by its code.
    pub companion: bool,
    /// It leaves out what the envelope did not have at first.
    pub old_app: bool,
    disk: Mutex<Disk>,
    /// Only ever in memory.
    token: Mutex<Option<String>>,
    refreshing: tokio::sync::Mutex<()>,
    /// How far the phone's clock is off, in milliseconds.
    clock: AtomicI64,
}

/// Why nothing came of a request.
#[derive(Debug)]
pub enum Trouble {
    /// No answer, or one that says to come again.
    Later,
    /// A clear no.
    No,
}

impl Phone {
    pub fn new(name: String, town: Arc<Town>, account: Uuid, device: Uuid, side: Side) -> Self {
        Self {
            name,
            town,
            account,
            device,
            side,
            companion: false,
            old_app: false,
            disk: Mutex::default(),
            token: Mutex::default(),
            refreshing: tokio::sync::Mutex::default(),
            clock: AtomicI64::new(0),
        }
    }

    pub fn disk(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock().unwrap()
    }

    pub fn is_officer(&self) -> bool {
        matches!(self.side, Side::Officer(_))
    }

    pub fn home(&self) -> String {
        if self.is_officer() { "desk".to_owned() } else { format!("inbox:{}", self.account) }
    }

    /// By the phone's own clock.
    pub fn now(&self) -> u64 {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_millis();
        u64::try_from(now).expect("before the end of days").saturating_add_signed(self.clock.load(Ordering::Relaxed))
    }

    pub fn clock_jumps(&self, chance: &mut Chance) {
        let days = 24 * 3_600_000;
        self.clock.store(chance.below(10 * days).cast_signed() - 5 * days.cast_signed(), Ordering::Relaxed);
        self.town.fault("clock-jump");
    }

    /// What was only in memory is gone, and what was on its way is found so at the next start.
    pub fn app_restarts(&self) {
        *self.token.lock().unwrap() = None;
        self.town.fault("app-restarted");
    }

    async fn send(
        &self,
        request: &Request,
        fate: Fate,
        chance: &mut Chance,
        stray: impl FnOnce(Reply) + Send + 'static,
    ) -> Result<Reply, Trouble> {
        if let Some(name) = fate.name() {
            self.town.fault(name);
        }
        wire::send(self.town.door(chance), request, fate, chance.split(), stray).await.map_err(|_| Trouble::Later)
    }

    pub fn fate(&self, chance: &mut Chance) -> Fate {
        if self.town.storm.load(Ordering::Relaxed) { Fate::of(chance) } else { Fate::Arrives }
    }

    /// A request of nobody in particular.
    async fn knocks(
        &self,
        chance: &mut Chance,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Result<Reply, Trouble> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let headers = [&[("content-type", "application/json")], headers].concat();
        let request = Request::new("POST", path, &headers, body.as_bytes());
        // A refresh that arrives after its successor was used is a theft, as it should be.
        let fate = match self.fate(chance) {
            Fate::Late => Fate::NeverSent,
            fate => fate,
        };
        self.send(&request, fate, chance, drop).await
    }

    /// The bearer, fetched when there is none or the one there was is over; one tab at a time.
    async fn bearer(&self, chance: &mut Chance, stale: Option<&str>) -> Result<String, Trouble> {
        let _alone = self.refreshing.lock().await;
        if let Some(token) = self.token.lock().unwrap().clone()
            && Some(token.as_str()) != stale
        {
            return Ok(token);
        }
        let reply = self.signs_in(chance).await?;
        let token = reply.json()["access_token"].as_str().ok_or(Trouble::Later)?.to_owned();
        let mut disk = self.disk();
        disk.registered = true;
        disk.cookie = reply.cookie;
        *self.token.lock().unwrap() = Some(token.clone());
        Ok(token)
    }

    async fn signs_in(&self, chance: &mut Chance) -> Result<Reply, Trouble> {
        let (cookie, registered) = {
            let disk = self.disk();
            (disk.cookie.clone(), disk.registered)
        };
        if let Some(cookie) = cookie {
            let headers = [("x-natpatrull", "refresh"), ("cookie", cookie.as_str())];
            let reply = self.knocks(chance, "/api/v1/identity/refresh", &headers, &Value::Null).await?;
            match reply.status {
                200 => return Ok(reply),
                401 => {}
                _ => return Err(Trouble::Later),
            }
        }
        let reply = match &self.side {
            Side::Youth { secret, code } if self.companion && !registered => {
                let puzzle = self.knocks(chance, "/api/v1/identity/puzzles", &[], &Value::Null).await?.json();
                let body = json!({
                    "code": code, "device_id": self.device, "secret": secret, "puzzle_id": puzzle["puzzle_id"],
                    "answer": solved(&puzzle).ok_or(Trouble::Later)?,
                });
                self.knocks(chance, "/api/v1/identity/code/open", &[], &body).await?
            }
            Side::Youth { secret, code } => {
                let body = json!({
                    "account_id": self.account, "device_id": self.device, "secret": secret, "code": code, "locale": "sv",
                });
                self.knocks(chance, "/api/v1/identity/devices", &[], &body).await?
            }
            Side::Officer(passkey) => {
                let asked = self.knocks(chance, "/api/v1/identity/passkeys/challenge", &[], &Value::Null).await?;
                let ceremony = if asked.status == 200 { asked.json() } else { return Err(Trouble::Later) };
                let credential = passkey.lock().unwrap().signs(&ceremony["options"]);
                let body = json!({
                    "ceremony_id": ceremony["ceremony_id"], "device_id": self.device, "credential": credential,
                });
                self.knocks(chance, "/api/v1/identity/passkeys/sign-in", &[], &body).await?
            }
        };
        if reply.status == 200 { Ok(reply) } else { Err(refused(&reply)) }
    }

    /// An officer follows the link of an invite; the account is the one that it names.
    pub async fn accepts(&mut self, link: &str, chance: &mut Chance) {
        let Side::Officer(passkey) = &self.side else { panic!("youths have no invites") };
        let open = json!({"token": link});
        let ceremony = self.knocks(chance, "/api/v1/identity/invites/open", &[], &open).await;
        let ceremony = ceremony.expect("an invite opens").json();
        let credential = passkey.lock().unwrap().is_made(&ceremony["options"]);
        let body = json!({
            "token": link, "ceremony_id": ceremony["ceremony_id"], "device_id": self.device, "credential": credential,
        });
        let reply = self.knocks(chance, "/api/v1/identity/invites/accept", &[], &body).await;
        let reply = reply.expect("an invite can be accepted");
        assert_eq!(reply.status, 200, "an invite was not taken: {}", reply.json());
        self.account = reply.json()["account_id"].as_str().and_then(|id| id.parse().ok()).expect("an account");
    }

    /// A request as the signed-in one. A 401 means one refresh and one repeat, never more.
    pub async fn asks(
        &self,
        chance: &mut Chance,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
        stray: impl Fn(Reply) + Clone + Send + 'static,
    ) -> Result<Reply, Trouble> {
        let mut token = self.bearer(chance, None).await?;
        let mut again = true;
        loop {
            let bearer = format!("Bearer {token}");
            let headers = [&[("authorization", bearer.as_str())], headers].concat();
            let fate = self.fate(chance);
            let reply = self.send(&Request::new(method, path, &headers, body), fate, chance, stray.clone()).await?;
            match reply.status {
                200 => return Ok(reply),
                401 if again => token = self.bearer(chance, Some(&token)).await?,
                _ => return Err(refused(&reply)),
            }
            again = false;
        }
    }

    pub async fn gets(&self, chance: &mut Chance, path: &str) -> Result<Value, Trouble> {
        Ok(self.asks(chance, "GET", path, &[], b"", drop).await?.json())
    }

    pub async fn posts(&self, chance: &mut Chance, path: &str, body: &Value) -> Result<Value, Trouble> {
        let json = [("content-type", "application/json")];
        Ok(self.asks(chance, "POST", path, &json, body.to_string().as_bytes(), drop).await?.json())
    }

    /// A while, longer after each failure; a twentieth of what the app waits.
    pub async fn waits(&self, chance: &mut Chance, failures: u32) {
        let most = (100u64 << failures.min(5)).min(2_000);
        tokio::time::sleep(Duration::from_millis(chance.below(most))).await;
    }
}

fn refused(reply: &Reply) -> Trouble {
    match reply.status {
        400 | 403 | 404 | 409 | 410 | 413 | 415 | 422 => Trouble::No,
        _ => Trouble::Later,
    }
}

/// The counter that a puzzle asks for.
fn solved(puzzle: &Value) -> Option<String> {
    let salt = BASE64_URL_SAFE_NO_PAD.decode(puzzle["salt"].as_str()?).ok()?;
    let bits = u32::try_from(puzzle["bits"].as_u64()?).ok()?;
    let zeros = |counter: &String| {
        let hash = Sha256::new().chain_update(&salt).chain_update(counter.as_bytes()).finalize();
        u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]).leading_zeros()
    };
    (0u64..).map(|n| n.to_string()).find(|counter| zeros(counter) >= bits)
}

/// The results of a push, as they came. One that names no action is the one of its place.
pub fn told(reply: &Reply, sent: &[Uuid]) -> Option<Vec<Told>> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let id = |value: &Value| value.as_str().and_then(|id| id.parse::<Uuid>().ok());
    let answer = reply.json();
    let results = answer["results"].as_array()?;
    let told = results.iter().zip(sent).map(|(result, sent)| {
        let (entity, at) = (&result["entity"], &result["at"]);
        Some(Told {
            action: id(&result["action_id"]).unwrap_or(*sent),
            outcome: text(&result["outcome"])?,
            original: text(&result["original"]),
            problem: text(&result["problem"]["kind"]),
            entity: id(&entity["id"]).zip(entity["revision"].as_i64()),
            at: text(&at["stream"])
                .and_then(|stream| Some(Place { stream, epoch: at["epoch"].as_i64()?, pos: at["pos"].as_i64()? })),
        })
    });
    told.collect()
}
