//! The work on a talk: closing it with an outcome, passing it on, taking it over, looking in, notes, and what becomes of talks whose
//! holders go home or are gone.

use entities::{note, words::Role};
use natpatrull::{base::clock::Clock, chat, copies, push, work};
use reqwest::Method;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tests::{
    Officer, World, Youth, on_both_databases,
    people::{Person, action},
    push_service::PushService,
    world::id,
};
use uuid::Uuid;

use crate::{
    erasure::{Traces, disk, erases, talk},
    triage::{ends, on_talk},
};

fn newest(kind: &str, mut action: Value) -> Value {
    action["kind"] = json!(kind);
    action["v"] = json!(2);
    action
}

fn closes(world: &World, talk: Uuid, outcome: Option<&str>) -> Value {
    let mut more = json!({"expected_revision": 1});
    if let Some(outcome) = outcome {
        more["outcome"] = json!(outcome);
    }
    newest("conversation-close", on_talk(world, "conversation-close", talk, more))
}

fn takes_over(world: &World, talk: Uuid, seen: &Value, why: &str) -> Value {
    let more = json!({"expected_revision": seen["revision"], "why": why});
    newest("conversation-take", on_talk(world, "conversation-take", talk, more))
}

fn passes(world: &World, talk: Uuid, to: &str, note: Option<&str>) -> Value {
    let mut more = json!({"to": to});
    if let Some(note) = note {
        more["note"] = json!(note);
    }
    on_talk(world, "conversation-pass", talk, more)
}

fn writes_down(world: &World, talk: Uuid, text: &str, mentions: &[&str]) -> Value {
    on_talk(world, "note-write", talk, json!({"text": text, "mentions": mentions}))
}

fn goes_home(world: &World, shift: Uuid, talks: &Value) -> Value {
    let body = json!({"shift_id": shift, "talks": talks});
    newest("shift-end", action(world, &format!("shift:{shift}"), "shift-end", body))
}

async fn notes(officer: &Officer, talk: Uuid) -> Vec<Value> {
    let path = format!("/api/v1/work/conversations/{talk}/notes");
    officer.asks(Method::GET, &path, None).await.ok()["items"].as_array().unwrap().clone()
}

/// What the log says of a talk, with who did it.
async fn log(lead: &Officer, talk: Uuid) -> Vec<(String, String)> {
    let log = lead.asks(Method::GET, &format!("/api/v1/audit/subjects/{talk}/entries"), None).await.ok();
    let word = |line: &Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
    log["items"].as_array().unwrap().iter().map(|line| (word(line, "public_number"), word(line, "detail"))).collect()
}

fn has(log: &[(String, String)], number: &str, detail: &str) -> bool {
    log.iter().any(|line| *line == (number.to_owned(), detail.to_owned()))
}

/// All that a youth's phone may learn of her talk.
async fn hers(noa: &Youth, talk: Uuid) -> String {
    let (seen, inbox) = (noa.sees(talk).await, noa.pulls(&format!("inbox:{}", noa.account_id)).await);
    format!("{seen}{inbox}{}", noa.pulls(&format!("conversation:{talk}")).await)
}

on_both_databases! {
    async fn a_talk_is_closed_with_how_it_ended(world) {
        let (noa, kim, lead) = (world.youth().await, world.officer("07").await, world.staff("03", Role::Lead).await);
        let (of, older) = (talk(&noa, &kim).await, talk(&noa, &kim).await);
        assert_eq!(ends(&kim, closes(&world, of, None)).await, "outcome-needed");
        assert_eq!(ends(&kim, closes(&world, of, Some("won"))).await, "malformed");
        let plain = kim.asks(Method::POST, &format!("/api/v1/chat/conversations/{of}/close"), Some(&json!({"expected_revision": 1}))).await;
        assert_eq!(plain.problem(), "malformed");
        assert_eq!(kim.sees(of).await["state"], "taken");
        kim.does(closes(&world, of, Some("advice-given"))).await;
        let seen = kim.sees(of).await;
        assert_eq!((&seen["state"], &seen["outcome"], &seen["outcome_version"]), (&json!("closed"), &json!("advice-given"), &json!(1)));
        assert!(has(&log(&lead, of).await, "07", "conversation-close advice-given"));
        assert!(!hers(&noa, of).await.contains("outcome"), "how it is counted is not hers to be told");
        // An app from before there were outcomes closes as it did.
        kim.does(on_talk(&world, "conversation-close", older, json!({"expected_revision": 1}))).await;
        let seen = kim.sees(older).await;
        assert_eq!((&seen["state"], seen.get("outcome"), seen.get("outcome_version")), (&json!("closed"), None, None));
    }

    async fn a_talk_is_passed_on_to_a_colleague_who_is_out(world) {
        let services = [PushService::start().await, PushService::start().await];
        let (noa, ida) = (world.youth().await, world.youth().await);
        let (kim, alex, lead) = (world.officer("07").await, world.officer("12").await, world.staff("03", Role::Lead).await);
        let of = talk(&noa, &kim).await;
        assert_eq!(ends(&kim, passes(&world, of, "12", None)).await, "colleague-not-out", "Alex is at home");
        kim.goes_out(&services[0]).await;
        alex.goes_out(&services[1]).await;
        push::run_due(&world.deps).await.unwrap();
        services[1].arrived.lock().unwrap().clear();
        for (who, to, problem) in [(&kim, "99", "colleague-not-out"), (&kim, "07", "colleague-not-out"), (&alex, "07", "conversation-not-held")] {
            assert_eq!(ends(who, passes(&world, of, to, None)).await, problem, "to {to}");
        }
        assert_eq!(ends(&noa, passes(&world, of, "12", None)).await, "role-refused");
        assert_eq!(ends(&ida, passes(&world, of, "12", None)).await, "not-found");
        assert_eq!(ends(&kim, passes(&world, of, "12", Some(" "))).await, "text-empty");
        let words = "Hon är ensam hemma till sju.";
        kim.does(passes(&world, of, "12", Some(words))).await;
        let seen = alex.sees(of).await;
        assert_eq!((&seen["holder"], &seen["held_by_me"], &seen["notes"]), (&json!("12"), &json!(true), &json!(1)));
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(services[1].count(), 1, "Alex's phone says that something came");
        let told = &notes(&alex, of).await[0];
        assert_eq!((&told["kind"], &told["by"], &told["colleague"], &told["text"]), (&json!("passed"), &json!("07"), &json!("12"), &json!(words)));

        // Only the holder writes, and the other is told who that is.
        let late = on_talk(&world, "message-send", of, json!({"message_id": id(), "text": "hej igen"}));
        let refused = kim.pushes(&[late]).await.remove(0);
        assert_eq!((&refused["problem"]["kind"], &refused["problem"]["detail"]), (&json!("conversation-not-held"), &json!("officer 12 holds it")));
        alex.answers(of, "Hej, jag är 12.").await;
        let hers = hers(&noa, of).await;
        assert!(hers.contains("\"holder\":\"12\"") && !hers.contains("ensam hemma") && !hers.contains("notes"), "{hers}");
        assert!(has(&log(&lead, of).await, "07", "conversation-pass"));

        alex.does(on_talk(&world, "conversation-give-back", of, json!({"note": "Jag måste iväg."}))).await;
        let seen = noa.sees(of).await;
        assert_eq!((&seen["state"], seen.get("holder"), &seen["returned_at"]), (&json!("waiting"), None, &json!(world.now())));
        assert_eq!(noa.waits(of).await["place"], 1);
        assert_eq!(ends(&alex, on_talk(&world, "conversation-give-back", of, json!({}))).await, "conversation-not-held");
        kim.takes(of).await;
        assert_eq!(noa.sees(of).await.get("returned_at"), None);
    }

    async fn from_a_colleague_who_is_at_work_a_talk_is_taken_with_a_reason(world) {
        let service = PushService::start().await;
        let (noa, kim, alex) = (world.youth().await, world.officer("07").await, world.officer("12").await);
        let lead = world.staff("03", Role::Lead).await;
        kim.goes_out(&service).await;
        let of = talk(&noa, &kim).await;
        push::run_due(&world.deps).await.unwrap();
        service.arrived.lock().unwrap().clear();
        let seen = alex.sees(of).await;
        let bare = on_talk(&world, "conversation-take", of, json!({"expected_revision": seen["revision"]}));
        assert_eq!(ends(&alex, bare).await, "reason-needed");
        assert_eq!(ends(&alex, takes_over(&world, of, &seen, "")).await, "text-empty");
        assert_eq!(kim.sees(of).await["holder"], "07");
        alex.does(takes_over(&world, of, &seen, "07 sitter i en annan bil.")).await;
        assert_eq!(noa.sees(of).await["holder"], "12");
        let told = &notes(&kim, of).await[0];
        assert_eq!((&told["kind"], &told["by"], &told["colleague"], &told["text"]), (&json!("taken-over"), &json!("12"), &json!("07"), &json!("07 sitter i en annan bil.")));
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 1, "Kim is told that something came");
        // Alex is not out: nobody has to say why a talk is taken from whoever is gone. A lead takes over as anybody.
        lead.takes(of).await;
        assert_eq!((&noa.sees(of).await["holder"], &notes(&kim, of).await[0]["kind"]), (&json!("03"), &json!("taken-over")));
    }

    async fn danger_that_nobody_has_answered_is_taken_over_without_a_reason(world) {
        let service = PushService::start().await;
        let (noa, kim, alex) = (world.youth().await, world.officer("07").await, world.officer("12").await);
        kim.goes_out(&service).await;
        let of = noa.cries("de är här").await;
        kim.takes(of).await;
        kim.answers(of, "Jag läser.").await;
        let bare = |seen: &Value| on_talk(&world, "conversation-take", of, json!({"expected_revision": seen["revision"]}));
        assert_eq!(ends(&alex, bare(&alex.sees(of).await)).await, "reason-needed", "Kim has answered");
        noa.does(noa.message(of, "de slår sönder dörren")).await;
        alex.does(bare(&alex.sees(of).await)).await;
        assert_eq!(noa.sees(of).await["holder"], "12");
        assert_eq!(notes(&kim, of).await[0]["kind"], "taken-over", "that it was is written down all the same");
    }

    async fn whoever_looks_in_leaves_a_line_in_the_log_and_no_mark(world) {
        let (noa, kim, lead) = (world.youth().await, world.officer("07").await, world.staff("03", Role::Lead).await);
        let of = talk(&noa, &kim).await;
        noa.does(noa.message(of, "en sak till")).await;
        let path = |of| format!("/api/v1/work/conversations/{of}/look-in");
        let (before, told) = (noa.sees(of).await, noa.pulls(&format!("inbox:{}", noa.account_id)).await);
        assert_eq!(noa.asks(Method::POST, &path(of), None).await.problem(), "role-refused");
        assert_eq!(lead.asks(Method::POST, &path(id()), None).await.problem(), "not-found");
        lead.asks(Method::POST, &path(of), None).await.ok();
        lead.reads_messages(of).await;
        lead.reads(of).await;
        assert_eq!(noa.sees(of).await, before, "she sees nothing of it");
        assert_eq!(noa.pulls(&format!("inbox:{}", noa.account_id)).await, told, "nor does her phone");
        assert_eq!(kim.sees(of).await["unread"], true, "and to Kim it is as unread as it was");
        assert!(has(&log(&lead, of).await, "03", "look-in"));
        kim.reads(of).await;
        assert_eq!(noa.sees(of).await["read_by"], "07");
    }

    async fn a_talk_whose_holder_is_gone_goes_back_to_the_queue_once(world) {
        let service = PushService::start().await;
        let (noa, kim, lead) = (world.youth().await, world.officer("07").await, world.staff("03", Role::Lead).await);
        lead.sets_hours("00:00", "24:00").await;
        let start = world.clock.now();
        let of = noa.cries("de är här").await;
        kim.goes_out(&service).await;
        kim.takes(of).await;
        kim.answers(of, "Jag läser.").await;
        while chat::ring_due(&world.deps).await.unwrap() > 0 {}
        world.clock.wind(299);
        assert_eq!(work::give_back_unheard(&world.deps, start).await.unwrap(), 0);
        world.clock.wind(1);
        let just_started = world.clock.now();
        assert_eq!(work::give_back_unheard(&world.deps, just_started).await.unwrap(), 0, "who has not listened can tell of nobody");
        assert_eq!(work::give_back_unheard(&world.deps, start).await.unwrap(), 1);
        assert_eq!(work::give_back_unheard(&world.deps, start).await.unwrap(), 0, "once");
        let (noa, kim, lead) = (noa.with_a_new_token().await, kim.with_a_new_token(), lead.with_a_new_token());
        let seen = noa.sees(of).await;
        assert_eq!((&seen["state"], seen.get("holder"), &seen["returned_at"]), (&json!("waiting"), None, &json!(world.now())));
        let told = &notes(&kim, of).await[0];
        assert_eq!((&told["kind"], told.get("by"), &told["colleague"]), (&json!("given-back"), None, &json!("07")));
        assert!(has(&log(&lead, of).await, "", "holder-unheard"));
        // It is danger, and nobody has it: it rings anew.
        push::run_due(&world.deps).await.unwrap();
        service.arrived.lock().unwrap().clear();
        while chat::ring_due(&world.deps).await.unwrap() > 0 {}
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 1);
        // What Kim does from now on is as of anybody who does not hold it.
        let late = on_talk(&world, "message-send", of, json!({"message_id": id(), "text": "är du kvar?"}));
        assert_eq!(ends(&kim, late).await, "conversation-not-held");
        kim.takes(of).await;
        assert_eq!(noa.sees(of).await["holder"], "07");
        assert_eq!(work::give_back_unheard(&world.deps, start).await.unwrap(), 0, "she has just taken it");
    }

    async fn what_is_written_to_an_officer_without_a_shift_waits_half_an_hour_and_not_a_night(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let (of, quiet) = (talk(&noa, &kim).await, talk(&noa, &kim).await);
        for one in [of, quiet] {
            kim.reads(one).await;
        }
        let start = world.clock.now();
        let listening = start.plus_seconds(-3600);
        world.clock.wind(600);
        let noa = noa.with_a_new_token().await;
        noa.does(noa.message(of, "är du kvar?")).await;
        world.clock.wind(1199);
        assert_eq!(work::give_back_unheard(&world.deps, listening).await.unwrap(), 0);
        world.clock.wind(1);
        assert_eq!(work::give_back_unheard(&world.deps, listening).await.unwrap(), 1);
        let noa = noa.with_a_new_token().await;
        assert_eq!((noa.sees(of).await["state"].clone(), noa.sees(quiet).await["state"].clone()), (json!("waiting"), json!("taken")));
    }

    async fn no_shift_ends_over_talks_of_which_nothing_was_said(world) {
        let service = PushService::start().await;
        let (noa, kim, alex) = (world.youth().await, world.officer("07").await, world.officer("12").await);
        let lead = world.staff("03", Role::Lead).await;
        let shift = kim.goes_out(&service).await;
        let talks = [talk(&noa, &kim).await, talk(&noa, &kim).await, talk(&noa, &kim).await];
        let fates = |pass: &Value, close: &Value| json!([
            {"conversation_id": talks[0], "fate": "pass", "to": pass}, {"conversation_id": talks[1], "fate": "give-back"},
            {"conversation_id": talks[2], "fate": "close", "outcome": close},
        ]);
        let old = action(&world, &format!("shift:{shift}"), "shift-end", json!({"shift_id": shift}));
        assert_eq!(ends(&kim, old).await, "talks-held", "an app that does not ask is told to");
        let two = json!([{"conversation_id": talks[0], "fate": "give-back"}, {"conversation_id": talks[1], "fate": "give-back"}]);
        assert_eq!(ends(&kim, goes_home(&world, shift, &two)).await, "talks-held");
        let all = fates(&json!("12"), &json!("report-made"));
        assert_eq!(ends(&kim, goes_home(&world, shift, &all)).await, "colleague-not-out");
        let out = alex.goes_out(&service).await;
        let unsaid = json!([{"conversation_id": talks[0], "fate": "pass", "to": "12"}, {"conversation_id": talks[1], "fate": "give-back"}, {"conversation_id": talks[2], "fate": "close"}]);
        assert_eq!(ends(&kim, goes_home(&world, shift, &unsaid)).await, "outcome-needed");
        noa.does(noa.message(talks[2], "vänta")).await;
        assert_eq!(ends(&kim, goes_home(&world, shift, &all)).await, "revision-conflict", "no talk closes over words that nobody has read");
        assert_eq!(ends(&alex, goes_home(&world, shift, &json!([]))).await, "not-found", "another's shift");
        for talk in talks {
            assert_eq!(kim.sees(talk).await["holder"], "07", "of a refused end nothing is left");
        }
        kim.reads(talks[2]).await;
        // By the plain door.
        let path = format!("/api/v1/work/shifts/{shift}/end");
        let request = world.http.post(format!("{}{path}", world.url)).bearer_auth(&kim.token).header("idempotency-key", id().to_string());
        tests::world::answer(request.json(&json!({"talks": all}))).await.ok();
        assert_eq!(kim.sees(talks[0]).await["holder"], "12");
        assert_eq!(kim.sees(talks[1]).await["state"], "waiting");
        assert_eq!(kim.sees(talks[2]).await["outcome"], "report-made");
        for (talk, detail) in talks.into_iter().zip(["conversation-pass", "conversation-give-back", "conversation-close report-made"]) {
            assert!(has(&log(&lead, talk).await, "07", detail), "{detail}");
        }
        let shifts = alex.asks(Method::GET, "/api/v1/quarters/shifts", None).await.ok();
        assert_eq!(shifts["items"].as_array().unwrap().iter().map(|shift| &shift["shift_id"]).collect::<Vec<_>>(), [&json!(out)]);
        // Whoever holds nothing says nothing.
        alex.does(passes_back(&world, talks[0])).await;
        alex.does(action(&world, &format!("shift:{out}"), "shift-end", json!({"shift_id": out}))).await;
    }

    async fn notes_are_for_officers_and_tell_whom_they_mention(world) {
        let service = PushService::start().await;
        let (noa, kim, alex) = (world.youth().await, world.officer("07").await, world.officer("12").await);
        let lead = world.staff("03", Role::Lead).await;
        let of = talk(&noa, &kim).await;
        alex.subscribes(&service).await;
        let words = "Samma skola som i tisdags, och samma namn på kontot.";
        assert_eq!(ends(&noa, writes_down(&world, of, words, &[])).await, "role-refused");
        assert_eq!(ends(&kim, writes_down(&world, of, " ", &[])).await, "text-empty");
        assert_eq!(ends(&kim, writes_down(&world, of, &"x".repeat(1001), &[])).await, "text-too-long");
        assert_eq!(ends(&kim, writes_down(&world, of, words, &["99"])).await, "not-found", "nobody bears that number");
        assert_eq!(ends(&kim, writes_down(&world, id(), words, &[])).await, "not-found");
        kim.does(writes_down(&world, of, words, &["12", "07"])).await;
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 1);
        let mark = |seen: &Value| (seen["mentioned"].clone(), seen["notes"].clone());
        assert_eq!(mark(&alex.sees(of).await), (json!(true), json!(1)));
        assert_eq!(mark(&kim.sees(of).await), (json!(false), json!(1)), "nobody mentions herself");
        let told = &notes(&alex, of).await[0];
        assert_eq!((&told["text"], &told["by"], &told["mentions"]), (&json!(words), &json!("07"), &json!(["12", "07"])));
        alex.does(on_talk(&world, "notes-read", of, json!({}))).await;
        assert_eq!(mark(&alex.sees(of).await), (json!(false), json!(1)));
        assert!(has(&log(&lead, of).await, "07", "note-write"));

        // Nothing of it reaches her: neither her phone nor the copy that she asks for.
        let path = format!("/api/v1/work/conversations/{of}/notes");
        assert_eq!(noa.asks(Method::GET, &path, None).await.problem(), "role-refused");
        let hers = hers(&noa, of).await;
        assert!(!hers.contains("tisdags") && !hers.contains("mentioned"), "{hers}");
        // Not even that something was written, or when.
        for stream in [format!("inbox:{}", noa.account_id), format!("conversation:{of}")] {
            let last = noa.pulls(&stream).await["events"].as_array().unwrap().last().unwrap()["revision"].clone();
            assert!(last.as_i64().unwrap() < kim.sees(of).await["revision"].as_i64().unwrap(), "{stream} tells of the last note");
        }
        noa.asks(Method::PUT, "/api/v1/copy", None).await.ok();
        copies::run_due(&world.deps).await.unwrap();
        let copy = noa.asks(Method::GET, "/api/v1/copy/bytes", None).await.bytes;
        assert!(copy.windows(7).all(|window| window != b"tisdags"), "it stands in her copy");

        // It is sealed as all words are, and goes with its talk.
        let sealed = note::Entity::find().all(world.deps.db.read()).await.unwrap().remove(0).text.unwrap();
        let mut traces = Traces::default();
        traces.of("plain words", words.as_bytes());
        traces.of("sealed words", &sealed.0);
        assert_eq!(traces.found_in(&disk(&world).await), ["sealed words"]);
        erases(&lead, "conversation", of).await.ok();
        assert_eq!(note::Entity::find().all(world.deps.db.read()).await.unwrap(), []);
        assert_eq!(lead.asks(Method::GET, &path, None).await.problem(), "not-found");
    }
}

fn passes_back(world: &World, talk: Uuid) -> Value {
    on_talk(world, "conversation-give-back", talk, json!({}))
}
