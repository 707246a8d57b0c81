//! The rows of the database, one file a table, and the words that database and wire share.
//!
//! Rows never leave a slice's `store.rs`. Columns of type [`words::Sealed`] hold what people wrote and open only
//! through the vault.

pub mod words;

// base: the one journal, the one door, the durable queue
pub mod action_receipt;
pub mod job;
pub mod journal_entry;
pub mod server_key;
pub mod stream;

// chat
pub mod conversation;
pub mod message;

// reports
pub mod report;
pub mod report_file;
