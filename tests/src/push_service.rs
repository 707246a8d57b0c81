//! A push service of the tests' own: takes what the program sends and answers as it is told. The browser tests use one
//! that a real Firefox listens to.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use entities::{
    push_subscription, sending,
    words::{AccountId, DeviceId, Locale, SendingKind, SubscriptionId, Timestamp, Topic},
};
use natpatrull::{
    base::db,
    deps::Deps,
    push::{self, Audience, NewSending},
};
use p256::elliptic_curve::Generate;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};
use uuid::Uuid;

/// One push as it arrived.
#[derive(Clone, Debug)]
pub struct Arrived {
    pub path: String,
    /// Header lines in lower case.
    pub headers: Vec<String>,
    pub signature: String,
    pub body: Vec<u8>,
}

/// What becomes of a push.
#[derive(Clone, Debug)]
pub enum Answers {
    /// A busy one says for how long.
    Status(u16),
    Never,
    /// The connection ends in the place of an answer.
    Cut,
    /// One byte after the other.
    Slowly,
    /// Elsewhere.
    Redirect(String),
    /// So many bytes come with it.
    Large(usize),
}

#[derive(Clone)]
pub struct PushService {
    pub url: String,
    pub arrived: Arc<Mutex<Vec<Arrived>>>,
    /// How often each path was told, and what about, where nothing else is kept.
    pub told: Arc<Mutex<HashMap<String, Vec<String>>>>,
    tellings: Arc<AtomicUsize>,
    answers: Arc<Mutex<Answers>>,
    keeps_all: bool,
}

impl PushService {
    pub async fn start() -> Self {
        Self::serve(Answers::Status(201), true).await
    }

    pub async fn that(answers: Answers) -> Self {
        Self::serve(answers, true).await
    }

    /// One that takes everything and keeps only who was told. It stands on other machines in life: here it has a thread of its
    /// own, which takes only what nobody else wants.
    pub async fn that_counts() -> Self {
        let (tells, told) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || {
            rustix::process::setpriority_process(None, 19).unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                drop(tells.send(Self::serve(Answers::Status(201), false).await));
                // As long as the tests run.
                std::future::pending::<()>().await;
            });
        });
        told.await.unwrap()
    }

    async fn serve(answers: Answers, keeps_all: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let service = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            arrived: Arc::default(),
            told: Arc::default(),
            tellings: Arc::default(),
            answers: Arc::new(Mutex::new(answers)),
            keeps_all,
        };
        let heard = service.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(heard.clone().hears(socket));
            }
        });
        service
    }

    /// From now on every push is answered with this status.
    pub fn answers(&self, status: u16) {
        *self.answers.lock().unwrap() = Answers::Status(status);
    }

    pub fn count(&self) -> usize {
        self.arrived.lock().unwrap().len()
    }

    /// How many were told, each time counted.
    pub fn tellings(&self) -> usize {
        self.tellings.load(Ordering::SeqCst)
    }

    /// What a browser gives when it subscribes here.
    pub fn subscription(&self, replies: bool, topics: &[&str], municipalities: &[&str]) -> Value {
        let key = p256::SecretKey::generate().public_key().to_sec1_bytes();
        json!({
            "endpoint": format!("{}/wpush/{}", self.url, Uuid::new_v4()),
            "p256dh": BASE64_URL_SAFE_NO_PAD.encode(key),
            "auth": BASE64_URL_SAFE_NO_PAD.encode(Uuid::new_v4().as_bytes()),
            "replies": replies, "topics": topics, "municipalities": municipalities, "locale": "sv",
        })
    }

    async fn hears(self, socket: TcpStream) {
        let mut socket = BufReader::new(socket);
        loop {
            let mut head = Vec::new();
            loop {
                let mut line = String::new();
                if socket.read_line(&mut line).await.unwrap_or(0) == 0 {
                    return;
                }
                if line == "\r\n" {
                    break;
                }
                head.push(line.trim_end().to_owned());
            }
            let headers: Vec<String> = head[1..].iter().map(|line| line.to_lowercase()).collect();
            let length =
                headers.iter().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
            let mut body = vec![0; length];
            if socket.read_exact(&mut body).await.is_err() {
                return;
            }
            let path = head[0].split(' ').nth(1).unwrap_or_default().to_owned();
            if self.keeps_all {
                let signed = head.iter().find(|line| line.to_lowercase().starts_with("authorization: "));
                let signature = signed.cloned().unwrap_or_default();
                self.arrived.lock().unwrap().push(Arrived { path, headers, signature, body });
            } else {
                let topic = headers.iter().find_map(|line| line.strip_prefix("topic: ")).unwrap_or_default().to_owned();
                self.told.lock().unwrap().entry(path).or_default().push(topic);
                self.tellings.fetch_add(1, Ordering::SeqCst);
            }
            let answers = self.answers.lock().unwrap().clone();
            let answer_of = |status: u16, more: &str| format!("HTTP/1.1 {status} X\r\n{more}\r\n");
            let answer = match answers {
                Answers::Status(429) => answer_of(429, "Content-Length: 0\r\nRetry-After: 30\r\n"),
                Answers::Status(status) => answer_of(status, "Content-Length: 0\r\n"),
                Answers::Never => continue,
                Answers::Cut => return,
                Answers::Slowly => {
                    for byte in answer_of(201, "Content-Length: 0\r\n").bytes() {
                        tokio::time::sleep(Duration::from_millis(500)).await;
                        if socket.write_all(&[byte]).await.is_err() {
                            return;
                        }
                    }
                    continue;
                }
                Answers::Redirect(to) => answer_of(302, &format!("Content-Length: 0\r\nLocation: {to}\r\n")),
                Answers::Large(size) => {
                    let head = answer_of(201, &format!("Content-Length: {size}\r\n"));
                    if socket.write_all(&[head.as_bytes(), &vec![b'x'; size]].concat()).await.is_err() {
                        return;
                    }
                    continue;
                }
            };
            if socket.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    }
}

/// The secret half of what the phones of [`subscribes`] give, and their other secret.
pub const PHONE_SECRET: [u8; 32] = [9; 32];
pub const PHONE_AUTH: [u8; 16] = [5; 16];

/// Phones that asked for scams, at these push services in turn, written as the program writes them.
pub async fn subscribes(deps: &Deps, services: &[&PushService], count: usize) {
    let public = p256::SecretKey::from_slice(&PHONE_SECRET).unwrap().public_key().to_sec1_bytes();
    let (p256dh, auth) = (BASE64_URL_SAFE_NO_PAD.encode(public), BASE64_URL_SAFE_NO_PAD.encode(PHONE_AUTH));
    let mut rest = count;
    while rest > 0 {
        let some = rest.min(1024);
        let rows: Vec<_> = (0..some)
            .map(|nth| {
                let (id, service) = (SubscriptionId(Uuid::new_v4()), services[(rest - nth) % services.len()]);
                let endpoint = format!("{}/wpush/{}", service.url, id.0);
                let target = json!([endpoint, p256dh, auth]).to_string();
                push_subscription::Model {
                    subscription_id: id,
                    device_id: DeviceId(Uuid::new_v4()),
                    account_id: AccountId(Uuid::new_v4()),
                    target: deps
                        .keys
                        .data
                        .seal("push_subscription.target", id.0, target.as_bytes(), &*deps.chance)
                        .unwrap(),
                    key_id: None,
                    endpoint_mac: Some(id.0.as_bytes().to_vec()),
                    replies: true,
                    topics: ",scams,".to_owned(),
                    municipalities: ",".to_owned(),
                    locale: Locale::Sv,
                    age_band: None,
                    safe_from: None,
                    safe_until: None,
                    quiet_from: None,
                    quiet_until: None,
                    telling: false,
                    plain: false,
                    failures: 0,
                    changed_at: deps.clock.now(),
                }
            })
            .collect();
        let tx = deps.db.begin().await.unwrap();
        db::insert::<push_subscription::Entity>(&tx, &rows).await.unwrap();
        tx.commit().await.unwrap();
        rest -= some;
    }
}

/// Tells all of them something, for a day.
pub async fn tells(deps: &Deps, now: Timestamp) -> Uuid {
    let entity_id = Uuid::now_v7();
    let audience = Audience { topic: Topic::Scams, municipalities: vec![], age_bands: vec![], languages: vec![] };
    let kind = SendingKind::Tip;
    let expires_at = now.plus_seconds(24 * 3600);
    let new = NewSending { kind, entity_id, audience: &audience, begins_at: now, expires_at };
    let tx = deps.db.begin().await.unwrap();
    push::send(&tx, &*deps.chance, new).await.unwrap();
    tx.commit().await.unwrap();
    entity_id
}

/// How it stands with what was told.
pub async fn sending(deps: &Deps, entity_id: Uuid) -> sending::Model {
    let of = sending::Column::EntityId.eq(entity_id);
    sending::Entity::find().filter(of).one(deps.db.read()).await.unwrap().unwrap()
}
