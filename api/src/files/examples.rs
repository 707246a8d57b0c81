use poem_openapi::types::Example;

use super::model::*;
use crate::http::story::*;

impl Example for AnnounceFile {
    fn example() -> Self {
        Self {
            file_id: FILE,
            report_id: Some(REPORT),
            conversation_id: None,
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
