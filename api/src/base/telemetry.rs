//! Logs and metrics. A log line reads alone and carries identifiers as fields; never words, names, places, addresses or
//! tokens of people.

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

/// What the setting `log` lets through.
pub fn filter(log: &str) -> Result<EnvFilter, String> {
    EnvFilter::try_new(log).map_err(|error| format!("configuration: log: {error}"))
}

pub fn logs(log: &str) -> Result<(), String> {
    let filter = filter(log)?;
    // A second start in one process (a test) keeps the first subscriber.
    drop(
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_target(true)
            .with_ansi(false)
            .with_writer(std::io::stderr)
            // Where a line cannot be written (a full disk), saying so would fail as well, and end the program.
            .log_internal_errors(false)
            .try_init(),
    );
    // A panic's own text may quote what it fell over.
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map(ToString::to_string);
        tracing::error!(at, "a part of the program panicked");
    }));
    Ok(())
}

/// The process's metrics; installed once.
pub fn metrics() -> Result<PrometheusHandle, String> {
    PrometheusBuilder::new().install_recorder().map_err(|error| error.to_string())
}
