use entities::words::{AccountId, FileId, SessionId};
use poem::{Body, web::Data};
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Header, Path, Query},
    payload::{Binary, Json, Response},
};

use super::{
    kinds,
    links::{self, Linked},
    model::*,
    service,
};
use crate::{
    base::refusal::{Kind, Refusal},
    deps::Deps,
    http::{
        Done, MaybeJson, Received,
        caller::{Caller, EitherOrCapability, EitherSide, Lead, Officer, TouchedLead, YouthOrTouched},
        problem::{Answer, Problem},
    },
    sync::{ActionResult, IdempotencyKey, one},
};

pub struct FilesApi {
    deps: Deps,
    turns: service::Turns,
}

impl FilesApi {
    pub fn new(deps: Deps) -> Self {
        Self { deps, turns: service::Turns::default() }
    }
}

#[OpenApi(prefix_path = "/api/v1/files", tag = "crate::app::Tag::Files")]
impl FilesApi {
    /// Announce a file
    ///
    /// Audience: whoever named it: youth, with or without a session, officer. The report or message that names the file must
    /// have come before. Again, it tells where to go on.
    #[oai(path = "/", method = "post", operation_id = "announce_file")]
    async fn announce(&self, caller: EitherOrCapability, command: Json<AnnounceFile>) -> Answer<Json<FileProgress>> {
        Ok(Json(service::announce(&self.deps, &caller.0, command.0).await?))
    }

    /// Send bytes of a file
    ///
    /// Audience: whoever named it: youth, with or without a session, officer. At most 256 KiB at a time, in order. Bytes that are
    /// stored already are passed over; bytes too far on are refused with `file-offset` and the right `offset`. The last ones
    /// are answered when the whole file is what was announced; an officer's picture that says more than it shows is refused
    /// with `file-metadata`. One account may send 500 MiB a day; then the answer is `rate-limited`, and the file goes on later.
    #[oai(path = "/:file_id", method = "patch", operation_id = "append_file")]
    async fn append(
        &self,
        caller: EitherOrCapability,
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
        Ok(Json(service::append(&self.deps, &self.turns, &caller.0, file_id.0, offset.0, &chunk).await?))
    }

    /// Get a link to a file as it was sent
    ///
    /// Audience: youth (her own); officer who has touched the passkey within five minutes, else `touch-needed`, and says why, else
    /// `reason-needed`: the audit log keeps it. The link is good for five minutes and ends with the session. What is withheld is
    /// opened by investigators alone (`file-withheld`), what is infected by nobody (`file-infected`).
    #[oai(path = "/:file_id/link", method = "post", operation_id = "link_file")]
    async fn link(
        &self,
        caller: YouthOrTouched,
        file_id: Path<FileId>,
        command: MaybeJson<OpenOriginal>,
    ) -> Answer<Json<FileLink>> {
        let reason = command.0.and_then(|command| command.reason);
        let what = service::open_original(&self.deps, &caller.0.who, file_id.0, reason).await?;
        Ok(Json(self.link_to(what, file_id.0, &caller.0)))
    }

    /// Get a link to the copy of a file
    ///
    /// Audience: youth (her own), officer. The copy shows the same and holds no metadata; where none can be made the answer is
    /// `file-not-cleaned`, and while it is not decided `file-unchecked`.
    #[oai(path = "/:file_id/copy-link", method = "post", operation_id = "link_file_copy")]
    async fn link_copy(&self, caller: EitherSide, file_id: Path<FileId>) -> Answer<Json<FileLink>> {
        service::open_copy(&self.deps, &caller.0.who, file_id.0).await?;
        Ok(Json(self.link_to(Linked::Copy, file_id.0, &caller.0)))
    }

    /// Read a file as it was sent
    ///
    /// Audience: whoever holds the link. No bearer token is needed; the query is the one that the link came with. It comes as an
    /// attachment. A `Range` of one part is answered with that part.
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
        let opens = |what| self.checked(what, file_id.0, session.0, expires.0, &seal.0);
        let what = opens(Linked::Original).or_else(|_| opens(Linked::Withheld))?;
        let readable = service::linked(&self.deps, what, file_id.0).await?;
        let attachment = attachment(file_id.0, &readable.media_type);
        Ok(read(readable, range.0.as_deref()).header("Content-Disposition", attachment))
    }

    /// Read the copy of a file
    ///
    /// Audience: whoever holds the link, as with the file itself. A picture (JPEG or PNG), film or sound that may stand in a page.
    #[oai(path = "/:file_id/copy", method = "get", operation_id = "read_file_copy")]
    async fn copy(
        &self,
        file_id: Path<FileId>,
        session: Query<SessionId>,
        expires: Query<i64>,
        seal: Query<String>,
        /// As in `bytes=0-1023`.
        #[oai(name = "Range")]
        range: Header<Option<String>>,
    ) -> Answer<Response<FileAnswer>> {
        let what = self.checked(Linked::Copy, file_id.0, session.0, expires.0, &seal.0)?;
        Ok(read(service::linked(&self.deps, what, file_id.0).await?, range.0.as_deref()))
    }

    /// Mark a file as a sexual image of a child
    ///
    /// Audience: officer. Its copy is destroyed, it is in no export, and only investigators open it as it was sent. Nobody can take
    /// it back. It counts as a hard case. Its youth is told nothing. The same as the action `file-withhold`.
    #[oai(path = "/:file_id/withhold", method = "post", operation_id = "withhold_file")]
    async fn withhold(
        &self,
        caller: Officer,
        file_id: Path<FileId>,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        received: Data<&Received>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("file_id", file_id.0.0));
        Ok(Json(one(&self.deps, &caller.0, key.0, "file-withhold", received.0, path).await?))
    }

    /// List investigators
    ///
    /// Audience: lead. Who may open files that are withheld.
    #[oai(path = "/investigators", method = "get", operation_id = "list_investigators")]
    async fn investigators(&self, _caller: Lead) -> Answer<Json<InvestigatorList>> {
        Ok(Json(service::investigators(&self.deps).await?))
    }

    /// Name an investigator
    ///
    /// Audience: lead who has just touched the passkey. An officer or another lead may open files that are withheld. Again, it
    /// changes the reason.
    #[oai(path = "/investigators/:account_id", method = "put", operation_id = "name_investigator")]
    async fn name_investigator(
        &self,
        caller: TouchedLead,
        account_id: Path<AccountId>,
        command: Json<NameInvestigator>,
    ) -> Answer<Json<Investigator>> {
        Ok(Json(service::name_investigator(&self.deps, &caller.0.who, account_id.0, command.0).await?))
    }

    /// End an investigator
    ///
    /// Audience: lead. From then on the account gets no link to what is withheld.
    #[oai(path = "/investigators/:account_id", method = "delete", operation_id = "end_investigator")]
    async fn end_investigator(&self, caller: Lead, account_id: Path<AccountId>) -> Answer<Done> {
        service::end_investigator(&self.deps, &caller.0.who, account_id.0).await?;
        Ok(Done::Done)
    }
}

impl FilesApi {
    fn link_to(&self, what: Linked, file_id: FileId, caller: &Caller) -> FileLink {
        links::make(&self.deps.keys, self.deps.clock.now(), what, file_id, caller.session_id)
    }

    /// What a link opens, if it is one of ours and its session goes on.
    fn checked(
        &self,
        what: Linked,
        file_id: FileId,
        session: SessionId,
        expires: i64,
        seal: &str,
    ) -> Result<Linked, Refusal> {
        let Deps { keys, clock, ended, .. } = &self.deps;
        links::check(keys, clock.now(), what, file_id, session, expires, seal)?;
        if ended.holds(session) { Err(Kind::LinkExpired.into()) } else { Ok(what) }
    }
}

fn read(readable: service::Readable, range: Option<&str>) -> Response<FileAnswer> {
    let service::Readable { media_type, size, blob } = readable;
    let body = |first, end| FileBytes::of(&media_type, Body::from_bytes_stream(blob.stream(size, first..end)));
    let answer = match links::part(range, size) {
        links::Part::Whole => FileAnswer::Whole(body(0, size), size),
        links::Part::Bytes(first, last) => {
            FileAnswer::Part(body(first, last + 1), last - first + 1, format!("bytes {first}-{last}/{size}"))
        }
        links::Part::Outside => {
            let problem = Problem::from_refusal(&Kind::RangeRefused.into());
            FileAnswer::Outside(Json(problem), format!("bytes */{size}"))
        }
    };
    Response::new(answer)
        .header("Accept-Ranges", "bytes")
        .header("Cache-Control", "private, no-store")
        .header("Content-Security-Policy", "sandbox; default-src 'none'")
        .header("Cross-Origin-Resource-Policy", "same-origin")
        .header("X-Content-Type-Options", "nosniff")
}

/// A name that tells nobody anything.
fn attachment(file_id: FileId, media_type: &str) -> String {
    let name: String = file_id.to_string().chars().skip(30).collect();
    format!("attachment; filename=\"{name}.{}\"", kinds::ending(media_type))
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
