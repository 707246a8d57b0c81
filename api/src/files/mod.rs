//! The files that reports, messages, posts and dialogues name, their bytes, and copies of them for daily use.
//!
//! Invariants: a file belongs to the report, the message, the post or the dialogue that names it, and only its writer sends it; it
//! is taken in order, and is whole only when every byte is what was announced; its bytes are never changed; an officer's picture
//! says nothing but what it shows, or it is not taken. What is shown is a copy without metadata, and goes with its file; a file
//! leaves as it was sent only as an attachment, and an officer says why. What is withheld has no copy and is in no export, and only
//! named investigators open it.

mod api;
pub(crate) mod bare;
mod clamd;
mod cleaning;
mod examples;
mod film;
pub(crate) mod kinds;
pub(crate) mod links;
mod model;
pub(crate) mod picture;
mod posted;
mod public;
mod service;
mod store;

pub use api::FilesApi;
pub use cleaning::{catch_up, make_all_anew, run_due, work};
pub use kinds::ending;
pub use links::{Part, part};
pub use model::*;
pub use posted::{check_of_post, is_film, posted};
pub use public::{Asked, KEEP_PUBLIC, PublicBytes, public_bytes};
pub use service::{
    REMOVE_BYTES, Readable, VOID_COPY, check, clean, destroy, exported, go_on_from_what_is_here, is_whole, named_once,
    remove, remove_all_bytes, remove_bytes, rows, stored_files, withhold,
};
pub use store::{insert_files, known_files, of_messages, of_posts, of_reports, ready, withheld_since};
