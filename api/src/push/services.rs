//! What is known of each push service: what its pushes are signed with, how many may be under way to it, and whether it asked to be
//! left alone. One that is slow or silent takes up few places, and none of another's.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use entities::words::Timestamp;
use reqwest::header::HeaderValue;
use url::Url;
use web_push::{SubscriptionInfo, VapidSignatureBuilder, WebPushError};

use super::gateway::Sent;
use crate::base::vapid::VapidKey;

/// Places of a service that nothing is known of, and the most there are.
const FEW: usize = 8;
pub const MOST: usize = 100;
/// What is written to one phone has places apart: so many of a service at once, and of a slow one.
const ANSWERS: usize = 24;
const ANSWERS_OF_SLOW: usize = 4;
/// An answer that takes longer makes its service a slow one.
pub const SLOW: Duration = Duration::from_secs(1);
/// How long a service is left alone that does not answer; each time twice as long.
const SILENCE_SECONDS: i64 = 5;
const MOST_SILENCE_SECONDS: i64 = 600;
/// Of a service that is asked too much of and does not say for how long.
const BUSY_SECONDS: u64 = 10;
/// Signatures hold for half a day and are renewed when half of that is over.
const SIGNED_SECONDS: i64 = 12 * 3600;
/// Anybody may name a service: more than these are not remembered.
const REMEMBERED: usize = 1000;

#[derive(Default)]
pub struct Services(Mutex<HashMap<String, Arc<Service>>>);

pub struct Service {
    state: Mutex<State>,
    /// By the key that signed, with when it was.
    signed: Mutex<HashMap<String, (Timestamp, HeaderValue)>>,
}

struct State {
    under_way: usize,
    answers: usize,
    most: usize,
    slow: bool,
    silences: u32,
    paused_until: Timestamp,
}

/// Whether something may be sent to a service now.
pub enum Room {
    Place(Place),
    /// Soon: it answers quickly.
    Full,
    /// It is slow, and all its places are taken.
    Slow,
    Paused {
        until: Timestamp,
    },
}

/// One of a service's places, until dropped.
pub struct Place(Arc<Service>);

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = held(&self.0.state);
        state.under_way = state.under_way.saturating_sub(1);
    }
}

/// One of its places for what is written to one phone, until dropped.
pub struct Answering(Arc<Service>);

impl Drop for Answering {
    fn drop(&mut self) {
        let mut state = held(&self.0.state);
        state.answers = state.answers.saturating_sub(1);
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Services {
    pub fn of(&self, endpoint: &Url) -> Arc<Service> {
        let origin = endpoint.origin().ascii_serialization();
        let mut known = held(&self.0);
        if let Some(service) = known.get(&origin) {
            return service.clone();
        }
        if known.len() >= REMEMBERED {
            known.retain(|_, service| Arc::strong_count(service) > 1);
        }
        let state = State {
            under_way: 0,
            answers: 0,
            most: FEW,
            slow: false,
            silences: 0,
            paused_until: Timestamp::from_millis(0),
        };
        let service = Arc::new(Service { state: Mutex::new(state), signed: Mutex::default() });
        known.insert(origin, service.clone());
        service
    }
}

impl Service {
    pub fn room(self: &Arc<Self>, now: Timestamp) -> Room {
        let mut state = held(&self.state);
        if now < state.paused_until {
            return Room::Paused { until: state.paused_until };
        }
        if state.under_way >= state.most {
            return if state.slow { Room::Slow } else { Room::Full };
        }
        state.under_way += 1;
        Room::Place(Place(self.clone()))
    }

    /// A place for what is written to one phone. Nothing, while the service takes up as many as it may.
    pub fn answering(self: &Arc<Self>) -> Option<Answering> {
        let mut state = held(&self.state);
        let most = if state.slow { ANSWERS_OF_SLOW } else { ANSWERS };
        (state.answers < most).then(|| {
            state.answers += 1;
            Answering(self.clone())
        })
    }

    pub fn is_slow(&self) -> bool {
        held(&self.state).slow
    }

    /// Somebody waits for an answer longer than it should take.
    pub fn lags(&self) {
        held(&self.state).slow = true;
    }

    pub fn learn(&self, sent: &Sent, took: Duration, now: Timestamp) {
        let mut state = held(&self.state);
        let pause = |state: &mut State, seconds: i64| {
            state.paused_until = state.paused_until.max(now.plus_seconds(seconds));
        };
        match sent {
            Sent::Silent | Sent::Unreached => {
                state.slow = true;
                state.most = (state.most / 2).max(1);
                let seconds = SILENCE_SECONDS << state.silences.min(7);
                state.silences += 1;
                pause(&mut state, seconds.min(MOST_SILENCE_SECONDS));
                return;
            }
            Sent::Busy(wait) => {
                state.most = (state.most / 2).max(1);
                pause(&mut state, i64::try_from(wait.unwrap_or(BUSY_SECONDS)).unwrap_or(MOST_SILENCE_SECONDS));
            }
            Sent::Later(Some(wait)) => pause(&mut state, i64::try_from(*wait).unwrap_or(MOST_SILENCE_SECONDS)),
            Sent::Later(None) => state.most = (state.most / 2).max(1),
            _ => state.most = (state.most + 1).min(MOST),
        }
        state.silences = 0;
        state.slow = took > SLOW;
    }

    /// What a push to this service is signed with (RFC 8292).
    pub fn signature(
        &self,
        key: &VapidKey,
        endpoint: &Url,
        contact: &str,
        now: Timestamp,
    ) -> Result<HeaderValue, WebPushError> {
        let mut signed = held(&self.signed);
        if let Some((at, signature)) = signed.get(&key.id)
            && now.since(*at) < SIGNED_SECONDS * 500
        {
            return Ok(signature.clone());
        }
        let info = SubscriptionInfo::new(endpoint.as_str(), "", "");
        let mut builder = VapidSignatureBuilder::from_base64(&BASE64_URL_SAFE_NO_PAD.encode(key.secret), &info)?;
        builder.add_claim("sub", contact);
        builder.add_claim("aud", endpoint.origin().ascii_serialization());
        builder.add_claim("exp", now.plus_seconds(SIGNED_SECONDS).millis() / 1000);
        let made = builder.build()?;
        let words = format!("vapid t={}, k={}", made.auth_t, BASE64_URL_SAFE_NO_PAD.encode(made.auth_k));
        let signature = HeaderValue::from_str(&words).map_err(|_| WebPushError::InvalidClaims)?;
        signed.insert(key.id.clone(), (now, signature.clone()));
        Ok(signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service() -> Result<(Arc<Service>, Url), url::ParseError> {
        let url = Url::parse("https://push.example.com/x")?;
        Ok((Services::default().of(&url), url))
    }

    fn places(service: &Arc<Service>, now: Timestamp) -> Vec<Place> {
        let mut places = Vec::new();
        while let Room::Place(place) = service.room(now) {
            places.push(place);
        }
        places
    }

    #[test]
    fn a_service_that_answers_gets_more_and_one_that_is_silent_less_and_a_pause() -> Result<(), url::ParseError> {
        let (service, _) = service()?;
        let now = Timestamp::from_millis(1_000_000);
        assert_eq!(places(&service, now).len(), FEW);
        for _ in 0..200 {
            service.learn(&Sent::Accepted, Duration::ZERO, now);
        }
        assert_eq!(places(&service, now).len(), MOST);
        service.learn(&Sent::Silent, Duration::from_secs(15), now);
        assert!(matches!(service.room(now), Room::Paused { until } if until == now.plus_seconds(SILENCE_SECONDS)));
        let later = now.plus_seconds(SILENCE_SECONDS);
        let taken = places(&service, later);
        assert_eq!(taken.len(), MOST / 2);
        assert!(matches!(service.room(later), Room::Slow));
        service.learn(&Sent::Accepted, Duration::ZERO, later);
        drop(taken);
        assert_eq!(places(&service, later).len(), MOST / 2 + 1);
        assert!(!service.is_slow());
        Ok(())
    }

    #[test]
    fn a_service_that_asks_for_time_gets_it() -> Result<(), url::ParseError> {
        let (service, _) = service()?;
        let now = Timestamp::from_millis(1_000_000);
        service.learn(&Sent::Busy(Some(30)), Duration::ZERO, now);
        assert!(matches!(service.room(now.plus_seconds(29)), Room::Paused { .. }));
        assert!(matches!(service.room(now.plus_seconds(30)), Room::Place(_)));
        Ok(())
    }

    #[test]
    fn a_signature_is_kept_for_half_of_its_time() -> Result<(), Box<dyn std::error::Error>> {
        let (service, url) = service()?;
        let key = VapidKey::from_secret([7; 32], Timestamp::from_millis(0))?;
        let at = |seconds: i64| {
            service.signature(&key, &url, "mailto:drift@example.org", Timestamp::from_millis(seconds * 1000))
        };
        let first = at(1_800_000_000)?;
        assert_eq!(first, at(1_800_000_000 + 6 * 3600 - 1)?);
        assert_ne!(first, at(1_800_000_000 + 6 * 3600)?);
        let first = first.to_str()?;
        let claims = first.split(['.']).nth(1).unwrap_or_default();
        let claims: serde_json::Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims)?)?;
        assert_eq!(
            (&claims["aud"], &claims["sub"], claims["exp"].as_i64()),
            (&"https://push.example.com".into(), &"mailto:drift@example.org".into(), Some(1_800_000_000 + 12 * 3600))
        );
        assert!(first.ends_with(&format!(", k={}", BASE64_URL_SAFE_NO_PAD.encode(&key.public))));
        Ok(())
    }
}
