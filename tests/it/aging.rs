//! What is over goes by itself, and nothing else does.

use std::sync::Arc;

use entities::{action_receipt, device, invite, report_file, session, words::Role};
use migration::{Migrator, MigratorTrait};
use natpatrull::{base::chance::SystemChance, chores, deps::Deps, identity};
use reqwest::Method;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tests::{
    World, Youth, on_both_databases,
    people::Person,
    world::{answer, id},
};
use uuid::Uuid;

const DAY: i64 = 24 * 3600;

/// Rows of sessions, devices, invites, receipts.
async fn rows(world: &World) -> [u64; 4] {
    let db = world.deps.db.read();
    [
        session::Entity::find().count(db).await.unwrap(),
        device::Entity::find().count(db).await.unwrap(),
        invite::Entity::find().count(db).await.unwrap(),
        action_receipt::Entity::find().count(db).await.unwrap(),
    ]
}

async fn days_later(world: &World, days: i64) -> [u64; 4] {
    world.clock.wind(days * DAY);
    chores::run_due(&world.deps).await.unwrap();
    rows(world).await
}

async fn sends(noa: &Youth, token: &str, file_id: Uuid, from: usize, bytes: &[u8]) -> Value {
    let request = noa.world.http.patch(format!("{}/api/v1/files/{file_id}", noa.world.url)).bearer_auth(token);
    let request = request.header("upload-offset", from.to_string()).header("content-type", "application/octet-stream");
    answer(request.body(bytes.to_vec())).await.ok()
}

on_both_databases! {
    async fn each_change_of_the_schema_can_be_taken_back(world) {
        let db = world.deps.db.migrating();
        Migrator::down(db, None).await.unwrap();
        Migrator::up(db, None).await.unwrap();
        // A program that starts on it writes there the name of its master key.
        Deps::open((*world.deps.config).clone(), world.clock.clone(), Arc::new(SystemChance)).await.unwrap();
        world.youth().await.writes("hej").await;
    }

    async fn what_is_over_goes_and_what_is_not_stays(world) {
        let noa = world.youth().await;
        let talk = noa.writes("hej").await;
        identity::invite(&world.deps, Role::Officer, "07").await.unwrap();
        assert_eq!(rows(&world).await, [1, 1, 1, 1]);
        chores::run_due(&world.deps).await.unwrap();
        assert_eq!(rows(&world).await, [1, 1, 1, 1], "nothing is over yet");
        assert_eq!(days_later(&world, 3).await, [1, 1, 0, 1], "the link is over");

        // She comes back after three months: the old session is over, her phone and her talk are not.
        assert_eq!(days_later(&world, 92).await, [0, 1, 0, 1]);
        let token = noa.registers().await.ok()["access_token"].as_str().unwrap().to_owned();
        let noa = Youth { token, ..noa };
        assert_eq!(noa.reads_messages(talk).await.len(), 1);
        noa.asks(Method::DELETE, &format!("/api/v1/identity/devices/{}", noa.device_id), None).await;
        assert_eq!(days_later(&world, 2).await, [0, 1, 0, 1]);
        assert_eq!(noa.registers().await.problem(), "session-ended", "an ended phone is told so");
        assert_eq!(days_later(&world, 91).await, [0, 0, 0, 1], "until nothing of it can run");
        assert_eq!(days_later(&world, 250).await, [0, 0, 0, 0], "a receipt is kept for 400 days");
    }

    async fn half_a_file_is_let_go_and_may_come_again(world) {
        let noa = world.youth().await;
        let bytes: Vec<u8> = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00".iter().copied().chain((0..100_000_u32).map(|n| n as u8)).collect();
        let sha256: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let file_id = id();
        let named = json!({"file_id": file_id, "sha256": sha256, "size": bytes.len(), "media_type": "image/jpeg"});
        noa.does(noa.report(id(), "Hot", json!([named]))).await;
        assert_eq!(sends(&noa, &noa.token, file_id, 0, &bytes[..50_000]).await["offset"], 50_000);
        let folder = world.deps.config.data_dir.join("blobs/files").join(file_id.to_string());
        let stored = || std::fs::read_dir(&folder).map_or(0, |entries| entries.count());
        days_later(&world, 13).await;
        assert_eq!(stored(), 1);
        days_later(&world, 2).await;
        assert_eq!(stored(), 0, "half a file is not kept for ever");
        let row = report_file::Entity::find().one(world.deps.db.read()).await.unwrap().unwrap();
        assert_eq!((row.received, row.state.word()), (0, "arriving"));

        let token = noa.registers().await.ok()["access_token"].as_str().unwrap().to_owned();
        assert_eq!(sends(&noa, &token, file_id, 0, &bytes).await["complete"], true, "the phone begins again");
        days_later(&world, 30).await;
        assert_eq!(stored(), 1, "a whole file stays");
    }
}
