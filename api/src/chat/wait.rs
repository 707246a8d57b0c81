//! Where a talk stands in the queue, and how long its youth may have to wait, as far as that can be said honestly.

use entities::words::{Priority, Timestamp};

/// A place in the queue as one number: priority, then how many talks of the same priority its youth has before it, then
/// age. So one account that fills the queue stands behind everyone else's first talk.
pub fn queue_key(priority: Priority, before: i64, since: Timestamp) -> i64 {
    let rank = match priority {
        Priority::P1 => 1,
        Priority::P2 => 2,
        Priority::P3 => 3,
        Priority::P4 => 4,
    };
    (rank * 100 + before.clamp(0, 99)) * SPAN + since.millis().clamp(0, SPAN - 1)
}

/// Behind all that are open, the newest first.
pub fn closed_key(at: Timestamp) -> i64 {
    900 * SPAN + SPAN - 1 - at.millis().clamp(0, SPAN - 1)
}

/// More milliseconds than any moment has until the year 5138.
const SPAN: i64 = 100_000_000_000_000;

/// Fewer than this say nothing about the next one.
const FEWEST: usize = 8;
/// What can be told, in minutes. What is longer is not told: nobody knows.
const STEPS: [i64; 14] = [0, 1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180];

/// From and to, in minutes, for the one at `place` (1 is next), with so many officers who are there, from how long the
/// last talks took, in seconds. Nothing if there is no honest range.
pub fn range(place: i64, officers: i64, took: &[i64]) -> Option<(i64, i64)> {
    if place < 1 || officers < 1 || took.len() < FEWEST {
        return None;
    }
    let mut took = took.to_vec();
    took.sort_unstable();
    let quarter = |nth: usize| took[(took.len() - 1) * nth / 4];
    // An officer becomes free at the earliest now, at the latest when a talk that has just begun is over.
    let rounds = (place + officers - 1) / officers;
    let (least, most) = ((rounds - 1) * quarter(1) / 60, (rounds * quarter(3) + 59) / 60);
    let from = STEPS.into_iter().rev().find(|step| *step <= least)?;
    let to = STEPS.into_iter().find(|step| *step >= most.max(1))?;
    Some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_it_may_take() {
        let usual: Vec<i64> = (1..=20).map(|minutes| minutes * 60).collect();
        let short = vec![60; 8];
        let table = [
            ("the next one", 1, 1, &usual[..], Some((0, 15))),
            ("the second of one officer", 2, 1, &usual, Some((5, 30))),
            ("the second of two officers", 2, 2, &usual, Some((0, 15))),
            ("the fifth of two", 5, 2, &usual, Some((10, 45))),
            ("short talks", 1, 1, &short, Some((0, 1))),
            ("too few talks to go by", 1, 1, &short[..7], None),
            ("nobody is there", 1, 0, &usual, None),
            ("no place", 0, 1, &usual, None),
            ("longer than anybody knows", 20, 1, &usual, None),
        ];
        for (what, place, officers, took, expected) in table {
            assert_eq!(range(place, officers, took), expected, "{what}");
        }
    }

    #[test]
    fn priority_comes_first_then_fairness_then_age() {
        let at = |second: i64| Timestamp::from_millis(1_795_551_240_000).plus_seconds(second);
        let order = [
            queue_key(Priority::P1, 0, at(0)),
            queue_key(Priority::P1, 0, at(500)),
            queue_key(Priority::P1, 1, at(0)),
            queue_key(Priority::P1, 1000, at(0)),
            queue_key(Priority::P2, 0, at(-1000)),
            queue_key(Priority::P3, 0, at(-1000)),
            queue_key(Priority::P4, 0, at(-2000)),
            closed_key(at(10)),
            closed_key(at(9)),
        ];
        assert!(order.is_sorted_by(|one, other| one < other), "{order:?}");
    }
}
