use entities::words::ConversationId;
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

pub struct DutyApi(pub Deps);

#[OpenApi(prefix_path = "/api/v1/duty", tag = "crate::app::Tag::Duty")]
impl DutyApi {
    /// What must police act on
    ///
    /// Audience: anyone. To be told before somebody tells what is hard to tell, and never before danger.
    #[oai(path = "/text", method = "get", operation_id = "get_duty_text")]
    async fn text(&self) -> Answer<Json<DutyText>> {
        Ok(Json(service::text(&self.0).await?))
    }

    /// Change what is told of it
    ///
    /// Audience: lead. From now on; what was told before is kept. Refused when it has changed since `expected_version`; the same
    /// again changes nothing. The ages are settings of the program.
    #[oai(path = "/text", method = "put", operation_id = "put_duty_text")]
    async fn put(&self, caller: Lead, command: Json<PutDutyText>) -> Answer<Json<DutyText>> {
        Ok(Json(service::put(&self.0, &caller.0.who, command.0).await?))
    }

    /// Say that police may have to act, or what was decided
    ///
    /// Audience: officer who holds the talk. An orosanmälan that was made, was not needed or was passed on; or a youth who tells
    /// of a crime of her own. Its youth sees nothing of it. The same as the action `duty-record`.
    #[oai(path = "/records", method = "post", operation_id = "record_duty")]
    async fn record(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        received: Data<&Received>,
        _command: Json<RecordDuty>,
    ) -> Answer<Json<ActionResult>> {
        Ok(Json(one(&self.0, &caller.0, key.0, "duty-record", received.0, None).await?))
    }

    /// Read what was decided in a talk
    ///
    /// Audience: officer.
    #[oai(path = "/conversations/:conversation_id/records", method = "get", operation_id = "list_duty_records")]
    async fn records(&self, caller: Officer, conversation_id: Path<ConversationId>) -> Answer<Json<DutyRecords>> {
        Ok(Json(service::records(&self.0, &caller.0.who, conversation_id.0).await?))
    }
}
