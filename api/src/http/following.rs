//! An answer that does not end: its connection goes to [`super::followers`].

use poem::{IntoResponse, Response};
use poem_openapi::{
    payload::Payload,
    registry::{MetaSchemaRef, Registry},
    types::Type,
};

use super::Follows;

/// Server-sent events, the same for all who follow.
pub struct Following(pub Follows);

impl Payload for Following {
    const CONTENT_TYPE: &'static str = "text/event-stream";

    fn schema_ref() -> MetaSchemaRef {
        String::schema_ref()
    }

    fn register(registry: &mut Registry) {
        String::register(registry);
    }
}

impl IntoResponse for Following {
    fn into_response(self) -> Response {
        let mut response = Response::builder().content_type(Self::CONTENT_TYPE).finish();
        response.set_data(self.0);
        response
    }
}
