use entities::words::BundleReason;
use poem_openapi::types::Example;

use super::model::*;
use crate::http::story::*;

impl Example for TakeBundle {
    fn example() -> Self {
        Self { reason: BundleReason::Investigation }
    }
}

impl Example for BundleLink {
    fn example() -> Self {
        let (account, session) = (COLLEAGUE, "019ab2d4-3f60-7a17-8c5e-d0b9f2a4c713");
        let query =
            format!("account={account}&session={session}&reason=investigation&expires=1764072900000&seal={SECRET}");
        Self { url: format!("/api/v1/reports/{REPORT}/bundle?{query}"), expires_at: after(900) }
    }
}
