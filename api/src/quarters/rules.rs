//! When the chat is open, from what leads have set and a moment alone, and how the patrol stands to a quarter. Times of day
//! are Swedish.

use std::collections::BTreeMap;

use entities::words::{QuarterStatus, ShiftTrouble, Timestamp, Weekday};
use jiff::{civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::base::refusal::Kind;

/// How far a next opening is looked for.
const FAR_DAYS: usize = 400;
/// Open for longer than this, no end is told.
const NEAR_DAYS: usize = 10;
pub const DAY_MINUTES: u16 = 24 * 60;

/// Minutes of a day. One that closes no later than it opens does so on the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    pub opens: u16,
    pub closes: u16,
}

/// A usual week, from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub valid_from: Date,
    pub spans: Vec<(Weekday, Span)>,
}

/// What a lead decided for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decided {
    pub open: bool,
    pub since: Timestamp,
    pub until: Timestamp,
}

/// All that leads have set.
#[derive(Clone, Debug, Default)]
pub struct Hours {
    pub plans: Vec<Plan>,
    /// In the place of what the plan says of openings that begin on that day.
    pub exceptions: BTreeMap<Date, Vec<Span>>,
    pub decided: Option<Decided>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    pub open: bool,
    /// When it closes, as far as an end is near.
    pub until: Option<Timestamp>,
    /// When it opens, or opens again.
    pub next: Option<Timestamp>,
}

type Range = (Timestamp, Timestamp);

pub fn weekday(day: Date) -> Weekday {
    use jiff::civil::Weekday as W;
    match day.weekday() {
        W::Monday => Weekday::Monday,
        W::Tuesday => Weekday::Tuesday,
        W::Wednesday => Weekday::Wednesday,
        W::Thursday => Weekday::Thursday,
        W::Friday => Weekday::Friday,
        W::Saturday => Weekday::Saturday,
        W::Sunday => Weekday::Sunday,
    }
}

pub fn zone() -> Result<TimeZone, jiff::Error> {
    TimeZone::get("Europe/Stockholm")
}

/// The Swedish day of a moment.
pub fn day_of(zone: &TimeZone, moment: Timestamp) -> Result<Date, jiff::Error> {
    Ok(zone.to_datetime(jiff::Timestamp::from_millisecond(moment.millis())?).date())
}

/// A time of a Swedish day. One that summer time leaves out is an hour later; of one that comes twice it is the first.
fn moment(zone: &TimeZone, day: Date, minutes: u16) -> Result<Timestamp, jiff::Error> {
    let (day, minutes) = if minutes >= DAY_MINUTES { (day.tomorrow()?, minutes - DAY_MINUTES) } else { (day, minutes) };
    let [hour, minute] = [minutes / 60, minutes % 60].map(|part| i8::try_from(part).unwrap_or_default());
    let at = zone.to_ambiguous_timestamp(day.at(hour, minute, 0, 0)).compatible()?;
    Ok(Timestamp::from_millis(at.as_millisecond()))
}

impl Hours {
    /// What begins on a day.
    fn spans(&self, day: Date) -> Vec<Span> {
        if let Some(spans) = self.exceptions.get(&day) {
            return spans.clone();
        }
        let newest = self.plans.iter().filter(|plan| plan.valid_from <= day).max_by_key(|plan| plan.valid_from);
        let weekday = weekday(day);
        newest
            .map(|plan| plan.spans.iter().filter(|(on, _)| *on == weekday).map(|(_, span)| *span).collect())
            .unwrap_or_default()
    }

    /// When it is open in the days from one on, what touches put together.
    fn ranges(&self, zone: &TimeZone, from: Date, days: usize, now: Timestamp) -> Result<Vec<Range>, jiff::Error> {
        let mut all = Vec::new();
        let mut day = from;
        for _ in 0..days {
            for Span { opens, closes } in self.spans(day) {
                let closes = if closes <= opens { closes + DAY_MINUTES } else { closes };
                all.push((moment(zone, day, opens)?, moment(zone, day, closes)?));
            }
            day = day.tomorrow()?;
        }
        if let Some(Decided { open, since, until }) = self.decided.filter(|decided| decided.until > now) {
            if open {
                all.push((since, until));
            } else {
                all.iter_mut().for_each(|range| range.0 = range.0.max(until));
            }
        }
        all.retain(|(start, end)| start < end);
        all.sort_unstable();
        let mut joined: Vec<Range> = Vec::with_capacity(all.len());
        for (start, end) in all {
            match joined.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => joined.push((start, end)),
            }
        }
        Ok(joined)
    }

    pub fn at(&self, now: Timestamp) -> Result<Opening, jiff::Error> {
        let zone = zone()?;
        // What began yesterday may last into today.
        let from = day_of(&zone, now)?.yesterday()?;
        let near = self.ranges(&zone, from, NEAR_DAYS, now)?;
        let holds = near.iter().find(|(start, end)| *start <= now && now < *end);
        let mut next = near.iter().find(|(start, _)| *start > now);
        let far;
        if next.is_none() {
            far = self.ranges(&zone, from, FAR_DAYS, now)?;
            next = far.iter().find(|(start, _)| *start > now);
        }
        // One that reaches the end of what was looked at may go on behind it.
        let mut last = from;
        for _ in 1..NEAR_DAYS {
            last = last.tomorrow()?;
        }
        let edge = moment(&zone, last, 0)?;
        let decided = self.decided.filter(|decided| decided.open).map(|decided| decided.until);
        let until = holds.map(|(_, end)| *end).filter(|end| *end < edge || decided == Some(*end));
        Ok(Opening { open: holds.is_some(), until, next: next.map(|(start, _)| *start) })
    }
}

/// A shift as far as it decides whether its officer counts.
#[derive(Clone, Copy, Debug)]
pub struct Presence {
    pub can_be_woken: bool,
    pub answered: bool,
    pub heard_at: Timestamp,
}

/// Why an officer on a shift is not counted; nothing: she is.
pub fn troubles(presence: &Presence, heard_seconds: i64, now: Timestamp) -> Vec<ShiftTrouble> {
    let unheard = now.since(presence.heard_at) > heard_seconds * 1000;
    [
        (!presence.can_be_woken, ShiftTrouble::NoAddress),
        (!presence.answered, ShiftTrouble::NotAnswered),
        (unheard, ShiftTrouble::Unheard),
    ]
    .into_iter()
    .filter_map(|(true_of_it, trouble)| true_of_it.then_some(trouble))
    .collect()
}

/// The patrol's own public account somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account(pub String);

/// How the patrol stands to a quarter. Whoever walks there, or has, has a public account: there is no other way in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    Wished(Option<Account>),
    Asked(Option<Account>),
    Active(Account),
    Resting(Account),
    Left(Account),
}

impl Standing {
    pub fn of(status: QuarterStatus, account: Option<Account>) -> Result<Self, Kind> {
        let needed = |account: Option<Account>| account.ok_or(Kind::AccountNeeded);
        Ok(match status {
            QuarterStatus::Wished => Self::Wished(account),
            QuarterStatus::Asked => Self::Asked(account),
            QuarterStatus::Active => Self::Active(needed(account)?),
            QuarterStatus::Resting => Self::Resting(needed(account)?),
            QuarterStatus::Left => Self::Left(needed(account)?),
        })
    }

    pub fn parts(self) -> (QuarterStatus, Option<Account>) {
        match self {
            Self::Wished(account) => (QuarterStatus::Wished, account),
            Self::Asked(account) => (QuarterStatus::Asked, account),
            Self::Active(account) => (QuarterStatus::Active, Some(account)),
            Self::Resting(account) => (QuarterStatus::Resting, Some(account)),
            Self::Left(account) => (QuarterStatus::Left, Some(account)),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "constants")]
mod tests {
    use super::*;

    fn span(text: &str) -> Span {
        let (opens, closes) = text.split_once('-').unwrap();
        let minutes = |time: &str| {
            let (hour, minute) = time.split_once(':').unwrap();
            hour.parse::<u16>().unwrap() * 60 + minute.parse::<u16>().unwrap()
        };
        Span { opens: minutes(opens), closes: minutes(closes) }
    }

    fn spans(texts: &[&str]) -> Vec<Span> {
        texts.iter().map(|text| span(text)).collect()
    }

    fn plan(from: &str, days: &[Weekday], texts: &[&str]) -> Plan {
        let spans = days.iter().flat_map(|day| texts.iter().map(|text| (*day, span(text)))).collect();
        Plan { valid_from: from.parse().unwrap(), spans }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn says(hours: &Hours, now: &str) -> (bool, Option<String>, Option<String>) {
        let Opening { open, until, next } = hours.at(at(now)).unwrap();
        let short = |moment: Timestamp| moment.to_string().replace(":00.000Z", "Z");
        (open, until.map(short), next.map(short))
    }

    const WEEK: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    #[test]
    fn what_is_open_when() {
        let evenings = || vec![plan("2026-01-01", &WEEK, &["16:00-22:00"])];
        let usual = Hours { plans: evenings(), ..Hours::default() };
        let friday_night =
            Hours { plans: vec![plan("2026-01-01", &[Weekday::Friday], &["20:00-02:30"])], ..Hours::default() };
        let split = Hours {
            plans: vec![plan("2026-01-01", &[Weekday::Monday], &["08:00-12:00", "12:00-13:00", "16:00-24:00"])],
            ..Hours::default()
        };
        let always = Hours { plans: vec![plan("2026-01-01", &WEEK, &["00:00-24:00"])], ..Hours::default() };
        let with = |exceptions: &[(&str, &[&str])]| Hours {
            plans: evenings(),
            exceptions: exceptions.iter().map(|(day, texts)| (day.parse().unwrap(), spans(texts))).collect(),
            decided: None,
        };
        let christmas = with(&[("2026-12-24", &[]), ("2026-12-25", &["12:00-15:00"])]);
        let mut night_before_holiday = friday_night.clone();
        night_before_holiday.exceptions.insert("2026-11-28".parse().unwrap(), vec![]);
        let decided = |open, since, until| Hours {
            decided: Some(Decided { open, since: at(since), until: at(until) }),
            ..Hours { plans: evenings(), ..Hours::default() }
        };
        let closed = decided(false, "2026-11-24T17:00:00Z", "2026-11-24T19:30:00Z");
        let closed_long = decided(false, "2026-11-24T17:00:00Z", "2026-11-26T12:00:00Z");
        let longer = decided(true, "2026-11-24T20:30:00Z", "2026-11-24T23:00:00Z");
        let early = decided(true, "2026-11-24T10:00:00Z", "2026-11-24T12:00:00Z");
        let new_plan = Hours {
            plans: vec![
                plan("2026-01-01", &WEEK, &["16:00-22:00"]),
                plan("2026-11-25", &WEEK, &["18:00-23:00"]),
                plan("2027-01-01", &[], &[]),
            ],
            ..Hours::default()
        };
        let far = Hours {
            exceptions: BTreeMap::from([("2027-06-21".parse().unwrap(), spans(&["10:00-12:00"]))]),
            ..Hours::default()
        };
        let some = |text: &str| Some(text.to_owned());

        let table = [
            ("before it opens", &usual, "2026-11-24T14:59:00Z", (false, None, some("2026-11-24T15:00Z"))),
            (
                "as it opens",
                &usual,
                "2026-11-24T15:00:00Z",
                (true, some("2026-11-24T21:00Z"), some("2026-11-25T15:00Z")),
            ),
            ("as it closes", &usual, "2026-11-24T21:00:00Z", (false, None, some("2026-11-25T15:00Z"))),
            (
                "in summer the same clock is an hour earlier",
                &usual,
                "2026-07-01T14:00:00Z",
                (true, some("2026-07-01T20:00Z"), some("2026-07-02T14:00Z")),
            ),
            (
                "the evening before summer time",
                &usual,
                "2026-03-28T20:00:00Z",
                (true, some("2026-03-28T21:00Z"), some("2026-03-29T14:00Z")),
            ),
            (
                "the evening before winter time",
                &usual,
                "2026-10-24T19:00:00Z",
                (true, some("2026-10-24T20:00Z"), some("2026-10-25T15:00Z")),
            ),
            (
                "past midnight it is still Friday's",
                &friday_night,
                "2026-11-28T00:30:00Z",
                (true, some("2026-11-28T01:30Z"), some("2026-12-04T19:00Z")),
            ),
            ("and over then", &friday_night, "2026-11-28T01:30:00Z", (false, None, some("2026-12-04T19:00Z"))),
            (
                "a closed Saturday leaves Friday's night",
                &night_before_holiday,
                "2026-11-28T00:30:00Z",
                (true, some("2026-11-28T01:30Z"), some("2026-12-04T19:00Z")),
            ),
            (
                "what touches is one",
                &split,
                "2026-11-23T08:00:00Z",
                (true, some("2026-11-23T12:00Z"), some("2026-11-23T15:00Z")),
            ),
            (
                "until midnight",
                &split,
                "2026-11-23T16:00:00Z",
                (true, some("2026-11-23T23:00Z"), some("2026-11-30T07:00Z")),
            ),
            ("always open, no end is near", &always, "2026-11-24T03:00:00Z", (true, None, None)),
            ("a holiday", &christmas, "2026-12-24T17:00:00Z", (false, None, some("2026-12-25T11:00Z"))),
            (
                "other hours on a holiday",
                &christmas,
                "2026-12-25T12:00:00Z",
                (true, some("2026-12-25T14:00Z"), some("2026-12-26T15:00Z")),
            ),
            ("closed for now", &closed, "2026-11-24T18:00:00Z", (false, None, some("2026-11-24T19:30Z"))),
            (
                "and open again",
                &closed,
                "2026-11-24T19:30:00Z",
                (true, some("2026-11-24T21:00Z"), some("2026-11-25T15:00Z")),
            ),
            ("closed for days", &closed_long, "2026-11-24T18:00:00Z", (false, None, some("2026-11-26T15:00Z"))),
            (
                "open longer",
                &longer,
                "2026-11-24T22:00:00Z",
                (true, some("2026-11-24T23:00Z"), some("2026-11-25T15:00Z")),
            ),
            ("and closed then", &longer, "2026-11-24T23:00:00Z", (false, None, some("2026-11-25T15:00Z"))),
            (
                "open out of hours",
                &early,
                "2026-11-24T11:00:00Z",
                (true, some("2026-11-24T12:00Z"), some("2026-11-24T15:00Z")),
            ),
            (
                "the old plan on its last day",
                &new_plan,
                "2026-11-24T16:00:00Z",
                (true, some("2026-11-24T21:00Z"), some("2026-11-25T17:00Z")),
            ),
            ("a plan without hours ends all", &new_plan, "2026-12-31T22:30:00Z", (false, None, None)),
            ("far ahead", &far, "2026-11-24T16:00:00Z", (false, None, some("2027-06-21T08:00Z"))),
            ("never again", &far, "2027-06-22T16:00:00Z", (false, None, None)),
            ("nothing was set", &Hours::default(), "2026-11-24T16:00:00Z", (false, None, None)),
        ];
        for (what, hours, now, expected) in table {
            assert_eq!(says(hours, now), expected, "{what}");
        }
    }

    #[test]
    fn the_hour_that_is_left_out_and_the_one_that_comes_twice() {
        let night = |text: &str| Hours { plans: vec![plan("2026-01-01", &WEEK, &[text])], ..Hours::default() };
        // 2026-03-29, 02:00 is 03:00.
        assert_eq!(says(&night("23:00-02:30"), "2026-03-29T00:45:00Z").1.as_deref(), Some("2026-03-29T01:30Z"));
        assert_eq!(says(&night("02:15-05:00"), "2026-03-29T01:10:00Z").2.as_deref(), Some("2026-03-29T01:15Z"));
        // 2026-10-25, 03:00 is 02:00: it closes the first time that clocks say so.
        assert_eq!(says(&night("23:00-02:30"), "2026-10-25T00:20:00Z").1.as_deref(), Some("2026-10-25T00:30Z"));
        assert!(!says(&night("23:00-02:30"), "2026-10-25T01:20:00Z").0);
        // A whole night has an hour less or more.
        let lasts = |now: &str| {
            let Opening { until, .. } = night("20:00-08:00").at(at(now)).unwrap();
            until.unwrap().since(at(now)) / 3_600_000
        };
        assert_eq!(
            (lasts("2026-03-28T19:00:00Z"), lasts("2026-10-24T18:00:00Z"), lasts("2026-11-24T19:00:00Z")),
            (11, 13, 12)
        );
    }

    #[test]
    fn who_counts_as_there() {
        use ShiftTrouble::*;
        let now = at("2026-11-24T20:00:00Z");
        let table = [
            ("all is well", true, true, 0, vec![]),
            ("at the last second", true, true, 300, vec![]),
            ("a second later", true, true, 301, vec![Unheard]),
            ("a phone that cannot be woken", false, true, 0, vec![NoAddress]),
            ("an alarm that was not answered", true, false, 0, vec![NotAnswered]),
            ("nothing at all", false, false, 900, vec![NoAddress, NotAnswered, Unheard]),
        ];
        for (what, can_be_woken, answered, ago, expected) in table {
            let presence = Presence { can_be_woken, answered, heard_at: now.plus_seconds(-ago) };
            assert_eq!(troubles(&presence, 300, now), expected, "{what}");
        }
    }
}
