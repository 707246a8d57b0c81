//! The box of ideas: what is sent is read by nobody before an officer has shown it, nobody learns who wrote or supports what, and
//! what tells of harm becomes a talk.

use entities::{content_key, idea, idea_support};
use natpatrull::chores;
use reqwest::Method;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use tests::{
    World, on_both_databases,
    people::{Person, Youth, action},
    world::{Answer, id},
};
use uuid::Uuid;

/// Sends an idea. Gives its id.
async fn wishes(world: &World, noa: &Youth, text: &str) -> Uuid {
    let idea_id = id();
    noa.does(action(world, "ideas", "idea-send", json!({"idea_id": idea_id, "kind": "idea", "text": text}))).await;
    idea_id
}

fn act(world: &World, kind: &str, idea: Uuid, revision: i64, more: Value) -> Value {
    let mut body = json!({"idea_id": idea, "expected_revision": revision});
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    action(world, "ideas", kind, body)
}

async fn refused(who: &impl Person, action: Value) -> String {
    who.pushes(&[action]).await[0]["problem"]["kind"].as_str().unwrap_or_default().to_owned()
}

async fn listed(world: &World, query: &str) -> Vec<Value> {
    let path = format!("/api/v1/ideas{query}");
    world.asks(Method::GET, &path, None, None).await.ok()["items"].as_array().unwrap().clone()
}

async fn of(who: &impl Person, path: &str) -> Vec<Value> {
    who.asks(Method::GET, &format!("/api/v1/ideas/{path}"), None).await.ok()["items"].as_array().unwrap().clone()
}

async fn supports(who: &impl Person, idea: Uuid) -> Answer {
    who.asks(Method::PUT, &format!("/api/v1/ideas/{idea}/support"), None).await
}

async fn supports_no_more(who: &impl Person, idea: Uuid) -> Answer {
    who.asks(Method::DELETE, &format!("/api/v1/ideas/{idea}/support"), None).await
}

on_both_databases! {
    async fn an_idea_is_read_by_all_once_an_officer_has_shown_it(world) {
        let (noa, sam, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        let idea = wishes(&world, &noa, "  Var med i vår server.  ").await;
        assert_eq!(listed(&world, "").await, Vec::<Value>::new());
        assert_eq!(world.asks(Method::GET, &format!("/api/v1/ideas/{idea}"), None, None).await.problem(), "not-found");
        assert_eq!(of(&sam, "mine").await.len(), 0);
        assert_eq!(of(&noa, "mine").await[0]["state"], "waiting");
        let waiting = of(&kim, "box").await;
        assert_eq!((&waiting[0]["text"], &waiting[0]["priority"]), (&json!("Var med i vår server."), &json!("p3")));

        kim.does(act(&world, "idea-show", idea, 1, json!({}))).await;
        let shown = listed(&world, "").await;
        assert_eq!((&shown[0]["text"], &shown[0]["support"]), (&json!("Var med i vår server."), &json!(1)));
        for who_wrote in [noa.account_id.to_string(), noa.device_id.to_string()] {
            let told = [json!(shown), json!(of(&kim, "box?state=shown").await)];
            assert!(told.iter().all(|told| !told.to_string().contains(&who_wrote)));
        }
        assert!(shown[0]["sent_at"].is_null() && shown[0]["public_number"].is_null());
        assert_eq!(refused(&kim, act(&world, "idea-show", idea, 1, json!({}))).await, "revision-conflict");
        kim.does(act(&world, "idea-hide", idea, 2, json!({"hiding": "names-somebody"}))).await;
        assert_eq!(listed(&world, "").await, Vec::<Value>::new());
        assert_eq!(of(&noa, "mine").await[0]["hiding"], "names-somebody");
    }

    async fn what_cannot_be_sent_is_said(world) {
        let (noa, sam, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        let send = |idea: Uuid, text: &str| action(&world, "ideas", "idea-send", json!({"idea_id": idea, "kind": "idea", "text": text}));
        assert_eq!(refused(&noa, send(id(), "   ")).await, "text-empty");
        assert_eq!(refused(&noa, send(id(), &"o".repeat(501))).await, "text-too-long");
        assert_eq!(refused(&kim, send(id(), "Hej")).await, "role-refused");
        let idea = wishes(&world, &noa, "Hej").await;
        assert_eq!(refused(&sam, send(idea, "Hej")).await, "conflict");
        for kind in ["idea-show", "idea-hide", "idea-merge", "idea-answer", "idea-open-talk"] {
            let more = json!({"hiding": "talk", "into": id(), "outcome": "done", "answer": "Klart.", "conversation_id": id()});
            let fields: &[&str] = match kind { "idea-hide" => &["hiding"], "idea-merge" => &["into"], "idea-answer" => &["outcome", "answer"], "idea-open-talk" => &["conversation_id"], _ => &[] };
            let more: serde_json::Map<_, _> = fields.iter().map(|name| ((*name).to_owned(), more[*name].clone())).collect();
            assert_eq!(refused(&noa, act(&world, kind, idea, 1, Value::Object(more))).await, "role-refused", "{kind}");
        }
        for nth in 1..20 {
            wishes(&world, &noa, &format!("Nummer {nth}")).await;
        }
        let late = noa.pushes(&[send(id(), "En till")]).await;
        assert_eq!((&late[0]["outcome"], &late[0]["problem"]["kind"]), (&json!("retry"), &json!("rate-limited")), "it is kept and sent again");
    }

    async fn a_device_supports_an_idea_once_and_may_change_its_mind(world) {
        let (noa, sam, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        let idea = wishes(&world, &noa, "Var med i vår server.").await;
        assert_eq!(supports(&sam, idea).await.problem(), "not-found", "it is not shown");
        kim.does(act(&world, "idea-show", idea, 1, json!({}))).await;
        for _ in 0..2 {
            let now = supports(&sam, idea).await.ok();
            assert_eq!((&now["support"], &now["supported"]), (&json!(2), &json!(true)));
        }
        let own = supports(&noa, idea).await.ok();
        assert_eq!((&own["support"], &own["supported"]), (&json!(2), &json!(true)), "she does already");
        assert_eq!(supports_no_more(&noa, idea).await.ok()["supported"], true);
        for _ in 0..2 {
            let now = supports_no_more(&sam, idea).await.ok();
            assert_eq!((&now["support"], &now["supported"]), (&json!(1), &json!(false)));
        }
        assert_eq!(supports(&kim, idea).await.problem(), "role-refused");
        supports(&sam, idea).await.ok();
        assert_eq!(listed(&world, "?order=support").await[0]["support"], 2);
    }

    async fn twins_count_together_and_are_answered_together(world) {
        let (noa, sam, tea, kim) = (world.youth().await, world.youth().await, world.youth().await, world.officer("07").await);
        let (idea, twin, third) = (wishes(&world, &noa, "Kom till Blå torn").await, wishes(&world, &sam, "blå torn!!").await, wishes(&world, &noa, "BLÅ TORN").await);
        let merge = |from: Uuid, revision: i64, into: Uuid| act(&world, "idea-merge", from, revision, json!({"into": into}));
        assert_eq!(refused(&kim, merge(twin, 1, idea)).await, "malformed", "the other is not shown");
        for one in [idea, twin] {
            kim.does(act(&world, "idea-show", one, 1, json!({}))).await;
        }
        supports(&tea, twin).await.ok();
        assert_eq!(refused(&kim, merge(twin, 2, twin)).await, "malformed");
        kim.does(merge(third, 1, twin)).await;
        kim.does(merge(twin, 2, idea)).await;
        assert_eq!(listed(&world, "").await.iter().map(|one| &one["support"]).collect::<Vec<_>>(), [&json!(4)]);
        for other in [twin, third] {
            let found = world.asks(Method::GET, &format!("/api/v1/ideas/{other}"), None, None).await.ok();
            assert_eq!(found["idea_id"], json!(idea), "one leads to the other");
        }
        for already in [&noa, &sam, &tea] {
            assert_eq!(supports(already, idea).await.ok()["support"], 4, "who supports a twin supports this");
        }
        assert_eq!(refused(&kim, act(&world, "idea-hide", twin, 3, json!({"hiding": "talk"}))).await, "conflict");

        let told = async || sam.pulls(&format!("inbox:{}", sam.account_id)).await["head"].as_i64().unwrap();
        let before = told().await;
        kim.does(act(&world, "idea-answer", idea, 2, json!({"outcome": "done", "answer": " Nu är vi där. "}))).await;
        assert_eq!(told().await, before + 1, "the writer of a twin is told");
        assert_eq!(listed(&world, "").await, Vec::<Value>::new());
        let answered = listed(&world, "?answered=true").await;
        assert_eq!((&answered[0]["answer"], &answered[0]["outcome"]), (&json!("Nu är vi där."), &json!("done")));
        assert_eq!(supports(&tea, idea).await.problem(), "conflict", "it is answered");
        let own = of(&sam, "mine").await;
        assert_eq!((&own[0]["state"], &own[0]["merged_into"]), (&json!("merged"), &json!(idea)));

        noa.does(action(&world, "ideas", "idea-take-back", json!({"idea_id": idea}))).await;
        assert_eq!(listed(&world, "?answered=true").await, Vec::<Value>::new());
        assert_eq!(of(&sam, "mine").await[0]["state"], "waiting", "what counted with it stands for itself");
    }

    async fn what_tells_of_harm_comes_first_and_becomes_a_talk_by_one_press(world) {
        let (noa, sam, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        wishes(&world, &sam, "Var med i spel").await;
        let idea = wishes(&world, &noa, "Jag vill inte leva, jag har en kniv").await;
        let waiting = of(&kim, "box").await;
        assert_eq!(waiting[0]["idea_id"], json!(idea), "it came later and stands first");
        assert!(waiting[0]["priority"] != "p3" && waiting[0]["reasons"].as_array().is_some_and(|reasons| !reasons.is_empty()));
        let talk = id();
        let opens = |talk: Uuid, revision: i64| act(&world, "idea-open-talk", idea, revision, json!({"conversation_id": talk}));
        assert_eq!(refused(&kim, opens(id(), 2)).await, "revision-conflict");
        kim.does(opens(talk, 1)).await;
        let path = format!("/api/v1/chat/conversations/{talk}");
        let begun = kim.asks(Method::GET, &path, None).await.ok();
        assert_eq!((&begun["state"], &begun["priority"]), (&json!("taken"), &waiting[0]["priority"]), "as urgent as her words");
        noa.asks(Method::GET, &path, None).await.ok();
        assert_eq!(sam.asks(Method::GET, &path, None).await.problem(), "not-found");
        let own = of(&noa, "mine").await;
        assert_eq!((&own[0]["state"], &own[0]["hiding"], &own[0]["conversation_id"]), (&json!("not-shown"), &json!("talk"), &json!(talk)));
        assert_eq!(refused(&kim, opens(id(), 2)).await, "conflict", "its talk goes on");
        assert_eq!(refused(&kim, act(&world, "idea-show", idea, 2, json!({}))).await, "conflict");
    }

    async fn words_go_with_what_is_taken_back_and_with_age(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let (taken_back, waits, hidden, shown) = (
            wishes(&world, &noa, "Ett").await, wishes(&world, &noa, "Två").await,
            wishes(&world, &noa, "Tre").await, wishes(&world, &noa, "Fyra").await,
        );
        let ideas = async || idea::Entity::find().count(world.deps.db.read()).await.unwrap();
        let keys = async || content_key::Entity::find().count(world.deps.db.read()).await.unwrap();
        let of_sam = action(&world, "ideas", "idea-take-back", json!({"idea_id": taken_back}));
        assert_eq!(refused(&world.youth().await, of_sam).await, "not-found");
        noa.does(action(&world, "ideas", "idea-take-back", json!({"idea_id": taken_back}))).await;
        assert_eq!((ideas().await, keys().await), (3, 3));
        kim.does(act(&world, "idea-hide", hidden, 1, json!({"hiding": "against-rules"}))).await;
        kim.does(act(&world, "idea-show", shown, 1, json!({}))).await;
        supports(&world.youth().await, shown).await.ok();

        world.clock.wind(91 * 24 * 3600);
        chores::run_due(&world.deps).await.unwrap();
        let left: Vec<idea::Model> = idea::Entity::find().all(world.deps.db.read()).await.unwrap();
        assert_eq!((left.len(), keys().await), (2, 2), "what was not shown is gone");
        let writer = |id: Uuid| left.iter().find(|row| row.idea_id.0 == id).unwrap().account_id;
        assert_eq!((writer(waits).is_some(), writer(shown)), (true, None), "who wrote it is forgotten");
        assert_eq!(idea_support::Entity::find().count(world.deps.db.read()).await.unwrap(), 1);
        let kim = world.officer("08").await;
        kim.does(act(&world, "idea-answer", shown, 2, json!({"outcome": "not-possible", "answer": "Det går inte än."}))).await;
        world.clock.wind(90 * 24 * 3600);
        chores::run_due(&world.deps).await.unwrap();
        assert_eq!(ideas().await, 1, "what nobody decided is gone too");
        assert_eq!(idea_support::Entity::find().count(world.deps.db.read()).await.unwrap(), 0);
        world.clock.wind(731 * 24 * 3600);
        chores::run_due(&world.deps).await.unwrap();
        assert_eq!((ideas().await, keys().await), (0, 0));
    }

    async fn pages_follow_each_other_in_both_orders(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let mut sent = Vec::new();
        for nth in 0..5 {
            let idea = wishes(&world, &noa, &format!("Nummer {nth}")).await;
            kim.does(act(&world, "idea-show", idea, 1, json!({}))).await;
            world.clock.wind(1);
            sent.push(idea);
        }
        supports(&world.youth().await, sent[1]).await.ok();
        for order in ["newest", "support"] {
            let (mut found, mut next) = (Vec::new(), String::new());
            loop {
                let path = format!("/api/v1/ideas?order={order}&limit=2{next}");
                let page = world.asks(Method::GET, &path, None, None).await.ok();
                found.extend(page["items"].as_array().unwrap().iter().map(|one| one["idea_id"].as_str().unwrap().parse::<Uuid>().unwrap()));
                let Some(more) = page["next"].as_str() else { break };
                next = format!("&next={more}");
            }
            let mut each = found.clone();
            each.sort_unstable();
            each.dedup();
            assert_eq!((found.len(), each.len()), (5, 5), "{order}: {found:?}");
            assert_eq!(found[0], if order == "newest" { sent[4] } else { sent[1] });
        }
    }

    async fn an_idea_and_a_talk_of_the_same_id_have_nothing_in_common(world) {
        let (noa, sam, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        let talk = noa.writes("det här är viktigt").await;
        noa.does(action(&world, "ideas", "idea-send", json!({"idea_id": talk, "kind": "idea", "text": "Hej"}))).await;
        noa.does(action(&world, "ideas", "idea-take-back", json!({"idea_id": talk}))).await;
        assert_eq!(kim.reads_messages(talk).await[0]["text"], "det här är viktigt");

        let idea = wishes(&world, &noa, "Var med i spel").await;
        kim.does(act(&world, "idea-show", idea, 1, json!({}))).await;
        sam.does(sam.message(idea, "jag tar ditt nummer")).await;
        noa.does(action(&world, "ideas", "idea-take-back", json!({"idea_id": idea}))).await;
        assert_eq!(sam.reads_messages(idea).await[0]["text"], "jag tar ditt nummer");
    }

    async fn support_stays_right_through_merging_changing_minds_and_taking_back(world) {
        let (noa, sam, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        let (root, middle, leaf) = (wishes(&world, &noa, "Ett").await, wishes(&world, &sam, "Två").await, wishes(&world, &sam, "Tre").await);
        for idea in [root, middle, leaf] {
            kim.does(act(&world, "idea-show", idea, 1, json!({}))).await;
        }
        let fans = [world.youth().await, world.youth().await];
        for fan in &fans {
            supports(fan, middle).await.ok();
        }
        let merge = |from: Uuid, into: Uuid| act(&world, "idea-merge", from, 2, json!({"into": into}));
        let both = kim.pushes(&[merge(leaf, middle), merge(middle, root)]).await;
        assert!(both.iter().all(|one| one["outcome"] == "applied"), "{both:?}");
        let count = async || world.asks(Method::GET, &format!("/api/v1/ideas/{root}"), None, None).await.ok()["support"].as_i64().unwrap();
        assert_eq!(count().await, 5, "three writers and two more");
        supports_no_more(&fans[0], root).await.ok();
        assert_eq!(count().await, 4);
        sam.does(action(&world, "ideas", "idea-take-back", json!({"idea_id": middle}))).await;
        assert_eq!(count().await, 2, "the root and the leaf; who supported the middle supported that");
        sam.does(action(&world, "ideas", "idea-take-back", json!({"idea_id": leaf}))).await;
        assert_eq!(count().await, 1);
    }

    async fn what_counts_with_one_that_is_hidden_waits_again_for_as_long_as_any(world) {
        let (noa, sam, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        let (root, twin) = (wishes(&world, &noa, "Kim i nian är bäst").await, wishes(&world, &sam, "Kim är bäst").await);
        kim.does(act(&world, "idea-show", root, 1, json!({}))).await;
        kim.does(act(&world, "idea-merge", twin, 1, json!({"into": root}))).await;
        assert_eq!(refused(&kim, act(&world, "idea-open-talk", twin, 2, json!({"conversation_id": id()}))).await, "conflict");
        world.clock.wind(170 * 24 * 3600);
        let kim = world.officer("08").await;
        kim.does(act(&world, "idea-hide", root, 2, json!({"hiding": "names-somebody"}))).await;
        let waiting = of(&kim, "box").await;
        assert_eq!((&waiting[0]["idea_id"], &waiting[0]["support"]), (&json!(twin), &json!(1)));
        assert_eq!(of(&kim, "box?state=not-shown").await[0]["support"], 1);
        world.clock.wind(91 * 24 * 3600);
        chores::run_due(&world.deps).await.unwrap();
        let left: Vec<idea::Model> = idea::Entity::find().all(world.deps.db.read()).await.unwrap();
        assert_eq!(left.iter().map(|row| row.idea_id.0).collect::<Vec<_>>(), [twin], "it is as if it had come when it was let go");
    }

    async fn hidden_and_shown_again_an_idea_is_what_it_was(world) {
        let (noa, sam, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        let idea = wishes(&world, &noa, "Var med i spel").await;
        kim.does(act(&world, "idea-show", idea, 1, json!({}))).await;
        supports(&sam, idea).await.ok();
        kim.does(act(&world, "idea-hide", idea, 2, json!({"hiding": "not-understood"}))).await;
        chores::run_due(&world.deps).await.unwrap();
        kim.does(act(&world, "idea-show", idea, 3, json!({}))).await;
        assert_eq!(supports(&sam, idea).await.ok()["support"], 2, "she does already");
        kim.does(act(&world, "idea-answer", idea, 4, json!({"outcome": "done", "answer": "Klart."}))).await;
        kim.does(act(&world, "idea-hide", idea, 5, json!({"hiding": "not-understood"}))).await;
        kim.does(act(&world, "idea-show", idea, 6, json!({}))).await;
        assert_eq!(listed(&world, "").await, Vec::<Value>::new());
        assert_eq!(listed(&world, "?answered=true").await[0]["answer"], "Klart.");
    }
}
