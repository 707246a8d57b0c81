use entities::words::{InsightMeasure, Timestamp};
use poem_openapi::Object;

/// What the trial has shown. A figure stands as it was told first, in each release since.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct FigureList {
    /// Nobody wrote what is counted: it is a demo's, or simulated.
    pub demo: bool,
    /// Under which licence the figures may be used.
    pub licence: String,
    pub items: Vec<Figures>,
}

/// All that was told of one measure.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Figures {
    pub measure: InsightMeasure,
    pub name: InTwo,
    /// What is counted, and when.
    pub is: InTwo,
    pub source: InTwo,
    /// What it does not show.
    pub not: InTwo,
    pub dimensions: Vec<FigureDimension>,
    /// The last week that is told of, as `2026-W48`. Nothing: nothing is told yet.
    pub through: Option<String>,
    pub released_at: Option<Timestamp>,
    pub figures: Vec<Figure>,
}

/// Along which figures are told.
#[derive(Clone, Debug, PartialEq, Object)]
pub struct FigureDimension {
    pub dimension: String,
    pub is: InTwo,
}

/// The same in Swedish and English.
#[derive(Clone, Debug, PartialEq, Object)]
pub struct InTwo {
    pub sv: String,
    pub en: String,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Figure {
    /// Nothing: all of the measure.
    pub dimension: Option<String>,
    pub part: Option<String>,
    /// A week as `2026-W48`, a month as `2026-11` or a year; months and years are of whole weeks, each where its Thursday is.
    pub period: String,
    /// A number; `0-4`; `5+`, which is five or more and hidden; or `hidden`.
    pub count: String,
}
