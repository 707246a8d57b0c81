//! Around every answer: gives each request an id and makes every stray error, and every panic, a problem document.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use poem::{Error, IntoResponse, Response, Result, http::StatusCode};
use poem_openapi::error::{ContentTypeError, ParseParamError, ParsePathError, ParseRequestPayloadError};

use super::problem::Failure;
use crate::base::{
    chance::Chance,
    refusal::{Field, Kind, Refusal},
};

tokio::task_local! {
    static REQUEST: String;
}

/// The id of the request being answered.
pub fn request_id() -> Option<String> {
    REQUEST.try_with(Clone::clone).ok()
}

/// Gives a request its id, and whatever becomes of it an answer: what the framework or a fault of ours throws is made a
/// problem document.
pub async fn answered(chance: &dyn Chance, answering: impl Future<Output = Result<Response>>) -> Response {
    let id = chance.uuid_v4().simple().to_string();
    // What a request had in hand when it fell goes with it; what is shared stands behind locks and transactions.
    let caught = AssertUnwindSafe(answering).catch_unwind();
    let answer = async {
        match caught.await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) if error.is_from_response() => error.into_response(),
            Ok(Err(error)) => Failure::from(refusal(&error)).into_response(),
            Err(_) => Failure::from(Refusal::fault("answering a request ended in a panic")).into_response(),
        }
    };
    REQUEST.scope(id, answer).await
}

/// The framework's own refusals in our words. Its texts may quote what was sent, so none is passed on.
fn refusal(error: &Error) -> Refusal {
    if let Some(error) = error.downcast_ref::<ParseRequestPayloadError>() {
        return malformed(&error.reason);
    }
    if let Some(error) = error.downcast_ref::<ParseParamError>() {
        return Refusal::invalid(error.name);
    }
    if let Some(error) = error.downcast_ref::<ParsePathError>() {
        return Refusal::invalid(error.name);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::chance::SystemChance;

    #[tokio::test]
    #[expect(clippy::panic, reason = "what is tried")]
    async fn a_panic_is_answered_as_a_fault_of_ours() {
        let mut answer = answered(&SystemChance, async { panic!("something a person wrote") }).await;
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = answer.take_body().into_string().await.unwrap_or_default();
        assert!(body.contains(r#""kind":"internal""#), "{body}");
        assert!(body.contains(r#""instance":""#), "the operator finds it in the log: {body}");
        assert!(!body.contains("wrote"), "{body}");
    }
}
