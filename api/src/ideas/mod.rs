//! What youths would like to see from the patrol, and where: checked, shown, supported, merged, answered.
//!
//! Invariants: nobody but its writer and officers reads an idea before an officer has shown it, and no answer tells officers or
//! anyone else who wrote it; its words stand sealed under a key of their own, and go with it; a device supports an idea once, and
//! nobody can read from the database which device did; what tells of harm leads to a talk with its writer.

mod api;
mod deciding;
mod examples;
mod model;
mod service;
mod store;

pub use api::IdeasApi;
pub use deciding::{answer, hide, locate, merge, open_talk, show};
pub use model::*;
pub use service::{
    clean, forget_supporters, forget_writers, of_account, placed, prepare, prepare_answer, prepare_talk, send,
    take_back,
};
