use entities::words::{
    AgeBand, ConversationId, DeviceId, ForNow, OutcomeCode, QuarterId, QuarterKind, QuarterStatus, ShiftId,
    ShiftTrouble, TalkFate, Text, Timestamp, Weekday,
};
use poem_openapi::Object;

/// The longest name of a quarter, its platform or the account there, in characters.
pub const LONGEST_NAME: usize = 100;
/// The longest address of a quarter, and the longest that is written of it for officers, in characters.
pub const LONGEST_ADDRESS: usize = 300;
pub const LONGEST_NOTE: usize = 1000;
/// The longest shift, as an officer's session.
pub const LONGEST_SHIFT_SECONDS: i64 = 16 * 3600;
/// How far ahead a lead decides for now.
pub const LONGEST_NOW_SECONDS: i64 = 366 * 24 * 3600;

/// Go out on patrol. One that still runs ends.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct StartShift {
    /// Made on the device.
    pub shift_id: ShiftId,
    /// The phone that is to be woken: its test alarm is on its way at once.
    pub device_id: DeviceId,
    /// As planned; at most 16 hours from now count. The shift goes on until it is ended.
    pub ends_at: Timestamp,
    /// Where the patrol walks.
    #[oai(validator(max_items = 20))]
    pub quarters: Vec<QuarterId>,
}

/// Come home.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct EndShift {
    pub shift_id: ShiftId,
    /// What becomes of each talk that the officer holds; left out: she holds none. With it the version is 2.
    #[oai(validator(max_items = 200))]
    pub talks: Option<Vec<TalkEnd>>,
}

/// What becomes of a talk when its holder's shift ends.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct TalkEnd {
    pub conversation_id: ConversationId,
    pub fate: TalkFate,
    /// With `pass`: the public number of the colleague who is out.
    #[oai(validator(max_length = 20))]
    pub to: Option<Text>,
    /// With `close`: how it ended.
    pub outcome: Option<OutcomeCode>,
}

/// Answer the test alarm, with what came with it.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct AnswerTestAlarm {
    pub shift_id: ShiftId,
    /// Stands behind `#` in the address that the push opens.
    #[oai(validator(pattern = "^[A-Za-z0-9_-]{22}$"))]
    pub proof: Text,
}

/// Ask for another test alarm, on this phone or another one. Until it is answered the officer is not counted.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct AskTestAlarm {
    pub shift_id: ShiftId,
    pub device_id: DeviceId,
}

/// What came with the test alarm.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct AlarmProof {
    /// Stands behind `#` in the address that the push opens.
    #[oai(validator(pattern = "^[A-Za-z0-9_-]{22}$"))]
    pub proof: Text,
}

/// The phone that is to be woken.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct AlarmPhone {
    pub device_id: DeviceId,
}

/// An officer out on patrol.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Shift {
    pub shift_id: ShiftId,
    pub public_number: Option<String>,
    pub mine: bool,
    pub revision: i64,
    pub started_at: Timestamp,
    pub ends_at: Timestamp,
    pub quarters: Vec<QuarterId>,
    /// The phone that is to be woken; of one's own shift.
    pub device_id: Option<DeviceId>,
    pub alarm_asked_at: Timestamp,
    pub alarm_answered_at: Option<Timestamp>,
    /// To the minute.
    pub heard_at: Timestamp,
    /// Whether the patrol counts as staffed by this officer; if not, `troubles` says why.
    pub counted: bool,
    pub troubles: Vec<ShiftTrouble>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct Shifts {
    /// Those that run, the first to start first.
    pub items: Vec<Shift>,
}

/// Is anybody there? Three facts, none made from another.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct OpeningState {
    /// By the plan, its exceptions, and what a lead has decided for now.
    pub open: bool,
    /// Nothing: it is closed, or no end is near.
    pub open_until: Option<Timestamp>,
    /// An officer is out whose phone wakes, and who was heard from in the last minutes.
    pub staffed: bool,
    /// When it opens, or opens again. Nothing: no opening is planned.
    pub next_opening: Option<Timestamp>,
    pub server_time: Timestamp,
}

/// A place that the patrol walks, or that somebody would like it to. Expected revision 0 makes it. It has no field for an
/// account that is not shown as the patrol's, and none for a person who is there.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct PutQuarter {
    #[oai(validator(minimum(value = "0")))]
    pub expected_revision: i64,
    /// 1 to 100 characters, as are the platform and the account.
    pub name: Text,
    pub platform: Text,
    /// The patrol's public account there. It may be left out while the quarter is `wished` or `asked`.
    pub account: Option<Text>,
    /// Where on the net it is: 1 to 300 characters.
    pub address: Option<Text>,
    pub kind: Option<QuarterKind>,
    /// The municipality that it belongs to, by its four digits.
    #[oai(validator(pattern = "^[0-9]{4}$"))]
    pub municipality: Option<Text>,
    /// What is spoken there, as `sv`.
    #[oai(validator(pattern = "^[a-z]{2,3}$"))]
    pub language: Option<Text>,
    /// How old those are who are there.
    #[oai(default, validator(max_items = 4))]
    pub ages: Vec<AgeBand>,
    /// How access was asked for and given, and by whom: 1 to 1,000 characters, for officers.
    pub access: Option<Text>,
    /// What officers must look out for: 1 to 1,000 characters, for officers. Of the place, and never of a person.
    pub risks: Option<Text>,
    /// Left out: `active`.
    pub status: Option<QuarterStatus>,
}

/// A quarter, for officers.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Quarter {
    pub quarter_id: QuarterId,
    pub name: String,
    pub platform: String,
    /// The patrol's public account there; nothing: it has none, and does not walk there.
    pub account: Option<String>,
    pub address: Option<String>,
    pub kind: Option<QuarterKind>,
    pub municipality: Option<String>,
    pub language: Option<String>,
    pub ages: Vec<AgeBand>,
    pub access: Option<String>,
    pub risks: Option<String>,
    /// What officers wrote of it does not open any more, by a fault on the server: it is left out.
    pub damaged: bool,
    pub status: QuarterStatus,
    pub wishes: Wishes,
    pub revision: i64,
}

/// What youths have said in the box of ideas of a quarter that they would like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Object)]
pub struct Wishes {
    /// Wishes that wait for an answer.
    pub wished: i64,
    /// Those that have one.
    pub answered: i64,
    /// All who stand behind either: who wrote them and who support them.
    pub support: i64,
}

/// The patrol's own public account somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account(pub String);

/// How the patrol stands to a quarter: whoever walks there, or has, has a public account. There is no other way in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    Wished(Option<Account>),
    Asked(Option<Account>),
    Active(Account),
    Resting(Account),
    Left(Account),
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct QuarterList {
    pub items: Vec<Quarter>,
}

/// A quarter as everyone in a talk that came from it may know it.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct QuarterName {
    pub quarter_id: QuarterId,
    pub name: String,
    pub platform: String,
}

/// A quarter as everyone may know it. Where it belongs to a place that one can walk to, or nobody has said that it does not, it has no
/// name here: that could tell where officers are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct PublicQuarter {
    pub name: Option<String>,
    pub platform: String,
    /// The patrol's account there.
    pub account: String,
}

/// Whether what was asked for is the patrol's. It says no more of what is not than of what is.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct OfficerCheck {
    pub known: bool,
}

/// Hours of a day. What closes no later than it opens closes on the next day.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(deny_unknown_fields)]
pub struct OpenSpan {
    #[oai(validator(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$"))]
    pub opens: Text,
    /// To 24:00.
    #[oai(validator(pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"))]
    pub closes: Text,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(deny_unknown_fields)]
pub struct OpenInterval {
    /// The day on which it opens.
    pub weekday: Weekday,
    #[oai(validator(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$"))]
    pub opens: Text,
    /// To 24:00.
    #[oai(validator(pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"))]
    pub closes: Text,
}

/// A usual week, from a Swedish day on. One that begins on the same day is exchanged; the days before stay as they were.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(deny_unknown_fields, example)]
pub struct WeekPlan {
    /// Today or later.
    #[oai(validator(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    pub valid_from: Text,
    #[oai(validator(max_items = 50))]
    pub intervals: Vec<OpenInterval>,
}

/// A day that is otherwise. It holds for what opens on that day; a night that began the day before goes on.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct DayException {
    /// Today or later.
    #[oai(validator(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    pub day: Text,
    /// None: closed. Left out: as in a usual week.
    #[oai(validator(max_items = 10))]
    pub spans: Option<Vec<OpenSpan>>,
}

/// What a lead decides for now.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct SetForNow {
    pub state: ForNow,
    /// From then on the plan counts again. Not with `as-planned`.
    pub until: Option<Timestamp>,
}

/// All that leads have set.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct OpeningHours {
    /// The one that counts today, and those to come.
    pub plans: Vec<WeekPlan>,
    /// Of yesterday and later.
    pub exceptions: Vec<DayException>,
    /// Nothing: as planned.
    pub for_now: Option<SetForNow>,
}
