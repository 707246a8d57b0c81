//! What leaves a talk: cards to 112 and 114 14, what came back, and the place that a youth gives.
//!
//! Invariants: whoever holds the talk makes its cards and asks for the place; a card is never changed, and stays red until the
//! name of who took it stands on it; a receiver has one red card of a talk at most; a youth sees what she was told and when,
//! and nothing of a card; she gives a place once for each question, and it is destroyed when it expires.

mod api;
mod examples;
mod model;
mod number;
mod service;
mod store;

pub use api::HandoversApi;
pub use model::*;
pub use number::draw as draw_number;
pub use service::{
    acknowledge, answer, answer_location, ask_location, destroy_expired, locations, make, prepare_acknowledgement,
    prepare_answer, prepare_card, prepare_location, remove, told,
};
