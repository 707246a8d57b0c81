//! Incident numbers, made to be said over a phone: no sign is taken for another, and none makes a word.

use crate::base::chance::Chance;

/// No 0 or 1; of letters none that is read as a figure (B, I, L, O, Q, S, Z), no V beside W, and no vowels.
const SIGNS: &[u8] = b"23456789CDFGHJKMNPRTWX";
const GROUPS: usize = 2;
const GROUP: usize = 4;

/// Two groups of four signs, as `7K4M-92XR`.
pub fn draw(chance: &dyn Chance) -> String {
    let mut number = String::with_capacity(GROUPS * (GROUP + 1));
    let mut signs = 0;
    while signs < GROUPS * GROUP {
        let [byte] = chance.bytes::<1>().map(usize::from);
        // Bytes over the last whole round would make the first signs likelier.
        let whole = 256 / SIGNS.len() * SIGNS.len();
        let Some(sign) = SIGNS.get(byte % SIGNS.len()).filter(|_| byte < whole) else { continue };
        if signs > 0 && signs % GROUP == 0 {
            number.push('-');
        }
        number.push(char::from(*sign));
        signs += 1;
    }
    number
}

#[cfg(test)]
mod tests {
    use std::{
        collections::HashSet,
        sync::atomic::{AtomicU8, Ordering},
    };

    use super::*;

    /// Every byte in turn.
    struct InTurn(AtomicU8);

    impl Chance for InTurn {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill_with(|| self.0.fetch_add(1, Ordering::Relaxed));
        }
    }

    #[test]
    fn a_number_has_two_groups_of_signs_that_nobody_takes_for_others() {
        let chance = InTurn(AtomicU8::new(0));
        // 242 of 256 bytes count: after 121 numbers each sign has come as often as any other.
        let numbers: Vec<_> = (0..121).map(|_| draw(&chance)).collect();
        let mut count = [0; 128];
        for number in &numbers {
            let (left, right) = number.split_once('-').unwrap_or_default();
            assert_eq!((left.len(), right.len()), (4, 4), "{number}");
            for sign in format!("{left}{right}").bytes() {
                assert!(!b"01OILVBSZQUAEY".contains(&sign), "{number}");
                count[usize::from(sign)] += 1;
            }
        }
        let often: HashSet<_> = count.into_iter().filter(|count| *count > 0).collect();
        assert_eq!(often, HashSet::from([44]), "each sign is as likely");
    }
}
