use poem::Body;
use poem_openapi::{
    ApiResponse, OpenApi,
    payload::{Binary, Json},
};

use super::{model::*, pull, service, stream};
use crate::{
    deps::Deps,
    http::{caller::EitherSide, problem::Answer},
};

pub struct SyncApi(pub Deps);

#[derive(ApiResponse)]
enum Listening {
    /// The stream, until the token ends.
    #[oai(status = 200, content_type = "text/event-stream")]
    Open(Binary<Body>),
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

    /// Fetch what happened
    ///
    /// Audience: youth, officer. At most 500 events and about 1 MiB of words over all streams; `more` says what to ask for
    /// again. Streams: `inbox:<account>`, `conversation:<id>` and, for officers, `desk`.
    #[oai(path = "/pull", method = "post", operation_id = "pull_events")]
    async fn pull(&self, caller: EitherSide, pull: Json<Pull>) -> Answer<Json<Pulled>> {
        Ok(Json(pull::pull(&self.0, &caller.0, pull.0).await?))
    }

    /// Listen for news
    ///
    /// Audience: youth, officer. Server-sent events, read by `fetch`: `poke` with `{stream, epoch, pos}` says that a
    /// stream has grown, `behind` that some were missed, `end` that a new token is needed; a comment each 25 s.
    #[oai(path = "/stream", method = "get", operation_id = "listen")]
    async fn stream(&self, caller: EitherSide) -> Answer<Listening> {
        Ok(Listening::Open(Binary(stream::body(&self.0, &caller.0))))
    }
}
