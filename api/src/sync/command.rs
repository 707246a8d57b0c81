//! The kinds of action. A new kind is one variant, one arm in [`prepare`] and one in `group::apply`; the compiler asks
//! for them.

use entities::words::ActionId;
use poem_openapi::types::{ParseFromJSON, ToJSON};
use serde_json::Value;

use super::model::ActionEnvelope;
use crate::{
    base::{
        actions::{Act, Who},
        refusal::{Kind, Refusal},
    },
    chat::{self, CloseConversation, ReadConversation, SealedMessage, SendMessage, TakeConversation},
    deps::Deps,
    http::fallback::malformed,
    reports::{self, ReadReport, SealedReport, SubmitReport},
    tips::{self, PublishTip},
};

/// A command that is read, checked and sealed.
#[derive(Clone, Debug)]
pub enum Command {
    MessageSend(SealedMessage),
    ConversationTake(TakeConversation),
    ConversationClose(CloseConversation),
    ConversationRead(ReadConversation),
    ReportSubmit(SealedReport),
    ReportRead(ReadReport),
    TipPublish(PublishTip),
}

/// Every kind, with the lowest and the newest version that is taken.
pub const KINDS: &[(&str, u32, u32)] = &[
    ("message-send", 1, 1),
    ("conversation-take", 1, 1),
    ("conversation-close", 1, 1),
    ("conversation-read", 1, 1),
    ("report-submit", 1, 1),
    ("report-read", 1, 1),
    ("tip-publish", 1, 1),
];

/// An action ready for the writer: what a rule already refused travels along, to be stored as refused.
#[derive(Clone, Debug)]
pub struct Ready {
    pub act: Act<Result<Command, Refusal>>,
    pub lane: String,
    pub kind: String,
    pub after: Vec<ActionId>,
    pub body_mac: Vec<u8>,
}

/// Reads an envelope. What comes back as an error is never stored: its form, kind or version is not known here.
pub fn prepare(deps: &Deps, who: &Who, raw: Value) -> Result<Ready, (Option<ActionId>, Refusal)> {
    let action_id = raw.get("action_id").and_then(Value::as_str).and_then(|text| text.parse().ok());
    let envelope = read::<ActionEnvelope>(raw).map_err(|refusal| (action_id, refusal))?;
    let refuse = |refusal: Refusal| (Some(envelope.action_id), refusal);
    let (_, lowest, newest) = KINDS
        .iter()
        .find(|(kind, ..)| *kind == &*envelope.kind)
        .ok_or_else(|| refuse(Kind::UnknownActionKind.into()))?;
    if !(*lowest..=*newest).contains(&envelope.v) {
        return Err(refuse(Kind::UnknownActionVersion.into()));
    }

    let body = &envelope.body.0;
    // A canonical form, so that the same body with its fields in another order is the same action.
    let canonical = serde_jcs::to_vec(body).map_err(|_| refuse(Kind::Malformed.into()))?;
    let version = envelope.v.to_be_bytes();
    let body_mac = deps.keys.receipt_mac(&[envelope.kind.as_bytes(), &version, &canonical]).to_vec();

    let body = body.clone();
    let command = match &*envelope.kind {
        "message-send" => read::<SendMessage>(body).map(|c| chat::prepare(deps, c).map(Command::MessageSend)),
        "conversation-take" => read(body).map(|c| Ok(Command::ConversationTake(c))),
        "conversation-close" => read(body).map(|c| Ok(Command::ConversationClose(c))),
        "conversation-read" => read(body).map(|c| Ok(Command::ConversationRead(c))),
        "report-submit" => read::<SubmitReport>(body).map(|c| reports::prepare(deps, c).map(Command::ReportSubmit)),
        "report-read" => read(body).map(|c| Ok(Command::ReportRead(c))),
        "tip-publish" => read::<PublishTip>(body).map(|c| tips::check(c).map(Command::TipPublish)),
        _ => Err(Kind::UnknownActionKind.into()),
    }
    .map_err(refuse)?;
    if let Err(refusal) = &command
        && refusal.kind == Kind::Malformed
    {
        // Also where only the slice could see it.
        return Err(refuse(refusal.clone()));
    }

    Ok(Ready {
        act: Act { action_id: envelope.action_id, who: who.clone(), recorded_at: envelope.recorded_at, command },
        lane: envelope.lane.0,
        kind: envelope.kind.0,
        after: envelope.after,
        body_mac,
    })
}

fn read<T: ParseFromJSON + ToJSON>(value: Value) -> Result<T, Refusal> {
    T::parse_from_json(Some(value)).map_err(|error| malformed(&error.into_message()))
}
