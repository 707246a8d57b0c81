//! How what is counted is told: along which dimensions, by which parts, and by how fine dates each.

use entities::words::{CameBy, EventKind, InsightMeasure, OutcomeCode, SurveyAnswer};
use sea_orm::{ActiveEnum, Iterable};

use super::{
    counting::{NEEDS, WAITS, blocks},
    tables::{Dimension, Grain, Measure, Part, Split},
};

fn split(grain: Grain, parts: impl IntoIterator<Item = String>) -> Split {
    Split { grain, parts: parts.into_iter().map(|key| Part { key, split: None }).collect() }
}

fn codes<C: ActiveEnum<Value = String> + Iterable>() -> impl Iterator<Item = String> {
    C::iter().map(|code| code.to_value())
}

fn named<const N: usize>(names: [&str; N]) -> impl Iterator<Item = String> {
    names.map(str::to_owned).into_iter()
}

fn dimension(name: &str, split: Split) -> Dimension {
    Dimension { name: name.to_owned(), split }
}

/// By month whether somebody was met, and by year when in the week.
fn need() -> Split {
    let when = |need: &str| Some(split(Grain::Year, blocks().map(|block| format!("{need}/{block}"))));
    let parts = NEEDS.map(|need| Part { key: need.to_owned(), split: when(need) });
    Split { grain: Grain::Month, parts: parts.into() }
}

pub fn layout(measure: InsightMeasure) -> Measure {
    let said = || split(Grain::Month, named(["not-asked", "no-answer"]).chain(codes::<SurveyAnswer>()));
    let dimensions = match measure {
        InsightMeasure::Talks => vec![
            dimension("need", need()),
            dimension("came-by", split(Grain::Month, named(["app"]).chain(codes::<CameBy>()))),
            dimension("wait", split(Grain::Month, named(WAITS))),
            dimension("outcome", split(Grain::Year, named(["open", "untold"]).chain(codes::<OutcomeCode>()))),
            dimension("would-have-called", said()),
            dimension("would-have-told", said()),
            dimension("helped", said()),
        ],
        InsightMeasure::Reports => vec![
            dimension("kind", split(Grain::Year, codes::<EventKind>())),
            dimension(
                "came-of-it",
                split(Grain::Year, named(["open", "untold", "passed-on", "registered"]).chain(codes::<OutcomeCode>())),
            ),
        ],
    };
    Measure { grain: Grain::Week, dimensions }
}
