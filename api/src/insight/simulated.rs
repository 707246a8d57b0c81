//! Simulated counts, for tests: a year of a region with 44 municipalities, school terms and festivals, and small measures
//! split in any way.

use std::iter;

use jiff::civil::date;
use rand::{RngExt, SeedableRng, rngs::StdRng};

use super::tables::{Counts, Dimension, Grain, Measure, Of, Part, Split, Week};

pub fn last_week() -> Week {
    Week::of(date(2027, 12, 30))
}

pub fn weeks() -> Vec<Week> {
    let first = Week::of(date(2027, 1, 7));
    iter::successors(Some(first), |week| Some(week.next())).take_while(|week| *week <= last_week()).collect()
}

pub fn leaf(key: &str) -> Part {
    Part { key: key.to_owned(), split: None }
}

/// One of several, by weight.
fn pick(chance: &mut StdRng, weights: &[f64]) -> usize {
    let mut left = chance.random::<f64>() * weights.iter().sum::<f64>();
    let passed = weights.iter().take_while(|weight| {
        left -= **weight;
        left > 0.0
    });
    passed.count().min(weights.len() - 1)
}

/// How many come when so many are expected.
fn coming(chance: &mut StdRng, expected: f64) -> u64 {
    let tries = 400;
    (0..tries).filter(|_| chance.random::<f64>() < expected / f64::from(tries)).count() as u64
}

/// A year with about so many a week, split by municipality, by hour of week and by outcome.
pub fn region(a_week: f64) -> (Measure, Counts) {
    let mut chance = StdRng::seed_from_u64(9);
    let mut places: Vec<_> = (1..=44).map(|rank| 260.0 / f64::from(rank).powf(1.25)).collect();
    places[0] = 330.0;
    let all: f64 = places.iter().sum();
    let places: Vec<_> = places.iter().enumerate().map(|(at, size)| (format!("m{:02}", at + 1), size / all)).collect();
    let outcomes = ["advice", "report", "passed on", "ended", "social services"].map(str::to_owned);
    let hours: Vec<_> = (0..168).map(|hour| format!("h{hour:03}")).collect();
    let by_hour: Vec<_> = (0..168)
        .map(|hour| match hour % 24 {
            1..=6 => 0.05,
            7..=14 => 0.5,
            15..=17 => 1.0,
            _ if hour / 24 >= 4 => 2.4,
            _ => 1.6,
        })
        .collect();

    let mut counts = Counts::default();
    for (at, week) in weeks().into_iter().enumerate() {
        let season = match at {
            24..=31 => 0.45,
            8 | 43 => 0.7,
            0 | 50.. => 0.5,
            _ => 1.1,
        };
        for (place, (name, share)) in places.iter().enumerate() {
            let festival = if place % 5 == 2 && at == 26 + place / 5 { 5.0 } else { 1.0 };
            for _ in 0..coming(&mut chance, a_week * share * season * festival) {
                counts.add(Of::All, week, 1);
                counts.add(Of::part("municipality", name), week, 1);
                counts.add(Of::part("hour", &hours[pick(&mut chance, &by_hour)]), week, 1);
                let outcome = pick(&mut chance, &[0.5, 0.22, 0.15, 0.08, 0.05]);
                counts.add(Of::part("outcome", &outcomes[outcome]), week, 1);
            }
        }
    }

    let expected: Vec<_> = places.iter().map(|(name, share)| (name.as_str(), (a_week * share * 48.0) as u64)).collect();
    let days = hours.chunks(24).enumerate().map(|(day, hours)| Part {
        key: format!("day {day}"),
        split: Some(Split { grain: Grain::Year, parts: hours.iter().map(|hour| leaf(hour)).collect() }),
    });
    let outcomes = outcomes.iter().map(|outcome| leaf(outcome)).collect();
    let splits = [
        ("municipality", Split::by_size(&expected, "others")),
        ("hour", Split { grain: Grain::Month, parts: days.collect() }),
        ("outcome", Split { grain: Grain::Month, parts: outcomes }),
    ];
    let dimensions = splits.map(|(name, split)| Dimension { name: name.to_owned(), split });
    (Measure { grain: Grain::Week, dimensions: dimensions.into() }, counts)
}

/// A small measure of any shape through the end of a year, and its weeks.
pub fn any(chance: &mut StdRng) -> (Measure, Counts, Vec<Week>) {
    let weeks = weeks().split_off(52 - chance.random_range(3..=10));
    let grain = if chance.random_bool(0.7) { Grain::Week } else { Grain::Month };
    let mut dimensions = Vec::new();
    let mut parts = Vec::new();
    for name in &["a", "b"][..chance.random_range(1..=2)] {
        let depth = if chance.random_bool(0.2) { 2 } else { 1 };
        let split = any_split(chance, name, grain, depth);
        let keys = leaves(&split);
        let weights: Vec<_> = keys.iter().map(|_| [0.02, 0.3, 1.0, 3.0][chance.random_range(0..4)]).collect();
        dimensions.push(Dimension { name: (*name).to_owned(), split });
        parts.push((*name, keys, weights));
    }
    let level = [2.0, 6.0, 15.0, 40.0, 100.0][chance.random_range(0..5)];
    let mut counts = Counts::default();
    for week in &weeks {
        let quiet = chance.random_bool(0.15);
        let count = if quiet { chance.random_range(0..4) } else { (level * 2.0 * chance.random::<f64>()) as u64 };
        for _ in 0..count {
            counts.add(Of::All, *week, 1);
            for (dimension, keys, weights) in &parts {
                counts.add(Of::part(dimension, &keys[pick(chance, weights)]), *week, 1);
            }
        }
    }
    (Measure { grain, dimensions }, counts, weeks)
}

fn any_split(chance: &mut StdRng, name: &str, finest: Grain, depth: usize) -> Split {
    let grains: Vec<_> =
        [Grain::Week, Grain::Month, Grain::Year].into_iter().filter(|grain| *grain >= finest).collect();
    let grain = grains[chance.random_range(0..grains.len())];
    let parts = (0..chance.random_range(2..=4)).map(|at| {
        let key = format!("{name}{at}");
        let split = (depth > 0 && chance.random_bool(0.4)).then(|| any_split(chance, &key, grain, depth - 1));
        Part { key, split }
    });
    Split { grain, parts: parts.collect() }
}

fn leaves(split: &Split) -> Vec<String> {
    let below = |part: &Part| part.split.as_ref().map_or_else(|| vec![part.key.clone()], leaves);
    split.parts.iter().flat_map(below).collect()
}
