//! Whoever has every table that was ever released, knows how it was made, and adds and subtracts: a linear programme over
//! all that is told finds the least and the most that each hidden count can be.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a programme without an answer is a defect of the test")]

use std::{collections::BTreeMap, fmt};

use microlp::{ComparisonOp, Error, OptimizationDirection, Problem};

use super::{
    released::Released,
    tables::{FEW, Grain, Measure, Of, Period, Shown},
};

/// What the attacker found out about one count.
pub struct Found {
    pub of: Of,
    pub period: Period,
    /// What is told of it; nothing, if it is in no table.
    pub shown: Option<Shown>,
    pub least: f64,
    pub most: f64,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { of, period, shown, least, most } = self;
        write!(f, "{of:?} in {period}, told as {shown:?}, is {least} to {most}")
    }
}

impl Found {
    /// Narrower than it may be: "0-4" must not exclude 0 or 4, and what else is hidden spans four.
    pub fn is_exposed(&self) -> bool {
        let (least, most) = ((self.least - 1e-6).ceil(), (self.most + 1e-6).floor());
        match self.shown {
            Some(Shown::Few) => least > 0.0 || most < FEW as f64,
            Some(_) => most - least < FEW as f64,
            // In no table: it may be known for what it is, if that is not few.
            None => least <= FEW as f64 && most - least < FEW as f64,
        }
    }
}

/// A count that is not told, by column and period.
type Unknown = (usize, Period);

/// Unknowns, each added or taken away, and what they make.
struct Sum {
    parts: Vec<(Unknown, f64)>,
    is: f64,
}

pub struct Attacker {
    bounds: BTreeMap<Unknown, (f64, f64)>,
    shown: BTreeMap<Unknown, Option<Shown>>,
    sums: Vec<Sum>,
    of: Vec<Of>,
}

impl Attacker {
    /// With `every` also the counts that are in no table, by the measure's finest dates.
    pub fn of(measure: &Measure, released: &Released, every: bool) -> Self {
        let plan = measure.plan().unwrap();
        let mut attacker = Self {
            bounds: BTreeMap::new(),
            shown: BTreeMap::new(),
            sums: Vec::new(),
            of: plan.columns.iter().map(|column| column.of.clone()).collect(),
        };
        let mut told = BTreeMap::new();
        let mut times: BTreeMap<(Grain, Period), Vec<Period>> = BTreeMap::new();
        let mut week = released.first;
        while week < released.open {
            for grain in [Grain::Week, Grain::Month, Grain::Year] {
                let parts = times.entry((grain, week.at(grain))).or_default();
                let below = match grain {
                    Grain::Week => continue,
                    Grain::Month => week.at(Grain::Week),
                    Grain::Year => week.at(Grain::Month),
                };
                if parts.last() != Some(&below) {
                    parts.push(below);
                }
            }
            week = week.next();
        }
        let is_over = |period| released.cells.contains_key(&(Of::All, period));
        let grain_of = |column: usize| if every { measure.grain } else { plan.columns[column].grain };
        for (column, at) in plan.columns.iter().enumerate() {
            for &(grain, period) in times.keys() {
                if grain < grain_of(column) || !is_over(period) {
                    continue;
                }
                let shown = released.cells.get(&(at.of.clone(), period)).copied();
                let bounds = match shown {
                    Some(Shown::Count(count)) => {
                        told.insert((column, period), count as f64);
                        continue;
                    }
                    Some(Shown::Few) => (0.0, FEW as f64),
                    Some(Shown::Many) => (FEW as f64 + 1.0, f64::INFINITY),
                    Some(Shown::Untold) | None => (0.0, f64::INFINITY),
                };
                attacker.bounds.insert((column, period), bounds);
                attacker.shown.insert((column, period), shown);
            }
        }
        let mut sum = |whole: Unknown, parts: Vec<Unknown>| {
            let mut sum = Sum { parts: Vec::new(), is: 0.0 };
            for (at, sign) in parts.into_iter().map(|part| (part, 1.0)).chain([(whole, -1.0)]) {
                match told.get(&at) {
                    Some(count) => sum.is -= sign * count,
                    None => sum.parts.push((at, sign)),
                }
            }
            assert!(!sum.parts.is_empty() || sum.is == 0.0, "what is told does not sum");
            attacker.sums.push(sum);
        };
        for (&(grain, period), parts) in &times {
            if !is_over(period) {
                continue;
            }
            for column in 0..plan.columns.len() {
                if grain > grain_of(column) && !parts.is_empty() {
                    sum((column, period), parts.iter().map(|part| (column, *part)).collect());
                }
            }
            for split in plan.splits.iter().filter(|split| grain >= if every { measure.grain } else { split.grain }) {
                sum((split.of, period), split.parts.iter().map(|part| (*part, period)).collect());
            }
        }
        attacker
    }

    /// Works out each hidden count, group by group of those that any sum joins.
    pub fn works_out(&self) -> Vec<Found> {
        let mut group: BTreeMap<Unknown, usize> = BTreeMap::new();
        let mut groups: Vec<Vec<Unknown>> = Vec::new();
        for unknown in self.bounds.keys() {
            group.insert(*unknown, groups.len());
            groups.push(vec![*unknown]);
        }
        for sum in &self.sums {
            for pair in sum.parts.windows(2) {
                let (one, other) = (group[&pair[0].0], group[&pair[1].0]);
                if one != other {
                    let moved = std::mem::take(&mut groups[other]);
                    group.extend(moved.iter().map(|unknown| (*unknown, one)));
                    groups[one].extend(moved);
                }
            }
        }
        let mut sums: BTreeMap<usize, Vec<&Sum>> = BTreeMap::new();
        for sum in &self.sums {
            if let Some((first, _)) = sum.parts.first() {
                sums.entry(group[first]).or_default().push(sum);
            }
        }
        let mut found = Vec::new();
        for (at, unknowns) in groups.iter().enumerate() {
            let sums = sums.remove(&at).unwrap_or_default();
            found.extend(unknowns.iter().map(|unknown| Found {
                of: self.of[unknown.0].clone(),
                period: unknown.1,
                shown: self.shown[unknown],
                least: self.bound(*unknown, unknowns, &sums, OptimizationDirection::Minimize),
                most: self.bound(*unknown, unknowns, &sums, OptimizationDirection::Maximize),
            }));
        }
        found
    }

    fn bound(&self, sought: Unknown, unknowns: &[Unknown], sums: &[&Sum], direction: OptimizationDirection) -> f64 {
        let mut problem = Problem::new(direction);
        let variables: BTreeMap<_, _> = unknowns
            .iter()
            .map(|unknown| {
                let weight = if *unknown == sought { 1.0 } else { 0.0 };
                (*unknown, problem.add_var(weight, self.bounds[unknown]))
            })
            .collect();
        for sum in sums {
            let parts: Vec<_> = sum.parts.iter().map(|(unknown, sign)| (variables[unknown], *sign)).collect();
            problem.add_constraint(parts.as_slice(), ComparisonOp::Eq, sum.is);
        }
        match problem.solve() {
            Ok(solved) => solved.into_solution().unwrap().objective(),
            Err(Error::Unbounded) => f64::INFINITY,
            Err(wrong) => panic!("the attacker's programme has no answer: {wrong}"),
        }
    }
}
