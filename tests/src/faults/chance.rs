//! Chance from a seed (splitmix64): the same seed chooses the same faults.

use uuid::{Builder, Uuid};

#[derive(Clone)]
pub struct Chance(u64);

impl Chance {
    pub fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// Another that goes its own way, so that what one task chooses does not hang on when the others run.
    pub fn split(&mut self) -> Self {
        Self(self.any())
    }

    pub fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// 0 up to `end`, which is left out.
    pub fn below(&mut self, end: u64) -> u64 {
        self.any() % end.max(1)
    }

    pub fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.below(most - least + 1)
    }

    pub fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(usize::try_from(self.below(all.len() as u64)).ok()?)
    }

    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        std::iter::repeat_with(|| self.any().to_le_bytes()).flatten().take(count).collect()
    }

    fn sixteen(&mut self) -> [u8; 16] {
        (u128::from(self.any()) << 64 | u128::from(self.any())).to_be_bytes()
    }

    /// An id of an account or a device.
    pub fn id(&mut self) -> Uuid {
        Builder::from_random_bytes(self.sixteen()).into_uuid()
    }

    /// An id of what a phone makes, with the time by its own clock.
    pub fn timed_id(&mut self, millis: u64) -> Uuid {
        let [_, _, _, _, _, _, rest @ ..] = self.sixteen();
        Builder::from_unix_timestamp_millis(millis, &rest).into_uuid()
    }
}
