//! What police must act on, and what was decided of it.

use entities::{
    setting,
    words::{Role, SettingName},
};
use natpatrull::{base::clock::Clock, quarters};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Officer, World, on_both_databases, people::Person, world::id};
use uuid::Uuid;

use crate::{
    erasure::{erases, talk},
    triage::{ends, on_talk},
};

const TEXT: &str = "/api/v1/duty/text";

fn says(world: &World, talk: Uuid, matter: &str, more: &Value) -> Value {
    let mut body = json!({"duty_id": id(), "matter": matter, "text_version": 1});
    for (field, value) in more.as_object().into_iter().flatten() {
        body[field] = value.clone();
    }
    on_talk(world, "duty-record", talk, body)
}

pub fn decides(world: &World, talk: Uuid, matter: &str, decision: &str, reason: &str) -> Value {
    says(world, talk, matter, &json!({"decision": decision, "reason": reason}))
}

async fn records(officer: &Officer, talk: Uuid) -> Vec<Value> {
    let path = format!("/api/v1/duty/conversations/{talk}/records");
    officer.asks(Method::GET, &path, None).await.ok()["items"].as_array().unwrap().clone()
}

on_both_databases! {
    async fn an_orosanmalan_is_raised_decided_and_kept_with_its_reason(world) {
        let (noa, kim, alex) = (world.youth().await, world.officer("07").await, world.officer("12").await);
        let of = talk(&noa, &kim).await;
        kim.does(says(&world, of, "child-harmed", &json!({}))).await;
        assert_eq!(alex.sees(of).await["child_duty"], "raised", "everybody at the desk sees that it is to be decided");
        world.clock.wind(60);
        kim.does(decides(&world, of, "child-harmed", "made", "Hon är 14 och rädd för sin pappa")).await;
        assert_eq!(alex.sees(of).await["child_duty"], "decided");
        let list = records(&alex, of).await;
        assert_eq!(list.len(), 2);
        assert_eq!((&list[0]["decision"], &list[0]["reason"]), (&json!("made"), &json!("Hon är 14 och rädd för sin pappa")));
        assert_eq!((&list[0]["by"], &list[0]["at"], &list[0]["text_version"]), (&json!("07"), &json!(world.now()), &json!(1)));
        assert_eq!((list[1].get("decision"), list[1].get("reason")), (None, None));

        // She tells of a crime of her own: nobody asks on.
        kim.does(says(&world, of, "own-crime", &json!({}))).await;
        kim.does(says(&world, of, "own-crime", &json!({"decision": "stopped-asking"}))).await;
        let seen = kim.sees(of).await;
        assert_eq!((&seen["crime_duty"], &seen["child_duty"]), (&json!("decided"), &json!("decided")));

        // Nothing of it is hers to see.
        let all = format!("{} {}", noa.sees(of).await, noa.pulls(&format!("conversation:{of}")).await);
        for word in ["duty\"", "child_duty", "crime_duty", "pappa", "decided"] {
            assert!(!all.contains(word), "{word} reaches the youth");
        }
        let hers = noa.asks(Method::GET, &format!("/api/v1/duty/conversations/{of}/records"), None).await;
        assert_eq!(hers.problem(), "role-refused");
    }

    async fn what_cannot_be_decided_is_refused(world) {
        let (noa, kim, alex) = (world.youth().await, world.officer("07").await, world.officer("12").await);
        let lead = world.staff("03", Role::Lead).await;
        let of = noa.writes("hej").await;
        assert_eq!(ends(&kim, decides(&world, of, "child-harmed", "made", "skäl")).await, "conversation-not-held");
        kim.takes(of).await;
        assert_eq!(ends(&alex, decides(&world, of, "child-harmed", "made", "skäl")).await, "conversation-not-held");
        assert_eq!(ends(&noa, decides(&world, of, "child-harmed", "made", "skäl")).await, "role-refused");
        assert_eq!(ends(&kim, decides(&world, of, "child-harmed", "stopped-asking", "skäl")).await, "conflict");
        for decision in ["made", "not-needed"] {
            assert_eq!(ends(&kim, decides(&world, of, "own-crime", decision, "skäl")).await, "conflict");
        }
        assert_eq!(ends(&kim, says(&world, of, "child-harmed", &json!({"decision": "not-needed"}))).await, "text-empty");
        assert_eq!(ends(&kim, decides(&world, of, "child-harmed", "made", " ")).await, "text-empty");
        assert_eq!(ends(&kim, decides(&world, of, "child-harmed", "made", &"x".repeat(1001))).await, "text-too-long");
        let first = decides(&world, of, "child-harmed", "not-needed", "skäl");
        kim.does(first.clone()).await;
        let twice = says(&world, of, "own-crime", &json!({"duty_id": first["body"]["duty_id"]}));
        assert_eq!(ends(&kim, twice).await, "conflict", "no record takes the place of another");
        kim.reads(of).await;
        kim.does(on_talk(&world, "conversation-close", of, json!({"expected_revision": kim.sees(of).await["revision"]}))).await;
        assert_eq!(ends(&kim, decides(&world, of, "child-harmed", "made", "skäl")).await, "conversation-closed");
        erases(&lead, "conversation", of).await.ok();
        let gone = kim.asks(Method::GET, &format!("/api/v1/duty/conversations/{of}/records"), None).await;
        assert_eq!(gone.problem(), "not-found");
    }

    async fn the_text_and_the_ages_are_dated_data(world) {
        let (noa, kim, lead) = (world.youth().await, world.officer("07").await, world.staff("03", Role::Lead).await);
        let first = world.asks(Method::GET, TEXT, None, None).await.ok();
        assert_eq!((&first["version"], &first["child_age"], &first["criminal_age"]), (&json!(1), &json!(18), &json!(15)));
        let text = |expected: i64, sv: &str| json!({"expected_version": expected, "law": "Lagen", "sv": sv, "en": "English", "easy": "Lätt"});
        for who in [&kim.token, &noa.token] {
            assert_eq!(world.asks(Method::PUT, TEXT, Some(who), Some(&text(1, "Ny"))).await.problem(), "role-refused");
        }
        let now = lead.asks(Method::PUT, TEXT, Some(&text(1, "Ny"))).await.ok();
        assert_eq!((&now["version"], &now["sv"], &now["valid_from"]), (&json!(2), &json!("Ny"), &json!(world.now())));
        world.clock.wind(60);
        assert_eq!(lead.asks(Method::PUT, TEXT, Some(&text(1, "Ny"))).await.ok(), now, "the same again changes nothing");
        assert_eq!(lead.asks(Method::PUT, TEXT, Some(&text(1, "Annan"))).await.problem(), "revision-conflict");
        assert_eq!(lead.asks(Method::PUT, TEXT, Some(&text(2, ""))).await.problem(), "text-empty");
        assert_eq!(world.asks(Method::GET, TEXT, None, None).await.ok(), now);

        // The age of the law is another one from a day on.
        let valid_from = world.clock.now().plus_seconds(3600);
        let row = |value| setting::Model { name: SettingName::CriminalAge, valid_from, value, source: "lag 2026:1".to_owned() };
        quarters::set_setting(&world.deps, row(0)).await.unwrap_err();
        quarters::set_setting(&world.deps, row(31)).await.unwrap_err();
        quarters::set_setting(&world.deps, row(13)).await.unwrap();
        assert_eq!(world.asks(Method::GET, TEXT, None, None).await.ok()["criminal_age"], 15);
        world.clock.wind(3600);
        assert_eq!(world.asks(Method::GET, TEXT, None, None).await.ok()["criminal_age"], 13);
    }
}
