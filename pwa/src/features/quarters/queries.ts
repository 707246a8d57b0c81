import { computed, signal, type ReadonlySignal } from "@preact/signals";
import { now } from "../../i18n/time";
import { kept } from "../../sync/core";
import { pageCore } from "../../sync/mirror";
import type { KeptOpening } from "../../sync/rows";
import { asKnown, type AsKnown } from "./opening";

export type { OpeningState } from "../../api/wire";

/** What the server last said, and when. */
export const known = signal<KeptOpening | null>(null, {
  watched: () => {
    void pageCore()
      .then((core) => kept(core, "opening"))
      .then((found) => {
        if (found && !known.peek()) known.value = found;
      })
      .catch(() => undefined);
  },
});

/** Whether it is open, as far as this phone can tell. */
export const opening: ReadonlySignal<AsKnown | null> = computed(() => known.value && asKnown(known.value, now.value));

/** How long one has waited before one is asked whether to leave. */
export const LONG_MS = 5 * 60_000;

export const waitsLong = (since: string): boolean => now.value - Date.parse(since) >= LONG_MS;
