//! Erased means gone: from the rows, from the bytes, and from whoever still holds a copy or a key.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use entities::{
    audit_entry, content_key, conversation, duty_record, erasure as erasures, handover, handover_answer, hold,
    journal_entry, location, message, report, report_file,
    words::{AccountId, AuditAct, ErasureReason, KeptKind, Regime, Role, SubjectKind, Timestamp},
};
use natpatrull::{
    audit,
    base::{actions::Who, chance::SystemChance, ledger, refusal::Kind},
    chores,
    deps::Deps,
    erasure::{self, Request, Rule},
    sync,
};
use reqwest::Method;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Statement,
};
use serde_json::{Value, json};
use tests::{
    Answer, Officer, World, Youth, on_both_databases,
    people::{Person, named},
    program::runs,
    world::{answer, id},
};
use uuid::Uuid;

use crate::{duty::decides, handovers::hands_over, incidents::joins};

const DAY: i64 = 24 * 3600;

// What lies on the disk

pub fn files_under(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files_under(&path)) } else { found.push(path) }
    }
    found
}

/// Every byte of the database and of the files: SQLite's file, log and index, or PostgreSQL's files of this database.
pub async fn disk(world: &World) -> Vec<u8> {
    let mut paths = files_under(&world.deps.config.data_dir);
    paths.retain(|path| path.file_name().is_some_and(|name| name != "master.key"));
    if world.deps.db.backend() == DbBackend::Postgres {
        world.deps.db.read().execute_unprepared("CHECKPOINT").await.unwrap();
        let oid = world.column("SELECT oid::text FROM pg_database WHERE datname = current_database()").await;
        let host = world.deps.config.database_url().split_once("host=").unwrap().1.to_owned();
        let base = Path::new(&host).join("data/base").join(&oid[0]);
        let cluster = files_under(&base);
        assert!(!cluster.is_empty(), "no files of the database under {}", base.display());
        paths.extend(cluster);
    }
    // A file may go while the others are read.
    paths.iter().flat_map(|path| std::fs::read(path).unwrap_or_default()).collect()
}

/// Bytes that tell that something is still there, with what they are of.
#[derive(Default)]
pub struct Traces(HashMap<[u8; 16], String>);

impl Traces {
    pub fn of(&mut self, what: impl Into<String>, bytes: &[u8]) {
        let what = what.into();
        assert!(bytes.len() >= 16, "{what} is too short to be looked for");
        self.0.extend(bytes.windows(16).map(|window| (window.try_into().unwrap(), what.clone())));
    }

    /// What of it is found.
    pub fn found_in(&self, disk: &[u8]) -> Vec<String> {
        // Most of a disk is told apart by two bytes; only the rest is looked up.
        let mut begins = vec![false; 1 << 16];
        let two = |bytes: &[u8]| usize::from(u16::from_le_bytes([bytes[0], bytes[1]]));
        self.0.keys().for_each(|trace| begins[two(trace)] = true);
        let mut found: Vec<String> = disk
            .windows(16)
            .filter(|window| begins[two(window)])
            .filter_map(|window| self.0.get::<[u8; 16]>(window.try_into().unwrap()).cloned())
            .collect();
        found.sort();
        found.dedup();
        found
    }

    pub fn all(&self) -> Vec<String> {
        let mut all: Vec<String> = self.0.values().cloned().collect();
        all.sort();
        all.dedup();
        all
    }
}

/// The sealed words, wrapped keys, marks of files and sealed bytes of some records, as they lie there now.
pub async fn traces(world: &World, ids: &[Uuid]) -> Traces {
    let db = world.deps.db.read();
    let mut traces = Traces::default();
    for key in content_key::Entity::find()
        .filter(content_key::Column::ContentId.is_in(ids.iter().copied()))
        .all(db)
        .await
        .unwrap()
    {
        traces.of(format!("key of {}", key.content_id), &key.wrapped.0);
    }
    for row in message::Entity::find()
        .filter(message::Column::ConversationId.is_in(ids.iter().copied()))
        .all(db)
        .await
        .unwrap()
    {
        traces.of(format!("message {}", row.message_id), &row.text.0);
    }
    for row in report::Entity::find().filter(report::Column::ReportId.is_in(ids.iter().copied())).all(db).await.unwrap()
    {
        traces.of("what happened", &row.what.0);
        traces.of("place", &row.place.unwrap().0);
        traces.of("when", &row.happened_words.unwrap().0);
        if let Some(why) = row.erasure_refusal {
            traces.of("why the report stays", &why.0);
        }
    }
    for row in conversation::Entity::find()
        .filter(conversation::Column::ConversationId.is_in(ids.iter().copied()))
        .all(db)
        .await
        .unwrap()
    {
        if let Some(why) = row.erasure_refusal {
            traces.of("why the talk stays", &why.0);
        }
        if let Some(told) = row.told {
            traces.of("what she was told", &told.0);
        }
        if let Some(title) = row.incident_title {
            traces.of("what officers call what it is a part of", &title.0);
        }
    }
    let of_talk = handover::Column::ConversationId.is_in(ids.iter().copied());
    for row in handover::Entity::find().filter(of_talk).all(db).await.unwrap() {
        traces.of("a card", &row.card.0);
        if let Some(name) = row.taken_by {
            traces.of("who took a card", &name.0);
        }
    }
    let of_talk = handover_answer::Column::ConversationId.is_in(ids.iter().copied());
    for row in handover_answer::Entity::find().filter(of_talk).all(db).await.unwrap() {
        traces.of("what came back", &row.told.unwrap().0);
    }
    let of_talk = duty_record::Column::ConversationId.is_in(ids.iter().copied());
    for row in duty_record::Entity::find().filter(of_talk).all(db).await.unwrap() {
        traces.of("why it was decided", &row.reason.unwrap().0);
    }
    let of_talk = location::Column::ConversationId.is_in(ids.iter().copied());
    for row in location::Entity::find().filter(of_talk).all(db).await.unwrap() {
        traces.of("a place", &row.fix.unwrap().0);
    }
    for row in report_file::Entity::find()
        .filter(report_file::Column::SubjectId.is_in(ids.iter().copied()))
        .all(db)
        .await
        .unwrap()
    {
        traces.of("mark of the file", row.sha256.as_bytes());
        let folder = world.deps.config.data_dir.join("blobs/files").join(row.file_id.to_string());
        for path in files_under(&folder) {
            traces.of("bytes of the file", &std::fs::read(path).unwrap());
        }
    }
    for row in hold::Entity::find().filter(hold::Column::SubjectId.is_in(ids.iter().copied())).all(db).await.unwrap() {
        traces.of("reason of a hold", &row.reason.0);
    }
    traces
}

// People

pub async fn sends_picture(noa: &Youth, report_id: Uuid) -> (Uuid, Value) {
    let mut bytes = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00".to_vec();
    bytes.extend((0..90_000u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0]));
    let file_id = id();
    let named = named(file_id, "image/jpeg", &bytes);
    noa.does(noa.report(report_id, "Hot med bild, långt nog att letas efter", json!([named]))).await;
    assert_eq!(noa.sends_bytes(file_id, 0, &bytes).await.ok()["complete"], true);
    (file_id, named)
}

async fn on_record(who: &Officer, method: Method, kind: &str, id: Uuid, what: &str, body: Option<Value>) -> Answer {
    who.asks(method, &format!("/api/v1/records/{kind}/{id}/{what}"), body.as_ref()).await
}

pub async fn erases(lead: &Officer, kind: &str, id: Uuid) -> Answer {
    on_record(lead, Method::PUT, kind, id, "erasure", Some(json!({"reason": "asked"}))).await
}

async fn refuses(who: &Officer, kind: &str, id: Uuid, why: &str) -> Answer {
    on_record(who, Method::PUT, kind, id, "erasure-refusal", Some(json!({"reason": why}))).await
}

fn asks_to_erase(world: &World, kind: &str, id: Uuid) -> Value {
    let body = json!({format!("{kind}_id"): id});
    tests::people::action(world, &format!("{kind}:{id}"), &format!("{kind}-ask-erasure"), body)
}

async fn holds(lead: &Officer, kind: &str, id: Uuid, days: i64) -> Answer {
    let until = lead.world.seconds_later(days * DAY);
    on_record(
        lead,
        Method::PUT,
        kind,
        id,
        "hold",
        Some(json!({"reason": "Åklagaren har begärt ut det", "until": until})),
    )
    .await
}

async fn due_reviews(lead: &Officer) -> Vec<Value> {
    let listed = lead.asks(Method::GET, "/api/v1/records/reviews", None).await.ok();
    listed["items"].as_array().unwrap().iter().map(|item| item["subject_id"].clone()).collect()
}

/// A talk that an officer has taken and read to its end.
pub async fn talk(noa: &Youth, kim: &Officer) -> Uuid {
    let talk = noa.writes("hej, det är något som jag vill berätta").await;
    kim.takes(talk).await;
    kim.reads(talk).await;
    talk
}

/// The chores, again and again until the free room is clean: who reads the same moment makes them come back.
pub async fn scrubs(world: &World) {
    for _ in 0..100 {
        chores::run_due(&world.deps).await.unwrap();
        // Whoever stood in the way is left alone for a minute.
        world.clock.wind(60);
        let open = erasures::Entity::find().filter(erasures::Column::ScrubbedAt.is_null());
        if open.count(world.deps.db.read()).await.unwrap() == 0 {
            return;
        }
    }
    panic!("the free room is not cleaned: who holds a lock or an old snapshot?");
}

/// Time goes, and what is due is done. Tokens are over by then: people come anew.
async fn days_later(world: &World, days: i64) {
    world.clock.wind(days * DAY);
    chores::run_due(&world.deps).await.unwrap();
}

async fn stands(world: &World, talk: Uuid) -> bool {
    use conversation::Column as C;
    let rows =
        conversation::Entity::find().filter(C::ConversationId.eq(talk)).count(world.deps.db.read()).await.unwrap();
    rows == 1
}

async fn kept_events(person: &impl Person, stream: &str) -> Vec<Value> {
    person.pulls(stream).await["events"].as_array().unwrap().clone()
}

async fn rule(world: &World, regime: Regime, days: Option<i64>, from: Timestamp) {
    let source = "Beslut 2026:7".to_owned();
    let rule = Rule { kind: KeptKind::Conversation, regime, valid_from: from, days, source };
    erasure::set_rule(&world.deps, rule).await.unwrap();
}

/// What was done to something, as the log says it: who, what and how; in the order of the words, as a clock that stands
/// still gives none.
async fn logged(world: &World, id: Uuid) -> Vec<(String, AuditAct, String)> {
    use audit_entry::Column as C;
    let rows = audit_entry::Entity::find().filter(C::SubjectId.eq(id)).filter(C::Act.ne(AuditAct::Read));
    let rows = rows.order_by_asc(C::Detail).all(world.deps.db.read()).await.unwrap();
    rows.into_iter()
        .map(|row| (row.actor_number.unwrap_or_default(), row.act, row.detail.unwrap_or_default()))
        .collect()
}

fn line(number: &str, act: AuditAct, detail: &str) -> (String, AuditAct, String) {
    (number.to_owned(), act, detail.to_owned())
}

fn by_rule<'a>(subject_kind: SubjectKind, subject_id: Uuid) -> Request<'a> {
    Request { subject_kind, subject_id, reason: ErasureReason::Rule, by: None, due: None }
}

on_both_databases! {
    async fn no_byte_is_left_of_what_was_erased(world) {
        let (noa, ida) = (world.youth().await, world.youth().await);
        let (kim, lead) = (world.officer("07").await, world.staff("03", Role::Lead).await);
        let (gone, other) = (noa.writes("det första, som ska bort").await, ida.writes("hej").await);
        kim.takes(gone).await;
        // Short and long, in turns with the other talk, so that pages are shared, split and chained.
        for nth in 0..12_usize {
            noa.does(noa.message(gone, &format!("{nth} {}", "hemligt ".repeat(1 + nth % 4 * 120)))).await;
            ida.does(ida.message(other, &"kvar ".repeat(1 + nth % 3 * 200))).await;
            kim.answers(gone, &format!("svar nummer {nth} till dig")).await;
        }
        hands_over(&noa, &kim, gone).await;
        kim.does(joins(&world, gone, id(), "Festen som ingen ska hitta")).await;
        kim.does(decides(&world, gone, "child-harmed", "made", "Hon är fjorton och rädd för sin pappa")).await;
        let (report_id, kept) = (id(), id());
        sends_picture(&noa, report_id).await;
        ida.does(ida.report(kept, "Det här blir kvar", json!([]))).await;
        for (kind, id) in [("conversation", gone), ("report", report_id)] {
            holds(&lead, kind, id, 10).await.ok();
            noa.does(asks_to_erase(&world, kind, id)).await;
            refuses(&lead, kind, id, "Först måste åklagaren säga sitt").await.ok();
        }
        let traces = traces(&world, &[gone, report_id]).await;
        assert_eq!(traces.found_in(&disk(&world).await), traces.all(), "the search finds what is there");
        assert!(traces.all().len() > 30, "{:?}", traces.all());

        assert_eq!(erases(&lead, "conversation", gone).await.problem(), "held");
        for (kind, id, counts) in [("conversation", gone, [25, 0]), ("report", report_id, [0, 1])] {
            on_record(&lead, Method::DELETE, kind, id, "hold", None).await.ok();
            let said = erases(&lead, kind, id).await.ok();
            assert_eq!([&said["messages"], &said["files"]], [&json!(counts[0]), &json!(counts[1])], "{said}");
            assert_eq!((&said["reason"], &said["by"]), (&json!("asked"), &json!("03")));
            assert_eq!(erases(&lead, kind, id).await.ok(), said, "once more, the same");
        }
        scrubs(&world).await;
        assert_eq!(traces.found_in(&disk(&world).await), Vec::<String>::new());

        // The log of who looked still stands, whole, and says who erased.
        audit::seal(&world.deps).await.unwrap();
        let verified = audit::verify(&world.deps, |fault| panic!("the audit log: {fault}")).await.unwrap();
        assert_eq!((verified.unsealed, verified.faults), (0, 0));
        let (change, erase) = (AuditAct::Change, AuditAct::Erase);
        let led = [line("03", erase, "asked"), line("03", change, "erasure-refuse"), line("03", change, "hold"), line("03", change, "hold-lift")];
        assert_eq!(logged(&world, report_id).await, led);
        assert!(logged(&world, gone).await.starts_with(&led[..1]));

        let listed = lead.asks(Method::GET, "/api/v1/records/erasures", None).await.ok();
        let listed = listed["items"].as_array().unwrap();
        assert!(listed.len() == 2 && listed.iter().all(|item| item["scrubbed_at"].is_string()), "{listed:?}");
        let events = journal_entry::Entity::find().all(world.deps.db.read()).await.unwrap();
        let mut about: Vec<_> = events.iter().filter(|event| [gone, report_id].contains(&event.entity_id)).map(|event| &*event.kind).collect();
        about.sort();
        assert_eq!(about, ["conversation-erased", "conversation-erased", "report-erased", "report-erased"]);
        assert_eq!(ida.reads_messages(other).await.len(), 13, "what others wrote stays");
        assert_eq!(ida.asks(Method::GET, &format!("/api/v1/reports/{kept}"), None).await.ok()["what"], "Det här blir kvar");
    }

    async fn an_erasure_that_was_killed_anywhere_is_finished(world) {
        let path = ledger::path(&world.deps.config);
        let mut erased = Vec::new();
        for steps in 1..=3 {
            let (noa, kim) = (world.youth().await, world.officer(&format!("0{steps}")).await);
            let (gone, report_id) = (noa.writes("ska bort").await, id());
            let (file_id, _) = sends_picture(&noa, report_id).await;
            let link = kim.asks(Method::POST, &format!("/api/v1/files/{file_id}/link"), Some(&json!({"reason": "investigation"}))).await.ok();
            let traces = traces(&world, &[gone, report_id]).await;
            for (kind, id) in [(SubjectKind::Conversation, gone), (SubjectKind::Report, report_id)] {
                let begun = erasure::begin(&world.deps, by_rule(kind, id)).await.unwrap();
                if steps > 1 {
                    world.deps.ledger.append(&[ledger::Entry { subject_kind: kind, subject_id: id, at: begun.at }]).unwrap();
                }
                if steps > 2 {
                    erasure::destroy_key(&world.deps, id).await.unwrap();
                }
                erased.push(id);
            }
            // Meanwhile nobody sees it, and nothing else is disturbed.
            for path in [format!("/api/v1/chat/conversations/{gone}"), format!("/api/v1/reports/{report_id}")] {
                assert_eq!(kim.asks(Method::GET, &path, None).await.problem(), "not-found", "after {steps}: {path}");
            }
            for path in ["/api/v1/chat/conversations", "/api/v1/reports"] {
                assert_eq!(kim.asks(Method::GET, path, None).await.ok()["items"], json!([]), "after {steps}: {path}");
            }
            kim.pulls("desk").await;
            let linked = answer(world.http.get(format!("{}{}", world.url, link["url"].as_str().unwrap()))).await;
            assert_eq!(linked.problem(), "erased", "after {steps}: by a link from before");
            let refused = noa.pushes(&[noa.message(gone, "och mera")]).await.remove(0);
            assert_eq!(refused["problem"]["kind"], "erased", "after {steps}: {refused}");

            chores::run_due(&world.deps).await.unwrap();
            assert!(stands(&world, gone).await, "it may still be under way");
            // The tokens last a little longer than that.
            world.clock.wind(121);
            chores::run_due(&world.deps).await.unwrap();
            assert!(!stands(&world, gone).await);
            world.clock.wind(3600);
            scrubs(&world).await;
            assert_eq!(traces.found_in(&disk(&world).await), Vec::<String>::new(), "after {steps}");
        }
        let written: Vec<_> = ledger::read_verified(&path).unwrap().into_iter().map(|entry| entry.subject_id).collect();
        erased.sort();
        assert_eq!({ let mut written = written; written.sort(); written }, erased, "each stands in the ledger once");
    }

    async fn an_operator_sets_how_long_things_are_kept(world) {
        let asks = async |args: &[&str]| runs(&world.deps.config, &[&["retention"], args].concat()).await;
        let sets = async |days: &str, from: &str, source: &str| {
            asks(&["set", "--kind", "conversation", "--regime", "crime", "--days", days, "--from", from, "--source", source]).await
        };
        let (well, before) = asks(&["list"]).await;
        assert!(well && before.contains("conversation\tcrime\tfrom 1970") && before.contains("audit\tcrime"), "{before}");
        let day = "2099-01-01";
        assert_eq!(sets("60", day, "Beslut 2026:7").await, (true, String::new()));
        let (_, after) = asks(&["list"]).await;
        assert_eq!(after.lines().count(), before.lines().count() + 1, "{after}");
        assert!(after.contains("conversation\tcrime\tfrom 2099-01-01T00:00:00.000Z\t60 days\tBeslut 2026:7\n"), "{after}");
        for (days, from, source, says) in [
            ("30", day, "Beslut 2026:8", "set before"),
            ("30", "2020-01-01", "Beslut 2026:8", "past"),
            ("0", "2100-01-01", "Beslut 2026:8", "1 to 36,500"),
            ("30", "2100-01-01", " ", "ground"),
        ] {
            let (well, said) = sets(days, from, source).await;
            assert!(!well && said.contains(says), "{says}: {said}");
        }
        let audit = ["set", "--kind", "audit", "--regime", "data-protection", "--days", "90", "--from", day, "--source", "x"];
        assert!(asks(&audit).await.1.contains("one rule"));
        let lead = world.staff("03", Role::Lead).await;
        let rules = lead.asks(Method::GET, "/api/v1/records/rules", None).await.ok();
        assert!(rules.to_string().contains("Beslut 2026:7"), "{rules}");
    }

    async fn what_another_node_erased_is_known_here_too(world) {
        let (noa, other) = (world.youth().await, world.with_another_folder().await);
        let (gone, stays) = (noa.writes("ska bort").await, noa.writes("blir kvar").await);
        chores::run_due(&world.deps).await.unwrap();
        erasure::erase(&other, by_rule(SubjectKind::Conversation, gone)).await.unwrap();
        let at_hand = async |id: Uuid| {
            let keys = world.deps.vault.for_sealing(&world.deps.db, &*world.deps.chance, [id].into()).await.unwrap();
            keys[&id].new.is_none()
        };
        assert!(at_hand(gone).await && at_hand(stays).await);
        let here = ledger::path(&world.deps.config);
        chores::run_due(&world.deps).await.unwrap();
        assert_eq!(ledger::read_verified(&here).unwrap(), [], "not asked each second");

        world.clock.wind(60);
        chores::run_due(&world.deps).await.unwrap();
        let named = ledger::read_verified(&here).unwrap();
        assert_eq!(named.iter().map(|entry| entry.subject_id).collect::<Vec<_>>(), [gone]);
        assert_eq!(named, ledger::read_verified(&ledger::path(&other.config)).unwrap());
        assert!(!at_hand(gone).await && at_hand(stays).await, "its key is not kept in memory");
    }

    async fn whoever_stands_in_the_way_of_cleaning_is_left_alone_for_a_minute(world) {
        let noa = world.youth().await;
        let clean = async || erasures::Entity::find().filter(erasures::Column::ScrubbedAt.is_null()).count(world.deps.db.read()).await.unwrap() == 0;
        let gone = noa.writes("ska bort").await;
        let reader = world.deps.db.snapshot().await.unwrap();
        conversation::Entity::find().count(&reader).await.unwrap();
        erasure::erase(&world.deps, by_rule(SubjectKind::Conversation, gone)).await.unwrap();
        chores::run_due(&world.deps).await.unwrap();
        assert!(!clean().await, "the reader still sees it");
        reader.commit().await.unwrap();
        world.clock.wind(59);
        chores::run_due(&world.deps).await.unwrap();
        assert!(!clean().await, "it was tried again at once");
        scrubs(&world).await;

        if world.deps.db.backend() == DbBackend::Postgres {
            // One that holds a table in the middle: none before it is written anew for nothing.
            let place = async || {
                let place = "SELECT relfilenode::bigint AS place FROM pg_class WHERE relname = 'content_key'";
                let row = world.deps.db.read().query_one_raw(Statement::from_string(DbBackend::Postgres, place)).await.unwrap();
                row.unwrap().try_get::<i64>("", "place").unwrap()
            };
            world.clock.wind(3600);
            let gone = world.youth().await.writes("ska också bort").await;
            let holder = world.deps.db.begin().await.unwrap();
            holder.execute_unprepared("LOCK TABLE message IN ROW SHARE MODE").await.unwrap();
            let before = place().await;
            erasure::erase(&world.deps, by_rule(SubjectKind::Conversation, gone)).await.unwrap();
            chores::run_due(&world.deps).await.unwrap();
            assert_eq!((place().await, clean().await), (before, false));
            holder.commit().await.unwrap();
            scrubs(&world).await;
            assert_ne!(place().await, before);
        }
    }

    async fn who_looked_at_a_file_is_still_known_when_it_is_erased(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let report_id = id();
        let (file_id, _) = sends_picture(&noa, report_id).await;
        kim.asks(Method::POST, &format!("/api/v1/files/{file_id}/link"), Some(&json!({"reason": "investigation"}))).await.ok();
        erasure::erase(&world.deps, by_rule(SubjectKind::Report, report_id)).await.unwrap();
        let looks = audit_entry::Entity::find().filter(audit_entry::Column::SubjectId.eq(report_id)).filter(audit_entry::Column::Act.eq(AuditAct::Read));
        let who: Vec<_> = looks.all(world.deps.db.read()).await.unwrap().into_iter().map(|look| look.actor_number).collect();
        assert_eq!(who, [Some("07".to_owned())]);
    }

    async fn what_a_phone_held_back_brings_nothing_back(world) {
        let noa = world.youth().await;
        let (kim, lead) = (world.officer("07").await, world.staff("03", Role::Lead).await);
        let (gone, report_id) = (talk(&noa, &kim).await, id());
        let report = noa.report(report_id, "Hot", json!([]));
        noa.does(report.clone()).await;
        let inbox = format!("inbox:{}", noa.account_id);
        let mut stream = noa.listens().await;
        for (kind, id) in [("conversation", gone), ("report", report_id)] {
            erases(&lead, kind, id).await.ok();
        }
        assert_eq!(stream.hears().await.unwrap().1["stream"], json!(inbox), "her phone is poked");
        let before = world.effects().await;

        let late = noa.message(gone, "skrivet på tåget");
        for outcome in ["refused", "duplicate"] {
            let result = noa.pushes(std::slice::from_ref(&late)).await.remove(0);
            assert_eq!((&result["outcome"], &result["problem"]["kind"]), (&json!(outcome), &json!("erased")), "{result}");
        }
        // A repeat of what once was applied hears that it was, and leaves nothing.
        assert_eq!(noa.pushes(std::slice::from_ref(&report)).await[0]["original"], "applied");
        let again = noa.report(report_id, "Hot", json!([]));
        assert_eq!(noa.pushes(&[again]).await[0]["problem"]["kind"], "erased");
        let named = json!({"file_id": id(), "report_id": report_id, "sha256": "0".repeat(64), "size": 9, "media_type": "image/png"});
        let file = noa.asks(Method::POST, "/api/v1/files", Some(&named)).await;
        assert_eq!((file.status.as_u16(), file.problem()), (410, "erased"));
        let officers = [
            ("conversation-take", json!({"conversation_id": gone, "expected_revision": 1})),
            ("conversation-close", json!({"conversation_id": gone, "expected_revision": 1})),
            ("conversation-read", json!({"conversation_id": gone, "pos": 1})),
            ("message-send", json!({"conversation_id": gone, "message_id": id(), "text": "svar"})),
            ("report-read", json!({"report_id": report_id, "expected_revision": 1})),
        ];
        for (kind, body) in officers {
            let act = tests::people::action(&world, "prefs", kind, body);
            assert_eq!(kim.pushes(&[act]).await[0]["problem"]["kind"], "erased", "{kind}");
        }
        for what in ["hold", "review", "tags"] {
            let body = match what {
                "hold" => json!({"reason": "x", "until": world.seconds_later(DAY)}),
                "tags" => json!({"regime": "crime", "person_role": "victim"}),
                _ => json!({}),
            };
            assert_eq!(on_record(&lead, Method::PUT, "conversation", gone, what, Some(body)).await.problem(), "not-found", "{what}");
        }
        let mut after = world.effects().await;
        // Receipts of what was refused, and how much was done, are all that came.
        for table in ["action_receipt", "account_use"] {
            after.insert(table.to_owned(), before[table]);
        }
        assert_eq!(after, before);

        // Both apps hear that it has gone.
        let body = json!({"device_id": noa.device_id, "envelope": 1, "streams": {format!("conversation:{gone}"): {"tail": 9}}});
        let pulled = noa.asks(Method::POST, "/api/v1/sync/pull", Some(&body)).await.ok();
        assert_eq!(pulled["gone"], json!([format!("conversation:{gone}")]));
        for (events, who) in [(kept_events(&noa, &inbox).await, "noa"), (kept_events(&kim, "desk").await, "kim")] {
            let kinds: Vec<_> = events.iter().map(|event| (event["kind"].clone(), event["entity_id"].clone())).collect();
            let told = [(json!("conversation-erased"), json!(gone)), (json!("report-erased"), json!(report_id))];
            assert!(kinds.ends_with(&told), "{who}: {kinds:?}");
        }
    }

    async fn a_youth_asks_and_the_police_decide(world) {
        let (noa, ida) = (world.youth().await, world.youth().await);
        let (kim, lead) = (world.officer("07").await, world.staff("03", Role::Lead).await);
        let (talk, report_id) = (talk(&noa, &kim).await, id());
        noa.does(noa.report(report_id, "Hot", json!([]))).await;
        let records = [("conversation", talk), ("report", report_id)];
        let ask = |kind: &str, id: Uuid| asks_to_erase(&world, kind, id);
        let path = |kind: &str, id: Uuid| match kind {
            "conversation" => format!("/api/v1/chat/conversations/{id}"),
            _ => format!("/api/v1/reports/{id}"),
        };
        let listed = async || lead.asks(Method::GET, "/api/v1/records/asked", None).await.ok()["items"].clone();
        let why = "Det behövs i en utredning som pågår";

        for (kind, id) in records {
            assert_eq!(refuses(&lead, kind, id, why).await.problem(), "not-found", "{kind}: nobody asked");
            assert_eq!(ida.pushes(&[ask(kind, id)]).await[0]["problem"]["kind"], "not-found", "{kind}: not hers");
            assert_eq!(kim.pushes(&[ask(kind, id)]).await[0]["problem"]["kind"], "role-refused", "{kind}: an officer");
            assert!(noa.asks(Method::GET, &path(kind, id), None).await.ok()["erasure_asked_at"].is_null());

            // Asked on the train, sent twice, and once more from another phone.
            let asked = ask(kind, id);
            assert_eq!(noa.pushes(&[asked.clone(), asked]).await[1]["original"], "applied");
            let revision = noa.asks(Method::GET, &path(kind, id), None).await.ok()["revision"].clone();
            noa.does(ask(kind, id)).await;
            for token in [&noa.token, &kim.token] {
                let seen = world.asks(Method::GET, &path(kind, id), Some(token), None).await.ok();
                assert_eq!((&seen["erasure_asked_at"], &seen["revision"]), (&json!(world.now()), &revision), "{kind}");
            }
        }
        let asked = listed().await;
        let ids: Vec<_> = asked.as_array().unwrap().iter().map(|item| item["subject_id"].clone()).collect();
        assert_eq!(ids, [json!(talk), json!(report_id)]);
        assert!(!asked.to_string().contains("Hot"), "a list of ids, no words");

        let mut stream = noa.listens().await;
        for (kind, id) in records {
            for (text, problem) in [("", "text-empty"), (&*"x".repeat(1001), "text-too-long")] {
                assert_eq!(refuses(&lead, kind, id, text).await.problem(), problem);
            }
            assert_eq!(refuses(&kim, kind, id, why).await.problem(), "role-refused");
            refuses(&lead, kind, id, why).await.ok();
            assert_eq!(refuses(&lead, kind, id, why).await.problem(), "not-found", "it is decided");
            assert_eq!(stream.hears().await.unwrap().1["stream"], json!(format!("inbox:{}", noa.account_id)));
            let seen = noa.asks(Method::GET, &path(kind, id), None).await.ok();
            assert_eq!((&seen["erasure_refusal"], &seen["erasure_refused_at"]), (&json!(why), &json!(world.now())));
            assert!(logged(&world, id).await.contains(&line("03", AuditAct::Change, "erasure-refuse")));
        }
        assert_eq!(listed().await, json!([]));
        assert!(!String::from_utf8_lossy(&disk(&world).await).contains(why), "the reason is sealed");

        // She asks again, and it is erased.
        for (kind, id) in records {
            noa.does(ask(kind, id)).await;
            let seen = noa.asks(Method::GET, &path(kind, id), None).await.ok();
            assert!(seen["erasure_refusal"].is_null() && seen["erasure_refused_at"].is_null(), "{seen}");
            erases(&lead, kind, id).await.ok();
            assert_eq!(noa.pushes(&[ask(kind, id)]).await[0]["problem"]["kind"], "erased");
        }
        assert_eq!(listed().await, json!([]));
    }

    async fn another_program_that_has_the_key_at_hand_brings_nothing_back(world) {
        let (noa, kim, lead) = (world.youth().await, world.officer("07").await, world.staff("03", Role::Lead).await);
        let (other, queue) = Deps::open((*world.deps.config).clone(), world.clock.clone(), Arc::new(SystemChance)).await.unwrap();
        queue.serve(other.clone());
        let who = Who { account_id: AccountId(noa.account_id), role: Role::Youth, public_number: None };
        // Of one talk it has the key; for the other it has made one that was never stored.
        let (known, unknown) = (talk(&noa, &kim).await, id());
        other.vault.one(&other.db, known).await.unwrap();
        let made = other.vault.for_sealing(&other.db, &SystemChance, [unknown].into()).await.unwrap();
        assert!(made[&unknown].new.is_some());
        noa.does(noa.message(unknown, "hej")).await;
        for talk in [known, unknown] {
            erases(&lead, "conversation", talk).await.ok();
            let result = sync::as_person(&other, &who, noa.message(talk, "en gång till")).await.unwrap();
            assert_eq!(result.problem.map(|problem| problem.kind), Some("erased".to_owned()));
            let opened = natpatrull::chat::conversations_by_id(&other, &who, &[entities::words::ConversationId(talk)]).await.unwrap();
            assert!(opened.is_empty());
        }
        assert_eq!(content_key::Entity::find().count(world.deps.db.read()).await.unwrap(), 0);
        assert_eq!(conversation::Entity::find().count(world.deps.db.read()).await.unwrap(), 0);
    }

    async fn a_talk_goes_when_the_rule_of_that_day_says(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let (read, other_law, unread) = (talk(&noa, &kim).await, talk(&noa, &kim).await, noa.writes("ingen läser").await);
        let tags = json!({"regime": "data-protection", "person_role": "witness"});
        on_record(&kim, Method::PUT, "conversation", other_law, "tags", Some(tags)).await.ok();
        let seen = kim.sees(other_law).await;
        assert_eq!((&seen["regime"], &seen["person_role"]), (&json!("data-protection"), &json!("witness")));
        assert_eq!((&kim.sees(read).await["regime"], &kim.sees(read).await["person_role"]), (&json!("crime"), &json!("unknown")));
        assert!(noa.sees(other_law).await["regime"].is_null(), "it is the officers' word");

        // As a rule that found it a moment before she wrote: it stays.
        let found = Request { due: Some((Regime::Crime, world.deps.clock.now())), ..by_rule(SubjectKind::Conversation, read) };
        noa.does(noa.message(read, "en sak till")).await;
        let late = erasure::begin(&world.deps, found).await;
        assert!(late.is_err_and(|refusal| refusal.kind == Kind::Held) && stands(&world, read).await, "a word that nobody has read went");
        kim.reads(read).await;

        // From day 100 on, talks under that law are kept for 200 days; from day 150 on, for 120.
        let start = world.deps.clock.now();
        rule(&world, Regime::DataProtection, Some(200), start.plus_seconds(80 * DAY)).await;
        rule(&world, Regime::DataProtection, Some(120), start.plus_seconds(150 * DAY)).await;
        days_later(&world, 89).await;
        assert!(stands(&world, read).await && stands(&world, other_law).await);
        days_later(&world, 2).await;
        assert!(!stands(&world, read).await, "90 days after its last message");
        days_later(&world, 58).await;
        assert!(stands(&world, other_law).await, "its law says 200 days, on day 149");
        days_later(&world, 2).await;
        assert!(!stands(&world, other_law).await, "and 120 on day 151");
        assert!(stands(&world, unread).await, "nothing goes by itself that no person has read");
        assert!(logged(&world, read).await.contains(&line("", AuditAct::Erase, "rule")), "nobody did: a rule");
        assert!(logged(&world, other_law).await.contains(&line("07", AuditAct::Change, "tag")));
        let rules = line("", AuditAct::Change, "conversation-data-protection");
        assert_eq!(logged(&world, Uuid::nil()).await, [rules.clone(), rules]);
        let row = erasures::Entity::find_by_id(read).one(world.deps.db.read()).await.unwrap().unwrap();
        assert_eq!((row.reason, row.by_id, row.messages), (ErasureReason::Rule, None, 2));

        // It comes to the leads instead.
        days_later(&world, 215).await;
        assert_eq!(due_reviews(&world.staff("03", Role::Lead).await).await, [json!(unread)]);

        for (what, days, from) in [("the past", Some(9), start), ("no day", Some(0), start.plus_seconds(999 * DAY)), ("the day before", Some(9), start.plus_seconds(149 * DAY))] {
            let rule = Rule { kind: KeptKind::Conversation, regime: Regime::DataProtection, valid_from: from, days, source: "x".into() };
            assert!(erasure::set_rule(&world.deps, rule).await.is_err(), "{what}");
        }
    }

    async fn a_hold_stops_the_clock_until_it_ends_or_is_lifted(world) {
        let (noa, kim, lead) = (world.youth().await, world.officer("07").await, world.staff("03", Role::Lead).await);
        let (held, lifted) = (talk(&noa, &kim).await, talk(&noa, &kim).await);
        for talk in [held, lifted] {
            holds(&lead, "conversation", talk, 120).await.ok();
        }
        let listed = lead.asks(Method::GET, "/api/v1/records/holds", None).await.ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), 2);
        let one = lead.asks(Method::GET, &format!("/api/v1/records/holds?subject_id={lifted}"), None).await.ok();
        assert_eq!(one["items"].as_array().unwrap().len(), 1);
        assert_eq!(one["items"][0]["subject_id"], json!(lifted));
        assert_eq!((&listed["items"][0]["reason"], &listed["items"][0]["by"]), (&json!("Åklagaren har begärt ut det"), &json!("03")));
        for talk in [held, lifted] {
            use audit_entry::Column as C;
            let looks = audit_entry::Entity::find().filter(C::SubjectId.eq(talk)).filter(C::Act.eq(AuditAct::Read));
            let looks = looks.filter(C::ActorId.eq(AccountId(lead.account_id)));
            assert_eq!(looks.count(world.deps.db.read()).await.unwrap(), 1, "a reason that is shown was looked at");
        }
        for (body, problem) in [
            (json!({"reason": " ", "until": world.seconds_later(DAY)}), "text-empty"),
            (json!({"reason": "x".repeat(1001), "until": world.seconds_later(DAY)}), "text-too-long"),
            (json!({"reason": "x", "until": world.now()}), "malformed"),
            (json!({"reason": "x", "until": world.seconds_later(367 * DAY)}), "malformed"),
            (json!({"reason": "x"}), "malformed"),
        ] {
            assert_eq!(on_record(&lead, Method::PUT, "conversation", held, "hold", Some(body)).await.problem(), problem);
        }
        days_later(&world, 100).await;
        assert!(stands(&world, held).await && stands(&world, lifted).await);
        let lead = world.staff("04", Role::Lead).await;
        on_record(&lead, Method::DELETE, "conversation", lifted, "hold", None).await.ok();
        days_later(&world, 1).await;
        assert!(stands(&world, held).await && !stands(&world, lifted).await);
        days_later(&world, 20).await;
        assert!(!stands(&world, held).await, "its end has come");
    }

    async fn what_no_rule_limits_is_reviewed_each_year(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let (report_id, held) = (id(), talk(&noa, &kim).await);
        noa.does(noa.report(report_id, "Hot", json!([]))).await;
        holds(&world.staff("03", Role::Lead).await, "conversation", held, 366).await.ok();
        days_later(&world, 364).await;
        assert_eq!(due_reviews(&world.staff("04", Role::Lead).await).await, Vec::<Value>::new());
        days_later(&world, 1).await;
        let lead = world.staff("05", Role::Lead).await;
        assert_eq!(due_reviews(&lead).await, [json!(held), json!(report_id)], "the oldest first");
        for (kind, id) in [("report", report_id), ("conversation", held)] {
            on_record(&lead, Method::PUT, kind, id, "review", None).await.ok();
        }
        assert_eq!(due_reviews(&lead).await, Vec::<Value>::new());
        assert_eq!(logged(&world, report_id).await, [line("05", AuditAct::Change, "review")]);
        days_later(&world, 364).await;
        assert_eq!(due_reviews(&world.staff("06", Role::Lead).await).await, Vec::<Value>::new());
        days_later(&world, 2).await;
        let lead = world.staff("08", Role::Lead).await;
        assert_eq!(due_reviews(&lead).await, [json!(report_id)], "the talk's hold has ended, and it with it");
        assert!(!stands(&world, held).await);
    }

    async fn a_ledger_that_was_touched_stops_erasing_and_a_replay_erases_again(world) {
        let (noa, lead) = (world.youth().await, world.staff("03", Role::Lead).await);
        let talks = [noa.writes("ett").await, noa.writes("två").await, noa.writes("tre").await];
        for talk in &talks[..2] {
            erases(&lead, "conversation", *talk).await.ok();
        }
        let path = ledger::path(&world.deps.config);
        let entries = ledger::read_verified(&path).unwrap();
        assert_eq!(entries.iter().map(|entry| entry.subject_id).collect::<Vec<_>>(), talks[..2]);
        let good = std::fs::read_to_string(&path).unwrap();
        assert!(!good.contains("ett") && good.lines().count() == 2, "{good}");
        std::fs::write(&path, good.lines().last().unwrap().to_owned() + "\n").unwrap();
        assert!(ledger::read_verified(&path).unwrap_err().contains("line 1 "));
        assert_eq!(erases(&lead, "conversation", talks[2]).await.problem(), "internal");
        assert!(stands(&world, talks[2]).await, "nothing goes without its line");
        assert_eq!(lead.asks(Method::GET, &format!("/api/v1/chat/conversations/{}", talks[2]), None).await.problem(), "not-found");
        std::fs::write(&path, good).unwrap();
        world.clock.wind(121);
        chores::run_due(&world.deps).await.unwrap();
        assert!(!stands(&world, talks[2]).await);

        // An older copy of the database, as a backup brings it back: one talk is in it, the others were not made yet.
        let restored = World::start(if world.deps.db.backend() == DbBackend::Postgres { tests::Backend::Postgres } else { tests::Backend::Sqlite }).await;
        let ida = restored.youth().await;
        ida.does(ida.message(talks[0], "ett")).await;
        let entries = ledger::read_verified(&path).unwrap();
        for _ in 0..2 {
            assert_eq!(erasure::replay(&restored.deps, entries.clone()).await.unwrap(), 3);
        }
        assert!(!stands(&restored, talks[0]).await);
        for talk in talks {
            assert_eq!(logged(&restored, talk).await, [line("", AuditAct::Erase, "restored")], "once, however often");
        }
        for talk in talks {
            assert_eq!(ida.pushes(&[ida.message(talk, "en gång till")]).await[0]["problem"]["kind"], "erased");
        }
        let again = ledger::read_verified(&ledger::path(&restored.deps.config)).unwrap();
        assert_eq!(again, entries, "the new place remembers it too, with its first date");
    }
}
