use entities::words::SubjectKind;
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};
use uuid::Uuid;

use super::{model::*, rules, service};
use crate::{
    deps::Deps,
    http::{
        Done,
        caller::{Lead, Officer, TouchedLead},
        page::{Limit, Next},
        problem::Answer,
    },
};

pub struct RecordsApi(pub Deps);

#[OpenApi(prefix_path = "/api/v1/records", tag = "crate::app::Tag::Records")]
impl RecordsApi {
    /// Tag a record
    ///
    /// Audience: officer. Which law it falls under decides how long it is kept.
    #[oai(path = "/:subject_kind/:subject_id/tags", method = "put", operation_id = "tag_record")]
    async fn tag(
        &self,
        caller: Officer,
        subject_kind: Path<SubjectKind>,
        subject_id: Path<Uuid>,
        command: Json<TagRecord>,
    ) -> Answer<Done> {
        service::tag(&self.0, &caller.0.who, (subject_kind.0, subject_id.0), command.0).await?;
        Ok(Done::Done)
    }

    /// Erase a record
    ///
    /// Audience: lead who has touched the passkey within five minutes, else `touch-needed`. For good: its key goes first,
    /// then all its words and files, and the apps drop it. What is held is not erased. Again, it gives the same answer.
    #[oai(path = "/:subject_kind/:subject_id/erasure", method = "put", operation_id = "erase_record")]
    async fn erase(
        &self,
        caller: TouchedLead,
        subject_kind: Path<SubjectKind>,
        subject_id: Path<Uuid>,
        command: Json<EraseRecord>,
    ) -> Answer<Json<Erasure>> {
        let record = (subject_kind.0, subject_id.0);
        Ok(Json(service::erase_by_lead(&self.0, &caller.0.who, record, command.0).await?))
    }

    /// List what youths asked to erase
    ///
    /// Audience: lead. What nobody has decided on: erase it, or refuse and say why. The oldest first.
    #[oai(path = "/asked", method = "get", operation_id = "list_asked_erasures")]
    async fn asked(&self, _caller: Lead) -> Answer<Json<AskedErasures>> {
        Ok(Json(AskedErasures { items: service::asked(&self.0).await? }))
    }

    /// Refuse to erase a record
    ///
    /// Audience: lead. Only what its youth asked to erase. The youth is told that there is an answer, and reads the reason.
    #[oai(path = "/:subject_kind/:subject_id/erasure-refusal", method = "put", operation_id = "refuse_erasure")]
    async fn refuse(
        &self,
        caller: Lead,
        subject_kind: Path<SubjectKind>,
        subject_id: Path<Uuid>,
        command: Json<RefuseErasure>,
    ) -> Answer<Done> {
        service::refuse(&self.0, &caller.0.who, (subject_kind.0, subject_id.0), command.0).await?;
        Ok(Done::Done)
    }

    /// List erasures
    ///
    /// Audience: lead. That, when and why something was erased; nothing of what it held. Newest first.
    #[oai(path = "/erasures", method = "get", operation_id = "list_erasures")]
    async fn erasures(
        &self,
        _caller: Lead,
        limit: Query<Option<Limit>>,
        /// The `next` of the page before.
        next: Query<Option<String>>,
    ) -> Answer<Json<ErasurePage>> {
        let limit = Limit::or_default(limit.0);
        let after = next.0.as_deref().map(Next::<Uuid>::parse).transpose()?;
        let items = service::erasures(&self.0, after.map(|next| (next.at, next.id)), limit).await?;
        let next = Next::of(&items, limit, |last| (last.at.millis(), last.subject_id));
        Ok(Json(ErasurePage { items, next }))
    }

    /// Hold a record
    ///
    /// Audience: lead. Until then it goes neither by a rule nor by a lead's word. Again, it exchanges reason and end.
    #[oai(path = "/:subject_kind/:subject_id/hold", method = "put", operation_id = "hold_record")]
    async fn hold(
        &self,
        caller: Lead,
        subject_kind: Path<SubjectKind>,
        subject_id: Path<Uuid>,
        command: Json<HoldRecord>,
    ) -> Answer<Done> {
        service::hold(&self.0, &caller.0.who, (subject_kind.0, subject_id.0), command.0).await?;
        Ok(Done::Done)
    }

    /// Lift a hold
    ///
    /// Audience: lead. The rules apply again.
    #[oai(path = "/:subject_kind/:subject_id/hold", method = "delete", operation_id = "lift_hold")]
    async fn lift(&self, caller: Lead, subject_kind: Path<SubjectKind>, subject_id: Path<Uuid>) -> Answer<Done> {
        service::lift(&self.0, &caller.0.who, (subject_kind.0, subject_id.0)).await?;
        Ok(Done::Done)
    }

    /// List holds
    ///
    /// Audience: lead. Those that last, the first to end first.
    #[oai(path = "/holds", method = "get", operation_id = "list_holds")]
    async fn holds(
        &self,
        caller: Lead,
        /// Only the hold of this record: who looks at one has not looked at the others.
        subject_id: Query<Option<Uuid>>,
    ) -> Answer<Json<Holds>> {
        Ok(Json(Holds { items: service::holds(&self.0, &caller.0.who, subject_id.0).await? }))
    }

    /// List records that are due for review
    ///
    /// Audience: lead. What no rule limits, and nobody has looked at for a year: reports, what is held, and talks in which
    /// nobody has read all.
    #[oai(path = "/reviews", method = "get", operation_id = "list_due_reviews")]
    async fn due_reviews(&self, _caller: Lead) -> Answer<Json<DueReviews>> {
        Ok(Json(DueReviews { items: rules::due_reviews(&self.0).await? }))
    }

    /// Mark a record as reviewed
    ///
    /// Audience: lead. It is still needed; it is listed again in a year.
    #[oai(path = "/:subject_kind/:subject_id/review", method = "put", operation_id = "review_record")]
    async fn review(&self, caller: Lead, subject_kind: Path<SubjectKind>, subject_id: Path<Uuid>) -> Answer<Done> {
        service::review(&self.0, &caller.0.who, (subject_kind.0, subject_id.0)).await?;
        Ok(Done::Done)
    }

    /// List the rules
    ///
    /// Audience: lead. How long things are kept, today, before and later on. The operator sets them.
    #[oai(path = "/rules", method = "get", operation_id = "list_retention_rules")]
    async fn rules(&self, _caller: Lead) -> Answer<Json<Rules>> {
        Ok(Json(Rules { items: rules::list(&self.0).await? }))
    }
}
