//! Who looks at a talk, and who writes, at this moment.
//!
//! Invariants: it is told over the live stream and kept nowhere; officers learn of it in a talk that they look at, a youth only that
//! the officer who holds her talk writes; nobody counts as heard from by it.

mod api;
mod examples;
mod model;
mod service;

pub use api::PresenceApi;
pub use model::*;
