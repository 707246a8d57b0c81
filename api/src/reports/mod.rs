//! What happened, told to the patrol, and the files that belong to it.
//!
//! Invariants: what a youth wrote is never changed; a report is stored before its files come and counts without them;
//! "being read" is said only when a person has opened the report; it is a polisanmälan only when an officer has written down the
//! number of one; none is closed without an outcome and a word to its youth; links and user names are found by keyed hashes, and
//! nothing else of what people wrote can be searched.

mod api;
mod examples;
mod handling;
pub(crate) mod links;
mod model;
mod service;
mod store;

pub use api::ReportsApi;
pub use handling::{
    close, introduce, join, leave, open_talk, pass_on, prepare_closing, prepare_introduction, prepare_joining,
    prepare_passing_on, prepare_registration, register,
};
pub use model::*;
pub use service::{
    Beside, ERASURE_REFUSAL, ask_erasure, asked_in, beside, list, prepare, read, refuse_erasure, remove, submit, views,
    well_formed,
};
pub use store::counted;
