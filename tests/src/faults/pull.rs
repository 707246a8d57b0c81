//! Reading on, as `pwa/src/sync/pull.ts` does: rows and cursor in one step, the home stream first, then the talks that it
//! tells of.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    chance::Chance,
    history::{Asked, Line, Part, Report, Seen, State as All, Talk, Words},
    phone::{Disk, Phone, State, Trouble},
};

const WINDOW: i64 = 200;
const MOST_STREAMS: usize = 50;

fn id(value: &Value) -> Option<Uuid> {
    value.as_str()?.parse().ok()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Phone {
    /// Reads on in the home stream and in the talks that this phone follows, once each. Gives whether there is more.
    pub async fn pulls(&self, chance: &mut Chance) -> Result<bool, Trouble> {
        let mut more = self.round(chance, BTreeSet::from([self.home()])).await?;
        let grown: BTreeSet<String> = {
            let disk = self.disk();
            let follows = |talk: &Uuid| !self.is_officer() || disk.open.contains(talk);
            let grown = disk.talks.iter().filter(|(talk, view)| {
                let read = disk.cursors.get(&format!("conversation:{talk}")).map_or(0, |(_, pos)| *pos);
                follows(talk) && view["head"].as_i64().unwrap_or(0) > read
            });
            let sent = disk.outbox.iter().filter(|row| row.state == State::Sent);
            let sent = sent.filter_map(|row| Some(row.at.as_ref()?.stream.clone()));
            let older = disk.older.keys().cloned();
            grown.map(|(talk, _)| format!("conversation:{talk}")).chain(sent).chain(older).collect()
        };
        more |= self.round(chance, grown).await?;
        if self.disk().lists_due {
            self.reads_lists(chance).await?;
        }
        Ok(more)
    }

    /// Everything that it has ever followed, to the end.
    pub async fn catches_up(&self, chance: &mut Chance) -> Result<(), Trouble> {
        while self.pulls(chance).await? {}
        loop {
            let all: BTreeSet<String> = self.disk().cursors.keys().cloned().collect();
            if !self.round(chance, all).await? {
                return Ok(());
            }
        }
    }

    /// Reads on until the server has looked through every file of its reports: each of them changes once more by that.
    pub async fn reads_to_the_end(&self, chance: &mut Chance) -> Result<(), Trouble> {
        loop {
            self.catches_up(chance).await?;
            if !self.disk().waits_for_files() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    async fn round(&self, chance: &mut Chance, streams: BTreeSet<String>) -> Result<bool, Trouble> {
        let streams: Vec<String> = streams.into_iter().collect();
        let mut more = false;
        for some in streams.chunks(MOST_STREAMS) {
            let asked: BTreeMap<String, Asked> = {
                let disk = self.disk();
                let cursor = |stream: &String| match (disk.older.get(stream), disk.cursors.get(stream)) {
                    // The past is read beside the present.
                    (Some(first), _) if chance.once_in(2) => Asked::Before(*first),
                    (_, Some((epoch, pos))) => Asked::From { epoch: *epoch, pos: *pos },
                    _ => Asked::Newest,
                };
                let mut cursor = cursor;
                some.iter().map(|stream| (stream.clone(), cursor(stream))).collect()
            };
            let answer = self.asks_for(chance, &asked).await?;
            more |= self.keeps(&asked, &answer, &self.name);
        }
        Ok(more || !self.disk().older.is_empty())
    }

    async fn asks_for(&self, chance: &mut Chance, asked: &BTreeMap<String, Asked>) -> Result<Value, Trouble> {
        let cursor = |asked: &Asked| match asked {
            Asked::From { epoch, pos } => json!({"epoch": epoch, "pos": pos}),
            Asked::Newest => json!({"tail": WINDOW}),
            Asked::Before(before) => json!({"before": before}),
        };
        let streams: Value = asked.iter().map(|(stream, asked)| (stream.clone(), cursor(asked))).collect();
        let body = json!({"device_id": self.device, "envelope": 1, "limit": WINDOW, "streams": streams});
        self.posts(chance, "/api/v1/sync/pull", &body).await
    }

    /// Rows and cursors at once. Gives whether there is more.
    fn keeps(&self, asked: &BTreeMap<String, Asked>, answer: &Value, reader: &str) -> bool {
        let mut disk = self.disk();
        let mut unfinished = false;
        for (stream, given) in answer["streams"].as_object().into_iter().flatten() {
            let (Some(part), Some(asked)) = (part(given), asked.get(stream)) else { continue };
            unfinished |= part.more;
            let end = part.events.last().map(|seen| seen.pos);
            if part.more && end.is_none() {
                continue;
            }
            if part.reset {
                disk.begins(stream, self);
            }
            for event in given["events"].as_array().into_iter().flatten() {
                disk.projects(event);
            }
            match asked {
                Asked::Before(_) => match part.events.first() {
                    Some(first) if first.pos > 1 => drop(disk.older.insert(stream.clone(), first.pos)),
                    _ => drop(disk.older.remove(stream)),
                },
                Asked::Newest | Asked::From { .. } => {
                    let end = end.unwrap_or(if part.reset { part.head } else { disk.pos(stream) });
                    let pos = if part.reset { end } else { end.max(disk.pos(stream)) };
                    disk.cursors.insert(stream.clone(), (part.epoch, pos));
                    if part.reset && part.from > 1 && end > 0 {
                        disk.older.insert(stream.clone(), part.from);
                    }
                }
            }
            // What the stream itself shows, the outbox need not keep.
            let seen: BTreeSet<Uuid> = part.events.iter().filter_map(|seen| seen.action).collect();
            let reached = disk.pos(stream);
            disk.outbox.retain(|row| {
                let passed = row.at.as_ref().is_some_and(|at| at.stream == *stream && at.pos <= reached);
                let shown = seen.contains(&row.action) || row.at.is_none() || passed;
                !(row.state == State::Sent && shown)
            });
            let line = Line::Pulled { reader: reader.to_owned(), stream: stream.clone(), asked: *asked, part };
            self.town.history.write(&line);
        }
        unfinished
    }

    /// After a reset: the lists reach back to every talk and report.
    async fn reads_lists(&self, chance: &mut Chance) -> Result<(), Trouble> {
        let talks = self.pages(chance, "/api/v1/chat/conversations").await?;
        let reports = self.pages(chance, "/api/v1/reports").await?;
        let mut disk = self.disk();
        talks.into_iter().for_each(|talk| disk.put_talk(talk));
        reports.into_iter().for_each(|report| disk.put_report(report));
        disk.lists_due = false;
        Ok(())
    }

    async fn pages(&self, chance: &mut Chance, path: &str) -> Result<Vec<Value>, Trouble> {
        let (mut all, mut next) = (Vec::new(), String::new());
        loop {
            let mut page = self.gets(chance, &format!("{path}?limit=100{next}")).await?;
            all.extend(page["items"].as_array_mut().into_iter().flat_map(std::mem::take));
            match page["next"].as_str() {
                Some(more) => next = format!("&next={more}"),
                None => return Ok(all),
            }
        }
    }

    /// What the server has of this account, by the lists, and its streams from their beginning.
    pub async fn witnesses(&self, chance: &mut Chance) -> Result<All, Trouble> {
        let mut state = All::default();
        let mut streams = vec![self.home()];
        if !self.is_officer() {
            for talk in self.pages(chance, "/api/v1/chat/conversations").await? {
                let Some(talk_id) = id(&talk["conversation_id"]) else { continue };
                streams.push(format!("conversation:{talk_id}"));
                let path = format!("/api/v1/chat/conversations/{talk_id}/messages?limit=100");
                let (mut messages, mut before) = (Vec::new(), String::new());
                loop {
                    let page = self.gets(chance, &format!("{path}{before}")).await?;
                    let items = page["items"].as_array().into_iter().flatten().filter_map(words);
                    messages.splice(..0, items.collect::<Vec<_>>());
                    match page["before"].as_i64() {
                        Some(first) => before = format!("&before={first}"),
                        None => break,
                    }
                }
                let owner = Some(self.account);
                state.talks.insert(talk_id, Talk { owner, face: face(&talk), messages: Some(messages) });
            }
            for report in self.pages(chance, "/api/v1/reports").await? {
                if let Some(report_id) = id(&report["report_id"]) {
                    let owner = Some(self.account);
                    let face = report_face(&report);
                    state.reports.insert(report_id, Report { owner, face, words: text(&report["what"]) });
                }
            }
        }
        for stream in streams {
            let mut cursor = Asked::Newest;
            loop {
                let asked = BTreeMap::from([(stream.clone(), cursor)]);
                let answer = self.asks_for(chance, &asked).await?;
                let Some(part) = part(&answer["streams"][&stream]) else { return Err(Trouble::Later) };
                let epoch = part.epoch;
                let end = part.events.last().map_or(part.head, |seen| seen.pos);
                state.heads.insert(stream.clone(), (epoch, part.head));
                let over = !part.more && matches!(cursor, Asked::From { .. });
                let reader = format!("{} at the end", self.name);
                let asked = cursor;
                // The first answer tells the epoch; then all is read from the beginning.
                cursor = Asked::From { epoch, pos: if matches!(cursor, Asked::Newest) { 0 } else { end } };
                if matches!(asked, Asked::From { .. }) {
                    self.town.history.write(&Line::Pulled { reader, stream: stream.clone(), asked, part });
                }
                if over {
                    break;
                }
            }
        }
        Ok(state)
    }

    /// What this phone has.
    pub fn holds(&self) -> Line {
        let disk = self.disk();
        let talks = disk.talks.iter().map(|(talk, view)| {
            let follows = disk.cursors.contains_key(&format!("conversation:{talk}"));
            let mut messages: Vec<Words> =
                disk.messages.get(talk).map(|known| known.values().cloned().collect()).unwrap_or_default();
            messages.sort_by_key(|words| words.pos);
            (*talk, Talk { owner: None, face: face(view), messages: follows.then_some(messages) })
        });
        let reports = disk.reports.iter().map(|(report, view)| {
            (*report, Report { owner: None, face: report_face(view), words: text(&view["what"]) })
        });
        let waits = |state: State| matches!(state, State::Queued | State::Sending);
        Line::Holds {
            phone: self.name.clone(),
            undecided: disk.outbox.iter().filter(|row| waits(row.state)).map(|row| row.action).collect(),
            state: All {
                heads: disk.cursors.iter().map(|(stream, at)| (stream.clone(), *at)).collect(),
                talks: talks.collect(),
                reports: reports.collect(),
            },
        }
    }
}

impl Disk {
    /// Whether one of its files is whole and not looked through.
    fn waits_for_files(&self) -> bool {
        let mut files = self.reports.values().filter_map(|report| report["files"].as_array()).flatten();
        files.any(|file| file["complete"] == true && file["copy"].is_null())
    }

    fn pos(&self, stream: &str) -> i64 {
        self.cursors.get(stream).map_or(0, |(_, pos)| *pos)
    }

    /// A stream is given anew: what was read of it goes.
    fn begins(&mut self, stream: &str, phone: &Phone) {
        self.older.remove(stream);
        if stream == phone.home() {
            self.talks.clear();
            self.reports.clear();
            self.lists_due = true;
        } else if let Some(talk) = stream.strip_prefix("conversation:").and_then(|talk| talk.parse().ok()) {
            self.messages.remove(&talk);
        }
    }

    fn projects(&mut self, event: &Value) {
        if let Some(talk) = id(&event["message"]["conversation_id"])
            && let Some(words) = words(&event["message"])
        {
            self.messages.entry(talk).or_default().insert(words.message, words);
        }
        if event["conversation"].is_object() {
            self.put_talk(event["conversation"].clone());
        }
        if event["report"].is_object() {
            self.put_report(event["report"].clone());
        }
    }

    fn put_talk(&mut self, talk: Value) {
        let Some(talk_id) = id(&talk["conversation_id"]) else { return };
        let newer =
            self.talks.get(&talk_id).is_none_or(|known| known["revision"].as_i64() <= talk["revision"].as_i64());
        if newer {
            self.talks.insert(talk_id, talk);
        }
    }

    fn put_report(&mut self, report: Value) {
        let Some(report_id) = id(&report["report_id"]) else { return };
        let known = self.reports.get(&report_id);
        if known.is_none_or(|known| known["revision"].as_i64() <= report["revision"].as_i64()) {
            self.reports.insert(report_id, report);
        }
    }
}

fn words(message: &Value) -> Option<Words> {
    Some(Words {
        message: id(&message["message_id"])?,
        action: id(&message["action_id"])?,
        pos: message["pos"].as_i64()?,
        words: text(&message["text"]),
    })
}

/// What all who may see a talk see of it alike.
fn face(talk: &Value) -> String {
    let fields = [
        "revision",
        "state",
        "head",
        "holder",
        "read_by",
        "officer_read_pos",
        "youth_read_pos",
        "last_by",
        "last_text",
        "opened_at",
        "last_at",
        "erasure_asked_at",
    ];
    fields.map(|field| talk[field].to_string()).join(" ")
}

fn report_face(report: &Value) -> String {
    let fields = ["revision", "state", "reader", "files", "submitted_at", "recorded_at", "erasure_asked_at"];
    fields.map(|field| report[field].to_string()).join(" ")
}

fn part(given: &Value) -> Option<Part> {
    let event = |event: &Value| {
        let message = &event["message"];
        Some(Seen {
            pos: event["pos"].as_i64()?,
            kind: text(&event["kind"]),
            entity: id(&event["entity_id"])?,
            revision: event["revision"].as_i64()?,
            action: id(&event["action_id"]),
            rest: format!("{} {} {} {}", event["by"], event["at"], message["recorded_at"], message["text"]),
        })
    };
    Some(Part {
        epoch: given["epoch"].as_i64()?,
        head: given["head"].as_i64()?,
        from: given["from"].as_i64()?,
        reset: given["reset"].as_bool()?,
        more: given["more"].as_bool()?,
        events: given["events"].as_array()?.iter().map(event).collect::<Option<_>>()?,
    })
}
