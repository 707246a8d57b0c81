//! Ids, enums and checked values, spelt once for the database and the wire.

mod enums;
mod ids;
mod sealed;
mod text;
mod time;

pub use enums::*;
pub use ids::*;
pub use sealed::Sealed;
pub use text::Text;
pub use time::Timestamp;
