//! What happened, told to the patrol, and the files that belong to it.
//!
//! Invariants: what a youth wrote is never changed; a report is stored before its files come and counts without them; a
//! file belongs to the report that names it, is taken in order, and is whole only when every byte is what was announced;
//! its bytes are never changed; "being read" is said only when a person has opened the report.

mod api;
mod examples;
mod files;
mod links;
mod model;
mod service;
mod store;

pub use api::{FilesApi, ReportsApi};
pub use files::{REMOVE_BYTES, clean, linked, remove_all_bytes, remove_bytes};
pub use model::*;
pub use service::{
    ERASURE_REFUSAL, ask_erasure, list, prepare, read, refuse_erasure, remove, submit, views, well_formed,
};
