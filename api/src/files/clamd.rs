//! Asks a `clamd` about a file, in its own words: `INSTREAM`, then pieces with their length before them, and an empty one.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt, pin_mut};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpStream, UnixStream},
    time::timeout,
};

/// For the whole of one file.
const LONGEST: Duration = Duration::from_secs(40);
/// Its answer is one line.
const LONGEST_ANSWER: u64 = 4096;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    Nothing,
    Virus,
}

/// What the check at `address` (a path, or host:port) says; or why it says nothing.
pub async fn ask(address: &str, bytes: impl Stream<Item = std::io::Result<Bytes>>) -> Result<Found, String> {
    within(LONGEST, address, bytes).await
}

async fn within(
    longest: Duration,
    address: &str,
    bytes: impl Stream<Item = std::io::Result<Bytes>>,
) -> Result<Found, String> {
    let asking = async {
        if address.starts_with('/') {
            over(UnixStream::connect(address).await?, bytes).await
        } else {
            over(TcpStream::connect(address).await?, bytes).await
        }
    };
    let answer = match timeout(longest, asking).await {
        Ok(answer) => answer.map_err(|error| error.to_string())?,
        Err(_) => return Err(format!("no answer within {} s", longest.as_secs())),
    };
    read(&answer)
}

async fn over(
    mut socket: impl AsyncRead + AsyncWrite + Unpin,
    bytes: impl Stream<Item = std::io::Result<Bytes>>,
) -> std::io::Result<Vec<u8>> {
    socket.write_all(b"zINSTREAM\0").await?;
    pin_mut!(bytes);
    let mut sent = Ok(());
    while let Some(piece) = bytes.next().await {
        let piece = piece?;
        let len = u32::try_from(piece.len()).map_err(std::io::Error::other)?;
        sent = async {
            socket.write_all(&len.to_be_bytes()).await?;
            socket.write_all(&piece).await
        }
        .await;
        // It may have said already that the file is too large for it, and hung up.
        if sent.is_err() {
            break;
        }
    }
    if sent.is_ok() {
        sent = socket.write_all(&[0; 4]).await;
    }
    let mut answer = Vec::new();
    let read = socket.take(LONGEST_ANSWER).read_to_end(&mut answer).await;
    if answer.is_empty() {
        sent?;
        read?;
    }
    Ok(answer)
}

fn read(answer: &[u8]) -> Result<Found, String> {
    let answer = String::from_utf8_lossy(answer);
    let answer = answer.trim_end_matches(['\0', '\n']);
    match answer {
        "stream: OK" => Ok(Found::Nothing),
        found if found.ends_with(" FOUND") => Ok(Found::Virus),
        "" => Err("it hung up".to_owned()),
        other => Err(other.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    #[expect(clippy::unwrap_used, reason = "a test says what went wrong by ending")]
    async fn one_that_hangs_is_waited_for_and_then_not() {
        let hangs = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = hangs.local_addr().unwrap().to_string();
        let file = || stream::iter([Ok(Bytes::from_static(b"x"))]);
        let waited = within(Duration::from_secs(1), &address, file()).await;
        assert_eq!(waited, Err("no answer within 1 s".to_owned()));
        drop(hangs);
        assert!(within(Duration::from_secs(1), &address, file()).await.is_err(), "one that is gone");
    }

    #[test]
    fn only_what_is_known_counts() {
        assert_eq!(read(b"stream: OK\0"), Ok(Found::Nothing));
        assert_eq!(read(b"stream: Win.Test.EICAR_HDB-1 FOUND\0"), Ok(Found::Virus));
        assert!(read(b"INSTREAM size limit exceeded. ERROR\0").is_err());
        assert!(read(b"").is_err());
    }
}
