use std::collections::HashSet;

use entities::words::ActionId;
use serde_json::{Value, json};

use super::{
    command::{self, Ready},
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
    let mut ready = Vec::new();
    let mut unread: HashSet<ActionId> = HashSet::new();
    for raw in push.actions {
        let prepared = command::prepare(deps, &caller.who, raw.0).and_then(|action| {
            // It needs one that could not be read, so it was not read either: nothing of it is stored.
            match action.after.iter().any(|id| unread.contains(id)) {
                true => Err((Some(action.act.action_id), Kind::DependencyRefused.into())),
                false => Ok(action),
            }
        });
        match prepared {
            Ok(action) => {
                ready.push(action);
                places.push(None);
            }
            Err((action_id, refusal)) => {
                unread.extend(action_id);
                places.push(Some(ActionResult {
                    action_id,
                    outcome: ActionOutcome::Refused,
                    original: None,
                    entity: None,
                    at: None,
                    problem: Some(Problem::from_refusal(&refusal)),
                    retry_after_ms: None,
                }));
            }
        }
    }
    let mut decided = apply(deps, ready).await?.into_iter();
    places
        .into_iter()
        .map(|place| place.or_else(|| decided.next()).ok_or_else(|| Refusal::fault("an action has no answer")))
        .collect()
}

async fn apply(deps: &Deps, ready: Vec<Ready>) -> Result<Vec<ActionResult>, Refusal> {
    if ready.is_empty() { Ok(Vec::new()) } else { deps.door.apply(ready).await }
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
    let ready = command::prepare(deps, &caller.who, envelope).map_err(|(_, refusal)| refusal)?;
    let result = apply(deps, vec![ready]).await?.pop().ok_or_else(|| Refusal::fault("an action has no answer"))?;
    if result.outcome == ActionOutcome::Retry && result.problem.is_none() {
        return Err(Refusal::unavailable("an action is to be sent again"));
    }
    match &result.problem {
        Some(problem) => Err(Refusal {
            retry_after_ms: result.retry_after_ms,
            ..Kind::from_word(&problem.kind).unwrap_or(Kind::Conflict).into()
        }),
        None => Ok(result),
    }
}

/// One action of a person who is not at a device: the demo's town.
pub async fn as_person(deps: &Deps, who: &Who, envelope: Value) -> Result<ActionResult, Refusal> {
    let ready = command::prepare(deps, who, envelope).map_err(|(_, refusal)| refusal)?;
    apply(deps, vec![ready]).await?.pop().ok_or_else(|| Refusal::fault("an action has no answer"))
}
