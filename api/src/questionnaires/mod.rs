//! What is asked about each kind of event, and the short guide that stands beside it: documents with a version and a day.
//!
//! Invariants: a document is checked before it counts and is never changed; each version that a phone may have stays, so that what
//! answers it can be read by it.

mod api;
mod examples;
mod model;
mod service;
mod store;

pub use api::QuestionnairesApi;
pub use model::*;
pub use service::{check_all, fits, load, versions};
