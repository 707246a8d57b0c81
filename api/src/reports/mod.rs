//! What happened, told to the patrol, and the files that belong to it.
//!
//! Invariants: what a youth wrote is never changed; a report is stored before its files come and counts without them;
//! "being read" is said only when a person has opened the report.

mod api;
mod examples;
mod model;
mod service;
mod store;

pub use api::ReportsApi;
pub use model::*;
pub use service::{
    ERASURE_REFUSAL, ask_erasure, list, prepare, read, refuse_erasure, remove, submit, views, well_formed,
};
