import type { OpeningState } from "../../api/wire";

/** `as_of`: when it was so, where that is no news any more. */
export type AsKnown<State = OpeningState> = State & { as_of?: string };

/** How long the server's word is news; older than that its age is told. */
const FRESH_MS = 2 * 60_000;

export const isNews = (at: number, now: number): boolean => Math.abs(now - at) < FRESH_MS;

type Hours = Pick<OpeningState, "open" | "staffed" | "open_until" | "next_opening">;

/** What may be said of what the server said then: who is there is only ever news, and past the moment that it named nothing is known. */
export function asKnown<State extends Hours>({ state, at }: { state: State; at: number }, now: number): AsKnown<State> | null {
  if (isNews(at, now)) return state;
  const end = state.open ? state.open_until : state.next_opening;
  if (end !== undefined && Date.parse(end) <= now) return null;
  return { ...state, staffed: false, as_of: new Date(at).toISOString() };
}
