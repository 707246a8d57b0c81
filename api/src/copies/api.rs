use poem::Body;
use poem_openapi::{
    ApiResponse, OpenApi,
    payload::{Binary, Json},
};

use super::{model::*, service};
use crate::{
    deps::Deps,
    http::{caller::Youth, problem::Answer},
};

pub struct CopiesApi(pub Deps);

#[derive(ApiResponse)]
pub enum Zip {
    /// The whole copy.
    #[oai(status = 200, content_type = "application/zip")]
    Whole(Binary<Body>, #[oai(header = "Content-Disposition")] String),
}

#[derive(ApiResponse)]
enum Done {
    /// No copy that is ready is kept any more.
    #[oai(status = 204)]
    Done,
}

#[OpenApi(prefix_path = "/api/v1/copy", tag = "crate::app::Tag::Copies")]
impl CopiesApi {
    /// Ask for a copy
    ///
    /// Audience: youth. A zip file with all that is kept of the account is made; a push tells when it is ready. While one is
    /// being made or waits, asking again changes nothing. At most 3 times a day.
    #[oai(path = "/", method = "put", operation_id = "ask_for_copy")]
    async fn ask(&self, caller: Youth) -> Answer<Json<AccountCopy>> {
        Ok(Json(service::ask(&self.0, &caller.0.who).await?))
    }

    /// See how far the copy is
    ///
    /// Audience: youth.
    #[oai(path = "/", method = "get", operation_id = "get_copy")]
    async fn get(&self, caller: Youth) -> Answer<Json<AccountCopy>> {
        Ok(Json(service::get(&self.0, &caller.0.who).await?))
    }

    /// Fetch the copy
    ///
    /// Audience: youth. Say with `end_copy` that the whole of it has arrived: then it is destroyed. Without that word it is
    /// destroyed 10 minutes after it was sent to its end; until then a transfer that broke off may be begun again from the
    /// start. After it, a fetch is answered `copy-ended`.
    #[oai(path = "/bytes", method = "get", operation_id = "fetch_copy")]
    async fn fetch(&self, caller: Youth) -> Answer<Zip> {
        let bytes = service::fetch(&self.0, &caller.0.who).await?;
        let name = "attachment; filename=\"natpatrull.zip\"".to_owned();
        Ok(Zip::Whole(Binary(Body::from_bytes_stream(bytes)), name))
    }

    /// End the copy
    ///
    /// Audience: youth. Says that the whole of it has arrived: the server destroys it. Without a copy that is ready, nothing
    /// changes.
    #[oai(path = "/", method = "delete", operation_id = "end_copy")]
    async fn end(&self, caller: Youth) -> Answer<Done> {
        service::arrived(&self.0, &caller.0.who).await?;
        Ok(Done::Done)
    }
}
