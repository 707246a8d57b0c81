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
        actions::{Act, Decided},
        db::Tx,
        refusal::{Kind, Refusal},
        vault::ContentKey,
    },
    chat,
    deps::Deps,
    handovers,
};

pub fn prepare(deps: &Deps, key: &ContentKey, command: JoinIncident) -> Result<SealedJoining, Refusal> {
    let JoinIncident { incident_id, conversation_id, title } = command;
    let title = chat::checked(&title, LONGEST_TITLE)?.as_bytes();
    let title = key.cipher.seal(chat::INCIDENT, conversation_id.0, title, &*deps.chance)?;
    Ok(SealedJoining { incident_id, conversation_id, title })
}

pub async fn join(deps: &Deps, tx: &Tx, now: Timestamp, acts: &[Act<SealedJoining>]) -> Result<Vec<Decided>, DbErr> {
    let known = store::incidents(tx, acts.iter().map(|act| act.command.incident_id).collect()).await?;
    let mut numbers: HashMap<IncidentId, String> = known.into_iter().map(|row| (row.incident_id, row.number)).collect();
    let mut opened = Vec::new();
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
            let number = numbers.entry(incident_id).or_insert_with(|| {
                let number = handovers::draw_number(&*deps.chance);
                let opened_by = act.who.public_number.clone();
                opened.push(incident::Model { incident_id, number: number.clone(), opened_at: now, opened_by });
                number
            });
            talk.incident_id = Some(incident_id);
            talk.incident_number = Some(number.clone());
            talk.incident_title = Some(title.clone());
            Ok(true)
        },
    )
    .await?;
    // A number that is taken already, which hardly ever happens, makes this fail; run again, another one is drawn.
    store::insert(tx, opened).await?;
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
