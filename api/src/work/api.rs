use entities::words::{ConversationId, ShiftId};
use poem::web::Data;
use poem_openapi::{
    OpenApi,
    param::{Header, Path},
    payload::Json,
};

use super::{model::*, service};
use crate::{
    deps::Deps,
    http::{Received, caller::Officer, problem::Answer},
    sync::{ActionResult, IdempotencyKey, one},
};

pub struct WorkApi(pub Deps);

#[OpenApi(prefix_path = "/api/v1/work", tag = "crate::app::Tag::Work")]
impl WorkApi {
    /// Pass a talk on
    ///
    /// Audience: officer who holds it. To a colleague who is out, who has it from then on and is told by push. The same as the
    /// action `conversation-pass`.
    #[oai(path = "/conversations/:conversation_id/pass", method = "post", operation_id = "pass_conversation")]
    async fn pass(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        conversation_id: Path<ConversationId>,
        received: Data<&Received>,
        _command: Json<PassTo>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("conversation_id", conversation_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "conversation-pass", received.0, path).await?))
    }

    /// Give a talk back
    ///
    /// Audience: officer who holds it. It waits in the queue again; one in danger rings anew. The same as the action
    /// `conversation-give-back`.
    #[oai(path = "/conversations/:conversation_id/give-back", method = "post", operation_id = "give_conversation_back")]
    async fn give_back(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        conversation_id: Path<ConversationId>,
        received: Data<&Received>,
        _command: Json<GiveBackWith>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("conversation_id", conversation_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "conversation-give-back", received.0, path).await?))
    }

    /// Write a note
    ///
    /// Audience: officer. For officers alone, in a closed talk too; whom it mentions is told by push. The same as the action
    /// `note-write`.
    #[oai(path = "/conversations/:conversation_id/notes", method = "post", operation_id = "write_note")]
    async fn write_note(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        conversation_id: Path<ConversationId>,
        received: Data<&Received>,
        _command: Json<NoteWith>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("conversation_id", conversation_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "note-write", received.0, path).await?))
    }

    /// Read a talk's notes
    ///
    /// Audience: officer. What was written down, and how the talk went from one to another.
    #[oai(path = "/conversations/:conversation_id/notes", method = "get", operation_id = "list_notes")]
    async fn notes(&self, caller: Officer, conversation_id: Path<ConversationId>) -> Answer<Json<Notes>> {
        Ok(Json(service::notes(&self.0, &caller.0.who, conversation_id.0).await?))
    }

    /// Say that one has read a talk's notes
    ///
    /// Audience: officer. It is marked for her no more. The same as the action `notes-read`.
    #[oai(path = "/conversations/:conversation_id/notes/read", method = "post", operation_id = "read_notes")]
    async fn read_notes(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        conversation_id: Path<ConversationId>,
        received: Data<&Received>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("conversation_id", conversation_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "notes-read", received.0, path).await?))
    }

    /// Look in on a talk
    ///
    /// Audience: officer. Said before one reads a talk that a colleague holds: it is written down, and changes nothing that
    /// anybody in the talk sees.
    #[oai(path = "/conversations/:conversation_id/look-in", method = "post", operation_id = "look_in")]
    async fn look_in(&self, caller: Officer, conversation_id: Path<ConversationId>) -> Answer<()> {
        Ok(service::look_in(&self.0, &caller.0.who, conversation_id.0).await?)
    }

    /// End a shift with talks in hand
    ///
    /// Audience: officer, her own. With what becomes of each talk that she holds: all of it, or nothing. The same as the action
    /// `shift-end`.
    #[oai(path = "/shifts/:shift_id/end", method = "post", operation_id = "end_shift_with")]
    async fn end_shift(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        shift_id: Path<ShiftId>,
        received: Data<&Received>,
        _command: Json<EndWith>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("shift_id", shift_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "shift-end", received.0, path).await?))
    }
}
