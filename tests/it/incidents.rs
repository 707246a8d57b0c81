//! Several talks about one thing, and looking for talks.

use entities::{audit_entry, words::Role};
use reqwest::Method;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tests::{Officer, World, on_both_databases, people::Person, world::id};
use uuid::Uuid;

use crate::{
    erasure::{erases, talk},
    triage::{ends, on_talk},
};

pub fn joins(world: &World, talk: Uuid, incident: Uuid, title: &str) -> Value {
    on_talk(world, "incident-join", talk, json!({"incident_id": incident, "title": title}))
}

fn leaves(world: &World, talk: Uuid, incident: Uuid) -> Value {
    on_talk(world, "incident-leave", talk, json!({"incident_id": incident}))
}

/// The talks that an officer finds, in the queue's order.
async fn finds(officer: &Officer, by: &str) -> Vec<Uuid> {
    let page = officer.asks(Method::GET, &format!("/api/v1/chat/conversations?{by}"), None).await.ok();
    let talks = page["items"].as_array().unwrap().iter();
    talks.map(|talk| talk["conversation_id"].as_str().unwrap().parse().unwrap()).collect()
}

on_both_databases! {
    async fn three_talks_are_joined_and_no_youth_learns_of_it(world) {
        let (kim, alex) = (world.officer("07").await, world.officer("12").await);
        let (lead, incident) = (world.staff("03", Role::Lead).await, id());
        let mut talks = Vec::new();
        for _ in 0..3 {
            let noa = world.youth().await;
            talks.push((noa.writes("det är bråk på festen").await, noa));
        }
        let before = talks[0].1.sees(talks[0].0).await;
        for (talk, _) in &talks {
            kim.does(joins(&world, *talk, incident, "Festen på Strandgatan")).await;
        }
        let of = alex.sees(talks[0].0).await["incident"].clone();
        assert_eq!((&of["incident_id"], &of["title"]), (&json!(incident), &json!("Festen på Strandgatan")));
        let number = of["number"].as_str().unwrap();
        assert_eq!(finds(&alex, &format!("number={number}")).await.len(), 3, "they have one number");
        let told = alex.pulls("desk").await["events"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(told["conversation"]["incident"]["title"], "Festen på Strandgatan");

        // Each youth has her talk as it was, whatever way she looks at it.
        for (talk, noa) in &talks {
            let (hers, pulled) = (noa.sees(*talk).await, noa.pulls(&format!("inbox:{}", noa.account_id)).await);
            assert_eq!(hers.get("incident"), None);
            let all = format!("{hers} {pulled}");
            for word in [number, "Festen på Strandgatan", &incident.to_string()] {
                assert!(!all.contains(word), "{word} reaches a youth");
            }
        }
        let hers = talks[0].1.sees(talks[0].0).await;
        for field in ["state", "head", "last_text", "unread"] {
            assert_eq!(hers[field], before[field], "{field}");
        }

        // One answer to two of them, and it lands once in each though it is sent twice.
        let answers: Vec<_> = talks[..2].iter().map(|(talk, _)| *talk).collect();
        let mut acts = Vec::new();
        for talk in &answers {
            let taking = on_talk(&world, "conversation-take", *talk, json!({"expected_revision": kim.sees(*talk).await["revision"]}));
            let mut saying = on_talk(&world, "message-send", *talk, json!({"message_id": id(), "text": "Gå därifrån nu, alla tillsammans."}));
            saying["after"] = json!([taking["action_id"]]);
            acts.extend([taking, saying]);
        }
        for expected in ["applied", "duplicate"] {
            for result in kim.pushes(&acts).await {
                assert_eq!(result["outcome"], expected, "{result}");
            }
        }
        for (nth, (talk, noa)) in talks.iter().enumerate() {
            let said = noa.reads_messages(*talk).await;
            assert_eq!(said.len(), if nth < 2 { 2 } else { 1 });
        }

        // One is taken out, and a talk is in one incident at most.
        assert_eq!(ends(&alex, joins(&world, talks[2].0, id(), "En annan fest")).await, "conflict");
        alex.does(leaves(&world, talks[2].0, incident)).await;
        assert_eq!(alex.sees(talks[2].0).await.get("incident"), None);
        assert_eq!(finds(&alex, &format!("number={number}")).await.len(), 2);
        alex.does(joins(&world, talks[2].0, id(), "En annan fest")).await;
        let other = alex.sees(talks[2].0).await["incident"].clone();
        assert!(other["number"] != of["number"] && other["title"] == "En annan fest", "{other}");
        // Another title for the same incident.
        alex.does(joins(&world, talks[1].0, incident, "Två fester på Strandgatan")).await;
        let now = alex.sees(talks[1].0).await["incident"].clone();
        assert_eq!((&now["number"], &now["title"]), (&of["number"], &json!("Två fester på Strandgatan")));

        let path = format!("/api/v1/audit/subjects/{incident}/entries");
        let log = lead.asks(Method::GET, &path, None).await.ok()["items"].as_array().unwrap().clone();
        assert!(log.iter().all(|line| line["act"] == "join" && line["detail"] == "incident-join"), "{log:?}");
        assert_eq!(log.len(), 4);
    }

    async fn whoever_may_not_join_is_told_so(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let talk = noa.writes("hej").await;
        assert_eq!(ends(&noa, joins(&world, talk, id(), "Festen")).await, "role-refused");
        assert_eq!(ends(&noa, leaves(&world, talk, id())).await, "role-refused");
        assert_eq!(ends(&kim, joins(&world, id(), id(), "Festen")).await, "not-found");
        assert_eq!(ends(&kim, joins(&world, talk, id(), "  ")).await, "text-empty");
        assert_eq!(ends(&kim, joins(&world, talk, id(), &"x".repeat(101))).await, "text-too-long");
        let revision = kim.sees(talk).await["revision"].clone();
        assert_eq!(ends(&kim, leaves(&world, talk, id())).await, "applied", "it is not in it already");
        assert_eq!(kim.sees(talk).await["revision"], revision, "and so nothing has changed");
    }

    async fn an_erased_talk_leaves_its_incident(world) {
        let (noa, ida, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        let lead = world.staff("03", Role::Lead).await;
        let (gone, kept, incident) = (talk(&noa, &kim).await, talk(&ida, &kim).await, id());
        for talk in [gone, kept] {
            kim.does(joins(&world, talk, incident, "Festen")).await;
        }
        let number = kim.sees(kept).await["incident"]["number"].as_str().unwrap().to_owned();
        erases(&lead, "conversation", gone).await.ok();
        assert_eq!(finds(&kim, &format!("number={number}")).await, [kept]);
        assert_eq!(kim.sees(kept).await["incident"]["title"], "Festen");
    }

    async fn officers_look_for_talks_by_what_is_no_word_of_anybody(world) {
        let (kim, lead) = (world.officer("07").await, world.staff("03", Role::Lead).await);
        let quarter = lead.makes_quarter("Spelkvällen").await;
        let poster = id();
        kim.asks(Method::PUT, &format!("/api/v1/rooms/posters/{poster}"), Some(&json!({"quarter_id": quarter, "place": "Kupolen"}))).await.ok();
        let noa = world.youth().await;
        let from_there = id();
        noa.does(noa.message_from(from_there, "hej från spelet", &poster.to_string())).await;
        world.clock.wind(60);
        let later = world.now();
        let cried = noa.cries("han har kniv").await;
        let taken = noa.writes("jag undrar en sak").await;
        kim.takes(taken).await;
        let card = on_talk(&world, "handover-make", taken, json!({"handover_id": id(), "receiver": "112", "card": {"what": "bråk"}}));
        kim.does(card).await;
        let cards = kim.asks(Method::GET, &format!("/api/v1/handovers/conversations/{taken}/cards"), None).await.ok();
        let number = cards["items"][0]["number"].as_str().unwrap().to_lowercase();

        let later = later.replace('+', "%2B");
        for (by, expected) in [
            (format!("quarter_id={quarter}"), vec![from_there]),
            ("priority=p1".to_owned(), vec![cried]),
            ("holder=07&state=taken".to_owned(), vec![taken]),
            ("holder=12".to_owned(), vec![]),
            (format!("number={number}"), vec![taken]),
            ("number=XXXX-XXXX".to_owned(), vec![]),
            (format!("until={later}"), vec![from_there]),
            (format!("from={later}&priority=p1"), vec![cried]),
            ("state=closed&priority=p1".to_owned(), vec![]),
        ] {
            assert_eq!(finds(&kim, &by).await, expected, "{by}");
        }
        let page = kim.asks(Method::GET, &format!("/api/v1/chat/conversations?from={later}&limit=1"), None).await.ok();
        let next = page["next"].as_str().unwrap();
        assert_eq!(finds(&kim, &format!("from={later}&limit=1&next={next}")).await.len(), 1, "page by page");
        for by in ["priority=p9", "from=yesterday", "quarter_id=x"] {
            let answer = kim.asks(Method::GET, &format!("/api/v1/chat/conversations?{by}"), None).await;
            assert_eq!(answer.problem(), "malformed", "{by}");
        }
        let hers = noa.asks(Method::GET, "/api/v1/chat/conversations?priority=p1", None).await;
        assert_eq!(hers.problem(), "role-refused", "priorities are no matter of a youth's");

        // By what it was looked stands in the log, and never for what.
        let lines = audit_entry::Entity::find().all(world.deps.db.read()).await.unwrap();
        let searched: Vec<_> = lines.iter().filter(|line| line.subject_id == kim.account_id).filter_map(|line| line.detail.clone()).collect();
        for detail in ["conversation-search quarter", "conversation-search holder", "conversation-search priority time"] {
            assert!(searched.iter().any(|one| one == detail), "{detail} is not in {searched:?}");
        }
        assert!(!format!("{searched:?}").to_lowercase().contains(&number), "{searched:?}");
        assert_eq!(searched.len(), 11, "each look for talks is one line: {searched:?}");
    }
}
