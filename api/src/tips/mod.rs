//! Safety tips: short, for a topic and a municipality, ending in one action. Public words of the patrol.

mod api;
mod examples;
mod model;
mod places;
mod service;
mod store;

pub use api::TipsApi;
pub use model::*;
pub use places::{COUNTIES, known_municipality};
pub use service::{audience, check, clean, publish, well_formed};
