//! The one door for writes, and the way back: push, pull and the live stream.
//!
//! Invariants: receipt, effect, journal entry and jobs share one transaction; a repeat gets the answer of the first;
//! concurrent pushes share a transaction and are applied set-wise; lanes keep their order; a refused action writes only
//! its receipt; a group that fails is run again one by one.

mod api;
mod command;
mod examples;
mod group;
mod model;
mod parcels;
mod pull;
mod service;
mod stream;

pub use api::SyncApi;
pub use command::KINDS;
pub use group::{Door, Queue, clean};
pub use model::*;
pub use service::{as_person, one};
