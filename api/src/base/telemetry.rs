//! Logs and metrics. A log line reads alone and carries identifiers as fields; never words, names, places, addresses or
//! tokens of people.

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

pub fn logs(filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    // A second start in one process (a test) keeps the first subscriber.
    drop(
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_target(true)
            .with_ansi(false)
            .with_writer(std::io::stderr)
            .try_init(),
    );
}

/// The process's metrics; installed once.
pub fn metrics() -> Result<PrometheusHandle, String> {
    PrometheusBuilder::new().install_recorder().map_err(|error| error.to_string())
}
