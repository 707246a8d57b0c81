use entities::words::ReplyId;
use poem_openapi::{OpenApi, param::Path, payload::Json};

use super::{model::*, service};
use crate::{
    deps::Deps,
    http::{
        caller::{Lead, Officer},
        problem::Answer,
    },
};

pub struct RepliesApi(pub Deps);

#[OpenApi(prefix_path = "/api/v1/replies", tag = "crate::app::Tag::Replies")]
impl RepliesApi {
    /// List canned replies
    ///
    /// Audience: officer. All of them, those that are offered no more too, so that a lead may offer them again. An app keeps them
    /// for times without a network; `reply-changed` in `desk` says that they are to be read anew.
    #[oai(path = "/", method = "get", operation_id = "list_replies")]
    async fn list(&self, _caller: Officer) -> Answer<Json<CannedReplies>> {
        Ok(Json(service::list(&self.0).await?))
    }

    /// Make or change a canned reply
    ///
    /// Audience: lead. Refused when it has changed since `expected_revision`; the same again changes nothing.
    #[oai(path = "/:reply_id", method = "put", operation_id = "put_reply")]
    async fn put(&self, caller: Lead, reply_id: Path<ReplyId>, command: Json<PutReply>) -> Answer<Json<CannedReply>> {
        Ok(Json(service::put(&self.0, &caller.0.who, reply_id.0, command.0).await?))
    }
}
