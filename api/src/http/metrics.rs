//! Figures for whoever runs this, on a loopback listener of its own. They count; they name no one and no place.

use poem::{EndpointExt, Request, Response, Route, get, http::StatusCode};
use poem_openapi::OperationId;
use tokio::net::TcpListener;

use crate::{base::telemetry, deps::Deps};

pub fn count(response: &Response) {
    let operation = response.data::<OperationId>().map_or("other", |OperationId(id)| id);
    let status = response.status().as_u16().to_string();
    metrics::counter!("natpatrull_requests_total", "operation" => operation.to_owned(), "status" => status)
        .increment(1);
}

/// Serves `/metrics` until told to stop; without a listener there is nothing to serve.
pub async fn serve(listener: Option<TcpListener>, deps: Deps) {
    let Some(listener) = listener else { return };
    let handle = match telemetry::metrics() {
        Ok(handle) => handle,
        Err(error) => {
            tracing::error!(error, "the metrics could not be set up");
            return;
        }
    };
    let page = poem::endpoint::make_sync(move |_: Request| handle.render());
    let app = Route::new().at("/metrics", get(page)).catch_all_error(async |_| StatusCode::NOT_FOUND);
    super::serve(listener, app.map_to_response().boxed(), deps.stop.clone()).await;
}
