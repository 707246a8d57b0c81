use entities::words::{AccountId, InviteId};
use poem_openapi::{ApiResponse, OpenApi, param::Path, payload::Json};

use super::{
    model::*,
    service::{self, How},
};
use crate::{
    deps::Deps,
    http::{
        caller::{Lead, TouchedLead},
        problem::Answer,
    },
};

pub struct StaffApi(pub Deps);

#[derive(ApiResponse)]
enum Done {
    /// Done.
    #[oai(status = 204)]
    Done,
}

#[OpenApi(prefix_path = "/api/v1/staff", tag = "crate::app::Tag::Staff")]
impl StaffApi {
    /// List who serves
    ///
    /// Audience: lead. Officers, leads, evaluators and administrators by number, those who were ended too, and the invites that
    /// nobody has used yet.
    #[oai(path = "/", method = "get", operation_id = "list_staff")]
    async fn list(&self, caller: Lead) -> Answer<Json<StaffList>> {
        Ok(Json(service::list(&self.0, &caller.0.who).await?))
    }

    /// Invite somebody to serve
    ///
    /// Audience: lead who has just touched the passkey. A link for one person and 24 hours: the app's own address, `/invite/` and
    /// the token. For a number that stands it adds a passkey, with the same role. The same again gives the same.
    #[oai(path = "/invites/:invite_id", method = "put", operation_id = "put_staff_invite")]
    async fn invite(
        &self,
        caller: TouchedLead,
        invite_id: Path<InviteId>,
        command: Json<InviteStaff>,
    ) -> Answer<Json<StaffInvite>> {
        Ok(Json(service::invite(&self.0, &caller.0.who, invite_id.0, command.0).await?))
    }

    /// End an invite
    ///
    /// Audience: lead. Nobody comes in by it any more.
    #[oai(path = "/invites/:invite_id", method = "delete", operation_id = "end_staff_invite")]
    async fn end_invite(&self, caller: Lead, invite_id: Path<InviteId>) -> Answer<Done> {
        service::end_invite(&self.0, &caller.0.who, invite_id.0).await?;
        Ok(Done::Done)
    }

    /// Relieve an officer
    ///
    /// Audience: lead, of somebody else. Ends the shift, and the talks wait again or go to a colleague. The officer stays signed
    /// in.
    #[oai(path = "/:account_id/relieve", method = "post", operation_id = "relieve_officer")]
    async fn relieve(
        &self,
        caller: Lead,
        account_id: Path<AccountId>,
        command: Json<Relieve>,
    ) -> Answer<Json<Relieved>> {
        Ok(Json(service::relieve(&self.0, &caller.0.who, account_id.0, command.0, How::Relieve).await?))
    }

    /// Sign an officer out everywhere
    ///
    /// Audience: lead, of somebody else. All sessions end at once, no phone is woken any more, and the officer is relieved. The
    /// passkey still opens.
    #[oai(path = "/:account_id/sign-out", method = "post", operation_id = "sign_officer_out")]
    async fn sign_out(
        &self,
        caller: Lead,
        account_id: Path<AccountId>,
        command: Json<Relieve>,
    ) -> Answer<Json<Relieved>> {
        Ok(Json(service::relieve(&self.0, &caller.0.who, account_id.0, command.0, How::SignOut).await?))
    }

    /// End an officer's account
    ///
    /// Audience: lead who has just touched the passkey, of somebody else. As signing out everywhere, and for good: no passkey and
    /// no invite opens it again, and its number is nobody else's.
    #[oai(path = "/:account_id/end", method = "post", operation_id = "end_officer")]
    async fn end(
        &self,
        caller: TouchedLead,
        account_id: Path<AccountId>,
        command: Json<Relieve>,
    ) -> Answer<Json<Relieved>> {
        Ok(Json(service::relieve(&self.0, &caller.0.who, account_id.0, command.0, How::End).await?))
    }
}
