//! The rules, in order. A record is a transition of its talk, so that whoever follows that is told.

use std::{collections::HashSet, sync::LazyLock};

use entities::{
    duty_record, duty_text,
    words::{
        AuditAct, AuditSubject, ConversationId, DutyDecision, DutyId, DutyMatter, DutyState, SettingName, Timestamp,
    },
};
use sea_orm::{ConnectionTrait, DbErr};
use serde::Deserialize;
use uuid::Uuid;

use super::{model::*, store};
use crate::{
    audit::{self, Line},
    base::{
        actions::{Act, Decided, Who},
        db::Tx,
        refusal::{Kind, Refusal},
        settings, text,
        vault::ContentKey,
    },
    chat,
    deps::Deps,
};

/// Where a reason stands, as the vault's place.
const REASON: &str = "duty_record.reason";

/// What the program brings.
static BROUGHT: LazyLock<Brought> = LazyLock::new(built_in);

#[expect(clippy::expect_used, reason = "built in, and read by a test")]
fn built_in() -> Brought {
    serde_json::from_str(include_str!("../../duty/1.json")).expect("what police must act on")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Brought {
    version: i32,
    valid_from: String,
    law: String,
    sv: String,
    en: String,
    easy: String,
}

impl Brought {
    fn row(&self) -> duty_text::Model {
        duty_text::Model {
            version: self.version,
            valid_from: self.valid_from.parse().unwrap_or(Timestamp::from_millis(0)),
            law: self.law.clone(),
            sv: self.sv.clone(),
            en: self.en.clone(),
            easy: self.easy.clone(),
            changed_by: None,
        }
    }
}

// The text

async fn view(db: &impl ConnectionTrait, now: Timestamp, row: duty_text::Model) -> Result<DutyText, DbErr> {
    Ok(DutyText {
        version: row.version,
        valid_from: row.valid_from,
        law: row.law,
        sv: row.sv,
        en: row.en,
        easy: row.easy,
        child_age: settings::value(db, SettingName::ChildAge, now).await?,
        criminal_age: settings::value(db, SettingName::CriminalAge, now).await?,
    })
}

pub async fn text(deps: &Deps) -> Result<DutyText, Refusal> {
    let row = store::newest_text(deps.db.read()).await?.unwrap_or_else(|| BROUGHT.row());
    Ok(view(deps.db.read(), deps.clock.now(), row).await?)
}

pub async fn put(deps: &Deps, who: &Who, command: PutDutyText) -> Result<DutyText, Refusal> {
    let now = deps.clock.now();
    let words = |text| text::checked(text, LONGEST_TEXT).map(str::to_owned);
    let tx = deps.db.begin_in_turn().await?;
    let known = store::newest_text(&*tx).await?.unwrap_or_else(|| BROUGHT.row());
    let row = duty_text::Model {
        version: known.version + 1,
        valid_from: now,
        law: words(&command.law)?,
        sv: words(&command.sv)?,
        en: words(&command.en)?,
        easy: words(&command.easy)?,
        changed_by: who.public_number.clone(),
    };
    let (same, before) = ([&row.law, &row.sv, &row.en, &row.easy], [&known.law, &known.sv, &known.en, &known.easy]);
    if same == before {
        // The reply was lost.
        return Ok(view(&*tx, now, known).await?);
    }
    if known.version != command.expected_version {
        return Err(Kind::RevisionConflict.into());
    }
    store::insert_text(&tx, row.clone()).await?;
    let subject = (AuditSubject::Duty, Uuid::nil());
    audit::write(deps, &tx, now, Line::of(who, AuditAct::Change, subject, Some("duty-text-put"))).await?;
    let text = view(&*tx, now, row).await?;
    tx.commit().await?;
    Ok(text)
}

// What is decided in a talk

pub fn prepare(deps: &Deps, key: &ContentKey, command: RecordDuty) -> Result<SealedDuty, Refusal> {
    use DutyDecision as D;
    let RecordDuty { duty_id, conversation_id, matter, decision, reason, text_version } = command;
    let fits = match (matter, decision) {
        (_, None | Some(D::PassedOn)) => true,
        (DutyMatter::ChildHarmed, Some(decision)) => decision != D::StoppedAsking,
        (DutyMatter::OwnCrime, Some(decision)) => decision == D::StoppedAsking,
    };
    if !fits {
        return Err(Refusal::of(Kind::Conflict).detail("that is no decision of this matter"));
    }
    let reason = match reason {
        Some(reason) => {
            let reason = text::checked(&reason, LONGEST_REASON)?.as_bytes();
            Some(key.cipher.seal(REASON, duty_id.0, reason, &*deps.chance)?)
        }
        // Stopping needs no other reason than that it is no interrogation.
        None if decision.is_none_or(|decision| decision == D::StoppedAsking) => None,
        None => return Err(Kind::TextEmpty.into()),
    };
    Ok(SealedDuty { duty_id, conversation_id, matter, decision, reason, text_version })
}

pub async fn record(tx: &Tx, now: Timestamp, acts: &[Act<SealedDuty>]) -> Result<Vec<Decided>, DbErr> {
    let ids = acts.iter().map(|act| act.command.duty_id).collect();
    let mut known: HashSet<DutyId> = store::known(tx, ids).await?.into_iter().collect();
    let mut rows = Vec::new();
    let decided = chat::transition_at_desk(
        tx,
        now,
        acts,
        |command| command.conversation_id,
        |talk, act| {
            chat::holds(&act.who, talk)?;
            let SealedDuty { duty_id, conversation_id, matter, decision, ref reason, text_version } = act.command;
            if !known.insert(duty_id) {
                return Err(Refusal::of(Kind::Conflict).detail("the record's id is taken"));
            }
            let state = Some(if decision.is_some() { DutyState::Decided } else { DutyState::Raised });
            match matter {
                DutyMatter::ChildHarmed => talk.child_duty = state,
                DutyMatter::OwnCrime => talk.crime_duty = state,
            }
            rows.push(duty_record::Model {
                duty_id,
                conversation_id,
                matter,
                decision,
                reason: reason.clone(),
                text_version,
                at: now,
                by_number: act.who.public_number.clone(),
            });
            Ok(true)
        },
    )
    .await?;
    store::insert(tx, rows).await?;
    Ok(decided)
}

/// Removes all that belongs to a talk that is being erased.
pub async fn remove(tx: &Tx, id: ConversationId) -> Result<(), DbErr> {
    store::remove(tx, id).await
}

pub async fn records(deps: &Deps, who: &Who, id: ConversationId) -> Result<DutyRecords, Refusal> {
    if !chat::may_read(deps.db.read(), who, id).await? {
        return Err(Kind::NotFound.into());
    }
    let rows = store::of_talk(deps.db.read(), id).await?;
    audit::looked(deps, who, AuditSubject::Conversation, [id.0]).await?;
    let keyed = deps.vault.keyed(&deps.db, rows, |row| row.conversation_id.0).await?;
    let items = keyed.into_iter().map(|(row, opener)| DutyRecord {
        reason: row.reason.as_ref().and_then(|reason| opener.words(REASON, row.duty_id.0, reason)),
        duty_id: row.duty_id,
        conversation_id: row.conversation_id,
        matter: row.matter,
        decision: row.decision,
        text_version: row.text_version,
        at: row.at,
        by: row.by_number,
    });
    Ok(DutyRecords { items: items.collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_program_brings_is_dated_and_names_no_age() {
        let text = BROUGHT.row();
        assert!(text.valid_from.millis() > 0, "the text has no day");
        for words in [&text.sv, &text.en] {
            assert!(words.contains("{child_age}") && words.contains("{criminal_age}"), "{words}");
        }
        for words in [&text.sv, &text.en, &text.easy] {
            assert!(!words.chars().any(|sign| sign.is_ascii_digit()), "an age stands in the text: {words}");
        }
    }
}
