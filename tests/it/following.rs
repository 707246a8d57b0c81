//! Following a live dialogue: without an account, all told the same, once and in order; whoever missed something reads it in pages
//! that are the same for all.

use std::{collections::HashMap, time::Duration};

use reqwest::Method;
use serde_json::{Value, json};
use tests::{
    Backend, World, on_both_databases,
    people::{Person, action},
    world::id,
};
use uuid::Uuid;

use crate::dialogues::{asks, does, of, opens, shown, votes};

/// Somebody who follows, with what came and was not looked at yet.
struct Follower {
    response: reqwest::Response,
    text: String,
    /// The position to go on from.
    pos: i64,
    /// How many follow, as it was told last.
    viewers: i64,
}

/// One event of the stream.
#[derive(Debug)]
struct Said {
    event: String,
    data: Value,
}

async fn follows(world: &World, room: Uuid) -> Follower {
    let response = world.http.get(format!("{}/api/v1/dialogues/{room}/stream", world.url)).send().await.unwrap();
    assert_eq!((response.status().as_u16(), response.headers()["cache-control"].to_str().unwrap()), (200, "no-store"));
    let mut follower = Follower { response, text: String::new(), pos: 0, viewers: 0 };
    let here = follower.hears("here").await;
    follower.pos = here["pos"].as_i64().unwrap();
    follower
}

impl Follower {
    async fn next(&mut self) -> Option<Said> {
        loop {
            if let Some((one, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| one.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
                let said = field("event: ").zip(field("data: "));
                self.text = rest.to_owned();
                if let Some((event, data)) = said {
                    let data: Value = serde_json::from_str(&data).unwrap();
                    self.viewers = data["viewers"].as_i64().unwrap_or(self.viewers);
                    return Some(Said { event, data });
                }
                continue;
            }
            let more = self.response.chunk().await.ok()??;
            self.text.push_str(std::str::from_utf8(&more).unwrap());
        }
    }

    /// The next of this kind.
    async fn hears(&mut self, event: &str) -> Value {
        let found = async {
            loop {
                let said = self.next().await.expect("the stream goes on");
                if said.event == event {
                    return said.data;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(60), found).await.unwrap_or_else(|_| panic!("no {event}"))
    }

    /// What is told from where it stood until a question is answered: positions, and what they tell.
    async fn hears_that_so_many_follow(&mut self, many: i64) {
        while self.viewers != many {
            self.hears("viewers").await;
        }
    }

    async fn hears_until_answered(&mut self, question: Uuid) -> Vec<Value> {
        let mut told = Vec::new();
        loop {
            let one = self.hears("told").await;
            let answered = one["question"]["question_id"] == json!(question) && one["question"]["state"] == "answered";
            told.push(one);
            if answered {
                return told;
            }
        }
    }
}

async fn page(world: &World, room: Uuid, page: u32) -> Value {
    world.asks(Method::GET, &format!("/api/v1/dialogues/{room}/events?page={page}"), None, None).await.ok()
}

fn place(told: &Value) -> i64 {
    told["pos"].as_i64().unwrap()
}

on_both_databases! {
    // Fifty follow while questions are shown, changed, hidden and answered. All are told the same.
    async fn all_who_follow_are_told_the_same_once_and_in_order(world) {
        let (noa, kim) = (world.youth().await, world.officer("11").await);
        let room = opens(&kim).await;
        let mut all = Vec::new();
        for _ in 0..50 {
            all.push(follows(&world, room).await);
        }
        assert!(all.iter().all(|one| one.pos == all[0].pos && one.pos > 0), "all begin where it stands");
        let mut asked = Vec::new();
        for nth in 0..12 {
            asked.push(shown(&noa, &kim, room, &format!("Fråga {nth}")).await);
        }
        kim.does(of(&world, "question-hide", asked[3], 2, json!({"hiding": "names-somebody"}))).await;
        asks(&noa, room, "Den här visas inte").await;
        kim.does(of(&world, "question-answer", asked[0], 2, json!({"mark_seconds": 760}))).await;

        let mut first: Option<Vec<Value>> = None;
        for follower in &mut all {
            let told = follower.hears_until_answered(asked[0]).await;
            assert!(told.windows(2).all(|two| place(&two[0]) < place(&two[1])), "each place once and in order: {told:?}");
            let ids: Vec<&Value> = told.iter().filter_map(|one| one["question"].get("question_id")).collect();
            for question in asked.iter().enumerate().filter(|(nth, _)| *nth != 3).map(|(_, id)| json!(id)) {
                assert!(ids.contains(&&question), "each that is shown is told");
            }
            assert!(told.iter().any(|one| one["gone"] == json!(asked[3])), "what is hidden goes");
            let text = json!(told).to_string();
            assert!(!text.contains("visas inte"), "what was never shown is never told");
            let first = first.get_or_insert_with(|| told.clone());
            assert_eq!(*first, told, "all are told the same");
        }
        // Nothing in it says who asked.
        let text = json!(first).to_string();
        for secret in [noa.account_id().to_string(), noa.device_id.to_string(), "conversation_id".into(), "priority".into()] {
            assert!(!text.contains(&secret), "{secret} in {text}");
        }
    }

    // Whoever was away reads in pages what she missed, and has then what the others have.
    async fn whoever_comes_back_reads_what_she_missed(world, |config| config.actions_a_minute = 1000) {
        let kim = world.officer("11").await;
        let mut youths = Vec::new();
        for _ in 0..6 {
            youths.push(world.youth().await);
        }
        let room = opens(&kim).await;
        let away = follows(&world, room).await.pos;
        let mut asked = Vec::new();
        for nth in 0..60 {
            let question = shown(&youths[nth % youths.len()], &kim, room, &format!("Fråga {nth}")).await;
            kim.does(of(&world, "question-assign", question, 2, json!({"seat": "speaker"}))).await;
            kim.does(of(&world, "question-answer", question, 3, json!({"mark_seconds": nth}))).await;
            asked.push(question);
        }
        // What she has, by position; what she knows already is passed over.
        let (mut has, mut last) = (HashMap::<String, Value>::new(), away);
        let mut reads = |one: &Value, last: &mut i64| {
            if place(one) > *last {
                *last = place(one);
                if let Some(id) = one["question"]["question_id"].as_str() {
                    has.insert(id.to_owned(), one["question"].clone());
                }
            }
        };
        let mut back = follows(&world, room).await;
        assert!(away < back.pos, "it went on: {away}, {}", back.pos);
        let mut nth = away / 100;
        loop {
            let read = page(&world, room, u32::try_from(nth).unwrap()).await;
            let places: Vec<i64> = read["items"].as_array().unwrap().iter().map(place).collect();
            assert!(places.iter().all(|at| (nth * 100 + 1..=(nth + 1) * 100).contains(at)), "page {nth}: {places:?}");
            assert!(places.is_sorted(), "page {nth}: {places:?}");
            read["items"].as_array().unwrap().iter().for_each(|one| reads(one, &mut last));
            if read["complete"] == false {
                break;
            }
            nth += 1;
        }
        assert!(nth > 0 && last >= back.pos, "more than a page, and up to where the stream begins");
        // A list tells how far it reaches, so that a newcomer knows what to read.
        let listed = world.asks(Method::GET, &format!("/api/v1/dialogues/{room}/questions"), None, None).await.ok();
        while last < listed["pos"].as_i64().unwrap() {
            reads(&back.hears("told").await, &mut last);
        }
        assert_eq!(listed["epoch"], page(&world, room, 0).await["epoch"]);
        for (nth, question) in asked.iter().enumerate() {
            assert_eq!(has[&question.to_string()]["mark_seconds"], json!(nth), "each is there as it is now");
        }
    }

    // Counts of votes and of those who follow are told as they change.
    async fn votes_and_followers_are_told_as_they_change(world) {
        let (noa, kim, sam) = (world.youth().await, world.officer("11").await, world.youth().await);
        let room = opens(&kim).await;
        let question = shown(&noa, &kim, room, "När är ni ute?").await;
        let mut follower = follows(&world, room).await;
        assert_eq!(votes(&sam, question).await.ok()["votes"], 2);
        let told = loop {
            let told = follower.hears("votes").await["votes"].clone();
            if told[0]["votes"] == 2 {
                break told;
            }
        };
        assert_eq!(told, json!([{"question_id": question, "votes": 2}]));
        let _second = follows(&world, room).await;
        follower.hears_that_so_many_follow(2).await;
        drop(follower);
        let mut third = follows(&world, room).await;
        let _fourth = follows(&world, room).await;
        third.hears_that_so_many_follow(3).await;
    }

    // A poll of the room is told when it opens, without a count, and when it closes, with them.
    async fn polls_of_the_room_are_told_as_they_open_and_close(world) {
        let (noa, kim) = (world.youth().await, world.officer("11").await);
        let room = opens(&kim).await;
        let (mut follower, poll) = (follows(&world, room).await, id());
        let asks = json!({"poll_id": poll, "kind": "one", "question": "Ska vi fortsätta?", "options": [{"text": "Ja"}, {"text": "Nej"}], "dialogue_id": room});
        kim.does(action(&world, "polls", "poll-publish", asks)).await;
        let opened = follower.hears("told").await["poll"].clone();
        assert_eq!((&opened["poll_id"], &opened["voters"]), (&json!(poll), &Value::Null));
        let ballot = json!({"places": [1]});
        noa.asks(Method::POST, &format!("/api/v1/polls/{poll}/votes"), Some(&ballot)).await.ok();
        world.clock.wind(1);
        kim.does(action(&world, "polls", "poll-close", json!({"poll_id": poll, "expected_revision": opened["revision"]}))).await;
        let closed = follower.hears("told").await["poll"].clone();
        assert_eq!((&closed["poll_id"], &closed["voters"], &closed["options"][1]["votes"]), (&json!(poll), &json!(1), &json!(1)));
    }

    // Nobody follows what is not there; what is over may be followed, for its answers.
    async fn what_is_not_there_is_not_followed(world) {
        let kim = world.officer("11").await;
        let nowhere = id();
        for path in ["stream", "events?page=0"] {
            let answer = world.asks(Method::GET, &format!("/api/v1/dialogues/{nowhere}/{path}"), None, None).await;
            assert_eq!(answer.problem(), "not-found", "{path}");
        }
        let room = opens(&kim).await;
        let far = format!("/api/v1/dialogues/{room}/events?page=-1");
        assert_eq!(world.asks(Method::GET, &far, None, None).await.problem(), "malformed");
        let empty = page(&world, room, u32::MAX).await;
        assert_eq!((&empty["items"], &empty["complete"]), (&json!([]), &json!(false)));
        does(&kim, "dialogue-end", room, json!({})).await;
        let mut follower = follows(&world, room).await;
        does(&kim, "dialogue-archive", room, json!({})).await;
        assert_eq!(follower.hears("told").await["dialogue"]["state"], "archived");
    }
}

/// Over two nodes of one database all are told the same, also while the nodes cannot hear each other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_follows_over_another_node_is_told_too() {
    let world = World::start(Backend::Postgres).await;
    let (noa, kim) = (world.youth().await, world.officer("11").await);
    let room = opens(&kim).await;
    let other = world.another_node().await;
    let (mut here, mut there) = (follows(&world, room).await, follows(&other, room).await);
    let question = shown(&noa, &kim, room, "När är ni ute?").await;
    for follower in [&mut here, &mut there] {
        assert_eq!(follower.hears("told").await["question"]["question_id"], json!(question));
        follower.hears_that_so_many_follow(2).await;
    }
    // The connections on which nodes hear each other are cut.
    let cut = "SELECT count(pg_terminate_backend(pid))::text FROM pg_stat_activity \
               WHERE datname = current_database() AND query LIKE 'LISTEN%'";
    assert_eq!(world.column(cut).await, ["2"]);
    let second = shown(&noa, &kim, room, "Var är ni ute?").await;
    for follower in [&mut here, &mut there] {
        assert_eq!(follower.hears("told").await["question"]["question_id"], json!(second));
    }
}
