//! The way back: events after a reader's place, each with what it is about as it stands now.

use std::collections::{HashMap, HashSet};

use entities::{
    journal_entry,
    words::{AccountId, ConversationId, DialogueId, ReportId},
};

use super::model::*;
use crate::{
    base::{
        actions::Who,
        journal::{self, DESK},
        refusal::{Kind, Refusal},
    },
    chat,
    deps::Deps,
    dialogues,
    http::caller::Caller,
    reports,
};

/// Which stream a name means, if this person may read it.
async fn may_read(deps: &Deps, who: &Who, name: &str) -> Result<bool, Refusal> {
    if name == DESK {
        return Ok(who.is_officer());
    }
    if let Some(id) = name.strip_prefix("inbox:") {
        return Ok(id.parse::<AccountId>().is_ok_and(|id| id == who.account_id));
    }
    if let Some(id) = name.strip_prefix("dialogue:") {
        let Ok(id) = id.parse::<DialogueId>() else { return Ok(false) };
        return dialogues::is_there(deps, id).await;
    }
    match name.strip_prefix("conversation:").map(str::parse::<ConversationId>) {
        Some(Ok(id)) => Ok(chat::may_read(deps.db.read(), who, id).await?),
        _ => Ok(false),
    }
}

pub async fn pull(deps: &Deps, caller: &Caller, pull: Pull) -> Result<Pulled, Refusal> {
    let who = &caller.who;
    if pull.device_id != caller.device_id {
        return Err(Kind::EnvelopeMismatch.into());
    }
    // The lists first: they tell which talks have grown.
    let mut asked: Vec<_> = pull.streams.into_iter().collect();
    asked.sort_by(|(left, _), (right, _)| {
        let talk = |name: &str| name.starts_with("conversation:");
        (talk(left), left).cmp(&(talk(right), right))
    });
    let mut room = MOST_EVENTS;
    let mut read: Vec<Window> = Vec::new();
    let mut gone = Vec::new();
    for (name, cursor) in asked {
        if may_read(deps, who, &name).await? {
            let limit = u64::from(pull.limit).min(room);
            let (said, mut rows) = window(deps, &name, &cursor, limit).await?;
            room = room.saturating_sub(rows.len() as u64);
            let back = cursor.before.is_some();
            // Of a way back the newest come first, so that what does not fit leaves no gap.
            if back {
                rows.reverse();
            }
            read.push(Window { name, said, rows, back, full: limit == 0 });
        } else {
            gone.push(name);
        }
    }

    let mut events: Vec<Vec<Event>> = read.iter().map(|window| Vec::with_capacity(window.rows.len())).collect();
    let flat: Vec<_> =
        read.iter().enumerate().flat_map(|(nth, one)| one.rows.iter().map(move |row| (nth, row))).collect();
    let mut words = 0;
    for piece in flat.chunks(PIECE) {
        if words >= MOST_WORDS {
            break;
        }
        let about = About::gather(deps, who, piece.iter().map(|(_, row)| *row)).await?;
        for (nth, row) in piece {
            if words < MOST_WORDS {
                let event = about.event((*row).clone());
                words += event.words();
                events[*nth].push(event);
            }
        }
    }
    let streams = read.into_iter().zip(events).map(|(window, events)| window.with(events)).collect();
    Ok(Pulled {
        server_time: deps.clock.now(),
        streams,
        gone,
        min_supported: super::command::KINDS.iter().map(|(kind, lowest, _)| ((*kind).to_owned(), *lowest)).collect(),
    })
}

/// What one pull brings at most, over all its streams: events, and bytes of what people wrote.
const MOST_EVENTS: u64 = 500;
const MOST_WORDS: usize = 1024 * 1024;
/// Events whose words are opened together.
const PIECE: usize = 50;

/// What was found of one stream.
struct Window {
    name: String,
    said: StreamEvents,
    rows: Vec<journal_entry::Model>,
    /// The rows run from the newest to the oldest.
    back: bool,
    /// There was no room left to look.
    full: bool,
}

impl Window {
    /// As it is answered, with those of its events for which there was room.
    fn with(self, mut events: Vec<Event>) -> (String, StreamEvents) {
        let Self { name, mut said, rows, back, full } = self;
        let cut = events.len() < rows.len();
        if back {
            events.reverse();
        }
        if let Some(first) = events.first() {
            said.from = first.pos;
            said.more |= cut && !back;
        } else if cut || (full && (back || said.reset) && said.head > 0) {
            // Nothing was said of it: the reader keeps what it has and asks again.
            said.reset = false;
            said.more = true;
        }
        said.events = events;
        (name, said)
    }
}

/// The part of a stream that a cursor asks for.
async fn window(
    deps: &Deps,
    name: &str,
    cursor: &Cursor,
    limit: u64,
) -> Result<(StreamEvents, Vec<journal_entry::Model>), Refusal> {
    if cursor.before.is_some() && (cursor.pos.is_some() || cursor.tail.is_some()) {
        let detail = "a cursor that says `before` says neither `pos` nor `tail`";
        return Err(Refusal::invalid("streams").detail(detail));
    }
    let db = deps.db.read();
    let (epoch, head) = journal::head(db, name).await?;
    let known = cursor.epoch.is_some_and(|known| known == epoch) && cursor.pos.is_some_and(|pos| pos <= head);
    let (reset, rows) = match (cursor.before, cursor.tail, cursor.pos) {
        (Some(before), ..) => (false, journal::before(db, name, before, limit).await?),
        (None, Some(tail), None) => {
            (true, journal::before(db, name, head + 1, tail.clamp(0, 200).unsigned_abs()).await?)
        }
        (None, _, Some(pos)) if known => (false, journal::after(db, name, pos, limit).await?),
        // A cursor of another epoch, or ahead of the head: the newest window, once.
        _ => (true, journal::before(db, name, head + 1, limit).await?),
    };
    let last = rows.last().map_or(if reset { head } else { cursor.pos.unwrap_or(head) }, |row| row.pos);
    let from = rows.first().map_or(last.saturating_add(1), |row| row.pos);
    let more = cursor.before.is_none() && last < head;
    Ok((StreamEvents { epoch, head, more, reset, from, events: Vec::new() }, rows))
}

/// What the events are about, read once for all of them.
struct About {
    messages: HashMap<uuid::Uuid, chat::Message>,
    conversations: HashMap<ConversationId, chat::Conversation>,
    reports: HashMap<ReportId, reports::Report>,
}

impl About {
    async fn gather(
        deps: &Deps,
        who: &Who,
        rows: impl Iterator<Item = &journal_entry::Model>,
    ) -> Result<Self, Refusal> {
        let (mut messages, mut conversations, mut reports) = (HashSet::new(), HashSet::new(), HashSet::new());
        for row in rows {
            match row.kind.as_str() {
                "message-created" | "message-changed" => drop(messages.insert(row.entity_id)),
                "conversation-changed" => drop(conversations.insert(ConversationId(row.entity_id))),
                "report-changed" => drop(reports.insert(ReportId(row.entity_id))),
                _ => {}
            }
        }
        let conversations: Vec<_> = conversations.into_iter().collect();
        let reports: Vec<_> = reports.into_iter().collect();
        Ok(Self {
            messages: chat::messages_by_id(deps, who, messages.into_iter().collect()).await?,
            conversations: chat::conversations_by_id(deps, who, &conversations).await?,
            reports: reports::views(deps, who, &reports).await?,
        })
    }

    fn event(&self, row: journal_entry::Model) -> Event {
        Event {
            message: self.messages.get(&row.entity_id).cloned(),
            conversation: self.conversations.get(&ConversationId(row.entity_id)).cloned(),
            report: self.reports.get(&ReportId(row.entity_id)).cloned(),
            pos: row.pos,
            kind: row.kind,
            v: 1,
            entity_id: row.entity_id,
            revision: row.revision,
            action_id: row.action_id,
            by: row.actor,
            at: row.at,
        }
    }
}

impl Event {
    /// Bytes of what people wrote.
    fn words(&self) -> usize {
        let report = |report: &reports::Report| {
            let notes = [report.place.as_deref(), report.happened.words.as_deref()];
            report.what.len() + notes.into_iter().flatten().map(str::len).sum::<usize>()
        };
        self.message.as_ref().map_or(0, |message| message.text.len())
            + self.conversation.as_ref().map_or(0, |talk| talk.last_text.len())
            + self.report.as_ref().map_or(0, report)
    }
}
