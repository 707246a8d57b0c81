/** What goes over the wire. The forms are the contract's (schema.ts is made from it); here they get their short names. */
import type { components } from "./schema";

type Forms = components["schemas"];

export type Role = Forms["Role"];
export type Actor = Forms["Actor"];
export type Position = Forms["Position"];
export type SessionBody = Forms["Session"];
export type Conversation = Forms["Conversation"];
export type Message = Forms["Message"];
export type Happened = Forms["Happened"];
export type NamedFile = Forms["NamedFile"];
export type SentFile = Forms["SentFile"];
export type EventKind = Forms["EventKind"];
export type Answer = Forms["QuestionAnswer"];
export type Report = Forms["Report"];
export type SubmitReport = Forms["SubmitReport"];
export type ReportState = Forms["ReportState"];
export type ReportLink = Forms["ReportLink"];
export type ReportPage = Forms["ReportPage"];
export type SearchReports = Forms["SearchReports"];
export type SearchReason = Forms["SearchReason"];
/** What is done with a report, as its action says it. */
type OfReport<Form> = Form & { report_id: string };
export type ReadReport = OfReport<Forms["ReadFrom"]>;
export type OpenReportTalk = OfReport<Forms["TalkAbout"]>;
export type PassReportOn = OfReport<Forms["PassedTo"]>;
export type RegisterReport = OfReport<Forms["RegisteredAs"]>;
export type CloseReport = OfReport<Forms["ClosedWith"]>;
export type IntroduceYouth = OfReport<Forms["WhoSheIs"]>;
export type JoinReport = OfReport<Forms["PartOf"]>;
export type LeaveReport = OfReport<Forms["NoPartOf"]>;
export type Helper = Forms["Helper"];
export type Guide = Forms["Guide"];
export type KindOfEvent = Forms["KindOfEvent"];
export type Question = Forms["Question"];
export type Questionnaire = Forms["Questionnaire"];
export type SendMessage = Forms["SendMessage"];
export type Triage = Forms["Triage"];
export type Board = Forms["Board"];
export type SurveyQuestion = Forms["SurveyQuestion"];
export type SurveyAnswer = Forms["SurveyAnswer"];
export type TriageDecision = Forms["TriageDecision"];
export type Priority = Forms["Priority"];
export type Wait = Forms["Wait"];
export type OpeningState = Forms["OpeningState"];
export type OpeningHours = Forms["OpeningHours"];
export type WeekPlan = Forms["WeekPlan"];
export type DayException = Forms["DayException"];
export type SetForNow = Forms["SetForNow"];
export type OpenSpan = Forms["OpenSpan"];
export type Weekday = Forms["Weekday"];
export type Shift = Forms["Shift"];
export type ShiftTrouble = Forms["ShiftTrouble"];
export type Quarter = Forms["Quarter"];
export type OutcomeCode = Forms["OutcomeCode"];
export type TalkEnd = Forms["TalkEnd"];
export type Note = Forms["Note"];
export type RoomInvite = Forms["RoomInvite"];
export type Poster = Forms["Poster"];
export type Receiver = Forms["Receiver"];
export type CameBack = Forms["CameBack"];
export type Card = Forms["Card"];
export type Handover = Forms["Handover"];
export type HandoverAnswer = Forms["HandoverAnswer"];
export type RedHandover = Forms["RedHandover"];
export type MakeHandover = Forms["MakeHandover"];
export type AnswerHandover = Forms["WhatCameBack"] & { handover_id: string };
export type Location = Forms["Location"];
export type Fix = Forms["Fix"];
export type AnswerLocation = Forms["GivenFix"] & { location_id: string };
export type InIncident = Forms["InIncident"];
export type JoinTalk = Forms["JoinTalk"];
export type CannedReply = Forms["CannedReply"];
export type PutReply = Forms["PutReply"];
export type ReplyFit = Forms["ReplyFit"];
export type DutyText = Forms["DutyText"];
export type PutDutyText = Forms["PutDutyText"];
export type DutyRecord = Forms["DutyRecord"];
export type RecordDuty = Forms["RecordDuty"];
export type DutyMatter = Forms["DutyMatter"];
export type DutyDecision = Forms["DutyDecision"];
export type DutyState = Forms["DutyState"];
export type HardCases = Forms["HardCases"];
export type Mute = Forms["Mute"];
export type MuteAccount = Forms["MuteAccount"];
export type MuteKind = Forms["MuteKind"];
export type MuteReason = Forms["MuteReason"];
export type Doing = Forms["Doing"];
export type Tip = Forms["Tip"];
export type TipPage = Forms["TipPage"];
export type TipAction = Forms["TipAction"];
export type TipState = Forms["TipState"];
export type Topic = Forms["Topic"];
export type PublishTip = Forms["PublishTip"];
export type RecallTip = Forms["Correction"] & { tip_id: string };
export type PlannedTip = Forms["PlannedTip"];
export type PlannedTipPage = Forms["PlannedTipPage"];
export type Poll = Forms["Poll"];
export type PollPage = Forms["PollPage"];
export type PollKind = Forms["PollKind"];
export type PublishPoll = Forms["PublishPoll"];
export type ClosePoll = Forms["Closing"] & { poll_id: string };
export type Post = Forms["Post"];
export type PostFile = Forms["PostFile"];
export type PostPage = Forms["PostPage"];
export type PostState = Forms["PostState"];
export type PostVersion = Forms["PostVersion"];
export type PlannedPost = Forms["PlannedPost"];
export type PlannedPostPage = Forms["PlannedPostPage"];
export type PublishPost = Forms["PublishPost"];
/** What is done with a post, as its action says it. */
type OfPost<Form> = Form & { post_id: string };
export type CorrectPost = OfPost<Forms["PostCorrection"]>;
export type WithdrawPost = OfPost<Forms["PostWithdrawal"]>;
export type Idea = Forms["Idea"];
export type IdeaPage = Forms["IdeaPage"];
export type IdeaKind = Forms["IdeaKind"];
export type IdeaState = Forms["IdeaState"];
export type IdeaHiding = Forms["IdeaHiding"];
export type IdeaOutcome = Forms["IdeaOutcome"];
export type SendIdea = Forms["SendIdea"];
/** What is done with an idea, as its action says it. */
type OfIdea<Form> = Form & { idea_id: string };
export type TakeIdeaBack = OfIdea<object>;
export type ShowIdea = OfIdea<Forms["Showing"]>;
export type HideIdea = OfIdea<Forms["Hiding"]>;
export type MergeIdea = OfIdea<Forms["Merging"]>;
export type AnswerIdea = OfIdea<Forms["Answering"]>;
export type OpenIdeaTalk = OfIdea<Forms["IdeaTalk"]>;
export type Dialogue = Forms["Dialogue"];
export type DialogueFilm = Forms["DialogueFilm"];
export type DialoguePage = Forms["DialoguePage"];
export type DialogueState = Forms["DialogueState"];
export type AnnounceDialogue = Forms["AnnounceDialogue"];
/** What is done with a dialogue, as its action says it. */
type OfDialogue<Form> = Form & { dialogue_id: string };
export type ChangeDialogue = OfDialogue<Forms["DialogueChange"]>;
export type FilmDialogue = OfDialogue<Forms["DialogueFilming"]>;
export type SeatDialogue = OfDialogue<Forms["Seating"]>;
export type Seat = Forms["Seat"];
export type AskedQuestion = Forms["AskedQuestion"];
export type QuestionPage = Forms["QuestionPage"];
export type DialogueEvent = Forms["DialogueEvent"];
export type DialogueEvents = Forms["DialogueEvents"];
export type DialogueFigures = Forms["DialogueFigures"];
export type QuestionState = Forms["QuestionState"];
export type AskQuestion = Forms["AskQuestion"];
/** What is done with a question of a dialogue, as its action says it. */
type OfQuestion<Form> = Form & { question_id: string };
export type TakeQuestionBack = OfQuestion<object>;
export type HideQuestion = OfQuestion<Forms["QuestionHiding"]>;
export type MergeQuestion = OfQuestion<Forms["QuestionMerging"]>;
export type AssignQuestion = OfQuestion<Forms["QuestionAssignment"]>;
export type AnswerQuestion = OfQuestion<Forms["QuestionAnswering"]>;
export type Audience = Forms["Audience"];
export type PhoneCount = Forms["PhoneCount"];
export type SendingSums = Forms["SendingSums"];
export type SendingList = Forms["SendingList"];
export type AgeBand = Forms["AgeBand"];
export type Locale = Forms["Locale"];
export type Places = Forms["Places"];
export type ActionResult = Forms["ActionResult"];
export type Pushed = Forms["Pushed"];
export type StreamEvent = Forms["Event"];
export type StreamPart = Forms["StreamEvents"];
export type Pulled = Forms["Pulled"];
export type DeviceRow = Forms["Device"];
export type SubjectKind = Forms["SubjectKind"];
export type Regime = Forms["Regime"];
export type PersonRole = Forms["PersonRole"];
export type TagRecord = Forms["TagRecord"];
export type HoldRecord = Forms["HoldRecord"];
export type LeadsReason = Forms["LeadsReason"];
export type ErasureReason = Forms["ErasureReason"];
export type AskedErasure = Forms["AskedErasure"];
export type DueReview = Forms["DueReview"];
export type Hold = Forms["Hold"];
export type Erasure = Forms["Erasure"];
export type Rule = Forms["Rule"];
export type KeptKind = Forms["KeptKind"];
export type AccountCopy = Forms["AccountCopy"];
export type Investigator = Forms["Investigator"];
export type StaffList = Forms["StaffList"];
export type StaffMember = Forms["StaffMember"];
export type StaffInvite = Forms["StaffInvite"];
export type InviteStaff = Forms["InviteStaff"];
export type InvitedRole = Forms["InvitedRole"];
export type Relieved = Forms["Relieved"];
export type AuditEntry = Forms["AuditEntry"];
export type Puzzle = Forms["Puzzle"];
export type PushKey = Forms["PushKey"];
export type Subscription = Forms["Subscription"];
export type TimesOfDay = Forms["TimesOfDay"];

/** An answer that is not ours may lack anything but what it is recognised by. */
export type ProblemBody = Partial<Forms["Problem"]> & { kind: string };

export type ActionKind =
  | "message-send"
  | "conversation-take"
  | "conversation-close"
  | "conversation-read"
  | "conversation-ask-erasure"
  | "conversation-raise"
  | "conversation-lower"
  | "handover-make"
  | "handover-acknowledge"
  | "handover-answer"
  | "location-ask"
  | "location-answer"
  | "incident-join"
  | "incident-leave"
  | "duty-record"
  | "case-hard"
  | "file-withhold"
  | "report-submit"
  | "report-read"
  | "report-open-talk"
  | "report-pass-on"
  | "report-register"
  | "report-close"
  | "report-introduce"
  | "report-join"
  | "report-leave"
  | "report-ask-erasure"
  | "tip-publish"
  | "tip-recall"
  | "poll-publish"
  | "poll-close"
  | "post-publish"
  | "post-correct"
  | "post-withdraw"
  | "idea-send"
  | "idea-take-back"
  | "idea-show"
  | "idea-hide"
  | "idea-merge"
  | "idea-answer"
  | "idea-open-talk"
  | "dialogue-announce"
  | "dialogue-change"
  | "dialogue-open"
  | "dialogue-end"
  | "dialogue-archive"
  | "dialogue-seat"
  | "dialogue-pin"
  | "dialogue-slow"
  | "dialogue-film"
  | "question-ask"
  | "question-take-back"
  | "question-show"
  | "question-hide"
  | "question-merge"
  | "question-assign"
  | "question-answer"
  | "question-mute";

/** Whether this is a demo, and who may be signed in as there. */
export interface DemoInfo {
  demo: boolean;
  officers: { public_number: string; role: Role }[];
}

/** Topics as plain words: a phone may still wish for one that the server has since dropped. */
export interface PushPrefs {
  replies: boolean;
  topics: string[];
  municipalities: string[];
  hours?: TimesOfDay;
  quiet_hours?: TimesOfDay;
  tips_at_night?: boolean;
  age_band?: AgeBand;
  telling?: boolean;
  plain?: boolean;
}
