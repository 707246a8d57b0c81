//! What is told, as it is read: screens, files and the API have nothing else.

use std::{collections::BTreeMap, sync::LazyLock};

use entities::{insight_release, words::InsightMeasure};
use sea_orm::{ActiveEnum, Iterable};
use serde::Deserialize;

use super::{model::*, releasing::Told, store};
use crate::{base::refusal::Refusal, deps::Deps};

const LICENCE: &str = "CC0-1.0";

static DEFINITIONS: LazyLock<BTreeMap<String, Definition>> = LazyLock::new(built_in);

#[expect(clippy::expect_used, reason = "built in, and read by a test")]
fn built_in() -> BTreeMap<String, Definition> {
    serde_json::from_str(include_str!("../../insight/1.json")).expect("the definitions of figures")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Definition {
    name: Words,
    is: Words,
    source: Words,
    not: Words,
    dimensions: BTreeMap<String, Words>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    sv: String,
    en: String,
}

impl From<&Words> for InTwo {
    fn from(words: &Words) -> Self {
        Self { sv: words.sv.clone(), en: words.en.clone() }
    }
}

pub async fn figures(deps: &Deps) -> Result<FigureList, Refusal> {
    let mut items = Vec::new();
    for measure in InsightMeasure::iter() {
        let releases = store::releases(deps.db.read(), measure).await?;
        let definition =
            DEFINITIONS.get(&measure.to_value()).ok_or_else(|| Refusal::fault("a measure without a definition"))?;
        items.push(of(measure, definition, &releases)?);
    }
    Ok(FigureList { demo: deps.config.demo, licence: LICENCE.to_owned(), items })
}

fn of(
    measure: InsightMeasure,
    definition: &Definition,
    releases: &[insight_release::Model],
) -> Result<Figures, Refusal> {
    let mut figures = Vec::new();
    for release in releases {
        let told: Told = serde_json::from_str(&release.told).map_err(Refusal::fault)?;
        figures.extend(told.into_iter().map(|(dimension, part, period, count)| Figure {
            part: (!dimension.is_empty()).then_some(part),
            dimension: (!dimension.is_empty()).then_some(dimension),
            period,
            count,
        }));
    }
    let last = releases.last();
    let dimensions = definition.dimensions.iter();
    Ok(Figures {
        measure,
        name: (&definition.name).into(),
        is: (&definition.is).into(),
        source: (&definition.source).into(),
        not: (&definition.not).into(),
        dimensions: dimensions.map(|(name, is)| FigureDimension { dimension: name.clone(), is: is.into() }).collect(),
        through: last.map(|row| row.through.clone()),
        released_at: last.map(|row| row.released_at),
        figures,
    })
}

/// All figures are codes and marks: nothing in a row has to be quoted.
pub fn table(list: &FigureList) -> String {
    let mut table = String::from("demo,measure,dimension,part,period,count\n");
    for measure in &list.items {
        for figure in &measure.figures {
            let part = |part: &Option<String>| part.clone().unwrap_or_default();
            let (dimension, part) = (part(&figure.dimension), part(&figure.part));
            let (demo, of) = (list.demo, measure.measure.to_value());
            table += &format!("{demo},{of},{dimension},{part},{},{}\n", figure.period, figure.count);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::{super::layout::layout, *};

    #[test]
    fn each_dimension_is_defined_in_both_languages() {
        for measure in InsightMeasure::iter() {
            let told = layout(measure).dimensions;
            let defined = &DEFINITIONS[&measure.to_value()].dimensions;
            let names: Vec<_> = told.iter().map(|dimension| &dimension.name).collect();
            assert_eq!(names.len(), defined.len());
            assert!(names.iter().all(|name| defined.contains_key(*name)), "{names:?}");
        }
    }
}
