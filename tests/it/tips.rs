//! Safety tips: for whom, when and how often they come, and what becomes of one that was wrong.

use entities::{sending, sending_waiting, tip, words::Role};
use natpatrull::{chores, push};
use reqwest::Method;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use tests::{
    World, on_both_databases,
    people::{Person, action},
    push_service::PushService,
    world::id,
};
use uuid::Uuid;

const TEXT: &str = "Fråga kompisen på ett annat sätt först.";

/// A tip about scams, with some changes.
fn tip(world: &World, changes: Value) -> Value {
    let mut body = json!({"tip_id": id(), "topic": "scams", "text": TEXT, "action": "read"});
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    let mut tip = action(world, "tips", "tip-publish", body);
    tip["v"] = json!(2);
    tip
}

fn id_of(tip: &Value) -> Uuid {
    tip["body"]["tip_id"].as_str().unwrap().parse().unwrap()
}

fn recall(world: &World, tip: &Value, correction: &str) -> Value {
    let body = json!({"tip_id": id_of(tip), "expected_revision": 1, "correction": correction});
    action(world, "tips", "tip-recall", body)
}

async fn subscribes(who: &impl Person, service: &PushService, changes: Value) {
    let mut subscription = service.subscription(true, &["scams"], &["2480"]);
    for (name, value) in changes.as_object().unwrap() {
        subscription[name] = value.clone();
    }
    who.asks(Method::PUT, "/api/v1/push/subscription", Some(&subscription)).await.ok();
}

/// Some phones that a push service of their own wakes.
async fn crowd(world: &World, phones: usize, changes: Value) -> PushService {
    let service = PushService::start().await;
    for _ in 0..phones {
        subscribes(&world.youth().await, &service, changes.clone()).await;
    }
    service
}

async fn shown(world: &World) -> Vec<Value> {
    world.asks(Method::GET, "/api/v1/tips", None, None).await.ok()["items"].as_array().unwrap().clone()
}

async fn counted(who: &impl Person, audience: Value) -> Value {
    who.asks(Method::POST, "/api/v1/push/audience", Some(&audience)).await.ok()
}

async fn sums(who: &impl Person, tip: &Value) -> Value {
    who.asks(Method::GET, &format!("/api/v1/push/tips/{}", id_of(tip)), None).await.ok()["items"].clone()
}

async fn refused(who: &impl Person, tip: Value) -> String {
    who.pushes(&[tip]).await[0]["problem"]["kind"].as_str().unwrap_or_default().to_owned()
}

on_both_databases! {
    async fn a_tip_wakes_those_of_its_topic_places_ages_and_languages(world) {
        let kim = world.officer("07").await;
        let meant = crowd(&world, 20, json!({"age_band": "13-15"})).await;
        let both = crowd(&world, 1, json!({"age_band": "13-15", "municipalities": ["2480", "2580"]})).await;
        let others = PushService::start().await;
        for other in [
            json!({"age_band": "16-17"}), json!({}), json!({"age_band": "13-15", "topics": ["hate"]}),
            json!({"age_band": "13-15", "municipalities": ["2580"]}), json!({"age_band": "13-15", "municipalities": []}),
            json!({"age_band": "13-15", "locale": "en"}),
        ] {
            subscribes(&world.youth().await, &others, other).await;
        }
        let narrow = json!({"municipalities": ["2480"], "age_bands": ["13-15", "18-20"], "languages": ["sv"]});
        let mut audience = narrow.clone();
        audience["topic"] = json!("scams");
        assert_eq!(counted(&kim, audience).await, json!({"phones": 20, "least": 20}), "in whole tens");
        let sent = tip(&world, narrow);
        kim.does(sent).await;
        push::run_due(&world.deps).await.unwrap();
        assert_eq!((meant.count(), both.count(), others.count()), (20, 1, 0));
    }

    async fn so_few_phones_that_one_could_be_told_apart_are_counted_as_few_and_not_woken(world) {
        let (kim, few) = (world.officer("07").await, crowd(&world, 19, json!({})).await);
        assert_eq!(counted(&kim, json!({"topic": "scams", "municipalities": ["2480"]})).await, json!({"least": 20}));
        let narrow = tip(&world, json!({"municipalities": ["2480"]}));
        kim.does(narrow.clone()).await;
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(few.count(), 0, "that they are few is known before it is sent");
        let told = sums(&kim, &narrow).await;
        assert_eq!((&told[0]["state"], &told[0]["told"]), (&json!("too-few"), &json!({"least": 20})));
        assert_eq!(shown(&world).await.len(), 1, "it can be read all the same");
        // All who asked for the topic are no narrow circle.
        kim.does(tip(&world, json!({}))).await;
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(few.count(), 19);
    }

    async fn a_planned_tip_comes_when_its_time_has_come_and_goes_when_it_is_over(world) {
        let (kim, service) = (world.officer("07").await, crowd(&world, 1, json!({})).await);
        let times = json!({"publish_at": world.seconds_later(3600), "expires_at": world.seconds_later(7200)});
        let (planned, over) = (tip(&world, times.clone()), tip(&world, times));
        for one in [&planned, &over] {
            kim.does(one.clone()).await;
        }
        push::run_due(&world.deps).await.unwrap();
        assert_eq!((shown(&world).await.len(), service.count()), (0, 0));
        let path = format!("/api/v1/tips/{}", id_of(&planned));
        assert_eq!(world.asks(Method::GET, &path, None, None).await.problem(), "not-found", "before its time nobody reads it");
        let list = kim.asks(Method::GET, "/api/v1/tips/planned", None).await.ok();
        assert_eq!(list["items"][0]["state"], "planned");

        world.clock.wind(3600);
        push::run_due(&world.deps).await.unwrap();
        assert_eq!((shown(&world).await.len(), service.count()), (2, 2));
        assert_eq!(world.asks(Method::GET, &path, None, None).await.ok()["text"], TEXT);
        world.clock.wind(3600);
        assert_eq!(shown(&world).await.len(), 0, "it is over");
        let alex = world.officer("12").await;
        let list = alex.asks(Method::GET, "/api/v1/tips/planned", None).await.ok();
        assert_eq!(list["items"][0]["state"], "expired");
        for times in [
            json!({"publish_at": world.seconds_later(61 * 24 * 3600)}),
            json!({"expires_at": world.now()}),
            json!({"expires_at": world.seconds_later(61 * 24 * 3600)}),
        ] {
            assert_eq!(refused(&alex, tip(&world, times.clone())).await, "malformed", "{times}");
        }
    }

    async fn a_phone_gets_two_tips_of_a_topic_a_week_unless_a_lead_calls_one_urgent(world) {
        let (kim, lead) = (world.officer("07").await, world.staff("03", Role::Lead).await);
        let umeå = json!({"municipalities": ["2480"]});
        for _ in 0..2 {
            kim.does(tip(&world, umeå.clone())).await;
        }
        for third in [umeå.clone(), json!({}), json!({"municipalities": ["2480", "2580"], "publish_at": world.seconds_later(6 * 24 * 3600)})] {
            assert_eq!(refused(&kim, tip(&world, third.clone())).await, "tips-too-many", "{third}");
        }
        for other in [json!({"municipalities": ["2580"]}), json!({"topic": "hate"}), json!({"municipalities": ["2480"], "publish_at": world.seconds_later(7 * 24 * 3600)})] {
            kim.does(tip(&world, other)).await;
        }
        let mut urgent = umeå;
        urgent["urgent"] = json!(true);
        assert_eq!(refused(&kim, tip(&world, urgent.clone())).await, "role-refused");
        lead.does(tip(&world, urgent)).await;
    }

    async fn at_night_a_tip_waits_for_morning_and_an_answer_does_not(world) {
        // It is one in the afternoon; ten hours later the phones have been quiet for an hour.
        world.clock.wind(10 * 3600);
        let (noa, kim, service) = (world.youth().await, world.officer("07").await, PushService::start().await);
        subscribes(&noa, &service, json!({})).await;
        let (awake, nightly) = (PushService::start().await, PushService::start().await);
        subscribes(&world.youth().await, &awake, json!({"tips_at_night": true})).await;
        subscribes(&world.youth().await, &nightly, json!({"quiet_hours": {"from": "07:00", "until": "22:59"}})).await;
        kim.does(tip(&world, json!({}))).await;
        push::run_due(&world.deps).await.unwrap();
        assert_eq!((service.count(), awake.count(), nightly.count()), (0, 1, 1));
        let conversation = noa.writes("hej").await;
        kim.takes(conversation).await;
        kim.answers(conversation, "hej").await;
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 1, "an answer comes at eleven in the evening");
        world.clock.wind(8 * 3600 - 1);
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 1, "a second before seven");
        world.clock.wind(1);
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 2);
    }

    async fn a_tip_that_is_over_by_morning_wakes_nobody(world) {
        world.clock.wind(10 * 3600);
        let (kim, service) = (world.officer("07").await, crowd(&world, 1, json!({})).await);
        let short = tip(&world, json!({"expires_at": world.seconds_later(3600)}));
        kim.does(short.clone()).await;
        push::run_due(&world.deps).await.unwrap();
        world.clock.wind(8 * 3600);
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 0);
    }

    async fn a_tip_that_is_taken_back_stops_and_where_it_was_shown_the_correction_takes_its_place(world) {
        world.clock.wind(10 * 3600);
        let kim = world.officer("07").await;
        let (told, asleep) = (crowd(&world, 2, json!({"tips_at_night": true})).await, crowd(&world, 1, json!({})).await);
        let wrong = tip(&world, json!({"text_en": "Ask your friend in another way first."}));
        kim.does(wrong.clone()).await;
        push::run_due(&world.deps).await.unwrap();
        assert_eq!((told.count(), asleep.count()), (2, 0));
        assert_eq!(sums(&kim, &wrong).await.as_array().unwrap().len(), 1);
        let noa = world.youth().await;
        assert_eq!(refused(&noa, recall(&world, &wrong, "Fel dag.")).await, "role-refused");
        kim.does(recall(&world, &wrong, "Fel dag. Det gäller nästa helg.")).await;
        assert_eq!(refused(&kim, recall(&world, &wrong, "Igen")).await, "revision-conflict");
        push::run_due(&world.deps).await.unwrap();
        let topics: Vec<_> = told.arrived.lock().unwrap().iter().map(|push| {
            (push.path.clone(), push.headers.iter().find_map(|line| line.strip_prefix("topic: ")).unwrap().to_owned())
        }).collect();
        assert_eq!(topics.len(), 4);
        for (path, topic) in &topics {
            assert_eq!(topics.iter().filter(|other| &other.0 == path && &other.1 == topic).count(), 2, "the second takes the place of the first");
        }
        world.clock.wind(8 * 3600);
        push::run_due(&world.deps).await.unwrap();
        let told_asleep = asleep.count();
        assert!(told_asleep <= 1, "the tip itself wakes nobody any more");
        let read = shown(&world).await;
        assert_eq!((read.len(), &read[0]["text"], &read[0]["text_en"]), (1, &json!("Fel dag. Det gäller nästa helg."), &Value::Null));
        assert!(read[0]["recalled_at"].is_string());
        let alex = world.officer("12").await;
        let list = alex.asks(Method::GET, "/api/v1/tips/planned", None).await.ok();
        assert_eq!((&list["items"][0]["state"], &list["items"][0]["recalled_by"]), (&json!("recalled"), &json!("07")));
    }

    async fn a_planned_tip_that_is_taken_back_was_never_there(world) {
        let (kim, service) = (world.officer("07").await, crowd(&world, 1, json!({})).await);
        let planned = tip(&world, json!({"publish_at": world.seconds_later(3600)}));
        kim.does(planned.clone()).await;
        kim.does(recall(&world, &planned, "Det blev inte av.")).await;
        world.clock.wind(3600);
        push::run_due(&world.deps).await.unwrap();
        assert_eq!((shown(&world).await.len(), service.count()), (0, 0));
        // What was taken back is none of the two a week.
        let alex = world.officer("12").await;
        for _ in 0..2 {
            alex.does(tip(&world, json!({}))).await;
        }
    }

    async fn an_officers_phone_has_no_quiet_hours_and_no_age(world) {
        let (kim, service) = (world.officer("07").await, PushService::start().await);
        for (name, value) in [("quiet_hours", json!({"from": "22:00", "until": "07:00"})), ("tips_at_night", json!(true)), ("age_band", json!("13-15"))] {
            let mut subscription = service.subscription(true, &[], &[]);
            subscription[name] = value;
            let answer = kim.asks(Method::PUT, "/api/v1/push/subscription", Some(&subscription)).await;
            assert_eq!(answer.problem(), "malformed", "{name}");
        }
        kim.asks(Method::PUT, "/api/v1/push/subscription", Some(&service.subscription(true, &[], &[]))).await.ok();
        assert_eq!(kim.asks(Method::GET, "/api/v1/push/subscription", None).await.ok()["quiet_hours"], Value::Null);
        let noa = world.youth().await;
        let mut subscription = service.subscription(true, &[], &[]);
        subscription["quiet_hours"] = json!({"from": "22:00", "until": "22:00"});
        assert_eq!(noa.asks(Method::PUT, "/api/v1/push/subscription", Some(&subscription)).await.problem(), "malformed");
        subscribes(&noa, &service, json!({"age_band": "16-17"})).await;
        let kept = noa.asks(Method::GET, "/api/v1/push/subscription", None).await.ok();
        assert_eq!((&kept["quiet_hours"], &kept["age_band"]), (&json!({"from": "22:00", "until": "07:00"}), &json!("16-17")));
    }

    async fn the_sums_of_a_tip_and_who_waits_for_it_go_with_it(world) {
        let kim = world.officer("07").await;
        crowd(&world, 20, json!({"quiet_hours": {"from": "00:00", "until": "23:59"}})).await;
        let asked = tip(&world, json!({}));
        kim.does(asked).await;
        push::run_due(&world.deps).await.unwrap();
        let rows = async || {
            let db = world.deps.db.read();
            [tip::Entity::find().count(db).await.unwrap(), sending::Entity::find().count(db).await.unwrap(), sending_waiting::Entity::find().count(db).await.unwrap()]
        };
        assert_eq!(rows().await, [1, 1, 20]);
        world.clock.wind(366 * 24 * 3600);
        chores::run_due(&world.deps).await.unwrap();
        assert_eq!(rows().await, [0, 0, 0]);
    }
}
