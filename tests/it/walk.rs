//! A walk through the contract: every operation is asked once by whom it is for, with the example that the contract gives
//! (its ids exchanged for living ones), and answers as it is documented. Just before, the very same is asked by everyone whom
//! it is not for: what is refused is the caller and not the request. Who may ask for what stands in refusals.rs.

use std::collections::BTreeSet;

use entities::words::{DeviceId, Role};
use natpatrull::{copies, files, identity};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tests::{
    Answer, Backend, World,
    capable::Phone,
    passkey::Passkey,
    people::{self, Person, action, cookie, digits, secret},
    push_service::PushService,
    world::{answer, id},
};
use uuid::Uuid;

use crate::{
    contract::{committed, operations, resolved},
    erasure::{Traces, disk},
    evidence::jpeg,
    posts::short_film,
};

/// Strings of the contract that hold no words of a person, and what they hold. All others are filled with words to look for.
const NO_WORDS: &[(&str, &str)] = &[
    ("announce_file.media_type", "one of a list"),
    ("submit_report.files.media_type", "one of a list"),
    ("send_message.files.media_type", "one of a list"),
    ("sign_in_to_demo.public_number", "stands on the officer's badge"),
    ("subscribe.endpoint", "an address of a push service; start.rs looks for it"),
    ("subscribe.municipalities", "one of a list"),
    ("subscribe.key_id", "the server's own"),
    ("push_actions.app_version", "the app's"),
    ("deliver_reports.app_version", "the app's"),
    ("answer_idea.answer", "is published"),
    ("answer_idea.answer_en", "is published"),
    ("announce_dialogue.title", "is published"),
    ("announce_dialogue.title_en", "is published"),
    ("announce_dialogue.about", "is published"),
    ("announce_dialogue.about_en", "is published"),
    ("announce_dialogue.film_url", "is published"),
    ("change_dialogue.title", "is published"),
    ("change_dialogue.title_en", "is published"),
    ("change_dialogue.about", "is published"),
    ("change_dialogue.about_en", "is published"),
    ("change_dialogue.film_url", "is published"),
    ("set_dialogue_film.captions", "is published"),
    ("answer_question.answer", "is published"),
    ("answer_question.answer_en", "is published"),
    ("publish_tip.text", "is published"),
    ("publish_tip.text_en", "is published"),
    ("publish_tip.text_easy", "is published"),
    ("publish_tip.municipality", "one of a list"),
    ("publish_tip.municipalities", "one of a list"),
    ("recall_tip.correction", "is published"),
    ("publish_poll.question", "is published"),
    ("publish_poll.question_en", "is published"),
    ("publish_poll.question_easy", "is published"),
    ("publish_poll.options.text", "is published"),
    ("publish_poll.options.text_en", "is published"),
    ("publish_post.title", "is published"),
    ("publish_post.title_en", "is published"),
    ("publish_post.text", "is published"),
    ("publish_post.text_en", "is published"),
    ("publish_post.text_easy", "is published"),
    ("publish_post.municipalities", "one of a list"),
    ("publish_post.captions", "is published"),
    ("correct_post.why", "is published"),
    ("correct_post.title", "is published"),
    ("correct_post.title_en", "is published"),
    ("correct_post.text", "is published"),
    ("correct_post.text_en", "is published"),
    ("correct_post.text_easy", "is published"),
    ("correct_post.captions", "is published"),
    ("withdraw_post.why", "is the patrol's own"),
    ("count_audience.municipalities", "one of a list"),
    ("plan_patrol.officers", "numbers of those who serve"),
    ("put_quarter.name", "is the patrol's own"),
    ("put_quarter.platform", "is the patrol's own"),
    ("put_quarter.account", "is the patrol's own"),
    ("put_quarter.address", "is the patrol's own"),
    ("put_poster.place", "is the patrol's own"),
    ("put_reply.name", "is the patrol's own"),
    ("put_reply.sv", "is the patrol's own"),
    ("put_reply.en", "is the patrol's own"),
    ("put_reply.easy", "is the patrol's own"),
    ("put_duty_text.law", "is published"),
    ("put_duty_text.sv", "is published"),
    ("put_duty_text.en", "is published"),
    ("put_duty_text.easy", "is published"),
];

struct Walk {
    /// Words that people have written on the way: nobody who has the disk may find them.
    words: Vec<String>,
    world: World,
    contract: Value,
    walked: BTreeSet<String>,
    /// Someone of each role who has no part in the journey.
    bystanders: Vec<(Role, String)>,
}

/// Errors of a value against a schema of the contract.
fn misfits(contract: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut schema = schema.clone();
    schema["components"] = contract["components"].clone();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn json_content(message: &Value) -> Option<&Value> {
    let contents = message["content"].as_object()?;
    contents.iter().find(|(kind, _)| kind.contains("json")).map(|(_, content)| content)
}

impl Walk {
    async fn begin(backend: Backend) -> Self {
        let world = World::start_with(backend, |config| {
            config.demo = true;
            config.film_hosts = vec!["film.example.org".to_owned()];
        })
        .await;
        let mut bystanders = vec![(Role::Youth, world.youth().await.token)];
        for (number, role) in [("07", Role::Officer), ("52", Role::Lead), ("90", Role::Evaluator), ("91", Role::Admin)]
        {
            bystanders.push((role, world.staff(number, role).await.token));
        }
        Self { words: Vec::new(), world, contract: committed(), walked: BTreeSet::new(), bystanders }
    }

    fn operation(&self, name: &str) -> (String, Method, Value) {
        let found = operations(&self.contract).into_iter().find(|(.., operation)| operation["operationId"] == name);
        let (path, method, operation) = found.unwrap_or_else(|| panic!("the contract has no {name}"));
        (path, method.to_uppercase().parse().unwrap(), operation)
    }

    /// The contract's example of what an operation is asked with; `changes` are exchanged for its own.
    fn example(&self, name: &str, changes: &Value) -> Option<Value> {
        let (.., operation) = self.operation(name);
        let content = json_content(&operation["requestBody"])?;
        let mut example = resolved(&self.contract, &content["schema"])["example"].clone();
        for (field, value) in changes.as_object().into_iter().flatten() {
            assert!(example[field].take() != Value::Null, "{name}: the example has no {field}");
            example[field] = value.clone();
        }
        Some(example)
    }

    /// Puts words that are written nowhere else into each field of a request that takes words.
    fn plant(&mut self, name: &str, schema: &Value, body: &mut Value, changed: &Value) {
        let schema = resolved(&self.contract, schema).clone();
        for part in ["allOf", "oneOf", "anyOf"] {
            for inner in schema[part].as_array().into_iter().flatten() {
                self.plant(name, inner, body, changed);
            }
        }
        if let Value::Array(items) = body {
            items.iter_mut().for_each(|item| self.plant(name, &schema["items"], item, &Value::Null));
        }
        for (field, inner) in schema["properties"].as_object().into_iter().flatten() {
            if !body[field].is_null() && changed[field].is_null() {
                self.plant(&format!("{name}.{field}"), inner, &mut body[field], &Value::Null);
            }
        }
        let words =
            schema["type"] == "string" && ["enum", "format", "pattern"].iter().all(|key| schema[*key].is_null());
        if words && body.is_string() && NO_WORDS.iter().all(|(other, _)| *other != name) {
            *body = json!(self.new_words());
        }
    }

    fn new_words(&mut self) -> String {
        let words = format!("words {} of a person", Uuid::new_v4().simple());
        self.words.push(words.clone());
        words
    }

    /// Nothing of what people wrote is found by whoever has the disk.
    async fn keeps_to_itself(&self, what: &str) {
        let mut traces = Traces::default();
        traces.of("a word of the journal", b"conversation-changed");
        for words in &self.words {
            traces.of(words, words.as_bytes());
        }
        let found = traces.found_in(&disk(&self.world).await);
        assert_eq!(found, ["a word of the journal"], "{what}: what people wrote is found, or the search finds nothing");
    }

    fn request(&self, name: &str, token: Option<&str>, ids: &[Uuid]) -> RequestBuilder {
        let (path, method, operation) = self.operation(name);
        let mut path =
            path.replace("{subject_kind}", "report").replace("{version}", "1").replace("{rendition}", "full");
        for id in ids {
            let (start, rest) = path.split_once('{').unwrap();
            path = format!("{start}{id}{}", rest.split_once('}').unwrap().1);
        }
        let mut request = self.world.http.request(method, format!("{}{path}", self.world.url));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        if parameters.iter().any(|parameter| parameter["name"] == "Idempotency-Key") {
            request = request.header("idempotency-key", id().to_string());
        }
        request
    }

    /// Everyone whom an operation is not for is refused, whatever else is right about the request.
    async fn refuses_others(&self, name: &str, ids: &[Uuid], rest: impl Fn(RequestBuilder) -> RequestBuilder) {
        let (.., operation) = self.operation(name);
        let Some(scheme) = operation["security"][0].as_object().and_then(|schemes| schemes.keys().next()) else {
            return;
        };
        let allowed: &[Role] = match scheme.as_str() {
            "AnyCaller" => &[Role::Youth, Role::Officer, Role::Lead, Role::Evaluator, Role::Admin],
            "EitherSide" | "EitherSideUnheard" | "YouthOrTouched" => &[Role::Youth, Role::Officer, Role::Lead],
            // Who has it comes in, whoever else asks: capability.rs tells what it opens.
            "Capability" => return,
            "Youth" => &[Role::Youth],
            "Officer" | "TouchedOfficer" => &[Role::Officer, Role::Lead],
            "OfficerOrEvaluator" => &[Role::Officer, Role::Lead, Role::Evaluator],
            "Lead" | "TouchedLead" => &[Role::Lead],
            other => panic!("{other}: a new kind of caller needs its roles named here"),
        };
        let stranger = answer(rest(self.request(name, None, ids))).await;
        assert_eq!(stranger.problem(), "token-missing", "{name}: a stranger");
        for (role, token) in self.bystanders.iter().filter(|(role, _)| !allowed.contains(role)) {
            let answer = answer(rest(self.request(name, Some(token), ids))).await;
            assert_eq!(answer.problem(), "role-refused", "{name}: {role:?}");
        }
    }

    /// Whether the answer is what the contract says of it.
    fn fits(&mut self, name: &str, answer: Answer) -> Answer {
        let (.., operation) = self.operation(name);
        let status = answer.status.as_u16().to_string();
        assert!(answer.status.is_success(), "{name} was answered with {status}: {}", answer.json);
        let documented = &operation["responses"][&status];
        assert!(documented.is_object(), "{name} was answered with {status}, which the contract does not name");
        match json_content(documented) {
            Some(content) => {
                assert!(answer.headers["content-type"].to_str().unwrap().starts_with("application/json"), "{name}");
                let misfits = misfits(&self.contract, &content["schema"], &answer.json);
                assert!(misfits.is_empty(), "{name}: {misfits:#?} in {}", answer.json);
            }
            None if documented["content"].is_object() => {
                let kind = answer.headers["content-type"].to_str().unwrap();
                assert!(documented["content"][kind].is_object(), "{name} was answered as {kind}");
            }
            None => assert!(answer.bytes.is_empty(), "{name} has no body by the contract"),
        }
        for header in documented["headers"].as_object().into_iter().flat_map(|headers| headers.keys()) {
            assert!(answer.headers.contains_key(header), "{name} promises the header {header}");
        }
        self.walked.insert(name.to_owned());
        answer
    }

    async fn asks(&mut self, name: &str, token: Option<&str>, ids: &[Uuid]) -> Answer {
        self.sends(name, token, ids, Value::Null).await
    }

    async fn sends(&mut self, name: &str, token: Option<&str>, ids: &[Uuid], changes: Value) -> Answer {
        let mut body = self.example(name, &changes);
        if let Some(body) = &mut body {
            let (.., operation) = self.operation(name);
            let schema = json_content(&operation["requestBody"]).unwrap()["schema"].clone();
            self.plant(name, &schema, body, &changes);
        }
        self.goes(name, token, ids, |request| match &body {
            Some(body) => request.json(body),
            None => request,
        })
        .await
    }

    /// Asks with whatever `rest` puts into the request, after everyone else was refused.
    async fn goes(
        &mut self,
        name: &str,
        token: Option<&str>,
        ids: &[Uuid],
        rest: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Answer {
        self.refuses_others(name, ids, &rest).await;
        let answer = answer(rest(self.request(name, token, ids))).await;
        self.fits(name, answer)
    }
}

/// A picture with words in it.
fn picture(comment: &str) -> Vec<u8> {
    let len = u16::try_from(comment.len() + 2).unwrap().to_be_bytes();
    let shown = jpeg();
    [&shown[..2], b"\xff\xfe", &len, comment.as_bytes(), &shown[2..]].concat()
}

async fn every_operation_does_what_it_promises(backend: Backend) {
    let mut walk = Walk::begin(backend).await;
    let world = walk.world.clone();

    // Anyone.
    let demo = walk.asks("get_demo", None, &[]).await.json;
    assert_eq!(demo["officers"][0]["public_number"], "07");
    walk.asks("list_places", None, &[]).await;
    walk.asks("get_push_key", None, &[]).await;

    // A youth comes in, on one phone and then on another.
    let (account, phone, code) = (Uuid::new_v4(), Uuid::new_v4(), digits());
    let me = json!({"account_id": account, "device_id": phone, "secret": secret(), "code": code});
    let registered = walk.sends("register_device", None, &[], me.clone()).await;
    let own = |request: RequestBuilder| request.header("x-natpatrull", "refresh").header("cookie", cookie(&registered));
    let session = walk.goes("refresh_session", None, &[], own).await.json;
    let noa = session["access_token"].as_str();
    let puzzle = walk.asks("get_puzzle", None, &[]).await.json;
    assert_eq!(puzzle["bits"], 0, "no code was tried in vain");
    let other = Uuid::new_v4();
    let opening = json!({"code": code, "device_id": other, "secret": secret(), "puzzle_id": puzzle["puzzle_id"]});
    walk.sends("open_with_code", None, &[], opening).await;
    assert_eq!(walk.asks("get_me", noa, &[]).await.json["devices"].as_array().unwrap().len(), 2);
    walk.asks("end_device", noa, &[other]).await;
    walk.sends("change_code", noa, &[], json!({"code": digits()})).await;

    // An officer enrols with a link and a passkey, and signs in with it.
    let link = identity::invite(&world.deps, Role::Officer, "11").await.unwrap();
    let mut passkey = Passkey::of(world.deps.config.base_url.as_str());
    let ceremony = walk.sends("open_invite", None, &[], json!({"token": link})).await.json;
    let accepting = json!({
        "token": link, "ceremony_id": ceremony["ceremony_id"], "device_id": id(),
        "credential": passkey.is_made(&ceremony["options"]),
    });
    walk.sends("accept_invite", None, &[], accepting.clone()).await;
    for (name, again) in [("open_invite", json!({"token": link})), ("accept_invite", accepting)] {
        let again = walk.request(name, None, &[]).json(&walk.example(name, &again).unwrap());
        assert_eq!(answer(again).await.problem(), "invite-used", "{name}: the link works once");
    }
    let ceremony = walk.asks("get_passkey_challenge", None, &[]).await.json;
    let desk = Uuid::new_v4();
    let signing_in = json!({
        "ceremony_id": ceremony["ceremony_id"], "device_id": desk, "credential": passkey.signs(&ceremony["options"]),
    });
    let session = walk.sends("sign_in_with_passkey", None, &[], signing_in).await.json;
    assert_eq!(session["public_number"], "11");
    let ceremony = walk.asks("get_passkey_challenge", None, &[]).await.json;
    let touching = json!({"ceremony_id": ceremony["ceremony_id"], "credential": passkey.signs(&ceremony["options"])});
    let session = walk.sends("touch_passkey", session["access_token"].as_str(), &[], touching).await.json;
    let kim = session["access_token"].as_str();

    // They write to each other, by the plain door and by the sync door.
    let talk = id();
    let writing = json!({"message_id": id(), "conversation_id": talk});
    applied(&walk.sends("send_message", noa, &[], writing).await);
    let waits = walk.asks("get_wait", noa, &[talk]).await.json;
    assert_eq!((&waits["place"], &waits["open"]), (&json!(1), &json!(false)));
    walk.sends("give_proof", noa, &[], Value::Null).await;
    let asking = |request: RequestBuilder| request.header("idempotency-key", id().to_string());
    applied(&walk.goes("step_away", noa, &[talk], asking).await);
    let calm = json!({"message_id": id(), "conversation_id": id(), "triage": null, "files": null});
    let calm_talk: Uuid = calm["conversation_id"].as_str().unwrap().parse().unwrap();
    applied(&walk.sends("send_message", noa, &[], calm).await);
    let asked = json!({"asked": "would-have-called"});
    applied(&walk.sends("answer_survey", noa, &[calm_talk], asked).await);
    applied(&walk.sends("raise_conversation", kim, &[talk], Value::Null).await);
    let seen = walk.asks("get_conversation", kim, &[talk]).await.json;
    applied(&walk.sends("lower_conversation", kim, &[talk], json!({"expected_revision": seen["revision"]})).await);
    let decisions = walk.asks("list_triage_decisions", kim, &[talk]).await.json;
    assert_eq!(decisions["items"].as_array().unwrap().len(), 3, "{decisions}");
    let list = walk.asks("list_conversations", kim, &[]).await.json;
    assert_eq!(list["items"][0]["conversation_id"], json!(talk));
    let seen = walk.asks("get_conversation", kim, &[talk]).await.json;
    let revision = json!({"expected_revision": seen["revision"]});
    applied(&walk.sends("take_conversation", kim, &[talk], revision).await);
    applied(&walk.sends("read_conversation", kim, &[talk], json!({"pos": seen["head"]})).await);
    let mut push =
        walk.example("push_actions", &json!({"device_id": desk, "account_id": session["account_id"]})).unwrap();
    push["actions"][0]["action_id"] = json!(id());
    push["actions"][0]["body"]["message_id"] = json!(id());
    push["actions"][0]["body"]["conversation_id"] = json!(talk);
    push["actions"][0]["body"]["text"] = json!(walk.new_words());
    // Her answers are a youth's, and so was the picture.
    for own in ["triage", "files"] {
        push["actions"][0]["body"].as_object_mut().unwrap().remove(own);
    }
    let pushed = walk.goes("push_actions", kim, &[], |request| request.json(&push)).await;
    assert_eq!(pushed.json["results"][0]["outcome"], "applied");
    let messages = walk.asks("list_messages", noa, &[talk]).await.json;
    assert_eq!(messages["items"].as_array().unwrap().len(), 2);
    let stream = format!("conversation:{talk}");
    let pulling = json!({"device_id": phone, "streams": {&stream: {"tail": 10}}});
    let pulled = walk.sends("pull_events", noa, &[], pulling).await.json;
    assert!(pulled["streams"][&stream]["events"].as_array().unwrap().len() >= 2, "{pulled}");
    walk.refuses_others("listen", &[], |request| request).await;
    let heard = walk.request("listen", noa, &[]).send().await.unwrap();
    assert_eq!(
        (heard.status().as_u16(), heard.headers()["content-type"].to_str().unwrap()),
        (200, "text/event-stream")
    );
    walk.walked.insert("listen".to_owned());
    drop(heard);

    // Kim asks where she is, and hands the talk over.
    let (place, card, of_talk) = (id(), id(), json!({"conversation_id": talk}));
    applied(&walk.sends("ask_location", kim, &[], json!({"location_id": place, "conversation_id": talk})).await);
    applied(&walk.sends("answer_location", noa, &[place], of_talk.clone()).await);
    assert_eq!(walk.asks("list_locations", noa, &[talk]).await.json["items"][0]["fix"]["accuracy"], 25.0);
    applied(&walk.sends("make_handover", kim, &[], json!({"handover_id": card, "conversation_id": talk})).await);
    assert_eq!(walk.asks("list_red_handovers", kim, &[]).await.json["items"][0]["handover_id"], json!(card));
    applied(&walk.sends("acknowledge_handover", kim, &[card], of_talk.clone()).await);
    applied(&walk.sends("answer_handover", kim, &[card], of_talk).await);
    let cards = walk.asks("list_handovers", kim, &[talk]).await.json;
    assert_eq!(cards["items"][0]["answers"][0]["came_back"], "advice");
    applied(&walk.sends("mark_hard_case", kim, &[], json!({"conversation_id": talk})).await);
    assert_eq!(walk.asks("list_hard_cases", kim, &[]).await.json["items"][0]["count"], 1);
    // It is part of something, and of what police must act on.
    let incident = id();
    applied(&walk.sends("join_incident", kim, &[incident], json!({"conversation_id": talk})).await);
    let seen = walk.asks("get_conversation", kim, &[talk]).await.json;
    assert_eq!(seen["incident"]["incident_id"], json!(incident));
    applied(&walk.sends("leave_incident", kim, &[incident], json!({"conversation_id": talk})).await);
    assert_eq!(walk.asks("get_duty_text", None, &[]).await.json["version"], 1);
    let deciding = json!({"duty_id": id(), "conversation_id": talk});
    applied(&walk.sends("record_duty", kim, &[], deciding).await);
    let records = walk.asks("list_duty_records", kim, &[talk]).await.json;
    assert_eq!(records["items"][0]["decision"], "made");
    // She is kept from writing, until she is not; and who writes is seen.
    let mute = id();
    applied(&walk.sends("mute_account", kim, &[], json!({"mute_id": mute, "conversation_id": talk})).await);
    assert_eq!(walk.asks("get_conversation", noa, &[talk]).await.json["muted"]["kind"], "muted");
    assert_eq!(walk.asks("list_mutes", kim, &[talk]).await.json["items"][0]["mute_id"], json!(mute));
    let lead = walk.bystanders.iter().find(|(role, _)| *role == Role::Lead).map(|(_, token)| token.clone());
    assert_eq!(walk.asks("list_running_mutes", lead.as_deref(), &[]).await.json["items"][0]["by"], "11");
    applied(&walk.sends("end_mute", kim, &[mute], json!({"conversation_id": talk})).await);
    walk.sends("give_sign", noa, &[talk], Value::Null).await;
    // A colleague is out: the talk goes to and fro, with a note.
    let (alex, out) = (world.officer("12").await, id());
    alex.does(alex.starts(out)).await;
    walk.asks("look_in", kim, &[talk]).await;
    applied(&walk.sends("write_note", kim, &[talk], json!({"mentions": ["12"]})).await);
    assert_eq!(walk.asks("list_notes", kim, &[talk]).await.json["items"][0]["mentions"], json!(["12"]));
    applied(&walk.goes("read_notes", kim, &[talk], asking).await);
    applied(&walk.sends("pass_conversation", kim, &[talk], json!({"to": "12"})).await);
    let revision = json!({"expected_revision": walk.asks("get_conversation", kim, &[talk]).await.json["revision"]});
    applied(&walk.sends("take_conversation", kim, &[talk], revision).await);
    alex.does(action(&world, &format!("shift:{out}"), "shift-end", json!({"shift_id": out}))).await;
    applied(&walk.sends("give_conversation_back", kim, &[talk], Value::Null).await);
    let revision = json!({"expected_revision": walk.asks("get_conversation", kim, &[talk]).await.json["revision"]});
    applied(&walk.sends("take_conversation", kim, &[talk], revision.clone()).await);
    applied(&walk.sends("close_conversation", kim, &[talk], revision).await);

    // A lead says where the patrol walks and when it is there; Kim goes out.
    let lead = walk.bystanders.iter().find(|(role, _)| *role == Role::Lead).map(|(_, token)| token.clone());
    let (lead, quarter, shift) = (lead.as_deref(), id(), id());
    walk.sends("put_quarter", lead, &[quarter], Value::Null).await;
    assert_eq!(walk.asks("list_quarters", kim, &[]).await.json["items"][0]["quarter_id"], json!(quarter));
    let reply =
        walk.asks("list_replies", kim, &[]).await.json["items"][3]["reply_id"].as_str().unwrap().parse().unwrap();
    assert_eq!(walk.sends("put_reply", lead, &[reply], json!({"name": "Var?"})).await.json["revision"], 2);
    assert_eq!(walk.sends("put_duty_text", lead, &[], Value::Null).await.json["version"], 2);
    walk.sends("set_opening_plan", lead, &[], json!({"valid_from": world.now()[..10]})).await;
    walk.sends("set_opening_exception", lead, &[], Value::Null).await;
    walk.sends("set_opening_now", lead, &[], json!({"until": world.seconds_later(60)})).await;
    let hours = walk.asks("get_opening_hours", lead, &[]).await.json;
    assert_eq!((&hours["exceptions"][0]["day"], &hours["for_now"]["state"]), (&json!("2026-12-24"), &json!("closed")));
    assert_eq!(walk.asks("get_opening", None, &[]).await.json["open"], false);
    let out =
        json!({"shift_id": shift, "device_id": desk, "ends_at": world.seconds_later(3600), "quarters": [quarter]});
    applied(&walk.sends("start_shift", kim, &[], out).await);
    applied(&walk.sends("ask_test_alarm", kim, &[shift], json!({"device_id": desk})).await);
    let proof = natpatrull::push::proof(&world.deps.keys, DeviceId(desk), shift);
    applied(&walk.sends("answer_test_alarm", kim, &[shift], json!({"proof": proof})).await);
    // They go out together.
    let patrol = id();
    let together = json!({
        "patrol_id": patrol, "starts_at": world.seconds_later(60), "ends_at": world.seconds_later(3600),
        "officers": ["11", "12"], "quarters": [quarter],
    });
    applied(&walk.sends("plan_patrol", kim, &[], together.clone()).await);
    for (name, changes) in [
        ("mark_patrol", json!({})),
        ("visit_quarter", json!({"quarter_id": quarter})),
        ("count_on_patrol", json!({"quarter_id": quarter})),
        ("reflect_on_patrol", json!({})),
    ] {
        applied(&walk.sends(name, kim, &[patrol], changes).await);
    }
    assert_eq!(walk.asks("get_patrol", kim, &[patrol]).await.json["state"], "out");
    assert_eq!(walk.asks("get_board", None, &[]).await.json["now"][0]["numbers"], json!(["11"]));
    let (entry, notice) = (id(), id());
    let saw = json!({"entry_id": entry, "quarter_id": quarter});
    applied(&walk.sends("write_patrol_log", kim, &[patrol], saw).await);
    let told = json!({"notice_id": notice, "quarter_id": quarter, "patrol_id": patrol});
    applied(&walk.sends("send_notice", kim, &[], told).await);
    applied(&walk.sends("answer_notice", kim, &[notice], json!({})).await);
    assert_eq!(walk.asks("list_notices", kim, &[]).await.json["items"][0]["hours_to_removal"], 0);
    let log = walk.asks("read_patrol_log", kim, &[patrol]).await.json;
    assert_eq!((log["acts"].as_array().unwrap().len(), &log["entries"][0]["entry_id"]), (3, &json!(entry)));
    applied(&walk.sends("turn_log_entry", kim, &[entry], json!({"incident_id": incident})).await);
    applied(&walk.goes("take_log_entry_back", kim, &[entry], asking).await);
    let never = id();
    let mut later = together;
    later["patrol_id"] = json!(never);
    applied(&walk.sends("plan_patrol", kim, &[], later).await);
    applied(&walk.sends("cancel_patrol", kim, &[never], json!({})).await);
    assert_eq!(walk.asks("list_patrols", kim, &[]).await.json["items"].as_array().unwrap().len(), 2);
    // Kim invites somebody whom she met there, who comes in by link and word.
    let (invite, link, poster, room) = (id(), secret(), id(), id());
    let made = walk.sends("put_room_invite", kim, &[invite], json!({"quarter_id": quarter, "secret": link})).await.json;
    let claiming = json!({"secret": link, "word": made["word"]});
    applied(&walk.sends("claim_conversation", noa, &[room], claiming).await);
    walk.words.push(link);
    assert_eq!(walk.asks("get_conversation", kim, &[room]).await.json["came_by"], "invite");
    assert_eq!(walk.asks("list_room_invites", kim, &[]).await.json["items"][0]["state"], "claimed");
    walk.asks("end_room_invite", kim, &[invite]).await;
    walk.sends("put_poster", kim, &[poster], json!({"quarter_id": quarter})).await;
    walk.asks("end_poster", kim, &[poster]).await;
    assert_eq!(walk.asks("list_posters", kim, &[]).await.json["items"][0]["poster_id"], json!(poster));
    let check = |request: RequestBuilder| {
        let (client, request) = request.build_split();
        let mut request = request.unwrap();
        request.url_mut().set_query(Some("number=11"));
        RequestBuilder::from_parts(client, request)
    };
    assert_eq!(walk.goes("check_officer", None, &[], check).await.json["known"], true);
    let shifts = walk.asks("list_shifts", kim, &[]).await.json;
    assert_eq!((&shifts["items"][0]["troubles"], &shifts["items"][0]["mine"]), (&json!(["no-address"]), &json!(true)));
    let end = json!({"talks": [{"conversation_id": room, "fate": "close", "outcome": "advice-given"}]});
    applied(&walk.sends("end_shift_with", kim, &[shift], end).await);
    applied(&walk.goes("end_shift", kim, &[shift], asking).await);

    // She reports, with a picture.
    let (report, file, bytes) = (id(), id(), picture(&walk.new_words()));
    let sha256: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let named = json!({"file_id": file, "sha256": sha256, "size": bytes.len(), "media_type": "image/jpeg"});
    applied(&walk.sends("submit_report", noa, &[], json!({"report_id": report, "files": [named]})).await);
    let announced = json!({"file_id": file, "report_id": report, "sha256": sha256, "size": bytes.len()});
    walk.sends("announce_file", noa, &[], announced).await;
    let piece = |request: RequestBuilder| {
        request.header("upload-offset", "0").header("content-type", "application/octet-stream").body(bytes.clone())
    };
    assert_eq!(walk.goes("append_file", noa, &[file], piece).await.json["complete"], true);
    walk.asks("list_reports", kim, &[]).await;
    let seen = walk.asks("get_report", kim, &[report]).await.json;
    applied(&walk.sends("read_report", kim, &[report], json!({"expected_revision": seen["revision"]})).await);
    assert_eq!(
        walk.asks("get_current_questionnaire", None, &[]).await.json,
        walk.asks("get_questionnaire", None, &[]).await.json
    );
    applied(&walk.sends("introduce_youth", noa, &[report], Value::Null).await);
    for (operation, more) in [
        ("open_report_talk", json!({"conversation_id": id()})),
        ("pass_report_on", json!({})),
        ("register_report", json!({})),
        ("join_report", json!({"incident_id": incident})),
        ("leave_report", json!({"incident_id": incident})),
        ("close_report", json!({})),
    ] {
        let seen = walk.asks("get_report", kim, &[report]).await.json;
        let mut more = more;
        if !operation.starts_with("join") && !operation.starts_with("leave") {
            more["expected_revision"] = seen["revision"].clone();
        }
        applied(&walk.sends(operation, kim, &[report], more).await);
    }
    let closed = walk.asks("get_report", noa, &[report]).await.json;
    assert_eq!((&closed["state"], &closed["as_tip"]), (&json!("closed"), &json!(false)));
    let found = walk.sends("search_reports", kim, &[], json!({})).await.json;
    assert_eq!(found["items"], json!([]), "what nobody named is found");
    let link = walk.asks("link_file", kim, &[file]).await.json;
    let read = answer(world.http.get(format!("{}{}", world.url, link["url"].as_str().unwrap()))).await;
    assert_eq!(walk.fits("read_file", read).bytes, bytes);
    files::run_due(&world.deps).await.unwrap();
    let link = walk.asks("link_file_copy", kim, &[file]).await.json;
    let read = answer(world.http.get(format!("{}{}", world.url, link["url"].as_str().unwrap()))).await;
    assert_ne!(walk.fits("read_file_copy", read).bytes, bytes);

    let link = walk.asks("link_report_bundle", kim, &[report]).await.json;
    let read = answer(world.http.get(format!("{}{}", world.url, link["url"].as_str().unwrap()))).await;
    assert!(walk.fits("read_report_bundle", read).bytes.starts_with(b"PK"));

    // A second picture is marked, and shown to nobody any more.
    let (second, marked) = (id(), id());
    let named = json!({"file_id": marked, "sha256": sha256, "size": bytes.len(), "media_type": "image/jpeg"});
    applied(&walk.sends("submit_report", noa, &[], json!({"report_id": second, "files": [named]})).await);
    applied(&walk.goes("withhold_file", kim, &[marked], asking).await);
    copies::run_due(&world.deps).await.unwrap();

    // Her phone delivers what she wrote when it is signed out, and what left it sealed.
    let mut phone = Phone::mints(&world, account, phone);
    let kept = walk.sends("keep_capability", noa, &[], phone.capability()).await.json;
    phone = phone.learns(&kept);
    let telling = |words: String| {
        let body = json!({
            "report_id": id(), "event_kind": "threat", "what": words, "happened": {"certainty": "unknown"}, "files": [],
        });
        action(&world, &format!("report:{}", body["report_id"].as_str().unwrap()), "report-submit", body)
    };
    let delivery = phone.delivery(&[telling(walk.new_words())]);
    let delivered = walk.goes("deliver_reports", None, &[], |request| delivery.put_on(request)).await.json;
    assert_eq!(delivered["results"][0]["outcome"], "applied", "{delivered}");
    let parcel = phone.parcel(&[json!({"action": telling(walk.new_words())})]);
    walk.goes("hand_in_parcel", None, &[], |request| request.json(&parcel)).await;
    assert_eq!(walk.asks("list_reports", kim, &[]).await.json["items"].as_array().unwrap().len(), 4);
    walk.words.push(phone.secret.clone());

    // A lead sees who looked.
    let lead = walk.bystanders.iter().find(|(role, _)| *role == Role::Lead).map(|(_, token)| token.clone());
    let looked = walk.asks("list_audit_entries", lead.as_deref(), &[report]).await.json;
    assert_eq!(looked["items"][0]["public_number"], "11");

    // She asks to be woken, and a tip goes out.
    let service = PushService::start().await;
    let mut subscription = service.subscription(true, &["meetups"], &["2580"]);
    subscription["key_id"] = walk.asks("get_push_key", None, &[]).await.json["key_id"].clone();
    walk.sends("subscribe", noa, &[], subscription).await;
    walk.asks("get_subscription", noa, &[]).await;
    walk.asks("test_push", noa, &[]).await;
    let tip = id();
    let planned = json!({"tip_id": tip, "publish_at": null, "expires_at": walk.world.seconds_later(3600)});
    applied(&walk.sends("publish_tip", kim, &[], planned).await);
    assert_eq!(walk.asks("list_tips", None, &[]).await.json["items"].as_array().unwrap().len(), 1);
    walk.asks("get_tip", None, &[tip]).await;
    walk.asks("list_planned_tips", kim, &[]).await;
    walk.sends("count_audience", kim, &[], json!({})).await;
    applied(&walk.sends("recall_tip", kim, &[tip], json!({"expected_revision": 1})).await);
    walk.asks("list_sendings", kim, &[tip]).await;

    // She is asked what she thinks, and votes.
    let poll = id();
    let open =
        json!({"poll_id": poll, "opens_at": null, "closes_at": walk.world.seconds_later(3600), "dialogue_id": null});
    applied(&walk.sends("publish_poll", kim, &[], open).await);
    assert_eq!(walk.asks("list_polls", None, &[]).await.json["items"].as_array().unwrap().len(), 1);
    walk.asks("get_poll", None, &[poll]).await;
    walk.asks("list_planned_polls", kim, &[]).await;
    walk.sends("vote", noa, &[poll], json!({})).await;
    walk.asks("get_poll_results", noa, &[poll]).await;
    applied(&walk.sends("close_poll", kim, &[poll], json!({"expected_revision": 1})).await);
    walk.asks("unsubscribe", noa, &[]).await;

    // She says what she would like to see, and is answered.
    let (idea, twin, hidden, told) = (id(), id(), id(), id());
    for idea in [idea, twin, hidden, told] {
        applied(&walk.sends("send_idea", noa, &[], json!({"idea_id": idea})).await);
    }
    walk.asks("list_boxed_ideas", kim, &[]).await;
    let seen = json!({"expected_revision": 1});
    applied(&walk.sends("show_idea", kim, &[idea], seen.clone()).await);
    walk.asks("support_idea", noa, &[idea]).await;
    walk.asks("end_support", noa, &[idea]).await;
    applied(&walk.sends("merge_idea", kim, &[twin], json!({"expected_revision": 1, "into": idea})).await);
    applied(&walk.sends("hide_idea", kim, &[hidden], seen.clone()).await);
    let (says, talks) =
        (json!({"expected_revision": 2, "quarter_id": null}), json!({"expected_revision": 1, "conversation_id": id()}));
    applied(&walk.sends("answer_idea", kim, &[idea], says).await);
    let wished = json!({"expected_revision": 3, "quarter_id": quarter});
    applied(&walk.sends("locate_idea", kim, &[idea], wished).await);
    applied(&walk.sends("open_idea_talk", kim, &[told], talks).await);
    applied(
        &walk
            .goes("take_idea_back", noa, &[hidden], |request: RequestBuilder| {
                request.header("idempotency-key", id().to_string())
            })
            .await,
    );
    assert_eq!(walk.asks("list_ideas", None, &[]).await.json["items"], json!([]), "it is answered");
    walk.asks("get_idea", None, &[idea]).await;
    assert_eq!(walk.asks("list_own_ideas", noa, &[]).await.json["items"].as_array().unwrap().len(), 3);

    // She follows a live dialogue, asks, and is answered.
    let (room, soon) = (id(), world.seconds_later(3600));
    let announced = json!({"dialogue_id": room, "starts_at": soon});
    applied(&walk.sends("announce_dialogue", kim, &[], announced).await);
    let changed = json!({"expected_revision": 1, "starts_at": soon});
    applied(&walk.sends("change_dialogue", kim, &[room], changed).await);
    assert_eq!(walk.asks("set_reminder", noa, &[room]).await.json["reminds"], true);
    assert_eq!(walk.asks("get_reminder", noa, &[room]).await.json["reminds"], true);
    assert_eq!(walk.asks("end_reminder", noa, &[room]).await.json["reminds"], false);
    applied(&walk.sends("open_dialogue", kim, &[room], json!({"expected_revision": 2})).await);
    applied(&walk.sends("seat_dialogue", kim, &[room], json!({"expected_revision": 3})).await);
    assert_eq!(walk.asks("list_dialogues", None, &[]).await.json["items"][0]["reader"], "11");
    walk.asks("get_dialogue", None, &[room]).await;
    let open = json!({"poll_id": id(), "opens_at": null, "closes_at": null, "dialogue_id": room});
    applied(&walk.sends("publish_poll", kim, &[], open).await);
    assert_eq!(walk.asks("list_dialogue_polls", None, &[room]).await.json["items"].as_array().unwrap().len(), 1);
    let (asked, twin, hidden, told, taken) = (id(), id(), id(), id(), id());
    for one in [asked, twin, hidden, told, taken] {
        let text = if one == told { "Jag vill inte leva".to_owned() } else { walk.new_words() };
        let asks = json!({"question_id": one, "dialogue_id": room, "text": text});
        applied(&walk.sends("ask_question", noa, &[], asks).await);
    }
    assert_eq!(walk.asks("list_boxed_questions", kim, &[room]).await.json["items"].as_array().unwrap().len(), 5);
    applied(&walk.sends("show_question", kim, &[asked], json!({"expected_revision": 1})).await);
    let pinned = json!({"expected_revision": 4, "question_id": asked});
    applied(&walk.sends("pin_question", kim, &[room], pinned).await);
    applied(&walk.sends("slow_dialogue", kim, &[room], json!({"expected_revision": 5})).await);
    let sam = world.youth().await;
    walk.asks("vote_for_question", Some(&sam.token), &[asked]).await;
    walk.asks("take_vote_back", Some(&sam.token), &[asked]).await;
    applied(&walk.sends("assign_question", kim, &[asked], json!({"expected_revision": 2})).await);
    let merged = json!({"expected_revision": 1, "into": asked});
    applied(&walk.sends("merge_question", kim, &[twin], merged).await);
    applied(&walk.sends("answer_question", kim, &[asked], json!({"expected_revision": 3})).await);
    applied(&walk.sends("hide_question", kim, &[hidden], json!({"expected_revision": 1})).await);
    applied(&walk.sends("mute_asker", kim, &[hidden], json!({"expected_revision": 2})).await);
    let with_key = |request: RequestBuilder| request.header("idempotency-key", id().to_string());
    applied(&walk.goes("take_question_back", noa, &[taken], with_key).await);
    assert_eq!(walk.asks("list_questions", None, &[room]).await.json["items"][0]["state"], "answered");
    let told = world.asks(Method::GET, &format!("/api/v1/dialogues/{room}/events?page=0"), None, None).await.ok();
    assert!(!told["items"].as_array().unwrap().is_empty(), "{told}");
    walk.walked.insert("list_dialogue_events".to_owned());
    assert_eq!(walk.asks("get_figures", None, &[]).await.json["items"].as_array().unwrap().len(), 2);
    walk.asks("get_figures_table", None, &[]).await;
    let followed = walk.request("follow_dialogue", None, &[room]).send().await.unwrap();
    assert_eq!(
        (followed.status().as_u16(), followed.headers()["content-type"].to_str().unwrap()),
        (200, "text/event-stream")
    );
    walk.walked.insert("follow_dialogue".to_owned());
    drop(followed);
    assert_eq!(walk.asks("list_own_questions", noa, &[room]).await.json["items"].as_array().unwrap().len(), 4);
    applied(&walk.sends("end_dialogue", kim, &[room], json!({"expected_revision": 6})).await);
    applied(&walk.sends("archive_dialogue", kim, &[room], json!({"expected_revision": 7})).await);
    let (recording, film) = (id(), short_film());
    let captions = "WEBVTT\n\n00:00.500 --> 00:01.500\nHej";
    let kept = json!({
        "expected_revision": 8, "film": people::named(recording, "video/mp4", &film), "captions": captions,
    });
    applied(&walk.sends("set_dialogue_film", kim, &[room], kept).await);
    let piece = walk.request("append_file", kim, &[recording]).header("upload-offset", "0");
    answer(piece.header("content-type", "application/octet-stream").body(film.clone())).await.ok();
    files::run_due(&world.deps).await.unwrap();
    assert_eq!(walk.asks("get_dialogue", None, &[room]).await.json["film"]["state"], "ready");
    assert_ne!(walk.asks("read_dialogue_film", None, &[room, recording]).await.bytes, film);
    assert!(walk.asks("get_dialogue_captions", None, &[room]).await.bytes.starts_with(b"WEBVTT"));
    assert_eq!(walk.asks("get_dialogue_figures", kim, &[room]).await.json["polls"], 1);

    // The patrol shows a film, corrects what it says, and takes it away.
    let (post, shown) = (id(), id());
    let files = json!([{"file": people::named(shown, "video/mp4", &film), "alt": "Två poliser vid en skärm."}]);
    let soon = json!({"post_id": post, "files": files, "captions": captions, "publish_at": null});
    applied(&walk.sends("publish_post", kim, &[], soon).await);
    assert_eq!(walk.asks("list_planned_posts", kim, &[]).await.json["items"][0]["state"], "preparing");
    let piece = walk.request("append_file", kim, &[shown]).header("upload-offset", "0");
    answer(piece.header("content-type", "application/octet-stream").body(film.clone())).await.ok();
    files::run_due(&world.deps).await.unwrap();
    assert_eq!(walk.asks("list_posts", None, &[]).await.json["items"].as_array().unwrap().len(), 1);
    let alts = json!([{"file_id": shown, "alt": "Två poliser."}]);
    applied(&walk.sends("correct_post", kim, &[post], json!({"expected_revision": 1, "alts": alts})).await);
    assert_eq!(walk.asks("get_post", None, &[post]).await.json["corrections"].as_array().unwrap().len(), 1);
    assert!(walk.asks("get_post_captions", None, &[post]).await.bytes.starts_with(b"WEBVTT"));
    assert_ne!(walk.asks("read_post_file", None, &[post, shown]).await.bytes, film);
    applied(&walk.sends("withdraw_post", kim, &[post], json!({"expected_revision": 2})).await);

    // She asks for a copy of everything.
    walk.asks("ask_for_copy", noa, &[]).await;
    copies::run_due(&world.deps).await.unwrap();
    assert_eq!(walk.asks("get_copy", noa, &[]).await.json["state"], "ready");
    assert!(walk.asks("fetch_copy", noa, &[]).await.bytes.starts_with(b"PK"));
    walk.asks("end_copy", noa, &[]).await;

    // A lead looks after how long things are kept.
    let lead = world.staff("03", Role::Lead).await;
    let lead = Some(lead.token.as_str());
    let until = world.seconds_later(24 * 3600);
    let asking = |request: RequestBuilder| request.header("idempotency-key", id().to_string());
    applied(&walk.goes("ask_conversation_erasure", noa, &[talk], asking).await);
    applied(&walk.goes("ask_report_erasure", noa, &[report], asking).await);
    assert_eq!(walk.asks("list_asked_erasures", lead, &[]).await.json["items"].as_array().unwrap().len(), 2);
    walk.sends("refuse_erasure", lead, &[report], Value::Null).await;
    assert_eq!(walk.asks("list_asked_erasures", lead, &[]).await.json["items"][0]["subject_id"], json!(talk));
    walk.sends("tag_record", kim, &[report], Value::Null).await;
    walk.sends("hold_record", lead, &[report], json!({"until": until})).await;
    assert_eq!(walk.asks("list_holds", lead, &[]).await.json["items"][0]["subject_id"], json!(report));
    walk.sends("review_record", lead, &[report], Value::Null).await;
    walk.sends("lift_hold", lead, &[report], Value::Null).await;
    assert_eq!(walk.asks("list_due_reviews", lead, &[]).await.json["items"], json!([]));
    assert!(walk.words.len() >= 8, "only {} fields took words", walk.words.len());
    walk.keeps_to_itself("before anything is erased").await;
    assert_eq!(walk.sends("erase_record", lead, &[report], Value::Null).await.json["files"], 1);
    assert_eq!(walk.asks("list_erasures", lead, &[]).await.json["items"][0]["subject_id"], json!(report));
    assert_eq!(walk.asks("list_retention_rules", lead, &[]).await.json["items"].as_array().unwrap().len(), 6);

    // And after those who may open what is withheld.
    let second = walk.bystanders.iter().find(|(role, _)| *role == Role::Lead).map(|(_, token)| token.clone());
    let kims: Uuid = session["account_id"].as_str().unwrap().parse().unwrap();
    walk.sends("name_investigator", second.as_deref(), &[kims], Value::Null).await;
    assert_eq!(walk.asks("list_investigators", lead, &[]).await.json["items"][0]["account_id"], json!(kims));
    walk.asks("end_investigator", lead, &[kims]).await;
    // And after those who serve.
    let invite = id();
    walk.sends("put_staff_invite", lead, &[invite], json!({"token": secret()})).await;
    assert_eq!(walk.asks("list_staff", lead, &[]).await.json["invites"][0]["invite_id"], json!(invite));
    walk.asks("end_staff_invite", lead, &[invite]).await;
    for name in ["relieve_officer", "sign_officer_out", "end_officer"] {
        walk.goes(name, lead, &[kims], |request| request.json(&json!({}))).await;
    }
    let ended = answer(walk.request("get_me", kim, &[])).await;
    assert_eq!(ended.problem(), "session-ended");

    walk.sends("sign_in_to_demo", None, &[], json!({"device_id": id()})).await;
    walk.asks("sign_out", noa, &[]).await;

    walk.keeps_to_itself("after all journeys").await;

    let all: BTreeSet<String> = operations(&walk.contract)
        .iter()
        .map(|(.., operation)| operation["operationId"].as_str().unwrap().to_owned())
        .collect();
    let missed: Vec<_> = all.difference(&walk.walked).collect();
    assert!(missed.is_empty(), "the walk does not ask {missed:?}");
}

#[track_caller]
fn applied(answer: &Answer) {
    assert_eq!(answer.json["outcome"], "applied", "{}", answer.json);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_does_what_it_promises_on_sqlite() {
    every_operation_does_what_it_promises(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_does_what_it_promises_on_postgres() {
    every_operation_does_what_it_promises(Backend::Postgres).await;
}

#[test]
fn every_body_has_an_example_and_every_example_fits() {
    let contract = committed();
    let mut seen = 0;
    for (path, method, operation) in operations(&contract) {
        let answers = operation["responses"].as_object().unwrap().values();
        for message in answers.chain([&operation["requestBody"]]) {
            let Some(content) = json_content(message) else { continue };
            let example = &resolved(&contract, &content["schema"])["example"];
            assert!(!example.is_null(), "{method} {path}: {} has no example", content["schema"]);
            let misfits = misfits(&contract, &content["schema"], example);
            assert!(misfits.is_empty(), "{method} {path}: {misfits:#?}");
            seen += 1;
        }
    }
    assert!(seen > 100, "only {seen} bodies were looked at");
    assert!(!misfits(&contract, &json!({"$ref": "#/components/schemas/SendMessage"}), &json!({"text": 7})).is_empty());
}
