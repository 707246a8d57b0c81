import type { OpeningState } from "../../api/wire";
import type { KeptOpening } from "../../sync/rows";

/** `as_of`: when it was so, where that is no news any more. */
export type AsKnown = OpeningState & { as_of?: string };

/** How long the server's word is news; older than that its age is told. */
const FRESH_MS = 2 * 60_000;

/** What may be said of what the server said then: who is there is only ever news, and past the moment that it named nothing is known. */
export function asKnown({ state, at }: KeptOpening, now: number): AsKnown | null {
  if (Math.abs(now - at) < FRESH_MS) return state;
  const end = state.open ? state.open_until : state.next_opening;
  if (end !== undefined && Date.parse(end) <= now) return null;
  return { ...state, staffed: false, as_of: new Date(at).toISOString() };
}
