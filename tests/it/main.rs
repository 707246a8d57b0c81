//! One test binary: journeys, faults, refusals and the contract.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says what went wrong by ending")]

mod aging;
mod alarm;
mod audit;
mod backup;
mod bounds;
mod capability;
mod chat;
mod checker;
mod contract;
mod copies;
mod erasure;
mod files;
mod guide;
mod identity;
mod limits;
mod push;
mod quarters;
mod races;
mod refusals;
mod sessions;
mod start;
mod stream;
mod sync;
mod triage;
mod vault;
mod walk;
