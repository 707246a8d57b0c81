//! Every operation of the contract refuses strangers and wrong roles, or is open on purpose and listed here.

use entities::words::{AccountId, ConversationId, ReportId, Role};
use natpatrull::{
    base::{actions::Who, tokens},
    chat, reports,
};
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
    ("get_tip", "public"),
    ("list_polls", "public"),
    ("list_ideas", "public"),
    ("get_idea", "public"),
    ("get_poll", "public"),
    ("list_dialogues", "public"),
    ("get_figures", "public"),
    ("get_figures_table", "public"),
    ("get_dialogue", "public"),
    ("read_dialogue_film", "public"),
    ("get_dialogue_captions", "public"),
    ("list_questions", "public"),
    ("list_dialogue_polls", "public"),
    ("list_dialogue_events", "public"),
    ("follow_dialogue", "public"),
    ("list_posts", "public"),
    ("get_post", "public"),
    ("get_post_captions", "public"),
    ("read_post_file", "public"),
    ("get_current_questionnaire", "public"),
    ("get_questionnaire", "public"),
    ("list_places", "public"),
    ("get_opening", "public"),
    ("get_board", "public"),
    ("check_officer", "public"),
    ("get_duty_text", "public"),
    ("get_push_key", "public"),
    ("read_file", "the signed link is the proof"),
    ("read_file_copy", "the signed link is the proof"),
    ("read_report_bundle", "the signed link is the proof"),
    ("hand_in_parcel", "what is in it is signed"),
];

/// Whom an operation is for; `staff` are evaluators and administrators, `evaluator` evaluators alone.
struct Audience {
    youth: bool,
    officer: bool,
    lead: bool,
    staff: bool,
    evaluator: bool,
}

/// Whom an operation's kind of caller lets in.
fn audience(operation: &Value) -> Audience {
    let scheme = operation["security"][0].as_object().and_then(|s| s.keys().next().cloned()).unwrap_or_default();
    match scheme.as_str() {
        "AnyCaller" => Audience { youth: true, officer: true, lead: true, staff: true, evaluator: true },
        "EitherSide" | "EitherSideUnheard" | "YouthOrTouched" => {
            Audience { youth: true, officer: true, lead: true, staff: false, evaluator: false }
        }
        // Nobody comes in by a token: capability.rs tells who does.
        "Capability" => Audience { youth: false, officer: false, lead: false, staff: false, evaluator: false },
        "Youth" => Audience { youth: true, officer: false, lead: false, staff: false, evaluator: false },
        "Officer" | "TouchedOfficer" => {
            Audience { youth: false, officer: true, lead: true, staff: false, evaluator: false }
        }
        "OfficerOrEvaluator" => Audience { youth: false, officer: true, lead: true, staff: false, evaluator: true },
        "Lead" | "TouchedLead" => Audience { youth: false, officer: false, lead: true, staff: false, evaluator: false },
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
        let lead = world.staff("03", Role::Lead).await;
        let staff = [world.staff("90", Role::Evaluator).await, world.staff("91", Role::Admin).await];
        let (mut closed, mut open) = (0, Vec::new());
        for (path, method, operation) in operations(&committed()) {
            let name = operation["operationId"].as_str().unwrap();
            if operation["security"].as_array().is_none_or(Vec::is_empty) {
                open.push(name.to_owned());
                continue;
            }
            closed += 1;
            assert_eq!(ask(&world, &method, &path, None).await.problem(), "token-missing", "{name}: a stranger");
            let by_token = operation["security"][0]["Capability"].is_null();
            let [made_up, wrong] = if by_token { ["token-invalid", "role-refused"] } else { ["token-missing"; 2] };
            assert_eq!(ask(&world, &method, &path, Some("x")).await.problem(), made_up, "{name}: a made-up token");
            let Audience { youth, officer, lead: leads, staff: any, evaluator } = audience(&operation);
            if !youth {
                assert_eq!(ask(&world, &method, &path, Some(&noa.token)).await.problem(), wrong, "{name}: a youth");
            }
            for who in [(officer, &kim), (leads, &lead)].into_iter().filter(|(right, _)| !right).map(|(_, who)| who) {
                assert_eq!(ask(&world, &method, &path, Some(&who.token)).await.problem(), wrong, "{name}: {}", who.number);
            }
            for who in staff.iter().filter(|who| !(any || evaluator && who.number == "90")) {
                assert_eq!(ask(&world, &method, &path, Some(&who.token)).await.problem(), wrong, "{name}: {}", who.number);
            }
        }
        assert!(closed >= 20, "only {closed} operations were looked at");
        world.clock.wind(tokens::LIFE_SECONDS);
        for (path, method, operation) in operations(&committed()) {
            let name = operation["operationId"].as_str().unwrap();
            if open.iter().any(|open| open == name) {
                continue;
            }
            let Audience { youth, officer, lead: leads, .. } = audience(&operation);
            for (_, token) in [(youth, &noa.token), (officer, &kim.token), (leads, &lead.token)].into_iter().filter(|(right, _)| *right) {
                assert_eq!(ask(&world, &method, &path, Some(token)).await.problem(), "token-expired", "{name}: too late");
            }
        }
        open.sort();
        let mut listed: Vec<_> = OPEN.iter().map(|(name, _)| (*name).to_owned()).collect();
        listed.sort();
        assert_eq!(open, listed, "an operation that anyone may ask for is listed in this file with its reason");
    }

    async fn evaluators_and_administrators_read_and_do_nothing(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let conversation = noa.writes("hej").await;
        let (report, file) = (id(), id());
        let named = json!([{"file_id": file, "sha256": "0".repeat(64), "size": 1, "media_type": "image/png"}]);
        noa.does(noa.report(report, "någon hotar mig", named)).await;
        let talk = format!("/api/v1/chat/conversations/{conversation}");
        let reads = [
            (Method::GET, "/api/v1/chat/conversations".to_owned()),
            (Method::GET, talk.clone()),
            (Method::GET, format!("{talk}/messages")),
            (Method::GET, format!("/api/v1/handovers/conversations/{conversation}/cards")),
            (Method::GET, format!("/api/v1/handovers/conversations/{conversation}/locations")),
            (Method::GET, format!("/api/v1/duty/conversations/{conversation}/records")),
            (Method::GET, format!("/api/v1/mutes/conversations/{conversation}")),
            (Method::GET, "/api/v1/reports".to_owned()),
            (Method::GET, format!("/api/v1/reports/{report}")),
            (Method::POST, format!("/api/v1/files/{file}/link")),
            (Method::POST, format!("/api/v1/files/{file}/copy-link")),
            (Method::GET, "/api/v1/sync/stream".to_owned()),
        ];
        for role in [Role::Evaluator, Role::Admin] {
            let eva = world.staff(role_number(role), role).await;
            for (method, path) in &reads {
                assert_eq!(eva.asks(method.clone(), path, None).await.problem(), "role-refused", "{role:?}: {path}");
            }
            let streams = json!({format!("conversation:{conversation}"): {"tail": 10}, "desk": {"tail": 10}});
            let body = json!({"device_id": eva.device_id, "envelope": 1, "streams": streams});
            assert_eq!(eva.asks(Method::POST, "/api/v1/sync/pull", Some(&body)).await.problem(), "role-refused", "{role:?}");
            let body = eva.push_body(&[noa.message(conversation, "x"), noa.report(id(), "x", json!([]))]);
            assert_eq!(eva.asks(Method::POST, "/api/v1/sync/push", Some(&body)).await.problem(), "role-refused", "{role:?}");

            // The second lock: were an operation opened to them by mistake, the queries themselves give nothing.
            let who = Who { account_id: AccountId(eva.account_id), role, public_number: Some(eva.number.clone()) };
            assert!(reports::list(&world.deps, &who, &reports::Narrowed::default(), None, 50).await.unwrap().is_empty(), "{role:?}");
            assert!(reports::views(&world.deps, &who, &[ReportId(report)]).await.unwrap().is_empty(), "{role:?}");
            assert!(chat::list(&world.deps, &who, &chat::Search::default(), None, 50).await.unwrap().0.is_empty(), "{role:?}");
            let ids = [ConversationId(conversation)];
            assert!(chat::conversations_by_id(&world.deps, &who, &ids).await.unwrap().is_empty(), "{role:?}");
        }
        // Those whom it is for do see it.
        assert_eq!(kim.asks(Method::GET, "/api/v1/reports", None).await.ok()["items"].as_array().unwrap().len(), 1);
        assert_eq!(noa.reads_messages(conversation).await.len(), 1);
    }
}

fn role_number(role: Role) -> &'static str {
    if role == Role::Admin { "91" } else { "90" }
}
