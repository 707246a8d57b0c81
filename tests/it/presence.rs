//! Who looks at a talk and who writes: whom it is told to, for how long, and that nothing of it is kept.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{
    Answer, Backend, Officer, World, on_both_databases,
    people::{Listening, Person},
    world::id,
};
use uuid::Uuid;

use crate::{erasure::talk, triage::on_talk};

async fn does(who: &impl Person, talk: Uuid, kind: &str) -> Answer {
    who.asks(Method::POST, &format!("/api/v1/presence/conversations/{talk}"), Some(&json!({"kind": kind}))).await
}

async fn shows(who: &impl Person, talk: Uuid, kind: &str) {
    let answer = does(who, talk, kind).await;
    assert_eq!(answer.status, 204, "{}", answer.json);
}

/// The next sign; what has grown is passed over.
async fn sign(stream: &mut Listening) -> Value {
    loop {
        let (event, data) = stream.hears().await.expect("the stream is open");
        if event == "sign" {
            return data;
        }
    }
}

fn of(talk: Uuid, kind: &str, number: Option<&str>) -> Value {
    json!({"conversation_id": talk, "kind": kind, "public_number": number})
}

on_both_databases! {
    async fn officers_of_a_talk_see_each_other_and_its_youth_sees_only_who_writes_to_her(world) {
        let (noa, sam, kim, alex) = (world.youth().await, world.youth().await, world.officer("07").await, world.officer("08").await);
        let (here, there) = (talk(&noa, &kim).await, sam.writes("hej").await);
        let (mut hers, mut at_kim, mut at_alex) = (noa.listens().await, kim.listens().await, alex.listens().await);
        shows(&kim, here, "looking").await;
        shows(&alex, there, "looking").await;
        shows(&alex, here, "looking").await;
        assert_eq!(sign(&mut at_kim).await, of(here, "looking", Some("08")), "and not the other talk, which Kim does not look at");
        shows(&noa, here, "typing").await;
        for stream in [&mut at_kim, &mut at_alex] {
            assert_eq!(sign(stream).await, of(here, "typing", None));
        }
        shows(&kim, here, "typing").await;
        assert_eq!(sign(&mut at_alex).await, of(here, "typing", Some("07")));
        let told = sign(&mut hers).await;
        assert_eq!(told, of(here, "typing", Some("07")), "the first that she hears is who writes, and nothing of who looks");
    }

    async fn a_sign_counts_for_seconds(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let here = talk(&noa, &kim).await;
        let mut at_kim = kim.listens().await;
        shows(&kim, here, "looking").await;
        world.clock.wind(14);
        shows(&noa, here, "typing").await;
        assert_eq!(sign(&mut at_kim).await, of(here, "typing", None));
        // Kim does not look any more: what comes next is that the talk has grown.
        world.clock.wind(2);
        shows(&noa, here, "typing").await;
        noa.does(noa.message(here, "hej")).await;
        assert_eq!(at_kim.hears().await.expect("the stream is open").0, "poke");
        world.clock.wind(2);
        shows(&kim, here, "looking").await;
        shows(&noa, here, "typing").await;
        assert_eq!(sign(&mut at_kim).await, of(here, "typing", None));
    }

    async fn nothing_of_it_is_kept_and_nobody_counts_as_heard(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let here = talk(&noa, &kim).await;
        natpatrull::audit::seal(&world.deps).await.unwrap();
        world.deps.heard.take();
        let before = world.effects().await;
        for (who, kind) in [(&kim, "looking"), (&kim, "typing")] {
            shows(who, here, kind).await;
        }
        shows(&noa, here, "typing").await;
        natpatrull::audit::seal(&world.deps).await.unwrap();
        assert_eq!(world.effects().await, before, "a row was written");
        assert!(world.deps.heard.take().is_empty(), "an app that shows a talk has not heard from its officer");
        kim.sees(here).await;
        assert!(!world.deps.heard.take().is_empty());
    }

    async fn whoever_may_not_write_gives_no_sign(world) {
        let (noa, sam, kim, alex) = (world.youth().await, world.youth().await, world.officer("07").await, world.officer("08").await);
        let here = talk(&noa, &kim).await;
        assert_eq!(does(&sam, here, "typing").await.problem(), "not-found");
        assert_eq!(does(&noa, id(), "typing").await.problem(), "not-found");
        assert_eq!(does(&noa, here, "looking").await.problem(), "role-refused");
        assert_eq!(does(&alex, here, "typing").await.problem(), "conversation-not-held");
        assert_eq!(does(&kim, here, "dancing").await.problem(), "malformed");
        let mute = json!({"mute_id": id(), "kind": "muted", "hours": 1, "reason": "insults"});
        kim.does(on_talk(&world, "account-mute", here, mute)).await;
        assert_eq!(does(&noa, here, "typing").await.problem(), "muted");
        shows(&kim, here, "typing").await;
        kim.does(on_talk(&world, "conversation-close", here, json!({"expected_revision": 1}))).await;
        for who in ["looking", "typing"] {
            assert_eq!(does(&kim, here, who).await.problem(), "conversation-closed");
        }
        assert_eq!(does(&noa, here, "typing").await.problem(), "conversation-closed");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_reaches_whoever_looks_on_another_node() {
    let here = World::start(Backend::Postgres).await;
    let there = here.another_node().await;
    let (noa, kim, alex) = (here.youth().await, here.officer("07").await, here.officer("08").await);
    let alex = Officer { world: there, ..alex };
    let of_noa = talk(&noa, &kim).await;
    let mut at_alex = alex.listens().await;
    // A node that has just started may not be listening to the others yet, so it is said again.
    let mut again = tokio::time::interval(std::time::Duration::from_millis(500));
    let mut tries = 0;
    let seen = loop {
        tokio::select! {
            seen = sign(&mut at_alex) => break seen,
            _ = again.tick() => {
                here.clock.wind(2);
                shows(&alex, of_noa, "looking").await;
                shows(&noa, of_noa, "typing").await;
            }
        }
        tries += 1;
        assert!(tries < 60, "the other node hears of nobody who writes here");
    };
    assert_eq!(seen, of(of_noa, "typing", None));
}
