//! Who of the officers was heard from, until it is written down: no request waits for that.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use entities::words::{AccountId, Timestamp};

#[derive(Clone, Default)]
pub struct Heard(Arc<Mutex<HashMap<AccountId, Timestamp>>>);

impl Heard {
    pub fn note(&self, account_id: AccountId, now: Timestamp) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(account_id, now);
    }

    /// All since the last time.
    pub fn take(&self) -> HashMap<AccountId, Timestamp> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
