use entities::words::{ReportId, ReportState};
use poem::web::Data;
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

use super::{model::*, service};
use crate::{
    base::refusal::{Kind, Refusal},
    deps::Deps,
    http::{
        Received,
        caller::{EitherSide, Officer, Youth},
        page::{Limit, Next},
        problem::Answer,
    },
    sync::{ActionResult, IdempotencyKey, one},
};

pub struct ReportsApi(pub Deps);

#[OpenApi(prefix_path = "/api/v1/reports", tag = "crate::app::Tag::Reports")]
impl ReportsApi {
    /// Submit a report
    ///
    /// Audience: youth. It counts at once; the files that it names follow through the files' operations. The same as the
    /// action `report-submit`.
    #[oai(path = "/", method = "post", operation_id = "submit_report")]
    async fn submit(
        &self,
        caller: Youth,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        received: Data<&Received>,
        _command: Json<SubmitReport>,
    ) -> Answer<Json<ActionResult>> {
        Ok(Json(one(&self.0, &caller.0, key.0, "report-submit", received.0, None).await?))
    }

    /// List reports
    ///
    /// Audience: youth (her own), officer (all). Newest first.
    #[oai(path = "/", method = "get", operation_id = "list_reports")]
    async fn list(
        &self,
        caller: EitherSide,
        state: Query<Option<ReportState>>,
        limit: Query<Option<Limit>>,
        /// The `next` of the page before.
        next: Query<Option<String>>,
    ) -> Answer<Json<ReportPage>> {
        let limit = Limit::or_default(limit.0);
        let after = next.0.as_deref().map(Next::<ReportId>::parse).transpose()?;
        let items = service::list(&self.0, &caller.0.who, state.0, after.map(|n| (n.at, n.id)), limit).await?;
        let next = Next::of(&items, limit, |last| (last.submitted_at.millis(), last.report_id));
        Ok(Json(ReportPage { items, next }))
    }

    /// Read one report
    ///
    /// Audience: youth (her own), officer. Reading it here does not mark it as being read.
    #[oai(path = "/:report_id", method = "get", operation_id = "get_report")]
    async fn get(&self, caller: EitherSide, report_id: Path<ReportId>) -> Answer<Json<Report>> {
        let mut found = service::views(&self.0, &caller.0.who, &[report_id.0]).await?;
        Ok(Json(found.remove(&report_id.0).ok_or(Refusal::of(Kind::NotFound))?))
    }

    /// Begin to read a report
    ///
    /// Audience: officer. The youth is told that a person reads it. The same as the action `report-read`.
    #[oai(path = "/:report_id/read", method = "post", operation_id = "read_report")]
    async fn read(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        report_id: Path<ReportId>,
        received: Data<&Received>,
        _command: Json<ReadFrom>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("report_id", report_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "report-read", received.0, path).await?))
    }

    /// Ask for a report's erasure
    ///
    /// Audience: youth. The police decide, because what came to them is an official document; the report says when it was
    /// asked, and what they decided. The same as the action `report-ask-erasure`.
    #[oai(path = "/:report_id/erasure-request", method = "post", operation_id = "ask_report_erasure")]
    async fn ask_erasure(
        &self,
        caller: Youth,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        report_id: Path<ReportId>,
        received: Data<&Received>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("report_id", report_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "report-ask-erasure", received.0, path).await?))
    }
}
