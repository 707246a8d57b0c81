//! Taking and closing a talk while both sides go on writing and reading.

use serde_json::{Value, json};
use tests::{
    Officer, World, on_both_databases,
    people::{Person, action},
    world::id,
};
use uuid::Uuid;

fn change(world: &World, kind: &str, conversation: Uuid, seen: &Value) -> Value {
    let body = json!({"conversation_id": conversation, "expected_revision": seen["revision"]});
    action(world, &format!("conversation:{conversation}"), kind, body)
}

/// How a change that the officer decided on when the talk stood as `seen` ends.
async fn ends(officer: &Officer, kind: &str, conversation: Uuid, seen: &Value) -> Value {
    let result = officer.pushes(&[change(&officer.world, kind, conversation, seen)]).await.remove(0);
    match result["problem"]["kind"].as_str() {
        Some(problem) => json!(problem),
        None => result["outcome"].clone(),
    }
}

on_both_databases! {
    async fn a_talk_that_grows_while_it_is_taken_is_taken(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let conversation = noa.writes("hej").await;
        let seen = kim.sees(conversation).await;
        noa.does(noa.message(conversation, "är någon där?")).await;
        assert_eq!(ends(&kim, "conversation-take", conversation, &seen).await, "applied");
        assert_eq!(noa.sees(conversation).await["holder"], "07");
    }

    async fn of_two_who_take_at_once_the_later_hears_of_the_first(world) {
        let (noa, kim, alex) = (world.youth().await, world.officer("07").await, world.officer("12").await);
        let conversation = noa.writes("hej").await;
        let seen = alex.sees(conversation).await;
        kim.takes(conversation).await;
        assert_eq!(ends(&alex, "conversation-take", conversation, &seen).await, "conversation-taken");
        assert_eq!(noa.sees(conversation).await["holder"], "07");

        // Having seen that Kim holds it, Alex takes it over, though words have come since.
        let seen = alex.sees(conversation).await;
        noa.does(noa.message(conversation, "hallå?")).await;
        assert_eq!(ends(&alex, "conversation-take", conversation, &seen).await, "applied");
        // And Kim, who saw it in nobody's or her own hands, does not take it back by mistake.
        assert_eq!(ends(&kim, "conversation-take", conversation, &seen).await, "conversation-taken");
        assert_eq!(noa.sees(conversation).await["holder"], "12");
        let never = json!({"revision": 99});
        assert_eq!(ends(&kim, "conversation-take", conversation, &never).await, "revision-conflict");
    }

    async fn an_answer_and_a_close_made_offline_both_stand(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let conversation = noa.writes("hej").await;
        kim.takes(conversation).await;
        kim.reads(conversation).await;
        // Offline, with the talk as it was seen then.
        let seen = kim.sees(conversation).await;
        let lane = format!("conversation:{conversation}");
        let words = json!({"message_id": id(), "conversation_id": conversation, "text": "Bra att du skrev. Ha det fint!"});
        let answer = action(&world, &lane, "message-send", words);
        let close = change(&world, "conversation-close", conversation, &seen);
        // Meanwhile the youth reads.
        noa.does(action(&world, &lane, "conversation-read", json!({"conversation_id": conversation, "pos": seen["head"]}))).await;
        let results = kim.pushes(&[answer, close]).await;
        assert_eq!((&results[0]["outcome"], &results[1]["outcome"]), (&json!("applied"), &json!("applied")), "{results:?}");
        assert_eq!(noa.sees(conversation).await["state"], "closed");
    }

    async fn no_talk_closes_over_words_that_nobody_has_read(world) {
        let (noa, kim, alex) = (world.youth().await, world.officer("07").await, world.officer("12").await);
        let conversation = noa.writes("hej").await;
        kim.takes(conversation).await;
        kim.reads(conversation).await;
        let seen = kim.sees(conversation).await;
        noa.does(noa.message(conversation, "vänta, en sak till")).await;
        assert_eq!(ends(&kim, "conversation-close", conversation, &seen).await, "revision-conflict");
        kim.reads(conversation).await;
        assert_eq!(ends(&alex, "conversation-close", conversation, &seen).await, "conversation-not-held");
        assert_eq!(ends(&kim, "conversation-close", conversation, &seen).await, "applied");
    }
}
