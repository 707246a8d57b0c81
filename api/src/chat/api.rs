use entities::words::{ConversationId, ConversationState, Priority, QuarterId, Timestamp};
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
        Done, Received,
        caller::{EitherSide, Officer, Youth},
        page::{Limit, Next},
        problem::Answer,
    },
    identity::Proof,
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
    /// Audience: youth (her own, newest first), officer (all, as the queue: by priority, then by how many its youth has
    /// before it, then by age; closed ones behind, newest first). Officers may look for some of them; by what they look is
    /// written down. There is no looking for words.
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the address")]
    #[oai(path = "/conversations", method = "get", operation_id = "list_conversations")]
    async fn list(
        &self,
        caller: EitherSide,
        state: Query<Option<ConversationState>>,
        /// Officers: of an incident, or of a hand-over card.
        #[oai(validator(max_length = 20))]
        number: Query<Option<String>>,
        /// Officers.
        priority: Query<Option<Priority>>,
        /// Officers: the quarter that its youth came from.
        quarter_id: Query<Option<QuarterId>>,
        /// Officers: the public number of whoever holds it.
        #[oai(validator(max_length = 20))]
        holder: Query<Option<String>>,
        /// Officers: opened at this moment or later.
        from: Query<Option<Timestamp>>,
        /// Officers: opened before this moment.
        until: Query<Option<Timestamp>>,
        limit: Query<Option<Limit>>,
        /// The `next` of the page before.
        next: Query<Option<String>>,
    ) -> Answer<Json<ConversationPage>> {
        let limit = Limit::or_default(limit.0);
        let after = next.0.as_deref().map(Next::<ConversationId>::parse).transpose()?;
        let search = Search {
            state: state.0,
            number: number.0.map(|number| number.trim().to_uppercase()),
            priority: priority.0,
            quarter_id: quarter_id.0,
            holder: holder.0,
            from: from.0,
            until: until.0,
        };
        let (items, places) =
            service::list(&self.0, &caller.0.who, &search, after.map(|n| (n.at, n.id)), limit).await?;
        let next = Next::of(&places, limit, |place| *place);
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
    /// Audience: officer. Refused when it has come to another officer since `expected_revision`; from one who was heard from of
    /// late it is taken with a reason. The same as the action `conversation-take`.
    #[oai(path = "/conversations/:conversation_id/take", method = "post", operation_id = "take_conversation")]
    async fn take(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        conversation_id: Path<ConversationId>,
        received: Data<&Received>,
        _command: Json<TakeWith>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("conversation_id", conversation_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "conversation-take", received.0, path).await?))
    }

    /// Close a conversation
    ///
    /// Audience: officer who holds it. With how it ended. Refused while the youth has written something that no officer has
    /// read. The same as the action `conversation-close`.
    #[oai(path = "/conversations/:conversation_id/close", method = "post", operation_id = "close_conversation")]
    async fn close(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        conversation_id: Path<ConversationId>,
        received: Data<&Received>,
        _command: Json<CloseWith>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("conversation_id", conversation_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "conversation-close", received.0, path).await?))
    }

    /// Say how far one has read
    ///
    /// Audience: youth (her own), officer. An officer's mark counts unless a colleague holds the talk. The same as the action
    /// `conversation-read`.
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

    /// Come in by an invite
    ///
    /// Audience: youth. With what stood in an officer's link and the word that was said: the talk opens, or an own one that waits
    /// is marked, and the officer has it. The answer's `entity` is the talk; the same account hears of the same talk again.
    /// A link that is late, used or closed is refused, and an ordinary talk still remembers the quarter (`room` of its first
    /// message). The same as the action `conversation-claim`.
    #[oai(path = "/conversations/:conversation_id/claim", method = "post", operation_id = "claim_conversation")]
    async fn claim(
        &self,
        caller: Youth,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        conversation_id: Path<ConversationId>,
        received: Data<&Received>,
        _command: Json<ClaimBy>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("conversation_id", conversation_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "conversation-claim", received.0, path).await?))
    }

    /// See how a conversation waits
    ///
    /// Audience: youth (her own). Its place in the queue, how long it may take, and whether anybody reads. Ask again while it
    /// is on the screen, every ten seconds or so.
    #[oai(path = "/conversations/:conversation_id/wait", method = "get", operation_id = "get_wait")]
    async fn wait(&self, caller: Youth, conversation_id: Path<ConversationId>) -> Answer<Json<Wait>> {
        Ok(Json(service::wait(&self.0, &caller.0.who, conversation_id.0).await?))
    }

    /// Give a proof of work
    ///
    /// Audience: youth. What `proof_bits` of the wait asks for, after very many wrote for the first time at once: her talks
    /// stand where their age says from then on. Who owes nothing changes nothing.
    #[oai(path = "/proof", method = "put", operation_id = "give_proof")]
    async fn prove(&self, caller: Youth, command: Json<Proof>) -> Answer<Done> {
        service::prove(&self.0, &caller.0.who, &command.0).await?;
        Ok(Done::Done)
    }

    /// Leave the queue's screen
    ///
    /// Audience: youth. The talk keeps its place, and she is told by push; officers see that she is not looking. The same as
    /// the action `conversation-step-away`.
    #[oai(path = "/conversations/:conversation_id/step-away", method = "post", operation_id = "step_away")]
    async fn step_away(
        &self,
        caller: Youth,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        conversation_id: Path<ConversationId>,
        received: Data<&Received>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("conversation_id", conversation_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "conversation-step-away", received.0, path).await?))
    }

    /// Answer a question about a conversation
    ///
    /// Audience: youth. One of its `asks`; nothing has to be answered. No officer sees the answer or that there is one. The same as the
    /// action `conversation-survey`.
    #[oai(path = "/conversations/:conversation_id/survey", method = "post", operation_id = "answer_survey")]
    async fn answer_survey(
        &self,
        caller: Youth,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        conversation_id: Path<ConversationId>,
        received: Data<&Received>,
        _command: Json<SurveyReply>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("conversation_id", conversation_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "conversation-survey", received.0, path).await?))
    }

    /// Raise a conversation
    ///
    /// Audience: officer. To `p1` it rings. The same as the action `conversation-raise`.
    #[oai(path = "/conversations/:conversation_id/raise", method = "post", operation_id = "raise_conversation")]
    async fn raise(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        conversation_id: Path<ConversationId>,
        received: Data<&Received>,
        _command: Json<RaiseTo>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("conversation_id", conversation_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "conversation-raise", received.0, path).await?))
    }

    /// Lower a conversation
    ///
    /// Audience: officer. With a reason; refused when it was raised since `expected_revision`. The same as the action
    /// `conversation-lower`.
    #[oai(path = "/conversations/:conversation_id/lower", method = "post", operation_id = "lower_conversation")]
    async fn lower(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        conversation_id: Path<ConversationId>,
        received: Data<&Received>,
        _command: Json<LowerTo>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("conversation_id", conversation_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "conversation-lower", received.0, path).await?))
    }

    /// See why a conversation is urgent
    ///
    /// Audience: officer. Each decision, by the rules or by a person, with the version of the rules; the newest 50.
    #[oai(path = "/conversations/:conversation_id/decisions", method = "get", operation_id = "list_triage_decisions")]
    async fn decisions(&self, caller: Officer, conversation_id: Path<ConversationId>) -> Answer<Json<TriageDecisions>> {
        Ok(Json(service::decisions(&self.0, &caller.0.who, conversation_id.0).await?))
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
