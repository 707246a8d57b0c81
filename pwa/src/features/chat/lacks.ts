import type { Conversation, MessageRow } from "./queries";

/** For so long it is waited in silence for somebody who reads or answers. */
const PATIENCE_MS = 60_000;

/** What a talk in danger still lacks: somebody who has read it, or an answer. What tells of danger is to be read at once; whatever else
 *  she writes in it within a minute. */
export function lacks(talk: Conversation | undefined, list: MessageRow[], now: number): "reader" | "answer" | null {
  if (!talk || talk.state === "closed") return null;
  if (talk.unread_danger) return "reader";
  if (!talk.in_danger) return null;
  const { unread, unanswered } = waiting(list);
  const isOver = (message: MessageRow | undefined): boolean => message !== undefined && now >= patienceEnds(message);
  if (isOver(unread)) return "reader";
  return talk.unanswered_danger && isOver(unanswered) ? "answer" : null;
}

/** Of her messages since an officer last wrote: the first one, and the first that was not read. */
export function waiting(list: MessageRow[]): { unread?: MessageRow | undefined; unanswered?: MessageRow | undefined } {
  const hers = list.slice(list.map(({ mine }) => mine).lastIndexOf(false) + 1);
  return { unread: hers.find(({ state }) => state !== "read"), unanswered: hers[0] };
}

/** Until when she has patience with this message. */
export const patienceEnds = (message: MessageRow): number => Date.parse(message.recorded_at) + PATIENCE_MS;
