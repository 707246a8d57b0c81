//! How long things are kept, as dated data: the rule of a kind and law is the newest that is valid today.

use entities::{
    retention_rule,
    words::{AuditAct, AuditSubject, ErasureReason, KeptKind, Regime, SubjectKind, Timestamp},
};
use uuid::Uuid;

use super::{
    model::*,
    service::{self, Request},
    store::{self, Due},
};
use crate::{
    audit::{self, Line},
    base::refusal::{Kind, Refusal},
    deps::Deps,
    posts, tips,
};

const DAY_SECONDS: i64 = 24 * 3600;
/// What no rule limits is looked at each year (2018:1177, 2:18).
const REVIEW_SECONDS: i64 = 365 * DAY_SECONDS;
/// Records that go before rules are asked again, and that a list shows of each kind.
const BATCH: u64 = 100;

fn view(row: retention_rule::Model) -> Rule {
    let retention_rule::Model { kind, regime, valid_from, days, source } = row;
    Rule { kind, regime, valid_from, days, source }
}

/// All there ever were, by kind and law, the newest first.
pub async fn list(deps: &Deps) -> Result<Vec<Rule>, Refusal> {
    Ok(store::rules(deps.db.read()).await?.into_iter().map(view).collect())
}

/// Those that are valid now, one for each kind and law.
async fn valid(deps: &Deps, now: Timestamp) -> Result<Vec<Rule>, Refusal> {
    let mut rules: Vec<Rule> = list(deps).await?.into_iter().filter(|rule| rule.valid_from <= now).collect();
    rules.dedup_by_key(|rule| (rule.kind, rule.regime));
    Ok(rules)
}

/// Lets a rule be valid from now on or from a later day. What was valid before stays as it was written.
pub async fn set(deps: &Deps, rule: Rule) -> Result<(), Refusal> {
    let refuse = |why: &str| Err(Refusal::of(Kind::Malformed).detail(why));
    if rule.days.is_some_and(|days| !(1..=36_500).contains(&days)) {
        return refuse("a rule keeps a record for 1 to 36,500 days, or without limit");
    }
    if rule.source.trim().is_empty() {
        return refuse("a rule says on what ground it stands");
    }
    if (rule.kind, rule.regime) == (KeptKind::Audit, Regime::DataProtection) {
        return refuse("the audit log has one rule, under crime");
    }
    if rule.valid_from < deps.clock.now() {
        return refuse("a rule is not set for the past");
    }
    let newest = list(deps).await?.into_iter().find(|known| (known.kind, known.regime) == (rule.kind, rule.regime));
    if newest.is_some_and(|known| known.valid_from >= rule.valid_from) {
        return refuse("a rule that is valid from that day or later was set before");
    }
    let Rule { kind, regime, valid_from, days, source } = rule;
    let tx = deps.db.begin().await?;
    store::add_rule(&tx, retention_rule::Model { kind, regime, valid_from, days, source }).await?;
    let line = Line {
        actor_id: None,
        actor_number: None,
        act: AuditAct::Change,
        // The rules have no ids; they are looked up together.
        subject: (AuditSubject::Retention, Uuid::nil()),
        detail: Some(format!("{}-{}", kind.word(), regime.word())),
    };
    audit::write(deps, &tx, deps.clock.now(), [line]).await?;
    Ok(tx.commit().await?)
}

/// Lets go what was kept as long as the rules of today say.
pub async fn sweep(deps: &Deps) -> Result<(), Refusal> {
    let now = deps.clock.now();
    for rule in valid(deps, now).await? {
        let Some(days) = rule.days else { continue };
        let before = now.plus_seconds(-days.saturating_mul(DAY_SECONDS));
        match rule.kind {
            KeptKind::Audit => while audit::trim(deps, before).await? {},
            KeptKind::Tip => {
                while tips::clean(deps, before, BATCH).await? {}
                while posts::clean(deps, before, BATCH).await? {}
            }
            KeptKind::Conversation => erase_due(deps, (SubjectKind::Conversation, rule.regime), before).await?,
            KeptKind::Report => erase_due(deps, (SubjectKind::Report, rule.regime), before).await?,
        }
    }
    Ok(())
}

async fn erase_due(deps: &Deps, of: (SubjectKind, Regime), before: Timestamp) -> Result<(), Refusal> {
    let now = deps.clock.now();
    while let due @ [_, ..] = &*store::due(deps.db.read(), now, of, before, Due::Oldest(BATCH)).await? {
        for subject_id in due.iter().copied() {
            let reason = ErasureReason::Rule;
            let request = Request { subject_kind: of.0, subject_id, reason, by: None, due: Some((of.1, before)) };
            match service::erase(deps, request).await {
                // Held, or written in, since it was found.
                Err(refusal) if refusal.kind == Kind::Held => {}
                done => drop(done?),
            }
        }
    }
    Ok(())
}

/// What is older than a year, counted from the last review, and not limited by a rule.
pub async fn due_reviews(deps: &Deps) -> Result<Vec<DueReview>, Refusal> {
    let now = deps.clock.now();
    let before = now.plus_seconds(-REVIEW_SECONDS);
    let mut due = Vec::new();
    for rule in valid(deps, now).await? {
        let of = (rule.kind, rule.regime);
        due.extend(store::old(deps.db.read(), now, of, rule.days.is_some(), before, BATCH).await?);
    }
    due.sort_by_key(|old| old.made_at);
    Ok(due
        .into_iter()
        .map(|old| DueReview {
            subject_kind: old.subject_kind,
            subject_id: old.subject_id,
            regime: old.regime,
            person_role: old.person_role,
            made_at: old.made_at,
            reviewed_at: old.reviewed_at,
        })
        .collect())
}
