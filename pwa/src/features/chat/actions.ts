import type { NamedFile, SendMessage, Triage } from "../../api/wire";
import { NEWS } from "../../sync/held";
import { uuidV7 } from "../../sync/ids";
import { kick, look } from "../../sync/engine";
import { conversationRows, messageRows, outbox, pageCore, pageLocale, refresh, self } from "../../sync/mirror";
import { dropRefused, enqueue, enqueueRead, newId, opensTalk, type NewAction } from "../../sync/outbox";
import { api } from "../../sync/session";
import { versionOf } from "./danger";

const row = (id: string) => conversationRows.peek().find((talk) => talk.conversation_id === id);

/** What an officer has on the screen of the talk: an answer that waits is held by what comes after it. A youth's words never are. */
export function seen(id: string): Pick<NewAction, "seen"> {
  if ((self.peek()?.role ?? "youth") === "youth") return {};
  const holder = row(id)?.holder;
  const pos = Math.max(0, ...messageRows(id).peek().map((message) => message.pos));
  return { seen: { pos, ...(holder === undefined ? {} : { holder }) } };
}

/** What the words come after: the talk about a report or an idea that they are of may not be there yet. */
const begins = (id: string): string[] =>
  outbox.peek().flatMap((action) => (opensTalk(action.kind) && action.state !== "attention" && action.body.includes(id) ? [action.action_id] : []));

/** `saved` once the message is safe on this phone, before any screen shows it; sending goes on by itself. Without a talk it opens one. */
export async function sendMessage(text: string, conversation_id?: string, saved?: () => void, more?: { triage?: Triage; room?: string; files?: NamedFile[] }): Promise<string> {
  const core = await pageCore();
  const id = conversation_id ?? uuidV7(core.fill, core.now());
  const body: SendMessage = { message_id: uuidV7(core.fill, core.now()), conversation_id: id, text, ...more };
  await enqueue(core, pageLocale(), { kind: "message-send", v: versionOf(body), lane: `conversation:${id}`, after: begins(id), body, ...seen(id) });
  saved?.();
  await refresh();
  void kick("write");
  return id;
}

/** The youth lets the queue be, and is told by push. It is asked at once and waits for no network: later it would be of no use. */
export async function stepAway(id: string): Promise<void> {
  const core = await pageCore();
  await api(core, `/api/v1/chat/conversations/${id}/step-away`, { method: "POST", headers: { "idempotency-key": newId(core) } });
  await look();
}

/** Everything of the talk that is on the phone has been on the screen. */
export async function markRead(id: string): Promise<void> {
  const core = await pageCore();
  const messages = await core.db.read(["messages"], (tx) => tx.where("messages", "conversation_id", id));
  const talk = row(id);
  const pos = Math.max(0, ...messages.map((message) => message.pos));
  // The latest word may be one's own; only the other side's is anything to have read.
  if (pos === 0 || !messages.some((message) => !message.mine) || (talk && !talk.unread && talk.head >= pos)) return;
  await enqueueRead(core, id, pos);
  void kick("write");
}

/** Sends other words in the place of what was refused; resolves once they are safe on this phone. */
export async function editAndResend(action_id: string, text: string, after: string[] = [], more?: { triage: Triage }): Promise<void> {
  const core = await pageCore();
  const fresh = uuidV7(core.fill, core.now());
  await dropRefused(core, action_id, (row) => {
    const body = JSON.parse(row.body) as SendMessage;
    // What this phone held may have landed by an attempt that was given up: as the same message the server takes it once.
    const message_id = row.problem_kind === NEWS && text === body.text ? body.message_id : fresh;
    const next = { ...body, ...more, message_id, text };
    return { kind: row.kind, v: Math.max(row.v, versionOf(next)), lane: row.lane, body: next, after, ...seen(body.conversation_id) };
  });
  await refresh();
  void kick("write");
}

export async function discard(action_id: string): Promise<void> {
  await dropRefused(await pageCore(), action_id);
  await refresh();
}
