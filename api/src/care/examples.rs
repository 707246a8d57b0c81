use poem_openapi::types::Example;

use super::model::*;
use crate::http::story::*;

impl Example for MarkHard {
    fn example() -> Self {
        Self { conversation_id: CONVERSATION }
    }
}

impl Example for HardCases {
    fn example() -> Self {
        Self { public_number: Some(OFFICER.to_owned()), mine: true, count: 3, last_at: after(900) }
    }
}

impl Example for HardCaseList {
    fn example() -> Self {
        Self { items: vec![Example::example()] }
    }
}
