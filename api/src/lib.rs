//! Nätpatrull: a police station on the net.
//!
//! The tour: [`app`] names every slice; [`deps`] is what the program stands on; [`base`] holds the database, the journal,
//! the queue and the keys; [`http`] is what surrounds the slices. A slice holds `api` (operations), `model` (commands and
//! views), `service` (rules) and `store` (queries, each starting from who asks).

pub mod app;
pub mod audit;
pub mod backup;
pub mod base;
pub mod bundles;
pub mod care;
pub mod chat;
pub mod chores;
pub mod copies;
pub mod deps;
pub mod dialogues;
pub mod duty;
pub mod erasure;
pub mod files;
pub mod handovers;
pub mod http;
pub mod ideas;
pub mod identity;
pub mod incidents;
pub mod insight;
pub mod mutes;
pub mod patrols;
pub mod polls;
pub mod posts;
pub mod presence;
pub mod push;
pub mod quarters;
pub mod questionnaires;
pub mod replies;
pub mod reports;
pub mod rooms;
pub mod run;
pub mod seed;
pub mod staff;
pub mod strangers;
pub mod sync;
pub mod tips;
pub mod work;
