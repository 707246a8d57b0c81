import type { CorrectPost, Post, PublishPost, Topic } from "../../api/wire";
import type { FileRow } from "../../sync/rows";
import { fieldOf } from "../../i18n/field";
import { captionsOf } from "./captions";

/** What the server takes. */
export const LONGEST_TITLE = 100;
export const LONGEST_TEXT = 2000;
export const LONGEST_ALT = 500;
export const LONGEST_WHY = 500;
export const MOST_PICTURES = 8;
const MOST_DAYS = 60;
const DAY = 86_400_000;

export interface AltDraft {
  alt: string;
  alt_en: string;
}

/** What a post says. */
export interface WordsDraft {
  title: string;
  title_en: string;
  text: string;
  text_easy: string;
  text_en: string;
  /** By file. */
  alts: Record<string, AltDraft>;
  captions: string;
}

/** A post that is being written; its files stand on the phone. Times stand as the fields have them; no end means that it stays until it is withdrawn. */
export interface PostDraft extends WordsDraft {
  topic: Topic | "";
  quarter_id: string;
  municipalities: string[];
  later: boolean;
  publish_at: string;
  expires_at: string;
}

export const noWords: WordsDraft = { title: "", title_en: "", text: "", text_easy: "", text_en: "", alts: {}, captions: "" };
export const empty: PostDraft = { ...noWords, topic: "", quarter_id: "", municipalities: [], later: false, publish_at: "", expires_at: "" };
export const noAlt: AltDraft = { alt: "", alt_en: "" };

export const hasWords = ({ title, title_en, text, text_easy, text_en, captions }: WordsDraft): boolean => [title, title_en, text, text_easy, text_en, captions].some((words) => words.trim() !== "");

/** Why it cannot be published, or corrected, yet. */
export type Lack = "topic" | "title" | "text" | "alts" | "captions" | "from" | "until" | "why";

type Named = Pick<FileRow, "file_id" | "media_type">;
const isFilm = ({ media_type }: Named): boolean => media_type.startsWith("video/");

function lacksOfWords(draft: WordsDraft, files: Pick<Named, "file_id">[], film: boolean): [Lack, boolean][] {
  return [
    ["title", draft.title.trim() === ""],
    ["text", draft.text.trim() === ""],
    ["alts", files.some(({ file_id }) => !draft.alts[file_id]?.alt.trim())],
    ["captions", film && draft.captions.trim() !== "" && "line" in captionsOf(draft.captions)],
  ];
}

const those = (found: [Lack, boolean][]): Lack[] => found.filter(([, lacking]) => lacking).map(([lack]) => lack);

export function lacks(draft: PostDraft, files: Named[], now: number): Lack[] {
  const from = draft.later ? new Date(draft.publish_at).getTime() : now;
  return those([
    ["topic", draft.topic === ""],
    ...lacksOfWords(draft, files, files.some(isFilm)),
    ["from", draft.later && !(from > now && from <= now + MOST_DAYS * DAY)],
    ["until", draft.expires_at !== "" && !Number.isNaN(from) && !(new Date(draft.expires_at).getTime() > from)],
  ]);
}

/** What may be empty is left out. */
const said = <Name extends string>(name: Name, text: string): { [key in Name]?: string } => (text.trim() ? ({ [name]: text.trim() } as { [key in Name]: string }) : {});

const wordsTo = (draft: WordsDraft) => ({
  title: draft.title.trim(),
  ...said("title_en", draft.title_en),
  text: draft.text.trim(),
  ...said("text_en", draft.text_en),
  ...said("text_easy", draft.text_easy),
});

const altTo = ({ alt, alt_en }: AltDraft = noAlt) => ({ alt: alt.trim(), ...said("alt_en", alt_en) });
const vttOf = (given: string): string => {
  const read = captionsOf(given);
  return "vtt" in read ? read.vtt : "";
};

/** Of a draft that lacks nothing. Nothing as long as the topic is not chosen. */
export function toPublish(draft: PostDraft, files: FileRow[]): Omit<PublishPost, "post_id"> | null {
  if (draft.topic === "") return null;
  return {
    topic: draft.topic,
    ...said("quarter_id", draft.quarter_id),
    municipalities: draft.municipalities,
    ...wordsTo(draft),
    files: files.map(({ file_id, sha256, size, media_type }) => ({ file: { file_id, sha256, size, media_type }, ...altTo(draft.alts[file_id]) })),
    ...(files.some(isFilm) ? said("captions", vttOf(draft.captions)) : {}),
    ...(draft.later ? { publish_at: new Date(draft.publish_at).toISOString() } : {}),
    ...(draft.expires_at ? { expires_at: new Date(draft.expires_at).toISOString() } : {}),
  };
}

/** A post that was refused, back in the form. */
export const toDraft = (post: PublishPost): PostDraft => ({
  topic: post.topic,
  quarter_id: post.quarter_id ?? "",
  municipalities: post.municipalities ?? [],
  title: post.title,
  title_en: post.title_en ?? "",
  text: post.text,
  text_easy: post.text_easy ?? "",
  text_en: post.text_en ?? "",
  alts: Object.fromEntries((post.files ?? []).map(({ file, alt, alt_en = "" }) => [file.file_id, { alt, alt_en }])),
  captions: post.captions ?? "",
  later: post.publish_at !== undefined,
  publish_at: post.publish_at ? fieldOf(post.publish_at) : "",
  expires_at: post.expires_at ? fieldOf(post.expires_at) : "",
});

/** A correction that is being written. `drops`: the film has no captions from now on. */
export interface CorrectionDraft extends WordsDraft {
  /** Of what it began with: what a colleague says meanwhile is not undone in silence. */
  revision: number;
  why: string;
  drops: boolean;
}

/** It begins with what the post says; captions only come in when they are to be others. */
export const correctionOf = ({ title, title_en = "", text, text_easy = "", text_en = "", files, revision }: Post): CorrectionDraft => ({
  revision,
  title,
  title_en,
  text,
  text_easy,
  text_en,
  alts: Object.fromEntries(files.map(({ file_id, alt, alt_en = "" }) => [file_id, { alt, alt_en }])),
  captions: "",
  why: "",
  drops: false,
});

export const lacksOfCorrection = (draft: CorrectionDraft, { files }: Post): Lack[] =>
  those([...lacksOfWords(draft, files, files.some((file) => file.is_film)), ["why", draft.why.trim() === ""]]);

export const toCorrection = (draft: CorrectionDraft, { post_id, files }: Post): CorrectPost => ({
  post_id,
  expected_revision: draft.revision,
  why: draft.why.trim(),
  ...wordsTo(draft),
  alts: files.map(({ file_id }) => ({ file_id, ...altTo(draft.alts[file_id]) })),
  ...(draft.drops ? { captions: "" } : said("captions", vttOf(draft.captions))),
});

/** As a youth will see it; its files stand on the phone. */
export const preview = (draft: PostDraft, now: number): Omit<Post, "files"> => ({
  post_id: "preview",
  topic: draft.topic || "well-being",
  municipalities: draft.municipalities,
  ...wordsTo(draft),
  film_as_sent: false,
  published_at: new Date(now).toISOString(),
  revision: 0,
});
