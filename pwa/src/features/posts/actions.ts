import { call } from "../../api/client";
import type { CorrectPost, PlannedPostPage, Post, PostPage, PublishPost, WithdrawPost } from "../../api/wire";
import { kindOf } from "../../i18n/Problem";
import { keep, kept } from "../../sync/core";
import { kick } from "../../sync/engine";
import { uuidV7 } from "../../sync/ids";
import { pageCore, pageLocale, refresh } from "../../sync/mirror";
import { dropRefused, enqueue, type NewAction } from "../../sync/outbox";
import { api, reach } from "../../sync/session";
import { chooseAgain } from "../files/chosen";
import { NEW } from "./attach";
import { keepPictures } from "./pictures";
import { latest, withPost, type Narrowing } from "./read";

const PATH = "/api/v1/posts";

/** The latest as this phone read them; they stand without a network. */
export const keptPosts = async (): Promise<Post[]> => (await kept(await pageCore(), "posts")) ?? [];

async function keepPosts(posts: Post[]): Promise<void> {
  await keep(await pageCore(), "posts", posts);
  // Pictures come after the words, and a phone without room for them has the words all the same.
  void keepPictures(posts).catch(() => undefined);
}

export async function readPosts(by: Narrowing, next?: string): Promise<PostPage> {
  const core = await pageCore();
  const asked = new URLSearchParams({ limit: "20" });
  for (const [name, value] of Object.entries({ ...by, next })) if (value) asked.set(name, value);
  const page = await reach(core, () => call<PostPage>(core.fetch, `${PATH}?${asked}`));
  if (!by.topic && !by.municipality && next === undefined) await keepPosts(latest(await keptPosts(), page.items));
  return page;
}

/** One as it stands now; nothing when there is none, and then it is not here either. */
export async function readPost(post_id: string): Promise<Post | null> {
  const core = await pageCore();
  let post: Post | null = null;
  try {
    post = await reach(core, () => call<Post>(core.fetch, `${PATH}/${post_id}`));
  } catch (error) {
    if (kindOf(error) !== "not-found" && kindOf(error) !== "malformed") throw error;
  }
  const known = await keptPosts();
  if (!post) await keepPosts(known.filter((one) => one.post_id !== post_id));
  else if (known.some((one) => one.post_id === post_id)) await keepPosts(withPost(known, post));
  return post;
}

/** All that there are, as officers see them. */
export const readPlanned = async (next?: string): Promise<PlannedPostPage> =>
  api(await pageCore(), `${PATH}/planned?limit=30${next === undefined ? "" : `&next=${encodeURIComponent(next)}`}`);

/** Resolves once it is safe on this device. */
async function put(action: Omit<NewAction, "lane">): Promise<void> {
  await enqueue(await pageCore(), pageLocale(), { ...action, lane: "posts" });
  await refresh();
  void kick("write");
}

export async function publishPost(post: Omit<PublishPost, "post_id">): Promise<void> {
  const core = await pageCore();
  await put({ kind: "post-publish", body: { post_id: uuidV7(core.fill, core.now()), ...post } });
}

export const correctPost = (correction: CorrectPost): Promise<void> => put({ kind: "post-correct", body: correction });
export const withdrawPost = (withdrawal: WithdrawPost): Promise<void> => put({ kind: "post-withdraw", body: withdrawal });

/** Takes away what was refused. `post`: its words are in the form again, and so are its files. */
export async function dropPost(action_id: string, post?: PublishPost): Promise<void> {
  const core = await pageCore();
  await chooseAgain(core, (post?.files ?? []).map(({ file }) => file.file_id), { post_id: NEW });
  await dropRefused(core, action_id);
  await refresh();
}
