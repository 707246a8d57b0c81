//! How much an officer has carried of late.
//!
//! Invariants: a case is hard that was in danger and that the officer wrote in, or that he or she marked, or in which he or she
//! withheld a file; each counts once an officer;
//! an officer sees her own count, and a lead sees all; nothing follows of it by itself.

mod api;
mod examples;
mod model;
mod service;
mod store;

pub use api::CareApi;
pub use model::*;
pub use service::{mark, remove};
