/** What goes over the wire, as the app reads it. Fields that a newer server adds are simply carried along. */

export type Role = "youth" | "officer" | "lead" | "evaluator" | "admin";
export type Actor = "youth" | "officer" | "system";

export interface Position {
  stream: string;
  epoch: number;
  pos: number;
}

export interface ProblemBody {
  type?: string;
  title?: string;
  status?: number;
  kind: string;
  detail?: string;
  fields?: { field: string; kind: string }[];
  retry_after_ms?: number;
  puzzle_bits?: number;
  offset?: number;
}

export interface SessionBody {
  access_token: string;
  expires_at: string;
  account_id: string;
  device_id: string;
  role: Role;
  public_number?: string;
  demo: boolean;
}

export interface Conversation {
  conversation_id: string;
  state: "waiting" | "taken" | "closed";
  revision: number;
  opened_at: string;
  last_at: string;
  holder?: string;
  held_by_me?: boolean;
  read_by?: string;
  officer_read_pos: number;
  youth_read_pos: number;
  head: number;
  /** Older servers count, newer ones only say whether. */
  unread: number | boolean;
  last_by?: Actor;
  last_text?: string;
}

export interface Message {
  message_id: string;
  conversation_id: string;
  pos: number;
  by: Actor;
  public_number?: string;
  mine: boolean;
  text: string;
  recorded_at: string;
  received_at: string;
  action_id: string;
}

export interface Happened {
  certainty: "exact" | "about" | "unknown";
  at?: string;
  words?: string;
}

export interface ReportFile {
  file_id: string;
  media_type: string;
  size: number;
  sha256: string;
  received: number;
  complete: boolean;
}

export interface Report {
  report_id: string;
  state: "received" | "being-read";
  revision: number;
  event_kind: string;
  what: string;
  happened: Happened;
  place?: string;
  submitted_at: string;
  recorded_at: string;
  reader?: string;
  files: ReportFile[];
}

export interface Tip {
  tip_id: string;
  topic: string;
  municipality: string;
  text: string;
  action: "chat" | "report" | "read";
  published_at: string;
  public_number: string;
  revision: number;
}

export interface Places {
  counties: { code: string; name: string; municipalities: { code: string; name: string }[] }[];
  topics: string[];
}

export type ActionKind =
  | "message-send"
  | "conversation-take"
  | "conversation-close"
  | "conversation-read"
  | "report-submit"
  | "report-read"
  | "tip-publish";

export interface ActionResult {
  action_id?: string;
  outcome: string;
  original?: "applied" | "refused";
  entity?: { id: string; revision: number };
  at?: Position;
  problem?: ProblemBody;
  retry_after_ms?: number;
}

export interface Pushed {
  server_time: string;
  results: ActionResult[];
}

export interface StreamEvent {
  pos: number;
  kind: string;
  v: number;
  entity_id: string;
  revision: number;
  action_id?: string;
  by: Actor;
  at: string;
  message?: Message;
  conversation?: Conversation;
  report?: Report;
}

export interface StreamPart {
  epoch: number;
  head: number;
  more: boolean;
  reset: boolean;
  from: number;
  events: StreamEvent[];
}

export interface Pulled {
  server_time: string;
  streams: Record<string, StreamPart>;
  gone: string[];
  min_supported: Record<string, number>;
}

export interface DeviceRow {
  device_id: string;
  created_at: string;
  this: boolean;
}

export interface DemoInfo {
  demo: boolean;
  officers: { public_number: string; role: Role }[];
  youth_url?: string;
  officer_url?: string;
}

export interface PushPrefs {
  replies: boolean;
  topics: string[];
  municipalities: string[];
}
