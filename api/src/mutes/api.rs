use entities::words::{ConversationId, MuteId};
use poem::web::Data;
use poem_openapi::{
    OpenApi,
    param::{Header, Path},
    payload::Json,
};

use super::{model::*, service};
use crate::{
    deps::Deps,
    http::{
        Received,
        caller::{Lead, Officer},
        problem::Answer,
    },
    sync::{ActionResult, IdempotencyKey, one},
};

pub struct MutesApi(pub Deps);

#[OpenApi(prefix_path = "/api/v1/mutes", tag = "crate::app::Tag::Mutes")]
impl MutesApi {
    /// Mute or block an account
    ///
    /// Audience: officer who holds the talk, or lead. Its youth is told why and until when; her messages and new talks are refused
    /// as `muted` or `blocked` until then, but of danger. The same as the action `account-mute`.
    #[oai(path = "/", method = "post", operation_id = "mute_account")]
    async fn mute(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        received: Data<&Received>,
        _command: Json<MuteAccount>,
    ) -> Answer<Json<ActionResult>> {
        Ok(Json(one(&self.0, &caller.0, key.0, "account-mute", received.0, None).await?))
    }

    /// Let an account write again
    ///
    /// Audience: officer. Before the time that was set. The same as the action `mute-end`.
    #[oai(path = "/:mute_id/end", method = "post", operation_id = "end_mute")]
    async fn end(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        mute_id: Path<MuteId>,
        received: Data<&Received>,
        _command: Json<EndMuteIn>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("mute_id", mute_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "mute-end", received.0, path).await?))
    }

    /// See how a talk's youth was kept from writing
    ///
    /// Audience: officer. All that is known of her account, ended or not.
    #[oai(path = "/conversations/:conversation_id", method = "get", operation_id = "list_mutes")]
    async fn list(&self, caller: Officer, conversation_id: Path<ConversationId>) -> Answer<Json<Mutes>> {
        Ok(Json(service::list(&self.0, &caller.0.who, conversation_id.0).await?))
    }

    /// See who may not write at this moment
    ///
    /// Audience: lead.
    #[oai(path = "/", method = "get", operation_id = "list_running_mutes")]
    async fn running(&self, caller: Lead) -> Answer<Json<Mutes>> {
        Ok(Json(service::running(&self.0, &caller.0.who).await?))
    }
}
