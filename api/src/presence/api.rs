use entities::words::ConversationId;
use poem_openapi::{OpenApi, param::Path, payload::Json};

use super::{model::*, service};
use crate::{
    deps::Deps,
    http::{Done, caller::EitherSideUnheard, problem::Answer},
};

pub struct PresenceApi(pub Deps);

#[OpenApi(prefix_path = "/api/v1/presence", tag = "crate::app::Tag::Presence")]
impl PresenceApi {
    /// Say that one looks at a talk, or writes
    ///
    /// Audience: youth (her own, that she writes), officer (that he or she looks, and, holding it, writes). Told over the live
    /// stream as `sign` and kept nowhere. It counts for 15 seconds; say it again every five while it lasts. What is said again
    /// within two seconds is not passed on.
    #[oai(path = "/conversations/:conversation_id", method = "post", operation_id = "give_sign")]
    async fn give(
        &self,
        caller: EitherSideUnheard,
        conversation_id: Path<ConversationId>,
        command: Json<Doing>,
    ) -> Answer<Done> {
        service::give(&self.0, &caller.0.who, conversation_id.0, command.0.kind).await?;
        Ok(Done::Done)
    }
}
