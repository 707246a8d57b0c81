//! From a quarter into a talk: by an officer's invite and its word, by a poster, and by asking who it is.

use entities::words::Role;
use natpatrull::{chores, rooms};
use reqwest::{Method, Url};
use serde_json::{Value, json};
use tests::{
    Answer, Backend, Officer, World, Youth, on_both_databases,
    people::{Invite, Person, action, secret},
    world::{answer, id},
};
use uuid::Uuid;

use crate::{
    contract::{committed, operations, some},
    erasure::{Traces, disk, erases},
    triage::on_talk,
};

/// A lead's quarter, and an officer who is out.
async fn patrol(world: &World) -> (Uuid, Officer) {
    let quarter = world.staff("03", Role::Lead).await.makes_quarter("Spelkvällen").await;
    let kim = world.officer("07").await;
    kim.does(kim.starts(id())).await;
    (quarter, kim)
}

/// How one action ends: `applied`, or the problem.
async fn ends(who: &impl Person, action: Value) -> String {
    let result = who.pushes(&[action]).await.remove(0);
    result["problem"].get("kind").unwrap_or(&result["outcome"]).as_str().unwrap().to_owned()
}

async fn invites(who: &Officer) -> Vec<Value> {
    who.asks(Method::GET, "/api/v1/rooms/invites", None).await.ok()["items"].as_array().unwrap().clone()
}

async fn puts_poster(who: &Officer, poster: Uuid, quarter: Uuid) -> Answer {
    let body = json!({"quarter_id": quarter, "place": "Fritidsgården"});
    who.asks(Method::PUT, &format!("/api/v1/rooms/posters/{poster}"), Some(&body)).await
}

async fn ends_one(who: &Officer, what: &str, of: Uuid) -> Answer {
    who.asks(Method::POST, &format!("/api/v1/rooms/{what}/{of}/end"), None).await
}

async fn check(world: &World, query: &[(&str, &str)]) -> Answer {
    let url = Url::parse_with_params(&format!("{}/api/v1/officers/check", world.url), query).unwrap();
    answer(world.http.get(url)).await
}

/// Where an officer sees that a talk came from, and how.
async fn origin(kim: &Officer, talk: Uuid) -> (Value, Value) {
    let seen = kim.sees(talk).await;
    (seen["quarter"]["name"].clone(), seen["came_by"].clone())
}

/// What a youth's first message opens after her link did not let her in.
async fn goes_on(noa: &Youth, room: &str) -> Uuid {
    let talk = id();
    noa.does(noa.message_from(talk, "hej, jag fick en länk", room)).await;
    talk
}

/// Words that are in the list and not the right one.
fn wrong(invite: &Invite) -> &'static str {
    if invite.word == "pelikan" { "apelsin" } else { "pelikan" }
}

on_both_databases! {
    async fn a_youth_comes_in_by_link_and_word_and_is_with_the_officer(world) {
        let (quarter, kim) = patrol(&world).await;
        let (noa, talk, invite) = (world.youth().await, id(), kim.invites_from(quarter).await);
        assert_eq!(invites(&kim).await[0]["state"], "open");
        let claimed = noa.does(noa.claims(talk, &invite, &format!(" {}. ", invite.word.to_uppercase()))).await;
        assert_eq!(claimed["entity"]["id"], json!(talk));
        assert_eq!(claimed["at"]["stream"], json!(format!("conversation:{talk}")));

        let seen = noa.sees(talk).await;
        assert_eq!((&seen["state"], &seen["holder"], &seen["unread"]), (&json!("taken"), &json!("07"), &json!(false)));
        assert_eq!(seen["quarter"], json!({"quarter_id": quarter, "name": "Spelkvällen", "platform": "Discord"}));
        assert_eq!(seen["came_by"], Value::Null, "how is for officers");
        let (held, alex) = (kim.sees(talk).await, world.officer("12").await);
        assert_eq!((&held["held_by_me"], &held["came_by"]), (&json!(true), &json!("invite")));
        assert_eq!(alex.sees(talk).await["held_by_me"], false);
        assert_eq!(ends(&alex, noa.message(talk, "jag tar det")).await, "conversation-not-held");

        // Both may write first, and the claim's repeat, also by another action and to another id, says the same.
        kim.answers(talk, "Hej! Nu är det bara vi här.").await;
        noa.does(noa.message(talk, "skönt")).await;
        for again in [talk, id()] {
            let said = noa.does(noa.claims(again, &invite, "vad som helst")).await;
            assert_eq!((&said["entity"]["id"], &said["at"]), (&json!(talk), &Value::Null));
        }
        let after = &invites(&kim).await[0];
        assert_eq!((&after["state"], &after["conversation_id"], &after["wrong_words"]), (&json!("claimed"), &json!(talk), &json!(0)));
        assert_eq!(invites(&alex).await, Vec::<Value>::new(), "invites are one's own");

        // The desk heard of it, and the log tells who invited and that somebody came.
        let desk = kim.pulls("desk").await;
        let told = desk["events"].as_array().unwrap().iter().filter(|event| event["entity_id"] == json!(invite.invite_id));
        assert_eq!(told.map(|event| event["kind"].clone()).collect::<Vec<_>>(), ["invite-changed", "invite-changed"]);
        let lead = world.staff("52", Role::Lead).await;
        for (about, lines) in [(invite.invite_id, vec!["room-invite-claim", "room-invite-make"]), (talk, vec!["room-invite-claim"])] {
            let log = lead.asks(Method::GET, &format!("/api/v1/audit/subjects/{about}/entries"), None).await.ok();
            let mut found: Vec<_> = log["items"].as_array().unwrap().iter().filter_map(|line| line["detail"].as_str()).filter(|detail| detail.starts_with("room")).map(str::to_owned).collect();
            found.sort();
            assert_eq!(found, lines, "{log}");
        }
    }

    async fn what_is_written_in_a_claimed_talk_before_its_first_message_opens_in_another_program_too(world) {
        let (quarter, kim) = patrol(&world).await;
        let (noa, talk, invite) = (world.youth().await, id(), kim.invites_from(quarter).await);
        noa.does(noa.claims(talk, &invite, &invite.word)).await;
        // Before anybody has said a word: a note, and a place.
        kim.does(on_talk(&world, "note-write", talk, json!({"text": "Hon verkar rädd", "mentions": []}))).await;
        let place = id();
        kim.does(on_talk(&world, "location-ask", talk, json!({"location_id": place}))).await;
        let fix = json!({"latitude": 63.8, "longitude": 20.2, "accuracy": 9.0, "fixed_at": world.seconds_later(-5)});
        noa.does(on_talk(&world, "location-answer", talk, json!({"location_id": place, "fix": fix}))).await;

        let another = world.with_another_folder().await;
        assert!(another.vault.one(&another.db, talk).await.is_ok(), "no other program has what opens it");
        noa.does(noa.message(talk, "hej")).await;
        let notes = kim.asks(Method::GET, &format!("/api/v1/work/conversations/{talk}/notes"), None).await.ok();
        assert_eq!(notes["items"][0]["text"], "Hon verkar rädd");
        let places = kim.asks(Method::GET, &format!("/api/v1/handovers/conversations/{talk}/locations"), None).await.ok();
        assert_eq!(places["items"][0]["fix"]["latitude"], json!(63.8));
    }

    async fn opening_the_link_claims_nothing(world) {
        let (quarter, kim) = patrol(&world).await;
        let (noa, talk, invite) = (world.youth().await, id(), kim.invites_from(quarter).await);
        let before = world.effects().await;
        let claim = format!("/api/v1/chat/conversations/{talk}/claim");
        for _ in 0..10 {
            for (method, path) in [(Method::GET, "/r"), (Method::HEAD, "/r"), (Method::GET, &*format!("/r#{}", invite.secret))] {
                let robot = world.http.request(method, format!("{}{path}", world.url)).header("user-agent", "Discordbot/2.0");
                let page = answer(robot).await;
                assert_eq!((page.status.as_u16(), &page.headers["referrer-policy"]), (200, &"no-referrer".parse().unwrap()));
                assert!(page.headers["content-type"].to_str().unwrap().starts_with("text/html"));
            }
            let asked = answer(world.http.get(format!("{}{claim}?secret={}&word={}", world.url, invite.secret, invite.word))).await;
            assert_eq!(asked.problem(), "method-not-allowed");
        }
        assert_eq!(world.effects().await, before, "a robot leaves nothing");
        assert_eq!(invites(&kim).await[0]["state"], "open");
        let body = json!({"secret": invite.secret, "word": invite.word});
        let pressed = world.http.post(format!("{}{claim}", world.url)).bearer_auth(&noa.token).header("idempotency-key", id().to_string());
        assert_eq!(answer(pressed.json(&body)).await.ok()["outcome"], "applied");
        assert_eq!(origin(&kim, talk).await.1, "invite");
    }

    async fn late_used_and_closed_end_in_a_talk_that_remembers_the_quarter(world) {
        let (quarter, kim) = patrol(&world).await;
        let (noa, sam) = (world.youth().await, world.youth().await);
        let (used, closed, late) = (kim.invites_from(quarter).await, kim.invites_from(quarter).await, kim.invites_from(quarter).await);
        noa.does(noa.claims(id(), &used, &used.word)).await;
        assert_eq!(ends_one(&kim, "invites", closed.invite_id).await.ok()["state"], "closed");
        assert_eq!(ends_one(&kim, "invites", closed.invite_id).await.ok()["state"], "closed", "again it is the same");
        world.clock.wind(899);
        let sam = sam.with_a_new_token().await;
        let just = kim.clone().with_a_new_token().invites_from(quarter).await;
        assert_eq!(ends(&sam, sam.claims(id(), &late, wrong(&late))).await, "word-wrong", "it lasts to the last second");
        world.clock.wind(1);
        for (invite, problem) in [(&used, "room-used"), (&closed, "room-closed"), (&late, "room-late")] {
            assert_eq!(ends(&sam, sam.claims(id(), invite, &invite.word)).await, problem);
            let talk = goes_on(&sam, &invite.secret).await;
            let kim = kim.clone().with_a_new_token();
            assert_eq!(origin(&kim, talk).await, (json!("Spelkvällen"), json!("invite-link")), "{problem}");
            assert_eq!((&sam.sees(talk).await["quarter"]["name"], &kim.sees(talk).await["state"]), (&json!("Spelkvällen"), &json!("waiting")));
        }
        assert_eq!(ends(&sam, sam.claims(id(), &just, &just.word)).await, "applied");
        let unknown = Invite { secret: secret(), ..just };
        assert_eq!(ends(&sam, sam.claims(id(), &unknown, &unknown.word)).await, "not-found");
    }

    async fn a_wrong_word_counts_once_and_the_fifth_closes(world) {
        let (quarter, kim) = patrol(&world).await;
        let (noa, sam, talk, invite) = (world.youth().await, world.youth().await, id(), kim.invites_from(quarter).await);
        for (nth, who) in [&noa, &sam, &noa, &sam].into_iter().enumerate() {
            let claim = who.claims(talk, &invite, wrong(&invite));
            let first = who.pushes(std::slice::from_ref(&claim)).await.remove(0);
            assert_eq!((&first["problem"]["kind"], &first["problem"]["tries_left"]), (&json!("word-wrong"), &json!(4 - nth)));
            // Its reply was lost, and it comes again and again.
            for again in who.pushes(&[claim.clone(), claim.clone()]).await {
                assert_eq!((&again["original"], &again["problem"]["kind"]), (&json!("refused"), &json!("word-wrong")));
            }
            assert_eq!(invites(&kim).await[0]["wrong_words"], json!(nth + 1), "it is written down");
        }
        // Nothing that is no word counts.
        for no_word in ["", "  ", &"x".repeat(101)] {
            assert_eq!(ends(&noa, noa.claims(talk, &invite, no_word)).await, "malformed");
        }
        assert_eq!(invites(&kim).await[0]["state"], "open");
        assert_eq!(ends(&noa, noa.claims(talk, &invite, wrong(&invite))).await, "room-closed");
        assert_eq!(ends(&noa, noa.claims(talk, &invite, &invite.word)).await, "room-closed");
        let row = &invites(&kim).await[0];
        assert_eq!((&row["state"], &row["wrong_words"]), (&json!("closed"), &json!(5)));
        assert_eq!(noa.asks(Method::GET, &format!("/api/v1/chat/conversations/{talk}"), None).await.problem(), "not-found");
        // Other invites are none the worse for it, nor is she.
        let another = kim.invites_from(quarter).await;
        noa.does(noa.claims(talk, &another, &another.word)).await;
    }

    async fn of_two_who_claim_at_once_one_comes_in_a_hundred_times(world, |config| config.actions_a_minute = 100_000) {
        let (quarter, kim) = patrol(&world).await;
        races(&kim, quarter, [&world, &world.from_address(1)]).await;
    }

    async fn whoever_may_not_is_told_so_and_the_invite_stays(world) {
        let (quarter, kim) = patrol(&world).await;
        let (noa, sam, alex) = (world.youth().await, world.youth().await, world.officer("12").await);
        let invite = kim.invites_from(quarter).await;
        for who in [&kim, &alex] {
            assert_eq!(ends(who, noa.claims(id(), &invite, &invite.word)).await, "role-refused");
        }
        // Into no talk that is another's, closed or with another officer.
        let (of_sam, closed, with_alex) = (sam.writes("hej").await, noa.writes("hej").await, noa.writes("hej").await);
        alex.takes(closed).await;
        alex.reads(closed).await;
        let body = json!({"conversation_id": closed, "expected_revision": 1});
        alex.does(action(&world, &format!("conversation:{closed}"), "conversation-close", body)).await;
        alex.takes(with_alex).await;
        for (talk, problem) in [(of_sam, "not-found"), (closed, "conversation-closed"), (with_alex, "conversation-taken")] {
            assert_eq!(ends(&noa, noa.claims(talk, &invite, &invite.word)).await, problem);
        }
        let row = &invites(&kim).await[0];
        assert_eq!((&row["state"], &row["wrong_words"]), (&json!("open"), &json!(0)));
        // An own one that waits is marked, with what was written in it.
        let own = noa.writes("jag skrev redan").await;
        noa.does(noa.claims(own, &invite, &invite.word)).await;
        assert_eq!((origin(&kim, own).await.1, &kim.sees(own).await["held_by_me"]), (json!("invite"), &json!(true)));
        assert_eq!(noa.reads_messages(own).await.len(), 1);
        assert_eq!(noa.waits(own).await["place"], Value::Null);
    }

    async fn an_officer_on_a_shift_makes_invites_for_quarters_that_there_are(world) {
        let (quarter, kim) = patrol(&world).await;
        let (alex, invite, link) = (world.officer("12").await, id(), secret());
        assert_eq!(alex.asks_for_invite(id(), quarter, &secret()).await.problem(), "shift-needed");
        assert_eq!(kim.asks_for_invite(id(), id(), &secret()).await.problem(), "not-found");
        assert_eq!(kim.asks_for_invite(id(), quarter, "kort").await.problem(), "malformed");
        let made = kim.asks_for_invite(invite, quarter, &link).await.ok();
        assert_eq!((&made["made_at"], &made["expires_at"]), (&json!(world.now()), &json!(world.seconds_later(900))));
        assert_eq!(kim.asks_for_invite(invite, quarter, &link).await.ok(), made, "the same again, with its word");
        alex.does(alex.starts(id())).await;
        for (who, id, secret) in [(&kim, invite, secret()), (&kim, id(), link.clone()), (&alex, invite, link.clone()), (&alex, id(), link.clone())] {
            assert_eq!(who.asks_for_invite(id, quarter, &secret).await.problem(), "conflict");
        }
        assert_eq!(ends_one(&alex, "invites", invite).await.problem(), "not-found");
        assert_eq!(invites(&kim).await[0]["word"], Value::Null, "the word is told once, to whoever has the link");

        for _ in 1..60 {
            kim.invites_from(quarter).await;
        }
        let over = kim.asks_for_invite(id(), quarter, &secret()).await;
        assert_eq!((over.problem(), over.headers.contains_key("retry-after")), ("rate-limited", true));
        world.clock.wind(3600);
        kim.with_a_new_token().invites_from(quarter).await;
    }

    async fn a_link_leads_to_the_queue_when_its_officer_has_gone_home(world) {
        let (quarter, kim) = patrol(&world).await;
        let (noa, talk, invite, shift) = (world.youth().await, id(), kim.invites_from(quarter).await, id());
        kim.does(kim.starts(shift)).await;
        kim.does(action(&world, &format!("shift:{shift}"), "shift-end", json!({"shift_id": shift}))).await;
        noa.does(noa.claims(talk, &invite, &invite.word)).await;
        let seen = kim.sees(talk).await;
        assert_eq!((&seen["state"], &seen["priority"], &seen["came_by"]), (&json!("waiting"), &json!("p3"), &json!("invite")));
        assert_eq!((&noa.waits(talk).await["place"], &seen["holder"]), (&json!(1), &Value::Null));
        // What she writes then is judged as ever.
        noa.does(noa.message(talk, "han har en kniv")).await;
        assert_eq!(kim.sees(talk).await["priority"], "p2");
    }

    async fn a_poster_leads_many_to_talks_that_remember_its_quarter(world) {
        let (quarter, kim) = patrol(&world).await;
        let (poster, lead) = (id(), world.staff("52", Role::Lead).await);
        assert_eq!(puts_poster(&kim, id(), id()).await.problem(), "not-found");
        let made = puts_poster(&kim, poster, quarter).await.ok();
        assert_eq!((&made["place"], &made["made_by"]), (&json!("Fritidsgården"), &json!("07")));
        assert_eq!(puts_poster(&lead, poster, quarter).await.ok(), made, "the same again changes nothing");
        for _ in 0..3 {
            let noa = world.youth().await;
            let talk = goes_on(&noa, &poster.to_string()).await;
            assert_eq!(origin(&kim, talk).await, (json!("Spelkvällen"), json!("poster")));
            assert_eq!((&noa.sees(talk).await["quarter"]["platform"], &noa.sees(talk).await["state"]), (&json!("Discord"), &json!("waiting")));
        }
        // Only what opens a talk says where it came from.
        let noa = world.youth().await;
        let talk = noa.writes("hej").await;
        noa.does(noa.message_from(talk, "från en lapp", &poster.to_string())).await;
        assert_eq!(origin(&kim, talk).await, (Value::Null, Value::Null));
        kim.takes(talk).await;
        let mut said = noa.message_from(talk, "x", &poster.to_string());
        said["body"]["message_id"] = json!(id());
        assert_eq!(ends(&kim, said).await, "role-refused");

        world.clock.wind(1);
        ends_one(&lead, "posters", poster).await.ok();
        let ended = ends_one(&kim, "posters", poster).await.ok();
        assert_eq!(ended["ended_at"], json!(world.now()));
        // An ended one, an unknown one and whatever else a link may hold: an ordinary talk.
        for room in [&*poster.to_string(), &id().to_string(), &secret(), "", "x", &"å".repeat(500)] {
            let talk = goes_on(&noa, room).await;
            assert_eq!(origin(&kim, talk).await, (Value::Null, Value::Null), "{room}");
        }
        let list = kim.asks(Method::GET, "/api/v1/rooms/posters", None).await.ok();
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        assert_eq!(ends_one(&kim, "posters", id()).await.problem(), "not-found");
        let log = lead.asks(Method::GET, &format!("/api/v1/audit/subjects/{poster}/entries"), None).await.ok();
        let lines: Vec<_> = log["items"].as_array().unwrap().iter().map(|line| (line["detail"].clone(), line["public_number"].clone())).collect();
        assert_eq!(lines, [(json!("poster-end"), json!("52")), (json!("poster-make"), json!("07"))]);
    }

    async fn who_it_is_is_told_for_an_exact_number_or_account_and_no_more(world) {
        patrol(&world).await;
        world.staff("90", Role::Evaluator).await;
        world.staff("91", Role::Admin).await;
        for (query, known) in [
            (vec![("number", "07")], true),
            (vec![("number", " 03 ")], true),
            (vec![("number", "7")], false),
            (vec![("number", "0")], false),
            (vec![("number", "%")], false),
            (vec![("number", "90")], false),
            (vec![("number", "91")], false),
            (vec![("number", "")], false),
            (vec![("number", "07\0")], false),
            (vec![("platform", "Discord"), ("account", "natpolis")], true),
            (vec![("platform", "discord "), ("account", "@NatPolis")], true),
            (vec![("platform", "Discord"), ("account", "natpoli")], false),
            (vec![("platform", "Discord"), ("account", "natpolis2")], false),
            (vec![("platform", "Snapchat"), ("account", "natpolis")], false),
            (vec![("platform", "Discord"), ("account", "Spelkvällen")], false),
        ] {
            let said = check(&world, &query).await;
            assert_eq!(said.headers["cache-control"], "public, max-age=60");
            assert_eq!(said.ok(), json!({"known": known}), "{query:?}");
        }
        for query in [vec![], vec![("platform", "Discord")], vec![("account", "natpolis")], vec![("number", "07"), ("account", "natpolis"), ("platform", "Discord")]] {
            assert_eq!(check(&world, &query).await.problem(), "malformed", "{query:?}");
        }
        assert_eq!(check(&world, &[("number", &"7".repeat(101))]).await.problem(), "malformed");
    }

    async fn youths_and_strangers_learn_an_officers_number_and_nothing_else(world) {
        let (quarter, kim) = patrol(&world).await;
        let (noa, talk, invite) = (world.youth().await, id(), kim.invites_from(quarter).await);
        noa.does(noa.claims(talk, &invite, &invite.word)).await;
        kim.answers(talk, "Hej!").await;
        let mut seen = Vec::new();
        for (path, method, operation) in operations(&committed()) {
            let by = operation["security"][0].as_object().and_then(|schemes| schemes.keys().next().cloned());
            let streams = operation["operationId"] == "listen";
            if method != "get" || streams || !["Youth", "EitherSide", "AnyCaller", "YouthOrTouched", ""].contains(&&*by.unwrap_or_default()) {
                continue;
            }
            let path = path.replace("{conversation_id}", &talk.to_string());
            for token in [Some(&*noa.token), None] {
                let request = world.http.get(format!("{}{}?number=07", world.url, some(&path)));
                let said = answer(match token { Some(token) => request.bearer_auth(token), None => request }).await;
                seen.push((path.clone(), String::from_utf8_lossy(&said.bytes).into_owned()));
            }
        }
        for stream in [format!("inbox:{}", noa.account_id), format!("conversation:{talk}")] {
            seen.push((stream.clone(), noa.pulls(&stream).await.to_string()));
        }
        assert!(seen.iter().filter(|(_, said)| said.contains("\"07\"")).count() >= 4, "her number is seen");
        for (path, said) in &seen {
            for hidden in [kim.account_id, kim.device_id, invite.invite_id] {
                assert!(!said.contains(&hidden.to_string()), "{path} tells of {hidden}: {said}");
            }
        }
        for name in ["full_name", "first_name", "last_name", "real_name", "email"] {
            assert!(!committed().to_string().contains(name), "the contract knows no {name} of anybody");
        }
    }

    async fn what_stands_in_a_link_is_not_kept_and_an_erased_talk_leaves_nobody_behind(world) {
        let (quarter, kim) = patrol(&world).await;
        let lead = world.staff("52", Role::Lead).await;
        let (noa, talk, invite) = (world.youth().await, id(), kim.invites_from(quarter).await);
        let other = kim.invites_from(quarter).await;
        noa.does(noa.claims(talk, &invite, &invite.word)).await;
        let mut traces = Traces::default();
        for link in [&invite.secret, &other.secret] {
            traces.of("a link", link.as_bytes());
        }
        traces.of("a word of the journal", b"conversation-changed");
        assert_eq!(traces.found_in(&disk(&world).await), ["a word of the journal"]);
        let texts = world.column("SELECT CAST(officer_number AS TEXT) FROM room_invite").await;
        assert_eq!(texts, ["07", "07"], "the only text of an invite");

        erases(&lead, "conversation", talk).await.ok();
        let left = &invites(&kim).await[1];
        assert_eq!((&left["state"], &left["conversation_id"]), (&json!("claimed"), &Value::Null));
        assert_eq!(ends(&noa, noa.claims(id(), &invite, &invite.word)).await, "room-used");
        let claimers = world.column("SELECT CAST(COUNT(*) AS TEXT) FROM room_invite WHERE claimed_by IS NOT NULL").await;
        assert_eq!(claimers, ["0"]);

        // For a month a link is known to be late; then it is not known.
        for (days, problem) in [(29, "room-late"), (2, "not-found")] {
            world.clock.wind(days * 24 * 3600);
            chores::run_due(&world.deps).await.unwrap();
            let noa = noa.clone().with_a_new_token().await;
            assert_eq!(ends(&noa, noa.claims(id(), &other, &other.word)).await, problem);
        }
        let counted = world.column("SELECT CAST(COUNT(*) AS TEXT) FROM room_invite WHERE claimed_at IS NOT NULL").await;
        assert_eq!(counted, ["1"], "how many came in stays");
        assert!(rooms::word(&world.deps.keys, &other.secret) == other.word);
    }
}

/// What the app's own page looks like to whatever makes a preview of a link that an officer sent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_preview_of_the_link_says_nothing() {
    let pages = std::env::temp_dir().join(format!("natpatrull-pages-{}", id().simple()));
    std::fs::create_dir(&pages).unwrap();
    std::fs::write(pages.join("index.html"), include_str!("../../pwa/index.html")).unwrap();
    let world = World::start_with(Backend::Sqlite, |config| config.pwa_dir.clone_from(&pages)).await;
    std::fs::remove_dir_all(&pages).unwrap();
    let head = async |path: &str| {
        let page = world.asks(Method::GET, path, None, None).await;
        assert_eq!(page.headers["referrer-policy"], "no-referrer");
        String::from_utf8(page.bytes).unwrap().split_once("<body").unwrap().0.to_owned()
    };
    let shown = head("/r").await;
    assert!(
        shown.contains("<title>Länk</title>") && shown.contains("<meta name=\"robots\" content=\"noindex\""),
        "{shown}"
    );
    for telling in ["<meta name=\"description\"", "og:", "twitter:", "polis"] {
        assert!(!shown.contains(telling), "a preview would show {telling} of {shown}");
    }
    assert!(head("/").await.contains("<meta name=\"description\""), "other pages say what they are");
}

/// Two claim the same invite at once, a hundred times.
async fn races(kim: &Officer, quarter: Uuid, nodes: [&World; 2]) {
    let mut racers = None;
    for round in 0..100 {
        // So many invites an hour, and so many open talks a youth.
        if round % 25 == 0 {
            kim.world.clock.wind(3600);
            let (noa, sam) = (kim.world.youth().await, kim.world.youth().await);
            racers = Some((
                kim.clone().with_a_new_token(),
                Youth { world: nodes[0].clone(), ..noa },
                Youth { world: nodes[1].clone(), ..sam },
            ));
        }
        let (kim, noa, sam) = racers.as_ref().unwrap();
        let (invite, one, other) = (kim.invites_from(quarter).await, id(), id());
        let (of_noa, of_sam) = tokio::join!(
            ends(noa, noa.claims(one, &invite, &invite.word)),
            ends(sam, sam.claims(other, &invite, &invite.word))
        );
        let mut kinds = [&*of_noa, &*of_sam];
        kinds.sort_unstable();
        assert_eq!(kinds, ["applied", "room-used"], "round {round}");
        let (talk, inside, outside) = if of_noa == "applied" { (one, noa, sam) } else { (other, sam, noa) };
        assert_eq!(invites(kim).await[0]["conversation_id"], json!(talk), "round {round}");
        let path = format!("/api/v1/chat/conversations/{talk}");
        assert_eq!(inside.asks(Method::GET, &path, None).await.ok()["holder"], "07");
        assert_eq!(outside.asks(Method::GET, &path, None).await.problem(), "not-found");
    }
}

/// At two programs on one database, one comes in, and wrong words are counted together.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_programs_let_one_in_and_count_wrong_words_together() {
    let world = World::start_with(Backend::Postgres, |config| config.actions_a_minute = 100_000).await;
    let node = world.another_node().await;
    let (quarter, kim) = patrol(&world).await;
    let invite = kim.invites_from(quarter).await;
    let mut tried = Vec::new();
    for nth in 0..12 {
        let noa = world.youth().await;
        let noa = Youth { world: if nth % 2 == 0 { world.clone() } else { node.clone() }, ..noa };
        let invite = invite.clone();
        tried.push(tokio::spawn(async move { ends(&noa, noa.claims(id(), &invite, wrong(&invite))).await }));
    }
    let mut kinds = Vec::new();
    for one in tried {
        kinds.push(one.await.unwrap());
    }
    kinds.sort_unstable();
    assert_eq!(
        (&kinds[..8], &kinds[8..]),
        (&vec!["room-closed".to_owned(); 8][..], &vec!["word-wrong".to_owned(); 4][..])
    );
    assert_eq!(invites(&kim).await[0]["wrong_words"], 5);
    races(&kim, quarter, [&world, &node]).await;
}
