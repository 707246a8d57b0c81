//! The work on a talk, among officers: who has it, how it goes from one to another, and what they write down for each other.
//!
//! Invariants: a talk has one holder, and it is written down how it came to the next; from a colleague who is at work it is
//! taken with a reason; nobody's shift ends over talks of which nothing was said; what a holder who is gone leaves goes back to
//! the queue; of notes, and of who looks in, a youth learns nothing.

mod api;
mod examples;
mod model;
mod service;
mod store;

pub use api::WorkApi;
pub use model::*;
pub use service::{
    end_shift, give_back, give_back_unheard, pass, prepare_give_back, prepare_note, prepare_pass, prepare_take,
    read_notes, remove, take, work, write_note,
};
