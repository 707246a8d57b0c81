import { computed, signal, type ReadonlySignal } from "@preact/signals";
import { getKept, kept, putKept } from "../../sync/core";
import { pageCore, self } from "../../sync/mirror";
import type { FirstShift, Kept } from "../../sync/rows";

/** Nothing: it was not read yet. */
const all = signal<Kept["first_shift"] | null>(null, {
  watched: () => {
    void pageCore()
      .then((core) => kept(core, "first_shift"))
      .then((found) => (all.value = found ?? {}))
      .catch(() => undefined);
  },
});

/** What this officer's phone has been seen to have. */
export const first: ReadonlySignal<FirstShift | null> = computed(() => all.value && (all.value[self.value?.account_id ?? ""] ?? {}));

/** What was seen once stays seen: a shift ends, and an app may be opened in a browser again. */
export async function saw(seen: FirstShift): Promise<void> {
  const core = await pageCore();
  all.value = await core.db.write(["kept"], async (tx) => {
    const [own, before = {}] = [await getKept(tx, "self"), await getKept(tx, "first_shift")];
    if (!own) return before;
    const now = { ...before, [own.account_id]: { ...before[own.account_id], ...seen } };
    await putKept(tx, "first_shift", now);
    return now;
  });
}
