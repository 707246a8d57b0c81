//! Every operation of the contract refuses strangers and wrong roles, or is open on purpose and listed here.

use entities::words::Role;
use natpatrull::base::tokens;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{World, on_both_databases, people::Person, world::id};

use crate::contract::{committed, operations, some};

/// Operations that anyone may ask for, and why.
const OPEN: &[(&str, &str)] = &[
    ("register_device", "how a youth comes in"),
    ("refresh_session", "the cookie is the proof"),
    ("get_puzzle", "before a code"),
    ("open_with_code", "the code is the proof"),
    ("open_invite", "the link is the proof"),
    ("accept_invite", "the link and the passkey are the proof"),
    ("get_passkey_challenge", "before a passkey"),
    ("sign_in_with_passkey", "the passkey is the proof"),
    ("get_demo", "whether this is a demo"),
    ("sign_in_to_demo", "a demo only"),
    ("list_tips", "public"),
    ("list_places", "public"),
    ("get_push_key", "public"),
    ("read_file", "the signed link is the proof"),
];

/// Which roles an operation's own words name.
fn audience(operation: &Value) -> (bool, bool) {
    let scheme = operation["security"][0].as_object().and_then(|s| s.keys().next().cloned()).unwrap_or_default();
    match scheme.as_str() {
        "AnyCaller" => (true, true),
        "Youth" => (true, false),
        "Officer" => (false, true),
        other => panic!("{other}: a new kind of caller needs its roles named here"),
    }
}

/// Asks without a body that could do anything: who asks is looked at first.
async fn ask(world: &World, method: &str, path: &str, token: Option<&str>) -> tests::Answer {
    let method: Method = method.to_uppercase().parse().unwrap();
    let body = (method != Method::GET && method != Method::DELETE).then(|| json!({}));
    world.asks(method, &some(path), token, body.as_ref()).await
}

on_both_databases! {
    async fn strangers_and_wrong_roles_are_refused_everywhere(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let evaluator = world.staff("90", Role::Evaluator).await;
        let (mut closed, mut open) = (0, Vec::new());
        for (path, method, operation) in operations(&committed()) {
            let name = operation["operationId"].as_str().unwrap();
            if operation["security"].as_array().is_none_or(Vec::is_empty) {
                open.push(name.to_owned());
                continue;
            }
            closed += 1;
            assert_eq!(ask(&world, &method, &path, None).await.problem(), "token-missing", "{name}: a stranger");
            assert_eq!(ask(&world, &method, &path, Some("x")).await.problem(), "token-invalid", "{name}: a made-up token");
            let (youth, officer) = audience(&operation);
            if !youth {
                assert_eq!(ask(&world, &method, &path, Some(&noa.token)).await.problem(), "role-refused", "{name}: a youth");
            }
            if !officer {
                assert_eq!(ask(&world, &method, &path, Some(&kim.token)).await.problem(), "role-refused", "{name}: an officer");
            }
            if !(youth && officer) {
                assert_eq!(ask(&world, &method, &path, Some(&evaluator.token)).await.problem(), "role-refused", "{name}: an evaluator");
            }
        }
        assert!(closed >= 20, "only {closed} operations were looked at");
        world.clock.wind(tokens::LIFE_SECONDS);
        for (path, method, operation) in operations(&committed()) {
            let name = operation["operationId"].as_str().unwrap();
            if open.iter().any(|open| open == name) {
                continue;
            }
            let (youth, officer) = audience(&operation);
            for (_, token) in [(youth, &noa.token), (officer, &kim.token)].into_iter().filter(|(right, _)| *right) {
                assert_eq!(ask(&world, &method, &path, Some(token)).await.problem(), "token-expired", "{name}: too late");
            }
        }
        open.sort();
        let mut listed: Vec<_> = OPEN.iter().map(|(name, _)| (*name).to_owned()).collect();
        listed.sort();
        assert_eq!(open, listed, "an operation that anyone may ask for is listed in this file with its reason");
    }

    async fn an_evaluator_reads_no_conversation_and_does_nothing(world) {
        let noa = world.youth().await;
        let conversation = noa.writes("hej").await;
        for role in [Role::Evaluator, Role::Admin] {
            let eva = world.staff(role_number(role), role).await;
            let path = format!("/api/v1/chat/conversations/{conversation}");
            assert_eq!(eva.asks(Method::GET, &path, None).await.problem(), "not-found");
            assert_eq!(eva.asks(Method::GET, &format!("{path}/messages"), None).await.problem(), "not-found");
            let list = eva.asks(Method::GET, "/api/v1/chat/conversations", None).await.ok();
            assert_eq!(list["items"], json!([]));
            let streams = json!({format!("conversation:{conversation}"): {"tail": 10}, "desk": {"tail": 10}});
            let body = json!({"device_id": eva.device_id, "envelope": 1, "streams": streams});
            let pulled = eva.asks(Method::POST, "/api/v1/sync/pull", Some(&body)).await.ok();
            assert_eq!(pulled["streams"], json!({}), "{role:?}");
            for action in [noa.message(conversation, "x"), noa.message(id(), "x"), noa.report(id(), "x", json!([]))] {
                let result = eva.pushes(std::slice::from_ref(&action)).await.remove(0);
                assert_eq!(result["outcome"], "refused", "{role:?}: {action} ended as {result}");
            }
            assert_eq!(noa.reads_messages(conversation).await.len(), 1);
        }
    }
}

fn role_number(role: Role) -> &'static str {
    if role == Role::Admin { "91" } else { "90" }
}
