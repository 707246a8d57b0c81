//! Out together: what two phones press with no network comes to the same as if they had had one, and nobody is named.

use entities::{content_key, patrol_act, patrol_reflection, words::Role};
use natpatrull::{base::clock::Clock, chores};
use reqwest::Method;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use tests::{
    Officer, World, on_both_databases,
    people::{Person, action},
    world::{Answer, id},
};
use uuid::Uuid;

const PATROLS: &str = "/api/v1/patrols";

/// What one officer does on a patrol, as the phone writes it down.
fn does(world: &World, patrol: Uuid, kind: &str, more: Value) -> Value {
    let mut body = more;
    body["patrol_id"] = json!(patrol);
    action(world, &format!("patrol:{patrol}"), kind, body)
}

fn marks(world: &World, patrol: Uuid, mark: &str) -> Value {
    does(world, patrol, "patrol-mark", json!({"mark": mark}))
}

fn counts(world: &World, patrol: Uuid, quarter: Uuid, counter: &str) -> Value {
    does(world, patrol, "patrol-count", json!({"quarter_id": quarter, "counter": counter}))
}

fn plan(world: &World, patrol: Uuid, quarters: &[Uuid]) -> Value {
    does(
        world,
        patrol,
        "patrol-plan",
        json!({
            "expected_revision": 0, "starts_at": world.seconds_later(600), "ends_at": world.seconds_later(4 * 3600),
            "officers": ["07", "12"], "quarters": quarters,
        }),
    )
}

async fn ends(who: &impl Person, action: Value) -> Value {
    let result = who.pushes(&[action]).await.remove(0);
    result["problem"].get("kind").unwrap_or(&result["outcome"]).clone()
}

async fn sees(who: &Officer, patrol: Uuid) -> Value {
    who.asks(Method::GET, &format!("{PATROLS}/{patrol}"), None).await.ok()
}

async fn log(who: &Officer, patrol: Uuid) -> Value {
    who.asks(Method::GET, &format!("{PATROLS}/{patrol}/log"), None).await.ok()
}

/// A lead's quarter, and the two who walk there.
async fn patrol(world: &World) -> (Uuid, Officer, Officer) {
    let quarter = world.staff("03", Role::Lead).await.makes_quarter("Spelkvällen").await;
    (quarter, world.officer("07").await, world.officer("12").await)
}

/// What somebody presses, how many seconds after the beginning, on whose phone, and what it says.
type Press = (i64, &'static str, &'static str, Value);

/// An evening of two: both press what the other has pressed as well, one by mistake.
fn evening([one, other]: [Uuid; 2]) -> Vec<Press> {
    let counts = |quarter: Uuid, counter: &str| json!({"quarter_id": quarter, "counter": counter});
    let logs = |quarter: Uuid, mut said: Value| {
        (said["entry_id"], said["quarter_id"]) = (json!(id()), json!(quarter));
        said
    };
    vec![
        (0, "07", "patrol-mark", json!({"mark": "start"})),
        (20, "12", "patrol-mark", json!({"mark": "start"})),
        (30, "07", "patrol-visit", json!({"quarter_id": one})),
        (60, "07", "patrol-count", counts(one, "talk")),
        (61, "12", "patrol-count", counts(one, "talk")),
        (62, "12", "patrol-count", counts(one, "warning")),
        (63, "12", "patrol-count", json!({"quarter_id": one, "counter": "warning", "takes_back": true})),
        (90, "07", "patrol-count", counts(one, "talk")),
        (
            95,
            "12",
            "log-write",
            logs(one, json!({"kind": "observation", "topic": "hate", "text": "Glåpord i röstkanalen."})),
        ),
        (97, "07", "log-write", logs(one, json!({"kind": "contact"}))),
        (600, "07", "patrol-mark", json!({"mark": "pause"})),
        (605, "12", "patrol-mark", json!({"mark": "pause"})),
        (900, "12", "patrol-mark", json!({"mark": "resume"})),
        (910, "12", "patrol-visit", json!({"quarter_id": other})),
        (920, "07", "patrol-count", counts(other, "crime-report")),
        (
            925,
            "12",
            "log-write",
            logs(other, json!({"kind": "intervention", "intervention": "crime-report", "text": "Vi anmälde."})),
        ),
        (930, "12", "patrol-count", counts(other, "talk")),
        (
            940,
            "07",
            "notice-send",
            json!({"notice_id": id(), "quarter_id": other, "matter": "fraud", "target": "account", "channel": "in-app"}),
        ),
        (1500, "07", "patrol-mark", json!({"mark": "end"})),
        (1503, "12", "patrol-count", counts(other, "invite-made")),
        (1505, "12", "patrol-mark", json!({"mark": "end"})),
        (1600, "12", "patrol-reflect", json!({"went_well": "Många ville prata.", "was_hard": "Vi hann inte alla."})),
        (1610, "07", "patrol-reflect", json!({"try_next": "Säg när vi går."})),
        (1700, "12", "patrol-reflect", json!({"went_well": "Nästan alla ville prata."})),
    ]
}

/// What everybody is shown of a patrol, but for what is its own: when each word of it came.
async fn told(who: &Officer, patrol: Uuid) -> Value {
    let (mut seen, mut log) = (sees(who, patrol).await, log(who, patrol).await);
    for own in ["patrol_id", "starts_at", "ends_at", "mine"] {
        seen.as_object_mut().unwrap().remove(own);
    }
    for part in log.as_object_mut().unwrap().values_mut() {
        for line in part.as_array_mut().unwrap() {
            for own in ["received_at", "entry_id", "notice_id", "patrol_id", "mine"] {
                line.as_object_mut().unwrap().remove(own);
            }
        }
    }
    json!({"patrol": seen, "log": log})
}

on_both_databases! {
    async fn an_evening_without_a_network_comes_to_the_same_in_either_order(world) {
        let (one, kim, alex) = patrol(&world).await;
        let other = world.staff("04", Role::Lead).await.makes_quarter("Torget").await;
        let (lived, first, second) = (id(), id(), id());
        for patrol in [lived, first, second] {
            kim.does(plan(&world, patrol, &[one, other])).await;
        }
        let begin = world.clock.now();
        let by = |number: &str| if number == "07" { &kim } else { &alex };
        let pressed = |patrol: Uuid, press: &Press| {
            let mut done = does(&world, patrol, press.2, press.3.clone());
            done["recorded_at"] = json!(begin.plus_seconds(press.0).to_string());
            done
        };
        // With a network, each at its moment.
        for press in &evening([one, other]) {
            world.clock.wind(press.0 - world.clock.now().since(begin) / 1000);
            by(press.1).clone().with_a_new_token().does(pressed(lived, press)).await;
        }
        // Without one: what each phone kept comes days later, all of one before all of the other, and a part of it twice.
        world.clock.wind(3 * 24 * 3600);
        for (patrol, numbers) in [(first, ["07", "12"]), (second, ["12", "07"])] {
            let evening = evening([one, other]);
            for number in numbers {
                let who = by(number).clone().with_a_new_token();
                let kept: Vec<Value> =
                    evening.iter().filter(|press| press.1 == number).map(|press| pressed(patrol, press)).collect();
                let results = who.pushes(&kept).await;
                assert!(results.iter().all(|result| result["outcome"] == "applied"), "{results:?}");
                let again = who.pushes(&kept[1..3]).await;
                assert!(again.iter().all(|result| result["outcome"] == "duplicate"), "{again:?}");
            }
        }
        let kim = kim.clone().with_a_new_token();
        let lived = told(&kim, lived).await;
        assert_eq!(told(&kim, first).await, lived, "07's phone came first");
        assert_eq!(told(&kim, second).await, lived, "12's phone came first");

        let at = |seconds: i64| json!(begin.plus_seconds(seconds).to_string());
        let seen = &lived["patrol"];
        assert_eq!((&seen["state"], &seen["started_at"], &seen["ended_at"]), (&json!("ended"), &at(0), &at(1500)));
        assert_eq!(seen["out_seconds"], 600 + 600, "without the pause");
        assert_eq!(seen["visited"], json!([one, other]));
        let sums: Vec<_> = seen["counts"].as_array().unwrap().iter().map(|sum| (&sum["quarter_id"], &sum["counter"], &sum["count"])).collect();
        let sum = |quarter: &Uuid, counter: &str, count: i64| (json!(quarter), json!(counter), json!(count));
        let mut right = [
            sum(&one, "talk", 3), sum(&other, "talk", 1), sum(&other, "invite-made", 1), sum(&other, "crime-report", 1),
        ];
        right.sort_by_key(|sum| (sum.0 != json!(one.min(other)), sum.1 != "talk", sum.1 != "invite-made"));
        assert_eq!(sums, right.iter().map(|sum| (&sum.0, &sum.1, &sum.2)).collect::<Vec<_>>());
        let said: Vec<_> = lived["log"]["entries"].as_array().unwrap().iter().map(|one| (&one["kind"], &one["public_number"], &one["text"], &one["at"])).collect();
        assert_eq!(said, [
            (&json!("observation"), &json!("12"), &json!("Glåpord i röstkanalen."), &at(95)),
            (&json!("contact"), &json!("07"), &Value::Null, &at(97)),
            (&json!("intervention"), &json!("12"), &json!("Vi anmälde."), &at(925)),
        ]);
        assert_eq!((&lived["log"]["notices"][0]["matter"], &lived["log"]["notices"][0]["at"]), (&json!("fraud"), &at(940)));
        let lines: Vec<_> = lived["log"]["reflections"].as_array().unwrap().iter().map(|one| (&one["public_number"], &one["went_well"])).collect();
        assert_eq!(lines, [(&json!("07"), &Value::Null), (&json!("12"), &json!("Nästan alla ville prata."))]);
    }

    async fn what_a_patrol_writes_down_names_nobody_and_leads_to_what_does(world) {
        let (quarter, kim, alex) = patrol(&world).await;
        let (noa, lead, robin) = (world.youth().await, world.staff("04", Role::Lead).await, world.officer("15").await);
        let patrol = id();
        kim.does(plan(&world, patrol, &[quarter])).await;
        let writes = |entry: Uuid, more: Value| {
            let mut more = more;
            (more["entry_id"], more["quarter_id"]) = (json!(entry), json!(quarter));
            does(&world, patrol, "log-write", more)
        };
        for (more, kind) in [
            (json!({"kind": "observation"}), "text-empty"),
            (json!({"kind": "observation", "text": "x".repeat(501)}), "text-too-long"),
            (json!({"kind": "intervention"}), "malformed"),
            (json!({"kind": "contact", "intervention": "warning"}), "malformed"),
            (json!({"kind": "contact", "referral": "helpline"}), "malformed"),
            (json!({"kind": "referral"}), "malformed"),
            (json!({"kind": "contact", "person": "Noa"}), "malformed"),
        ] {
            assert_eq!(ends(&kim, writes(id(), more.clone())).await, kind, "{more}");
        }
        let entry = id();
        let saw = || writes(entry, json!({"kind": "observation", "text": "En vuxen ber barn om bilder."}));
        assert_eq!(ends(&noa, saw()).await, "role-refused");
        assert_eq!(ends(&robin, saw()).await, "conflict", "15 is not on it");
        kim.does(saw()).await;
        assert_eq!(ends(&alex, saw()).await, "conflict", "the id is taken");
        let entries = async |who: &Officer| log(who, patrol).await["entries"].as_array().unwrap().clone();
        let seen = entries(&alex).await;
        assert_eq!((&seen[0]["text"], &seen[0]["mine"]), (&json!("En vuxen ber barn om bilder."), &json!(false)));

        // It leads to a report that a youth tells, and to nothing once that is erased.
        let of_entry = |kind: &str, more: Value| {
            let mut more = more;
            more["entry_id"] = json!(entry);
            action(&world, "log", kind, more)
        };
        let report = id();
        assert_eq!(ends(&alex, of_entry("log-turn", json!({"report_id": report}))).await, "not-found");
        noa.does(noa.report(report, "Han ber om bilder.", json!([]))).await;
        for both in [json!({}), json!({"report_id": report, "incident_id": id()})] {
            assert_eq!(ends(&alex, of_entry("log-turn", both)).await, "malformed");
        }
        alex.does(of_entry("log-turn", json!({"report_id": report}))).await;
        assert_eq!(entries(&kim).await[0]["report_id"], json!(report));
        let erases = json!({"reason": "mistake"});
        lead.asks(Method::PUT, &format!("/api/v1/records/report/{report}/erasure"), Some(&erases)).await.ok();
        assert_eq!((&entries(&kim).await[0]["report_id"], &entries(&kim).await[0]["revision"]), (&Value::Null, &json!(2)));

        // Its writer takes it back, or a lead.
        assert_eq!(ends(&alex, of_entry("log-take-back", json!({}))).await, "conflict");
        kim.does(of_entry("log-take-back", json!({}))).await;
        assert_eq!(entries(&kim).await, Vec::<Value>::new());
        assert_eq!(ends(&lead, of_entry("log-take-back", json!({}))).await, "not-found");
        let kinds: Vec<_> = kim.pulls("desk").await["events"].as_array().unwrap().iter()
            .filter(|event| event["kind"] == "log-changed").map(|event| event["revision"].clone()).collect();
        assert_eq!(kinds, [json!(1), json!(2), json!(3)], "the desk is told of each");
    }

    async fn a_notice_to_a_platform_says_how_long_it_took(world) {
        let (quarter, kim, alex) = patrol(&world).await;
        let notice = id();
        let sends = json!({"notice_id": notice, "quarter_id": quarter, "matter": "sexual-image", "target": "content", "channel": "trusted-flagger"});
        kim.does(action(&world, "notices", "notice-send", sends.clone())).await;
        assert_eq!(ends(&alex, action(&world, "notices", "notice-send", sends)).await, "conflict");
        let listed = async |who: &Officer, query: &str| {
            who.asks(Method::GET, &format!("{PATROLS}/notices{query}"), None).await.ok()["items"].as_array().unwrap().clone()
        };
        assert_eq!(listed(&kim, "?waiting=true").await.len(), 1);
        let told = world.clock.now();
        world.clock.wind(50 * 3600);
        let (kim, alex) = (kim.with_a_new_token(), alex.with_a_new_token());
        let answers = |hours: i64, outcome: &str, removed: Option<String>| {
            let mut answer = action(&world, "notices", "notice-answer", json!({"notice_id": notice, "outcome": outcome, "removed_at": removed}));
            answer["recorded_at"] = json!(told.plus_seconds(hours * 3600).to_string());
            answer
        };
        let before = Some(told.plus_seconds(-1).to_string());
        assert_eq!(ends(&kim, answers(30, "removed", before)).await, "malformed");
        assert_eq!(ends(&kim, answers(30, "refused", Some(told.to_string()))).await, "malformed");
        // Alex wrote down later that it was gone; Kim's phone comes home after that.
        alex.does(answers(40, "removed", Some(told.plus_seconds(26 * 3600 + 1800).to_string()))).await;
        kim.does(answers(30, "no-answer", None)).await;
        let seen = listed(&kim, "").await;
        assert_eq!((&seen[0]["outcome"], &seen[0]["hours_to_removal"], &seen[0]["revision"]), (&json!("removed"), &json!(27), &json!(3)));
        assert_eq!(listed(&kim, "?waiting=true").await.len(), 0);
        alex.does(answers(45, "refused", None)).await;
        assert_eq!(listed(&kim, "").await[0].get("hours_to_removal"), None, "it stands there again");
    }

    async fn the_board_tells_where_the_patrol_is_and_not_where_anybody_is(world) {
        let (quarter, kim, alex) = patrol(&world).await;
        let lead = world.staff("04", Role::Lead).await;
        lead.sets_hours("00:00", "24:00").await;
        let school = id();
        let body = json!({
            "expected_revision": 0, "name": "Kupolens ungdomsgård", "platform": "Snapchat", "account": "natpolis.snap", "kind": "digital-physical",
            "address": "https://snap.example/kupolen", "municipality": "2480", "risks": "Ljuset flimrar.",
        });
        lead.asks(Method::PUT, &format!("/api/v1/quarters/{school}"), Some(&body)).await.ok();
        let board = async || world.asks(Method::GET, &format!("{PATROLS}/board"), None, None).await.ok();
        let nothing = board().await;
        assert_eq!((&nothing["now"], nothing.get("next"), &nothing["chat"]["staffed"]), (&json!([]), None, &json!(false)));

        let (one, tomorrow) = (id(), id());
        kim.does(plan(&world, one, &[school, quarter])).await;
        let mut later = plan(&world, tomorrow, &[quarter]);
        later["body"]["starts_at"] = json!(world.seconds_later(24 * 3600));
        later["body"]["ends_at"] = json!(world.seconds_later(26 * 3600));
        kim.does(later).await;
        let spel = json!({"name": "Spelkvällen", "platform": "Discord", "account": "natpolis"});
        let snap = json!({"platform": "Snapchat", "account": "natpolis.snap"});
        assert_eq!(board().await["next"]["quarters"], json!([snap, spel]));

        // Out, and nobody is heard from; then one of them is.
        alex.does(marks(&world, one, "start")).await;
        assert_eq!((&board().await["now"], &board().await["next"]["quarters"]), (&json!([]), &json!([spel])));
        kim.does(kim.starts(id())).await;
        kim.does(does(&world, one, "patrol-visit", json!({"quarter_id": school}))).await;
        let told = board().await;
        assert_eq!(told["now"], json!([{"quarters": [snap, spel], "numbers": ["07"]}]));
        let text = told.to_string();
        for never in ["Kupolen", "snap.example", "2480", "Ljuset", "quarter_id", &*school.to_string(), &*kim.account_id.to_string(), "\"12\""] {
            assert!(!text.contains(never), "{never} in {text}");
        }

        // It may be kept, and who has it is not sent it again.
        let path = format!("{}{PATROLS}/board", world.url);
        let first = tests::world::answer(world.http.get(&path)).await;
        assert_eq!(first.headers["cache-control"], "public, max-age=15");
        assert_eq!(first.headers["access-control-allow-origin"], "*");
        let again = |etag: &str| world.http.get(&path).header("if-none-match", etag);
        let etag = first.headers["etag"].to_str().unwrap();
        let same = tests::world::answer(again(&format!("\"x\", W/{etag}"))).await;
        assert_eq!((same.status.as_u16(), same.bytes.len(), &same.headers["etag"]), (304, 0, &first.headers["etag"]));
        kim.does(marks(&world, one, "pause")).await;
        let paused = tests::world::answer(again(etag)).await;
        assert_eq!((paused.status.as_u16(), &paused.json["now"]), (200, &json!([])));
        kim.does(marks(&world, one, "resume")).await;
        assert_eq!(board().await["now"][0]["numbers"], json!(["07"]));
        world.clock.wind(301);
        assert_eq!(board().await["now"], json!([]), "nobody was heard from in five minutes");
        let kim = kim.with_a_new_token();
        kim.does(marks(&world, one, "pause")).await;
        natpatrull::quarters::keep_heard(&world.deps).await.unwrap();
        kim.does(marks(&world, one, "resume")).await;
        assert_eq!(board().await["now"][0]["numbers"], json!(["07"]));
        kim.does(marks(&world, one, "end")).await;
        assert_eq!(board().await["now"], json!([]));
        let rests = json!({"expected_revision": 1, "name": "Spelkvällen", "platform": "Discord", "account": "natpolis", "status": "resting"});
        lead.with_a_new_token().asks(Method::PUT, &format!("/api/v1/quarters/{quarter}"), Some(&rests)).await.ok();
        assert_eq!(board().await.get("next"), None, "nobody goes where the patrol rests");
    }

    async fn at_least_two_go_and_only_where_everybody_sees_them(world) {
        let (quarter, kim, _) = patrol(&world).await;
        let (noa, patrol) = (world.youth().await, id());
        let planned = |changes: Value| {
            let mut planned = plan(&world, patrol, &[quarter]);
            for (name, value) in changes.as_object().unwrap() {
                planned["body"][name] = value.clone();
            }
            planned
        };
        let wished = id();
        let body = json!({"expected_revision": 0, "name": "Blå torn", "platform": "Minecraft", "status": "wished"});
        let (lead, gone) = (world.staff("04", Role::Lead).await, world.officer("15").await);
        lead.asks(Method::PUT, &format!("/api/v1/quarters/{wished}"), Some(&body)).await.ok();
        lead.asks(Method::POST, &format!("/api/v1/staff/{}/end", gone.account_id), Some(&json!({}))).await.ok();
        for (changes, kind) in [
            (json!({"officers": ["07"]}), "malformed"),
            (json!({"officers": ["07", " 07 "]}), "malformed"),
            (json!({"officers": ["07", "99"]}), "not-found"),
            (json!({"officers": ["07", "15"]}), "not-found"),
            (json!({"quarters": []}), "malformed"),
            (json!({"quarters": [id()]}), "not-found"),
            (json!({"quarters": [quarter, wished]}), "account-needed"),
            (json!({"ends_at": world.seconds_later(600)}), "malformed"),
            (json!({"ends_at": world.seconds_later(17 * 3600)}), "malformed"),
            (json!({"expected_revision": 1}), "revision-conflict"),
        ] {
            assert_eq!(ends(&kim, planned(changes.clone())).await, kind, "{changes}");
        }
        assert_eq!(ends(&noa, planned(json!({}))).await, "role-refused");
        kim.does(planned(json!({}))).await;
        assert_eq!(ends(&kim, planned(json!({}))).await, "revision-conflict");
        kim.does(planned(json!({"expected_revision": 1, "officers": ["07", "04"]}))).await;
        let seen = sees(&kim, patrol).await;
        let numbers: Vec<_> = seen["officers"].as_array().unwrap().iter().map(|one| one["public_number"].clone()).collect();
        assert_eq!((json!(numbers), &seen["mine"], &seen["state"]), (json!(["04", "07"]), &json!(true), &json!("planned")));
    }

    async fn a_patrol_is_cancelled_unless_somebody_went(world) {
        let (quarter, kim, alex) = patrol(&world).await;
        let (never, went) = (id(), id());
        for patrol in [never, went] {
            kim.does(plan(&world, patrol, &[quarter])).await;
            let start = marks(&world, patrol, "start");
            kim.does(does(&world, patrol, "patrol-cancel", json!({"expected_revision": 1}))).await;
            assert_eq!(sees(&kim, patrol).await["state"], "cancelled");
            if patrol == went {
                // Alex had no network, and went.
                alex.does(start).await;
            }
        }
        assert_eq!((&sees(&kim, never).await["state"], &sees(&kim, went).await["state"]), (&json!("cancelled"), &json!("out")));
        assert_eq!(ends(&kim, does(&world, went, "patrol-cancel", json!({"expected_revision": 3}))).await, "conflict");
        let mut anew = plan(&world, went, &[quarter]);
        anew["body"]["expected_revision"] = json!(3);
        assert_eq!(ends(&kim, anew).await, "conflict", "who is out is not planned anew");
        let out = kim.asks(Method::GET, &format!("{PATROLS}?state=out"), None).await.ok();
        assert_eq!(out["items"].as_array().unwrap().iter().map(|one| &one["patrol_id"]).collect::<Vec<_>>(), [&json!(went)]);
    }

    async fn who_is_not_on_it_presses_nothing_and_a_clock_that_is_wrong_makes_no_time(world) {
        let (quarter, kim, _) = patrol(&world).await;
        let (robin, noa, patrol) = (world.officer("15").await, world.youth().await, id());
        kim.does(plan(&world, patrol, &[quarter])).await;
        for (who, kind) in [(&robin.token, "conflict"), (&noa.token, "role-refused")] {
            let key = world.http.post(format!("{}{PATROLS}/{patrol}/marks", world.url)).bearer_auth(who);
            let answer = tests::world::answer(key.header("idempotency-key", id().to_string()).json(&json!({"mark": "start"}))).await;
            assert_eq!(answer.problem(), kind);
        }
        assert_eq!(ends(&kim, marks(&world, id(), "start")).await, "not-found");
        assert_eq!(ends(&kim, counts(&world, patrol, id(), "talk")).await, "not-found", "no such quarter");
        let mut ahead = marks(&world, patrol, "start");
        ahead["recorded_at"] = json!(world.seconds_later(9 * 24 * 3600));
        kim.does(ahead.clone()).await;
        let mut behind = counts(&world, patrol, quarter, "talk");
        behind["recorded_at"] = json!("1970-01-01T00:00:00Z");
        kim.does(behind).await;
        let told = log(&kim, patrol).await;
        let at: Vec<_> = told["acts"].as_array().unwrap().iter().map(|act| (act["at"].clone(), act["recorded_at"].clone())).collect();
        let long_ago = json!(world.seconds_later(-31 * 24 * 3600));
        assert_eq!(at, [(long_ago, json!("1970-01-01T00:00:00.000Z")), (json!(world.now()), ahead["recorded_at"].clone())]);
        world.clock.wind(32 * 24 * 3600);
        let kim = kim.clone().with_a_new_token();
        assert_eq!(ends(&kim, marks(&world, patrol, "end")).await, "conflict", "it is long over");
        let reflects = does(&world, patrol, "patrol-reflect", json!({}));
        assert_eq!(ends(&kim, reflects).await, "text-empty");
    }

    async fn the_program_sees_the_invites_itself_and_the_shift_is_the_desks(world) {
        let (quarter, kim, _) = patrol(&world).await;
        let (noa, patrol) = (world.youth().await, id());
        kim.does(plan(&world, patrol, &[quarter])).await;
        let on_shift = async || sees(&kim, patrol).await["officers"].as_array().unwrap().iter().map(|one| one["on_shift"] == true).collect::<Vec<_>>();
        kim.does(marks(&world, patrol, "start")).await;
        assert_eq!(on_shift().await, [false, false], "a patrol is no shift");
        kim.does(kim.starts(id())).await;
        assert_eq!(on_shift().await, [true, false]);
        let (used, _) = (kim.invites_from(quarter).await, kim.invites_from(quarter).await);
        noa.does(noa.claims(id(), &used, &used.word)).await;
        kim.does(counts(&world, patrol, quarter, "invite-made")).await;
        let seen = sees(&kim, patrol).await;
        let sums = |part: &str| seen[part].as_array().unwrap().iter().map(|one| (one["counter"].clone(), one["count"].clone())).collect::<Vec<_>>();
        assert_eq!(sums("seen"), [(json!("invite-made"), json!(2)), (json!("invite-claimed"), json!(1))]);
        assert_eq!(sums("counts"), [(json!("invite-made"), json!(1))], "neither is added to the other");
    }

    async fn many_presses_at_once_are_told_of_once_and_all_of_it_goes_in_its_time(world) {
        let (quarter, kim, alex) = patrol(&world).await;
        let patrol = id();
        kim.does(plan(&world, patrol, &[quarter])).await;
        let taps: Vec<Value> = std::iter::repeat_with(|| counts(&world, patrol, quarter, "talk")).take(30).collect();
        assert!(kim.pushes(&taps).await.iter().all(|result| result["outcome"] == "applied"));
        let desk = alex.pulls("desk").await;
        let told: Vec<_> = desk["events"].as_array().unwrap().iter()
            .filter(|event| event["kind"] == "patrol-changed")
            .map(|event| (event["entity_id"].clone(), event["revision"].clone()))
            .collect();
        assert_eq!(told, [(json!(patrol), json!(1)), (json!(patrol), json!(31))]);
        assert_eq!(sees(&alex, patrol).await["counts"][0]["count"], 30);
        alex.does(does(&world, patrol, "patrol-reflect", json!({"went_well": "Trettio på en kväll."}))).await;
        let rows = async || (
            patrol_act::Entity::find().count(world.deps.db.read()).await.unwrap(),
            patrol_reflection::Entity::find().count(world.deps.db.read()).await.unwrap(),
            content_key::Entity::find().count(world.deps.db.read()).await.unwrap(),
        );
        assert_eq!(rows().await, (30, 1, 1));
        for (days, left) in [(729, (30, 1, 1)), (2, (0, 0, 0))] {
            world.clock.wind(days * 24 * 3600);
            chores::run_due(&world.deps).await.unwrap();
            assert_eq!(rows().await, left, "{days} days more");
        }
        let gone: Answer = kim.with_a_new_token().asks(Method::GET, &format!("{PATROLS}/{patrol}"), None).await;
        assert_eq!(gone.problem(), "not-found");
    }
}
