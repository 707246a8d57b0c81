//! One thing told to many phones: what becomes of each answer of a push service, that a bad one holds up nobody else, and that
//! a program that is killed on the way tells everybody, nobody more than twice, and counts right.

use std::{collections::HashSet, time::Duration};

use entities::{push_subscription, sending, sending_waiting, words::SendingState};
use natpatrull::push;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, sea_query::Expr};
use serde_json::Value;
use tests::{
    World, on_both_databases,
    push_service::{Answers, PHONE_AUTH, PHONE_SECRET, PushService, sending, subscribes, tells},
};

async fn phones(world: &World) -> u64 {
    push_subscription::Entity::find().count(world.deps.db.read()).await.unwrap()
}

async fn waiting(world: &World) -> u64 {
    sending_waiting::Entity::find().count(world.deps.db.read()).await.unwrap()
}

fn sums(row: &sending::Model) -> [i64; 7] {
    [row.accepted, row.gone, row.refused, row.too_large, row.expired, row.unsure, row.waiting]
}

/// What a phone opens.
fn opened(body: &[u8]) -> Value {
    let public = p256::SecretKey::from_slice(&PHONE_SECRET).unwrap().public_key().to_sec1_bytes();
    let key = ece::EcKeyComponents::new(PHONE_SECRET.to_vec(), public.to_vec());
    serde_json::from_slice(&ece::decrypt(&key, &PHONE_AUTH, body).unwrap()).unwrap()
}

/// Works as the program does, until something is so.
async fn works_until(world: &World, so: impl Fn() -> bool) {
    let working = tokio::spawn(push::work(world.deps.clone()));
    let waiting = async {
        while !so() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let came = tokio::time::timeout(Duration::from_secs(20), waiting).await;
    working.abort();
    came.expect("it does not come to be so");
}

on_both_databases! {
    async fn everybody_is_told_once_and_counted(world) {
        let service = PushService::start().await;
        subscribes(&world.deps, &[&service], 730).await;
        let told = tells(&world.deps, world.deps.clock.now()).await;
        push::run_due(&world.deps).await.unwrap();
        let row = sending(&world.deps, told).await;
        assert_eq!((row.state, sums(&row)), (SendingState::Done, [730, 0, 0, 0, 0, 0, 0]));
        let arrived = service.arrived.lock().unwrap().clone();
        assert_eq!(arrived.iter().map(|push| &push.path).collect::<HashSet<_>>().len(), 730);
        assert_eq!(arrived.len(), 730);
        let signatures: HashSet<_> = arrived.iter().flat_map(|push| push.headers.iter().filter(|line| line.starts_with("authorization: "))).collect();
        assert_eq!(signatures.len(), 1, "one signature serves for a push service");
        let words = opened(&arrived[0].body);
        assert_eq!((&words["web_push"], words["tag"].as_str()), (&8030.into(), Some(&*format!("tip:{told}"))));
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 730, "done is done");
    }

    async fn each_answer_has_its_consequence(world) {
        let status = async |status| PushService::that(Answers::Status(status)).await;
        let (well, elsewhere) = (PushService::start().await, PushService::start().await);
        let (gone, not_found, large) = (status(410).await, status(404).await, status(413).await);
        let refusing = [status(400).await, status(401).await, status(403).await];
        let (busy, broken) = (status(429).await, status(500).await);
        let leads_inside = PushService::that(Answers::Redirect(elsewhere.url.clone())).await;
        let long = PushService::that(Answers::Large(10 << 20)).await;
        for service in [&well, &gone, &not_found, &large, &refusing[0], &refusing[1], &refusing[2], &busy, &broken, &leads_inside, &long] {
            subscribes(&world.deps, &[service], 2).await;
        }
        let told = tells(&world.deps, world.deps.clock.now()).await;
        push::run_due(&world.deps).await.unwrap();
        let row = sending(&world.deps, told).await;
        assert_eq!((row.state, sums(&row)), (SendingState::Sending, [4, 4, 6, 2, 0, 0, 6]));
        assert_eq!((elsewhere.count(), phones(&world).await, waiting(&world).await), (0, 18, 6));

        world.clock.wind(29);
        push::run_due(&world.deps).await.unwrap();
        assert_eq!((busy.count(), broken.count()), (2, 4), "one is asked again soon, the other not before it said");
        for service in [&busy, &broken, &leads_inside] {
            service.answers(201);
        }
        world.clock.wind(60);
        push::run_due(&world.deps).await.unwrap();
        let row = sending(&world.deps, told).await;
        assert_eq!((row.state, sums(&row)), (SendingState::Done, [10, 4, 6, 2, 0, 0, 0]));
        assert_eq!(waiting(&world).await, 0);

        // Refused a second and a third time: the phone has moved away.
        for left in [18, 12] {
            tells(&world.deps, world.deps.clock.now()).await;
            push::run_due(&world.deps).await.unwrap();
            assert_eq!(phones(&world).await, left);
        }
    }

    async fn whoever_does_not_answer_is_told_twice_at_most(world) {
        let (silent, cutting, slow) = (PushService::that(Answers::Never).await, PushService::that(Answers::Cut).await, PushService::that(Answers::Slowly).await);
        subscribes(&world.deps, &[&silent, &cutting, &slow], 6).await;
        let told = tells(&world.deps, world.deps.clock.now()).await;
        for _ in 0..4 {
            push::run_due(&world.deps).await.unwrap();
            world.clock.wind(1200);
        }
        let row = sending(&world.deps, told).await;
        assert_eq!((row.state, sums(&row)), (SendingState::Done, [0, 0, 0, 0, 0, 6, 0]));
        assert_eq!([silent.count(), cutting.count(), slow.count()], [4, 4, 4]);
    }

    async fn a_push_service_that_stays_broken_is_asked_until_the_tip_is_over(world) {
        let broken = PushService::that(Answers::Status(503)).await;
        subscribes(&world.deps, &[&broken], 3).await;
        let told = tells(&world.deps, world.deps.clock.now()).await;
        let mut asked = Vec::new();
        for _ in 0..30 {
            push::run_due(&world.deps).await.unwrap();
            asked.push(broken.count());
            world.clock.wind(3600);
        }
        let row = sending(&world.deps, told).await;
        assert_eq!((row.state, sums(&row)), (SendingState::Done, [0, 0, 0, 0, 3, 0, 0]));
        let last = asked[29];
        assert!((20..60).contains(&last) && asked[25] == last, "{asked:?}");
        assert_eq!(phones(&world).await, 3, "what is broken there says nothing of a phone");
    }

    async fn push_services_that_hang_hold_up_no_other(world) {
        let (well, silent, slow) = (PushService::start().await, PushService::that(Answers::Never).await, PushService::that(Answers::Slowly).await);
        subscribes(&world.deps, &[&well, &silent, &slow], 900).await;
        tells(&world.deps, world.deps.clock.now()).await;
        // They hang for fifteen seconds; meanwhile all others are told.
        works_until(&world, || well.count() == 300).await;
        assert_eq!((silent.count(), slow.count()), (8, 8), "so many were told and have not answered");
    }

    async fn a_phone_that_is_left_alone_now_is_told_later_if_the_tip_lives(world) {
        let service = PushService::start().await;
        subscribes(&world.deps, &[&service], 4).await;
        // It is one in the afternoon; until two, and until the day after tomorrow.
        let tx = world.deps.db.begin().await.unwrap();
        push_subscription::Entity::update_many()
            .col_expr(push_subscription::Column::QuietFrom, Expr::value(12 * 60))
            .col_expr(push_subscription::Column::QuietUntil, Expr::value(14 * 60))
            .exec(&*tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let told = tells(&world.deps, world.deps.clock.now()).await;
        push::run_due(&world.deps).await.unwrap();
        assert_eq!((service.count(), sending(&world.deps, told).await.waiting), (0, 4));
        world.clock.wind(3599);
        push::run_due(&world.deps).await.unwrap();
        assert_eq!(service.count(), 0);
        world.clock.wind(1);
        push::run_due(&world.deps).await.unwrap();
        let row = sending(&world.deps, told).await;
        assert_eq!((row.state, sums(&row)), (SendingState::Done, [4, 0, 0, 0, 0, 0, 0]));

        // Within the quiet hours of the next day, a tip that ends before they do.
        world.clock.wind(22 * 3600 + 1800);
        let told = tells(&world.deps, world.deps.clock.now()).await;
        push::run_due(&world.deps).await.unwrap();
        let tx = world.deps.db.begin().await.unwrap();
        sending::Entity::update_many()
            .col_expr(sending::Column::ExpiresAt, Expr::value(world.deps.clock.now().plus_seconds(60).millis()))
            .filter(sending::Column::EntityId.eq(told))
            .exec(&*tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        world.clock.wind(7200);
        push::run_due(&world.deps).await.unwrap();
        let row = sending(&world.deps, told).await;
        assert_eq!((row.state, sums(&row)), (SendingState::Done, [0, 0, 0, 0, 4, 0, 0]));
        assert_eq!(service.count(), 4);
    }
}
