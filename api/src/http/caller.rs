//! Who calls. The type in an operation's signature is the permission: forgetting it does not compile.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use entities::words::{DeviceId, Role, SessionId, Timestamp};
use poem::{IntoResponse, Request, RequestBody};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions, SecurityScheme,
    auth::{ApiKey, Bearer},
    registry::Registry,
};

use super::{Received, problem::Failure, signature};
use crate::{
    base::{
        actions::Who,
        capability,
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

/// The same, of whom nothing is noted: an app that says of itself what its screen shows has not heard from an officer.
#[derive(SecurityScheme)]
#[oai(ty = "bearer", bearer_format = "JWT", checker = "either_side_unheard")]
pub struct EitherSideUnheard(pub Caller);

/// A youth.
#[derive(SecurityScheme)]
#[oai(ty = "bearer", bearer_format = "JWT", checker = "youth")]
pub struct Youth(pub Caller);

/// An officer or a lead.
#[derive(SecurityScheme)]
#[oai(ty = "bearer", bearer_format = "JWT", checker = "officer")]
pub struct Officer(pub Caller);

/// An officer, a lead, or an evaluator: who may read figures.
#[derive(SecurityScheme)]
#[oai(ty = "bearer", bearer_format = "JWT", checker = "officer_or_evaluator")]
pub struct OfficerOrEvaluator(pub Caller);

/// An officer or a lead who has touched the passkey within five minutes.
#[derive(SecurityScheme)]
#[oai(ty = "bearer", bearer_format = "JWT", checker = "touched_officer")]
pub struct TouchedOfficer(pub Caller);

/// A youth, or an officer or a lead who has touched the passkey within five minutes.
#[derive(SecurityScheme)]
#[oai(ty = "bearer", bearer_format = "JWT", checker = "youth_or_touched")]
pub struct YouthOrTouched(pub Caller);

/// A youth's phone that has no session any more: the secret of its report capability, in a request that its key signs (RFC
/// 9421). The guide tells how. Any fault is answered `capability-ended`.
#[derive(SecurityScheme)]
#[oai(ty = "api_key", key_name = "Natpatrull-Capability", key_in = "header", checker = "capable")]
pub struct Capability(pub Capable);

/// The phone behind a capability.
#[derive(Clone, Debug)]
pub struct Capable {
    pub who: Who,
    pub device_id: DeviceId,
}

/// A youth or an officer, or a youth's phone by its capability, whichever the request brings.
pub struct EitherOrCapability(pub Who);

impl<'a> ApiExtractor<'a> for EitherOrCapability {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        EitherSide::register(registry);
        Capability::register(registry);
    }

    fn security_schemes() -> Vec<&'static str> {
        [EitherSide::security_schemes(), Capability::security_schemes()].concat()
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        options: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        Ok(Self(if request.headers().contains_key(signature::CAPABILITY) {
            Capability::from_request(request, body, options).await?.0.who
        } else {
            EitherSide::from_request(request, body, options).await?.0.who
        }))
    }
}

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

async fn either_side_unheard(request: &Request, bearer: Bearer) -> poem::Result<Caller> {
    unheard(request, &bearer, |who| who.role == Role::Youth || who.is_officer()).map_err(refused)
}

async fn youth(request: &Request, bearer: Bearer) -> poem::Result<Caller> {
    caller(request, &bearer, |who| who.role == Role::Youth).map_err(refused)
}

async fn capable(request: &Request, secret: ApiKey) -> poem::Result<Capable> {
    by_capability(request, &secret.key).await.map_err(refused)
}

/// What is unknown, ended, signed otherwise or changed on the way is told as one.
async fn by_capability(request: &Request, secret: &str) -> Result<Capable, Refusal> {
    let deps = request.data::<Deps>().ok_or_else(|| Refusal::fault("a request has no deps"))?;
    let body = request.data::<Received>().ok_or_else(|| Refusal::fault("a request has no body"))?;
    let signed = signature::read(request, &body.0).ok_or(Kind::CapabilityEnded)?;
    let secret = BASE64_URL_SAFE_NO_PAD.decode(secret).map_err(|_| Kind::CapabilityEnded)?;
    let row = capability::of_secret(deps.db.read(), deps.clock.now(), &secret).await?.ok_or(Kind::CapabilityEnded)?;
    if !capability::signed(&row, signed.base.as_bytes(), &signed.signature) {
        return Err(Kind::CapabilityEnded.into());
    }
    Ok(Capable { who: capability::who(&row), device_id: row.device_id })
}

async fn officer(request: &Request, bearer: Bearer) -> poem::Result<Caller> {
    caller(request, &bearer, Who::is_officer).map_err(refused)
}

async fn officer_or_evaluator(request: &Request, bearer: Bearer) -> poem::Result<Caller> {
    caller(request, &bearer, |who| who.is_officer() || who.role == Role::Evaluator).map_err(refused)
}

async fn touched_officer(request: &Request, bearer: Bearer) -> poem::Result<Caller> {
    just_touched(request, officer(request, bearer).await?)
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
    let caller = unheard(request, bearer, allowed)?;
    if caller.who.is_officer() {
        let deps = request.data::<Deps>().ok_or_else(|| Refusal::fault("a request has no deps"))?;
        deps.heard.note(caller.who.account_id, deps.clock.now());
    }
    Ok(caller)
}

fn unheard(request: &Request, bearer: &Bearer, allowed: impl Fn(&Who) -> bool) -> Result<Caller, Refusal> {
    let deps = request.data::<Deps>().ok_or_else(|| Refusal::fault("a request has no deps"))?;
    let now = deps.clock.now();
    let claims = tokens::verify(&deps.keys, &bearer.token, now)?;
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
