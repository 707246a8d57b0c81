//! The contract: the committed file is what the code says, and every operation says whom it is for.

use natpatrull::app;
use serde_json::Value;
use tests::{Backend, World};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/openapi.json");

pub fn committed() -> Value {
    serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap()
}

/// Each operation with its path and method.
pub fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            found.push((path.clone(), method.clone(), operation.clone()));
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_committed_contract_is_what_the_code_says() {
    let world = World::start(Backend::Sqlite).await;
    let committed = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(
        committed == app::contract(&world.deps),
        "code and openapi/openapi.json differ: run `make contract`, read the difference, and commit it",
    );
    let served = world.asks(reqwest::Method::GET, "/api/openapi.json", None, None).await;
    assert_eq!(served.bytes, committed.as_bytes());
}

#[test]
fn every_operation_says_what_it_is_and_whom_it_is_for() {
    for (path, method, operation) in operations(&committed()) {
        let at = format!("{method} {path}");
        assert!(operation["operationId"].is_string(), "{at} has no operation_id");
        assert!(operation["summary"].is_string(), "{at} has no summary");
        assert!(operation["tags"].as_array().is_some_and(|tags| tags.len() == 1), "{at} has not one tag");
        let description = operation["description"].as_str().unwrap_or_default();
        assert!(description.starts_with("Audience: "), "{at} does not say its audience first");
        for range in ["4XX", "5XX"] {
            let content = &operation["responses"][range]["content"];
            assert!(
                content
                    .as_object()
                    .is_some_and(|types| types.keys().any(|t| t.starts_with("application/problem+json"))),
                "{at} does not document its {range}",
            );
        }
    }
}

#[test]
fn commands_refuse_unknown_fields() {
    let document = committed();
    for (path, method, operation) in operations(&document) {
        let Some(content) = operation["requestBody"]["content"].as_object() else { continue };
        for (kind, body) in content {
            let Some(name) = body["schema"]["$ref"].as_str().and_then(|name| name.rsplit('/').next()) else { continue };
            let schema = &document["components"]["schemas"][name];
            assert_eq!(schema["additionalProperties"], false, "{method} {path} ({kind}): {name} takes unknown fields");
        }
    }
}
