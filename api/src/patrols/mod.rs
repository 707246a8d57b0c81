//! The patrol itself: who is out together and in which quarters, and what came of it.
//!
//! Invariants: at least two officers, and only quarters where the patrol has a public account; an act on the way is dated by the
//! phone, and when it was is decided once, when it comes; how a patrol stands and what it counted follow from the acts alone,
//! whatever order they come in; no field is for a person whom the patrol met; the board tells no more than quarters, numbers and
//! accounts, and of none where an officer is; a patrol is no second shift: who is there is what
//! `quarters` says.

mod api;
mod api_log;
mod board;
mod examples;
mod examples_log;
mod logging;
mod model;
mod model_board;
mod model_log;
mod rules;
mod service;
mod store;
mod store_log;

pub use api::PatrolsApi;
pub use api_log::PatrolLogApi;
pub use logging::{answer_notice, forget_report, prepare_entry, send_notice, take_entry_back, turn_entry, write_log};
pub use model::*;
pub use model_board::*;
pub use model_log::*;
pub use service::{cancel, clean, count, mark, placed, plan, prepare_plan, prepare_reflection, reflect, visit};
