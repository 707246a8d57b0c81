//! How the bytes of what all may see are given: in parts, and not to whoever has them.

use poem::Body;
use poem_openapi::{
    ApiResponse,
    payload::{Json, Response},
};

use super::{
    links::{Part, part},
    model::FileBytes,
    service::Readable,
};
use crate::{base::refusal::Kind, http::problem::Problem};

/// For an hour, which is as long as what was taken away may still be shown where it was kept.
pub const KEEP_PUBLIC: &str = "public, max-age=3600, immutable";

#[derive(ApiResponse)]
pub enum PublicBytes {
    /// The whole of it.
    #[oai(status = 200)]
    Whole(FileBytes, #[oai(header = "Content-Length")] u64),
    /// The part that was asked for.
    #[oai(status = 206)]
    Part(FileBytes, #[oai(header = "Content-Length")] u64, #[oai(header = "Content-Range")] String),
    /// It is what the caller has.
    #[oai(status = 304)]
    Same,
    /// It has no such bytes.
    #[oai(status = 416, content_type = "application/problem+json")]
    Outside(Json<Problem>, #[oai(header = "Content-Range")] String),
}

/// What is asked of some bytes: their `Range`, `If-Range` and `If-None-Match`.
pub struct Asked {
    pub range: Option<String>,
    pub if_range: Option<String>,
    pub if_none_match: Option<String>,
}

/// The bytes that were asked for, of what has this hash.
pub fn public_bytes((readable, sha256): (Readable, String), asked: Asked) -> Response<PublicBytes> {
    let etag = format!("\"{sha256:.32}\"");
    let same = |given: &String| given.split(',').any(|one| one.trim().trim_start_matches("W/") == etag);
    let answer = if asked.if_none_match.as_ref().is_some_and(same) {
        PublicBytes::Same
    } else {
        let range = asked.range.filter(|_| asked.if_range.as_ref().is_none_or(|given| *given == etag));
        read(readable, range.as_deref())
    };
    // Where nothing of it was asked for, nothing is kept.
    let keep = if matches!(answer, PublicBytes::Outside(..)) { "no-store" } else { KEEP_PUBLIC };
    Response::new(answer)
        .header("ETag", etag)
        .header("Accept-Ranges", "bytes")
        .header("Cache-Control", keep)
        .header("Content-Security-Policy", "sandbox; default-src 'none'")
        .header("X-Content-Type-Options", "nosniff")
}

fn read(readable: Readable, range: Option<&str>) -> PublicBytes {
    let Readable { media_type, size, blob } = readable;
    let body = |first, end| FileBytes::of(&media_type, Body::from_bytes_stream(blob.stream(size, first..end)));
    match part(range, size) {
        Part::Whole => PublicBytes::Whole(body(0, size), size),
        Part::Bytes(first, last) => {
            PublicBytes::Part(body(first, last + 1), last - first + 1, format!("bytes {first}-{last}/{size}"))
        }
        Part::Outside => {
            PublicBytes::Outside(Json(Problem::from_refusal(&Kind::RangeRefused.into())), format!("bytes */{size}"))
        }
    }
}
