use poem::Body;
use poem_openapi::{
    ApiResponse, OpenApi,
    payload::{Binary, Json},
};

use super::{model::*, parcels, pull, service, stream};
use crate::{
    deps::Deps,
    http::{
        caller::{Capability, EitherSide},
        problem::Answer,
    },
};

pub struct SyncApi(pub Deps);

#[derive(ApiResponse)]
enum Listening {
    /// The stream, until the token ends.
    #[oai(status = 200, content_type = "text/event-stream")]
    Open(Binary<Body>),
}

#[derive(ApiResponse)]
enum TakenIn {
    /// Every action in it is decided: drop it.
    #[oai(status = 204)]
    Done,
}

#[OpenApi(prefix_path = "/api/v1/sync", tag = "crate::app::Tag::Sync")]
impl SyncApi {
    /// Send what was done
    ///
    /// Audience: youth, officer. 200 whenever the batch could be read; how each action ended stands in `results`. A
    /// repeat has no second effect. One account may send 120 actions a minute, 3,000 a day, and have 50 talks open: what is
    /// more ends as `retry` with the problem `rate-limited`, and nothing of it is stored.
    #[oai(path = "/push", method = "post", operation_id = "push_actions")]
    async fn push(&self, caller: EitherSide, push: Json<Push>) -> Answer<Json<Pushed>> {
        let results = service::push(&self.0, &caller.0, push.0).await?;
        Ok(Json(Pushed { server_time: self.0.clock.now(), results }))
    }

    /// Deliver reports without a session
    ///
    /// Audience: a youth's phone whose session is dead. The same body, receipts, order and limits as push; each action is a
    /// `report-submit`, and others are refused. The answer says how each ended, and nothing else.
    #[oai(path = "/deliver", method = "post", operation_id = "deliver_reports")]
    async fn deliver(&self, phone: Capability, push: Json<Push>) -> Answer<Json<Delivered>> {
        Ok(Json(Delivered { results: service::deliver(&self.0, &phone.0, push.0).await? }))
    }

    /// Hand in a parcel
    ///
    /// Audience: anyone who has one, signed in or not: it was sealed and signed on a youth's phone. 204 when every action in
    /// it is decided, however it was; `parcel-refused` when it can never be opened: both times it is to be dropped. Nothing
    /// is told of what is in it, and handing it in again has no second effect.
    #[oai(path = "/parcels", method = "post", operation_id = "hand_in_parcel")]
    async fn parcel(&self, parcel: Json<Parcel>) -> Answer<TakenIn> {
        parcels::take_in(&self.0, parcel.0).await?;
        Ok(TakenIn::Done)
    }

    /// Fetch what happened
    ///
    /// Audience: youth, officer. At most 500 events and about 1 MiB of words over all streams; `more` says what to ask for
    /// again. Streams: `inbox:<account>`, `conversation:<id>`,
    /// `dialogue:<id>` and, for officers, `desk`.
    #[oai(path = "/pull", method = "post", operation_id = "pull_events")]
    async fn pull(&self, caller: EitherSide, pull: Json<Pull>) -> Answer<Json<Pulled>> {
        Ok(Json(pull::pull(&self.0, &caller.0, pull.0).await?))
    }

    /// Listen for news
    ///
    /// Audience: youth, officer. Server-sent events, read by `fetch`: `poke` with `{stream, epoch, pos}` says that a
    /// stream has grown, `behind` that some were missed, `end` that a new token is needed; `sign` with `{conversation_id, kind,
    /// public_number}` that somebody looks at a talk or writes in it, for the next 15 s; a comment each 25 s.
    #[oai(path = "/stream", method = "get", operation_id = "listen")]
    async fn stream(&self, caller: EitherSide) -> Answer<Listening> {
        Ok(Listening::Open(Binary(stream::body(&self.0, &caller.0))))
    }
}
