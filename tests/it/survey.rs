//! What a youth is asked of a talk: one press while it goes on, two when it is over; never of what told of danger, of harming oneself or
//! of extortion, and no officer reads what she said.

use entities::conversation;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tests::{
    Officer, World, Youth, on_both_databases,
    people::{Person, action},
    world::id,
};
use uuid::Uuid;

use crate::{dialogues::told, triage::on_talk};

fn answer(world: &World, talk: Uuid, question: &str, answer: &str) -> Value {
    on_talk(world, "conversation-survey", talk, json!({"asked": question, "answer": answer}))
}

/// What an app may ask her of the talk now.
async fn asked(noa: &Youth, talk: Uuid) -> Value {
    noa.sees(talk).await["asks"].clone()
}

async fn refused(who: &impl Person, action: Value) -> String {
    who.pushes(&[action]).await[0]["problem"]["kind"].as_str().unwrap_or_default().to_owned()
}

async fn closes(kim: &Officer, talk: Uuid) {
    let revision = kim.sees(talk).await["revision"].clone();
    let more = json!({"expected_revision": revision, "outcome": "advice-given"});
    let mut closing = on_talk(&kim.world, "conversation-close", talk, more);
    closing["v"] = json!(2);
    kim.reads(talk).await;
    kim.does(closing).await;
}

async fn is_kept(world: &World, talk: Uuid) -> [Value; 3] {
    let row = conversation::Entity::find().all(world.deps.db.read()).await.unwrap();
    let row = row.into_iter().find(|row| row.conversation_id.0 == talk).unwrap();
    [row.would_have_called, row.would_have_told, row.helped].map(|answer| json!(answer))
}

on_both_databases! {
    async fn one_press_before_and_two_after(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let talk = noa.writes("Får man filma en polis?").await;
        assert_eq!(asked(&noa, talk).await, json!(["would-have-called"]));
        assert_eq!(refused(&noa, answer(&world, talk, "helped", "yes")).await, "conflict", "not yet");
        noa.does(answer(&world, talk, "would-have-called", "no")).await;
        assert_eq!(asked(&noa, talk).await, Value::Null);
        assert_eq!(refused(&noa, answer(&world, talk, "would-have-called", "yes")).await, "conflict", "once");
        kim.takes(talk).await;
        kim.answers(talk, "Ja, det får man.").await;
        assert_eq!(asked(&noa, talk).await, Value::Null, "nothing while they talk");
        closes(&kim, talk).await;
        assert_eq!(asked(&noa, talk).await, json!(["would-have-told", "helped"]));
        noa.does(answer(&world, talk, "helped", "unsure")).await;
        assert_eq!(asked(&noa, talk).await, json!(["would-have-told"]), "either may be left out");
        noa.does(answer(&world, talk, "would-have-told", "yes")).await;
        assert_eq!(is_kept(&world, talk).await, [json!("no"), json!("yes"), json!("unsure")]);
    }

    async fn no_officer_reads_what_she_said_or_is_told_that_she_did(world) {
        let (noa, sam, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        let talk = noa.writes("Får man filma en polis?").await;
        kim.takes(talk).await;
        let at = format!("conversation:{talk}");
        let heard = async || [told(&kim, "desk", talk).await.len(), told(&kim, &at, talk).await.len()];
        let before = heard().await;
        noa.does(answer(&world, talk, "would-have-called", "no")).await;
        assert_eq!(heard().await, before);
        let seen = kim.sees(talk).await;
        let seen = seen.as_object().unwrap();
        assert!(["asks", "would_have_called", "helped", "unsurveyed"].iter().all(|name| !seen.contains_key(*name)), "{seen:?}");
        assert_eq!(refused(&kim, answer(&world, talk, "would-have-called", "no")).await, "role-refused");
        assert_eq!(refused(&sam, answer(&world, talk, "would-have-called", "no")).await, "not-found");
    }

    async fn of_danger_of_harming_oneself_and_of_extortion_nothing_is_ever_asked(world) {
        let (kim, lead) = (world.officer("07").await, world.officer("12").await);
        for text in ["Han slår mig", "Jag vill inte leva", "Han hotar att sprida bilder på mig", "he says he will leak my photos"] {
            let noa = world.youth().await;
            let talk = noa.writes("Hej").await;
            noa.does(answer(&world, talk, "would-have-called", "yes")).await;
            noa.does(noa.message(talk, text)).await;
            assert_eq!(is_kept(&world, talk).await, [const { Value::Null }; 3], "{text}: forgotten");
            assert_eq!(refused(&noa, answer(&world, talk, "would-have-called", "yes")).await, "conflict", "{text}");
            kim.takes(talk).await;
            kim.answers(talk, "Jag är här.").await;
            closes(&kim, talk).await;
            assert_eq!(asked(&noa, talk).await, Value::Null, "{text}");
        }
        // What an officer judged urgent once stays so, for this.
        let noa = world.youth().await;
        let talk = noa.writes("Hej").await;
        lead.does(on_talk(&world, "conversation-raise", talk, json!({"priority": "p2"}))).await;
        let seen = lead.sees(talk).await["revision"].clone();
        lead.does(on_talk(&world, "conversation-lower", talk, json!({"expected_revision": seen, "priority": "p4", "why": "Fel."}))).await;
        assert_eq!(asked(&noa, talk).await, Value::Null);
    }

    async fn of_a_talk_about_such_a_report_nothing_is_asked(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let report = |report: Uuid, kind: &str, more: &Value| {
            let mut sent = noa.report(report, "Någon skriver till mig", json!([]));
            sent["body"]["event_kind"] = json!(kind);
            for (name, value) in more.as_object().into_iter().flatten() {
                sent["body"][name] = value.clone();
            }
            sent
        };
        // Out of a talk.
        for (kind, asks) in [("fraud", json!(["would-have-called"])), ("sexual-image", Value::Null)] {
            let talk = id();
            let first = noa.message(talk, "Hej");
            let message = first["body"]["message_id"].clone();
            noa.does(first).await;
            noa.does(report(id(), kind, &json!({"conversation_id": talk, "message_ids": [message]}))).await;
            assert_eq!(asked(&noa, talk).await, asks, "{kind}");
        }
        // By an officer who asks about one.
        for (kind, asks) in [("fraud", json!(["would-have-told", "helped"])), ("sexual-image", Value::Null)] {
            let (told, talk) = (id(), id());
            noa.does(report(told, kind, &json!({}))).await;
            let opening = json!({"report_id": told, "expected_revision": 1, "conversation_id": talk});
            kim.does(action(&world, &format!("report:{told}"), "report-open-talk", opening)).await;
            kim.answers(talk, "Hur mår du?").await;
            closes(&kim, talk).await;
            assert_eq!(asked(&noa, talk).await, asks, "{kind}");
        }
    }
}
