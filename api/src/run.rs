//! Starting and stopping the program.

use std::sync::Arc;

use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use crate::{
    app,
    base::{
        chance::{Chance, SystemChance},
        clock::SystemClock,
        config::Config,
        stop::Stop,
    },
    chores,
    deps::Deps,
    http, identity, push, seed,
};

/// The file that says that a data folder was born of `--demo`.
const DEMO_MARK: &str = "demo";

/// Serves until told to stop, doing the jobs as well.
pub async fn serve(mut config: Config) -> Result<(), String> {
    if config.demo {
        demo_only(&config)?;
        config.data_dir = config.data_dir.join("demo");
    }
    let mark = config.data_dir.join(DEMO_MARK);
    let empty = !config.data_dir.join("natpatrull.sqlite").exists();
    match (config.demo, mark.exists()) {
        (true, false) if !empty => return Err("--demo runs only on a database born of it".into()),
        (false, true) => return Err("this data_dir belongs to a demo; serve never runs on one".into()),
        (true, false) => {
            std::fs::create_dir_all(&config.data_dir).map_err(|error| format!("data_dir: {error}"))?;
            std::fs::write(&mark, "Born of --demo.\n").map_err(|error| format!("data_dir: {error}"))?;
        }
        _ => {}
    }
    let listener =
        TcpListener::bind(config.listen).await.map_err(|error| format!("listen {}: {error}", config.listen))?;
    let metrics = match config.metrics_listen {
        Some(address) => Some(TcpListener::bind(address).await.map_err(|error| format!("metrics_listen: {error}"))?),
        None => None,
    };
    let (deps, queue) = Deps::open(config, Arc::new(SystemClock), Arc::new(SystemChance)).await?;
    let writer = queue.serve(deps.clone());
    if deps.config.demo {
        seed::plant(&deps).await?;
    }
    let app = app::app(&deps)?;
    let background = [
        tokio::spawn(identity::follow_ended(deps.clone())),
        tokio::spawn(push::work(deps.clone())),
        tokio::spawn(chores::work(deps.clone())),
        tokio::spawn(http::metrics(metrics, deps.clone())),
    ];
    tokio::spawn(listen_for_signals(deps.stop.clone())?);
    tracing::info!(listen = %deps.config.listen, demo = deps.config.demo, "serving");
    http::serve(listener, app, deps.stop.clone()).await;
    // The door is shut: what was taken is finished before the database closes.
    for task in background {
        drop(task.await);
    }
    drop(writer.await);
    deps.db.close().await.map_err(|error| format!("database: {error}"))?;
    tracing::info!("stopped");
    Ok(())
}

/// Only does the jobs, beside any number of servers on the same database.
pub async fn work(config: Config) -> Result<(), String> {
    if config.data_dir.join(DEMO_MARK).exists() {
        return Err("this data_dir belongs to a demo".into());
    }
    let (deps, _queue) = Deps::open(config, Arc::new(SystemClock), Arc::new(SystemChance)).await?;
    tokio::spawn(listen_for_signals(deps.stop.clone())?);
    tracing::info!("working");
    tokio::join!(push::work(deps.clone()), chores::work(deps.clone()));
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

fn demo_only(config: &Config) -> Result<(), String> {
    if !config.listen.ip().is_loopback() {
        return Err("--demo listens on loopback only: anyone may sign in as an officer there".into());
    }
    if config.database_url.is_some() {
        return Err("--demo makes a database of its own and takes no database_url".into());
    }
    Ok(())
}

fn listen_for_signals(stop: Stop) -> Result<impl Future<Output = ()>, String> {
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
