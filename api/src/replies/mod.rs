//! Texts that officers have at hand.
//!
//! Invariants: the program brings some, and what a lead changed stands over them; a text is never changed, a newer revision takes its
//! place; each stands in Swedish, in English and in easy Swedish; the fields in it are of one list, and are filled in on the officer's
//! phone before he reads and sends it. Nothing here ever writes to anybody.

mod api;
mod examples;
mod model;
mod service;
mod store;

pub use api::RepliesApi;
pub use model::*;
