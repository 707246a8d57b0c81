use entities::words::Timestamp;
use poem_openapi::Object;

use crate::quarters::PublicQuarter;

/// Where the patrol is, for everyone: quarters, numbers and accounts, and nothing else of anybody.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Board {
    /// Patrols that are out, each with an officer who is on a shift and was heard from of late.
    pub now: Vec<OnPatrol>,
    /// The next one that is planned. Nothing: none is.
    pub next: Option<NextPatrol>,
    pub chat: BoardChat,
}

#[derive(Clone, Debug, PartialEq, Object)]
pub struct OnPatrol {
    /// Those of its plan, by name. Which of them it is in at the moment is not told.
    pub quarters: Vec<PublicQuarter>,
    /// The public numbers of those who are out.
    pub numbers: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Object)]
pub struct NextPatrol {
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub quarters: Vec<PublicQuarter>,
}

/// Whether somebody can be written to: three facts, none made from another.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct BoardChat {
    /// By the plan, its exceptions, and what a lead has decided for now.
    pub open: bool,
    /// Nothing: it is closed, or no end is near.
    pub open_until: Option<Timestamp>,
    /// An officer is there.
    pub staffed: bool,
    /// When it opens, or opens again. Nothing: no opening is planned.
    pub next_opening: Option<Timestamp>,
}
