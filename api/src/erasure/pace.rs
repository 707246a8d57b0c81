//! What one program remembers of its own turns. A new start only does too early what it would do anyway.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering::Relaxed},
};

use entities::words::Timestamp;

#[derive(Clone, Default)]
pub struct Pace(Arc<Turns>);

/// In milliseconds since 1970.
#[derive(Default)]
struct Turns {
    heard: AtomicI64,
    hear: AtomicI64,
    scrub: AtomicI64,
}

impl Pace {
    pub fn may_hear(&self, now: Timestamp) -> bool {
        self.0.hear.load(Relaxed) <= now.millis()
    }

    pub fn hears_not_before(&self, moment: Timestamp) {
        self.0.hear.store(moment.millis(), Relaxed);
    }

    /// Until when it is known, and written down, what others erased.
    pub fn heard(&self) -> Timestamp {
        Timestamp::from_millis(self.0.heard.load(Relaxed))
    }

    pub fn has_heard(&self, until: Timestamp) {
        self.0.heard.store(until.millis(), Relaxed);
    }

    pub fn may_scrub(&self, now: Timestamp) -> bool {
        self.0.scrub.load(Relaxed) <= now.millis()
    }

    pub fn scrubs_not_before(&self, moment: Timestamp) {
        self.0.scrub.store(moment.millis(), Relaxed);
    }
}
