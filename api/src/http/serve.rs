//! The accept loop. Headers must come within a time limit, connections are counted, and no address of a caller goes any
//! further than the socket.

use std::{sync::Arc, time::Duration};

use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use poem::{
    Addr, Endpoint,
    endpoint::BoxEndpoint,
    http::uri::Scheme,
    web::{LocalAddr, RemoteAddr},
};
use tokio::{net::TcpListener, sync::Semaphore, task::JoinSet};

use super::unstalled::Unstalled;
use crate::base::stop::Stop;

const HEADER_TIME: Duration = Duration::from_secs(10);
const MOST_CONNECTIONS: usize = 12_000;
/// How long an answer may wait for its reader to take a byte.
const WRITE_TIME: Duration = Duration::from_secs(30);
/// How long open answers may still run once told to stop.
const GRACE: Duration = Duration::from_secs(5);

/// Serves until told to stop, then lets running answers end.
pub async fn serve(listener: TcpListener, app: BoxEndpoint<'static>, stop: Stop) {
    let app = Arc::new(app);
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut open = JoinSet::new();
    loop {
        let socket = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((socket, _)) => socket,
                Err(error) => {
                    // Out of file handles, say: that passes.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            Some(_) = open.join_next(), if !open.is_empty() => continue,
            () = stop.told() => break,
        };
        let Ok(place) = places.clone().try_acquire_owned() else { continue };
        drop(socket.set_nodelay(true));
        let (app, stop) = (app.clone(), stop.clone());
        open.spawn(async move {
            let service = service_fn(move |request: hyper::Request<Incoming>| {
                let app = app.clone();
                async move {
                    let nobody = || Addr::custom("hidden", "");
                    let request = (request, LocalAddr(nobody()), RemoteAddr(nobody()), Scheme::HTTP).into();
                    Ok::<hyper::Response<_>, std::convert::Infallible>(app.get_response(request).await.into())
                }
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEADER_TIME)
                .max_buf_size(64 * 1024)
                .serve_connection(TokioIo::new(Unstalled::new(socket, WRITE_TIME)), service);
            tokio::pin!(connection);
            tokio::select! {
                _ = connection.as_mut() => {}
                () = stop.told() => {
                    connection.as_mut().graceful_shutdown();
                    drop(tokio::time::timeout(GRACE, connection).await);
                }
            }
            drop(place);
        });
    }
    drop(listener);
    drop(tokio::time::timeout(GRACE, async { while open.join_next().await.is_some() {} }).await);
}
