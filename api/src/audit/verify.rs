//! Looks whether the log is whole: every place from its beginning on, every line as it was written, each joined to the
//! one before, and as far as the anchor says.

use entities::audit_entry;

use super::{
    chain::{Anchor, link},
    service::row_mac,
    store,
    trim::Beginning,
};
use crate::{
    base::{
        crypto::hex,
        keys::{Keys, same},
    },
    deps::Deps,
};

/// Lines in memory at once.
const PAGE: u64 = 1000;

/// What was found.
pub struct Verified {
    pub lines: u64,
    /// Of them, those that have no place yet.
    pub unsealed: u64,
    /// The last place and its chain.
    pub head: Option<(i64, String)>,
    pub faults: u64,
}

/// Looks at every line, and tells each fault in plain words.
pub async fn verify(deps: &Deps, mut tell: impl FnMut(String)) -> Result<Verified, String> {
    let fault = |error: sea_orm::DbErr| format!("audit: {error}");
    let mut faults = 0;
    let mut tell = |text: String| {
        faults += 1;
        tell(text);
    };
    // First: while this runs the log only grows.
    let path = Anchor::path(&deps.config);
    let anchor = Anchor::read(&path)?;
    let (db, keys) = (deps.db.read(), &*deps.keys);

    let (mut lines, mut unsealed) = (0, 0);
    let began = store::beginnings(db).await.map_err(fault)?;
    let began = began.iter().filter(|row| genuine(keys, row)).filter_map(Beginning::of);
    let mut walk = began.max_by_key(|began| began.position).map(Walk::from).unwrap_or_default();
    let mut after = None;
    loop {
        let rows = store::sealed(db, after, PAGE).await.map_err(fault)?;
        for row in &rows {
            let position = row.position.unwrap_or_default();
            lines += 1;
            walk.step(keys, position, row, &mut tell);
            if anchor.as_ref().is_some_and(|anchor| anchor.position == position && !anchor.fits(row)) {
                tell(format!("position {position}: not the line that {} names", path.display()));
            }
            after = Some((position, row.entry_id));
        }
        if (rows.len() as u64) < PAGE {
            break;
        }
    }
    match &anchor {
        Some(anchor) if anchor.position > walk.position => tell(format!(
            "the end is cut: {} says {}, the table ends at {}",
            path.display(),
            anchor.position,
            walk.position
        )),
        None if walk.position > 0 => {
            tell(format!("{} is missing: whether the end is cut cannot be told", path.display()));
        }
        _ => {}
    }

    let mut after = None;
    loop {
        let rows = store::unsealed(db, after, PAGE).await.map_err(fault)?;
        for row in &rows {
            (lines, unsealed) = (lines + 1, unsealed + 1);
            if !genuine(keys, row) {
                let entry = row.entry_id;
                tell(format!("after position {}: an added or changed line, not sealed yet ({entry})", walk.position));
            }
            after = Some(row.entry_id);
        }
        if (rows.len() as u64) < PAGE {
            break;
        }
    }
    let head = (walk.position > 0).then(|| (walk.position, hex(&walk.stored)));
    Ok(Verified { lines, unsealed, head, faults })
}

fn genuine(keys: &Keys, row: &audit_entry::Model) -> bool {
    same(&row.row_mac, &row_mac(keys, row))
}

/// How far the chain was followed.
#[derive(Default)]
struct Walk {
    position: i64,
    /// The chain of that place, as it stands and as it should be: one of them leads on.
    stored: Vec<u8>,
    right: Vec<u8>,
}

impl From<Beginning> for Walk {
    fn from(Beginning { position, chain }: Beginning) -> Self {
        Self { position, stored: chain.clone(), right: chain }
    }
}

impl Walk {
    fn step(&mut self, keys: &Keys, position: i64, row: &audit_entry::Model, tell: &mut impl FnMut(String)) {
        let stored = row.chain.clone().unwrap_or_default();
        let dense = position == self.position + 1;
        let joins = |before: &[u8]| same(&link(keys, before, position, row), &stored);
        if position <= self.position {
            tell(format!("position {position}: an added line, the place is taken"));
            return;
        }
        if !dense {
            match (self.position + 1, position - 1) {
                (first, last) if first == last => tell(format!("position {first}: a line is missing")),
                (first, last) => tell(format!("positions {first} to {last}: lines are missing")),
            }
        }
        if !genuine(keys, row) {
            tell(format!("position {position}: an added or changed line"));
        } else if dense && !joins(&self.stored) && !joins(&self.right) {
            tell(format!("position {position}: a line out of its order, it does not join the one before"));
        }
        self.right = link(keys, &self.stored, position, row);
        (self.position, self.stored) = (position, stored);
    }
}
