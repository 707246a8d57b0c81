//! The contract: the committed file is what the code says, and every operation says whom it is for.

use entities::words::Role;
use natpatrull::app;
use serde_json::Value;
use tests::{
    Backend, World,
    world::{answer, id},
};

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

/// A path with some ids in it.
pub fn some(path: &str) -> String {
    let mut path = path.replace("{subject_kind}", "report").replace("{rendition}", "full");
    while let Some((start, rest)) = path.clone().split_once('{') {
        path = format!("{start}{}{}", id(), rest.split_once('}').unwrap().1);
    }
    path
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

/// The schema behind a reference, or behind one that is described.
pub fn resolved<'a>(contract: &'a Value, schema: &'a Value) -> &'a Value {
    let schema = if schema["allOf"].is_array() { &schema["allOf"][0] } else { schema };
    match schema["$ref"].as_str() {
        Some(name) => contract.pointer(&name[1..]).unwrap(),
        None => schema,
    }
}

/// Where in an example there are objects with named fields, as JSON pointers.
fn objects(contract: &Value, schema: &Value, example: &Value, at: &str, found: &mut Vec<String>) {
    let schema = resolved(contract, schema);
    let whole = if at.is_empty() { "itself" } else { at };
    if let Some(fields) = schema["properties"].as_object() {
        assert_eq!(schema["additionalProperties"], false, "{} {whole} takes unknown fields", schema["title"]);
        found.push(at.to_owned());
        for (name, field) in fields.iter().filter(|(name, _)| !example[*name].is_null()) {
            objects(contract, field, &example[name], &format!("{at}/{name}"), found);
        }
    }
    for (name, value) in
        example.as_object().into_iter().flatten().filter(|_| schema["additionalProperties"].is_object())
    {
        objects(contract, &schema["additionalProperties"], value, &format!("{at}/{name}"), found);
    }
    for (nth, item) in example.as_array().into_iter().flatten().enumerate() {
        objects(contract, &schema["items"], item, &format!("{at}/{nth}"), found);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_refuse_unknown_fields_however_deep() {
    let world = World::start(Backend::Sqlite).await;
    let (noa, kim, lead) = (world.youth().await, world.officer("07").await, world.staff("03", Role::Lead).await);
    let (contract, phone) = (committed(), noa.becomes_capable().await);
    let (mut bodies, mut deep) = (0, 0);
    for (path, method, operation) in operations(&contract) {
        let Some(content) = operation["requestBody"]["content"].get("application/json; charset=utf-8") else {
            continue;
        };
        let example = &resolved(&contract, &content["schema"])["example"];
        let mut found = Vec::new();
        objects(&contract, &content["schema"], example, "", &mut found);
        let by_capability = !operation["security"][0]["Capability"].is_null();
        let token = match operation["security"][0].as_object().and_then(|schemes| schemes.keys().next()) {
            Some(scheme) if scheme == "Officer" || scheme == "TouchedOfficer" => &kim.token,
            Some(scheme) if scheme == "Lead" || scheme == "TouchedLead" => &lead.token,
            _ => &noa.token,
        };
        bodies += 1;
        for at in found {
            deep += usize::from(!at.is_empty());
            let mut body = example.clone();
            body.pointer_mut(&at).unwrap()["colour"] = "blue".into();
            let request =
                world.http.request(method.to_uppercase().parse().unwrap(), format!("{}{}", world.url, some(&path)));
            let request = if by_capability {
                phone.signs_json(&path, &body).put_on(request)
            } else {
                request.bearer_auth(token).header("idempotency-key", id().to_string()).json(&body)
            };
            let answer = answer(request).await;
            let what = format!("{method} {path}: colour in {at:?}");
            assert_eq!(answer.problem(), "malformed", "{what}");
            assert!(answer.json["fields"].to_string().contains("colour"), "{what} is not named: {}", answer.json);
        }
    }
    assert!(bodies > 10 && deep > 2, "only {bodies} bodies and {deep} inner objects were looked at");
}
