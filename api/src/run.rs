//! Starting and stopping the program.

use std::{io::Write, sync::Arc};

use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use crate::{
    app, audit,
    base::{
        chance::{Chance, SystemChance},
        clock::SystemClock,
        config::Config,
        stop::Stop,
    },
    chat, chores, copies,
    deps::Deps,
    files, http, identity, insight, push, quarters, questionnaires, seed, work,
};

/// Serves until told to stop, doing the jobs as well.
pub async fn serve(config: Config, demo: bool) -> Result<(), String> {
    let config = if demo { demo_only(config)? } else { config };
    let listener =
        TcpListener::bind(config.listen).await.map_err(|error| format!("listen {}: {error}", config.listen))?;
    let metrics = match config.metrics_listen {
        Some(address) => Some(TcpListener::bind(address).await.map_err(|error| format!("metrics_listen: {error}"))?),
        None => None,
    };
    let (deps, queue) = Deps::open(config, Arc::new(SystemClock), Arc::new(SystemChance)).await?;
    questionnaires::check_all(&deps).await?;
    let writer = queue.serve(deps.clone());
    if deps.config.demo {
        seed::plant(&deps).await?;
    }
    let app = app::app(&deps)?;
    let background = [
        tokio::spawn(identity::follow_ended(deps.clone())),
        tokio::spawn(push::work(deps.clone())),
        tokio::spawn(quarters::work(deps.clone())),
        tokio::spawn(chat::work(deps.clone())),
        tokio::spawn(work::work(deps.clone())),
        tokio::spawn(chores::work(deps.clone())),
        tokio::spawn(copies::work(deps.clone())),
        tokio::spawn(files::work(deps.clone())),
        tokio::spawn(audit::work(deps.clone())),
        tokio::spawn(insight::work(deps.clone())),
        tokio::spawn(http::metrics(metrics, deps.clone())),
    ];
    tokio::spawn(listen_for_signals(deps.stop.clone())?);
    tracing::info!(listen = %deps.config.listen, demo = deps.config.demo, "serving");
    if deps.config.demo {
        // The demo serves, whether or not its welcome can be read.
        drop(std::io::stdout().write_all(seed::welcome(deps.config.listen).as_bytes()));
    }
    http::serve(listener, app, deps.stop.clone()).await;
    // The door is shut: what was taken is finished before the database closes.
    for task in background {
        drop(task.await);
    }
    drop(writer.await);
    // What was done last is sealed too.
    if let Err(refusal) = audit::seal(&deps).await {
        tracing::warn!(cause = refusal.cause, "the audit log could not be sealed");
    }
    deps.db.close().await.map_err(|error| format!("database: {error}"))?;
    tracing::info!("stopped");
    Ok(())
}

/// Only does the jobs, beside any number of servers on the same database.
pub async fn work(config: Config) -> Result<(), String> {
    let (deps, _queue) = Deps::open(config, Arc::new(SystemClock), Arc::new(SystemChance)).await?;
    tokio::spawn(listen_for_signals(deps.stop.clone())?);
    tracing::info!("working");
    tokio::join!(
        push::work(deps.clone()),
        chat::work(deps.clone()),
        chores::work(deps.clone()),
        copies::work(deps.clone()),
        files::work(deps.clone()),
        audit::work(deps.clone()),
        insight::work(deps.clone())
    );
    deps.db.close().await.map_err(|error| format!("database: {error}"))
}

/// Plants the demo's town where `serve --demo` finds it.
pub async fn seed(config: Config) -> Result<(), String> {
    let (deps, _queue) = Deps::open(demo_only(config)?, Arc::new(SystemClock), Arc::new(SystemChance)).await?;
    seed::plant(&deps).await?;
    deps.db.close().await.map_err(|error| format!("database: {error}"))
}

/// A server with nothing behind it, in a folder that goes with the returned guard: enough to print the contract.
pub async fn scratch(mut config: Config) -> Result<(Deps, ScratchDir), String> {
    let dir = std::env::temp_dir().join(format!("natpatrull-{}", SystemChance.uuid_v4()));
    config.data_dir = dir.clone();
    config.database_url = None;
    let (deps, _queue) = Deps::open(config, Arc::new(SystemClock), Arc::new(SystemChance)).await?;
    Ok((deps, ScratchDir(dir)))
}

pub struct ScratchDir(std::path::PathBuf);

impl Drop for ScratchDir {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// What a demo may run with: loopback, and a folder and database of its own.
fn demo_only(mut config: Config) -> Result<Config, String> {
    if !config.listen.ip().is_loopback() {
        return Err("--demo listens on loopback only: anyone may sign in as an officer there".into());
    }
    if config.database_url.is_some() {
        return Err("--demo makes a database of its own and takes no database_url".into());
    }
    config.demo = true;
    config.data_dir = config.data_dir.join("demo");
    Ok(config)
}

/// Prints what a command came to.
#[expect(clippy::print_stdout, reason = "the command's result")]
pub fn tell(text: &str) {
    print!("{text}");
}

/// Tells `stop` when the program is asked to end.
pub fn listen_for_signals(stop: Stop) -> Result<impl Future<Output = ()>, String> {
    let mut terminate = signal(SignalKind::terminate()).map_err(|error| format!("signals: {error}"))?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|error| format!("signals: {error}"))?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("told to stop");
        stop.tell();
    })
}
