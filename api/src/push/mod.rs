//! Waking a sleeping phone: that something came, never what.
//!
//! Invariants: one subscription a device; an endpoint is a stranger's address, so only public https addresses are ever
//! connected to; a dead endpoint (404, 410) takes its row with it; a notification says no more than that something came,
//! unless a youth chose otherwise; a youth's device is woken only when it is safe.

mod api;
mod delivery;
mod encryption;
mod examples;
mod fan_out;
mod gateway;
mod guard;
mod hours;
mod keys;
mod load;
mod model;
mod payload;
mod progress;
mod sendings;
mod service;
mod services;
mod store;
mod worker;

pub use api::PushApi;
pub use fan_out::WINDOW;
pub use keys::{make_key, settle_keys};
pub use load::load;
pub use model::*;
pub use sendings::{NewSending, send, take_back};
pub use service::{Ring, alarm, proof, quiet_hours, remind, safe_hours, test_alarm};
pub use store::{Address, addresses, addresses_of, forget_sendings};
pub use worker::{QUEUES, run_due, work};
