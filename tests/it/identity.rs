//! Who someone is: registering, codes, sessions, officers' links.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use entities::words::Role;
use natpatrull::identity;
use reqwest::Method;
use sea_orm::DbBackend;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tests::{
    on_both_databases,
    passkey::Passkey,
    people::{Person, Youth, cookie, digits, secret},
    world::{Answer, World, answer},
};
use uuid::Uuid;

/// The counter that a phone would find.
pub fn solved(puzzle: &Value) -> String {
    let salt = BASE64_URL_SAFE_NO_PAD.decode(puzzle["salt"].as_str().unwrap()).unwrap();
    let bits = u32::try_from(puzzle["bits"].as_u64().unwrap()).unwrap();
    let zeros = |counter: &String| {
        let hash = Sha256::new().chain_update(&salt).chain_update(counter.as_bytes()).finalize();
        u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]).leading_zeros()
    };
    (0u64..).map(|n| n.to_string()).find(|counter| zeros(counter) >= bits).unwrap()
}

pub async fn puzzle(world: &World) -> Value {
    world.asks(Method::POST, "/api/v1/identity/puzzles", None, None).await.ok()
}

pub async fn opens(world: &World, code: &str, puzzle: &Value) -> Answer {
    let body = json!({
        "code": code, "device_id": Uuid::new_v4(), "secret": secret(), "puzzle_id": puzzle["puzzle_id"],
        "answer": solved(puzzle),
    });
    world.asks(Method::POST, "/api/v1/identity/code/open", None, Some(&body)).await
}

/// Guesses sent at the same time: more than come through, however they meet.
const AT_ONCE: usize = 48;

/// How many wrong codes are tried: few in a test, a thousand in `make proof`.
fn wrong_codes() -> u32 {
    std::env::var("NATPATRULL_WRONG_CODES").map_or(60, |count| count.parse().unwrap())
}

async fn changes_code(noa: &Youth, code: &str) -> Answer {
    noa.asks(Method::PUT, "/api/v1/identity/code", Some(&json!({"code": code}))).await
}

fn token(answer: &Value) -> Option<&str> {
    Some(answer["access_token"].as_str().unwrap())
}

on_both_databases! {
    async fn registering_again_makes_no_second_account(world) {
        let noa = world.youth().await;
        let (one, two, three) = tokio::join!(noa.registers(), noa.registers(), noa.registers());
        for again in [one, two, three] {
            assert_eq!(again.ok()["account_id"], json!(noa.account_id));
        }
        let stranger = Youth { secret: secret(), ..noa.clone() };
        assert_eq!(stranger.registers().await.problem(), "registration-conflict");
        let guest = Youth { device_id: Uuid::new_v4(), secret: secret(), ..noa.clone() };
        assert_eq!(guest.registers().await.problem(), "registration-conflict", "an account's id alone opens nothing");
    }

    async fn registering_at_once_makes_one_account(world) {
        let known = world.youth().await;
        let noa = Youth { account_id: Uuid::new_v4(), device_id: Uuid::new_v4(), code: digits(), ..known };
        let all = tokio::join!(noa.registers(), noa.registers(), noa.registers(), noa.registers());
        for answer in [all.0, all.1, all.2, all.3] {
            assert_eq!(answer.ok()["account_id"], json!(noa.account_id));
        }
    }

    async fn a_code_opens_the_same_talks_elsewhere_and_the_first_phone_is_told(world) {
        let noa = world.youth().await;
        let puzzle = puzzle(&world).await;
        let session = opens(&world, &noa.code, &puzzle).await.ok();
        assert_eq!(session["account_id"], json!(noa.account_id));
        let told = noa.pulls(&format!("inbox:{}", noa.account_id)).await;
        assert_eq!(told["events"][0]["kind"], "device-added", "{told}");
        assert_eq!(told["events"][0]["entity_id"], session["device_id"]);
        assert_eq!(opens(&world, &noa.code, &puzzle).await.problem(), "puzzle-needed", "a puzzle is good once");
        let me = noa.asks(Method::GET, "/api/v1/identity/me", None).await.ok();
        assert_eq!(me["devices"].as_array().unwrap().len(), 2);
        assert_eq!(me["locale"], "sv");
    }

    async fn a_new_code_ends_the_old_one_and_the_other_devices(world) {
        let noa = world.youth().await;
        let other = opens(&world, &noa.code, &puzzle(&world).await).await.ok();
        let new = digits();
        assert_eq!(changes_code(&noa, &new).await.ok()["other_devices_ended"], 1);
        let me = world.asks(Method::GET, "/api/v1/identity/me", token(&other), None).await;
        assert_eq!(me.problem(), "session-ended");
        assert_eq!(opens(&world, &noa.code, &puzzle(&world).await).await.problem(), "code-wrong");
        let again = opens(&world, &new, &puzzle(&world).await).await.ok();
        // The reply was lost and the phone asks once more: the device that came in since stays.
        assert_eq!(changes_code(&noa, &new).await.ok()["other_devices_ended"], 0);
        world.asks(Method::GET, "/api/v1/identity/me", token(&again), None).await.ok();
    }

    async fn nothing_tells_that_a_code_is_live_but_a_paid_guess(world) {
        let noa = world.youth().await;
        let thief = Youth { account_id: Uuid::new_v4(), device_id: Uuid::new_v4(), secret: secret(), ..noa.clone() };
        let session = thief.registers().await.ok();
        assert_eq!(session["account_id"], json!(thief.account_id));
        let body = json!({"code": noa.code});
        world.asks(Method::PUT, "/api/v1/identity/code", token(&session), Some(&body)).await.ok();
        let opened = opens(&world, &noa.code, &puzzle(&world).await).await.ok();
        assert_eq!(opened["account_id"], json!(noa.account_id), "the code is still its first owner's");
    }

    async fn wrong_codes_make_guessing_dearer_and_lock_nobody_out(world) {
        let noa = world.youth().await;
        let mut cheap = Vec::new();
        for _ in 0..AT_ONCE {
            cheap.push(puzzle(&world).await);
        }
        let guesses = cheap.iter().map(|puzzle| {
            let (world, puzzle) = (world.clone(), puzzle.clone());
            tokio::spawn(async move { opens(&world, &digits(), &puzzle).await.problem().to_owned() })
        });
        let mut ends = Vec::new();
        for guess in guesses.collect::<Vec<_>>() {
            ends.push(guess.await.unwrap());
        }
        let wrong = ends.iter().filter(|kind| *kind == "code-wrong").count();
        assert_eq!(wrong + ends.iter().filter(|kind| *kind == "puzzle-needed").count(), AT_ONCE, "{ends:?}");
        match world.deps.db.backend() {
            // One writer: guesses sent at once pay like guesses sent in turn.
            DbBackend::Sqlite => assert_eq!(wrong, 20, "{ends:?}"),
            // As many as there are connections to write on may be under way when the twentieth is counted.
            _ => assert!((20..20 + 16).contains(&wrong), "{wrong}: {ends:?}"),
        }
        let dear = puzzle(&world).await;
        assert!(dear["bits"].as_u64().unwrap() >= 14, "{dear}");
        opens(&world, &noa.code, &dear).await.ok();
        world.clock.wind(601);
        assert_eq!(puzzle(&world).await["bits"], 0, "the price falls again");
    }

    async fn wrong_codes_from_many_addresses_make_guessing_dearer_for_all_and_lock_nobody_out(world) {
        let noa = world.youth().await;
        let (count, mut prices) = (wrong_codes(), Vec::new());
        for nth in 0..count {
            let guesser = world.from_address(nth);
            let puzzle = puzzle(&guesser).await;
            prices.push(puzzle["bits"].as_u64().unwrap());
            assert_eq!(opens(&guesser, &digits(), &puzzle).await.problem(), "code-wrong", "guess {nth} is heard");
        }
        assert!(prices.is_sorted(), "{prices:?}");
        assert_eq!((prices[19], prices[20], prices[40]), (0, 14, 15), "the twenty first are free, and each doubling costs a bit");
        // The price is one for all: where the guesses came from, and where none came from.
        let (school, elsewhere) = (world.from_address(0), world.from_address(count + 1));
        let dear = puzzle(&school).await;
        let bits = dear["bits"].as_u64().unwrap();
        assert_eq!(puzzle(&elsewhere).await["bits"], bits);
        assert!(bits >= *prices.last().unwrap() && bits <= 22, "{bits}");
        let opened = opens(&school, &noa.code, &dear).await.ok();
        assert_eq!(opened["account_id"], json!(noa.account_id), "the right code opens, also from a guesser's address");
        // Writing is not touched.
        noa.writes("hej").await;
        world.clock.wind(601);
        assert_eq!(puzzle(&school).await["bits"], 0, "the price falls again");
        if let Ok(folder) = std::env::var("NATPATRULL_PROOF") {
            let backend = world.deps.db.backend().as_str();
            let proof = json!({"backend": backend, "wrong_codes": count, "addresses": count, "bits": prices, "bits_at_last": bits, "refused": 0});
            std::fs::write(format!("{folder}/wrong-codes-{backend}.json"), proof.to_string()).unwrap();
        }
    }

    async fn a_lost_refresh_costs_nothing_and_a_stolen_one_ends_both(world) {
        let noa = world.youth().await;
        let first = noa.cookie.clone();
        noa.refreshes_with(&first).await.ok();
        world.clock.wind(3 * 24 * 3600);
        let (page, worker) = tokio::join!(noa.refreshes_with(&first), noa.refreshes_with(&first));
        let second = cookie(&page);
        assert_eq!(second, cookie(&worker), "page and worker have one session");
        let third = noa.refreshes_with(&second).await;
        let session = third.ok();
        assert_eq!(noa.refreshes_with(&first).await.problem(), "session-ended");
        assert_eq!(noa.refreshes_with(&second).await.problem(), "session-ended");
        let me = world.asks(Method::GET, "/api/v1/identity/me", token(&session), None).await;
        assert_eq!(me.problem(), "session-ended");
        noa.registers().await.ok();
    }

    async fn a_refresh_from_a_foreign_page_is_refused(world) {
        let noa = world.youth().await;
        let path = format!("{}/api/v1/identity/refresh", world.url);
        let plain = world.http.post(&path).header("cookie", &noa.cookie);
        assert_eq!(answer(plain).await.problem(), "origin-refused");
        let port = world.deps.config.listen.port();
        for (origin, ours) in [
            ("https://example.org".to_owned(), false),
            ("null".to_owned(), false),
            (format!("http://localhost:{port}"), true),
            (format!("http://127.0.0.1:{port}"), true),
        ] {
            let request = world.http.post(&path).header("cookie", &noa.cookie);
            let answer = answer(request.header("x-natpatrull", "refresh").header("origin", &origin)).await;
            assert_eq!(answer.status.is_success(), ours, "{origin}: {}", answer.json);
        }
    }

    async fn an_ended_device_stays_out(world) {
        let noa = world.youth().await;
        let path = format!("/api/v1/identity/devices/{}", noa.device_id);
        let eve = world.youth().await;
        assert_eq!(eve.asks(Method::DELETE, &path, None).await.problem(), "not-found");
        assert_eq!(noa.asks(Method::DELETE, &path, None).await.status, 204);
        assert_eq!(noa.asks(Method::GET, "/api/v1/identity/me", None).await.problem(), "session-ended");
        assert_eq!(noa.refreshes_with(&noa.cookie).await.problem(), "session-ended");
        assert_eq!(noa.registers().await.problem(), "session-ended");
    }

    async fn an_invite_opens_a_ceremony_and_a_foreign_one_does_not(world) {
        let link = identity::invite(&world.deps, Role::Lead, "07").await.unwrap();
        let open = json!({"token": link});
        let ceremony = world.asks(Method::POST, "/api/v1/identity/invites/open", None, Some(&open)).await.ok();
        assert_eq!((&ceremony["role"], &ceremony["public_number"]), (&json!("lead"), &json!("07")));
        assert_eq!(ceremony["options"]["publicKey"]["rp"]["id"], "localhost");
        let body = json!({
            "token": link, "ceremony_id": ceremony["ceremony_id"], "device_id": Uuid::new_v4(), "credential": {"id": "no"},
        });
        let path = "/api/v1/identity/invites/accept";
        assert_eq!(world.asks(Method::POST, path, None, Some(&body)).await.problem(), "passkey-refused");
        world.clock.wind(24 * 3600 + 1);
        assert_eq!(world.asks(Method::POST, path, None, Some(&body)).await.problem(), "invite-used");
        let demo = json!({"public_number": "07", "device_id": Uuid::new_v4()});
        let answer = world.asks(Method::POST, "/api/v1/identity/demo/sign-in", None, Some(&demo)).await;
        assert_eq!(answer.problem(), "demo-only");
        let challenge = world.asks(Method::POST, "/api/v1/identity/passkeys/challenge", None, None).await.ok();
        assert!(challenge["options"]["publicKey"]["challenge"].is_string(), "{challenge}");
    }

    async fn a_number_keeps_its_role(world) {
        let kim = world.officer("07").await;
        let refused = identity::invite(&world.deps, Role::Lead, "07").await.unwrap_err();
        assert!(refused.detail.as_deref().is_some_and(|why| why.contains("officer")), "{refused:?}");
        assert!(identity::invite(&world.deps, Role::Officer, "07").await.is_ok(), "a further passkey of the same officer");

        // Two invites of different roles for a number that nobody has yet: the second one to be used is refused.
        let (lead, officer) = (
            identity::invite(&world.deps, Role::Lead, "11").await.unwrap(),
            identity::invite(&world.deps, Role::Officer, "11").await.unwrap(),
        );
        let accepts = async |link: &str| {
            world.follows_invite(link, &mut Passkey::of(world.deps.config.base_url.as_str())).await
        };
        assert_eq!(accepts(&officer).await.ok()["role"], "officer");
        assert_eq!(accepts(&lead).await.problem(), "number-taken");
        assert_eq!(kim.asks(Method::GET, "/api/v1/identity/me", None).await.ok()["role"], "officer");
    }
}
