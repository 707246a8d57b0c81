//! loadgen - one small load generator for peers and product (loopback only, bounded in count and time).
//!   loadgen http   : N keep-alive HTTP/1.1 connections, one request in flight each -> rps, p50/p95/p99
//!   loadgen fanout : N subscribers (SSE, PocketBase realtime, NATS, MQTT; NATS/MQTT over WebSocket), publish
//!                    a marked message, time until the first/median/last subscriber has read it
//!   loadgen rawfan : SSE server with nothing but one send() a subscriber: the physical floor for fan-out
//!   loadgen sink   : HTTP server that answers 201 to everything (stand-in for a push service)
//! It runs on ONE thread, so on a 2-core machine the server under test keeps the other core.
//! Each mode prints one JSON line. Placeholders in path/body/header: {n} running number, {c} connection
//! index, {tok} line c of --tokens (its columns: {tok} {t1} {t2}), {uuid} random UUIDv4-shaped id,
//! {uuid7} id that begins with the time (UUIDv7), {id15} 15 hex digits, {m} the fan-out marker.
//! With --pub-tokens each publish takes the next line of that file.
use std::{cell::{Cell, RefCell}, collections::HashMap, rc::Rc, time::{Duration, Instant}};
use tokio::{io::{AsyncReadExt, AsyncWriteExt}, net::{TcpListener, TcpStream}, task::LocalSet};

type Res<T> = Result<T, Box<dyn std::error::Error>>;

struct Args(HashMap<String, Vec<String>>);
impl Args {
    fn parse() -> (String, Args) {
        let mut it = std::env::args().skip(1);
        let mode = it.next().unwrap_or_default();
        let mut m: HashMap<String, Vec<String>> = HashMap::new();
        while let Some(k) = it.next() {
            let v = it.next().unwrap_or_default();
            m.entry(k.trim_start_matches("--").into()).or_default().push(v);
        }
        (mode, Args(m))
    }
    fn s(&self, k: &str, d: &str) -> String { self.0.get(k).and_then(|v| v.last().cloned()).unwrap_or(d.into()) }
    fn n(&self, k: &str, d: usize) -> usize { self.s(k, &d.to_string()).parse().unwrap() }
    fn all(&self, k: &str) -> Vec<String> { self.0.get(k).cloned().unwrap_or_default() }
}

// ---------- helpers ----------
thread_local!(static RNG: Cell<u64> = Cell::new(0x9E3779B97F4A7C15 ^ (std::process::id() as u64) << 32
    ^ std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos() as u64));
fn rnd() -> u64 { RNG.with(|r| { let mut x = r.get(); x ^= x << 13; x ^= x >> 7; x ^= x << 17; r.set(x); x }) }
fn uuid() -> String {
    let (a, b) = (rnd(), rnd());
    format!("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", a >> 32, a & 0xffff, (a >> 16) & 0xfff, 0x8000 | (b & 0x3fff), b >> 16)
}
fn uuid7() -> String {
    let ms = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as u64;
    let (a, b) = (rnd(), rnd());
    format!("{:08x}-{:04x}-7{:03x}-{:04x}-{:012x}", ms >> 16, ms & 0xffff, a & 0xfff, 0x8000 | (b & 0x3fff), b >> 16)
}
fn fill(t: &str, n: usize, c: usize, tok: &str, m: &str) -> String {
    let mut s = t.replace("{n}", &n.to_string()).replace("{c}", &c.to_string()).replace("{m}", m);
    if s.contains("{t") {
        let mut col = tok.split_whitespace();
        for k in ["{tok}", "{t1}", "{t2}"] { s = s.replace(k, col.next().unwrap_or("")); }
    }
    for (k, f) in [("{uuid}", uuid as fn() -> String), ("{uuid7}", uuid7), ("{id15}", || format!("{:015x}", rnd() & 0xfff_ffff_ffff_ffff))] {
        if !s.contains(k) { continue; }
        let mut o = String::with_capacity(s.len() * 2);
        for (i, p) in s.split(k).enumerate() { if i > 0 { o.push_str(&f()); } o.push_str(p); }
        s = o;
    }
    s
}
fn find(h: &[u8], n: &[u8]) -> Option<usize> { h.windows(n.len()).position(|w| w == n) }
fn http_req(method: &str, path: &str, host: &str, headers: &[String], body: &str) -> Vec<u8> {
    let mut s = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n");
    for h in headers { s.push_str(h); s.push_str("\r\n"); }
    if method != "GET" { s.push_str(&format!("Content-Length: {}\r\n", body.len())); }
    s.push_str("\r\n"); s.push_str(body); s.into_bytes()
}
/// Reads one HTTP/1.1 response; returns its status. `buf` keeps bytes between calls; body goes to `out` if asked.
async fn read_resp(s: &mut TcpStream, buf: &mut Vec<u8>, mut out: Option<&mut Vec<u8>>) -> Res<u16> {
    let head_end = loop {
        if let Some(p) = find(buf, b"\r\n\r\n") { break p + 4; }
        if s.read_buf(buf).await? == 0 { return Err("closed".into()); }
    };
    let head = String::from_utf8_lossy(&buf[..head_end]).to_ascii_lowercase();
    let status: u16 = head[9..12].parse()?;
    let cl = head.split("content-length:").nth(1).and_then(|x| x.split("\r\n").next()?.trim().parse::<usize>().ok());
    if head.contains("transfer-encoding: chunked") {
        buf.drain(..head_end);
        loop {
            let p = loop { if let Some(p) = find(buf, b"\r\n") { break p } if s.read_buf(buf).await? == 0 { return Err("closed".into()) } };
            let n = usize::from_str_radix(std::str::from_utf8(&buf[..p])?.split(';').next().unwrap().trim(), 16)?;
            while buf.len() < p + 2 + n + 2 { if s.read_buf(buf).await? == 0 { return Err("closed".into()) } }
            if let Some(o) = out.as_deref_mut() { o.extend_from_slice(&buf[p + 2..p + 2 + n]); }
            buf.drain(..p + 2 + n + 2);
            if n == 0 { return Ok(status); }
        }
    }
    let need = head_end + if status == 204 || status == 304 { 0 } else { cl.unwrap_or(0) };
    while buf.len() < need { if s.read_buf(buf).await? == 0 { return Err("closed".into()) } }
    if let Some(o) = out { o.extend_from_slice(&buf[head_end..need]); }
    buf.drain(..need);
    Ok(status)
}
fn pct(v: &[u32], p: f64) -> f64 { if v.is_empty() { return -1.0 } v[((v.len() - 1) as f64 * p).round() as usize] as f64 / 1000.0 }
/// RSS (KiB) and CPU seconds, summed over `pids` (comma separated).
fn proc_stat(pids: &str) -> (u64, f64) {
    let (mut rss, mut cpu) = (0, 0.0);
    for p in pids.split(',').filter(|x| !x.is_empty()) {
        let st = std::fs::read_to_string(format!("/proc/{p}/status")).unwrap_or_default();
        rss += st.lines().find(|l| l.starts_with("VmRSS")).and_then(|l| l.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or(0);
        let st = std::fs::read_to_string(format!("/proc/{p}/stat")).unwrap_or_default();
        if let Some(r) = st.rsplit(") ").next() {
            let f: Vec<&str> = r.split(' ').collect();
            if f.len() > 13 { cpu += (f[11].parse::<f64>().unwrap_or(0.) + f[12].parse::<f64>().unwrap_or(0.)) / 100.0; }
        }
    }
    (rss, cpu)
}
fn tokens(a: &Args, key: &str) -> Vec<String> {
    let f = a.s(key, "");
    if f.is_empty() { return vec![String::new()]; }
    std::fs::read_to_string(f).unwrap().lines().map(|s| s.to_string()).collect()
}

// ---------- http ----------
async fn http(a: Args) -> Res<()> {
    let a = Rc::new(a);
    let (addr, conns, secs) = (a.s("addr", "127.0.0.1:8080"), a.n("conns", 64), a.n("secs", 5).min(60));
    let warm = Duration::from_millis(a.n("warm-ms", 500) as u64);
    let toks = Rc::new(tokens(&a, "tokens"));
    let (lat, bad, errs, ctr) = (Rc::new(RefCell::new(Vec::<u32>::new())), Rc::new(Cell::new(0u64)), Rc::new(Cell::new(0u64)), Rc::new(Cell::new(a.n("start", 0))));
    let pids = a.s("pids", "");
    let sample = Rc::new(RefCell::new(String::new()));
    let t0 = Instant::now();
    let end = t0 + warm + Duration::from_secs(secs as u64);
    let mut hs = vec![];
    for c in 0..conns {
        let (a, addr, lat, bad, errs, ctr, toks, sample) = (a.clone(), addr.clone(), lat.clone(), bad.clone(), errs.clone(), ctr.clone(), toks.clone(), sample.clone());
        hs.push(tokio::task::spawn_local(async move {
            let tok = toks[c % toks.len()].clone();
            let (method, path, body) = (a.s("method", "POST"), a.s("path", "/"), a.s("body", ""));
            let body = if let Some(f) = body.strip_prefix('@') { std::fs::read_to_string(f).unwrap() } else { body };
            let mut hd = a.all("header");
            if method != "GET" && !hd.iter().any(|h| h.to_lowercase().starts_with("content-type")) { hd.push("Content-Type: application/json".into()); }
            'outer: while Instant::now() < end {
                let Ok(mut s) = TcpStream::connect(&addr).await else { errs.set(errs.get() + 1); tokio::time::sleep(Duration::from_millis(50)).await; continue };
                s.set_nodelay(true).ok();
                let mut buf = Vec::with_capacity(8192);
                loop {
                    if Instant::now() >= end { break 'outer; }
                    let n = ctr.get(); ctr.set(n + 1);
                    let hd: Vec<String> = hd.iter().map(|h| fill(h, n, c, &tok, "")).collect();
                    let r = http_req(&method, &fill(&path, n, c, &tok, ""), &addr, &hd, &fill(&body, n, c, &tok, ""));
                    let t = Instant::now();
                    if s.write_all(&r).await.is_err() { errs.set(errs.get() + 1); break; }
                    let mut out = Vec::new();
                    match tokio::time::timeout(Duration::from_secs(20), read_resp(&mut s, &mut buf, Some(&mut out))).await {
                        Ok(Ok(st)) => {
                            let now = Instant::now();
                            if now > t0 + warm && now <= end {
                                lat.borrow_mut().push((now - t).as_micros() as u32);
                                if !(200..300).contains(&st) { bad.set(bad.get() + 1); if sample.borrow().is_empty() { *sample.borrow_mut() = format!("{st} {}", String::from_utf8_lossy(&out).chars().take(160).collect::<String>()); } }
                            }
                        }
                        _ => { errs.set(errs.get() + 1); break; }
                    }
                }
            }
        }));
    }
    tokio::time::sleep(warm).await;
    let (_, c0) = proc_stat(&pids);
    tokio::time::sleep(end - Instant::now()).await;
    let (rss, c1) = proc_stat(&pids);
    for h in hs { tokio::time::timeout(Duration::from_secs(25), h).await.ok(); }
    let mut v = lat.borrow().clone(); v.sort_unstable();
    let me = proc_stat(&std::process::id().to_string()).1;
    println!("{{\"mode\":\"http\",\"conns\":{conns},\"secs\":{secs},\"ok\":{},\"rps\":{:.0},\"p50_ms\":{:.2},\"p95_ms\":{:.2},\"p99_ms\":{:.2},\"max_ms\":{:.2},\"non2xx\":{},\"errs\":{},\"server_cpu_cores\":{:.2},\"client_cpu_s\":{:.1},\"server_rss_mib\":{:.1}}}",
        v.len(), (v.len() as u64 - bad.get()) as f64 / secs as f64, pct(&v, 0.5), pct(&v, 0.95), pct(&v, 0.99), pct(&v, 1.0), bad.get(), errs.get(), (c1 - c0) / secs as f64, me, rss as f64 / 1024.0);
    if !sample.borrow().is_empty() { eprintln!("first non-2xx: {}", sample.borrow()); }
    Ok(())
}

// ---------- fan-out ----------
fn mqtt_str(s: &str) -> Vec<u8> { let mut v = (s.len() as u16).to_be_bytes().to_vec(); v.extend(s.as_bytes()); v }
fn mqtt_pkt(t: u8, p: Vec<u8>) -> Vec<u8> {
    let (mut v, mut n) = (vec![t], p.len());
    loop { let mut b = (n % 128) as u8; n /= 128; if n > 0 { b |= 128 } v.push(b); if n == 0 { break } }
    v.extend(p); v
}
fn mqtt_connect(id: &str) -> Vec<u8> { let mut p = mqtt_str("MQTT"); p.extend([4, 2, 0, 0]); p.extend(mqtt_str(id)); mqtt_pkt(0x10, p) }
fn mqtt_sub(t: &str) -> Vec<u8> { let mut p = vec![0, 1]; p.extend(mqtt_str(t)); p.push(0); mqtt_pkt(0x82, p) }
fn mqtt_pub(t: &str, b: &str) -> Vec<u8> { let mut p = mqtt_str(t); p.extend(b.as_bytes()); mqtt_pkt(0x30, p) }
/// A masked (mask = 0) client WebSocket binary frame.
fn ws_frame(p: &[u8]) -> Vec<u8> {
    let mut v = vec![0x82];
    if p.len() < 126 { v.push(0x80 | p.len() as u8) } else { v.push(0x80 | 126); v.extend((p.len() as u16).to_be_bytes()) }
    v.extend([0, 0, 0, 0]); v.extend(p); v
}
fn ws_upgrade(path: &str, host: &str, proto: &str) -> Vec<u8> {
    let p = if proto.is_empty() { String::new() } else { format!("Sec-WebSocket-Protocol: {proto}\r\n") };
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{p}\r\n").into_bytes()
}
async fn wait_for(s: &mut TcpStream, buf: &mut Vec<u8>, pat: &[u8]) -> Res<usize> {
    loop {
        if let Some(p) = find(buf, pat) { return Ok(p); }
        if tokio::time::timeout(Duration::from_secs(20), s.read_buf(buf)).await?? == 0 { return Err(format!("closed: {}", String::from_utf8_lossy(buf)).into()); }
    }
}
/// Connects one subscriber with the protocol's handshake; returns the socket, ready to receive.
async fn subscribe(a: &Args, c: usize, tok: &str) -> Res<TcpStream> {
    let addr = a.s("addr", "127.0.0.1:8080");
    let mut s = TcpStream::connect(&addr).await?;
    s.set_nodelay(true)?;
    let mut buf = Vec::with_capacity(1024);
    let topic = a.s("topic", "room1");
    let hd: Vec<String> = a.all("header").iter().map(|h| fill(h, 0, c, tok, "")).collect();
    match a.s("proto", "sse").as_str() {
        "sse" => {
            let mut h = hd; h.push("Accept: text/event-stream".into());
            s.write_all(&http_req("GET", &fill(&a.s("path", "/"), 0, c, tok, ""), &addr, &h, "")).await?;
            wait_for(&mut s, &mut buf, b"\r\n\r\n").await?;
            if &buf[9..12] != b"200" { return Err(String::from_utf8_lossy(&buf).to_string().into()); }
        }
        "pocketbase" => {
            s.write_all(&http_req("GET", "/api/realtime", &addr, &["Accept: text/event-stream".into()], "")).await?;
            wait_for(&mut s, &mut buf, b"\"clientId\":\"").await?;
            let p = wait_for(&mut s, &mut buf, b"\"clientId\":\"").await? + 12;
            wait_for(&mut s, &mut buf, b"}").await?;
            let id = String::from_utf8_lossy(&buf[p..]).split('"').next().unwrap().to_string();
            let mut s2 = TcpStream::connect(&addr).await?;
            let mut h = hd; h.push("Content-Type: application/json".into()); h.push("Connection: close".into());
            s2.write_all(&http_req("POST", "/api/realtime", &addr, &h, &format!("{{\"clientId\":\"{id}\",\"subscriptions\":[\"{topic}\"]}}"))).await?;
            let st = read_resp(&mut s2, &mut Vec::new(), None).await?;
            if st != 204 { return Err(format!("subscribe {st}").into()); }
        }
        "nats" | "natsws" => {
            let ws = a.s("proto", "") == "natsws";
            let hello = format!("CONNECT {{\"verbose\":false,\"pedantic\":false,\"headers\":false}}\r\nSUB {topic} 1\r\nPING\r\n");
            if ws { s.write_all(&ws_upgrade("/", &addr, "")).await?; wait_for(&mut s, &mut buf, b"\r\n\r\n").await?; s.write_all(&ws_frame(hello.as_bytes())).await?; }
            else { s.write_all(hello.as_bytes()).await?; }
            wait_for(&mut s, &mut buf, b"PONG").await?;
        }
        "mqtt" | "mqttws" => {
            let ws = a.s("proto", "") == "mqttws";
            let w = |b: Vec<u8>| if ws { ws_frame(&b) } else { b };
            if ws { s.write_all(&ws_upgrade("/mqtt", &addr, "mqtt")).await?; wait_for(&mut s, &mut buf, b"\r\n\r\n").await?; buf.clear(); }
            s.write_all(&w(mqtt_connect(&format!("s{}-{c}", std::process::id())))).await?;
            wait_for(&mut s, &mut buf, &[0x20, 2, 0, 0]).await?;
            s.write_all(&w(mqtt_sub(&topic))).await?;
            wait_for(&mut s, &mut buf, &[0x90, 3, 0, 1, 0]).await?;
        }
        p => return Err(format!("proto {p}").into()),
    }
    Ok(s)
}
struct Publisher { s: TcpStream, buf: Vec<u8>, kind: String }
impl Publisher {
    async fn new(a: &Args) -> Res<Publisher> {
        let kind = a.s("proto", "sse").trim_end_matches("ws").to_string();
        let mut s = TcpStream::connect(a.s("pub-addr", &a.s("addr", ""))).await?; s.set_nodelay(true)?;
        let mut buf = vec![];
        if kind == "nats" { s.write_all(b"CONNECT {\"verbose\":false,\"pedantic\":false}\r\nPING\r\n").await?; wait_for(&mut s, &mut buf, b"PONG").await?; }
        if kind == "mqtt" { s.write_all(&mqtt_connect(&format!("pub{}", std::process::id()))).await?; wait_for(&mut s, &mut buf, &[0x20, 2, 0, 0]).await?; }
        buf.clear();
        Ok(Publisher { s, buf, kind })
    }
    /// Publishes body `b`; for HTTP it returns after the server's answer.
    async fn publish(&mut self, a: &Args, b: &str, tok: &str) -> Res<()> {
        let topic = a.s("topic", "room1");
        match self.kind.as_str() {
            "nats" => self.s.write_all(format!("PUB {topic} {}\r\n{b}\r\n", b.len()).as_bytes()).await?,
            "mqtt" => self.s.write_all(&mqtt_pub(&topic, b)).await?,
            _ => {
                let mut h: Vec<String> = a.all("pub-header").iter().map(|h| fill(h, 0, 0, tok, "")).collect();
                if !h.iter().any(|x| x.to_lowercase().starts_with("content-type")) { h.push("Content-Type: application/json".into()); }
                self.s.write_all(&http_req(&a.s("pub-method", "POST"), &fill(&a.s("pub-path", "/"), rnd() as usize, 0, tok, ""), &a.s("pub-addr", &a.s("addr", "")), &h, b)).await?;
                let mut out = vec![];
                let st = read_resp(&mut self.s, &mut self.buf, Some(&mut out)).await?;
                if !(200..300).contains(&st) { return Err(format!("publish {st} {}", String::from_utf8_lossy(&out)).into()); }
            }
        }
        Ok(())
    }
}
async fn fanout(a: Args) -> Res<()> {
    let a = Rc::new(a);
    let (subs, msgs, burst) = (a.n("subs", 1000), a.n("msgs", 10), a.n("burst", 0));
    let pids = a.s("pids", "");
    let toks = Rc::new(tokens(&a, "tokens"));
    let (rss0, _) = proc_stat(&pids);
    // got[seq] = receive times; a marker is "@@" + 8 digits + "@@"
    let got: Rc<RefCell<HashMap<u32, Vec<Instant>>>> = Rc::default();
    let tc = Instant::now();
    let mut done = 0;
    let total = Rc::new(Cell::new(0u64));
    while done < subs { // connect in waves of 64
        let wave = 64.min(subs - done);
        let mut hs = vec![];
        for c in done..done + wave { let (a, t) = (a.clone(), toks.clone()); hs.push(tokio::task::spawn_local(async move { subscribe(&a, c, &t[c % t.len()]).await.map_err(|e| e.to_string()) })); }
        for h in hs {
            let mut s = h.await??;
            let (got, total) = (got.clone(), total.clone());
            tokio::task::spawn_local(async move {
                let mut buf: Vec<u8> = Vec::with_capacity(2048);
                loop {
                    match s.read_buf(&mut buf).await { Ok(0) | Err(_) => return, _ => {} }
                    let now = Instant::now();
                    let mut i = 0;
                    while let Some(p) = find(&buf[i..], b"@@") {
                        let p = i + p;
                        if buf.len() < p + 12 { break; }
                        if &buf[p + 10..p + 12] == b"@@" {
                            if let Ok(n) = std::str::from_utf8(&buf[p + 2..p + 10]).unwrap_or("").parse::<u32>() { got.borrow_mut().entry(n).or_default().push(now); total.set(total.get() + 1); }
                            i = p + 12;
                        } else { i = p + 1; }
                    }
                    let keep = buf.len().saturating_sub(11).max(i);
                    buf.drain(..keep.min(buf.len()));
                }
            });
        }
        done += wave;
    }
    let connect_s = tc.elapsed().as_secs_f64();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let (rss1, _) = proc_stat(&pids);
    let sends = if a.s("pub-tokens", "").is_empty() { (*toks).clone() } else { tokens(&a, "pub-tokens") };
    let mut p = Publisher::new(&a).await?;
    let body_t = a.s("pub-body", "{m} hello, this is a chat message of a usual length for a phone");
    let (mut firsts, mut p50s, mut p99s, mut lasts, mut lost) = (vec![], vec![], vec![], vec![], 0usize);
    let (_, cpu0) = proc_stat(&pids);
    for i in 0..msgs {
        let t = Instant::now();
        p.publish(&a, &fill(&body_t, i, 0, &toks[0], &format!("@@{:08}@@", i)), &sends[i % sends.len()]).await?;
        let dl = t + Duration::from_secs(10);
        while got.borrow().get(&(i as u32)).map_or(0, |v| v.len()) < subs && Instant::now() < dl { tokio::time::sleep(Duration::from_millis(1)).await; }
        let mut v: Vec<u32> = got.borrow().get(&(i as u32)).map(|v| v.iter().map(|x| (*x - t).as_micros() as u32).collect()).unwrap_or_default();
        v.sort_unstable(); lost += subs - v.len().min(subs);
        if !v.is_empty() { firsts.push(v[0]); p50s.push(v[v.len() / 2]); p99s.push(v[v.len() * 99 / 100]); lasts.push(v[v.len() - 1]); }
        tokio::time::sleep(Duration::from_millis(a.n("gap-ms", 100) as u64)).await;
    }
    let (_, cpu1) = proc_stat(&pids);
    // burst: publish back to back, time until everything has arrived
    let mut burst_dps = 0.0;
    if burst > 0 {
        let (t, base) = (Instant::now(), total.get());
        for i in 0..burst { p.publish(&a, &fill(&body_t, 1000 + i, 0, &toks[0], &format!("@@{:08}@@", 1000 + i)), &sends[(msgs + i) % sends.len()]).await?; }
        let want = base + (burst * subs) as u64;
        while total.get() < want && t.elapsed() < Duration::from_secs(30) { tokio::time::sleep(Duration::from_millis(1)).await; }
        burst_dps = (total.get() - base) as f64 / t.elapsed().as_secs_f64();
        if total.get() < want { lost += (want - total.get()) as usize; }
    }
    let rss2 = proc_stat(&pids).0;
    let med = |v: &mut Vec<u32>| { v.sort_unstable(); pct(v, 0.5) };
    println!("{{\"mode\":\"fanout\",\"proto\":\"{}\",\"subs\":{subs},\"msgs\":{msgs},\"connect_s\":{connect_s:.2},\"first_ms\":{:.2},\"p50_ms\":{:.2},\"p99_ms\":{:.2},\"last_ms\":{:.2},\"last_max_ms\":{:.2},\"lost\":{lost},\"burst_deliveries_per_s\":{burst_dps:.0},\"server_cpu_us_per_delivery\":{:.2},\"rss_idle_mib\":{:.1},\"rss_subs_mib\":{:.1},\"rss_after_mib\":{:.1},\"kib_per_conn\":{:.1},\"client_cpu_s\":{:.1}}}",
        a.s("proto", "sse"), med(&mut firsts), med(&mut p50s), med(&mut p99s), med(&mut lasts), *lasts.iter().max().unwrap_or(&0) as f64 / 1000.0,
        (cpu1 - cpu0) * 1e6 / (msgs * subs) as f64, rss0 as f64 / 1024., rss1 as f64 / 1024., rss2 as f64 / 1024., (rss1 as f64 - rss0 as f64) / subs as f64, proc_stat(&std::process::id().to_string()).1);
    Ok(())
}

// ---------- sink ----------
async fn sink(a: Args) -> Res<()> {
    let l = TcpListener::bind(a.s("addr", "127.0.0.1:9999")).await?;
    let end = Instant::now() + Duration::from_secs(a.n("secs", 600) as u64);
    let n = Rc::new(Cell::new(0u64));
    loop {
        let Ok(r) = tokio::time::timeout_at(end.into(), l.accept()).await else { break };
        let (mut s, n) = (r?.0, n.clone());
        s.set_nodelay(true).ok();
        tokio::task::spawn_local(async move {
            let mut buf = Vec::with_capacity(8192);
            loop {
                let he = loop { if let Some(p) = find(&buf, b"\r\n\r\n") { break p + 4 } match s.read_buf(&mut buf).await { Ok(0) | Err(_) => return, _ => {} } };
                let h = String::from_utf8_lossy(&buf[..he]).to_ascii_lowercase();
                let cl = h.split("content-length:").nth(1).and_then(|x| x.split("\r\n").next()?.trim().parse::<usize>().ok()).unwrap_or(0);
                while buf.len() < he + cl { match s.read_buf(&mut buf).await { Ok(0) | Err(_) => return, _ => {} } }
                buf.drain(..he + cl);
                n.set(n.get() + 1);
                if s.write_all(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\nLocation: /m/1\r\n\r\n").await.is_err() { return; }
            }
        });
    }
    println!("{{\"mode\":\"sink\",\"requests\":{}}}", n.get());
    Ok(())
}

// ---------- rawfan: physical floor of SSE fan-out, one send() a subscriber, no HTTP framework ----------
async fn rawfan(a: Args) -> Res<()> {
    let l = TcpListener::bind(a.s("addr", "127.0.0.1:8190")).await?;
    let subs: Rc<RefCell<Vec<TcpStream>>> = Rc::default();
    let end = Instant::now() + Duration::from_secs(a.n("secs", 120) as u64);
    loop {
        let Ok(r) = tokio::time::timeout_at(end.into(), l.accept()).await else { return Ok(()) };
        let (mut s, subs) = (r?.0, subs.clone());
        s.set_nodelay(true).ok();
        tokio::task::spawn_local(async move {
            let mut buf = Vec::with_capacity(512);
            loop {
                let he = loop { if let Some(p) = find(&buf, b"\r\n\r\n") { break p + 4 } match s.read_buf(&mut buf).await { Ok(0) | Err(_) => return, _ => {} } };
                if buf.starts_with(b"GET") {
                    s.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n").await.ok();
                    subs.borrow_mut().push(s);
                    return;
                }
                let h = String::from_utf8_lossy(&buf[..he]).to_ascii_lowercase();
                let cl = h.split("content-length:").nth(1).and_then(|x| x.split("\r\n").next()?.trim().parse::<usize>().ok()).unwrap_or(0);
                while buf.len() < he + cl { match s.read_buf(&mut buf).await { Ok(0) | Err(_) => return, _ => {} } }
                let f = [b"data: ".as_slice(), &buf[he..he + cl], b"\n\n"].concat();
                buf.drain(..he + cl);
                subs.borrow_mut().retain(|x| !matches!(x.try_write(&f), Err(e) if e.kind() != std::io::ErrorKind::WouldBlock));
                if s.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.is_err() { return; }
            }
        });
    }
}

fn main() -> Res<()> {
    unsafe { let mut r: libc::rlimit = std::mem::zeroed(); libc::getrlimit(libc::RLIMIT_NOFILE, &mut r); r.rlim_cur = r.rlim_max; libc::setrlimit(libc::RLIMIT_NOFILE, &r); }
    let rt = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (m, a) = Args::parse();
    LocalSet::new().block_on(&rt, async move {
        match m.as_str() { "http" => http(a).await, "fanout" => fanout(a).await, "sink" => sink(a).await, "rawfan" => rawfan(a).await, _ => { eprintln!("loadgen http|fanout|sink --key value ..."); Ok(()) } }
    })
}
