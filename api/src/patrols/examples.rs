use entities::words::{Counter, PatrolActKind, PatrolMark, PatrolState};
use poem_openapi::types::Example;

use super::{
    examples_log::{entry, notice},
    model::*,
    model_board::*,
};
use crate::{http::story::*, quarters::PublicQuarter};

const OTHER_OFFICER: &str = "12";
const WENT_WELL: &str = "Många ville prata när vi var med i spelet.";
const WAS_HARD: &str = "Vi hann inte svara alla.";
const TRY_NEXT: &str = "Säg från början hur länge vi stannar.";

impl Example for PlanPatrol {
    fn example() -> Self {
        Self {
            patrol_id: PATROL,
            expected_revision: 0,
            starts_at: after(0),
            ends_at: after(3 * 3600),
            officers: vec![text(OFFICER), text(OTHER_OFFICER)],
            quarters: vec![QUARTER],
        }
    }
}

impl Example for Cancelling {
    fn example() -> Self {
        Self { expected_revision: 1 }
    }
}

impl Example for Marking {
    fn example() -> Self {
        Self { mark: PatrolMark::Start }
    }
}

impl Example for Visiting {
    fn example() -> Self {
        Self { quarter_id: QUARTER }
    }
}

impl Example for Counting {
    fn example() -> Self {
        Self { quarter_id: QUARTER, counter: Counter::Talk, takes_back: false }
    }
}

impl Example for Reflecting {
    fn example() -> Self {
        Self { went_well: Some(text(WENT_WELL)), was_hard: Some(text(WAS_HARD)), try_next: Some(text(TRY_NEXT)) }
    }
}

fn counts(counter: Counter, count: i64) -> PatrolCount {
    PatrolCount { quarter_id: QUARTER, counter, count }
}

impl Example for Patrol {
    fn example() -> Self {
        let officer = |number: &str| PatrolOfficer { public_number: number.to_owned(), on_shift: true };
        Self {
            patrol_id: PATROL,
            state: PatrolState::Out,
            revision: 9,
            starts_at: after(0),
            ends_at: after(3 * 3600),
            planned_by: Some(OFFICER.to_owned()),
            started_at: Some(after(120)),
            ended_at: None,
            out_seconds: 0,
            mine: true,
            officers: vec![officer(OFFICER), officer(OTHER_OFFICER)],
            quarters: vec![QUARTER],
            visited: vec![QUARTER],
            counts: vec![counts(Counter::Talk, 4), counts(Counter::InviteMade, 1)],
            seen: Some(vec![counts(Counter::InviteMade, 1), counts(Counter::InviteClaimed, 1)]),
        }
    }
}

impl Example for PatrolPage {
    fn example() -> Self {
        Self { items: vec![Patrol { seen: None, ..Patrol::example() }], next: None }
    }
}

impl Example for Board {
    fn example() -> Self {
        let quarters = vec![PublicQuarter {
            name: Some("Spelkvällen".to_owned()),
            platform: "Discord".to_owned(),
            account: "natpolis".to_owned(),
        }];
        Self {
            now: vec![OnPatrol {
                quarters: quarters.clone(),
                numbers: vec![OFFICER.to_owned(), OTHER_OFFICER.to_owned()],
            }],
            next: Some(NextPatrol { starts_at: after(86_400), ends_at: after(97_200), quarters }),
            chat: BoardChat {
                open: true,
                open_until: Some(after(2760)),
                staffed: true,
                next_opening: Some(after(67_560)),
            },
        }
    }
}

impl Example for PatrolLog {
    fn example() -> Self {
        let act = |seconds, kind, counter: Option<Counter>| PatrolAct {
            kind,
            public_number: Some(OFFICER.to_owned()),
            quarter_id: counter.map(|_| QUARTER),
            counter,
            takes_back: false,
            at: after(seconds),
            recorded_at: after(seconds),
            received_at: after(seconds + 2),
        };
        Self {
            acts: vec![
                act(120, PatrolActKind::Start, None),
                act(600, PatrolActKind::Count, Some(Counter::Talk)),
                act(10_800, PatrolActKind::End, None),
            ],
            entries: vec![entry()],
            notices: vec![notice()],
            reflections: vec![Reflection {
                public_number: Some(OFFICER.to_owned()),
                went_well: Some(WENT_WELL.to_owned()),
                was_hard: Some(WAS_HARD.to_owned()),
                try_next: Some(TRY_NEXT.to_owned()),
                damaged: false,
                at: after(10_900),
                received_at: after(10_902),
            }],
        }
    }
}
