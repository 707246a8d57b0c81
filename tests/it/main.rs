//! One test binary: journeys, faults, refusals and the contract.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says what went wrong by ending")]

mod aging;
mod alarm;
mod audit;
mod backup;
mod bounds;
mod bundles;
mod capability;
mod care;
mod chat;
mod checker;
mod contract;
mod copies;
mod duty;
mod erasure;
mod evidence;
mod files;
mod guide;
mod handovers;
mod identity;
mod incidents;
mod killed;
mod limits;
mod mutes;
mod presence;
mod push;
mod quarters;
mod races;
mod refusals;
mod replies;
mod reports;
mod rooms;
mod sendings;
mod sessions;
mod staff;
mod start;
mod strangers;
mod stream;
mod sync;
mod talk_files;
mod tips;
mod triage;
mod vault;
mod walk;
mod work;
