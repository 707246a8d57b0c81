//! Who may not write for a while: what it keeps out and what it never does, who may decide it, and how it ends.

use entities::{mute, words::Role};
use natpatrull::copies;
use reqwest::Method;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use tests::{Officer, World, Youth, on_both_databases, people::Person, push_service::PushService, world::id};
use uuid::Uuid;

use crate::{
    copies::{asks, fetches, unpacked},
    erasure::{Traces, disk, erases, scrubs, talk},
    triage::{ends, on_talk},
};

/// A mute for some hours, or with 24 and more a block.
fn quiets(world: &World, talk: Uuid, kind: &str, hours: u32, note: Option<&str>) -> (Uuid, Value) {
    let mute = id();
    let mut more = json!({"mute_id": mute, "kind": kind, "hours": hours, "reason": "threats"});
    if let Some(note) = note {
        more["note"] = json!(note);
    }
    (mute, on_talk(world, "account-mute", talk, more))
}

fn lets_write(world: &World, talk: Uuid, mute: Uuid) -> Value {
    on_talk(world, "mute-end", talk, json!({"mute_id": mute}))
}

/// A message with her answer to the first question of danger.
fn in_danger(noa: &Youth, talk: Uuid, text: &str) -> Value {
    noa.message_with(talk, text, &json!({"danger": "yes"}))
}

async fn known(officer: &Officer, talk: Uuid) -> Vec<Value> {
    let path = format!("/api/v1/mutes/conversations/{talk}");
    officer.asks(Method::GET, &path, None).await.ok()["items"].as_array().unwrap().clone()
}

/// What the log says of a talk, with who did it.
async fn log(lead: &Officer, talk: Uuid) -> Vec<String> {
    let log = lead.asks(Method::GET, &format!("/api/v1/audit/subjects/{talk}/entries"), None).await.ok();
    let word = |line: &Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
    let lines = log["items"].as_array().unwrap().iter();
    lines.map(|line| format!("{} {}", word(line, "public_number"), word(line, "detail"))).collect()
}

async fn lead(world: &World) -> Officer {
    world.staff("03", Role::Lead).await
}

const HOUR: i64 = 3600;

on_both_databases! {
    async fn a_muted_account_writes_nothing_until_its_time(world) {
        let (mut noa, mut kim) = (world.youth().await, world.officer("07").await);
        let (of, other) = (talk(&noa, &kim).await, noa.writes("och en sak till").await);
        let (mute, quiet) = quiets(&world, of, "muted", 1, None);
        kim.does(quiet).await;
        let until = world.seconds_later(HOUR);
        let told = json!({"mute_id": mute, "kind": "muted", "reason": "threats", "until": until});
        for of in [of, other] {
            assert_eq!((&noa.sees(of).await["muted"], &kim.sees(of).await["muted"]), (&told, &told), "each of her talks knows");
        }
        // In this talk, in another one, and in a new one.
        let words = noa.message(of, "jag vet var du bor");
        for message in [words.clone(), noa.message(other, "svara då"), noa.message(id(), "hallå")] {
            let refused = noa.pushes(&[message]).await.remove(0);
            assert_eq!((&refused["outcome"], &refused["problem"]["kind"], &refused["problem"]["until"]), (&json!("refused"), &json!("muted"), &json!(until)));
        }
        assert_eq!(noa.reads_messages(of).await.len(), 1);
        // Another youth writes, the officer answers, and a report comes in.
        let sam = world.youth().await;
        sam.writes("hej").await;
        kim.answers(of, "Du kan skriva igen om en timme.").await;
        noa.does(noa.report(id(), "de väntar utanför skolan", json!([]))).await;

        world.clock.wind(HOUR - 1);
        (noa, kim) = (noa.with_a_new_token().await, kim.with_a_new_token());
        assert_eq!(ends(&noa, noa.message(of, "nu då?")).await, "muted");
        world.clock.wind(1);
        for of in [of, other] {
            assert_eq!((noa.sees(of).await.get("muted"), kim.sees(of).await.get("muted")), (None, None), "it ends by itself");
        }
        assert_eq!(ends(&noa, words).await, "muted", "what was refused stays refused");
        noa.does(noa.message(of, "förlåt")).await;
        noa.does(noa.message(id(), "en ny sak")).await;
    }

    async fn danger_is_never_silenced(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let of = talk(&noa, &kim).await;
        kim.does(quiets(&world, of, "blocked", 168, None).1).await;
        assert_eq!(ends(&noa, noa.message(of, "hej")).await, "blocked");
        // By her answer, in the talk, and what follows; by words of harming oneself; and in a new talk.
        noa.does(in_danger(&noa, of, "de slår honom")).await;
        noa.does(noa.message(of, "bakom ICA")).await;
        assert_eq!(kim.sees(of).await["unread_danger"], true);
        let seen = kim.sees(of).await["revision"].clone();
        kim.does(on_talk(&world, "conversation-lower", of, json!({"expected_revision": seen, "priority": "p3", "why": "Patrull på plats, inget hade hänt."}))).await;
        assert_eq!(ends(&noa, noa.message(of, "hej igen")).await, "blocked", "a person has said that it is none");
        noa.does(noa.message(of, "jag vill inte leva längre")).await;
        assert_eq!(kim.sees(of).await["self_harm"], true);
        let fresh = id();
        noa.does(in_danger(&noa, fresh, "han har kniv")).await;
        let seen = kim.sees(fresh).await;
        assert_eq!((&seen["priority"], &seen["muted"]["kind"]), (&json!("p1"), &json!("blocked")), "it waits first, and says what else holds");
    }

    async fn an_alarm_of_a_muted_account_rings(world) {
        let service = PushService::start().await;
        let (noa, kim, lead) = (world.youth().await, world.officer("07").await, lead(&world).await);
        lead.sets_hours("00:00", "24:00").await;
        kim.goes_out(&service).await;
        let of = talk(&noa, &kim).await;
        kim.does(quiets(&world, of, "muted", 24, None).1).await;
        natpatrull::push::run_due(&world.deps).await.unwrap();
        service.arrived.lock().unwrap().clear();
        noa.does(in_danger(&noa, id(), "de är här")).await;
        natpatrull::chat::ring_due(&world.deps).await.unwrap();
        natpatrull::push::run_due(&world.deps).await.unwrap();
        assert!(service.count() > 0, "nobody was rung");
    }

    async fn who_may_mute_and_for_how_long(world) {
        let (noa, sam, kim, alex) = (world.youth().await, world.youth().await, world.officer("07").await, world.officer("12").await);
        let lead = lead(&world).await;
        let of = talk(&noa, &kim).await;
        let quiet = || quiets(&world, of, "muted", 1, None).1;
        assert_eq!((ends(&noa, quiet()).await, ends(&sam, quiet()).await), (json!("role-refused"), json!("not-found")));
        assert_eq!(ends(&alex, quiet()).await, "conversation-not-held");
        for (kind, hours) in [("muted", 2), ("muted", 168), ("blocked", 1), ("blocked", 8760)] {
            assert_eq!(ends(&kim, quiets(&world, of, kind, hours, None).1).await, "conflict", "{kind} {hours}");
        }
        assert_eq!(ends(&kim, quiets(&world, of, "banned", 1, None).1).await, "malformed");
        assert_eq!(ends(&kim, quiets(&world, of, "muted", 1, Some(" ")).1).await, "text-empty");
        assert_eq!(ends(&kim, quiets(&world, id(), "muted", 1, None).1).await, "not-found");
        for (kind, hours) in [("muted", 1), ("muted", 6), ("muted", 24), ("blocked", 24), ("blocked", 168), ("blocked", 720)] {
            let (mute, quiet) = quiets(&world, of, kind, hours, None);
            kim.does(quiet).await;
            assert_eq!(noa.sees(of).await["muted"]["mute_id"], json!(mute), "a longer one takes its place");
        }
        assert_eq!(ends(&kim, quiets(&world, of, "muted", 1, None).1).await, "conflict", "a shorter one does not");
        // A lead decides in anybody's talk, a closed one too.
        let closed = talk(&sam, &kim).await;
        kim.does(on_talk(&world, "conversation-close", closed, json!({"expected_revision": 1}))).await;
        assert_eq!(ends(&kim, quiets(&world, closed, "muted", 1, None).1).await, "conversation-closed");
        lead.does(quiets(&world, closed, "blocked", 24, None).1).await;
        assert_eq!(ends(&sam, sam.message(id(), "hej")).await, "blocked");
        let all = lead.asks(Method::GET, "/api/v1/mutes", None).await.ok();
        assert_eq!(all["items"].as_array().unwrap().len(), 2, "one that runs for each of the two");
        assert_eq!(kim.asks(Method::GET, "/api/v1/mutes", None).await.problem(), "role-refused");
        assert_eq!(noa.asks(Method::GET, &format!("/api/v1/mutes/conversations/{of}"), None).await.problem(), "role-refused");
    }

    async fn any_officer_ends_it_before_its_time(world) {
        let (noa, sam, kim, alex) = (world.youth().await, world.youth().await, world.officer("07").await, world.officer("12").await);
        let lead = lead(&world).await;
        let (of, other, of_sam) = (talk(&noa, &kim).await, noa.writes("en sak till").await, talk(&sam, &kim).await);
        let note = "Skrev det till 08 också.";
        let (mute, quiet) = quiets(&world, of, "blocked", 720, Some(note));
        kim.does(quiet).await;
        let hers = format!("{}{}", noa.sees(of).await, noa.pulls(&format!("inbox:{}", noa.account_id)).await);
        assert!(!hers.contains("till 08") && !hers.contains("by_number"), "{hers}");
        let told = &known(&alex, other).await[0];
        assert_eq!((&told["note"], &told["by"], &told["conversation_id"]), (&json!(note), &json!("07"), &json!(of)));

        assert_eq!(ends(&noa, lets_write(&world, of, mute)).await, "role-refused");
        assert_eq!(ends(&sam, lets_write(&world, of, mute)).await, "not-found");
        assert_eq!(ends(&alex, lets_write(&world, of_sam, mute)).await, "not-found", "it is no talk of hers");
        assert_eq!(ends(&alex, lets_write(&world, of, id())).await, "not-found");
        alex.does(lets_write(&world, other, mute)).await;
        for of in [of, other] {
            assert_eq!(noa.sees(of).await.get("muted"), None);
            noa.does(noa.message(of, "tack")).await;
        }
        alex.does(lets_write(&world, other, mute)).await;
        let told = &known(&kim, of).await[0];
        assert_eq!((&told["ended_by"], &told["ended_at"]), (&json!("12"), &json!(world.now())));
        assert!(log(&lead, of).await.contains(&"07 account-mute blocked 720 threats".to_owned()));
        assert!(log(&lead, other).await.contains(&"12 mute-end".to_owned()));
    }

    async fn a_muted_youth_does_not_come_in_by_an_invite(world) {
        let (noa, kim, lead) = (world.youth().await, world.officer("07").await, lead(&world).await);
        kim.does(kim.starts(id())).await;
        let invite = kim.invites_from(lead.makes_quarter("Spelkvällen").await).await;
        let of = talk(&noa, &kim).await;
        let (mute, quiet) = quiets(&world, of, "muted", 6, None);
        kim.does(quiet).await;
        assert_eq!(ends(&noa, noa.claims(id(), &invite, &invite.word)).await, "muted");
        kim.does(lets_write(&world, of, mute)).await;
        noa.does(noa.claims(id(), &invite, &invite.word)).await;
    }

    async fn it_goes_with_its_talk_and_stands_in_her_own_copy(world) {
        let (noa, kim, lead) = (world.youth().await, world.officer("07").await, lead(&world).await);
        let (of, other) = (talk(&noa, &kim).await, noa.writes("en sak till").await);
        let note = "Hotade personalen på fritidsgården.";
        kim.does(quiets(&world, of, "muted", 24, Some(note)).1).await;
        let mut traces = Traces::default();
        let row = mute::Entity::find().one(world.deps.db.read()).await.unwrap().unwrap();
        traces.of("the note, sealed", &row.note.unwrap().0);
        let mut plain = Traces::default();
        plain.of("the note", note.as_bytes());
        assert_eq!((traces.found_in(&disk(&world).await), plain.found_in(&disk(&world).await)), (traces.all(), Vec::new()));

        asks(&noa).await.ok();
        copies::run_due(&world.deps).await.unwrap();
        let copy = unpacked(&fetches(&noa).await.bytes);
        let text = |name: &str| String::from_utf8(copy[name].clone()).unwrap();
        let told = text(&format!("talks/{of}.txt"));
        assert!(told.contains("Du kunde inte skriva till polisen, utom om fara") && told.contains("(hot)"), "{told}");
        assert!(text("account.json").contains("\"threats\""));
        assert!(copy.keys().all(|name| !text(name).contains("fritidsgården")), "the note is for officers");

        assert_eq!(erases(&lead, "conversation", of).await.status, 200);
        assert_eq!(mute::Entity::find().count(world.deps.db.read()).await.unwrap(), 0);
        scrubs(&world).await;
        assert_eq!(traces.found_in(&disk(&world).await), Vec::<String>::new());
        let noa = noa.with_a_new_token().await;
        noa.does(noa.message(other, "nu går det")).await;
    }
}
