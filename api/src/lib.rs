//! Nätpatrull: a police station on the net.
//!
//! The tour: [`app`] names every slice; [`deps`] is what the program stands on; [`base`] holds the database, the journal,
//! the queue and the keys; [`http`] is what surrounds the slices. A slice holds `api` (operations), `model` (commands and
//! views), `service` (rules) and `store` (queries, each starting from who asks).

pub mod app;
pub mod audit;
pub mod backup;
pub mod base;
pub mod chat;
pub mod chores;
pub mod copies;
pub mod deps;
pub mod erasure;
pub mod http;
pub mod identity;
pub mod push;
pub mod quarters;
pub mod reports;
pub mod run;
pub mod seed;
pub mod sync;
pub mod tips;
