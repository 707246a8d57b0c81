use entities::words::SignKind;
use poem_openapi::types::Example;

use super::model::*;

impl Example for Doing {
    fn example() -> Self {
        Self { kind: SignKind::Typing }
    }
}
