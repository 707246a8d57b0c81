import type { OpeningState, Wait } from "../../api/wire";
import { asKnown, isNews, type AsKnown } from "./opening";

/** How a talk waits, and when the server said so. */
export interface Heard {
  wait: Wait;
  at: number;
}

/** The same facts as the hours have them. */
const openingOf = (wait: Wait): Pick<OpeningState, "open" | "staffed" | "next_opening"> => ({
  open: wait.open,
  staffed: wait.staffed,
  ...(wait.nobody_reads_before === undefined ? {} : { next_opening: wait.nobody_reads_before }),
});

export type Standing = Pick<OpeningState, "open" | "next_opening">;

/** What may be said of it now: a place in the queue is only ever news, and what was closed stays so until its hour. `known`: what is said of all talks. */
export function heardNow(heard: Heard | null, known: AsKnown | null, now: number): { wait: Wait | null; state: Standing | null } {
  if (!heard) return { wait: null, state: known };
  const state = asKnown({ state: openingOf(heard.wait), at: heard.at }, now);
  if (isNews(heard.at, now)) return { wait: heard.wait, state };
  return { wait: null, state: state && !state.open ? state : known };
}
