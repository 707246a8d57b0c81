//! What all that a patrol's officers pressed comes to, whatever order it came in.

use entities::words::{ActionId, PatrolMark, PatrolState, Timestamp};

/// One press of one officer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    pub at: Timestamp,
    /// Which came first of two that were made in one moment.
    pub act_id: ActionId,
    pub mark: PatrolMark,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    pub state: PatrolState,
    pub started_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    /// Without the pauses, as far as it is over.
    pub out_seconds: i64,
}

/// What does not fit where it stands changes nothing: two officers press the same at the ends of a dead network. The first end
/// ends it for both. One that was started was not cancelled.
pub fn course(cancelled: bool, mut marks: Vec<Mark>) -> Course {
    marks.sort_unstable();
    let state = if cancelled { PatrolState::Cancelled } else { PatrolState::Planned };
    let mut course = Course { state, started_at: None, ended_at: None, out_seconds: 0 };
    let (mut since, mut millis) = (None, 0);
    for Mark { at, mark, .. } in marks {
        course.state = match (course.state, mark) {
            (PatrolState::Planned | PatrolState::Cancelled, PatrolMark::Start) => {
                course.started_at = Some(at);
                since = Some(at);
                PatrolState::Out
            }
            (PatrolState::Paused, PatrolMark::Start | PatrolMark::Resume) => {
                since = Some(at);
                PatrolState::Out
            }
            (PatrolState::Out, PatrolMark::Pause) => {
                millis += since.take().map_or(0, |since| at.since(since));
                PatrolState::Paused
            }
            (PatrolState::Out | PatrolState::Paused, PatrolMark::End) => {
                millis += since.take().map_or(0, |since| at.since(since));
                course.ended_at = Some(at);
                PatrolState::Ended
            }
            (state, _) => state,
        };
    }
    course.out_seconds = millis / 1000;
    course
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn marks(pressed: &[(i64, PatrolMark)]) -> Vec<Mark> {
        let of = |(nth, (seconds, mark)): (u128, &(i64, PatrolMark))| Mark {
            at: Timestamp::from_millis(seconds * 1000),
            act_id: ActionId(Uuid::from_u128(nth)),
            mark: *mark,
        };
        (0..).zip(pressed).map(of).collect()
    }

    fn orders(marks: &[Mark]) -> Vec<Vec<Mark>> {
        let [first, rest @ ..] = marks else { return vec![Vec::new()] };
        let with = |order: Vec<Mark>| {
            (0..=order.len()).map(move |at| {
                let mut order = order.clone();
                order.insert(at, *first);
                order
            })
        };
        orders(rest).into_iter().flat_map(with).collect()
    }

    #[test]
    fn whatever_order_they_come_in_they_come_to_the_same() {
        use PatrolMark::{End, Pause, Resume, Start};
        let course_of = |state, started: Option<i64>, ended: Option<i64>, out_seconds| {
            let at = |seconds: i64| Timestamp::from_millis(seconds * 1000);
            Course { state, started_at: started.map(at), ended_at: ended.map(at), out_seconds }
        };
        type Case<'a> = (&'a str, &'a [(i64, PatrolMark)], Course);
        let table: [Case; 7] = [
            ("nobody has started", &[(1, Pause), (2, End)], course_of(PatrolState::Planned, None, None, 0)),
            ("out", &[(10, Start)], course_of(PatrolState::Out, Some(10), None, 0)),
            ("both started", &[(12, Start), (10, Start)], course_of(PatrolState::Out, Some(10), None, 0)),
            ("a pause", &[(10, Start), (20, Pause)], course_of(PatrolState::Paused, Some(10), None, 10)),
            (
                "a pause that both pressed",
                &[(10, Start), (20, Pause), (22, Pause), (30, Resume), (33, Resume), (50, End)],
                course_of(PatrolState::Ended, Some(10), Some(50), 30),
            ),
            (
                "the first end counts",
                &[(10, Start), (50, End), (55, Pause), (60, End), (70, Start)],
                course_of(PatrolState::Ended, Some(10), Some(50), 40),
            ),
            (
                "in one moment",
                &[(10, Start), (10, Pause), (10, Resume), (20, End)],
                course_of(PatrolState::Ended, Some(10), Some(20), 10),
            ),
        ];
        for (what, pressed, expected) in table {
            for order in orders(&marks(pressed)) {
                assert_eq!(course(false, order), expected, "{what}");
            }
        }
        let never = course(true, Vec::new());
        assert_eq!((never.state, never.started_at), (PatrolState::Cancelled, None));
        assert_eq!(course(true, marks(&[(10, Start)])).state, PatrolState::Out, "who is out is out");
    }
}
