import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { OpeningState, Wait } from "../../api/wire";
import { now } from "../../i18n/time";
import { kept } from "../../sync/core";
import { pageCore } from "../../sync/mirror";
import type { KeptOpening } from "../../sync/rows";

export type { OpeningState, Wait } from "../../api/wire";

/** How long the server's word is news; older than that its age is told. */
const FRESH_MS = 2 * 60_000;

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

/** Whether it is open, as far as this phone can tell: a time that was told of and has passed since is gone by. Who is there is only ever news. */
export const opening: ReadonlySignal<(OpeningState & { as_of?: string }) | null> = computed(() => {
  if (!known.value) return null;
  const { state, at } = known.value;
  const news = Math.abs(now.value - at) < FRESH_MS;
  if (news) return state;
  const passed = (time: string | undefined) => time !== undefined && Date.parse(time) <= now.value;
  // Whatever comes after that is not known here.
  if (passed(state.open ? state.open_until : state.next_opening)) return null;
  return { ...state, staffed: false, as_of: new Date(at).toISOString() };
});

/** How long one has waited before one is asked whether to leave. */
export const LONG_MS = 5 * 60_000;

export const waitsLong = (since: string): boolean => now.value - Date.parse(since) >= LONG_MS;

/** The same facts as a talk's answer has them. */
export const openingOf = (wait: Wait): Pick<OpeningState, "open" | "staffed" | "next_opening"> => ({
  open: wait.open,
  staffed: wait.staffed,
  ...(wait.nobody_reads_before === undefined ? {} : { next_opening: wait.nobody_reads_before }),
});
