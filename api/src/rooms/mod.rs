//! How a youth comes from a quarter into a talk: by an officer's invite, which is a link for one and a word that is said
//! elsewhere, or by a poster, which is a link for many and no word.
//!
//! Invariants: what stands in an invite's link is known here only as a keyed hash, and its word not at all: it follows from
//! the link by a key; opening a link claims nothing; an invite lets one account in, which may say the same again; a wrong
//! word counts once however often it is sent, and five close it; whatever is wrong with a link, an ordinary talk is
//! never refused for it.

mod api;
mod examples;
mod model;
mod rules;
mod service;
mod store;

pub use api::RoomsApi;
pub use model::*;
pub use rules::Way;
pub use service::{Invites, Knock, Link, clean, forget, knock, link, origins, word};
pub use store::made_between;
