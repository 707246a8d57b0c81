//! What a copy holds, and in which order: a page to begin with, the account, and then each talk and report as the program
//! keeps it and as a person reads it, with the files as they were sent.

use entities::words::{
    ActionId, Actor, AgeBand, ConversationId, Locale, LocationState, MuteReason, ReportId, Timestamp,
};
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};

use super::store;
use crate::{
    base::{
        actions::Who,
        archive::{Archive, Sink},
        blobs::SealedFile,
        refusal::{Kind, Refusal},
    },
    chat::{self, Conversation, Message},
    deps::Deps,
    dialogues,
    files::{self, SentFile},
    handovers::{self, Location},
    ideas, mutes, push,
    reports::{self, Narrowed, Report},
};

/// Rows that are read at a time.
const PAGE: u64 = 100;
/// Bytes of files that a copy holds at most. What is more is named, and can be read in the app one by one.
const MOST_BYTES: i64 = 1024 * 1024 * 1024;

/// An archive, and how many bytes of files it still has room for.
struct Zip<'a> {
    archive: Archive<'a>,
    room: i64,
}

impl Zip<'_> {
    /// Puts a value into a JSON list that is being written.
    async fn put_item(&mut self, first: &mut bool, value: &Value) -> Result<(), Refusal> {
        self.archive.put(if std::mem::take(first) { "\n" } else { ",\n" }).await?;
        self.archive.put(serde_json::to_vec(value).map_err(Refusal::fault)?).await
    }
}

/// Writes all that is kept of an account into a file. Gives its size.
pub async fn write(deps: &Deps, who: &Who, file: &SealedFile) -> Result<u64, Refusal> {
    let account = store::account(deps.db.read(), who.account_id).await?.ok_or(Kind::NotFound)?;
    let words = Words::of(account.locale);
    let mut zip = Zip { archive: Archive::new(Sink::File(file)), room: MOST_BYTES };

    zip.archive.whole(words.start_name, words.start.as_bytes()).await?;
    let devices = store::devices(deps.db.read(), who.account_id).await?;
    let capabilities = store::capabilities(deps.db.read(), who.account_id).await?;
    let wakes = store::subscriptions(deps.db.read(), who.account_id).await?;
    let mutes = mutes::of_account(deps, who.account_id).await?;
    let list = |text: &str| text.split(',').filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let about = json!({
        "account_id": account.account_id,
        "locale": account.locale,
        "created_at": account.created_at.to_string(),
        "devices": devices.iter().map(|device| json!({
            "device_id": device.device_id,
            "created_at": device.created_at.to_string(),
            "ended_at": device.ended_at.map(|at| at.to_string()),
        })).collect::<Vec<_>>(),
        "mutes": mutes.iter().map(|mute| json!({
            "kind": mute.kind,
            "reason": mute.reason,
            "at": mute.at.to_string(),
            "until": mute.until.to_string(),
            "ended_at": mute.ended_at.map(|at| at.to_string()),
        })).collect::<Vec<_>>(),
        "reminders": dialogues::reminders_of(deps, who.account_id).await?,
        "delivers_reports": capabilities.iter().map(|capability| json!({
            "device_id": capability.device_id,
            "until": capability.ends_at.to_string(),
        })).collect::<Vec<_>>(),
        "push": wakes.iter().map(|push| json!({
            "device_id": push.device_id,
            "replies": push.replies,
            "topics": list(&push.topics),
            "municipalities": list(&push.municipalities),
            "locale": push.locale,
            "hours": push::safe_hours(push).map(|hours| json!({"from": *hours.from, "until": *hours.until})),
            "quiet_hours": push::quiet_hours(push).map(|hours| json!({"from": *hours.from, "until": *hours.until})),
            "age_band": push.age_band.map(AgeBand::word),
            "telling": push.telling,
            "plain": push.plain,
            "changed_at": push.changed_at.to_string(),
        })).collect::<Vec<_>>(),
    });
    zip.archive.whole("account.json", &pretty(&about)?).await?;
    acts(deps, who, &mut zip).await?;
    let ideas: Vec<_> = ideas::of_account(deps, who).await?.iter().filter_map(ToJSON::to_json).collect();
    zip.archive.whole("ideas.json", &pretty(&Value::Array(ideas))?).await?;
    let questions: Vec<_> = dialogues::of_account(deps, who).await?.iter().filter_map(ToJSON::to_json).collect();
    zip.archive.whole("questions.json", &pretty(&Value::Array(questions))?).await?;
    talks(deps, who, words, &mut zip).await?;
    told(deps, who, words, &mut zip).await?;
    zip.archive.close().await
}

fn pretty(value: &Value) -> Result<Vec<u8>, Refusal> {
    serde_json::to_vec_pretty(value).map_err(Refusal::fault)
}

/// What the account did: kinds, moments and how each ended.
async fn acts(deps: &Deps, who: &Who, zip: &mut Zip<'_>) -> Result<(), Refusal> {
    zip.archive.begin("acts.json")?;
    zip.archive.put("[").await?;
    let (mut first, mut after): (bool, Option<(Timestamp, ActionId)>) = (true, None);
    loop {
        let page = store::acts(deps.db.read(), who.account_id, after, PAGE).await?;
        for row in &page {
            let act = json!({
                "action_id": row.action_id, "kind": row.kind, "outcome": row.outcome, "problem": row.problem_kind,
                "entity_id": row.entity_id, "received_at": row.received_at.to_string(),
            });
            zip.put_item(&mut first, &act).await?;
        }
        let Some(last) = page.last() else { break };
        after = Some((last.received_at, last.action_id));
    }
    zip.archive.put("\n]\n").await?;
    Ok(())
}

async fn talks(deps: &Deps, who: &Who, words: Words, zip: &mut Zip<'_>) -> Result<(), Refusal> {
    let mut after: Option<(i64, ConversationId)> = None;
    loop {
        let (page, places) = chat::list(deps, who, &chat::Search::default(), after, PAGE).await?;
        for talk in &page {
            talk_as_kept(deps, who, zip, talk).await?;
            let files = talk_as_read(deps, who, words, zip, talk).await?;
            originals(deps, words, zip, &files).await?;
        }
        let Some(last) = places.last() else { return Ok(()) };
        after = Some(*last);
    }
}

async fn talk_as_kept(deps: &Deps, who: &Who, zip: &mut Zip<'_>, talk: &Conversation) -> Result<(), Refusal> {
    zip.archive.begin(&format!("talks/{}.json", talk.conversation_id))?;
    zip.archive.put("{\"conversation\": ").await?;
    zip.archive.put(pretty(&talk.to_json().unwrap_or_default())?).await?;
    zip.archive.put(",\n\"messages\": [").await?;
    let (mut first, mut pos) = (true, 0);
    while let page @ [.., last] = &*chat::messages_after(deps, who, talk.conversation_id, pos, PAGE).await? {
        for message in page {
            zip.put_item(&mut first, &message.to_json().unwrap_or_default()).await?;
        }
        pos = last.pos;
    }
    zip.archive.put("\n],\n\"told\": ").await?;
    let told = handovers::told(deps, who, talk.conversation_id).await?;
    zip.archive.put(pretty(&told.to_json().unwrap_or_default())?).await?;
    zip.archive.put(",\n\"locations\": ").await?;
    zip.archive.put(pretty(&locations(deps, who, talk).await?.to_json().unwrap_or_default())?).await?;
    zip.archive.put("}\n").await?;
    Ok(())
}

/// The questions for her place and what came of them. A fix is left out: the copy may lie longer than the place may.
async fn locations(deps: &Deps, who: &Who, talk: &Conversation) -> Result<Vec<Location>, Refusal> {
    let items = handovers::locations(deps, who, talk.conversation_id).await?.items;
    Ok(items.into_iter().map(|item| Location { fix: None, age_seconds: None, ..item }).collect())
}

/// Gives the files that it names.
async fn talk_as_read(
    deps: &Deps,
    who: &Who,
    words: Words,
    zip: &mut Zip<'_>,
    talk: &Conversation,
) -> Result<Vec<SentFile>, Refusal> {
    let mut named = Vec::new();
    zip.archive.begin(&format!("talks/{}.txt", talk.conversation_id))?;
    zip.archive.put(format!("{} {}\n\n", words.talk, moment(talk.opened_at))).await?;
    let mut pos = 0;
    while let page @ [.., last] = &*chat::messages_after(deps, who, talk.conversation_id, pos, PAGE).await? {
        for message in page {
            let text = if message.damaged { words.damaged } else { &message.text };
            zip.archive.put(format!("{}  {}\n{text}\n", moment(message.received_at), writer(words, message))).await?;
            for file in message.files.iter().flatten() {
                zip.archive.put(format!("{}: files/{}\n", words.file, file_name(file))).await?;
                named.push(file.clone());
            }
            zip.archive.put("\n").await?;
        }
        pos = last.pos;
    }
    for told in handovers::told(deps, who, talk.conversation_id).await? {
        let text = told.text.as_deref().unwrap_or(words.damaged);
        zip.archive.put(format!("{} {}: {text}\n", words.told, moment(told.at))).await?;
    }
    for Location { asked_at, answered_at, state, .. } in locations(deps, who, talk).await? {
        let answer = match state {
            LocationState::Asked => words.place_asked,
            LocationState::Given => words.place_given,
            LocationState::Declined => words.place_declined,
        };
        zip.archive.put(format!("{answer} {}\n", moment(answered_at.unwrap_or(asked_at)))).await?;
    }
    for mute in mutes::of_account(deps, who.account_id).await? {
        if mute.conversation_id == talk.conversation_id {
            let until = mute.ended_at.map_or(mute.until, |ended| ended.min(mute.until));
            zip.archive
                .put(format!(
                    "{} {} - {} ({})\n",
                    words.muted,
                    moment(mute.at),
                    moment(until),
                    words.why_muted(mute.reason)
                ))
                .await?;
        }
    }
    zip.archive
        .put(words.decided(talk.erasure_asked_at, talk.erasure_refused_at, talk.erasure_refusal.as_deref()))
        .await?;
    Ok(named)
}

fn writer(words: Words, message: &Message) -> String {
    match (&message.public_number, message.by) {
        (Some(number), _) => format!("{} {number}", words.officer),
        (None, Actor::Youth) => words.you.to_owned(),
        (None, _) => words.officer.to_owned(),
    }
}

/// To the minute, in UTC, which the first page says.
fn moment(at: Timestamp) -> String {
    at.to_string().chars().take(16).map(|c| if c == 'T' { ' ' } else { c }).collect()
}

async fn told(deps: &Deps, who: &Who, words: Words, zip: &mut Zip<'_>) -> Result<(), Refusal> {
    let mut after: Option<(i64, ReportId)> = None;
    loop {
        let page = reports::list(deps, who, &Narrowed::default(), after, PAGE).await?;
        for (_, report) in &page {
            let kept = pretty(&report.to_json().unwrap_or_default())?;
            zip.archive.whole(&format!("reports/{}.json", report.report_id), &kept).await?;
            zip.archive
                .whole(&format!("reports/{}.txt", report.report_id), report_as_read(words, report).as_bytes())
                .await?;
            originals(deps, words, zip, &report.files).await?;
        }
        let Some((place, last)) = page.last() else { return Ok(()) };
        after = Some((*place, last.report_id));
    }
}

fn report_as_read(words: Words, report: &Report) -> String {
    let mut text = format!("{} {}\n\n{}\n\n", words.report, moment(report.submitted_at), report.what);
    let happened = report.happened.words.as_ref().map(|words| words.to_string());
    let happened = happened.or_else(|| report.happened.at.map(moment));
    for (label, value) in [(words.when, happened.as_deref()), (words.place, report.place.as_deref())] {
        if let Some(value) = value {
            text.push_str(&format!("{label}: {value}\n"));
        }
    }
    if report.damaged {
        text.push_str(&format!("{}\n", words.damaged));
    }
    for file in &report.files {
        text.push_str(&format!("{}: files/{}\n", words.file, file_name(file)));
    }
    text + &words.decided(report.erasure_asked_at, report.erasure_refused_at, report.erasure_refusal.as_deref())
}

fn file_name(file: &SentFile) -> String {
    format!("{}.{}", file.file_id, files::ending(&file.media_type))
}

/// Those of some files that are whole, as far as there is room.
async fn originals(deps: &Deps, words: Words, zip: &mut Zip<'_>, files: &[SentFile]) -> Result<(), Refusal> {
    for file in files.iter().filter(|file| file.complete) {
        let Ok((row, sealed)) = files::exported(deps, file.file_id).await? else { continue };
        if file.size <= zip.room {
            zip.room -= file.size;
            zip.archive.original(&format!("files/{}", file_name(file)), row.size.unsigned_abs(), sealed).await?;
        } else {
            let name = format!("files/{}.{}", file.file_id, words.left_out_name);
            zip.archive.whole(&name, words.left_out.as_bytes()).await?;
        }
    }
    Ok(())
}

/// The words of the readable pages.
#[derive(Clone, Copy)]
struct Words {
    start_name: &'static str,
    start: &'static str,
    talk: &'static str,
    report: &'static str,
    you: &'static str,
    officer: &'static str,
    when: &'static str,
    place: &'static str,
    file: &'static str,
    damaged: &'static str,
    told: &'static str,
    place_asked: &'static str,
    place_given: &'static str,
    place_declined: &'static str,
    muted: &'static str,
    why: [&'static str; 6],
    asked: &'static str,
    refused: &'static str,
    left_out_name: &'static str,
    left_out: &'static str,
}

impl Words {
    fn of(locale: Locale) -> Self {
        match locale {
            Locale::Sv => Self {
                start_name: "las-forst.txt",
                start: "Det här är en kopia av allt som Nätpatrull har sparat om ditt konto.\n\n\
                    talks    dina samtal. Öppna .txt för att läsa, .json är samma sak för program.\n\
                    reports  dina rapporter, på samma sätt.\n\
                    files    bilder och filmer som du skickade, som de var, och bilder som polisen skickade till dig.\n\
                    account.json  ditt konto, när du inte fick skriva, dina telefoner, vad de väcks för, vilka livedialoger du vill bli påmind om och hur länge de får lämna rapporter utloggade.\n\
                    ideas.json    vad du har skrivit i idélådan, och vad det blev av det.\n\
                    questions.json  vad du har frågat i livedialoger de senaste veckorna, och vad det blev av det.\n\
                    acts.json     vad du har gjort i appen, och när.\n\n\
                    En plats som du gav polisen står inte här, eftersom den förstörs efter kort tid. Att du gav den står här.\n\
                    Alla tider är i UTC: en timme före svensk vintertid, två före sommartid.\n\
                    Den som kommer åt filen kan läsa allt. Lägg den där bara du ser den.\n",
                talk: "Samtal",
                report: "Rapport",
                you: "Du",
                officer: "Polis",
                when: "När",
                place: "Var",
                file: "Fil",
                damaged: "(Ord har gått sönder hos oss och går inte att läsa längre.)",
                told: "Besked från 112 eller 114 14, som polisen gav dig",
                place_asked: "Polisen frågade var du var",
                place_given: "Du gav polisen din plats en gång",
                place_declined: "Du gav inte polisen din plats",
                muted: "Du kunde inte skriva till polisen, utom om fara",
                why: ["hot", "kränkningar", "sexuella saker", "falska larm", "samma sak om och om igen", "annat"],
                asked: "Du bad om radering",
                refused: "Polisen behöll det",
                left_out_name: "saknas.txt",
                left_out: "Filen fick inte plats i kopian. Den finns kvar i appen, där den skickades.\n",
            },
            Locale::En => Self {
                start_name: "read-first.txt",
                start: "This is a copy of all that Nätpatrull keeps of your account.\n\n\
                    talks    your talks. Open .txt to read; .json is the same for programs.\n\
                    reports  your reports, likewise.\n\
                    files    pictures and films that you sent, as they were, and pictures that the police sent to you.\n\
                    account.json  your account, when you could not write, your phones, what they are woken for, which live dialogues you want to be reminded of and until when they may deliver reports signed out.\n\
                    ideas.json    what you wrote in the box of ideas, and what became of it.\n\
                    questions.json  what you asked in live dialogues during the last weeks, and what became of it.\n\
                    acts.json     what you did in the app, and when.\n\n\
                    A place that you gave the police is not here, because it is destroyed after a short time. That you gave it is.\n\
                    All times are in UTC: one hour behind Swedish winter time, two behind summer time.\n\
                    Whoever gets at this file can read everything. Put it where only you see it.\n",
                talk: "Talk",
                report: "Report",
                you: "You",
                officer: "Police",
                when: "When",
                place: "Where",
                file: "File",
                damaged: "(Words are damaged on our side and can no longer be read.)",
                told: "What the police told you of 112 or 114 14",
                place_asked: "The police asked where you were",
                place_given: "You gave the police your place once",
                place_declined: "You did not give the police your place",
                muted: "You could not write to the police, except about danger",
                why: [
                    "threats",
                    "insults",
                    "sexual things",
                    "false alarms",
                    "the same over and over",
                    "something else",
                ],
                asked: "You asked for erasure",
                refused: "The police kept it",
                left_out_name: "missing.txt",
                left_out: "There was no room for this file in the copy. It is still in the app, where it was sent.\n",
            },
        }
    }

    fn why_muted(self, reason: MuteReason) -> &'static str {
        use MuteReason as R;
        let [threats, insults, sexual, false_alarms, flooding, other] = self.why;
        match reason {
            R::Threats => threats,
            R::Insults => insults,
            R::Sexual => sexual,
            R::FalseAlarms => false_alarms,
            R::Flooding => flooding,
            R::Other => other,
        }
    }

    /// What was asked and decided of a record's erasure.
    fn decided(self, asked: Option<Timestamp>, refused: Option<Timestamp>, why: Option<&str>) -> String {
        let mut text = String::new();
        if let Some(at) = asked {
            text.push_str(&format!("{}: {}\n", self.asked, moment(at)));
        }
        if let Some(at) = refused {
            text.push_str(&format!("{}: {}. {}\n", self.refused, moment(at), why.unwrap_or_default()));
        }
        text
    }
}
