//! The judge of the fault harness, on small histories: it passes what keeps the promise and sees each way to break it.

use tests::faults::{
    checker::{Verdict, judge},
    history::{Asked, Line, Part, Place, Report, Seen, State, Talk, Told, Words},
};
use uuid::Uuid;

const TALK: Uuid = Uuid::from_u128(0x7a1c);
const OWNER: Uuid = Uuid::from_u128(0x0e);
const FIRST: Uuid = Uuid::from_u128(1);
const SECOND: Uuid = Uuid::from_u128(2);

fn stream() -> String {
    format!("conversation:{TALK}")
}

fn made(action: Uuid, after: &[Uuid]) -> Line {
    Line::Made {
        phone: "noa".to_owned(),
        action,
        lane: stream(),
        kind: "message-send".to_owned(),
        after: after.to_vec(),
        words: Some(format!("words of {action}")),
    }
}

fn told(action: Uuid, outcome: &str, pos: i64) -> Told {
    let (outcome, original) = match outcome.strip_prefix("duplicate of ") {
        Some(original) => ("duplicate", Some(original.to_owned())),
        None => (outcome, None),
    };
    let at = Place { stream: stream(), epoch: 1, pos };
    let at = (pos > 0).then_some(at);
    Told { action, outcome: outcome.to_owned(), original, problem: None, entity: Some((action, 1)), at }
}

fn answered(results: &[Told]) -> Line {
    Line::Answered { phone: "noa".to_owned(), request: 1, heard: true, results: results.to_vec() }
}

fn seen(pos: i64, action: Uuid) -> Seen {
    Seen {
        pos,
        kind: "message-created".to_owned(),
        entity: action,
        revision: 1,
        action: Some(action),
        rest: format!("words of {action}"),
    }
}

fn pulled(asked: Asked, head: i64, events: &[Seen]) -> Line {
    let from = events.first().map_or(head + 1, |seen| seen.pos);
    let part =
        Part { epoch: 1, head, from, reset: matches!(asked, Asked::Newest), more: false, events: events.to_vec() };
    Line::Pulled { reader: "noa".to_owned(), stream: stream(), asked, part }
}

fn after(pos: i64) -> Asked {
    Asked::From { epoch: 1, pos }
}

fn state(actions: &[Uuid]) -> State {
    let words = |(pos, action): (i64, &Uuid)| Words {
        message: *action,
        action: *action,
        pos,
        words: format!("words of {action}"),
    };
    let talk = Talk {
        owner: Some(OWNER),
        face: format!("{} messages", actions.len()),
        messages: Some((1..).zip(actions).map(words).collect()),
    };
    let head = i64::try_from(actions.len()).unwrap();
    State {
        heads: [(stream(), (1, head)), (format!("inbox:{OWNER}"), (1, 0))].into(),
        talks: [(TALK, talk)].into(),
        reports: [].into(),
    }
}

fn holds(state: State) -> Line {
    Line::Holds { phone: "noa".to_owned(), undecided: Vec::new(), state }
}

/// Two messages that arrived, as a phone and the server tell of them.
fn good() -> Vec<Line> {
    vec![
        made(FIRST, &[]),
        made(SECOND, &[FIRST]),
        answered(&[told(FIRST, "applied", 1), told(SECOND, "retry", 0)]),
        pulled(Asked::Newest, 1, &[seen(1, FIRST)]),
        answered(&[told(FIRST, "duplicate of applied", 1), told(SECOND, "applied", 2)]),
        pulled(after(1), 2, &[seen(2, SECOND)]),
        pulled(after(2), 2, &[]),
        pulled(after(0), 2, &[seen(1, FIRST), seen(2, SECOND)]),
        holds(state(&[FIRST, SECOND])),
        Line::Stands { state: state(&[FIRST, SECOND]) },
    ]
}

/// The good history with `lines` in the place of some.
fn with(from: usize, count: usize, lines: &[Line]) -> Vec<Line> {
    let mut all = good();
    all.splice(from..from + count, lines.iter().cloned());
    all
}

#[track_caller]
fn counts(history: Vec<Line>) -> [u64; 5] {
    let Verdict { lost, doubled, reordered, skipped, diverged, .. } = judge(history);
    [lost, doubled, reordered, skipped, diverged]
}

#[test]
fn a_kept_promise_passes() {
    let verdict = judge(good());
    assert!(verdict.is_clean(), "{verdict:?}");
    assert_eq!((verdict.actions, verdict.acknowledged), (2, 2));
    // What was refused leaves nothing, and every answer to it is the same.
    let refused = [told(FIRST, "refused", 0), told(FIRST, "duplicate of refused", 0)];
    let history =
        vec![made(FIRST, &[]), answered(&refused), holds(State::default()), Line::Stands { state: State::default() }];
    assert!(judge(history).is_clean());
}

#[test]
fn what_was_acknowledged_and_is_gone_is_lost() {
    let gone = [
        pulled(after(1), 1, &[]),
        pulled(after(0), 1, &[seen(1, FIRST)]),
        holds(state(&[FIRST])),
        Line::Stands { state: state(&[FIRST]) },
    ];
    assert_eq!(counts(with(5, 5, &gone)), [1, 0, 0, 0, 0]);
}

#[test]
fn what_never_got_an_answer_is_lost() {
    let waits = Line::Holds { phone: "noa".to_owned(), undecided: vec![SECOND], state: state(&[FIRST, SECOND]) };
    assert_eq!(counts(with(8, 1, &[waits])), [1, 0, 0, 0, 0]);
}

#[test]
fn bytes_that_were_confirmed_and_are_gone_are_lost() {
    let stored = |knew, offset| Line::Stored { phone: "noa".to_owned(), file: FIRST, knew, offset, complete: false };
    assert_eq!(counts(with(0, 0, &[stored(0, 10), stored(10, 10), stored(10, 20)])), [0; 5]);
    assert_eq!(counts(with(0, 0, &[stored(0, 10), stored(10, 5)])), [1, 0, 0, 0, 0]);
    // Two tabs asked at once, and the slower answer was older.
    assert_eq!(counts(with(0, 0, &[stored(0, 10), stored(0, 0)])), [0; 5]);
    assert_eq!(counts(with(0, 0, &[Line::Fetched { file: FIRST, same: false }])), [1, 0, 0, 0, 0]);
}

#[test]
fn words_that_stand_twice_are_doubled() {
    let twice = |mut state: State| {
        state.reports =
            [(SECOND, Report { owner: Some(OWNER), face: String::new(), words: format!("words of {FIRST}") })].into();
        state
    };
    let lines = [holds(twice(state(&[FIRST, SECOND]))), Line::Stands { state: twice(state(&[FIRST, SECOND])) }];
    assert_eq!(counts(with(8, 2, &lines)), [0, 1, 0, 0, 0]);
}

#[test]
fn an_action_that_a_stream_tells_of_twice_is_doubled() {
    let lines = [
        pulled(after(0), 3, &[seen(1, FIRST), seen(2, SECOND), seen(3, SECOND)]),
        holds(state(&[FIRST, SECOND])),
        Line::Stands { state: state(&[FIRST, SECOND]) },
    ];
    let mut history = with(7, 3, &lines);
    for line in &mut history[8..] {
        let (Line::Holds { state, .. } | Line::Stands { state }) = line else { unreachable!() };
        state.heads.insert(stream(), (1, 3));
    }
    assert_eq!(counts(history), [0, 1, 0, 0, 0]);
}

#[test]
fn two_answers_to_one_action_are_doubled() {
    assert_eq!(counts(with(6, 0, &[answered(&[told(SECOND, "applied", 2)])])), [0, 1, 0, 0, 0], "applied anew");
    let elsewhere = answered(&[told(SECOND, "duplicate of applied", 7)]);
    assert_eq!(counts(with(6, 0, &[elsewhere])), [0, 1, 0, 0, 0], "another place");
    let no = answered(&[told(SECOND, "duplicate of refused", 0)]);
    assert_eq!(counts(with(6, 0, &[no])), [0, 1, 0, 0, 0], "first yes, then no");
}

#[test]
fn what_was_refused_and_stands_is_doubled() {
    let refused = answered(&[told(SECOND, "refused", 0)]);
    assert_eq!(counts(with(4, 1, &[refused])), [0, 1, 0, 0, 0]);
}

#[test]
fn what_stands_before_what_was_made_before_it_is_reordered() {
    let mut history =
        vec![made(SECOND, &[]), made(FIRST, &[]), answered(&[told(FIRST, "applied", 1), told(SECOND, "applied", 2)])];
    history.extend(good().split_off(7));
    assert_eq!(counts(history), [0, 0, 1, 0, 0]);
}

#[test]
fn what_was_applied_without_what_it_needs_is_reordered() {
    let needed = Uuid::from_u128(3);
    let lines = [made(needed, &[]), made(SECOND, &[needed]), answered(&[told(needed, "refused", 0)])];
    assert_eq!(counts(with(1, 1, &lines)), [0, 0, 1, 0, 0]);
}

#[test]
fn a_position_that_a_cursor_never_met_is_skipped() {
    assert_eq!(counts(with(3, 0, &[pulled(after(0), 2, &[seen(2, SECOND)])])), [0, 0, 0, 1, 0], "the first is missing");
    assert_eq!(counts(with(5, 1, &[pulled(after(1), 2, &[])])), [0, 0, 0, 1, 0], "the last is missing");
    let gap = [seen(1, FIRST), seen(3, SECOND)];
    assert_eq!(counts(with(7, 0, &[pulled(after(0), 3, &gap)]))[3], 1, "one between is missing");
    let older = pulled(Asked::Before(3), 2, &[seen(1, FIRST)]);
    assert_eq!(counts(with(7, 0, &[older])), [0, 0, 0, 1, 0], "one is missing on the way back");
}

#[test]
fn a_position_that_says_two_things_is_skipped() {
    assert_eq!(counts(with(4, 0, &[pulled(after(0), 1, &[seen(1, SECOND)])])), [0, 0, 0, 1, 0]);
}

#[test]
fn a_cursor_that_has_to_begin_anew_is_skipped() {
    let mut again = pulled(after(1), 2, &[seen(1, FIRST), seen(2, SECOND)]);
    let Line::Pulled { part, .. } = &mut again else { unreachable!() };
    part.reset = true;
    assert_eq!(counts(with(5, 1, &[again])), [0, 0, 0, 1, 0]);
}

#[test]
fn a_phone_that_has_something_else_has_diverged() {
    let mut other = state(&[FIRST, SECOND]);
    other.talks.get_mut(&TALK).unwrap().messages.as_mut().unwrap().pop();
    assert_eq!(counts(with(8, 1, &[holds(other)])), [0, 0, 0, 0, 1], "a message is missing");
    let mut other = state(&[FIRST, SECOND]);
    other.talks.get_mut(&TALK).unwrap().face.clear();
    assert_eq!(counts(with(8, 1, &[holds(other)])), [0, 0, 0, 0, 1], "the talk looks otherwise");
    let mut other = state(&[FIRST, SECOND]);
    other.talks.clear();
    assert_eq!(counts(with(8, 1, &[holds(other)])), [0, 0, 0, 0, 1], "the talk is missing");
    let mut other = state(&[FIRST, SECOND]);
    other.heads.insert(stream(), (1, 1));
    assert_eq!(counts(with(8, 1, &[holds(other)])), [0, 0, 0, 0, 1], "it has not read to the end");
    let mut other = state(&[FIRST, SECOND]);
    other.reports.insert(FIRST, Report { owner: None, face: String::new(), words: String::new() });
    assert_eq!(counts(with(8, 1, &[holds(other)])), [0, 0, 0, 0, 1], "it has a report that nobody knows");
}

#[test]
fn a_phone_that_never_came_to_rest_has_diverged() {
    assert_eq!(counts(with(8, 1, &[])), [0, 0, 0, 0, 1]);
}

#[test]
fn a_history_without_an_end_is_lost() {
    assert_eq!(counts(with(9, 1, &[])), [1, 0, 0, 0, 0]);
}
