use std::collections::HashSet;

use entities::words::{ActionId, DeviceId};
use poem_openapi::types::Any;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    command::{self, ANY, Draft, Takes},
    model::*,
};
use crate::{
    base::{
        actions::Who,
        refusal::{Kind, Refusal},
    },
    deps::Deps,
    http::{
        Received,
        caller::{Caller, Capable},
        problem::{Answer, Failure, Problem},
    },
};

/// Applies what a device sends.
pub async fn push(deps: &Deps, caller: &Caller, push: Push) -> Result<Vec<ActionResult>, Refusal> {
    of_device(&caller.who, caller.device_id, &push)?;
    send(deps, &caller.who, caller.device_id, ANY, push.actions).await
}

/// Applies the reports of a phone that has no session. It hears how each ended, and nothing else.
pub async fn deliver(deps: &Deps, capable: &Capable, push: Push) -> Result<Vec<DeliveredResult>, Refusal> {
    of_device(&capable.who, capable.device_id, &push)?;
    let reports: Takes = |kind| kind == "report-submit";
    let results = send(deps, &capable.who, capable.device_id, reports, push.actions).await?;
    Ok(results.into_iter().map(DeliveredResult::of).collect())
}

fn of_device(who: &Who, device_id: DeviceId, push: &Push) -> Result<(), Refusal> {
    if push.account_id != who.account_id || push.device_id != device_id {
        return Err(Kind::EnvelopeMismatch.into());
    }
    Ok(())
}

/// The one way of a device's actions: each envelope is read apart, what can be read goes through the door together.
pub async fn send(
    deps: &Deps,
    who: &Who,
    device_id: DeviceId,
    takes: Takes,
    actions: Vec<Any<Value>>,
) -> Result<Vec<ActionResult>, Refusal> {
    let mut places: Vec<Option<ActionResult>> = Vec::with_capacity(actions.len());
    let mut drafts = Vec::new();
    let mut unread: HashSet<ActionId> = HashSet::new();
    // What only a newer server knows, and what stands behind it in its lane or needs it: that waits with it.
    let mut ahead: HashSet<ActionId> = HashSet::new();
    let mut lanes: HashSet<String> = HashSet::new();
    for raw in actions {
        let lane = raw.0.get("lane").and_then(Value::as_str).unwrap_or_default().to_owned();
        let place = match command::prepare(deps, takes, raw.0) {
            Ok(draft) if lanes.contains(&lane) || draft.after().iter().any(|id| ahead.contains(id)) => {
                ahead.insert(draft.action_id());
                lanes.insert(lane);
                Some(ActionResult::plain(Some(draft.action_id()), ActionOutcome::Blocked))
            }
            // It needs one that could not be read, so it was not read either: nothing of it is stored.
            Ok(draft) if draft.after().iter().any(|id| unread.contains(id)) => {
                unread.insert(draft.action_id());
                Some(unreadable(Some(draft.action_id()), &Kind::DependencyRefused.into()))
            }
            Ok(draft) => {
                drafts.push(draft);
                None
            }
            Err((action_id, refusal)) => {
                if matches!(refusal.kind, Kind::UnknownActionKind | Kind::UnknownActionVersion) {
                    ahead.extend(action_id);
                    lanes.insert(lane);
                } else {
                    unread.extend(action_id);
                }
                Some(unreadable(action_id, &refusal))
            }
        };
        places.push(place);
    }
    let mut decided = apply(deps, who, Some(device_id), drafts).await?.into_iter();
    places
        .into_iter()
        .map(|place| place.or_else(|| decided.next()).ok_or_else(|| Refusal::fault("an action has no answer")))
        .collect()
}

/// Why an action is to be sent again, if it is.
pub fn open(result: &ActionResult) -> Option<Failure> {
    if !matches!(result.outcome, ActionOutcome::Retry | ActionOutcome::Blocked) {
        return None;
    }
    Some(match &result.problem {
        Some(problem) => Problem { retry_after_ms: result.retry_after_ms, ..problem.clone() }.into(),
        None => Refusal::unavailable("an action is to be sent again").into(),
    })
}

fn unreadable(action_id: Option<ActionId>, refusal: &Refusal) -> ActionResult {
    ActionResult {
        problem: Some(Problem::from_refusal(refusal)),
        ..ActionResult::plain(action_id, ActionOutcome::Refused)
    }
}

async fn apply(
    deps: &Deps,
    who: &Who,
    device_id: Option<DeviceId>,
    drafts: Vec<Draft>,
) -> Result<Vec<ActionResult>, Refusal> {
    if drafts.is_empty() {
        return Ok(Vec::new());
    }
    deps.door.apply(command::seal(deps, who, device_id, drafts).await?).await
}

/// One action through the REST door: the same receipts, the same hash, the answer as a status. Its body is what was
/// received, and the id that the path names in its place.
pub async fn one(
    deps: &Deps,
    caller: &Caller,
    key: IdempotencyKey,
    kind: &str,
    received: &Received,
    from_path: Option<(&str, Uuid)>,
) -> Answer<ActionResult> {
    let action_id: ActionId = key.0.parse().map_err(|_| Refusal::invalid("Idempotency-Key"))?;
    let mut body: Value = match (&*received.0, from_path) {
        // The path says it all.
        ([], Some(_)) => json!({}),
        (bytes, _) => serde_json::from_slice(bytes).map_err(|_| Kind::Malformed)?,
    };
    if let (Some((name, id)), Some(object)) = (from_path, body.as_object_mut()) {
        object.insert(name.to_owned(), id.to_string().into());
    }
    let lane = body
        .get("conversation_id")
        .map(|id| format!("conversation:{}", id.as_str().unwrap_or_default()))
        .or_else(|| body.get("shift_id").map(|id| format!("shift:{}", id.as_str().unwrap_or_default())))
        .or_else(|| body.get("report_id").map(|id| format!("report:{}", id.as_str().unwrap_or_default())))
        .or_else(|| body.get("patrol_id").map(|id| format!("patrol:{}", id.as_str().unwrap_or_default())))
        .or_else(|| body.get("file_id").map(|id| format!("file:{}", id.as_str().unwrap_or_default())))
        .unwrap_or_else(|| "tips".to_owned());
    let envelope = json!({
        "action_id": action_id, "lane": lane, "kind": kind, "v": 1,
        "recorded_at": deps.clock.now().to_string(), "body": body,
    });
    let draft = command::prepare(deps, ANY, envelope).map_err(|(_, refusal)| refusal)?;
    let mut results = apply(deps, &caller.who, Some(caller.device_id), vec![draft]).await?;
    let result = results.pop().ok_or_else(|| Refusal::fault("an action has no answer"))?;
    match (open(&result), result.problem) {
        (Some(failure), _) => Err(failure),
        (None, Some(problem)) => Err(problem.into()),
        (None, None) => Ok(ActionResult { problem: None, ..result }),
    }
}

/// One action of a person who is not at a device: the demo's town.
pub async fn as_person(deps: &Deps, who: &Who, envelope: Value) -> Result<ActionResult, Refusal> {
    let draft = command::prepare(deps, ANY, envelope).map_err(|(_, refusal)| refusal)?;
    apply(deps, who, None, vec![draft]).await?.pop().ok_or_else(|| Refusal::fault("an action has no answer"))
}
