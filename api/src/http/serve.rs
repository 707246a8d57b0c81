//! The accept loop. Headers must come within a time limit, connections are counted, and no address of a caller goes any
//! further than the socket. A connection whose answer says that it follows something leaves here, and its socket goes to the others
//! that follow it.

use std::{sync::Arc, time::Duration};

use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use poem::{
    Addr, Endpoint, Response,
    endpoint::BoxEndpoint,
    http::{header, uri::Scheme},
    web::{LocalAddr, RemoteAddr},
};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, mpsc},
    task::JoinSet,
};

use super::{followers::Follows, unstalled::Unstalled};
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
            let (leaves, mut left) = mpsc::channel(1);
            let service = service_fn(move |request: hyper::Request<Incoming>| {
                let (app, leaves) = (app.clone(), leaves.clone());
                async move {
                    let nobody = || Addr::custom("hidden", "");
                    let request = (request, LocalAddr(nobody()), RemoteAddr(nobody()), Scheme::HTTP).into();
                    let response = app.get_response(request).await;
                    if let Some(follows) = response.data::<Follows>()
                        && leaves.try_send((head(&response), follows.clone())).is_ok()
                    {
                        // Nothing of it is written by the server, which is dropped here.
                        return std::future::pending().await;
                    }
                    Ok::<hyper::Response<_>, std::convert::Infallible>(response.into())
                }
            });
            let mut connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEADER_TIME)
                .max_buf_size(64 * 1024)
                .serve_connection(TokioIo::new(Unstalled::new(socket, WRITE_TIME)), service);
            tokio::select! {
                _ = &mut connection => {}
                Some((head, follows)) = left.recv() => {
                    let socket = connection.into_parts().io.into_inner().into_inner();
                    follows.takes(socket, &head, place);
                }
                () = stop.told() => {
                    Pin::new(&mut connection).graceful_shutdown();
                    drop(tokio::time::timeout(GRACE, connection).await);
                }
            }
        });
    }
    drop(listener);
    drop(tokio::time::timeout(GRACE, async { while open.join_next().await.is_some() {} }).await);
}

/// How an answer begins that ends with its connection.
fn head(response: &Response) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {}\r\n", response.status()).into_bytes();
    let of_length = [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION];
    for (name, value) in response.headers().iter().filter(|(name, _)| !of_length.contains(name)) {
        head.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    head.extend(b"connection: close\r\n\r\n");
    head
}
