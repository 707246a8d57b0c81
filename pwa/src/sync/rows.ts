import type { ActionKind, Answer, AskedQuestion, CannedReply, Conversation, Dialogue, DutyText, EventKind, Happened, Idea, Message, OpeningState, Poll, Position, Post, PushPrefs, Questionnaire, Report, Role, Tip, Places } from "../api/wire";

export type CodeState = "none" | "unseen" | "put-off" | "confirmed";

/** Who this phone is. Made here, offline, before any server has heard of it. */
export interface Self {
  account_id: string;
  device_id: string;
  role: Role;
  public_number?: string;
  demo: boolean;
  /** A youth's way back in; officers have a passkey instead. */
  secret?: string;
  code?: string;
  /** A new code that the server may or may not have heard of: a repeat sends the same one. */
  next_code?: string;
  code_state: CodeState;
  registered: boolean;
  /** The server has ended this device's session for good. */
  ended: boolean;
  locale: string;
}

/**
 * queued: waits. sending: on its way (after a crash the same as queued). sent: decided, and shown from here until the
 * journal brings it. attention: refused, or held here because of what came meanwhile; a person decides.
 */
export type OutboxState = "queued" | "sending" | "sent" | "attention";

export interface OutboxRow {
  seq?: number;
  action_id: string;
  account_id: string;
  lane: string;
  kind: ActionKind;
  v: number;
  after: string[];
  recorded_at: string;
  /** The serialised body: a repeat sends the very same text. */
  body: string;
  state: OutboxState;
  attempt: number;
  not_before?: number;
  /** Faults of the server while it was sent alone, and how many pushes had gone through when they began. */
  faults: number;
  faults_from?: number;
  /** A batch with it could not be read: it goes alone. */
  alone?: boolean;
  problem_kind?: string;
  /** When what refused it ends by itself, where the server said so. */
  refused_until?: string;
  /** The first field that was not right. */
  refused_field?: string;
  at?: Position;
  /** Of an officer's answer: how far the talk had been read, and who had it, when it was written. */
  seen?: Seen;
}

export interface Seen {
  pos: number;
  holder?: string;
}

export interface CursorRow {
  stream: string;
  epoch: number;
  pos: number;
}

/** draft: not sent yet. waiting: its report or message is not there yet. ready: may go. done: the server has it whole. refused: it will not take it. */
export interface FileRow {
  file_id: string;
  report_id?: string;
  /** Of a file that a message names, in the place of a report. */
  conversation_id?: string;
  /** Of a file that a post names. */
  post_id?: string;
  /** Of a film that a dialogue names. */
  dialogue_id?: string;
  account_id: string;
  sha256: string;
  size: number;
  media_type: string;
  state: "draft" | "waiting" | "ready" | "done" | "refused";
  offset: number;
}

/** A piece of a file. Plain buffers: some browsers lose a Blob that is kept in the database. */
export interface ChunkRow {
  file_id: string;
  n: number;
  bytes: ArrayBuffer;
}

/** A report that is not finished. */
export interface DraftRow {
  report_id: string;
  started_at: string;
  saved_at: string;
  /** Counts the changes: a window that has not seen the last writes over nothing. */
  revision: number;
  /** Whose it is, when another account has come to this phone since. */
  account_id?: string;
  what: string;
  happened?: Happened;
  place?: string;
  /** The picture of a draft that was begun when there could be only one. */
  file_id?: string;
  file_ids?: string[];
  event_kind?: EventKind;
  /** The questions that it was begun with. */
  questionnaire_version?: number;
  answers?: Answer[];
  links?: string[];
  area?: string;
  /** The talk that it is made from, and which of its messages go along. */
  conversation_id?: string;
  message_ids?: string[];
}

/** Words as they stand on the disk, and the key that opens them. */
export interface Sealed {
  by: string;
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}

export interface SealKey {
  id: string;
  key: CryptoKey;
}

/** An event of a kind that this version does not know, kept for the version that does. */
export interface RawRow {
  stream: string;
  pos: number;
  event: unknown;
}

export interface PushRow {
  wanted: boolean;
  prefs: PushPrefs;
  key_id?: string;
  endpoint?: string;
}

export interface KeptTips {
  items: Tip[];
  at: number;
}

export interface KeptRoom {
  dialogue: Dialogue;
  questions: AskedQuestion[];
  polls: Poll[];
  at: number;
}

export interface KeptOpening {
  state: OpeningState;
  at: number;
}

/** An account that gave way to another on this phone while something of it was not sent. */
export interface AsideRow {
  self: Self;
}

/**
 * What lets a youth's phone deliver reports after its session has ended, and seal words. The key does not leave the browser. `secret`
 * and `public_key` are kept until the server has surely heard of them.
 */
export interface CapabilityRow {
  capability_id: string;
  device_id: string;
  secret: string;
  key: CryptoKey;
  public_key: string;
  /** When the server last said yes to it, by this phone's clock; until then it opens nothing. */
  renewed_at?: number;
  parcel_key?: { key_id: string; public_key: string };
}

/** Words that were sealed when this phone was emptied: nobody here can read them, whoever comes next sends them. */
export interface ParcelRow {
  parcel_id: string;
  key_id: string;
  enc: string;
  ciphertext: string;
}

/** What has been seen to be so, also if it is not so at this moment. */
export interface FirstShift {
  installed?: boolean;
  /** It cannot be installed here, the officer says. */
  not_here?: boolean;
  alarm?: boolean;
  /** The replies at hand were looked at. */
  replies?: boolean;
}

export interface Kept {
  self: Self;
  aside: AsideRow[];
  /** By account. */
  capabilities: Record<string, CapabilityRow>;
  /** Reports that have arrived since the session ended; of these nothing more can be read before somebody signs in. */
  delivered: string[];
  /** When somebody last used the app, where the browser counts from then. */
  used_at: number;
  /** When an officer last touched the app. */
  touched_at: number;
  /** How the app comes to the home screen has been read here, and put away. */
  home_told: boolean;
  /** How far each officer has come on this phone with what the first shift asks, by account. */
  first_shift: Record<string, FirstShift>;
  seal: SealKey;
  /** Nothing of version 1, which did not seal, is left. */
  sealed: boolean;
  push: PushRow;
  tips: KeptTips;
  /** The public list of polls as it was last read. */
  polls: Poll[];
  /** The latest posts as they were last read. */
  posts: Post[];
  /** The public lists of ideas as they were last read: those that are shown, and those that were answered. */
  ideas: { shown: Idea[]; answered: Idea[] };
  /** The ideas that were supported from this phone, for its own eyes. */
  supports: { account_id: string; ids: string[] };
  /** What this phone has voted, by poll, for its own eyes; the server does not know it. */
  votes: { account_id: string; places: Record<string, number[]> };
  /** The public list of dialogues as it was last read. */
  dialogues: Dialogue[];
  /** The rooms of dialogues that were looked at last, as they were then; the newest first. */
  dialogue_rooms: KeptRoom[];
  /** The questions that were voted for from this phone, for its own eyes. */
  question_votes: { account_id: string; ids: string[] };
  /** The rules of dialogues were accepted on this phone. */
  house_rules: boolean;
  opening: KeptOpening;
  replies: CannedReply[];
  duty: DutyText;
  /** The hard case after which each officer was last asked for a pause on this phone, by account. */
  pause_answers: Record<string, string>;
  places: Places;
  /** By version. */
  questionnaires: Record<number, Questionnaire>;
  /** The invite that an officer made last here: its link is nowhere else. */
  invite: { account_id: string; invite_id: string; quarter_id: string; secret: string };
  /** Another phone has opened these talks. */
  device_added: { at: string; seen: boolean };
  /** The lists of talks and reports are to be read anew: a reset gave only the newest window. */
  lists_due: boolean;
  /** The talks and reports that stood here before a reset: those that the lists do not name either have gone. */
  stood: string[];
  /** How many erasures have come: what was asked before one of them may be answered with what went. */
  erasures: number;
  /** How many pushes have gone through, to tell one bad action from a server that is down. Counted: a phone's clock may stand wrong. */
  through: number;
}

export interface Stores {
  kept: unknown;
  outbox: OutboxRow;
  cursors: CursorRow;
  conversations: Conversation;
  messages: Message;
  reports: Report;
  files: FileRow;
  chunks: ChunkRow;
  raw: RawRow;
  parcels: ParcelRow;
  drafts: DraftRow;
}
