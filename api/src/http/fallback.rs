//! The outermost layer: gives each request an id and makes every stray error of the framework a problem document.

use poem::{Endpoint, Error, IntoResponse, Middleware, Request, Response, Result, http::StatusCode};
use poem_openapi::error::{ContentTypeError, ParseParamError, ParsePathError, ParseRequestPayloadError};

use super::problem::Failure;
use crate::{
    base::refusal::{Field, Kind, Refusal},
    deps::Deps,
};

tokio::task_local! {
    static REQUEST: String;
}

/// The id of the request being answered.
pub fn request_id() -> Option<String> {
    REQUEST.try_with(Clone::clone).ok()
}

pub struct Fallback(pub Deps);

impl<E: Endpoint> Middleware<E> for Fallback {
    type Output = FallbackEndpoint<E>;
    fn transform(&self, inner: E) -> Self::Output {
        FallbackEndpoint { inner, deps: self.0.clone() }
    }
}

pub struct FallbackEndpoint<E> {
    inner: E,
    deps: Deps,
}

impl<E: Endpoint> Endpoint for FallbackEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let id = self.deps.chance.uuid_v4().simple().to_string();
        REQUEST
            .scope(id, async {
                match self.inner.call(request).await {
                    Ok(response) => Ok(response.into_response()),
                    Err(error) if error.is_from_response() => Ok(error.into_response()),
                    Err(error) => Ok(answer(&error)),
                }
            })
            .await
    }
}

pub fn answer(error: &Error) -> Response {
    Failure::from(refusal(error)).into_response()
}

/// The framework's own refusals in our words. Its texts may quote what was sent, so none is passed on.
fn refusal(error: &Error) -> Refusal {
    if let Some(error) = error.downcast_ref::<ParseRequestPayloadError>() {
        return malformed(&error.reason);
    }
    if let Some(error) = error.downcast_ref::<ParseParamError>() {
        return Refusal {
            fields: vec![Field { field: error.name.to_owned(), kind: "invalid" }],
            ..Kind::Malformed.into()
        };
    }
    if let Some(error) = error.downcast_ref::<ParsePathError>() {
        return Refusal {
            fields: vec![Field { field: error.name.to_owned(), kind: "invalid" }],
            ..Kind::Malformed.into()
        };
    }
    if error.is::<ContentTypeError>() {
        return Kind::UnsupportedMedia.into();
    }
    match error.status() {
        StatusCode::NOT_FOUND => Kind::NotFound.into(),
        StatusCode::METHOD_NOT_ALLOWED => Kind::MethodNotAllowed.into(),
        StatusCode::PAYLOAD_TOO_LARGE => Kind::TooLarge.into(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Kind::UnsupportedMedia.into(),
        StatusCode::UNAUTHORIZED => Kind::TokenMissing.into(),
        status if status.is_client_error() => Kind::Malformed.into(),
        _ => Refusal::fault("the framework answered with a fault"),
    }
}

/// poem-openapi names the field in a text of the form `… field "name" …` or `… of type "T" … (occurred while parsing
/// "Object")`; only a name of ours (letters, digits and `_`) is taken from it.
pub fn malformed(reason: &str) -> Refusal {
    let mut refusal = Refusal::of(Kind::Malformed);
    let quoted = reason.split(['"', '`']).skip(1).step_by(2);
    let ours = |name: &&str| {
        !name.is_empty()
            && name.len() <= 40
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    if let Some(field) = quoted.into_iter().find(ours) {
        let kind = if reason.contains("unknown field") {
            "unknown"
        } else if reason.contains("missing") {
            "missing"
        } else {
            "invalid"
        };
        refusal.fields.push(Field { field: field.to_owned(), kind });
    }
    refusal
}
