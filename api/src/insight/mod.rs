//! What the trial has shown, counted.
//!
//! Invariants: what is counted stands without a name, and once nothing changes it any more without a way back to what it was; each talk and
//! each report counts once, in the week that it began; the sums are what the rows they were made of say, whatever is killed meanwhile.

mod counting;
mod feeding;
mod store;

pub use feeding::{rebuild, run_due, work};
pub use store::forget;
