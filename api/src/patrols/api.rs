use entities::words::{PatrolId, PatrolState};
use poem::web::Data;
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
    types::ToJSON,
};
use sha2::{Digest, Sha256};

use super::{board, model::*, model_board::Board, service};
use crate::{
    base::crypto::hex,
    deps::Deps,
    http::{
        Received,
        caller::Officer,
        page::{Limit, Next},
        problem::Answer,
    },
    sync::{ActionResult, IdempotencyKey, one},
};

pub struct PatrolsApi(pub Deps);

/// The same for everyone who asks within it.
const KEEP: &str = "public, max-age=15";

#[derive(ApiResponse)]
enum PublicBoard {
    /// Where the patrol is.
    #[oai(status = 200)]
    Board(Json<Board>, #[oai(header = "ETag")] String, #[oai(header = "Cache-Control")] String),
    /// It is what the caller has.
    #[oai(status = 304)]
    Same(#[oai(header = "ETag")] String, #[oai(header = "Cache-Control")] String),
}

#[OpenApi(prefix_path = "/api/v1/patrols", tag = "crate::app::Tag::Patrols")]
impl PatrolsApi {
    /// Where is the patrol
    ///
    /// Audience: anyone, from any page. In which quarters it is out now, when it goes next, and whether the chat is open: quarters,
    /// numbers and accounts, and never where an officer is. What the caller has already, by its `ETag`, is answered with 304.
    #[oai(path = "/board", method = "get", operation_id = "get_board")]
    async fn board(&self, #[oai(name = "If-None-Match")] if_none_match: Header<Option<String>>) -> Answer<PublicBoard> {
        let board = board::board(&self.0).await?;
        let etag = format!("\"{:.32}\"", hex(&Sha256::digest(board.to_json_string())));
        let same = |given: &String| given.split(',').any(|one| one.trim().trim_start_matches("W/") == etag);
        Ok(if if_none_match.0.as_ref().is_some_and(same) {
            PublicBoard::Same(etag, KEEP.to_owned())
        } else {
            PublicBoard::Board(Json(board), etag, KEEP.to_owned())
        })
    }

    /// List patrols
    ///
    /// Audience: officer. By their planned start, the last first: those to come, those that are out and those that were.
    #[oai(path = "/", method = "get", operation_id = "list_patrols")]
    async fn list(
        &self,
        caller: Officer,
        state: Query<Option<PatrolState>>,
        limit: Query<Option<Limit>>,
        /// The `next` of the page before.
        next: Query<Option<String>>,
    ) -> Answer<Json<PatrolPage>> {
        let after = next.0.as_deref().map(Next::<PatrolId>::parse).transpose()?;
        let (after, limit) = (after.map(|next| (next.at, next.id)), Limit::or_default(limit.0));
        let (items, last) = service::list(&self.0, &caller.0.who, state.0, after, limit).await?;
        Ok(Json(PatrolPage { items, next: last.map(|(at, id)| Next { at, id }.written()) }))
    }

    /// Get a patrol
    ///
    /// Audience: officer.
    #[oai(path = "/:patrol_id", method = "get", operation_id = "get_patrol")]
    async fn get(&self, caller: Officer, patrol_id: Path<PatrolId>) -> Answer<Json<Patrol>> {
        Ok(Json(service::find(&self.0, &caller.0.who, patrol_id.0).await?))
    }

    /// Plan a patrol
    ///
    /// Audience: officer. At least two officers, and quarters where the patrol has a public account; again, while nobody has started
    /// it. The same as the action `patrol-plan`.
    #[oai(path = "/", method = "post", operation_id = "plan_patrol")]
    async fn plan(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        received: Data<&Received>,
        _command: Json<PlanPatrol>,
    ) -> Answer<Json<ActionResult>> {
        Ok(Json(one(&self.0, &caller.0, key.0, "patrol-plan", received.0, None).await?))
    }

    /// Cancel a patrol
    ///
    /// Audience: officer. One that nobody has started. The same as the action `patrol-cancel`.
    #[oai(path = "/:patrol_id/cancelling", method = "post", operation_id = "cancel_patrol")]
    async fn cancel(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        patrol_id: Path<PatrolId>,
        received: Data<&Received>,
        _command: Json<Cancelling>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("patrol_id", patrol_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "patrol-cancel", received.0, path).await?))
    }

    /// Start, pause, resume or end a patrol
    ///
    /// Audience: officer who is on it, for all who are. It begins and ends no shift. What does not fit how the patrol stands is kept
    /// and changes nothing. The same as the action `patrol-mark`.
    #[oai(path = "/:patrol_id/marks", method = "post", operation_id = "mark_patrol")]
    async fn mark(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        patrol_id: Path<PatrolId>,
        received: Data<&Received>,
        _command: Json<Marking>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("patrol_id", patrol_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "patrol-mark", received.0, path).await?))
    }

    /// Come to a quarter
    ///
    /// Audience: officer who is on the patrol. The same as the action `patrol-visit`.
    #[oai(path = "/:patrol_id/visits", method = "post", operation_id = "visit_quarter")]
    async fn visit(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        patrol_id: Path<PatrolId>,
        received: Data<&Received>,
        _command: Json<Visiting>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("patrol_id", patrol_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "patrol-visit", received.0, path).await?))
    }

    /// Count one thing
    ///
    /// Audience: officer who is on the patrol. One press, or one fewer; what two phones counted adds up. The same as the action
    /// `patrol-count`.
    #[oai(path = "/:patrol_id/counts", method = "post", operation_id = "count_on_patrol")]
    async fn count(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        patrol_id: Path<PatrolId>,
        received: Data<&Received>,
        _command: Json<Counting>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("patrol_id", patrol_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "patrol-count", received.0, path).await?))
    }

    /// Reflect on a patrol
    ///
    /// Audience: officer who was on it, for herself. The same as the action `patrol-reflect`.
    #[oai(path = "/:patrol_id/reflections", method = "post", operation_id = "reflect_on_patrol")]
    async fn reflect(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        patrol_id: Path<PatrolId>,
        received: Data<&Received>,
        _command: Json<Reflecting>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("patrol_id", patrol_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "patrol-reflect", received.0, path).await?))
    }
}
