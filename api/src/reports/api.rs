use entities::words::{EventKind, Priority, ReportId, ReportState, Timestamp};
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
    /// Audience: youth (her own, the newest first), officer (all: the most urgent first and of those the oldest, then the closed
    /// ones, the newest first). What is asked for by time comes the newest first.
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the address")]
    #[oai(path = "/", method = "get", operation_id = "list_reports")]
    async fn list(
        &self,
        caller: EitherSide,
        state: Query<Option<ReportState>>,
        event_kind: Query<Option<EventKind>>,
        /// The municipality's four digits.
        #[oai(validator(pattern = "^[0-9]{4}$"))]
        area: Query<Option<String>>,
        /// For officers: how urgent it is.
        priority: Query<Option<Priority>>,
        /// By the server's clock; those of that moment too.
        received_from: Query<Option<Timestamp>>,
        /// Those of that moment not.
        received_until: Query<Option<Timestamp>>,
        limit: Query<Option<Limit>>,
        /// The `next` of the page before.
        next: Query<Option<String>>,
    ) -> Answer<Json<ReportPage>> {
        let limit = Limit::or_default(limit.0);
        let after = next.0.as_deref().map(Next::<ReportId>::parse).transpose()?;
        // A youth is not told how urgent hers is.
        let priority = priority.0.filter(|_| caller.0.who.is_officer());
        let narrowed = Narrowed {
            state: state.0,
            event_kind: event_kind.0,
            area: area.0,
            priority,
            received_from: received_from.0,
            received_until: received_until.0,
        };
        let found = service::list(&self.0, &caller.0.who, &narrowed, after.map(|n| (n.at, n.id)), limit).await?;
        let next = Next::of(&found, limit, |(place, last)| (*place, last.report_id));
        Ok(Json(ReportPage { items: found.into_iter().map(|(_, report)| report).collect(), next }))
    }

    /// Search reports
    ///
    /// Audience: officer. By number, or by a link or user name that a report names; there is no search over what people wrote.
    /// That it was searched, by what and why is logged; the words are not. At most a hundred, the newest first.
    #[oai(path = "/search", method = "post", operation_id = "search_reports")]
    async fn search(&self, caller: Officer, command: Json<SearchReports>) -> Answer<Json<ReportPage>> {
        let items = service::search(&self.0, &caller.0.who, command.0).await?;
        Ok(Json(ReportPage { items, next: None }))
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

    /// Ask about a report
    ///
    /// Audience: officer. Begins the talk in which its youth is asked; what is asked follows as a message of that talk. Refused while a talk
    /// of the report goes on. The same as the action
    /// `report-open-talk`.
    #[oai(path = "/:report_id/talk", method = "post", operation_id = "open_report_talk")]
    async fn open_talk(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        report_id: Path<ReportId>,
        received: Data<&Received>,
        _command: Json<TalkAbout>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("report_id", report_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "report-open-talk", received.0, path).await?))
    }

    /// Pass a report on
    ///
    /// Audience: officer. Says to its youth who goes on with it. The same as the action
    /// `report-pass-on`.
    #[oai(path = "/:report_id/passing-on", method = "post", operation_id = "pass_report_on")]
    async fn pass_on(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        report_id: Path<ReportId>,
        received: Data<&Received>,
        _command: Json<PassedTo>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("report_id", report_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "report-pass-on", received.0, path).await?))
    }

    /// Say that a polisanmälan was made
    ///
    /// Audience: officer. By its number in the police's own system; only from here on is the report one. The same as the action
    /// `report-register`.
    #[oai(path = "/:report_id/registration", method = "post", operation_id = "register_report")]
    async fn register(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        report_id: Path<ReportId>,
        received: Data<&Received>,
        _command: Json<RegisteredAs>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("report_id", report_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "report-register", received.0, path).await?))
    }

    /// Close a report
    ///
    /// Audience: officer. With an outcome, and a word to its youth. The same as the action
    /// `report-close`.
    #[oai(path = "/:report_id/closing", method = "post", operation_id = "close_report")]
    async fn close(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        report_id: Path<ReportId>,
        received: Data<&Received>,
        _command: Json<ClosedWith>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("report_id", report_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "report-close", received.0, path).await?))
    }

    /// Say who one is
    ///
    /// Audience: youth. Without a name a report is handled as a tip. Said again, it counts as it was said last. The same as the action
    /// `report-introduce`.
    #[oai(path = "/:report_id/introduction", method = "post", operation_id = "introduce_youth")]
    async fn introduce(
        &self,
        caller: Youth,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        report_id: Path<ReportId>,
        received: Data<&Received>,
        _command: Json<WhoSheIs>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("report_id", report_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "report-introduce", received.0, path).await?))
    }

    /// Join a report to an incident
    ///
    /// Audience: officer. No youth learns of it. The same as the action
    /// `report-join`.
    #[oai(path = "/:report_id/incident", method = "post", operation_id = "join_report")]
    async fn join(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        report_id: Path<ReportId>,
        received: Data<&Received>,
        _command: Json<PartOf>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("report_id", report_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "report-join", received.0, path).await?))
    }

    /// Take a report out of its incident
    ///
    /// Audience: officer. The same as the action
    /// `report-leave`.
    #[oai(path = "/:report_id/incident/leaving", method = "post", operation_id = "leave_report")]
    async fn leave(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        report_id: Path<ReportId>,
        received: Data<&Received>,
        _command: Json<NoPartOf>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("report_id", report_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "report-leave", received.0, path).await?))
    }
}
