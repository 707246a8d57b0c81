use poem_openapi::types::Example;

use super::model::*;
use crate::http::story::*;

impl Example for AccountCopy {
    fn example() -> Self {
        Self { state: CopyState::Ready, asked_at: after(3600), expires_at: Some(after(25 * 3600)), size: Some(212_480) }
    }
}
