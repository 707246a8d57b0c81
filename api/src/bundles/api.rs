use std::sync::Arc;

use entities::words::{AccountId, BundleReason, ReportId, SessionId};
use poem::Body;
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Path, Query},
    payload::{Binary, Json, Response},
};

use tokio::sync::Semaphore;

use super::{model::*, service};
use crate::{
    deps::Deps,
    http::{caller::TouchedOfficer, problem::Answer},
};

pub struct BundlesApi {
    deps: Deps,
    /// Bundles that are made at once.
    turn: Arc<Semaphore>,
}

impl BundlesApi {
    pub fn new(deps: Deps) -> Self {
        Self { deps, turn: Arc::new(Semaphore::new(4)) }
    }
}

#[derive(ApiResponse)]
pub enum Bundle {
    /// The zip file, made while it is read. If it breaks off it is no zip file: begin again.
    #[oai(status = 200, content_type = "application/zip")]
    Whole(Binary<Body>, #[oai(header = "Content-Disposition")] String),
}

#[OpenApi(prefix_path = "/api/v1/reports", tag = "crate::app::Tag::Reports")]
impl BundlesApi {
    /// Get a link to a report's bundle
    ///
    /// Audience: officer who has touched the passkey within five minutes, else `touch-needed`. The bundle is the report as a PDF
    /// and as data, the talk in which its youth was asked, the files as they were sent, who has looked at it and done what, a
    /// manifest, and `SHA256SUMS` over all of it. Files that are withheld, infected or not yet looked at are named and left out, and
    /// of a talk that the report was made from only what its youth chose is there. That it was taken, by whom and why, is in the log. The link is good for five minutes and ends with the session.
    #[oai(path = "/:report_id/bundle", method = "post", operation_id = "link_report_bundle")]
    async fn link(
        &self,
        caller: TouchedOfficer,
        report_id: Path<ReportId>,
        command: Json<TakeBundle>,
    ) -> Answer<Json<BundleLink>> {
        Ok(Json(service::link(&self.deps, &caller.0, report_id.0, command.0).await?))
    }

    /// Read a report's bundle
    ///
    /// Audience: whoever holds the link. No bearer token is needed; the query is the one that the link came with. It comes as an
    /// attachment.
    #[oai(path = "/:report_id/bundle", method = "get", operation_id = "read_report_bundle")]
    async fn read(
        &self,
        report_id: Path<ReportId>,
        account: Query<AccountId>,
        session: Query<SessionId>,
        reason: Query<BundleReason>,
        expires: Query<i64>,
        seal: Query<String>,
    ) -> Answer<Response<Bundle>> {
        let taken = Taken { account_id: account.0, reason: reason.0 };
        service::check(&self.deps, report_id.0, taken, session.0, expires.0, &seal.0)?;
        let (name, bytes) = service::read(&self.deps, &self.turn, report_id.0, taken).await?;
        let bundle = Bundle::Whole(Binary(Body::from_bytes_stream(bytes)), format!("attachment; filename=\"{name}\""));
        Ok(Response::new(bundle)
            .header("Cache-Control", "private, no-store")
            .header("X-Content-Type-Options", "nosniff"))
    }
}
