//! What a request may weigh, before and after inflating, and how long its body may take.

use std::{io::Read, time::Duration};

use bytes::Bytes;
use flate2::read::GzDecoder;
use futures_util::StreamExt;
use poem::{Body, Request, http::header};

use crate::base::refusal::{Kind, Refusal};

/// The largest body, inflated or not.
pub const MOST_BYTES: usize = 256 * 1024;
const BODY_TIME: Duration = Duration::from_secs(30);

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

/// Reads the body whole, inflated when it is gzip, or refuses it. Memory stays within twice [`MOST_BYTES`].
pub async fn bounded(mut request: Request) -> Result<Request, Refusal> {
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok())
        .and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|length| length > MOST_BYTES) {
        discard(request.take_body()).await;
        return Err(Kind::TooLarge.into());
    }
    let reading = request.take_body().into_bytes_limit(MOST_BYTES);
    let bytes = match tokio::time::timeout(BODY_TIME, reading).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(poem::error::ReadBodyError::PayloadTooLarge)) => return Err(Kind::TooLarge.into()),
        Ok(Err(_)) | Err(_) => return Err(Refusal::of(Kind::Malformed).detail("the body did not arrive")),
    };
    let encoding = request.headers_mut().remove(header::CONTENT_ENCODING);
    let bytes = match encoding.as_ref().map(|value| value.as_bytes()) {
        None | Some(b"identity") => bytes.to_vec(),
        Some(b"gzip") => {
            let mut plain = Vec::new();
            let most = MOST_BYTES as u64 + 1;
            GzDecoder::new(bytes.as_ref())
                .take(most)
                .read_to_end(&mut plain)
                .map_err(|_| Refusal::of(Kind::Malformed).detail("the body does not inflate"))?;
            if plain.len() > MOST_BYTES {
                return Err(Kind::TooLarge.into());
            }
            plain
        }
        Some(_) => return Err(Kind::UnsupportedMedia.into()),
    };
    request.headers_mut().remove(header::CONTENT_LENGTH);
    let bytes = Bytes::from(bytes);
    request.set_data(Received(bytes.clone()));
    request.set_body(Body::from_bytes(bytes));
    Ok(request)
}
