//! Several talks and reports about one thing.
//!
//! Invariants: a talk or a report is in one incident at most; each keeps its secrecy, and no youth learns of the others or that there are any;
//! what officers call the incident stands sealed with each, under its key, so that what is erased takes it along; joining is
//! written in the log of looks. One answer to several of them is a message to each, as any other.

mod api;
mod examples;
mod model;
mod service;
mod store;

pub use api::IncidentsApi;
pub use model::*;
pub use service::{Numbers, join, leave, prepare};
