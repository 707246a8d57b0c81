//! Questions to all youths, with answers to choose from.
//!
//! Invariants: a device votes once, and nobody can read from the database, the journal or the log what it voted; nothing of
//! a result is told before the poll is over, but to a device that has voted; who has voted is forgotten once it is over. One that is
//! asked in a live dialogue stands in no other list, ends with it, and is kept as long.

mod api;
mod examples;
mod model;
mod service;
mod store;

pub use api::PollsApi;
pub use model::*;
pub use service::{
    clean, close, count_of_dialogue, end_of_dialogues, forget_ballots, of_dialogue, prepare, publish,
    remove_of_dialogues, rooms,
};
