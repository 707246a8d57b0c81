//! A report leaves for whoever investigates: whole, unchanged, and with who touched it.

use std::{fs, io::Cursor, path::PathBuf, process::Command};

use entities::words::Role;
use natpatrull::files;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::{
    Answer, Officer, World, Youth, on_both_databases,
    people::{Person, action},
    world::id,
};
use uuid::Uuid;
use zip::ZipArchive;

use crate::files::{CHUNK, File, follows};

/// Pictures whose bytes differ.
fn picture(word: &str) -> Vec<u8> {
    let jpeg = crate::evidence::jpeg();
    let comment = [&[0xff, 0xfe][..], &u16::try_from(word.len() + 2).unwrap().to_be_bytes(), word.as_bytes()].concat();
    [&jpeg[..2], &comment, &jpeg[2..]].concat()
}

/// Tells, and sends the files.
async fn tells(noa: &Youth, report: Uuid, files: &[&File], more: Value) {
    let named: Vec<_> = files.iter().map(|file| file.named()).collect();
    let mut body = json!({
        "report_id": report, "event_kind": "threat", "what": "Han skriver att han vet var jag bor 🔪\nمرحبا, säger han sen",
        "happened": {"certainty": "about", "words": "i går kväll"}, "place": "I spelet", "files": named,
        "questionnaire_version": 1,
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let mut told = action(noa.world(), &format!("report:{report}"), "report-submit", body);
    told["v"] = json!(2);
    noa.does(told).await;
    for file in files {
        assert_eq!(file.sent_whole(noa, CHUNK).await.json["complete"], true);
    }
}

async fn handles(kim: &Officer, kind: &str, report: Uuid, mut more: Value) {
    let seen = crate::files::report(kim, report).await.ok();
    (more["report_id"], more["expected_revision"]) = (json!(report), seen["revision"].clone());
    kim.does(action(kim.world(), &format!("report:{report}"), kind, more)).await;
}

async fn asks_for_link(person: &impl Person, report: Uuid) -> Answer {
    let path = format!("/api/v1/reports/{report}/bundle");
    person.asks(Method::POST, &path, Some(&json!({"reason": "investigation"}))).await
}

/// Where a bundle lies unpacked, and the names in it.
struct Unpacked {
    folder: PathBuf,
    names: Vec<String>,
}

impl Unpacked {
    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.folder.join(name)).unwrap()
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&self.read(name)).unwrap()
    }

    /// As `sha256sum -c` finds it.
    fn is_as_it_was(&self) -> bool {
        Command::new("sha256sum")
            .args(["-c", "--strict", "--quiet", "SHA256SUMS"])
            .current_dir(&self.folder)
            .status()
            .unwrap()
            .success()
    }

    fn paper(&self) -> String {
        let pdf = self.names.iter().find(|name| name.ends_with(".pdf")).unwrap();
        let said = Command::new("pdftotext")
            .args(["-layout", "-enc", "UTF-8"])
            .arg(self.folder.join(pdf))
            .arg("-")
            .output()
            .expect("pdftotext is installed: bash tools/packages.sh");
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        String::from_utf8(said.stdout).unwrap()
    }
}

async fn takes(world: &World, kim: &Officer, report: Uuid) -> Unpacked {
    let url = asks_for_link(kim, report).await.ok()["url"].as_str().unwrap().to_owned();
    let bundle = follows(world, &url, None).await;
    assert_eq!(bundle.status, StatusCode::OK);
    assert_eq!(bundle.headers["content-type"], "application/zip");
    assert!(bundle.headers["content-disposition"].to_str().unwrap().starts_with("attachment; filename=\"R-"));
    let folder = world.deps.config.data_dir.join(format!("bundle-{}", id()));
    let mut zip = ZipArchive::new(Cursor::new(bundle.bytes)).unwrap();
    let names = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
    zip.extract(&folder).unwrap();
    Unpacked { folder, names }
}

on_both_databases! {
    async fn a_bundle_is_whole_and_tells_whether_it_was_changed(world) {
        let (noa, kim, lead) = (world.youth().await, world.officer("07").await, world.staff("03", Role::Lead).await);
        let (first, marked) = (File::new("image/jpeg", picture("one")), File::new("image/jpeg", picture("two")));
        let report = id();
        let more = json!({
            "links": ["https://www.instagram.com/Elak99/?igsh=x"], "area": "2580",
            "answers": [{"question_id": "threat-about", "options": ["hurt-me", "things"]}, {"question_id": "who", "words": "en i klassen"}],
        });
        tells(&noa, report, &[&first, &marked], more).await;
        files::run_due(&world.deps).await.unwrap();
        kim.does(action(&world, &format!("file:{}", marked.file_id), "file-withhold", json!({"file_id": marked.file_id}))).await;
        let talk = id();
        handles(&kim, "report-open-talk", report, json!({"conversation_id": talk})).await;
        kim.answers(talk, "Vet du vad han heter?").await;
        noa.does(noa.message(talk, "Elin, tror jag")).await;
        handles(&kim, "report-register", report, json!({"police_number": "5000-K77-26"})).await;

        let bundle = takes(&world, &kim, report).await;
        assert!(bundle.is_as_it_was());
        assert_eq!(bundle.read(&format!("originals/{}.jpg", first.file_id)), first.bytes, "the original was changed");
        assert!(!bundle.names.iter().any(|name| name.contains(&marked.file_id.to_string())), "what is withheld has left");
        let manifest = bundle.json("manifest.json");
        assert_eq!(manifest["files"][0]["sha256"], first.sha256);
        assert_eq!(manifest["left_out"], json!([{"file_id": marked.file_id, "why": "withheld"}]));
        assert_eq!((&manifest["taken_by"], &manifest["reason"]), (&json!("07"), &json!("investigation")));
        let said: Vec<_> = bundle.json("talk.json").as_array().unwrap().iter().map(|message| message["text"].clone()).collect();
        assert_eq!(said, ["Vet du vad han heter?", "Elin, tror jag"]);
        let log = bundle.json("log.json");
        let did = |detail: &str| log.as_array().unwrap().iter().any(|line| line["detail"] == detail && line["public_number"] == "07");
        for detail in ["file-withhold", "report-open-talk", "report-register", "report-bundle investigation"] {
            assert!(did(detail), "{detail} is not in the log of the bundle");
        }
        let paper = bundle.paper();
        for words in [
            "Han skriver att han vet var jag bor 🔪", "مرحبا", "i går kväll", "I spelet", "Luleå (2580)", "elak99", "Vad hotar de med?", "Att skada mig, Att förstöra eller ta något", "”en i klassen”",
            "5000-K77-26", "Vet du vad han heter?", "Elin, tror jag", &first.sha256, "undanhållen", "Har inte sagt sitt namn",
        ] {
            assert!(paper.contains(words), "the paper does not say {words}:\n{paper}");
        }

        // Somebody changes one sign of it.
        let mut changed = bundle.read("report.json");
        changed[10] ^= 1;
        fs::write(bundle.folder.join("report.json"), changed).unwrap();
        assert!(!bundle.is_as_it_was(), "a change is not found");
        let path = format!("/api/v1/audit/subjects/{report}/entries");
        let lines = lead.asks(Method::GET, &path, None).await.ok();
        let released = |line: &Value| line["act"] == "release" && line["detail"] == "report-bundle investigation";
        assert_eq!(lines["items"].as_array().unwrap().iter().filter(|line| released(line)).count(), 1);
        for (gone, subject) in [(1, talk), (1, first.file_id), (0, marked.file_id)] {
            let lines = lead.asks(Method::GET, &format!("/api/v1/audit/subjects/{subject}/entries"), None).await.ok();
            assert_eq!(lines["items"].as_array().unwrap().iter().filter(|line| released(line)).count(), gone, "{subject}");
        }
    }

    async fn only_what_a_youth_chose_of_a_talk_leaves(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let talk = noa.writes("Hej, är det någon där?").await;
        let chosen = noa.message(talk, "Han hotar mig");
        noa.does(chosen.clone()).await;
        noa.does(noa.message(talk, "Mamma vet inget")).await;
        let report = id();
        let more = json!({"conversation_id": talk, "message_ids": [chosen["body"]["message_id"]]});
        tells(&noa, report, &[], more).await;
        let bundle = takes(&world, &kim, report).await;
        assert!(!bundle.names.iter().any(|name| name == "talk.json"));
        let paper = bundle.paper();
        assert!(paper.contains("Han hotar mig"), "{paper}");
        for name in &bundle.names {
            let said = if name.ends_with(".pdf") { paper.clone() } else { String::from_utf8(bundle.read(name)).unwrap() };
            assert!(!said.contains("Mamma vet inget"), "{name} says what she did not choose");
        }
        assert!(bundle.json("manifest.json")["left_out"].to_string().contains(&talk.to_string()), "what is left out is not named");

        // She is asked in another talk, and that one leaves; the first still does not.
        kim.takes(talk).await;
        kim.reads(talk).await;
        let seen = kim.sees(talk).await;
        let closing = json!({"conversation_id": talk, "expected_revision": seen["revision"], "outcome": "advice-given"});
        kim.does(action(&world, &format!("conversation:{talk}"), "conversation-close", closing)).await;
        let asked = id();
        handles(&kim, "report-open-talk", report, json!({"conversation_id": asked})).await;
        kim.answers(asked, "När hotade han dig?").await;
        let bundle = takes(&world, &kim, report).await;
        let said = bundle.json("talk.json").to_string();
        assert!(said.contains("När hotade han dig?") && !said.contains("Mamma vet inget"), "{said}");
    }

    async fn a_bundle_is_for_officers_who_have_touched_their_passkey(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let report = id();
        tells(&noa, report, &[], json!({})).await;
        assert_eq!(asks_for_link(&noa, report).await.problem(), "role-refused");
        assert_eq!(asks_for_link(&kim, id()).await.problem(), "not-found");
        let url = asks_for_link(&kim, report).await.ok()["url"].as_str().unwrap().to_owned();
        for (why, changed) in [
            ("another report", url.replace(&report.to_string(), &id().to_string())),
            ("another reason", url.replace("reason=investigation", "reason=other")),
            ("another officer", url.replace(&format!("account={}", kim.account_id), &format!("account={}", noa.account_id))),
            ("another end", url.replace("expires=1", "expires=2")),
        ] {
            assert_ne!(changed, url, "{why}");
            assert_eq!(follows(&world, &changed, None).await.problem(), "link-expired", "{why}");
        }
        assert_eq!(follows(&world, &url, None).await.status, StatusCode::OK);
        world.clock.wind(301);
        assert_eq!(follows(&world, &url, None).await.problem(), "link-expired");
        let kim = kim.untouched();
        assert_eq!(asks_for_link(&kim, report).await.problem(), "touch-needed");
    }
}
