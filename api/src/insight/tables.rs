//! What is counted and how its tables hang together: a measure, told by week, month and year, and along each dimension by
//! parts that may have parts themselves. Each part is told by no finer dates than it has counts for.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use jiff::{ToSpan, civil::Date};

/// The finest dates that something is told by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grain {
    Week,
    Month,
    Year,
}

/// An ISO week, known by its Thursday: its month and year are those that the Thursday is in. So months and years are whole
/// weeks, and the difference between a month by its days and one by its weeks tells nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Week(Date);

impl Week {
    pub fn of(day: Date) -> Self {
        let from_monday = i64::from(day.weekday().to_monday_zero_offset());
        Self(day.saturating_add((3 - from_monday).days()))
    }

    /// By the days from 1970 to its Monday, as sums are kept.
    pub fn of_days(days: i32) -> Self {
        Self::of(Date::constant(1970, 1, 1).saturating_add(days.days()))
    }

    pub fn next(self) -> Self {
        Self(self.0.saturating_add(7.days()))
    }

    pub(super) fn first_of_year(self) -> Self {
        let back = i64::from(self.0.day_of_year() - 1) / 7;
        Self(self.0.saturating_sub((7 * back).days()))
    }

    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// Whether its month is over with it.
    pub fn ends_month(self) -> bool {
        self.next().0.month() != self.0.month()
    }

    pub fn ends_year(self) -> bool {
        self.next().year() != self.year()
    }

    pub fn at(self, grain: Grain) -> Period {
        match grain {
            Grain::Week => Period::Week(self),
            Grain::Month => Period::Month { year: self.year(), month: self.0.month() },
            Grain::Year => Period::Year(self.year()),
        }
    }
}

/// A time that is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Period {
    Week(Week),
    Month { year: i16, month: i8 },
    Year(i16),
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Week(week) => write!(f, "{}-W{:02}", week.year(), week.0.iso_week_date().week()),
            Self::Month { year, month } => write!(f, "{year}-{month:02}"),
            Self::Year(year) => write!(f, "{year}"),
        }
    }
}

/// The most that is told as "0-4".
pub const FEW: u64 = 4;

/// How a count is told. Each mark is true by itself, and says all that may be concluded from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    Count(u64),
    /// 0 to 4.
    Few,
    /// 5 or more, and hidden so that a few beside it cannot be worked out.
    Many,
    /// Any number: it is a part of something that is hidden, or its whole row would give too much away.
    Untold,
}

impl Shown {
    pub(super) fn is_true_of(self, count: u64) -> bool {
        match self {
            Self::Count(told) => told == count,
            Self::Few => count <= FEW,
            Self::Many => count > FEW,
            Self::Untold => true,
        }
    }
}

impl Shown {
    /// What [`fmt::Display`] wrote.
    pub(super) fn read(text: &str) -> Option<Self> {
        Some(match text {
            "0-4" => Self::Few,
            "5+" => Self::Many,
            "hidden" => Self::Untold,
            count => Self::Count(count.parse().ok()?),
        })
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Few => f.write_str("0-4"),
            Self::Many => f.write_str("5+"),
            Self::Untold => f.write_str("hidden"),
        }
    }
}

/// What a count is of: all of the measure, or one part of it along a dimension.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    All,
    Part { dimension: String, part: String },
}

impl Of {
    pub fn part(dimension: &str, part: &str) -> Self {
        Self::Part { dimension: dimension.to_owned(), part: part.to_owned() }
    }
}

/// Something counted when it happens, and never uncounted. What can be taken from one another (answers, outcomes, steps of
/// a funnel) is parts of one measure; two measures are safe side by side only if neither is a part of the other.
#[derive(Clone, Debug)]
pub struct Measure {
    pub grain: Grain,
    pub dimensions: Vec<Dimension>,
}

/// One way to split a measure. Tables are dates by one dimension: no part of one is split by another.
#[derive(Clone, Debug)]
pub struct Dimension {
    pub name: String,
    pub split: Split,
}

#[derive(Clone, Debug)]
pub struct Split {
    pub grain: Grain,
    pub parts: Vec<Part>,
}

#[derive(Clone, Debug)]
pub struct Part {
    pub key: String,
    pub split: Option<Split>,
}

/// How many a month a part should have to be told by month.
#[cfg(test)]
const ENOUGH_A_MONTH: u64 = 12;

// So far places are told of in the tests alone.
#[cfg(test)]
impl Split {
    /// Parts told by month where as many are expected as make most months countable; the others together by month, under
    /// a name of their own, and each by year. What is expected is known before: inhabitants, or what last year's table told.
    pub fn by_size(expected_a_year: &[(&str, u64)], others: &str) -> Self {
        let mut sorted = expected_a_year.to_vec();
        sorted.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let whole = |key: &str| Part { key: key.to_owned(), split: None };
        let enough = sorted.iter().take_while(|(_, expected)| *expected >= 12 * ENOUGH_A_MONTH).count();
        // One alone cannot be "the others".
        let by_month = if enough + 1 == sorted.len() { enough - 1 } else { enough };
        let (large, small) = sorted.split_at(by_month);
        let by_year = Self { grain: Grain::Year, parts: small.iter().map(|(key, _)| whole(key)).collect() };
        if large.is_empty() {
            return by_year;
        }
        let mut parts: Vec<_> = large.iter().map(|(key, _)| whole(key)).collect();
        if !small.is_empty() {
            parts.push(Part { key: others.to_owned(), split: Some(by_year) });
        }
        Self { grain: Grain::Month, parts }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("{0:?} is named twice")]
    Twice(Of),
    #[error("{0:?} is split into fewer than two parts")]
    OnePart(Of),
    #[error("the parts of {0:?} are told by finer dates than it is")]
    Finer(Of),
    #[error("the parts of {0:?} do not sum to it")]
    Sum(Of),
    #[error("{0:?} has fewer than were counted before")]
    Fell(Of),
    #[error("{0:?} was told in another way this year")]
    Changed(Of),
    #[error("{0:?} cannot be told without giving away what is hidden")]
    Exposed(Of),
}

/// A measure laid out: everything that is told is a column, and each split is of one column into others.
#[derive(Debug)]
pub(super) struct Plan {
    pub columns: Vec<Column>,
    /// What is split stands before its parts' own splits.
    pub splits: Vec<Columns>,
}

#[derive(Debug)]
pub(super) struct Column {
    pub of: Of,
    pub grain: Grain,
    pub is_split: bool,
    /// How many columns lie under it: what is lost with it.
    pub under: u64,
}

#[derive(Debug)]
pub(super) struct Columns {
    pub of: usize,
    pub grain: Grain,
    pub parts: Vec<usize>,
}

impl Measure {
    pub(super) fn plan(&self) -> Result<Plan, Unfit> {
        let all = Column { of: Of::All, grain: self.grain, is_split: !self.dimensions.is_empty(), under: 0 };
        let mut plan = Plan { columns: vec![all], splits: Vec::new() };
        for dimension in &self.dimensions {
            let under = plan.lay(0, &dimension.name, &dimension.split)?;
            plan.columns[0].under += under;
        }
        let mut names = BTreeSet::new();
        match plan.columns.iter().find(|column| !names.insert(&column.of)) {
            Some(column) => Err(Unfit::Twice(column.of.clone())),
            None => Ok(plan),
        }
    }
}

impl Plan {
    /// What counts are given of: all, and each part that has no parts.
    pub fn counted(&self) -> Vec<&Of> {
        let parts = self.columns.iter().skip(1).filter(|column| !column.is_split);
        self.columns.iter().take(1).chain(parts).map(|column| &column.of).collect()
    }

    fn lay(&mut self, of: usize, dimension: &str, split: &Split) -> Result<u64, Unfit> {
        let whole = &self.columns[of];
        if split.parts.len() < 2 {
            return Err(Unfit::OnePart(whole.of.clone()));
        }
        if split.grain < whole.grain {
            return Err(Unfit::Finer(whole.of.clone()));
        }
        let first = self.columns.len();
        self.columns.extend(split.parts.iter().map(|part| Column {
            of: Of::part(dimension, &part.key),
            grain: split.grain,
            is_split: part.split.is_some(),
            under: 0,
        }));
        let parts = first..self.columns.len();
        self.splits.push(Columns { of, grain: split.grain, parts: parts.clone().collect() });
        let mut under = split.parts.len() as u64;
        for (column, part) in parts.zip(&split.parts) {
            if let Some(finer) = &part.split {
                let lost = self.lay(column, dimension, finer)?;
                self.columns[column].under = lost;
                under += lost;
            }
        }
        Ok(under)
    }
}

/// What was counted, week by week: all of it, and each part that has no parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(pub BTreeMap<Of, BTreeMap<Week, u64>>);

impl Counts {
    pub fn add(&mut self, of: Of, week: Week, count: u64) {
        *self.0.entry(of).or_default().entry(week).or_default() += count;
    }

    pub(super) fn get(&self, of: &Of, week: Week) -> u64 {
        self.0.get(of).and_then(|weeks| weeks.get(&week)).copied().unwrap_or_default()
    }

    pub(super) fn before(&self, of: &Of, open: Week) -> u64 {
        self.0.get(of).map(|weeks| weeks.range(..open).map(|(_, count)| count).sum()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_week_is_of_the_month_and_year_of_its_thursday() {
        let week = Week::of(date(2027, 1, 3));
        assert_eq!(week, Week::of(date(2026, 12, 28)));
        assert_eq!(week.at(Grain::Week).to_string(), "2026-W53");
        assert_eq!(week.at(Grain::Month).to_string(), "2026-12");
        assert!(week.ends_month() && week.ends_year());
        assert_eq!(week.next(), Week::of(date(2027, 1, 4)));
        assert_eq!(Week::of_days(-3), Week::of(date(1970, 1, 1)));
        assert_eq!(Week::of_days(20_815), week);
        assert_eq!(week.next().at(Grain::Year).to_string(), "2027");
        assert_eq!(Week::of(date(2027, 12, 30)).first_of_year(), week.next());
        assert_eq!(week.next().first_of_year(), week.next());
    }

    #[test]
    fn marks_are_the_same_everywhere() {
        let marks = [Shown::Count(17), Shown::Few, Shown::Many, Shown::Untold].map(|shown| shown.to_string());
        assert_eq!(marks, ["17", "0-4", "5+", "hidden"]);
    }

    fn keys(split: &Split) -> Vec<&str> {
        split.parts.iter().map(|part| part.key.as_str()).collect()
    }

    #[test]
    fn small_places_are_told_by_year_and_together_by_month() {
        let split = Split::by_size(&[("b", 30), ("large", 4000), ("a", 60), ("town", 400)], "others");
        assert_eq!((split.grain, keys(&split)), (Grain::Month, vec!["large", "town", "others"]));
        let others = split.parts[2].split.as_ref().map(|split| (split.grain, keys(split)));
        assert_eq!(others, Some((Grain::Year, vec!["a", "b"])));

        let alone = Split::by_size(&[("large", 4000), ("town", 400), ("a", 60)], "others");
        assert_eq!(keys(&alone), ["large", "others"]);
        let small = Split::by_size(&[("a", 60), ("b", 30)], "others");
        assert_eq!((small.grain, keys(&small)), (Grain::Year, vec!["a", "b"]));
        let large = Split::by_size(&[("large", 4000), ("town", 400)], "others");
        assert_eq!(keys(&large), ["large", "town"]);
    }

    #[test]
    fn a_measure_that_cannot_be_told_is_refused() {
        let leaf = |key: &str| Part { key: key.to_owned(), split: None };
        let measure = |grain, parts| Measure {
            grain: Grain::Month,
            dimensions: vec![Dimension { name: "place".to_owned(), split: Split { grain, parts } }],
        };
        let refusal = |measure: Measure| measure.plan().err();
        assert_eq!(refusal(measure(Grain::Month, vec![leaf("a"), leaf("b")])), None);
        assert_eq!(refusal(measure(Grain::Month, vec![leaf("a")])), Some(Unfit::OnePart(Of::All)));
        assert_eq!(refusal(measure(Grain::Week, vec![leaf("a"), leaf("b")])), Some(Unfit::Finer(Of::All)));
        let twice = Unfit::Twice(Of::part("place", "a"));
        assert_eq!(refusal(measure(Grain::Month, vec![leaf("a"), leaf("a")])), Some(twice));
    }
}
