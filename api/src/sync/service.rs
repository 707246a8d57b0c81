use entities::words::ActionId;
use serde_json::{Value, json};

use super::{
    command::{self, Draft},
    model::*,
};
use crate::{
    base::{
        actions::Who,
        refusal::{Field, Kind, Refusal},
    },
    deps::Deps,
    http::{caller::Caller, problem::Problem},
};

/// Applies what a device sends: each envelope is read apart, what can be read goes through the door together.
pub async fn push(deps: &Deps, caller: &Caller, push: Push) -> Result<Vec<ActionResult>, Refusal> {
    if push.account_id != caller.who.account_id || push.device_id != caller.device_id {
        return Err(Kind::EnvelopeMismatch.into());
    }
    if push.actions.len() > MOST_ACTIONS {
        return Err(Kind::TooLarge.into());
    }
    let mut places: Vec<Option<ActionResult>> = Vec::with_capacity(push.actions.len());
    let mut drafts = Vec::new();
    for raw in push.actions {
        match command::prepare(deps, raw.0) {
            Ok(draft) => {
                drafts.push(draft);
                places.push(None);
            }
            Err((action_id, refusal)) => places.push(Some(ActionResult {
                action_id,
                outcome: ActionOutcome::Refused,
                original: None,
                entity: None,
                at: None,
                problem: Some(Problem::from_refusal(&refusal)),
                retry_after_ms: None,
            })),
        }
    }
    let mut decided = apply(deps, &caller.who, drafts).await?.into_iter();
    places
        .into_iter()
        .map(|place| place.or_else(|| decided.next()).ok_or_else(|| Refusal::fault("an action has no answer")))
        .collect()
}

async fn apply(deps: &Deps, who: &Who, drafts: Vec<Draft>) -> Result<Vec<ActionResult>, Refusal> {
    if drafts.is_empty() {
        return Ok(Vec::new());
    }
    deps.door.apply(command::seal(deps, who, drafts).await?).await
}

/// One action through the REST door: the same receipts, the same hash, the answer as a status.
pub async fn one(
    deps: &Deps,
    caller: &Caller,
    key: IdempotencyKey,
    kind: &str,
    body: Option<Value>,
) -> Result<ActionResult, Refusal> {
    let action_id: ActionId = key.0.parse().map_err(|_| Refusal {
        fields: vec![Field { field: "Idempotency-Key".into(), kind: "invalid" }],
        ..Kind::Malformed.into()
    })?;
    let body = body.unwrap_or_default();
    let lane = body
        .get("conversation_id")
        .map(|id| format!("conversation:{}", id.as_str().unwrap_or_default()))
        .or_else(|| body.get("report_id").map(|id| format!("report:{}", id.as_str().unwrap_or_default())))
        .unwrap_or_else(|| "tips".to_owned());
    let envelope = json!({
        "action_id": action_id, "lane": lane, "kind": kind, "v": 1,
        "recorded_at": deps.clock.now().to_string(), "body": body,
    });
    let draft = command::prepare(deps, envelope).map_err(|(_, refusal)| refusal)?;
    let result =
        apply(deps, &caller.who, vec![draft]).await?.pop().ok_or_else(|| Refusal::fault("an action has no answer"))?;
    if result.outcome == ActionOutcome::Retry {
        return Err(Refusal::unavailable("an action is to be sent again"));
    }
    match &result.problem {
        Some(problem) => Err(Kind::from_word(&problem.kind).unwrap_or(Kind::Conflict).into()),
        None => Ok(result),
    }
}

/// One action of a person who is not at a device: the demo's town.
pub async fn as_person(deps: &Deps, who: &Who, envelope: Value) -> Result<ActionResult, Refusal> {
    let draft = command::prepare(deps, envelope).map_err(|(_, refusal)| refusal)?;
    apply(deps, who, vec![draft]).await?.pop().ok_or_else(|| Refusal::fault("an action has no answer"))
}
