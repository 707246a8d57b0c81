//! The people of the tests. They do everything through public HTTP; only an officer's token is signed here, because a
//! passkey needs a browser (the browser tests use a real one).

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use entities::words::{AccountId, DeviceId, Role, SessionId};
use natpatrull::{
    base::{
        crypto::hex,
        tokens::{self, Claims},
    },
    push,
};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    passkey::Passkey,
    push_service::PushService,
    world::{Answer, World, id},
};

#[derive(Clone)]
pub struct Youth {
    pub world: World,
    pub account_id: Uuid,
    pub device_id: Uuid,
    pub secret: String,
    pub code: String,
    pub token: String,
    /// The refresh cookie, as `name=value`.
    pub cookie: String,
}

#[derive(Clone)]
pub struct Officer {
    pub world: World,
    pub account_id: Uuid,
    pub device_id: Uuid,
    pub number: String,
    pub role: Role,
    pub token: String,
}

/// An invite as the officer who made it has it.
#[derive(Clone)]
pub struct Invite {
    pub invite_id: Uuid,
    /// What stands in its link.
    pub secret: String,
    pub word: String,
}

/// Sixteen digits.
pub fn digits() -> String {
    Uuid::new_v4().as_bytes().map(|byte| char::from(b'0' + byte % 10)).iter().collect()
}

pub fn secret() -> String {
    BASE64_URL_SAFE_NO_PAD.encode([Uuid::new_v4().into_bytes(), Uuid::new_v4().into_bytes()].concat())
}

pub fn cookie(answer: &Answer) -> String {
    let cookie = answer.headers.get("set-cookie").expect("a session sets its cookie").to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

/// How a report names a file.
pub fn named(file_id: Uuid, media_type: &str, bytes: &[u8]) -> Value {
    json!({"file_id": file_id, "sha256": hex(&Sha256::digest(bytes)), "size": bytes.len(), "media_type": media_type})
}

impl World {
    /// A youth whose phone has just made an account.
    pub async fn youth(&self) -> Youth {
        let mut youth = Youth {
            world: self.clone(),
            account_id: Uuid::new_v4(),
            device_id: Uuid::new_v4(),
            secret: secret(),
            code: digits(),
            token: String::new(),
            cookie: String::new(),
        };
        let answer = youth.registers().await;
        youth.cookie = cookie(&answer);
        youth.token = answer.ok()["access_token"].as_str().unwrap().to_owned();
        youth
    }

    pub async fn refreshes_with(&self, cookie: &str) -> Answer {
        let path = format!("{}/api/v1/identity/refresh", self.url);
        crate::world::answer(self.http.post(path).header("x-natpatrull", "refresh").header("cookie", cookie)).await
    }

    /// Someone follows an invite's link and makes a passkey.
    pub async fn follows_invite(&self, link: &str, key: &mut Passkey) -> Answer {
        let open = json!({"token": link});
        let ceremony = self.asks(Method::POST, "/api/v1/identity/invites/open", None, Some(&open)).await.ok();
        let body = json!({
            "token": link, "ceremony_id": ceremony["ceremony_id"], "device_id": Uuid::new_v4(),
            "credential": key.is_made(&ceremony["options"]),
        });
        self.asks(Method::POST, "/api/v1/identity/invites/accept", None, Some(&body)).await
    }

    pub async fn officer(&self, number: &str) -> Officer {
        self.staff(number, Role::Officer).await
    }

    pub async fn staff(&self, number: &str, role: Role) -> Officer {
        let deps = &self.deps;
        let tx = deps.db.begin().await.unwrap();
        let account_id = natpatrull::identity::plant_officer(deps, &tx, deps.clock.now(), number, role).await.unwrap();
        tx.commit().await.unwrap();
        let officer = Officer {
            world: self.clone(),
            account_id: account_id.0,
            device_id: Uuid::new_v4(),
            number: number.to_owned(),
            role,
            token: String::new(),
        };
        officer.with_a_new_token()
    }
}

/// What youths and officers have in common: they push and pull.
pub trait Person {
    fn world(&self) -> &World;
    fn token(&self) -> &str;
    fn account_id(&self) -> Uuid;
    fn device_id(&self) -> Uuid;

    fn asks(&self, method: Method, path: &str, body: Option<&Value>) -> impl Future<Output = Answer> {
        async move { self.world().asks(method, path, Some(self.token()), body).await }
    }

    fn push_body(&self, actions: &[Value]) -> Value {
        json!({"device_id": self.device_id(), "account_id": self.account_id(), "envelope": 1, "app_version": "test", "actions": actions})
    }

    /// Pushes actions and gives back how each ended.
    fn pushes(&self, actions: &[Value]) -> impl Future<Output = Vec<Value>> {
        async move {
            let body = self.push_body(actions);
            let answer = self.asks(Method::POST, "/api/v1/sync/push", Some(&body)).await.ok();
            answer["results"].as_array().unwrap().clone()
        }
    }

    /// Pushes one action that must be applied.
    fn does(&self, action: Value) -> impl Future<Output = Value> {
        async move {
            let result = self.pushes(std::slice::from_ref(&action)).await.remove(0);
            assert_eq!(result["outcome"], "applied", "{action} ended as {result}");
            result
        }
    }

    /// Sends bytes of a file from a place on.
    fn sends_bytes(&self, file_id: Uuid, from: usize, bytes: &[u8]) -> impl Future<Output = Answer> {
        let request = self.world().http.patch(format!("{}/api/v1/files/{file_id}", self.world().url));
        let request = request.bearer_auth(self.token()).header("upload-offset", from.to_string());
        crate::world::answer(request.header("content-type", "application/octet-stream").body(bytes.to_vec()))
    }

    /// Everything there is in a stream.
    fn pulls(&self, stream: &str) -> impl Future<Output = Value> {
        async move {
            let body = json!({"device_id": self.device_id(), "envelope": 1, "streams": {stream: {"tail": 200}}});
            let answer = self.asks(Method::POST, "/api/v1/sync/pull", Some(&body)).await.ok();
            answer["streams"][stream].clone()
        }
    }

    /// Opens the live stream.
    fn listens(&self) -> impl Future<Output = Listening> {
        async move {
            let url = format!("{}/api/v1/sync/stream", self.world().url);
            let response = self.world().http.get(url).bearer_auth(self.token()).send().await.unwrap();
            assert_eq!(response.status(), 200);
            Listening { response, read: Vec::new() }
        }
    }

    fn reads_messages(&self, conversation_id: Uuid) -> impl Future<Output = Vec<Value>> {
        async move {
            let path = format!("/api/v1/chat/conversations/{conversation_id}/messages");
            self.asks(Method::GET, &path, None).await.ok()["items"].as_array().unwrap().clone()
        }
    }

    fn sees(&self, conversation_id: Uuid) -> impl Future<Output = Value> {
        async move { self.asks(Method::GET, &format!("/api/v1/chat/conversations/{conversation_id}"), None).await.ok() }
    }
}

/// A live stream that is being read.
pub struct Listening {
    response: reqwest::Response,
    read: Vec<u8>,
}

impl Listening {
    /// The next event and its data; nothing when the program has closed the stream. Half a minute is far more than any
    /// event may take: what is waited for comes.
    pub async fn hears(&mut self) -> Option<(String, Value)> {
        tokio::time::timeout(Duration::from_secs(30), self.next()).await.expect("the stream says something")
    }

    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some(end) = self.read.windows(2).position(|pair| pair == b"\n\n") {
                let frame: Vec<u8> = self.read.drain(..end + 2).collect();
                let frame = String::from_utf8(frame).unwrap();
                let line = |name: &str| frame.lines().find_map(|line| line.strip_prefix(name));
                // A comment keeps the connection and says nothing.
                if let Some(event) = line("event: ") {
                    return Some((event.to_owned(), serde_json::from_str(line("data: ").unwrap()).unwrap()));
                }
                continue;
            }
            self.read.extend(self.response.chunk().await.unwrap()?);
        }
    }
}

macro_rules! person {
    ($name:ident) => {
        impl Person for $name {
            fn world(&self) -> &World {
                &self.world
            }
            fn token(&self) -> &str {
                &self.token
            }
            fn account_id(&self) -> Uuid {
                self.account_id
            }
            fn device_id(&self) -> Uuid {
                self.device_id
            }
        }
    };
}
person!(Youth);
person!(Officer);

impl Youth {
    pub async fn registers(&self) -> Answer {
        let body = json!({
            "account_id": self.account_id, "device_id": self.device_id, "secret": self.secret, "code": self.code, "locale": "sv",
        });
        self.world.asks(Method::POST, "/api/v1/identity/devices", None, Some(&body)).await
    }

    pub async fn refreshes_with(&self, cookie: &str) -> Answer {
        self.world.refreshes_with(cookie).await
    }

    /// Sends bytes of a file that a report has named.
    pub fn message(&self, conversation_id: Uuid, text: &str) -> Value {
        action(
            &self.world,
            &format!("conversation:{conversation_id}"),
            "message-send",
            json!({
                "message_id": id(), "conversation_id": conversation_id, "text": text,
            }),
        )
    }

    /// A message with answers to the questions of danger.
    pub fn message_with(&self, conversation_id: Uuid, text: &str, triage: &Value) -> Value {
        let mut message = self.message(conversation_id, text);
        message["v"] = json!(2);
        message["body"]["triage"] = triage.clone();
        message
    }

    /// Opens a talk in danger.
    pub async fn cries(&self, text: &str) -> Uuid {
        let conversation_id = id();
        self.does(self.message_with(conversation_id, text, &json!({"danger": "yes"}))).await;
        conversation_id
    }

    /// A message that opens a talk, from a phone that has followed a link.
    pub fn message_from(&self, conversation_id: Uuid, text: &str, room: &str) -> Value {
        let mut message = self.message(conversation_id, text);
        message["v"] = json!(3);
        message["body"]["room"] = json!(room);
        message
    }

    pub fn claims(&self, conversation_id: Uuid, invite: &Invite, word: &str) -> Value {
        let body = json!({"conversation_id": conversation_id, "secret": invite.secret, "word": word});
        action(&self.world, &format!("conversation:{conversation_id}"), "conversation-claim", body)
    }

    pub async fn waits(&self, conversation_id: Uuid) -> Value {
        self.asks(Method::GET, &format!("/api/v1/chat/conversations/{conversation_id}/wait"), None).await.ok()
    }

    /// The same youth, as after a refresh.
    pub async fn with_a_new_token(self) -> Self {
        let token = self.registers().await.ok()["access_token"].as_str().unwrap().to_owned();
        Self { token, ..self }
    }

    /// Opens a talk with one message.
    pub async fn writes(&self, text: &str) -> Uuid {
        let conversation_id = id();
        self.does(self.message(conversation_id, text)).await;
        conversation_id
    }

    pub fn report(&self, report_id: Uuid, what: &str, files: Value) -> Value {
        action(
            &self.world,
            &format!("report:{report_id}"),
            "report-submit",
            json!({
                "report_id": report_id, "event_kind": "threat", "what": what,
                "happened": {"certainty": "about", "words": "i fredags kväll"}, "place": "vid skolan", "files": files,
            }),
        )
    }
}

impl Officer {
    /// The same officer, as after a refresh.
    pub fn with_a_new_token(self) -> Self {
        let now = self.world.deps.clock.now().seconds();
        self.with_a_token(now)
    }

    /// The same officer, whose passkey was touched an hour ago.
    pub fn untouched(self) -> Self {
        let now = self.world.deps.clock.now().seconds();
        self.with_a_token(now - 3600)
    }

    fn with_a_token(self, touched: i64) -> Self {
        let deps = &self.world.deps;
        let now = deps.clock.now().seconds();
        let claims = Claims {
            sub: AccountId(self.account_id),
            did: DeviceId(self.device_id),
            sid: SessionId(id()),
            role: self.role,
            num: Some(self.number.clone()),
            auth_time: Some(touched),
            iat: now,
            exp: now + tokens::LIFE_SECONDS,
        };
        Self { token: tokens::sign(&deps.keys, &claims).unwrap(), ..self }
    }

    pub async fn subscribes(&self, service: &PushService) {
        let subscription = service.subscription(true, &[], &[]);
        self.asks(Method::PUT, "/api/v1/push/subscription", Some(&subscription)).await.ok();
    }

    pub fn starts(&self, shift_id: Uuid) -> Value {
        let ends_at = self.world.seconds_later(4 * 3600);
        let body = json!({"shift_id": shift_id, "device_id": self.device_id, "ends_at": ends_at, "quarters": []});
        action(&self.world, &format!("shift:{shift_id}"), "shift-start", body)
    }

    /// What the phone of a shift sends when its test alarm is pressed.
    pub fn answers_alarm(&self, shift_id: Uuid) -> Value {
        let proof = push::proof(&self.world.deps.keys, DeviceId(self.device_id), shift_id);
        let body = json!({"shift_id": shift_id, "proof": proof});
        action(&self.world, &format!("shift:{shift_id}"), "shift-answer-alarm", body)
    }

    /// On a shift, with a phone that rings at `service` and has answered its test alarm.
    pub async fn goes_out(&self, service: &PushService) -> Uuid {
        let shift_id = id();
        self.subscribes(service).await;
        self.does(self.starts(shift_id)).await;
        self.does(self.answers_alarm(shift_id)).await;
        shift_id
    }

    /// A lead makes a quarter.
    pub async fn makes_quarter(&self, name: &str) -> Uuid {
        let quarter = id();
        self.makes_quarter_as(quarter, name).await;
        quarter
    }

    pub async fn makes_quarter_as(&self, quarter: Uuid, name: &str) {
        let body = json!({
            "expected_revision": 0, "name": name, "platform": "Discord", "account": "natpolis", "kind": "all-digital",
        });
        self.asks(Method::PUT, &format!("/api/v1/quarters/{quarter}"), Some(&body)).await.ok();
    }

    pub async fn asks_for_invite(&self, invite_id: Uuid, quarter: Uuid, secret: &str) -> Answer {
        let body = json!({"quarter_id": quarter, "secret": secret});
        self.asks(Method::PUT, &format!("/api/v1/rooms/invites/{invite_id}"), Some(&body)).await
    }

    pub async fn invites_from(&self, quarter: Uuid) -> Invite {
        let (invite_id, secret) = (id(), secret());
        let made = self.asks_for_invite(invite_id, quarter, &secret).await.ok();
        Invite { invite_id, secret, word: made["word"].as_str().unwrap().to_owned() }
    }

    /// Lets the chat be open each day from `opens` to `closes`, from today on.
    pub async fn sets_hours(&self, opens: &str, closes: &str) {
        let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        let intervals = days.map(|weekday| json!({"weekday": weekday, "opens": opens, "closes": closes}));
        let plan = json!({"valid_from": self.world.now()[..10], "intervals": intervals});
        self.asks(Method::PUT, "/api/v1/quarters/hours", Some(&plan)).await.ok();
    }

    pub async fn takes(&self, conversation_id: Uuid) -> Value {
        let revision = self.sees(conversation_id).await["revision"].clone();
        self.does(action(
            &self.world,
            &format!("conversation:{conversation_id}"),
            "conversation-take",
            json!({
                "conversation_id": conversation_id, "expected_revision": revision,
            }),
        ))
        .await
    }

    pub async fn answers(&self, conversation_id: Uuid, text: &str) -> Value {
        self.does(action(
            &self.world,
            &format!("conversation:{conversation_id}"),
            "message-send",
            json!({
                "message_id": id(), "conversation_id": conversation_id, "text": text,
            }),
        ))
        .await
    }

    pub async fn reads(&self, conversation_id: Uuid) -> Value {
        let pos = self.sees(conversation_id).await["head"].clone();
        self.does(action(
            &self.world,
            &format!("conversation:{conversation_id}"),
            "conversation-read",
            json!({
                "conversation_id": conversation_id, "pos": pos,
            }),
        ))
        .await
    }
}

/// An envelope as a phone makes it.
pub fn action(world: &World, lane: &str, kind: &str, body: Value) -> Value {
    json!({"action_id": id(), "lane": lane, "kind": kind, "v": 1, "recorded_at": world.now(), "body": body})
}
