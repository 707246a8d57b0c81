use entities::words::{IdeaId, IdeaKind, IdeaState};
use poem::web::Data;
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

use super::{
    model::*,
    service::{self, Listed},
};
use crate::{
    deps::Deps,
    http::{
        Received,
        caller::{Officer, Youth},
        page::{Limit, Next},
        problem::Answer,
    },
    sync::{ActionResult, IdempotencyKey, one},
};

pub struct IdeasApi(pub Deps);

/// Public answers may be kept for half a minute by anyone on the way.
const KEEP: &str = "public, max-age=30";

#[derive(ApiResponse)]
enum PublicIdeas {
    /// A page of ideas.
    #[oai(status = 200)]
    Page(Json<IdeaPage>, #[oai(header = "Cache-Control")] String),
}

#[derive(ApiResponse)]
enum PublicIdea {
    /// The idea.
    #[oai(status = 200)]
    Idea(Json<Idea>, #[oai(header = "Cache-Control")] String),
}

/// Where a list goes on, and how much of it is asked for.
fn place(limit: Option<Limit>, next: Option<&str>) -> Answer<(Option<(i64, IdeaId)>, u64)> {
    let after = next.map(Next::<IdeaId>::parse).transpose()?;
    Ok((after.map(|next| (next.at, next.id)), Limit::or_default(limit)))
}

fn page((items, last): Listed) -> IdeaPage {
    IdeaPage { items, next: last.map(|(at, id)| Next { at, id }.written()) }
}

#[OpenApi(prefix_path = "/api/v1/ideas", tag = "crate::app::Tag::Ideas")]
impl IdeasApi {
    /// List ideas
    ///
    /// Audience: anyone, from any page. What an officer has shown; with `answered`, what became of those that were answered.
    /// Nothing tells who wrote them.
    #[oai(path = "/", method = "get", operation_id = "list_ideas")]
    async fn list(
        &self,
        kind: Query<Option<IdeaKind>>,
        /// Those that were answered, instead of those that were not.
        answered: Query<Option<bool>>,
        order: Query<Option<IdeaOrder>>,
        limit: Query<Option<Limit>>,
        /// The `next` of the page before.
        next: Query<Option<String>>,
    ) -> Answer<PublicIdeas> {
        let (after, limit) = place(limit.0, next.0.as_deref())?;
        let state = if answered.0.unwrap_or_default() { IdeaState::Answered } else { IdeaState::Shown };
        let listed = service::list(&self.0, kind.0, state, order.0.unwrap_or_default(), after, limit).await?;
        Ok(PublicIdeas::Page(Json(page(listed)), KEEP.to_owned()))
    }

    /// List one's own ideas
    ///
    /// Audience: youth. The newest first, with what became of each.
    #[oai(path = "/mine", method = "get", operation_id = "list_own_ideas")]
    async fn mine(
        &self,
        caller: Youth,
        limit: Query<Option<Limit>>,
        /// The `next` of the page before.
        next: Query<Option<String>>,
    ) -> Answer<Json<IdeaPage>> {
        let (after, limit) = place(limit.0, next.0.as_deref())?;
        Ok(Json(page(service::mine(&self.0, &caller.0.who, after, limit).await?)))
    }

    /// List ideas to decide
    ///
    /// Audience: officer. Those of one state; of what waits the most urgent first, of the rest what was decided last. Nothing tells
    /// who wrote them. The audit log keeps who looked.
    #[oai(path = "/box", method = "get", operation_id = "list_boxed_ideas")]
    async fn in_box(
        &self,
        caller: Officer,
        /// Nothing: `waiting`.
        state: Query<Option<IdeaState>>,
        limit: Query<Option<Limit>>,
        /// The `next` of the page before.
        next: Query<Option<String>>,
    ) -> Answer<Json<IdeaPage>> {
        let (after, limit) = place(limit.0, next.0.as_deref())?;
        let state = state.0.unwrap_or(IdeaState::Waiting);
        Ok(Json(page(service::in_box(&self.0, &caller.0.who, state, after, limit).await?)))
    }

    /// Get an idea
    ///
    /// Audience: anyone, from any page. One that is shown; of one that was merged into another, the other.
    #[oai(path = "/:idea_id", method = "get", operation_id = "get_idea")]
    async fn find(&self, idea_id: Path<IdeaId>) -> Answer<PublicIdea> {
        Ok(PublicIdea::Idea(Json(service::find(&self.0, idea_id.0).await?), KEEP.to_owned()))
    }

    /// Support an idea
    ///
    /// Audience: youth. Once a device, until it is answered. Which device did is kept as a keyed hash and with nobody's name. It is no
    /// action and waits in no queue. Once more, it changes nothing.
    #[oai(path = "/:idea_id/support", method = "put", operation_id = "support_idea")]
    async fn support(&self, caller: Youth, idea_id: Path<IdeaId>) -> Answer<Json<Idea>> {
        Ok(Json(service::support(&self.0, &caller.0, idea_id.0, true).await?))
    }

    /// Support an idea no more
    ///
    /// Audience: youth. Once more, it changes nothing. A writer always supports her own.
    #[oai(path = "/:idea_id/support", method = "delete", operation_id = "end_support")]
    async fn end_support(&self, caller: Youth, idea_id: Path<IdeaId>) -> Answer<Json<Idea>> {
        Ok(Json(service::support(&self.0, &caller.0, idea_id.0, false).await?))
    }

    /// Send an idea
    ///
    /// Audience: youth. What she would like to see from the patrol, or where. Nobody else reads it before an officer has shown it. The
    /// same as the action `idea-send`.
    #[oai(path = "/", method = "post", operation_id = "send_idea")]
    async fn send(
        &self,
        caller: Youth,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        received: Data<&Received>,
        _command: Json<SendIdea>,
    ) -> Answer<Json<ActionResult>> {
        Ok(Json(one(&self.0, &caller.0, key.0, "idea-send", received.0, None).await?))
    }

    /// Take an idea back
    ///
    /// Audience: youth (her own). It goes for everybody, with all who supported it. The same as the action `idea-take-back`.
    #[oai(path = "/:idea_id/taking-back", method = "post", operation_id = "take_idea_back")]
    async fn take_back(
        &self,
        caller: Youth,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        idea_id: Path<IdeaId>,
        received: Data<&Received>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("idea_id", idea_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "idea-take-back", received.0, path).await?))
    }

    /// Show an idea
    ///
    /// Audience: officer. To all, from now on. The same as the action `idea-show`.
    #[oai(path = "/:idea_id/showing", method = "post", operation_id = "show_idea")]
    async fn show(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        idea_id: Path<IdeaId>,
        received: Data<&Received>,
        _command: Json<Showing>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("idea_id", idea_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "idea-show", received.0, path).await?))
    }

    /// Hide an idea
    ///
    /// Audience: officer. Its writer is told why. The same as the action `idea-hide`.
    #[oai(path = "/:idea_id/hiding", method = "post", operation_id = "hide_idea")]
    async fn hide(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        idea_id: Path<IdeaId>,
        received: Data<&Received>,
        _command: Json<Hiding>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("idea_id", idea_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "idea-hide", received.0, path).await?))
    }

    /// Merge an idea into another
    ///
    /// Audience: officer. Its support counts with the other's, and so does what was merged into it. The same as the action
    /// `idea-merge`.
    #[oai(path = "/:idea_id/merging", method = "post", operation_id = "merge_idea")]
    async fn merge(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        idea_id: Path<IdeaId>,
        received: Data<&Received>,
        _command: Json<Merging>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("idea_id", idea_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "idea-merge", received.0, path).await?))
    }

    /// Answer an idea
    ///
    /// Audience: officer. What became of it, for all to read; answered again, it counts as it was answered last. The same as the action
    /// `idea-answer`.
    #[oai(path = "/:idea_id/answer", method = "post", operation_id = "answer_idea")]
    async fn answer(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        idea_id: Path<IdeaId>,
        received: Data<&Received>,
        _command: Json<Answering>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("idea_id", idea_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "idea-answer", received.0, path).await?))
    }

    /// Say which quarter a wish is for
    ///
    /// Audience: officer. It counts with that quarter in the register, and nothing of it is decided. The same as the action
    /// `idea-locate`.
    #[oai(path = "/:idea_id/quarter", method = "post", operation_id = "locate_idea")]
    async fn locate(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        idea_id: Path<IdeaId>,
        received: Data<&Received>,
        _command: Json<Locating>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("idea_id", idea_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "idea-locate", received.0, path).await?))
    }

    /// Begin a talk about an idea
    ///
    /// Audience: officer. With whoever wrote it, as urgent as its words make it; it is not shown from then on. What is said follows as a
    /// message there. The same as the action `idea-open-talk`.
    #[oai(path = "/:idea_id/talk", method = "post", operation_id = "open_idea_talk")]
    async fn open_talk(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        idea_id: Path<IdeaId>,
        received: Data<&Received>,
        _command: Json<IdeaTalk>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("idea_id", idea_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "idea-open-talk", received.0, path).await?))
    }
}
