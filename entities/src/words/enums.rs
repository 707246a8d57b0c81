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

/// Of the list of [`OutcomeCode`], as it is stored beside each.
pub const OUTCOMES_VERSION: i32 = 1;

words! {
    /// What a person may do.
    Role {
        Youth = "youth",
        Officer = "officer",
        Lead = "lead",
        Evaluator = "evaluator",
        Admin = "admin",
    }
    /// What a lead can make of somebody.
    InvitedRole {
        Officer = "officer",
        Lead = "lead",
        Evaluator = "evaluator",
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
    /// What a quarter is.
    QuarterKind {
        /// It belongs to a place that one can walk to: a school's, a youth centre's, a town's.
        DigitalPhysical = "digital-physical",
        /// It is nowhere but on the net.
        AllDigital = "all-digital",
    }
    /// How the patrol stands to a quarter.
    QuarterStatus {
        /// Somebody would like it to come.
        Wished = "wished",
        /// It has asked openly whether it may.
        Asked = "asked",
        /// It walks there.
        Active = "active",
        /// It has its account there, and does not walk for now.
        Resting = "resting",
        /// It is there no more.
        Left = "left",
    }
    PatrolState {
        Planned = "planned",
        Out = "out",
        Paused = "paused",
        Ended = "ended",
        /// It never was.
        Cancelled = "cancelled",
    }
    /// What its officers press to say how a patrol stands.
    PatrolMark {
        Start = "start",
        Pause = "pause",
        Resume = "resume",
        End = "end",
    }
    /// What is done on a patrol.
    PatrolActKind {
        Start = "start",
        Pause = "pause",
        Resume = "resume",
        End = "end",
        /// It came to a quarter.
        Visit = "visit",
        Count = "count",
    }
    /// What is counted on a patrol. A counter keeps its meaning for ever.
    Counter {
        /// Somebody talked with the patrol.
        Talk = "talk",
        /// An invite to a talk in private was given.
        InviteMade = "invite-made",
        /// Somebody came in by one.
        InviteClaimed = "invite-claimed",
        /// Somebody was told that what they do must end.
        Warning = "warning",
        /// The social services were told of a child (orosanmälan).
        ChildWelfareNotice = "child-welfare-notice",
        /// Somebody else goes on with it.
        PassedOn = "passed-on",
        /// A crime was reported.
        CrimeReport = "crime-report",
        /// An account or what stands there was told of to its platform.
        PlatformNotice = "platform-notice",
    }
    /// What a patrol writes down.
    LogKind {
        /// What it saw.
        Observation = "observation",
        /// Somebody talked with it.
        Contact = "contact",
        /// What it did because of what it saw.
        Intervention = "intervention",
        /// It showed somebody the way to others.
        Referral = "referral",
    }
    /// What a patrol does because of what it saw.
    Intervention {
        /// Somebody was told that what they do must end.
        Warning = "warning",
        /// The social services were told of a child (orosanmälan).
        ChildWelfareNotice = "child-welfare-notice",
        /// Somebody else goes on with it.
        PassedOn = "passed-on",
        /// A crime was reported.
        CrimeReport = "crime-report",
    }
    /// To whom a patrol shows the way.
    Referral {
        /// Bris or another helpline.
        Helpline = "helpline",
        SocialServices = "social-services",
        School = "school",
        YouthCentre = "youth-centre",
        HealthCare = "health-care",
        /// Police elsewhere.
        Police = "police",
        Other = "other",
    }
    /// What a platform is told of.
    NoticeTarget {
        Account = "account",
        /// A text, a picture, a film.
        Content = "content",
        /// A group, a channel, a server.
        Group = "group",
    }
    /// How a platform is told.
    NoticeChannel {
        /// As anybody can, in the app or on its page.
        InApp = "in-app",
        /// By its form or address for authorities.
        ForAuthorities = "for-authorities",
        /// Whom the patrol knows there.
        Contact = "contact",
        /// By a trusted flagger under the Digital Services Act, as ECPAT.
        TrustedFlagger = "trusted-flagger",
    }
    /// What came of a notice to a platform.
    NoticeOutcome {
        /// It is gone.
        Removed = "removed",
        /// Fewer see it, or some may not.
        Restricted = "restricted",
        /// It stays.
        Refused = "refused",
        NoAnswer = "no-answer",
    }
    /// How a youth came to a talk.
    CameBy {
        /// By an officer's invite and its word.
        Invite = "invite",
        /// By the link of an invite alone: it was late, used or closed, or the word was not known.
        InviteLink = "invite-link",
        Poster = "poster",
        /// By a question in a live dialogue that told of harm.
        Dialogue = "dialogue",
    }
    /// What is counted for the evaluation.
    InsightMeasure {
        /// Talks that youths began, and what became of them within four weeks.
        Talks = "talks",
        /// Reports, and what became of them within four weeks.
        Reports = "reports",
    }
    /// What a youth may be asked of a talk, each in one press.
    SurveyQuestion {
        /// Would you have called 112 or 114 14 if there were no chat? While the talk goes on.
        WouldHaveCalled = "would-have-called",
        /// Would you have told anyone else? When it is over.
        WouldHaveTold = "would-have-told",
        /// Did it help? When it is over.
        Helped = "helped",
    }
    SurveyAnswer {
        Yes = "yes",
        No = "no",
        Unsure = "unsure",
    }
    /// Whether somebody may still come in by an invite.
    RoomInviteState {
        Open = "open",
        Claimed = "claimed",
        /// By its officer, or by too many wrong words.
        Closed = "closed",
        /// Its time is over.
        Late = "late",
    }
    /// Numbers that the program goes by, as dated data.
    SettingName {
        /// How long an officer who says nothing still counts as there.
        HeardSeconds = "heard-seconds",
        /// How long whoever took a talk in danger may take for the first answer before its alarm starts again.
        FirstAnswerSeconds = "first-answer-seconds",
        /// How long a place that a youth gave is kept.
        LocationSeconds = "location-seconds",
        /// Below how many years somebody is a child.
        ChildAge = "child-age",
        /// From how many years on one is punished for a crime.
        CriminalAge = "criminal-age",
        /// How long whoever holds a talk may not be heard from before it goes back to the queue.
        HolderSeconds = "holder-seconds",
    }
    /// How a talk or a report ended: the list's version is [`OUTCOMES_VERSION`]. A code keeps its meaning for ever; a list that
    /// has other codes has another version.
    OutcomeCode {
        /// She got advice, and nothing more was needed.
        AdviceGiven = "advice-given",
        /// Handed over to 112.
        Emergency = "handed-over-112",
        /// Handed over to 114 14.
        Police = "handed-over-114-14",
        /// An officer has registered a report in the police's own system.
        ReportMade = "report-made",
        /// What she told was taken as a tip.
        TipTaken = "tip-taken",
        /// An officer has told the social services (orosanmälan).
        SocialServicesTold = "social-services-told",
        /// Shown the way to Bris or another helpline.
        ReferredHelpline = "referred-helpline",
        /// Shown the way to somebody else: school, youth clinic, another authority.
        ReferredElsewhere = "referred-elsewhere",
        /// An account or what stands there was told of to its platform.
        PlatformNotified = "platform-notified",
        NotPoliceMatter = "not-police-matter",
        /// She did not answer any more.
        YouthGone = "youth-gone",
        /// The same as another one.
        Duplicate = "duplicate",
        Misuse = "misuse",
    }
    /// What becomes of a talk whose holder's shift ends.
    TalkFate {
        /// To a colleague who is out.
        Pass = "pass",
        GiveBack = "give-back",
        Close = "close",
    }
    /// What is written down about a talk for officers alone.
    NoteKind {
        /// An officer wrote it.
        Written = "written",
        /// The talk was passed on to a colleague.
        Passed = "passed",
        /// It was taken over from a colleague.
        TakenOver = "taken-over",
        /// It went back to the queue.
        GivenBack = "given-back",
    }
    /// How an account is kept from writing: the one for hours, the other for days.
    MuteKind {
        Muted = "muted",
        Blocked = "blocked",
    }
    /// Why an account may not write for a while, as its youth is told too.
    MuteReason {
        Threats = "threats",
        Insults = "insults",
        /// What is sexual and nobody asked for.
        Sexual = "sexual",
        /// Danger that there was not, again and again.
        FalseAlarms = "false-alarms",
        /// The same over and over, or what has nothing to do with the police.
        Flooding = "flooding",
        Other = "other",
    }
    /// What somebody does in a talk at this moment.
    SignKind {
        Looking = "looking",
        Typing = "typing",
    }
    /// To whom a talk is handed over.
    Receiver {
        /// Danger now.
        Emergency = "112",
        /// The rest.
        Police = "114-14",
    }
    /// What came back from whom a talk was handed over to.
    CameBack {
        CarSent = "car-sent",
        Advice = "advice",
        /// Nothing came of it.
        None = "none",
    }
    /// How a question for a youth's place stands.
    LocationState {
        Asked = "asked",
        Given = "given",
        /// She said no.
        Declined = "declined",
    }
    /// Which talks a canned reply is for.
    ReplyFit {
        /// No officer has written in it yet.
        First = "first",
        P1 = "p1",
        P2 = "p2",
        P3 = "p3",
        P4 = "p4",
        /// Words of wanting to die or of harming oneself were seen.
        SelfHarm = "self-harm",
    }
    /// Why police must act.
    DutyMatter {
        /// A child may be harmed: is an orosanmälan to be made?
        ChildHarmed = "child-harmed",
        /// A youth tells of a crime of her own: this is no interrogation.
        OwnCrime = "own-crime",
    }
    /// What an officer decided of it.
    DutyDecision {
        /// The orosanmälan was made.
        Made = "made",
        NotNeeded = "not-needed",
        /// To a colleague who goes on with it.
        PassedOn = "passed-on",
        /// No more was asked about the crime.
        StoppedAsking = "stopped-asking",
    }
    /// How such a matter stands in a talk.
    DutyState {
        Raised = "raised",
        Decided = "decided",
    }
    ReportState {
        /// Stored; no person has opened it.
        Received = "received",
        /// An officer has opened it.
        BeingRead = "being-read",
        /// Its youth is asked something, in the talk that belongs to it.
        QuestionAsked = "question-asked",
        /// Somebody else goes on with it.
        PassedOn = "passed-on",
        /// An officer has made a polisanmälan of it in the police's own system, under the number there.
        Registered = "registered",
        /// With an outcome and why.
        Closed = "closed",
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
    /// How a copy of a file for daily use stands.
    FileCopyState {
        /// It is here, and holds no metadata.
        Made = "made",
        /// None can be made of this file.
        NotCleaned = "not-cleaned",
        /// Of a post's film, where there is no program to make one: what is shown is the film as it was sent.
        AsSent = "as-sent",
    }
    /// What is shown of a picture or a film of a post.
    Rendition {
        Full = "full",
        /// For small screens and slow networks.
        Small = "small",
        /// One picture of a film.
        Poster = "poster",
    }
    /// What a virus check said of a file.
    ScanState {
        Clean = "clean",
        Infected = "infected",
        /// There is no check here, or it could not be done.
        NotScanned = "not-scanned",
    }
    /// Why an officer opens a file as it was sent.
    OpeningReason {
        Investigation = "investigation",
        Handover = "handover",
        /// The copy does not show what matters.
        CannotSeeInCopy = "cannot-see-in-copy",
        Other = "other",
    }
    /// Why a report's bundle is taken.
    BundleReason {
        Investigation = "investigation",
        /// Another authority goes on with it.
        Authority = "authority",
        /// Somebody has asked for what the authority holds, and may have it.
        Disclosure = "disclosure",
        Other = "other",
    }
    /// The kinds of event that can be told.
    EventKind {
        Threat = "threat",
        /// A sexual image was spread, or somebody is pressed with one.
        SexualImage = "sexual-image",
        /// An adult tries to come near a child for sex.
        Grooming = "grooming",
        Fraud = "fraud",
        Hate = "hate",
        Bullying = "bullying",
        /// Somebody is drawn into crime.
        Recruitment = "recruitment",
        Drugs = "drugs",
        Violence = "violence",
        /// A party, or disorder.
        Party = "party",
        Other = "other",
    }
    /// How a question about what happened is answered.
    QuestionForm {
        /// In words, what happened: the one question that cannot be passed over.
        Account = "account",
        /// When it happened.
        Time = "time",
        /// Where it happened, in words.
        Place = "place",
        /// The municipality.
        Area = "area",
        /// Links and user names.
        Links = "links",
        Files = "files",
        /// One of its options.
        One = "one",
        /// Some of its options.
        Many = "many",
        Words = "words",
    }
    /// Why an officer searches reports by what somebody else wrote in them.
    SearchReason {
        /// Somebody is in danger.
        Danger = "danger",
        /// What is looked into now may be a part of something greater.
        SamePerson = "same-person",
        /// Another authority, or an investigator, asks.
        Asked = "asked",
        /// To answer its youth.
        FollowUp = "follow-up",
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
    /// How a poll is answered.
    PollKind {
        /// By one of its answers.
        One = "one",
        /// By some of them.
        Many = "many",
        /// By one of five steps between two ends.
        Scale = "scale",
    }
    /// What a youth would like.
    IdeaKind {
        /// That the patrol does something.
        Idea = "idea",
        /// That the patrol comes to a place on the net.
        Quarter = "quarter",
    }
    IdeaState {
        /// No officer has decided whether it is shown.
        Waiting = "waiting",
        Shown = "shown",
        NotShown = "not-shown",
        /// It says the same as another, and counts there.
        Merged = "merged",
        Answered = "answered",
    }
    /// Why an idea, or a question of a dialogue, is not shown.
    IdeaHiding {
        /// The police would rather talk with its writer.
        Talk = "talk",
        /// It tells who somebody is.
        NamesSomebody = "names-somebody",
        /// It hurts somebody, or is not meant as an idea.
        AgainstRules = "against-rules",
        /// It cannot be understood.
        NotUnderstood = "not-understood",
    }
    /// What became of an idea.
    IdeaOutcome {
        Done = "done",
        Planned = "planned",
        /// It cannot be done, and the answer says why.
        NotPossible = "not-possible",
    }
    DialogueState {
        /// Its time is told, and nobody can ask yet.
        Announced = "announced",
        Live = "live",
        /// It is over, and what was asked is still being answered.
        Ended = "ended",
        /// All that was shown is answered.
        Archived = "archived",
    }
    /// Of a question in a dialogue.
    QuestionState {
        /// No officer has decided whether it is shown.
        Waiting = "waiting",
        Shown = "shown",
        Answered = "answered",
        /// It asks the same as another, and counts there.
        Merged = "merged",
        NotShown = "not-shown",
    }
    /// Where the two officers of a dialogue sit.
    Seat {
        /// Who speaks.
        Speaker = "speaker",
        /// Who reads what is asked.
        Reader = "reader",
    }
    /// How old somebody says to be.
    AgeBand {
        Under13 = "under-13",
        From13 = "13-15",
        From16 = "16-17",
        From18 = "18-20",
    }
    /// What is told to many phones at once.
    SendingKind {
        Tip = "tip",
        /// In the place of a tip that was taken back, where that had come.
        TipRecalled = "tip-recalled",
    }
    /// How far a sending has come.
    SendingState {
        /// Its time has not come.
        Waiting = "waiting",
        Sending = "sending",
        /// All that it was for were told, or cannot be.
        Done = "done",
        /// It was taken back before all were told.
        Stopped = "stopped",
        /// It was for so few phones that one could have been told apart, and was sent to none.
        TooFew = "too-few",
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
        /// What the patrol publishes: tips, and posts that are over.
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
        Poll = "poll",
        Idea = "idea",
        Dialogue = "dialogue",
        Question = "question",
        Post = "post",
        Quarter = "quarter",
        Patrol = "patrol",
        /// What a patrol wrote down.
        LogEntry = "log-entry",
        /// A notice to a platform.
        Notice = "notice",
        Shift = "shift",
        /// What several talks are about.
        Incident = "incident",
        /// A canned reply.
        Reply = "reply",
        /// The text of what police must act on.
        Duty = "duty",
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
