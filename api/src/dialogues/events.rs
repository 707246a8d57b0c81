//! What all who follow a dialogue are told, from its stream: to those who listen as it happens, and in pages to those who come
//! back. A page is read once for all who ask for it.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use entities::{
    journal_entry,
    words::{DialogueId, QuestionId},
};
use quick_cache::sync::Cache;

use super::{
    model_events::{DialogueEvent, DialogueEvents},
    questions, service, store,
};
use crate::{
    base::{
        journal,
        refusal::{Kind, Refusal},
    },
    deps::Deps,
    http::Written,
    polls,
};

/// Places on a page.
pub const PAGE: i64 = 100;
/// Pages that are kept at hand.
const AT_HAND: usize = 64;

/// The pages that were asked for last, each as its stream stood in one second: when five thousand come back at once, it is read and
/// written out once.
#[derive(Clone)]
pub struct Pages(Arc<Cache<PageAsRead, Page>>);

#[derive(Clone)]
pub struct Page {
    pub written: Written<DialogueEvents>,
    /// Nothing comes to it any more.
    pub complete: bool,
}

/// Which page it is, and when it is read anew.
#[derive(Clone, PartialEq, Eq, Hash)]
struct PageAsRead {
    dialogue_id: DialogueId,
    start: i64,
    epoch: i32,
    /// The last place that it holds.
    until: i64,
    second: i64,
}

impl Default for Pages {
    fn default() -> Self {
        Self(Arc::new(Cache::new(AT_HAND)))
    }
}

/// The epoch of a dialogue's stream, and the place of the last that was told.
pub async fn head(deps: &Deps, dialogue_id: DialogueId) -> Result<(i32, i64), Refusal> {
    Ok(journal::head(deps.db.read(), &journal::dialogue(dialogue_id)).await?)
}

/// What entries tell, each thing once: as it is now, where it was told of last.
pub async fn told(
    deps: &Deps,
    dialogue_id: DialogueId,
    entries: Vec<journal_entry::Model>,
) -> Result<Vec<DialogueEvent>, Refusal> {
    let mut last: HashMap<_, _> = HashMap::with_capacity(entries.len());
    last.extend(entries.iter().map(|entry| (entry.entity_id, entry.pos)));
    let asked: HashSet<QuestionId> = entries
        .iter()
        .filter(|entry| entry.kind == "question-changed")
        .map(|entry| QuestionId(entry.entity_id))
        .collect();
    let mut shown = questions::shown(deps, asked).await?;
    let polls = match entries.iter().any(|entry| entry.kind == "poll-changed") {
        true => polls::of_dialogue(deps, dialogue_id).await?,
        false => Vec::new(),
    };
    let mut polls: HashMap<_, _> = polls.into_iter().map(|poll| (poll.poll_id.0, poll)).collect();
    let dialogue = match last.contains_key(&dialogue_id.0) {
        true => Some(service::find(deps, dialogue_id).await?),
        false => None,
    };
    let event = |entry: journal_entry::Model| {
        let (pos, at) = (entry.pos, entry.at);
        let mut event = DialogueEvent { pos, at, dialogue: None, question: None, gone: None, poll: None };
        match entry.kind.as_str() {
            "dialogue-changed" => event.dialogue.clone_from(&dialogue),
            "question-changed" => {
                event.question = shown.remove(&QuestionId(entry.entity_id));
                event.gone = event.question.is_none().then_some(QuestionId(entry.entity_id));
            }
            "poll-changed" => event.poll = Some(polls.remove(&entry.entity_id)?),
            _ => return None,
        }
        Some(event)
    };
    let lasting = entries.into_iter().filter(|entry| last.get(&entry.entity_id) == Some(&entry.pos));
    Ok(lasting.filter_map(event).collect())
}

/// Those of the places of one page.
pub async fn page(deps: &Deps, dialogue_id: DialogueId, page: u32) -> Result<Page, Refusal> {
    let (name, db) = (journal::dialogue(dialogue_id), deps.db.read());
    let (start, end) = (i64::from(page) * PAGE, (i64::from(page) + 1) * PAGE);
    let (epoch, head) = journal::head(db, &name).await?;
    let key = PageAsRead { dialogue_id, start, epoch, until: head.min(end), second: deps.clock.now().seconds() };
    let read = async {
        if store::dialogue(db, dialogue_id).await?.is_none() {
            return Err(Kind::NotFound.into());
        }
        let mut entries = journal::after(db, &name, start, PAGE.unsigned_abs()).await?;
        entries.retain(|entry| entry.pos <= end);
        let items = told(deps, dialogue_id, entries).await?;
        let complete = head >= end;
        Ok(Page { written: Written::of(&DialogueEvents { epoch, items, complete }), complete })
    };
    deps.dialogue_pages.0.get_or_insert_async(&key, read).await
}
