use entities::words::{
    ConversationId, IdeaHiding, IdeaId, IdeaKind, IdeaOutcome, IdeaState, Priority, QuarterId, Sealed, Text, Timestamp,
};
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::{base::vault::NewKey, chat::Judgement};

/// The longest idea and the longest answer, in characters.
pub const LONGEST_IDEA: usize = 500;
pub const LONGEST_ANSWER: usize = 500;

/// Say what one would like to see.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct SendIdea {
    /// Made on the device.
    pub idea_id: IdeaId,
    pub kind: IdeaKind,
    /// 1 to 500 characters; of a place on the net its name or address.
    pub text: Text,
}

/// A command with what its words are sealed by: nobody else can name that, and so nothing else comes under its key.
pub struct PlacedIdea {
    pub content_id: Uuid,
    pub command: SendIdea,
}

/// An idea that can be stored.
#[derive(Clone, Debug)]
pub struct SealedIdea {
    pub idea_id: IdeaId,
    pub kind: IdeaKind,
    pub words: Sealed,
    pub urgency: Judgement,
    pub new_key: NewKey,
}

/// Take back what one wrote. It goes for everybody.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct TakeIdeaBack {
    pub idea_id: IdeaId,
}

/// Show an idea to all.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct ShowIdea {
    pub idea_id: IdeaId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
}

/// The same of the idea that the path names.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct Showing {
    /// The revision that the officer saw.
    pub expected_revision: i64,
}

/// Do not show an idea, or no more.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct HideIdea {
    pub idea_id: IdeaId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// Its writer is told.
    pub hiding: IdeaHiding,
}

/// The same of the idea that the path names.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct Hiding {
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// Its writer is told.
    pub hiding: IdeaHiding,
}

/// Let an idea count with another that says the same.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct MergeIdea {
    pub idea_id: IdeaId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// One of the same kind that is shown.
    pub into: IdeaId,
}

/// The same of the idea that the path names.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct Merging {
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// One of the same kind that is shown.
    pub into: IdeaId,
}

/// Say what became of an idea. It is shown with its answer from then on.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct AnswerIdea {
    pub idea_id: IdeaId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
    pub outcome: IdeaOutcome,
    /// In Swedish, for all to read: 1 to 500 characters.
    pub answer: Text,
    pub answer_en: Option<Text>,
    /// Where the patrol is now, if a place was wished for. Left out: as it stood.
    pub quarter_id: Option<QuarterId>,
}

/// The same of the idea that the path names.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct Answering {
    /// The revision that the officer saw.
    pub expected_revision: i64,
    pub outcome: IdeaOutcome,
    /// In Swedish, for all to read: 1 to 500 characters.
    pub answer: Text,
    pub answer_en: Option<Text>,
    /// Where the patrol is now, if a place was wished for. Left out: as it stood.
    pub quarter_id: Option<QuarterId>,
}

/// Say which quarter of the register a wish is for, so that it counts there. It decides nothing of the idea.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct LocateIdea {
    pub idea_id: IdeaId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// Left out: none.
    pub quarter_id: Option<QuarterId>,
}

/// The same of the idea that the path names.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct Locating {
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// Left out: none.
    pub quarter_id: Option<QuarterId>,
}

/// Begin a talk with the writer of an idea, which is not shown from then on.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct OpenIdeaTalk {
    pub idea_id: IdeaId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// Of the new talk, made on the device.
    pub conversation_id: ConversationId,
}

/// The same of the idea that the path names.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct IdeaTalk {
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// Of the new talk, made on the device.
    pub conversation_id: ConversationId,
}

/// A talk whose key may be new.
#[derive(Clone, Debug)]
pub struct KeyedIdeaTalk {
    pub command: OpenIdeaTalk,
    pub new_key: Option<NewKey>,
}

/// What somebody would like to see.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Idea {
    pub idea_id: IdeaId,
    pub kind: IdeaKind,
    /// Empty if it is damaged.
    pub text: String,
    /// It cannot be read any more.
    pub damaged: bool,
    pub state: IdeaState,
    /// Its writer and those who support it, with those of the ideas that were merged into it.
    pub support: i64,
    /// In what was asked by a device: whether it supports the idea.
    pub supported: Option<bool>,
    pub outcome: Option<IdeaOutcome>,
    /// What the patrol did, in Swedish.
    pub answer: Option<String>,
    pub answer_en: Option<String>,
    /// The quarter that was wished for.
    pub quarter_id: Option<QuarterId>,
    /// When it was shown, answered, merged or not shown.
    pub decided_at: Option<Timestamp>,
    pub revision: i64,
    /// For its writer and officers: when it came.
    pub sent_at: Option<Timestamp>,
    /// For its writer and officers: why it is not shown.
    pub hiding: Option<IdeaHiding>,
    /// For its writer and officers: with which it counts.
    pub merged_into: Option<IdeaId>,
    /// For its writer and officers: the talk about it.
    pub conversation_id: Option<ConversationId>,
    /// For officers: how urgent its words make it, and why.
    pub priority: Option<Priority>,
    /// For officers.
    pub reasons: Option<Vec<String>>,
    /// For officers: who decided last.
    pub public_number: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct IdeaPage {
    pub items: Vec<Idea>,
    /// Ask again with it for what follows; nothing: this was the end.
    pub next: Option<String>,
}

/// How the public list is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub enum IdeaOrder {
    /// What was decided last comes first.
    #[default]
    Newest,
    /// What most support comes first.
    Support,
}

/// For whom an idea is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    Anyone,
    Writer,
    Officer,
}
