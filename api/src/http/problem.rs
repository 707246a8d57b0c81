//! How a refusal looks on the wire: a problem document (RFC 9457) with a stable kind.

use entities::words::Timestamp;
use poem::http::StatusCode;
use poem_openapi::{ApiResponse, Object, payload::Json, types::Example};

use crate::base::refusal::{Field, Kind, Refusal};

/// A problem document. `kind` is stable; clients branch on it, never on a text.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Problem {
    /// The page that explains the kind: `/problems/<kind>`.
    #[oai(rename = "type")]
    pub page: String,
    pub kind: String,
    /// In English, for developers.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    pub detail: Option<String>,
    /// The id of the request, as the operator's log has it.
    pub instance: Option<String>,
    /// The fields that were not right.
    #[oai(skip_serializing_if_is_empty, default)]
    pub fields: Vec<ProblemField>,
    /// Milliseconds to wait before trying again.
    pub retry_after_ms: Option<u64>,
    /// Leading zero bits that the next puzzle will ask for.
    pub puzzle_bits: Option<u32>,
    /// How often another word may be tried.
    pub tries_left: Option<u32>,
    /// Where an upload goes on.
    pub offset: Option<i64>,
    /// When it ends by itself that this account may not write.
    pub until: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Object)]
pub struct ProblemField {
    pub field: String,
    /// `missing`, `unknown` or `invalid`.
    pub kind: String,
}

impl Problem {
    /// The outward form; a fault's cause stays behind in the log.
    pub fn from_refusal(refusal: &Refusal) -> Self {
        let kind = refusal.kind;
        let instance = super::fallback::request_id();
        if let Some(cause) = &refusal.cause {
            let request = instance.as_deref().unwrap_or("-");
            tracing::error!(kind = kind.word(), request, cause, "a request ended in a fault: {}", kind.word());
        }
        Self {
            page: format!("/problems/{}", kind.word()),
            kind: kind.word().to_owned(),
            title: kind.title().to_owned(),
            status: kind.status(),
            detail: refusal.detail.clone(),
            instance,
            fields: refusal
                .fields
                .iter()
                .map(|field| ProblemField { field: field.field.clone(), kind: field.kind.to_owned() })
                .collect(),
            retry_after_ms: refusal.retry_after_ms,
            puzzle_bits: refusal.puzzle_bits,
            tries_left: refusal.tries_left,
            offset: refusal.offset,
            until: refusal.until,
        }
    }
}

/// The answer of every operation that did not do what was asked.
#[derive(ApiResponse)]
pub enum Failure {
    /// The request was refused; `kind` says why.
    #[oai(status_range = "4XX", content_type = "application/problem+json")]
    Refused(StatusCode, Json<Problem>, #[oai(header = "Retry-After")] Option<u64>),
    /// A fault on our side, or not available at the moment.
    #[oai(status_range = "5XX", content_type = "application/problem+json")]
    Fault(StatusCode, Json<Problem>, #[oai(header = "Retry-After")] Option<u64>),
}

/// What an operation returns.
pub type Answer<T> = Result<T, Failure>;

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Problem::from_refusal(&refusal).into()
    }
}

impl From<Problem> for Failure {
    /// The writer, which serves many requests at once, knows the id of none; here it is known.
    fn from(problem: Problem) -> Self {
        let problem = Problem { instance: super::fallback::request_id(), ..problem };
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let wait = problem.retry_after_ms.map(|ms| ms.div_ceil(1000));
        if status.is_server_error() {
            Self::Fault(status, Json(problem), wait)
        } else {
            Self::Refused(status, Json(problem), wait)
        }
    }
}

impl From<Kind> for Failure {
    fn from(kind: Kind) -> Self {
        Refusal::of(kind).into()
    }
}

impl From<sea_orm::DbErr> for Failure {
    fn from(error: sea_orm::DbErr) -> Self {
        Refusal::from(error).into()
    }
}

impl Example for Problem {
    fn example() -> Self {
        let refusal =
            Refusal { fields: vec![Field { field: "text".into(), kind: "missing" }], ..Kind::Malformed.into() };
        // The contract is made while the first request for it is answered, whose id is no part of it.
        Self { instance: None, ..Self::from_refusal(&refusal) }
    }
}
