import type { Conversation, MessageRow } from "./queries";

/** For so long it is waited in silence for somebody who reads or answers. */
const PATIENCE_MS = 60_000;

/** What a talk in danger still lacks: somebody who has read it, or an answer. What tells of danger is to be read at once; whatever else
 *  she writes in it within a minute. */
export function lacks(talk: Conversation | undefined, list: MessageRow[], now: number): "reader" | "answer" | null {
  if (!talk || talk.state === "closed") return null;
  if (talk.unread_danger) return "reader";
  const waits = hersSince(list);
  if (!talk.in_danger || !waits[0] || now < patienceEnds(waits[0])) return null;
  if (waits.some(({ state }) => state !== "read")) return "reader";
  return talk.unanswered_danger ? "answer" : null;
}

/** Her messages since an officer last wrote. */
export const hersSince = (list: MessageRow[]): MessageRow[] => list.slice(list.map(({ mine }) => mine).lastIndexOf(false) + 1);

/** Until when she has patience with this message. */
export const patienceEnds = (message: MessageRow): number => Date.parse(message.recorded_at) + PATIENCE_MS;
