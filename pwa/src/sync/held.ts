import type { Tx } from "./db";
import type { OutboxRow } from "./rows";

/** An answer that is older than this when it could go has waited. */
export const WAITED_MS = 60_000;
/** Why an answer stands: what came to the talk had not been seen by who wrote it. No server says it. */
export const NEWS = "news";

/**
 * An officer's answer (only those say what their writer had seen) that did not go when it was written: an attempt failed, or it is
 * a minute old. A clock that was set back meanwhile is no reason to think it new.
 */
export const hasWaited = (row: OutboxRow, now: number): boolean =>
  row.seen !== undefined && (row.attempt > 0 || Math.abs(now - Date.parse(row.recorded_at)) > WAITED_MS);

/** Somebody else has written, taken the talk or closed it since, as far as this phone knows. */
export async function hasNews(tx: Tx, { seen, lane }: OutboxRow): Promise<boolean> {
  if (!seen) return false;
  const id = lane.slice("conversation:".length);
  const talk = await tx.get("conversations", id);
  return (
    talk?.state === "closed" ||
    (talk?.holder !== undefined && !talk.held_by_me && talk.holder !== seen.holder) ||
    (await tx.where("messages", "conversation_id", id)).some((message) => !message.mine && message.pos > seen.pos)
  );
}
