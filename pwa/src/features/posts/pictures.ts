import { shared } from "../../sync/shared";
import type { Post } from "../../api/wire";
import { stillOf } from "./read";

const NAME = "posts";
/** What the pictures of the latest posts may take on the phone. */
const MOST_BYTES = 3 * 1024 * 1024;

/** The first picture of each, as many as there is room for: the newest come first. */
export function wanted(posts: Post[]): string[] {
  let room = MOST_BYTES;
  return posts.flatMap(({ post_id, files }) => {
    const still = files[0] ? stillOf(post_id, files[0]) : null;
    if (!still || still.size > room) return [];
    room -= still.size;
    return [still.path];
  });
}

const sparing = (): boolean => (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;

/** Keeps the pictures of the latest posts for a time without a network, and lets all others go. */
export async function keepPictures(posts: Post[]): Promise<void> {
  if (shared || typeof caches === "undefined") return;
  const cache = await caches.open(NAME);
  const paths = wanted(posts);
  for (const { url } of await cache.keys()) if (!paths.includes(new URL(url).pathname)) await cache.delete(url);
  if (sparing()) return;
  // One that is gone meanwhile, or does not fit, keeps none of the others away.
  for (const path of paths) if (!(await cache.match(path))) await cache.add(path).catch(() => undefined);
}

/** All of them go. Where storage is refused there are none. */
export async function forgetPictures(): Promise<void> {
  if (typeof caches !== "undefined") await caches.delete(NAME).catch(() => undefined);
}

/** The phone's own copy of a picture. */
export async function keptPicture(path: string): Promise<Blob | null> {
  if (shared || typeof caches === "undefined") return null;
  const found = await (await caches.open(NAME)).match(path);
  return found ? found.blob() : null;
}
