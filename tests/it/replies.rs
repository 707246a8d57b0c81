//! Texts that officers have at hand.

use entities::words::Role;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Officer, on_both_databases, people::Person, world::id};
use uuid::Uuid;

async fn replies(officer: &Officer) -> Vec<Value> {
    officer.asks(Method::GET, "/api/v1/replies", None).await.ok()["items"].as_array().unwrap().clone()
}

async fn puts(who: &impl Person, reply: Uuid, expected: i64, more: &Value) -> Answer {
    let mut body = json!({
        "expected_revision": expected, "name": "Vänta där", "fits": ["p2", "p1"], "ended": false,
        "sv": "Jag är {number}. Vi öppnar {opening}.", "en": "I am {number}.", "easy": "Ring {helpline}.",
    });
    for (field, value) in more.as_object().into_iter().flatten() {
        body[field] = value.clone();
    }
    who.asks(Method::PUT, &format!("/api/v1/replies/{reply}"), Some(&body)).await
}

on_both_databases! {
    async fn replies_are_there_from_the_first_start_and_a_lead_changes_them(world) {
        let (kim, lead) = (world.officer("07").await, world.staff("03", Role::Lead).await);
        let brought = replies(&kim).await;
        assert!(brought.len() >= 8);
        for reply in &brought {
            assert_eq!((&reply["revision"], &reply["ended"]), (&json!(1), &json!(false)));
            for language in ["sv", "en", "easy"] {
                assert!(!reply[language].as_str().unwrap().is_empty(), "{reply}");
            }
        }
        for kind in ["first", "p1", "p2", "p3", "p4", "self-harm"] {
            assert!(brought.iter().any(|reply| reply["fits"].as_array().unwrap().contains(&json!(kind))), "none is for {kind}");
        }

        // One that the program brought is changed in its place, and a new one stands last.
        let second: Uuid = brought[1]["reply_id"].as_str().unwrap().parse().unwrap();
        let changed = puts(&lead, second, 1, &json!({})).await.ok();
        assert_eq!((&changed["revision"], &changed["changed_by"], &changed["fits"]), (&json!(2), &json!("03"), &json!(["p1", "p2"])));
        assert_eq!(puts(&lead, second, 1, &json!({})).await.ok(), changed, "the same again changes nothing");
        let new = id();
        puts(&lead, new, 0, &json!({"name": "Ny"})).await.ok();
        let now = replies(&kim).await;
        assert_eq!((&now[1], &now[brought.len()]["name"]), (&changed, &json!("Ny")));
        assert_eq!((now.len(), &now[0]), (brought.len() + 1, &brought[0]));
        assert_eq!(puts(&lead, second, 1, &json!({"name": "Annat"})).await.problem(), "revision-conflict");
        assert_eq!(puts(&lead, new, 0, &json!({"name": "Annat"})).await.problem(), "revision-conflict");

        // It is offered no more, and may be again.
        assert_eq!(puts(&lead, second, 2, &json!({"ended": true})).await.ok()["ended"], true);
        assert_eq!(replies(&kim).await[1]["ended"], true);
        assert_eq!(puts(&lead, second, 3, &json!({})).await.ok()["revision"], 4);

        let desk = kim.pulls("desk").await;
        let kinds: Vec<_> = desk["events"].as_array().unwrap().iter().map(|event| event["kind"].clone()).collect();
        assert_eq!(kinds, vec![json!("reply-changed"); 4], "the desk is told of each");
        let log = lead.asks(Method::GET, &format!("/api/v1/audit/subjects/{second}/entries"), None).await.ok();
        assert_eq!((log["items"].as_array().unwrap().len(), &log["items"][0]["subject_kind"]), (3, &json!("reply")));
    }

    async fn a_reply_that_cannot_be_is_refused(world) {
        let (kim, lead) = (world.officer("07").await, world.staff("03", Role::Lead).await);
        assert_eq!(puts(&kim, id(), 0, &json!({})).await.problem(), "role-refused");
        for (more, problem) in [
            (json!({"sv": " "}), "text-empty"),
            (json!({"name": ""}), "text-empty"),
            (json!({"name": "x".repeat(41)}), "text-too-long"),
            (json!({"easy": "x".repeat(1001)}), "text-too-long"),
            (json!({"en": "Hi {name}"}), "malformed"),
            (json!({"en": "Hi {number"}), "malformed"),
            (json!({"fits": ["p5"]}), "malformed"),
        ] {
            assert_eq!(puts(&lead, id(), 0, &more).await.problem(), problem, "{more}");
        }
    }
}
