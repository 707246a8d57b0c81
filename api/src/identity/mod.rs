use entities::words::SessionId;
#[derive(Clone, Default)]
pub struct Ended(std::sync::Arc<()>);
impl Ended {
    pub fn holds(&self, _: SessionId) -> bool {
        false
    }
}
