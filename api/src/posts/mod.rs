//! What the patrol publishes: texts, pictures and films, each for a topic, and perhaps a quarter or municipalities.
//!
//! Invariants: a post is shown only while all that it shows is ready; what was corrected says what it said before, when and
//! why; of one that was withdrawn nobody gets a byte any more. Its files lie under a key and an id of their own, so that no id
//! that is public leads to them.

mod api;
pub(crate) mod captions;
mod examples;
mod model;
mod reading;
mod service;
mod store;

pub use api::{PostsApi, PublicCaptions};
pub use model::*;
pub use reading::card;
pub use service::{check_correction, check_withdrawal, clean, correct, prepare, publish, well_formed, withdraw};
