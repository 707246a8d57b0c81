//! HTTP around the slices: who calls, how a refusal looks, limits, headers and the app's files.

pub mod caller;
pub mod fallback;
pub mod page;
pub mod problem;
