//! Who looked, and who did what: the log of what officers do with what is known of people.
//!
//! Invariants: a change and its line share a transaction; a look is answered only once its line stands; a line is never
//! changed, and removed only from the beginning, as a later line says; any other change is found with its position; a
//! line holds ids and words of the program, never of people.

mod api;
mod chain;
mod examples;
mod model;
mod service;
mod store;
mod trim;
mod verify;

pub use api::AuditApi;
pub use chain::{put_head_aside, seal, work};
pub use model::*;
pub use service::{Line, Log, entries, looked, write};
pub use trim::trim;
pub use verify::{Verified, verify};
