import type { OutcomeCode, Priority } from "../../api/wire";
import { kick } from "../../sync/engine";
import { pageCore, pageLocale, refresh } from "../../sync/mirror";
import { enqueue } from "../../sync/outbox";
import type { OutboxRow } from "../../sync/rows";

type Change = "conversation-take" | "conversation-close" | "conversation-raise" | "conversation-lower";

async function change(kind: Change, id: string, more?: { priority?: Priority; why?: string; outcome?: OutcomeCode }, v = 1): Promise<OutboxRow> {
  const core = await pageCore();
  const seen = await core.db.read(["conversations"], (tx) => tx.get("conversations", id));
  const body = { conversation_id: id, ...(kind === "conversation-raise" ? {} : { expected_revision: seen?.revision ?? 0 }), ...more };
  const made = await enqueue(core, pageLocale(), { kind, v, lane: `conversation:${id}`, body });
  await refresh();
  void kick("write");
  return made;
}

/** `why`: from a colleague who is at work. */
export const take = (id: string, why?: string): Promise<OutboxRow> => (why ? change("conversation-take", id, { why }, 2) : change("conversation-take", id));
export const close = (id: string, outcome: OutcomeCode): Promise<OutboxRow> => change("conversation-close", id, { outcome }, 2);
export const raise = (id: string, priority: Priority): Promise<OutboxRow> => change("conversation-raise", id, { priority });
export const lower = (id: string, priority: Priority, why: string): Promise<OutboxRow> => change("conversation-lower", id, { priority, why });
