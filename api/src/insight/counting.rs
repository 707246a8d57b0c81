//! What is counted of a talk and of a report: pure functions of what is known of it, in codes. Each dimension has exactly one part for each.

use entities::words::{CameBy, EventKind, OutcomeCode, SurveyAnswer, Timestamp};
use jiff::{civil::Date, tz::TimeZone};
use sea_orm::ActiveEnum;
use serde::{Deserialize, Serialize};

use crate::{chat::CountedTalk, reports::CountedReport};

/// How long after something began its figures may still change.
pub const SETTLES_SECONDS: i64 = 28 * 24 * 3600;
/// A day has six parts.
const HOURS_A_PART: i8 = 4;

/// A dimension and the part of it.
pub type Parts = Vec<(&'static str, String)>;

/// When something began, as coarse as it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Began {
    /// Days from 1970 to the Monday of its week.
    pub week: i32,
    weekday: i8,
    part_of_day: i8,
}

pub fn began(zone: &TimeZone, at: Timestamp) -> Result<Began, jiff::Error> {
    let local = zone.to_datetime(jiff::Timestamp::from_millisecond(at.millis())?);
    let weekday = local.weekday().to_monday_zero_offset();
    let days = local.date().since(Date::constant(1970, 1, 1))?.get_days();
    Ok(Began { week: days - i32::from(weekday), weekday, part_of_day: local.hour() / HOURS_A_PART })
}

/// `3-16`: a Thursday from four to eight in the evening.
fn block(weekday: i8, part_of_day: i8) -> String {
    format!("{}-{:02}", weekday + 1, part_of_day * HOURS_A_PART)
}

/// All of a week.
pub fn blocks() -> impl Iterator<Item = String> {
    (0..7).flat_map(|weekday| (0..24 / HOURS_A_PART).map(move |part| block(weekday, part)))
}

/// Whether a youth met somebody, and how long she waited for an answer.
pub const NEEDS: [&str; 4] = ["met", "while-closed", "unanswered", "never-returned"];
pub const WAITS: [&str; 5] = ["1-minute", "5-minutes", "1-hour", "longer", "unanswered"];

fn code<C: ActiveEnum<Value = String>>(code: C) -> String {
    code.to_value()
}

/// What is kept of a talk until it is settled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Talk {
    weekday: i8,
    part_of_day: i8,
    /// The chat was open when it began; what is decided for now stands nowhere later.
    open: bool,
    came_by: Option<CameBy>,
    waited_seconds: Option<i64>,
    answer_read: bool,
    closed: bool,
    outcome: Option<OutcomeCode>,
    unsurveyed: bool,
    would_have_called: Option<SurveyAnswer>,
    would_have_told: Option<SurveyAnswer>,
    helped: Option<SurveyAnswer>,
}

impl Talk {
    pub fn of(row: &CountedTalk, began: Began, open: bool) -> Self {
        Self {
            weekday: began.weekday,
            part_of_day: began.part_of_day,
            open,
            came_by: row.came_by,
            waited_seconds: row.answered_at.map(|at| at.since(row.opened_at).max(0) / 1000),
            answer_read: row.answer_read,
            closed: row.closed,
            outcome: row.outcome,
            unsurveyed: row.unsurveyed,
            would_have_called: row.would_have_called,
            would_have_told: row.would_have_told,
            helped: row.helped,
        }
    }

    pub fn was_open(&self) -> bool {
        self.open
    }

    /// Whether she met somebody, and if not, how it went.
    fn need(&self) -> &'static str {
        match (self.open, self.waited_seconds, self.answer_read) {
            (false, ..) => "while-closed",
            (true, None, _) => "unanswered",
            (true, Some(_), false) => "never-returned",
            (true, Some(_), true) => "met",
        }
    }

    fn wait(&self) -> &'static str {
        match self.waited_seconds {
            None => "unanswered",
            Some(..=60) => "1-minute",
            Some(61..=300) => "5-minutes",
            Some(301..=3600) => "1-hour",
            Some(_) => "longer",
        }
    }

    /// The last two are asked when the talk is over and was answered.
    fn said(&self, answer: Option<SurveyAnswer>, asked: bool) -> String {
        match answer {
            _ if self.unsurveyed || !asked => "not-asked".to_owned(),
            None => "no-answer".to_owned(),
            Some(answer) => code(answer),
        }
    }

    pub fn parts(&self) -> Parts {
        let over = self.closed && self.waited_seconds.is_some();
        let need = self.need();
        vec![
            ("need", format!("{need}/{}", block(self.weekday, self.part_of_day))),
            ("came-by", self.came_by.map_or_else(|| "app".to_owned(), code)),
            ("wait", self.wait().to_owned()),
            ("outcome", self.outcome.map_or_else(|| if self.closed { "untold" } else { "open" }.to_owned(), code)),
            ("would-have-called", self.said(self.would_have_called, true)),
            ("would-have-told", self.said(self.would_have_told, over)),
            ("helped", self.said(self.helped, over)),
        ]
    }
}

/// What is kept of a report until it is settled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    event_kind: EventKind,
    registered: bool,
    passed_on: bool,
    closed: bool,
    outcome: Option<OutcomeCode>,
}

impl Report {
    pub fn of(row: &CountedReport) -> Self {
        Self {
            event_kind: row.event_kind,
            registered: row.registered,
            passed_on: row.passed_on,
            closed: row.closed,
            outcome: row.outcome,
        }
    }

    /// What came of it; the first that holds.
    fn came_of_it(&self) -> String {
        match (self.registered, self.outcome) {
            (true, _) => "registered".to_owned(),
            (false, Some(outcome)) => code(outcome),
            (false, None) if self.passed_on => "passed-on".to_owned(),
            (false, None) if self.closed => "untold".to_owned(),
            (false, None) => "open".to_owned(),
        }
    }

    pub fn parts(&self) -> Parts {
        vec![("kind", code(self.event_kind)), ("came-of-it", self.came_of_it())]
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "constants")]
mod tests {
    use super::*;

    #[test]
    fn a_week_begins_on_a_swedish_monday() {
        let zone = TimeZone::get("Europe/Stockholm").unwrap();
        let at = |text: &str| began(&zone, text.parse().unwrap()).unwrap();
        // The last minute of a summer's Sunday, and the first of its Monday.
        let (sunday, monday) = (at("2026-06-28T21:59:00Z"), at("2026-06-28T22:00:00Z"));
        assert_eq!(monday.week - sunday.week, 7);
        assert_eq!(block(sunday.weekday, sunday.part_of_day), "7-20");
        assert_eq!(block(monday.weekday, monday.part_of_day), "1-00");
        assert_eq!(monday.week, at("2026-07-05T21:00:00Z").week);
        assert_eq!(at("1969-12-31T23:00:00Z").week, -3, "1970 began on a Thursday");
    }
}
