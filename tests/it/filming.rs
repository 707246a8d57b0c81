//! Films of dialogues that are kept here: sent as a post's films are, shown to all once they are ready, and gone with what takes their
//! place.

use entities::words::Role;
use natpatrull::{chores, files};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::{
    Answer, Backend, World, on_both_databases,
    people::Person,
    world::{answer, id},
};
use uuid::Uuid;

use crate::{
    dialogues::{DAY, announced, does, of_room, opens, refused, sees, told},
    posts::{Shown, short_film},
};

const CAPTIONS: &str = "WEBVTT\n\n00:00:00.500 --> 00:00:01.500\nVi svarar på era frågor\n";

async fn announces(who: &impl Person, shown: &Shown, of: Value) -> Answer {
    let mut body = shown.file();
    for (name, value) in of.as_object().unwrap() {
        body[name] = value.clone();
    }
    who.asks(Method::POST, "/api/v1/files", Some(&body)).await
}

async fn reads(world: &World, room: Uuid, shown: &Shown, rendition: &str, headers: &[(&str, &str)]) -> Answer {
    let path = format!("/api/v1/dialogues/{room}/film/{}/{rendition}", shown.file_id);
    let mut request = world.http.get(format!("{}{path}", world.url));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    answer(request).await
}

async fn captions(world: &World, room: Uuid, query: &str) -> Answer {
    world.asks(Method::GET, &format!("/api/v1/dialogues/{room}/captions{query}"), None, None).await
}

/// What is left of a film anywhere.
fn left(world: &World, shown: &Shown) -> usize {
    ["files", "copies", "small", "posters"].iter().map(|shelf| shown.shelf(world, shelf)).sum()
}

on_both_databases! {
    async fn a_recording_is_shown_to_all_once_it_is_ready_and_goes_with_what_takes_its_place(world) {
        let (noa, kim, alex) = (world.youth().await, world.officer("07").await, world.officer("12").await);
        let lead = world.staff("03", Role::Lead).await;
        let room = opens(&kim).await;
        does(&kim, "dialogue-end", room, json!({})).await;
        let film = Shown::new("video/mp4", short_film());
        does(&kim, "dialogue-film", room, json!({"film": film.file(), "captions": CAPTIONS})).await;
        let now = sees(&world, room).await;
        assert_eq!((&now["film"]["state"], &now["film"]["size"]), (&json!("preparing"), &Value::Null));
        assert_eq!(reads(&world, room, &film, "full", &[]).await.problem(), "not-found");

        // Whoever set it sends it, as the dialogue's.
        assert_eq!(announces(&noa, &film, json!({"dialogue_id": room})).await.problem(), "not-found");
        assert_eq!(announces(&alex, &film, json!({"dialogue_id": room})).await.problem(), "not-found");
        assert_eq!(announces(&kim, &film, json!({"dialogue_id": id()})).await.problem(), "not-found");
        assert_eq!(announces(&kim, &film, json!({"post_id": room})).await.problem(), "not-found");
        assert_eq!(announces(&kim, &film, json!({"dialogue_id": room, "post_id": room})).await.problem(), "malformed");
        assert_eq!(announces(&kim, &film, json!({"dialogue_id": room})).await.ok()["offset"], 0);
        let heard = told(&noa, &format!("dialogue:{room}"), room).await.len();
        film.sent_by(&kim, 0).await.ok();
        files::run_due(&world.deps).await.unwrap();
        let told_since = told(&noa, &format!("dialogue:{room}"), room).await.split_off(heard);
        assert_eq!(told_since.len(), 2, "that it has come, and that it is ready");
        assert!(told_since.iter().all(|event| event["action_id"].is_null()), "{told_since:?}");
        let known = "SELECT CAST(COUNT(*) AS TEXT) FROM journal_entry WHERE stream LIKE 'dialogue:%' AND actor_id IS NOT NULL";
        assert_eq!(world.column(known).await, ["0"], "what all are told leads to nobody");
        assert_eq!(told(&alex, "desk", room).await.last().unwrap()["revision"], now["revision"], "it says what it said");

        // Anyone sees it, whole and in parts, and what is heard in it.
        let now = sees(&world, room).await;
        let shown = &now["film"];
        assert_eq!((&shown["state"], &shown["media_type"], &shown["as_sent"]), (&json!("ready"), &json!("video/mp4"), &json!(false)));
        let made: Vec<_> = shown["renditions"].as_array().unwrap().iter().map(|made| made["rendition"].as_str().unwrap()).collect();
        assert!(made.contains(&"small") && made.contains(&"poster"), "{made:?}");
        let full = reads(&world, room, &film, "full", &[]).await;
        assert_eq!((full.headers["content-type"].to_str().unwrap(), &json!(full.bytes.len())), ("video/mp4", &shown["size"]));
        assert_eq!(full.headers["cache-control"], "public, max-age=3600, immutable");
        assert!(!full.bytes.windows(5).any(|window| window == b"Hemma"), "it still says where it was made");
        let part = reads(&world, room, &film, "full", &[("range", "bytes=100-299")]).await;
        assert_eq!((part.status, &part.bytes[..]), (StatusCode::PARTIAL_CONTENT, &full.bytes[100..300]));
        let known = [("if-none-match", full.headers["etag"].to_str().unwrap())];
        assert_eq!(reads(&world, room, &film, "full", &known).await.status, StatusCode::NOT_MODIFIED);
        assert_eq!(reads(&world, room, &film, "poster", &[]).await.headers["content-type"], "image/jpeg");
        let brought = shown["captions_revision"].as_i64().unwrap();
        let said = captions(&world, room, &format!("?revision={brought}")).await;
        assert_eq!((said.headers["content-type"].to_str().unwrap(), String::from_utf8(said.bytes).unwrap()), ("text/vtt", CAPTIONS.to_owned()));
        assert_eq!(captions(&world, room, &format!("?revision={}", brought + 1)).await.problem(), "not-found");
        let elsewhere = opens(&kim).await;
        assert_eq!(reads(&world, elsewhere, &film, "full", &[]).await.problem(), "not-found", "it is another's");
        assert_eq!(refused(&kim, of_room(&world, "dialogue-film", elsewhere, json!({"film": film.file()})).await).await, "conflict");

        // In the archive its captions become others, and go; the film stays.
        does(&kim, "dialogue-archive", room, json!({})).await;
        let others = "WEBVTT\n\n00:00.500 --> 00:01.500\nVi rättar oss";
        does(&lead, "dialogue-film", room, json!({"captions": others})).await;
        assert!(captions(&world, room, "").await.bytes.ends_with("Vi rättar oss\n".as_bytes()));
        assert_eq!(captions(&world, room, &format!("?revision={brought}")).await.problem(), "not-found");
        does(&lead, "dialogue-film", room, json!({"captions": ""})).await;
        let now = sees(&world, room).await;
        assert_eq!((&now["film"]["state"], now["film"].get("captions_revision")), (&json!("ready"), None));
        assert_eq!(captions(&world, room, "").await.problem(), "not-found");

        // Another takes its place, and then none.
        let other = Shown::new("video/mp4", short_film());
        does(&lead, "dialogue-film", room, json!({"film": other.file()})).await;
        assert_eq!(other.sent_by(&lead, 0).await.ok()["complete"], true);
        files::run_due(&world.deps).await.unwrap();
        chores::run_due(&world.deps).await.unwrap();
        assert_eq!((left(&world, &film), reads(&world, room, &film, "full", &[]).await.problem()), (0, "not-found"));
        assert_eq!(reads(&world, room, &other, "full", &[]).await.status, StatusCode::OK);
        does(&lead, "dialogue-film", room, json!({})).await;
        chores::run_due(&world.deps).await.unwrap();
        assert_eq!((left(&world, &other), sees(&world, room).await.get("film")), (0, None));
        assert_eq!(world.column("SELECT CAST(COUNT(*) AS TEXT) FROM content_key").await, ["0"]);
    }

    async fn what_may_be_a_dialogues_film(world) {
        let (noa, kim, alex) = (world.youth().await, world.officer("07").await, world.officer("12").await);
        let room = opens(&kim).await;
        let of = |media_type, size: i64| {
            let mut named = Shown::new(media_type, vec![7]).file();
            named["size"] = json!(size);
            named
        };
        let film = of("video/mp4", 100);
        assert_eq!(refused(&noa, of_room(&world, "dialogue-film", room, json!({"film": film})).await).await, "role-refused");
        assert_eq!(refused(&alex, of_room(&world, "dialogue-film", room, json!({"film": film})).await).await, "seat-needed");
        for (odd, kind) in [
            (json!({"film": of("image/jpeg", 100)}), "file-type-refused"),
            (json!({"film": of("video/mp4", 100 * 1024 * 1024 + 1)}), "too-large"),
            (json!({"film": film, "film_url": "https://film.example.org/kvall.m3u8"}), "malformed"),
            (json!({"captions": CAPTIONS, "film_url": "https://film.example.org/kvall.m3u8"}), "malformed"),
            (json!({"captions": CAPTIONS}), "conflict"),
            (json!({"film": film, "captions": "WEBVTT\n\nSTYLE\n::cue { color: red }"}), "captions-refused"),
        ] {
            assert_eq!(refused(&kim, of_room(&world, "dialogue-film", room, odd.clone()).await).await, kind, "{odd}");
        }
        assert_eq!(sees(&world, room).await.get("film"), None);
        // One that is none is shown to nobody, and all are told.
        let broken = Shown::new("video/mp4", [&b"\0\0\0\x18ftypmp42\0\0\0\0"[..], &[7; 9000]].concat());
        does(&kim, "dialogue-film", room, json!({"film": broken.file()})).await;
        broken.sent_by(&kim, 0).await.ok();
        files::run_due(&world.deps).await.unwrap();
        assert_eq!(sees(&world, room).await["film"]["state"], "damaged");
        assert_eq!(reads(&world, room, &broken, "full", &[]).await.problem(), "not-found");
    }

    async fn a_film_goes_with_its_dialogue(world) {
        let kim = world.officer("07").await;
        let (room, film) = (opens(&kim).await, Shown::new("video/mp4", short_film()));
        does(&kim, "dialogue-film", room, json!({"film": film.file(), "captions": CAPTIONS})).await;
        film.sent_by(&kim, 0).await.ok();
        files::run_due(&world.deps).await.unwrap();
        does(&kim, "dialogue-end", room, json!({})).await;
        world.clock.wind(729 * DAY);
        chores::run_due(&world.deps).await.unwrap();
        assert_eq!(reads(&world, room, &film, "full", &[]).await.status, StatusCode::OK);
        world.clock.wind(2 * DAY);
        chores::run_due(&world.deps).await.unwrap();
        chores::run_due(&world.deps).await.unwrap();
        assert_eq!(left(&world, &film), 0);
        for table in ["dialogue", "dialogue_film", "dialogue_captions", "report_file", "content_key"] {
            assert_eq!(world.column(&format!("SELECT CAST(COUNT(*) AS TEXT) FROM {table}")).await, ["0"], "{table}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_film_that_is_kept_here_gives_way_to_an_address_alone() {
    let world =
        World::start_with(Backend::Sqlite, |config| config.film_hosts = vec!["film.example.org".to_owned()]).await;
    let (kim, room, film) = (world.officer("07").await, id(), Shown::new("video/mp4", short_film()));
    kim.does(announced(&world, room, &json!({"film_url": "https://film.example.org/kvall.m3u8"}))).await;
    does(&kim, "dialogue-seat", room, json!({"seat": "speaker", "takes": true})).await;
    does(&kim, "dialogue-film", room, json!({"film": film.file()})).await;
    film.sent_by(&kim, 0).await.ok();
    files::run_due(&world.deps).await.unwrap();
    let plans = json!({"title": "Fråga oss om spel", "starts_at": world.seconds_later(60)});
    does(&kim, "dialogue-change", room, plans.clone()).await;
    let now = sees(&world, room).await;
    assert_eq!((&now["title"], &now["film"]["state"], now.get("film_url")), (&plans["title"], &json!("ready"), None));
    let mut elsewhere = plans;
    elsewhere["film_url"] = json!("https://film.example.org/annan.m3u8");
    does(&kim, "dialogue-change", room, elsewhere.clone()).await;
    chores::run_due(&world.deps).await.unwrap();
    let now = sees(&world, room).await;
    assert_eq!((&now["film_url"], now.get("film"), left(&world, &film)), (&elsewhere["film_url"], None, 0));
}
