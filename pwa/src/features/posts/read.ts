import type { Post, PostFile } from "../../api/wire";

/** How many posts this phone keeps for a time without a network. */
const KEPT = 10;

export interface Still {
  path: string;
  size: number;
  width: number | undefined;
  height: number | undefined;
}

type Rendition = PostFile["renditions"][number]["rendition"];

export const pathOf = (post_id: string, { file_id }: Pick<PostFile, "file_id">, rendition: Rendition): string => `/api/v1/posts/${post_id}/files/${file_id}/${rendition}`;

/** What stands for a file where there is room for a picture: a small one, or a film's poster, which there may be none of. */
export function stillOf(post_id: string, file: PostFile): Still | null {
  const made = file.renditions.find(({ rendition }) => rendition === (file.is_film ? "poster" : "small"));
  if (made) return { path: pathOf(post_id, file, made.rendition), size: made.size, width: made.width ?? file.width, height: made.height ?? file.height };
  return file.is_film || file.media_type === undefined ? null : { path: pathOf(post_id, file, "full"), size: file.size ?? 0, width: file.width, height: file.height };
}

export interface Source {
  rendition: "small" | "full";
  size: number;
}

/** The ways that a film can be seen, the lightest first. */
export function sourcesOf({ renditions, size = 0, media_type }: Pick<PostFile, "renditions" | "size" | "media_type">): Source[] {
  const small = renditions.find(({ rendition }) => rendition === "small");
  return [...(small ? [{ rendition: "small" as const, size: small.size }] : []), ...(media_type === undefined ? [] : [{ rendition: "full" as const, size }])];
}

/** What it shows, in the reader's language where there are such words. */
export const altOf = ({ alt, alt_en }: Pick<PostFile, "alt" | "alt_en">, locale: string): string => (locale === "en" && alt_en !== undefined ? alt_en : alt);

export const paragraphs = (text: string): string[] =>
  text
    .split(/\n\s*\n/)
    .map((one) => one.trim())
    .filter(Boolean);

/** Those that are still to be shown. */
export const shown = (posts: Post[], now: number): Post[] => posts.filter(({ expires_at }) => expires_at === undefined || Date.parse(expires_at) > now);

export interface Narrowing {
  topic: string;
  municipality: string;
}

/** As the server narrows the list; a post that is for no municipality is for all of them. */
export const isOf = ({ topic, municipalities }: Pick<Post, "topic" | "municipalities">, by: Narrowing): boolean =>
  (by.topic === "" || topic === by.topic) && (by.municipality === "" || municipalities.length === 0 || municipalities.includes(by.municipality));

/** The latest of those that came. What was corrected in them is known only of one that was read by itself, and stands as long as it is of the same words. */
export const latest = (before: Post[], now: Post[]): Post[] =>
  now.slice(0, KEPT).map((post) => {
    const known = before.find((one) => one.post_id === post.post_id && one.revision === post.revision);
    return known?.corrections && post.corrections === undefined ? { ...post, corrections: known.corrections } : post;
  });

/** The newer of what stands here and what came takes its place; one that is new comes first. */
export const withPost = (posts: Post[], post: Post): Post[] =>
  posts.some((one) => one.post_id === post.post_id) ? posts.map((one) => (one.post_id === post.post_id ? post : one)) : [post, ...posts];
