//! What `make bench ONLY=push` measures: the gateway of the program, as it sends, to a push service of this machine.

use std::{sync::Arc, time::Duration};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use entities::words::Timestamp;
use tokio::{sync::OnceCell, time::Instant};
use web_push::SubscriptionInfo;

use super::{
    gateway::{Gateway, Notice, Sent},
    payload::Kind,
};
use crate::base::{chance::SystemChance, clock::SystemClock, vapid::VapidKey};

const PHONES: u8 = 200;

/// Pushes a second that a service accepted, so many of them on their way at once.
pub async fn load(service: &str, lasts: Duration, at_once: usize) -> Result<u64, String> {
    let (clock, chance) = (Arc::new(SystemClock), Arc::new(SystemChance));
    let gateway = Gateway::with(OnceCell::new(), true, "mailto:drift@example.org", clock, chance);
    let key = Arc::new(VapidKey::from_secret([7; 32], Timestamp::from_millis(0))?);
    let phones = (1..=PHONES).map(|nth| {
        let phone = VapidKey::from_secret([nth; 32], Timestamp::from_millis(0))?;
        let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        Ok(SubscriptionInfo::new(format!("{service}/push/{nth}"), encode(&phone.public), encode(&[nth; 16])))
    });
    let phones: Arc<[_]> = phones.collect::<Result<Vec<_>, String>>()?.into();
    let payload: Arc<str> = format!(r#"{{"title":"Safety tip","body":"{}"}}"#, "x".repeat(200)).into();
    let since = Instant::now();
    let senders: Vec<_> = (0..at_once)
        .map(|first| {
            let (gateway, key, phones, payload) = (gateway.clone(), key.clone(), phones.clone(), payload.clone());
            tokio::spawn(async move {
                let mut sent = 0;
                for phone in phones.iter().cycle().skip(first) {
                    if since.elapsed() >= lasts {
                        break;
                    }
                    let notice = Notice { kind: Kind::Tip, ttl: 60, topic: "bench", payload: payload.as_bytes() };
                    if gateway.send(phone, &key, &notice).await != Sent::Accepted {
                        return Err("a push was not accepted");
                    }
                    sent += 1;
                }
                Ok(sent)
            })
        })
        .collect();
    let mut sent = 0;
    for sender in senders {
        sent += sender.await.map_err(|error| error.to_string())??;
    }
    Ok(sent * 1000 / u64::try_from(since.elapsed().as_millis()).unwrap_or(1).max(1))
}
