use poem::web::Data;
use poem_openapi::{OpenApi, param::Header, payload::Json};

use super::{model::*, service};
use crate::{
    deps::Deps,
    http::{Received, caller::Officer, problem::Answer},
    sync::{ActionResult, IdempotencyKey, one},
};

pub struct CareApi(pub Deps);

#[OpenApi(prefix_path = "/api/v1/care", tag = "crate::app::Tag::Care")]
impl CareApi {
    /// Mark a talk as hard
    ///
    /// Audience: officer, for herself. Again, it changes nothing. The same as the action `case-hard`.
    #[oai(path = "/hard-cases", method = "post", operation_id = "mark_hard_case")]
    async fn mark(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        received: Data<&Received>,
        _command: Json<MarkHard>,
    ) -> Answer<Json<ActionResult>> {
        Ok(Json(one(&self.0, &caller.0, key.0, "case-hard", received.0, None).await?))
    }

    /// Count hard cases
    ///
    /// Audience: officer (her own), lead (all). Of the last seven days: talks in danger that the officer wrote in, those that she
    /// marked, and talks and reports of which she withheld a file.
    #[oai(path = "/hard-cases", method = "get", operation_id = "list_hard_cases")]
    async fn list(&self, caller: Officer) -> Answer<Json<HardCaseList>> {
        Ok(Json(service::list(&self.0, &caller.0.who).await?))
    }
}
