import { signal } from "@preact/signals";
import type { ClosePoll, Poll, PublishPoll } from "../../api/wire";
import { forgetWithOwner } from "../../sync/owner";
import { paged } from "../../sync/paged";
import { actionsOf } from "../../sync/waiting";
import { keptPolls, keptVotes, readPlanned, readPoll, readPolls, readResults, sendVote } from "./actions";
import { withPoll } from "./read";

export type { Poll, PollKind, PublishPoll } from "../../api/wire";

/** Those that have opened, as far as this phone knows. */
export const polls = signal<Poll[]>([]);
/** The places that were voted from this phone, by poll; none where it only knows that it has. */
export const votes = signal<Record<string, number[]>>({});

const put = (poll: Poll): void => {
  polls.value = withPoll(polls.peek(), poll);
};

/** What the phone has itself comes first, and what the server says takes its place. */
async function open(): Promise<void> {
  votes.value = await keptVotes();
  if (polls.peek().length === 0) polls.value = await keptPolls();
}

export async function loadPolls(): Promise<void> {
  await open();
  polls.value = await readPolls();
}

/** Those that stand elsewhere, as in a room: what was voted from here, and their counts where it was. */
export async function openVotes(elsewhere: Poll[]): Promise<void> {
  votes.value = await keptVotes();
  for (const { poll_id, voters } of elsewhere) if (votes.peek()[poll_id] && voters === undefined) put(await readResults(poll_id));
}

/** False when there is none. Whoever has voted from here reads the counts as well. */
export async function loadPoll(poll_id: string): Promise<boolean> {
  await open();
  const poll = await readPoll(poll_id);
  if (!poll) polls.value = polls.peek().filter((one) => one.poll_id !== poll_id);
  else put(votes.peek()[poll_id] && poll.voters === undefined ? await readResults(poll_id) : poll);
  return poll !== null;
}

export async function vote(poll_id: string, places: number[]): Promise<void> {
  const counted = await sendVote(poll_id, places);
  if (!counted) return;
  put(counted);
  votes.value = await keptVotes();
}

const publishing = actionsOf<PublishPoll>("poll-publish");
/** What an officer wrote on this phone, in one dialogue or for everywhere, and is not in the list yet, or was refused. */
export const publishingIn = (dialogue_id?: string): typeof publishing.value => publishing.value.filter(({ body }) => body.dialogue_id === dialogue_id);
/** The same of what an officer closed. */
export const closings = actionsOf<ClosePoll>("poll-close");

/** The officers' list. */
export const { list: planned, load: loadPlanned, more: loadMorePlanned, clear: clearPlanned } = paged<Poll>(readPlanned);

forgetWithOwner(() => {
  // Counts of one that is open are known to those who have voted alone.
  [polls.value, votes.value] = [[], {}];
  clearPlanned();
});
