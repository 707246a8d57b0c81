//! Where strangers wait. Whoever is signed in never waits behind them, and whoever comes anew does not wait behind a
//! flood: turns at the writer go to the newest first.

use std::sync::{Arc, Mutex};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::refusal::{Kind, Refusal};

/// Slow hashes at once; this is what bounds all guessing of codes.
const HASHES: usize = 2;
/// Who may wait for one.
const LINE: usize = 64;
/// Past so many in line a new account is not kept waiting for the hash of its code.
const SHORT_LINE: usize = 16;

#[derive(Clone)]
pub struct Porch {
    hashes: Arc<Semaphore>,
    line: Arc<Semaphore>,
    /// Strangers' turns at the writer: those who register or open talks, and those who only begin a ceremony.
    pub people: Turns,
    pub ceremonies: Turns,
}

impl Default for Porch {
    fn default() -> Self {
        Self {
            hashes: Arc::new(Semaphore::new(HASHES)),
            line: Arc::new(Semaphore::new(LINE)),
            people: Turns::new(8),
            ceremonies: Turns::new(2),
        }
    }
}

impl Porch {
    /// A turn for a slow hash, unless the line is too long.
    pub async fn hash_in_line(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        let full =
            |_| Refusal { retry_after_ms: Some(2_000), ..Kind::Unavailable.into() }.detail("many codes are tried");
        let _place = self.line.clone().try_acquire_owned().map_err(full)?;
        self.hash().await
    }

    /// A turn for a slow hash that nobody waits for.
    pub async fn hash(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        self.hashes.clone().acquire_owned().await.map_err(Refusal::fault)
    }

    pub fn is_crowded(&self) -> bool {
        self.line.available_permits() < LINE - SHORT_LINE
    }
}

/// A few turns; of those who wait the newest is next.
#[derive(Clone)]
pub struct Turns(Arc<Mutex<Waiting>>);

struct Waiting {
    free: usize,
    waiting: Vec<oneshot::Sender<Turn>>,
}

/// Held for as long as it lasts.
pub struct Turn(Turns);

impl Turns {
    fn new(free: usize) -> Self {
        Self(Arc::new(Mutex::new(Waiting { free, waiting: Vec::new() })))
    }

    pub async fn turn(&self) -> Result<Turn, Refusal> {
        let waits = {
            let mut all = self.0.lock().map_err(Refusal::fault)?;
            if all.free > 0 {
                all.free -= 1;
                return Ok(Turn(self.clone()));
            }
            let (next, waits) = oneshot::channel();
            all.waiting.push(next);
            waits
        };
        waits.await.map_err(Refusal::fault)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let next = self.0.0.lock().ok().and_then(|mut all| {
            while let Some(next) = all.waiting.pop() {
                // One who has gone needs no turn.
                if !next.is_closed() {
                    return Some(next);
                }
            }
            all.free += 1;
            None
        });
        // Gone at this very moment: the turn comes back and passes on.
        drop(next.map(|next| next.send(Turn(self.0.clone()))));
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt, future::BoxFuture};

    use super::*;

    #[tokio::test]
    async fn the_newest_is_next_and_who_has_gone_is_passed_over() {
        let turns = Turns::new(1);
        let first = turns.turn().await;
        assert!(first.is_ok());
        let wait = || -> BoxFuture<'static, Result<Turn, Refusal>> {
            let turns = turns.clone();
            let mut waits = async move { turns.turn().await }.boxed();
            assert!((&mut waits).now_or_never().is_none());
            waits
        };
        let (mut old, mut new, gone) = (wait(), wait(), wait());
        drop((gone, first));
        assert!((&mut old).now_or_never().is_none(), "the old one waits on");
        let second = (&mut new).now_or_never();
        assert!(second.is_some(), "the newest who is still there is next");
        drop(second);
        let third = old.now_or_never();
        assert!(third.is_some(), "then the old one");
        drop(third);
        assert!(turns.turn().now_or_never().is_some(), "nothing is lost");
    }
}
