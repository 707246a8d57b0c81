//! The word that the program is to end, heard by everything that runs on its own.

use std::sync::Arc;

use tokio::sync::watch;

#[derive(Clone)]
pub struct Stop(Arc<watch::Sender<bool>>);

impl Default for Stop {
    fn default() -> Self {
        Self(Arc::new(watch::channel(false).0))
    }
}

impl Stop {
    pub fn tell(&self) {
        self.0.send_replace(true);
    }

    /// Comes back once the word was given.
    pub async fn told(&self) {
        // The sender lives in `self`, so the channel cannot close before.
        drop(self.0.subscribe().wait_for(|told| *told).await);
    }
}
