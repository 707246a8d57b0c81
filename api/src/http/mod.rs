//! HTTP around the slices: who calls, how a refusal looks, limits, headers and the app's files.

mod app_files;
pub mod caller;
mod done;
pub mod fallback;
mod followers;
mod following;
pub mod headers;
mod limits;
mod maybe;
mod metrics;
pub mod page;
pub mod problem;
mod serve;
mod signature;
pub mod story;
mod surround;
mod unstalled;
mod written;

pub use app_files::{Card, CardPicture};
pub use done::Done;
pub use followers::{Followers, Follows, Told};
pub use following::Following;
pub use limits::Received;
pub use maybe::MaybeJson;
pub use metrics::serve as metrics;
pub use serve::serve;
pub use surround::surround;
pub use written::Written;
