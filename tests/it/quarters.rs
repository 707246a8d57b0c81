//! Who is there, and when: the hours that leads set, and the shifts whose phones ring.

use entities::{
    setting, shift,
    words::{Role, SettingName},
};
use natpatrull::{base::clock::Clock, push, quarters};
use reqwest::Method;
use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::{Value, json};
use tests::{
    Officer, World, on_both_databases,
    people::{Person, action, secret},
    push_service::PushService,
    world::id,
};
use uuid::Uuid;

const HOURS: &str = "/api/v1/quarters/hours";

async fn opening(world: &World) -> Value {
    world.asks(Method::GET, "/api/v1/quarters/opening", None, None).await.ok()
}

/// Open, until when, and the next opening.
async fn says(world: &World) -> (bool, Value, Value) {
    let state = opening(world).await;
    (state["open"] == true, state["open_until"].clone(), state["next_opening"].clone())
}

async fn staffed(world: &World) -> bool {
    opening(world).await["staffed"] == true
}

async fn sets(lead: &Officer, path: &str, body: Value) -> tests::Answer {
    lead.asks(Method::PUT, &format!("{HOURS}{path}"), Some(&body)).await
}

async fn shifts(who: &Officer) -> Vec<Value> {
    who.asks(Method::GET, "/api/v1/quarters/shifts", None).await.ok()["items"].as_array().unwrap().clone()
}

fn on_shift(world: &World, kind: &str, shift: Uuid, more: Value) -> Value {
    let mut body = more;
    body["shift_id"] = json!(shift);
    action(world, &format!("shift:{shift}"), kind, body)
}

async fn ends(who: &impl Person, action: Value) -> Value {
    let result = who.pushes(&[action]).await.remove(0);
    result["problem"].get("kind").unwrap_or(&result["outcome"]).clone()
}

async fn puts(lead: &Officer, quarter: Uuid, body: Value) -> tests::Answer {
    lead.asks(Method::PUT, &format!("/api/v1/quarters/{quarter}"), Some(&body)).await
}

/// A quarter as the register has it.
async fn registered(who: &Officer, quarter: Uuid) -> Value {
    let list = who.asks(Method::GET, "/api/v1/quarters", None).await.ok();
    list["items"].as_array().unwrap().iter().find(|one| one["quarter_id"] == json!(quarter)).unwrap().clone()
}

async fn alarms_rang(world: &World, service: &PushService) -> usize {
    push::run_due(&world.deps).await.unwrap();
    service.count()
}

on_both_databases! {
    async fn the_chat_is_open_as_leads_have_set(world) {
        let (lead, kim) = (world.staff("03", Role::Lead).await, world.officer("07").await);
        // It is one o'clock in Sweden.
        assert_eq!(world.now(), "2026-03-01T12:00:00.000Z");
        assert_eq!(says(&world).await, (false, Value::Null, Value::Null), "nothing was set");
        lead.sets_hours("12:00", "15:00").await;
        let open = (true, json!("2026-03-01T14:00:00.000Z"), json!("2026-03-02T11:00:00.000Z"));
        assert_eq!(says(&world).await, open);

        let closed_today = json!({"day": "2026-03-01", "spans": []});
        sets(&lead, "/exceptions", closed_today).await.ok();
        assert_eq!(says(&world).await, (false, Value::Null, json!("2026-03-02T11:00:00.000Z")));
        let late = json!({"day": "2026-03-01", "spans": [{"opens": "20:00", "closes": "01:00"}]});
        let hours = sets(&lead, "/exceptions", late.clone()).await.ok();
        assert_eq!(hours["exceptions"], json!([late]));
        assert_eq!(says(&world).await, (false, Value::Null, json!("2026-03-01T19:00:00.000Z")));
        sets(&lead, "/exceptions", json!({"day": "2026-03-01"})).await.ok();
        assert_eq!(says(&world).await, open);

        sets(&lead, "/now", json!({"state": "closed", "until": "2026-03-01T13:00:00Z"})).await.ok();
        assert_eq!(says(&world).await, (false, Value::Null, json!("2026-03-01T13:00:00.000Z")));
        sets(&lead, "/now", json!({"state": "open", "until": "2026-03-01T17:00:00Z"})).await.ok();
        assert_eq!(says(&world).await, (true, json!("2026-03-01T17:00:00.000Z"), open.2.clone()));
        sets(&lead, "/now", json!({"state": "as-planned"})).await.ok();
        assert_eq!(says(&world).await, open);

        // A later plan leaves today as it is, and the same again is exchanged.
        for opens in ["08:00", "09:00"] {
            let plan = json!({"valid_from": "2026-03-02", "intervals": [{"weekday": "tuesday", "opens": opens, "closes": "24:00"}]});
            let hours = sets(&lead, "", plan.clone()).await.ok();
            assert_eq!((hours["plans"].as_array().unwrap().len(), &hours["plans"][1]), (2, &plan));
        }
        assert_eq!(says(&world).await, (true, open.1, json!("2026-03-03T08:00:00.000Z")));

        let desk = kim.pulls("desk").await;
        let kinds: Vec<_> = desk["events"].as_array().unwrap().iter().map(|event| event["kind"].clone()).collect();
        assert_eq!(kinds, vec![json!("opening-changed"); 9], "the desk is told of each");
        let log = lead.asks(Method::GET, &format!("/api/v1/audit/subjects/{}/entries", Uuid::nil()), None).await.ok();
        assert_eq!(log["items"].as_array().unwrap().len(), 9);
        assert_eq!((&log["items"][0]["public_number"], &log["items"][0]["subject_kind"]), (&json!("03"), &json!("opening")));
    }

    async fn hours_that_cannot_be_are_refused(world) {
        let lead = world.staff("03", Role::Lead).await;
        let span = |opens, closes| json!({"opens": opens, "closes": closes});
        let week = |opens, closes| json!([{"weekday": "monday", "opens": opens, "closes": closes}]);
        for (path, body) in [
            ("", json!({"valid_from": "2026-02-28", "intervals": []})),
            ("", json!({"valid_from": "2026-02-30", "intervals": []})),
            ("", json!({"valid_from": "2026-03-02", "intervals": week("16:00", "16:00")})),
            ("", json!({"valid_from": "2026-03-02", "intervals": week("24:00", "02:00")})),
            ("", json!({"valid_from": "2026-03-02", "intervals": week("16:00", "25:00")})),
            ("/exceptions", json!({"day": "2026-02-28", "spans": []})),
            ("/exceptions", json!({"day": "2026-03-02", "spans": [span("7:00", "08:00")]})),
            ("/now", json!({"state": "closed"})),
            ("/now", json!({"state": "closed", "until": "2026-03-01T12:00:00Z"})),
            ("/now", json!({"state": "open", "until": "2027-04-01T12:00:00Z"})),
            ("/now", json!({"state": "as-planned", "until": "2026-03-01T13:00:00Z"})),
        ] {
            assert_eq!(sets(&lead, path, body.clone()).await.problem(), "malformed", "{body}");
        }
        assert_eq!(says(&world).await, (false, Value::Null, Value::Null));
    }

    async fn the_public_answer_names_nobody_and_may_be_kept_for_seconds(world) {
        let service = PushService::start().await;
        let (lead, kim) = (world.staff("03", Role::Lead).await, world.officer("07").await);
        lead.sets_hours("00:00", "24:00").await;
        kim.goes_out(&service).await;
        let answer = world.asks(Method::GET, "/api/v1/quarters/opening", None, None).await;
        assert_eq!(answer.headers["cache-control"], "public, max-age=5");
        assert_eq!(answer.headers["access-control-allow-origin"], "*");
        let keys: Vec<_> = answer.json.as_object().unwrap().keys().cloned().collect();
        assert_eq!(keys, ["open", "server_time", "staffed"], "{}", answer.json);
        assert_eq!(answer.json["staffed"], true);
    }

    async fn an_officer_counts_whose_phone_rings_and_who_is_heard(world) {
        let service = PushService::start().await;
        let (kim, shift) = (world.officer("07").await, id());
        let troubles = async |who: &Officer| shifts(who).await[0]["troubles"].clone();
        kim.does(kim.starts(shift)).await;
        assert_eq!(troubles(&kim).await, json!(["no-address", "not-answered"]), "the view says why");
        assert_eq!(alarms_rang(&world, &service).await, 0);

        kim.subscribes(&service).await;
        kim.does(on_shift(&world, "shift-ask-alarm", shift, json!({"device_id": kim.device_id}))).await;
        assert_eq!(alarms_rang(&world, &service).await, 1, "a real push");
        assert_eq!((troubles(&kim).await, staffed(&world).await), (json!(["not-answered"]), false));
        let made_up = on_shift(&world, "shift-answer-alarm", shift, json!({"proof": "A".repeat(22)}));
        assert_eq!(ends(&kim, made_up).await, "proof-wrong");
        let other = world.officer("12").await;
        assert_eq!(ends(&other, kim.answers_alarm(shift)).await, "not-found");
        kim.does(kim.answers_alarm(shift)).await;
        assert_eq!((troubles(&kim).await, staffed(&world).await), (json!([]), true));
        assert_eq!(shifts(&kim).await[0]["counted"], true);

        // Five minutes without a word, and whatever she asks for brings her back.
        world.clock.wind(300);
        assert!(staffed(&world).await);
        world.clock.wind(1);
        assert!(!staffed(&world).await);
        let kim = kim.with_a_new_token();
        assert_eq!(troubles(&kim).await, json!(["unheard"]));
        assert_eq!(quarters::keep_heard(&world.deps).await.unwrap(), 1);
        assert!(staffed(&world).await);

        // An address that turns out dead takes her out of the count.
        service.answers(410);
        kim.asks(Method::POST, "/api/v1/push/subscription/test", None).await;
        push::run_due(&world.deps).await.unwrap();
        assert_eq!((troubles(&kim).await, staffed(&world).await), (json!(["no-address"]), false));
        service.answers(201);
        kim.goes_out(&service).await;
        assert!(staffed(&world).await, "one press, and the phone that rings");
        assert_eq!(shifts(&kim).await.len(), 1, "the shift before has ended");
    }

    async fn an_alarm_that_does_not_get_through_takes_the_phone_out_until_one_does(world) {
        let service = PushService::start().await;
        let kim = world.officer("07").await;
        let shift = kim.goes_out(&service).await;
        push::run_due(&world.deps).await.unwrap();
        assert!(staffed(&world).await);
        let again = || on_shift(&world, "shift-ask-alarm", shift, json!({"device_id": kim.device_id}));
        for (status, counts) in [(503, false), (503, false), (503, false), (503, false), (201, true)] {
            service.answers(status);
            kim.does(again()).await;
            kim.does(kim.answers_alarm(shift)).await;
            push::run_due(&world.deps).await.unwrap();
            assert_eq!(staffed(&world).await, counts, "{status}");
        }
    }

    async fn how_long_silence_counts_is_set_from_a_day_on(world) {
        let service = PushService::start().await;
        let kim = world.officer("07").await;
        let known = quarters::list_settings(&world.deps).await.unwrap().len();
        let sets = |value, seconds, source: &str| {
            let valid_from = world.clock.now().plus_seconds(seconds);
            let row = setting::Model { name: SettingName::HeardSeconds, valid_from, value, source: source.to_owned() };
            quarters::set_setting(&world.deps, row)
        };
        for (value, seconds, source) in [(0, 60, "beslut"), (100_000, 60, "beslut"), (120, -1, "beslut"), (120, 60, " ")] {
            assert!(sets(value, seconds, source).await.is_err(), "{value} {seconds} {source}");
        }
        sets(120, 100, "beslut 7").await.unwrap();
        assert!(sets(240, 100, "beslut 8").await.is_err(), "it was set for that day already");
        kim.goes_out(&service).await;
        world.clock.wind(99);
        assert!(staffed(&world).await);
        world.clock.wind(22);
        assert!(!staffed(&world).await, "two minutes now");
        assert_eq!(quarters::list_settings(&world.deps).await.unwrap().len(), known + 1);
    }

    async fn being_heard_is_written_once_a_minute(world) {
        let service = PushService::start().await;
        let kim = world.officer("07").await;
        kim.goes_out(&service).await;
        let marks = async || {
            let wrote = quarters::keep_heard(&world.deps).await.unwrap();
            (wrote, shift::Entity::find().one(world.deps.db.read()).await.unwrap().unwrap().heard_at.to_string())
        };
        assert_eq!(marks().await, (0, world.now()), "starting was a word");
        let start = world.now();
        world.clock.wind(59);
        shifts(&kim).await;
        assert_eq!(marks().await, (0, start));
        world.clock.wind(1);
        shifts(&kim).await;
        shifts(&kim).await;
        assert_eq!(marks().await, (1, world.now()));
        assert_eq!(marks().await.0, 0, "nobody asked for anything");
    }

    async fn shifts_are_ones_own_and_the_desk_is_told(world) {
        let (noa, kim, alex) = (world.youth().await, world.officer("07").await, world.officer("12").await);
        let (shift, end) = (id(), |shift| on_shift(&world, "shift-end", shift, json!({})));
        assert_eq!(ends(&noa, kim.starts(shift)).await, "role-refused");
        kim.does(kim.starts(shift)).await;
        assert_eq!(ends(&alex, alex.starts(shift)).await, "conflict", "the id is taken");
        assert_eq!(ends(&alex, end(shift)).await, "not-found");
        let mut elsewhere = kim.starts(id());
        elsewhere["body"]["quarters"] = json!([id()]);
        assert_eq!(ends(&kim, elsewhere).await, "not-found", "no such quarter");
        let seen = &shifts(&alex).await[0];
        assert_eq!((&seen["public_number"], &seen["mine"], &seen["device_id"]), (&json!("07"), &json!(false), &Value::Null));
        kim.does(end(shift)).await;
        assert_eq!(shifts(&kim).await, Vec::<Value>::new());
        assert_eq!(ends(&kim, kim.answers_alarm(shift)).await, "conflict", "it has ended");
        // What a phone brings after its planned end was over before it came.
        let mut late = kim.starts(id());
        late["body"]["ends_at"] = json!("2026-03-01T11:59:59Z");
        kim.does(late).await;
        assert_eq!(shifts(&kim).await, Vec::<Value>::new());
        let desk = kim.pulls("desk").await;
        let told: Vec<_> = desk["events"].as_array().unwrap().iter().map(|event| (event["kind"].as_str().unwrap(), event["revision"].as_i64().unwrap())).collect();
        assert_eq!(told, [("shift-changed", 1), ("shift-changed", 2), ("shift-changed", 1)]);
    }

    async fn a_lead_makes_quarters_and_officers_walk_them(world) {
        let (lead, kim, quarter) = (world.staff("03", Role::Lead).await, world.officer("07").await, id());
        let puts = async |revision: i64, name: &str| {
            let body = json!({"expected_revision": revision, "name": name, "platform": "Discord", "account": "natpolis"});
            puts(&lead, quarter, body).await
        };
        assert_eq!(puts(0, "  ").await.problem(), "text-empty");
        assert_eq!(puts(0, &"x".repeat(101)).await.problem(), "text-too-long");
        assert_eq!(puts(1, "Spelkvällen").await.problem(), "revision-conflict");
        puts(0, "Spelkvällen").await.ok();
        assert_eq!(puts(0, "Spelkvällen").await.ok()["revision"], 1, "the same again changes nothing");
        assert_eq!(puts(0, "Fredagsspelet").await.problem(), "revision-conflict");
        assert_eq!(puts(1, "Fredagsspelet").await.ok()["revision"], 2);
        let seen = registered(&kim, quarter).await;
        assert_eq!((&seen["name"], &seen["platform"], &seen["account"]), (&json!("Fredagsspelet"), &json!("Discord"), &json!("natpolis")));
        assert_eq!((&seen["revision"], &seen["status"], &seen["kind"]), (&json!(2), &json!("active"), &Value::Null));
        let mut walks = kim.starts(id());
        walks["body"]["quarters"] = json!([quarter]);
        kim.does(walks).await;
        assert_eq!(shifts(&kim).await[0]["quarters"], json!([quarter]));
    }

    async fn the_register_says_what_a_quarter_is_and_how_the_patrol_got_in(world) {
        let (lead, kim) = (world.staff("03", Role::Lead).await, world.officer("07").await);
        let quarter = id();
        let full = json!({
            "expected_revision": 0, "name": "Spelkvällen", "platform": "Discord", "account": "natpolis", "address": "https://discord.example/kvall",
            "kind": "digital-physical", "municipality": "2480", "language": "sv", "ages": ["16-17", "13-15", "16-17"],
            "access": "Fritidsledaren släppte in oss.", "risks": "Röstkanalerna spelas in.", "status": "active",
        });
        let made = puts(&lead, quarter, full.clone()).await.ok();
        assert_eq!(puts(&lead, quarter, full.clone()).await.ok(), made, "the same again changes nothing");
        let seen = registered(&kim, quarter).await;
        assert_eq!(seen, made);
        for (field, value) in full.as_object().unwrap() {
            if !["expected_revision", "ages"].contains(&&**field) {
                assert_eq!(&seen[field], value, "{field}");
            }
        }
        assert_eq!((&seen["ages"], &seen["revision"], &seen["damaged"]), (&json!(["13-15", "16-17"]), &json!(1), &json!(false)));
        let shorter = json!({"expected_revision": 1, "name": "Spelkvällen", "platform": "Discord", "account": "natpolis"});
        let changed = puts(&lead, quarter, shorter.clone()).await.ok();
        assert_eq!((&changed["access"], &changed["kind"], &changed["status"]), (&Value::Null, &Value::Null, &json!("active")));
        assert_eq!(puts(&lead, quarter, full).await.problem(), "revision-conflict");
        for (field, value, kind) in [("municipality", "9999", "malformed"), ("access", " ", "text-empty"), ("address", &"x".repeat(301), "text-too-long")] {
            let mut wrong = shorter.clone();
            wrong[field] = json!(value);
            assert_eq!(puts(&lead, quarter, wrong).await.problem(), kind, "{field}");
        }
    }

    async fn nobody_walks_where_the_patrol_has_no_public_account(world) {
        let (lead, kim) = (world.staff("03", Role::Lead).await, world.officer("07").await);
        let quarter = id();
        let put = |revision: i64, status: &str, account: Option<&str>| {
            json!({"expected_revision": revision, "name": "Spelkvällen", "platform": "Discord", "account": account, "status": status})
        };
        for status in ["active", "resting", "left"] {
            assert_eq!(puts(&lead, quarter, put(0, status, None)).await.problem(), "account-needed", "{status}");
        }
        puts(&lead, quarter, put(0, "wished", None)).await.ok();
        let goes = || {
            let mut starts = kim.starts(id());
            starts["body"]["quarters"] = json!([quarter]);
            starts
        };
        assert_eq!(ends(&kim, goes()).await, "account-needed");
        kim.does(kim.starts(id())).await;
        assert_eq!(kim.asks_for_invite(id(), quarter, &secret()).await.problem(), "account-needed");
        puts(&lead, quarter, put(1, "asked", None)).await.ok();
        assert_eq!(ends(&kim, goes()).await, "account-needed");
        puts(&lead, quarter, put(2, "active", Some("natpolis"))).await.ok();
        kim.does(goes()).await;
        kim.invites_from(quarter).await;
        let tx = world.deps.db.begin().await.unwrap();
        tx.execute_unprepared("UPDATE quarter SET account = ''").await.expect_err("the database itself holds no active quarter without one");
        drop(tx);

        let known = async || {
            let path = "/api/v1/officers/check?platform=discord&account=@Natpolis";
            world.asks(Method::GET, path, None, None).await.ok()["known"] == true
        };
        assert!(known().await);
        puts(&lead, quarter, put(3, "left", Some("natpolis"))).await.ok();
        assert!(!known().await, "it may be somebody else's by now");
    }

    async fn wishes_count_with_the_quarter_that_they_are_for(world) {
        let (noa, sam) = (world.youth().await, world.youth().await);
        let (lead, kim) = (world.staff("03", Role::Lead).await, world.officer("07").await);
        let quarter = id();
        puts(&lead, quarter, json!({"expected_revision": 0, "name": "Blå torn", "platform": "Minecraft", "status": "wished"})).await.ok();
        let wishes = |kind: &str, idea: Uuid, more: Value| {
            let mut body = more;
            body["idea_id"] = json!(idea);
            action(&world, "ideas", kind, body)
        };
        let (one, other, idea) = (id(), id(), id());
        for (who, wish, kind) in [(&noa, one, "quarter"), (&sam, other, "quarter"), (&noa, idea, "idea")] {
            who.does(wishes("idea-send", wish, json!({"kind": kind, "text": "Blå torn"}))).await;
        }
        let counted = async || registered(&kim, quarter).await["wishes"].clone();
        assert_eq!(counted().await, json!({"wished": 0, "answered": 0, "support": 0}));
        let there = |revision: i64| json!({"expected_revision": revision, "quarter_id": quarter});
        for wish in [one, other] {
            kim.does(wishes("idea-locate", wish, there(1))).await;
        }
        assert_eq!(ends(&kim, wishes("idea-locate", idea, there(1))).await, "malformed", "it is no wish for a quarter");
        assert_eq!(ends(&kim, wishes("idea-locate", one, there(1))).await, "revision-conflict");
        assert_eq!(ends(&noa, wishes("idea-locate", one, there(2))).await, "role-refused");
        let waiting = kim.asks(Method::GET, "/api/v1/ideas/box", None).await.ok();
        assert_eq!(waiting["items"].as_array().unwrap().len(), 3, "nothing of them is decided");
        kim.does(wishes("idea-show", one, json!({"expected_revision": 2}))).await;
        sam.asks(Method::PUT, &format!("/api/v1/ideas/{one}/support"), None).await.ok();
        assert_eq!(counted().await, json!({"wished": 2, "answered": 0, "support": 3}));
        let answer = json!({"expected_revision": 3, "outcome": "planned", "answer": "Vi har frågat."});
        kim.does(wishes("idea-answer", one, answer)).await;
        assert_eq!(counted().await, json!({"wished": 1, "answered": 1, "support": 3}), "an answer that names no quarter leaves it where it was");
        kim.does(wishes("idea-locate", other, json!({"expected_revision": 2}))).await;
        assert_eq!(counted().await, json!({"wished": 0, "answered": 1, "support": 2}));
    }
}
