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
export type ReportFile = Forms["ReportFile"];
export type Report = Forms["Report"];
export type SubmitReport = Forms["SubmitReport"];
export type SendMessage = Forms["SendMessage"];
export type Triage = Forms["Triage"];
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
export type Tip = Forms["Tip"] & { public_number: string };
export type PublishTip = Forms["PublishTip"];
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
export type AuditEntry = Forms["AuditEntry"];
export type Puzzle = Forms["Puzzle"];
export type PushKey = Forms["PushKey"];
export type SafeHours = Forms["SafeHours"];

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
  | "report-submit"
  | "report-read"
  | "report-ask-erasure"
  | "tip-publish";

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
  hours?: SafeHours;
  telling?: boolean;
  plain?: boolean;
}
