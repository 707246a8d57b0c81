//! Closed lists, with one spelling (kebab-case) in database and wire.

use poem_openapi::Enum;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, EnumIter, DeriveActiveEnum, Enum)]
        #[sea_orm(rs_type = "String", db_type = "Text")]
        pub enum $name {
            $($(#[$vdoc])* #[sea_orm(string_value = $text)] #[serde(rename = $text)] #[oai(rename = $text)] $variant,)+
        }

        impl $name {
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }
    )*};
}

words! {
    /// What a person may do.
    Role {
        Youth = "youth",
        Officer = "officer",
        Lead = "lead",
        Evaluator = "evaluator",
        Admin = "admin",
    }
    /// The language a person chose.
    Locale {
        Sv = "sv",
        En = "en",
    }
    /// Who did something, as far as the other side may know.
    Actor {
        Youth = "youth",
        Officer = "officer",
        System = "system",
    }
    ConversationState {
        /// No officer has taken it.
        Waiting = "waiting",
        Taken = "taken",
        Closed = "closed",
    }
    /// How soon a talk needs a person.
    Priority {
        /// Somebody is in danger now.
        P1 = "p1",
        P2 = "p2",
        P3 = "p3",
        /// It can wait for the promised time.
        P4 = "p4",
    }
    /// "Is someone hurt, or about to be?"
    DangerAnswer {
        Yes = "yes",
        Unsure = "unsure",
        No = "no",
        /// No: it is only a question.
        OnlyAsking = "only-asking",
    }
    /// "Is somebody hurt already, or is there a weapon?"
    HurtAnswer {
        Yes = "yes",
        Unsure = "unsure",
        No = "no",
    }
    Weekday {
        Monday = "monday",
        Tuesday = "tuesday",
        Wednesday = "wednesday",
        Thursday = "thursday",
        Friday = "friday",
        Saturday = "saturday",
        Sunday = "sunday",
    }
    /// What a lead decides for now, whatever is planned.
    ForNow {
        Open = "open",
        Closed = "closed",
        /// The plan counts again.
        AsPlanned = "as-planned",
    }
    /// Why an officer on a shift is not counted.
    ShiftTrouble {
        /// The phone has no push address, or its address is dead.
        NoAddress = "no-address",
        /// The test alarm was not answered yet.
        NotAnswered = "not-answered",
        /// Nothing was heard from the officer for some minutes.
        Unheard = "unheard",
    }
    /// Numbers that the program goes by, as dated data.
    SettingName {
        /// How long an officer who says nothing still counts as there.
        HeardSeconds = "heard-seconds",
        /// How long whoever took a talk in danger may take for the first answer before its alarm starts again.
        FirstAnswerSeconds = "first-answer-seconds",
    }
    ReportState {
        /// Stored; no person has opened it.
        Received = "received",
        /// An officer has opened it.
        BeingRead = "being-read",
    }
    /// How far the bytes of a file have come.
    FileState {
        /// Not all of them are here.
        Arriving = "arriving",
        /// All are here and are what was announced.
        Complete = "complete",
        /// They were not what was announced, and are gone.
        Refused = "refused",
    }
    /// The kinds of event that can be told.
    EventKind {
        Threat = "threat",
    }
    /// How well a youth knows when it happened.
    Certainty {
        Exact = "exact",
        About = "about",
        Unknown = "unknown",
    }
    /// What a safety tip is about.
    Topic {
        Scams = "scams",
        Images = "images",
        Threats = "threats",
        Meetups = "meetups",
        Hate = "hate",
        Recruitment = "recruitment",
        WellBeing = "well-being",
    }
    /// What a tip asks its reader to do.
    TipAction {
        Chat = "chat",
        Report = "report",
        Read = "read",
    }
    /// What can be held, reviewed and erased.
    SubjectKind {
        Conversation = "conversation",
        Report = "report",
    }
    /// What a rule says how long it is kept.
    KeptKind {
        Conversation = "conversation",
        Report = "report",
        Tip = "tip",
        /// The lines of the audit log; its one rule stands under `crime`.
        Audit = "audit",
    }
    /// The law that a record falls under.
    Regime {
        /// Brottsdatalagen (2018:1177): to prevent and to investigate crime.
        Crime = "crime",
        /// The GDPR.
        DataProtection = "data-protection",
    }
    /// What the person whom a record is about is to what happened.
    PersonRole {
        Suspect = "suspect",
        Victim = "victim",
        Witness = "witness",
        Other = "other",
        /// Nobody has said.
        Unknown = "unknown",
    }
    /// Why something was erased.
    ErasureReason {
        /// It was kept as long as the rule says.
        Rule = "rule",
        /// Its writer asked for it.
        Asked = "asked",
        /// It should never have been here.
        Mistake = "mistake",
        /// A court or an authority decided it.
        Decision = "decision",
        /// It had been erased before the backup that was put back.
        Restored = "restored",
    }
    /// What an officer did to what is known of people, as the law names it.
    AuditAct {
        Read = "read",
        Change = "change",
        /// Given to somebody outside.
        Release = "release",
        /// Put together with something else.
        Join = "join",
        Erase = "erase",
    }
    /// What kind of thing an audit entry is about.
    AuditSubject {
        Conversation = "conversation",
        Report = "report",
        File = "file",
        Account = "account",
        Invite = "invite",
        Tip = "tip",
        Quarter = "quarter",
        Shift = "shift",
        /// The hours of the chat, all of them together.
        Opening = "opening",
        /// The rules of how long things are kept, all of them together.
        Retention = "retention",
        /// The log itself.
        Audit = "audit",
    }
    /// How an action ended.
    Outcome {
        Applied = "applied",
        Refused = "refused",
    }
}
