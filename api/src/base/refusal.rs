//! Why something was not done. It knows no HTTP; `http::problem` gives each kind its status, title and page.

use entities::words::Timestamp;
use sea_orm::{DbErr, RuntimeErr, sqlx::Error as SqlxError};

macro_rules! kinds {
    ($($name:ident = $word:literal, $status:literal, $title:literal;)*) => {
        /// Every way in which a request can end without its effect. The word is stable: clients branch on it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Kind { $($name,)* }

        impl Kind {
            pub const ALL: &'static [Kind] = &[$(Kind::$name,)*];

            pub fn word(self) -> &'static str {
                match self { $(Kind::$name => $word,)* }
            }

            pub fn status(self) -> u16 {
                match self { $(Kind::$name => $status,)* }
            }

            pub fn title(self) -> &'static str {
                match self { $(Kind::$name => $title,)* }
            }

            /// The page behind a problem's `type`: meaning, and what an app should do.
            pub fn page(self) -> &'static str {
                match self {
                    $(Kind::$name => include_str!(concat!("../../../openapi/problems/", $word, ".md")),)*
                }
            }

            pub fn from_word(word: &str) -> Option<Kind> {
                match word { $($word => Some(Kind::$name),)* _ => None }
            }
        }
    };
}

kinds! {
    Malformed = "malformed", 400, "The request could not be read";
    UnknownActionKind = "unknown-action-kind", 422, "This server does not know this kind of action";
    UnknownActionVersion = "unknown-action-version", 422, "This server does not know this version of the action";
    TokenMissing = "token-missing", 401, "A bearer token is needed";
    TokenInvalid = "token-invalid", 401, "The bearer token is not valid";
    TokenExpired = "token-expired", 401, "The bearer token has expired";
    SessionEnded = "session-ended", 401, "This device is signed out";
    CapabilityEnded = "capability-ended", 401, "This phone may not deliver without a session";
    TouchNeeded = "touch-needed", 403, "A touch of the passkey is needed first";
    RoleRefused = "role-refused", 403, "This role may not do this";
    OriginRefused = "origin-refused", 403, "The request came from a foreign page";
    DemoOnly = "demo-only", 403, "Only a demo can do this";
    CodeWrong = "code-wrong", 403, "No talk opens with this code";
    PasskeyRefused = "passkey-refused", 403, "The passkey was not accepted";
    WordWrong = "word-wrong", 403, "The word is not right";
    LinkExpired = "link-expired", 403, "The link has expired";
    FileWithheld = "file-withheld", 403, "The file is withheld";
    FileInfected = "file-infected", 403, "The file holds a virus";
    Muted = "muted", 403, "This account may not write for some hours";
    Blocked = "blocked", 403, "This account may not write for some days";
    VoteFirst = "vote-first", 403, "The counts are shown to those who have voted";
    NotFound = "not-found", 404, "Nothing is here";
    MethodNotAllowed = "method-not-allowed", 405, "This method is not known here";
    Conflict = "conflict", 409, "Something else stands here already";
    ActionIdReused = "action-id-reused", 409, "This action id was used for something else";
    RegistrationConflict = "registration-conflict", 409, "This device is registered with another secret";
    RevisionConflict = "revision-conflict", 409, "It has changed since it was read";
    ConversationClosed = "conversation-closed", 409, "The talk is closed";
    ReportClosed = "report-closed", 409, "The report is closed";
    AnswersUnfit = "answers-unfit", 422, "The answers do not answer the questions";
    ConversationTaken = "conversation-taken", 409, "Another officer holds the talk";
    ConversationNotHeld = "conversation-not-held", 409, "Take the talk before answering";
    HandoverRed = "handover-red", 409, "A card to this receiver waits to be acknowledged";
    HandoverReplaced = "handover-replaced", 409, "A newer card has taken its place";
    HandoverAcknowledged = "handover-acknowledged", 409, "The card was acknowledged already";
    HandoverNotAcknowledged = "handover-not-acknowledged", 409, "Nobody has acknowledged the card yet";
    LocationAsked = "location-asked", 409, "A question for the place is open already";
    LocationAnswered = "location-answered", 409, "This question was answered already";
    ReasonNeeded = "reason-needed", 409, "Say why first";
    ColleagueNotOut = "colleague-not-out", 409, "Nobody with this number is on a shift";
    TalksHeld = "talks-held", 409, "Say first what becomes of each open talk";
    ShiftNeeded = "shift-needed", 409, "Start a shift first";
    AccountNeeded = "account-needed", 409, "The patrol has no public account there";
    OwnAccount = "own-account", 409, "That is your own account";
    NumberTaken = "number-taken", 409, "The number stands already";
    ColleagueAway = "colleague-away", 409, "That colleague is not on a shift";
    DialogueNotOpen = "dialogue-not-open", 409, "Nobody can ask in this dialogue now";
    SeatNeeded = "seat-needed", 409, "Take a seat in the dialogue first";
    QuestionsUnanswered = "questions-unanswered", 409, "A question is not answered";
    PollClosed = "poll-closed", 409, "The poll is over";
    VotedAlready = "voted-already", 409, "This device has voted already";
    TipsTooMany = "tips-too-many", 409, "Two tips on this topic come that week already";
    RoomUsed = "room-used", 409, "Somebody else came in by this invite";
    Held = "held", 409, "It is held until a day";
    FileUnchecked = "file-unchecked", 409, "The file is still being looked at";
    FileNotCleaned = "file-not-cleaned", 409, "There is no cleaned copy of the file";
    FileOffset = "file-offset", 409, "The file goes on at another offset";
    EnvelopeMismatch = "envelope-mismatch", 409, "The envelope names another account or device";
    Erased = "erased", 410, "It was erased";
    RoomLate = "room-late", 410, "The invite is over";
    RoomClosed = "room-closed", 410, "The invite was closed";
    CopyEnded = "copy-ended", 410, "The copy was fetched or has expired";
    InviteUsed = "invite-used", 410, "The invite link was used or has expired";
    TooLarge = "too-large", 413, "The request is too large";
    UnsupportedMedia = "unsupported-media", 415, "This media type is not read here";
    RangeRefused = "range-refused", 416, "The file has no such bytes";
    OutcomeNeeded = "outcome-needed", 422, "Say how the talk ended";
    TextEmpty = "text-empty", 422, "The text is empty";
    TextTooLong = "text-too-long", 422, "The text is too long";
    FileMismatch = "file-mismatch", 422, "The bytes are not the announced file";
    FileTypeRefused = "file-type-refused", 422, "This type of file is not taken";
    FileLocked = "file-locked", 422, "The file is locked";
    CaptionsRefused = "captions-refused", 422, "The captions are no WebVTT of plain words";
    FileMetadata = "file-metadata", 422, "The picture says more than it shows";
    EndpointRefused = "endpoint-refused", 422, "This push address is not taken";
    ProofWrong = "proof-wrong", 422, "This does not answer the test alarm";
    ParcelRefused = "parcel-refused", 422, "The parcel cannot be opened";
    DependencyRefused = "dependency-refused", 424, "An action that this one needs was refused";
    PuzzleNeeded = "puzzle-needed", 428, "A fresh puzzle must be solved first";
    PuzzleWrong = "puzzle-wrong", 428, "The puzzle's answer is not right";
    SlowDown = "slow-down", 429, "Wait before the next question";
    RateLimited = "rate-limited", 429, "Too many requests";
    Damaged = "damaged", 500, "It is damaged and does not open any more";
    Internal = "internal", 500, "Something went wrong on our side";
    Unavailable = "unavailable", 503, "Not available at the moment";
}

/// Which field was not right. `kind` is one of: `missing`, `unknown`, `invalid`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub field: String,
    pub kind: &'static str,
}

#[derive(Clone, Debug)]
pub struct Refusal {
    pub kind: Kind,
    /// For a developer's eye; never what a person wrote.
    pub detail: Option<String>,
    pub fields: Vec<Field>,
    pub puzzle_bits: Option<u32>,
    pub tries_left: Option<u32>,
    pub offset: Option<i64>,
    /// When it ends by itself.
    pub until: Option<Timestamp>,
    pub retry_after_ms: Option<u64>,
    /// The inner cause of a fault: logged once at the boundary, never sent.
    pub cause: Option<String>,
}

impl Refusal {
    /// Of a field that says what cannot be.
    pub fn invalid(field: &str) -> Self {
        Self { fields: vec![Field { field: field.to_owned(), kind: "invalid" }], ..Kind::Malformed.into() }
    }

    pub fn of(kind: Kind) -> Self {
        Self {
            kind,
            detail: None,
            fields: Vec::new(),
            puzzle_bits: None,
            tries_left: None,
            offset: None,
            until: None,
            retry_after_ms: None,
            cause: None,
        }
    }

    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// A fault of ours: the caller learns nothing but that it was ours.
    pub fn fault(cause: impl std::fmt::Display) -> Self {
        Self { cause: Some(cause.to_string()), ..Self::of(Kind::Internal) }
    }

    pub fn unavailable(cause: impl std::fmt::Display) -> Self {
        Self { cause: Some(cause.to_string()), retry_after_ms: Some(2_000), ..Self::of(Kind::Unavailable) }
    }
}

impl From<Kind> for Refusal {
    fn from(kind: Kind) -> Self {
        Self::of(kind)
    }
}

impl From<DbErr> for Refusal {
    fn from(error: DbErr) -> Self {
        if out_of_reach(&error) || contended(&error) { Self::unavailable(error) } else { Self::fault(error) }
    }
}

/// What the driver says, where it is the driver that says it.
fn driver(error: &DbErr) -> Option<&SqlxError> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => Some(error),
        _ => None,
    }
}

/// Whether the database is gone or its connections are all taken: nothing else that is tried now fares better.
pub fn out_of_reach(error: &DbErr) -> bool {
    if matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) {
        return true;
    }
    match driver(error) {
        Some(SqlxError::Io(_) | SqlxError::Tls(_) | SqlxError::PoolTimedOut) => true,
        Some(SqlxError::PoolClosed | SqlxError::WorkerCrashed) => true,
        // PostgreSQL's classes for a lost connection, too many of them, and a server that stops or starts.
        Some(SqlxError::Database(error)) => error
            .code()
            .is_some_and(|code| code.len() == 5 && ["08", "53", "57P"].iter().any(|class| code.starts_with(class))),
        _ => false,
    }
}

/// Whether another transaction was in the way: serialisation, deadlock and lock not available on PostgreSQL; busy, locked
/// and their extended codes on SQLite.
fn contended(error: &DbErr) -> bool {
    let Some(SqlxError::Database(error)) = driver(error) else { return false };
    error.code().is_some_and(|code| match code.len() {
        5 => ["40001", "40P01", "55P03"].contains(&&*code),
        _ => code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6)),
    })
}
