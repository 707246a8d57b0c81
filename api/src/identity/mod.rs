//! Who someone is, without a name: accounts made on the phone, devices, sessions, codes; officers by invite and passkey.
//!
//! Invariants: the server knows a youth's code and a device's secret only as keyed hashes; a wrong code makes the next
//! guess dearer for everyone and is never refused for its count; a refresh token is good until its successor is used;
//! there are no passwords; a report capability reads nothing, and ends with its device and with a new code.

mod api;
mod capabilities;
mod codes;
mod examples;
mod model;
pub mod officers;
mod passkeys;
mod service;
mod sessions;
mod store;

pub use api::IdentityApi;
pub use codes::{owed, prove};
pub use model::*;
pub use passkeys::invite;
pub use service::{clean, end_all_sessions, has_officers, hash_waiting_codes, plant_officer, plant_youth};
pub use sessions::{Ended, follow_ended};
pub use store::{account, leads, owing, patrol, patrols, serving};
