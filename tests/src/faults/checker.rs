//! Judges a history. It knows the promise and nothing of how the server keeps it:
//!
//! - what was acknowledged is there at the end, with its words, where the answer said;
//! - an action has one effect and one answer, and what nobody did or was refused has none;
//! - what one phone did in a lane stands in that order, and after what it needed;
//! - a cursor that reads on meets every position once, and a position never says two things;
//! - when all is quiet, every phone has what the server has.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::Serialize;
use uuid::Uuid;

use super::history::{Asked, Line, Part, Place, Seen, State, Told, Words};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verdict {
    pub actions: u64,
    pub acknowledged: u64,
    pub lost: u64,
    pub doubled: u64,
    pub reordered: u64,
    pub skipped: u64,
    pub diverged: u64,
    /// What was found, the first of each kind.
    pub findings: Vec<String>,
}

impl Verdict {
    pub fn is_clean(&self) -> bool {
        self.lost + self.doubled + self.reordered + self.skipped + self.diverged == 0
    }
}

/// Of each breach so many are told in words.
const TOLD: u64 = 8;

#[derive(Clone, Copy)]
enum Breach {
    Lost,
    Doubled,
    Reordered,
    Skipped,
    Diverged,
}

struct Made {
    phone: String,
    lane: String,
    after: Vec<Uuid>,
    words: Option<String>,
}

#[derive(Default)]
pub struct Checker {
    verdict: Verdict,
    made: HashMap<Uuid, Made>,
    /// In the order in which each phone made them.
    lanes: BTreeMap<(String, String), Vec<Uuid>>,
    /// The first decided answer to each action, with `duplicate` read as what it repeats.
    decided: HashMap<Uuid, Told>,
    applied_anew: HashSet<Uuid>,
    /// What a position said when it was first seen, and when it was last seen.
    first: HashMap<(String, i64, i64), Seen>,
    last: HashMap<String, BTreeMap<i64, Seen>>,
    cursors: HashMap<(String, String), (i64, i64)>,
    holds: Vec<(String, Vec<Uuid>, State)>,
    stands: Option<State>,
}

pub fn judge(history: impl IntoIterator<Item = Line>) -> Verdict {
    let mut checker = Checker::default();
    for line in history {
        checker.read(line);
    }
    checker.close()
}

impl Checker {
    fn breach(&mut self, breach: Breach, what: impl FnOnce() -> String) {
        let verdict = &mut self.verdict;
        let (count, name) = match breach {
            Breach::Lost => (&mut verdict.lost, "lost"),
            Breach::Doubled => (&mut verdict.doubled, "doubled"),
            Breach::Reordered => (&mut verdict.reordered, "reordered"),
            Breach::Skipped => (&mut verdict.skipped, "skipped"),
            Breach::Diverged => (&mut verdict.diverged, "diverged"),
        };
        *count += 1;
        if *count <= TOLD {
            verdict.findings.push(format!("{name}: {}", what()));
        }
    }

    pub fn read(&mut self, line: Line) {
        match line {
            Line::Made { phone, action, lane, after, words, kind: _ } => {
                self.lanes.entry((phone.clone(), lane.clone())).or_default().push(action);
                self.made.insert(action, Made { phone, lane, after, words });
            }
            Line::Answered { results, .. } => {
                for told in results {
                    self.answered(told);
                }
            }
            Line::Pulled { reader, stream, asked, part } => self.pulled(reader, stream, asked, part),
            // Asked before the other tab heard its answer, it may be told less and nothing is lost.
            Line::Stored { file, knew, offset, phone, .. } => {
                if offset < knew {
                    self.breach(Breach::Lost, || {
                        format!("{phone}: the server had confirmed {knew} bytes of the file {file} and has {offset}")
                    });
                }
            }
            Line::Fetched { file, same } => {
                if !same {
                    self.breach(Breach::Lost, || format!("the file {file} did not come back as it was sent"));
                }
            }
            Line::Holds { phone, undecided, state } => self.holds.push((phone, undecided, state)),
            Line::Stands { state } => self.stands = Some(state),
            Line::Sent { .. } | Line::Fault { .. } => {}
        }
    }

    fn answered(&mut self, told: Told) {
        let action = told.action;
        match told.outcome.as_str() {
            "applied" if !self.applied_anew.insert(action) => {
                self.breach(Breach::Doubled, || format!("{action} was applied anew twice"));
            }
            "applied" | "refused" | "duplicate" => {}
            _ => return,
        }
        let mut told = told;
        if told.outcome == "duplicate" {
            told.outcome = told.original.take().unwrap_or_default();
        }
        let Some(before) = self.decided.get(&action) else {
            self.decided.insert(action, told);
            return;
        };
        let said = |told: &Told| (told.outcome.clone(), told.entity, told.at.clone(), told.problem.clone());
        if said(before) != said(&told) {
            let before = before.clone();
            self.breach(Breach::Doubled, || format!("{action} was answered {before:?} and then {told:?}"));
        }
    }

    fn pulled(&mut self, reader: String, stream: String, asked: Asked, part: Part) {
        let place = (reader, stream);
        let whose = || format!("{} reading {}", place.0, place.1);
        for seen in &part.events {
            let known = self.first.entry((place.1.clone(), part.epoch, seen.pos)).or_insert_with(|| seen.clone());
            if known != seen {
                let known = known.clone();
                self.breach(Breach::Skipped, || format!("{}: {known:?} is now {seen:?}", whose()));
            }
            self.last.entry(place.1.clone()).or_default().insert(seen.pos, seen.clone());
        }
        for pair in part.events.windows(2) {
            if pair[1].pos != pair[0].pos + 1 {
                self.breach(Breach::Skipped, || format!("{}: {} follows {}", whose(), pair[1].pos, pair[0].pos));
            }
        }
        let end = part.events.last().map(|seen| seen.pos);
        match asked {
            // It said nothing of the stream this time.
            _ if part.more && part.events.is_empty() => {}
            Asked::Before(before) => {
                let end = end.unwrap_or(0);
                if end != before - 1 {
                    self.breach(Breach::Skipped, || format!("{}: {end} is given as before {before}", whose()));
                }
            }
            Asked::Newest => drop(self.cursors.insert(place, (part.epoch, end.unwrap_or(part.head)))),
            Asked::From { epoch, pos } => {
                if part.reset || part.epoch != epoch {
                    self.breach(Breach::Skipped, || {
                        format!("{}: stood at {pos} and was told to begin anew at {}", whose(), part.head)
                    });
                } else if let Some(first) = part.events.first()
                    && first.pos != pos + 1
                {
                    self.breach(Breach::Skipped, || format!("{}: after {pos} came {}", whose(), first.pos));
                }
                let end = end.unwrap_or(pos);
                if !part.more && end < part.head {
                    self.breach(Breach::Skipped, || {
                        format!("{}: nothing more is said to come after {end} of {}", whose(), part.head)
                    });
                }
                // Two tabs may read at once; the older answer does not count.
                let known = self.cursors.entry(place).or_insert((part.epoch, end));
                *known = (*known).max((part.epoch, end));
            }
        }
    }

    pub fn close(mut self) -> Verdict {
        self.verdict.actions = self.made.len() as u64;
        let Some(stands) = self.stands.take() else {
            self.breach(Breach::Lost, || "nobody could read what the server has at the end".to_owned());
            return self.verdict;
        };
        let holds = std::mem::take(&mut self.holds);
        // What was seen beyond the end is not there any more.
        for (stream, events) in &mut self.last {
            let head = stands.heads.get(stream).map_or(0, |(_, head)| *head);
            events.retain(|pos, _| *pos <= head);
        }
        self.streams_are_whole(&stands);
        self.acknowledged_is_there(&stands);
        self.effects_are_single(&stands);
        self.lanes_are_in_order();
        self.phones_agree(&stands, &holds);
        self.verdict
    }

    fn streams_are_whole(&mut self, stands: &State) {
        for (stream, (_, head)) in &stands.heads {
            let seen = self.last.get(stream).map_or(0, BTreeMap::len) as i64;
            if seen != *head {
                self.breach(Breach::Skipped, || format!("{stream} ends at {head} and has {seen} events"));
            }
        }
    }

    fn acknowledged_is_there(&mut self, stands: &State) {
        let words: HashSet<&str> = all_words(stands).collect();
        let decided: Vec<Told> = self.decided.values().filter(|told| told.outcome == "applied").cloned().collect();
        self.verdict.acknowledged = decided.len() as u64;
        for Told { action, at, .. } in decided {
            let made = self.made.get(&action);
            let said = made.and_then(|made| made.words.as_deref());
            let spoken = said.is_none_or(|said| words.contains(said));
            let placed = at.as_ref().is_none_or(|Place { stream, pos, .. }| {
                let seen = self.last.get(stream).and_then(|events| events.get(pos));
                seen.is_some_and(|seen| seen.action == Some(action))
            });
            if !spoken || !placed {
                let missing = if spoken { "is not where the answer said" } else { "has no words" };
                self.breach(Breach::Lost, || format!("{action} was acknowledged at {at:?} and {missing}"));
            }
        }
    }

    fn effects_are_single(&mut self, stands: &State) {
        let mut spoken: HashMap<&str, u64> = HashMap::new();
        for words in all_words(stands) {
            *spoken.entry(words).or_default() += 1;
        }
        let ours: HashSet<&str> = self.made.values().filter_map(|made| made.words.as_deref()).collect();
        let strange: Vec<String> = spoken
            .iter()
            .filter(|(words, count)| **count > 1 || !ours.contains(*words))
            .map(|(words, count)| format!("the words {words:?} stand {count} times"))
            .collect();
        let mut twice = Vec::new();
        for (stream, events) in &self.last {
            let mut acted = HashSet::new();
            for action in events.values().filter_map(|seen| seen.action) {
                if !acted.insert(action) {
                    twice.push(format!("{stream} tells of {action} twice"));
                } else if !self.made.contains_key(&action) {
                    twice.push(format!("{stream} tells of {action}, which nobody did"));
                } else if self.decided.get(&action).is_some_and(|told| told.outcome == "refused") {
                    twice.push(format!("{stream} tells of {action}, which was refused"));
                }
            }
        }
        for what in strange.into_iter().chain(twice) {
            self.breach(Breach::Doubled, || what);
        }
    }

    fn lanes_are_in_order(&mut self) {
        let mut places: HashMap<Uuid, Vec<(&str, i64)>> = HashMap::new();
        for (stream, events) in &self.last {
            for (pos, seen) in events {
                if let Some(action) = seen.action {
                    places.entry(action).or_default().push((stream, *pos));
                }
            }
        }
        let mut wrong = Vec::new();
        for ((phone, lane), actions) in &self.lanes {
            let mut reached: HashMap<&str, (i64, Uuid)> = HashMap::new();
            for action in actions {
                for (stream, pos) in places.get(action).into_iter().flatten() {
                    if let Some((before, earlier)) = reached.insert(stream, (*pos, *action))
                        && before > *pos
                    {
                        wrong.push(format!(
                            "{phone} {lane}: {action} at {stream} {pos} was made after {earlier} at {before}"
                        ));
                    }
                }
            }
        }
        for (action, made) in &self.made {
            let Some(own) = places.get(action) else { continue };
            for needed in &made.after {
                let refused = self.decided.get(needed).is_some_and(|told| told.outcome == "refused");
                let late = places.get(needed).is_some_and(|needed| {
                    needed.iter().any(|(stream, pos)| own.iter().any(|(other, at)| other == stream && at < pos))
                });
                if refused || late {
                    let how = if refused { "was refused" } else { "came later" };
                    let Made { phone, lane, .. } = made;
                    wrong.push(format!("{phone} {lane}: {action} was applied, and {needed}, which it needs, {how}"));
                }
            }
        }
        for what in wrong {
            self.breach(Breach::Reordered, || what);
        }
    }

    fn phones_agree(&mut self, stands: &State, holds: &[(String, Vec<Uuid>, State)]) {
        let told: BTreeSet<&str> = holds.iter().map(|(phone, ..)| phone.as_str()).collect();
        let silent: BTreeSet<String> =
            self.made.values().map(|made| made.phone.clone()).filter(|phone| !told.contains(phone.as_str())).collect();
        for phone in silent {
            self.breach(Breach::Diverged, || format!("{phone} never came to rest"));
        }
        for (phone, undecided, state) in holds {
            for action in undecided {
                self.breach(Breach::Lost, || format!("{phone}: {action} never got an answer"));
            }
            for what in differences(stands, state) {
                self.breach(Breach::Diverged, || format!("{phone}: {what}"));
            }
        }
    }
}

fn all_words(state: &State) -> impl Iterator<Item = &str> {
    let said =
        state.talks.values().filter_map(|talk| talk.messages.as_ref()).flatten().map(|words| words.words.as_str());
    said.chain(state.reports.values().map(|report| report.words.as_str()))
}

/// Where what a phone holds is not what stands. A phone that reads the desk has everything; another what is its account's.
fn differences(stands: &State, holds: &State) -> Vec<String> {
    let mut found = Vec::new();
    let officer = holds.heads.contains_key("desk");
    let inbox = holds.heads.keys().find_map(|name| name.strip_prefix("inbox:")?.parse::<Uuid>().ok());
    let sees = |owner: Option<Uuid>| officer || (inbox.is_some() && owner == inbox);

    for (stream, at) in &holds.heads {
        let head = stands.heads.get(stream).copied();
        if head != Some(*at) {
            found.push(format!("has read {stream} to {at:?}, which ends at {head:?}"));
        }
    }
    for (id, talk) in stands.talks.iter().filter(|(_, talk)| sees(talk.owner)) {
        match holds.talks.get(id) {
            None => found.push(format!("does not know the talk {id}")),
            Some(held) if held.face != talk.face => {
                found.push(format!("has the talk {id} as {}, which is {}", held.face, talk.face));
            }
            Some(held) => {
                if let (Some(ours), Some(theirs)) = (&held.messages, &talk.messages)
                    && ours != theirs
                {
                    let odd: Option<&Words> = ours
                        .iter()
                        .find(|words| !theirs.contains(words))
                        .or_else(|| theirs.iter().find(|words| !ours.contains(words)));
                    let counts = (ours.len(), theirs.len());
                    found.push(format!("has other words in the talk {id} ({counts:?}), as {odd:?}"));
                }
            }
        }
    }
    for (id, report) in stands.reports.iter().filter(|(_, report)| sees(report.owner)) {
        match holds.reports.get(id) {
            None => found.push(format!("does not know the report {id}")),
            Some(held) if (&held.face, &held.words) != (&report.face, &report.words) => {
                found.push(format!("has the report {id} as {}, which is {}", held.face, report.face));
            }
            Some(_) => {}
        }
    }
    let more = holds.talks.keys().filter(|id| !stands.talks.contains_key(id));
    let more = more.chain(holds.reports.keys().filter(|id| !stands.reports.contains_key(id)));
    found.extend(more.map(|id| format!("has {id}, which the server does not")));
    found
}
