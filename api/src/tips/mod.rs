//! Safety tips: short, for a topic and places, ending in one action. Public words of the patrol.
//!
//! Invariants: a phone gets at most two of a topic a week, but for what a lead calls urgent; no audience is narrowed to so few
//! phones that one could be told apart; what was taken back is shown as its correction alone.

mod api;
mod examples;
mod model;
mod pace;
mod service;
mod store;

pub use api::TipsApi;
pub use model::*;
pub use service::{check, check_recall, clean, publish, recall, well_formed};
