use entities::words::{FileId, SessionId};
use poem::Body;
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Header, Path, Query},
    payload::{Binary, Json, Response},
};

use super::{links, model::*, service};
use crate::{
    base::refusal::{Kind, Refusal},
    deps::Deps,
    http::{
        caller::{EitherOrCapability, YouthOrTouched},
        problem::{Answer, Problem},
    },
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

    /// Get a link to a file
    ///
    /// Audience: youth (her own); officer who has touched the passkey within five minutes, else `touch-needed`. The link is
    /// good for five minutes and ends with the session.
    #[oai(path = "/:file_id/link", method = "post", operation_id = "link_file")]
    async fn link(&self, caller: YouthOrTouched, file_id: Path<FileId>) -> Answer<Json<FileLink>> {
        let Deps { keys, clock, .. } = &self.deps;
        service::whole(&self.deps, &caller.0.who, file_id.0).await?;
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
        let (row, blob) = service::linked(&self.deps, file_id.0).await?;
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
