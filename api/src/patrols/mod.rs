//! The patrol itself: who is out together and in which quarters, and what came of it.
//!
//! Invariants: at least two officers, and only quarters where the patrol has a public account; an act on the way is dated by the
//! phone, and when it was is decided once, when it comes; how a patrol stands and what it counted follow from the acts alone,
//! whatever order they come in; no field is for a person whom the patrol met; a patrol is no second shift: who is there is what
//! `quarters` says.

mod api;
mod examples;
mod model;
mod rules;
mod service;
mod store;

pub use api::PatrolsApi;
pub use model::*;
pub use service::{cancel, clean, count, mark, placed, plan, prepare_plan, prepare_reflection, reflect, visit};
