//! The HTTP side of Web Push: encrypted and signed by the `web-push` crate, sent by a pooled client of our own that
//! follows no redirect, waits no longer than it says, and reads no more than it must.

use std::{sync::Arc, time::Duration};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use reqwest::{StatusCode, dns::Resolve, redirect};
use tokio::sync::OnceCell;
use web_push::{
    ContentEncoding, SubscriptionInfo, Urgency, VapidSignatureBuilder, WebPushMessageBuilder,
    request_builder::build_request,
};

use super::{
    guard::{self, MachineNames, PublicOnly},
    payload::Kind,
};
use crate::{base::config::Config, deps::Deps};

/// How a push ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Sent {
    Accepted,
    /// Nobody listens there any more: 404 or 410, or an address that may not be reached.
    Gone,
    /// The push service does not accept our key for it.
    Refused,
    /// Too large: a fault of ours.
    TooLarge,
    /// Later: after so many seconds, if the service said.
    Later(Option<u64>),
    /// No answer came.
    Silent,
}

#[derive(Clone)]
pub struct Gateway {
    /// Made for the first push: the certificates that it trusts are a tenth of what the program holds at rest.
    client: Arc<OnceCell<reqwest::Client>>,
    loopback: bool,
    key: String,
    contact: String,
}

impl Gateway {
    pub fn new(deps: &Deps) -> Self {
        let Config { push_allow_loopback, operator_contact, .. } = deps.config.as_ref();
        Self {
            client: Arc::default(),
            loopback: *push_allow_loopback,
            key: BASE64_URL_SAFE_NO_PAD.encode(deps.keys.vapid),
            contact: operator_contact.clone(),
        }
    }

    /// `ttl`: how many seconds the push service may keep it for a phone that sleeps.
    pub async fn send(&self, to: &SubscriptionInfo, kind: Kind, ttl: u32, topic: &str, payload: &[u8]) -> Sent {
        if guard::endpoint(&to.endpoint, self.loopback).is_none() {
            return Sent::Gone;
        }
        let made = async { client(MachineNames, self.loopback) };
        let client = match self.client.get_or_try_init(|| made).await {
            Ok(client) => client,
            Err(error) => {
                tracing::error!(error, "push is not available");
                return Sent::Silent;
            }
        };
        let request = match self.request(client, to, kind, ttl, topic, payload) {
            Ok(request) => request,
            Err(error) => {
                // Keys that do not make a point never will.
                tracing::warn!(%error, "a push could not be encrypted");
                return Sent::Gone;
            }
        };
        match client.execute(request).await {
            Ok(response) => read(&response),
            Err(error) => {
                tracing::info!(
                    timeout = error.is_timeout(),
                    connect = error.is_connect(),
                    "a push service did not answer"
                );
                Sent::Silent
            }
        }
    }

    fn request(
        &self,
        client: &reqwest::Client,
        to: &SubscriptionInfo,
        kind: Kind,
        ttl: u32,
        topic: &str,
        payload: &[u8],
    ) -> Result<reqwest::Request, String> {
        let text = |error: web_push::WebPushError| error.to_string();
        let mut signature = VapidSignatureBuilder::from_base64(&self.key, to).map_err(text)?;
        signature.add_claim("sub", self.contact.as_str());
        let mut message = WebPushMessageBuilder::new(to);
        message.set_payload(ContentEncoding::Aes128Gcm, payload);
        message.set_vapid_signature(signature.build().map_err(text)?);
        message.set_ttl(ttl);
        message.set_urgency(if kind == Kind::Tip { Urgency::Normal } else { Urgency::High });
        message.set_topic(topic.to_owned());
        let request = build_request::<Vec<u8>>(message.build().map_err(text)?);
        // The crate speaks an older edition of the `http` types, so the parts are carried over by hand.
        let mut ours = client.post(&to.endpoint);
        for (name, value) in request.headers() {
            ours = ours.header(name.as_str(), value.as_bytes());
        }
        ours.body(request.into_body()).build().map_err(|error| error.to_string())
    }
}

/// The client that reaches strangers' addresses, and where it learns of them.
fn client(names: impl Resolve + 'static, loopback: bool) -> Result<reqwest::Client, String> {
    reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(5))
        .timeout(Duration::from_secs(15))
        .redirect(redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .dns_resolver(Arc::new(PublicOnly { names, loopback }))
        .pool_idle_timeout(Duration::from_secs(60))
        .build()
        .map_err(|error| format!("push client: {error}"))
}

/// Only the status and one header are looked at; the body is left unread.
fn read(response: &reqwest::Response) -> Sent {
    let wait = || {
        let seconds = response.headers().get("retry-after")?.to_str().ok()?.parse().ok()?;
        Some(std::cmp::min(seconds, 24 * 3600))
    };
    match response.status() {
        status if status.is_success() => Sent::Accepted,
        StatusCode::NOT_FOUND | StatusCode::GONE => Sent::Gone,
        StatusCode::PAYLOAD_TOO_LARGE => Sent::TooLarge,
        StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Sent::Refused,
        _ => Sent::Later(wait()),
    }
}

#[cfg(test)]
mod tests {
    use std::{
        net::SocketAddr,
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
    };

    use reqwest::dns::{Addrs, Name, Resolving};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;

    /// A listener inside that counts who comes, and answers each with the same words.
    async fn inside(answer: String) -> std::io::Result<(SocketAddr, Arc<AtomicUsize>)> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let (at, came) = (listener.local_addr()?, Arc::new(AtomicUsize::new(0)));
        let count = came.clone();
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                // What is asked is not looked at.
                drop(socket.read(&mut [0; 16 * 1024]).await);
                drop(socket.write_all(answer.as_bytes()).await);
            }
        });
        Ok((at, came))
    }

    /// A name that is public when it is first looked up, and points inside ever after.
    #[derive(Clone)]
    struct TurnsInside {
        inside: SocketAddr,
        asked: Arc<AtomicUsize>,
    }

    impl Resolve for TurnsInside {
        fn resolve(&self, _: Name) -> Resolving {
            let first = self.asked.fetch_add(1, Ordering::SeqCst) == 0;
            let at = if first { SocketAddr::from(([93, 184, 216, 34], 443)) } else { self.inside };
            Box::pin(async move { Ok(Box::new([at].into_iter()) as Addrs) })
        }
    }

    fn gateway(names: impl Resolve + 'static, loopback: bool) -> Result<Gateway, String> {
        let (key, contact) = (BASE64_URL_SAFE_NO_PAD.encode([7; 32]), "mailto:drift@example.org".to_owned());
        Ok(Gateway { client: Arc::new(OnceCell::new_with(Some(client(names, loopback)?))), loopback, key, contact })
    }

    async fn sends(gateway: &Gateway, endpoint: &str) -> Result<Sent, String> {
        let point = p256::SecretKey::from_slice(&[9; 32]).map_err(|error| error.to_string())?.public_key();
        let key = BASE64_URL_SAFE_NO_PAD.encode(point.to_sec1_bytes());
        let to = SubscriptionInfo::new(endpoint, &key, &BASE64_URL_SAFE_NO_PAD.encode([5; 16]));
        Ok(gateway.send(&to, Kind::Tip, 60, "topic", b"{}").await)
    }

    #[tokio::test]
    async fn a_name_that_turns_inside_after_it_was_looked_at_is_not_reached() -> Result<(), Box<dyn std::error::Error>>
    {
        let (inside, came) = inside(String::new()).await?;
        let names = TurnsInside { inside, asked: Arc::default() };
        let looked = PublicOnly { names: names.clone(), loopback: false }.resolve("push.example.com".parse()?).await;
        assert!(looked.is_ok(), "at the first look it is public");
        assert_eq!(sends(&gateway(names.clone(), false)?, "https://push.example.com/x").await?, Sent::Silent);
        assert_eq!(names.asked.load(Ordering::SeqCst), 2, "it is looked up again when it is connected to");
        assert_eq!(came.load(Ordering::SeqCst), 0, "a push went inside");
        // With the test setting the same name leads there, so it was the second look that held it back.
        sends(&gateway(names, true)?, "https://push.example.com/x").await?;
        assert_eq!(came.load(Ordering::SeqCst), 1);
        Ok(())
    }

    #[tokio::test]
    async fn a_push_service_that_points_elsewhere_is_not_followed() -> Result<(), Box<dyn std::error::Error>> {
        let (elsewhere, followed) = inside("HTTP/1.1 201 X\r\ncontent-length: 0\r\n\r\n".to_owned()).await?;
        for status in [301, 302, 303, 307, 308] {
            let words = format!("HTTP/1.1 {status} X\r\nlocation: http://{elsewhere}/\r\ncontent-length: 0\r\n\r\n");
            let (service, came) = inside(words).await?;
            let sent = sends(&gateway(MachineNames, true)?, &format!("http://{service}/x")).await?;
            assert_eq!((sent, came.load(Ordering::SeqCst)), (Sent::Later(None), 1), "{status}");
        }
        assert_eq!(followed.load(Ordering::SeqCst), 0, "a push was sent on");
        Ok(())
    }
}
