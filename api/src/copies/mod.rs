//! "Give me a copy": everything that is kept of one youth's account, as a zip file.
//!
//! Invariants: one copy an account at a time; it lies sealed under a key of its own, which is destroyed once the whole of it
//! was sent, after a day, and when something that it may hold is erased; it holds what its owner sees, and nothing of anybody
//! else; it is made a piece at a time, whatever its size.

mod api;
mod archive;
mod examples;
mod model;
mod service;
mod store;

pub use api::CopiesApi;
pub use model::*;
pub use service::{end_of, run_due, work};
