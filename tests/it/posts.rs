//! Posts: what is shown, to whom and when, how it is corrected and taken away, and how pictures and films reach a screen.

use std::{io::Cursor, process::Command};

use entities::words::Role;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use natpatrull::{chores, files};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::{
    Answer, Officer, World, on_both_databases,
    people::{Person, action, named},
    program::command,
    world::{answer, id},
};
use uuid::Uuid;

use crate::files::CHUNK;

const CAPTIONS: &str = "WEBVTT\n\n00:00:00.500 --> 00:00:01.500\nHej från patrullen\n";

/// A post in words, with some changes.
fn post(world: &World, changes: Value) -> Value {
    let mut body = json!({
        "post_id": id(), "topic": "scams", "title": "Så spårar vi falska konton", "text": "Spara länken & skriv till oss.",
    });
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    action(world, "posts", "post-publish", body)
}

fn id_of(post: &Value) -> Uuid {
    post["body"]["post_id"].as_str().unwrap().parse().unwrap()
}

pub fn correction(world: &World, post: &Value, revision: i64, changes: Value) -> Value {
    let mut body = json!({
        "post_id": id_of(post), "expected_revision": revision, "why": "Vi skrev fel länk.", "title": "Så spårar vi falska konton",
        "text": "Spara båda länkarna.",
    });
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    action(world, "posts", "post-correct", body)
}

pub fn withdrawal(world: &World, post: &Value, revision: i64) -> Value {
    let body =
        json!({"post_id": id_of(post), "expected_revision": revision, "why": "Den på bilden vill inte vara med."});
    action(world, "posts", "post-withdraw", body)
}

/// A picture or a film that a post shows.
pub struct Shown {
    pub file_id: Uuid,
    media_type: &'static str,
    bytes: Vec<u8>,
}

impl Shown {
    pub fn new(media_type: &'static str, bytes: Vec<u8>) -> Self {
        Self { file_id: id(), media_type, bytes }
    }

    pub fn file(&self) -> Value {
        named(self.file_id, self.media_type, &self.bytes)
    }

    fn named(&self) -> Value {
        json!({"file": self.file(), "alt": "Två poliser vid en skärm.", "alt_en": "Two officers."})
    }

    async fn announced_by(&self, who: &impl Person, post: &Value) -> Answer {
        let mut body = self.file();
        body["post_id"] = json!(id_of(post));
        who.asks(Method::POST, "/api/v1/files", Some(&body)).await
    }

    pub async fn sent_by(&self, who: &impl Person, from: usize) -> Answer {
        let mut from = from;
        loop {
            let to = (from + CHUNK).min(self.bytes.len());
            let last = who.sends_bytes(self.file_id, from, &self.bytes[from..to]).await;
            if to == self.bytes.len() {
                return last;
            }
            from = to;
        }
    }

    pub async fn read(&self, world: &World, post: &Value, rendition: &str, headers: &[(&str, &str)]) -> Answer {
        let path = format!("/api/v1/posts/{}/files/{}/{rendition}", id_of(post), self.file_id);
        let mut request = world.http.get(format!("{}{path}", world.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        answer(request).await
    }

    pub fn shelf(&self, world: &World, shelf: &str) -> usize {
        let folder = world.deps.config.data_dir.join("blobs").join(shelf).join(self.file_id.to_string());
        std::fs::read_dir(folder).map_or(0, Iterator::count)
    }
}

/// A picture with many different points, so that its size tells how it was drawn.
pub fn picture(width: u32, height: u32) -> Vec<u8> {
    let drawn = RgbImage::from_fn(width, height, |x, y| Rgb([(x % 251) as u8, (y % 241) as u8, ((x * y) % 239) as u8]));
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(drawn).write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

/// A film as `ffmpeg` makes it, which says where it was made.
pub fn film(args: &[&str], ending: &str) -> Vec<u8> {
    let path = std::env::temp_dir().join(format!("natpatrull-film-{}.{ending}", Uuid::new_v4().simple()));
    let made = Command::new("ffmpeg")
        .args(["-loglevel", "error", "-y"])
        .args(args)
        .args(["-metadata", "title=Hemma hos Kim", "-metadata", "location=+59.3293+018.0686/"])
        .arg(&path)
        .status();
    assert!(made.expect("ffmpeg is installed: bash tools/packages.sh").success());
    let bytes = std::fs::read(&path).unwrap();
    std::fs::remove_file(path).unwrap();
    bytes
}

pub fn short_film() -> Vec<u8> {
    let (shows, sounds) = (["-f", "lavfi", "-i", "testsrc=d=2:s=960x540:r=25"], ["-f", "lavfi", "-i", "sine=d=2"]);
    film(&[&shows[..], &sounds[..], &["-pix_fmt", "yuv420p", "-shortest"]].concat(), "mp4")
}

async fn list(world: &World, query: &str) -> Vec<Value> {
    let page = world.asks(Method::GET, &format!("/api/v1/posts{query}"), None, None).await.ok();
    page["items"].as_array().unwrap().clone()
}

pub async fn read(world: &World, post: &Value) -> Answer {
    world.asks(Method::GET, &format!("/api/v1/posts/{}", id_of(post)), None, None).await
}

async fn planned(officer: &Officer, post: &Value) -> Value {
    let page = officer.asks(Method::GET, "/api/v1/posts/planned", None).await.ok();
    let found = page["items"].as_array().unwrap().iter().find(|one| one["post"]["post_id"] == json!(id_of(post)));
    found.cloned().unwrap_or(Value::Null)
}

async fn refused(who: &impl Person, action: Value) -> String {
    who.pushes(&[action]).await[0]["problem"]["kind"].as_str().unwrap_or_default().to_owned()
}

/// Publishes a post with a picture or a film, sends it, and lets it be made ready.
pub async fn publishes(kim: &Officer, shown: &Shown, mut changes: Value) -> Value {
    changes["files"] = json!([shown.named()]);
    let post = post(&kim.world, changes);
    kim.does(post.clone()).await;
    assert_eq!(shown.announced_by(kim, &post).await.ok()["offset"], 0);
    assert_eq!(shown.sent_by(kim, 0).await.ok()["complete"], true);
    files::run_due(&kim.world.deps).await.unwrap();
    post
}

on_both_databases! {
    async fn a_post_is_read_by_everyone_in_its_time(world) {
        let (noa, kim, ada) = (world.youth().await, world.officer("07").await, world.officer("12").await);
        let now = post(&world, json!({"title_en": "How", "text_en": "Keep it.", "text_easy": "Spara."}));
        let later = post(&world, json!({"publish_at": world.seconds_later(60), "expires_at": world.seconds_later(120)}));
        for one in [&now, &later] {
            kim.does(one.clone()).await;
        }
        let seen = read(&world, &now).await;
        assert_eq!((&seen.headers["cache-control"], &seen.headers["access-control-allow-origin"]), (&"public, max-age=30".parse().unwrap(), &"*".parse().unwrap()));
        let seen = seen.ok();
        assert_eq!((&seen["title"], &seen["text_easy"], &seen["public_number"], &seen["files"]), (&json!("Så spårar vi falska konton"), &json!("Spara."), &json!("07"), &json!([])));
        assert_eq!(read(&world, &later).await.problem(), "not-found", "before its time nobody reads it");
        assert_eq!((list(&world, "").await.len(), planned(&ada, &later).await["state"].clone()), (1, json!("planned")));
        world.clock.wind(60);
        let shown: Vec<_> = list(&world, "").await.iter().map(|one| one["post_id"].clone()).collect();
        assert_eq!(shown, [json!(id_of(&later)), json!(id_of(&now))], "the newest first");
        let first = world.asks(Method::GET, "/api/v1/posts?limit=1", None, None).await.ok();
        let next = list(&world, &format!("?limit=1&next={}", first["next"].as_str().unwrap())).await;
        assert_eq!(next[0]["post_id"], json!(id_of(&now)));
        world.clock.wind(60);
        assert_eq!(read(&world, &later).await.problem(), "not-found", "it is over");
        assert_eq!(planned(&ada, &later).await["state"], "expired");
        assert_eq!(refused(&ada, correction(&world, &later, 1, json!({}))).await, "not-found");

        for who in [post(&world, json!({})), correction(&world, &now, 1, json!({})), withdrawal(&world, &now, 1)] {
            assert_eq!(refused(&noa, who).await, "role-refused");
        }
        assert_eq!(noa.asks(Method::GET, "/api/v1/posts/planned", None).await.problem(), "role-refused");
        let taken = post(&world, json!({"post_id": id_of(&now)}));
        assert_eq!(refused(&ada, taken).await, "conflict");
        for (changes, kind) in [
            (json!({"title": " "}), "text-empty"), (json!({"title": "o".repeat(101)}), "text-too-long"),
            (json!({"text": "o".repeat(2001)}), "text-too-long"), (json!({"text_easy": " "}), "text-empty"),
            (json!({"municipalities": ["0180"]}), "malformed"), (json!({"quarter_id": id()}), "malformed"),
            (json!({"publish_at": world.seconds_later(61 * 24 * 3600)}), "malformed"), (json!({"expires_at": world.now()}), "malformed"),
            (json!({"captions": CAPTIONS}), "malformed"),
        ] {
            assert_eq!(refused(&ada, post(&world, changes.clone())).await, kind, "{changes}");
        }
    }

    async fn posts_are_found_by_topic_place_and_quarter(world) {
        let (kim, lead) = (world.officer("07").await, world.staff("03", Role::Lead).await);
        let quarter = lead.makes_quarter("Spelkvällen").await;
        let (all, luleå) = (post(&world, json!({"topic": "hate"})), post(&world, json!({"municipalities": ["2580", "2480"]})));
        let walked = post(&world, json!({"quarter_id": quarter, "municipalities": ["2482"]}));
        for one in [&all, &luleå, &walked] {
            kim.does(one.clone()).await;
        }
        let found = async |query: &str| {
            let mut found: Vec<_> = list(&world, query).await.iter().map(|one| one["post_id"].clone()).collect();
            found.sort_by_key(|id| id.to_string());
            found
        };
        let ids = |posts: &[&Value]| {
            let mut ids: Vec<_> = posts.iter().map(|post| json!(id_of(post))).collect();
            ids.sort_by_key(|id| id.to_string());
            ids
        };
        assert_eq!(found("?municipality=2580").await, ids(&[&all, &luleå]));
        assert_eq!(found("?topic=hate").await, ids(&[&all]));
        assert_eq!(found(&format!("?quarter_id={quarter}")).await, ids(&[&walked]));
        assert_eq!(found("?municipality=2482&topic=scams").await, ids(&[&walked]));
        assert_eq!(read(&world, &walked).await.ok()["quarter"]["name"], "Spelkvällen");
    }

    async fn what_was_corrected_says_what_it_said(world) {
        let (kim, ada) = (world.officer("07").await, world.officer("12").await);
        let first = post(&world, json!({"text_en": "Keep it."}));
        kim.does(first.clone()).await;
        world.clock.wind(60);
        ada.does(correction(&world, &first, 1, json!({}))).await;
        assert_eq!(refused(&kim, correction(&world, &first, 1, json!({}))).await, "revision-conflict");
        assert_eq!(refused(&kim, correction(&world, &first, 2, json!({"why": " "}))).await, "text-empty");
        world.clock.wind(60);
        kim.does(correction(&world, &first, 2, json!({"text": "Spara alla länkar.", "why": "Det fanns en till."}))).await;
        let now = read(&world, &first).await.ok();
        assert_eq!((&now["text"], &now["revision"], now.get("text_en")), (&json!("Spara alla länkar."), &json!(3), None));
        let before: Vec<_> = now["corrections"].as_array().unwrap().iter().map(|one| (one["text"].clone(), one["why"].clone(), one["corrected_by"].clone())).collect();
        assert_eq!(before, [
            (json!("Spara båda länkarna."), json!("Det fanns en till."), json!("07")),
            (json!("Spara länken & skriv till oss."), json!("Vi skrev fel länk."), json!("12")),
        ]);
        assert_eq!(now["corrections"][1]["until"], now["corrections"][0]["from"]);
        assert_eq!(now["corrected_at"], world.now());
        let listed = list(&world, "").await;
        assert_eq!((listed[0].get("corrections"), &listed[0]["corrected_at"]), (None, &now["corrected_at"]));
        let desk = kim.pulls("desk").await["events"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&desk["kind"], &desk["entity_id"], &desk["revision"]), (&json!("post-changed"), &json!(id_of(&first)), &json!(3)));
    }

    async fn what_was_put_right_before_it_was_published_is_told_to_officers_alone(world) {
        let kim = world.officer("07").await;
        let later = post(&world, json!({"text": "Fråga Kim Andersson.", "publish_at": world.seconds_later(60)}));
        kim.does(later.clone()).await;
        world.clock.wind(1);
        kim.does(correction(&world, &later, 1, json!({"text": "Fråga oss.", "why": "Ett namn stod där."}))).await;
        world.clock.wind(59);
        let seen = read(&world, &later).await.ok();
        assert_eq!((&seen["text"], &seen["corrections"], seen.get("corrected_at")), (&json!("Fråga oss."), &json!([]), None));
        assert_eq!(planned(&kim, &later).await["post"]["corrections"][0]["text"], "Fråga Kim Andersson.");
    }

    async fn a_picture_is_shown_once_it_is_ready(world) {
        let (noa, kim, ada) = (world.youth().await, world.officer("07").await, world.officer("12").await);
        // As a camera makes it: what it says beside what it shows is shown to nobody.
        let camera = picture(1600, 1200);
        let shown = Shown::new("image/jpeg", [&camera[..2], b"\xff\xfe\x00\x0fHemma hos Kim", &camera[2..]].concat());
        let made = post(&world, json!({"files": [shown.named()]}));
        assert_eq!(shown.announced_by(&kim, &made).await.problem(), "not-found", "its post comes first");
        kim.does(made.clone()).await;
        for other in [shown.announced_by(&ada, &made).await, shown.announced_by(&noa, &made).await] {
            assert_eq!(other.problem(), "not-found", "only its author sends it");
        }
        assert_eq!(kim.sends_bytes(shown.file_id, 0, &shown.bytes[..1000]).await.ok()["offset"], 1000);
        assert_eq!(planned(&ada, &made).await["sent"][0]["received"], 1000);
        assert_eq!((planned(&ada, &made).await["state"].clone(), read(&world, &made).await.problem()), (json!("preparing"), "not-found"));
        assert_eq!(shown.sent_by(&kim, 1000).await.ok()["complete"], true);
        assert_eq!(shown.read(&world, &made, "full", &[]).await.problem(), "not-found", "the original is for nobody");
        files::run_due(&world.deps).await.unwrap();
        assert_eq!(planned(&ada, &made).await["state"], "published");
        let desk = kim.pulls("desk").await["events"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&desk["kind"], &desk["entity_id"], &desk["by"]), (&json!("post-changed"), &json!(id_of(&made)), &json!("system")));

        let seen = read(&world, &made).await.ok()["files"][0].clone();
        assert_eq!((&seen["alt"], &seen["width"], &seen["renditions"][0]["width"], &seen["is_film"]), (&json!("Två poliser vid en skärm."), &json!(1600), &json!(720), &json!(false)));
        let full = shown.read(&world, &made, "full", &[]).await;
        for (header, value) in [
            ("content-type", "image/jpeg"), ("cache-control", "public, max-age=3600, immutable"), ("accept-ranges", "bytes"),
            ("x-content-type-options", "nosniff"), ("content-security-policy", "sandbox; default-src 'none'"), ("access-control-allow-origin", "*"),
        ] {
            assert_eq!(full.headers[header], value);
        }
        assert!(full.status == StatusCode::OK && full.bytes != shown.bytes && !full.bytes.windows(5).any(|window| window == b"Hemma"));
        let small = shown.read(&world, &made, "small", &[]).await;
        assert_eq!((image::load_from_memory(&small.bytes).unwrap().width(), &seen["renditions"][0]["size"]), (720, &json!(small.bytes.len())));
        assert_eq!(shown.read(&world, &made, "poster", &[]).await.problem(), "not-found");
        // A small one needs no smaller one.
        let little = Shown::new("image/png", picture_of("png"));
        let post = publishes(&kim, &little, json!({})).await;
        assert_eq!(read(&world, &post).await.ok()["files"][0]["renditions"], json!([]));
    }

    async fn parts_and_what_is_known_already(world) {
        let kim = world.officer("07").await;
        let shown = Shown::new("image/jpeg", picture(1600, 1200));
        let post = publishes(&kim, &shown, json!({})).await;
        let full = shown.read(&world, &post, "full", &[]).await;
        let (etag, size) = (full.headers["etag"].to_str().unwrap().to_owned(), full.bytes.len());
        assert!(size > 65_536 + 20, "the picture of the test has {size} bytes");
        for (first, last) in [(0, 0), (65_530, 65_545), (size - 10, size - 1)] {
            let part = shown.read(&world, &post, "full", &[("range", &format!("bytes={first}-{last}"))]).await;
            assert_eq!((part.status, &part.bytes[..]), (StatusCode::PARTIAL_CONTENT, &full.bytes[first..=last]));
            assert_eq!(part.headers["content-range"], format!("bytes {first}-{last}/{size}").as_str());
            assert_eq!((&part.headers["content-length"], part.headers["etag"].to_str().unwrap()), (&(last - first + 1).to_string().parse().unwrap(), &*etag));
        }
        let outside = shown.read(&world, &post, "full", &[("range", &format!("bytes={size}-"))]).await;
        assert_eq!((outside.problem(), outside.headers["content-range"].to_str().unwrap()), ("range-refused", &*format!("bytes */{size}")));
        for given in [etag.clone(), format!("\"other\", W/{etag}")] {
            let same = shown.read(&world, &post, "full", &[("if-none-match", &given)]).await;
            assert_eq!((same.status, same.bytes.len(), same.headers["etag"].to_str().unwrap()), (StatusCode::NOT_MODIFIED, 0, &*etag));
        }
        let part = [("range", "bytes=0-9"), ("if-range", &*etag)];
        assert_eq!(shown.read(&world, &post, "full", &part).await.bytes.len(), 10);
        let other = [("range", "bytes=0-9"), ("if-range", "\"other\"")];
        assert_eq!(shown.read(&world, &post, "full", &other).await.bytes.len(), size, "a part of another film fits nothing");
    }

    async fn a_film_is_made_ready_with_a_picture_and_a_smaller_one(world) {
        let kim = world.officer("07").await;
        let tall = film(&["-f", "lavfi", "-i", "testsrc=d=1:s=54x98"], "mov");
        for (media_type, bytes, shape, width) in [
            ("video/mp4", short_film(), [960, 540], "480"),
            ("video/quicktime", tall, [54, 98], "54"),
            ("video/webm", film(&["-f", "lavfi", "-i", "testsrc=d=1:s=640x360", "-c:v", "libvpx", "-cpu-used", "8"], "webm"), [640, 360], "480"),
        ] {
            assert!(bytes.windows(10).any(|window| window == b"Hemma hos "), "the film of the test says nothing");
            let shown = Shown::new(media_type, bytes);
            let post = publishes(&kim, &shown, json!({"captions": CAPTIONS})).await;
            let seen = read(&world, &post).await.ok();
            let (file, made) = (&seen["files"][0], &seen["files"][0]["renditions"]);
            let kind = if media_type == "video/webm" { media_type } else { "video/mp4" };
            assert_eq!((&file["is_film"], &file["media_type"], &seen["film_as_sent"]), (&json!(true), &json!(kind), &json!(false)));
            let of = |rendition: &str| made.as_array().unwrap().iter().find(|one| one["rendition"] == rendition).unwrap().clone();
            assert_eq!([&of("poster")["width"], &of("poster")["height"]], [&json!(shape[0]), &json!(shape[1])]);
            for (rendition, kind, size) in [
                ("full", kind, &file["size"]), ("small", "video/mp4", &of("small")["size"]), ("poster", "image/jpeg", &of("poster")["size"]),
            ] {
                let answer = shown.read(&world, &post, rendition, &[]).await;
                assert_eq!((answer.headers["content-type"].to_str().unwrap(), &json!(answer.bytes.len())), (kind, size), "{rendition}");
                for word in [&b"Hemma"[..], b"59.3293"] {
                    assert!(!answer.bytes.windows(word.len()).any(|window| window == word), "{rendition} still says {word:?}");
                }
                let part = shown.read(&world, &post, rendition, &[("range", "bytes=100-299")]).await;
                assert_eq!((part.status, &part.bytes[..]), (StatusCode::PARTIAL_CONTENT, &answer.bytes[100..300]));
            }
            let small = shown.read(&world, &post, "small", &[]).await.bytes;
            assert_eq!(probed(&small), format!("h264,{width}"));
            let at = |name: &[u8]| small.windows(4).position(|window| window == name).unwrap();
            assert!(at(b"moov") < at(b"mdat"), "it begins to play before the whole of it has come");
            for shelf in ["copies", "small", "posters"] {
                assert!(shown.shelf(&world, shelf) > 0, "{shelf}");
            }
            kim.does(withdrawal(&world, &post, 1)).await;
            chores::run_due(&world.deps).await.unwrap();
            assert_eq!(["files", "copies", "small", "posters"].map(|shelf| shown.shelf(&world, shelf)), [0, 0, 0, 0]);
        }
        let broken = Shown::new("video/mp4", [&b"\0\0\0\x18ftypmp42\0\0\0\0"[..], &[7; 9000]].concat());
        let damaged = publishes(&kim, &broken, json!({})).await;
        assert_eq!((planned(&kim, &damaged).await["state"].clone(), read(&world, &damaged).await.problem()), (json!("damaged"), "not-found"));
    }

    async fn captions_are_words_and_times_and_nothing_else(world) {
        let kim = world.officer("07").await;
        let shown = Shown::new("video/mp4", short_film());
        for odd in ["1\n00:00:01,000 --> 00:00:02,000\nHej", "WEBVTT", "WEBVTT\n\nSTYLE\n::cue { background: url(//x) }\n\n00:01.000 --> 00:02.000\nHej", "WEBVTT\n\n00:01.000 --> 00:02.000\n<script>x</script>"] {
            let asked = post(&world, json!({"files": [shown.named()], "captions": odd}));
            let refused = kim.pushes(&[asked]).await.remove(0);
            assert_eq!(refused["problem"]["kind"], "captions-refused", "{odd}");
            assert!(refused["problem"]["detail"].as_str().unwrap().starts_with("line "), "{refused}");
        }
        let given = "\u{feff}WEBVTT - Kim\r\n\r\nNOTE bara för oss\r\n\r\n1\r\n00:00.500 --> 00:01.500\r\nHej från patrullen\r\n";
        let made = publishes(&kim, &shown, json!({"captions": given})).await;
        let path = format!("/api/v1/posts/{}/captions", id_of(&made));
        let captions = async |query: &str| world.asks(Method::GET, &format!("{path}{query}"), None, None).await;
        let now = captions("").await;
        assert_eq!((now.headers["content-type"].to_str().unwrap(), String::from_utf8(now.bytes).unwrap()), ("text/vtt", CAPTIONS.to_owned()));
        assert_eq!(now.headers["cache-control"], "public, max-age=30");
        assert_eq!(read(&world, &made).await.ok()["captions_revision"], 1);
        // They stay, are exchanged, and go.
        kim.does(correction(&world, &made, 1, json!({}))).await;
        assert_eq!(read(&world, &made).await.ok()["captions_revision"], 1);
        kim.does(correction(&world, &made, 2, json!({"captions": "WEBVTT\n\n00:00.500 --> 00:01.500\nHej då"}))).await;
        assert!(captions("").await.bytes.ends_with("Hej då\n".as_bytes()));
        let first = captions("?revision=1").await;
        assert_eq!((first.headers["cache-control"].to_str().unwrap(), String::from_utf8(first.bytes).unwrap()), ("public, max-age=3600, immutable", CAPTIONS.to_owned()));
        let alts = json!([{"file_id": shown.file_id, "alt": "En skärm."}]);
        kim.does(correction(&world, &made, 3, json!({"captions": "", "alts": alts}))).await;
        let seen = read(&world, &made).await.ok();
        assert_eq!((seen.get("captions_revision"), &seen["corrections"][0]["captions_revision"], captions("").await.problem()), (None, &json!(3), "not-found"));
        assert_eq!((&seen["files"][0]["alt"], &seen["corrections"][0]["alts"][0]["alt"]), (&json!("En skärm."), &json!("Två poliser vid en skärm.")));
        kim.does(withdrawal(&world, &made, 4)).await;
        assert_eq!(captions("?revision=1").await.problem(), "not-found");
        let picture = post(&world, json!({"files": [Shown::new("image/jpeg", picture(80, 60)).named()]}));
        kim.does(picture.clone()).await;
        assert_eq!(refused(&kim, correction(&world, &picture, 1, json!({"captions": CAPTIONS}))).await, "malformed", "of no film");
    }

    async fn without_a_program_for_films_one_is_shown_as_it_was_sent(world) {
        let kim = world.officer("07").await;
        let (film, odd) = (Shown::new("video/mp4", short_film()), Shown::new("image/jpeg", picture(1600, 1200)));
        let posts = [
            post(&world, json!({"files": [film.named()]})), post(&world, json!({"files": [odd.named()]})),
        ];
        for (post, shown) in posts.iter().zip([&film, &odd]) {
            kim.does(post.clone()).await;
            shown.sent_by(&kim, 0).await.ok();
        }
        // A machine that has the two tools by which the program for films is started, and not that.
        let folder = world.deps.config.data_dir.join("tools");
        std::fs::create_dir_all(&folder).unwrap();
        for tool in ["nice", "prlimit"] {
            std::os::unix::fs::symlink(format!("/usr/bin/{tool}"), folder.join(tool)).unwrap();
        }
        let mut worker = command(&world.deps.config, &["work"]).await.env("PATH", &folder).spawn().unwrap();
        for _ in 0..200 {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            if list(&world, "").await.len() == 2 {
                break;
            }
        }
        worker.kill().unwrap();
        worker.wait().unwrap();
        let seen = read(&world, &posts[0]).await.ok();
        assert_eq!((&seen["film_as_sent"], &seen["files"][0]["renditions"], &seen["files"][0]["size"]), (&json!(true), &json!([]), &json!(film.bytes.len())));
        let whole = film.read(&world, &posts[0], "full", &[]).await;
        assert_eq!((whole.headers["content-type"].to_str().unwrap(), whole.bytes == film.bytes), ("video/mp4", true));
        let part = film.read(&world, &posts[0], "full", &[("range", "bytes=40000-40009")]).await;
        assert_eq!(part.bytes, film.bytes[40_000..40_010]);
        assert_eq!(film.read(&world, &posts[0], "small", &[]).await.problem(), "not-found");
        assert_eq!(read(&world, &posts[1]).await.ok()["film_as_sent"], false, "pictures need no such program");
    }

    async fn a_link_to_a_post_shows_what_it_says_while_it_is_shown(world) {
        let kim = world.officer("07").await;
        let shown = Shown::new("video/mp4", short_film());
        let long = format!("Skriv \"hej\" <b>nu</b> & spara {}", "länken ".repeat(60));
        let made = publishes(&kim, &shown, json!({"title": "Falska \"konton\" & <b>", "text": long})).await;
        let path = format!("/posts/{}", id_of(&made));
        let page = async || {
            let answer = world.asks(Method::GET, &path, None, None).await;
            assert_eq!((answer.status, answer.headers["content-type"].to_str().unwrap()), (StatusCode::OK, "text/html; charset=utf-8"));
            (answer.headers["content-security-policy"].to_str().unwrap().to_owned(), String::from_utf8(answer.bytes).unwrap())
        };
        let app = world.asks(Method::GET, "/tips", None, None).await;
        let (policy, html) = page().await;
        assert_eq!(policy, app.headers["content-security-policy"].to_str().unwrap());
        let base = world.deps.config.base_url.as_str().trim_end_matches('/').to_owned();
        for tag in [
            r#"<meta property="og:title" content="Falska &quot;konton&quot; &amp; &lt;b&gt;" />"#.to_owned(),
            format!(r#"<meta property="og:url" content="{base}{path}" />"#),
            format!(r#"<meta property="og:image" content="{base}/api/v1{path}/files/{}/poster" />"#, shown.file_id),
            r#"<meta property="og:image:width" content="960" />"#.to_owned(),
            r#"<meta property="og:image:alt" content="Två poliser vid en skärm." />"#.to_owned(),
        ] {
            assert!(html.contains(&tag), "the page lacks {tag}: {html}");
        }
        let said = html.split(r#"og:description" content=""#).nth(1).unwrap().split('"').next().unwrap();
        assert!(said.starts_with("Skriv &quot;hej&quot; &lt;b&gt;nu&lt;/b&gt; &amp; spara länken ") && said.ends_with('…'), "{said}");
        let picture = html.split(r#"og:image" content=""#).nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(answer(world.http.get(picture.replace(&base, &world.url))).await.headers["content-type"], "image/jpeg");

        // Of what is not shown, or is no post, nothing is told.
        let other = post(&world, json!({"publish_at": world.seconds_later(60)}));
        kim.does(other.clone()).await;
        kim.does(withdrawal(&world, &made, 1)).await;
        let plain = String::from_utf8(app.bytes).unwrap();
        assert_eq!(page().await.1, plain);
        for path in [format!("/posts/{}", id_of(&other)), format!("/posts/{}", id()), "/posts".to_owned(), "/posts/x".to_owned(), format!("{path}/x")] {
            assert_eq!(world.asks(Method::GET, &path, None, None).await.bytes, plain.as_bytes(), "{path}");
        }
    }

    async fn what_is_withdrawn_is_gone_for_everyone(world) {
        let (noa, kim, ada) = (world.youth().await, world.officer("07").await, world.officer("12").await);
        let shown = Shown::new("image/jpeg", picture(1600, 1200));
        let post = publishes(&kim, &shown, json!({})).await;
        shown.read(&world, &post, "full", &[]).await;
        let preview = kim.asks(Method::POST, &format!("/api/v1/files/{}/copy-link", shown.file_id), None).await;
        assert_eq!(preview.status, StatusCode::OK, "officers see it before it is published");
        assert_eq!(noa.asks(Method::POST, &format!("/api/v1/files/{}/copy-link", shown.file_id), None).await.problem(), "not-found");
        let keys = async || world.column("SELECT CAST(COUNT(*) AS TEXT) FROM content_key").await.remove(0);
        assert_eq!(keys().await, "1");
        assert_eq!(refused(&ada, withdrawal(&world, &post, 2)).await, "revision-conflict");
        ada.does(withdrawal(&world, &post, 1)).await;
        assert_eq!(read(&world, &post).await.problem(), "not-found");
        for rendition in ["full", "small"] {
            assert_eq!(shown.read(&world, &post, rendition, &[]).await.problem(), "not-found");
        }
        assert_eq!((keys().await, list(&world, "").await.len()), ("0".to_owned(), 0));
        chores::run_due(&world.deps).await.unwrap();
        assert_eq!(["files", "copies", "small"].map(|shelf| shown.shelf(&world, shelf)), [0, 0, 0]);
        let told = planned(&kim, &post).await;
        assert_eq!((&told["state"], &told["withdrawn_by"], &told["withdrawn_why"]), (&json!("withdrawn"), &json!("12"), &json!("Den på bilden vill inte vara med.")));
        assert_eq!(refused(&ada, correction(&world, &post, 2, json!({}))).await, "not-found");
        assert_eq!(kim.asks(Method::POST, &format!("/api/v1/files/{}/copy-link", shown.file_id), None).await.problem(), "not-found");
    }

    async fn no_id_that_is_public_leads_to_a_posts_files(world) {
        let (noa, kim, lead) = (world.youth().await, world.officer("07").await, world.staff("03", Role::Lead).await);
        let shown = Shown::new("image/jpeg", picture(800, 600));
        let post = publishes(&kim, &shown, json!({})).await;
        // She names her talk as the post is named, and it is erased.
        noa.does(noa.message(id_of(&post), "hej")).await;
        crate::erasure::erases(&lead, "conversation", id_of(&post)).await.ok();
        assert_eq!(shown.read(&world, &post, "full", &[]).await.status, StatusCode::OK, "its key and its files are no talk's");
        // And a post that is named as a talk is takes no key away.
        let talk = noa.writes("de vill in").await;
        let other = Shown::new("image/jpeg", picture(80, 60));
        let named = publishes(&kim, &other, json!({"post_id": talk})).await;
        kim.does(withdrawal(&world, &named, 1)).await;
        assert_eq!(noa.reads_messages(talk).await[0]["text"], "de vill in");
    }

    async fn what_a_post_may_show(world) {
        let kim = world.officer("07").await;
        let one = |media_type, size: i64| {
            let mut named = Shown::new(media_type, vec![7]).named();
            named["file"]["size"] = json!(size);
            named
        };
        let pictures = |count: usize| Value::from_iter((0..count).map(|_| one("image/jpeg", 100)));
        let twice = one("image/png", 100);
        for (files, kind) in [
            (json!([one("image/gif", 100)]), "file-type-refused"), (json!([one("application/pdf", 100)]), "file-type-refused"),
            (json!([one("audio/mpeg", 100)]), "file-type-refused"), (json!([one("image/jpeg", 10 * 1024 * 1024 + 1)]), "too-large"),
            (json!([one("video/mp4", 100 * 1024 * 1024 + 1)]), "too-large"), (json!([one("video/mp4", 100), one("image/jpeg", 100)]), "malformed"),
            (json!([twice, twice]), "malformed"), (pictures(9), "malformed"),
        ] {
            assert_eq!(refused(&kim, post(&world, json!({"files": files}))).await, kind, "{files}");
        }
        let mut wordless = one("image/jpeg", 100);
        wordless["alt"] = json!(" ");
        assert_eq!(refused(&kim, post(&world, json!({"files": [wordless]}))).await, "text-empty", "whoever does not see it is told");
        let eight = pictures(8);
        let whole = post(&world, json!({"files": eight}));
        kim.does(whole.clone()).await;
        let again = post(&world, json!({"files": [eight[0]]}));
        assert_eq!(refused(&kim, again).await, "conflict", "the file's id is taken");
        let alts = json!([{"file_id": eight[0]["file"]["file_id"], "alt": "En bil."}]);
        assert_eq!(refused(&kim, correction(&world, &whole, 1, json!({"alts": alts}))).await, "malformed", "each of them, or none");
        // What is no picture is shown to nobody, and officers are told.
        let odd = Shown::new("image/jpeg", b"<html>".to_vec());
        let damaged = post(&world, json!({"files": [odd.named()]}));
        kim.does(damaged.clone()).await;
        assert_eq!(odd.sent_by(&kim, 0).await.problem(), "file-type-refused");
        assert_eq!((planned(&kim, &damaged).await["state"].clone(), read(&world, &damaged).await.problem()), (json!("damaged"), "not-found"));
        let whole = picture_of("png");
        let broken = Shown::new("image/png", whole[..whole.len() / 2].to_vec());
        let damaged = publishes(&kim, &broken, json!({})).await;
        assert_eq!((planned(&kim, &damaged).await["state"].clone(), read(&world, &damaged).await.problem()), (json!("damaged"), "not-found"));
    }

    async fn a_post_that_is_over_goes_with_its_files(world) {
        let kim = world.officer("07").await;
        let shown = Shown::new("image/jpeg", picture(1600, 1200));
        let (over, stays) = (publishes(&kim, &shown, json!({"expires_at": world.seconds_later(60)})).await, post(&world, json!({})));
        kim.does(stays.clone()).await;
        world.clock.wind(364 * 24 * 3600);
        chores::run_due(&world.deps).await.unwrap();
        let kim = kim.with_a_new_token();
        assert_eq!((planned(&kim, &over).await["state"].clone(), shown.shelf(&world, "files") > 0), (json!("expired"), true));
        world.clock.wind(2 * 24 * 3600);
        chores::run_due(&world.deps).await.unwrap();
        chores::run_due(&world.deps).await.unwrap();
        let kim = kim.with_a_new_token();
        assert_eq!(planned(&kim, &over).await, Value::Null);
        assert_eq!(["files", "copies", "small"].map(|shelf| shown.shelf(&world, shelf)), [0, 0, 0]);
        assert_eq!(read(&world, &stays).await.ok()["post_id"], json!(id_of(&stays)));
        assert_eq!(world.column("SELECT CAST(COUNT(*) AS TEXT) FROM post_version").await, ["1"]);
        assert_eq!(world.column("SELECT CAST(COUNT(*) AS TEXT) FROM content_key").await, ["0"]);
    }

    async fn what_was_made_is_made_anew_after_a_restore(world) {
        let kim = world.officer("07").await;
        let shown = Shown::new("image/jpeg", picture(1600, 1200));
        let post = publishes(&kim, &shown, json!({})).await;
        files::make_all_anew(&world.deps).await.unwrap();
        assert_eq!(read(&world, &post).await.problem(), "not-found", "nothing is shown that is not there");
        world.clock.wind(24 * 3600);
        chores::run_due(&world.deps).await.unwrap();
        files::run_due(&world.deps).await.unwrap();
        assert_eq!(read(&world, &post).await.ok()["files"][0]["renditions"][0]["width"], 720);
        assert_eq!(shown.read(&world, &post, "small", &[]).await.status, StatusCode::OK);
    }
}

/// How a film is drawn, and how wide.
fn probed(film: &[u8]) -> String {
    let path = std::env::temp_dir().join(format!("natpatrull-probe-{}", Uuid::new_v4().simple()));
    std::fs::write(&path, film).unwrap();
    let asks = ["-v", "error", "-select_streams", "v", "-show_entries", "stream=codec_name,width", "-of", "csv=p=0"];
    let said = Command::new("ffprobe").args(asks).arg(&path).output().unwrap();
    std::fs::remove_file(path).unwrap();
    String::from_utf8(said.stdout).unwrap().trim().to_owned()
}

/// A little picture in a format.
fn picture_of(ending: &str) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let format = ImageFormat::from_extension(ending).unwrap();
    image::load_from_memory(&picture(64, 48)).unwrap().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}
