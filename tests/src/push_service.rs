//! A push service of the tests' own: takes what the program sends and answers as it is told. The browser tests use one
//! that a real Firefox listens to.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU16, Ordering},
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use p256::elliptic_curve::Generate;
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
    pub body: Vec<u8>,
}

#[derive(Clone)]
pub struct PushService {
    pub url: String,
    pub arrived: Arc<Mutex<Vec<Arrived>>>,
    status: Arc<AtomicU16>,
    hangs: bool,
}

impl PushService {
    pub async fn start() -> Self {
        Self::serve(false).await
    }

    /// One that takes everything and never answers.
    pub async fn that_hangs() -> Self {
        Self::serve(true).await
    }

    async fn serve(hangs: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let service = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            arrived: Arc::default(),
            status: Arc::new(AtomicU16::new(201)),
            hangs,
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
        self.status.store(status, Ordering::SeqCst);
    }

    pub fn count(&self) -> usize {
        self.arrived.lock().unwrap().len()
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
            self.arrived.lock().unwrap().push(Arrived { path, headers, body });
            if self.hangs {
                continue;
            }
            let status = self.status.load(Ordering::SeqCst);
            let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\nRetry-After: 30\r\n\r\n");
            if socket.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    }
}
