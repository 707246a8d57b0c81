//! Live dialogues: announced, followed without an account, asked in, ended, and kept with what was answered.
//!
//! Invariants: nobody but its writer and officers reads a question before an officer has shown it, and no answer tells officers or
//! anyone else who asked or voted; its words stand sealed under a key of their own, and go with it; a device votes for a question
//! once, and nobody can read from the database which device did; what tells of harm comes in also from a device that is muted, and
//! leads to a talk with its writer; a dialogue is archived when each question that is shown is answered; thirty days after its end
//! nothing says any more who asked, who voted or who was muted. Whoever wants to be reminded of one is told once, by the node that takes
//! her row, and what is counted of it leads to nobody. Its film lies at an address or is kept here, and this one is shown once it is ready.

mod api;
mod api_around;
mod api_questions;
mod asking;
mod cleaning;
mod deciding;
mod events;
mod examples;
mod figures;
mod filming;
mod model;
mod model_around;
mod model_events;
mod model_questions;
mod polling;
mod questions;
mod reminding;
mod service;
mod store;
mod store_around;
mod telling;

pub use api::DialoguesApi;
pub use api_around::AroundDialoguesApi;
pub use api_questions::QuestionsApi;
pub use asking::{ask, placed, prepare, take_back};
pub use cleaning::{clean, forget};
pub use deciding::{answer, assign, hide, merge, mute, prepare_answer, show};
pub use events::Pages;
pub use filming::{film, place_film, prepare_film};
pub use model::*;
pub use model_around::*;
pub use model_events::*;
pub use model_questions::*;
pub use polling::{close_polls, publish_polls};
pub use questions::of_account;
pub use reminding::{remind, reminders_of};
pub use service::{
    announce, archive, change, end, is_there, open, pin, prepare_announcement, prepare_change, seat, slow,
};
pub use store_around::note_viewers;
