use entities::words::IncidentId;
use poem::web::Data;
use poem_openapi::{
    OpenApi,
    param::{Header, Path},
    payload::Json,
};

use super::model::*;
use crate::{
    deps::Deps,
    http::{Received, caller::Officer, problem::Answer},
    sync::{ActionResult, IdempotencyKey, one},
};

pub struct IncidentsApi(pub Deps);

#[OpenApi(prefix_path = "/api/v1/incidents", tag = "crate::app::Tag::Incidents")]
impl IncidentsApi {
    /// Join a talk to an incident
    ///
    /// Audience: officer. The first talk opens the incident and draws its number, which looks for all of them in the list of
    /// talks. Refused while the talk is in another one. Its youth sees nothing of it. The same as the action `incident-join`.
    #[oai(path = "/:incident_id/conversations", method = "post", operation_id = "join_incident")]
    async fn join(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        incident_id: Path<IncidentId>,
        received: Data<&Received>,
        _command: Json<JoinTalk>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("incident_id", incident_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "incident-join", received.0, path).await?))
    }

    /// Take a talk out of an incident
    ///
    /// Audience: officer. The same as the action `incident-leave`.
    #[oai(path = "/:incident_id/removals", method = "post", operation_id = "leave_incident")]
    async fn leave(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        incident_id: Path<IncidentId>,
        received: Data<&Received>,
        _command: Json<LeaveTalk>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("incident_id", incident_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "incident-leave", received.0, path).await?))
    }
}
