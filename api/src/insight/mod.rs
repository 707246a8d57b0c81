//! What the trial has shown, counted, and told so that no one can be found in it.
//!
//! Invariants: what is counted stands without a name, and once nothing changes it any more without a way back to what it was; each talk and
//! each report counts once, in the week that it began; the sums are what the rows they were made of say, whatever is killed meanwhile.
//! A figure leaves as a [`Shown`](tables::Shown) and in no other way: screens, CSV, JSON and the API write the same marks. Nothing that is hidden can be worked out from all that
//! is told (`suppress`), and what has been released stays as it is ([`released`]).

mod api;
mod counting;
mod examples;
mod feeding;
mod layout;
mod model;
mod reading;
mod released;
mod releasing;
mod store;
mod suppress;
mod tables;

#[cfg(test)]
mod attacker;
#[cfg(test)]
mod simulated;

pub use api::InsightApi;
pub use feeding::{rebuild, run_due, work};
pub use releasing::release;
pub use store::forget;
