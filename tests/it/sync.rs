//! The one door for writes: one effect, the same answer, lanes in order.

use entities::words::Role;
use natpatrull::{base::db::Tx, sync::KINDS};
use reqwest::Method;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::{Value, json};
use tests::{
    Backend, World, on_both_databases,
    people::{Person, action},
    world::{answer, id},
};
use tokio::{io::AsyncWriteExt, net::TcpStream};
use uuid::Uuid;

/// What apps have sent since each version was shipped, in an order in which it can be done. Lines are added and never changed:
/// a phone that lay in a drawer sends just this.
const SHIPPED: &str = include_str!("actions/v1.jsonl");

/// Pushes, and hangs up when the reply has come without having read it.
async fn pushes_and_loses_the_reply(person: &impl Person, action: &Value) {
    let body = person.push_body(std::slice::from_ref(action)).to_string();
    let address = person.world().url.trim_start_matches("http://").to_owned();
    let head = format!(
        "POST /api/v1/sync/push HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        person.token(),
        body.len()
    );
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    socket.readable().await.unwrap();
}

/// One effect and the same answer, however often it is sent and though the first reply is lost. Gives the kind back.
async fn has_one_effect(person: &impl Person, action: &Value) -> String {
    let kind = action["kind"].as_str().unwrap().to_owned();
    let before = person.world().effects().await;
    pushes_and_loses_the_reply(person, action).await;
    let once = person.world().effects().await;
    assert_eq!(once["action_receipt"], before["action_receipt"] + 1, "{kind}: no receipt when the reply came");
    // What an officer marks for herself is told to nobody.
    let told = kind != "case-hard";
    assert_eq!(once["journal_entry"] > before["journal_entry"], told, "{kind}: whether the journal tells of it");

    let mut answers = Vec::new();
    for again in [vec![action.clone()], vec![action.clone(), action.clone()]] {
        answers.extend(person.pushes(&again).await);
    }
    for answer in &answers {
        assert_eq!(
            (&answer["outcome"], &answer["original"]),
            (&json!("duplicate"), &json!("applied")),
            "{kind}: {answer}"
        );
        assert_eq!(answer, &answers[0], "{kind}: another answer");
        assert!(answer["entity"].is_object(), "{kind}: {answer}");
    }
    let mut other = action.clone();
    let field = [
        "text",
        "what",
        "question",
        "expected_revision",
        "pos",
        "conversation_id",
        "report_id",
        "shift_id",
        "file_id",
        "idea_id",
        "dialogue_id",
        "question_id",
        "patrol_id",
        "entry_id",
        "notice_id",
    ]
    .into_iter()
    .find(|field| action["body"].get(field).is_some())
    .unwrap();
    other["body"][field] = match &action["body"][field] {
        _ if field.ends_with("_id") => json!(id()),
        Value::String(_) => json!("något annat"),
        _ => json!(77),
    };
    let refused = person.pushes(&[other]).await.remove(0);
    assert_eq!(
        refused["problem"]["kind"], "action-id-reused",
        "{kind}: the same id with another {field} ended as {refused}"
    );
    assert_eq!(person.world().effects().await, once, "{kind}: a repeat left something behind");
    kind
}

/// As when the disk is full: SQLite ends a transaction by itself, and its driver does not hear of that.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_acknowledged_stands_though_sqlite_ended_a_transaction_before() {
    let world = World::start(Backend::Sqlite).await;
    let noa = world.youth().await;
    let conversation = noa.writes("hej").await;
    let ended = world.deps.db.begin().await.unwrap();
    ended.execute_unprepared("ROLLBACK").await.unwrap();
    drop(ended);
    // One that is given up for a reason of its own.
    drop(world.deps.db.begin().await.unwrap());
    noa.does(noa.message(conversation, "är någon där?")).await;
    // Whoever reads is not the writer, and sees what is committed.
    assert_eq!(noa.reads_messages(conversation).await.len(), 2, "what was acknowledged is part of no open transaction");
}

on_both_databases! {
    async fn what_may_wait_for_the_disk_makes_nothing_else_wait_less(world) {
        let db = &world.deps.db;
        let sqlite = db.backend() == DbBackend::Sqlite;
        let asks = if sqlite { "PRAGMA synchronous" } else { "SHOW synchronous_commit" };
        let (now, soon) = if sqlite { ("2", "1") } else { ("on", "off") };
        let mode = async |tx: Tx| {
            let row = tx.query_one_raw(Statement::from_string(db.backend(), asks)).await.unwrap().unwrap();
            if sqlite { row.try_get_by_index::<i64>(0).unwrap().to_string() } else { row.try_get_by_index(0).unwrap() }
        };
        assert_eq!(mode(db.begin().await.unwrap()).await, now);
        assert_eq!(mode(db.begin_unflushed().await.unwrap()).await, soon);
        assert_eq!(mode(db.begin_unflushed().await.unwrap()).await, soon);
        assert_eq!(mode(db.begin().await.unwrap()).await, now, "what a person is told stands is on the disk");
        // One that is broken off at any point leaves no wrong belief.
        for polls in (0..600).map(|nth| nth * 3) {
            let mut begun = Box::pin(db.begin_unflushed());
            for _ in 0..polls {
                if futures_util::poll!(&mut begun).is_ready() {
                    break;
                }
                tokio::task::yield_now().await;
            }
            drop(begun);
            assert_eq!(mode(db.begin().await.unwrap()).await, now, "broken off after {polls}");
        }
    }

    async fn a_message_sent_twice_stands_once(world) {
        let noa = world.youth().await;
        let conversation = id();
        let message = noa.message(conversation, "hej, är någon där?");
        let first = noa.pushes(std::slice::from_ref(&message)).await.remove(0);
        let second = noa.pushes(std::slice::from_ref(&message)).await.remove(0);
        let third = noa.pushes(&[message.clone(), message]).await;
        assert_eq!(first["outcome"], "applied");
        for again in [&second, &third[0], &third[1]] {
            assert_eq!(again["outcome"], "duplicate");
            assert_eq!(again["original"], "applied");
            assert_eq!(again["entity"], first["entity"]);
            assert_eq!(again["at"], first["at"]);
        }
        assert_eq!(noa.reads_messages(conversation).await.len(), 1);
    }

    async fn every_kind_has_one_effect_though_replies_are_lost(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let conversation = id();
        let lane = format!("conversation:{conversation}");
        let mut tried = vec![has_one_effect(&noa, &noa.message(conversation, "de vill in och vi vågar inte öppna")).await];

        let revision = noa.sees(conversation).await["revision"].clone();
        let take = json!({"conversation_id": conversation, "expected_revision": revision});
        tried.push(has_one_effect(&noa, &action(&world, &lane, "conversation-step-away", json!({"conversation_id": conversation}))).await);
        let survey = json!({"conversation_id": conversation, "asked": "would-have-called", "answer": "no"});
        tried.push(has_one_effect(&noa, &action(&world, &lane, "conversation-survey", survey)).await);
        let raise = json!({"conversation_id": conversation, "priority": "p1"});
        tried.push(has_one_effect(&kim, &action(&world, &lane, "conversation-raise", raise)).await);
        let seen = noa.sees(conversation).await["revision"].clone();
        let lower = json!({"conversation_id": conversation, "expected_revision": seen, "priority": "p2", "why": "De har gått."});
        tried.push(has_one_effect(&kim, &action(&world, &lane, "conversation-lower", lower)).await);
        tried.push(has_one_effect(&kim, &action(&world, &lane, "conversation-take", take)).await);
        let read = json!({"conversation_id": conversation, "pos": noa.sees(conversation).await["head"]});
        tried.push(has_one_effect(&kim, &action(&world, &lane, "conversation-read", read)).await);
        let answer = json!({"message_id": id(), "conversation_id": conversation, "text": "vi kommer"});
        tried.push(has_one_effect(&kim, &action(&world, &lane, "message-send", answer)).await);
        let (card, place) = (id(), id());
        let make = json!({"handover_id": card, "conversation_id": conversation, "receiver": "112", "card": {"what": "en har kniv"}});
        tried.push(has_one_effect(&kim, &action(&world, &lane, "handover-make", make)).await);
        let took = json!({"handover_id": card, "conversation_id": conversation, "name": "Lind"});
        tried.push(has_one_effect(&kim, &action(&world, &lane, "handover-acknowledge", took)).await);
        let back = json!({"handover_id": card, "conversation_id": conversation, "came_back": "advice", "told": "stanna inne"});
        tried.push(has_one_effect(&kim, &action(&world, &lane, "handover-answer", back)).await);
        let ask = json!({"location_id": place, "conversation_id": conversation});
        tried.push(has_one_effect(&kim, &action(&world, &lane, "location-ask", ask)).await);
        let fix = json!({"latitude": 63.8, "longitude": 20.3, "accuracy": 20.5, "fixed_at": world.now()});
        let give = json!({"location_id": place, "conversation_id": conversation, "fix": fix});
        tried.push(has_one_effect(&noa, &action(&world, &lane, "location-answer", give)).await);
        let incident = id();
        let join = json!({"incident_id": incident, "conversation_id": conversation, "title": "Festen"});
        tried.push(has_one_effect(&kim, &action(&world, &lane, "incident-join", join)).await);
        let leave = json!({"incident_id": incident, "conversation_id": conversation});
        tried.push(has_one_effect(&kim, &action(&world, &lane, "incident-leave", leave)).await);
        let decide = json!({
            "duty_id": id(), "conversation_id": conversation, "matter": "child-harmed", "decision": "made", "reason": "Hon är 14.", "text_version": 1,
        });
        tried.push(has_one_effect(&kim, &action(&world, &lane, "duty-record", decide)).await);
        let hard = json!({"conversation_id": conversation});
        tried.push(has_one_effect(&kim, &action(&world, &lane, "case-hard", hard)).await);
        let mute = id();
        let quiet = json!({"mute_id": mute, "conversation_id": conversation, "kind": "muted", "hours": 1, "reason": "insults"});
        tried.push(has_one_effect(&kim, &action(&world, &lane, "account-mute", quiet)).await);
        let end = json!({"mute_id": mute, "conversation_id": conversation});
        tried.push(has_one_effect(&kim, &action(&world, &lane, "mute-end", end)).await);
        let revision = noa.sees(conversation).await["revision"].clone();
        let close = json!({"conversation_id": conversation, "expected_revision": revision});
        tried.push(has_one_effect(&kim, &action(&world, &lane, "conversation-close", close)).await);

        let ask = json!({"conversation_id": conversation});
        tried.push(has_one_effect(&noa, &action(&world, &lane, "conversation-ask-erasure", ask)).await);

        let (alex, other) = (world.officer("12").await, noa.writes("en sak till").await);
        let lane = format!("conversation:{other}");
        alex.does(alex.starts(id())).await;
        kim.takes(other).await;
        let note = json!({"conversation_id": other, "text": "samma skola som i tisdags", "mentions": ["12"]});
        tried.push(has_one_effect(&kim, &action(&world, &lane, "note-write", note)).await);
        tried.push(has_one_effect(&alex, &action(&world, &lane, "notes-read", json!({"conversation_id": other}))).await);
        let pass = json!({"conversation_id": other, "to": "12", "note": "hon är ensam hemma"});
        tried.push(has_one_effect(&kim, &action(&world, &lane, "conversation-pass", pass)).await);
        let back = json!({"conversation_id": other, "note": "jag måste iväg"});
        tried.push(has_one_effect(&alex, &action(&world, &lane, "conversation-give-back", back)).await);

        let (report, file) = (id(), id());
        let named = json!([{"file_id": file, "sha256": "0".repeat(64), "size": 9, "media_type": "image/png"}]);
        tried.push(has_one_effect(&noa, &noa.report(report, "Han hotar mig", named)).await);
        let withhold = action(&world, &format!("file:{file}"), "file-withhold", json!({"file_id": file}));
        tried.push(has_one_effect(&kim, &withhold).await);
        let ask = json!({"report_id": report});
        tried.push(has_one_effect(&noa, &action(&world, &format!("report:{report}"), "report-ask-erasure", ask)).await);
        let begin = json!({"report_id": report, "expected_revision": 2});
        tried.push(has_one_effect(&kim, &action(&world, &format!("report:{report}"), "report-read", begin)).await);
        let lane = format!("report:{report}");
        let asked = id();
        let opens = json!({"report_id": report, "expected_revision": 3, "conversation_id": asked});
        tried.push(has_one_effect(&kim, &action(&world, &lane, "report-open-talk", opens)).await);
        kim.does(action(&world, &format!("conversation:{asked}"), "conversation-give-back", json!({"conversation_id": asked}))).await;
        let joins = json!({"incident_id": id(), "report_id": report, "title": "Samma konto"});
        tried.push(has_one_effect(&kim, &action(&world, &lane, "report-join", joins.clone())).await);
        let leaves = json!({"incident_id": joins["incident_id"], "report_id": report});
        tried.push(has_one_effect(&kim, &action(&world, &lane, "report-leave", leaves)).await);
        let passes = json!({"report_id": report, "expected_revision": 6, "to": "en utredare"});
        tried.push(has_one_effect(&kim, &action(&world, &lane, "report-pass-on", passes)).await);
        let introduces = json!({"report_id": report, "name": "Kim"});
        tried.push(has_one_effect(&noa, &action(&world, &lane, "report-introduce", introduces)).await);
        let registers = json!({"report_id": report, "expected_revision": 8, "police_number": "5000-K1-26"});
        tried.push(has_one_effect(&kim, &action(&world, &lane, "report-register", registers)).await);
        let closes = json!({"report_id": report, "expected_revision": 9, "outcome": "report-made", "why": "Klart."});
        tried.push(has_one_effect(&kim, &action(&world, &lane, "report-close", closes)).await);
        let tip = json!({"tip_id": id(), "topic": "scams", "municipality": "2480", "text": "Lämna aldrig ut en kod.", "action": "chat"});
        tried.push(has_one_effect(&kim, &action(&world, "tips", "tip-publish", tip.clone())).await);
        let back = json!({"tip_id": tip["tip_id"], "expected_revision": 1, "correction": "Det var fel."});
        tried.push(has_one_effect(&kim, &action(&world, "tips", "tip-recall", back)).await);
        let poll = json!({"poll_id": id(), "kind": "one", "question": "Vad vill du?", "options": [{"text": "Det"}, {"text": "Inget"}]});
        tried.push(has_one_effect(&kim, &action(&world, "polls", "poll-publish", poll.clone())).await);
        let over = json!({"poll_id": poll["poll_id"], "expected_revision": 1});
        tried.push(has_one_effect(&kim, &action(&world, "polls", "poll-close", over)).await);
        let (idea, twin, other, told) = (id(), id(), id(), id());
        for idea in [idea, twin, other, told] {
            let sends = json!({"idea_id": idea, "kind": "idea", "text": "Var med i spel."});
            tried.push(has_one_effect(&noa, &action(&world, "ideas", "idea-send", sends)).await);
        }
        let seen = |idea: uuid::Uuid, revision: i64| json!({"idea_id": idea, "expected_revision": revision});
        tried.push(has_one_effect(&kim, &action(&world, "ideas", "idea-show", seen(idea, 1))).await);
        let with = |mut body: serde_json::Value, name: &str, value: serde_json::Value| { body[name] = value; body };
        let merges = with(seen(twin, 1), "into", json!(idea));
        tried.push(has_one_effect(&kim, &action(&world, "ideas", "idea-merge", merges)).await);
        let answers = with(with(seen(idea, 2), "outcome", json!("done")), "answer", json!("Nu är vi där."));
        tried.push(has_one_effect(&kim, &action(&world, "ideas", "idea-answer", answers)).await);
        let wish = id();
        noa.does(action(&world, "ideas", "idea-send", json!({"idea_id": wish, "kind": "quarter", "text": "Blå torn"}))).await;
        tried.push(has_one_effect(&kim, &action(&world, "ideas", "idea-locate", seen(wish, 1))).await);
        let hides = with(seen(other, 1), "hiding", json!("not-understood"));
        tried.push(has_one_effect(&kim, &action(&world, "ideas", "idea-hide", hides)).await);
        let talks = with(seen(told, 1), "conversation_id", json!(id()));
        // Who holds no talk ends a shift more easily.
        let alex = world.officer("12").await;
        tried.push(has_one_effect(&alex, &action(&world, "ideas", "idea-open-talk", talks)).await);
        tried.push(has_one_effect(&noa, &action(&world, "ideas", "idea-take-back", json!({"idea_id": other}))).await);
        let room = id();
        let of_room = |kind: &str, revision: i64, more: Value| {
            let mut body = json!({"dialogue_id": room, "expected_revision": revision});
            for (name, value) in more.as_object().into_iter().flatten() {
                body[name] = value.clone();
            }
            action(&world, "dialogues", kind, body)
        };
        let begins = json!({"dialogue_id": room, "title": "Fråga oss", "starts_at": world.seconds_later(60)});
        tried.push(has_one_effect(&kim, &action(&world, "dialogues", "dialogue-announce", begins)).await);
        let plans = json!({"title": "Fråga oss mer", "starts_at": world.seconds_later(60)});
        tried.push(has_one_effect(&kim, &of_room("dialogue-change", 1, plans)).await);
        tried.push(has_one_effect(&kim, &of_room("dialogue-open", 2, json!({}))).await);
        tried.push(has_one_effect(&kim, &of_room("dialogue-seat", 3, json!({"seat": "speaker", "takes": true}))).await);
        let (asked, twin, hidden, told, taken) = (id(), id(), id(), id(), id());
        for one in [asked, twin, hidden, told, taken] {
            let text = if one == told { "Jag vill inte leva" } else { "När är ni ute?" };
            let asks = json!({"question_id": one, "dialogue_id": room, "text": text, "accepts_rules": true});
            tried.push(has_one_effect(&noa, &action(&world, "questions", "question-ask", asks)).await);
        }
        let of = |kind: &str, one: uuid::Uuid, revision: i64, more: Value| {
            let mut body = json!({"question_id": one, "expected_revision": revision});
            for (name, value) in more.as_object().into_iter().flatten() {
                body[name] = value.clone();
            }
            action(&world, "questions", kind, body)
        };
        tried.push(has_one_effect(&kim, &of("question-show", asked, 1, json!({}))).await);
        tried.push(has_one_effect(&kim, &of_room("dialogue-pin", 4, json!({"question_id": asked}))).await);
        tried.push(has_one_effect(&kim, &of_room("dialogue-slow", 5, json!({"slow_seconds": 30}))).await);
        tried.push(has_one_effect(&kim, &of("question-merge", twin, 1, json!({"into": asked}))).await);
        tried.push(has_one_effect(&kim, &of("question-assign", asked, 2, json!({"seat": "speaker"}))).await);
        tried.push(has_one_effect(&kim, &of("question-answer", asked, 3, json!({"mark_seconds": 7}))).await);
        tried.push(has_one_effect(&kim, &of("question-hide", hidden, 1, json!({"hiding": "not-understood"}))).await);
        tried.push(has_one_effect(&kim, &of("question-mute", hidden, 2, json!({}))).await);
        let back = json!({"question_id": taken});
        tried.push(has_one_effect(&noa, &action(&world, "questions", "question-take-back", back)).await);
        tried.push(has_one_effect(&kim, &of_room("dialogue-end", 6, json!({}))).await);
        tried.push(has_one_effect(&kim, &of_room("dialogue-archive", 7, json!({}))).await);
        let film = json!({"film": {"file_id": id(), "sha256": "0".repeat(64), "size": 9, "media_type": "video/mp4"}});
        tried.push(has_one_effect(&kim, &of_room("dialogue-film", 8, film)).await);

        let file = json!({"file_id": id(), "sha256": "0".repeat(64), "size": 9, "media_type": "image/png"});
        let post = json!({
            "post_id": id(), "topic": "scams", "title": "Falska konton", "text": "Spara länken.", "files": [{"file": file, "alt": "En skärm."}],
        });
        tried.push(has_one_effect(&kim, &action(&world, "posts", "post-publish", post.clone())).await);
        let right = json!({"post_id": post["post_id"], "expected_revision": 1, "why": "Fel länk.", "title": "Falska konton", "text": "Spara den."});
        tried.push(has_one_effect(&kim, &action(&world, "posts", "post-correct", right)).await);
        let gone = json!({"post_id": post["post_id"], "expected_revision": 2, "why": "Den var fel."});
        tried.push(has_one_effect(&kim, &action(&world, "posts", "post-withdraw", gone)).await);

        let shift = id();
        let lane = format!("shift:{shift}");
        tried.push(has_one_effect(&kim, &kim.starts(shift)).await);
        let ask = json!({"shift_id": shift, "device_id": kim.device_id});
        tried.push(has_one_effect(&kim, &action(&world, &lane, "shift-ask-alarm", ask)).await);
        tried.push(has_one_effect(&kim, &kim.answers_alarm(shift)).await);
        tried.push(has_one_effect(&kim, &action(&world, &lane, "shift-end", json!({"shift_id": shift}))).await);

        let lead = world.staff("03", Role::Lead).await;
        kim.does(kim.starts(id())).await;
        let invite = kim.invites_from(lead.makes_quarter("Spelkvällen").await).await;
        tried.push(has_one_effect(&noa, &noa.claims(id(), &invite, &invite.word)).await);

        let patrol = id();
        let lane = format!("patrol:{patrol}");
        let quarter = lead.makes_quarter("Torget").await;
        let (soon, later) = (world.seconds_later(60), world.seconds_later(3600));
        let plans = json!({"patrol_id": patrol, "expected_revision": 0, "starts_at": soon, "ends_at": later, "officers": ["07", "12"], "quarters": [quarter]});
        tried.push(has_one_effect(&kim, &action(&world, &lane, "patrol-plan", plans.clone())).await);
        for (kind, body) in [
            ("patrol-mark", json!({"patrol_id": patrol, "mark": "start"})),
            ("patrol-visit", json!({"patrol_id": patrol, "quarter_id": quarter})),
            ("patrol-count", json!({"patrol_id": patrol, "quarter_id": quarter, "counter": "talk"})),
            ("patrol-reflect", json!({"patrol_id": patrol, "went_well": "Många ville prata."})),
        ] {
            tried.push(has_one_effect(&kim, &action(&world, &lane, kind, body)).await);
        }
        let (entry, notice, joined) = (id(), id(), id());
        let others = noa.writes("samma sak").await;
        kim.does(action(&world, &lane, "incident-join", json!({"incident_id": joined, "conversation_id": others, "title": "Samma konto"}))).await;
        for (kind, body) in [
            ("log-write", json!({"entry_id": entry, "patrol_id": patrol, "quarter_id": quarter, "kind": "observation", "text": "Glåpord."})),
            ("log-turn", json!({"entry_id": entry, "incident_id": joined})),
            ("log-take-back", json!({"entry_id": entry})),
            ("notice-send", json!({"notice_id": notice, "quarter_id": quarter, "matter": "fraud", "target": "account", "channel": "in-app"})),
            ("notice-answer", json!({"notice_id": notice, "outcome": "removed"})),
        ] {
            tried.push(has_one_effect(&kim, &action(&world, &lane, kind, body)).await);
        }
        let never = with(plans, "patrol_id", json!(id()));
        kim.does(action(&world, &lane, "patrol-plan", never.clone())).await;
        let cancels = json!({"patrol_id": never["patrol_id"], "expected_revision": 1});
        tried.push(has_one_effect(&kim, &action(&world, &lane, "patrol-cancel", cancels)).await);

        let missing: Vec<_> = KINDS.iter().map(|(kind, ..)| *kind).filter(|kind| !tried.iter().any(|tried| tried == kind)).collect();
        assert_eq!(missing, Vec::<&str>::new(), "a kind of action is tried here with its reply lost");
    }

    async fn each_version_of_an_action_that_was_ever_shipped_is_still_taken(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        // The quarter that the actions name.
        let quarter = "0195a2c4-0000-7000-8000-0000000003d1".parse().unwrap();
        world.staff("03", Role::Lead).await.makes_quarter_as(quarter, "Spelkvällen").await;
        let alex = world.officer("12").await;
        alex.does(alex.starts(id())).await;
        let mut played = Vec::new();
        for line in SHIPPED.lines() {
            let shipped: Value = serde_json::from_str(line).unwrap();
            let mut envelope = shipped["envelope"].clone();
            if envelope["kind"] == "shift-answer-alarm" {
                // Each server makes its own proof.
                let device = "6c1f2a0e-7d34-4b58-9a1c-0e5d3f7b2c91".parse().unwrap();
                let shift = envelope["body"]["shift_id"].as_str().unwrap().parse().unwrap();
                envelope["body"]["proof"] = json!(natpatrull::push::proof(&world.deps.keys, device, shift));
            }
            if envelope["kind"] == "conversation-claim" {
                // Each server makes its own words.
                let secret = envelope["body"]["secret"].as_str().unwrap().to_owned();
                kim.does(kim.starts(id())).await;
                envelope["body"]["word"] = kim.asks_for_invite(id(), quarter, &secret).await.ok()["word"].clone();
            }
            let result = match shipped["who"].as_str().unwrap() {
                "youth" => noa.pushes(std::slice::from_ref(&envelope)).await,
                _ => kim.pushes(std::slice::from_ref(&envelope)).await,
            };
            assert_eq!(result[0]["outcome"], "applied", "{line}: {}", result[0]);
            played.push((envelope["kind"].as_str().unwrap().to_owned(), envelope["v"].as_u64().unwrap()));
        }
        for (kind, lowest, newest) in KINDS {
            for version in *lowest..=*newest {
                assert!(played.contains(&((*kind).to_owned(), version.into())), "{kind} {version} is not in tests/it/actions");
            }
        }
    }

    async fn many_messages_at_once_are_told_of_once(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let (one, other) = (id(), id());
        let sent: Vec<_> = [(one, "a"), (other, "x"), (one, "b"), (one, "c")].map(|(talk, text)| noa.message(talk, text)).into();
        assert!(noa.pushes(&sent).await.iter().all(|result| result["outcome"] == "applied"));
        for part in [noa.pulls(&format!("inbox:{}", noa.account_id)).await, kim.pulls("desk").await] {
            let told: Vec<_> = part["events"].as_array().unwrap().iter()
                .map(|event| (event["pos"].as_i64().unwrap(), event["entity_id"].clone(), event["revision"].as_i64().unwrap(), event["conversation"]["last_text"].clone()))
                .collect();
            assert_eq!(told, [(1, json!(one), 3, json!("c")), (2, json!(other), 1, json!("x"))], "{part}");
        }
        let said: Vec<_> = noa.reads_messages(one).await.iter().map(|message| message["text"].clone()).collect();
        assert_eq!(said, ["a", "b", "c"]);
    }

    async fn twins_in_one_batch_have_one_effect(world) {
        let noa = world.youth().await;
        let conversation = id();
        let message = noa.message(conversation, "hej");
        let results = noa.pushes(&[message.clone(), message]).await;
        assert_eq!(results[0]["outcome"], "applied");
        assert_eq!(results[1]["outcome"], "duplicate");
        assert_eq!(noa.reads_messages(conversation).await.len(), 1);
    }

    async fn the_same_id_with_another_body_is_refused(world) {
        let noa = world.youth().await;
        let conversation = id();
        let message = noa.message(conversation, "hej");
        noa.does(message.clone()).await;
        let mut other = message.clone();
        other["body"]["text"] = json!("något annat");
        let result = noa.pushes(&[other]).await.remove(0);
        assert_eq!(result["outcome"], "refused");
        assert_eq!(result["problem"]["kind"], "action-id-reused");
        // Its fields in another order are the same body.
        let turned = serde_json::to_string(&message["body"]).unwrap();
        assert!(turned.contains("message_id"));
        assert_eq!(noa.pushes(&[message]).await[0]["outcome"], "duplicate");
        assert_eq!(noa.reads_messages(conversation).await.len(), 1);
    }

    async fn pushes_at_once_keep_dense_positions(world) {
        let noa = world.youth().await;
        let conversation = noa.writes("första").await;
        let mut sending = Vec::new();
        for n in 0..20 {
            let (noa, message) = (noa.clone(), noa.message(conversation, &format!("nummer {n}")));
            sending.push(tokio::spawn(async move { noa.pushes(&[message]).await.remove(0) }));
        }
        for result in sending {
            assert_eq!(result.await.unwrap()["outcome"], "applied");
        }
        let stream = noa.pulls(&format!("conversation:{conversation}")).await;
        let positions: Vec<i64> = stream["events"].as_array().unwrap().iter().map(|e| e["pos"].as_i64().unwrap()).collect();
        assert_eq!(positions, (1..=21).collect::<Vec<_>>(), "positions must be dense and in order");
        assert_eq!(stream["head"], 21);
    }

    async fn what_cannot_be_read_does_not_hold_back_the_rest(world) {
        let noa = world.youth().await;
        let conversation = id();
        let unknown = action(&world, "prefs", "nothing-known", json!({}));
        let mut newer = noa.message(id(), "från en nyare app");
        newer["v"] = json!(99);
        let mut odd = noa.message(conversation, "hej");
        odd["body"]["colour"] = json!("blue");
        let long = noa.message(conversation, &"x".repeat(60_000));
        let good = noa.message(conversation, "hej");
        let results = noa.pushes(&[unknown, newer, odd, json!(7), long.clone(), good]).await;
        let kinds: Vec<_> = results.iter().map(|r| r["problem"]["kind"].as_str().unwrap_or("-")).collect();
        assert_eq!(kinds, ["unknown-action-kind", "unknown-action-version", "malformed", "malformed", "text-too-long", "-"]);
        assert_eq!(results[2]["problem"]["fields"][0]["field"], "colour");
        assert_eq!(results[5]["outcome"], "applied");
        // A rule's refusal is remembered; a form that was not known is not.
        assert_eq!(noa.pushes(&[long]).await[0]["outcome"], "duplicate");
        assert_eq!(noa.reads_messages(conversation).await.len(), 1);
    }

    async fn what_only_a_newer_server_knows_keeps_its_place(world) {
        let noa = world.youth().await;
        let conversation = id();
        let first = noa.message(conversation, "först");
        let mut newer = noa.message(conversation, "från en nyare app");
        newer["v"] = json!(99);
        let later = noa.message(conversation, "sedan");
        let mut leaning = noa.message(id(), "därför");
        leaning["after"] = json!([newer["action_id"]]);
        let beside = noa.message(id(), "bredvid");
        let sent = [first, newer.clone(), later, leaning, beside];
        let results = noa.pushes(&sent).await;
        let outcomes: Vec<_> = results.iter().map(|result| result["outcome"].as_str().unwrap()).collect();
        assert_eq!(outcomes, ["applied", "refused", "blocked", "blocked", "applied"]);
        // The server that knows it comes, and each stands in its place.
        newer["v"] = json!(1);
        let [first, _, later, leaning, beside] = sent;
        let results = noa.pushes(&[first, newer, later, leaning, beside]).await;
        let outcomes: Vec<_> = results.iter().map(|result| result["outcome"].as_str().unwrap()).collect();
        assert_eq!(outcomes, ["duplicate", "applied", "applied", "applied", "duplicate"]);
        let texts: Vec<_> = noa.reads_messages(conversation).await.iter().map(|one| one["text"].clone()).collect();
        assert_eq!(texts, ["först", "från en nyare app", "sedan"]);
    }

    async fn a_refused_action_takes_along_those_that_need_it(world) {
        let noa = world.youth().await;
        let conversation = id();
        let empty = noa.message(conversation, "   ");
        let mut next = noa.message(conversation, "därför");
        next["after"] = json!([empty["action_id"]]);
        let free = noa.message(conversation, "hej");
        let results = noa.pushes(&[empty, next, free]).await;
        assert_eq!(results[0]["problem"]["kind"], "text-empty");
        assert_eq!(results[1]["problem"]["kind"], "dependency-refused");
        assert_eq!(results[2]["outcome"], "applied");
    }

    async fn a_talk_goes_both_ways(world) {
        let (noa, kim, other) = (world.youth().await, world.officer("07").await, world.officer("12").await);
        let conversation = noa.writes("det är fullt av folk här som jag inte känner").await;
        assert_eq!(noa.sees(conversation).await["read_by"], serde_json::Value::Null);
        let waiting = kim.asks(Method::GET, "/api/v1/chat/conversations?state=waiting", None).await.ok();
        assert_eq!(waiting["items"][0]["conversation_id"], json!(conversation));

        kim.takes(conversation).await;
        kim.reads(conversation).await;
        kim.answers(conversation, "vi är här. är någon skadad?").await;
        let seen = noa.sees(conversation).await;
        assert_eq!((&seen["read_by"], &seen["holder"], &seen["unread"]), (&json!("07"), &json!("07"), &json!(true)));
        let messages = noa.reads_messages(conversation).await;
        assert_eq!(messages[1]["public_number"], "07");
        assert_eq!(messages[1]["mine"], false);

        let refused = other.pushes(&[action(&world, &format!("conversation:{conversation}"), "message-send", json!({
            "message_id": id(), "conversation_id": conversation, "text": "jag med",
        }))]).await.remove(0);
        assert_eq!(refused["problem"]["kind"], "conversation-not-held");
        let inbox = noa.pulls(&format!("inbox:{}", noa.account_id)).await;
        assert!(inbox["events"].as_array().unwrap().iter().all(|e| e["conversation"]["conversation_id"] == json!(conversation)));
    }

    async fn nobody_reads_anothers_talk(world) {
        let (noa, sam) = (world.youth().await, world.youth().await);
        let conversation = noa.writes("hej").await;
        let path = format!("/api/v1/chat/conversations/{conversation}");
        assert_eq!(sam.asks(Method::GET, &path, None).await.problem(), "not-found");
        assert_eq!(sam.asks(Method::GET, &format!("{path}/messages"), None).await.problem(), "not-found");
        assert_eq!(sam.pushes(&[sam.message(conversation, "hej")]).await[0]["problem"]["kind"], "not-found");
        let streams = json!({format!("conversation:{conversation}"): {"tail": 10}, format!("inbox:{}", noa.account_id): {"tail": 10}, "desk": {"tail": 10}});
        let pulled = sam.asks(Method::POST, "/api/v1/sync/pull", Some(&json!({"device_id": sam.device_id, "envelope": 1, "streams": streams}))).await.ok();
        assert_eq!(pulled["gone"].as_array().unwrap().len(), 3);
        assert_eq!(pulled["streams"], json!({}));
    }

    async fn the_plain_door_keeps_the_same_promise(world) {
        let noa = world.youth().await;
        let (conversation, key) = (id(), id());
        let body = json!({"message_id": id(), "conversation_id": conversation, "text": "hej"});
        let send = async |body: &serde_json::Value| {
            tests::world::answer(noa.world.http.post(format!("{}/api/v1/chat/messages", noa.world.url))
                .bearer_auth(&noa.token).header("idempotency-key", key.to_string()).json(body)).await
        };
        assert_eq!(send(&body).await.ok()["outcome"], "applied");
        assert_eq!(send(&body).await.ok()["outcome"], "duplicate");
        let mut other = body.clone();
        other["text"] = json!("annat");
        assert_eq!(send(&other).await.problem(), "action-id-reused");
        // The same action through the other door is the same action.
        let mut envelope = action(&world, &format!("conversation:{conversation}"), "message-send", body);
        envelope["action_id"] = json!(key);
        assert_eq!(noa.pushes(&[envelope]).await[0]["outcome"], "duplicate");
        assert_eq!(noa.reads_messages(conversation).await.len(), 1);
    }

    async fn an_envelope_of_another_account_is_refused(world) {
        let (noa, sam) = (world.youth().await, world.youth().await);
        let body = sam.push_body(&[sam.message(id(), "hej")]);
        assert_eq!(noa.asks(Method::POST, "/api/v1/sync/push", Some(&body)).await.problem(), "envelope-mismatch");
    }

    async fn both_doors_know_a_body_however_it_is_written(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let plainly = async |who: &str, path: String, key: Uuid, body: &Value| {
            let request = world.http.post(format!("{}{path}", world.url)).bearer_auth(who);
            answer(request.header("idempotency-key", key.to_string()).json(body)).await
        };
        let again = |lane: String, kind: &str, key: Uuid, body: Value| {
            let mut envelope = action(&world, &lane, kind, body);
            envelope["action_id"] = json!(key);
            envelope
        };
        // Nothing is said as null, and a time without its thousandths.
        let (report, key) = (id(), id());
        let body = json!({
            "report_id": report, "event_kind": "threat", "what": "Han hotar mig", "place": null, "files": [],
            "happened": {"certainty": "exact", "at": "2026-03-01T11:00:00Z", "words": null},
        });
        assert_eq!(plainly(&noa.token, "/api/v1/reports".into(), key, &body).await.ok()["outcome"], "applied");
        let repeat = noa.pushes(&[again(format!("report:{report}"), "report-submit", key, body)]).await.remove(0);
        assert_eq!(repeat["outcome"], "duplicate", "{repeat}");

        // An id in the path counts as one in the body.
        let (conversation, key) = (noa.writes("hej").await, id());
        let path = format!("/api/v1/chat/conversations/{conversation}/take");
        assert_eq!(plainly(&kim.token, path, key, &json!({"expected_revision": 1})).await.ok()["outcome"], "applied");
        let body = json!({"expected_revision": 1, "conversation_id": conversation});
        let repeat = kim.pushes(&[again(format!("conversation:{conversation}"), "conversation-take", key, body)]).await.remove(0);
        assert_eq!(repeat["outcome"], "duplicate", "{repeat}");
    }

    async fn a_refusal_says_why_to_the_first_who_hears_it(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let long = noa.message(id(), &"x".repeat(4_001));
        let first = noa.pushes(std::slice::from_ref(&long)).await.remove(0);
        assert_eq!(first["problem"]["detail"], "at most 4000 characters");
        let plain = world.http.post(format!("{}/api/v1/chat/messages", world.url)).bearer_auth(&noa.token);
        let plain = answer(plain.header("idempotency-key", id().to_string()).json(&long["body"])).await;
        assert_eq!((plain.problem(), &plain.json["detail"]), ("text-too-long", &json!("at most 4000 characters")));
        assert!(plain.json["instance"].is_string(), "the operator finds it in the log");

        // What is malformed is never stored, also where only the slice could see it: mended, the same action is taken.
        let mut tip = action(&world, "tips", "tip-publish", json!({
            "tip_id": id(), "topic": "scams", "municipality": "0000", "text": "Lämna aldrig ut en kod.", "action": "chat",
        }));
        let refused = kim.pushes(std::slice::from_ref(&tip)).await.remove(0);
        assert_eq!(refused["problem"]["fields"], json!([{"field": "municipality", "kind": "invalid"}]), "{refused}");
        tip["body"]["municipality"] = json!("2480");
        kim.does(tip).await;

        let file = json!({"file_id": id(), "sha256": "0".repeat(64), "size": 1, "media_type": "image/png"});
        let mut report = noa.report(id(), "Han hotar mig", json!([file]));
        report["body"]["files"] = json!([file, file]);
        let refused = noa.pushes(std::slice::from_ref(&report)).await.remove(0);
        assert_eq!(refused["problem"]["kind"], "malformed", "{refused}");
        report["body"]["files"] = json!([file]);
        noa.does(report).await;
    }

    async fn a_pull_of_another_device_and_an_odd_cursor_are_refused(world) {
        let (noa, sam) = (world.youth().await, world.youth().await);
        let stream = format!("inbox:{}", noa.account_id);
        let pulls = async |device: Uuid, cursor: Value| {
            let body = json!({"device_id": device, "envelope": 1, "streams": {&stream: cursor}});
            noa.asks(Method::POST, "/api/v1/sync/pull", Some(&body)).await
        };
        assert_eq!(pulls(sam.device_id, json!({"tail": 1})).await.problem(), "envelope-mismatch");
        noa.writes("hej").await;
        for odd in [json!({"before": 1, "pos": i64::MAX}), json!({"before": 1, "tail": 5}), json!({"before": 1, "pos": 0, "epoch": 1})] {
            assert_eq!(pulls(noa.device_id, odd.clone()).await.problem(), "malformed", "{odd}");
        }
        for far in [json!({"before": i64::MAX}), json!({"pos": i64::MAX, "epoch": 1}), json!({"pos": i64::MAX, "epoch": i32::MAX}), json!({})] {
            let answer = pulls(noa.device_id, far.clone()).await.ok();
            assert_eq!(answer["streams"][&stream]["events"].as_array().unwrap().len(), 1, "{far}");
        }
        let many: serde_json::Map<_, _> = (0..51).map(|n| (format!("conversation:{n}"), json!({}))).collect();
        let body = json!({"device_id": noa.device_id, "envelope": 1, "streams": many});
        assert_eq!(noa.asks(Method::POST, "/api/v1/sync/pull", Some(&body)).await.problem(), "malformed");
        let body = noa.push_body(&vec![json!(7); 101]);
        assert_eq!(noa.asks(Method::POST, "/api/v1/sync/push", Some(&body)).await.problem(), "malformed");
    }
}
