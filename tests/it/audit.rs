//! Every look and every change by officers is logged; a lead sees who looked; and whoever tampers with the log is found out.

use std::sync::Arc;

use entities::{
    audit_entry::{self, Column as C},
    words::{AccountId, AuditAct, AuditEntryId, AuditSubject, Role, Timestamp},
};
use natpatrull::{audit, base::rotation, chores, deps::Deps};
use reqwest::Method;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, sea_query::Expr,
};
use serde_json::{Value, json};
use tests::{
    Officer, World, on_both_databases,
    people::{Person, action, named},
    world::id,
};
use uuid::Uuid;

async fn rows(world: &World) -> Vec<audit_entry::Model> {
    audit_entry::Entity::find().order_by_asc(C::EntryId).all(world.deps.db.read()).await.unwrap()
}

async fn unsealed(world: &World) -> u64 {
    audit_entry::Entity::find().filter(C::Position.is_null()).count(world.deps.db.read()).await.unwrap()
}

/// Puts other rows in the log's place, as somebody may who has the database.
async fn holds(world: &World, rows: &[audit_entry::Model]) {
    let tx = world.deps.db.begin().await.unwrap();
    audit_entry::Entity::delete_many().exec(&*tx).await.unwrap();
    let rows = rows.iter().cloned().map(|row| row.into_active_model().reset_all());
    audit_entry::Entity::insert_many(rows).exec_without_returning(&*tx).await.unwrap();
    tx.commit().await.unwrap();
}

/// Takes away what keeps programs from changing the log.
async fn drops_the_triggers(world: &World) {
    let tx = world.deps.db.begin().await.unwrap();
    let postgres = world.deps.db.backend() == DbBackend::Postgres;
    for name in ["audit_entry_keep", "audit_entry_hold"] {
        let on = if postgres { " ON audit_entry" } else { "" };
        tx.execute_unprepared(&format!("DROP TRIGGER {name}{on}")).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn verifies(deps: &Deps) -> (Vec<String>, audit::Verified) {
    let mut faults = Vec::new();
    let found = audit::verify(deps, |fault| faults.push(fault)).await.unwrap();
    assert_eq!(found.faults as usize, faults.len());
    (faults, found)
}

fn about(page: &Value) -> Vec<(String, String, String)> {
    let word = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    let entries = page["items"].as_array().unwrap();
    entries.iter().map(|entry| (word(entry, "public_number"), word(entry, "act"), word(entry, "detail"))).collect()
}

async fn asks_who_looked(person: &impl Person, subject: Uuid, rest: &str) -> tests::Answer {
    let path = format!("/api/v1/audit/subjects/{subject}/entries?{rest}");
    person.asks(Method::GET, &path, None).await
}

/// A talk that an officer saw, took, answered and read: seven lines or so.
async fn an_evening(world: &World, kim: &Officer) -> Uuid {
    let talk = world.youth().await.writes("hej").await;
    kim.takes(talk).await;
    kim.answers(talk, "hej du").await;
    kim.reads(talk).await;
    talk
}

async fn lists_reports(kim: &Officer) -> Value {
    kim.asks(Method::GET, "/api/v1/reports", None).await.ok()
}

on_both_databases! {
    async fn a_lead_sees_who_looked_and_nobody_else_does(world) {
        let (noa, kim, lead) = (world.youth().await, world.officer("07").await, world.staff("03", Role::Lead).await);
        let talk = noa.writes("hej").await;
        noa.reads_messages(talk).await;
        assert_eq!(rows(&world).await, [], "what a youth does with her own is not logged");

        kim.sees(talk).await;
        world.clock.wind(1);
        kim.takes(talk).await;
        world.clock.wind(1);
        kim.answers(talk, "hej du").await;
        world.clock.wind(1);
        kim.reads(talk).await;
        world.clock.wind(1);
        let revision = kim.sees(talk).await["revision"].clone();
        let closing = json!({"conversation_id": talk, "expected_revision": revision});
        let lane = format!("conversation:{talk}");
        kim.does(action(&world, &lane, "conversation-close", closing)).await;
        let late = json!({"message_id": id(), "conversation_id": talk, "text": "för sent"});
        let refused = kim.pushes(&[action(&world, &lane, "message-send", late)]).await.remove(0);
        assert_eq!(refused["outcome"], "refused", "and so it leaves no line");
        let seen = asks_who_looked(&lead, talk, "").await.ok();
        let did = |what: &str| ("07".to_owned(), "change".to_owned(), what.to_owned());
        let looked = ("07".to_owned(), "read".to_owned(), String::new());
        let all = [did("conversation-close"), did("conversation-read"), did("message-send"), did("conversation-take"), looked.clone()];
        assert_eq!(about(&seen), all);

        // In pages, without a gap and to its end.
        let (mut paged, mut next) = (Vec::new(), String::new());
        loop {
            let page = asks_who_looked(&lead, talk, &format!("limit=2{next}")).await.ok();
            paged.extend(about(&page));
            let Some(more) = page["next"].as_str() else { break };
            next = format!("&next={more}");
        }
        assert_eq!(paged, all);

        let eva = world.staff("90", Role::Evaluator).await;
        assert_eq!(asks_who_looked(&noa, talk, "").await.problem(), "role-refused");
        for officer in [&kim, &eva] {
            assert_eq!(asks_who_looked(officer, talk, "").await.problem(), "role-refused");
        }
        // Another thing has no lines.
        assert_eq!(about(&asks_who_looked(&lead, id(), "").await.ok()), []);
    }

    async fn each_way_to_see_words_is_a_look_and_the_same_look_is_noted_once_a_minute(world) {
        let noa = world.youth().await;
        let (talk, report, file) = (noa.writes("hej").await, id(), id());
        let bytes = crate::evidence::jpeg();
        noa.does(noa.report(report, "någon hotar mig", json!([named(file, "image/jpeg", &bytes)]))).await;
        assert_eq!(noa.sends_bytes(file, 0, &bytes).await.ok()["complete"], true);
        natpatrull::files::run_due(&world.deps).await.unwrap();

        let path = |path: &str| format!("/api/v1/{path}");
        let ways = [
            (Method::GET, path("chat/conversations"), vec![(AuditSubject::Conversation, talk)]),
            (Method::GET, path(&format!("chat/conversations/{talk}")), vec![(AuditSubject::Conversation, talk)]),
            (Method::GET, path(&format!("chat/conversations/{talk}/messages")), vec![(AuditSubject::Conversation, talk)]),
            (Method::GET, path(&format!("duty/conversations/{talk}/records")), vec![(AuditSubject::Conversation, talk)]),
            (Method::GET, path("reports"), vec![(AuditSubject::Report, report)]),
            (Method::GET, path(&format!("reports/{report}")), vec![(AuditSubject::Report, report)]),
            // A file's row goes with its report, so that its looks are found by both.
            (Method::POST, path(&format!("files/{file}/copy-link")), vec![(AuditSubject::Report, report), (AuditSubject::File, file)]),
        ];
        // Each by an officer of its own, so that none has looked before; a token lasts for five minutes.
        for (nth, (method, path, subjects)) in ways.iter().enumerate() {
            for role in [Role::Officer, Role::Lead] {
                let who = world.staff(&format!("{}{nth}", role.word()), role).await;
                let before = rows(&world).await.len();
                for seconds in [20, 39, 1] {
                    who.asks(method.clone(), path, None).await.ok();
                    world.clock.wind(seconds);
                }
                let lines: Vec<_> = rows(&world).await.split_off(before);
                let mut said: Vec<_> =
                    lines.iter().map(|row| (row.actor_id, row.act, row.subject_kind, row.subject_id)).collect();
                said.sort();
                let by = Some(AccountId(who.account_id));
                let mut looks: Vec<_> = subjects.iter().map(|(kind, id)| (by, AuditAct::Read, *kind, *id)).collect();
                looks.sort();
                assert_eq!(said, looks, "{path}");
                who.asks(method.clone(), path, None).await.ok();
                assert_eq!(rows(&world).await.len(), before + 2 * subjects.len(), "{path}: a minute later it is another look");
                world.clock.wind(1);
            }
        }
        let both = [AuditSubject::Conversation, AuditSubject::Report];
        for (number, stream, kinds) in [("20", format!("conversation:{talk}"), &both[..1]), ("21", "desk".to_owned(), &both)] {
            let who = world.officer(number).await;
            let before = rows(&world).await.len();
            world.clock.wind(1);
            who.pulls(&stream).await;
            let mut looked: Vec<_> = rows(&world).await.split_off(before).into_iter().map(|row| row.subject_kind).collect();
            looked.sort();
            assert_eq!(looked, kinds, "{stream}");
        }
    }

    async fn a_look_that_cannot_be_logged_is_not_answered(world) {
        let (noa, kim) = (world.youth().await, world.officer("07").await);
        let (talk, report) = (noa.writes("hemligt ord").await, id());
        noa.does(noa.report(report, "hemligt ord", json!([]))).await;
        let tx = world.deps.db.begin().await.unwrap();
        tx.execute_unprepared("ALTER TABLE audit_entry RENAME TO away").await.unwrap();
        tx.commit().await.unwrap();
        let talks = "/api/v1/chat/conversations".to_owned();
        let ways = [talks.clone(), format!("{talks}/{talk}"), format!("{talks}/{talk}/messages"), "/api/v1/reports".to_owned(), format!("/api/v1/reports/{report}")];
        for path in &ways {
            let refused = kim.asks(Method::GET, path, None).await;
            assert_eq!((refused.status.as_u16(), refused.problem()), (503, "unavailable"), "{path}");
            assert!(!String::from_utf8(refused.bytes).unwrap().contains("hemligt"), "{path}");
        }
        let body = json!({"device_id": kim.device_id, "envelope": 1, "streams": {"desk": {"tail": 10}}});
        assert_eq!(kim.asks(Method::POST, "/api/v1/sync/pull", Some(&body)).await.problem(), "unavailable");
        let tip = json!({"tip_id": id(), "topic": "scams", "municipality": "2580", "text": "Se upp", "action": "read"});
        let tip = action(&world, "tips", "tip-publish", tip);
        assert_eq!(kim.pushes(std::slice::from_ref(&tip)).await[0]["outcome"], "retry", "nor is what an officer does done");
        assert_eq!(noa.reads_messages(talk).await.len(), 1, "a youth reads her own");

        let tx = world.deps.db.begin().await.unwrap();
        tx.execute_unprepared("ALTER TABLE away RENAME TO audit_entry").await.unwrap();
        tx.commit().await.unwrap();
        for path in &ways {
            kim.asks(Method::GET, path, None).await.ok();
        }
        kim.does(tip).await;
    }

    async fn programs_may_only_add(world) {
        an_evening(&world, &world.officer("07").await).await;
        let before = rows(&world).await;
        let attempts = [
            "UPDATE audit_entry SET detail = 'x'",
            "UPDATE audit_entry SET row_mac = chain",
            "UPDATE audit_entry SET position = 7",
            "UPDATE audit_entry SET position = 7, chain = row_mac, act = 'erase'",
            "DELETE FROM audit_entry",
        ];
        for sealed in [false, true] {
            for sql in attempts.iter().chain(sealed.then_some(&"UPDATE audit_entry SET position = position + 100, chain = row_mac")) {
                let tx = world.deps.db.begin().await.unwrap();
                let refused = tx.execute_unprepared(sql).await.expect_err(sql).to_string();
                assert!(refused.contains("only added to"), "{sql}: {refused}");
            }
            audit::seal(&world.deps).await.unwrap();
        }
        if world.deps.db.backend() == DbBackend::Postgres {
            let tx = world.deps.db.begin().await.unwrap();
            assert!(tx.execute_unprepared("TRUNCATE audit_entry").await.unwrap_err().to_string().contains("only added to"));
        }
        let after: Vec<_> = rows(&world).await.into_iter().map(|row| audit_entry::Model { position: None, chain: None, ..row }).collect();
        assert_eq!(after, before);
    }

    async fn all_lines_get_their_places_though_several_programs_seal(world) {
        let kim = world.officer("07").await;
        let others = [world.on_the_same_files().await, world.on_the_same_files().await];
        let over = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let sealers: Vec<_> = others.iter().cloned().chain([world.deps.clone()]).map(|deps| {
            let over = over.clone();
            tokio::spawn(async move {
                while !over.load(std::sync::atomic::Ordering::SeqCst) {
                    audit::seal(&deps).await.unwrap();
                    tokio::task::yield_now().await;
                }
            })
        }).collect();
        let evenings = (0..8).map(|_| an_evening(&world, &kim));
        futures_util::future::join_all(evenings).await;
        over.store(true, std::sync::atomic::Ordering::SeqCst);
        for sealer in sealers {
            sealer.await.unwrap();
        }
        audit::seal(&world.deps).await.unwrap();
        assert_eq!(unsealed(&world).await, 0);
        let (faults, found) = verifies(&world.deps).await;
        assert_eq!(faults, [] as [String; 0]);
        assert!(found.lines >= 8 * 4, "{} lines", found.lines);
        assert_eq!(found.head.unwrap().0, found.lines as i64, "places are dense");
    }

    async fn what_is_older_than_five_years_goes_and_the_log_still_verifies(world) {
        let kim = world.officer("07").await;
        let old = an_evening(&world, &kim).await;
        audit::seal(&world.deps).await.unwrap();
        // The talk goes by its own rule on the way, and that is a line too.
        let about_old = async || rows(&world).await.iter().filter(|row| row.subject_id == old && row.act != AuditAct::Erase).count() as i64;
        let seen = about_old().await;
        let years_later = async |days: i64| {
            world.clock.wind(days * 24 * 3600);
            chores::run_due(&world.deps).await.unwrap();
            audit::seal(&world.deps).await.unwrap();
            about_old().await
        };
        assert_eq!(years_later(1825).await, seen, "until then all of it stays");
        let kim = world.officer("08").await;
        let new = an_evening(&world, &kim).await;
        assert_eq!(years_later(2).await, 0);
        let (faults, found) = verifies(&world.deps).await;
        assert_eq!((faults, found.unsealed), (vec![], 0));
        let lines = rows(&world).await;
        assert!(lines.iter().any(|row| row.subject_id == new));
        let places: Vec<_> = { let mut all: Vec<_> = lines.iter().filter_map(|row| row.position).collect(); all.sort(); all };
        assert_eq!(places, (places[0]..=found.head.clone().unwrap().0).collect::<Vec<_>>());
        assert!(places[0] > seen);
        assert_eq!(years_later(1).await, 0);
        assert_eq!(rows(&world).await.len(), lines.len(), "and is not trimmed again for nothing");

        // Nothing else goes: not by the database, and not unseen.
        let tx = world.deps.db.begin().await.unwrap();
        let more = audit_entry::Entity::delete_many().filter(C::Position.eq(places[0])).exec(&*tx).await;
        assert!(more.unwrap_err().to_string().contains("only added to"));
        drop(tx);
        let mut good = rows(&world).await;
        good.sort_by_key(|row| row.position);
        drops_the_triggers(&world).await;
        let missing = format!("position {}: a line is missing", places[0]);
        holds(&world, &good[1..]).await;
        assert_eq!(verifies(&world.deps).await.0, [missing]);
        // Nor by a line that nobody but the program can write.
        let mut forged = good.clone();
        let naming = forged.iter().position(|row| row.subject_kind == AuditSubject::Audit).unwrap();
        let chain = forged[0].chain.as_ref().unwrap().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        forged[naming].detail = Some(format!("{} {chain}", places[0]));
        holds(&world, &forged[1..]).await;
        let (faults, _) = verifies(&world.deps).await;
        assert_eq!(faults[0], format!("positions 1 to {}: lines are missing", places[0]), "{faults:?}");
    }

    async fn whatever_is_done_to_the_log_is_found_with_its_position(world) {
        let kim = world.officer("07").await;
        for _ in 0..3 {
            an_evening(&world, &kim).await;
        }
        let (faults, found) = verifies(&world.deps).await;
        assert_eq!((faults.len(), found.unsealed), (0, found.lines), "nothing is sealed yet");
        audit::seal(&world.deps).await.unwrap();
        let (faults, found) = verifies(&world.deps).await;
        assert_eq!((faults.len(), found.unsealed), (0, 0));
        let good = { let mut rows = rows(&world).await; rows.sort_by_key(|row| row.position); rows };
        let last = good.len();
        assert_eq!(found.head.unwrap().0 as usize, last);
        assert!(last >= 12, "{last} lines");
        drops_the_triggers(&world).await;

        let line = |nth: usize| good[nth - 1].clone();
        let with = |nth: usize, row: audit_entry::Model| { let mut rows = good.clone(); rows[nth - 1] = row; rows };
        let changed = |nth: usize| format!("position {nth}: an added or changed line");
        let moved = |nth: usize| format!("position {nth}: a line out of its order, it does not join the one before");
        let flip = |bytes: &[u8]| { let mut bytes = bytes.to_vec(); bytes[3] ^= 1; bytes };
        let other = |id: Uuid| Uuid::from_u128(id.as_u128() ^ 1);
        let row = line(5);
        let look = 1 + good.iter().position(|row| row.detail.is_none()).unwrap();
        let mut tries: Vec<(&str, Vec<audit_entry::Model>, Vec<String>)> = vec![
            ("entry_id", with(5, audit_entry::Model { entry_id: AuditEntryId(other(row.entry_id.0)), ..row.clone() }), vec![changed(5)]),
            ("at", with(5, audit_entry::Model { at: Timestamp::from_millis(row.at.millis() + 1), ..row.clone() }), vec![changed(5)]),
            ("actor_id", with(5, audit_entry::Model { actor_id: row.actor_id.map(|id| AccountId(other(id.0))), ..row.clone() }), vec![changed(5)]),
            ("actor_id away", with(5, audit_entry::Model { actor_id: None, ..row.clone() }), vec![changed(5)]),
            ("actor_number", with(5, audit_entry::Model { actor_number: Some("08".to_owned()), ..row.clone() }), vec![changed(5)]),
            ("act", with(5, audit_entry::Model { act: AuditAct::Join, ..row.clone() }), vec![changed(5)]),
            ("subject_kind", with(5, audit_entry::Model { subject_kind: AuditSubject::Tip, ..row.clone() }), vec![changed(5)]),
            ("subject_id", with(5, audit_entry::Model { subject_id: other(row.subject_id), ..row.clone() }), vec![changed(5)]),
            ("detail", with(5, audit_entry::Model { detail: Some("x".to_owned()), ..row.clone() }), vec![changed(5)]),
            ("row_mac", with(5, audit_entry::Model { row_mac: flip(&row.row_mac), ..row.clone() }), vec![changed(5)]),
            ("chain", with(5, audit_entry::Model { chain: row.chain.as_deref().map(flip), ..row.clone() }), vec![moved(5)]),
            ("detail, empty for none", with(look, audit_entry::Model { detail: Some(String::new()), ..line(look) }), vec![changed(look)]),
            ("dropped in the middle", good.iter().filter(|row| row.position != Some(5)).cloned().collect(), vec!["position 5: a line is missing".to_owned()]),
            ("three dropped", good.iter().filter(|row| !(5..8).contains(&row.position.unwrap())).cloned().collect(), vec!["positions 5 to 7: lines are missing".to_owned()]),
            ("the first dropped", good[1..].to_vec(), vec!["position 1: a line is missing".to_owned()]),
        ];
        let anchor = world.deps.config.data_dir.join("audit.head");
        let cut = format!("the end is cut: {} says {last}, the table ends at {}", anchor.display(), last - 2);
        tries.push(("the end cut off", good[..last - 2].to_vec(), vec![cut]));

        // What two lines say is exchanged, their ids and places stay.
        let says = |of: usize, as_of: usize| {
            let (of, from) = (line(of), line(as_of));
            audit_entry::Model { entry_id: of.entry_id, position: of.position, chain: of.chain, ..from }
        };
        let mut swapped = with(4, says(4, 7));
        swapped[6] = says(7, 4);
        tries.push(("two lines' words swapped", swapped, vec![changed(4), changed(7)]));
        // Two whole lines change places, with and without their chains.
        let placed = |row: audit_entry::Model, at: usize| audit_entry::Model { position: Some(at as i64), ..row };
        let chained = |row: audit_entry::Model, at: usize| audit_entry::Model { position: Some(at as i64), chain: line(at).chain, ..row };
        let mut swapped = with(4, placed(line(7), 4));
        swapped[6] = placed(line(4), 7);
        tries.push(("two places swapped", swapped, vec![moved(4), moved(5), moved(7), moved(8)]));
        let mut swapped = with(4, chained(line(7), 4));
        swapped[6] = chained(line(4), 7);
        tries.push(("two places swapped under the chain", swapped, vec![moved(4), moved(7)]));

        // Lines that nobody wrote: unsealed, at the end, or in the middle with all after it moved on.
        let forged = audit_entry::Model { entry_id: AuditEntryId(id()), subject_id: id(), ..line(5) };
        let mut added = good.clone();
        added.push(audit_entry::Model { position: None, chain: None, ..forged.clone() });
        let text = format!("after position {last}: an added or changed line, not sealed yet ({})", forged.entry_id);
        tries.push(("a line added", added, vec![text]));
        let mut added = good.clone();
        added.push(placed(forged.clone(), last + 1));
        tries.push(("a line added at the end", added, vec![changed(last + 1)]));
        let mut added: Vec<_> = good.iter().map(|row| placed(row.clone(), row.position.unwrap() as usize + usize::from(row.position.unwrap() >= 5))).collect();
        added.insert(4, placed(forged.clone(), 5));
        let after: Vec<_> = [changed(5)].into_iter().chain((6..=last + 1).map(moved)).collect();
        let named = format!("position {last}: not the line that {} names", anchor.display());
        let after: Vec<_> = after.into_iter().flat_map(|fault| if fault == moved(last) { vec![fault, named.clone()] } else { vec![fault] }).collect();
        tries.push(("a line added in the middle", added, after));

        for (what, rows, expected) in tries {
            holds(&world, &rows).await;
            let (faults, found) = verifies(&world.deps).await;
            assert_eq!(faults, expected, "{what}");
            assert_eq!(found.lines as usize, rows.len(), "{what}");
            holds(&world, &good).await;
            assert_eq!(verifies(&world.deps).await.0, [] as [String; 0], "{what}: put back");
        }

        // The job seals a line that nobody wrote, and does not hide it.
        let mut added = good.clone();
        added.push(audit_entry::Model { position: None, chain: None, ..forged });
        holds(&world, &added).await;
        audit::seal(&world.deps).await.unwrap();
        assert_eq!(verifies(&world.deps).await.0, [changed(last + 1)]);
        holds(&world, &good).await;
        let told = |deps: &Deps| std::fs::read_to_string(deps.config.data_dir.join("audit.head")).unwrap();
        std::fs::write(&anchor, format!("{last} {}\n", natpatrull::base::crypto::hex(line(last).chain.as_ref().unwrap()))).unwrap();

        // Its end cut off, the log grows again past where it was: the anchor does not give way.
        let before = told(&world.deps);
        holds(&world, &good[..last - 2]).await;
        an_evening(&world, &kim).await;
        an_evening(&world, &kim).await;
        audit::seal(&world.deps).await.unwrap_err();
        assert_eq!((told(&world.deps), unsealed(&world).await), (before, 0));
        assert_eq!(verifies(&world.deps).await.0, [named]);
        std::fs::remove_file(&anchor).unwrap();
        let (faults, _) = verifies(&world.deps).await;
        assert_eq!(faults, [format!("{} is missing: whether the end is cut cannot be told", anchor.display())]);
    }

    async fn the_log_verifies_after_the_master_key_has_changed(world) {
        let kim = world.officer("07").await;
        an_evening(&world, &kim).await;
        audit::seal(&world.deps).await.unwrap();
        let old = world.deps.masters.current().id;
        assert_ne!(rotation::rotate(&world.on_the_same_files().await).await.unwrap().to, old);
        an_evening(&world, &kim).await;
        audit::seal(&world.deps).await.unwrap();
        let fresh = world.on_the_same_files().await;
        let (faults, found) = verifies(&fresh).await;
        assert_eq!(faults, [] as [String; 0]);
        assert!(found.lines == 8 && found.unsealed == 0);
        drops_the_triggers(&world).await;
        let tx = world.deps.db.begin().await.unwrap();
        let other = audit_entry::Entity::update_many().col_expr(C::Detail, Expr::value("x")).filter(C::Position.eq(2));
        other.exec(&*tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(verifies(&fresh).await.0, ["position 2: an added or changed line"]);
    }

    async fn looks_that_come_together_all_stand_in_the_log(world) {
        let kim = world.officer("07").await;
        let noa = world.youth().await;
        let mut talks = Vec::new();
        for _ in 0..40 {
            talks.push(noa.writes("hej").await);
        }
        futures_util::future::join_all(talks.iter().map(|talk| kim.reads_messages(*talk))).await;
        let mut looked: Vec<_> = rows(&world).await.into_iter().map(|row| row.subject_id).collect();
        looked.sort();
        talks.sort();
        assert_eq!(looked, talks);
        assert_eq!(lists_reports(&kim).await["items"], json!([]));
        assert_eq!(rows(&world).await.len(), 40, "an empty list shows nothing of anybody");
    }
}
