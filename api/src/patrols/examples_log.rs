use entities::words::{EventKind, LogEntryId, LogKind, NoticeChannel, NoticeId, NoticeOutcome, NoticeTarget, Topic};
use poem_openapi::types::Example;
use uuid::uuid;

use super::model_log::*;
use crate::http::story::*;

const ENTRY: LogEntryId = LogEntryId(uuid!("019ab2c5-0d41-7b28-9c17-4e8f1a6d3b90"));
const NOTICE: NoticeId = NoticeId(uuid!("019ab2c6-2e52-7a39-8d04-7b1c9f5e0a63"));
const SEEN: &str = "Flera frågar var man kan köpa cigg utan att visa leg.";

impl Example for Logging {
    fn example() -> Self {
        Self {
            entry_id: ENTRY,
            quarter_id: QUARTER,
            kind: LogKind::Observation,
            intervention: None,
            referral: None,
            topic: Some(Topic::Recruitment),
            text: Some(text(SEEN)),
        }
    }
}

impl Example for Turning {
    fn example() -> Self {
        Self { report_id: None, incident_id: Some(INCIDENT) }
    }
}

impl Example for SendNotice {
    fn example() -> Self {
        Self {
            notice_id: NOTICE,
            quarter_id: QUARTER,
            patrol_id: Some(PATROL),
            matter: EventKind::Fraud,
            target: NoticeTarget::Account,
            channel: NoticeChannel::InApp,
        }
    }
}

impl Example for NoticeAnswer {
    fn example() -> Self {
        Self { outcome: NoticeOutcome::Removed, removed_at: None }
    }
}

/// What a patrol wrote down, and what came of a notice.
pub fn entry() -> LogEntry {
    LogEntry {
        entry_id: ENTRY,
        quarter_id: QUARTER,
        public_number: Some(OFFICER.to_owned()),
        mine: true,
        kind: LogKind::Observation,
        intervention: None,
        referral: None,
        topic: Some(Topic::Recruitment),
        text: Some(SEEN.to_owned()),
        damaged: false,
        report_id: None,
        incident_id: Some(INCIDENT),
        at: after(900),
        recorded_at: after(900),
        received_at: after(902),
        revision: 2,
    }
}

pub fn notice() -> Notice {
    Notice {
        notice_id: NOTICE,
        quarter_id: QUARTER,
        patrol_id: Some(PATROL),
        public_number: Some(OFFICER.to_owned()),
        matter: EventKind::Fraud,
        target: NoticeTarget::Account,
        channel: NoticeChannel::InApp,
        at: after(1200),
        recorded_at: after(1200),
        received_at: after(1202),
        outcome: Some(NoticeOutcome::Removed),
        answered_at: Some(after(80_000)),
        removed_at: Some(after(80_000)),
        hours_to_removal: Some(22),
        revision: 2,
    }
}

impl Example for NoticePage {
    fn example() -> Self {
        Self { items: vec![notice()], next: None }
    }
}
