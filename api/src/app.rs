//! The one file that names every slice.

use entities::words::PostId;
use futures_util::{FutureExt, future::BoxFuture};
use poem::{EndpointExt, Route, endpoint::BoxEndpoint};
use poem_openapi::{OpenApiService, Tags};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    audit::AuditApi,
    bundles::BundlesApi,
    care::CareApi,
    chat::ChatApi,
    copies::CopiesApi,
    deps::Deps,
    dialogues::{AroundDialoguesApi, DialoguesApi, QuestionsApi},
    duty::DutyApi,
    erasure::RecordsApi,
    files::FilesApi,
    handovers::HandoversApi,
    http,
    ideas::IdeasApi,
    identity::IdentityApi,
    incidents::IncidentsApi,
    insight::InsightApi,
    mutes::MutesApi,
    patrols::{PatrolLogApi, PatrolsApi},
    polls::PollsApi,
    posts::{self, PostsApi},
    presence::PresenceApi,
    push::PushApi,
    quarters::{OfficersApi, QuartersApi},
    questionnaires::QuestionnairesApi,
    replies::RepliesApi,
    reports::ReportsApi,
    rooms::RoomsApi,
    staff::StaffApi,
    sync::SyncApi,
    tips::TipsApi,
    work::WorkApi,
};

/// The slices, as the contract groups its operations.
#[derive(Tags)]
pub enum Tag {
    /// Accounts without name or number, devices, sessions, passkeys.
    Identity,
    /// The one door for offline writes, and the way back.
    Sync,
    /// Where the patrol walks, who is out, and when the chat is open.
    Quarters,
    /// Who is out together in which quarters, and what came of it.
    Patrols,
    /// Invites and posters, by which youths come from a quarter into a talk.
    Rooms,
    /// Talks between youths and the patrol.
    Chat,
    /// Cards to 112 and 114 14, and the place that a youth gives.
    Handovers,
    /// Several talks about one thing.
    Incidents,
    /// Texts that officers have at hand.
    Replies,
    /// What police must act on, and what was decided of it.
    Duty,
    /// How much officers have carried of late.
    Care,
    /// Who serves: accounts, sessions and shifts of officers, for leads.
    Staff,
    /// Who has a talk, and what officers write down for each other.
    Work,
    /// Who may not write for a while.
    Mutes,
    /// Who looks at a talk, and who writes, at this moment.
    Presence,
    /// What happened, told to the patrol.
    Reports,
    /// Files that belong to a report.
    Files,
    /// A copy of all that is kept of an account.
    Copies,
    /// How long talks and reports are kept, and how they go.
    Records,
    /// Safety tips.
    Tips,
    /// Questions to all youths.
    Polls,
    /// What youths would like to see.
    Ideas,
    /// Live dialogues, and what is asked there.
    Dialogues,
    /// Texts, pictures and films from the patrol.
    Posts,
    /// What the trial has shown.
    Insight,
    /// Waking a sleeping phone.
    Push,
    /// Who looked, and who did what.
    Audit,
}

type Apis = (
    IdentityApi,
    SyncApi,
    (QuartersApi, OfficersApi, PatrolsApi, PatrolLogApi),
    RoomsApi,
    ChatApi,
    HandoversApi,
    // A tuple of services holds no more than sixteen, and one may be a tuple.
    (IncidentsApi, RepliesApi, DutyApi, CareApi),
    (StaffApi, WorkApi, MutesApi, PresenceApi),
    (QuestionnairesApi, ReportsApi, BundlesApi, IdeasApi),
    FilesApi,
    CopiesApi,
    RecordsApi,
    (TipsApi, PollsApi, PostsApi, DialoguesApi, QuestionsApi, AroundDialoguesApi),
    (PushApi, InsightApi),
    AuditApi,
);

/// The contract and the operations behind it.
pub fn service(deps: &Deps) -> OpenApiService<Apis, ()> {
    let apis = (
        IdentityApi(deps.clone()),
        SyncApi(deps.clone()),
        (QuartersApi(deps.clone()), OfficersApi(deps.clone()), PatrolsApi(deps.clone()), PatrolLogApi(deps.clone())),
        RoomsApi(deps.clone()),
        ChatApi(deps.clone()),
        HandoversApi(deps.clone()),
        (IncidentsApi(deps.clone()), RepliesApi(deps.clone()), DutyApi(deps.clone()), CareApi(deps.clone())),
        (StaffApi(deps.clone()), WorkApi(deps.clone()), MutesApi(deps.clone()), PresenceApi(deps.clone())),
        (
            QuestionnairesApi(deps.clone()),
            ReportsApi(deps.clone()),
            BundlesApi::new(deps.clone()),
            IdeasApi(deps.clone()),
        ),
        FilesApi::new(deps.clone()),
        CopiesApi(deps.clone()),
        RecordsApi(deps.clone()),
        (
            TipsApi(deps.clone()),
            PollsApi(deps.clone()),
            PostsApi(deps.clone()),
            DialoguesApi(deps.clone()),
            QuestionsApi(deps.clone()),
            AroundDialoguesApi(deps.clone()),
        ),
        (PushApi(deps.clone()), InsightApi(deps.clone())),
        AuditApi(deps.clone()),
    );
    OpenApiService::new(apis, "Nätpatrull", env!("CARGO_PKG_VERSION"))
        .description("A police station on the net. Not 112. See openapi/README.md for the guide.")
        .license("EUPL-1.2")
        .url_prefix("")
}

/// The contract as it is committed.
pub fn contract(deps: &Deps) -> String {
    let mut document: Value = serde_json::from_str(&service(deps).spec()).unwrap_or_default();
    close_commands(&mut document);
    describe_beside(&mut document);
    sort(&mut document);
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

/// Commands refuse fields that they do not know (`deny_unknown_fields`) and read null as a field that is left out: both the
/// generator leaves unsaid.
fn close_commands(document: &mut Value) {
    let mut open: Vec<String> = Vec::new();
    for methods in document["paths"].as_object().into_iter().flat_map(|paths| paths.values()) {
        for operation in methods.as_object().into_iter().flat_map(|methods| methods.values()) {
            names(&operation["requestBody"], &mut open);
        }
    }
    let mut closed = std::collections::BTreeSet::new();
    while let Some(name) = open.pop() {
        let schema = &mut document["components"]["schemas"][&name];
        if schema["type"] == "object" && closed.insert(name) {
            names(schema, &mut open);
            schema["additionalProperties"] = false.into();
            let_out(schema);
        }
    }
}

/// What may be left out may be said as null too, which means the same.
fn let_out(schema: &mut Value) {
    let needed: Vec<Value> = schema["required"].as_array().cloned().unwrap_or_default();
    for (name, property) in schema["properties"].as_object_mut().into_iter().flatten() {
        if needed.contains(&Value::from(name.as_str())) {
            continue;
        }
        if property.get("$ref").is_some() {
            *property = serde_json::json!({"allOf": [property.take()]});
        }
        property["nullable"] = true.into();
    }
}

/// The generator writes a described reference as `allOf: [reference, description]`, which reads as two schemas; the
/// description belongs beside `allOf`.
fn describe_beside(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.values_mut().for_each(describe_beside);
            let parts = object.get("allOf").and_then(Value::as_array).cloned().unwrap_or_default();
            if let [reference, Value::Object(said)] = parts.as_slice()
                && reference.get("$ref").is_some()
            {
                let said = said.clone();
                object.insert("allOf".to_owned(), Value::Array(vec![reference.clone()]));
                object.extend(said);
            }
        }
        Value::Array(array) => array.iter_mut().for_each(describe_beside),
        _ => {}
    }
}

/// The schemas that a value refers to.
fn names(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            if let Some(name) = object.get("$ref").and_then(Value::as_str).and_then(|name| name.rsplit('/').next()) {
                found.push(name.to_owned());
            }
            object.values().for_each(|value| names(value, found));
        }
        Value::Array(array) => array.iter().for_each(|value| names(value, found)),
        _ => {}
    }
}

/// serde_json keeps the order of insertion; the committed file keeps one order.
fn sort(value: &mut Value) {
    if let Some(object) = value.as_object_mut() {
        object.sort_keys();
        object.values_mut().for_each(sort);
    } else if let Some(array) = value.as_array_mut() {
        array.iter_mut().for_each(sort);
    }
}

/// The library's page holds the document as the generator made it; what is tried is what is promised.
fn docs(deps: &Deps) -> String {
    let service = service(deps);
    service.swagger_ui_html().replacen(&service.spec(), &contract(deps), 1)
}

/// What a preview of a post shows.
fn card(deps: Deps, post_id: Uuid) -> BoxFuture<'static, Option<http::Card>> {
    async move { posts::card(&deps, PostId(post_id)).await.ok() }.boxed()
}

/// The whole program behind one endpoint.
pub fn app(deps: &Deps) -> Result<BoxEndpoint<'static>, String> {
    let (of_docs, of_contract) = (deps.clone(), deps.clone());
    let slices = Route::new().nest("/", service(deps));
    let surround = http::surround(slices, move || docs(&of_docs), move || contract(&of_contract), card, deps)?;
    Ok(surround.boxed())
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    /// As ARCHITECTURE.md draws it.
    const ORDER: [&str; 26] = [
        "audit",
        "identity",
        "push",
        "tips",
        "polls",
        "quarters",
        "rooms",
        "files",
        "posts",
        "chat",
        "handovers",
        "incidents",
        "replies",
        "duty",
        "care",
        "staff",
        "work",
        "reports",
        "bundles",
        "ideas",
        "dialogues",
        "patrols",
        "copies",
        "insight",
        "erasure",
        "sync",
    ];

    fn first_word(text: &str) -> &str {
        text.trim_start().split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
    }

    /// How deep in braces a text is after each character.
    fn depth() -> impl FnMut(char) -> i32 {
        let mut depth = 0;
        move |c| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            depth
        }
    }

    /// The modules of this crate that a file names.
    fn used(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        for part in text.split("crate::").skip(1) {
            let Some(list) = part.strip_prefix('{') else {
                found.push(first_word(part));
                continue;
            };
            let (mut whole, mut item) = (depth(), depth());
            let end = list.find(|c| whole(c) < 0).unwrap_or(list.len());
            found.extend(list[..end].split(|c| item(c) == 0 && c == ',').map(first_word));
        }
        found
    }

    #[test]
    #[expect(clippy::unwrap_used, reason = "a test says what went wrong by ending")]
    fn slices_use_only_slices_to_their_left() {
        let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut seen = 0;
        for (place, slice) in ORDER.iter().enumerate() {
            for file in fs::read_dir(src.join(slice)).unwrap() {
                let path = file.unwrap().path();
                let text = fs::read_to_string(&path).unwrap();
                for other in used(&text).into_iter().filter(|name| ORDER.contains(name)) {
                    seen += 1;
                    // The plain door of an action is the sync door, so the operations that are actions open it.
                    let doors = ["api.rs", "api_questions.rs", "api_log.rs"];
                    let of_operations = doors.iter().any(|file| path.ends_with(file));
                    let door = other == "sync" && of_operations;
                    let left = ORDER[..=place].contains(&other);
                    assert!(left || door, "{} uses {other}, a slice to its right", path.display());
                }
            }
        }
        assert!(seen > 10, "only {seen} uses were found");
        let names = used("use crate::{\n  base::{a, b},\n  chat::{self, C},\n  sync\n};\ncrate::tips::X");
        assert_eq!(names, ["base", "chat", "sync", "tips"]);
    }
}
