//! Who serves: what leads do with officers' accounts, sessions and shifts.
//!
//! Invariants: nobody does it to herself, so there is always a lead; whoever is relieved, signed out or ended holds no talk
//! and is on no shift from that commit on; a number is one person for good, and is never given on.

mod api;
mod examples;
mod model;
mod service;

pub use api::StaffApi;
pub use model::*;
