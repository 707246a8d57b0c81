//! The rules, in order. Both are transitions of the talk, so that whoever follows it is told.

use std::collections::HashMap;

use entities::{
    incident,
    words::{AuditAct, AuditSubject, IncidentId, Timestamp},
};
use sea_orm::DbErr;

use super::{model::*, store};
use crate::{
    audit::{self, Line},
    base::{
        actions::{Act, Decided, Who},
        db::Tx,
        refusal::{Kind, Refusal},
        text,
        vault::ContentKey,
    },
    chat,
    deps::Deps,
    handovers,
};

pub fn prepare(deps: &Deps, key: &ContentKey, command: JoinIncident) -> Result<SealedJoining, Refusal> {
    let JoinIncident { incident_id, conversation_id, title } = command;
    let title = text::checked(&title, LONGEST_TITLE)?.as_bytes();
    let title = key.cipher.seal(chat::INCIDENT, conversation_id.0, title, &*deps.chance)?;
    Ok(SealedJoining { incident_id, conversation_id, title })
}

/// The incidents that a group joins: those that there are, and those that it opens.
pub struct Numbers<'a> {
    deps: &'a Deps,
    now: Timestamp,
    known: HashMap<IncidentId, String>,
    opened: Vec<incident::Model>,
}

impl<'a> Numbers<'a> {
    pub async fn of(deps: &'a Deps, tx: &Tx, now: Timestamp, ids: Vec<IncidentId>) -> Result<Self, DbErr> {
        let known = store::incidents(tx, ids).await?.into_iter().map(|row| (row.incident_id, row.number)).collect();
        Ok(Self { deps, now, known, opened: Vec::new() })
    }

    /// Its number; who joins the first opens it.
    pub fn number(&mut self, incident_id: IncidentId, who: &Who) -> String {
        let number = self.known.entry(incident_id).or_insert_with(|| {
            let number = handovers::draw_number(&*self.deps.chance);
            let opened_by = who.public_number.clone();
            self.opened.push(incident::Model { incident_id, number: number.clone(), opened_at: self.now, opened_by });
            number
        });
        number.clone()
    }

    /// A number that is taken already, which hardly ever happens, makes this fail; run again, another one is drawn.
    pub async fn save(self, tx: &Tx) -> Result<(), DbErr> {
        store::insert(tx, self.opened).await
    }
}

pub async fn join(deps: &Deps, tx: &Tx, now: Timestamp, acts: &[Act<SealedJoining>]) -> Result<Vec<Decided>, DbErr> {
    let ids = acts.iter().map(|act| act.command.incident_id).collect();
    let mut numbers = Numbers::of(deps, tx, now, ids).await?;
    let decided = chat::transition_at_desk(
        tx,
        now,
        acts,
        |command| command.conversation_id,
        |talk, act| {
            if !act.who.is_officer() {
                return Err(Kind::RoleRefused.into());
            }
            let SealedJoining { incident_id, ref title, .. } = act.command;
            if talk.incident_id.is_some_and(|other| other != incident_id) {
                return Err(Refusal::of(Kind::Conflict).detail("the talk is in another incident"));
            }
            talk.incident_id = Some(incident_id);
            talk.incident_number = Some(numbers.number(incident_id, &act.who));
            talk.incident_title = Some(title.clone());
            Ok(true)
        },
    )
    .await?;
    numbers.save(tx).await?;
    let joined = acts.iter().zip(&decided).filter(|(_, decided)| decided.is_ok()).filter_map(|(act, _)| {
        Line::of(&act.who, AuditAct::Join, (AuditSubject::Incident, act.command.incident_id.0), Some("incident-join"))
    });
    audit::write(deps, tx, now, joined).await?;
    Ok(decided)
}

pub async fn leave(tx: &Tx, now: Timestamp, acts: &[Act<LeaveIncident>]) -> Result<Vec<Decided>, DbErr> {
    chat::transition_at_desk(
        tx,
        now,
        acts,
        |command| command.conversation_id,
        |talk, act| {
            if !act.who.is_officer() {
                return Err(Kind::RoleRefused.into());
            }
            if talk.incident_id != Some(act.command.incident_id) {
                return Ok(false);
            }
            (talk.incident_id, talk.incident_number, talk.incident_title) = (None, None, None);
            Ok(true)
        },
    )
    .await
}
