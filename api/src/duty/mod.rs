//! What police must act on, and what was decided of it.
//!
//! Invariants: text, law and ages are dated data; what an officer decides is never changed, and says why, under which version of the
//! text; it is sealed under the talk's key, goes with the talk, and is for officers alone. Nothing here keeps anybody from asking for
//! help.

mod api;
mod examples;
mod model;
mod service;
mod store;

pub use api::DutyApi;
pub use model::*;
pub use service::{prepare, record, remove};
