//! That somebody looks at a talk, or writes in it, at this moment. It is told to those who see the talk and kept nowhere but in
//! memory, for some seconds: it never reaches the database, the journal or the log.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use entities::words::{AccountId, ConversationId, SignKind, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

use super::actions::Who;

/// How long one counts. Who goes on says it again before.
const LIFE_MS: i64 = 15_000;
/// What is said sooner again is not passed on.
const EVERY_MS: i64 = 2_000;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sign {
    pub conversation_id: ConversationId,
    pub youth_id: AccountId,
    pub by: AccountId,
    /// The officer's; nothing: it is the youth.
    pub public_number: Option<String>,
    pub kind: SignKind,
    pub at: Timestamp,
}

type Key = (AccountId, ConversationId, SignKind);

#[derive(Clone)]
pub struct Signs {
    sender: broadcast::Sender<Sign>,
    /// When each was given last.
    last: Arc<Mutex<HashMap<Key, Timestamp>>>,
}

impl Default for Signs {
    fn default() -> Self {
        Self { sender: broadcast::channel(1024).0, last: Arc::default() }
    }
}

impl Signs {
    pub fn listen(&self) -> broadcast::Receiver<Sign> {
        self.sender.subscribe()
    }

    /// Takes note of one. Says no to what was said just before.
    pub fn note(&self, sign: &Sign) -> bool {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.retain(|_, at| sign.at.since(*at) < LIFE_MS);
        let key = (sign.by, sign.conversation_id, sign.kind);
        let fresh = last.get(&key).is_none_or(|at| sign.at.since(*at) >= EVERY_MS);
        if fresh {
            last.insert(key, sign.at);
        }
        fresh
    }

    pub fn publish(&self, sign: Sign) {
        // No listener is no fault.
        drop(self.sender.send(sign));
    }

    /// A youth is told that an officer writes to her, and never who looks; officers of a talk that they look at themselves.
    pub fn concerns(&self, who: &Who, sign: &Sign, now: Timestamp) -> bool {
        if !who.is_officer() {
            return sign.youth_id == who.account_id && sign.kind == SignKind::Typing && sign.public_number.is_some();
        }
        let looking = (who.account_id, sign.conversation_id, SignKind::Looking);
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        sign.by != who.account_id && last.get(&looking).is_some_and(|at| now.since(*at) < LIFE_MS)
    }
}

#[cfg(test)]
mod tests {
    use entities::words::Role;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn one_counts_for_fifteen_seconds_and_again_only_after_two() {
        let (signs, officer) = (Signs::default(), AccountId(Uuid::from_u128(7)));
        let who = Who { account_id: officer, role: Role::Officer, public_number: Some("07".to_owned()) };
        let at = |ms: i64| Timestamp::from_millis(1_000_000 + ms);
        let given = |by: AccountId, kind, ms| Sign {
            conversation_id: ConversationId(Uuid::nil()),
            youth_id: AccountId(Uuid::nil()),
            by,
            public_number: None,
            kind,
            at: at(ms),
        };
        let youth = given(AccountId(Uuid::nil()), SignKind::Typing, 0);
        assert!(!signs.concerns(&who, &youth, at(0)), "nobody looks");
        assert!(signs.note(&given(officer, SignKind::Looking, 0)));
        for (ms, told) in [(0, true), (14_999, true), (15_000, false)] {
            assert_eq!(signs.concerns(&who, &youth, at(ms)), told, "after {ms} ms");
        }
        for (ms, fresh) in [(1, false), (1_999, false), (2_000, true), (3_999, false)] {
            assert_eq!(signs.note(&given(officer, SignKind::Looking, ms)), fresh, "again after {ms} ms");
        }
        assert!(signs.concerns(&who, &youth, at(16_999)), "from the last time on");
        assert!(signs.note(&given(officer, SignKind::Typing, 2_001)), "another sign is another");
        assert!(!signs.concerns(&who, &given(officer, SignKind::Typing, 2_001), at(2_001)), "one's own");
    }
}
