import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { HardCases } from "../../api/wire";
import { getKept, kept, putKept } from "../../sync/core";
import { pageCore, self } from "../../sync/mirror";
import type { Kept } from "../../sync/rows";
import { api } from "../../sync/session";

export type { HardCases } from "../../api/wire";

const counted = signal<{ account_id: string | undefined; items: HardCases[] } | null>(null);
const answers = signal<Kept["pause_answers"]>({});

/** Hard cases of the last seven days, as the server last counted them for this officer. */
export const hardCases: ReadonlySignal<HardCases[]> = computed(() => (counted.value?.account_id === self.value?.account_id ? (counted.value?.items ?? []) : []));
/** The case after which this officer was last asked, and answered. */
export const askedAfter: ReadonlySignal<string | undefined> = computed(() => answers.value[self.value?.account_id ?? ""]);

export async function lookAtHardCases(): Promise<void> {
  const core = await pageCore();
  const account_id = self.peek()?.account_id;
  answers.value = (await kept(core, "pause_answers")) ?? {};
  counted.value = { account_id, items: (await api<{ items: HardCases[] }>(core, "/api/v1/care/hard-cases")).items };
}

/** Asked once after a case, whatever the answer. */
export async function answered(last_at: string): Promise<void> {
  const core = await pageCore();
  answers.value = await core.db.write(["kept"], async (tx) => {
    const [own, before = {}] = [await getKept(tx, "self"), await getKept(tx, "pause_answers")];
    if (!own) return before;
    const now = { ...before, [own.account_id]: last_at };
    await putKept(tx, "pause_answers", now);
    return now;
  });
}
