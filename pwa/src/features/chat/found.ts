import type { Conversation } from "../../api/wire";
import { getKept, type Core } from "../../sync/core";
import { erasures, putTalk, still } from "../../sync/pull";
import { api } from "../../sync/session";

export interface Found {
  items: Conversation[];
  next?: string;
}

/** Looks for talks with the server. What is found stands on this phone as any other talk does, so that it opens as what it is. */
export async function findTalks(core: Core, query: URLSearchParams): Promise<Found> {
  const before = await core.db.read(["kept"], async (tx) => ({ self: await getKept(tx, "self"), asked: await erasures(tx) }));
  const found = await api<Found>(core, `/api/v1/chat/conversations?${query}`);
  await core.db.write(["kept", "conversations", "messages"], async (tx) => {
    if (!before.self || !(await still(tx, before.self)) || (await erasures(tx)) !== before.asked) return;
    for (const talk of found.items) await putTalk(tx, talk);
  });
  core.changed();
  return found;
}
