//! Concurrent pushes share a transaction: whoever comes while the writer works is in the next group.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use entities::{
    action_receipt,
    words::{AccountId, ActionId, AuditAct, Outcome, Timestamp},
};
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, Query},
};
use tokio::sync::{mpsc, oneshot};

use super::{
    command::{Command, Ready},
    model::{ActionOutcome, ActionResult, EntityRef},
};
use crate::{
    audit::{self, Line},
    base::{
        actions::{Act, Decided, Effect},
        db::{self, Tx, runs},
        journal::Position,
        refusal::{Kind, Refusal, out_of_reach},
        uses,
    },
    care, chat,
    deps::Deps,
    dialogues, duty, files, handovers,
    http::problem::Problem,
    ideas, incidents, mutes, patrols, posts, quarters, reports, tips, work,
};

/// Pushes that may wait for the writer; past that the caller is asked to come again.
const WAITING: usize = 256;
struct Waiting {
    actions: Vec<Ready>,
    answer: oneshot::Sender<Vec<ActionResult>>,
}

/// The one door for writes.
#[derive(Clone)]
pub struct Door {
    queue: mpsc::Sender<Waiting>,
}

/// The other side of the door: what waits for the writer.
pub struct Queue(mpsc::Receiver<Waiting>);

impl Door {
    pub fn new() -> (Self, Queue) {
        let (queue, waiting) = mpsc::channel(WAITING);
        (Self { queue }, Queue(waiting))
    }

    /// Applies one device's actions, together with whatever else waits.
    pub async fn apply(&self, actions: Vec<Ready>) -> Result<Vec<ActionResult>, Refusal> {
        let (answer, answered) = oneshot::channel();
        self.queue.try_send(Waiting { actions, answer }).map_err(|_| Refusal::unavailable("the writer is behind"))?;
        answered.await.map_err(|_| Refusal::unavailable("the writer stopped"))
    }
}

impl Queue {
    /// Starts the writer. Told to stop, it takes nothing new and finishes what waits.
    pub fn serve(self, deps: Deps) -> tokio::task::JoinHandle<()> {
        tokio::spawn(write(deps, self.0))
    }
}

async fn write(deps: Deps, mut waiting: mpsc::Receiver<Waiting>) {
    loop {
        let first = tokio::select! {
            first = waiting.recv() => first,
            () = deps.stop.told(), if !waiting.is_closed() => {
                waiting.close();
                continue;
            }
        };
        let Some(first) = first else { return };
        let mut group = vec![first];
        let mut size = group[0].actions.len();
        while size < deps.config.actions_a_group {
            let Ok(next) = waiting.try_recv() else { break };
            size += next.actions.len();
            group.push(next);
        }
        metrics::counter!("natpatrull_action_groups_total").increment(1);
        let sets: Vec<&[Ready]> = group.iter().map(|push| push.actions.as_slice()).collect();
        let answers = match together(&deps, &sets).await {
            Ok(answers) => answers,
            // Each of them would wait as long for the same.
            Err(error) if out_of_reach(&error) => {
                tracing::error!(%error, pushes = group.len(), "the database is out of reach; a group of actions is to be sent again");
                sets.iter().map(|set| set.iter().map(again).collect()).collect()
            }
            Err(error) => {
                tracing::warn!(%error, pushes = group.len(), "a group of actions failed and is run one by one");
                apart(&deps, &sets).await
            }
        };
        for (push, answer) in group.into_iter().zip(answers) {
            // A caller that has gone asks again and hears the same.
            drop(push.answer.send(answer));
        }
    }
}

/// All in one transaction.
async fn together(deps: &Deps, sets: &[&[Ready]]) -> Result<Vec<Vec<ActionResult>>, DbErr> {
    let now = deps.clock.now();
    let tx = deps.db.begin_in_turn().await?;
    let flat: Vec<&Ready> = sets.iter().flat_map(|set| set.iter()).collect();
    let results = decide(deps, &tx, now, &flat).await?;
    tx.commit().await?;
    let applied = flat.iter().zip(&results).filter(|(_, result)| result.outcome == ActionOutcome::Applied);
    deps.vault.stored(applied.filter_map(|(ready, _)| ready.act.command.as_ref().ok()?.new_key()));
    let mut results = results.into_iter();
    Ok(sets.iter().map(|set| results.by_ref().take(set.len()).collect()).collect())
}

/// Each in a transaction of its own; what fails is to be sent again, and holds back its lane (and, since it has no
/// receipt, what needs it).
async fn apart(deps: &Deps, sets: &[&[Ready]]) -> Vec<Vec<ActionResult>> {
    let mut answers = Vec::with_capacity(sets.len());
    let mut gone = false;
    for set in sets {
        let mut held: HashSet<&str> = HashSet::new();
        let mut results = Vec::with_capacity(set.len());
        for ready in *set {
            if gone {
                results.push(again(ready));
                continue;
            }
            if held.contains(ready.lane.as_str()) {
                results.push(plain(ready, ActionOutcome::Blocked));
                continue;
            }
            match together(deps, &[std::slice::from_ref(ready)]).await {
                Ok(one) => {
                    for result in one.into_iter().flatten() {
                        if matches!(result.outcome, ActionOutcome::Retry | ActionOutcome::Blocked) {
                            held.insert(&ready.lane);
                        }
                        results.push(result);
                    }
                }
                Err(error) => {
                    gone = out_of_reach(&error);
                    tracing::error!(%error, kind = ready.kind, "an action failed and is to be sent again");
                    held.insert(&ready.lane);
                    results.push(again(ready));
                }
            }
        }
        answers.push(results);
    }
    answers
}

/// Not decided because of a fault of ours.
fn again(ready: &Ready) -> ActionResult {
    ActionResult { retry_after_ms: Some(5_000), ..plain(ready, ActionOutcome::Retry) }
}

fn plain(ready: &Ready, outcome: ActionOutcome) -> ActionResult {
    ActionResult::plain(Some(ready.act.action_id), outcome)
}

type Key = (AccountId, ActionId);

fn key(ready: &Ready) -> Key {
    (ready.act.who.account_id, ready.act.action_id)
}

/// Claims, applies and answers, in one transaction.
async fn decide(deps: &Deps, tx: &Tx, now: Timestamp, actions: &[&Ready]) -> Result<Vec<ActionResult>, DbErr> {
    let mut receipts = receipts_of(tx, actions).await?;
    let stood: HashSet<Key> = receipts.keys().copied().collect();

    // The first of each id in the group; its twins hear its answer.
    let mut taken = HashSet::new();
    let fresh: Vec<&Ready> =
        actions.iter().copied().filter(|ready| !stood.contains(&key(ready)) && taken.insert(key(ready))).collect();

    let mut open = Open::default();
    for (ready, refusal) in too_many(deps, tx, now, &fresh).await? {
        open.later(ready, &refusal);
    }
    let mut rows = Vec::with_capacity(fresh.len());
    let mut reasons: HashMap<Key, Refusal> = HashMap::new();
    for wave in waves(&fresh) {
        let wave: Vec<_> = wave.into_iter().filter(|ready| open.lets(ready, &receipts)).collect();
        for (kind, set) in by_kind(&wave) {
            for (ready, outcome) in set.iter().zip(apply(deps, tx, now, kind, &set, &receipts).await?) {
                match outcome {
                    Err(refusal) if refusal.kind == Kind::RateLimited => open.later(ready, &refusal),
                    outcome => {
                        if let Err(refusal) = &outcome {
                            reasons.insert(key(ready), refusal.clone());
                        }
                        let row = receipt(ready, outcome, now);
                        receipts.insert(key(ready), row.clone());
                        rows.push(row);
                    }
                }
            }
        }
    }
    // A twin on another node that was quicker makes this fail, and the group is run again.
    db::insert::<action_receipt::Entity>(tx, &rows).await?;
    let applied = |ready: &Ready| receipts.get(&key(ready)).is_some_and(|row| row.outcome == Outcome::Applied);
    let lines = fresh.iter().filter(|ready| applied(ready)).filter_map(|ready| {
        let command = ready.act.command.as_ref().ok()?;
        let said = command.detail().map_or_else(|| ready.kind.clone(), |detail| format!("{} {detail}", ready.kind));
        Line::of(&ready.act.who, AuditAct::Change, command.subject(), Some(&said))
    });
    audit::write(deps, tx, now, lines).await?;

    let mut first: HashSet<Key> = HashSet::new();
    Ok(actions
        .iter()
        .map(|ready| {
            let Some(row) = receipts.get(&key(ready)) else {
                return open.results.get(&key(ready)).cloned().unwrap_or_else(|| again(ready));
            };
            let again = stood.contains(&key(ready)) || !first.insert(key(ready));
            answer(ready, row, again, reasons.get(&key(ready)))
        })
        .collect())
}

/// Actions that are left open: nothing of them is stored, so that the device keeps and sends them again.
#[derive(Default)]
struct Open {
    results: HashMap<Key, ActionResult>,
    lanes: HashSet<(AccountId, String)>,
}

impl Open {
    /// Too many for now.
    fn later(&mut self, ready: &Ready, refusal: &Refusal) {
        let result = ActionResult {
            problem: Some(Problem::from_refusal(refusal)),
            retry_after_ms: refusal.retry_after_ms,
            ..plain(ready, ActionOutcome::Retry)
        };
        self.results.insert(key(ready), result);
    }

    /// Whether an action may be decided now: not when one before it in its lane was left open, nor before all that it
    /// needs was decided, here or long ago.
    fn lets(&mut self, ready: &Ready, receipts: &HashMap<Key, action_receipt::Model>) -> bool {
        let (account_id, lane) = (ready.act.who.account_id, (ready.act.who.account_id, ready.lane.clone()));
        let waits =
            self.lanes.contains(&lane) || ready.after.iter().any(|id| !receipts.contains_key(&(account_id, *id)));
        let late = self.results.contains_key(&key(ready));
        if waits && !late {
            self.results.insert(key(ready), plain(ready, ActionOutcome::Blocked));
        }
        if waits || late {
            self.lanes.insert(lane);
        }
        !waits && !late
    }
}

/// Counts what each account does, and gives those of its actions that are too many: the last ones.
async fn too_many<'a>(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    fresh: &[&'a Ready],
) -> Result<Vec<(&'a Ready, Refusal)>, DbErr> {
    let mut done: BTreeMap<AccountId, i64> = BTreeMap::new();
    for ready in fresh {
        *done.entry(ready.act.who.account_id).or_default() += 1;
    }
    let mut over = uses::count(tx, now, &uses::actions(deps.config.actions_a_minute), &done).await?;
    let mut late = Vec::new();
    if over.is_empty() {
        return Ok(late);
    }
    for ready in fresh.iter().rev() {
        if let Some((by, limit)) = over.get_mut(&ready.act.who.account_id)
            && *by > 0
        {
            *by -= 1;
            late.push((*ready, limit.refusal(now)));
        }
    }
    Ok(late)
}

async fn receipts_of(tx: &Tx, actions: &[&Ready]) -> Result<HashMap<Key, action_receipt::Model>, DbErr> {
    use action_receipt::Column as C;
    let mut asked: Vec<Key> = Vec::with_capacity(actions.len());
    for ready in actions {
        asked.push(key(ready));
        asked.extend(ready.after.iter().map(|id| (ready.act.who.account_id, *id)));
    }
    asked.sort_unstable();
    asked.dedup();
    let mut found = HashMap::new();
    for run in runs(&asked) {
        let keys = run.iter().map(|(account_id, action_id)| (account_id.0, action_id.0));
        let keys = Query::select().expr(Expr::cust("*")).from_values(keys, "asked").take();
        let is_one = Expr::tuple([Expr::col(C::AccountId), Expr::col(C::ActionId)]).in_subquery(keys);
        for row in action_receipt::Entity::find().filter(is_one).all(&**tx).await? {
            found.insert((row.account_id, row.action_id), row);
        }
    }
    Ok(found)
}

/// Splits a group so that within a lane order is kept, and what an action needs is decided before it, while kinds are
/// still applied set-wise: a wave holds, of each lane, the leading run of one kind that needs nothing of the same wave.
fn waves<'a>(actions: &[&'a Ready]) -> Vec<Vec<&'a Ready>> {
    let mut order: Vec<(AccountId, &str)> = Vec::new();
    let mut lanes: HashMap<(AccountId, &str), VecDeque<&'a Ready>> = HashMap::new();
    for ready in actions {
        let lane = (ready.act.who.account_id, ready.lane.as_str());
        let queue = lanes.entry(lane).or_insert_with(|| {
            order.push(lane);
            VecDeque::new()
        });
        queue.push_back(ready);
    }
    let mut open: HashSet<Key> = actions.iter().map(|ready| key(ready)).collect();
    let mut waves = Vec::new();
    while !open.is_empty() {
        let mut wave: Vec<&Ready> = Vec::new();
        for lane in &order {
            let Some(queue) = lanes.get_mut(lane) else { continue };
            let Some(kind) = queue.front().map(|ready| ready.kind.as_str()) else { continue };
            let waits = |ready: &Ready| ready.after.iter().any(|id| open.contains(&(ready.act.who.account_id, *id)));
            while queue.front().is_some_and(|ready| ready.kind == kind && !waits(ready)) {
                wave.extend(queue.pop_front());
            }
        }
        if wave.is_empty() {
            // Actions that wait for each other: their order decides.
            wave.extend(lanes.values_mut().find_map(VecDeque::pop_front));
        }
        for ready in &wave {
            open.remove(&key(ready));
        }
        waves.push(wave);
    }
    waves
}

fn by_kind<'a>(wave: &[&'a Ready]) -> Vec<(&'a str, Vec<&'a Ready>)> {
    let mut sets: Vec<(&str, Vec<&Ready>)> = Vec::new();
    for ready in wave {
        match sets.iter_mut().find(|(kind, _)| *kind == ready.kind) {
            Some((_, set)) => set.push(ready),
            None => sets.push((&ready.kind, vec![ready])),
        }
    }
    sets
}

/// Applies a set of one kind. What was refused before the writer, or needs one that was refused, is not tried.
async fn apply(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    kind: &str,
    set: &[&Ready],
    receipts: &HashMap<Key, action_receipt::Model>,
) -> Result<Vec<Decided>, DbErr> {
    let mut decided: Vec<Option<Decided>> = Vec::with_capacity(set.len());
    let mut commands = Vec::new();
    for ready in set {
        let needs_refused = ready.after.iter().any(|id| {
            receipts.get(&(ready.act.who.account_id, *id)).is_some_and(|row| row.outcome == Outcome::Refused)
        });
        if needs_refused {
            decided.push(Some(Err(Kind::DependencyRefused.into())));
            continue;
        }
        match &ready.act.command {
            Err(refusal) => decided.push(Some(Err(refusal.clone()))),
            Ok(command) => {
                decided.push(None);
                commands.push((ready, command.clone()));
            }
        }
    }

    macro_rules! acts {
        ($variant:ident) => {
            commands
                .into_iter()
                .filter_map(|(ready, command)| match command {
                    Command::$variant(command) => Some(Act {
                        action_id: ready.act.action_id,
                        who: ready.act.who.clone(),
                        recorded_at: ready.act.recorded_at,
                        command,
                    }),
                    _ => None,
                })
                .collect::<Vec<_>>()
        };
    }
    let applied = match commands.first().map(|(_, command)| command) {
        None => Vec::new(),
        Some(Command::MessageSend(_)) => chat::send(deps, tx, now, &acts!(MessageSend)).await?,
        Some(Command::ConversationClaim(_)) => chat::claim(deps, tx, now, &acts!(ConversationClaim)).await?,
        Some(Command::ConversationTake(_)) => work::take(deps, tx, now, &acts!(ConversationTake)).await?,
        Some(Command::ConversationClose(_)) => chat::close(tx, now, &acts!(ConversationClose)).await?,
        Some(Command::ConversationRead(_)) => chat::read(tx, now, &acts!(ConversationRead)).await?,
        Some(Command::ConversationAskErasure(_)) => chat::ask_erasure(tx, now, &acts!(ConversationAskErasure)).await?,
        Some(Command::ConversationRaise(_)) => chat::raise(deps, tx, now, &acts!(ConversationRaise)).await?,
        Some(Command::ConversationLower(_)) => chat::lower(tx, now, &acts!(ConversationLower)).await?,
        Some(Command::ConversationSurvey(_)) => chat::answer_survey(tx, now, &acts!(ConversationSurvey)).await?,
        Some(Command::ConversationStepAway(_)) => chat::step_away(tx, now, &acts!(ConversationStepAway)).await?,
        Some(Command::ConversationPass(_)) => work::pass(deps, tx, now, &acts!(ConversationPass)).await?,
        Some(Command::ConversationGiveBack(_)) => work::give_back(deps, tx, now, &acts!(ConversationGiveBack)).await?,
        Some(Command::NoteWrite(_)) => work::write_note(deps, tx, now, &acts!(NoteWrite)).await?,
        Some(Command::NotesRead(_)) => work::read_notes(tx, now, &acts!(NotesRead)).await?,
        Some(Command::HandoverMake(_)) => handovers::make(deps, tx, now, &acts!(HandoverMake)).await?,
        Some(Command::HandoverAcknowledge(_)) => {
            handovers::acknowledge(deps, tx, now, &acts!(HandoverAcknowledge)).await?
        }
        Some(Command::HandoverAnswer(_)) => handovers::answer(deps, tx, now, &acts!(HandoverAnswer)).await?,
        Some(Command::LocationAsk(_)) => handovers::ask_location(deps, tx, now, &acts!(LocationAsk)).await?,
        Some(Command::LocationAnswer(_)) => handovers::answer_location(deps, tx, now, &acts!(LocationAnswer)).await?,
        Some(Command::IncidentJoin(_)) => incidents::join(deps, tx, now, &acts!(IncidentJoin)).await?,
        Some(Command::IncidentLeave(_)) => incidents::leave(tx, now, &acts!(IncidentLeave)).await?,
        Some(Command::CaseHard(_)) => care::mark(tx, now, &acts!(CaseHard)).await?,
        Some(Command::AccountMute(_)) => mutes::mute(tx, now, &acts!(AccountMute)).await?,
        Some(Command::MuteEnd(_)) => mutes::end(tx, now, &acts!(MuteEnd)).await?,
        Some(Command::DutyRecord(_)) => duty::record(tx, now, &acts!(DutyRecord)).await?,
        Some(Command::ShiftStart(_)) => quarters::start(deps, tx, now, &acts!(ShiftStart)).await?,
        Some(Command::ShiftEnd(_)) => work::end_shift(deps, tx, now, &acts!(ShiftEnd)).await?,
        Some(Command::ShiftAnswerAlarm(_)) => quarters::answer_alarm(deps, tx, now, &acts!(ShiftAnswerAlarm)).await?,
        Some(Command::ShiftAskAlarm(_)) => quarters::ask_alarm(deps, tx, now, &acts!(ShiftAskAlarm)).await?,
        Some(Command::ReportSubmit(_)) => reports::submit(deps, tx, now, &acts!(ReportSubmit)).await?,
        Some(Command::ReportRead(_)) => reports::read(deps, tx, now, &acts!(ReportRead)).await?,
        Some(Command::ReportAskErasure(_)) => reports::ask_erasure(tx, now, &acts!(ReportAskErasure)).await?,
        Some(Command::ReportOpenTalk(_)) => reports::open_talk(deps, tx, now, &acts!(ReportOpenTalk)).await?,
        Some(Command::ReportPassOn(_)) => reports::pass_on(deps, tx, now, &acts!(ReportPassOn)).await?,
        Some(Command::ReportRegister(_)) => reports::register(deps, tx, now, &acts!(ReportRegister)).await?,
        Some(Command::ReportClose(_)) => reports::close(deps, tx, now, &acts!(ReportClose)).await?,
        Some(Command::ReportIntroduce(_)) => reports::introduce(tx, now, &acts!(ReportIntroduce)).await?,
        Some(Command::ReportJoin(_)) => reports::join(deps, tx, now, &acts!(ReportJoin)).await?,
        Some(Command::ReportLeave(_)) => reports::leave(tx, now, &acts!(ReportLeave)).await?,
        Some(Command::TipPublish(_)) => tips::publish(deps, tx, now, &acts!(TipPublish)).await?,
        Some(Command::TipRecall(_)) => tips::recall(deps, tx, now, &acts!(TipRecall)).await?,
        Some(Command::PollPublish(_)) => dialogues::publish_polls(tx, now, &acts!(PollPublish)).await?,
        Some(Command::PollClose(_)) => dialogues::close_polls(tx, now, &acts!(PollClose)).await?,
        Some(Command::IdeaSend(_)) => ideas::send(deps, tx, now, &acts!(IdeaSend)).await?,
        Some(Command::IdeaTakeBack(_)) => ideas::take_back(deps, tx, now, &acts!(IdeaTakeBack)).await?,
        Some(Command::IdeaShow(_)) => ideas::show(tx, now, &acts!(IdeaShow)).await?,
        Some(Command::IdeaHide(_)) => ideas::hide(tx, now, &acts!(IdeaHide)).await?,
        Some(Command::IdeaMerge(_)) => ideas::merge(tx, now, &acts!(IdeaMerge)).await?,
        Some(Command::IdeaAnswer(_)) => ideas::answer(tx, now, &acts!(IdeaAnswer)).await?,
        Some(Command::IdeaLocate(_)) => ideas::locate(tx, now, &acts!(IdeaLocate)).await?,
        Some(Command::IdeaOpenTalk(_)) => ideas::open_talk(deps, tx, now, &acts!(IdeaOpenTalk)).await?,
        Some(Command::DialogueAnnounce(_)) => dialogues::announce(tx, now, &acts!(DialogueAnnounce)).await?,
        Some(Command::DialogueChange(_)) => dialogues::change(deps, tx, now, &acts!(DialogueChange)).await?,
        Some(Command::DialogueOpen(_)) => dialogues::open(tx, now, &acts!(DialogueOpen)).await?,
        Some(Command::DialogueEnd(_)) => dialogues::end(tx, now, &acts!(DialogueEnd)).await?,
        Some(Command::DialogueArchive(_)) => dialogues::archive(tx, now, &acts!(DialogueArchive)).await?,
        Some(Command::DialogueSeat(_)) => dialogues::seat(tx, now, &acts!(DialogueSeat)).await?,
        Some(Command::DialoguePin(_)) => dialogues::pin(tx, now, &acts!(DialoguePin)).await?,
        Some(Command::DialogueSlow(_)) => dialogues::slow(tx, now, &acts!(DialogueSlow)).await?,
        Some(Command::DialogueFilm(_)) => dialogues::film(deps, tx, now, &acts!(DialogueFilm)).await?,
        Some(Command::QuestionAsk(_)) => dialogues::ask(deps, tx, now, &acts!(QuestionAsk)).await?,
        Some(Command::QuestionTakeBack(_)) => dialogues::take_back(deps, tx, now, &acts!(QuestionTakeBack)).await?,
        Some(Command::QuestionShow(_)) => dialogues::show(tx, now, &acts!(QuestionShow)).await?,
        Some(Command::QuestionHide(_)) => dialogues::hide(tx, now, &acts!(QuestionHide)).await?,
        Some(Command::QuestionMerge(_)) => dialogues::merge(tx, now, &acts!(QuestionMerge)).await?,
        Some(Command::QuestionAssign(_)) => dialogues::assign(tx, now, &acts!(QuestionAssign)).await?,
        Some(Command::QuestionAnswer(_)) => dialogues::answer(tx, now, &acts!(QuestionAnswer)).await?,
        Some(Command::QuestionMute(_)) => dialogues::mute(tx, now, &acts!(QuestionMute)).await?,
        Some(Command::PostPublish(_)) => posts::publish(deps, tx, now, &acts!(PostPublish)).await?,
        Some(Command::PostCorrect(_)) => posts::correct(tx, now, &acts!(PostCorrect)).await?,
        Some(Command::PostWithdraw(_)) => posts::withdraw(deps, tx, now, &acts!(PostWithdraw)).await?,
        Some(Command::PatrolPlan(_)) => patrols::plan(tx, now, &acts!(PatrolPlan)).await?,
        Some(Command::PatrolCancel(_)) => patrols::cancel(tx, now, &acts!(PatrolCancel)).await?,
        Some(Command::PatrolMark(_)) => patrols::mark(tx, now, &acts!(PatrolMark)).await?,
        Some(Command::PatrolVisit(_)) => patrols::visit(tx, now, &acts!(PatrolVisit)).await?,
        Some(Command::PatrolCount(_)) => patrols::count(tx, now, &acts!(PatrolCount)).await?,
        Some(Command::PatrolReflect(_)) => patrols::reflect(deps, tx, now, &acts!(PatrolReflect)).await?,
        Some(Command::LogWrite(_)) => patrols::write_log(deps, tx, now, &acts!(LogWrite)).await?,
        Some(Command::LogTurn(_)) => patrols::turn_entry(tx, now, &acts!(LogTurn)).await?,
        Some(Command::LogTakeBack(_)) => patrols::take_entry_back(tx, now, &acts!(LogTakeBack)).await?,
        Some(Command::NoticeSend(_)) => patrols::send_notice(tx, now, &acts!(NoticeSend)).await?,
        Some(Command::NoticeAnswer(_)) => patrols::answer_notice(tx, now, &acts!(NoticeAnswer)).await?,
        Some(Command::FileWithhold(_)) => files::withhold(deps, tx, now, &acts!(FileWithhold)).await?,
    };
    let mut applied = applied.into_iter();
    decided
        .into_iter()
        .map(|one| match one {
            Some(decided) => Ok(decided),
            None => applied.next().ok_or_else(|| DbErr::Custom(format!("{kind} gave too few answers"))),
        })
        .collect()
}

fn receipt(ready: &Ready, decided: Decided, now: Timestamp) -> action_receipt::Model {
    let (outcome, problem_kind, effect) = match decided {
        Ok(effect) => (Outcome::Applied, None, Some(effect)),
        Err(refusal) => (Outcome::Refused, Some(refusal.kind.word().to_owned()), None),
    };
    let (entity_id, revision, at) = match effect {
        Some(Effect { entity_id, revision, at }) => (Some(entity_id), Some(revision), at),
        None => (None, None, None),
    };
    let (stream, epoch, pos) = match at {
        Some(Position { stream, epoch, pos }) => (Some(stream), Some(epoch), Some(pos)),
        None => (None, None, None),
    };
    action_receipt::Model {
        account_id: ready.act.who.account_id,
        action_id: ready.act.action_id,
        kind: ready.kind.clone(),
        body_mac: ready.body_mac.clone(),
        outcome,
        problem_kind,
        entity_id,
        revision,
        stream,
        epoch,
        pos,
        received_at: now,
    }
}

/// What the receipt says, to the first sender and to every repeat alike. It keeps the kind of a refusal, which is what
/// apps go by; detail and fields are there for a developer, the first time.
fn answer(ready: &Ready, row: &action_receipt::Model, again: bool, reason: Option<&Refusal>) -> ActionResult {
    if row.body_mac != ready.body_mac {
        return ActionResult {
            problem: Some(Problem::from_refusal(&Kind::ActionIdReused.into())),
            ..plain(ready, ActionOutcome::Refused)
        };
    }
    let outcome = match (again, row.outcome) {
        (true, _) => ActionOutcome::Duplicate,
        (false, Outcome::Applied) => ActionOutcome::Applied,
        (false, Outcome::Refused) => ActionOutcome::Refused,
    };
    let at = match (&row.stream, row.epoch, row.pos) {
        (Some(stream), Some(epoch), Some(pos)) => Some(Position { stream: stream.clone(), epoch, pos }),
        _ => None,
    };
    let problem = row.problem_kind.as_deref().map(|word| match reason {
        Some(reason) if !again => Problem::from_refusal(reason),
        _ => Problem::from_refusal(&Kind::from_word(word).unwrap_or(Kind::Conflict).into()),
    });
    ActionResult {
        original: again.then_some(row.outcome),
        entity: row.entity_id.zip(row.revision).map(|(id, revision)| EntityRef { id, revision }),
        at,
        problem,
        ..plain(ready, outcome)
    }
}

/// How long a repeat is known: longer than any phone lies in a drawer.
const RECEIPT_SECONDS: i64 = 400 * 24 * 3600;

/// Removes some of the receipts that are too old to be asked for. Says whether there may be more.
pub async fn clean(deps: &Deps, batch: u64) -> Result<bool, DbErr> {
    use action_receipt::Column as C;
    let old = action_receipt::Entity::find()
        .select_only()
        .columns([C::AccountId, C::ActionId])
        .filter(C::ReceivedAt.lt(deps.clock.now().plus_seconds(-RECEIPT_SECONDS)))
        .limit(batch)
        .into_query();
    let key = Expr::tuple([Expr::col(C::AccountId), Expr::col(C::ActionId)]);
    let tx = deps.db.begin().await?;
    let gone = action_receipt::Entity::delete_many().filter(key.in_subquery(old)).exec(&*tx).await?;
    tx.commit().await?;
    Ok(gone.rows_affected >= batch)
}
