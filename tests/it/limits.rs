//! What strangers may send: everything ends in a problem document or a closed socket, and nothing changes.

use std::{
    io::{Read, Write},
    time::Duration,
};

use crate::contract::{committed, operations};
use reqwest::{Method, header};
use serde_json::json;
use tests::{
    Backend, World, on_both_databases,
    people::{Person, action},
    world::{answer, id},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A path of the contract with an id wherever it wants one.
fn with_ids(path: &str) -> String {
    let mut parts = path.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |path, part| format!("{path}{}{}", id(), part.split_once('}').unwrap().1))
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

on_both_databases! {
    async fn what_cannot_be_read_is_a_problem_of_a_stable_kind(world) {
        let noa = world.youth().await;
        // She has written before, so that what is counted for each account is there.
        noa.writes("hej").await;
        let before = world.effects().await;
        let post = |path: &str| world.http.post(format!("{}{path}", world.url)).bearer_auth(&noa.token);
        // Twenty megabytes pack to twenty kilobytes; what more of them does to memory is measured at the program (tests/e2e).
        let bomb = packed(&vec![0; 20 << 20]);
        let push = || post("/api/v1/sync/push").header(header::CONTENT_TYPE, "application/json");
        let table = [
            ("no JSON", answer(push().body("{")).await, "malformed"),
            ("a wrong type", answer(push().body(r#"{"device_id":7}"#)).await, "malformed"),
            ("nothing", answer(push().body("")).await, "malformed"),
            ("no JSON's type", answer(post("/api/v1/sync/push").header(header::CONTENT_TYPE, "text/plain").body("x")).await, "unsupported-media"),
            ("too large", answer(push().body("x".repeat(300 * 1024))).await, "too-large"),
            ("an unknown packing", answer(push().header("content-encoding", "br").body("x")).await, "unsupported-media"),
            ("a packing of far too much", answer(push().header("content-encoding", "gzip").body(bomb)).await, "too-large"),
            ("a packing that is none", answer(push().header("content-encoding", "gzip").body("x")).await, "malformed"),
            ("an unknown path", answer(post("/api/v1/nothing")).await, "not-found"),
            ("an unknown method", answer(world.http.delete(format!("{}/api/v1/sync/push", world.url))).await, "method-not-allowed"),
            ("an id that is none", noa.asks(Method::GET, "/api/v1/chat/conversations/7", None).await, "malformed"),
            ("a foreign id", noa.asks(Method::GET, &format!("/api/v1/chat/conversations/{}", id()), None).await, "not-found"),
            ("a next that is none", noa.asks(Method::GET, "/api/v1/chat/conversations?next=x", None).await, "malformed"),
        ];
        for (what, answer, kind) in table {
            assert_eq!(answer.problem(), kind, "{what}");
        }
        assert_eq!(world.effects().await, before, "what could not be read left something behind");
    }

    async fn a_packed_body_is_read_like_a_plain_one(world) {
        let noa = world.youth().await;
        let conversation = id();
        let body = serde_json::to_vec(&noa.push_body(&[noa.message(conversation, "packad")])).unwrap();
        let request = world.http.post(format!("{}/api/v1/sync/push", world.url)).bearer_auth(&noa.token)
            .header(header::CONTENT_TYPE, "application/json").header("content-encoding", "gzip").body(packed(&body));
        assert_eq!(answer(request).await.ok()["results"][0]["outcome"], "applied");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drip_fed_header_closes_the_socket() {
    let world = World::start(Backend::Sqlite).await;
    let socket = TcpStream::connect(world.url.strip_prefix("http://").unwrap()).await.unwrap();
    let (mut reading, mut writing) = socket.into_split();
    writing.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").await.unwrap();
    let drips = async {
        let mut beat = tokio::time::interval(Duration::from_millis(300));
        while writing.write_all(b"x").await.is_ok() {
            beat.tick().await;
        }
    };
    let mut answer = Vec::new();
    let ends = async {
        tokio::select! {
            // An end or a reset: either way it is closed.
            read = reading.read_to_end(&mut answer) => drop(read),
            () = drips => {}
        }
    };
    // The program's own limit is ten seconds, however often a byte comes.
    tokio::time::timeout(Duration::from_secs(15), ends).await.expect("the socket stayed open");
    assert!(!String::from_utf8_lossy(&answer).contains("200 OK"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_keeps_strangers_out() {
    let world = World::start_with(Backend::Sqlite, |config| {
        config.base_url = format!("https://localhost:{}", config.listen.port()).parse().unwrap();
    })
    .await;
    let mut routes: Vec<(Method, String)> = operations(&committed())
        .into_iter()
        .map(|(path, method, _)| (method.to_uppercase().parse().unwrap(), path))
        .collect();
    let of_contract = routes.len();
    for path in [
        "/",
        "/api/docs",
        "/api/openapi.json",
        "/problems/code-wrong",
        "/healthz",
        "/readyz",
        "/nothing.js",
        "/api/nothing",
    ] {
        routes.push((Method::GET, path.to_owned()));
        routes.push((Method::POST, path.to_owned()));
    }
    assert!(of_contract > 20, "the contract has {of_contract} operations");
    for (method, path) in routes {
        let named = format!("{method} {path}");
        let filled = with_ids(&path);
        let answer = world.asks(method.clone(), &filled, None, None).await;
        let says = |header: &str| {
            answer.headers.get(header).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
        };
        let policy = says("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{named}: {policy}");
        for (header, value) in [
            ("strict-transport-security", "max-age=63072000; includeSubDomains"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(says(header), value, "{named}: {header}");
        }
        assert!(says("permissions-policy").contains("geolocation=(self)"), "{named}");
        assert_eq!(says("access-control-allow-credentials"), "", "{named}");
        let open = method == Method::GET
            && ([
                "/api/v1/tips",
                "/api/v1/tips/places",
                "/api/v1/tips/{tip_id}",
                "/api/v1/polls",
                "/api/v1/polls/{poll_id}",
                "/api/v1/ideas",
                "/api/v1/ideas/{idea_id}",
                "/api/v1/dialogues",
                "/api/v1/insight/figures",
                "/api/v1/insight/figures.csv",
                "/api/v1/dialogues/{dialogue_id}",
                "/api/v1/dialogues/{dialogue_id}/questions",
                "/api/v1/dialogues/{dialogue_id}/polls",
                "/api/v1/dialogues/{dialogue_id}/events",
                "/api/v1/dialogues/{dialogue_id}/stream",
                "/api/v1/posts",
                "/api/v1/posts/{post_id}",
                "/api/v1/posts/{post_id}/captions",
                "/api/v1/posts/{post_id}/files/{file_id}/{rendition}",
                "/api/v1/quarters/opening",
                "/api/v1/patrols/board",
                "/api/openapi.json",
            ]
            .contains(&path.as_str())
                || path.starts_with("/api/v1/questionnaires/"));
        assert_eq!(says("access-control-allow-origin") == "*", open, "{named}: only public reads are for every page");
        assert_eq!(says("cross-origin-resource-policy"), if open { "cross-origin" } else { "same-origin" }, "{named}");
        if path.starts_with("/api/v1/") && !open {
            assert_eq!(says("cache-control"), "no-store", "{named}");
        }
    }
    let plain = World::start(Backend::Sqlite).await.asks(Method::GET, "/", None, None).await;
    assert!(plain.headers.get("strict-transport-security").is_none(), "without TLS nobody is told to use it");
    let app = world.asks(Method::GET, "/", None, None).await;
    assert!(app.status == 200 && app.headers["content-type"].to_str().unwrap().starts_with("text/html"), "{app:?}");
    assert_eq!(world.asks(Method::GET, "/problems/code-wrong", None, None).await.status, 200);
    assert_eq!(world.asks(Method::GET, "/api/v1/tips", None, None).await.ok(), json!({"items": []}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_who_signs_out_leaves_nothing_in_the_browsers_cache() {
    let world = World::start(Backend::Sqlite).await;
    let noa = world.youth().await;
    let out = noa.asks(Method::POST, "/api/v1/identity/sign-out", None).await;
    assert_eq!((out.status.as_u16(), &out.headers["clear-site-data"]), (204, &"\"cache\"".parse().unwrap()));
}

on_both_databases! {
    async fn a_text_is_a_string_and_nothing_else(world) {
        let noa = world.youth().await;
        for odd in [json!(false), json!(7), json!(["hej"]), json!({}), json!(null)] {
            let conversation = id();
            let mut message = noa.message(conversation, "hej");
            message["body"]["text"] = odd.clone();
            assert_eq!(noa.pushes(&[message.clone()]).await[0]["problem"]["kind"], "malformed", "{odd} through the sync door");
            let plain = world.http.post(format!("{}/api/v1/chat/messages", world.url))
                .bearer_auth(&noa.token).header("idempotency-key", id().to_string()).json(&message["body"]);
            assert_eq!(answer(plain).await.problem(), "malformed", "{odd} through the plain door");
            let register = json!({"account_id": uuid::Uuid::new_v4(), "device_id": uuid::Uuid::new_v4(), "secret": tests::people::secret(), "code": 1234567890123456_i64, "locale": "sv"});
            let answer = world.asks(Method::POST, "/api/v1/identity/devices", None, Some(&register)).await;
            assert_eq!(answer.problem(), "malformed");
        }
    }
}

on_both_databases! {
    async fn a_text_holds_no_nul_through_any_door(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let conversation = noa.writes("hej").await;
        let tip = action(&world, "tips", "tip-publish", json!({
            "tip_id": id(), "topic": "scams", "municipality": "2480", "text": "Lämna aldrig\0 ut en kod.", "action": "chat",
        }));
        let plain = world.http.post(format!("{}/api/v1/tips", world.url)).bearer_auth(&kim.token);
        assert_eq!(answer(plain.header("idempotency-key", id().to_string()).json(&tip["body"])).await.problem(), "malformed");
        assert_eq!(kim.pushes(&[tip]).await[0]["problem"]["kind"], "malformed");
        let results = noa.pushes(&[noa.message(conversation, "hej\0"), noa.report(id(), "\0", json!([]))]).await;
        for result in results {
            assert_eq!(result["problem"]["kind"], "malformed", "{result}");
        }
        let mut subscription = tests::push_service::PushService::start().await.subscription(true, &["scams"], &["2480"]);
        subscription["municipalities"] = json!(["24\u{0}0"]);
        let answer = noa.asks(Method::PUT, "/api/v1/push/subscription", Some(&subscription)).await;
        assert_eq!(answer.problem(), "malformed");
        for query in ["municipality=%00", "municipality=24%0080", "municipality=abcd", "next=%00", "topic=%00"] {
            let answer = world.asks(Method::GET, &format!("/api/v1/tips?{query}"), None, None).await;
            assert_eq!(answer.problem(), "malformed", "{query}");
        }
        assert_eq!(world.asks(Method::GET, "/api/v1/tips?municipality=2480", None, None).await.ok()["items"], json!([]));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_says_who_runs_it_and_the_docs_say_what_is_promised() {
    let pages = std::env::temp_dir().join(format!("natpatrull-pages-{}", id().simple()));
    std::fs::create_dir(&pages).unwrap();
    let page = "<html>\n  <meta name=\"natpatrull-operator\" content=\"Somebody\" />\n  \
                <meta name=\"natpatrull-contact\" content=\"\" /><title>A</title></html>";
    std::fs::write(pages.join("index.html"), page).unwrap();
    let start = async |name: &str| {
        let (pages, name) = (pages.clone(), name.to_owned());
        World::start_with(Backend::Sqlite, |config| {
            config.pwa_dir = pages;
            config.operator_name = name;
            config.operator_contact = "https://example.org/?a=1&b=2".to_owned();
        })
        .await
    };
    let world = start("Ö & <script>\"x\"</script>").await;
    let shown = world.asks(Method::GET, "/", None, None).await;
    assert_eq!(
        String::from_utf8_lossy(&shown.bytes),
        "<html>\n  <meta name=\"natpatrull-operator\" content=\"Ö &amp; &lt;script&gt;&quot;x&quot;&lt;/script&gt;\" />\n  \
         <meta name=\"natpatrull-contact\" content=\"https://example.org/?a=1&amp;b=2\" /><title>A</title></html>",
    );
    let packed = answer(world.http.get(format!("{}/", world.url)).header("accept-encoding", "gzip")).await;
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(packed.bytes.as_slice()).read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked, shown.bytes);
    let other = start("Another").await.asks(Method::GET, "/", None, None).await;
    assert_ne!(other.headers["etag"], shown.headers["etag"], "a browser that has the old page fetches the new one");
    std::fs::remove_dir_all(&pages).unwrap();

    let docs = world.asks(Method::GET, "/api/docs", None, None).await;
    let contract = world.asks(Method::GET, "/api/openapi.json", None, None).await;
    let holds = |part: &[u8]| docs.bytes.windows(part.len()).any(|window| window == part);
    assert!(holds(contract.bytes.trim_ascii()), "the page to try the API holds another document than the contract");
}
