//! What strangers send, and what is shown of it: copies without metadata, hostile files, a virus check, and what is withheld.

use std::{
    io::{Cursor, Write},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use entities::words::Role;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use natpatrull::{chores, copies, files};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::{
    Answer, Backend, Officer, World, Youth, on_both_databases,
    people::{Person, action},
    program,
    world::id,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use uuid::Uuid;
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::files::{CHUNK, File, follows, hex, link, report};

const WIDTH: u32 = 64;
const HEIGHT: u32 = 32;
const RED: [u8; 3] = [220, 20, 20];
const GREEN: [u8; 3] = [20, 200, 20];
const BLUE: [u8; 3] = [20, 20, 220];
const WHITE: [u8; 3] = [240, 240, 240];

/// Each quarter in a colour of its own: from the left above, in the direction of reading.
fn quarters() -> RgbImage {
    RgbImage::from_fn(WIDTH, HEIGHT, |x, y| match (x < WIDTH / 2, y < HEIGHT / 2) {
        (true, true) => Rgb(RED),
        (false, true) => Rgb(GREEN),
        (true, false) => Rgb(BLUE),
        (false, false) => Rgb(WHITE),
    })
}

fn encoded(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub fn jpeg() -> Vec<u8> {
    encoded(quarters(), ImageFormat::Jpeg)
}

/// A segment of a JPEG.
fn segment(marker: u8, words: &[u8]) -> Vec<u8> {
    [&[0xff, marker], &u16::try_from(words.len() + 2).unwrap().to_be_bytes()[..], words].concat()
}

/// One entry of a directory of TIFF, little first.
fn entry(tag: u16, form: u16, count: u32, value: u32) -> Vec<u8> {
    [&tag.to_le_bytes()[..], &form.to_le_bytes(), &count.to_le_bytes(), &value.to_le_bytes()].concat()
}

/// What a phone writes beside a picture: which way is up, who made it with what, where it was, and a smaller picture.
fn exif(orientation: u32) -> Vec<u8> {
    let small = encoded(DynamicImage::from(quarters()).thumbnail(16, 8), ImageFormat::Jpeg);
    let directory = |entries: &[Vec<u8>], next: u32| {
        [&u16::try_from(entries.len()).unwrap().to_le_bytes()[..], &entries.concat(), &next.to_le_bytes()].concat()
    };
    // The places of what comes after the first directory (five entries), in their order.
    let (own, gps, serial, latitude) = (8 + 2 + 4 * 12 + 4, 8 + 54 + 18, 8 + 54 + 18 + 54, 8 + 54 + 18 + 54 + 12);
    let (second, picture) = (latitude + 24, latitude + 24 + 2 + 2 * 12 + 4);
    let tiff = [
        &b"II*\0\x08\0\0\0"[..],
        &directory(
            &[
                entry(0x010f, 2, 4, u32::from_le_bytes(*b"Cam\0")),
                entry(0x0112, 3, 1, orientation),
                entry(0x8769, 4, 1, own),
                entry(0x8825, 4, 1, gps),
            ],
            second,
        ),
        &directory(&[entry(0xa431, 2, 12, serial)], 0),
        &directory(
            &[
                entry(0x0001, 2, 2, u32::from_le_bytes(*b"N\0\0\0")),
                entry(0x0002, 5, 3, latitude),
                entry(0x0003, 2, 2, u32::from_le_bytes(*b"E\0\0\0")),
                entry(0x0004, 5, 3, latitude),
            ],
            0,
        ),
        b"SERIAL-4711\0",
        &[59u32, 1, 19, 1, 45, 1].map(u32::to_le_bytes).concat(),
        &directory(&[entry(0x0201, 4, 1, picture), entry(0x0202, 4, 1, u32::try_from(small.len()).unwrap())], 0),
        &small,
    ]
    .concat();
    segment(0xe1, &[b"Exif\0\0", &tiff[..]].concat())
}

/// A JPEG with more said in it.
fn saying(more: &[u8]) -> Vec<u8> {
    let bare = jpeg();
    [&bare[..2], more, &bare[2..]].concat()
}

/// The groups and tags that exiftool finds in a file, but for what is said of the file itself.
fn said_in(bytes: &[u8]) -> Vec<String> {
    let mut child = Command::new("exiftool")
        .args(["-j", "-G0", "-a", "-u", "-ee", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("exiftool is installed: bash tools/packages.sh");
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    let said: Value = serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap();
    let tags = said[0].as_object().unwrap().keys().cloned();
    // How a PNG is packed, which its head has to say.
    const HEAD: [&str; 7] =
        ["BitDepth", "ColorType", "Compression", "Filter", "ImageHeight", "ImageWidth", "Interlace"];
    let of_png = |tag: &String| tag.strip_prefix("PNG:").is_some_and(|tag| HEAD.contains(&tag));
    let of_itself =
        |tag: &String| ["ExifTool:", "File:", "Composite:", "JFIF:"].iter().any(|group| tag.starts_with(group));
    tags.filter(|tag| tag.contains(':') && !of_itself(tag) && !of_png(tag)).collect()
}

async fn sends(noa: &Youth, file: &File) -> Answer {
    file.told_by(noa).await;
    file.sent_whole(noa, CHUNK).await
}

/// The first file of a report, as somebody sees it.
async fn seen(person: &impl Person, file: &File) -> Value {
    report(person, file.report_id).await.ok()["files"][0].clone()
}

async fn copy_link(person: &impl Person, file: &File) -> Answer {
    person.asks(Method::POST, &format!("/api/v1/files/{}/copy-link", file.file_id), None).await
}

async fn copy(world: &World, person: &impl Person, file: &File) -> Answer {
    let url = copy_link(person, file).await.ok()["url"].as_str().unwrap().to_owned();
    let copy = follows(world, &url, None).await;
    assert_eq!(copy.status, StatusCode::OK);
    for (header, value) in [
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "private, no-store"),
    ] {
        assert_eq!(copy.headers[header], value);
    }
    copy
}

async fn details(lead: &Officer, subject: Uuid) -> Vec<String> {
    let path = format!("/api/v1/audit/subjects/{subject}/entries");
    let items = lead.asks(Method::GET, &path, None).await.ok()["items"].as_array().unwrap().clone();
    items.iter().filter_map(|item| item["detail"].as_str().map(str::to_owned)).collect()
}

fn shelf(world: &World, shelf: &str, file: &File) -> usize {
    let folder = world.deps.config.data_dir.join("blobs").join(shelf).join(file.file_id.to_string());
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

fn withholds(officer: &Officer, file: &File) -> Value {
    let lane = format!("file:{}", file.file_id);
    action(&officer.world, &lane, "file-withhold", json!({"file_id": file.file_id}))
}

on_both_databases! {
    async fn a_copy_shows_the_same_the_right_way_up_and_says_nothing(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await.untouched());
        let lead = world.staff("03", Role::Lead).await;
        // Where the colours stand once the picture is turned as it says.
        let (r, g, b, w) = (RED, GREEN, BLUE, WHITE);
        for (orientation, shown) in [
            (1, [r, g, b, w]), (2, [g, r, w, b]), (3, [w, b, g, r]), (4, [b, w, r, g]),
            (5, [r, b, g, w]), (6, [b, r, w, g]), (7, [w, g, b, r]), (8, [g, w, r, b]),
        ] {
            let more = [exif(orientation), segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>"), segment(0xfe, b"a word")];
            let file = File::new("image/jpeg", saying(&more.concat()));
            let said = said_in(&file.bytes).join(" ");
            for tag in ["EXIF:GPSLatitude", "EXIF:SerialNumber", "EXIF:ThumbnailImage", "EXIF:Orientation"] {
                assert!(said.contains(tag), "the picture of the test lacks {tag}: {said}");
            }
            sends(&noa, &file).await.ok();
            assert_eq!(copy_link(&kim, &file).await.problem(), "file-unchecked", "not decided yet");
            files::run_due(&world.deps).await.unwrap();
            let of = seen(&kim, &file).await;
            let turned = orientation > 4;
            let (width, height) = if turned { (HEIGHT, WIDTH) } else { (WIDTH, HEIGHT) };
            assert_eq!((&of["copy"]["state"], &of["copy"]["width"], &of["copy"]["height"]), (&json!("made"), &json!(width), &json!(height)));
            assert_eq!((&of["scan"], of.get("withheld")), (&json!("not-scanned"), None));
            let bytes = copy(&world, &kim, &file).await;
            assert_eq!(bytes.headers["content-type"], "image/jpeg");
            assert!(bytes.headers.get("content-disposition").is_none());
            assert_eq!(of["copy"]["size"], bytes.bytes.len());
            assert_eq!(said_in(&bytes.bytes), Vec::<String>::new(), "orientation {orientation}");
            let drawn = image::load_from_memory(&bytes.bytes).unwrap().into_rgb8();
            assert_eq!(drawn.dimensions(), (width, height));
            for (nth, colour) in (0..).zip(shown) {
                let point = drawn.get_pixel(width / 4 + (nth % 2) * width / 2, height / 4 + (nth / 2) * height / 2);
                let near = point.0.iter().zip(colour).all(|(is, was)| is.abs_diff(was) < 12);
                assert!(near, "orientation {orientation}, quarter {nth}: {point:?} instead of {colour:?}");
            }

            // The original is as it was, and whoever opens it says why.
            let touched = kim.clone().with_a_new_token();
            let bare = touched.asks(Method::POST, &format!("/api/v1/files/{}/link", file.file_id), None).await;
            assert_eq!(bare.problem(), "reason-needed");
            assert_eq!(details(&lead, file.file_id).await, Vec::<String>::new());
            for times in 1..=2 {
                let url = link(&touched, file.file_id).await.ok()["url"].as_str().unwrap().to_owned();
                let original = follows(&world, &url, None).await;
                assert_eq!(hex(&original.bytes), file.sha256);
                let ending: String = file.file_id.to_string().chars().skip(30).collect();
                assert_eq!(original.headers["content-disposition"], format!("attachment; filename=\"{ending}.jpg\"").as_str());
                for subject in [file.file_id, file.report_id] {
                    assert_eq!(details(&lead, subject).await, vec!["original investigation"; times]);
                }
                // A link to the one opens nothing of the other.
                assert_eq!(follows(&world, &url.replace("/bytes?", "/copy?"), None).await.problem(), "link-expired");
            }
        }
        // Whoever follows the report was told, by nobody.
        let inbox = noa.pulls(&format!("inbox:{}", noa.account_id)).await;
        let last = inbox["events"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["by"], &last["report"]["files"][0]["copy"]["state"]), (&json!("system"), &json!("made")));
    }

    async fn copies_of_all_sorts(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let glass = RgbaImage::from_fn(WIDTH, HEIGHT, |x, _| Rgba([200, 20, 20, if x < 8 { 0 } else { 255 }]));
        let whole = DynamicImage::from(quarters()).into_rgba8();
        let wide = DynamicImage::from(quarters()).resize_exact(5120, 40, image::imageops::FilterType::Nearest);
        for (media_type, bytes, kind, size) in [
            ("image/png", encoded(glass, ImageFormat::Png), "image/png", (WIDTH, HEIGHT)),
            ("image/png", encoded(whole, ImageFormat::Png), "image/jpeg", (WIDTH, HEIGHT)),
            ("image/webp", encoded(quarters(), ImageFormat::WebP), "image/jpeg", (WIDTH, HEIGHT)),
            ("image/gif", encoded(quarters(), ImageFormat::Gif), "image/jpeg", (WIDTH, HEIGHT)),
            ("image/jpeg", encoded(wide, ImageFormat::Jpeg), "image/jpeg", (2560, 20)),
        ] {
            let file = File::new(media_type, bytes);
            sends(&noa, &file).await.ok();
            files::run_due(&world.deps).await.unwrap();
            let copy = copy(&world, &noa, &file).await;
            assert_eq!(copy.headers["content-type"], kind, "{media_type}");
            let drawn = image::load_from_memory(&copy.bytes).unwrap();
            assert_eq!((drawn.width(), drawn.height()), size, "{media_type}");
            // What lies on the disk is sealed, and goes with the report.
            assert!(shelf(&world, "copies", &file) > 0);
            crate::erasure::erases(&world.staff(&id().to_string(), Role::Lead).await, "report", file.report_id).await.ok();
            assert_eq!((shelf(&world, "copies", &file), shelf(&world, "files", &file)), (0, 0));
            assert!(world.column("SELECT state FROM file_copy").await.is_empty());
            assert_eq!(copy_link(&kim, &file).await.problem(), "not-found");
        }
        // Older files, and those of a restore, are seen to once a day.
        let file = File::new("image/jpeg", jpeg());
        sends(&noa, &file).await.ok();
        files::run_due(&world.deps).await.unwrap();
        files::make_all_anew(&world.deps).await.unwrap();
        assert!(seen(&kim, &file).await.get("copy").is_none());
        world.clock.wind(24 * 3600);
        chores::run_due(&world.deps).await.unwrap();
        files::run_due(&world.deps).await.unwrap();
        assert_eq!(seen(&kim.with_a_new_token(), &file).await["copy"]["state"], "made");
    }

    async fn film_and_sound_lose_what_is_said_beside_them(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let makes = |args: &[&str], ending: &str| {
            let path = world.deps.config.data_dir.join(format!("made.{ending}"));
            let said = ["-metadata", "title=Hemma hos Noa", "-metadata", "location=+59.3293+018.0686/", "-metadata", "artist=Noa"];
            let made = Command::new("ffmpeg").args(["-loglevel", "error", "-y"]).args(args).args(said).arg(&path).status();
            assert!(made.expect("ffmpeg is installed: bash tools/packages.sh").success());
            std::fs::read(path).unwrap()
        };
        let (film, sound) = (["-f", "lavfi", "-i", "testsrc=d=1:s=64x64"], ["-f", "lavfi", "-i", "sine=d=1"]);
        for (media_type, bytes, kind) in [
            ("video/mp4", makes(&film, "mp4"), "video/mp4"),
            ("video/quicktime", makes(&film, "mov"), "video/mp4"),
            ("video/webm", makes(&film, "webm"), "video/webm"),
            ("audio/mpeg", makes(&sound, "mp3"), "audio/mpeg"),
            ("audio/mp4", makes(&sound, "m4a"), "audio/mp4"),
            ("audio/ogg", makes(&sound, "ogg"), "audio/ogg"),
            ("audio/wav", makes(&sound, "wav"), "audio/wav"),
        ] {
            assert!(bytes.windows(13).any(|window| window == b"Hemma hos Noa"), "{media_type} of the test says nothing");
            let file = File::new(media_type, bytes);
            sends(&noa, &file).await.ok();
            files::run_due(&world.deps).await.unwrap();
            let copy = copy(&world, &kim, &file).await;
            assert_eq!(copy.headers["content-type"], kind, "{media_type}");
            for word in [&b"Hemma"[..], b"59.3293", b"Noa"] {
                assert!(!copy.bytes.windows(word.len()).any(|window| window == word), "{media_type} still says {word:?}");
            }
            let said = said_in(&copy.bytes);
            let told = |tag: &&String| ["Title", "Artist", "Location", "GPS", "Author"].iter().any(|word| tag.contains(word));
            assert_eq!(said.iter().find(told), None, "{media_type}");
        }
        let left = std::fs::read_dir("/dev/shm").unwrap().filter(|entry| {
            let name = entry.as_ref().unwrap().file_name().into_string().unwrap();
            name.starts_with("natpatrull-") && name.len() == "natpatrull-".len() + 36
        });
        assert_eq!(left.count(), 0, "nothing plain has a name");
    }

    async fn what_is_withheld_is_opened_by_investigators_alone(world) {
        let (noa, kim, ada) = (world.youth().await, world.officer("07").await, world.officer("12").await);
        let lead = world.staff("03", Role::Lead).await;
        let file = File::new("image/jpeg", saying(&exif(1)));
        sends(&noa, &file).await.ok();
        files::run_due(&world.deps).await.unwrap();
        noa.asks(Method::PUT, "/api/v1/copy", None).await;
        copies::run_due(&world.deps).await.unwrap();
        let before = seen(&noa, &file).await;
        let old = [copy_link(&kim, &file).await, link(&kim, file.file_id).await, link(&noa, file.file_id).await];
        let old = old.map(|answer| answer.ok()["url"].as_str().unwrap().to_owned());
        let told = async || noa.pulls(&format!("inbox:{}", noa.account_id)).await["events"].as_array().unwrap().len();
        let told_before = told().await;

        let by_youth = action(&world, "file:x", "file-withhold", json!({"file_id": file.file_id}));
        assert_eq!(noa.pushes(&[by_youth]).await[0]["problem"]["kind"], "role-refused");
        kim.does(withholds(&kim, &file)).await;
        kim.does(withholds(&kim, &file)).await;

        // From then on nothing opens, not even by a link from before.
        for url in &old {
            assert_eq!(follows(&world, url, None).await.problem(), "link-expired");
        }
        for officer in [&kim, &lead] {
            assert_eq!(copy_link(officer, &file).await.problem(), "file-withheld");
            assert_eq!(link(officer, file.file_id).await.problem(), "file-withheld");
            let of = seen(officer, &file).await;
            assert_eq!((&of["withheld"], &of["sha256"], &of["size"], of.get("copy")), (&json!(true), &json!(""), &json!(0), None));
        }
        chores::run_due(&world.deps).await.unwrap();
        files::run_due(&world.deps).await.unwrap();
        assert_eq!(shelf(&world, "copies", &file), 0, "the copy is gone");
        assert!(shelf(&world, "files", &file) > 0, "the original stays");

        // Her youth is told nothing.
        let after = seen(&noa, &file).await;
        assert_eq!((&after["sha256"], &after["size"], after.get("withheld")), (&before["sha256"], &before["size"], None));
        assert_eq!(link(&noa, file.file_id).await.problem(), "not-found");
        assert_eq!(told().await, told_before);
        let desk = ada.pulls("desk").await;
        let last = desk["events"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(last["report"]["files"][0]["withheld"], true, "officers are told");

        // It is in no export: not in the one that stood, and not in the next.
        copies::run_due(&world.deps).await.unwrap();
        assert_eq!(noa.asks(Method::GET, "/api/v1/copy", None).await.ok()["state"], "ended");
        noa.asks(Method::PUT, "/api/v1/copy", None).await.ok();
        copies::run_due(&world.deps).await.unwrap();
        let made = noa.asks(Method::GET, "/api/v1/copy/bytes", None).await;
        let zip = zip::ZipArchive::new(Cursor::new(made.bytes)).unwrap();
        assert!(zip.file_names().all(|name| !name.unwrap().starts_with("files/")));

        // It counts as a hard case, and the log names it.
        let hard = kim.asks(Method::GET, "/api/v1/care/hard-cases", None).await.ok();
        assert_eq!(hard["items"][0]["count"], 1);
        for subject in [file.file_id, file.report_id] {
            assert!(details(&lead, subject).await.contains(&"file-withhold".to_owned()));
        }

        // A lead names an investigator, with a touch of the passkey and a reason.
        let path = |of: &Officer| format!("/api/v1/files/investigators/{}", of.account_id);
        let why = json!({"reason": "Utredare i ärendet"});
        let names = async |by: &Officer, of: &Officer| by.asks(Method::PUT, &path(of), Some(&why)).await;
        assert_eq!(names(&kim, &ada).await.problem(), "role-refused");
        assert_eq!(names(&lead.clone().untouched(), &ada).await.problem(), "touch-needed");
        assert_eq!(names(&lead, &lead).await.problem(), "own-account");
        let empty = lead.asks(Method::PUT, &path(&ada), Some(&json!({"reason": " "}))).await;
        assert_eq!(empty.problem(), "text-empty");
        assert_eq!(names(&lead, &ada).await.ok()["public_number"], "12");
        let list = lead.asks(Method::GET, "/api/v1/files/investigators", None).await.ok();
        assert_eq!((&list["items"][0]["reason"], &list["items"][0]["named_by"]), (&json!("Utredare i ärendet"), &json!("03")));
        assert_eq!(details(&lead, ada.account_id).await, ["investigator-name"]);
        assert_eq!(link(&ada.clone().untouched(), file.file_id).await.problem(), "touch-needed");
        let url = link(&ada, file.file_id).await.ok()["url"].as_str().unwrap().to_owned();
        assert_eq!(hex(&follows(&world, &url, None).await.bytes), file.sha256);
        assert_eq!(copy_link(&ada, &file).await.problem(), "file-not-cleaned");
        assert_eq!(link(&kim, file.file_id).await.problem(), "file-withheld");
        assert_eq!(lead.asks(Method::DELETE, &path(&ada), None).await.status, StatusCode::NO_CONTENT);
        assert_eq!(link(&ada, file.file_id).await.problem(), "file-withheld");
        assert_eq!(lead.asks(Method::DELETE, &path(&ada), None).await.problem(), "not-found");
    }
}

/// What a virus scanner is tried with, in two parts, so that none stops at this file.
const EICAR: [&str; 2] = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!$H+H*"];

/// A double of a clamd: it reads `INSTREAM` as that one does, and finds nothing but the test's virus.
async fn clamd() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let (mut word, mut file) = ([0; 10], Vec::new());
            socket.read_exact(&mut word).await.unwrap();
            assert_eq!(&word, b"zINSTREAM\0");
            loop {
                let len = socket.read_u32().await.unwrap() as usize;
                if len == 0 {
                    break;
                }
                let from = file.len();
                file.resize(from + len, 0);
                socket.read_exact(&mut file[from..]).await.unwrap();
            }
            let virus = EICAR.concat().into_bytes();
            let found = file.windows(virus.len()).any(|window| window == virus);
            let answer: &[u8] = if found { b"stream: Eicar-Signature FOUND\0" } else { b"stream: OK\0" };
            socket.write_all(answer).await.unwrap();
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_with_a_virus_is_given_to_nobody() {
    let address = clamd().await;
    let world = World::start_with(Backend::Sqlite, |config| config.clamd = Some(address)).await;
    let (noa, kim) = (world.youth().await, world.officer("07").await);
    let (clean, virus) = (File::new("image/jpeg", jpeg()), File::new("text/plain", EICAR.concat().into_bytes()));
    for (file, scan) in [(&clean, "clean"), (&virus, "infected")] {
        sends(&noa, file).await.ok();
        assert_eq!(link(&kim, file.file_id).await.problem(), "file-unchecked", "nobody is quicker than the check");
        files::run_due(&world.deps).await.unwrap();
        assert_eq!(seen(&kim, file).await["scan"], scan);
    }
    copy(&world, &kim, &clean).await;
    link(&kim, clean.file_id).await.ok();
    for person in [link(&kim, virus.file_id).await, link(&noa, virus.file_id).await, copy_link(&kim, &virus).await] {
        assert_eq!(person.problem(), "file-infected");
    }
    assert_eq!(seen(&kim, &virus).await["copy"]["state"], "not-cleaned");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_virus_check_a_file_says_so() {
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string();
    for address in [gone, "/no/such/clamd.ctl".to_owned()] {
        let world = World::start_with(Backend::Sqlite, |config| config.clamd = Some(address)).await;
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let file = File::new("image/jpeg", jpeg());
        sends(&noa, &file).await.ok();
        files::run_due(&world.deps).await.unwrap();
        assert_eq!(seen(&kim, &file).await["scan"], "not-scanned");
        copy(&world, &kim, &file).await;
    }
}

/// How a hostile file ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Refused(&'static str),
    /// It leaves as an attachment only.
    NotCleaned,
    /// A picture drawn anew.
    Made,
}
use End::{Made, NotCleaned, Refused};

fn chunk(kind: &[u8; 4], words: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(kind);
    crc.update(words);
    [&u32::try_from(words.len()).unwrap().to_be_bytes()[..], kind, words, &crc.sum().to_be_bytes()].concat()
}

/// A PNG that says to be so large, with the bytes that one line of zeros after the other makes.
fn png_of(width: u32, height: u32, lines: usize) -> Vec<u8> {
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let line = vec![0; width as usize * 3 + 1];
    (0..lines).for_each(|_| packed.write_all(&line).unwrap());
    let (head, data) = (chunk(b"IHDR", &head), chunk(b"IDAT", &packed.finish().unwrap()));
    [b"\x89PNG\r\n\x1a\n", &head[..], &data, &chunk(b"IEND", b"")].concat()
}

fn gif_of(frames: usize) -> Vec<u8> {
    let frame = b"\x2c\0\0\0\0\x02\0\x02\0\0\x02\x03\x44\x34\x05\0";
    let frames = frame.repeat(frames);
    [&b"GIF89a\x02\0\x02\0\x80\0\0\xff\0\0\0\0\xff"[..], &frames, b";"].concat()
}

fn zip_of(names: &[(&str, usize)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, zeros) in names {
        zip.start_file(*name, SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored)).unwrap();
        zip.write_all(&vec![0; *zeros]).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The same zip, whose directory says that all of it is locked.
fn locked(mut zip: Vec<u8>) -> Vec<u8> {
    for at in 0..zip.len() - 4 {
        if zip[at..].starts_with(b"PK\x01\x02") {
            zip[at + 8] |= 1;
        }
    }
    zip
}

/// A zip that says that its one name is a hundred terabytes large.
fn bomb() -> Vec<u8> {
    let mut zip = zip_of(&[("a.txt", 10)]);
    let at = zip.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    zip[at + 24..at + 28].copy_from_slice(&u32::MAX.to_le_bytes());
    zip
}

fn corpus() -> Vec<(&'static str, &'static str, Vec<u8>, End)> {
    let page = b"<!doctype html><script>alert(document.domain)</script>";
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
    let png = encoded(quarters(), ImageFormat::Png);
    let gif = encoded(quarters(), ImageFormat::Gif);
    let webp = encoded(quarters(), ImageFormat::WebP);
    let icc: Vec<u8> = (1..=40u8)
        .flat_map(|nth| segment(0xe2, &[b"ICC_PROFILE\0", &[nth, 40][..], &[0x5a; 65_000]].concat()))
        .collect();
    let looped = [&b"Exif\0\0II*\0\x08\0\0\0"[..], &1u16.to_le_bytes(), &entry(0x8769, 4, 1, 8), &8u32.to_le_bytes()];
    let far = [&b"Exif\0\0II*\0\x08\0\0\0"[..], &0xffffu16.to_le_bytes(), &entry(0x0112, 3, u32::MAX, u32::MAX)];
    let whole = |first: &[u8], rest: &[u8]| [first, rest].concat();
    let mut huge_jpeg = jpeg();
    let frame = huge_jpeg.windows(2).position(|pair| pair == b"\xff\xc0").unwrap();
    huge_jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff; 4]);
    let mut huge_gif = gif.clone();
    huge_gif[6..10].copy_from_slice(&[0xff; 4]);
    let mut text_chunk = png.clone();
    text_chunk.splice(33..33, chunk(b"zTXt", &[b"Comment\0\0", &[0x78; 5000][..]].concat()));
    vec![
        ("a page as a picture", "image/png", page.to_vec(), Refused("file-type-refused")),
        ("a page as text", "text/plain", page.to_vec(), Refused("file-type-refused")),
        ("a drawing with a script, as text", "text/plain", svg.to_vec(), Refused("file-type-refused")),
        ("a drawing with a script, as a picture", "image/webp", svg.to_vec(), Refused("file-type-refused")),
        (
            "a drawing behind a declaration",
            "text/plain",
            whole(b"<?xml version=\"1.0\"?>", svg),
            Refused("file-type-refused"),
        ),
        ("a script", "text/plain", b"#!/bin/sh\nrm -rf /\n".to_vec(), Refused("file-type-refused")),
        ("a program as a zip", "application/zip", whole(b"MZ\x90\0", &[0; 500]), Refused("file-type-refused")),
        (
            "a program of Linux as sound",
            "audio/mpeg",
            whole(b"\x7fELF\x02\x01\x01", &[0; 500]),
            Refused("file-type-refused"),
        ),
        ("a PNG as a JPEG", "image/jpeg", png.clone(), Refused("file-type-refused")),
        ("a JPEG as a film", "video/mp4", jpeg(), Refused("file-type-refused")),
        ("a zip as a PDF", "application/pdf", zip_of(&[("a", 1)]), Refused("file-type-refused")),
        ("one byte", "image/gif", vec![0x47], Refused("file-type-refused")),
        ("bytes that are no text", "text/plain", vec![0xc3, 0x28, 0xff], Refused("file-type-refused")),
        ("text with a zero in it", "text/plain", b"hej\0du".to_vec(), Refused("file-type-refused")),
        ("a locked zip", "application/zip", locked(zip_of(&[("a", 9)])), Refused("file-locked")),
        (
            "a locked PDF",
            "application/pdf",
            b"%PDF-1.7\ntrailer << /Encrypt 5 0 R >>\n%%EOF".to_vec(),
            Refused("file-locked"),
        ),
        ("half a zip", "application/zip", zip_of(&[("a", 900)])[..500].to_vec(), Refused("file-type-refused")),
        (
            "a zip with a page after its end",
            "application/zip",
            whole(&zip_of(&[("a", 9)]), page),
            Refused("file-type-refused"),
        ),
        ("a zip bomb", "application/zip", bomb(), NotCleaned),
        (
            "a PDF with a script",
            "application/pdf",
            b"%PDF-1.7\n1 0 obj << /OpenAction << /S /JavaScript >> >>\n%%EOF".to_vec(),
            NotCleaned,
        ),
        ("a chat", "text/plain", "<noa> hej\n<x> vet var du bor å ä ö".into(), NotCleaned),
        ("20,000 x 20,000 in its head alone", "image/png", png_of(20_000, 20_000, 1), NotCleaned),
        ("20,000 x 20,000 packed to little", "image/png", png_of(20_000, 20_000, 2000), NotCleaned),
        ("6,300 x 6,300 packed to little", "image/png", png_of(6300, 6300, 6300), Made),
        ("a JPEG of 65,535 x 65,535", "image/jpeg", huge_jpeg, NotCleaned),
        ("a GIF of 65,535 x 65,535", "image/gif", huge_gif, NotCleaned),
        ("a GIF of a thousand pictures", "image/gif", gif_of(1000), Made),
        ("half a JPEG", "image/jpeg", saying(&exif(1))[..900].to_vec(), NotCleaned),
        ("half a PNG", "image/png", png[..png.len() / 2].to_vec(), NotCleaned),
        ("half a WebP", "image/webp", webp[..webp.len() / 2].to_vec(), NotCleaned),
        ("the head of a GIF", "image/gif", gif[..20].to_vec(), NotCleaned),
        ("a JPEG with a page after its end", "image/jpeg", whole(&jpeg(), page), Made),
        ("a JPEG with a zip after its end", "image/jpeg", whole(&jpeg(), &zip_of(&[("a", 9)])), Made),
        ("a GIF with a script in it", "image/gif", whole(&gif, b"/*<script>*/"), Made),
        ("a PNG with a page in its words", "image/png", text_chunk, Made),
        ("a JPEG with a page in its words", "image/jpeg", saying(&segment(0xfe, page)), Made),
        ("words that point at themselves", "image/jpeg", saying(&segment(0xe1, &looped.concat())), Made),
        ("words that point far out", "image/jpeg", saying(&segment(0xe1, &far.concat())), Made),
        ("colours of 2.6 MB", "image/jpeg", saying(&icc), Made),
        ("a HEIC with nothing in it", "image/heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(), NotCleaned),
        ("a film with nothing in it", "video/mp4", b"\0\0\0\x18ftypisom\0\0\0\0isomiso2".to_vec(), NotCleaned),
        ("a film of noise", "video/webm", whole(b"\x1a\x45\xdf\xa3\x42\x82\x84webm", &[0xa7; 5000]), NotCleaned),
        ("sound of noise", "audio/ogg", whole(b"OggS", &[0xa7; 5000]), NotCleaned),
    ]
}

/// A program that ends with its test, however that ends.
struct Worker(std::process::Child);

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// What the cleaning of the whole corpus may take at most, in KiB.
const MOST_MEMORY: u64 = 400 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_files_are_refused_or_made_harmless() {
    let world = World::start_with(Backend::Sqlite, |_| {}).await;
    let kim = world.officer("07").await;
    let corpus = corpus();
    assert!(corpus.len() >= 30);
    let mut sent = Vec::new();
    let noa = world.youth().await;
    for (what, media_type, bytes, end) in corpus {
        let file = File::new(media_type, bytes);
        let answer = sends(&noa, &file).await;
        match end {
            Refused(kind) => assert_eq!(answer.problem(), kind, "{what}"),
            _ => assert_eq!(answer.ok()["complete"], true, "{what}"),
        }
        sent.push((what, file, end));
    }
    let none = json!({"file_id": id(), "sha256": hex(b""), "size": 0, "media_type": "image/png"});
    let told = noa.report(id(), "Hot", json!([none]));
    assert_eq!(noa.pushes(&[told]).await[0]["problem"]["kind"], "malformed", "0 bytes");

    // They are cleaned by a program of its own, whose memory is looked at.
    let mut command = program::command(&world.deps.config, &["work"]).await;
    let mut worker = Worker(command.spawn().unwrap());
    let began = Instant::now();
    for (what, file, end) in &sent {
        let of = loop {
            let of = seen(&kim, file).await;
            if matches!(end, Refused(_)) || of.get("copy").is_some() {
                break of;
            }
            assert!(worker.0.try_wait().unwrap().is_none(), "{what}: the program ended");
            assert!(began.elapsed() < Duration::from_secs(180), "{what}: no end within three minutes");
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        let state = match end {
            Refused(_) => "refused",
            _ => "complete",
        };
        assert_eq!(of["state"], state, "{what}");
        match end {
            Refused(_) => assert_eq!(link(&kim, file.file_id).await.problem(), "not-found", "{what}"),
            Made => {
                let copy = copy(&world, &kim, file).await;
                assert_eq!(said_in(&copy.bytes), Vec::<String>::new(), "{what}");
                assert!(!copy.bytes.windows(7).any(|window| window == b"<script"), "{what}");
            }
            NotCleaned => assert_eq!(copy_link(&kim, file).await.problem(), "file-not-cleaned", "{what}"),
        }
        if !matches!(end, Refused(_)) {
            // As it was sent it is never a page of ours.
            let url = link(&kim, file.file_id).await.ok()["url"].as_str().unwrap().to_owned();
            let original = follows(&world, &url, None).await;
            assert_eq!(hex(&original.bytes), file.sha256, "{what}");
            let kind = original.headers["content-type"].to_str().unwrap();
            let shown = ["image/", "video/", "audio/"].iter().any(|form| kind.starts_with(form));
            assert!(shown || kind == "application/octet-stream", "{what} is served as {kind}");
            assert!(original.headers["content-disposition"].to_str().unwrap().starts_with("attachment; "), "{what}");
            assert_eq!(original.headers["x-content-type-options"], "nosniff");
            assert_eq!(original.headers["content-security-policy"], "sandbox; default-src 'none'");
        }
        let health = world.asks(Method::GET, "/healthz", None, None).await;
        assert_eq!(health.status, StatusCode::OK, "{what}");
    }
    assert!(worker.0.try_wait().unwrap().is_none(), "the program goes on");
    let status = std::fs::read_to_string(format!("/proc/{}/status", worker.0.id())).unwrap();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let most: u64 = most.trim().trim_end_matches(" kB").parse().unwrap();
    println!("{} files in {} s, at most {} MiB", sent.len(), began.elapsed().as_secs(), most / 1024);
    assert!(most < MOST_MEMORY, "cleaning took {} MiB", most / 1024);
}
