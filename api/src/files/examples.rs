use entities::words::OpeningReason;
use poem_openapi::types::Example;

use super::model::*;
use crate::http::story::*;

impl Example for AnnounceFile {
    fn example() -> Self {
        Self {
            file_id: FILE,
            report_id: Some(REPORT),
            conversation_id: None,
            post_id: None,
            dialogue_id: None,
            sha256: text(SHA256),
            size: PICTURE_SIZE,
            media_type: text(JPEG),
        }
    }
}

impl Example for FileProgress {
    fn example() -> Self {
        Self { file_id: FILE, offset: PICTURE_SIZE, complete: true }
    }
}

impl Example for FileLink {
    fn example() -> Self {
        Self {
            url: format!("/api/v1/files/{FILE}/bytes?session={CEREMONY}&expires={}&seal={SECRET}", after(300).millis()),
            expires_at: after(300),
        }
    }
}

impl Example for OpenOriginal {
    fn example() -> Self {
        Self { reason: Some(OpeningReason::Investigation) }
    }
}

const REASON: &str = "Utredare i ärendet, enligt beslut av gruppchefen.";

impl Example for NameInvestigator {
    fn example() -> Self {
        Self { reason: text(REASON) }
    }
}

impl Example for Investigator {
    fn example() -> Self {
        Self {
            account_id: COLLEAGUE,
            public_number: Some("12".to_owned()),
            named_by: Some("03".to_owned()),
            at: after(600),
            reason: Some(REASON.to_owned()),
        }
    }
}

impl Example for InvestigatorList {
    fn example() -> Self {
        Self { items: vec![Example::example()] }
    }
}
