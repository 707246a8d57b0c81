use entities::words::{ConversationId, ConversationState};
use poem::web::Data;
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

use super::{model::*, service};
use crate::{
    base::refusal::Refusal,
    deps::Deps,
    http::{
        Received,
        caller::{EitherSide, Officer, Youth},
        page::{Limit, Next},
        problem::Answer,
    },
    sync::{ActionResult, IdempotencyKey, one},
};

pub struct ChatApi(pub Deps);

#[OpenApi(prefix_path = "/api/v1/chat", tag = "crate::app::Tag::Chat")]
impl ChatApi {
    /// Send a message
    ///
    /// Audience: youth, officer. A youth's first message opens the conversation; an officer writes in one that he or she
    /// holds. The same as the action `message-send`.
    #[oai(path = "/messages", method = "post", operation_id = "send_message")]
    async fn send(
        &self,
        caller: EitherSide,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        received: Data<&Received>,
        _command: Json<SendMessage>,
    ) -> Answer<Json<ActionResult>> {
        Ok(Json(one(&self.0, &caller.0, key.0, "message-send", received.0, None).await?))
    }

    /// List conversations
    ///
    /// Audience: youth (her own), officer (all). Newest first.
    #[oai(path = "/conversations", method = "get", operation_id = "list_conversations")]
    async fn list(
        &self,
        caller: EitherSide,
        state: Query<Option<ConversationState>>,
        limit: Query<Option<Limit>>,
        /// The `next` of the page before.
        next: Query<Option<String>>,
    ) -> Answer<Json<ConversationPage>> {
        let limit = Limit::or_default(limit.0);
        let after = next.0.as_deref().map(Next::<ConversationId>::parse).transpose()?;
        let items = service::list(&self.0, &caller.0.who, state.0, after.map(|n| (n.at, n.id)), limit).await?;
        let next = Next::of(&items, limit, |last| (last.last_at.millis(), last.conversation_id));
        Ok(Json(ConversationPage { items, next }))
    }

    /// Read one conversation's state
    ///
    /// Audience: youth (her own), officer.
    #[oai(path = "/conversations/:conversation_id", method = "get", operation_id = "get_conversation")]
    async fn get(&self, caller: EitherSide, conversation_id: Path<ConversationId>) -> Answer<Json<Conversation>> {
        let id = conversation_id.0;
        let mut found = service::conversations_by_id(&self.0, &caller.0.who, &[id]).await?;
        Ok(Json(found.remove(&id).ok_or(Refusal::of(crate::base::refusal::Kind::NotFound))?))
    }

    /// Read messages
    ///
    /// Audience: youth (her own), officer. The newest ones, oldest first; `before` gives older ones.
    #[oai(path = "/conversations/:conversation_id/messages", method = "get", operation_id = "list_messages")]
    async fn messages(
        &self,
        caller: EitherSide,
        conversation_id: Path<ConversationId>,
        before: Query<Option<i64>>,
        limit: Query<Option<Limit>>,
    ) -> Answer<Json<MessagePage>> {
        let limit = Limit::or_default(limit.0);
        let items = service::messages(&self.0, &caller.0.who, conversation_id.0, before.0, limit).await?;
        let before = if items.len() as u64 == limit { items.first().map(|first| first.pos) } else { None };
        Ok(Json(MessagePage { items, before }))
    }

    /// Take a conversation
    ///
    /// Audience: officer. Refused when it has come to another officer since `expected_revision`. The same as the action
    /// `conversation-take`.
    #[oai(path = "/conversations/:conversation_id/take", method = "post", operation_id = "take_conversation")]
    async fn take(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        conversation_id: Path<ConversationId>,
        received: Data<&Received>,
        _command: Json<ExpectedRevision>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("conversation_id", conversation_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "conversation-take", received.0, path).await?))
    }

    /// Close a conversation
    ///
    /// Audience: officer who holds it. Refused while the youth has written something that no officer has read. The same
    /// as the action `conversation-close`.
    #[oai(path = "/conversations/:conversation_id/close", method = "post", operation_id = "close_conversation")]
    async fn close(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        conversation_id: Path<ConversationId>,
        received: Data<&Received>,
        _command: Json<ExpectedRevision>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("conversation_id", conversation_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "conversation-close", received.0, path).await?))
    }

    /// Say how far one has read
    ///
    /// Audience: youth (her own), officer. The same as the action `conversation-read`.
    #[oai(path = "/conversations/:conversation_id/read", method = "post", operation_id = "read_conversation")]
    async fn read(
        &self,
        caller: EitherSide,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        conversation_id: Path<ConversationId>,
        received: Data<&Received>,
        _command: Json<ReadTo>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("conversation_id", conversation_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "conversation-read", received.0, path).await?))
    }

    /// Ask for a conversation's erasure
    ///
    /// Audience: youth. The police decide, because what came to them is an official document; the conversation says when
    /// it was asked, and what they decided. The same as the action `conversation-ask-erasure`.
    #[oai(
        path = "/conversations/:conversation_id/erasure-request",
        method = "post",
        operation_id = "ask_conversation_erasure"
    )]
    async fn ask_erasure(
        &self,
        caller: Youth,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        conversation_id: Path<ConversationId>,
        received: Data<&Received>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("conversation_id", conversation_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "conversation-ask-erasure", received.0, path).await?))
    }
}
