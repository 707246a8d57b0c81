//! What our sender of pushes is measured beside: the crate `web-push` as it comes, with its own pooled client, and the limit, which
//! is one fresh P-256 key and one key agreement a push. One thread.
//!   peers web-push SERVICE SECS AT_ONCE
//!   peers limit SECS

use std::{
    env,
    hint::black_box,
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures_util::future::try_join_all;
use ring::{
    agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral},
    error::Unspecified,
    rand::SystemRandom,
};
use web_push::{
    ContentEncoding, HyperWebPushClient, SubscriptionInfo, VapidSignatureBuilder, WebPushClient, WebPushMessageBuilder,
};

type Ended<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Ended<()> {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let rps = match words[..] {
        ["limit", secs] => limit(Duration::from_secs(secs.parse()?)).map_err(|_| "the key agreement failed")?,
        ["web-push", service, secs, at_once] => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(web_push(service, Duration::from_secs(secs.parse()?), at_once.parse()?))?
        }
        _ => return Err("web-push SERVICE SECS AT_ONCE | limit SECS".into()),
    };
    println!("{{\"rps\":{}}}", rps.round());
    Ok(())
}

fn rate(sent: u32, since: Instant) -> f64 {
    f64::from(sent) / since.elapsed().as_secs_f64()
}

fn fresh(random: &SystemRandom) -> Result<(EphemeralPrivateKey, Vec<u8>), Unspecified> {
    let key = EphemeralPrivateKey::generate(&ECDH_P256, random)?;
    let public = key.compute_public_key()?.as_ref().to_vec();
    Ok((key, public))
}

fn limit(lasts: Duration) -> Result<f64, Unspecified> {
    let random = SystemRandom::new();
    let (_, theirs) = fresh(&random)?;
    let (since, mut made) = (Instant::now(), 0);
    while since.elapsed() < lasts {
        let (key, public) = fresh(&random)?;
        black_box(public);
        agree_ephemeral(key, &UnparsedPublicKey::new(&ECDH_P256, &theirs), |shared| black_box(shared.len()))?;
        made += 1;
    }
    Ok(rate(made, since))
}

async fn web_push(service: &str, lasts: Duration, at_once: usize) -> Ended<f64> {
    let random = SystemRandom::new();
    let phones = (0..200_u8).map(|nth| {
        let (_, public) = fresh(&random).map_err(|_| "no key")?;
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        Ok(SubscriptionInfo::new(format!("{service}/push/{nth}"), encode(&public), encode(&[nth; 16])))
    });
    let phones = phones.collect::<Ended<Vec<_>>>()?;
    let payload = format!(r#"{{"title":"Safety tip","body":"{}"}}"#, "x".repeat(200));
    let signer = VapidSignatureBuilder::from_base64_no_sub(&URL_SAFE_NO_PAD.encode([7; 32]))?;
    let client = HyperWebPushClient::new();
    let (since, mut sent) = (Instant::now(), 0_u32);
    while since.elapsed() < lasts {
        let batch = (0..at_once).map(|nth| {
            let phone = &phones[(sent as usize + nth) % phones.len()];
            let mut message = WebPushMessageBuilder::new(phone);
            message.set_payload(ContentEncoding::Aes128Gcm, payload.as_bytes());
            message.set_vapid_signature(signer.clone().add_sub_info(phone).build()?);
            message.set_ttl(60);
            Ok(client.send(message.build()?))
        });
        sent += u32::try_from(try_join_all(batch.collect::<Ended<Vec<_>>>()?).await?.len())?;
    }
    Ok(rate(sent, since))
}
