use poem_openapi::{ApiResponse, OpenApi, payload::Json};

use super::{model::*, service};
use crate::{
    deps::Deps,
    http::{caller::EitherSide, problem::Answer},
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
}
