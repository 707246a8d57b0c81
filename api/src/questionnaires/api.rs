use poem_openapi::{ApiResponse, OpenApi, param::Path, payload::Json};

use super::{model::*, service};
use crate::{deps::Deps, http::problem::Answer};

pub struct QuestionnairesApi(pub Deps);

/// Which one counts may change any day.
const KEEP: &str = "public, max-age=30";
/// A version never changes.
const KEEP_LONG: &str = "public, max-age=86400";

#[derive(ApiResponse)]
enum PublicQuestionnaire {
    /// The questions and guides.
    #[oai(status = 200)]
    Whole(Json<Questionnaire>, #[oai(header = "Cache-Control")] String),
}

#[OpenApi(prefix_path = "/api/v1/questionnaires", tag = "crate::app::Tag::Reports")]
impl QuestionnairesApi {
    /// Read what is asked now
    ///
    /// Audience: anyone, from any page. The questions about each kind of event and the guides beside them; a phone keeps them to
    /// ask and to show without a network.
    #[oai(path = "/current", method = "get", operation_id = "get_current_questionnaire")]
    async fn current(&self) -> Answer<PublicQuestionnaire> {
        Ok(PublicQuestionnaire::Whole(Json(service::current(&self.0).await?), KEEP.to_owned()))
    }

    /// Read a version of what is asked
    ///
    /// Audience: anyone, from any page. A report says which version it answers.
    #[oai(path = "/:version", method = "get", operation_id = "get_questionnaire")]
    async fn version(&self, version: Path<i32>) -> Answer<PublicQuestionnaire> {
        Ok(PublicQuestionnaire::Whole(Json(service::version(&self.0, version.0).await?), KEEP_LONG.to_owned()))
    }
}
