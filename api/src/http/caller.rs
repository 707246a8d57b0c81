//! Who calls. The type in an operation's signature is the permission: forgetting it does not compile.

use entities::words::{DeviceId, Role, SessionId, Timestamp};
use poem::{IntoResponse, Request};
use poem_openapi::{SecurityScheme, auth::Bearer};

use super::problem::Failure;
use crate::{
    base::{
        actions::Who,
        refusal::{Kind, Refusal},
        tokens,
    },
    deps::Deps,
};

#[derive(Clone, Debug)]
pub struct Caller {
    pub who: Who,
    pub device_id: DeviceId,
    pub session_id: SessionId,
    /// When an officer last touched the passkey.
    pub touched_at: Option<Timestamp>,
    /// When the token ends.
    pub expires_at: Timestamp,
}

/// Anyone who is signed in.
#[derive(SecurityScheme)]
#[oai(ty = "bearer", bearer_format = "JWT", checker = "anyone")]
pub struct AnyCaller(pub Caller);

/// A youth, an officer or a lead: the two sides of a talk. Evaluators and administrators read nothing of it.
#[derive(SecurityScheme)]
#[oai(ty = "bearer", bearer_format = "JWT", checker = "either_side")]
pub struct EitherSide(pub Caller);

/// A youth.
#[derive(SecurityScheme)]
#[oai(ty = "bearer", bearer_format = "JWT", checker = "youth")]
pub struct Youth(pub Caller);

/// An officer or a lead.
#[derive(SecurityScheme)]
#[oai(ty = "bearer", bearer_format = "JWT", checker = "officer")]
pub struct Officer(pub Caller);

/// A youth, or an officer or a lead who has touched the passkey within five minutes.
#[derive(SecurityScheme)]
#[oai(ty = "bearer", bearer_format = "JWT", checker = "youth_or_touched")]
pub struct YouthOrTouched(pub Caller);

/// A lead.
#[derive(SecurityScheme)]
#[oai(ty = "bearer", bearer_format = "JWT", checker = "lead")]
pub struct Lead(pub Caller);

/// A lead who has touched the passkey within five minutes.
#[derive(SecurityScheme)]
#[oai(ty = "bearer", bearer_format = "JWT", checker = "touched_lead")]
pub struct TouchedLead(pub Caller);

async fn anyone(request: &Request, bearer: Bearer) -> poem::Result<Caller> {
    caller(request, &bearer, |_| true).map_err(refused)
}

async fn either_side(request: &Request, bearer: Bearer) -> poem::Result<Caller> {
    caller(request, &bearer, |who| who.role == Role::Youth || who.is_officer()).map_err(refused)
}

async fn youth(request: &Request, bearer: Bearer) -> poem::Result<Caller> {
    caller(request, &bearer, |who| who.role == Role::Youth).map_err(refused)
}

async fn officer(request: &Request, bearer: Bearer) -> poem::Result<Caller> {
    caller(request, &bearer, Who::is_officer).map_err(refused)
}

async fn youth_or_touched(request: &Request, bearer: Bearer) -> poem::Result<Caller> {
    let caller = either_side(request, bearer).await?;
    if caller.who.is_officer() { just_touched(request, caller) } else { Ok(caller) }
}

async fn lead(request: &Request, bearer: Bearer) -> poem::Result<Caller> {
    caller(request, &bearer, |who| who.role == Role::Lead).map_err(refused)
}

async fn touched_lead(request: &Request, bearer: Bearer) -> poem::Result<Caller> {
    just_touched(request, lead(request, bearer).await?)
}

/// How long a touch of the passkey counts.
const TOUCH_SECONDS: i64 = 300;

/// A lost or stolen phone that is signed in opens nothing that cannot be taken back. A demo has no passkeys to touch.
fn just_touched(request: &Request, caller: Caller) -> poem::Result<Caller> {
    let deps = request.data::<Deps>().ok_or_else(|| refused(Refusal::fault("a request has no deps")))?;
    let since = deps.clock.now().plus_seconds(-TOUCH_SECONDS);
    if deps.config.demo || caller.touched_at.is_some_and(|at| at > since) {
        Ok(caller)
    } else {
        Err(refused(Kind::TouchNeeded.into()))
    }
}

fn caller(request: &Request, bearer: &Bearer, allowed: impl Fn(&Who) -> bool) -> Result<Caller, Refusal> {
    let deps = request.data::<Deps>().ok_or_else(|| Refusal::fault("a request has no deps"))?;
    let claims = tokens::verify(&deps.keys, &bearer.token, deps.clock.now())?;
    if deps.ended.holds(claims.sid) {
        return Err(Kind::SessionEnded.into());
    }
    let who = Who { account_id: claims.sub, role: claims.role, public_number: claims.num };
    if !allowed(&who) {
        return Err(Kind::RoleRefused.into());
    }
    Ok(Caller {
        who,
        device_id: claims.did,
        session_id: claims.sid,
        touched_at: claims.auth_time.map(|seconds| Timestamp::from_millis(seconds.saturating_mul(1000))),
        expires_at: Timestamp::from_millis(claims.exp.saturating_mul(1000)),
    })
}

fn refused(refusal: Refusal) -> poem::Error {
    poem::Error::from_response(Failure::from(refusal).into_response())
}
