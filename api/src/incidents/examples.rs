use poem_openapi::types::Example;

use super::model::*;
use crate::http::story::*;

impl Example for JoinTalk {
    fn example() -> Self {
        Self { conversation_id: CONVERSATION, title: text(INCIDENT_TITLE) }
    }
}

impl Example for LeaveTalk {
    fn example() -> Self {
        Self { conversation_id: CONVERSATION }
    }
}
