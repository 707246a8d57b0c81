//! A believable town for the demo, planted through the slices' own doors, so that their rules hold. Nobody in it is real;
//! its only numbers are 112, 114 14 and 116 111.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use entities::words::{
    AccountId, ActionId, AgeBand, QuarterId, QuarterKind, QuarterStatus, Role, Text, Timestamp, Weekday,
};
use sea_orm::Iterable;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    base::{actions::Who, clock::Clock, refusal::Refusal, stop::Stop},
    deps::Deps,
    identity,
    quarters::{self, OpenInterval, PutQuarter, WeekPlan},
    sync::{self, ActionOutcome, Door},
};

/// A clock that stands where the town's story is.
struct StoryClock(AtomicI64);

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed))
    }
}

/// Told from its beginning to now: everything in it happens at its own time, and the journal has it in that order.
struct Town {
    /// The program's, with the story's clock and a door whose writer goes by it.
    deps: Deps,
    clock: Arc<StoryClock>,
    now: Timestamp,
}

/// What whoever starts the demo is told.
pub fn welcome(listen: SocketAddr) -> String {
    let port = listen.port();
    format!(
        "
The demo town is open. All in it is made up, and nobody reads what is written here.

  Youth:     http://{listen}
  Officers:  http://localhost:{port}
  In one browser: two addresses, so that it can be both at once.

Nobody is out yet, and youths are told so: sign in as 07, press \"Mitt pass\" (\"My shift\") and start one. Whoever's phone
does not answer the test alarm is not counted, in a demo as anywhere.

Three things to try in two minutes:
  1. As the youth, write in the field on the first screen and send. As an officer (one press signs you in), see it
     come without reloading, take it and answer.
  2. As the youth, turn the network off (developer tools, Network, Offline), write again, close the tab, turn the
     network on and open it again: the message arrives, once.
  3. As the youth, report a threat with a picture. As the officer, open the report: the picture is grey and blurred
     until you press it.

Ctrl-C stops it in order.
"
    )
}

/// Plants the town unless it stands already.
pub async fn plant(deps: &Deps) -> Result<(), String> {
    let stands = identity::has_officers(deps).await.map_err(|error| format!("seed: {error}"))?;
    if stands {
        return Ok(());
    }
    let now = deps.clock.now();
    let clock = Arc::new(StoryClock(AtomicI64::new(now.millis())));
    let (door, queue) = Door::new();
    let stop = Stop::default();
    let story = Deps { clock: clock.clone(), door, stop: stop.clone(), ..deps.clone() };
    let writer = queue.serve(story.clone());
    let built = Town { deps: story, clock, now }.build().await;
    stop.tell();
    drop(writer.await);
    built.map_err(|refusal| {
        let why = refusal.cause.or(refusal.detail).unwrap_or_else(|| refusal.kind.title().to_owned());
        format!("seed: {why}")
    })
}

/// A body with some fields more.
fn with(mut body: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    body
}

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

impl Town {
    async fn build(&self) -> Result<(), Refusal> {
        self.ago(60 * DAY);
        let kim = self.officer("07", Role::Officer).await?;
        let alex = self.officer("12", Role::Officer).await?;
        let robin = self.officer("03", Role::Lead).await?;
        self.always_open(&robin).await?;
        let quarter = self.quarter(&robin, "Spelkvällen", "Discord", "natpolis-demo").await?;

        self.ago(21 * DAY);
        let wished = self.wish("Kom till våra spelkvällar på fredagar.").await?;
        self.ago(20 * DAY);
        self.idea(&kim, "idea-show", wished, 1, json!({})).await?;
        self.past_dialogue(&kim, &alex).await?;
        self.ago(12 * DAY);
        let asked = self.wish("Berätta hur man vet att en profil är falsk.").await?;
        self.ago(11 * DAY);
        self.idea(&alex, "idea-show", asked, 1, json!({})).await?;
        self.ago(9 * DAY);
        let answer = "Vi är på Spelkvällen varje fredagskväll, med vårt eget namn.";
        self.idea(&kim, "idea-answer", wished, 2, json!({"outcome": "done", "answer": answer})).await?;
        self.patrols(&kim, &alex, quarter).await?;
        self.ago(4 * DAY);
        let body = json!({
            "poll_id": self.id(), "kind": "many", "question": "Vad vill du att vi pratar om härnäst?",
            "question_en": "What do you want us to talk about next?",
            "options": [
                {"text": "Bedrägerier i spel", "text_en": "Scams in games"},
                {"text": "Bilder som sprids", "text_en": "Pictures that spread"},
                {"text": "Vad som händer när man berättar", "text_en": "What happens when you tell"},
            ],
        });
        self.act(&kim, "polls", "poll-publish", body).await?;

        self.ago(3 * DAY);
        self.tip(
            &kim,
            "images",
            "2281",
            "Hotar någon att sprida en bild på dig? Betala inte och skicka inget mer. Spara vad de skrev. Du har inte gjort fel, och du kan berätta här.",
            "report",
        )
        .await?;

        self.ago(2 * DAY);
        let about = "Två poliser från patrullen svarar i en timme. Du behöver inte säga vem du är.";
        self.announce(&alex, "Fråga oss om bilder som sprids", about, 7 * DAY).await?;

        self.ago(26 * HOUR);
        let done = self.talk(&["Någon lade upp en bild på mig utan att fråga. Får man det?"]).await?;
        self.ago(25 * HOUR + 40);
        self.take(&alex, done).await?;
        self.ago(25 * HOUR + 38);
        self.say(
            &alex,
            done,
            "Det beror på bilden. Vill du berätta lite mer om vad den visar? Skicka inte bilden hit.",
        )
        .await?;
        self.ago(21 * HOUR);
        self.tip(
            &alex,
            "meetups",
            "2580",
            "Ska du träffa någon du bara känner från nätet? Ses på ett ställe med folk och berätta för någon var du är. Skriv till oss om något känns fel.",
            "chat",
        )
        .await?;
        self.ago(20 * HOUR);
        self.close(&alex, done).await?;

        self.ago(5 * HOUR);
        self.report("En tjej i en annan klass skrev att jag ska få stryk efter skolan i morgon.", "I en gruppchatt")
            .await?;
        self.ago(4 * HOUR);
        self.tip(
            &kim,
            "scams",
            "2480",
            "Får du en länk av en kompis som plötsligt behöver din kod? Fråga kompisen på ett annat sätt först. Konton kapas ofta så.",
            "read",
        )
        .await?;
        self.ago(90);
        self.report(
            "Två killar i en spelchatt skriver att de vet var jag bor och att de ska komma hit. Det har hållit på i en vecka.",
            "I chatten till ett spel",
        )
        .await?;

        self.live_dialogue(&kim, &alex).await?;
        self.ago(38);
        let held =
            self.talk(&["Vi är fyra hemma hos en kompis och det står folk utanför dörren som vi inte känner."]).await?;
        self.ago(37);
        self.take(&kim, held).await?;
        self.ago(36);
        self.say(
            &kim,
            held,
            "Hej! Jag läser det här nu. Är någon skadad, eller försöker de ta sig in? Ring i så fall 112 direkt.",
        )
        .await?;

        self.ago(14);
        self.talk(&[
            "Hej, någon skriver till mig fast jag har blockat dem. De har gjort ett nytt konto.",
            "Vad gör jag?",
        ])
        .await?;
        self.ago(3);
        self.talk(&["är ni riktiga poliser?"]).await?;
        Ok(())
    }

    /// Turns the story to so many minutes before now.
    fn ago(&self, minutes: i64) {
        self.clock.0.store(self.now.plus_seconds(-60 * minutes).millis(), Ordering::Relaxed);
    }

    fn id(&self) -> Uuid {
        self.deps.chance.uuid_v7(self.clock.now())
    }

    async fn officer(&self, number: &str, role: Role) -> Result<Who, Refusal> {
        let tx = self.deps.db.begin().await?;
        let account_id = identity::plant_officer(&self.deps, &tx, self.clock.now(), number, role).await?;
        tx.commit().await?;
        Ok(Who { account_id, role, public_number: Some(number.to_owned()) })
    }

    /// The demo is tried at any hour.
    async fn always_open(&self, lead: &Who) -> Result<(), Refusal> {
        let text = |text: &str| Text(text.to_owned());
        let intervals =
            Weekday::iter().map(|weekday| OpenInterval { weekday, opens: text("00:00"), closes: text("24:00") });
        let today = quarters::today(self.clock.now())?;
        let plan = WeekPlan { valid_from: text(&today.to_string()), intervals: intervals.collect() };
        quarters::set_plan(&self.deps, lead, plan).await.map(drop)
    }

    async fn quarter(&self, lead: &Who, name: &str, platform: &str, account: &str) -> Result<QuarterId, Refusal> {
        let text = |words: &str| Text(words.to_owned());
        let [name, platform, account] = [name, platform, account].map(text);
        let quarter = PutQuarter {
            expected_revision: 0,
            name,
            platform,
            account: Some(account),
            address: None,
            kind: Some(QuarterKind::AllDigital),
            municipality: None,
            language: Some(text("sv")),
            ages: vec![AgeBand::From13, AgeBand::From16],
            access: Some(text("Vi frågade öppet i serverns kanal, och administratören gav kontot en egen roll.")),
            risks: None,
            status: Some(QuarterStatus::Active),
        };
        quarters::put_quarter(&self.deps, lead, QuarterId(self.id()), quarter).await.map(|quarter| quarter.quarter_id)
    }

    /// An evening out, a week ago, and the next one.
    async fn patrols(&self, kim: &Who, alex: &Who, quarter: QuarterId) -> Result<(), Refusal> {
        let (evening, next) = (self.id(), self.id());
        for (patrol, minutes) in [(evening, -7 * DAY), (next, 20 * HOUR)] {
            let starts_at = self.now.plus_seconds(60 * minutes);
            let body = json!({
                "expected_revision": 0, "starts_at": starts_at.to_string(),
                "ends_at": starts_at.plus_seconds(60 * 3 * HOUR).to_string(), "officers": ["07", "12"], "quarters": [quarter],
            });
            self.ago(8 * DAY);
            self.on_patrol(kim, patrol, "patrol-plan", body).await?;
        }
        let saw = "Flera frågar hur man vet att en polis på nätet är en riktig polis.";
        for (minutes, who, kind, body) in [
            (0, kim, "patrol-mark", json!({"mark": "start"})),
            (2, kim, "patrol-visit", json!({"quarter_id": quarter})),
            (14, kim, "patrol-count", json!({"quarter_id": quarter, "counter": "talk"})),
            (31, alex, "patrol-count", json!({"quarter_id": quarter, "counter": "talk"})),
            (52, alex, "patrol-count", json!({"quarter_id": quarter, "counter": "warning"})),
            (
                80,
                alex,
                "log-write",
                json!({"entry_id": self.id(), "quarter_id": quarter, "kind": "observation", "text": saw}),
            ),
            (170, kim, "patrol-mark", json!({"mark": "end"})),
            (
                175,
                alex,
                "patrol-reflect",
                json!({"went_well": "Vi hann prata med dem som frågade.", "try_next": "Säg från början hur länge vi stannar."}),
            ),
        ] {
            self.ago(7 * DAY - minutes);
            self.on_patrol(who, evening, kind, body).await?;
        }
        Ok(())
    }

    async fn on_patrol(&self, who: &Who, patrol: Uuid, kind: &str, body: Value) -> Result<(), Refusal> {
        let mut body = body;
        body["patrol_id"] = json!(patrol);
        self.act(who, &format!("patrol:{patrol}"), kind, body).await
    }

    async fn youth(&self) -> Result<Who, Refusal> {
        let tx = self.deps.db.begin().await?;
        let account_id: AccountId = identity::plant_youth(&self.deps, &tx, self.clock.now()).await?;
        tx.commit().await?;
        Ok(Who { account_id, role: Role::Youth, public_number: None })
    }

    async fn act(&self, who: &Who, lane: &str, kind: &str, body: Value) -> Result<(), Refusal> {
        let envelope = json!({
            "action_id": ActionId(self.id()), "lane": lane, "kind": kind, "v": 1,
            "recorded_at": self.clock.now().to_string(), "body": body,
        });
        let result = sync::as_person(&self.deps, who, envelope).await?;
        match result.outcome {
            ActionOutcome::Applied => Ok(()),
            _ => Err(Refusal::fault(format!("{kind} was not applied"))),
        }
    }

    async fn talk(&self, texts: &[&str]) -> Result<Uuid, Refusal> {
        let (noa, conversation) = (self.youth().await?, self.id());
        for text in texts {
            self.say(&noa, conversation, text).await?;
        }
        Ok(conversation)
    }

    async fn say(&self, who: &Who, conversation: Uuid, text: &str) -> Result<(), Refusal> {
        let body = json!({"message_id": self.id(), "conversation_id": conversation, "text": text});
        self.act(who, &format!("conversation:{conversation}"), "message-send", body).await
    }

    async fn revision(&self, who: &Who, conversation: Uuid) -> Result<(i64, i64), Refusal> {
        let id = entities::words::ConversationId(conversation);
        let found = crate::chat::conversations_by_id(&self.deps, who, &[id]).await?;
        let row = found.get(&id).ok_or_else(|| Refusal::fault("a planted talk is gone"))?;
        Ok((row.revision, row.head))
    }

    async fn take(&self, who: &Who, conversation: Uuid) -> Result<(), Refusal> {
        let lane = format!("conversation:{conversation}");
        let (revision, head) = self.revision(who, conversation).await?;
        let body = json!({"conversation_id": conversation, "expected_revision": revision});
        self.act(who, &lane, "conversation-take", body).await?;
        self.act(who, &lane, "conversation-read", json!({"conversation_id": conversation, "pos": head})).await
    }

    async fn close(&self, who: &Who, conversation: Uuid) -> Result<(), Refusal> {
        let (revision, _) = self.revision(who, conversation).await?;
        let body = json!({"conversation_id": conversation, "expected_revision": revision, "outcome": "advice-given"});
        self.act(who, &format!("conversation:{conversation}"), "conversation-close", body).await
    }

    async fn report(&self, what: &str, place: &str) -> Result<(), Refusal> {
        let (youth, report) = (self.youth().await?, self.id());
        let body = json!({
            "report_id": report, "event_kind": "threat", "what": what, "place": place,
            "happened": {"certainty": "about", "words": "den senaste veckan"}, "files": [],
        });
        self.act(&youth, &format!("report:{report}"), "report-submit", body).await
    }

    async fn wish(&self, text: &str) -> Result<Uuid, Refusal> {
        let (youth, idea) = (self.youth().await?, self.id());
        self.act(&youth, "ideas", "idea-send", json!({"idea_id": idea, "kind": "idea", "text": text})).await?;
        Ok(idea)
    }

    async fn idea(&self, who: &Who, kind: &str, idea: Uuid, revision: i64, more: Value) -> Result<(), Refusal> {
        self.act(who, "ideas", kind, with(json!({"idea_id": idea, "expected_revision": revision}), &more)).await
    }

    /// One that begins so many minutes from now, the town's.
    async fn announce(&self, who: &Who, title: &str, about: &str, begins: i64) -> Result<Uuid, Refusal> {
        let room = self.id();
        let starts_at = self.now.plus_seconds(60 * begins).to_string();
        let body = json!({"dialogue_id": room, "title": title, "about": about, "starts_at": starts_at});
        self.act(who, &format!("dialogue:{room}"), "dialogue-announce", body).await?;
        Ok(room)
    }

    async fn room(&self, who: &Who, kind: &str, room: Uuid, revision: i64, more: Value) -> Result<(), Refusal> {
        let body = json!({"dialogue_id": room, "expected_revision": revision});
        self.act(who, &format!("dialogue:{room}"), kind, with(body, &more)).await
    }

    /// Opens it, with two who sit in it.
    async fn open(&self, speaker: &Who, reader: &Who, room: Uuid) -> Result<(), Refusal> {
        self.room(speaker, "dialogue-open", room, 1, json!({})).await?;
        self.room(speaker, "dialogue-seat", room, 2, json!({"seat": "speaker", "takes": true})).await?;
        self.room(reader, "dialogue-seat", room, 3, json!({"seat": "reader", "takes": true})).await
    }

    async fn asks(&self, room: Uuid, text: &str) -> Result<Uuid, Refusal> {
        let (youth, question) = (self.youth().await?, self.id());
        let body = json!({"question_id": question, "dialogue_id": room, "text": text, "accepts_rules": true});
        self.act(&youth, &format!("question:{question}"), "question-ask", body).await?;
        Ok(question)
    }

    async fn question(&self, who: &Who, kind: &str, id: Uuid, revision: i64, more: Value) -> Result<(), Refusal> {
        let body = json!({"question_id": id, "expected_revision": revision});
        self.act(who, &format!("question:{id}"), kind, with(body, &more)).await
    }

    /// What was asked is shown.
    async fn shown(&self, who: &Who, room: Uuid, text: &str) -> Result<Uuid, Refusal> {
        let question = self.asks(room, text).await?;
        self.question(who, "question-show", question, 1, json!({})).await?;
        Ok(question)
    }

    async fn room_poll(&self, who: &Who, room: Uuid, question: &str, answers: [&str; 2]) -> Result<(), Refusal> {
        let options = answers.map(|text| json!({"text": text}));
        let body =
            json!({"poll_id": self.id(), "kind": "one", "question": question, "options": options, "dialogue_id": room});
        self.act(who, "polls", "poll-publish", body).await
    }

    async fn past_dialogue(&self, speaker: &Who, reader: &Who) -> Result<(), Refusal> {
        self.ago(19 * DAY);
        let about = "En timme om konton som låtsas vara någon annan.";
        let room = self.announce(speaker, "Fråga oss om falska konton", about, -14 * DAY).await?;
        self.ago(14 * DAY);
        self.open(speaker, reader, room).await?;
        self.ago(14 * DAY - 4);
        let copied = self.shown(reader, room, "Vad gör ni om någon låtsas vara mig?").await?;
        let told = self.shown(reader, room, "Får mina föräldrar veta om jag skriver till er?").await?;
        let school = self.shown(reader, room, "Kan ni komma till vår skola och prata om det?").await?;
        self.ago(14 * DAY - 9);
        self.room_poll(reader, room, "Har du sett ett falskt konto?", ["Ja", "Nej"]).await?;
        self.question(speaker, "question-answer", copied, 2, json!({"mark_seconds": 540})).await?;
        self.ago(14 * DAY - 21);
        self.question(speaker, "question-answer", told, 2, json!({"mark_seconds": 1260})).await?;
        self.ago(14 * DAY - 60);
        self.room(speaker, "dialogue-end", room, 4, json!({})).await?;
        self.ago(13 * DAY);
        let answer = "Be en lärare skriva till oss här i appen, så bestämmer vi en dag.";
        self.question(reader, "question-answer", school, 2, json!({"answer": answer})).await?;
        self.room(speaker, "dialogue-archive", room, 5, json!({})).await
    }

    async fn live_dialogue(&self, speaker: &Who, reader: &Who) -> Result<(), Refusal> {
        self.ago(80);
        let about = "Vi svarar på det som du undrar om bedrägerier i spel.";
        let room = self.announce(speaker, "Fråga oss om bedrägerier i spel", about, -45).await?;
        self.ago(45);
        self.open(speaker, reader, room).await?;
        self.ago(42);
        let lost = self.shown(reader, room, "Kan man få tillbaka ett konto som någon har tagit?").await?;
        self.shown(reader, room, "Hur vet man att ett byte i ett spel är på riktigt?").await?;
        self.ago(40);
        self.question(speaker, "question-answer", lost, 2, json!({"mark_seconds": 300})).await?;
        self.room_poll(reader, room, "Har någon försökt lura dig i ett spel?", ["Ja", "Nej"]).await?;
        self.ago(39);
        self.asks(room, "Är det olagligt att sälja sitt konto?").await?;
        self.asks(room, "Vad händer med den som lurar andra?").await.map(drop)
    }

    async fn tip(&self, who: &Who, topic: &str, place: &str, text: &str, action: &str) -> Result<(), Refusal> {
        let body = json!({"tip_id": self.id(), "topic": topic, "municipality": place, "text": text, "action": action});
        self.act(who, "tips", "tip-publish", body).await
    }
}
