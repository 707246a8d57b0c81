use entities::words::{ErasureReason, KeptKind, PersonRole, Regime, SubjectKind, Timestamp};
use poem_openapi::types::Example;

use super::model::*;
use crate::http::story::*;

const REASON: &str = "Åklagaren har begärt ut rapporten.";
const DAY: i64 = 24 * 3600;

impl Example for EraseRecord {
    fn example() -> Self {
        Self { reason: LeadsReason::Asked }
    }
}

impl Example for RefuseErasure {
    fn example() -> Self {
        Self { reason: text("Det behövs i en utredning som pågår. Fråga gärna igen om ett halvår.") }
    }
}

impl Example for AskedErasures {
    fn example() -> Self {
        Self { items: vec![Example::example()] }
    }
}

impl Example for AskedErasure {
    fn example() -> Self {
        Self {
            subject_kind: SubjectKind::Conversation,
            subject_id: CONVERSATION.0,
            asked_at: after(DAY),
            regime: Regime::Crime,
            person_role: PersonRole::Victim,
        }
    }
}

impl Example for HoldRecord {
    fn example() -> Self {
        Self { reason: text(REASON), until: after(30 * DAY) }
    }
}

impl Example for TagRecord {
    fn example() -> Self {
        Self { regime: Regime::Crime, person_role: PersonRole::Victim }
    }
}

impl Example for Erasure {
    fn example() -> Self {
        Self {
            subject_kind: SubjectKind::Conversation,
            subject_id: CONVERSATION.0,
            reason: ErasureReason::Rule,
            by: None,
            at: after(91 * DAY),
            messages: 12,
            files: 0,
            removed_at: Some(after(91 * DAY)),
            scrubbed_at: Some(after(91 * DAY + 1)),
        }
    }
}

impl Example for ErasurePage {
    fn example() -> Self {
        Self { items: vec![Example::example()], next: None }
    }
}

impl Example for Holds {
    fn example() -> Self {
        Self { items: vec![Example::example()] }
    }
}

impl Example for Hold {
    fn example() -> Self {
        Self {
            subject_kind: SubjectKind::Report,
            subject_id: REPORT.0,
            reason: REASON.to_owned(),
            damaged: false,
            by: Some("03".to_owned()),
            at: after(DAY),
            until: after(30 * DAY),
        }
    }
}

impl Example for DueReviews {
    fn example() -> Self {
        Self { items: vec![Example::example()] }
    }
}

impl Example for DueReview {
    fn example() -> Self {
        Self {
            subject_kind: SubjectKind::Report,
            subject_id: REPORT.0,
            regime: Regime::Crime,
            person_role: PersonRole::Victim,
            made_at: after(62),
            reviewed_at: None,
        }
    }
}

impl Example for Rules {
    fn example() -> Self {
        let rule = Rule {
            kind: KeptKind::Conversation,
            regime: Regime::Crime,
            valid_from: Timestamp::from_millis(0),
            days: Some(90),
            source: "Proposal, to be decided by the controller: 90 days after the last message".to_owned(),
        };
        Self { items: vec![rule] }
    }
}
