use entities::words::AuditEntryId;
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};
use uuid::Uuid;

use super::{model::*, service};
use crate::{
    deps::Deps,
    http::{
        caller::Lead,
        page::{Limit, Next},
        problem::Answer,
    },
};

pub struct AuditApi(pub Deps);

#[OpenApi(prefix_path = "/api/v1/audit", tag = "crate::app::Tag::Audit")]
impl AuditApi {
    /// See who looked
    ///
    /// Audience: lead. What officers did with one talk, report, file or other thing, newest first. The same look by the same
    /// officer is noted once a minute. Of a thing that there never was, as of one that nobody looked at, the list is empty.
    #[oai(path = "/subjects/:subject_id/entries", method = "get", operation_id = "list_audit_entries")]
    async fn entries(
        &self,
        _caller: Lead,
        subject_id: Path<Uuid>,
        limit: Query<Option<Limit>>,
        /// The `next` of the page before.
        next: Query<Option<String>>,
    ) -> Answer<Json<AuditPage>> {
        let limit = Limit::or_default(limit.0);
        let after = next.0.as_deref().map(Next::<AuditEntryId>::parse).transpose()?;
        let after = after.map(|next| (next.at, next.id));
        let items = service::entries(&self.0, subject_id.0, after, limit).await?;
        let next = Next::of(&items, limit, |last| (last.at.millis(), last.entry_id));
        Ok(Json(AuditPage { items, next }))
    }
}
