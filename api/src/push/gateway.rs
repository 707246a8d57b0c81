//! The HTTP side of Web Push (RFC 8030): a pooled client of our own that speaks HTTP/2 where the service does, follows no redirect,
//! waits no longer than it says, and reads no more than it must.

use std::{sync::Arc, time::Duration};

use openssl::error::ErrorStack;
use reqwest::{
    Body, Method, Request, StatusCode,
    dns::Resolve,
    header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderName, HeaderValue},
    redirect,
};
use tokio::{
    sync::OnceCell,
    time::{Instant, timeout},
};
use url::Url;
use web_push::SubscriptionInfo;

use super::{
    encryption::{Encryption, Unsealed},
    guard::{self, MachineNames, PublicOnly},
    payload::Kind,
    services::{Service, Services},
};
use crate::{
    base::{chance::Chance, clock::Clock, config::Config, vapid::VapidKey},
    deps::Deps,
};

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
    /// The push service has too much to do: after so many seconds, if it said.
    Busy(Option<u64>),
    /// Later: after so many seconds, if the service said.
    Later(Option<u64>),
    /// No answer came: the push may have arrived.
    Silent,
    /// Nobody was there to take it.
    Unreached,
}

/// What is sent, and how.
pub struct Notice<'a> {
    pub kind: Kind,
    /// How many seconds the push service may keep it for a phone that sleeps.
    pub ttl: u32,
    /// A newer one of the same topic takes its place there.
    pub topic: &'a str,
    pub payload: &'a [u8],
}

/// Encrypted and signed: nothing is left but to send it.
pub struct Prepared {
    request: Request,
    pub service: Arc<Service>,
}

/// Cheap to clone; clones share connections and what is known of the services.
#[derive(Clone)]
pub struct Gateway(Arc<Parts>);

struct Parts {
    /// Made for the first push: the certificates that it trusts are a tenth of what the program holds at rest.
    client: OnceCell<reqwest::Client>,
    loopback: bool,
    contact: String,
    encryption: Result<Encryption, ErrorStack>,
    services: Arc<Services>,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
}

impl Gateway {
    pub fn new(deps: &Deps) -> Self {
        let Config { push_allow_loopback, operator_contact, .. } = deps.config.as_ref();
        let client = OnceCell::new();
        Self::with(client, *push_allow_loopback, operator_contact, deps.clock.clone(), deps.chance.clone())
    }

    pub fn with(
        client: OnceCell<reqwest::Client>,
        loopback: bool,
        contact: &str,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
    ) -> Self {
        let (encryption, services) = (Encryption::new(), Arc::default());
        Self(Arc::new(Parts { client, loopback, contact: contact.to_owned(), encryption, services, clock, chance }))
    }

    /// The same services by connections of their own, so that what gives way holds up nothing else.
    pub fn beside(&self) -> Self {
        let Parts { loopback, contact, services, clock, chance, .. } = &*self.0;
        Self(Arc::new(Parts {
            client: OnceCell::new(),
            loopback: *loopback,
            contact: contact.clone(),
            encryption: Encryption::new(),
            services: services.clone(),
            clock: clock.clone(),
            chance: chance.clone(),
        }))
    }

    /// Where an endpoint leads; nothing, if it may not be reached.
    pub fn reach(&self, endpoint: &str) -> Option<(Url, Arc<Service>)> {
        let url = guard::endpoint(endpoint, self.0.loopback)?;
        let service = self.0.services.of(&url);
        Some((url, service))
    }

    pub async fn send(&self, to: &SubscriptionInfo, key: &VapidKey, notice: &Notice<'_>) -> Sent {
        match self.reach(&to.endpoint) {
            Some(reached) => match self.prepare(reached, to, key, notice) {
                Ok(prepared) => self.fire(prepared).await,
                Err(sent) => sent,
            },
            None => Sent::Gone,
        }
    }

    pub fn prepare(
        &self,
        (url, service): (Url, Arc<Service>),
        to: &SubscriptionInfo,
        key: &VapidKey,
        notice: &Notice<'_>,
    ) -> Result<Prepared, Sent> {
        let parts = &self.0;
        let fault = |error: &dyn std::fmt::Display| {
            tracing::error!(%error, "a push could not be made");
            Sent::Later(None)
        };
        let encryption = parts.encryption.as_ref().map_err(|error| fault(error))?;
        let body = encryption.seal(&to.keys, notice.payload, &*parts.chance).map_err(|error| match error {
            Unsealed::TooLarge => Sent::TooLarge,
            error => {
                // Keys that do not make a point never will.
                tracing::warn!(%error, "a push could not be encrypted");
                Sent::Gone
            }
        })?;
        let signature =
            service.signature(key, &url, &parts.contact, parts.clock.now()).map_err(|error| fault(&error))?;
        let mut request = Request::new(Method::POST, url);
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, signature);
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("aes128gcm"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
        headers.insert(HeaderName::from_static("ttl"), notice.ttl.into());
        headers.insert(HeaderName::from_static("urgency"), HeaderValue::from_static(notice.kind.urgency()));
        let topic = HeaderValue::from_str(notice.topic).map_err(|error| fault(&error))?;
        headers.insert(HeaderName::from_static("topic"), topic);
        *request.body_mut() = Some(Body::from(body));
        Ok(Prepared { request, service })
    }

    pub async fn fire(&self, Prepared { request, service }: Prepared) -> Sent {
        let made = async { client(MachineNames, self.0.loopback) };
        let client = match self.0.client.get_or_try_init(|| made).await {
            Ok(client) => client,
            Err(error) => {
                tracing::error!(error, "push is not available");
                return Sent::Unreached;
            }
        };
        let since = Instant::now();
        let sent = match client.execute(request).await {
            Ok(response) => {
                let sent = read(&response);
                service.learn(&sent, since.elapsed(), self.0.clock.now());
                finish(response).await;
                return sent;
            }
            Err(error) => {
                tracing::info!(
                    timeout = error.is_timeout(),
                    connect = error.is_connect(),
                    "a push service did not answer"
                );
                if error.is_connect() { Sent::Unreached } else { Sent::Silent }
            }
        };
        service.learn(&sent, since.elapsed(), self.0.clock.now());
        sent
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
        .pool_max_idle_per_host(super::services::MOST)
        // A connection that died unnoticed holds up no more than what is under way on it.
        .http2_keep_alive_interval(Duration::from_secs(20))
        .http2_keep_alive_timeout(Duration::from_secs(10))
        .build()
        .map_err(|error| format!("push client: {error}"))
}

/// Only the status and one header are looked at.
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
        StatusCode::TOO_MANY_REQUESTS => Sent::Busy(wait()),
        _ => Sent::Later(wait()),
    }
}

/// A short answer is read to its end, so that its connection serves again; any other takes its connection with it.
async fn finish(response: reqwest::Response) {
    if matches!(response.content_length(), Some(1..=SHORT)) {
        drop(timeout(Duration::from_secs(1), response.bytes()).await);
    }
}

const SHORT: u64 = 4096;

#[cfg(test)]
mod tests {
    use std::{
        net::SocketAddr,
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
    };

    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    use entities::words::Timestamp;
    use reqwest::dns::{Addrs, Name, Resolving};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;
    use crate::base::{chance::SystemChance, clock::SystemClock};

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
        let client = OnceCell::new_with(Some(client(names, loopback)?));
        let contact = "mailto:drift@example.org";
        Ok(Gateway::with(client, loopback, contact, Arc::new(SystemClock), Arc::new(SystemChance)))
    }

    async fn sends(gateway: &Gateway, endpoint: &str) -> Result<Sent, String> {
        let point = p256::SecretKey::from_slice(&[9; 32]).map_err(|error| error.to_string())?.public_key();
        let public = BASE64_URL_SAFE_NO_PAD.encode(point.to_sec1_bytes());
        let to = SubscriptionInfo::new(endpoint, &public, &BASE64_URL_SAFE_NO_PAD.encode([5; 16]));
        let key = VapidKey::from_secret([7; 32], Timestamp::from_millis(0))?;
        let notice = Notice { kind: Kind::Tip, ttl: 60, topic: "topic", payload: b"{}" };
        Ok(gateway.send(&to, &key, &notice).await)
    }

    #[tokio::test]
    async fn a_name_that_turns_inside_after_it_was_looked_at_is_not_reached() -> Result<(), Box<dyn std::error::Error>>
    {
        let (inside, came) = inside(String::new()).await?;
        let names = TurnsInside { inside, asked: Arc::default() };
        let looked = PublicOnly { names: names.clone(), loopback: false }.resolve("push.example.com".parse()?).await;
        assert!(looked.is_ok(), "at the first look it is public");
        assert_eq!(sends(&gateway(names.clone(), false)?, "https://push.example.com/x").await?, Sent::Unreached);
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
