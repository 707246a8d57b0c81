//! The talk between a youth and the patrol.
//!
//! Invariants: a message's place is its position in the conversation's stream; only the youth who opened it and the
//! officer who holds it may write; a message is never changed; what a youth wrote is stored even when nobody is there to
//! read it, and the state says so; the rules of triage and words raise a talk, only a person lowers it; a talk in danger
//! rings until a person has answered, and nothing rings while the chat is closed; whoever comes in by an invite is with the
//! officer who made it, if that officer is still out; from an account that may not write nothing comes in but of danger.

mod alarm;
mod api;
mod closing;
mod examples;
mod model;
mod service;
mod store;
mod survey;
mod triage;
mod wait;

pub use alarm::{ring_due, start as start_alarm};
pub use api::ChatApi;
pub use closing::tell_closed;
pub use model::*;
pub use service::{
    About, ERASURE_REFUSAL, INCIDENT, TOLD, ask_erasure, begin_about, by_itself, claim, close, closes,
    conversations_by_id, enqueue, give_back, held, hold, holds, is_mentioned, list, lower, may_read, may_write,
    messages_after, messages_by_id, officer, prepare, prepare_claim, prepare_lower, raise, read, refuse_erasure,
    relieve, remove, send, silence, state, step_away, takes, talk, transition, transition_at_desk, well_formed, work,
};
pub use store::{answered_in_danger, counted, muted, to_silence, youth_of};
pub use survey::{answer as answer_survey, leave_unsurveyed};
pub use triage::{Judgement, judged_words as judge, unasked, version as rules_version};
pub use wait::{closed_key, queue_key};
