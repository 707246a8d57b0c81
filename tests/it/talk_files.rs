//! Pictures and films in talks, over public HTTP.

use entities::words::Role;
use natpatrull::chores;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::{
    Answer, Officer, Youth, on_both_databases,
    people::{Person, action, named},
    world::id,
};
use uuid::Uuid;

use crate::erasure::erases;

const CHUNK: usize = 256 * 1024;

/// A JPEG that shows nothing much, as a phone's camera makes it or drawn anew.
fn picture(size: usize, more: &[u8]) -> Vec<u8> {
    let mut bytes = [b"\xff\xd8", &b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"[..], more].concat();
    bytes.extend(b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00");
    bytes.extend((0u32..).flat_map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()).map(|byte| byte & 0x7f).take(size));
    bytes.extend(b"\xff\xd9");
    bytes
}

const EXIF: &[u8] = b"\xff\xe1\x00\x20Exif\x00\x00GPSLatitude 59.3293 N xx";

/// A message with a file that will follow.
struct Sent {
    talk: Uuid,
    message_id: Uuid,
    file_id: Uuid,
    media_type: &'static str,
    bytes: Vec<u8>,
}

impl Sent {
    fn new(talk: Uuid, media_type: &'static str, bytes: Vec<u8>) -> Self {
        Self { talk, message_id: id(), file_id: id(), media_type, bytes }
    }

    fn named(&self) -> Value {
        named(self.file_id, self.media_type, &self.bytes)
    }

    fn told(&self, who: &impl Person, text: &str) -> Value {
        let body = json!({
            "message_id": self.message_id, "conversation_id": self.talk, "text": text, "files": [self.named()],
        });
        let mut message = action(who.world(), &format!("conversation:{}", self.talk), "message-send", body);
        message["v"] = json!(4);
        message
    }

    async fn announced_by(&self, who: &impl Person) -> Answer {
        let mut body = self.named();
        body["conversation_id"] = json!(self.talk);
        who.asks(Method::POST, "/api/v1/files", Some(&body)).await
    }

    async fn piece_by(&self, who: &impl Person, from: usize, to: usize) -> Answer {
        who.sends_bytes(self.file_id, from, &self.bytes[from..to]).await
    }

    async fn sent_by(&self, who: &impl Person) -> Answer {
        let mut from = 0;
        loop {
            let to = (from + CHUNK).min(self.bytes.len());
            let last = self.piece_by(who, from, to).await;
            if to == self.bytes.len() {
                return last;
            }
            from = to;
        }
    }

    /// The message as somebody sees it.
    async fn seen_by(&self, who: &impl Person) -> Value {
        let path = format!("/api/v1/chat/conversations/{}/messages", self.talk);
        let items = who.asks(Method::GET, &path, None).await.ok()["items"].clone();
        let found = items.as_array().unwrap().iter().find(|message| message["message_id"] == json!(self.message_id));
        found.cloned().unwrap_or(Value::Null)
    }

    async fn link(&self, who: &impl Person) -> Answer {
        who.asks(
            Method::POST,
            &format!("/api/v1/files/{}/link", self.file_id),
            Some(&json!({"reason": "investigation"})),
        )
        .await
    }

    async fn opened_by(&self, who: &impl Person) -> Vec<u8> {
        let url = self.link(who).await.ok()["url"].as_str().unwrap().to_owned();
        let answer = tests::world::answer(who.world().http.get(format!("{}{url}", who.world().url))).await;
        assert_eq!(answer.status, StatusCode::OK);
        answer.bytes.to_vec()
    }
}

async fn takes(officer: &Officer, talk: Uuid) {
    let seen = officer.asks(Method::GET, &format!("/api/v1/chat/conversations/{talk}"), None).await.ok();
    let body = json!({"conversation_id": talk, "expected_revision": seen["revision"]});
    officer.does(action(&officer.world, &format!("conversation:{talk}"), "conversation-take", body)).await;
}

async fn refusal(who: &impl Person, told: Value) -> Value {
    who.pushes(&[told]).await[0]["problem"]["kind"].clone()
}

fn stored(who: &Youth, file_id: Uuid) -> usize {
    let folder = who.world.deps.config.data_dir.join("blobs/files").join(file_id.to_string());
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

on_both_databases! {
    async fn a_youths_picture_comes_as_it_was(world) {
        let (noa, ida, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        let sent = Sent::new(id(), "image/jpeg", picture(400_000, EXIF));
        assert_eq!(sent.announced_by(&noa).await.problem(), "not-found", "its message comes first");
        noa.does(sent.told(&noa, "")).await;

        // The message stands at once, and says that its file is on the way.
        let message = sent.seen_by(&kim).await;
        assert_eq!((&message["text"], &message["files"][0]["state"]), (&json!(""), &json!("arriving")));
        assert_eq!(sent.announced_by(&noa).await.ok()["offset"], 0);
        assert_eq!(sent.piece_by(&noa, 0, CHUNK).await.ok()["offset"], CHUNK);
        assert_eq!(sent.link(&kim).await.problem(), "not-found", "half a file is none");
        // The phone was off; it asks where to go on.
        assert_eq!(sent.announced_by(&noa).await.ok()["offset"], CHUNK);
        assert_eq!(sent.sent_by(&noa).await.ok()["complete"], true);

        let stream = kim.pulls(&format!("conversation:{}", sent.talk)).await;
        let last = stream["events"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["kind"], &last["entity_id"]), (&json!("message-changed"), &json!(sent.message_id)));
        assert_eq!(last["message"]["files"][0]["complete"], true);
        let desk = kim.pulls("desk").await["events"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&desk["kind"], &desk["entity_id"]), (&json!("conversation-changed"), &json!(sent.talk)));
        assert!(sent.opened_by(&kim).await == sent.bytes, "evidence is kept as it was");
        assert!(sent.opened_by(&noa).await == sent.bytes);
        assert!(stored(&noa, sent.file_id) > 0);

        // Strangers and other roles find nothing.
        assert_eq!(sent.link(&ida).await.problem(), "not-found");
        assert_eq!(sent.announced_by(&ida).await.problem(), "not-found");
        assert_eq!(sent.piece_by(&ida, 0, 10).await.problem(), "not-found");
        assert_eq!(sent.piece_by(&kim, 0, 10).await.problem(), "not-found", "only its writer sends it");
        let role = world.staff("90", Role::Evaluator).await;
        assert_eq!(sent.link(&role).await.problem(), "role-refused");
        let again = Sent { talk: id(), message_id: id(), bytes: sent.bytes.clone(), ..sent };
        assert_eq!(refusal(&ida, again.told(&ida, "min")).await, "conflict", "the id is taken");
    }

    async fn an_officers_picture_says_no_more_than_it_shows(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let talk = noa.writes("Hej").await;
        let clean = Sent::new(talk, "image/jpeg", picture(300_000, b""));
        assert_eq!(refusal(&kim, clean.told(&kim, "Hit")).await, "conversation-not-held");
        takes(&kim, talk).await;
        kim.does(clean.told(&kim, "Hit")).await;
        assert_eq!(clean.announced_by(&kim).await.ok()["offset"], 0);
        assert_eq!(clean.announced_by(&noa).await.problem(), "not-found");
        assert_eq!(clean.sent_by(&kim).await.ok()["complete"], true);
        assert!(clean.opened_by(&noa).await == clean.bytes);

        // Where it was taken never reaches her.
        for bytes in [picture(1000, EXIF), [picture(100, b""), picture(100, EXIF)].concat()] {
            let tells = Sent::new(talk, "image/jpeg", bytes);
            kim.does(tells.told(&kim, "")).await;
            assert_eq!(tells.sent_by(&kim).await.problem(), "file-metadata");
            assert_eq!(tells.announced_by(&kim).await.problem(), "file-metadata");
            assert_eq!(tells.seen_by(&noa).await["files"][0]["state"], "refused");
            assert_eq!(tells.link(&noa).await.problem(), "not-found");
            chores::run_due(&world.deps).await.unwrap();
            assert_eq!(stored(&noa, tells.file_id), 0);
        }
        for (media_type, size, kind) in [
            ("video/mp4", 100, "file-type-refused"), ("image/heic", 100, "file-type-refused"), ("image/gif", 100, "file-type-refused"),
            ("image/png", 10 * 1024 * 1024 + 1, "too-large"),
        ] {
            let mut told = Sent::new(talk, media_type, Vec::new()).told(&kim, "");
            told["body"]["files"][0]["size"] = json!(size);
            assert_eq!(refusal(&kim, told).await, kind, "{media_type}");
        }
    }

    async fn what_a_message_with_files_must_hold(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let file = || named(id(), "image/jpeg", &picture(100, b""));
        let twice = file();
        for (files, kind) in [
            (json!([]), "text-empty"),
            (json!([twice, twice]), "malformed"),
            (json!([file(), file(), file(), file(), file()]), "malformed"),
            (json!([named(id(), "image/svg+xml", b"<svg/>")]), "file-type-refused"),
        ] {
            let mut told = Sent::new(id(), "image/jpeg", Vec::new()).told(&noa, " ");
            told["body"]["files"] = files;
            assert_eq!(refusal(&noa, told).await, kind);
        }
        let mut told = Sent::new(id(), "image/jpeg", Vec::new()).told(&noa, " ");
        told["body"]["files"] = json!([file(), file(), file(), file()]);
        noa.does(told).await;
        let sent = Sent::new(id(), "video/mp4", vec![7; 100]);
        noa.does(sent.told(&noa, "se filmen")).await;
        for (key, value) in [("conversation_id", json!(id())), ("report_id", json!(sent.talk))] {
            let mut body = sent.named();
            body[key] = value;
            assert_eq!(noa.asks(Method::POST, "/api/v1/files", Some(&body)).await.problem(), "not-found");
        }
        let both = json!({"report_id": id(), "conversation_id": sent.talk});
        for more in [json!({}), both] {
            let mut body = sent.named();
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            assert_eq!(noa.asks(Method::POST, "/api/v1/files", Some(&body)).await.problem(), "malformed");
        }
        assert_eq!(sent.sent_by(&noa).await.problem(), "file-type-refused", "the bytes are no film");
        assert_eq!(sent.seen_by(&kim).await["text"], "se filmen", "the words count without it");

        // Nothing comes into a talk that is closed; what was named before goes on.
        let (late, on_the_way) =
            (Sent::new(sent.talk, "image/jpeg", picture(50, b"")), Sent::new(sent.talk, "image/jpeg", picture(70, EXIF)));
        noa.does(on_the_way.told(&noa, "")).await;
        takes(&kim, sent.talk).await;
        let seen = kim.asks(Method::GET, &format!("/api/v1/chat/conversations/{}", sent.talk), None).await.ok();
        kim.does(action(&world, &format!("conversation:{}", sent.talk), "conversation-read", json!({"conversation_id": sent.talk, "pos": seen["head"]}))).await;
        let body = json!({"conversation_id": sent.talk, "expected_revision": seen["revision"], "outcome": "advice-given"});
        let mut closing = action(&world, &format!("conversation:{}", sent.talk), "conversation-close", body);
        closing["v"] = json!(2);
        kim.does(closing).await;
        assert_eq!(refusal(&noa, late.told(&noa, "")).await, "conversation-closed");
        assert_eq!(refusal(&kim, late.told(&kim, "")).await, "conversation-closed");
        assert_eq!(late.announced_by(&noa).await.problem(), "not-found");
        assert_eq!(on_the_way.sent_by(&noa).await.ok()["complete"], true);
    }

    async fn a_talks_files_go_with_it(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let (sent, half) = (Sent::new(id(), "image/jpeg", picture(300_000, EXIF)), Sent::new(id(), "image/jpeg", picture(300_000, EXIF)));
        let half = Sent { talk: sent.talk, ..half };
        noa.does(sent.told(&noa, "hon vet var jag bor")).await;
        noa.does(half.told(&noa, "")).await;
        sent.sent_by(&noa).await.ok();
        half.piece_by(&noa, 0, CHUNK).await.ok();
        assert!(stored(&noa, sent.file_id) > 0 && stored(&noa, half.file_id) > 0);
        let lead = world.staff("01", Role::Lead).await;
        assert_eq!(erases(&lead, "conversation", sent.talk).await.ok()["files"], 2);
        assert_eq!((stored(&noa, sent.file_id), stored(&noa, half.file_id)), (0, 0));
        assert_eq!(half.announced_by(&noa).await.problem(), "erased");
        assert_eq!(half.piece_by(&noa, CHUNK, 300_000).await.problem(), "not-found");
        assert_eq!(sent.link(&noa).await.problem(), "not-found");
        assert_eq!(sent.link(&kim).await.problem(), "not-found");
    }
}
