//! Accounts without a name, sessions that survive, codes that open, and what ends them.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tests::{
    World, Youth, on_both_databases,
    people::{Person, cookie, digits, secret},
    world::Answer,
};
use uuid::Uuid;

const MONTH: i64 = 30 * 24 * 3600;

/// Solves a puzzle as the app does.
fn solve(puzzle: &Value) -> String {
    let salt = BASE64_URL_SAFE_NO_PAD.decode(puzzle["salt"].as_str().unwrap()).unwrap();
    let bits = puzzle["bits"].as_u64().unwrap();
    (0_u64..)
        .map(|n| n.to_string())
        .find(|n| {
            let hash = Sha256::new().chain_update(&salt).chain_update(n).finalize();
            let zeros =
                hash.iter().position(|byte| *byte != 0).map_or(256, |at| at as u32 * 8 + hash[at].leading_zeros());
            u64::from(zeros) >= bits
        })
        .unwrap()
}

async fn puzzle(world: &World) -> Value {
    world.asks(Method::POST, "/api/v1/identity/puzzles", None, None).await.ok()
}

/// Tries a code on a new phone.
pub async fn tries(world: &World, code: &str) -> Answer {
    let puzzle = puzzle(world).await;
    let body = json!({
        "code": code, "device_id": Uuid::new_v4(), "secret": secret(), "puzzle_id": puzzle["puzzle_id"],
        "answer": solve(&puzzle),
    });
    world.asks(Method::POST, "/api/v1/identity/code/open", None, Some(&body)).await
}

/// The same youth on a second phone.
pub async fn opens_elsewhere(noa: &Youth) -> Youth {
    let session = tries(&noa.world, &noa.code).await.ok();
    Youth {
        device_id: session["device_id"].as_str().unwrap().parse().unwrap(),
        token: session["access_token"].as_str().unwrap().to_owned(),
        ..noa.clone()
    }
}

async fn devices(noa: &Youth) -> usize {
    noa.asks(Method::GET, "/api/v1/identity/me", None).await.ok()["devices"].as_array().unwrap().len()
}

on_both_databases! {
    async fn a_lost_reply_makes_no_second_account(world) {
        let noa = world.youth().await;
        let conversation = noa.writes("hej").await;
        let again = noa.registers().await.ok();
        assert_eq!(again["account_id"], json!(noa.account_id));
        let mut returned = noa.clone();
        returned.token = again["access_token"].as_str().unwrap().to_owned();
        assert_eq!(returned.reads_messages(conversation).await.len(), 1);
        assert_eq!(devices(&returned).await, 1);
    }

    async fn registering_at_once_makes_one_account(world) {
        let mut noa = world.youth().await;
        noa.account_id = Uuid::new_v4();
        noa.device_id = Uuid::new_v4();
        noa.code = digits();
        let (one, two, three) = tokio::join!(noa.registers(), noa.registers(), noa.registers());
        for answer in [one, two, three] {
            noa.token = answer.ok()["access_token"].as_str().unwrap().to_owned();
        }
        assert_eq!(devices(&noa).await, 1);
    }

    async fn another_secret_or_another_phone_is_no_way_in(world) {
        let noa = world.youth().await;
        let mut thief = noa.clone();
        thief.secret = secret();
        assert_eq!(thief.registers().await.problem(), "registration-conflict");
        thief.device_id = Uuid::new_v4();
        assert_eq!(thief.registers().await.problem(), "registration-conflict");
    }

    async fn a_refresh_whose_reply_was_lost_keeps_the_session(world) {
        let noa = world.youth().await;
        let lost = noa.refreshes_with(&noa.cookie).await;
        assert!(lost.status.is_success());
        world.clock.wind(3 * 24 * 3600);
        let answer = noa.refreshes_with(&noa.cookie).await;
        assert_eq!(cookie(&answer), cookie(&lost), "the successor is given again, not another one");
        assert_eq!(answer.ok()["account_id"], json!(noa.account_id));
    }

    async fn page_and_worker_refreshing_at_once_have_one_session(world) {
        let noa = world.youth().await;
        let (page, worker) = tokio::join!(noa.refreshes_with(&noa.cookie), noa.refreshes_with(&noa.cookie));
        assert_eq!(cookie(&page), cookie(&worker));
        let next = cookie(&page);
        assert!(noa.refreshes_with(&next).await.status.is_success());
        assert!(noa.refreshes_with(&next).await.status.is_success());
    }

    async fn a_stolen_token_used_after_its_successor_ends_both(world) {
        let noa = world.youth().await;
        let mine = noa.refreshes_with(&noa.cookie).await;
        let next = cookie(&mine);
        let token = noa.refreshes_with(&next).await.ok()["access_token"].as_str().unwrap().to_owned();
        assert_eq!(noa.refreshes_with(&noa.cookie).await.problem(), "session-ended");
        assert_eq!(noa.refreshes_with(&next).await.problem(), "session-ended");
        let answer = world.asks(Method::GET, "/api/v1/identity/me", Some(&token), None).await;
        assert_eq!(answer.problem(), "session-ended");
    }

    async fn a_youths_session_goes_on_while_it_is_used(world) {
        let mut noa = world.youth().await;
        for _ in 0..6 {
            world.clock.wind(2 * MONTH);
            let answer = noa.refreshes_with(&noa.cookie).await;
            noa.cookie = cookie(&answer);
            assert!(answer.status.is_success());
        }
        world.clock.wind(4 * MONTH);
        assert_eq!(noa.refreshes_with(&noa.cookie).await.problem(), "session-ended");
    }

    async fn the_refresh_cookie_is_kept_close(world) {
        let noa = world.youth().await;
        let set = noa.registers().await.headers["set-cookie"].to_str().unwrap().to_owned();
        for part in ["HttpOnly", "Secure", "SameSite=Strict", "Path=/api/v1/identity/refresh"] {
            assert!(set.contains(part), "{set} lacks {part}");
        }
        let refresh = || noa.world.http.post(format!("{}/api/v1/identity/refresh", noa.world.url)).header("cookie", &noa.cookie);
        assert_eq!(tests::world::answer(refresh()).await.problem(), "origin-refused");
        let foreign = refresh().header("x-natpatrull", "refresh").header("origin", "https://example.com");
        assert_eq!(tests::world::answer(foreign).await.problem(), "origin-refused");
        let bearer = world.asks(Method::GET, "/api/v1/identity/me", Some(noa.cookie.split_once('=').unwrap().1), None).await;
        assert_eq!(bearer.problem(), "token-invalid", "the refresh token opens nothing but the refresh");
    }

    async fn a_token_ends_after_five_minutes(world) {
        let noa = world.youth().await;
        world.clock.wind(301);
        assert_eq!(noa.asks(Method::GET, "/api/v1/identity/me", None).await.problem(), "token-expired");
        assert_eq!(world.asks(Method::GET, "/api/v1/identity/me", None, None).await.problem(), "token-missing");
        assert_eq!(world.asks(Method::GET, "/api/v1/identity/me", Some("a.b.c"), None).await.problem(), "token-invalid");
    }

    async fn a_forged_token_opens_nothing(world) {
        let noa = world.youth().await;
        let parts: Vec<_> = noa.token.split('.').collect();
        let [head, claims, signature] = parts[..] else { panic!("{}", noa.token) };
        let text = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let mut said: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
        let public = EncodingKey::from_secret(&world.deps.keys.signing_public());
        let by_public_key = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &said, &public).unwrap();
        said["role"] = json!("officer");
        let none = text(&json!({"alg": "none", "typ": "JWT"}));
        let house = World::start(tests::Backend::Sqlite).await;
        let table = [
            ("no signature", format!("{none}.{claims}.")),
            ("no signature is asked for", format!("{none}.{claims}.{signature}")),
            ("its signature cut off", format!("{head}.{claims}.")),
            ("other claims", format!("{head}.{}.{signature}", text(&said))),
            ("the public key as a shared one", by_public_key),
            ("another house's key", house.youth().await.token),
        ];
        noa.asks(Method::GET, "/api/v1/identity/me", None).await.ok();
        for (what, token) in table {
            let answer = world.asks(Method::GET, "/api/v1/identity/me", Some(&token), None).await;
            assert_eq!(answer.problem(), "token-invalid", "{what}");
        }
    }

    async fn the_same_sixteen_digits_open_the_talk_elsewhere(world) {
        let noa = world.youth().await;
        let conversation = noa.writes("hej från den ena telefonen").await;
        let session = tries(&world, &noa.code).await.ok();
        assert_eq!(session["account_id"], json!(noa.account_id));
        let path = format!("/api/v1/chat/conversations/{conversation}/messages");
        let read = world.asks(Method::GET, &path, session["access_token"].as_str(), None).await.ok();
        assert_eq!(read["items"][0]["text"], "hej från den ena telefonen");
        let inbox = noa.pulls(&format!("inbox:{}", noa.account_id)).await;
        let kinds: Vec<_> = inbox["events"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
        assert!(kinds.contains(&"device-added"), "the other phone is told: {kinds:?}");
        assert_eq!(devices(&noa).await, 2);
    }

    async fn a_new_code_ends_the_old_one_and_all_other_devices(world) {
        let noa = world.youth().await;
        let other = tries(&world, &noa.code).await.ok();
        let new = digits();
        let changed = noa.asks(Method::PUT, "/api/v1/identity/code", Some(&json!({"code": new}))).await.ok();
        assert_eq!(changed["other_devices_ended"], 1);
        assert_eq!(tries(&world, &noa.code).await.problem(), "code-wrong");
        let answer = world.asks(Method::GET, "/api/v1/identity/me", other["access_token"].as_str(), None).await;
        assert_eq!(answer.problem(), "session-ended");
        assert!(noa.asks(Method::GET, "/api/v1/identity/me", None).await.status.is_success());
        assert!(tries(&world, &new).await.status.is_success());
    }

    async fn a_puzzle_is_good_once(world) {
        let noa = world.youth().await;
        let puzzle = puzzle(&world).await;
        let body = json!({
            "code": noa.code, "device_id": Uuid::new_v4(), "secret": secret(), "puzzle_id": puzzle["puzzle_id"],
            "answer": solve(&puzzle),
        });
        assert!(world.asks(Method::POST, "/api/v1/identity/code/open", None, Some(&body)).await.status.is_success());
        let again = world.asks(Method::POST, "/api/v1/identity/code/open", None, Some(&body)).await;
        assert_eq!(again.problem(), "puzzle-needed");
    }

    async fn signing_out_ends_the_session_at_once(world) {
        let noa = world.youth().await;
        assert!(noa.asks(Method::POST, "/api/v1/identity/sign-out", None).await.status.is_success());
        assert_eq!(noa.asks(Method::GET, "/api/v1/identity/me", None).await.problem(), "session-ended");
        assert_eq!(noa.refreshes_with(&noa.cookie).await.problem(), "session-ended");
    }

    async fn wrong_codes_make_guessing_dearer_and_lock_nobody_out(world) {
        let noa = world.youth().await;
        assert_eq!(puzzle(&world).await["bits"], 0);
        for _ in 0..21 {
            assert_eq!(tries(&world, &digits()).await.problem(), "code-wrong");
        }
        let dearer = puzzle(&world).await;
        assert!(dearer["bits"].as_u64().unwrap() >= 14, "guessing has not grown dearer: {dearer}");
        assert!(tries(&world, &noa.code).await.status.is_success(), "the right code still opens");
        world.clock.wind(601);
        assert_eq!(puzzle(&world).await["bits"], 0, "and it passes");
    }

    async fn only_a_demo_lets_anyone_play_an_officer(world) {
        let body = json!({"public_number": "07", "device_id": Uuid::new_v4()});
        let answer = world.asks(Method::POST, "/api/v1/identity/demo/sign-in", None, Some(&body)).await;
        assert_eq!(answer.problem(), "demo-only");
        assert_eq!(world.asks(Method::GET, "/api/v1/identity/demo", None, None).await.ok()["demo"], false);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_demo_answers_loopback_names_only_and_no_proxy() {
    let world = World::start_with(tests::Backend::Sqlite, |config| config.demo = true).await;
    let url = format!("{}/api/v1/identity/demo", world.url);
    let get = || world.http.get(&url);
    assert!(tests::world::answer(get()).await.status.is_success());
    for (name, value) in [
        ("host", "example.com"),
        ("x-forwarded-for", "192.0.2.1"),
        ("x-forwarded-port", "443"),
        ("x-original-host", "example.com"),
        ("forwarded", "for=192.0.2.1"),
        ("via", "1.1 a"),
        ("x-client-ip", "192.0.2.1"),
        ("cf-connecting-ip", "192.0.2.1"),
    ] {
        let answer = tests::world::answer(get().header(name, value)).await;
        assert_eq!(answer.problem(), "demo-only", "{name}: {value}");
    }
}
