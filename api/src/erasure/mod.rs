//! How long talks and reports are kept, and how they go.
//!
//! Invariants: what is erased never comes back, whoever still holds a copy or a key; its line in the ledger has reached
//! the disk before its key goes, and its key goes before its rows; an erasure that was broken off is finished by the chores;
//! what is held does not go; a rule is never changed, a later one takes its place; nothing goes by a rule that no person
//! has read.

mod api;
mod examples;
mod model;
mod pace;
mod rules;
mod service;
mod store;

pub use api::RecordsApi;
pub use model::*;
pub use pace::Pace;
pub use rules::{list as rules, set as set_rule, sweep};
pub use service::{Request, begin, destroy_key, erase, finish_begun, hear, remove, replay, scrub, scrub_at_once};
