//! The HTTP side of Web Push: encrypted and signed by the `web-push` crate, sent by a pooled client of our own that
//! follows no redirect, waits no longer than it says, and reads no more than it must.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use reqwest::{StatusCode, redirect};
use web_push::{
    ContentEncoding, SubscriptionInfo, Urgency, VapidSignatureBuilder, WebPushMessageBuilder,
    request_builder::build_request,
};

use super::{
    guard::{self, PublicOnly},
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
    client: reqwest::Client,
    loopback: bool,
    key: String,
    contact: String,
}

impl Gateway {
    pub fn new(deps: &Deps) -> Result<Self, String> {
        let Config { push_allow_loopback, operator_contact, .. } = deps.config.as_ref();
        let client = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .timeout(Duration::from_secs(15))
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .dns_resolver(PublicOnly::resolver(*push_allow_loopback))
            .pool_idle_timeout(Duration::from_secs(60))
            .build()
            .map_err(|error| format!("push client: {error}"))?;
        Ok(Self {
            client,
            loopback: *push_allow_loopback,
            key: BASE64_URL_SAFE_NO_PAD.encode(deps.keys.vapid),
            contact: operator_contact.clone(),
        })
    }

    pub async fn send(&self, to: &SubscriptionInfo, kind: Kind, topic: &str, payload: &[u8]) -> Sent {
        if guard::endpoint(&to.endpoint, self.loopback).is_none() {
            return Sent::Gone;
        }
        let request = match self.request(to, kind, topic, payload) {
            Ok(request) => request,
            Err(error) => {
                // Keys that do not make a point never will.
                tracing::warn!(%error, "a push could not be encrypted");
                return Sent::Gone;
            }
        };
        match self.client.execute(request).await {
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
        to: &SubscriptionInfo,
        kind: Kind,
        topic: &str,
        payload: &[u8],
    ) -> Result<reqwest::Request, String> {
        let text = |error: web_push::WebPushError| error.to_string();
        let mut signature = VapidSignatureBuilder::from_base64(&self.key, to).map_err(text)?;
        signature.add_claim("sub", self.contact.as_str());
        let mut message = WebPushMessageBuilder::new(to);
        message.set_payload(ContentEncoding::Aes128Gcm, payload);
        message.set_vapid_signature(signature.build().map_err(text)?);
        message.set_ttl(kind.ttl_seconds());
        message.set_urgency(if kind == Kind::Tip { Urgency::Normal } else { Urgency::High });
        message.set_topic(topic.to_owned());
        let request = build_request::<Vec<u8>>(message.build().map_err(text)?);
        // The crate speaks an older edition of the `http` types, so the parts are carried over by hand.
        let mut ours = self.client.post(&to.endpoint);
        for (name, value) in request.headers() {
            ours = ours.header(name.as_str(), value.as_bytes());
        }
        ours.body(request.into_body()).build().map_err(|error| error.to_string())
    }
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
