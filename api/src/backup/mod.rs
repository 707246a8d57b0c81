//! A copy of everything: all rows and all files of one moment, sealed, in one file that either kind of database takes.
//!
//! Invariants: the copy is of one moment, however many write meanwhile; the master key is not in it; nothing is written
//! over; a restore reads the whole file before it writes anything, goes into an empty place only, and is finished only once
//! all that was erased since has been erased again: until then no program starts on it.

mod make;
mod record;
mod restore;
mod sealed;
mod tables;

pub use make::{Made, make};
pub use record::Counts;
pub use restore::{Restored, refuse_unfinished, restore};
