//! A thread of its own for work that may wait: it gives way to whoever waits for an answer. It begins with the first such work.

use std::sync::{Arc, OnceLock};

use tokio::{
    runtime::{Builder, Handle},
    sync::oneshot,
};

/// Gives way, and still goes on beside a program that is busy.
const NICE: i32 = 10;

#[derive(Clone, Default)]
pub struct Background(Arc<OnceLock<Running>>);

struct Running {
    handle: Handle,
    /// The thread ends with it.
    _ends: Option<oneshot::Sender<()>>,
}

impl Background {
    /// Where such work is spawned. Where no thread can be had, it runs among the rest.
    pub fn handle(&self) -> Handle {
        let running = self.0.get_or_init(|| {
            begin().unwrap_or_else(|error| {
                tracing::error!(%error, "work that may wait has no thread of its own");
                Running { handle: Handle::current(), _ends: None }
            })
        });
        running.handle.clone()
    }
}

fn begin() -> std::io::Result<Running> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let (handle, (ends, ended)) = (runtime.handle().clone(), oneshot::channel::<()>());
    std::thread::Builder::new().name("background".to_owned()).spawn(move || {
        // Of this thread alone, as Linux takes it.
        if let Err(error) = rustix::process::setpriority_process(None, NICE) {
            tracing::warn!(%error, "work that may wait gives way to nobody");
        }
        drop(runtime.block_on(ended));
    })?;
    Ok(Running { handle, _ends: Some(ends) })
}
