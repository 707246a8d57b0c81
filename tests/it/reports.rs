//! Reports from the first question to how they end.

use entities::{
    audit_entry, erasure,
    words::{ErasureReason, Role, SubjectKind},
};
use natpatrull::questionnaires;
use reqwest::Method;
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::{Value, json};
use tests::{
    Answer, Officer, World, Youth, on_both_databases,
    people::{Person, action},
    world::id,
};
use uuid::Uuid;

use crate::erasure::erases;

/// What a youth tells, with `more` beside it.
fn tells(noa: &Youth, report: Uuid, kind: &str, more: Value) -> Value {
    let mut body = json!({
        "report_id": report, "event_kind": kind, "what": "Någon skriver till mig",
        "happened": {"certainty": "unknown"}, "files": [], "questionnaire_version": 1,
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let mut told = action(noa.world(), &format!("report:{report}"), "report-submit", body);
    told["v"] = json!(2);
    told
}

async fn told(noa: &Youth, kind: &str, more: Value) -> Uuid {
    let report = id();
    noa.does(tells(noa, report, kind, more)).await;
    report
}

fn on_report(world: &World, kind: &str, report: Uuid, mut more: Value) -> Value {
    more["report_id"] = json!(report);
    action(world, &format!("report:{report}"), kind, more)
}

async fn sees(person: &impl Person, report: Uuid) -> Value {
    person.asks(Method::GET, &format!("/api/v1/reports/{report}"), None).await.ok()
}

/// Does something with a report as it stands.
async fn handles(kim: &Officer, kind: &str, report: Uuid, mut more: Value) {
    more["expected_revision"] = sees(kim, report).await["revision"].clone();
    kim.does(on_report(kim.world(), kind, report, more)).await;
}

async fn is_refused(person: &impl Person, action: Value) -> String {
    let result = person.pushes(&[action]).await.remove(0);
    assert_eq!(result["outcome"], "refused", "{result}");
    result["problem"]["type"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

async fn lists(person: &impl Person, by: &str) -> Vec<Uuid> {
    let (mut all, mut next) = (Vec::new(), String::new());
    loop {
        let page = person.asks(Method::GET, &format!("/api/v1/reports?limit=2&{by}{next}"), None).await.ok();
        let items = page["items"].as_array().unwrap().iter();
        all.extend(items.map(|item| item["report_id"].as_str().unwrap().parse::<Uuid>().unwrap()));
        match page.get("next").and_then(Value::as_str) {
            Some(token) => next = format!("&next={token}"),
            None => return all,
        }
    }
}

async fn searches(kim: &Officer, by: &str, wanted: &str) -> Answer {
    kim.asks(Method::POST, "/api/v1/reports/search", Some(&json!({"reason": "same-person", by: wanted}))).await
}

fn ids(answer: &Answer) -> Vec<Uuid> {
    let items = answer.json["items"].as_array().unwrap().iter();
    items.map(|item| item["report_id"].as_str().unwrap().parse().unwrap()).collect()
}

on_both_databases! {
    async fn a_report_is_followed_to_its_end(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let answers = json!([
            {"question_id": "lost", "options": ["money", "account"]}, {"question_id": "amount", "words": "800 kronor"},
        ]);
        let links = json!(["https://www.instagram.com/Elak99/?igsh=x", "Snapchat: elak.99"]);
        let report = told(&noa, "fraud", json!({"answers": answers, "links": links, "area": "2580"})).await;
        let hers = sees(&noa, report).await;
        assert_eq!((&hers["state"], &hers["as_tip"], &hers["answers"], &hers["area"]), (&json!("received"), &json!(true), &answers, &json!("2580")));
        assert!(hers["number"].as_str().unwrap().starts_with("R-"), "{hers}");
        let seen: Vec<_> = hers["links"].as_array().unwrap().iter().map(|link| (link["platform"].as_str(), link["user_name"].as_str())).collect();
        assert_eq!(seen, [(Some("instagram"), Some("elak99")), (Some("snapchat"), Some("elak.99"))]);
        assert_eq!((hers.get("priority"), hers.get("reasons"), hers.get("incident_id")), (None, None, None), "a youth sees what is for officers");

        kim.does(on_report(&world, "report-read", report, json!({"expected_revision": 1}))).await;
        assert_eq!(sees(&noa, report).await["reader"], "07");

        // A question is a talk: it comes to her, and she answers there.
        let talk = id();
        handles(&kim, "report-open-talk", report, json!({"conversation_id": talk})).await;
        kim.answers(talk, "Vet du vilket konto pengarna gick till?").await;
        let hers = sees(&noa, report).await;
        assert_eq!((&hers["state"], &hers["conversation_id"]), (&json!("question-asked"), &json!(talk)));
        let in_inbox = noa.pulls(&format!("inbox:{}", noa.account_id)).await.to_string();
        assert!(in_inbox.contains(&talk.to_string()), "her phone hears of no talk");
        noa.does(noa.message(talk, "Ja, jag har numret")).await;
        let said: Vec<_> = noa.reads_messages(talk).await.iter().map(|message| message["text"].clone()).collect();
        assert_eq!(said, ["Vet du vilket konto pengarna gick till?", "Ja, jag har numret"]);
        let again = json!({"conversation_id": id(), "expected_revision": sees(&kim, report).await["revision"]});
        assert_eq!(is_refused(&kim, on_report(&world, "report-open-talk", report, again)).await, "conflict", "two talks of one report");

        // Who she is comes when she wants it to.
        noa.does(on_report(&world, "report-introduce", report, json!({"name": "Kim K", "reach": "efter skolan"}))).await;
        let known = sees(&kim, report).await;
        assert_eq!((&known["introduction"]["name"], &known["as_tip"]), (&json!("Kim K"), &json!(false)));

        handles(&kim, "report-pass-on", report, json!({"to": "bedrägerigruppen"})).await;
        assert_eq!(sees(&noa, report).await["passed_to"], "bedrägerigruppen");
        handles(&kim, "report-register", report, json!({"police_number": "5000-K1-26"})).await;
        let hers = sees(&noa, report).await;
        assert_eq!((&hers["state"], &hers["police_number"]), (&json!("registered"), &json!("5000-K1-26")));
        handles(&kim, "report-close", report, json!({"outcome": "report-made", "why": "En utredare hör av sig."})).await;
        let hers = sees(&noa, report).await;
        assert_eq!((&hers["state"], &hers["outcome"], &hers["closing_words"]), (&json!("closed"), &json!("report-made"), &json!("En utredare hör av sig.")));

        // What is closed stays as it was closed, and the log says who did what.
        let late = json!({"to": "någon annan", "expected_revision": hers["revision"]});
        assert_eq!(is_refused(&kim, on_report(&world, "report-pass-on", report, late)).await, "report-closed");
        let lines = audit_entry::Entity::find().all(world.deps.db.read()).await.unwrap();
        for done in ["report-open-talk", "report-pass-on", "report-register", "report-close report-made"] {
            assert!(lines.iter().any(|line| line.subject_id == report && line.detail.as_deref() == Some(done)), "{done} is not in the log");
        }
    }

    async fn only_officers_handle_and_only_as_they_saw(world) {
        let (noa, mia, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        let report = told(&noa, "hate", json!({})).await;
        let acts = [
            ("report-open-talk", json!({"conversation_id": id()})), ("report-pass-on", json!({"to": "x"})),
            ("report-register", json!({"police_number": "1"})), ("report-close", json!({"outcome": "tip-taken", "why": "x"})),
        ];
        for (kind, mut more) in acts {
            more["expected_revision"] = json!(1);
            assert_eq!(is_refused(&noa, on_report(&world, kind, report, more.clone())).await, "role-refused", "{kind}");
            assert_eq!(is_refused(&mia, on_report(&world, kind, report, more.clone())).await, "not-found", "{kind}");
            more["expected_revision"] = json!(7);
            assert_eq!(is_refused(&kim, on_report(&world, kind, report, more)).await, "revision-conflict", "{kind}");
        }
        let who = json!({"name": "Mia"});
        assert_eq!(is_refused(&mia, on_report(&world, "report-introduce", report, who.clone())).await, "not-found");
        assert_eq!(is_refused(&kim, on_report(&world, "report-introduce", report, who)).await, "role-refused");
        let silent = json!({"outcome": "tip-taken", "why": "  ", "expected_revision": 1});
        assert_eq!(is_refused(&kim, on_report(&world, "report-close", report, silent)).await, "text-empty", "closed without a word");
        assert_eq!((&sees(&noa, report).await["state"], &sees(&noa, report).await["revision"]), (&json!("received"), &json!(1)));
    }

    async fn reports_are_found_by_time(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let mut all = Vec::new();
        for kind in ["threat", "hate", "threat", "threat", "drugs"] {
            all.push((told(&noa, kind, json!({})).await, world.now()));
            world.clock.wind(10);
        }
        let from = |nth: usize| format!("received_from={}", all[nth].1);
        let until = |nth: usize| format!("received_until={}", all[nth].1);
        let ids = |wanted: &[usize]| wanted.iter().map(|nth| all[*nth].0).collect::<Vec<_>>();
        assert_eq!(lists(&kim, &from(1)).await, ids(&[4, 3, 2, 1]), "the newest first, and the moment itself too");
        assert_eq!(lists(&kim, &until(3)).await, ids(&[2, 1, 0]), "up to the moment");
        assert_eq!(lists(&kim, &format!("{}&{}&event_kind=threat", from(1), until(4))).await, ids(&[3, 2]));
        assert_eq!(lists(&noa, &format!("{}&{}", from(2), until(3))).await, ids(&[2]));
        let nonsense = kim.asks(Method::GET, "/api/v1/reports?received_from=yesterday", None).await;
        assert_eq!(nonsense.problem(), "malformed");
    }

    async fn who_did_not_see_that_a_colleague_was_quicker_is_told(world) {
        let (noa, kim, alex) = (world.youth().await, world.officer("07").await, world.officer("12").await);
        let report = told(&noa, "hate", json!({})).await;
        handles(&alex, "report-read", report, json!({})).await;
        let reads = on_report(&world, "report-read", report, json!({"expected_revision": 1}));
        assert_eq!(is_refused(&kim, reads).await, "revision-conflict");
        assert_eq!(sees(&noa, report).await["reader"], "12");
        // Whoever says something to her is whom she is told of.
        handles(&kim, "report-pass-on", report, json!({"to": "utredarna"})).await;
        assert_eq!(sees(&noa, report).await["reader"], "07");
    }

    async fn of_a_report_that_is_going_no_talk_begins(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let report = told(&noa, "hate", json!({})).await;
        let revision = sees(&kim, report).await["revision"].clone();
        // Its erasure has just begun: the word of it stands, and the row is still there.
        let begun = erasure::Model {
            subject_id: report, subject_kind: SubjectKind::Report, reason: ErasureReason::Mistake, by_id: None, by_number: None,
            at: world.deps.clock.now(), messages: 0, files: 0, removed_at: None, scrubbed_at: None,
        };
        let tx = world.deps.db.begin().await.unwrap();
        erasure::Entity::insert(begun.into_active_model()).exec_without_returning(&*tx).await.unwrap();
        tx.commit().await.unwrap();
        let talk = id();
        let asked = on_report(&world, "report-open-talk", report, json!({"conversation_id": talk, "expected_revision": revision}));
        assert_eq!(is_refused(&kim, asked).await, "erased");
        assert_eq!(world.column("SELECT state FROM conversation").await, Vec::<String>::new(), "an empty talk is left");
    }

    async fn answers_answer_what_was_asked(world) {
        let noa = world.youth().await;
        for (why, answers) in [
            ("a question of another kind", json!([{"question_id": "met", "options": ["no"]}])),
            ("no question at all", json!([{"question_id": "shoe-size", "words": "38"}])),
            ("an option that is none", json!([{"question_id": "lost", "options": ["honour"]}])),
            ("two where one is asked for", json!([{"question_id": "bank-knows", "options": ["yes", "no"]}])),
            ("words where an option is asked for", json!([{"question_id": "lost", "words": "pengar"}])),
            ("nothing", json!([{"question_id": "amount"}])),
            ("twice", json!([{"question_id": "amount", "words": "1"}, {"question_id": "amount", "words": "2"}])),
            ("too long", json!([{"question_id": "amount", "words": "x".repeat(2001)}])),
            ("what has a field of its own", json!([{"question_id": "what", "words": "x"}])),
        ] {
            assert_eq!(is_refused(&noa, tells(&noa, id(), "fraud", json!({"answers": answers}))).await, "answers-unfit", "{why}");
        }
        let unknown = json!({"answers": [{"question_id": "amount", "words": "1"}], "questionnaire_version": 99});
        assert_eq!(is_refused(&noa, tells(&noa, id(), "fraud", unknown)).await, "answers-unfit");
        assert_eq!(lists(&noa, "").await, Vec::<Uuid>::new());
    }

    async fn a_draft_of_an_older_version_arrives_whole(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let path = "/api/v1/questionnaires/current";
        let first = world.asks(Method::GET, path, None, None).await.ok();
        let mut next = first.clone();
        next["version"] = json!(2);
        next["valid_from"] = json!("2026-01-01T00:00:00.000Z");
        let asked = next["questions"].as_array_mut().unwrap();
        for question in asked.iter_mut().filter(|question| question["id"] == "afraid") {
            question["options"] = json!([{"id": "very", "label": {"sv": "Mycket", "en": "Very"}}, {"id": "no", "label": {"sv": "Nej", "en": "No"}}]);
        }
        assert_eq!(questionnaires::load(&world.deps, &next.to_string()).await.unwrap().0, 2);
        assert_eq!(questionnaires::load(&world.deps, &next.to_string()).await.unwrap().0, 2, "loaded twice");
        assert_eq!(world.asks(Method::GET, path, None, None).await.ok()["version"], 2);

        let old = json!([{"question_id": "afraid", "options": ["yes"]}]);
        let report = told(&noa, "recruitment", json!({"answers": old})).await;
        let seen = sees(&kim, report).await;
        assert_eq!((&seen["questionnaire_version"], &seen["answers"]), (&json!(1), &old));
        assert_eq!(world.asks(Method::GET, "/api/v1/questionnaires/1", None, None).await.ok(), first, "its own version is shown otherwise");
        let mixed = json!({"answers": old, "questionnaire_version": 2});
        assert_eq!(is_refused(&noa, tells(&noa, id(), "recruitment", mixed)).await, "answers-unfit");

        next["questions"][0]["ask"]["sv"] = json!("Något annat?");
        assert!(questionnaires::load(&world.deps, &next.to_string()).await.unwrap_err().contains("never changed"));
        for (why, broken) in [
            ("a language is lacking", next.to_string().replace("\"sv\":\"Något annat?\"", "\"sv\":\"\"")),
            ("a kind is lacking", { let mut less = next.clone(); less["kinds"].as_array_mut().unwrap().pop(); less.to_string() }),
            ("it is no document", "{}".to_owned()),
        ] {
            assert!(questionnaires::load(&world.deps, &broken.replace("\"version\":2", "\"version\":3")).await.is_err(), "{why}");
        }
        assert_eq!(world.asks(Method::GET, "/api/v1/questionnaires/3", None, None).await.problem(), "not-found");
    }

    async fn the_inbox_is_in_order_and_can_be_narrowed(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let mut all = Vec::new();
        for (kind, area, what) in [
            ("threat", "2580", "någon är elak"), ("fraud", "2580", "jag blev lurad"), ("threat", "2480", "jag vill dö"),
            ("threat", "2480", "han har en kniv"), ("drugs", "2580", "de säljer"),
        ] {
            all.push(told(&noa, kind, json!({"area": area, "what": what})).await);
            world.clock.wind(1);
        }
        handles(&kim, "report-close", all[0], json!({"outcome": "not-police-matter", "why": "Det är inget brott."})).await;
        let order = |of: &[usize]| of.iter().map(|nth| all[*nth]).collect::<Vec<_>>();
        assert_eq!(lists(&kim, "").await, order(&[2, 3, 1, 4, 0]), "urgent first, then old, closed last");
        assert_eq!(lists(&kim, "event_kind=threat").await, order(&[2, 3, 0]));
        assert_eq!(lists(&kim, "area=2580&state=received").await, order(&[1, 4]));
        assert_eq!(lists(&kim, "priority=p1").await, order(&[2]));
        assert_eq!(lists(&kim, "event_kind=threat&area=2480&priority=p2").await, order(&[3]));
        assert_eq!(lists(&noa, "").await, order(&[4, 3, 2, 1, 0]), "her own, the newest first");
        assert_eq!(lists(&noa, "priority=p1").await.len(), 5, "a youth learns what is urgent");
        let urgent = sees(&kim, all[2]).await;
        assert_eq!((&urgent["priority"], &urgent["reasons"]), (&json!("p1"), &json!(["self-harm"])));
        let hers = sees(&noa, all[2]).await;
        assert_eq!((&hers["self_harm"], &hers["in_danger"]), (&json!(true), &json!(true)));
    }

    async fn the_same_account_is_found_in_all_reports_and_the_words_stay_out_of_the_log(world) {
        let (noa, mia, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        let one = told(&noa, "grooming", json!({"links": ["https://www.instagram.com/Elak99/"]})).await;
        world.clock.wind(1);
        let other = told(&mia, "sexual-image", json!({"links": ["Snap: @elak99", "och någon till"]})).await;
        told(&mia, "other", json!({"links": ["elak98"]})).await;
        for wanted in ["elak99", "@ELAK99", "https://instagram.com/elak99", "Snapchat: elak99"] {
            assert_eq!(ids(&searches(&kim, "clue", wanted).await), [other, one], "{wanted}");
        }
        assert_eq!(ids(&searches(&kim, "clue", "lurad").await), Vec::<Uuid>::new(), "what people wrote is searched");
        let number = sees(&kim, one).await["number"].as_str().unwrap().to_owned();
        assert_eq!(ids(&searches(&kim, "number", &number.to_lowercase()).await), [one]);
        assert_eq!(ids(&searches(&kim, "number", &number[2..]).await), [one]);
        assert_eq!(searches(&kim, "clue", " ").await.problem(), "text-empty");
        assert_eq!(kim.asks(Method::POST, "/api/v1/reports/search", Some(&json!({"reason": "danger"}))).await.problem(), "malformed");
        let lines = audit_entry::Entity::find().all(world.deps.db.read()).await.unwrap();
        let searched: Vec<_> = lines.iter().filter_map(|line| line.detail.as_deref()).filter(|detail| detail.starts_with("report-search")).collect();
        assert_eq!(searched.len(), 7);
        assert!(searched.iter().all(|detail| ["report-search clue same-person", "report-search number same-person"].contains(detail)), "{searched:?}");

        // What is erased is found no more, by anything that points to it.
        let lead = world.staff("03", Role::Lead).await;
        erases(&lead, "report", one).await.ok();
        assert_eq!(ids(&searches(&kim, "clue", "elak99").await), [other]);
        assert_eq!(world.effects().await["report_clue"], 2, "a clue outlives its report");
    }

    async fn a_talk_becomes_a_report_with_the_messages_that_she_chose(world) {
        let (noa, mia, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        let talk = noa.writes("hej, får jag fråga en sak").await;
        noa.does(noa.message(talk, "han hotar att sprida min bild")).await;
        kim.takes(talk).await;
        kim.answers(talk, "Vill du berätta det som en rapport?").await;
        let said = noa.reads_messages(talk).await;
        let chosen = json!([said[2]["message_id"], said[1]["message_id"]]);
        let from = json!({"conversation_id": talk, "message_ids": chosen});
        let report = told(&noa, "sexual-image", from.clone()).await;
        let seen = sees(&kim, report).await;
        let words: Vec<_> = seen["excerpt"].as_array().unwrap().iter().map(|message| (message["by"].as_str().unwrap(), message["text"].as_str().unwrap())).collect();
        assert_eq!(words, [("youth", "han hotar att sprida min bild"), ("officer", "Vill du berätta det som en rapport?")], "in their order, and no others");
        assert_eq!(seen["conversation_id"], json!(talk));

        assert_eq!(is_refused(&mia, tells(&mia, id(), "other", from)).await, "not-found", "somebody else's talk");
        let gone = json!({"conversation_id": talk, "message_ids": [id()]});
        assert_eq!(is_refused(&noa, tells(&noa, id(), "other", gone)).await, "not-found");
    }

    async fn reports_and_talks_of_one_thing_are_joined(world) {
        let (noa, mia, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        let (one, other, incident) = (told(&noa, "party", json!({})).await, told(&mia, "party", json!({})).await, id());
        let talk = mia.writes("det är bråk").await;
        for report in [one, other] {
            kim.does(on_report(&world, "report-join", report, json!({"incident_id": incident, "title": "Festen"}))).await;
        }
        kim.does(crate::incidents::joins(&world, talk, incident, "Festen")).await;
        let (seen, of_talk) = (sees(&kim, one).await, kim.sees(talk).await);
        assert_eq!((&seen["incident_title"], &seen["incident_number"]), (&json!("Festen"), &of_talk["incident"]["number"]));
        let number = seen["incident_number"].as_str().unwrap();
        assert_eq!(ids(&searches(&kim, "number", number).await).len(), 2);
        let hers = format!("{}{}", sees(&noa, one).await, noa.pulls(&format!("inbox:{}", noa.account_id)).await);
        assert!(!hers.contains(number) && !hers.contains("Festen"), "a youth learns of the others");
        let elsewhere = json!({"incident_id": id(), "title": "En annan"});
        assert_eq!(is_refused(&kim, on_report(&world, "report-join", one, elsewhere)).await, "conflict");
        kim.does(on_report(&world, "report-leave", one, json!({"incident_id": incident}))).await;
        assert_eq!(ids(&searches(&kim, "number", number).await), [other]);
    }
}
