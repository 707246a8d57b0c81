//! How the log loses its beginning: a line at its end says up to which place it went, and with which chain it goes on.

use entities::{
    audit_entry,
    words::{AuditAct, AuditSubject, Timestamp},
};
use uuid::Uuid;

use super::{
    chain,
    service::{self, Line},
    store,
};
use crate::{
    base::{crypto::hex, refusal::Refusal},
    deps::Deps,
};

/// Lines that go in one transaction.
const BATCH: i64 = 5000;

/// Where the log begins: the last place that went, and its chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beginning {
    pub position: i64,
    pub chain: Vec<u8>,
}

impl Beginning {
    /// As a line says it.
    pub fn of(line: &audit_entry::Model) -> Option<Self> {
        let (position, chain) = line.detail.as_deref()?.split_once(' ')?;
        let chain = chain.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        Some(Self { position: position.parse().ok()?, chain: chain.collect::<Option<_>>()? })
    }
}

/// Lets the oldest lines go, those before a moment. The end of the log stays, however old. Says whether there may be more.
pub async fn trim(deps: &Deps, before: Timestamp) -> Result<bool, Refusal> {
    let tx = chain::begin(deps).await?;
    let Some(first) = store::first(&*tx).await? else { return Ok(false) };
    let last = store::last_before(&*tx, before).await?.min(first + BATCH - 1);
    if last < first {
        return Ok(false);
    }
    let Some(end) = store::at(&*tx, last).await?.and_then(|row| row.chain) else {
        return Err(Refusal::fault(format!("the audit log lacks position {last}; see `natpatrull audit verify`")));
    };
    let line = Line {
        actor_id: None,
        actor_number: None,
        act: AuditAct::Erase,
        subject: (AuditSubject::Audit, Uuid::nil()),
        detail: Some(format!("{last} {}", hex(&end))),
    };
    service::write(deps, &tx, deps.clock.now(), [line]).await?;
    store::forget(&tx, last).await?;
    tx.commit().await?;
    Ok(last == first + BATCH - 1)
}
