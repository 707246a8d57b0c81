//! The live stream: hints that a stream has grown. It is read by `fetch` with the bearer, ends with the token, and is
//! never compressed.

use std::time::Duration;

use bytes::Bytes;
use futures_util::Stream;
use poem::Body;
use tokio::sync::broadcast::error::RecvError;

use crate::{
    base::{bus::Bus, journal::Position, signs::Sign},
    deps::Deps,
    http::caller::Caller,
};

const BEAT: Duration = Duration::from_secs(25);

pub fn body(deps: &Deps, caller: &Caller) -> Body {
    let lasts = caller.expires_at.since(deps.clock.now()).max(0).unsigned_abs();
    let end = tokio::time::Instant::now() + Duration::from_millis(lasts);
    Body::from_bytes_stream(events(&deps.bus, caller.clone(), deps.clone(), end))
}

/// How soon an ended session is cut off.
const LOOK: Duration = Duration::from_secs(2);

fn events(
    bus: &Bus,
    caller: Caller,
    deps: Deps,
    end: tokio::time::Instant,
) -> impl Stream<Item = Result<Bytes, std::io::Error>> + Send + 'static {
    let looks = tokio::time::interval(LOOK);
    let start = (bus.listen(&caller.who), bus.signs.listen(), looks, tokio::time::Instant::now(), true);
    futures_util::stream::unfold(Some(start), move |state| {
        let (caller, deps) = (caller.clone(), deps.clone());
        async move {
            let (mut pokes, mut signs, mut looks, mut beat, first) = state?;
            if first {
                // Tells the reader that it is heard, through proxies that hold back an empty answer.
                return Some((Ok(Bytes::from_static(b": listening\n\n")), Some((pokes, signs, looks, beat, false))));
            }
            let over = || Some((Ok(Bytes::from_static(b"event: end\ndata: {}\n\n")), None));
            loop {
                let part = tokio::select! {
                    () = tokio::time::sleep_until(end) => return over(),
                    // A program that stops lets its readers go.
                    () = deps.stop.told() => return None,
                    poke = pokes.hears() => match poke {
                        Ok(at) => frame(&at),
                        // Too slow: what was missed is pulled.
                        Err(RecvError::Lagged(_)) => Bytes::from_static(b"event: behind\ndata: {}\n\n"),
                        Err(RecvError::Closed) => return None,
                    },
                    sign = signs.recv() => match sign {
                        Ok(sign) if deps.bus.signs.concerns(&caller.who, &sign, deps.clock.now()) => shown(&sign),
                        // What was missed was for seconds.
                        Ok(_) | Err(RecvError::Lagged(_)) => continue,
                        Err(RecvError::Closed) => return None,
                    },
                    _ = looks.tick() => {
                        if deps.ended.holds(caller.session_id) {
                            return over();
                        }
                        if beat.elapsed() < BEAT {
                            continue;
                        }
                        Bytes::from_static(b": beat\n\n")
                    }
                };
                if deps.ended.holds(caller.session_id) {
                    return over();
                }
                beat = tokio::time::Instant::now();
                return Some((Ok(part), Some((pokes, signs, looks, beat, false))));
            }
        }
    })
}

fn frame(at: &Position) -> Bytes {
    let data = serde_json::to_string(at).unwrap_or_else(|_| "{}".to_owned());
    Bytes::from(format!("event: poke\ndata: {data}\n\n"))
}

/// Of whom it is, a number or nothing at all.
fn shown(sign: &Sign) -> Bytes {
    let (id, kind, number) = (sign.conversation_id, sign.kind, &sign.public_number);
    let data = serde_json::json!({"conversation_id": id, "kind": kind, "public_number": number});
    Bytes::from(format!("event: sign\ndata: {data}\n\n"))
}
