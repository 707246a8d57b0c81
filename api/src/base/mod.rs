//! What every slice stands on. Only here may the clock and chance of the machine be read, and a transaction begin.

pub mod actions;
pub mod birth;
pub mod blobs;
pub mod bus;
pub mod capability;
pub mod chance;
pub mod clock;
pub mod config;
pub mod crypto;
pub mod db;
pub mod erased;
pub mod heard;
pub mod jobs;
pub mod journal;
pub mod keys;
pub mod ledger;
pub mod master;
pub mod porch;
pub mod refusal;
pub mod rotation;
pub mod settings;
pub mod stop;
pub mod telemetry;
pub mod tokens;
pub mod uses;
pub mod vault;
