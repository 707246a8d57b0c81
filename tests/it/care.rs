//! How much an officer has carried of late.

use entities::words::Role;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Officer, on_both_databases, people::Person, world::id};

use crate::{
    erasure::erases,
    triage::{ends, on_talk},
};

async fn hard(officer: &Officer) -> Vec<(String, i64, bool)> {
    let list =
        officer.asks(Method::GET, "/api/v1/care/hard-cases", None).await.ok()["items"].as_array().unwrap().clone();
    let one = |item: &Value| {
        (item["public_number"].as_str().unwrap().to_owned(), item["count"].as_i64().unwrap(), item["mine"] == true)
    };
    list.iter().map(one).collect()
}

on_both_databases! {
    async fn hard_cases_are_counted_for_a_week_and_seen_by_oneself_and_by_leads(world) {
        let (noa, kim, alex) = (world.youth().await, world.officer("07").await, world.officer("12").await);
        let lead = world.staff("03", Role::Lead).await;
        assert_eq!(hard(&kim).await, []);
        let cried = noa.cries("han har kniv").await;
        kim.takes(cried).await;
        assert_eq!(hard(&kim).await, [], "a talk that was only taken");
        kim.answers(cried, "Ring 112 nu.").await;
        kim.answers(cried, "Jag läser.").await;
        assert_eq!(hard(&kim).await, [("07".to_owned(), 1, true)], "two answers in one talk are one case");
        let quiet = world.youth().await.writes("jag undrar en sak").await;
        kim.takes(quiet).await;
        kim.answers(quiet, "Det går bra.").await;
        assert_eq!(hard(&kim).await[0].1, 1, "an ordinary talk is none");
        for _ in 0..2 {
            kim.does(on_talk(&world, "case-hard", quiet, json!({}))).await;
        }
        kim.does(on_talk(&world, "case-hard", cried, json!({}))).await;
        assert_eq!(hard(&kim).await[0].1, 2, "marked once more, and marked though it was in danger");
        alex.does(on_talk(&world, "case-hard", quiet, json!({}))).await;
        assert_eq!(hard(&alex).await, [("12".to_owned(), 1, true)]);
        let all = [("07".to_owned(), 2, false), ("12".to_owned(), 1, false)];
        assert_eq!(hard(&lead).await, all);
        assert_eq!(ends(&noa, on_talk(&world, "case-hard", cried, json!({}))).await, "role-refused");
        assert_eq!(ends(&kim, on_talk(&world, "case-hard", id(), json!({}))).await, "not-found");

        erases(&lead, "conversation", quiet).await.ok();
        assert_eq!(hard(&lead).await, [("07".to_owned(), 1, false)], "what was erased is counted no more");
        world.clock.wind(8 * 24 * 3600);
        let (kim, lead) = (kim.with_a_new_token(), lead.with_a_new_token());
        assert_eq!((hard(&kim).await, hard(&lead).await), (vec![], vec![]), "after a week it is over");
    }
}
