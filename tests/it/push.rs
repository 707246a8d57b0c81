//! Waking a sleeping phone: who is woken, what is said, and what becomes of an address that is dead.

use std::time::Duration;

use entities::job;
use natpatrull::push;
use reqwest::Method;
use sea_orm::{EntityTrait, sea_query::Expr};
use serde_json::{Value, json};
use tests::{
    World, on_both_databases,
    people::{Person, action},
    push_service::{Answers, PushService},
    world::id,
};

const SUBSCRIPTION: &str = "/api/v1/push/subscription";

async fn subscribes(who: &impl Person, subscription: &Value) {
    who.asks(Method::PUT, SUBSCRIPTION, Some(subscription)).await.ok();
}

fn with_hours(mut subscription: Value, from: &str, until: &str) -> Value {
    subscription["hours"] = json!({"from": from, "until": until});
    subscription
}

/// How long the push service may keep what came last.
fn ttl(service: &PushService) -> i64 {
    let arrived = service.arrived.lock().unwrap();
    arrived.last().unwrap().headers.iter().find_map(|line| line.strip_prefix("ttl: ")).unwrap().parse().unwrap()
}

/// For all who asked for the topic.
fn tip(world: &World, topic: &str) -> Value {
    let text = "Fråga kompisen på ett annat sätt först.";
    action(world, "tips", "tip-publish", json!({"tip_id": id(), "topic": topic, "text": text, "action": "read"}))
}

on_both_databases! {
    async fn an_answer_wakes_the_youths_phone_and_says_nothing(world) {
        let service = PushService::start().await;
        let (noa, sam, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        subscribes(&noa, &service.subscription(true, &[], &[])).await;
        subscribes(&sam, &service.subscription(true, &[], &[])).await;
        let conversation = noa.writes("hej").await;
        kim.takes(conversation).await;
        kim.answers(conversation, "hemligt svar").await;
        push::run_due(&world.deps).await.unwrap();

        let arrived = service.arrived.lock().unwrap().clone();
        assert_eq!(arrived.len(), 1, "only her phone, once");
        let headers = arrived[0].headers.join("\n");
        for part in ["authorization: vapid t=", "content-encoding: aes128gcm", "ttl: ", "urgency: high"] {
            assert!(headers.contains(part), "{part} is missing in\n{headers}");
        }
        assert!(arrived[0].body.len() < 4096);
        assert!(!String::from_utf8_lossy(&arrived[0].body).contains("hemligt"), "the push is encrypted");
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 1, "done is done");
    }

    async fn a_dead_address_goes(world) {
        for status in [404, 410] {
            let service = PushService::start().await;
            service.answers(status);
            let noa = world.youth().await;
            subscribes(&noa, &service.subscription(true, &[], &[])).await;
            noa.asks(Method::POST, "/api/v1/push/subscription/test", None).await;
            push::run_due(&world.deps).await.unwrap();
            assert_eq!(service.count(), 1);
            assert_eq!(noa.asks(Method::GET, SUBSCRIPTION, None).await.problem(), "not-found", "after {status} the row is gone");
        }
    }

    async fn a_busy_push_service_is_asked_again_later(world) {
        let service = PushService::start().await;
        service.answers(429);
        let noa = world.youth().await;
        subscribes(&noa, &service.subscription(true, &[], &[])).await;
        noa.asks(Method::POST, "/api/v1/push/subscription/test", None).await;
        push::run_due(&world.deps).await.unwrap();
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 1, "not before it is due");
        service.answers(201);
        world.clock.wind(29);
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 1, "not before the service said");
        world.clock.wind(60);
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 2);
        noa.asks(Method::GET, SUBSCRIPTION, None).await.ok();
    }

    async fn what_comes_while_it_is_not_safe_waits_and_becomes_one(world) {
        let service = PushService::start().await;
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        // The clock stands at one in the afternoon.
        subscribes(&noa, &with_hours(service.subscription(true, &["scams"], &["2480"]), "20:00", "22:00")).await;
        let conversation = noa.writes("hej").await;
        kim.takes(conversation).await;
        for text in ["är du där?", "jag är kvar"] {
            kim.answers(conversation, text).await;
            push::run_due(&world.deps).await.unwrap();
        }
        kim.does(tip(&world, "scams")).await;
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 0, "it is not safe yet");
        // What the app shows does not wait.
        assert_eq!(noa.reads_messages(conversation).await.len(), 3);
        noa.asks(Method::POST, "/api/v1/push/subscription/test", None).await;
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 1, "whoever asks for a test looks at the phone");
        world.clock.wind(7 * 3600 - 1);
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 1, "a second before eight");
        world.clock.wind(1);
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 2, "three things came, and one is told");
        assert_eq!(ttl(&service), 2 * 3600, "nor does the push service wake a phone after ten that sleeps until then");
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 2);
    }

    async fn what_waits_follows_the_hours_that_are_chosen_last(world) {
        let service = PushService::start().await;
        let (mut noa, kim) = (world.youth().await, world.officer("07").await);
        let subscription = service.subscription(true, &[], &[]);
        subscribes(&noa, &with_hours(subscription.clone(), "20:00", "02:00")).await;
        let conversation = noa.writes("hej").await;
        kim.takes(conversation).await;
        kim.answers(conversation, "hej").await;
        push::run_due(&world.deps).await.unwrap();
        subscribes(&noa, &with_hours(subscription.clone(), "21:00", "02:00")).await;
        world.clock.wind(7 * 3600 + 1);
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 0, "eight is not safe any more");
        noa.token = noa.registers().await.ok()["access_token"].as_str().unwrap().to_owned();
        subscribes(&noa, &subscription).await;
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 1, "without hours it comes at once");
        assert_eq!(noa.asks(Method::GET, SUBSCRIPTION, None).await.ok()["hours"], Value::Null);
    }

    async fn a_phone_that_is_ended_while_something_waits_hears_nothing(world) {
        let service = PushService::start().await;
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let other = crate::sessions::opens_elsewhere(&noa).await;
        subscribes(&other, &with_hours(service.subscription(true, &[], &[]), "20:00", "22:00")).await;
        let conversation = noa.writes("hej").await;
        kim.takes(conversation).await;
        kim.answers(conversation, "hej").await;
        push::run_due(&world.deps).await.unwrap();
        noa.asks(Method::PUT, "/api/v1/identity/code", Some(&json!({"code": tests::people::digits()}))).await.ok();
        world.clock.wind(8 * 3600);
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 0);
    }

    async fn hours_that_are_none_and_hours_of_an_officer_are_not_taken(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let subscription = PushService::start().await.subscription(true, &[], &[]);
        for (from, until) in [("07:00", "07:00"), ("7:00", "22:00"), ("07:00", "24:00"), ("07:00", "kl tio")] {
            let asked = with_hours(subscription.clone(), from, until);
            assert_eq!(noa.asks(Method::PUT, SUBSCRIPTION, Some(&asked)).await.problem(), "malformed", "{from} {until}");
        }
        for (field, value) in [("hours", json!({"from": "07:00", "until": "22:00"})), ("telling", json!(true)), ("plain", json!(true))] {
            let mut asked = subscription.clone();
            asked[field] = value;
            let refused = kim.asks(Method::PUT, SUBSCRIPTION, Some(&asked)).await;
            assert_eq!((refused.problem(), &refused.json["fields"][0]["field"]), ("malformed", &json!(field)));
            assert_eq!(noa.asks(Method::PUT, SUBSCRIPTION, Some(&asked)).await.ok()[field], asked[field]);
        }
    }

    async fn an_address_inside_is_not_taken(world) {
        let service = PushService::start().await;
        let noa = world.youth().await;
        for endpoint in ["http://push.example.com/x", "https://10.0.0.1/x", "https://[::ffff:10.0.0.1]/x", "https://169.254.169.254/x", "nonsense"] {
            let mut subscription = service.subscription(true, &[], &[]);
            subscription["endpoint"] = json!(endpoint);
            let answer = noa.asks(Method::PUT, SUBSCRIPTION, Some(&subscription)).await;
            assert_eq!(answer.problem(), "endpoint-refused", "{endpoint}");
        }
    }

    async fn a_device_that_was_ended_hears_nothing(world) {
        let service = PushService::start().await;
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let other = crate::sessions::opens_elsewhere(&noa).await;
        subscribes(&other, &service.subscription(true, &["scams"], &["2480"])).await;
        let conversation = noa.writes("hej").await;
        noa.asks(Method::PUT, "/api/v1/identity/code", Some(&json!({"code": tests::people::digits()}))).await.ok();
        kim.takes(conversation).await;
        kim.answers(conversation, "hej").await;
        kim.does(tip(&world, "scams")).await;
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 0);
    }

    async fn a_push_service_does_not_learn_who_talks_with_whom(world) {
        let service = PushService::start().await;
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        subscribes(&noa, &service.subscription(true, &[], &[])).await;
        subscribes(&kim, &service.subscription(true, &[], &[])).await;
        let conversation = noa.writes("hej").await;
        kim.takes(conversation).await;
        let mut topics = Vec::new();
        for _ in 0..2 {
            kim.answers(conversation, "hej").await;
            noa.does(noa.message(conversation, "hej igen")).await;
            push::run_due(&world.deps).await.unwrap();
            for push in service.arrived.lock().unwrap().drain(..) {
                let topic = push.headers.iter().find_map(|line| line.strip_prefix("topic: ")).unwrap().to_owned();
                topics.push((push.path, topic));
            }
        }
        topics.sort();
        topics.dedup();
        // Newer pushes take the place of older ones at each device, and the two devices have nothing in common.
        assert_eq!(topics.len(), 2, "{topics:?}");
        assert_ne!(topics[0].1, topics[1].1);
        for (_, topic) in topics {
            assert_eq!(topic.len(), 32);
            assert!(!topic.contains(&conversation.simple().to_string()));
        }
    }

    async fn an_address_that_never_answers_goes_in_the_end(world) {
        let noa = world.youth().await;
        let mut subscription = PushService::start().await.subscription(true, &[], &[]);
        subscription["endpoint"] = json!("http://127.0.0.1:9/nobody");
        subscribes(&noa, &subscription).await;
        for given_up in 0..3 {
            assert!(noa.asks(Method::GET, SUBSCRIPTION, None).await.status.is_success(), "after {given_up} pushes");
            noa.asks(Method::POST, "/api/v1/push/subscription/test", None).await;
            for _ in 0..8 {
                // Each try is due at once; how long the waits are is told elsewhere.
                let tx = world.deps.db.begin().await.unwrap();
                job::Entity::update_many().col_expr(job::Column::RunAt, Expr::value(0_i64)).exec(&*tx).await.unwrap();
                tx.commit().await.unwrap();
                push::run_due(&world.deps).await.unwrap();
            }
        }
        assert_eq!(noa.asks(Method::GET, SUBSCRIPTION, None).await.problem(), "not-found");
    }

    async fn a_phone_that_signed_out_is_not_woken(world) {
        let service = PushService::start().await;
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        subscribes(&noa, &service.subscription(true, &["scams"], &["2480"])).await;
        let conversation = noa.writes("hej").await;
        noa.asks(Method::POST, "/api/v1/identity/sign-out", None).await;
        kim.takes(conversation).await;
        kim.answers(conversation, "hej").await;
        kim.does(tip(&world, "scams")).await;
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 0);
    }

    async fn an_address_wakes_whom_it_was_given_for_last(world) {
        let service = PushService::start().await;
        let (noa, sam, kim) = (world.youth().await, world.youth().await, world.officer("07").await);
        let subscription = service.subscription(true, &[], &[]);
        subscribes(&noa, &subscription).await;
        subscribes(&sam, &subscription).await;
        assert_eq!(noa.asks(Method::GET, SUBSCRIPTION, None).await.problem(), "not-found");
        let conversation = noa.writes("hej").await;
        kim.takes(conversation).await;
        kim.answers(conversation, "hej").await;
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 0, "the browser has left this account");
        subscribes(&sam, &subscription).await;
        sam.asks(Method::GET, SUBSCRIPTION, None).await.ok();
    }

    async fn addresses_that_hang_hold_up_no_answer_and_no_stop(world) {
        let (silent, service) = (PushService::that(Answers::Never).await, PushService::start().await);
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        for _ in 0..40 {
            subscribes(&world.youth().await, &silent.subscription(true, &["scams"], &["2480"])).await;
        }
        subscribes(&noa, &service.subscription(true, &[], &[])).await;
        kim.does(tip(&world, "scams")).await;
        let conversation = noa.writes("hej").await;
        let working = tokio::spawn(push::work(world.deps.clone()));
        let within = async |seconds, mut done: Box<dyn FnMut() -> bool>| {
            let waiting = async {
                while !done() {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            };
            tokio::time::timeout(Duration::from_secs(seconds), waiting).await.is_ok()
        };
        let hung = silent.clone();
        assert!(within(10, Box::new(move || hung.count() >= 8)).await, "the tips are on their way");
        kim.takes(conversation).await;
        kim.answers(conversation, "hej").await;
        let heard = service.clone();
        assert!(within(10, Box::new(move || heard.count() == 1)).await, "an answer waits behind tips");
        assert_eq!(silent.count(), 8, "a push service of which nothing is known gets few at once");
        world.deps.stop.tell();
        tokio::time::timeout(Duration::from_secs(8), working).await.expect("the worker does not stop").unwrap();
    }

    async fn a_new_key_is_for_those_who_subscribe_and_the_old_one_holds_until_they_have(world) {
        let key = async || world.asks(Method::GET, "/api/v1/push/key", None, None).await.ok();
        let (service, noa, sam) = (PushService::start().await, world.youth().await, world.youth().await);
        let signed_by = async |who: &tests::Youth| {
            who.asks(Method::POST, "/api/v1/push/subscription/test", None).await;
            push::run_due(&world.deps).await.unwrap();
            let arrived = service.arrived.lock().unwrap();
            let signature = arrived.last().unwrap().signature.clone();
            signature.split_once("k=").unwrap().1.to_owned()
        };
        let first = key().await;
        let subscription = service.subscription(true, &[], &[]);
        subscribes(&noa, &subscription).await;
        subscribes(&sam, &service.subscription(true, &[], &[])).await;
        assert_eq!(signed_by(&noa).await, first["public_key"].as_str().unwrap());

        world.clock.wind(1);
        let made = push::make_key(&world.deps).await.unwrap();
        let second = key().await;
        assert_eq!((&second["key_id"], &second["still_valid"]), (&json!(made.id), &json!([first["key_id"]])));
        push::settle_keys(&world.deps).await.unwrap();
        assert_eq!(signed_by(&noa).await, first["public_key"].as_str().unwrap(), "her browser knows the old one");

        let mut anew = subscription.clone();
        anew["key_id"] = json!("unknown");
        assert_eq!(noa.asks(Method::PUT, SUBSCRIPTION, Some(&anew)).await.problem(), "malformed");
        anew["key_id"] = second["key_id"].clone();
        subscribes(&noa, &anew).await;
        assert_eq!(signed_by(&noa).await, second["public_key"].as_str().unwrap());
        push::settle_keys(&world.deps).await.unwrap();
        assert_eq!(key().await["still_valid"], json!([first["key_id"]]), "one phone has not moved over");
        world.clock.wind(91 * 24 * 3600);
        push::settle_keys(&world.deps).await.unwrap();
        assert_eq!(key().await["still_valid"], json!([]));
        let again = world.on_the_same_files().await;
        assert_eq!(again.keys.vapid.newest().id, made.id, "another start makes no key in the place of the first");
        assert!(again.keys.vapid.older().is_empty());
    }

    async fn answers_to_a_push_service_that_hangs_hold_up_no_other(world) {
        let (silent, service, noa) = (PushService::that(Answers::Never).await, PushService::start().await, world.youth().await);
        let asks = async |who: &tests::Youth, service: &PushService| {
            subscribes(who, &service.subscription(true, &[], &[])).await;
            who.asks(Method::POST, "/api/v1/push/subscription/test", None).await;
        };
        for _ in 0..40 {
            asks(&world.youth().await, &silent).await;
        }
        let working = tokio::spawn(push::work(world.deps.clone()));
        let comes_to = async |service: &PushService, count| {
            for _ in 0..1000 {
                if service.count() == count {
                    return true;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            false
        };
        assert!(comes_to(&silent, 24).await, "{} of those who hang were told", silent.count());
        asks(&noa, &service).await;
        assert!(comes_to(&service, 1).await, "an answer waits behind another push service");
        assert_eq!(silent.count(), 24);
        working.abort();
    }

    async fn a_phone_that_unsubscribes_sleeps_on(world) {
        let service = PushService::start().await;
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        subscribes(&noa, &service.subscription(true, &["scams"], &["2480"])).await;
        noa.asks(Method::DELETE, SUBSCRIPTION, None).await;
        kim.does(tip(&world, "scams")).await;
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 0);
    }
}
