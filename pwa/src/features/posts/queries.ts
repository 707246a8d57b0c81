import { computed, signal } from "@preact/signals";
import type { CorrectPost, PlannedPost, Post, PublishPost, WithdrawPost } from "../../api/wire";
import { now } from "../../i18n/time";
import { forgetWithOwner } from "../../sync/owner";
import { paged } from "../../sync/paged";
import { actionsOf } from "../../sync/waiting";
import { keptPosts, readPlanned, readPost, readPosts } from "./actions";
import { isOf, shown, withPost, type Narrowing } from "./read";

export type { PlannedPost, Post, PostFile, PostState, PostVersion, PublishPost, Topic } from "../../api/wire";

/** What the list is narrowed to; it stands when one comes back from a post. */
export const narrowing = signal<Narrowing>({ topic: "", municipality: "" });

/** The public list, page by page. */
export const feed = computed(() => {
  const by = narrowing.value;
  return paged<Post>((next) => readPosts(by, next));
});

/** Those that this phone has itself, and those that were read one by one. */
const known = signal<Post[]>([]);

/** What stands on the screen: what the server says, and before that what the phone has. */
export const posts = computed(() => shown(feed.value.list.value?.items ?? known.value.filter((post) => isOf(post, narrowing.value)), now.value));

async function open(): Promise<void> {
  if (known.peek().length === 0) known.value = await keptPosts();
}

export async function loadPosts(): Promise<void> {
  await open();
  await feed.peek().load();
}

/** One, as it was read last. */
export const postOf = (post_id: string): Post | undefined => {
  const post = known.value.find((one) => one.post_id === post_id) ?? feed.value.list.value?.items.find((one) => one.post_id === post_id);
  return post && shown([post], now.value)[0];
};

/** False when there is none. */
export async function loadPost(post_id: string): Promise<boolean> {
  await open();
  const post = await readPost(post_id);
  known.value = post ? withPost(known.peek(), post) : known.peek().filter((one) => one.post_id !== post_id);
  // What was withdrawn stands in no list that was read before.
  if (!post) await feed.peek().load();
  return post !== null;
}

/** What an officer wrote on this phone and is not in the list yet, or was refused. */
export const publishing = actionsOf<PublishPost>("post-publish");
export const corrections = actionsOf<CorrectPost>("post-correct");
export const withdrawals = actionsOf<WithdrawPost>("post-withdraw");

/** The officers' list. */
export const { list: planned, load: loadPlanned, more: loadMorePlanned, clear: clearPlanned } = paged<PlannedPost>(readPlanned);

forgetWithOwner(() => {
  // What somebody looked for, and read, is nobody else's.
  [narrowing.value, known.value] = [{ topic: "", municipality: "" }, []];
  clearPlanned();
});

/** Reads on until this one is there; nothing when it is none of them. */
export async function loadPlannedPost(post_id: string): Promise<void> {
  const found = () => planned.peek()?.items.some(({ post }) => post.post_id === post_id);
  await loadPlanned();
  while (!found() && planned.peek()?.next !== undefined) await loadMorePlanned();
}
