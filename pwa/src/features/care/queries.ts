import { signal } from "@preact/signals";
import type { HardCases } from "../../api/wire";
import { keep, kept } from "../../sync/core";
import { pageCore } from "../../sync/mirror";
import { api } from "../../sync/session";

export type { HardCases } from "../../api/wire";

/** Hard cases of the last seven days, as the server last counted them. */
export const hardCases = signal<HardCases[]>([]);
/** The case after which the officer was last asked, and answered. */
export const askedAfter = signal<string | undefined>(undefined);

export async function lookAtHardCases(): Promise<void> {
  const core = await pageCore();
  askedAfter.value = await kept(core, "pause_asked");
  hardCases.value = (await api<{ items: HardCases[] }>(core, "/api/v1/care/hard-cases")).items;
}

/** Asked once after a case, whatever the answer. */
export async function answered(last_at: string): Promise<void> {
  askedAfter.value = last_at;
  await keep(await pageCore(), "pause_asked", last_at);
}
