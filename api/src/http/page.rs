//! Keyset pages: `next` is opaque and carries the place after which to go on.

use std::{fmt::Display, str::FromStr};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use poem_openapi::NewType;

use crate::base::refusal::{Field, Kind, Refusal};

/// How many items a page holds: 1 to 100, 50 when nothing is said.
#[derive(Clone, Copy, Debug, NewType)]
#[oai(from_multipart = false, to_header = false)]
pub struct Limit(u32);

impl Limit {
    pub fn or_default(limit: Option<Limit>) -> u64 {
        u64::from(limit.map_or(50, |limit| limit.0.clamp(1, 100)))
    }
}

/// A place in a list that is ordered by a moment and an id.
pub struct Next<Id> {
    pub at: i64,
    pub id: Id,
}

impl<Id: FromStr + Display> Next<Id> {
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let read = || {
            let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
            let text = String::from_utf8(bytes).ok()?;
            let (at, id) = text.strip_prefix("1:")?.split_once(':')?;
            Some(Self { at: at.parse().ok()?, id: id.parse().ok()? })
        };
        read().ok_or_else(|| Refusal {
            fields: vec![Field { field: "next".into(), kind: "invalid" }],
            ..Kind::Malformed.into()
        })
    }

    /// The `next` of a full page; a shorter page was the last.
    pub fn of<T>(items: &[T], limit: u64, place: impl Fn(&T) -> (i64, Id)) -> Option<String> {
        if (items.len() as u64) < limit {
            return None;
        }
        let (at, id) = place(items.last()?);
        Some(Self { at, id }.written())
    }

    pub fn written(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(format!("1:{}:{}", self.at, self.id))
    }
}
