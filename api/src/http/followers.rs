//! Followers: connections that all get the same bytes for as long as they stay. A follower costs a socket and its place in what
//! is told, because its connection has left the web server behind ([`super::serve`]). What is told within a moment leaves in one
//! write that is made once for all. Whoever does not take it is let go, and reads what it missed when it comes back.

use std::{
    collections::{HashMap, VecDeque, hash_map::Entry},
    io::{ErrorKind, IoSlice},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use tokio::{
    net::TcpStream,
    sync::{OwnedSemaphorePermit, mpsc},
    task::yield_now,
    time::{Instant, MissedTickBehavior, interval, sleep_until},
};
use uuid::Uuid;

use crate::base::stop::Stop;

/// What comes within this time after something was told is told together.
const GATHERS: Duration = Duration::from_millis(250);
/// A silence longer than this is broken, so that nobody between takes the connection for dead.
const BEAT: Duration = Duration::from_secs(20);
/// How often it is looked who has gone, and how often those that are behind are tried.
const LOOKS: Duration = Duration::from_secs(1);
const TRIES: Duration = Duration::from_millis(50);
/// The most that may wait for the slowest, and how long it may take nothing of it. All have what waits in common.
const MOST_BEHIND: u64 = 1024 * 1024;
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes that the system holds for one of them at the most; what it is given beyond twice that waits here.
const BUFFER: usize = 32 * 1024;
/// After so many writes others have their turn.
const TURN: usize = 64;
/// Pieces that one write takes together.
const PIECES: usize = 16;

/// Fewer than there are connections, so that whoever writes to us has a place.
const MOST_FOLLOWERS: usize = 10_500;

/// All followers of this node, by what they follow.
#[derive(Clone, Default)]
pub struct Followers(Arc<Mutex<HashMap<Uuid, Channel>>>);

struct Channel {
    hears: mpsc::UnboundedSender<Heard>,
    count: Arc<AtomicUsize>,
}

enum Heard {
    Comes(Follower, Vec<u8>),
    Says(Told),
}

/// What all who follow are told.
#[derive(Clone, Debug, Default)]
pub struct Told {
    pub bytes: Bytes,
    /// What is told first to whoever comes after it.
    pub first: Bytes,
}

/// Among what an answer carries: its connection follows this from then on, if it is open.
#[derive(Clone)]
pub struct Follows {
    pub followers: Followers,
    pub what: Uuid,
    /// What it alone is told, before all else.
    pub own: Bytes,
}

struct Follower {
    socket: TcpStream,
    _place: OwnedSemaphorePermit,
}

/// A follower that has not taken everything.
struct Behind {
    follower: Follower,
    /// What it alone is told, before all else.
    own: Bytes,
    /// How much of all that was ever told it has.
    has: u64,
    took: Instant,
}

impl Followers {
    /// Lets follow it on this node. Says whether it was not open yet.
    pub fn open(&self, what: Uuid, first: Bytes, stop: Stop) -> bool {
        match self.channels().entry(what) {
            Entry::Occupied(_) => false,
            Entry::Vacant(place) => {
                let (hears, heard) = mpsc::unbounded_channel();
                let count = Arc::default();
                tokio::spawn(Crowd::new(first, Arc::clone(&count)).lives(heard, stop));
                place.insert(Channel { hears, count });
                true
            }
        }
    }

    pub fn is_open(&self, what: Uuid) -> bool {
        self.channels().contains_key(&what)
    }

    /// Lets go all who follow it: they come again and begin anew.
    pub fn close(&self, what: Uuid) {
        self.channels().remove(&what);
    }

    /// Told to all who follow it on this node.
    pub fn tell(&self, what: Uuid, told: Told) {
        if let Some(channel) = self.channels().get(&what) {
            // A program that stops has let all go.
            drop(channel.hears.send(Heard::Says(told)));
        }
    }

    /// Whether this node has no place for more: the others that come need some too.
    pub fn is_full(&self) -> bool {
        let all = self.channels().values().map(|channel| channel.count.load(Ordering::Relaxed)).sum::<usize>();
        all >= MOST_FOLLOWERS
    }

    /// How many follow it on this node.
    pub fn count(&self, what: Uuid) -> usize {
        self.channels().get(&what).map_or(0, |channel| channel.count.load(Ordering::Relaxed))
    }

    fn channels(&self) -> std::sync::MutexGuard<'_, HashMap<Uuid, Channel>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Follows {
    /// Takes over a connection whose answer begins with this head.
    pub(super) fn takes(self, socket: TcpStream, head: &[u8], place: OwnedSemaphorePermit) {
        if let Err(error) = rustix::net::sockopt::set_socket_send_buffer_size(&socket, BUFFER) {
            tracing::debug!(%error, "a follower holds as much as the system gives");
        }
        if let Some(channel) = self.followers.channels().get(&self.what) {
            let own = [head, &self.own].concat();
            drop(channel.hears.send(Heard::Comes(Follower { socket, _place: place }, own)));
        }
    }
}

/// All that follow one thing.
struct Crowd {
    /// What whoever comes is told first.
    first: Bytes,
    count: Arc<AtomicUsize>,
    /// Those that have taken everything.
    level: Vec<Follower>,
    behind: Vec<Behind>,
    /// What somebody still lacks, and how much was ever told.
    log: VecDeque<(u64, Bytes)>,
    told: u64,
}

impl Crowd {
    fn new(first: Bytes, count: Arc<AtomicUsize>) -> Self {
        let (level, behind, log) = (Vec::new(), Vec::new(), VecDeque::new());
        Self { first, count, level, behind, log, told: 0 }
    }

    async fn lives(mut self, mut heard: mpsc::UnboundedReceiver<Heard>, stop: Stop) {
        let mut looks = interval(LOOKS);
        let mut tries = interval(TRIES);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        tries.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut gathered, mut first) = (BytesMut::new(), Bytes::new());
        let (mut last, mut due) = (Instant::now(), None::<Instant>);
        loop {
            tokio::select! {
                next = heard.recv() => match next {
                    Some(Heard::Comes(follower, mut own)) => {
                        own.extend_from_slice(&self.first);
                        let own = Bytes::from(own);
                        self.behind.push(Behind { follower, own, has: self.told, took: Instant::now() });
                        self.catch_up_from(self.behind.len() - 1);
                    }
                    Some(Heard::Says(told)) => {
                        gathered.extend_from_slice(&told.bytes);
                        first = told.first;
                        due.get_or_insert_with(|| last + GATHERS);
                    }
                    None => return,
                },
                () = sleep_until(due.unwrap_or(last)), if due.is_some() => {
                    (last, due) = (Instant::now(), None);
                    self.first = first.clone();
                    self.tell(gathered.split().freeze()).await;
                }
                _ = tries.tick(), if !self.behind.is_empty() => self.catch_up_from(0),
                _ = looks.tick() => {
                    self.look();
                    if last.elapsed() > BEAT && due.is_none() {
                        last = Instant::now();
                        self.tell(Bytes::from_static(b": beat\n\n")).await;
                    }
                }
                () = stop.told() => return,
            }
            self.count.store(self.level.len() + self.behind.len(), Ordering::Relaxed);
        }
    }

    async fn tell(&mut self, bytes: Bytes) {
        let start = self.told;
        self.told += bytes.len() as u64;
        let (mut place, mut written) = (0, 0);
        while let Some(follower) = self.level.get(place) {
            match follower.socket.try_write(&bytes) {
                Ok(count) if count == bytes.len() => place += 1,
                Ok(count) => self.falls_behind(place, start + count as u64),
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.falls_behind(place, start),
                Err(_) => drop(self.level.swap_remove(place)),
            }
            written += 1;
            if written % TURN == 0 {
                yield_now().await;
            }
        }
        if !self.behind.is_empty() {
            self.log.push_back((start, bytes));
        }
    }

    fn falls_behind(&mut self, place: usize, has: u64) {
        let follower = self.level.swap_remove(place);
        self.behind.push(Behind { follower, own: Bytes::new(), has, took: Instant::now() });
    }

    /// Gives those that are behind what they take now.
    fn catch_up_from(&mut self, mut place: usize) {
        while let Some(behind) = self.behind.get_mut(place) {
            match behind.takes(&self.log, self.told) {
                Takes::All => {
                    let Behind { follower, .. } = self.behind.swap_remove(place);
                    self.level.push(follower);
                }
                Takes::Waits => place += 1,
                Takes::Goes => drop(self.behind.swap_remove(place)),
            }
        }
        let least = self.behind.iter().map(|behind| behind.has).min().unwrap_or(self.told);
        while self.log.front().is_some_and(|(start, bytes)| start + bytes.len() as u64 <= least) {
            self.log.pop_front();
        }
    }

    /// Lets go whoever has hung up.
    fn look(&mut self) {
        let stays = |follower: &Follower| match follower.socket.try_read(&mut [0; 64]) {
            Ok(count) => count > 0,
            Err(error) => error.kind() == ErrorKind::WouldBlock,
        };
        self.level.retain(stays);
        self.behind.retain(|behind| stays(&behind.follower));
    }
}

enum Takes {
    All,
    Waits,
    Goes,
}

impl Behind {
    fn takes(&mut self, log: &VecDeque<(u64, Bytes)>, told: u64) -> Takes {
        loop {
            if self.own.is_empty() && self.has == told {
                return Takes::All;
            }
            let lacks = log.iter().filter(|(start, bytes)| start + bytes.len() as u64 > self.has);
            let parts = lacks.map(|(start, bytes)| {
                let from = usize::try_from(self.has.saturating_sub(*start)).unwrap_or(0);
                bytes.get(from..).unwrap_or_default()
            });
            let own = std::iter::once(self.own.as_ref()).filter(|own| !own.is_empty());
            let slices: Vec<IoSlice<'_>> = own.chain(parts).take(PIECES).map(IoSlice::new).collect();
            match self.follower.socket.try_write_vectored(&slices) {
                Ok(0) => return Takes::Goes,
                Ok(count) => {
                    let of_own = count.min(self.own.len());
                    self.own = self.own.slice(of_own..);
                    self.has += (count - of_own) as u64;
                    self.took = Instant::now();
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    let late = told - self.has > MOST_BEHIND || self.took.elapsed() > PATIENCE;
                    return if late { Takes::Goes } else { Takes::Waits };
                }
                Err(_) => return Takes::Goes,
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test says what went wrong by ending")]
mod tests {
    use std::net::SocketAddr;

    use poem::{EndpointExt, Request, Response, endpoint::make_sync};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;
    use crate::http::serve;

    const WHAT: Uuid = Uuid::from_u128(7);

    /// A server that lets follow, and answers everything else with one word.
    async fn server() -> (SocketAddr, Followers, Stop) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (at, followers, stop) = (listener.local_addr().unwrap(), Followers::default(), Stop::default());
        assert!(followers.open(WHAT, Bytes::from_static(b": here\n\n"), stop.clone()));
        assert!(!followers.open(WHAT, Bytes::new(), stop.clone()), "it is open");
        let follows = Follows { followers: followers.clone(), what: WHAT, own: Bytes::from_static(b"retry: 7\n\n") };
        let app = make_sync(move |request: Request| {
            if request.uri().path() != "/follow" {
                return Response::builder().body("else");
            }
            let mut response = Response::builder().content_type("text/event-stream").finish();
            response.set_data(follows.clone());
            response
        });
        tokio::spawn(serve(listener, app.boxed(), stop.clone()));
        (at, followers, stop)
    }

    fn says(text: &str) -> Told {
        Told { bytes: text.to_owned().into(), first: Bytes::from_static(b": here\n\n") }
    }

    async fn asks(socket: &mut TcpStream, path: &str) {
        socket.write_all(format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes()).await.unwrap();
    }

    /// Reads until this stands at the end.
    async fn reads_to(socket: &mut TcpStream, end: &str) -> String {
        let mut read = Vec::new();
        while !read.ends_with(end.as_bytes()) {
            assert!(socket.read_buf(&mut read).await.unwrap() > 0, "{}", String::from_utf8_lossy(&read));
        }
        String::from_utf8(read).unwrap()
    }

    async fn follower(at: SocketAddr) -> TcpStream {
        let mut socket = TcpStream::connect(at).await.unwrap();
        asks(&mut socket, "/follow").await;
        let head = reads_to(&mut socket, ": here\n\n").await;
        assert!(
            head.starts_with("HTTP/1.1 200 OK\r\n") && head.contains("content-type: text/event-stream\r\n"),
            "{head}"
        );
        assert!(head.ends_with("\r\n\r\nretry: 7\n\n: here\n\n"), "{head}");
        socket
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn all_are_told_the_same_once_and_in_order() {
        let (at, followers, stop) = server().await;
        let mut all = Vec::new();
        for _ in 0..100 {
            all.push(follower(at).await);
        }
        // One whose connection has served before.
        let mut used = TcpStream::connect(at).await.unwrap();
        asks(&mut used, "/else").await;
        reads_to(&mut used, "else").await;
        asks(&mut used, "/follow").await;
        reads_to(&mut used, ": here\n\n").await;
        all.push(used);
        let told: Vec<String> = (0..5).map(|nth| format!("data: {nth}\n\n")).collect();
        for one in &told {
            followers.tell(WHAT, says(one));
            followers.tell(Uuid::from_u128(8), says("data: not theirs\n\n"));
        }
        for socket in &mut all {
            assert_eq!(reads_to(socket, &told[4]).await, told.concat());
        }
        // A program that stops lets them go.
        stop.tell();
        for socket in &mut all {
            assert_eq!(socket.read(&mut [0; 8]).await.unwrap(), 0);
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn whoever_takes_nothing_is_let_go_and_holds_up_nobody() {
        let (at, followers, _stop) = server().await;
        let (mut reads, stuck) = (follower(at).await, follower(at).await);
        let (mut told, large) = (0_u64, "x".repeat(512 * 1024));
        // Until the system holds no more of it, and a mebibyte beyond.
        while followers.count(WHAT) > 1 || told == 0 {
            followers.tell(WHAT, says(&large));
            told += large.len() as u64;
            let mut left = large.len();
            while left > 0 {
                left -= reads.read(&mut vec![0; left]).await.unwrap();
            }
            assert!(told < 64 * 1024 * 1024, "it is never let go");
        }
        followers.tell(WHAT, says("data: last\n\n"));
        reads_to(&mut reads, "data: last\n\n").await;
        drop(stuck);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn whoever_hangs_up_is_counted_no_more_and_whoever_comes_later_is_told_where_it_begins() {
        let (at, followers, _stop) = server().await;
        let (mut stays, goes) = (follower(at).await, follower(at).await);
        let counted = async |many| {
            let until = async {
                while followers.count(WHAT) != many {
                    yield_now().await;
                }
            };
            tokio::time::timeout(Duration::from_secs(20), until).await.unwrap();
        };
        counted(2).await;
        drop(goes);
        counted(1).await;
        followers.tell(WHAT, Told { first: Bytes::from_static(b"data: one is told\n\n"), ..says("data: one\n\n") });
        reads_to(&mut stays, "data: one\n\n").await;
        let mut later = TcpStream::connect(at).await.unwrap();
        asks(&mut later, "/follow").await;
        reads_to(&mut later, "retry: 7\n\ndata: one is told\n\n").await;
        // What is closed lets all go, and nobody follows it.
        followers.close(WHAT);
        for socket in [&mut stays, &mut later] {
            assert_eq!(socket.read(&mut [0; 8]).await.unwrap(), 0);
        }
        let mut late = TcpStream::connect(at).await.unwrap();
        asks(&mut late, "/follow").await;
        assert_eq!(late.read(&mut [0; 8]).await.unwrap(), 0);
    }
}
