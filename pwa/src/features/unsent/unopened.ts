import type { StoreName, Tx } from "../../sync/db";
import { pageCore } from "../../sync/mirror";

const STORES: StoreName[] = ["outbox", "drafts"];

/** Throws away what does not open any more. What opens stays, also what was written a moment ago. */
export async function dropUnopened(): Promise<void> {
  const core = await pageCore();
  await core.db.write(STORES, forgetUnopened);
  core.changed();
}

export async function forgetUnopened(tx: Tx): Promise<void> {
  for (const store of STORES) for (const key of await tx.keys(store)) if (!(await tx.get(store, key))) await tx.del(store, key);
}
