//! The bundle: all of one report, handed over to whoever investigates, as a zip file made while it is read.
//!
//! Invariants: an officer says why and has just touched the passkey, and that it was taken is in the log before its link is
//! answered; originals leave unchanged, each under the hash by which it came; what is withheld or infected is named as left out and
//! never put in; nothing of it is kept here; of the talk that a report was made from, only the messages that its youth chose leave.

mod api;
mod contents;
mod examples;
mod model;
pub(crate) mod paper;
mod service;
mod sheet;

pub use api::BundlesApi;
pub use model::*;
