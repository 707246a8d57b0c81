//! HTTP by hand, a connection a request, so that a request or its reply can be lost at any byte.

use std::{io, net::SocketAddr, time::Duration};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::chance::Chance;

/// As the app waits.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the network does to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Arrives,
    NeverSent,
    SentInPart,
    /// Sent, and the connection ends at once or when the reply begins to come.
    ReplyLost,
    ReplyCut,
    /// The same bytes at once over two connections.
    Twice,
    /// It arrives when its sender has long given up, and may have sent what came later.
    Late,
}

impl Fate {
    pub fn of(chance: &mut Chance) -> Self {
        match chance.below(100) {
            0..4 => Self::NeverSent,
            4..7 => Self::SentInPart,
            7..13 => Self::ReplyLost,
            13..17 => Self::ReplyCut,
            17..21 => Self::Twice,
            21..24 => Self::Late,
            _ => Self::Arrives,
        }
    }

    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::Arrives => return None,
            Self::NeverSent | Self::SentInPart => "request-lost",
            Self::ReplyLost => "reply-lost",
            Self::ReplyCut => "reply-cut",
            Self::Twice => "duplicated",
            Self::Late => "delayed",
        })
    }
}

#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub cookie: Option<String>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

#[derive(Clone)]
pub struct Request(Vec<u8>);

impl Request {
    pub fn new(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n",
            body.len()
        );
        Self([head.as_bytes(), body].concat())
    }
}

fn broken(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

pub async fn exchange(address: SocketAddr, request: &Request) -> io::Result<Reply> {
    let talk = async {
        let mut socket = TcpStream::connect(address).await?;
        socket.write_all(&request.0).await?;
        let mut bytes = Vec::new();
        socket.read_to_end(&mut bytes).await?;
        read(&bytes)
    };
    tokio::time::timeout(PATIENCE, talk).await?
}

/// A whole reply, or none.
fn read(bytes: &[u8]) -> io::Result<Reply> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").ok_or_else(|| broken("no end of the head"))?;
    let (head, body) = (String::from_utf8_lossy(&bytes[..end]), &bytes[end + 4..]);
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let status = status.ok_or_else(|| broken("no status"))?;
    let headers: Vec<(String, &str)> =
        lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.to_lowercase(), value)).collect();
    let header = |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| *value);
    let body = match header("content-length") {
        Some(length) if length.parse() == Ok(body.len()) => body.to_vec(),
        Some(_) => return Err(broken("the reply is cut")),
        None if header("transfer-encoding") == Some("chunked") => joined(body)?,
        None => body.to_vec(),
    };
    let cookie = header("set-cookie").and_then(|cookie| cookie.split(';').next()).map(str::to_owned);
    Ok(Reply { status, cookie, body })
}

fn joined(mut chunks: &[u8]) -> io::Result<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let line = chunks.windows(2).position(|two| two == b"\r\n").ok_or_else(|| broken("the reply is cut"))?;
        let size = std::str::from_utf8(&chunks[..line]).ok().and_then(|size| usize::from_str_radix(size, 16).ok());
        let size = size.ok_or_else(|| broken("a chunk has no size"))?;
        if size == 0 {
            return Ok(whole);
        }
        whole.extend(chunks.get(line + 2..line + 2 + size).ok_or_else(|| broken("the reply is cut"))?);
        chunks = chunks.get(line + 2 + size + 2..).ok_or_else(|| broken("the reply is cut"))?;
    }
}

/// Sends what its fate lets through. Gives what the sender hears; what nobody hears any more goes to `stray`.
pub async fn send(
    address: SocketAddr,
    request: &Request,
    fate: Fate,
    mut chance: Chance,
    stray: impl FnOnce(Reply) + Send + 'static,
) -> io::Result<Reply> {
    let lost = || Err(io::Error::new(io::ErrorKind::ConnectionAborted, "lost"));
    match fate {
        Fate::Arrives => exchange(address, request).await,
        Fate::NeverSent => lost(),
        Fate::SentInPart => {
            let part = chance.below(request.0.len() as u64) as usize;
            TcpStream::connect(address).await?.write_all(&request.0[..part]).await?;
            lost()
        }
        Fate::ReplyLost => {
            let mut socket = TcpStream::connect(address).await?;
            socket.write_all(&request.0).await?;
            if chance.once_in(2) {
                tokio::time::timeout(PATIENCE, socket.readable()).await??;
            }
            lost()
        }
        Fate::ReplyCut => {
            let mut socket = TcpStream::connect(address).await?;
            socket.write_all(&request.0).await?;
            let mut some = vec![0; 1 + chance.below(400) as usize];
            let count = tokio::time::timeout(PATIENCE, socket.read(&mut some)).await??;
            // A short reply may have come whole.
            read(&some[..count])
        }
        Fate::Twice => {
            let (one, other) = tokio::join!(exchange(address, request), exchange(address, request));
            let (heard, unheard) = if chance.once_in(2) { (one, other) } else { (other, one) };
            if let Ok(reply) = unheard {
                stray(reply);
            }
            heard
        }
        Fate::Late => {
            let (request, wait) = (request.clone(), Duration::from_millis(chance.between(20, 2_000)));
            tokio::spawn(async move {
                tokio::time::sleep(wait).await;
                if let Ok(reply) = exchange(address, &request).await {
                    stray(reply);
                }
            });
            lost()
        }
    }
}
