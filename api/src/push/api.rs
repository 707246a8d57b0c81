use entities::words::TipId;
use poem_openapi::{ApiResponse, OpenApi, param::Path, payload::Json};

use super::{model::*, sendings, service};
use crate::{
    deps::Deps,
    http::{
        caller::{EitherSide, Officer},
        problem::Answer,
    },
};

pub struct PushApi(pub Deps);

#[derive(ApiResponse)]
enum Done {
    /// No push comes to this device any more.
    #[oai(status = 204)]
    Done,
}

#[derive(ApiResponse)]
enum Asked {
    /// A test push is on its way.
    #[oai(status = 202)]
    Asked,
}

#[OpenApi(prefix_path = "/api/v1/push", tag = "crate::app::Tag::Push")]
impl PushApi {
    /// Get the push key
    ///
    /// Audience: anyone. What a browser needs to subscribe.
    #[oai(path = "/key", method = "get", operation_id = "get_push_key")]
    async fn key(&self) -> Answer<Json<PushKey>> {
        Ok(Json(service::key(&self.0)))
    }

    /// Subscribe this device
    ///
    /// Audience: youth, officer. Replaces what this device had.
    #[oai(path = "/subscription", method = "put", operation_id = "subscribe")]
    async fn subscribe(&self, caller: EitherSide, command: Json<Subscribe>) -> Answer<Json<Subscription>> {
        Ok(Json(service::subscribe(&self.0, &caller.0, command.0).await?))
    }

    /// What this device is woken for
    ///
    /// Audience: youth, officer.
    #[oai(path = "/subscription", method = "get", operation_id = "get_subscription")]
    async fn get(&self, caller: EitherSide) -> Answer<Json<Subscription>> {
        Ok(Json(service::subscription(&self.0, &caller.0).await?))
    }

    /// Unsubscribe this device
    ///
    /// Audience: youth, officer.
    #[oai(path = "/subscription", method = "delete", operation_id = "unsubscribe")]
    async fn unsubscribe(&self, caller: EitherSide) -> Answer<Done> {
        service::unsubscribe(&self.0, &caller.0).await?;
        Ok(Done::Done)
    }

    /// Send a test push
    ///
    /// Audience: youth, officer: to one's own device.
    #[oai(path = "/subscription/test", method = "post", operation_id = "test_push")]
    async fn test(&self, caller: EitherSide) -> Answer<Asked> {
        service::test(&self.0, &caller.0).await?;
        Ok(Asked::Asked)
    }

    /// Count the phones of an audience
    ///
    /// Audience: officer. Before something is told to them.
    #[oai(path = "/audience", method = "post", operation_id = "count_audience")]
    async fn audience(&self, _caller: Officer, audience: Json<Audience>) -> Answer<Json<PhoneCount>> {
        Ok(Json(sendings::count(&self.0, &audience.0).await?))
    }

    /// What became of the sendings of a tip
    ///
    /// Audience: officer. The first is the tip's own; the second, if it was taken back, tells those whom it had reached.
    #[oai(path = "/tips/:tip_id", method = "get", operation_id = "list_sendings")]
    async fn sendings(&self, _caller: Officer, tip_id: Path<TipId>) -> Answer<Json<Vec<SendingSums>>> {
        Ok(Json(sendings::sums(&self.0, tip_id.0.0).await?))
    }
}
