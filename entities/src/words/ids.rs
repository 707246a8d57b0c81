//! One list of id types. A device makes the ids of what it creates: UUIDv7, but for accounts and devices, which are
//! random (v4), because a v7 tells when it was made.

use poem_openapi::NewType;
use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, DeriveValueType, NewType)]
        #[serde(transparent)]
        #[oai(from_multipart = false)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map($name)
            }
        }

        // sea-orm asks this of every primary key; no id of ours is a number.
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )*};
}

ids! {
    /// A youth's or an officer's account.
    AccountId
    /// One browser profile of one account.
    DeviceId
    /// One sign-in of one device.
    SessionId
    /// What lets a phone deliver reports without a session.
    CapabilityId
    /// One thing that somebody did, made on the device and kept over every retry.
    ActionId
    ConversationId
    MessageId
    ReportId
    FileId
    TipId
    PollId
    /// What a youth would like to see, made on the device.
    IdeaId
    /// A live citizen dialogue, made on the device.
    DialogueId
    /// What a youth asks in one, made on the device.
    QuestionId
    PostId
    QuarterId
    /// One officer's turn on patrol, made on the device.
    ShiftId
    /// Officers who are out together, made on the device.
    PatrolId
    /// What a patrol writes down, made on the device.
    LogEntryId
    /// That a platform was told of something, made on the device.
    NoticeId
    /// A one-time link into a talk.
    RoomInviteId
    /// A lasting link of a quarter. It is what stands in the link.
    PosterId
    /// One card by which a talk is handed over.
    HandoverId
    /// One question for a youth's place.
    LocationId
    /// What several talks are about, made on the device.
    IncidentId
    /// A text that officers have at hand.
    ReplyId
    /// One line of what was done because police must act, made on the device.
    DutyId
    /// What keeps an account from writing for a while, made on the device.
    MuteId
    JobId
    PasskeyId
    InviteId
    CeremonyId
    PuzzleId
    SubscriptionId
    SendingId
    /// One line of the audit log.
    AuditEntryId
}
