//! Who may not write for a while.
//!
//! Invariants: it is of an account, has a reason that its youth is told, and an end that comes by itself; at most one runs, and a
//! shorter one never takes a longer one's place; it is decided in a talk, by whoever holds it or by a lead, is ended early by any
//! officer, and goes with that talk; every talk of the account that matters knows of it. What it keeps out, and that danger is
//! never kept out, is a rule of `chat`.

mod api;
mod examples;
mod model;
mod service;
mod store;

pub use api::MutesApi;
pub use model::*;
pub use service::{end, mute, of_account, prepare, remove};
