use entities::words::{
    CameBack, ConversationId, HandoverId, LocationId, LocationState, Receiver, Sealed, Text, Timestamp,
};
use poem_openapi::Object;

/// The longest line of a card: all of it is read aloud in half a minute. In characters.
pub const LONGEST_LINE: usize = 300;
/// The longest name of who took a card.
pub const LONGEST_NAME: usize = 100;
/// The longest text to a youth.
pub const LONGEST_TOLD: usize = 1000;

/// What stands on a card, to be read aloud. Each line has 1 to 300 characters; what is not known is left out.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct Card {
    /// What happens.
    pub what: Text,
    #[oai(rename = "where")]
    pub place: Option<Text>,
    pub when: Option<Text>,
    /// Who is there, and how many.
    pub people: Option<Text>,
    /// Weapons, injuries, what may come.
    pub danger: Option<Text>,
    /// The last that the youth wrote.
    pub last_words: Option<Text>,
    /// What the youth was told to do.
    pub youth_told: Option<Text>,
}

/// Hand a talk over to 112 or 114 14: make a card. It is red until it is acknowledged.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct MakeHandover {
    /// Made on the device.
    pub handover_id: HandoverId,
    pub conversation_id: ConversationId,
    pub receiver: Receiver,
    /// An older card to the same receiver, whose place it takes because things have changed. That one is kept.
    pub replaces: Option<HandoverId>,
    pub card: Card,
}

/// A card whose words are sealed already.
#[derive(Clone, Debug)]
pub struct SealedHandover {
    pub handover_id: HandoverId,
    pub conversation_id: ConversationId,
    pub receiver: Receiver,
    pub replaces: Option<HandoverId>,
    pub card: Sealed,
}

/// Say who took a card at the other end.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct AcknowledgeHandover {
    pub handover_id: HandoverId,
    pub conversation_id: ConversationId,
    /// As it was said over the phone: 1 to 100 characters. Never an officer's of the patrol.
    pub name: Text,
}

/// An acknowledgement whose name is sealed already.
#[derive(Clone, Debug)]
pub struct SealedAcknowledgement {
    pub handover_id: HandoverId,
    pub conversation_id: ConversationId,
    pub name: Sealed,
}

/// Say what came back to a card. Again, when something else does.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct AnswerHandover {
    pub handover_id: HandoverId,
    pub conversation_id: ConversationId,
    pub came_back: CameBack,
    /// What the talk's youth is told, and is shown from now on: 1 to 1,000 characters. Never promise a car.
    pub told: Option<Text>,
}

/// What came back, its text sealed already: for the card, and for the talk.
#[derive(Clone, Debug)]
pub struct SealedAnswer {
    pub handover_id: HandoverId,
    pub conversation_id: ConversationId,
    pub came_back: CameBack,
    pub told: Option<(Sealed, Sealed)>,
}

/// Ask the talk's youth for her place, once.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct AskLocation {
    /// Made on the device.
    pub location_id: LocationId,
    pub conversation_id: ConversationId,
}

/// Answer the question for one's place: with one fix, or without any, which says no.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct AnswerLocation {
    pub location_id: LocationId,
    pub conversation_id: ConversationId,
    pub fix: Option<Fix>,
}

/// An answer whose fix is sealed already.
#[derive(Clone, Debug)]
pub struct SealedLocation {
    pub location_id: LocationId,
    pub conversation_id: ConversationId,
    pub fix: Option<Sealed>,
}

/// Where a phone was at one moment.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(deny_unknown_fields)]
pub struct Fix {
    /// In degrees (WGS 84).
    #[oai(validator(minimum(value = "-90"), maximum(value = "90")))]
    pub latitude: f64,
    #[oai(validator(minimum(value = "-180"), maximum(value = "180")))]
    pub longitude: f64,
    /// How far it may be off, in metres.
    #[oai(validator(minimum(value = "0"), maximum(value = "20000000")))]
    pub accuracy: f64,
    /// By the phone.
    pub fixed_at: Timestamp,
}

/// Who took a card at the other end, for one whose path names the card.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct TakenBy {
    pub conversation_id: ConversationId,
    /// As it was said over the phone: 1 to 100 characters. Never an officer's of the patrol.
    pub name: Text,
}

/// What came back to the card that the path names.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct WhatCameBack {
    pub conversation_id: ConversationId,
    pub came_back: CameBack,
    /// What the talk's youth is told, and is shown from now on: 1 to 1,000 characters. Never promise a car.
    pub told: Option<Text>,
}

/// The answer to the question that the path names.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct GivenFix {
    pub conversation_id: ConversationId,
    /// Left out: no.
    pub fix: Option<Fix>,
}

/// A card that waits to be acknowledged.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct RedHandover {
    pub handover_id: HandoverId,
    pub conversation_id: ConversationId,
    pub number: String,
    pub receiver: Receiver,
    pub made_at: Timestamp,
    /// The officer's public number.
    pub made_by: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct RedHandovers {
    /// The oldest first, at most 100.
    pub items: Vec<RedHandover>,
}

/// A card with what became of it.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Handover {
    pub handover_id: HandoverId,
    pub conversation_id: ConversationId,
    /// The incident number, to be said over the phone: two groups of four signs.
    pub number: String,
    pub receiver: Receiver,
    pub made_at: Timestamp,
    /// The officer's public number.
    pub made_by: Option<String>,
    /// Nobody has acknowledged it, and no newer card has taken its place.
    pub red: bool,
    /// Nothing if it is damaged.
    pub card: Option<Card>,
    pub replaced_by: Option<HandoverId>,
    pub acknowledged_at: Option<Timestamp>,
    /// The public number of the officer who wrote it down.
    pub acknowledged_by: Option<String>,
    /// Who took it at the other end; nothing if nobody did or the name is damaged.
    pub taken_by: Option<String>,
    /// What came back, the oldest first.
    pub answers: Vec<HandoverAnswer>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct HandoverAnswer {
    pub at: Timestamp,
    /// The officer's public number.
    pub by: Option<String>,
    pub came_back: CameBack,
    /// What the talk's youth was told; nothing if she was not or the words are damaged.
    pub told: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct Handovers {
    /// The newest first.
    pub items: Vec<Handover>,
}

/// A question for a youth's place, and what came of it.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Location {
    pub location_id: LocationId,
    pub conversation_id: ConversationId,
    pub state: LocationState,
    pub asked_at: Timestamp,
    /// The officer's public number.
    pub asked_by: Option<String>,
    pub answered_at: Option<Timestamp>,
    /// The one fix; nothing: she gave none, it has expired, or it is damaged.
    pub fix: Option<Fix>,
    /// How old it is at least. A phone's clock may stand wrong: it is never told younger than what the server knows.
    pub age_seconds: Option<i64>,
    /// When it is destroyed, or was.
    pub expires_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct Locations {
    /// The newest question first.
    pub items: Vec<Location>,
}

/// What a talk's youth was told at one time.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Told {
    pub at: Timestamp,
    /// Nothing if it is damaged.
    pub text: Option<String>,
}
