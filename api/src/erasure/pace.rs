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
    scrub: AtomicI64,
}

impl Pace {
    /// When others were last asked what they erased, if that is so long ago; from now on it was now.
    pub fn hears(&self, now: Timestamp, seconds: i64) -> Option<Timestamp> {
        let last = Timestamp::from_millis(self.0.heard.load(Relaxed));
        (last.plus_seconds(seconds) <= now).then(|| {
            self.0.heard.store(now.millis(), Relaxed);
            last
        })
    }

    pub fn may_scrub(&self, now: Timestamp) -> bool {
        self.0.scrub.load(Relaxed) <= now.millis()
    }

    pub fn scrubs_not_before(&self, moment: Timestamp) {
        self.0.scrub.store(moment.millis(), Relaxed);
    }
}
