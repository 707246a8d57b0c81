//! Links that open one file for one session, for five minutes, without a bearer token.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use entities::words::{FileId, SessionId, Timestamp};

use super::model::FileLink;
use crate::base::{
    keys::{Keys, same},
    refusal::{Kind, Refusal},
};

const LIFE_SECONDS: i64 = 300;

/// What a link opens. One to a file that was withheld since it was made opens nothing any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Linked {
    Original,
    /// An original that is withheld, for an investigator.
    Withheld,
    Copy,
}

pub fn make(keys: &Keys, now: Timestamp, what: Linked, file_id: FileId, session_id: SessionId) -> FileLink {
    let expires_at = now.plus_seconds(LIFE_SECONDS);
    let seal = BASE64_URL_SAFE_NO_PAD.encode(mac(keys, what, file_id, session_id, expires_at.millis()));
    let end = if what == Linked::Copy { "copy" } else { "bytes" };
    let url = format!("/api/v1/files/{file_id}/{end}?session={session_id}&expires={}&seal={seal}", expires_at.millis());
    FileLink { url, expires_at }
}

/// A link that was changed and one that has expired get the same answer.
pub fn check(
    keys: &Keys,
    now: Timestamp,
    what: Linked,
    file_id: FileId,
    session_id: SessionId,
    expires: i64,
    seal: &str,
) -> Result<(), Refusal> {
    let given = BASE64_URL_SAFE_NO_PAD.decode(seal).unwrap_or_default();
    let ours = same(&given, &mac(keys, what, file_id, session_id, expires));
    if ours && now.millis() < expires { Ok(()) } else { Err(Kind::LinkExpired.into()) }
}

fn mac(keys: &Keys, what: Linked, file_id: FileId, session_id: SessionId, expires: i64) -> [u8; 32] {
    let domain = match what {
        Linked::Original => "file-link",
        Linked::Withheld => "file-link-withheld",
        Linked::Copy => "file-link-copy",
    };
    keys.mac(domain, &[file_id.0.as_bytes(), session_id.0.as_bytes(), &expires.to_be_bytes()])
}

/// The part of a file that a `Range` header asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Whole,
    /// First and last byte.
    Bytes(u64, u64),
    /// No byte of the file.
    Outside,
}

/// Reads a `Range` header. One that is not understood, or asks for several parts, is passed over.
pub fn part(header: Option<&str>, size: u64) -> Part {
    let read = || {
        let (first, last) = header?.trim().strip_prefix("bytes=")?.split_once('-')?;
        let (first, last) = (first.trim(), last.trim());
        if first.is_empty() {
            let from_end: u64 = last.parse().ok()?;
            return Some(match from_end.min(size) {
                0 => Part::Outside,
                from_end => Part::Bytes(size - from_end, size - 1),
            });
        }
        let first: u64 = first.parse().ok()?;
        let last: u64 = if last.is_empty() { u64::MAX } else { last.parse().ok()? };
        if last < first {
            return None;
        }
        Some(if first >= size { Part::Outside } else { Part::Bytes(first, last.min(size - 1)) })
    };
    read().unwrap_or(Part::Whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        for (header, part_of_100) in [
            ("bytes=0-", Part::Bytes(0, 99)),
            ("bytes=0-0", Part::Bytes(0, 0)),
            ("bytes=10-19", Part::Bytes(10, 19)),
            ("bytes=90-500", Part::Bytes(90, 99)),
            ("bytes=-10", Part::Bytes(90, 99)),
            ("bytes=-500", Part::Bytes(0, 99)),
            ("bytes=-0", Part::Outside),
            ("bytes=100-", Part::Outside),
            ("bytes=5-4", Part::Whole),
            ("bytes=0-1,4-5", Part::Whole),
            ("bytes=x-", Part::Whole),
            ("lines=0-1", Part::Whole),
            ("bytes=99999999999999999999-", Part::Whole),
        ] {
            assert_eq!(part(Some(header), 100), part_of_100, "{header}");
        }
        assert_eq!(part(None, 100), Part::Whole);
    }
}
