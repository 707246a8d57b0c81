//! The files that reports and messages name, and their bytes.
//!
//! Invariants: a file belongs to the report or the message that names it, and only its writer sends it; it is taken in order, and
//! is whole only when every byte is what was announced; its bytes are never changed; an officer's picture says nothing but
//! what it shows, or it is not taken.

mod api;
mod bare;
mod examples;
mod links;
mod model;
mod service;
mod store;

pub use api::FilesApi;
pub use model::*;
pub use service::{
    REMOVE_BYTES, check, clean, go_on_from_what_is_here, is_whole, linked, named_once, remove, remove_all_bytes,
    remove_bytes, rows, stored_files,
};
pub use store::{insert_files, known_files, of_messages, of_reports};
