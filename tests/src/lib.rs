//! The world that the tests live in: the real program behind its public HTTP, a database of its own for each test, a
//! clock wound by hand, and people who speak in verbs.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says what went wrong by ending")]

pub mod capable;
pub mod faults;
pub mod passkey;
pub mod people;
pub mod postgres;
pub mod program;
pub mod push_service;
pub mod world;

pub use people::{Officer, Youth};
pub use world::{Answer, Backend, World};

/// Makes one test for each database.
#[macro_export]
macro_rules! on_both_databases {
    ($(async fn $name:ident($world:ident $(, $change:expr)?) $body:block)*) => {$(
        mod $name {
            #[allow(unused_imports, reason = "not each test uses all")]
            use super::*;
            async fn journey($world: tests::World) $body
            async fn start(backend: tests::Backend) -> tests::World {
                tests::World::start_with(backend, tests::changed!($($change)?)).await
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                journey(start(tests::Backend::Sqlite).await).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                journey(start(tests::Backend::Postgres).await).await;
            }
        }
    )*};
}

/// How the configuration of a journey's world is changed.
#[macro_export]
macro_rules! changed {
    () => {
        |_| {}
    };
    ($change:expr) => {
        $change
    };
}
