//! A believable town for the demo, planted through the slices' own doors, so that their rules hold. Nobody in it is real;
//! its only numbers are 112, 114 14 and 116 111.

use entities::words::{AccountId, ActionId, Role, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    base::{actions::Who, refusal::Refusal},
    deps::Deps,
    identity,
    sync::{self, ActionOutcome},
};

struct Town<'a> {
    deps: &'a Deps,
    now: Timestamp,
}

/// Plants the town unless it stands already.
pub async fn plant(deps: &Deps) -> Result<(), String> {
    let stands = identity::has_officers(deps).await.map_err(|error| format!("seed: {error}"))?;
    if stands {
        return Ok(());
    }
    let town = Town { deps, now: deps.clock.now() };
    town.build().await.map_err(|refusal| {
        let why = refusal.cause.or(refusal.detail).unwrap_or_else(|| refusal.kind.title().to_owned());
        format!("seed: {why}")
    })
}

impl Town<'_> {
    async fn build(&self) -> Result<(), Refusal> {
        let kim = self.officer("07", Role::Officer).await?;
        let alex = self.officer("12", Role::Officer).await?;
        self.officer("03", Role::Lead).await?;

        self.talk(
            &["Hej, någon skriver till mig fast jag har blockat dem. De har gjort ett nytt konto.", "Vad gör jag?"],
            14,
        )
        .await?;
        self.talk(&["är ni riktiga poliser?"], 3).await?;

        let held = self
            .talk(&["Vi är fyra hemma hos en kompis och det står folk utanför dörren som vi inte känner."], 38)
            .await?;
        self.take(&kim, held).await?;
        self.say(
            &kim,
            held,
            "Hej! Jag läser det här nu. Är någon skadad, eller försöker de ta sig in? Ring i så fall 112 direkt.",
            36,
        )
        .await?;

        let done = self.talk(&["Någon lade upp en bild på mig utan att fråga. Får man det?"], 26 * 60).await?;
        self.take(&alex, done).await?;
        self.say(
            &alex,
            done,
            "Det beror på bilden. Vill du berätta lite mer om vad den visar? Skicka inte bilden hit.",
            25 * 60,
        )
        .await?;
        self.close(&alex, done).await?;

        for (what, place, minutes) in [
            (
                "Två killar i en spelchatt skriver att de vet var jag bor och att de ska komma hit. Det har hållit på i en vecka.",
                "I chatten till ett spel",
                90,
            ),
            ("En tjej i en annan klass skrev att jag ska få stryk efter skolan i morgon.", "I en gruppchatt", 5 * 60),
        ] {
            self.report(what, place, minutes).await?;
        }

        for (officer, topic, municipality, text, action) in [
            (
                &kim,
                "scams",
                "2480",
                "Får du en länk av en kompis som plötsligt behöver din kod? Fråga kompisen på ett annat sätt först. Konton kapas ofta så.",
                "read",
            ),
            (
                &alex,
                "meetups",
                "2580",
                "Ska du träffa någon du bara känner från nätet? Ses på ett ställe med folk och berätta för någon var du är. Skriv till oss om något känns fel.",
                "chat",
            ),
            (
                &kim,
                "images",
                "2281",
                "Hotar någon att sprida en bild på dig? Betala inte och skicka inget mer. Spara vad de skrev. Du har inte gjort fel, och du kan berätta här.",
                "report",
            ),
        ] {
            let body = json!({"tip_id": self.id(), "topic": topic, "municipality": municipality, "text": text, "action": action});
            self.act(officer, "tips", "tip-publish", body, 0).await?;
        }
        Ok(())
    }

    fn id(&self) -> Uuid {
        self.deps.chance.uuid_v7(self.now)
    }

    async fn officer(&self, number: &str, role: Role) -> Result<Who, Refusal> {
        let tx = self.deps.db.begin().await?;
        let account_id = identity::plant_officer(self.deps, &tx, self.now, number, role).await?;
        tx.commit().await?;
        Ok(Who { account_id, role, public_number: Some(number.to_owned()) })
    }

    async fn youth(&self) -> Result<Who, Refusal> {
        let tx = self.deps.db.begin().await?;
        let account_id: AccountId = identity::plant_youth(self.deps, &tx, self.now).await?;
        tx.commit().await?;
        Ok(Who { account_id, role: Role::Youth, public_number: None })
    }

    async fn act(&self, who: &Who, lane: &str, kind: &str, body: Value, minutes_ago: i64) -> Result<(), Refusal> {
        let envelope = json!({
            "action_id": ActionId(self.id()), "lane": lane, "kind": kind, "v": 1,
            "recorded_at": self.now.plus_seconds(-60 * minutes_ago).to_string(), "body": body,
        });
        let result = sync::as_person(self.deps, who, envelope).await?;
        match result.outcome {
            ActionOutcome::Applied => Ok(()),
            _ => Err(Refusal::fault(format!("{kind} was not applied"))),
        }
    }

    async fn talk(&self, texts: &[&str], minutes_ago: i64) -> Result<Uuid, Refusal> {
        let (noa, conversation) = (self.youth().await?, self.id());
        for text in texts {
            self.say(&noa, conversation, text, minutes_ago).await?;
        }
        Ok(conversation)
    }

    async fn say(&self, who: &Who, conversation: Uuid, text: &str, minutes_ago: i64) -> Result<(), Refusal> {
        let body = json!({"message_id": self.id(), "conversation_id": conversation, "text": text});
        self.act(who, &format!("conversation:{conversation}"), "message-send", body, minutes_ago).await
    }

    async fn revision(&self, who: &Who, conversation: Uuid) -> Result<(i64, i64), Refusal> {
        let id = entities::words::ConversationId(conversation);
        let found = crate::chat::conversations_by_id(self.deps, who, &[id]).await?;
        let row = found.get(&id).ok_or_else(|| Refusal::fault("a planted talk is gone"))?;
        Ok((row.revision, row.head))
    }

    async fn take(&self, who: &Who, conversation: Uuid) -> Result<(), Refusal> {
        let lane = format!("conversation:{conversation}");
        let (revision, head) = self.revision(who, conversation).await?;
        let body = json!({"conversation_id": conversation, "expected_revision": revision});
        self.act(who, &lane, "conversation-take", body, 0).await?;
        self.act(who, &lane, "conversation-read", json!({"conversation_id": conversation, "pos": head}), 0).await
    }

    async fn close(&self, who: &Who, conversation: Uuid) -> Result<(), Refusal> {
        let (revision, _) = self.revision(who, conversation).await?;
        let body = json!({"conversation_id": conversation, "expected_revision": revision});
        self.act(who, &format!("conversation:{conversation}"), "conversation-close", body, 0).await
    }

    async fn report(&self, what: &str, place: &str, minutes_ago: i64) -> Result<(), Refusal> {
        let (youth, report) = (self.youth().await?, self.id());
        let body = json!({
            "report_id": report, "event_kind": "threat", "what": what, "place": place,
            "happened": {"certainty": "about", "words": "den senaste veckan"}, "files": [],
        });
        self.act(&youth, &format!("report:{report}"), "report-submit", body, minutes_ago).await
    }
}
