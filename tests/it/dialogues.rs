//! Live dialogues: what is asked is read by nobody before an officer has shown it, all that is shown is answered, and nobody learns
//! who asked or voted, for good once thirty days are over.

use entities::{
    action_receipt, content_key, dialogue, dialogue_mute, journal_entry, question, question_vote, words::Role,
};
use futures_util::{StreamExt, stream};
use natpatrull::chores;
use reqwest::Method;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use tests::{
    Backend, World, on_both_databases,
    people::{Officer, Person, Youth, action},
    world::{Answer, id},
};
use uuid::Uuid;

pub const DAY: i64 = 24 * 3600;

pub fn announced(world: &World, room: Uuid, changes: &Value) -> Value {
    let mut body =
        json!({"dialogue_id": room, "title": "Fråga oss om falska konton", "starts_at": world.seconds_later(3600)});
    for (name, value) in changes.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    action(world, &format!("dialogue:{room}"), "dialogue-announce", body)
}

pub async fn sees(world: &World, room: Uuid) -> Value {
    world.asks(Method::GET, &format!("/api/v1/dialogues/{room}"), None, None).await.ok()
}

/// What is done with a dialogue as it stands.
pub async fn of_room(world: &World, kind: &str, room: Uuid, more: Value) -> Value {
    let mut body = json!({"dialogue_id": room, "expected_revision": sees(world, room).await["revision"]});
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    action(world, &format!("dialogue:{room}"), kind, body)
}

pub async fn does(kim: &Officer, kind: &str, room: Uuid, more: Value) {
    kim.does(of_room(&kim.world, kind, room, more).await).await;
}

/// A room that is live, with an officer who speaks.
pub async fn opens(kim: &Officer) -> Uuid {
    let room = id();
    kim.does(announced(&kim.world, room, &json!({}))).await;
    does(kim, "dialogue-open", room, json!({})).await;
    does(kim, "dialogue-seat", room, json!({"seat": "speaker", "takes": true})).await;
    room
}

fn question(world: &World, room: Uuid, question: Uuid, text: &str) -> Value {
    let body = json!({"question_id": question, "dialogue_id": room, "text": text, "accepts_rules": true});
    action(world, &format!("question:{question}"), "question-ask", body)
}

/// Asks. Gives the id.
pub async fn asks(noa: &Youth, room: Uuid, text: &str) -> Uuid {
    let asked = id();
    noa.does(question(&noa.world, room, asked, text)).await;
    asked
}

/// What is done with a question by the revision that was seen.
pub fn of(world: &World, kind: &str, question: Uuid, revision: i64, more: Value) -> Value {
    let mut body = json!({"question_id": question, "expected_revision": revision});
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    action(world, &format!("question:{question}"), kind, body)
}

/// Asked, and shown to all.
pub async fn shown(noa: &Youth, kim: &Officer, room: Uuid, text: &str) -> Uuid {
    let asked = asks(noa, room, text).await;
    kim.does(of(&noa.world, "question-show", asked, 1, json!({}))).await;
    asked
}

pub async fn refused(who: &impl Person, action: Value) -> String {
    who.pushes(&[action]).await[0]["problem"]["kind"].as_str().unwrap_or_default().to_owned()
}

async fn listed(world: &World, room: Uuid, query: &str) -> Vec<Value> {
    let path = format!("/api/v1/dialogues/{room}/questions{query}");
    world.asks(Method::GET, &path, None, None).await.ok()["items"].as_array().unwrap().clone()
}

async fn lists(who: &impl Person, room: Uuid, list: &str) -> Vec<Value> {
    let path = format!("/api/v1/dialogues/{room}/questions/{list}");
    who.asks(Method::GET, &path, None).await.ok()["items"].as_array().unwrap().clone()
}

pub async fn votes(who: &impl Person, question: Uuid) -> Answer {
    who.asks(Method::POST, &format!("/api/v1/dialogues/questions/{question}/vote"), None).await
}

async fn takes_back_vote(who: &impl Person, question: Uuid) -> Answer {
    who.asks(Method::DELETE, &format!("/api/v1/dialogues/questions/{question}/vote"), None).await
}

/// The kinds that a stream tells of something, in their order.
pub async fn told(who: &impl Person, stream: &str, entity: Uuid) -> Vec<Value> {
    let events = who.pulls(stream).await["events"].as_array().unwrap().clone();
    events.into_iter().filter(|event| event["entity_id"] == json!(entity)).collect()
}

on_both_databases! {
    async fn an_evening_from_its_announcement_to_its_archive(world) {
        let (noa, sam, tea) = (world.youth().await, world.youth().await, world.youth().await);
        let (kim, alex) = (world.officer("07").await, world.officer("12").await);
        let room = id();
        kim.does(announced(&world, room, &json!({}))).await;
        let changed = json!({"title": "Fråga oss om konton", "about": "En timme.", "starts_at": world.seconds_later(7200)});
        does(&kim, "dialogue-change", room, changed).await;
        let page = world.asks(Method::GET, "/api/v1/dialogues", None, None).await.ok();
        assert_eq!((&page["items"][0]["title"], &page["items"][0]["state"]), (&json!("Fråga oss om konton"), &json!("announced")));
        assert_eq!(refused(&noa, question(&world, room, id(), "Redan nu?")).await, "dialogue-not-open");

        // Two sit down, and the room opens.
        does(&kim, "dialogue-open", room, json!({})).await;
        does(&kim, "dialogue-seat", room, json!({"seat": "speaker", "takes": true})).await;
        does(&alex, "dialogue-seat", room, json!({"seat": "reader", "takes": true})).await;
        let live = sees(&world, room).await;
        assert_eq!((&live["state"], &live["speaker"], &live["reader"]), (&json!("live"), &json!("07"), &json!("12")));

        // What waits is read by its writer and by officers.
        let first = asks(&noa, room, "  Vad gör ni om någon låtsas vara mig?  ").await;
        assert_eq!(listed(&world, room, "").await, Vec::<Value>::new());
        assert_eq!(lists(&sam, room, "mine").await.len(), 0);
        let own = lists(&noa, room, "mine").await;
        assert_eq!((&own[0]["state"], &own[0]["harm"]), (&json!("waiting"), &json!(false)));
        assert_eq!(lists(&alex, room, "box").await[0]["text"], "Vad gör ni om någon låtsas vara mig?");
        assert_eq!(votes(&sam, first).await.problem(), "not-found", "it is not shown");
        alex.does(of(&world, "question-show", first, 1, json!({}))).await;
        assert_eq!(listed(&world, room, "").await[0]["votes"], 1);

        // A device votes once, and may change its mind.
        let voted = votes(&sam, first).await.ok();
        assert_eq!((&voted["votes"], &voted["voted"]), (&json!(2), &json!(true)));
        assert_eq!(votes(&sam, first).await.problem(), "voted-already");
        assert_eq!(votes(&noa, first).await.problem(), "voted-already", "she asked it");
        assert_eq!(takes_back_vote(&noa, first).await.ok()["votes"], 2, "her own counts always");
        for _ in 0..2 {
            let now = takes_back_vote(&sam, first).await.ok();
            assert_eq!((&now["votes"], &now["voted"]), (&json!(1), &json!(false)));
        }
        votes(&sam, first).await.ok();
        assert_eq!(votes(&kim, first).await.problem(), "role-refused");

        // Twins count together, also for those who voted for the other.
        let twin = shown(&tea, &alex, room, "Någon låtsas vara mig, vad gör ni?").await;
        votes(&sam, twin).await.ok();
        alex.does(of(&world, "question-merge", twin, 2, json!({"into": first}))).await;
        assert_eq!(listed(&world, room, "").await.iter().map(|one| &one["votes"]).collect::<Vec<_>>(), [&json!(4)]);
        for already in [&noa, &sam, &tea] {
            assert_eq!(votes(already, twin).await.problem(), "voted-already");
        }
        let merged = lists(&tea, room, "mine").await;
        assert_eq!((&merged[0]["state"], &merged[0]["merged_into"]), (&json!("merged"), &json!(first)));

        // One is pinned, one is given to the other seat, one is not shown.
        does(&kim, "dialogue-pin", room, json!({"question_id": first})).await;
        assert_eq!(sees(&world, room).await["pinned_question_id"], json!(first));
        let second = shown(&tea, &alex, room, "När är ni ute?").await;
        alex.does(of(&world, "question-assign", second, 2, json!({"seat": "speaker"}))).await;
        assert_eq!(lists(&kim, room, "box?state=shown").await.iter().find(|one| one["question_id"] == json!(second)).unwrap()["seat"], "speaker");
        let named = asks(&tea, room, "Lisa i 9B är dum").await;
        alex.does(of(&world, "question-hide", named, 1, json!({"hiding": "names-somebody"}))).await;
        let own = lists(&tea, room, "mine").await;
        assert_eq!((&own[0]["state"], &own[0]["hiding"]), (&json!("not-shown"), &json!("names-somebody")));

        // One is answered at a mark.
        kim.does(of(&world, "question-answer", first, 2, json!({"mark_seconds": 760}))).await;
        let answered = listed(&world, room, "").await;
        assert_eq!((&answered[0]["state"], &answered[0]["mark_seconds"]), (&json!("answered"), &json!(760)));
        assert_eq!(lists(&noa, room, "mine").await[0]["mark_seconds"], 760, "she sees where");
        assert_eq!(votes(&world.youth().await, first).await.problem(), "conflict", "it is answered");

        // It is over, and goes into the archive when the last is answered, by whoever has time.
        does(&kim, "dialogue-end", room, json!({})).await;
        assert_eq!(refused(&noa, question(&world, room, id(), "För sent?")).await, "dialogue-not-open");
        assert_eq!(votes(&world.youth().await, second).await.problem(), "dialogue-not-open");
        assert_eq!(refused(&kim, of_room(&world, "dialogue-archive", room, json!({})).await).await, "questions-unanswered");
        let bo = world.officer("21").await;
        let marks = of(&world, "question-answer", second, 3, json!({"mark_seconds": 900}));
        assert_eq!(refused(&bo, marks).await, "seat-needed", "a mark is set by who was there");
        bo.does(of(&world, "question-answer", second, 3, json!({"answer": " Varje kväll. ", "answer_en": "Each evening."}))).await;
        does(&bo, "dialogue-archive", room, json!({})).await;
        let archived = sees(&world, room).await;
        assert_eq!((&archived["state"], archived["archived_at"].is_string()), (&json!("archived"), true));
        let kept = listed(&world, room, "?order=newest").await;
        assert_eq!(kept.iter().map(|one| (&one["question_id"], &one["answer"])).collect::<Vec<_>>(), [(&json!(second), &json!("Varje kväll.")), (&json!(first), &Value::Null)]);
    }

    async fn what_hosts_do_asks_for_a_seat_and_a_seat_has_one(world) {
        let (noa, kim, alex) = (world.youth().await, world.officer("07").await, world.officer("12").await);
        let lead = world.staff("03", Role::Lead).await;
        let room = opens(&kim).await;
        let asked = asks(&noa, room, "Hej?").await;
        let more = |kind: &str| match kind {
            "question-hide" => json!({"hiding": "not-understood"}),
            "question-merge" => json!({"into": id()}),
            "question-answer" => json!({"answer": "Hej."}),
            _ => json!({}),
        };
        for kind in ["question-show", "question-hide", "question-merge", "question-assign", "question-answer", "question-mute"] {
            assert_eq!(refused(&noa, of(&world, kind, asked, 1, more(kind))).await, "role-refused", "{kind}");
            assert_eq!(refused(&alex, of(&world, kind, asked, 1, more(kind))).await, "seat-needed", "{kind}");
        }
        for (kind, more) in [("dialogue-pin", json!({})), ("dialogue-slow", json!({"slow_seconds": 9}))] {
            assert_eq!(refused(&alex, of_room(&world, kind, room, more).await).await, "seat-needed", "{kind}");
        }
        let takes = |seat: &str, takes: bool| json!({"seat": seat, "takes": takes});
        assert_eq!(refused(&noa, of_room(&world, "dialogue-seat", room, takes("reader", true)).await).await, "role-refused");
        assert_eq!(refused(&alex, of_room(&world, "dialogue-seat", room, takes("speaker", true)).await).await, "conflict");
        assert_eq!(refused(&alex, of_room(&world, "dialogue-seat", room, takes("speaker", false)).await).await, "conflict");
        does(&lead, "dialogue-seat", room, takes("speaker", true)).await;
        assert_eq!(sees(&world, room).await["speaker"], "03");
        assert_eq!(refused(&kim, of(&world, "question-show", asked, 1, json!({}))).await, "seat-needed", "it is a lead's now");
        does(&lead, "dialogue-seat", room, takes("speaker", false)).await;
        assert!(sees(&world, room).await["speaker"].is_null());
        lead.does(of(&world, "question-show", asked, 1, json!({}))).await;
    }

    async fn what_cannot_be_done_is_said(world) {
        let (noa, sam, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        assert_eq!(refused(&noa, announced(&world, id(), &json!({}))).await, "role-refused");
        for odd in [json!({"starts_at": world.seconds_later(181 * DAY)}), json!({"film_url": "https://film.example.org/live.m3u8"})] {
            assert_eq!(refused(&kim, announced(&world, id(), &odd)).await, "malformed", "{odd}");
        }
        assert_eq!(refused(&kim, announced(&world, id(), &json!({"title": "o".repeat(101)}))).await, "text-too-long");
        let room = opens(&kim).await;
        assert_eq!(refused(&kim, announced(&world, room, &json!({}))).await, "conflict");
        for kind in ["dialogue-open", "dialogue-archive"] {
            assert_eq!(refused(&kim, of_room(&world, kind, room, json!({})).await).await, "conflict", "{kind}");
        }
        let late = json!({"title": "För sent", "starts_at": world.seconds_later(3600)});
        assert_eq!(refused(&kim, of_room(&world, "dialogue-change", room, late).await).await, "conflict");
        assert_eq!(refused(&noa, of_room(&world, "dialogue-end", room, json!({})).await).await, "role-refused");
        assert_eq!(refused(&kim, of_room(&world, "dialogue-end", room, json!({"expected_revision": 1})).await).await, "revision-conflict");
        assert_eq!(refused(&kim, of_room(&world, "dialogue-slow", room, json!({"slow_seconds": 601})).await).await, "malformed");

        let before = world.effects().await;
        for (text, rules, kind) in [("o".repeat(301), true, "text-too-long"), ("Hej?".to_owned(), false, "malformed")] {
            let mut asked = question(&world, room, id(), &text);
            asked["body"]["accepts_rules"] = json!(rules);
            assert_eq!(refused(&noa, asked).await, kind);
        }
        assert_eq!(world.effects().await, before, "nothing of it is kept");
        assert_eq!(refused(&noa, question(&world, room, id(), "   ")).await, "text-empty");
        assert_eq!(refused(&noa, question(&world, id(), id(), "Hej?")).await, "not-found");
        assert_eq!(refused(&kim, question(&world, room, id(), "Hej?")).await, "role-refused");
        let asked = asks(&noa, room, &"å".repeat(300)).await;
        assert_eq!(refused(&sam, question(&world, room, asked, "Hej?")).await, "conflict");
        let takes_back = action(&world, "questions", "question-take-back", json!({"question_id": asked}));
        assert_eq!(refused(&sam, takes_back.clone()).await, "not-found");
        let other = opens(&kim).await;
        let elsewhere = shown(&noa, &kim, other, "Där borta?").await;
        assert_eq!(refused(&kim, of(&world, "question-merge", asked, 1, json!({"into": elsewhere}))).await, "malformed");
        assert_eq!(refused(&kim, of_room(&world, "dialogue-pin", room, json!({"question_id": elsewhere})).await).await, "malformed");
        assert_eq!(refused(&kim, of_room(&world, "dialogue-pin", room, json!({"question_id": asked})).await).await, "malformed");
        assert_eq!(refused(&kim, of(&world, "question-answer", asked, 1, json!({"answer": "Hej."}))).await, "conflict", "it is not shown");
        for odd in [json!({}), json!({"answer_en": "Hi."}), json!({"mark_seconds": 86401})] {
            assert_eq!(refused(&kim, of(&world, "question-answer", elsewhere, 2, odd.clone())).await, "malformed", "{odd}");
        }
        assert_eq!(refused(&kim, of(&world, "question-show", asked, 2, json!({}))).await, "revision-conflict");
        kim.does(of(&world, "question-show", asked, 1, json!({}))).await;
        assert_eq!(refused(&noa, action(&world, "questions", "question-take-back", json!({"question_id": asked}))).await, "conflict");
        let waits = asks(&noa, room, "Ångrar mig").await;
        noa.does(action(&world, "questions", "question-take-back", json!({"question_id": waits}))).await;
        assert_eq!(lists(&noa, room, "mine").await.len(), 1);
    }

    async fn slow_mode_and_mutes_go_by_the_device_and_let_harm_through(world) {
        let (noa, sam, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        let room = opens(&kim).await;
        let first = asks(&noa, room, "Ett").await;
        does(&kim, "dialogue-slow", room, json!({"slow_seconds": 30})).await;
        world.clock.wind(10);
        let result = noa.pushes(&[question(&world, room, id(), "Två")]).await.remove(0);
        assert_eq!((&result["problem"]["kind"], &result["problem"]["retry_after_ms"]), (&json!("slow-down"), &json!(20_000)));
        asks(&sam, room, "En annan telefon").await;
        asks(&noa, room, "Jag har en kniv och vill inte leva").await;
        does(&kim, "dialogue-slow", room, json!({"slow_seconds": 0})).await;

        let until = |seconds: i64| json!(world.seconds_later(seconds));
        kim.does(of(&world, "question-mute", first, 1, json!({}))).await;
        assert_eq!(refused(&kim, of(&world, "question-mute", first, 1, json!({}))).await, "revision-conflict", "twice by two is once");
        let muted = noa.pushes(&[question(&world, room, id(), "Tre")]).await.remove(0);
        assert_eq!((&muted["problem"]["kind"], &muted["problem"]["until"]), (&json!("muted"), &until(60)));
        asks(&noa, room, "Jag har en kniv och vill inte leva").await;
        asks(&sam, room, "En annan telefon").await;
        assert_eq!(told(&noa, &format!("inbox:{}", noa.account_id), first).await.len(), 1, "nobody tells her");
        for (nth, seconds) in [(2, 300), (3, 1800)] {
            kim.does(of(&world, "question-mute", first, nth, json!({}))).await;
            let muted = noa.pushes(&[question(&world, room, id(), "Fyra")]).await.remove(0);
            assert_eq!(muted["problem"]["until"], until(seconds), "{nth}");
        }
        kim.does(of(&world, "question-mute", first, 4, json!({}))).await;
        let muted = noa.pushes(&[question(&world, room, id(), "Fem")]).await.remove(0);
        assert_eq!((&muted["problem"]["kind"], &muted["problem"]["until"]), (&json!("muted"), &Value::Null), "to the end");
        asks(&noa, opens(&kim).await, "I ett annat rum").await;
    }

    async fn a_short_mute_ends_by_itself(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let room = opens(&kim).await;
        let first = asks(&noa, room, "Ett").await;
        kim.does(of(&world, "question-mute", first, 1, json!({}))).await;
        assert_eq!(refused(&noa, question(&world, room, id(), "Två")).await, "muted");
        world.clock.wind(61);
        asks(&noa, room, "Tre").await;
    }

    async fn an_account_that_may_not_write_asks_nothing_either(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let room = opens(&kim).await;
        let talk = noa.writes("hej").await;
        kim.takes(talk).await;
        let quiet = json!({"mute_id": id(), "conversation_id": talk, "kind": "muted", "hours": 1, "reason": "insults"});
        kim.does(action(&world, &format!("conversation:{talk}"), "account-mute", quiet)).await;
        let muted = noa.pushes(&[question(&world, room, id(), "Hej?")]).await.remove(0);
        assert_eq!((&muted["problem"]["kind"], &muted["problem"]["until"]), (&json!("muted"), &json!(world.seconds_later(3600))));
        asks(&noa, room, "Jag har en kniv och vill inte leva").await;
    }

    async fn what_tells_of_harm_comes_first_and_begins_a_talk_by_itself(world) {
        let (noa, sam, kim, alex) = (world.youth().await, world.youth().await, world.officer("07").await, world.officer("12").await);
        let room = opens(&kim).await;
        asks(&sam, room, "Vad spelar ni?").await;
        let text = "Jag vill inte leva, jag har en kniv";
        let asked = asks(&noa, room, text).await;
        let waiting = lists(&kim, room, "box").await;
        assert_eq!(waiting[0]["question_id"], json!(asked), "it came later and stands first");
        assert_eq!(told(&kim, "desk", asked).await.len(), 1, "the desk hears of it");
        let own = lists(&noa, room, "mine").await;
        assert_eq!((&own[0]["state"], &own[0]["harm"], &own[0]["conversation_id"]), (&json!("waiting"), &json!(true), &waiting[0]["conversation_id"]));
        let talk: Uuid = own[0]["conversation_id"].as_str().unwrap().parse().unwrap();
        let path = format!("/api/v1/chat/conversations/{talk}");
        // It waits with the others, as urgent as if she had written it in the chat.
        let written = noa.writes(text).await;
        let same = alex.asks(Method::GET, &format!("/api/v1/chat/conversations/{written}"), None).await.ok();
        let begun = alex.asks(Method::GET, &path, None).await.ok();
        for what in ["state", "priority", "reasons", "self_harm", "in_danger", "last_by", "last_text"] {
            assert_eq!(begun[what], same[what], "{what}");
        }
        assert_eq!((&begun["state"], &begun["priority"], &begun["came_by"]), (&json!("waiting"), &waiting[0]["priority"], &json!("dialogue")));
        // No seat is needed to help.
        alex.takes(talk).await;
        let said = noa.asks(Method::GET, &format!("{path}/messages"), None).await.ok();
        assert_eq!((&said["items"][0]["text"], &said["items"][0]["mine"]), (&json!(text), &json!(true)));
        assert_eq!(sam.asks(Method::GET, &path, None).await.problem(), "not-found");
        kim.does(of(&world, "question-hide", asked, 1, json!({"hiding": "talk"}))).await;
        let own = lists(&noa, room, "mine").await;
        assert_eq!((&own[0]["state"], &own[0]["hiding"], &own[0]["conversation_id"]), (&json!("not-shown"), &json!("talk"), &json!(talk)));
        assert_eq!(told(&sam, &format!("dialogue:{room}"), asked).await, Vec::<Value>::new(), "it leaves no trace in the room");
    }

    async fn whoever_was_silenced_at_the_desk_is_heard_in_the_box(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let room = opens(&kim).await;
        let talk = noa.writes("hej").await;
        kim.takes(talk).await;
        let quiet = json!({"mute_id": id(), "conversation_id": talk, "kind": "muted", "hours": 1, "reason": "insults"});
        kim.does(action(&world, &format!("conversation:{talk}"), "account-mute", quiet)).await;
        let asked = asks(&noa, room, "Han slår mig").await;
        let waiting = lists(&kim, room, "box").await;
        assert_eq!((&waiting[0]["question_id"], &waiting[0]["conversation_id"]), (&json!(asked), &Value::Null), "no talk, but the words");
        // A person decides it before the room is put away.
        does(&kim, "dialogue-end", room, json!({})).await;
        assert_eq!(refused(&kim, of_room(&world, "dialogue-archive", room, json!({})).await).await, "questions-unanswered");
        kim.does(of(&world, "question-hide", asked, 1, json!({"hiding": "talk"}))).await;
        does(&kim, "dialogue-archive", room, json!({})).await;
    }

    async fn what_only_sounds_like_harm_is_shown_by_a_person(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let room = opens(&kim).await;
        let asked = shown(&noa, &kim, room, "Får man ha kniv i skolan?").await;
        let public = &listed(&world, room, "").await[0];
        assert_eq!((&public["question_id"], &public["conversation_id"]), (&json!(asked), &Value::Null), "nobody sees that a talk goes on");
        assert!(lists(&noa, room, "mine").await[0]["conversation_id"].is_string());
    }

    async fn no_answer_tells_who_asked_or_voted(world) {
        let (noa, sam, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        let room = opens(&kim).await;
        let asked = shown(&noa, &kim, room, "Vem är jag?").await;
        votes(&sam, asked).await.ok();
        let waits = asks(&sam, room, "Och jag?").await;
        does(&kim, "dialogue-pin", room, json!({"question_id": asked})).await;
        let actions: Vec<String> = action_receipt::Entity::find()
            .filter(action_receipt::Column::AccountId.is_in([noa.account_id, sam.account_id]))
            .all(world.deps.db.read()).await.unwrap().into_iter().map(|row| row.action_id.to_string()).collect();
        assert_eq!(actions.len(), 2, "a vote leaves no receipt");
        let followed = sam.pulls(&format!("dialogue:{room}")).await;
        let answers = [
            json!(listed(&world, room, "").await), json!(lists(&kim, room, "box").await), json!(lists(&kim, room, "box?state=shown").await),
            sees(&world, room).await, followed.clone(), kim.pulls("desk").await, json!(lists(&noa, room, "mine").await),
        ];
        let who = [noa.account_id, noa.device_id, sam.account_id, sam.device_id].map(|id| id.to_string());
        for one in who.iter().chain(&actions) {
            assert!(answers.iter().all(|answer| !answer.to_string().contains(one)), "{one} is told");
        }
        let kinds: Vec<_> = followed["events"].as_array().unwrap().iter().map(|event| (event["kind"].as_str().unwrap(), event["entity_id"].clone())).collect();
        let (room, asked) = (json!(room), json!(asked));
        let changed = ("dialogue-changed", room);
        assert_eq!(kinds, [changed.clone(), changed.clone(), changed.clone(), ("question-changed", asked), changed], "in order, and nothing of {waits}");
        let kept = question_vote::Entity::find().all(world.deps.db.read()).await.unwrap();
        assert!(kept.len() == 1 && kept[0].device_mac.len() == 32);
    }

    async fn votes_at_once_are_counted_exactly(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let room = opens(&kim).await;
        let asked = shown(&noa, &kim, room, "Hur många är vi?").await;
        let mut voters = Vec::new();
        for _ in 0..12 {
            voters.push(world.youth().await);
        }
        // Each twice at once: one of the two counts.
        let ended: Vec<bool> = stream::iter(voters.iter().chain(&voters))
            .map(|voter| async move { votes(voter, asked).await.status.is_success() })
            .buffer_unordered(24)
            .collect()
            .await;
        assert_eq!(ended.iter().filter(|counted| **counted).count(), 12);
        assert_eq!(listed(&world, room, "").await[0]["votes"], 13);
        let kept = question_vote::Entity::find().count(world.deps.db.read()).await.unwrap();
        assert_eq!(kept, 12);
    }

    async fn what_is_hidden_is_not_pinned_and_lets_its_twins_go(world) {
        let (noa, sam, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        let room = opens(&kim).await;
        let (root, twin) = (shown(&noa, &kim, room, "Ett").await, shown(&sam, &kim, room, "Ett!").await);
        does(&kim, "dialogue-pin", room, json!({"question_id": twin})).await;
        kim.does(of(&world, "question-merge", twin, 2, json!({"into": root}))).await;
        assert_eq!(sees(&world, room).await["pinned_question_id"], json!(root), "what it counts with is pinned");
        kim.does(of(&world, "question-hide", root, 2, json!({"hiding": "against-rules"}))).await;
        assert!(sees(&world, room).await["pinned_question_id"].is_null());
        assert_eq!(listed(&world, room, "").await, Vec::<Value>::new());
        let own = lists(&sam, room, "mine").await;
        assert_eq!((&own[0]["state"], &own[0]["votes"]), (&json!("waiting"), &json!(1)), "it stands for itself");
        kim.does(of(&world, "question-show", root, 3, json!({}))).await;
        assert_eq!(listed(&world, room, "").await[0]["votes"], 1);
    }

    async fn thirty_days_later_nobody_is_known_and_two_years_later_nothing_stands(world) {
        let (noa, sam, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        let room = opens(&kim).await;
        let (answered, twin) = (shown(&noa, &kim, room, "Ett").await, shown(&sam, &kim, room, "Ett?").await);
        kim.does(of(&world, "question-merge", twin, 2, json!({"into": answered}))).await;
        let (waits, hidden, told) = (asks(&noa, room, "Två").await, asks(&noa, room, "Tre").await, asks(&sam, room, "Jag vill inte leva").await);
        kim.does(of(&world, "question-hide", hidden, 1, json!({"hiding": "against-rules"}))).await;
        kim.does(of(&world, "question-mute", hidden, 2, json!({}))).await;
        kim.does(of(&world, "question-hide", told, 1, json!({"hiding": "talk"}))).await;
        // What was refused, and what was taken back, left receipts too.
        assert_eq!(refused(&noa, question(&world, room, id(), "Fyra")).await, "muted");
        let back = asks(&sam, room, "Fem").await;
        sam.does(action(&world, "questions", "question-take-back", json!({"question_id": back}))).await;
        votes(&world.youth().await, answered).await.ok();
        kim.does(of(&world, "question-answer", answered, 2, json!({"mark_seconds": 5}))).await;
        does(&kim, "dialogue-end", room, json!({})).await;
        does(&kim, "dialogue-archive", room, json!({})).await;
        let never = id();
        kim.does(announced(&world, never, &json!({}))).await;

        let db = world.deps.db.read();
        let left = async || question::Entity::find().all(db).await.unwrap();
        let asked = [answered, twin, waits, hidden, told];
        let own = asked.map(|one| world.deps.keys.content_id("question-content", one));
        let keys = async || content_key::Entity::find().filter(content_key::Column::ContentId.is_in(own)).count(db).await.unwrap();
        world.clock.wind(29 * DAY);
        chores::run_due(&world.deps).await.unwrap();
        assert_eq!((left().await.len(), keys().await), (5, 5), "the days are not over");

        world.clock.wind(2 * DAY);
        chores::run_due(&world.deps).await.unwrap();
        let mut kept: Vec<_> = left().await.into_iter().map(|row| (row.question_id.0, row.account_id, row.device_mac, row.conversation_id)).collect();
        kept.sort_unstable_by_key(|(id, ..)| *id);
        assert_eq!(kept, [(answered, None, None, None), (twin, None, None, None)], "what nobody saw is gone, and who asked is forgotten");
        assert_eq!(keys().await, 2);
        assert_eq!(question_vote::Entity::find().count(db).await.unwrap(), 0);
        assert_eq!(dialogue_mute::Entity::find().count(db).await.unwrap(), 0);
        // Neither by what they sent, nor by what they were told.
        let accounts = [noa.account_id, sam.account_id];
        let receipts = action_receipt::Entity::find().filter(action_receipt::Column::AccountId.is_in(accounts)).filter(action_receipt::Column::Kind.like("question-%"));
        assert_eq!(receipts.count(db).await.unwrap(), 0);
        let heard = journal_entry::Entity::find().filter(journal_entry::Column::Stream.like("inbox:%")).filter(journal_entry::Column::Kind.eq("question-changed"));
        assert_eq!(heard.count(db).await.unwrap(), 0);
        let shown = listed(&world, room, "").await;
        assert_eq!((&shown[0]["text"], &shown[0]["votes"], &shown[0]["mark_seconds"]), (&json!("Ett"), &json!(3), &json!(5)), "what was shown stays");

        world.clock.wind(731 * DAY);
        chores::run_due(&world.deps).await.unwrap();
        assert_eq!(keys().await, 0);
        assert_eq!((left().await.len(), dialogue::Entity::find().count(db).await.unwrap()), (0, 0));
        let streams = journal_entry::Entity::find().filter(journal_entry::Column::Stream.like("dialogue:%"));
        assert_eq!(streams.count(db).await.unwrap(), 0);
    }

    async fn who_asked_is_forgotten_however_many_steps_it_takes(world) {
        let (noa, sam, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        let room = opens(&kim).await;
        let (root, twin) = (shown(&noa, &kim, room, "Ett").await, shown(&sam, &kim, room, "Ett?").await);
        kim.does(of(&world, "question-merge", twin, 2, json!({"into": root}))).await;
        kim.does(of(&world, "question-answer", root, 2, json!({"mark_seconds": 5}))).await;
        does(&kim, "dialogue-end", room, json!({})).await;
        world.clock.wind(31 * DAY);
        // She is back tonight, in another room.
        let (noa, kim) = (noa.with_a_new_token().await, kim.with_a_new_token());
        let tonight = asks(&noa, opens(&kim).await, "Två").await;
        let mut steps = 0;
        while natpatrull::dialogues::forget(&world.deps, 1).await.unwrap() {
            steps += 1;
        }
        assert!(steps > 1, "one at a time");
        let db = world.deps.db.read();
        let known: Vec<_> = question::Entity::find().filter(question::Column::AccountId.is_not_null()).all(db).await.unwrap().into_iter().map(|row| row.question_id.0).collect();
        let heard = journal_entry::Entity::find().filter(journal_entry::Column::Stream.like("inbox:%")).filter(journal_entry::Column::Kind.eq("question-changed"));
        let heard: Vec<_> = heard.all(db).await.unwrap().into_iter().map(|entry| entry.entity_id).collect();
        let receipts = action_receipt::Entity::find().filter(action_receipt::Column::Kind.eq("question-ask"));
        let receipts: Vec<_> = receipts.all(db).await.unwrap().into_iter().filter_map(|row| row.entity_id).collect();
        assert_eq!((known, heard, receipts), (vec![tonight], vec![tonight], vec![tonight]), "of all that was, nothing; of tonight, all");
    }

    async fn whoever_tells_of_no_harm_stays_unknown(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let room = opens(&kim).await;
        let asked = asks(&noa, room, "Vad spelar ni?").await;
        assert!(lists(&noa, room, "mine").await[0]["conversation_id"].is_null());
        // She is asked to write to us.
        kim.does(of(&world, "question-hide", asked, 1, json!({"hiding": "talk"}))).await;
        let own = lists(&noa, room, "mine").await;
        assert_eq!((&own[0]["hiding"], &own[0]["conversation_id"]), (&json!("talk"), &Value::Null));
        does(&kim, "dialogue-end", room, json!({})).await;
        does(&kim, "dialogue-archive", room, json!({})).await;
        assert_eq!(refused(&kim, of_room(&world, "dialogue-slow", room, json!({"slow_seconds": 5})).await).await, "conflict");
        assert_eq!(refused(&kim, of_room(&world, "dialogue-pin", room, json!({})).await).await, "conflict");
    }

    async fn nobody_asks_more_than_twenty_times_an_hour(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let room = opens(&kim).await;
        for nth in 0..20 {
            asks(&noa, room, &format!("Fråga {nth}")).await;
        }
        assert_eq!(refused(&noa, question(&world, room, id(), "Jag vill inte leva")).await, "rate-limited");
        asks(&world.youth().await, room, "En annan").await;
    }

    async fn a_dialogue_that_never_opens_can_be_ended(world) {
        let (kim, room) = (world.officer("07").await, id());
        kim.does(announced(&world, room, &json!({}))).await;
        let live = opens(&kim).await;
        does(&kim, "dialogue-end", room, json!({})).await;
        assert_eq!(refused(&kim, of_room(&world, "dialogue-open", room, json!({})).await).await, "conflict");
        let page = world.asks(Method::GET, "/api/v1/dialogues", None, None).await.ok();
        let rooms: Vec<_> = page["items"].as_array().unwrap().iter().map(|one| (&one["dialogue_id"], one["opened_at"].is_string())).collect();
        assert_eq!(rooms, [(&json!(live), true), (&json!(room), false)], "what is over comes last");
    }

    async fn pages_of_questions_are_the_same_for_all_and_miss_none(world) {
        let kim = world.officer("07").await;
        let room = opens(&kim).await;
        let asked: Vec<Uuid> = (0..60).map(|_| id()).collect();
        let shows: Vec<_> = asked.iter().map(|one| of(&world, "question-show", *one, 1, json!({}))).collect();
        let mut all = Vec::new();
        for some in asked.chunks(20) {
            let asks: Vec<_> = some.iter().map(|one| question(&world, room, *one, "Hej?")).collect();
            all.extend(world.youth().await.pushes(&asks).await);
        }
        all.extend(kim.pushes(&shows).await);
        assert!(all.iter().all(|result| result["outcome"] == "applied"), "{all:?}");
        votes(&world.youth().await, asked[7]).await.ok();
        for order in ["votes", "newest"] {
            let (mut found, mut next) = (Vec::new(), String::new());
            loop {
                let path = format!("/api/v1/dialogues/{room}/questions?order={order}{next}");
                let page = world.asks(Method::GET, &path, None, None).await.ok();
                found.extend(page["items"].as_array().unwrap().iter().map(|one| one["question_id"].as_str().unwrap().parse::<Uuid>().unwrap()));
                let Some(more) = page["next"].as_str() else { break };
                next = format!("&next={more}");
            }
            assert_eq!(found.len(), 60, "{order}");
            assert!(order == "newest" || found[0] == asked[7]);
            found.sort_unstable();
            found.dedup();
            assert_eq!(found.len(), 60, "{order}");
        }
    }

    async fn a_question_and_a_talk_of_the_same_id_have_nothing_in_common(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let (room, talk) = (opens(&kim).await, noa.writes("det här är viktigt").await);
        noa.does(question(&world, room, talk, "Hej?")).await;
        noa.does(action(&world, "questions", "question-take-back", json!({"question_id": talk}))).await;
        assert_eq!(kim.reads_messages(talk).await[0]["text"], "det här är viktigt");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_film_is_shown_from_the_hosts_that_the_server_is_set_to() {
    let world =
        World::start_with(Backend::Sqlite, |config| config.film_hosts = vec!["film.example.org".to_owned()]).await;
    let (kim, room, film) = (world.officer("07").await, id(), "https://film.example.org/live/kvall.m3u8");
    kim.does(announced(&world, room, &json!({"film_url": film}))).await;
    assert_eq!(sees(&world, room).await["film_url"], film);
    for foreign in
        ["https://other.example.org/kvall.m3u8", "http://127.0.0.1:9/kvall.m3u8", "http://film.example.org/kvall.m3u8"]
    {
        let change = json!({"title": "Fråga oss", "starts_at": world.seconds_later(60), "film_url": foreign});
        let result = kim.pushes(&[of_room(&world, "dialogue-change", room, change).await]).await.remove(0);
        assert_eq!(
            (&result["problem"]["kind"], &result["problem"]["fields"][0]["field"]),
            (&json!("malformed"), &json!("film_url")),
            "{foreign}"
        );
    }
}
