//! The talk between a youth and the patrol.
//!
//! Invariants: a message's place is its position in the conversation's stream; only the youth who opened it and the
//! officer who holds it may write; a message is never changed; what a youth wrote is stored even when nobody is there to
//! read it, and the state says so; the rules of triage and words raise a talk, only a person lowers it; a talk in danger
//! rings until a person has answered, and nothing rings while the chat is closed.

mod alarm;
mod api;
mod examples;
mod model;
mod service;
mod store;
mod triage;
mod wait;

pub use alarm::{ring_due, work};
pub use api::ChatApi;
pub use model::*;
pub use service::{
    ERASURE_REFUSAL, ask_erasure, close, conversations_by_id, list, lower, may_read, messages_after, messages_by_id,
    prepare, prepare_lower, raise, read, refuse_erasure, remove, send, step_away, take,
};
