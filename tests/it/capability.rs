//! What a youth has written arrives when her phone is signed out, and nobody reads anything by it.

use std::collections::BTreeSet;

use natpatrull::base::rotation;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::{
    World, Youth,
    capable::{Phone, Signed, hands_in, new_key, public},
    on_both_databases,
    people::{Person, action, digits, named, secret},
    world::id,
};
use uuid::Uuid;

use crate::sessions::opens_elsewhere;

const DAY: i64 = 24 * 3600;

fn picture() -> Vec<u8> {
    let mut bytes = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00".to_vec();
    bytes.extend((0..70_000u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0]));
    bytes
}

async fn signs_out(noa: &Youth) {
    let out = noa.asks(Method::POST, "/api/v1/identity/sign-out", None).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    assert_eq!(noa.asks(Method::GET, "/api/v1/identity/me", None).await.problem(), "session-ended");
}

async fn changes_code(noa: &Youth) {
    noa.asks(Method::PUT, "/api/v1/identity/code", Some(&json!({"code": digits()}))).await.ok();
}

/// The fields of some objects.
fn fields(objects: &[Value]) -> BTreeSet<&str> {
    objects.iter().flat_map(|object| object.as_object().unwrap().keys()).map(String::as_str).collect()
}

fn outcomes(results: &[Value]) -> Vec<&str> {
    results.iter().map(|result| result["outcome"].as_str().unwrap()).collect()
}

fn kept(action: Value) -> Value {
    json!({"action": action})
}

/// Neither way is open any more.
async fn is_ended(world: &World, noa: &Youth, phone: &Phone, why: &str) {
    let delivery = phone.delivery(&[noa.report(id(), "de hotar mig", json!([]))]);
    assert_eq!(delivery.goes(world).await.problem(), "capability-ended", "{why}");
    let announced = phone.announcement(id(), &named(id(), "image/jpeg", &picture()));
    assert_eq!(announced.goes(world).await.problem(), "capability-ended", "{why}");
    let parcel = phone.parcel(&[kept(noa.report(id(), "de hotar mig", json!([])))]);
    assert_eq!(hands_in(world, &parcel).await.problem(), "parcel-refused", "{why}");
}

on_both_databases! {
    async fn a_report_and_its_picture_arrive_from_a_phone_that_is_signed_out(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let phone = noa.becomes_capable().await;
        signs_out(&noa).await;

        let (report, file, bytes) = (id(), id(), picture());
        let named = named(file, "image/jpeg", &bytes);
        let telling = noa.report(report, "de hotar mig", json!([named]));
        let results = phone.delivers(std::slice::from_ref(&telling)).await;
        assert_eq!(outcomes(&results), ["applied"]);
        assert_eq!(fields(&results), ["action_id", "outcome"].into());
        assert_eq!(results[0]["action_id"], telling["action_id"]);

        let announced = phone.announcement(report, &named).goes(&world).await.ok();
        assert_eq!(announced, json!({"file_id": file, "offset": 0, "complete": false}));
        let (first, rest) = bytes.split_at(40_000);
        assert_eq!(phone.piece(file, 0, first).goes(&world).await.ok()["offset"], 40_000);
        let last = phone.piece(file, 40_000, rest).goes(&world).await.ok();
        assert_eq!(last, json!({"file_id": file, "offset": bytes.len(), "complete": true}));

        let seen = kim.asks(Method::GET, &format!("/api/v1/reports/{report}"), None).await.ok();
        assert_eq!((&seen["what"], &seen["files"][0]["state"]), (&json!("de hotar mig"), &json!("complete")));

        // Again, as when the answer was lost: by this way and, once she has signed in, by the usual one.
        assert_eq!(outcomes(&phone.delivers(std::slice::from_ref(&telling)).await), ["duplicate"]);
        let back = Youth { token: noa.registers().await.ok()["access_token"].as_str().unwrap().to_owned(), ..noa.clone() };
        assert_eq!(back.pushes(&[telling]).await[0]["original"], "applied");
        assert_eq!(kim.asks(Method::GET, "/api/v1/reports", None).await.ok()["items"].as_array().unwrap().len(), 1);
    }

    async fn a_refusal_stays_one_and_other_kinds_are_refused(world) {
        let noa = world.youth().await;
        let phone = noa.becomes_capable().await;
        let talk = noa.writes("hej").await;
        let empty = noa.report(id(), "   ", json!([]));
        let good = noa.report(id(), "de hotar mig", json!([]));
        let more = noa.message(talk, "mera");
        let mut needs = noa.report(id(), "också detta", json!([]));
        needs["after"] = json!([more["action_id"]]);
        let asking = action(&world, &format!("report:{}", id()), "report-ask-erasure", json!({"report_id": id()}));
        let unknown = action(&world, "tips", "report-everything", json!({}));
        let all = [empty, good, more, needs, asking, unknown];
        let results = phone.delivers(&all).await;
        assert_eq!(outcomes(&results), ["refused", "applied", "refused", "refused", "refused", "refused"]);
        assert_eq!(fields(&results), ["action_id", "outcome"].into());
        assert_eq!(outcomes(&phone.delivers(&all).await), ["refused", "duplicate", "refused", "refused", "refused", "refused"]);
        assert_eq!(noa.reads_messages(talk).await.len(), 1, "the message was not sent");
        // What this way does not take, the usual one still does.
        noa.does(all[2].clone()).await;
    }

    async fn what_was_not_signed_just_so_is_refused_alike(world) {
        let (noa, liv) = (world.youth().await, world.youth().await);
        let (phone, other) = (noa.becomes_capable().await, liv.becomes_capable().await);
        let (report, file, bytes) = (id(), id(), picture());
        let named = named(file, "image/jpeg", &bytes);
        phone.delivers(&[noa.report(report, "de hotar mig", json!([named]))]).await;
        let telling = || phone.delivery(&[noa.report(id(), "en gång till", json!([]))]);
        let announcing = || phone.announcement(report, &named);
        let sending = || phone.piece(file, 0, &bytes);
        let (deliver, files) = ("/api/v1/sync/deliver".to_owned(), format!("/api/v1/files/{}", id()));
        let with_key = Phone { key: new_key(), ..phone.clone() };
        let with_secret = Phone { secret: secret(), ..phone.clone() };
        let not_its_own = telling().set("signature", &other.delivery(&[]).headers.last().unwrap().1);
        let mut body = telling();
        body.body.push(b' ');
        let mut rest = sending();
        rest.body.pop();
        let odd = [
            ("another body", body),
            ("a body cut short", rest),
            ("another path", Signed { path: deliver, ..announcing() }),
            ("another file", Signed { path: files, ..sending() }),
            ("another offset", sending().set("upload-offset", "1")),
            ("another method", Signed { method: Method::POST, path: "/api/v1/files".into(), ..sending() }),
            ("another key", with_key.delivery(&[noa.report(id(), "x", json!([]))])),
            ("an unknown secret", with_secret.delivery(&[noa.report(id(), "x", json!([]))])),
            ("another's secret", telling().set("natpatrull-capability", &other.secret)),
            ("another's signature", not_its_own),
            ("no secret at all", telling().set("natpatrull-capability", "x")),
            ("no signature", telling().set("signature", "sig=::")),
            ("no form", telling().set("signature-input", "sig=()")),
            ("fewer parts", telling().set("signature-input", r#"sig=("@method" "@path");alg="ecdsa-p256-sha256""#)),
            ("another name", telling().set("signature-input", r#"sig1=("@method" "@path" "content-digest" "natpatrull-capability");alg="ecdsa-p256-sha256""#)),
            ("another digest", telling().set("content-digest", "sha-256=:AAAA:")),
        ];
        let before = world.effects().await;
        let mut said = BTreeSet::new();
        for (what, request) in odd {
            let answer = request.goes(&world).await;
            assert_eq!(answer.problem(), "capability-ended", "{what}");
            let mut problem = answer.json;
            problem["instance"].take();
            said.insert(problem.to_string());
        }
        assert_eq!(said.len(), 1, "nothing tells them apart: {said:?}");
        assert_eq!(world.effects().await, before, "nothing of it is kept");
        assert_eq!(sending().goes(&world).await.ok()["complete"], true, "just so, it is taken");
        assert_eq!(telling().goes(&world).await.ok()["results"][0]["outcome"], "applied");
    }

    async fn a_capability_opens_its_own_account_and_nothing_to_read(world) {
        let (noa, liv) = (world.youth().await, world.youth().await);
        let (phone, other) = (noa.becomes_capable().await, liv.becomes_capable().await);
        let (report, file, bytes) = (id(), id(), picture());
        let named = named(file, "image/jpeg", &bytes);
        phone.delivers(&[noa.report(report, "de hotar mig", json!([named]))]).await;
        assert_eq!(other.announcement(report, &named).goes(&world).await.problem(), "not-found");
        assert_eq!(other.piece(file, 0, &bytes).goes(&world).await.problem(), "not-found");

        let in_anothers_name = Phone { account_id: liv.account_id, device_id: liv.device_id, ..phone.clone() };
        let telling = noa.report(id(), "x", json!([]));
        assert_eq!(in_anothers_name.delivery(std::slice::from_ref(&telling)).goes(&world).await.problem(), "envelope-mismatch");
        let parcel = in_anothers_name.parcel(&[kept(telling)]);
        assert_eq!(hands_in(&world, &parcel).await.problem(), "parcel-refused");

        for (method, path) in [
            (Method::GET, format!("/api/v1/reports/{report}")),
            (Method::GET, "/api/v1/reports".into()),
            (Method::GET, "/api/v1/identity/me".into()),
            (Method::POST, format!("/api/v1/files/{file}/link")),
            (Method::POST, "/api/v1/sync/pull".into()),
            (Method::POST, "/api/v1/sync/push".into()),
            (Method::POST, "/api/v1/reports".into()),
        ] {
            let asked = phone.signs(method, &path, "application/json", None, b"{}".to_vec());
            assert_eq!(asked.goes(&world).await.problem(), "token-missing", "{path}");
        }
        let kim = world.officer("07").await;
        let body = json!({"capability_id": id(), "secret": secret(), "public_key": public(&new_key())});
        assert_eq!(kim.asks(Method::PUT, "/api/v1/identity/capability", Some(&body)).await.problem(), "role-refused");
    }

    async fn it_is_kept_once_a_device_and_again_it_lasts_longer(world) {
        let noa = world.youth().await;
        let first = noa.becomes_capable().await;
        let kept_first = first.is_kept(&noa).await.ok();
        world.clock.wind(60);
        let again = first.is_kept(&noa).await.ok();
        assert_eq!((&again["capability_id"], &again["parcel_key"]), (&kept_first["capability_id"], &kept_first["parcel_key"]));
        assert!(again["ends_at"].as_str() > kept_first["ends_at"].as_str());
        assert_eq!(again["ends_at"], world.seconds_later(180 * DAY));

        // A new session of the same device keeps it, another capability takes its place.
        signs_out(&noa).await;
        let back = Youth { token: noa.registers().await.ok()["access_token"].as_str().unwrap().to_owned(), ..noa.clone() };
        assert_eq!(outcomes(&first.delivers(&[noa.report(id(), "x", json!([]))]).await), ["applied"]);
        let second = back.becomes_capable().await;
        is_ended(&world, &noa, &first, "another one is in its place").await;
        assert_eq!(outcomes(&second.delivers(&[noa.report(id(), "x", json!([]))]).await), ["applied"]);
        assert_eq!(world.effects().await["report_capability"], 1);

        // What another device has is not taken over.
        let liv = world.youth().await;
        let taking = Phone { secret: secret(), ..second.clone() };
        assert_eq!(taking.is_kept(&liv).await.problem(), "conflict");
        let taking = Phone { capability_id: id(), ..second.clone() };
        assert_eq!(taking.is_kept(&liv).await.problem(), "conflict");
        assert_eq!(outcomes(&second.delivers(&[noa.report(id(), "x", json!([]))]).await), ["applied"]);

        let no_point = json!({"capability_id": id(), "secret": secret(), "public_key": "A".repeat(87)});
        let refused = back.asks(Method::PUT, "/api/v1/identity/capability", Some(&no_point)).await;
        assert_eq!((refused.problem(), &refused.json["fields"][0]["field"]), ("malformed", &json!("public_key")));
    }

    async fn it_ends_with_its_time_its_device_and_a_new_code(world) {
        let noa = world.youth().await;
        let phone = noa.becomes_capable().await;
        world.clock.wind(180 * DAY - 1);
        assert_eq!(outcomes(&phone.delivers(&[noa.report(id(), "x", json!([]))]).await), ["applied"]);
        world.clock.wind(1);
        is_ended(&world, &noa, &phone, "180 days").await;
        natpatrull::chores::run_due(&world.deps).await.unwrap();
        assert_eq!(world.effects().await["report_capability"], 0);

        let liv = world.youth().await;
        let second = opens_elsewhere(&liv).await;
        let (of_first, of_second) = (liv.becomes_capable().await, second.becomes_capable().await);
        let device = format!("/api/v1/identity/devices/{}", second.device_id);
        assert_eq!(liv.asks(Method::DELETE, &device, None).await.status, StatusCode::NO_CONTENT);
        is_ended(&world, &liv, &of_second, "its device was removed").await;
        assert_eq!(outcomes(&of_first.delivers(&[liv.report(id(), "x", json!([]))]).await), ["applied"]);
        changes_code(&liv).await;
        is_ended(&world, &liv, &of_first, "a new code").await;
        assert_eq!(outcomes(&liv.becomes_capable().await.delivers(&[liv.report(id(), "x", json!([]))]).await), ["applied"]);
    }

    async fn a_parcel_arrives_once_however_often_it_is_handed_in(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let phone = noa.becomes_capable().await;
        let talk = id();
        signs_out(&noa).await;
        let parcel = phone.parcel(&[
            kept(noa.message(talk, "hej")),
            kept(noa.message(talk, "hör ni mig?")),
            kept(noa.report(id(), "de hotar mig", json!([]))),
            kept(noa.report(id(), "  ", json!([]))),
        ]);
        for time in ["first", "second", "third"] {
            let answer = hands_in(&world, &parcel).await;
            assert_eq!((answer.status, answer.bytes.len()), (StatusCode::NO_CONTENT, 0), "{time}: {}", answer.json);
        }
        let twins = (0..8).map(|_| hands_in(&world, &parcel));
        assert!(futures_util::future::join_all(twins).await.iter().all(|answer| answer.status == StatusCode::NO_CONTENT));
        let texts: Vec<_> = kim.reads_messages(talk).await.iter().map(|message| message["text"].clone()).collect();
        assert_eq!(texts, ["hej", "hör ni mig?"]);
        assert_eq!(kim.asks(Method::GET, "/api/v1/reports", None).await.ok()["items"].as_array().unwrap().len(), 1);
    }

    async fn a_message_to_a_talk_that_was_closed_opens_a_new_one(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let phone = noa.becomes_capable().await;
        let (closed, open) = (noa.writes("hej").await, noa.writes("något annat").await);
        kim.takes(closed).await;
        kim.reads(closed).await;
        let revision = kim.sees(closed).await["revision"].clone();
        let closing = json!({"conversation_id": closed, "expected_revision": revision});
        kim.does(action(&world, &format!("conversation:{closed}"), "conversation-close", closing)).await;

        let fresh = id();
        let or = |talk: Uuid, text: &str| json!({"action": noa.message(talk, text), "instead": noa.message(fresh, text)});
        let parcel = phone.parcel(&[or(closed, "ett"), or(closed, "två"), or(open, "tre")]);
        for _ in 0..2 {
            assert_eq!(hands_in(&world, &parcel).await.status, StatusCode::NO_CONTENT);
        }
        let mut read = Vec::new();
        for talk in [closed, fresh, open] {
            let messages = kim.reads_messages(talk).await;
            read.push(messages.iter().map(|message| message["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>());
        }
        assert_eq!(read, [vec!["hej"], vec!["ett", "två"], vec!["något annat", "tre"]]);
    }

    async fn a_parcel_that_cannot_be_opened_is_refused_for_good_and_alike(world) {
        let noa = world.youth().await;
        let phone = noa.becomes_capable().await;
        let telling = noa.report(id(), "de hotar mig", json!([]));
        let content = phone.content(&[kept(telling.clone())]);
        let good = phone.seals(&content);
        let bent = |field: &str| {
            let mut parcel = good.clone();
            let mut text = parcel[field].as_str().unwrap().as_bytes().to_vec();
            let at = text.len() / 2;
            text[at] = if text[at] == b'A' { b'B' } else { b'A' };
            parcel[field] = json!(String::from_utf8(text).unwrap());
            parcel
        };
        let mut elsewhere = good.clone();
        elsewhere["key_id"] = json!(Uuid::new_v4());
        let stranger = Phone { capability_id: id(), ..phone.clone() };
        let forger = Phone { key: new_key(), ..phone.clone() };
        let own = |content: &Value| phone.seals(&content.to_string());
        let account = json!({"account_id": phone.account_id, "device_id": phone.device_id});
        let with = |actions: Value| {
            let mut content = account.clone();
            content["actions"] = actions;
            content
        };
        let mut more = with(json!([kept(telling.clone())]));
        more["more"] = json!(true);
        let odd = [
            ("another key", elsewhere),
            ("a bent seal", bent("ciphertext")),
            ("a bent key", bent("enc")),
            ("an unknown capability", stranger.seals(&content)),
            ("another's signature", forger.seals(&content)),
            ("no JSON", phone.seals_plain(b"hej")),
            ("no JSON within", phone.seals("hej")),
            ("nothing", own(&with(json!([])))),
            ("too much", own(&with(json!(vec![kept(telling.clone()); 101])))),
            ("an unknown field", own(&more)),
            ("another device", Phone { device_id: Uuid::new_v4(), ..phone.clone() }.parcel(&[kept(telling.clone())])),
        ];
        let before = world.effects().await;
        let mut said = BTreeSet::new();
        for (what, parcel) in odd {
            let answer = hands_in(&world, &parcel).await;
            assert_eq!(answer.problem(), "parcel-refused", "{what}");
            let mut problem = answer.json;
            problem["instance"].take();
            said.insert(problem.to_string());
        }
        assert_eq!(said.len(), 1, "nothing tells them apart: {said:?}");
        assert_eq!(world.effects().await, before, "nothing of it is kept");
        assert_eq!(hands_in(&world, &good).await.status, StatusCode::NO_CONTENT);
    }

    async fn other_kinds_in_a_parcel_are_refused_and_what_is_newer_waits(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let phone = noa.becomes_capable().await;
        let talk = noa.writes("hej").await;
        let lane = format!("conversation:{talk}");
        let asking = action(&world, &lane, "conversation-ask-erasure", json!({"conversation_id": talk}));
        let unknown = action(&world, &lane, "message-sing", json!({}));
        let parcel = phone.parcel(&[kept(asking), kept(unknown), kept(noa.message(talk, "är ni där?"))]);
        assert_eq!(hands_in(&world, &parcel).await.status, StatusCode::NO_CONTENT);
        assert_eq!(kim.reads_messages(talk).await.len(), 2);
        assert_eq!(kim.sees(talk).await["erasure_asked_at"], Value::Null);

        let mut newer = noa.message(talk, "av en nyare app");
        newer["v"] = json!(5);
        assert_eq!(hands_in(&world, &phone.parcel(&[kept(newer)])).await.problem(), "unavailable");
    }

    async fn what_is_too_much_for_now_is_to_be_handed_in_again(world, |config| config.actions_a_minute = 3) {
        let noa = world.youth().await;
        let phone = noa.becomes_capable().await;
        let telling: Vec<_> = (0..4).map(|_| noa.report(id(), "de hotar mig", json!([]))).collect();
        let results = phone.delivers(&telling).await;
        assert_eq!(outcomes(&results), ["applied", "applied", "applied", "retry"]);
        assert!(results[3]["retry_after_ms"].as_u64().is_some());
        let parcel = phone.parcel(&telling.into_iter().map(kept).collect::<Vec<_>>());
        let later = hands_in(&world, &parcel).await;
        assert_eq!(later.problem(), "rate-limited");
        assert!(later.headers.contains_key("retry-after"));
        world.clock.wind(60);
        assert_eq!(hands_in(&world, &parcel).await.status, StatusCode::NO_CONTENT);
        assert_eq!(world.effects().await["report"], 4);
    }

    async fn the_parcel_key_outlives_a_new_master_key_and_a_start(world) {
        let noa = world.youth().await;
        let phone = noa.becomes_capable().await;
        rotation::rotate(&world.deps).await.unwrap();
        let again = world.on_the_same_files().await;
        assert_eq!((again.keys.parcel_key_id(), &again.keys.parcel_public), (phone.parcel_key.0, &phone.parcel_key.1));
        assert_eq!(again.keys.parcel, world.deps.keys.parcel);
        let parcel = phone.parcel(&[kept(noa.report(id(), "de hotar mig", json!([])))]);
        assert_eq!(hands_in(&world, &parcel).await.status, StatusCode::NO_CONTENT);
    }
}
