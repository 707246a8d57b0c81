import { computed, type ReadonlySignal } from "@preact/signals";
import type { Conversation, Message, Priority, SendMessage, TriageDecision, Wait } from "../../api/wire";
import { conversationRows, messageRows, outbox, pageCore, self } from "../../sync/mirror";
import { opensTalk } from "../../sync/outbox";
import type { OutboxRow } from "../../sync/rows";
import { api } from "../../sync/session";

export type { Conversation, Message, Priority, TriageDecision } from "../../api/wire";
export { leaveConversation, loadOlder, openConversation } from "./follow";

export type MessageState = "saved" | "sending" | "arrived" | "read" | "needs-attention";

export interface MessageRow extends Message {
  state: MessageState;
  problem_kind?: string;
}

const bodyOf = <T>(row: OutboxRow): T => JSON.parse(row.body) as T;
const isYouth = (): boolean => (self.value?.role ?? "youth") === "youth";

/** A talk that the server has not told of yet. */
const begun = (conversation_id: string, at: string, by: Conversation["last_by"]): Conversation => ({
  conversation_id,
  state: "waiting",
  revision: 0,
  opened_at: at,
  last_at: at,
  officer_read_pos: 0,
  youth_read_pos: 0,
  head: 0,
  held_by_me: false,
  last_by: by,
  last_text: "",
  unread: false,
  in_danger: false,
  unread_danger: false,
  unanswered_danger: false,
  self_harm: false,
  waiting_since: at,
});

/** A talk as it stands with the server, and what this phone has done since laid over it. */
export const conversations: ReadonlySignal<Conversation[]> = computed(() => {
  const rows = new Map<string, Conversation>();
  for (const row of conversationRows.value) rows.set(row.conversation_id, row);
  const by = isYouth() ? "youth" : "officer";
  for (const action of outbox.value) {
    if (action.kind === "message-send") {
      const { conversation_id, text, triage, files } = bodyOf<SendMessage>(action);
      const known = rows.get(conversation_id);
      const fresh = known ?? begun(conversation_id, action.recorded_at, by);
      rows.set(conversation_id, {
        ...fresh,
        ...(triage?.danger === "yes" || triage?.hurt === "yes" ? { in_danger: true, unread_danger: true, unanswered_danger: true } : {}),
        last_by: by,
        last_text: text.slice(0, 120),
        last_files: files?.length ?? 0,
        last_at: action.recorded_at > fresh.last_at ? action.recorded_at : fresh.last_at,
      });
      continue;
    }
    if (action.state === "attention") continue;
    const { conversation_id: id } = bodyOf<{ conversation_id?: string }>(action);
    const asks = opensTalk(action.kind);
    const known = id === undefined ? undefined : (rows.get(id) ?? (asks ? begun(id, action.recorded_at, by) : undefined));
    if (!known) continue;
    if (action.kind === "conversation-read") rows.set(known.conversation_id, { ...known, unread: false });
    if (action.kind === "conversation-close") rows.set(known.conversation_id, { ...known, state: "closed" });
    if (action.kind === "conversation-raise" || action.kind === "conversation-lower") {
      const { priority } = bodyOf<{ priority: Priority }>(action);
      rows.set(known.conversation_id, { ...known, priority });
    }
    if (action.kind === "conversation-take" || asks) {
      const number = self.value?.public_number;
      rows.set(known.conversation_id, { ...known, state: "taken", held_by_me: true, ...(number === undefined ? {} : { holder: number }) });
    }
  }
  return [...rows.values()].sort((a, b) => b.last_at.localeCompare(a.last_at));
});

/** How a youth's talk waits, as the server has it now. */
export const waitOf = async (id: string): Promise<Wait> => api(await pageCore(), `/api/v1/chat/conversations/${id}/wait`);

/** Why a talk is as urgent as it is, the newest decision first. */
export const decisionsOf = async (id: string): Promise<TriageDecision[]> =>
  (await api<{ items: TriageDecision[] }>(await pageCore(), `/api/v1/chat/conversations/${id}/decisions`)).items;

const shownAs = { queued: "saved", sending: "sending", sent: "arrived", attention: "needs-attention" } as const;
const threads = new Map<string, ReadonlySignal<MessageRow[]>>();

/** A talk's messages in the server's order, and after them what waits on this phone. */
export function messagesOf(id: string): ReadonlySignal<MessageRow[]> {
  let thread = threads.get(id);
  if (!thread) threads.set(id, (thread = computed(() => threadOf(id))));
  return thread;
}

function threadOf(id: string): MessageRow[] {
  const stored = messageRows(id).value;
  const talk = conversationRows.value.find((row) => row.conversation_id === id);
  const readTo = (isYouth() ? talk?.officer_read_pos : talk?.youth_read_pos) ?? 0;
  const rows: MessageRow[] = stored.map((message) => ({ ...message, state: message.mine && message.pos <= readTo ? "read" : "arrived" }));
  const known = new Set(stored.map((message) => message.action_id));
  for (const action of outbox.value) {
    if (action.kind !== "message-send" || action.lane !== `conversation:${id}` || known.has(action.action_id)) continue;
    const { message_id, text, files } = bodyOf<SendMessage>(action);
    const pos = action.at?.pos ?? 0;
    const number = self.value?.public_number;
    rows.push({
      message_id,
      conversation_id: id,
      pos,
      by: isYouth() ? "youth" : "officer",
      ...(number === undefined ? {} : { public_number: number }),
      mine: true,
      text,
      damaged: false,
      ...(files ? { files: files.map((file) => ({ ...file, received: 0, complete: false, state: "arriving" as const })) } : {}),
      recorded_at: action.recorded_at,
      received_at: "",
      action_id: action.action_id,
      state: action.state === "sent" && pos > 0 && pos <= readTo ? "read" : shownAs[action.state],
      ...(action.problem_kind === undefined ? {} : { problem_kind: action.problem_kind }),
    });
  }
  // A stable sort: what has no place yet keeps the order in which it was written.
  return rows.sort((a, b) => (a.pos || Infinity) - (b.pos || Infinity) || 0);
}
