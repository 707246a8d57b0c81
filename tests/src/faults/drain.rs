//! Sending what waits, as `pwa/src/sync/drain.ts` does, by as many tabs at once as there are: lanes in order, an action
//! before what needs it, the same text on every try.

use std::{
    collections::HashSet,
    sync::{Arc, atomic::Ordering},
};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    chance::Chance,
    history::{Line, Told},
    phone::{FileRow, Phone, Row, State, Trouble, told},
};

const MOST: usize = 100;
const PIECE: usize = 256 * 1024;

impl Phone {
    /// Sends until nothing more may go now. Gives whether all that was tried got an answer.
    pub async fn drains(self: &Arc<Self>, chance: &mut Chance) -> bool {
        let mut fresh = true;
        loop {
            let batch = self.chooses(chance, fresh);
            fresh = false;
            if batch.is_empty() {
                return true;
            }
            if !self.pushes(chance, &batch).await {
                return false;
            }
        }
    }

    /// Takes into a batch what may go. What is found on its way at the start of a run is tried again: the last run died, or
    /// another tab is at it, and then it is sent twice.
    fn chooses(&self, chance: &mut Chance, fresh: bool) -> Vec<Row> {
        let mut disk = self.disk();
        let most = if chance.once_in(3) { chance.between(1, 5) as usize } else { MOST };
        let mut open: HashSet<Uuid> = disk
            .outbox
            .iter()
            .filter(|row| matches!(row.state, State::Queued | State::Sending))
            .map(|row| row.action)
            .collect();
        let mut held: HashSet<String> = HashSet::new();
        let mut batch = Vec::new();
        for row in &mut disk.outbox {
            if !open.contains(&row.action) {
                continue;
            }
            let waits = row.after.iter().any(|needed| open.contains(needed)) || row.state == State::Sending && !fresh;
            if waits || held.contains(&row.lane) || batch.len() == most {
                held.insert(row.lane.clone());
                continue;
            }
            row.state = State::Sending;
            row.attempt += 1;
            open.remove(&row.action);
            batch.push(row.clone());
        }
        batch
    }

    fn envelope(&self, row: &Row) -> String {
        let mut envelope = json!({
            "action_id": row.action, "lane": row.lane, "kind": row.kind, "v": 1, "recorded_at": row.recorded_at,
        });
        if !self.old_app {
            envelope["attempt"] = json!(row.attempt);
            envelope["after"] = json!(row.after);
        } else if !row.after.is_empty() {
            envelope["after"] = json!(row.after);
        }
        let head = envelope.to_string();
        format!("{},\"body\":{}}}", &head[..head.len() - 1], row.body)
    }

    async fn pushes(self: &Arc<Self>, chance: &mut Chance, batch: &[Row]) -> bool {
        let actions: Vec<Uuid> = batch.iter().map(|row| row.action).collect();
        let envelopes: Vec<String> = batch.iter().map(|row| self.envelope(row)).collect();
        let version = if self.old_app { "0.0.1" } else { "0.1.0" };
        let body = format!(
            r#"{{"device_id":"{}","account_id":"{}","envelope":1,"app_version":"{version}","actions":[{}]}}"#,
            self.device,
            self.account,
            envelopes.join(",")
        );
        let request = self.town.next_request();
        let (phone, sent) = (self.clone(), actions.clone());
        let record = move |heard: bool, results: Vec<Told>| {
            let line = Line::Answered { phone: phone.name.clone(), request, heard, results };
            phone.town.history.write(&line);
        };
        let line = Line::Sent { phone: self.name.clone(), request, actions: actions.clone() };
        self.town.history.write(&line);
        let stray = {
            let record = record.clone();
            move |reply| {
                if let Some(results) = told(&reply, &sent) {
                    record(false, results);
                }
            }
        };
        let json = [("content-type", "application/json")];
        let reply = self.asks(chance, "POST", "/api/v1/sync/push", &json, body.as_bytes(), stray).await;
        let results = reply.ok().and_then(|reply| told(&reply, &actions));
        match &results {
            Some(results) => record(true, results.clone()),
            None => {
                let mut disk = self.disk();
                for row in disk.outbox.iter_mut().filter(|row| actions.contains(&row.action)) {
                    if row.state == State::Sending {
                        row.state = State::Queued;
                    }
                }
            }
        }
        results.is_some_and(|results| self.takes(&results))
    }

    /// What the answers mean for the outbox. Gives whether each was a decision.
    fn takes(&self, results: &[Told]) -> bool {
        let mut all = true;
        let mut disk = self.disk();
        for result in results {
            let outcome = match result.outcome.as_str() {
                "duplicate" => result.original.as_deref().unwrap_or_default(),
                outcome => outcome,
            };
            let decided = matches!(outcome, "applied" | "refused");
            all &= decided;
            // The journal, or another tab, may have been quicker.
            let Some(place) = disk.outbox.iter().position(|row| row.action == result.action) else { continue };
            let row = &mut disk.outbox[place];
            if !matches!(row.state, State::Queued | State::Sending) {
                continue;
            }
            row.state = match outcome {
                "applied" => State::Sent,
                "refused" => State::Refused,
                _ => State::Queued,
            };
            row.at.clone_from(&result.at);
            if decided {
                self.town.decided.fetch_add(1, Ordering::Relaxed);
            }
        }
        all
    }

    /// Sends the files whose report has arrived, from where the server says it has got to.
    pub async fn sends_files(&self, chance: &mut Chance) -> bool {
        loop {
            let next = {
                let disk = self.disk();
                let arrived = |file: &&FileRow| {
                    let row = disk.outbox.iter().find(|row| row.action == file.report_action);
                    !file.done && row.is_none_or(|row| row.state == State::Sent)
                };
                disk.files.iter().find(arrived).map(|file| (file.file, file.report, file.bytes.clone()))
            };
            let Some((file, report, bytes)) = next else { return true };
            match self.sends_file(chance, file, report, &bytes).await {
                Ok(()) => {
                    let mut disk = self.disk();
                    disk.files.iter_mut().filter(|row| row.file == file).for_each(|row| row.done = true);
                }
                Err(_) => return false,
            }
        }
    }

    async fn sends_file(&self, chance: &mut Chance, file: Uuid, report: Uuid, bytes: &[u8]) -> Result<(), Trouble> {
        let known = |heard: i64| {
            let mut disk = self.disk();
            let row = disk.files.iter_mut().find(|row| row.file == file)?;
            row.confirmed = row.confirmed.max(heard);
            Some(row.confirmed)
        };
        let stored = |knew: Option<i64>, answer: &Value| {
            let (offset, complete) = (answer["offset"].as_i64()?, answer["complete"].as_bool()?);
            self.town.history.write(&Line::Stored { phone: self.name.clone(), file, knew: knew?, offset, complete });
            known(offset)?;
            Some((usize::try_from(offset).ok()?, complete))
        };
        let mut named = file_names(file, bytes);
        named["report_id"] = json!(report);
        let knew = known(0);
        let answer = self.posts(chance, "/api/v1/files", &named).await?;
        let (mut offset, mut complete) = stored(knew, &answer).ok_or(Trouble::Later)?;
        while !complete {
            let piece = bytes.get(offset..bytes.len().min(offset + PIECE)).ok_or(Trouble::Later)?;
            let at = offset.to_string();
            let headers = [("content-type", "application/octet-stream"), ("upload-offset", at.as_str())];
            let knew = known(0);
            let reply = self.asks(chance, "PATCH", &format!("/api/v1/files/{file}"), &headers, piece, drop).await?;
            (offset, complete) = stored(knew, &reply.json()).ok_or(Trouble::Later)?;
        }
        Ok(())
    }
}

/// As a report names a file.
pub fn file_names(file: Uuid, bytes: &[u8]) -> Value {
    let sha256: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    json!({"file_id": file, "sha256": sha256, "size": bytes.len(), "media_type": "image/jpeg"})
}
