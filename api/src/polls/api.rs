use entities::words::PollId;
use poem::web::Data;
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

use super::{model::*, service};
use crate::{
    deps::Deps,
    http::{
        Received,
        caller::{EitherSide, Officer, Youth},
        page::{Limit, Next},
        problem::Answer,
    },
    sync::{ActionResult, IdempotencyKey, one},
};

pub struct PollsApi(pub Deps);

/// Public answers may be kept for half a minute by anyone on the way.
const KEEP: &str = "public, max-age=30";

#[derive(ApiResponse)]
enum PublicPolls {
    /// A page of polls.
    #[oai(status = 200)]
    Page(Json<PollPage>, #[oai(header = "Cache-Control")] String),
}

#[derive(ApiResponse)]
enum PublicPoll {
    /// The poll.
    #[oai(status = 200)]
    Poll(Json<Poll>, #[oai(header = "Cache-Control")] String),
}

#[OpenApi(prefix_path = "/api/v1/polls", tag = "crate::app::Tag::Polls")]
impl PollsApi {
    /// List polls
    ///
    /// Audience: anyone, from any page. What is asked everywhere and has opened, the last first; counts stand only in what is over.
    #[oai(path = "/", method = "get", operation_id = "list_polls")]
    async fn list(
        &self,
        limit: Query<Option<Limit>>,
        /// The `next` of the page before.
        next: Query<Option<String>>,
    ) -> Answer<PublicPolls> {
        let limit = Limit::or_default(limit.0);
        let after = next.0.as_deref().map(Next::<PollId>::parse).transpose()?;
        let items = service::list(&self.0, after.map(|n| (n.at, n.id)), limit).await?;
        Ok(PublicPolls::Page(Json(page(items, limit)), KEEP.to_owned()))
    }

    /// List polls with their plans
    ///
    /// Audience: officer. All that are asked everywhere; counts stand only in what is over.
    #[oai(path = "/planned", method = "get", operation_id = "list_planned_polls")]
    async fn planned(
        &self,
        _caller: Officer,
        limit: Query<Option<Limit>>,
        /// The `next` of the page before.
        next: Query<Option<String>>,
    ) -> Answer<Json<PollPage>> {
        let limit = Limit::or_default(limit.0);
        let after = next.0.as_deref().map(Next::<PollId>::parse).transpose()?;
        let items = service::planned(&self.0, after.map(|n| (n.at, n.id)), limit).await?;
        Ok(Json(page(items, limit)))
    }

    /// Get a poll
    ///
    /// Audience: anyone, from any page. Counts stand only in what is over.
    #[oai(path = "/:poll_id", method = "get", operation_id = "get_poll")]
    async fn find(&self, poll_id: Path<PollId>) -> Answer<PublicPoll> {
        Ok(PublicPoll::Poll(Json(service::find(&self.0, poll_id.0).await?), KEEP.to_owned()))
    }

    /// Vote in a poll
    ///
    /// Audience: youth. Once a device. What was voted is counted, and kept with nobody; that the device has voted is kept as a
    /// keyed hash until the poll is over. It is no action and waits in no queue.
    #[oai(path = "/:poll_id/votes", method = "post", operation_id = "vote")]
    async fn vote(&self, caller: Youth, poll_id: Path<PollId>, command: Json<Vote>) -> Answer<Json<Poll>> {
        Ok(Json(service::vote(&self.0, &caller.0, poll_id.0, command.0).await?))
    }

    /// Get the counts of a poll
    ///
    /// Audience: youth, officer. Of what is over; while it is open only for a device that has voted.
    #[oai(path = "/:poll_id/results", method = "get", operation_id = "get_poll_results")]
    async fn results(&self, caller: EitherSide, poll_id: Path<PollId>) -> Answer<Json<Poll>> {
        Ok(Json(service::results(&self.0, &caller.0, poll_id.0).await?))
    }

    /// Publish a poll
    ///
    /// Audience: officer; in a dialogue one in a seat, or a lead. The same as the action `poll-publish`.
    #[oai(path = "/", method = "post", operation_id = "publish_poll")]
    async fn publish(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        received: Data<&Received>,
        _command: Json<PublishPoll>,
    ) -> Answer<Json<ActionResult>> {
        Ok(Json(one(&self.0, &caller.0, key.0, "poll-publish", received.0, None).await?))
    }

    /// Close a poll
    ///
    /// Audience: officer; in a dialogue one in a seat, or a lead. Before its time; one that has not opened never does. The same as the action `poll-close`.
    #[oai(path = "/:poll_id/closing", method = "post", operation_id = "close_poll")]
    async fn close(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        poll_id: Path<PollId>,
        received: Data<&Received>,
        _command: Json<Closing>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("poll_id", poll_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "poll-close", received.0, path).await?))
    }
}

fn page(items: Vec<Poll>, limit: u64) -> PollPage {
    let next = Next::of(&items, limit, |last| (last.opens_at.millis(), last.poll_id));
    PollPage { items, next }
}
