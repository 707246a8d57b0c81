use entities::words::InsightMeasure;
use poem_openapi::types::Example;

use super::model::*;
use crate::http::story::*;

fn in_two(sv: &str, en: &str) -> InTwo {
    InTwo { sv: sv.to_owned(), en: en.to_owned() }
}

impl Example for FigureList {
    fn example() -> Self {
        let figure = |of: Option<(&str, &str)>, period: &str, count: &str| Figure {
            dimension: of.map(|(dimension, _)| dimension.to_owned()),
            part: of.map(|(_, part)| part.to_owned()),
            period: period.to_owned(),
            count: count.to_owned(),
        };
        let wait = in_two("Tiden till första svar.", "The time to the first answer.");
        Self {
            demo: false,
            licence: "CC0-1.0".to_owned(),
            items: vec![Figures {
                measure: InsightMeasure::Talks,
                name: in_two("Samtal", "Talks"),
                is: in_two("Samtal som ungdomar har börjat.", "Talks that youths began."),
                source: in_two("Tjänstens egen databas.", "The service's own database."),
                not: in_two("Inte hur många ungdomar det var.", "Not how many youths there were."),
                dimensions: vec![FigureDimension { dimension: "wait".to_owned(), is: wait }],
                through: Some("2026-W44".to_owned()),
                released_at: Some(after(0)),
                figures: vec![
                    figure(None, "2026-W44", "57"),
                    figure(Some(("wait", "1-minute")), "2026-10", "112"),
                    figure(Some(("wait", "longer")), "2026-10", "0-4"),
                ],
            }],
        }
    }
}
