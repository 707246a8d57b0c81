use entities::words::{FileId, ReportId, ReportState, SessionId};
use poem::{Body, web::Data};
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Header, Path, Query},
    payload::{Binary, Json, Response},
};

use super::{files, links, model::*, service};
use crate::{
    base::refusal::{Kind, Refusal},
    deps::Deps,
    http::{
        Received,
        caller::{EitherSide, Officer, Youth, YouthOrCapability, YouthOrTouched},
        page::{Limit, Next},
        problem::{Answer, Problem},
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

pub struct FilesApi {
    deps: Deps,
    turns: files::Turns,
}

impl FilesApi {
    pub fn new(deps: Deps) -> Self {
        Self { deps, turns: files::Turns::default() }
    }
}

#[OpenApi(prefix_path = "/api/v1/files", tag = "crate::app::Tag::Files")]
impl FilesApi {
    /// Announce a file
    ///
    /// Audience: youth, with or without a session. The report that names the file must have come before. Again, it tells
    /// where to go on.
    #[oai(path = "/", method = "post", operation_id = "announce_file")]
    async fn announce(&self, caller: YouthOrCapability, command: Json<AnnounceFile>) -> Answer<Json<FileProgress>> {
        Ok(Json(files::announce(&self.deps, &caller.0, command.0).await?))
    }

    /// Send bytes of a file
    ///
    /// Audience: youth, with or without a session. At most 256 KiB at a time, in order. Bytes that are stored already are passed over; bytes too far
    /// on are refused with `file-offset` and the right `offset`. The last ones are answered when the whole file is what
    /// was announced. One account may send 500 MiB a day; then the answer is `rate-limited`, and the file goes on later.
    #[oai(path = "/:file_id", method = "patch", operation_id = "append_file")]
    async fn append(
        &self,
        caller: YouthOrCapability,
        file_id: Path<FileId>,
        /// Where these bytes begin.
        #[oai(name = "Upload-Offset", validator(minimum(value = "0")))]
        offset: Header<i64>,
        bytes: Binary<Body>,
    ) -> Answer<Json<FileProgress>> {
        let chunk = bytes.0.into_bytes_limit(LARGEST_CHUNK).await.map_err(|error| match error {
            poem::error::ReadBodyError::PayloadTooLarge => Kind::TooLarge,
            _ => Kind::Malformed,
        })?;
        Ok(Json(files::append(&self.deps, &self.turns, &caller.0, file_id.0, offset.0, &chunk).await?))
    }

    /// Get a link to a file
    ///
    /// Audience: youth (her own); officer who has touched the passkey within five minutes, else `touch-needed`. The link is
    /// good for five minutes and ends with the session.
    #[oai(path = "/:file_id/link", method = "post", operation_id = "link_file")]
    async fn link(&self, caller: YouthOrTouched, file_id: Path<FileId>) -> Answer<Json<FileLink>> {
        let Deps { keys, clock, .. } = &self.deps;
        files::whole(&self.deps, &caller.0.who, file_id.0).await?;
        Ok(Json(links::make(keys, clock.now(), file_id.0, caller.0.session_id)))
    }

    /// Read a file
    ///
    /// Audience: whoever holds the link. No bearer token is needed; the query is the one that the link came with. A
    /// `Range` of one part is answered with that part.
    #[oai(path = "/:file_id/bytes", method = "get", operation_id = "read_file")]
    async fn bytes(
        &self,
        file_id: Path<FileId>,
        session: Query<SessionId>,
        expires: Query<i64>,
        seal: Query<String>,
        /// As in `bytes=0-1023`.
        #[oai(name = "Range")]
        range: Header<Option<String>>,
    ) -> Answer<Response<FileAnswer>> {
        let Deps { keys, clock, ended, .. } = &self.deps;
        links::check(keys, clock.now(), file_id.0, session.0, expires.0, &seal.0)?;
        if ended.holds(session.0) {
            return Err(Kind::LinkExpired.into());
        }
        let (row, blob) = files::linked(&self.deps, file_id.0).await?;
        let size = row.size.unsigned_abs();
        let body = |first, end| {
            let bytes = Body::from_bytes_stream(blob.stream(size, first..end));
            FileBytes::of(&row.media_type, bytes).ok_or_else(|| Refusal::fault("a file of a type that is not taken"))
        };
        let answer = match links::part(range.0.as_deref(), size) {
            links::Part::Whole => FileAnswer::Whole(body(0, size)?, size),
            links::Part::Bytes(first, last) => {
                FileAnswer::Part(body(first, last + 1)?, last - first + 1, format!("bytes {first}-{last}/{size}"))
            }
            links::Part::Outside => {
                let problem = Problem::from_refusal(&Kind::RangeRefused.into());
                FileAnswer::Outside(Json(problem), format!("bytes */{size}"))
            }
        };
        Ok(Response::new(answer)
            .header("Accept-Ranges", "bytes")
            .header("Cache-Control", "private, no-store")
            .header("Content-Security-Policy", "sandbox; default-src 'none'")
            .header("Cross-Origin-Resource-Policy", "same-origin")
            .header("X-Content-Type-Options", "nosniff"))
    }
}

#[derive(ApiResponse)]
pub enum FileAnswer {
    /// The whole file.
    #[oai(status = 200)]
    Whole(FileBytes, #[oai(header = "Content-Length")] u64),
    /// The part that was asked for.
    #[oai(status = 206)]
    Part(FileBytes, #[oai(header = "Content-Length")] u64, #[oai(header = "Content-Range")] String),
    /// The file has no such bytes.
    #[oai(status = 416, content_type = "application/problem+json")]
    Outside(Json<Problem>, #[oai(header = "Content-Range")] String),
}
