//! Questions to all youths, with answers to choose from.
//!
//! Invariants: a device votes once, and nobody can read from the database, the journal or the log what it voted; nothing of
//! a result is told before the poll is over, but to a device that has voted; who has voted is forgotten once it is over.

mod api;
mod examples;
mod model;
mod service;
mod store;

pub use api::PollsApi;
pub use model::*;
pub use service::{clean, close, forget_ballots, prepare, publish};
