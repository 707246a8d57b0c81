//! The rules.

use entities::words::{ConversationId, ConversationState, SignKind};

use crate::{
    base::{
        actions::Who,
        refusal::{Kind, Refusal},
        signs::Sign,
    },
    chat,
    deps::Deps,
};

pub async fn give(deps: &Deps, who: &Who, id: ConversationId, kind: SignKind) -> Result<(), Refusal> {
    let now = deps.clock.now();
    let talk = chat::talk(deps.db.read(), who, id).await?;
    if talk.state == ConversationState::Closed {
        return Err(Kind::ConversationClosed.into());
    }
    if !who.is_officer() {
        if kind == SignKind::Looking {
            return Err(Kind::RoleRefused.into());
        }
        chat::may_write(&talk, None, now)?;
    } else if kind == SignKind::Typing {
        chat::holds(who, &talk)?;
    }
    let sign = Sign {
        conversation_id: id,
        youth_id: talk.youth_id,
        by: who.account_id,
        public_number: who.public_number.clone(),
        kind,
        at: now,
    };
    if deps.bus.signs.note(&sign) {
        deps.bus.give(deps.db.read(), sign).await?;
    }
    Ok(())
}
