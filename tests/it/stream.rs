//! The live stream: whom a poke reaches, and what ends it.

use natpatrull::{base::tokens, identity};
use reqwest::Method;
use serde_json::json;
use tests::{
    Backend, World, Youth, on_both_databases,
    people::{Listening, Officer, Person},
};

/// The stream of the next poke.
async fn poked(stream: &mut Listening) -> String {
    let (event, at) = stream.hears().await.expect("the stream is open");
    assert_eq!(event, "poke", "{at}");
    at["stream"].as_str().unwrap().to_owned()
}

/// The program says that it ends, and closes.
async fn ends(stream: &mut Listening, why: &str) {
    assert_eq!(stream.hears().await, Some(("end".to_owned(), json!({}))), "{why}");
    assert_eq!(stream.hears().await, None, "{why}: nothing comes after the end");
}

async fn ends_her_device(noa: &Youth) {
    let path = format!("/api/v1/identity/devices/{}", noa.device_id);
    assert_eq!(noa.asks(Method::DELETE, &path, None).await.status, 204);
}

on_both_databases! {
    async fn a_message_pokes_those_whom_it_concerns_and_nobody_else(world) {
        let (noa, sam, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        let (mut desk, mut hers, mut another) = (kim.listens().await, noa.listens().await, sam.listens().await);
        let conversation = noa.writes("de vill in").await;
        let mut seen = [poked(&mut desk).await, poked(&mut desk).await];
        seen.sort();
        assert_eq!(seen, [format!("conversation:{conversation}"), "desk".to_owned()], "the officer's stream");
        let inbox = format!("inbox:{}", noa.account_id);
        assert_eq!(poked(&mut hers).await, inbox);
        kim.takes(conversation).await;
        assert_eq!(poked(&mut hers).await, inbox);
        kim.answers(conversation, "vi kommer").await;
        assert_eq!(poked(&mut hers).await, inbox);
        // The first that the other youth hears is her own.
        sam.writes("hej").await;
        assert_eq!(poked(&mut another).await, format!("inbox:{}", sam.account_id));
    }

    async fn the_stream_ends_with_the_token(world) {
        let noa = world.youth().await;
        // Time on the wire is real: only the last second of the token is waited for.
        world.clock.wind(tokens::LIFE_SECONDS - 1);
        ends(&mut noa.listens().await, "the token ran out").await;
        world.clock.wind(1);
        assert_eq!(noa.asks(Method::GET, "/api/v1/sync/stream", None).await.problem(), "token-expired");
    }

    async fn the_stream_ends_with_the_device(world) {
        let noa = world.youth().await;
        let mut stream = noa.listens().await;
        ends_her_device(&noa).await;
        ends(&mut stream, "the device was ended").await;
        assert_eq!(noa.asks(Method::GET, "/api/v1/sync/stream", None).await.problem(), "session-ended");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_node_hears_what_is_written_and_who_was_sent_out() {
    let here = World::start(Backend::Postgres).await;
    let there = here.another_node().await;
    tokio::spawn(identity::follow_ended(there.deps.clone()));
    let (noa, kim) = (here.youth().await, here.officer("07").await);
    let (far_noa, far_kim) = (Youth { world: there.clone(), ..noa.clone() }, Officer { world: there.clone(), ..kim });

    let mut desk = far_kim.listens().await;
    let conversation = noa.writes("hör ni mig?").await;
    // A node that has just started may not be listening to the others yet, so she writes until it does.
    let mut again = tokio::time::interval(std::time::Duration::from_millis(500));
    let mut tries = 0;
    let stream = loop {
        tokio::select! {
            stream = poked(&mut desk) => break stream,
            _ = again.tick() => drop(noa.does(noa.message(conversation, "hör ni mig?")).await),
        }
        tries += 1;
        assert!(tries < 60, "the other node hears nothing of what is written here");
    };
    assert!(stream == "desk" || stream == format!("conversation:{conversation}"), "{stream}");
    assert!(!far_kim.reads_messages(conversation).await.is_empty(), "what is poked about is there to be read");

    let mut hers = far_noa.listens().await;
    far_noa.asks(Method::GET, "/api/v1/identity/me", None).await.ok();
    ends_her_device(&noa).await;
    while let Some((event, _)) = hers.hears().await {
        // Her own messages may still come by; then it ends.
        assert!(event == "poke" || event == "end", "{event}");
    }
    assert_eq!(far_noa.asks(Method::GET, "/api/v1/identity/me", None).await.problem(), "session-ended");
}
