//! The kinds of action. A new kind is one variant, its arms here and one in `group::apply`; the compiler asks for them.

use std::borrow::Cow;

use entities::words::{ActionId, AuditSubject, DeviceId, OutcomeCode, Sealed};
use poem_openapi::types::{ParseFromJSON, ToJSON};
use serde_json::Value;
use uuid::Uuid;

use super::model::ActionEnvelope;
use crate::{
    base::{
        actions::{Act, Who},
        refusal::{Kind, Refusal},
        vault::NewKey,
    },
    care::MarkHard,
    chat::{
        self, AnswerSurvey, AskConversationErasure, ClaimConversation, CloseConversation, KnockedClaim,
        LowerConversation, RaiseConversation, ReadConversation, SealedLowering, SealedMessage, SealedTaking,
        SendMessage, StepAway, TakeConversation,
    },
    deps::Deps,
    dialogues::{
        self, AnnounceDialogue, AnswerQuestion, ArchiveDialogue, AssignQuestion, ChangeDialogue, EndDialogue,
        HideQuestion, MergeQuestion, MuteAsker, OpenDialogue, PinDialogue, PlacedFilm, PlacedQuestion, ReadyChange,
        ReadyDialogue, ReadyFilm, SealedQuestion, SeatDialogue, ShowQuestion, SlowDialogue, TakeQuestionBack,
    },
    duty::{self, RecordDuty, SealedDuty},
    files::WithholdFile,
    handovers::{
        self, AcknowledgeHandover, AnswerHandover, AnswerLocation, AskLocation, MakeHandover, SealedAcknowledgement,
        SealedAnswer, SealedHandover, SealedLocation,
    },
    http::fallback::malformed,
    ideas::{
        self, AnswerIdea, HideIdea, KeyedIdeaTalk, LocateIdea, MergeIdea, OpenIdeaTalk, PlacedIdea, SealedIdea,
        ShowIdea, TakeIdeaBack,
    },
    incidents::{self, JoinIncident, LeaveIncident, SealedJoining},
    mutes::{self, EndMute, MuteAccount, SealedMute},
    patrols::{
        self, AnswerNotice, CancelPatrol, CountOnPatrol, MarkPatrol, Placed, PlanPatrol, ReflectOnPatrol, SealedEntry,
        SealedReflection, SendNotice, TakeLogEntryBack, TurnLogEntry, VisitQuarter, WriteLog,
    },
    polls::{self, ClosePoll, PublishPoll, ReadyPoll},
    posts::{self, CorrectPost, PlacedPost, ReadyCorrection, ReadyPost, WithdrawPost},
    quarters::{AnswerTestAlarm, AskTestAlarm, EndShift, StartShift},
    reports::{
        self, AskReportErasure, CloseReport, Handling, IntroduceYouth, JoinReport, KeyedTalk, LeaveReport,
        OpenReportTalk, PassReportOn, ReadReport, RegisterReport, SealedClosing, SealedReport, SubmitReport,
    },
    tips::{self, PublishTip, RecallTip},
    work::{
        self, GiveConversationBack, PassConversation, ReadNotes, SealedGivingBack, SealedNote, SealedPass, WriteNote,
    },
};

/// A command that is read, and whose words are not sealed yet.
pub enum Given {
    MessageSend(SendMessage),
    ConversationClaim(ClaimConversation),
    ConversationTake(TakeConversation),
    ConversationClose(CloseConversation),
    ConversationRead(ReadConversation),
    ConversationAskErasure(AskConversationErasure),
    ConversationRaise(RaiseConversation),
    ConversationLower(LowerConversation),
    ConversationStepAway(StepAway),
    ConversationSurvey(AnswerSurvey),
    ConversationPass(PassConversation),
    ConversationGiveBack(GiveConversationBack),
    NoteWrite(WriteNote),
    NotesRead(ReadNotes),
    HandoverMake(MakeHandover),
    HandoverAcknowledge(AcknowledgeHandover),
    HandoverAnswer(AnswerHandover),
    LocationAsk(AskLocation),
    LocationAnswer(AnswerLocation),
    IncidentJoin(JoinIncident),
    IncidentLeave(LeaveIncident),
    DutyRecord(RecordDuty),
    CaseHard(MarkHard),
    AccountMute(MuteAccount),
    MuteEnd(EndMute),
    ShiftStart(StartShift),
    ShiftEnd(EndShift),
    ShiftAnswerAlarm(AnswerTestAlarm),
    ShiftAskAlarm(AskTestAlarm),
    ReportSubmit(SubmitReport),
    ReportRead(ReadReport),
    ReportAskErasure(AskReportErasure),
    ReportOpenTalk(OpenReportTalk),
    ReportPassOn(PassReportOn),
    ReportRegister(RegisterReport),
    ReportClose(CloseReport),
    ReportIntroduce(IntroduceYouth),
    ReportJoin(JoinReport),
    ReportLeave(LeaveReport),
    TipPublish(PublishTip),
    TipRecall(RecallTip),
    PollPublish(PublishPoll),
    PollClose(ClosePoll),
    IdeaSend(PlacedIdea),
    IdeaTakeBack(TakeIdeaBack),
    IdeaShow(ShowIdea),
    IdeaHide(HideIdea),
    IdeaMerge(MergeIdea),
    IdeaAnswer(AnswerIdea),
    IdeaLocate(LocateIdea),
    IdeaOpenTalk(OpenIdeaTalk),
    DialogueAnnounce(AnnounceDialogue),
    DialogueChange(ChangeDialogue),
    DialogueOpen(OpenDialogue),
    DialogueEnd(EndDialogue),
    DialogueArchive(ArchiveDialogue),
    DialogueSeat(SeatDialogue),
    DialoguePin(PinDialogue),
    DialogueSlow(SlowDialogue),
    DialogueFilm(PlacedFilm),
    QuestionAsk(PlacedQuestion),
    QuestionTakeBack(TakeQuestionBack),
    QuestionShow(ShowQuestion),
    QuestionHide(HideQuestion),
    QuestionMerge(MergeQuestion),
    QuestionAssign(AssignQuestion),
    QuestionAnswer(AnswerQuestion),
    QuestionMute(MuteAsker),
    PostPublish(PlacedPost),
    PostCorrect(CorrectPost),
    PostWithdraw(WithdrawPost),
    PatrolPlan(PlanPatrol),
    PatrolCancel(CancelPatrol),
    PatrolMark(MarkPatrol),
    PatrolVisit(VisitQuarter),
    PatrolCount(CountOnPatrol),
    PatrolReflect(Placed<ReflectOnPatrol>),
    LogWrite(Placed<WriteLog>),
    LogTurn(TurnLogEntry),
    LogTakeBack(TakeLogEntryBack),
    NoticeSend(SendNotice),
    NoticeAnswer(AnswerNotice),
    FileWithhold(WithholdFile),
}

/// A command that is read, checked and sealed.
#[derive(Clone, Debug)]
pub enum Command {
    MessageSend(SealedMessage),
    ConversationClaim(KnockedClaim),
    ConversationTake(SealedTaking),
    ConversationClose(CloseConversation),
    ConversationRead(ReadConversation),
    ConversationAskErasure(AskConversationErasure),
    ConversationRaise(RaiseConversation),
    ConversationLower(SealedLowering),
    ConversationStepAway(StepAway),
    ConversationSurvey(AnswerSurvey),
    ConversationPass(SealedPass),
    ConversationGiveBack(SealedGivingBack),
    NoteWrite(SealedNote),
    NotesRead(ReadNotes),
    HandoverMake(SealedHandover),
    HandoverAcknowledge(SealedAcknowledgement),
    HandoverAnswer(SealedAnswer),
    LocationAsk(AskLocation),
    LocationAnswer(SealedLocation),
    IncidentJoin(SealedJoining),
    IncidentLeave(LeaveIncident),
    DutyRecord(SealedDuty),
    CaseHard(MarkHard),
    AccountMute(SealedMute),
    MuteEnd(EndMute),
    ShiftStart(StartShift),
    ShiftEnd(EndShift),
    ShiftAnswerAlarm(AnswerTestAlarm),
    ShiftAskAlarm(AskTestAlarm),
    ReportSubmit(SealedReport),
    ReportRead(ReadReport),
    ReportAskErasure(AskReportErasure),
    ReportOpenTalk(KeyedTalk),
    ReportPassOn(Handling<Sealed>),
    ReportRegister(Handling<Sealed>),
    ReportClose(Handling<SealedClosing>),
    ReportIntroduce(Handling<Sealed>),
    ReportJoin(Handling<reports::SealedJoining>),
    ReportLeave(LeaveReport),
    TipPublish(PublishTip),
    TipRecall(RecallTip),
    PollPublish(ReadyPoll),
    PollClose(ClosePoll),
    IdeaSend(SealedIdea),
    IdeaTakeBack(TakeIdeaBack),
    IdeaShow(ShowIdea),
    IdeaHide(HideIdea),
    IdeaMerge(MergeIdea),
    IdeaAnswer(AnswerIdea),
    IdeaLocate(LocateIdea),
    IdeaOpenTalk(KeyedIdeaTalk),
    DialogueAnnounce(ReadyDialogue),
    DialogueChange(ReadyChange),
    DialogueOpen(OpenDialogue),
    DialogueEnd(EndDialogue),
    DialogueArchive(ArchiveDialogue),
    DialogueSeat(SeatDialogue),
    DialoguePin(PinDialogue),
    DialogueSlow(SlowDialogue),
    DialogueFilm(ReadyFilm),
    QuestionAsk(SealedQuestion),
    QuestionTakeBack(TakeQuestionBack),
    QuestionShow(ShowQuestion),
    QuestionHide(HideQuestion),
    QuestionMerge(MergeQuestion),
    QuestionAssign(AssignQuestion),
    QuestionAnswer(AnswerQuestion),
    QuestionMute(MuteAsker),
    PostPublish(ReadyPost),
    PostCorrect(ReadyCorrection),
    PostWithdraw(WithdrawPost),
    PatrolPlan(PlanPatrol),
    PatrolCancel(CancelPatrol),
    PatrolMark(MarkPatrol),
    PatrolVisit(VisitQuarter),
    PatrolCount(CountOnPatrol),
    PatrolReflect(SealedReflection),
    LogWrite(SealedEntry),
    LogTurn(TurnLogEntry),
    LogTakeBack(TakeLogEntryBack),
    NoticeSend(SendNotice),
    NoticeAnswer(AnswerNotice),
    FileWithhold(WithholdFile),
}

/// Every kind, with the lowest and the newest version that is taken.
pub const KINDS: &[(&str, u32, u32)] = &[
    // The second may hold answers to the questions of danger, the third the link that was followed, the fourth files: a program
    // that does not know them keeps it for one that does.
    ("message-send", 1, 4),
    ("conversation-claim", 1, 1),
    // The second may say why it is taken over.
    ("conversation-take", 1, 2),
    // The second says how it ended.
    ("conversation-close", 1, 2),
    ("conversation-read", 1, 1),
    ("conversation-ask-erasure", 1, 1),
    ("conversation-raise", 1, 1),
    ("conversation-lower", 1, 1),
    ("conversation-step-away", 1, 1),
    ("conversation-survey", 1, 1),
    ("conversation-pass", 1, 1),
    ("conversation-give-back", 1, 1),
    ("note-write", 1, 1),
    ("notes-read", 1, 1),
    ("handover-make", 1, 1),
    ("handover-acknowledge", 1, 1),
    ("handover-answer", 1, 1),
    ("location-ask", 1, 1),
    ("location-answer", 1, 1),
    ("incident-join", 1, 1),
    ("incident-leave", 1, 1),
    ("duty-record", 1, 1),
    ("case-hard", 1, 1),
    ("account-mute", 1, 1),
    ("mute-end", 1, 1),
    ("shift-start", 1, 1),
    // The second says what becomes of the talks in hand.
    ("shift-end", 1, 2),
    ("shift-answer-alarm", 1, 1),
    ("shift-ask-alarm", 1, 1),
    // The second may answer questions, name links and an area, and be made from a talk.
    ("report-submit", 1, 2),
    ("report-read", 1, 1),
    ("report-ask-erasure", 1, 1),
    ("report-open-talk", 1, 1),
    ("report-pass-on", 1, 1),
    ("report-register", 1, 1),
    ("report-close", 1, 1),
    ("report-introduce", 1, 1),
    ("report-join", 1, 1),
    ("report-leave", 1, 1),
    // The second may be for several places, ages and languages, in more than Swedish, later, and for a while.
    ("tip-publish", 1, 2),
    ("tip-recall", 1, 1),
    ("poll-publish", 1, 1),
    ("poll-close", 1, 1),
    ("idea-send", 1, 1),
    ("idea-take-back", 1, 1),
    ("idea-show", 1, 1),
    ("idea-hide", 1, 1),
    ("idea-merge", 1, 1),
    ("idea-answer", 1, 1),
    ("idea-locate", 1, 1),
    ("idea-open-talk", 1, 1),
    ("dialogue-announce", 1, 1),
    ("dialogue-change", 1, 1),
    ("dialogue-open", 1, 1),
    ("dialogue-end", 1, 1),
    ("dialogue-archive", 1, 1),
    ("dialogue-seat", 1, 1),
    ("dialogue-pin", 1, 1),
    ("dialogue-slow", 1, 1),
    ("dialogue-film", 1, 1),
    ("question-ask", 1, 1),
    ("question-take-back", 1, 1),
    ("question-show", 1, 1),
    ("question-hide", 1, 1),
    ("question-merge", 1, 1),
    ("question-assign", 1, 1),
    ("question-answer", 1, 1),
    ("question-mute", 1, 1),
    ("post-publish", 1, 1),
    ("post-correct", 1, 1),
    ("post-withdraw", 1, 1),
    ("patrol-plan", 1, 1),
    ("patrol-cancel", 1, 1),
    ("patrol-mark", 1, 1),
    ("patrol-visit", 1, 1),
    ("patrol-count", 1, 1),
    ("patrol-reflect", 1, 1),
    ("log-write", 1, 1),
    ("log-turn", 1, 1),
    ("log-take-back", 1, 1),
    ("notice-send", 1, 1),
    ("notice-answer", 1, 1),
    ("file-withhold", 1, 1),
];

impl Command {
    /// A key that is stored with what the command leaves.
    pub fn new_key(&self) -> Option<&NewKey> {
        match self {
            Self::MessageSend(command) => command.new_key.as_ref(),
            Self::ReportSubmit(command) => command.new_key.as_ref(),
            Self::ReportOpenTalk(command) => command.new_key.as_ref(),
            Self::IdeaSend(command) => Some(&command.new_key),
            Self::IdeaOpenTalk(command) => command.new_key.as_ref(),
            Self::QuestionAsk(command) => Some(&command.new_key),
            Self::DialogueFilm(command) => command.new_key(),
            Self::PostPublish(command) => command.new_key.as_ref(),
            Self::PatrolReflect(command) => command.new_key.as_ref(),
            Self::LogWrite(command) => command.new_key.as_ref(),
            _ => None,
        }
    }

    /// What the audit log says beside its kind.
    pub fn detail(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::ConversationClose(command) => command.outcome.map(OutcomeCode::word).map(Cow::from),
            Self::ReportClose(command) => Some(command.with.outcome.word().into()),
            Self::AccountMute(SealedMute { kind, hours, reason, .. }) => {
                Some(format!("{} {hours} {}", kind.word(), reason.word()).into())
            }
            _ => None,
        }
    }

    /// What it changes, as the audit log names it.
    pub fn subject(&self) -> (AuditSubject, Uuid) {
        match self {
            Self::MessageSend(command) => (AuditSubject::Conversation, command.conversation_id.0),
            Self::ConversationClaim(command) => (AuditSubject::Conversation, command.conversation_id.0),
            Self::ConversationTake(command) => (AuditSubject::Conversation, command.conversation_id.0),
            Self::ConversationClose(command) => (AuditSubject::Conversation, command.conversation_id.0),
            Self::ConversationRead(command) => (AuditSubject::Conversation, command.conversation_id.0),
            Self::ConversationAskErasure(command) => (AuditSubject::Conversation, command.conversation_id.0),
            Self::ConversationRaise(command) => (AuditSubject::Conversation, command.conversation_id.0),
            Self::ConversationLower(command) => (AuditSubject::Conversation, command.conversation_id.0),
            Self::ConversationStepAway(command) => (AuditSubject::Conversation, command.conversation_id.0),
            Self::ConversationSurvey(command) => (AuditSubject::Conversation, command.conversation_id.0),
            Self::ConversationPass(command) => (AuditSubject::Conversation, command.conversation_id.0),
            Self::ConversationGiveBack(command) => (AuditSubject::Conversation, command.conversation_id.0),
            Self::NoteWrite(command) => (AuditSubject::Conversation, command.conversation_id.0),
            Self::NotesRead(command) => (AuditSubject::Conversation, command.conversation_id.0),
            Self::HandoverMake(command) => (AuditSubject::Conversation, command.conversation_id.0),
            Self::HandoverAcknowledge(command) => (AuditSubject::Conversation, command.conversation_id.0),
            Self::HandoverAnswer(command) => (AuditSubject::Conversation, command.conversation_id.0),
            Self::LocationAsk(command) => (AuditSubject::Conversation, command.conversation_id.0),
            Self::LocationAnswer(command) => (AuditSubject::Conversation, command.conversation_id.0),
            Self::IncidentJoin(command) => (AuditSubject::Conversation, command.conversation_id.0),
            Self::IncidentLeave(command) => (AuditSubject::Conversation, command.conversation_id.0),
            Self::DutyRecord(command) => (AuditSubject::Conversation, command.conversation_id.0),
            Self::CaseHard(command) => (AuditSubject::Conversation, command.conversation_id.0),
            Self::AccountMute(command) => (AuditSubject::Conversation, command.conversation_id.0),
            Self::MuteEnd(command) => (AuditSubject::Conversation, command.conversation_id.0),
            Self::ShiftStart(command) => (AuditSubject::Shift, command.shift_id.0),
            Self::ShiftEnd(command) => (AuditSubject::Shift, command.shift_id.0),
            Self::ShiftAnswerAlarm(command) => (AuditSubject::Shift, command.shift_id.0),
            Self::ShiftAskAlarm(command) => (AuditSubject::Shift, command.shift_id.0),
            Self::ReportSubmit(command) => (AuditSubject::Report, command.report_id.0),
            Self::ReportRead(command) => (AuditSubject::Report, command.report_id.0),
            Self::ReportAskErasure(command) => (AuditSubject::Report, command.report_id.0),
            Self::ReportOpenTalk(command) => (AuditSubject::Report, command.command.report_id.0),
            Self::ReportPassOn(command) => (AuditSubject::Report, command.report_id.0),
            Self::ReportRegister(command) => (AuditSubject::Report, command.report_id.0),
            Self::ReportClose(command) => (AuditSubject::Report, command.report_id.0),
            Self::ReportIntroduce(command) => (AuditSubject::Report, command.report_id.0),
            Self::ReportJoin(command) => (AuditSubject::Report, command.report_id.0),
            Self::ReportLeave(command) => (AuditSubject::Report, command.report_id.0),
            Self::TipPublish(command) => (AuditSubject::Tip, command.tip_id.0),
            Self::TipRecall(command) => (AuditSubject::Tip, command.tip_id.0),
            Self::PollPublish(command) => (AuditSubject::Poll, command.poll_id.0),
            Self::PollClose(command) => (AuditSubject::Poll, command.poll_id.0),
            Self::IdeaSend(command) => (AuditSubject::Idea, command.idea_id.0),
            Self::IdeaTakeBack(command) => (AuditSubject::Idea, command.idea_id.0),
            Self::IdeaShow(command) => (AuditSubject::Idea, command.idea_id.0),
            Self::IdeaHide(command) => (AuditSubject::Idea, command.idea_id.0),
            Self::IdeaMerge(command) => (AuditSubject::Idea, command.idea_id.0),
            Self::IdeaAnswer(command) => (AuditSubject::Idea, command.idea_id.0),
            Self::IdeaLocate(command) => (AuditSubject::Idea, command.idea_id.0),
            Self::IdeaOpenTalk(command) => (AuditSubject::Idea, command.command.idea_id.0),
            Self::DialogueAnnounce(command) => (AuditSubject::Dialogue, command.dialogue_id.0),
            Self::DialogueChange(command) => (AuditSubject::Dialogue, command.dialogue_id.0),
            Self::DialogueOpen(command) => (AuditSubject::Dialogue, command.dialogue_id.0),
            Self::DialogueEnd(command) => (AuditSubject::Dialogue, command.dialogue_id.0),
            Self::DialogueArchive(command) => (AuditSubject::Dialogue, command.dialogue_id.0),
            Self::DialogueSeat(command) => (AuditSubject::Dialogue, command.dialogue_id.0),
            Self::DialoguePin(command) => (AuditSubject::Dialogue, command.dialogue_id.0),
            Self::DialogueSlow(command) => (AuditSubject::Dialogue, command.dialogue_id.0),
            Self::DialogueFilm(command) => (AuditSubject::Dialogue, command.dialogue_id.0),
            Self::QuestionAsk(command) => (AuditSubject::Question, command.question_id.0),
            Self::QuestionTakeBack(command) => (AuditSubject::Question, command.question_id.0),
            Self::QuestionShow(command) => (AuditSubject::Question, command.question_id.0),
            Self::QuestionHide(command) => (AuditSubject::Question, command.question_id.0),
            Self::QuestionMerge(command) => (AuditSubject::Question, command.question_id.0),
            Self::QuestionAssign(command) => (AuditSubject::Question, command.question_id.0),
            Self::QuestionAnswer(command) => (AuditSubject::Question, command.question_id.0),
            Self::QuestionMute(command) => (AuditSubject::Question, command.question_id.0),
            Self::PostPublish(command) => (AuditSubject::Post, command.post_id.0),
            Self::PostCorrect(command) => (AuditSubject::Post, command.post_id.0),
            Self::PostWithdraw(command) => (AuditSubject::Post, command.post_id.0),
            Self::PatrolPlan(command) => (AuditSubject::Patrol, command.patrol_id.0),
            Self::PatrolCancel(command) => (AuditSubject::Patrol, command.patrol_id.0),
            Self::PatrolMark(command) => (AuditSubject::Patrol, command.patrol_id.0),
            Self::PatrolVisit(command) => (AuditSubject::Patrol, command.patrol_id.0),
            Self::PatrolCount(command) => (AuditSubject::Patrol, command.patrol_id.0),
            Self::PatrolReflect(command) => (AuditSubject::Patrol, command.patrol_id.0),
            Self::LogWrite(command) => (AuditSubject::LogEntry, command.entry_id.0),
            Self::LogTurn(command) => (AuditSubject::LogEntry, command.entry_id.0),
            Self::LogTakeBack(command) => (AuditSubject::LogEntry, command.entry_id.0),
            Self::NoticeSend(command) => (AuditSubject::Notice, command.notice_id.0),
            Self::NoticeAnswer(command) => (AuditSubject::Notice, command.notice_id.0),
            Self::FileWithhold(command) => (AuditSubject::File, command.file_id.0),
        }
    }
}

/// An action whose form is known.
pub struct Draft {
    envelope: ActionEnvelope,
    command: Given,
    body_mac: Vec<u8>,
}

impl Draft {
    pub fn action_id(&self) -> ActionId {
        self.envelope.action_id
    }

    /// What must have been applied before.
    pub fn after(&self) -> &[ActionId] {
        &self.envelope.after
    }

    /// The talk, report, post or film under whose key its words or files go.
    fn content_id(&self) -> Option<Uuid> {
        match &self.command {
            Given::MessageSend(command) => Some(command.conversation_id.0),
            // It may begin a talk, in which something else is sealed before any message.
            Given::ConversationClaim(command) => Some(command.conversation_id.0),
            Given::ConversationLower(command) => Some(command.conversation_id.0),
            Given::ConversationTake(command) => command.why.as_ref().map(|_| command.conversation_id.0),
            Given::ConversationPass(command) => command.note.as_ref().map(|_| command.conversation_id.0),
            Given::ConversationGiveBack(command) => command.note.as_ref().map(|_| command.conversation_id.0),
            Given::NoteWrite(command) => Some(command.conversation_id.0),
            Given::HandoverMake(command) => Some(command.conversation_id.0),
            Given::HandoverAcknowledge(command) => Some(command.conversation_id.0),
            Given::HandoverAnswer(command) => Some(command.conversation_id.0),
            Given::LocationAnswer(command) => Some(command.conversation_id.0),
            Given::IncidentJoin(command) => Some(command.conversation_id.0),
            Given::DutyRecord(command) => Some(command.conversation_id.0),
            Given::AccountMute(command) => command.note.as_ref().map(|_| command.conversation_id.0),
            Given::ReportSubmit(command) => Some(command.report_id.0),
            Given::ReportOpenTalk(command) => Some(command.conversation_id.0),
            Given::ReportPassOn(command) => Some(command.report_id.0),
            Given::ReportRegister(command) => Some(command.report_id.0),
            Given::ReportClose(command) => Some(command.report_id.0),
            Given::ReportIntroduce(command) => Some(command.report_id.0),
            Given::ReportJoin(command) => Some(command.report_id.0),
            Given::IdeaSend(placed) => Some(placed.content_id),
            Given::IdeaOpenTalk(command) => Some(command.conversation_id.0),
            Given::QuestionAsk(placed) => Some(placed.content_id),
            Given::DialogueFilm(placed) => placed.content_id,
            Given::PatrolReflect(placed) => Some(placed.content_id),
            Given::LogWrite(placed) => placed.command.text.as_ref().map(|_| placed.content_id),
            Given::PostPublish(placed) => (!placed.command.files.is_empty()).then_some(placed.content_id),
            _ => None,
        }
    }
}

/// An action ready for the writer: what a rule already refused travels along, to be stored as refused.
#[derive(Clone, Debug)]
pub struct Ready {
    pub act: Act<Result<Command, Refusal>>,
    pub lane: String,
    pub kind: String,
    pub after: Vec<ActionId>,
    pub body_mac: Vec<u8>,
}

/// Whether a sender may send a kind of action.
pub type Takes = fn(&str) -> bool;

/// For whom it is the action's own rules that say what may be done.
pub const ANY: Takes = |_| true;

/// Reads an envelope. What comes back as an error is never stored: its form, kind or version is not known here.
pub fn prepare(deps: &Deps, takes: Takes, raw: Value) -> Result<Draft, (Option<ActionId>, Refusal)> {
    let action_id = raw.get("action_id").and_then(Value::as_str).and_then(|text| text.parse().ok());
    let envelope = read::<ActionEnvelope>(raw).map_err(|refusal| (action_id, refusal))?;
    let refuse = |refusal: Refusal| (Some(envelope.action_id), refusal);
    if !takes(&envelope.kind) {
        return Err(refuse(Kind::RoleRefused.into()));
    }
    let (_, lowest, newest) = KINDS
        .iter()
        .find(|(kind, ..)| *kind == &*envelope.kind)
        .ok_or_else(|| refuse(Kind::UnknownActionKind.into()))?;
    if !(*lowest..=*newest).contains(&envelope.v) {
        return Err(refuse(Kind::UnknownActionVersion.into()));
    }

    let body = &envelope.body.0;
    // A canonical form, so that the same body with its fields in another order is the same action.
    let canonical = serde_jcs::to_vec(body).map_err(|_| refuse(Kind::Malformed.into()))?;
    let version = envelope.v.to_be_bytes();
    let body_mac = deps.keys.receipt_mac(&[envelope.kind.as_bytes(), &version, &canonical]).to_vec();

    let body = body.clone();
    let command = match &*envelope.kind {
        "message-send" => read(body).and_then(chat::well_formed).map(Given::MessageSend),
        "conversation-claim" => read(body).map(Given::ConversationClaim),
        "conversation-take" => read(body).map(Given::ConversationTake),
        "conversation-close" => read(body).map(Given::ConversationClose),
        "conversation-read" => read(body).map(Given::ConversationRead),
        "conversation-ask-erasure" => read(body).map(Given::ConversationAskErasure),
        "conversation-raise" => read(body).map(Given::ConversationRaise),
        "conversation-lower" => read(body).map(Given::ConversationLower),
        "conversation-step-away" => read(body).map(Given::ConversationStepAway),
        "conversation-survey" => read(body).map(Given::ConversationSurvey),
        "conversation-pass" => read(body).map(Given::ConversationPass),
        "conversation-give-back" => read(body).map(Given::ConversationGiveBack),
        "note-write" => read(body).map(Given::NoteWrite),
        "notes-read" => read(body).map(Given::NotesRead),
        "handover-make" => read(body).map(Given::HandoverMake),
        "handover-acknowledge" => read(body).map(Given::HandoverAcknowledge),
        "handover-answer" => read(body).map(Given::HandoverAnswer),
        "location-ask" => read(body).map(Given::LocationAsk),
        "location-answer" => read(body).map(Given::LocationAnswer),
        "incident-join" => read(body).map(Given::IncidentJoin),
        "incident-leave" => read(body).map(Given::IncidentLeave),
        "duty-record" => read(body).map(Given::DutyRecord),
        "case-hard" => read(body).map(Given::CaseHard),
        "account-mute" => read(body).map(Given::AccountMute),
        "mute-end" => read(body).map(Given::MuteEnd),
        "shift-start" => read(body).map(Given::ShiftStart),
        "shift-end" => read(body).map(Given::ShiftEnd),
        "shift-answer-alarm" => read(body).map(Given::ShiftAnswerAlarm),
        "shift-ask-alarm" => read(body).map(Given::ShiftAskAlarm),
        "report-submit" => read(body).and_then(reports::well_formed).map(Given::ReportSubmit),
        "report-read" => read(body).map(Given::ReportRead),
        "report-ask-erasure" => read(body).map(Given::ReportAskErasure),
        "report-open-talk" => read(body).map(Given::ReportOpenTalk),
        "report-pass-on" => read(body).map(Given::ReportPassOn),
        "report-register" => read(body).map(Given::ReportRegister),
        "report-close" => read(body).map(Given::ReportClose),
        "report-introduce" => read(body).map(Given::ReportIntroduce),
        "report-join" => read(body).map(Given::ReportJoin),
        "report-leave" => read(body).map(Given::ReportLeave),
        "tip-publish" => read(body).and_then(tips::well_formed).map(Given::TipPublish),
        "tip-recall" => read(body).map(Given::TipRecall),
        "poll-publish" => read(body).map(Given::PollPublish),
        "poll-close" => read(body).map(Given::PollClose),
        "idea-send" => read(body).map(|command| Given::IdeaSend(ideas::placed(&deps.keys, command))),
        "idea-take-back" => read(body).map(Given::IdeaTakeBack),
        "idea-show" => read(body).map(Given::IdeaShow),
        "idea-hide" => read(body).map(Given::IdeaHide),
        "idea-merge" => read(body).map(Given::IdeaMerge),
        "idea-answer" => read(body).map(Given::IdeaAnswer),
        "idea-locate" => read(body).map(Given::IdeaLocate),
        "idea-open-talk" => read(body).map(Given::IdeaOpenTalk),
        "dialogue-announce" => read(body).map(Given::DialogueAnnounce),
        "dialogue-change" => read(body).map(Given::DialogueChange),
        "dialogue-open" => read(body).map(Given::DialogueOpen),
        "dialogue-end" => read(body).map(Given::DialogueEnd),
        "dialogue-archive" => read(body).map(Given::DialogueArchive),
        "dialogue-seat" => read(body).map(Given::DialogueSeat),
        "dialogue-pin" => read(body).map(Given::DialoguePin),
        "dialogue-slow" => read(body).map(Given::DialogueSlow),
        "dialogue-film" => {
            read(body).and_then(|command| dialogues::place_film(&deps.keys, command)).map(Given::DialogueFilm)
        }
        "question-ask" => read(body).and_then(|command| dialogues::placed(&deps.keys, command)).map(Given::QuestionAsk),
        "question-take-back" => read(body).map(Given::QuestionTakeBack),
        "question-show" => read(body).map(Given::QuestionShow),
        "question-hide" => read(body).map(Given::QuestionHide),
        "question-merge" => read(body).map(Given::QuestionMerge),
        "question-assign" => read(body).map(Given::QuestionAssign),
        "question-answer" => read(body).map(Given::QuestionAnswer),
        "question-mute" => read(body).map(Given::QuestionMute),
        "post-publish" => {
            read(body).and_then(|command| posts::well_formed(&deps.keys, command)).map(Given::PostPublish)
        }
        "post-correct" => read(body).map(Given::PostCorrect),
        "post-withdraw" => read(body).map(Given::PostWithdraw),
        "patrol-plan" => read(body).map(Given::PatrolPlan),
        "patrol-cancel" => read(body).map(Given::PatrolCancel),
        "patrol-mark" => read(body).map(Given::PatrolMark),
        "patrol-visit" => read(body).map(Given::PatrolVisit),
        "patrol-count" => read(body).map(Given::PatrolCount),
        "patrol-reflect" => read(body)
            .map(|command: ReflectOnPatrol| patrols::placed(&deps.keys, command.patrol_id, command))
            .map(Given::PatrolReflect),
        "log-write" => read(body)
            .map(|command: WriteLog| patrols::placed(&deps.keys, command.patrol_id, command))
            .map(Given::LogWrite),
        "log-turn" => read(body).map(Given::LogTurn),
        "log-take-back" => read(body).map(Given::LogTakeBack),
        "notice-send" => read(body).map(Given::NoticeSend),
        "notice-answer" => read(body).map(Given::NoticeAnswer),
        "file-withhold" => read(body).map(Given::FileWithhold),
        _ => Err(Kind::UnknownActionKind.into()),
    }
    .map_err(refuse)?;
    Ok(Draft { envelope, command, body_mac })
}

/// Checks the commands and seals their words, each under the key of its talk or report.
pub async fn seal(
    deps: &Deps,
    who: &Who,
    device_id: Option<DeviceId>,
    drafts: Vec<Draft>,
) -> Result<Vec<Ready>, Refusal> {
    let sealing = drafts.iter().filter_map(Draft::content_id).collect();
    let keys = deps.vault.for_sealing(&deps.db, &*deps.chance, sealing).await?;
    let submitted: Vec<&SubmitReport> = drafts
        .iter()
        .filter_map(|draft| match &draft.command {
            Given::ReportSubmit(command) => Some(command),
            _ => None,
        })
        .collect();
    let mut beside = reports::beside(deps, who, &submitted).await?;
    drafts
        .into_iter()
        .map(|draft| {
            let key = draft.content_id().and_then(|id| keys.get(&id)).ok_or_else(|| Refusal::of(Kind::Damaged));
            let Draft { envelope, command, body_mac } = draft;
            let command = match command {
                Given::MessageSend(command) => {
                    key.and_then(|key| chat::prepare(deps, who, key, command)).map(Command::MessageSend)
                }
                Given::ConversationClaim(command) => {
                    key.map(|key| chat::prepare_claim(deps, key, command)).map(Command::ConversationClaim)
                }
                Given::ConversationTake(command) => {
                    work::prepare_take(deps, key, envelope.action_id, command).map(Command::ConversationTake)
                }
                // The first version is an older app's, which knew no outcomes.
                Given::ConversationClose(command) if envelope.v > 1 && command.outcome.is_none() => {
                    Err(Kind::OutcomeNeeded.into())
                }
                Given::ConversationClose(command) => Ok(Command::ConversationClose(command)),
                Given::ConversationRead(command) => Ok(Command::ConversationRead(command)),
                Given::ConversationAskErasure(command) => Ok(Command::ConversationAskErasure(command)),
                Given::ConversationRaise(command) => Ok(Command::ConversationRaise(command)),
                Given::ConversationLower(command) => key
                    .and_then(|key| chat::prepare_lower(deps, key, envelope.action_id, command))
                    .map(Command::ConversationLower),
                Given::ConversationStepAway(command) => Ok(Command::ConversationStepAway(command)),
                Given::ConversationSurvey(command) => Ok(Command::ConversationSurvey(command)),
                Given::ConversationPass(command) => {
                    work::prepare_pass(deps, key, envelope.action_id, command).map(Command::ConversationPass)
                }
                Given::ConversationGiveBack(command) => {
                    work::prepare_give_back(deps, key, envelope.action_id, command).map(Command::ConversationGiveBack)
                }
                Given::NoteWrite(command) => {
                    work::prepare_note(deps, key, envelope.action_id, command).map(Command::NoteWrite)
                }
                Given::NotesRead(command) => Ok(Command::NotesRead(command)),
                Given::HandoverMake(command) => {
                    key.and_then(|key| handovers::prepare_card(deps, key, command)).map(Command::HandoverMake)
                }
                Given::HandoverAcknowledge(command) => key
                    .and_then(|key| handovers::prepare_acknowledgement(deps, key, command))
                    .map(Command::HandoverAcknowledge),
                Given::HandoverAnswer(command) => key
                    .and_then(|key| handovers::prepare_answer(deps, key, envelope.action_id, command))
                    .map(Command::HandoverAnswer),
                Given::LocationAsk(command) => Ok(Command::LocationAsk(command)),
                Given::LocationAnswer(command) => {
                    key.and_then(|key| handovers::prepare_location(deps, key, command)).map(Command::LocationAnswer)
                }
                Given::IncidentJoin(command) => {
                    key.and_then(|key| incidents::prepare(deps, key, command)).map(Command::IncidentJoin)
                }
                Given::IncidentLeave(command) => Ok(Command::IncidentLeave(command)),
                Given::DutyRecord(command) => {
                    key.and_then(|key| duty::prepare(deps, key, command)).map(Command::DutyRecord)
                }
                Given::CaseHard(command) => Ok(Command::CaseHard(command)),
                Given::AccountMute(command) => mutes::prepare(deps, key, command).map(Command::AccountMute),
                Given::MuteEnd(command) => Ok(Command::MuteEnd(command)),
                Given::ShiftStart(command) => Ok(Command::ShiftStart(command)),
                Given::ShiftEnd(command) => Ok(Command::ShiftEnd(command)),
                Given::ShiftAnswerAlarm(command) => Ok(Command::ShiftAnswerAlarm(command)),
                Given::ShiftAskAlarm(command) => Ok(Command::ShiftAskAlarm(command)),
                Given::ReportSubmit(command) => {
                    key.and_then(|key| reports::prepare(deps, key, &mut beside, command)).map(Command::ReportSubmit)
                }
                Given::ReportRead(command) => Ok(Command::ReportRead(command)),
                Given::ReportAskErasure(command) => Ok(Command::ReportAskErasure(command)),
                Given::ReportOpenTalk(command) => {
                    key.map(|key| Command::ReportOpenTalk(KeyedTalk { command, new_key: key.new.clone() }))
                }
                Given::ReportPassOn(command) => {
                    key.and_then(|key| reports::prepare_passing_on(deps, key, command)).map(Command::ReportPassOn)
                }
                Given::ReportRegister(command) => {
                    key.and_then(|key| reports::prepare_registration(deps, key, command)).map(Command::ReportRegister)
                }
                Given::ReportClose(command) => {
                    key.and_then(|key| reports::prepare_closing(deps, key, command)).map(Command::ReportClose)
                }
                Given::ReportIntroduce(command) => {
                    key.and_then(|key| reports::prepare_introduction(deps, key, command)).map(Command::ReportIntroduce)
                }
                Given::ReportJoin(command) => {
                    key.and_then(|key| reports::prepare_joining(deps, key, command)).map(Command::ReportJoin)
                }
                Given::ReportLeave(command) => Ok(Command::ReportLeave(command)),
                Given::TipPublish(command) => tips::check(command).map(Command::TipPublish),
                Given::TipRecall(command) => tips::check_recall(command).map(Command::TipRecall),
                Given::PollPublish(command) => polls::prepare(command).map(Command::PollPublish),
                Given::PollClose(command) => Ok(Command::PollClose(command)),
                Given::IdeaSend(placed) => key.and_then(|key| ideas::prepare(deps, key, placed)).map(Command::IdeaSend),
                Given::IdeaTakeBack(command) => Ok(Command::IdeaTakeBack(command)),
                Given::IdeaShow(command) => Ok(Command::IdeaShow(command)),
                Given::IdeaHide(command) => Ok(Command::IdeaHide(command)),
                Given::IdeaMerge(command) => Ok(Command::IdeaMerge(command)),
                Given::IdeaAnswer(command) => ideas::prepare_answer(command).map(Command::IdeaAnswer),
                Given::IdeaLocate(command) => Ok(Command::IdeaLocate(command)),
                Given::IdeaOpenTalk(command) => key.map(|key| Command::IdeaOpenTalk(ideas::prepare_talk(key, command))),
                Given::DialogueAnnounce(command) => {
                    dialogues::prepare_announcement(&deps.config, command).map(Command::DialogueAnnounce)
                }
                Given::DialogueChange(command) => {
                    dialogues::prepare_change(&deps.config, command).map(Command::DialogueChange)
                }
                Given::DialogueOpen(command) => Ok(Command::DialogueOpen(command)),
                Given::DialogueEnd(command) => Ok(Command::DialogueEnd(command)),
                Given::DialogueArchive(command) => Ok(Command::DialogueArchive(command)),
                Given::DialogueSeat(command) => Ok(Command::DialogueSeat(command)),
                Given::DialoguePin(command) => Ok(Command::DialoguePin(command)),
                Given::DialogueSlow(command) => Ok(Command::DialogueSlow(command)),
                Given::DialogueFilm(placed) => {
                    dialogues::prepare_film(&deps.config, key, placed).map(Command::DialogueFilm)
                }
                Given::QuestionAsk(placed) => {
                    key.and_then(|key| dialogues::prepare(deps, who, device_id, key, placed)).map(Command::QuestionAsk)
                }
                Given::QuestionTakeBack(command) => Ok(Command::QuestionTakeBack(command)),
                Given::QuestionShow(command) => Ok(Command::QuestionShow(command)),
                Given::QuestionHide(command) => Ok(Command::QuestionHide(command)),
                Given::QuestionMerge(command) => Ok(Command::QuestionMerge(command)),
                Given::QuestionAssign(command) => Ok(Command::QuestionAssign(command)),
                Given::QuestionAnswer(command) => dialogues::prepare_answer(command).map(Command::QuestionAnswer),
                Given::QuestionMute(command) => Ok(Command::QuestionMute(command)),
                Given::PostPublish(placed) => posts::prepare(key, placed).map(Command::PostPublish),
                Given::PostCorrect(command) => posts::check_correction(command).map(Command::PostCorrect),
                Given::PostWithdraw(command) => posts::check_withdrawal(command).map(Command::PostWithdraw),
                Given::PatrolPlan(command) => patrols::prepare_plan(command).map(Command::PatrolPlan),
                Given::PatrolCancel(command) => Ok(Command::PatrolCancel(command)),
                Given::PatrolMark(command) => Ok(Command::PatrolMark(command)),
                Given::PatrolVisit(command) => Ok(Command::PatrolVisit(command)),
                Given::PatrolCount(command) => Ok(Command::PatrolCount(command)),
                Given::PatrolReflect(command) => key
                    .and_then(|key| patrols::prepare_reflection(deps, key, envelope.action_id, command))
                    .map(Command::PatrolReflect),
                Given::LogWrite(command) => patrols::prepare_entry(deps, key, command).map(Command::LogWrite),
                Given::LogTurn(command) => Ok(Command::LogTurn(command)),
                Given::LogTakeBack(command) => Ok(Command::LogTakeBack(command)),
                Given::NoticeSend(command) => Ok(Command::NoticeSend(command)),
                Given::NoticeAnswer(command) => Ok(Command::NoticeAnswer(command)),
                Given::FileWithhold(command) => Ok(Command::FileWithhold(command)),
            };
            Ok(Ready {
                act: Act {
                    action_id: envelope.action_id,
                    who: who.clone(),
                    recorded_at: envelope.recorded_at,
                    command,
                },
                lane: envelope.lane.0,
                kind: envelope.kind.0,
                after: envelope.after,
                body_mac,
            })
        })
        .collect()
}

fn read<T: ParseFromJSON + ToJSON>(value: Value) -> Result<T, Refusal> {
    T::parse_from_json(Some(value)).map_err(|error| malformed(&error.into_message()))
}
