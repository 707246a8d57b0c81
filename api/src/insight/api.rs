use poem_openapi::{
    ApiResponse, OpenApi, ResponseContent,
    payload::{Binary, Json},
};

use super::{model::*, reading};
use crate::{deps::Deps, http::problem::Answer};

pub struct InsightApi(pub Deps);

/// What is told changes once a week; whoever asks often is answered on the way.
const KEEP: &str = "public, max-age=3600";

#[derive(ApiResponse)]
enum PublicFigures {
    /// All that was told.
    #[oai(status = 200)]
    Figures(Json<FigureList>, #[oai(header = "Cache-Control")] String),
}

#[derive(ResponseContent)]
enum Table {
    #[oai(content_type = "text/csv")]
    Csv(Binary<String>),
}

#[derive(ApiResponse)]
enum PublicTable {
    /// A row a figure, with a heading, in UTF-8.
    #[oai(status = 200)]
    Table(Table, #[oai(header = "Cache-Control")] String, #[oai(header = "Content-Disposition")] String),
}

#[OpenApi(prefix_path = "/api/v1/insight", tag = "crate::app::Tag::Insight")]
impl InsightApi {
    /// Read the figures
    ///
    /// Audience: anyone, from any page. Open data: what the trial has shown, by week, month and year, as it was told. Small counts are told
    /// as `0-4`, and so much beside them is hidden that nobody can be found in what is left.
    #[oai(path = "/figures", method = "get", operation_id = "get_figures")]
    async fn figures(&self) -> Answer<PublicFigures> {
        Ok(PublicFigures::Figures(Json(reading::figures(&self.0).await?), KEEP.to_owned()))
    }

    /// Read the figures as a table
    ///
    /// Audience: anyone, from any page. The same figures, with the same marks, as CSV.
    #[oai(path = "/figures.csv", method = "get", operation_id = "get_figures_table")]
    async fn table(&self) -> Answer<PublicTable> {
        let table = reading::table(&reading::figures(&self.0).await?);
        let name = "attachment; filename=\"natpatrull-figures.csv\"".to_owned();
        Ok(PublicTable::Table(Table::Csv(Binary(table)), KEEP.to_owned(), name))
    }
}
