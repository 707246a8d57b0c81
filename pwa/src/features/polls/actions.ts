import { call } from "../../api/client";
import type { ClosePoll, Poll, PollPage, PublishPoll } from "../../api/wire";
import { kindOf } from "../../i18n/Problem";
import { getKept, keep, kept, putKept } from "../../sync/core";
import { kick } from "../../sync/engine";
import { uuidV7 } from "../../sync/ids";
import { pageCore, pageLocale, refresh } from "../../sync/mirror";
import { dropRefused, enqueue, selfOrNew, type NewAction } from "../../sync/outbox";
import { api, reach } from "../../sync/session";
import { withPoll } from "./read";

const PATH = "/api/v1/polls";

/** The public list as this phone read it last; it stands without a network. */
export const keptPolls = async (): Promise<Poll[]> => (await kept(await pageCore(), "polls")) ?? [];

export async function readPolls(): Promise<Poll[]> {
  const core = await pageCore();
  const { items } = await reach(core, () => call<PollPage>(core.fetch, `${PATH}?limit=100`));
  await keep(core, "polls", items);
  return items;
}

/** One as it stands now; nothing when there is none, and then it is not here either. */
export async function readPoll(poll_id: string): Promise<Poll | null> {
  const core = await pageCore();
  let poll: Poll | null = null;
  try {
    poll = await reach(core, () => call<Poll>(core.fetch, `${PATH}/${poll_id}`));
  } catch (error) {
    if (kindOf(error) !== "not-found" && kindOf(error) !== "malformed") throw error;
  }
  const known = await keptPolls();
  await keep(core, "polls", poll ? withPoll(known, poll) : known.filter((one) => one.poll_id !== poll_id));
  return poll;
}

/** What this phone has voted, by poll. */
export async function keptVotes(): Promise<Record<string, number[]>> {
  const core = await pageCore();
  const [self, votes] = [await kept(core, "self"), await kept(core, "votes")];
  return votes && votes.account_id === self?.account_id ? votes.places : {};
}

/** Needs a network, and waits in no queue. Whoever is nobody yet has an account from now on, as with the first words. Gives the counts; nothing when the one who voted has left meanwhile. */
export async function sendVote(poll_id: string, places: number[]): Promise<Poll | null> {
  const core = await pageCore();
  const { account_id } = await core.db.write(["kept"], (tx) => selfOrNew(core, tx, pageLocale()));
  const counted = await api<Poll>(core, `${PATH}/${poll_id}/votes`, { method: "POST", body: { places } }).catch((problem: unknown) => {
    if (kindOf(problem) !== "voted-already") throw problem;
    return null;
  });
  const there = await core.db.write(["kept"], async (tx) => {
    if ((await getKept(tx, "self"))?.account_id !== account_id) return false;
    const before = await getKept(tx, "votes");
    const others = before?.account_id === account_id ? before.places : {};
    // Of a vote that was counted before, this phone may not know what it was.
    await putKept(tx, "votes", { account_id, places: { ...others, [poll_id]: counted ? places : (others[poll_id] ?? []) } });
    return true;
  });
  await refresh();
  return there ? (counted ?? readResults(poll_id)) : null;
}

/** With its counts, for a phone that has voted or when it is over. */
export const readResults = async (poll_id: string): Promise<Poll> => api(await pageCore(), `${PATH}/${poll_id}/results`);

/** All that there are, as officers see them. */
export const readPlanned = async (next?: string): Promise<PollPage> =>
  api(await pageCore(), `${PATH}/planned?limit=30${next === undefined ? "" : `&next=${encodeURIComponent(next)}`}`);

/** Resolves once it is safe on this device. */
async function put(action: Omit<NewAction, "lane">): Promise<void> {
  await enqueue(await pageCore(), pageLocale(), { ...action, lane: "polls" });
  void kick("write");
}

export async function publishPoll(poll: Omit<PublishPoll, "poll_id">): Promise<void> {
  const core = await pageCore();
  await put({ kind: "poll-publish", body: { poll_id: uuidV7(core.fill, core.now()), ...poll } });
}

export const closePoll = (close: ClosePoll): Promise<void> => put({ kind: "poll-close", body: close });

/** Takes away what was refused; its words are in the form again. */
export async function dropPoll(action_id: string): Promise<void> {
  await dropRefused(await pageCore(), action_id);
  await refresh();
}
