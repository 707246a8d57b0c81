//! What has been released, and what comes next. A release tells the weeks that are over since the last one, and each month
//! and year that ended with them. What was told stays as it was told; whatever is counted late, for a week that has been
//! told, counts in the first week that has not.

use std::collections::BTreeMap;

use super::{
    suppress::{Cell, Span, Year},
    tables::{Counts, Grain, Measure, Of, Period, Plan, Shown, Unfit, Week},
};

/// All that was ever released of one measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released {
    pub first: Week,
    /// The first week that is not told.
    pub open: Week,
    /// What is told. Screens, files and the API have nothing else to show.
    pub cells: BTreeMap<(Of, Period), Shown>,
    /// What was counted when it was told. Leaves for nobody.
    pub counted: Counts,
}

impl Released {
    pub fn starting(first: Week) -> Self {
        Self { first, open: first, cells: BTreeMap::new(), counted: Counts::default() }
    }

    /// Tells the weeks through one that is over. The measure may be split in another way from one year to the next; within
    /// a year parts may only be added.
    pub fn next(&self, measure: &Measure, counts: &Counts, through: Week) -> Result<Self, Unfit> {
        let plan = measure.plan()?;
        let mut released = self.clone();
        while released.open <= through {
            let mut last = released.open;
            while last < through && !last.ends_year() {
                last = last.next();
            }
            released.settle(&plan, counts, last)?;
            released.tell(&plan, last)?;
        }
        Ok(released)
    }

    /// Takes over what was counted since, and puts what came late into the first open week.
    fn settle(&mut self, plan: &Plan, counts: &Counts, last: Week) -> Result<(), Unfit> {
        let told: Vec<_> = self.counted.0.keys().cloned().collect();
        let counted = plan.counted();
        if let Some(of) = told.into_iter().find(|of| !counted.contains(&of)) {
            return Err(Unfit::Changed(of));
        }
        for of in counted {
            let before = self.counted.before(of, self.open);
            let late = counts.before(of, self.open).checked_sub(before).ok_or_else(|| Unfit::Fell(of.clone()))?;
            self.counted.add(of.clone(), self.open, late);
            let mut week = self.open;
            while week <= last {
                self.counted.add(of.clone(), week, counts.get(of, week));
                week = week.next();
            }
        }
        Ok(())
    }

    fn tell(&mut self, plan: &Plan, last: Week) -> Result<(), Unfit> {
        let spans = self.spans(last);
        let cells = self.laid_out(plan, &spans)?;
        let mut year = Year { plan, spans, cells };
        year.decide()?;
        for (column, cells) in plan.columns.iter().zip(&year.cells) {
            for (span, cell) in year.spans.iter().zip(cells).filter(|(span, _)| span.is_new) {
                self.cells.extend(cell.shown.map(|shown| ((column.of.clone(), span.period), shown)));
            }
        }
        self.open = last.next();
        Ok(())
    }

    /// The year of a week through it: weeks, the months that they are in, the year.
    fn spans(&self, last: Week) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        let mut tops = BTreeMap::new();
        for grain in [Grain::Year, Grain::Month, Grain::Week] {
            let mut week = self.first.max(last.first_of_year());
            while week <= last {
                let period = week.at(grain);
                let ends = match grain {
                    Grain::Week => true,
                    Grain::Month => week.ends_month(),
                    Grain::Year => week.ends_year(),
                };
                let at = *tops.entry(period).or_insert_with(|| {
                    spans.push(Span { period, grain, up: None, is_over: false, is_new: false });
                    spans.len() - 1
                });
                spans[at].up = match grain {
                    Grain::Week => tops.get(&week.at(Grain::Month)).copied(),
                    Grain::Month => tops.get(&week.at(Grain::Year)).copied(),
                    Grain::Year => None,
                };
                spans[at].is_over |= ends;
                spans[at].is_new |= ends && week >= self.open;
                week = week.next();
            }
        }
        spans
    }

    /// What was counted and what has been told of it, by column and span.
    fn laid_out(&self, plan: &Plan, spans: &[Span]) -> Result<Vec<Vec<Cell>>, Unfit> {
        let known: BTreeMap<_, _> = spans.iter().enumerate().map(|(at, span)| (span.period, at)).collect();
        let mut cells = vec![vec![Cell { count: 0, shown: None }; spans.len()]; plan.columns.len()];
        for (column, cells) in plan.columns.iter().zip(&mut cells) {
            for (week, count) in self.counted.0.get(&column.of).into_iter().flatten() {
                let mut at = known.get(&week.at(Grain::Week)).copied();
                while let Some(span) = at {
                    cells[span].count += count;
                    at = spans[span].up;
                }
            }
        }
        for split in plan.splits.iter().rev() {
            for (span, _) in spans.iter().enumerate() {
                let sum = split.parts.iter().map(|part| cells[*part][span].count).sum();
                let whole = &mut cells[split.of][span].count;
                if split.of == 0 && *whole != sum {
                    return Err(Unfit::Sum(Of::All));
                }
                *whole = sum;
            }
        }
        let columns: BTreeMap<_, _> = plan.columns.iter().enumerate().map(|(at, column)| (&column.of, at)).collect();
        for ((of, period), shown) in &self.cells {
            let Some(&span) = known.get(period) else { continue };
            let changed = || Unfit::Changed(of.clone());
            let &column = columns.get(of).ok_or_else(changed)?;
            let cell = &mut cells[column][span];
            if spans[span].grain < plan.columns[column].grain || !shown.is_true_of(cell.count) {
                return Err(changed());
            }
            cell.shown = Some(*shown);
        }
        for (column, cells) in plan.columns.iter().zip(&cells) {
            for (span, cell) in spans.iter().zip(cells) {
                let is_told = span.is_over && !span.is_new && span.grain >= column.grain;
                if is_told && cell.shown.is_none() && cell.count > 0 {
                    return Err(Unfit::Changed(column.of.clone()));
                }
            }
        }
        Ok(cells)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "constants")]
mod tests {
    use rand::{RngExt, SeedableRng, rngs::StdRng};

    use super::*;
    use crate::insight::{
        attacker::{Attacker, Found},
        simulated::{any, last_week, leaf, region, weeks},
        tables::{Dimension, Part, Split},
    };

    fn by_place(grain: Grain, split: Grain, parts: Vec<Part>) -> Measure {
        let dimensions = vec![Dimension { name: "place".to_owned(), split: Split { grain: split, parts } }];
        Measure { grain, dimensions }
    }

    /// Counts of places, week by week from a first one.
    fn counted(first: Week, places: &[(&str, &[u64])]) -> Counts {
        let mut counts = Counts::default();
        for (place, by_week) in places {
            let mut week = first;
            for count in *by_week {
                counts.add(Of::All, week, *count);
                counts.add(Of::part("place", place), week, *count);
                week = week.next();
            }
        }
        counts
    }

    fn released(measure: &Measure, places: &[(&str, &[u64])]) -> Released {
        let first = weeks()[0];
        let last = weeks()[places[0].1.len() - 1];
        Released::starting(first).next(measure, &counted(first, places), last).unwrap()
    }

    /// The marks of a row or column, as they are read.
    fn told(released: &Released, place: &str, grain: Grain) -> String {
        let of = if place == "all" { Of::All } else { Of::part("place", place) };
        let is_at = |period: &Period| match period {
            Period::Week(_) => grain == Grain::Week,
            Period::Month { .. } => grain == Grain::Month,
            Period::Year(_) => grain == Grain::Year,
        };
        let cells = released.cells.iter().filter(|((told, period), _)| *told == of && is_at(period));
        cells.map(|(_, shown)| shown.to_string()).collect::<Vec<_>>().join(" ")
    }

    fn releases(
        measure: &Measure,
        counts: &Counts,
        weeks: &[Week],
        mut is_release: impl FnMut(Week) -> bool,
    ) -> Vec<Released> {
        let mut all = vec![Released::starting(weeks[0])];
        for week in weeks {
            if is_release(*week) || Some(week) == weeks.last() {
                all.push(all.last().unwrap().next(measure, counts, *week).unwrap());
            }
        }
        all
    }

    #[test]
    fn few_are_told_as_few_and_one_beside_them_is_hidden() {
        let measure = by_place(Grain::Month, Grain::Month, vec![leaf("a"), leaf("b"), leaf("c")]);
        for few in [0, 4] {
            let month = released(&measure, &[("a", &[few, 0, 0, 0]), ("b", &[5, 5, 5, 5]), ("c", &[9, 20, 9, 9])]);
            let marks = ["a", "b", "c", "all"].map(|place| told(&month, place, Grain::Month));
            assert_eq!(marks, ["0-4", "5+", "47", &(67 + few).to_string()]);
        }
    }

    #[test]
    fn parts_of_what_is_hidden_are_hidden() {
        let measure = by_place(Grain::Week, Grain::Week, vec![leaf("a"), leaf("b")]);
        let month = released(&measure, &[("a", &[1, 9, 20, 20]), ("b", &[2, 8, 20, 20])]);
        assert_eq!(told(&month, "all", Grain::Week), "0-4 5+ 40 40");
        assert_eq!(told(&month, "a", Grain::Week), "0-4 hidden 20 20");
        assert_eq!(told(&month, "b", Grain::Week), "0-4 hidden 20 20");
        assert_eq!(told(&month, "all", Grain::Month), "100");
        assert_eq!(told(&month, "a", Grain::Month), "50");
    }

    #[test]
    fn a_sum_is_not_told_that_says_what_is_in_hidden_rows() {
        let measure = by_place(Grain::Week, Grain::Week, vec![leaf("a"), leaf("b"), leaf("c")]);
        let month = released(&measure, &[("a", &[0, 0, 20, 20]), ("b", &[1, 9, 20, 20]), ("c", &[2, 9, 20, 20])]);
        assert_eq!(told(&month, "a", Grain::Week), "0-4 hidden 5+ 20");
        assert_eq!(told(&month, "a", Grain::Month), "40");
        assert_nobody_found(&measure, &month);
    }

    #[test]
    fn a_row_whose_marks_would_tell_is_hidden_whole() {
        let measure = by_place(Grain::Month, Grain::Month, vec![leaf("a"), leaf("b")]);
        let month = released(&measure, &[("a", &[2, 2, 1, 1]), ("b", &[0, 0, 0, 0])]);
        let marks = ["a", "b", "all"].map(|place| told(&month, place, Grain::Month));
        assert_eq!(marks, ["hidden", "hidden", "6"]);
    }

    #[test]
    fn a_place_with_one_quiet_month_has_another_hidden_and_its_year_told() {
        let measure = by_place(Grain::Month, Grain::Month, vec![leaf("a"), leaf("b"), leaf("c")]);
        let mut counts = Counts::default();
        for week in weeks() {
            let is_july = week.at(Grain::Month).to_string() == "2027-07";
            for (place, count) in [("a", if is_july { 0 } else { 6 }), ("b", 10), ("c", 80)] {
                counts.add(Of::All, week, count);
                counts.add(Of::part("place", place), week, count);
            }
        }
        let year = releases(&measure, &counts, &weeks(), Week::ends_month).pop().unwrap();
        assert_eq!(told(&year, "a", Grain::Month), "24 24 24 30 24 24 0-4 5+ 30 24 24 30");
        assert_eq!(told(&year, "b", Grain::Month), "40 40 40 50 40 40 5+ 5+ 50 40 40 50");
        let years = ["a", "b", "c", "all"].map(|place| told(&year, place, Grain::Year));
        assert_eq!(years, ["282", "520", "4160", "4962"]);
    }

    #[test]
    fn nobody_finds_a_hidden_count_in_any_release() {
        let (mut hidden, mut untold) = (0, 0);
        // The last ones found faults once.
        for seed in (0..20).chain([38, 59, 131, 138]) {
            let mut chance = StdRng::seed_from_u64(seed);
            let (measure, counts, weeks) = any(&mut chance);
            let by_month = chance.random_bool(0.5);
            let is_release = |week: Week| if by_month { week.ends_month() } else { chance.random_bool(0.7) };
            for pair in releases(&measure, &counts, &weeks, is_release).windows(2) {
                let [before, after] = pair else { continue };
                let stays = |(cell, shown)| after.cells.get(cell) == Some(shown);
                assert!(before.cells.iter().all(stays), "seed {seed}: what was released was changed");
                let found = Attacker::of(&measure, after, seed % 2 == 0).works_out();
                let exposed: Vec<_> = found.iter().filter(|found| found.is_exposed()).map(Found::to_string).collect();
                assert!(exposed.is_empty(), "seed {seed}, before {:?}: {exposed:?}", after.open);
                hidden += found.len();
                untold += after.cells.values().filter(|shown| **shown == Shown::Untold).count();
            }
        }
        assert!(hidden > 800 && untold > 50, "too little was hidden to prove anything: {hidden}, {untold}");
    }

    #[test]
    fn hiding_few_alone_gives_them_away() {
        let mut exposed = 0;
        for seed in 0..20 {
            let (measure, counts, weeks) = any(&mut StdRng::seed_from_u64(seed));
            let mut naive = releases(&measure, &counts, &weeks, Week::ends_month).pop().unwrap();
            let plan = measure.plan().unwrap();
            let bare = Released { cells: BTreeMap::new(), open: naive.first, ..naive.clone() };
            let spans = bare.spans(last_week());
            let cells = bare.laid_out(&plan, &spans).unwrap();
            for (column, cells) in plan.columns.iter().zip(cells) {
                for (span, cell) in spans.iter().zip(cells) {
                    if let Some(shown) = naive.cells.get_mut(&(column.of.clone(), span.period)) {
                        *shown = if cell.count <= 4 { Shown::Few } else { Shown::Count(cell.count) };
                    }
                }
            }
            let found = Attacker::of(&measure, &naive, false).works_out();
            exposed += found.iter().filter(|found| found.is_exposed() && found.least == found.most).count();
        }
        assert!(exposed > 100, "the attacker found {exposed} only: it is no use as a judge");
    }

    #[test]
    fn nobody_finds_a_hidden_count_in_a_year_of_a_region() {
        for (a_week, least_told) in [(120.0, 0.99), (40.0, 0.95), (12.0, 0.85), (3.0, 0.5)] {
            let (measure, counts) = region(a_week);
            for by_month in [true, false] {
                let year = releases(&measure, &counts, &weeks(), |week| !by_month || week.ends_month()).pop().unwrap();
                assert_nobody_found(&measure, &year);
                let share = share_told(&measure, &year);
                assert!(!by_month || share >= least_told, "{a_week} a week: {share} of what happened is told");
            }
        }
    }

    #[test]
    fn nobody_finds_a_hidden_count_where_44_places_are_told_by_month() {
        let (mut measure, counts) = region(120.0);
        let places: Vec<_> = (1..=44).map(|place| leaf(&format!("m{place:02}"))).collect();
        measure.dimensions.truncate(1);
        measure.dimensions[0].split = Split { grain: Grain::Month, parts: places };
        let year = releases(&measure, &counts, &weeks(), Week::ends_month).pop().unwrap();
        assert_nobody_found(&measure, &year);
        let share = share_told(&measure, &year);
        assert!(share > 0.95, "{share} of what happened is told");
    }

    fn assert_nobody_found(measure: &Measure, released: &Released) {
        let found = Attacker::of(measure, released, false).works_out();
        let exposed: Vec<_> = found.iter().filter(|found| found.is_exposed()).map(Found::to_string).collect();
        assert!(exposed.is_empty(), "of {}: {exposed:?}", found.len());
    }

    /// How much of what happened stands in counts that are told, over all tables.
    fn share_told(measure: &Measure, released: &Released) -> f64 {
        let plan = measure.plan().unwrap();
        let spans = released.spans(last_week());
        let cells = released.laid_out(&plan, &spans).unwrap();
        let (mut told, mut all) = (0, 0);
        for cell in cells.iter().flatten().filter(|cell| cell.shown.is_some()) {
            all += cell.count;
            told += if matches!(cell.shown, Some(Shown::Count(_))) { cell.count } else { 0 };
        }
        told as f64 / all as f64
    }

    #[test]
    fn what_comes_late_counts_in_the_first_open_week() {
        let measure = by_place(Grain::Month, Grain::Month, vec![leaf("a"), leaf("b")]);
        let first = weeks()[0];
        let mut counts = counted(first, &[("a", &[9; 8]), ("b", &[7; 8])]);
        let january = Released::starting(first).next(&measure, &counts, weeks()[3]).unwrap();
        assert_eq!(told(&january, "a", Grain::Month), "36");

        counts.add(Of::All, weeks()[1], 3);
        counts.add(Of::part("place", "a"), weeks()[1], 3);
        let february = january.next(&measure, &counts, weeks()[7]).unwrap();
        assert_eq!(told(&february, "a", Grain::Month), "36 39");
        assert_eq!(told(&february, "b", Grain::Month), "28 28");
        assert_eq!(told(&february, "all", Grain::Month), "64 67");
        assert_eq!(february.next(&measure, &counts, weeks()[7]).unwrap(), february);
    }

    #[test]
    fn a_place_may_be_added_within_a_year_and_the_split_changed_with_the_next() {
        let few = by_place(Grain::Month, Grain::Month, vec![leaf("a"), leaf("b")]);
        let more = by_place(Grain::Month, Grain::Month, vec![leaf("a"), leaf("b"), leaf("c")]);
        let grouped = Split { grain: Grain::Year, parts: vec![leaf("b"), leaf("c")] };
        let other = Part { key: "others".to_owned(), split: Some(grouped) };
        let other = by_place(Grain::Month, Grain::Month, vec![leaf("a"), other]);
        let first = weeks()[44];
        let new = [0, 0, 0, 0, 8, 8, 8, 8, 8, 8, 8, 8];
        let counts = counted(first, &[("a", &[9; 12]), ("b", &[7; 12]), ("c", &new)]);

        let november =
            Released::starting(first).next(&few, &counted(first, &[("a", &[9; 3]), ("b", &[7; 3])]), weeks()[46]);
        let november = november.unwrap();
        assert!(matches!(november.next(&other, &counts, last_week()), Err(Unfit::Changed(_))));
        assert!(matches!(november.next(&few, &counts, last_week()), Err(Unfit::Sum(Of::All))));
        let december = november.next(&more, &counts, last_week()).unwrap();
        assert_eq!(told(&december, "c", Grain::Month), "32");
        let january = december.next(&other, &counts, last_week().next().next().next().next());
        assert_eq!(told(&january.unwrap(), "others", Grain::Month), "60");
    }

    #[test]
    fn what_was_counted_cannot_become_less() {
        let measure = by_place(Grain::Month, Grain::Month, vec![leaf("a"), leaf("b")]);
        let first = weeks()[0];
        let january = released(&measure, &[("a", &[9; 4]), ("b", &[7; 4])]);
        let fewer = counted(first, &[("a", &[8; 8]), ("b", &[7; 8])]);
        assert_eq!(january.next(&measure, &fewer, weeks()[7]), Err(Unfit::Fell(Of::All)));
    }
}
