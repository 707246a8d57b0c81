import type { Poll } from "../../api/wire";

/** stopped: closed before it opened. */
export type PollState = "planned" | "open" | "over" | "stopped";

export function stateOf({ opens_at, closes_at }: Pick<Poll, "opens_at" | "closes_at">, now: number): PollState {
  const [from, until] = [Date.parse(opens_at), Date.parse(closes_at)];
  if (until <= from) return "stopped";
  return from > now ? "planned" : until > now ? "open" : "over";
}

/** Counts are known once it is over, and to a phone that has voted. */
export const isCounted = (poll: Poll): boolean => poll.voters !== undefined;

/** Of a hundred who have voted, in whole ones; none of nobody. */
export const percent = (votes: number, voters: number): number => (voters === 0 ? 0 : Math.round((100 * votes) / voters));

/** The newer of what stands here and what came takes its place; one that is new comes first. */
export const withPoll = (polls: Poll[], poll: Poll): Poll[] =>
  polls.some((one) => one.poll_id === poll.poll_id) ? polls.map((one) => (one.poll_id === poll.poll_id ? poll : one)) : [poll, ...polls];
