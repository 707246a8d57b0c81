//! What people do with their phones.

use std::sync::{Arc, atomic::Ordering};

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    chance::Chance,
    drain::file_names,
    history::Line,
    phone::{Disk, FileRow, Phone, Row, State},
};

/// Talks that one account begins; far fewer than may be open.
const TALKS: usize = 6;
/// Talks that an officer has on the screen.
const OPEN: usize = 6;

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or(0)
}

impl Phone {
    /// One tab of the app, until the evening and beyond: it does something, sends, reads on.
    pub async fn lives(self: Arc<Self>, mut chance: Chance) {
        let chance = &mut chance;
        let mut failures = 0;
        while !self.town.evening.load(Ordering::Relaxed) {
            self.does_something(chance);
            if chance.once_in(150) {
                self.clock_jumps(chance);
            }
            if chance.once_in(100) {
                self.app_restarts();
            }
            let sent = self.drains(chance).await;
            let read = self.pulls(chance).await.is_ok();
            let whole = self.sends_files(chance).await;
            failures = if sent && read && whole { 0 } else { failures + 1 };
            self.waits(chance, failures).await;
        }
    }

    /// Sends all that waits.
    pub async fn comes_to_rest(self: &Arc<Self>, chance: &mut Chance) {
        loop {
            let sent = self.drains(chance).await;
            if self.sends_files(chance).await && sent && !self.has_open() {
                return;
            }
            self.waits(chance, 2).await;
        }
    }

    fn has_open(&self) -> bool {
        let disk = self.disk();
        disk.outbox.iter().any(|row| matches!(row.state, State::Queued | State::Sending))
    }

    fn does_something(&self, chance: &mut Chance) {
        let mut disk = self.disk();
        let open = disk.outbox.iter().filter(|row| matches!(row.state, State::Queued | State::Sending)).count();
        let many = chance.between(1, 6).min(self.town.left.load(Ordering::Relaxed));
        // Who has not got through for a while writes less.
        if open > 40 {
            return;
        }
        for _ in 0..many {
            match self.is_officer() {
                true => self.officer_acts(&mut disk, chance),
                false => self.youth_acts(&mut disk, chance),
            }
        }
    }

    /// Puts an action on the phone's disk, as it will be sent each time. Gives its id.
    fn puts(
        &self,
        disk: &mut Disk,
        chance: &mut Chance,
        lane: String,
        kind: &'static str,
        after: Vec<Uuid>,
        body: Value,
    ) -> Uuid {
        let now = self.now();
        let action = chance.timed_id(now);
        let words = ["text", "what"].into_iter().find_map(|field| body[field].as_str()).map(str::trim);
        self.town.history.write(&Line::Made {
            phone: self.name.clone(),
            action,
            lane: lane.clone(),
            kind: kind.to_owned(),
            after: after.clone(),
            // A tip's words are read by nobody here.
            words: words.filter(|words| !words.is_empty() && kind != "tip-publish").map(str::to_owned),
        });
        disk.outbox.push(Row {
            action,
            lane,
            kind,
            after,
            recorded_at: written(now),
            body: body.to_string(),
            state: State::Queued,
            attempt: 0,
            at: None,
        });
        let one_less = |left: u64| left.checked_sub(1);
        let _none_left = self.town.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less);
        action
    }

    fn says(&self, disk: &mut Disk, chance: &mut Chance, talk: Uuid, after: Vec<Uuid>) -> Uuid {
        let long = "och så vidare ".repeat(chance.below(12) as usize);
        let text = format!("{} {} {long}.", self.name, chance.id().simple());
        let body = json!({"message_id": chance.timed_id(self.now()), "conversation_id": talk, "text": text});
        self.puts(disk, chance, format!("conversation:{talk}"), "message-send", after, body)
    }

    fn reads_to(&self, disk: &mut Disk, chance: &mut Chance, talk: Uuid, head: i64) {
        let body = json!({"conversation_id": talk, "pos": head});
        self.puts(disk, chance, format!("conversation:{talk}"), "conversation-read", Vec::new(), body);
    }

    fn youth_acts(&self, disk: &mut Disk, chance: &mut Chance) {
        let standing: Vec<Uuid> =
            disk.talks.iter().filter(|(_, talk)| talk["state"] != "closed").map(|(talk, _)| *talk).collect();
        // A talk that waits in the outbox is written in before the server knows it.
        let begun: Vec<Uuid> = disk
            .outbox
            .iter()
            .filter(|row| row.kind == "message-send" && row.state != State::Refused)
            .filter_map(|row| row.lane.strip_prefix("conversation:")?.parse().ok())
            .filter(|talk| !disk.talks.contains_key(talk))
            .collect();
        let talks = [standing, begun].concat();
        let talk = match chance.pick(&talks) {
            Some(talk) if talks.len() >= TALKS || !chance.once_in(6) => *talk,
            _ => chance.timed_id(self.now()),
        };
        match chance.below(100) {
            0..8 => {
                let report = self.reports(disk, chance, Vec::new());
                if chance.once_in(6) {
                    let body = json!({"report_id": report});
                    self.puts(disk, chance, format!("report:{report}"), "report-ask-erasure", Vec::new(), body);
                }
            }
            // A report that only makes sense after what was said in the talk.
            8..12 => {
                let said = self.says(disk, chance, talk, Vec::new());
                self.reports(disk, chance, vec![said]);
            }
            // Refused, and with it what needs it; the lane goes on.
            12..15 => {
                let body = json!({"message_id": chance.timed_id(self.now()), "conversation_id": talk, "text": "   "});
                let empty = self.puts(disk, chance, format!("conversation:{talk}"), "message-send", Vec::new(), body);
                self.says(disk, chance, talk, vec![empty]);
            }
            15..35 => {
                match disk.talks.get(&talk).map(|view| (number(&view["head"]), number(&view["youth_read_pos"]))) {
                    Some((head, read)) if head > read => self.reads_to(disk, chance, talk, head),
                    _ => drop(self.says(disk, chance, talk, Vec::new())),
                }
            }
            35..37 if disk.talks.contains_key(&talk) => {
                let body = json!({"conversation_id": talk});
                self.puts(disk, chance, format!("conversation:{talk}"), "conversation-ask-erasure", Vec::new(), body);
            }
            _ => drop(self.says(disk, chance, talk, Vec::new())),
        }
    }

    fn reports(&self, disk: &mut Disk, chance: &mut Chance, after: Vec<Uuid>) -> Uuid {
        let report = chance.timed_id(self.now());
        let mut files = Vec::new();
        let picture = chance.once_in(3).then(|| {
            let size = if chance.once_in(4) { chance.between(250_000, 600_000) } else { chance.between(100, 40_000) };
            let mut bytes = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00".to_vec();
            bytes.extend(chance.bytes(size as usize));
            (chance.id(), bytes)
        });
        if let Some((file, bytes)) = &picture {
            files.push(file_names(*file, bytes));
        }
        let body = json!({
            "report_id": report, "event_kind": "threat", "what": format!("{} {}", self.name, chance.id().simple()),
            "happened": {"certainty": "unknown"}, "files": files,
        });
        let report_action = self.puts(disk, chance, format!("report:{report}"), "report-submit", after, body);
        if let Some((file, bytes)) = picture {
            disk.files.push(FileRow { file, report, report_action, bytes, confirmed: 0, done: false });
        }
        report
    }

    fn officer_acts(&self, disk: &mut Disk, chance: &mut Chance) {
        let held: Vec<Uuid> = disk
            .talks
            .iter()
            .filter(|(_, talk)| talk["held_by_me"] == true && talk["state"] != "closed")
            .map(|(talk, _)| *talk)
            .collect();
        let all: Vec<Uuid> = disk.talks.keys().copied().collect();
        if held.len() < OPEN
            && let Some(talk) = chance.pick(&all).copied()
        {
            let view = &disk.talks[&talk];
            let lane = format!("conversation:{talk}");
            if view["state"] == "waiting" && !disk.outbox.iter().any(|row| row.lane == lane) {
                let body = json!({"conversation_id": talk, "expected_revision": view["revision"]});
                let take = self.puts(disk, chance, lane, "conversation-take", Vec::new(), body);
                self.says(disk, chance, talk, vec![take]);
                disk.open.insert(talk);
                return;
            }
        }
        match (chance.below(100), chance.pick(&held).copied()) {
            (0..6, _) => {
                let text = format!("Lämna aldrig ut en kod. {}", chance.id().simple());
                let body = json!({"tip_id": chance.timed_id(self.now()), "topic": "scams", "municipality": "2480", "text": text, "action": "chat"});
                self.puts(disk, chance, "tips".to_owned(), "tip-publish", Vec::new(), body);
            }
            (6..30, _) => {
                let waiting: Vec<Uuid> = disk
                    .reports
                    .iter()
                    .filter(|(_, view)| view["state"] == "received")
                    .map(|(report, _)| *report)
                    .collect();
                match chance.pick(&waiting).copied() {
                    Some(report) => {
                        let body = json!({"report_id": report, "expected_revision": disk.reports[&report]["revision"]});
                        self.puts(disk, chance, format!("report:{report}"), "report-read", Vec::new(), body);
                    }
                    // Not hers: refused.
                    None => {
                        if let Some(talk) = chance.pick(&all).copied() {
                            self.says(disk, chance, talk, Vec::new());
                        }
                    }
                }
            }
            (30..50, Some(talk)) => {
                let head = number(&disk.talks[&talk]["head"]);
                self.reads_to(disk, chance, talk, head);
            }
            (50..53, Some(talk)) => {
                let view = &disk.talks[&talk];
                let (head, revision) = (number(&view["head"]), view["revision"].clone());
                self.reads_to(disk, chance, talk, head);
                let body = json!({"conversation_id": talk, "expected_revision": revision});
                self.puts(disk, chance, format!("conversation:{talk}"), "conversation-close", Vec::new(), body);
            }
            (_, Some(talk)) => drop(self.says(disk, chance, talk, Vec::new())),
            (_, None) => {}
        }
    }
}

/// A time as the wire has it.
fn written(millis: u64) -> String {
    let moment = entities::words::Timestamp::from_millis(millis.cast_signed());
    moment.to_string()
}
