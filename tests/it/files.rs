//! Reports and their files, over public HTTP.

use entities::words::Role;
use natpatrull::{
    base::blobs::{SealedFile, Shelf},
    deps::Deps,
    identity,
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tests::{
    Answer, Officer, World, Youth, on_both_databases,
    passkey::Passkey,
    people::{Person, action, cookie},
    world::{answer, id},
};
use uuid::Uuid;

pub const CHUNK: usize = 256 * 1024;

/// The bytes of a picture: they begin as a JPEG does, and no two places are alike.
fn picture(size: usize) -> Vec<u8> {
    let mut bytes = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00".to_vec();
    bytes.extend((0u32..).flat_map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()).take(size - bytes.len()));
    bytes
}

pub fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A file on a youth's phone.
pub struct File {
    pub file_id: Uuid,
    pub report_id: Uuid,
    pub sha256: String,
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

impl File {
    pub fn new(media_type: &'static str, bytes: Vec<u8>) -> Self {
        Self { file_id: id(), report_id: id(), sha256: hex(&bytes), media_type, bytes }
    }

    pub fn named(&self) -> Value {
        json!({"file_id": self.file_id, "sha256": self.sha256, "size": self.bytes.len(), "media_type": self.media_type})
    }

    pub async fn told_by(&self, youth: &Youth) {
        youth.does(youth.report(self.report_id, "Han hotar mig i spelet", json!([self.named()]))).await;
    }

    async fn announced_by(&self, youth: &Youth) -> Answer {
        let mut body = self.named();
        body["report_id"] = json!(self.report_id);
        youth.asks(Method::POST, "/api/v1/files", Some(&body)).await
    }

    async fn sent(&self, youth: &Youth, from: usize, to: usize) -> Answer {
        youth.sends_bytes(self.file_id, from, &self.bytes[from..to]).await
    }

    /// In chunks of `step` bytes; gives the last answer.
    pub async fn sent_whole(&self, youth: &Youth, step: usize) -> Answer {
        let mut from = 0;
        loop {
            let to = (from + step).min(self.bytes.len());
            let last = self.sent(youth, from, to).await;
            if to == self.bytes.len() {
                return last;
            }
            assert_eq!(last.ok()["offset"], to);
            from = to;
        }
    }
}

pub async fn link(person: &impl Person, file_id: Uuid) -> Answer {
    person.asks(Method::POST, &format!("/api/v1/files/{file_id}/link"), Some(&json!({"reason": "investigation"}))).await
}

pub async fn follows(world: &World, url: &str, range: Option<&str>) -> Answer {
    let mut request = world.http.get(format!("{}{url}", world.url));
    if let Some(range) = range {
        request = request.header("range", range);
    }
    answer(request).await
}

pub async fn report(person: &impl Person, report_id: Uuid) -> Answer {
    person.asks(Method::GET, &format!("/api/v1/reports/{report_id}"), None).await
}

fn begins(officer: &Officer, report_id: Uuid, revision: i64) -> Value {
    let body = json!({"report_id": report_id, "expected_revision": revision});
    action(&officer.world, &format!("report:{report_id}"), "report-read", body)
}

on_both_databases! {
    async fn a_report_is_told_once_and_read(world) {
        let (noa, other, officer) = (world.youth().await, world.youth().await, world.officer("07").await);
        let report_id = id();
        let told = noa.report(report_id, "  Han hotar mig  ", json!([]));
        let first = noa.pushes(&[told.clone(), told.clone()]).await;
        assert_eq!(first[0]["outcome"], "applied");
        assert_eq!(first[1]["outcome"], "duplicate");
        assert_eq!(noa.pushes(&[told]).await[0]["outcome"], "duplicate");

        let mine = report(&noa, report_id).await.ok();
        assert_eq!(mine["what"], "Han hotar mig");
        assert_eq!(mine["place"], "vid skolan");
        assert_eq!(mine["state"], "received");
        assert_eq!(mine["happened"], json!({"certainty": "about", "words": "i fredags kväll"}));
        assert!(mine.get("reader").is_none());
        assert_eq!(report(&officer, report_id).await.ok()["what"], "Han hotar mig");
        assert_eq!(report(&other, report_id).await.problem(), "not-found");
        assert_eq!(other.asks(Method::GET, "/api/v1/reports", None).await.ok()["items"], json!([]));

        // Another youth learns nothing from an id that is taken.
        let taken = other.pushes(&[other.report(report_id, "x", json!([]))]).await;
        assert_eq!(taken[0]["problem"]["kind"], "conflict");

        let desk = officer.pulls("desk").await;
        let event = desk["events"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(event["kind"], "report-changed");
        assert_eq!(event["report"]["what"], "Han hotar mig");

        // Reading is an officer's, with a revision that was seen.
        let by_youth = noa.pushes(&[action(&world, "report:x", "report-read", json!({"report_id": report_id, "expected_revision": 1}))]).await;
        assert_eq!(by_youth[0]["problem"]["kind"], "role-refused");
        let ahead = officer.pushes(&[begins(&officer, report_id, 9)]).await;
        assert_eq!(ahead[0]["problem"]["kind"], "revision-conflict");
        let begun = officer.does(begins(&officer, report_id, 1)).await;
        assert_eq!(begun["entity"]["revision"], 2);
        let colleague = world.officer("08").await;
        let late = colleague.pushes(&[begins(&colleague, report_id, 1)]).await;
        assert_eq!(late[0]["problem"]["kind"], "revision-conflict", "a colleague was quicker");
        let inbox = noa.pulls(&format!("inbox:{}", noa.account_id)).await;
        let event = inbox["events"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(event["by"], "officer");
        assert_eq!(event["report"]["state"], "being-read");
        assert_eq!(event["report"]["reader"], "07");
    }

    async fn what_a_report_must_hold(world) {
        let (noa, officer) = (world.youth().await, world.officer("07").await);
        let (long, named) = ("å".repeat(8001), File::new("image/jpeg", picture(100)).named());
        let with = |change: &dyn Fn(&mut Value)| {
            let mut told = noa.report(id(), "Hot", json!([]));
            change(&mut told["body"]);
            told
        };
        let file = |key: &str, value: Value| {
            let mut file = named.clone();
            file[key] = value;
            json!([file])
        };
        for (told, kind) in [
            (with(&|body| body["what"] = json!(" \n")), "text-empty"),
            (with(&|body| body["what"] = json!(long)), "text-too-long"),
            (with(&|body| body["place"] = json!("å".repeat(301))), "text-too-long"),
            (with(&|body| body["extra"] = json!(1)), "malformed"),
            (with(&|body| body["event_kind"] = json!("heresy")), "malformed"),
            (with(&|body| body["files"] = file("media_type", json!("image/svg+xml"))), "file-type-refused"),
            (with(&|body| body["files"] = file("size", json!(104_857_601))), "too-large"),
            (with(&|body| body["files"] = file("size", json!(0))), "malformed"),
            (with(&|body| body["files"] = file("sha256", json!("A".repeat(64)))), "malformed"),
            (with(&|body| body["files"] = json!([named, named])), "malformed"),
        ] {
            let result = noa.pushes(std::slice::from_ref(&told)).await.remove(0);
            assert_eq!(result["problem"]["kind"], kind, "{result}");
        }
        let by_officer = action(&world, "report:x", "report-submit", noa.report(id(), "Hot", json!([]))["body"].clone());
        assert_eq!(officer.pushes(&[by_officer]).await[0]["problem"]["kind"], "role-refused");
        assert_eq!(noa.asks(Method::GET, "/api/v1/reports", None).await.ok()["items"], json!([]));
    }

    async fn the_plain_door_gives_the_same(world) {
        let noa = world.youth().await;
        let told = noa.report(id(), "Hot", json!([]));
        let ask = |key: &Value| {
            let request = world.http.post(format!("{}/api/v1/reports", world.url));
            request.bearer_auth(&noa.token).header("idempotency-key", key.as_str().unwrap()).json(&told["body"])
        };
        assert_eq!(answer(ask(&told["action_id"])).await.ok()["outcome"], "applied");
        assert_eq!(answer(ask(&told["action_id"])).await.ok()["outcome"], "duplicate");
        assert_eq!(noa.pushes(std::slice::from_ref(&told)).await[0]["outcome"], "duplicate");
        assert_eq!(answer(ask(&json!(id()))).await.problem(), "conflict");
        assert_eq!(noa.asks(Method::GET, "/api/v1/reports", None).await.ok()["items"].as_array().unwrap().len(), 1);
    }

    async fn pages_of_reports(world) {
        let noa = world.youth().await;
        for n in 0..5 {
            noa.does(noa.report(id(), &format!("hot {n}"), json!([]))).await;
        }
        let (mut next, mut seen) = (String::new(), Vec::new());
        loop {
            let page = noa.asks(Method::GET, &format!("/api/v1/reports?limit=2{next}"), None).await.ok();
            seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["what"].as_str().unwrap().to_owned()));
            match page.get("next") {
                Some(place) => next = format!("&next={}", place.as_str().unwrap()),
                None => break,
            }
        }
        assert_eq!(seen, ["hot 4", "hot 3", "hot 2", "hot 1", "hot 0"]);
        let wrong = noa.asks(Method::GET, "/api/v1/reports?next=nonsense", None).await;
        assert_eq!(wrong.problem(), "malformed");
    }

    async fn a_picture_arrives_as_it_was_sent(world) {
        let (noa, other, officer) = (world.youth().await, world.youth().await, world.officer("07").await);
        // Sizes around the seams, sent in steps that fit them and in steps that do not.
        for (size, step) in [(900_001, CHUNK), (CHUNK, CHUNK), (CHUNK + 1, CHUNK), (400_000, 99_991), (65_536, 65_536), (70, 70)] {
            let file = File::new("image/jpeg", picture(size));
            assert_eq!(file.announced_by(&noa).await.problem(), "not-found");
            file.told_by(&noa).await;
            assert_eq!(file.announced_by(&other).await.problem(), "not-found");
            assert_eq!(file.announced_by(&noa).await.ok()["offset"], 0);
            assert_eq!(link(&officer, file.file_id).await.problem(), "not-found");
            assert_eq!(file.sent(&other, 0, 10).await.problem(), "not-found");
            let last = file.sent_whole(&noa, step).await.ok();
            assert_eq!(last, json!({"file_id": file.file_id, "offset": size, "complete": true}));
            assert_eq!(file.sent(&noa, 0, 10).await.ok()["complete"], true);
            assert_eq!(file.announced_by(&noa).await.ok()["complete"], true);

            let seen = report(&officer, file.report_id).await.ok();
            assert_eq!(seen["files"][0]["state"], "complete");
            assert_eq!(seen["revision"], 2);

            assert_eq!(link(&other, file.file_id).await.problem(), "not-found");
            link(&noa, file.file_id).await.ok();
            let url = link(&officer, file.file_id).await.ok()["url"].as_str().unwrap().to_owned();
            let whole = follows(&world, &url, None).await;
            assert_eq!(whole.status, StatusCode::OK);
            assert_eq!(hex(&whole.bytes), file.sha256, "the bytes must come back unchanged");
            for (header, value) in [
                ("content-type", "image/jpeg"),
                ("content-length", size.to_string().as_str()),
                ("x-content-type-options", "nosniff"),
                ("content-security-policy", "sandbox; default-src 'none'"),
                ("cache-control", "private, no-store"),
            ] {
                assert_eq!(whole.headers[header], value);
            }
            for (first, last) in [(0, 0), (10, 69), (size / 2, size - 1), (65_535.min(size - 1), size - 1)] {
                let part = follows(&world, &url, Some(&format!("bytes={first}-{last}"))).await;
                assert_eq!(part.status, StatusCode::PARTIAL_CONTENT);
                assert_eq!(part.headers["content-range"], format!("bytes {first}-{last}/{size}").as_str());
                assert!(part.bytes == file.bytes[first..=last], "bytes {first} to {last} of {size} differ");
            }
            let outside = follows(&world, &url, Some(&format!("bytes={size}-"))).await;
            assert_eq!(outside.problem(), "range-refused");
            assert_eq!(outside.headers["content-range"], format!("bytes */{size}").as_str());
        }
        let desk = officer.pulls("desk").await;
        let last = desk["events"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(last["report"]["files"][0]["complete"], true, "the desk is told when a file is whole");
    }

    async fn a_broken_sending_goes_on(world) {
        let noa = world.youth().await;
        let file = File::new("image/jpeg", picture(500_000));
        file.told_by(&noa).await;
        assert_eq!(file.sent(&noa, 0, 100_000).await.ok()["offset"], 100_000);
        // A chunk whose answer was lost, one that reaches further, one too far on.
        assert_eq!(file.sent(&noa, 0, 100_000).await.ok()["offset"], 100_000);
        assert_eq!(file.sent(&noa, 50_000, 150_000).await.ok()["offset"], 100_000);
        let ahead = file.sent(&noa, 200_000, 300_000).await;
        assert_eq!(ahead.problem(), "file-offset");
        assert_eq!(ahead.json["offset"], 100_000);
        assert_eq!(file.announced_by(&noa).await.ok()["offset"], 100_000);
        // The same chunk from a page and from a worker at once.
        let (page, worker) = tokio::join!(file.sent(&noa, 100_000, 300_000), file.sent(&noa, 100_000, 300_000));
        assert_eq!((page.ok()["offset"].clone(), worker.ok()["offset"].clone()), (json!(300_000), json!(300_000)));
        let (page, worker) = tokio::join!(file.sent(&noa, 300_000, 500_000), file.sent(&noa, 300_000, 500_000));
        assert_eq!((page.ok()["complete"].clone(), worker.ok()["complete"].clone()), (json!(true), json!(true)));
        let url = link(&noa, file.file_id).await.ok()["url"].as_str().unwrap().to_owned();
        assert_eq!(hex(&follows(&world, &url, None).await.bytes), file.sha256);

        let mut parts: Vec<_> = std::fs::read_dir(world.deps.config.data_dir.join("blobs/files").join(file.file_id.to_string()))
            .unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        parts.sort();
        assert_eq!(parts, ["000000-262144", "000001-237856"], "no tail may be left behind");
        for part in parts {
            let path = world.deps.config.data_dir.join("blobs/files").join(file.file_id.to_string()).join(part);
            let stored = std::fs::read(path).unwrap();
            assert!(!stored.windows(64).any(|window| window == &file.bytes[1000..1064]), "stored bytes must be sealed");
        }
    }

    async fn a_file_that_is_not_what_it_says(world) {
        let (noa, officer) = (world.youth().await, world.officer("07").await);
        let mut other_bytes = File::new("image/jpeg", picture(300_000));
        other_bytes.sha256 = hex(b"something else");
        let page = File::new("image/png", b"<!doctype html><script>alert(1)</script>".to_vec());
        for (file, kind) in [(other_bytes, "file-mismatch"), (page, "file-type-refused")] {
            file.told_by(&noa).await;
            assert_eq!(file.sent_whole(&noa, CHUNK).await.problem(), kind);
            // It stays refused, its bytes are gone, and the report says so.
            assert_eq!(file.sent(&noa, 0, 10).await.problem(), kind);
            assert_eq!(file.announced_by(&noa).await.problem(), kind);
            let seen = report(&officer, file.report_id).await.ok();
            assert_eq!(seen["files"][0]["state"], "refused");
            assert_eq!(seen["files"][0]["received"], 0);
            assert_eq!(seen["what"], "Han hotar mig i spelet", "the text counts without its file");
            assert_eq!(link(&officer, file.file_id).await.problem(), "not-found");
            natpatrull::chores::run_due(&world.deps).await.unwrap();
            let folder = world.deps.config.data_dir.join("blobs/files").join(file.file_id.to_string());
            assert!(!folder.exists() || std::fs::read_dir(folder).unwrap().next().is_none());
        }
        let file = File::new("image/jpeg", picture(1000));
        file.told_by(&noa).await;
        let mut longer = File { bytes: picture(2000), ..file };
        assert_eq!(longer.sent(&noa, 0, 2000).await.problem(), "file-mismatch");
        longer.bytes = picture(300_000);
        assert_eq!(longer.sent(&noa, 0, 300_000).await.problem(), "too-large");
        let renamed = File { sha256: hex(b"x"), ..longer };
        assert_eq!(renamed.announced_by(&noa).await.problem(), "file-mismatch");
        assert_eq!(report(&officer, renamed.report_id).await.ok()["files"][0]["state"], "arriving");
    }

    async fn a_whole_file_is_never_overwritten(world) {
        let noa = world.youth().await;
        let file = File::new("image/jpeg", picture(300_000));
        file.told_by(&noa).await;
        file.sent_whole(&noa, CHUNK).await.ok();
        // Another program that still believes the file to be half way puts other bytes where its last ones go.
        let Deps { blobs: store, vault, db, chance, .. } = world.deps.clone();
        let cipher = vault.one(&db, file.report_id).await.unwrap();
        let other = SealedFile { store, shelf: Shelf::Files, cipher, chance, file_id: file.file_id };
        other.append(CHUNK as u64, &vec![7; 300_000 - CHUNK]).await.unwrap();
        let url = link(&noa, file.file_id).await.ok()["url"].as_str().unwrap().to_owned();
        assert_eq!(hex(&follows(&world, &url, None).await.bytes), file.sha256);
    }

    async fn a_phone_left_open_shows_no_file_until_the_key_is_touched(world) {
        let noa = world.youth().await;
        let file = File::new("image/jpeg", picture(500));
        file.told_by(&noa).await;
        file.announced_by(&noa).await.ok();
        file.sent_whole(&noa, CHUNK).await.ok();
        let enrols = async |number: &str| {
            let mut key = Passkey::of(world.deps.config.base_url.as_str());
            let invite = identity::invite(&world.deps, Role::Officer, number).await.unwrap();
            (world.follows_invite(&invite, &mut key).await, key)
        };
        let ((kim, kims), (ada, adas)) = (enrols("07").await, enrols("08").await);
        let token = |answer: Answer| answer.ok()["access_token"].as_str().unwrap().to_owned();
        let link = async |token: &str| {
            let reason = json!({"reason": "investigation"});
            world.asks(Method::POST, &format!("/api/v1/files/{}/link", file.file_id), Some(token), Some(&reason)).await
        };
        let touches = async |token: &str, key: &Passkey| {
            let ceremony = world.asks(Method::POST, "/api/v1/identity/passkeys/challenge", None, None).await.ok();
            let body = json!({"ceremony_id": ceremony["ceremony_id"], "credential": key.signs(&ceremony["options"])});
            world.asks(Method::POST, "/api/v1/identity/passkeys/touch", Some(token), Some(&body)).await
        };
        let cookies = [cookie(&kim), cookie(&ada)];
        link(&token(kim)).await.ok();

        world.clock.wind(299);
        let kim = token(world.refreshes_with(&cookies[0]).await);
        let ada = token(world.refreshes_with(&cookies[1]).await);
        link(&kim).await.ok();
        world.clock.wind(1);
        assert_eq!(link(&kim).await.problem(), "touch-needed");
        let read = format!("/api/v1/reports/{}", file.report_id);
        world.asks(Method::GET, &read, Some(&kim), None).await.ok();

        assert_eq!(touches(&kim, &adas).await.problem(), "passkey-refused", "a colleague's key");
        assert_eq!(link(&kim).await.problem(), "touch-needed");
        link(&token(touches(&kim, &kims).await)).await.ok();
        assert_eq!(link(&ada).await.problem(), "touch-needed", "it was not she who touched hers");
    }

    async fn a_link_opens_one_file_for_five_minutes(world) {
        let (noa, officer) = (world.youth().await, world.officer("07").await);
        let (file, second) = (File::new("image/jpeg", picture(5000)), File::new("image/jpeg", picture(6000)));
        for file in [&file, &second] {
            file.told_by(&noa).await;
            file.sent_whole(&noa, CHUNK).await.ok();
        }
        let url = link(&officer, file.file_id).await.ok()["url"].as_str().unwrap().to_owned();
        for wrong in [
            url.replace(&file.file_id.to_string(), &second.file_id.to_string()),
            url.replace("expires=1", "expires=2"),
            url.replace("seal=", "seal=A"),
            { let (path, rest) = url.split_once("session=").unwrap(); format!("{path}session={}{}", id(), &rest[36..]) },
        ] {
            assert_eq!(follows(&world, &wrong, None).await.problem(), "link-expired", "{wrong}");
        }
        assert_eq!(follows(&world, &url, None).await.status, StatusCode::OK);
        world.clock.wind(299);
        assert_eq!(follows(&world, &url, None).await.status, StatusCode::OK);
        world.clock.wind(1);
        assert_eq!(follows(&world, &url, None).await.problem(), "link-expired");
    }
}
