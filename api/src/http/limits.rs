//! What a request may weigh, before and after inflating, what all of them may weigh together, and how slow a body may be.

use std::{io::Read, sync::Arc, time::Duration};

use bytes::Bytes;
use flate2::read::GzDecoder;
use futures_util::StreamExt;
use poem::{Body, Request, http::header};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout},
};

use crate::base::refusal::{Kind, Refusal};

/// The largest body, inflated or not.
pub const MOST_BYTES: usize = 256 * 1024;
/// Bytes of bodies that are held at once, over all callers.
const MOST_HELD: usize = 64 * 1024 * 1024;

/// How long a body may be silent.
const SILENCE: Duration = Duration::from_secs(20);
/// Bytes a second, over all: a picture's piece still passes where the network has fallen back to its slowest.
const SLOWEST: usize = 1024;
/// How long a body may take at most.
const LONGEST: Duration = Duration::from_secs(180);

/// The body as it was received, inflated; what is made of it later may have lost what does not matter to its reader.
#[derive(Clone)]
pub struct Received(pub Bytes);

/// How much of a body that is too large is still taken in, so that its sender gets to hear why.
const MOST_DISCARDED: usize = 2 * 1024 * 1024;

/// Reads and forgets; a sender who is cut off in the middle would hear nothing.
async fn discard(body: Body) {
    let mut parts = body.into_bytes_stream();
    let reading = async {
        let mut seen = 0;
        while let Some(Ok(part)) = parts.next().await {
            seen += part.len();
            if seen > MOST_DISCARDED {
                return;
            }
        }
    };
    drop(tokio::time::timeout(Duration::from_secs(5), reading).await);
}

/// How much longer the next bytes may take, after so many in so long.
fn patience(since: Duration, seen: usize) -> Duration {
    let earned = SILENCE + Duration::from_secs((seen / SLOWEST) as u64);
    earned.min(LONGEST).saturating_sub(since).min(SILENCE)
}

/// Room for the bodies of all callers. It is given as bytes arrive, so that announcing many holds none.
#[derive(Clone)]
pub struct Room(Arc<Semaphore>);

impl Default for Room {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MOST_HELD)))
    }
}

impl Room {
    fn take(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Refusal> {
        let bytes = u32::try_from(bytes).map_err(|_| Kind::TooLarge)?;
        self.0.clone().try_acquire_many_owned(bytes).map_err(|_| passing("too many bodies are held at once"))
    }
}

/// Not the caller's fault, or not for good: the same request may be sent again.
fn passing(why: &str) -> Refusal {
    Refusal { retry_after_ms: Some(2_000), ..Kind::Unavailable.into() }.detail(why)
}

/// The bytes as they were sent, with the room that they hold.
async fn read(body: Body, room: &Room) -> Result<(Vec<u8>, OwnedSemaphorePermit), Refusal> {
    let (mut bytes, mut held) = (Vec::new(), room.take(0)?);
    let (mut parts, since) = (body.into_bytes_stream(), Instant::now());
    loop {
        match timeout(patience(since.elapsed(), bytes.len()), parts.next()).await {
            Ok(None) => return Ok((bytes, held)),
            Ok(Some(Ok(part))) => {
                if bytes.len() + part.len() > MOST_BYTES {
                    return Err(Kind::TooLarge.into());
                }
                held.merge(room.take(part.len())?);
                bytes.extend_from_slice(&part);
            }
            Ok(Some(Err(_))) | Err(_) => return Err(passing("the body did not arrive")),
        }
    }
}

/// Reads the body whole, inflated when it is gzip, or refuses it. Its bytes hold their room until the answer is made.
pub async fn bounded(mut request: Request, room: &Room) -> Result<(Request, OwnedSemaphorePermit), Refusal> {
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok())
        .and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|length| length > MOST_BYTES) {
        discard(request.take_body()).await;
        return Err(Kind::TooLarge.into());
    }
    let (bytes, mut held) = read(request.take_body(), room).await?;
    let encoding = request.headers_mut().remove(header::CONTENT_ENCODING);
    let bytes = match encoding.as_ref().map(|value| value.as_bytes()) {
        None | Some(b"identity") => bytes,
        Some(b"gzip") => {
            let mut plain = Vec::new();
            let most = MOST_BYTES as u64 + 1;
            GzDecoder::new(bytes.as_slice())
                .take(most)
                .read_to_end(&mut plain)
                .map_err(|_| Refusal::of(Kind::Malformed).detail("the body does not inflate"))?;
            if plain.len() > MOST_BYTES {
                return Err(Kind::TooLarge.into());
            }
            held = room.take(plain.len())?;
            plain
        }
        Some(_) => return Err(Kind::UnsupportedMedia.into()),
    };
    request.headers_mut().remove(header::CONTENT_LENGTH);
    let bytes = Bytes::from(bytes);
    request.set_data(Received(bytes.clone()));
    request.set_body(Body::from_bytes(bytes));
    Ok((request, held))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_body_passes_and_a_stalled_one_does_not() {
        for (what, since, seen, left) in [
            ("nothing yet", 0, 0, 20),
            ("nothing for long", 20, 0, 0),
            ("a drip below the slowest", 25, 4 * 1024, 0),
            ("16 kbit/s after a minute", 60, 120 * 1024, 20),
            ("a piece at 16 kbit/s, before its end", 125, 250 * 1024, 20),
            ("the longest", 180, 250 * 1024, 0),
        ] {
            assert_eq!(patience(Duration::from_secs(since), seen), Duration::from_secs(left), "{what}");
        }
    }

    #[tokio::test]
    async fn bodies_hold_their_room_until_they_are_answered() {
        let room = Room::default();
        let request = || Request::builder().body(vec![7; MOST_BYTES]);
        let mut held = Vec::new();
        while let Ok((_, permit)) = bounded(request(), &room).await {
            held.push(permit);
        }
        assert_eq!(held.len(), MOST_HELD / MOST_BYTES);
        let refused = bounded(request(), &room).await.err().map(|refusal| refusal.kind);
        assert_eq!(refused, Some(Kind::Unavailable));
        held.pop();
        assert!(bounded(request(), &room).await.is_ok());
    }
}
