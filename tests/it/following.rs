//! Following a live dialogue: without an account, all told the same, once and in order; whoever missed something reads it in pages
//! that are the same for all.

use std::{
    collections::{HashMap, HashSet},
    process::Stdio,
    time::{Duration, Instant},
};

use entities::words::Role;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{
    Backend, World, on_both_databases,
    people::{Person, action},
    program::serves,
    world::id,
};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::dialogues::{asks, does, of, of_room, opens, refused, sees, shown, told, votes};

/// Somebody who follows, with what came and was not looked at yet.
struct Follower {
    response: reqwest::Response,
    text: String,
    /// The position to go on from.
    pos: i64,
    /// How many follow, as it was told last.
    viewers: i64,
    /// How long it is to wait before it comes again.
    retry: Duration,
}

/// One event of the stream.
#[derive(Debug)]
struct Said {
    event: String,
    data: Value,
}

async fn follows(world: &World, room: Uuid) -> Follower {
    reaches(world, room).await.expect("a stream")
}

/// Nothing: the node cannot be reached, or goes.
async fn reaches(world: &World, room: Uuid) -> Option<Follower> {
    let response = world.http.get(format!("{}/api/v1/dialogues/{room}/stream", world.url)).send().await.ok()?;
    assert_eq!((response.status().as_u16(), response.headers()["cache-control"].to_str().unwrap()), (200, "no-store"));
    let mut follower = Follower { response, text: String::new(), pos: 0, viewers: 0, retry: Duration::ZERO };
    let here = follower.next().await?;
    assert_eq!(here.event, "here", "it begins with where it stands");
    follower.pos = here.data["pos"].as_i64().unwrap();
    Some(follower)
}

impl Follower {
    async fn next(&mut self) -> Option<Said> {
        loop {
            if let Some((one, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| one.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
                if let Some(millis) = field("retry: ") {
                    self.retry = Duration::from_millis(millis.parse().unwrap());
                }
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

fn given(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().map_or(otherwise, |text| text.parse().unwrap())
}

/// A phone that follows over one node, and over the other when that one is gone, until it knows that a question is answered. Gives the
/// questions it was shown, and how long it followed nothing at the most. A patient one waits as it was told.
async fn stays(
    nodes: [World; 2],
    room: Uuid,
    last: Uuid,
    patient: bool,
    comes: mpsc::UnboundedSender<()>,
) -> (HashSet<String>, Duration) {
    let (mut shown, mut pos, mut nth) = (HashSet::new(), 0, 0);
    let (mut cut, mut away) = (Instant::now(), Duration::ZERO);
    loop {
        let node = &nodes[nth % 2];
        let Some(mut follower) = reaches(node, room).await else {
            nth += 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        if nth == 0 {
            comes.send(()).unwrap();
            pos = follower.pos;
        } else {
            away = away.max(cut.elapsed());
        }
        let mut tells = |one: &Value, pos: &mut i64| {
            if place(one) <= *pos {
                return false;
            }
            *pos = place(one);
            shown.extend(one["question"]["question_id"].as_str().map(str::to_owned));
            one["question"]["question_id"] == json!(last) && one["question"]["state"] == "answered"
        };
        let mut done = false;
        for nth in pos / 100..=follower.pos / 100 {
            let read = page(node, room, u32::try_from(nth).unwrap()).await;
            done |= read["items"].as_array().unwrap().iter().any(|one| tells(one, &mut pos));
        }
        let mut told = follower.pos;
        while !done && let Some(said) = follower.next().await {
            if said.event == "told" {
                assert!(place(&said.data) > told, "each place once and in order");
                told = place(&said.data);
                done = tells(&said.data, &mut pos);
            }
        }
        if done {
            return (shown, away);
        }
        (cut, nth) = (Instant::now(), nth + 1);
        if patient {
            tokio::time::sleep(follower.retry).await;
        }
    }
}

/// Many follow over two nodes that cannot hear each other for a while; then one of them is killed. With NATPATRULL_FOLLOWERS as many as
/// wanted, and for five seconds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_follows_over_a_node_that_is_killed_goes_on_over_another_and_misses_nothing() {
    let many = given("NATPATRULL_FOLLOWERS", 40);
    let seconds = if many > 40 { 5 } else { 1 };
    let world = World::start_with(Backend::Postgres, |config| config.actions_a_minute = 100_000).await;
    let kim = world.officer("11").await;
    let room = opens(&kim).await;
    let mut youths = Vec::new();
    for _ in 0..20 {
        youths.push(world.youth().await);
    }
    let (mut other, there) = serves(&world, Stdio::null).await;
    let (comes, mut come) = mpsc::unbounded_channel();
    let last = shown(&youths[0], &kim, room, "Den sista").await;
    let phones = (0..many).map(|nth| {
        let nodes = if nth % 2 == 0 { [world.clone(), there.clone()] } else { [there.clone(), world.clone()] };
        tokio::spawn(stays(nodes, room, last, many > 40, comes.clone()))
    });
    let phones: Vec<_> = phones.collect();
    for _ in 0..many {
        come.recv().await.unwrap();
    }
    let mut asked = Vec::new();
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(seconds) {
        let cut = "SELECT count(pg_terminate_backend(pid))::text FROM pg_stat_activity \
                   WHERE datname = current_database() AND query LIKE 'LISTEN%'";
        world.column(cut).await;
        let nth = asked.len();
        asked.push(shown(&youths[nth % youths.len()], &kim, room, &format!("Fråga {nth}")).await);
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    other.kill().unwrap();
    other.wait().unwrap();
    for nth in 0..20 {
        asked.push(shown(&youths[nth % youths.len()], &kim, room, &format!("Och {nth}")).await);
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    kim.does(of(&world, "question-answer", last, 2, json!({"mark_seconds": 5}))).await;
    let ended = tokio::time::timeout(Duration::from_secs(120), join_all(phones)).await.expect("all come to the end");
    let mut away = Duration::ZERO;
    for phone in ended {
        let (shown, longest) = phone.unwrap();
        away = away.max(longest);
        let missed = asked.iter().filter(|id| !shown.contains(&id.to_string())).count();
        assert_eq!(missed, 0, "of {} that were shown", asked.len());
    }
    println!(
        "{many} followers over two nodes, {} shown, all back after {} ms at the most",
        asked.len(),
        away.as_millis()
    );
    assert!(many == 40 || away < Duration::from_secs(10), "they were away for {away:?}");
}

/// An engine's address breaks while all look at it, and what it showed lies elsewhere afterwards.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_film_is_elsewhere_from_then_on_and_all_who_follow_are_told() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let world = World::start_with(backend, |config| config.film_hosts = vec!["film.example.org".to_owned()]).await;
        let (noa, kim, alex) = (world.youth().await, world.officer("07").await, world.officer("12").await);
        let lead = world.staff("03", Role::Lead).await;
        let room = opens(&kim).await;
        let mut sam = follows(&world, room).await;
        let at = |name: &str| json!({"film_url": format!("https://film.example.org/{name}.m3u8")});
        let live = of_room(&world, "dialogue-film", room, at("reserv")).await;
        assert_eq!(refused(&noa, live.clone()).await, "role-refused");
        let unseated = of_room(&world, "dialogue-film", room, at("reserv")).await;
        assert_eq!(refused(&alex, unseated).await, "seat-needed");
        let foreign =
            of_room(&world, "dialogue-film", room, json!({"film_url": "https://other.example.org/x.m3u8"})).await;
        let wrong = kim.pushes(&[foreign]).await.remove(0);
        let why = (&wrong["problem"]["kind"], &wrong["problem"]["fields"][0]["field"]);
        assert_eq!(why, (&json!("malformed"), &json!("film_url")));
        kim.does(live.clone()).await;
        assert_eq!(sam.hears("told").await["dialogue"]["film_url"], at("reserv")["film_url"]);
        let again =
            of_room(&world, "dialogue-film", room, json!({"expected_revision": live["body"]["expected_revision"]}));
        assert_eq!(refused(&kim, again.await).await, "revision-conflict");

        does(&kim, "dialogue-end", room, json!({})).await;
        does(&kim, "dialogue-film", room, at("kvall")).await;
        does(&kim, "dialogue-archive", room, json!({})).await;
        assert_eq!(sees(&world, room).await["film_url"], at("kvall")["film_url"]);
        does(&lead, "dialogue-film", room, at("arkiv")).await;
        let now = sees(&world, room).await;
        assert_eq!((&now["state"], &now["film_url"]), (&json!("archived"), &at("arkiv")["film_url"]));
        assert_eq!(told(&kim, "desk", room).await.last().unwrap()["revision"], now["revision"]);
        does(&lead, "dialogue-film", room, json!({})).await;
        assert!(sees(&world, room).await["film_url"].is_null());
    }
}
