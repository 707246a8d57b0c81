import { call } from "../../api/client";
import type { Places, Tip } from "../../api/wire";
import { keep, kept } from "../../sync/core";
import { kick } from "../../sync/engine";
import { uuidV7 } from "../../sync/ids";
import { pageCore, pageLocale, refresh } from "../../sync/mirror";
import { dropRefused, enqueue } from "../../sync/outbox";
import { reach } from "../../sync/session";

export type NewTip = Pick<Tip, "municipality" | "text" | "action"> & { topic: string };

/** Reads the public list; what was read last stays to be seen without a network. */
export async function loadTips(): Promise<void> {
  const core = await pageCore();
  const { items } = await reach(core, () => call<{ items: Partial<Tip>[] }>(core.fetch, "/api/v1/tips"));
  await keep(core, "tips", { items: items.map((tip) => ({ public_number: "", ...tip })) as Tip[], at: core.now() });
}

/** Counties, municipalities and topics: they hardly ever change, so the phone's own copy is as good. */
export async function places(): Promise<Places> {
  const core = await pageCore();
  try {
    const found = await reach(core, () => call<Places>(core.fetch, "/api/v1/tips/places"));
    await keep(core, "places", found);
    return found;
  } catch (error) {
    const known = await kept(core, "places");
    if (known) return known;
    throw error;
  }
}

/** Resolves once it is safe on this device. */
export async function publishTip(tip: NewTip): Promise<string> {
  const core = await pageCore();
  const tip_id = uuidV7(core.fill, core.now());
  await enqueue(core, pageLocale(), { kind: "tip-publish", lane: "tips", body: { tip_id, ...tip } });
  void kick("write").then(() => loadTips().catch(() => undefined));
  return tip_id;
}

/** Takes away a tip that was refused; its words are in the form again. */
export async function dropTip(action_id: string): Promise<void> {
  await dropRefused(await pageCore(), action_id);
  await refresh();
}
