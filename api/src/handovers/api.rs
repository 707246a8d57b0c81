use entities::words::{ConversationId, HandoverId, LocationId};
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
        caller::{EitherSide, Officer, Youth},
        problem::Answer,
    },
    sync::{ActionResult, IdempotencyKey, one},
};

pub struct HandoversApi(pub Deps);

#[OpenApi(prefix_path = "/api/v1/handovers", tag = "crate::app::Tag::Handovers")]
impl HandoversApi {
    /// Make a hand-over card
    ///
    /// Audience: officer who holds the talk. Refused while another card to the same receiver waits to be acknowledged, unless it
    /// is the one that this `replaces`. The same as the action `handover-make`.
    #[oai(path = "/cards", method = "post", operation_id = "make_handover")]
    async fn make(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        received: Data<&Received>,
        _command: Json<MakeHandover>,
    ) -> Answer<Json<ActionResult>> {
        Ok(Json(one(&self.0, &caller.0, key.0, "handover-make", received.0, None).await?))
    }

    /// List red cards
    ///
    /// Audience: officer. Those that nobody has acknowledged, of all talks, without their words.
    #[oai(path = "/cards", method = "get", operation_id = "list_red_handovers")]
    async fn red(&self, _caller: Officer) -> Answer<Json<RedHandovers>> {
        Ok(Json(service::red(&self.0).await?))
    }

    /// Acknowledge a card
    ///
    /// Audience: officer. By the name of who took it at the other end, also when the talk is closed. The same as the action
    /// `handover-acknowledge`.
    #[oai(path = "/cards/:handover_id/acknowledgement", method = "post", operation_id = "acknowledge_handover")]
    async fn acknowledge(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        handover_id: Path<HandoverId>,
        received: Data<&Received>,
        _command: Json<TakenBy>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("handover_id", handover_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "handover-acknowledge", received.0, path).await?))
    }

    /// Say what came back
    ///
    /// Audience: officer who holds the talk. Its youth sees `told` and when, and nothing else of the card. The same as the
    /// action `handover-answer`.
    #[oai(path = "/cards/:handover_id/answers", method = "post", operation_id = "answer_handover")]
    async fn answer(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        handover_id: Path<HandoverId>,
        received: Data<&Received>,
        _command: Json<WhatCameBack>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("handover_id", handover_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "handover-answer", received.0, path).await?))
    }

    /// Read a talk's cards
    ///
    /// Audience: officer. With who took each and what came back.
    #[oai(path = "/conversations/:conversation_id/cards", method = "get", operation_id = "list_handovers")]
    async fn cards(&self, caller: Officer, conversation_id: Path<ConversationId>) -> Answer<Json<Handovers>> {
        Ok(Json(service::handovers(&self.0, &caller.0.who, conversation_id.0).await?))
    }

    /// Ask for a youth's place
    ///
    /// Audience: officer who holds the talk. One fix, once, if she agrees. The same as the action `location-ask`.
    #[oai(path = "/locations", method = "post", operation_id = "ask_location")]
    async fn ask(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        received: Data<&Received>,
        _command: Json<AskLocation>,
    ) -> Answer<Json<ActionResult>> {
        Ok(Json(one(&self.0, &caller.0, key.0, "location-ask", received.0, None).await?))
    }

    /// Answer the question for one's place
    ///
    /// Audience: youth. With one fix, or with none, which says no. The same as the action `location-answer`.
    #[oai(path = "/locations/:location_id/answer", method = "post", operation_id = "answer_location")]
    async fn answer_location(
        &self,
        caller: Youth,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        location_id: Path<LocationId>,
        received: Data<&Received>,
        _command: Json<GivenFix>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("location_id", location_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "location-answer", received.0, path).await?))
    }

    /// Read a talk's places
    ///
    /// Audience: youth (her own), officer. Each question, and the fix with its age until it expires.
    #[oai(path = "/conversations/:conversation_id/locations", method = "get", operation_id = "list_locations")]
    async fn locations(&self, caller: EitherSide, conversation_id: Path<ConversationId>) -> Answer<Json<Locations>> {
        Ok(Json(service::locations(&self.0, &caller.0.who, conversation_id.0).await?))
    }
}
