//! The rules, in order.

use std::sync::LazyLock;

use entities::{
    canned_reply,
    words::{AuditAct, AuditSubject, ReplyFit, ReplyId, Text},
};
use serde::Deserialize;

use super::{model::*, store};
use crate::{
    audit::{self, Line},
    base::{
        actions::Who,
        journal::{self, NewEntry},
        refusal::{Kind, Refusal},
        text,
    },
    deps::Deps,
};

/// What the program brings: revision 1 of each.
static BROUGHT: LazyLock<Vec<Brought>> = LazyLock::new(built_in);

#[expect(clippy::expect_used, reason = "built in, and read by a test")]
fn built_in() -> Vec<Brought> {
    serde_json::from_str(include_str!("../../replies/1.json")).expect("the canned replies")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Brought {
    reply_id: ReplyId,
    name: String,
    fits: Vec<ReplyFit>,
    sv: String,
    en: String,
    easy: String,
}

impl Brought {
    fn view(&self) -> CannedReply {
        CannedReply {
            reply_id: self.reply_id,
            revision: 1,
            name: self.name.clone(),
            fits: self.fits.clone(),
            sv: self.sv.clone(),
            en: self.en.clone(),
            easy: self.easy.clone(),
            ended: false,
            changed_at: None,
            changed_by: None,
        }
    }
}

fn view(row: canned_reply::Model) -> CannedReply {
    CannedReply {
        reply_id: row.reply_id,
        revision: row.revision,
        name: row.name,
        // One of a newer program is left out rather than all of them.
        fits: row.fits.split(',').filter_map(|word| serde_json::from_value(word.into()).ok()).collect(),
        sv: row.sv,
        en: row.en,
        easy: row.easy,
        ended: row.ended,
        changed_at: Some(row.changed_at),
        changed_by: row.changed_by,
    }
}

pub async fn list(deps: &Deps) -> Result<CannedReplies, Refusal> {
    let mut changed = store::newest(deps.db.read()).await?;
    let mut items: Vec<_> = BROUGHT
        .iter()
        .map(|brought| match changed.iter().position(|row| row.reply_id == brought.reply_id) {
            Some(nth) => view(changed.remove(nth)),
            None => brought.view(),
        })
        .collect();
    items.extend(changed.into_iter().map(view));
    Ok(CannedReplies { items })
}

/// Checks a text and what is to be filled in in it.
fn filled(field: &str, text: &Text) -> Result<String, Refusal> {
    let text = text::checked(text, LONGEST_TEXT)?;
    if text.split('{').skip(1).all(|rest| rest.split_once('}').is_some_and(|(name, _)| FIELDS.contains(&name))) {
        return Ok(text.to_owned());
    }
    let detail = format!("the fields of a canned reply are {}", FIELDS.join(", "));
    Err(Refusal::invalid(field).detail(detail))
}

pub async fn put(deps: &Deps, who: &Who, id: ReplyId, command: PutReply) -> Result<CannedReply, Refusal> {
    let PutReply { expected_revision, name, mut fits, sv, en, easy, ended } = command;
    fits.sort_unstable();
    fits.dedup();
    let now = deps.clock.now();
    let tx = deps.db.begin_in_turn().await?;
    let known = store::one(&tx, id).await?.map(view);
    let known = known.or_else(|| BROUGHT.iter().find(|brought| brought.reply_id == id).map(Brought::view));
    let row = canned_reply::Model {
        reply_id: id,
        revision: known.as_ref().map_or(0, |known| known.revision) + 1,
        name: text::checked(&name, LONGEST_NAME)?.to_owned(),
        fits: fits.iter().map(|fit| fit.word()).collect::<Vec<_>>().join(","),
        sv: filled("sv", &sv)?,
        en: filled("en", &en)?,
        easy: filled("easy", &easy)?,
        ended,
        changed_at: now,
        changed_by: who.public_number.clone(),
    };
    if let Some(known) = known {
        let CannedReply { revision, changed_at, ref changed_by, .. } = known;
        if (CannedReply { revision, changed_at, changed_by: changed_by.clone(), ..view(row.clone()) }) == known {
            // The reply was lost.
            return Ok(known);
        }
    }
    if row.revision - 1 != expected_revision {
        return Err(Kind::RevisionConflict.into());
    }
    store::insert(&tx, row.clone()).await?;
    let entry = NewEntry {
        stream: journal::DESK.to_owned(),
        kind: "reply-changed",
        entity_id: id.0,
        revision: row.revision,
        action_id: None,
        actor: who.actor(),
        actor_id: Some(who.account_id),
    };
    journal::append(&tx, now, vec![entry]).await?;
    audit::write(deps, &tx, now, Line::of(who, AuditAct::Change, (AuditSubject::Reply, id.0), Some("reply-put")))
        .await?;
    tx.commit().await?;
    Ok(view(row))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    #[expect(clippy::unwrap_used, reason = "a test says what went wrong by ending")]
    fn what_the_program_brings_is_what_a_lead_could_have_written() {
        let text = |text: &str| Text(text.to_owned());
        let mut ids = HashSet::new();
        for brought in &*BROUGHT {
            assert!(ids.insert(brought.reply_id), "{} has the id of another", brought.name);
            assert!(text::checked(&text(&brought.name), LONGEST_NAME).is_ok(), "{}", brought.name);
            for words in [&brought.sv, &brought.en, &brought.easy] {
                assert_eq!(&filled("sv", &text(words)).unwrap(), words);
            }
        }
        assert!(ids.len() >= 8);
        for wrong in ["{name}", "{", "{number", "{ number }", "{}"] {
            assert!(filled("sv", &text(wrong)).is_err(), "{wrong}");
        }
    }
}
