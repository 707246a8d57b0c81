//! What the program stands on: passed in, never global.

use std::sync::Arc;

use object_store::ObjectStore;

use crate::base::{bus::Bus, chance::Chance, clock::Clock, config::Config, db::Db, keys::Keys};

#[derive(Clone)]
pub struct Deps {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    pub keys: Arc<Keys>,
    pub bus: Bus,
    pub config: Arc<Config>,
    pub blobs: Arc<dyn ObjectStore>,
}
