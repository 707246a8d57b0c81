//! What a lead does with those who serve: invites, relieves, signs out and ends them; and that it reaches every phone.

use entities::words::Role;
use natpatrull::{chat, identity, push};
use reqwest::Method;
use sea_orm::DbBackend;
use serde_json::{Value, json};
use tests::{
    Answer, Officer, World, on_both_databases,
    passkey::Passkey,
    people::{Person, cookie, secret},
    push_service::PushService,
    world::id,
};
use uuid::Uuid;

const STAFF: &str = "/api/v1/staff";

async fn staff(lead: &Officer) -> Value {
    lead.asks(Method::GET, STAFF, None).await.ok()
}

/// As the list has this number.
async fn listed(lead: &Officer, number: &str) -> Value {
    let all = staff(lead).await["items"].as_array().unwrap().clone();
    all.into_iter().find(|one| one["public_number"] == number).expect("the number is listed")
}

async fn asks(lead: &Officer, what: &str, of: Uuid, body: Value) -> Answer {
    lead.asks(Method::POST, &format!("{STAFF}/{of}/{what}"), Some(&body)).await
}

async fn invites(lead: &Officer, invite: Uuid, number: &str, role: &str, token: &str) -> Answer {
    let body = json!({"public_number": number, "role": role, "token": token});
    lead.asks(Method::PUT, &format!("{STAFF}/invites/{invite}"), Some(&body)).await
}

/// An officer with a real passkey, who is signed in with it.
struct Enrolled {
    officer: Officer,
    cookie: String,
    passkey: Passkey,
}

fn as_session(world: &World, session: &Value, role: Role) -> Officer {
    let text = |field: &str| session[field].as_str().unwrap().to_owned();
    Officer {
        world: world.clone(),
        account_id: text("account_id").parse().unwrap(),
        device_id: text("device_id").parse().unwrap(),
        number: text("public_number"),
        role,
        token: text("access_token"),
    }
}

async fn comes_in_by(world: &World, link: &str) -> Enrolled {
    let mut passkey = Passkey::of(world.deps.config.base_url.as_str());
    let answer = world.follows_invite(link, &mut passkey).await;
    let cookie = cookie(&answer);
    Enrolled { officer: as_session(world, &answer.ok(), Role::Officer), cookie, passkey }
}

async fn enrols(world: &World, number: &str) -> Enrolled {
    let link = identity::invite(&world.deps, Role::Officer, number).await.unwrap();
    comes_in_by(world, &link).await
}

async fn signs_in(world: &World, passkey: &Passkey) -> Answer {
    let path = "/api/v1/identity/passkeys";
    let ceremony = world.asks(Method::POST, &format!("{path}/challenge"), None, None).await.ok();
    let body = json!({
        "ceremony_id": ceremony["ceremony_id"], "device_id": Uuid::new_v4(), "credential": passkey.signs(&ceremony["options"]),
    });
    world.asks(Method::POST, &format!("{path}/sign-in"), None, Some(&body)).await
}

async fn me(who: &Officer) -> Answer {
    who.asks(Method::GET, "/api/v1/identity/me", None).await
}

async fn out(who: &Officer) -> Vec<Value> {
    let shifts = who.asks(Method::GET, "/api/v1/quarters/shifts", None).await.ok();
    shifts["items"].as_array().unwrap().iter().map(|shift| shift["public_number"].clone()).collect()
}

async fn log_of(lead: &Officer, subject: Uuid) -> Vec<String> {
    let log = lead.asks(Method::GET, &format!("/api/v1/audit/subjects/{subject}/entries"), None).await.ok();
    let by_lead = |line: &&Value| line["public_number"] == json!(lead.number);
    let lines = log["items"].as_array().unwrap().iter().filter(by_lead);
    lines.filter_map(|line| line["detail"].as_str().map(str::to_owned)).collect()
}

/// How often a phone rang since it was last asked.
async fn rang(world: &World, phone: &PushService) -> usize {
    while chat::ring_due(&world.deps).await.unwrap() > 0 {}
    push::run_due(&world.deps).await.unwrap();
    phone.arrived.lock().unwrap().drain(..).count()
}

on_both_databases! {
    async fn a_lead_invites_by_a_link_that_works_once_or_is_ended(world) {
        let lead = world.staff("03", Role::Lead).await;
        let (invite, link) = (id(), secret());
        let made = invites(&lead, invite, "11", "officer", &link).await.ok();
        assert_eq!(invites(&lead, invite, "11", "officer", &link).await.ok(), made, "the reply was lost");
        assert_eq!(invites(&lead, invite, "12", "officer", &link).await.problem(), "conflict");
        assert_eq!(staff(&lead).await["invites"], json!([made]));
        let kim = comes_in_by(&world, &link).await;
        assert_eq!((&*kim.officer.number, me(&kim.officer).await.ok()["role"].clone()), ("11", json!("officer")));
        assert_eq!(staff(&lead).await["invites"], json!([]));
        assert_eq!(lead.asks(Method::DELETE, &format!("{STAFF}/invites/{invite}"), None).await.problem(), "invite-used");
        // A lost passkey: the same number and role again. Another role is another person.
        invites(&lead, id(), "11", "officer", &secret()).await.ok();
        assert_eq!(invites(&lead, id(), "11", "lead", &secret()).await.problem(), "number-taken");
        for (number, role) in [("11", "youth"), ("11", "admin"), ("nine chars", "officer"), ("", "officer")] {
            assert_eq!(invites(&lead, id(), number, role, &secret()).await.problem(), "malformed", "{number} {role}");
        }

        let (invite, link) = (id(), secret());
        invites(&lead, invite, "12", "lead", &link).await.ok();
        // The log goes by time.
        world.clock.wind(1);
        for _ in 0..2 {
            assert_eq!(lead.asks(Method::DELETE, &format!("{STAFF}/invites/{invite}"), None).await.status, 204);
        }
        assert_eq!(lead.asks(Method::DELETE, &format!("{STAFF}/invites/{}", id()), None).await.problem(), "not-found");
        let open = json!({"token": link});
        assert_eq!(world.asks(Method::POST, "/api/v1/identity/invites/open", None, Some(&open)).await.problem(), "invite-used");
        assert_eq!(log_of(&lead, invite).await, ["invite-end", "invite-make"]);
    }

    async fn a_lead_sees_who_serves_and_who_is_out(world) {
        let service = PushService::start().await;
        let lead = world.staff("03", Role::Lead).await;
        let kim = enrols(&world, "07").await.officer;
        world.staff("90", Role::Evaluator).await;
        world.youth().await;
        kim.goes_out(&service).await;
        let all = staff(&lead).await["items"].as_array().unwrap().clone();
        let numbers: Vec<_> = all.iter().map(|one| (one["public_number"].clone(), one["role"].clone(), one["mine"].clone())).collect();
        let person = |number: &str, role: &str, mine: bool| (json!(number), json!(role), json!(mine));
        assert_eq!(numbers, [person("03", "lead", true), person("07", "officer", false), person("90", "evaluator", false)]);
        let seen = listed(&lead, "07").await;
        assert_eq!((&seen["on_shift"], &seen["signed_in"], &seen["heard_at"]), (&json!(true), &json!(1), &json!(world.now())));
        assert_eq!((&all[0]["on_shift"], &all[0]["heard_at"]), (&json!(false), &Value::Null));
        // What is told of an officer has these fields and no name.
        let fields: Vec<_> = seen.as_object().unwrap().keys().cloned().collect();
        assert_eq!(fields, ["account_id", "created_at", "heard_at", "mine", "on_shift", "public_number", "role", "signed_in"]);
    }

    async fn all_sessions_of_an_officer_end_at_once(world) {
        let phones = [PushService::start().await, PushService::start().await];
        let lead = world.staff("03", Role::Lead).await;
        lead.sets_hours("00:00", "24:00").await;
        let (kim, alex) = (enrols(&world, "07").await, world.officer("12").await);
        let tablet = as_session(&world, &signs_in(&world, &kim.passkey).await.ok(), Role::Officer);
        kim.officer.goes_out(&phones[0]).await;
        alex.goes_out(&phones[1]).await;
        let (noa, liv) = (world.youth().await, world.youth().await);
        let (danger, quiet, done) = (noa.cries("de är här").await, liv.writes("hej").await, liv.writes("tack").await);
        for talk in [danger, quiet, done] {
            kim.officer.takes(talk).await;
            kim.officer.reads(talk).await;
        }
        kim.officer.answers(danger, "jag läser").await;
        let revision = kim.officer.sees(done).await["revision"].clone();
        let close = json!({"conversation_id": done, "expected_revision": revision});
        kim.officer.does(tests::people::action(&world, &format!("conversation:{done}"), "conversation-close", close)).await;
        for phone in &phones {
            rang(&world, phone).await;
        }
        // The phone in her pocket listens.
        let mut line = kim.officer.listens().await;
        assert_eq!(listed(&lead, "07").await["signed_in"], 2);

        let relieved = asks(&lead, "sign-out", kim.officer.account_id, json!({})).await.ok();
        assert_eq!(relieved, json!({"shift_ended": true, "sessions_ended": 2, "talks": 2}));
        for phone in [&kim.officer, &tablet] {
            assert_eq!(me(phone).await.problem(), "session-ended");
            assert_eq!(phone.asks(Method::GET, "/api/v1/chat/conversations", None).await.problem(), "session-ended");
        }
        assert_eq!(world.refreshes_with(&kim.cookie).await.problem(), "session-ended");
        while line.hears().await.expect("it says that it ends").0 != "end" {}
        assert_eq!(out(&lead).await, [json!("12")]);

        // Her talks wait where they stood, the urgent one rings whoever is there, and her own phones are silent.
        for (talk, whose) in [(danger, &noa), (quiet, &liv)] {
            let seen = whose.sees(talk).await;
            assert_eq!((&seen["state"], &seen["holder"], &seen["read_by"]), (&json!("waiting"), &Value::Null, &json!("07")));
        }
        assert_eq!((noa.waits(danger).await["place"].clone(), liv.waits(quiet).await["place"].clone()), (json!(1), json!(2)));
        assert_eq!(liv.sees(done).await["state"], "closed");
        assert_eq!(rang(&world, &phones[1]).await, 1, "nobody has the talk in danger");
        noa.does(noa.message(danger, "är du kvar?")).await;
        assert_eq!(rang(&world, &phones[0]).await, 0, "a phone that was signed out is not woken");
        alex.takes(danger).await;

        assert_eq!(log_of(&lead, kim.officer.account_id).await, ["officer-sign-out"]);
        assert_eq!(log_of(&lead, danger).await, ["conversation-give-back"]);
        let again = asks(&lead, "sign-out", kim.officer.account_id, json!({})).await.ok();
        assert_eq!(again, json!({"shift_ended": false, "sessions_ended": 0, "talks": 0}), "the reply was lost");
        assert_eq!(alex.sees(danger).await["held_by_me"], true, "what came to a colleague since stays");
        // It was a lost phone: her passkey still opens.
        let back = as_session(&world, &signs_in(&world, &kim.passkey).await.ok(), Role::Officer);
        me(&back).await.ok();
    }

    async fn a_sick_officer_is_relieved_and_a_colleague_goes_on(world) {
        let phones = [PushService::start().await, PushService::start().await];
        let lead = world.staff("03", Role::Lead).await;
        let (kim, alex) = (enrols(&world, "07").await.officer, world.officer("12").await);
        kim.goes_out(&phones[0]).await;
        let (noa, liv) = (world.youth().await, world.youth().await);
        let talk = noa.writes("hej").await;
        kim.takes(talk).await;
        let to = |id: Uuid| json!({"to": id});
        assert_eq!(asks(&lead, "relieve", kim.account_id, to(alex.account_id)).await.problem(), "colleague-away");
        assert_eq!(asks(&lead, "relieve", kim.account_id, to(kim.account_id)).await.problem(), "malformed");
        assert_eq!(asks(&lead, "relieve", kim.account_id, to(id())).await.problem(), "colleague-away");
        for (whom, kind) in [(lead.account_id, "own-account"), (noa.account_id, "not-found"), (id(), "not-found")] {
            for what in ["relieve", "sign-out", "end"] {
                assert_eq!(asks(&lead, what, whom, json!({})).await.problem(), kind, "{what}");
            }
        }
        assert_eq!((out(&lead).await, kim.sees(talk).await["held_by_me"].clone()), (vec![json!("07")], json!(true)));

        alex.goes_out(&phones[1]).await;
        rang(&world, &phones[1]).await;
        let relieved = asks(&lead, "relieve", kim.account_id, to(alex.account_id)).await.ok();
        assert_eq!(relieved, json!({"shift_ended": true, "sessions_ended": 0, "talks": 1}));
        assert_eq!(out(&lead).await, [json!("12")]);
        assert_eq!(noa.sees(talk).await["holder"], "12");
        assert_eq!(rang(&world, &phones[1]).await, 1, "the colleague is told");
        me(&kim).await.ok();
        let late = kim.pushes(&[tests::people::action(&world, &format!("conversation:{talk}"), "message-send", json!({
            "message_id": id(), "conversation_id": talk, "text": "jag då?",
        }))]).await;
        assert_eq!(late[0]["problem"]["kind"], "conversation-not-held");
        // An officer who forgot to come home is relieved as well, with nothing to give.
        liv.writes("hej").await;
        assert_eq!(asks(&lead, "relieve", kim.account_id, json!({})).await.ok()["talks"], 0);
    }

    async fn an_account_that_is_ended_opens_to_nobody_and_its_number_is_not_given_on(world) {
        let lead = world.staff("03", Role::Lead).await;
        let kim = enrols(&world, "07").await;
        let waiting = secret();
        invites(&lead, id(), "07", "officer", &waiting).await.ok();
        let noa = world.youth().await;
        let talk = noa.writes("hej").await;
        kim.officer.takes(talk).await;
        kim.officer.answers(talk, "hej!").await;
        let check = async || world.asks(Method::GET, "/api/v1/officers/check?number=07", None, None).await.ok()["known"].clone();
        assert_eq!(check().await, true);

        let relieved = asks(&lead, "end", kim.officer.account_id, json!({})).await.ok();
        assert_eq!((&relieved["sessions_ended"], &relieved["talks"]), (&json!(1), &json!(1)));
        assert_eq!(me(&kim.officer).await.problem(), "session-ended");
        assert_eq!(signs_in(&world, &kim.passkey).await.problem(), "passkey-refused");
        let open = json!({"token": waiting});
        assert_eq!(world.asks(Method::POST, "/api/v1/identity/invites/open", None, Some(&open)).await.problem(), "invite-used");
        assert_eq!(invites(&lead, id(), "07", "officer", &secret()).await.problem(), "number-taken");
        assert!(identity::invite(&world.deps, Role::Officer, "07").await.is_err(), "nor at the machine");
        assert_eq!(check().await, false);
        assert_eq!(listed(&lead, "07").await["ended_at"], json!(world.now()));
        assert_eq!(noa.reads_messages(talk).await[1]["public_number"], "07", "what the number said stays its own");
        world.clock.wind(60);
        asks(&lead, "end", kim.officer.account_id, json!({})).await.ok();
        assert_ne!(listed(&lead, "07").await["ended_at"], json!(world.now()), "it was ended once");
    }

    async fn of_two_leads_who_end_each_other_at_once_one_stays(world) {
        let (one, other) = (world.staff("03", Role::Lead).await, world.staff("04", Role::Lead).await);
        let (first, second) = tokio::join!(
            asks(&one, "end", other.account_id, json!({})),
            asks(&other, "end", one.account_id, json!({})),
        );
        let refused = [&first, &second].into_iter().filter(|answer| !answer.status.is_success()).collect::<Vec<_>>();
        assert_eq!(refused.iter().map(|answer| answer.problem()).collect::<Vec<_>>(), ["session-ended"]);
        assert_eq!(identity::leads(world.deps.db.read()).await.unwrap().len(), 1);
    }

    async fn what_cannot_be_taken_back_wants_a_passkey_touched(world) {
        let (lead, kim) = (world.staff("03", Role::Lead).await, world.officer("07").await);
        let untouched = lead.clone().untouched();
        assert_eq!(invites(&untouched, id(), "11", "officer", &secret()).await.problem(), "touch-needed");
        assert_eq!(asks(&untouched, "end", kim.account_id, json!({})).await.problem(), "touch-needed");
        asks(&untouched, "relieve", kim.account_id, json!({})).await.ok();
        asks(&untouched, "sign-out", kim.account_id, json!({})).await.ok();
        asks(&lead, "end", kim.account_id, json!({})).await.ok();
    }

    async fn an_end_reaches_the_other_nodes(world) {
        if world.deps.db.backend() == DbBackend::Sqlite {
            return;
        }
        let lead = world.staff("03", Role::Lead).await;
        let kim = enrols(&world, "07").await.officer;
        let node = world.another_node().await;
        let following = tokio::spawn(identity::follow_ended(node.deps.clone()));
        let there = Officer { world: node.clone(), ..kim.clone() };
        me(&there).await.ok();
        let mut line = there.listens().await;
        asks(&lead, "sign-out", kim.account_id, json!({})).await.ok();
        while line.hears().await.expect("it says that it ends").0 != "end" {}
        assert_eq!(me(&there).await.problem(), "session-ended");
        node.deps.stop.tell();
        following.await.unwrap();
    }
}
