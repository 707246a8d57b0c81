import type { AnnounceDialogue } from "../../api/wire";
import { fieldOf } from "../../i18n/field";

/** What the server takes. */
export const LONGEST_QUESTION = 300;
export const LONGEST_TITLE = 100;
export const LONGEST_ABOUT = 1000;
export const LONGEST_ANSWER = 1000;
const MOST_DAYS = 180;
const DAY = 86_400_000;

/** A dialogue that is announced or changed. The time stands as its field has it. */
export interface DialogueDraft {
  title: string;
  title_en: string;
  about: string;
  about_en: string;
  starts_at: string;
  film_url: string;
  /** Of what it began with: what a colleague changes meanwhile is not undone in silence. */
  revision: number;
}

export const empty: DialogueDraft = { title: "", title_en: "", about: "", about_en: "", starts_at: "", film_url: "", revision: 0 };

export const hasWords = ({ title, title_en, about, about_en, film_url }: DialogueDraft): boolean => [title, title_en, about, about_en, film_url].some((words) => words.trim() !== "");

/** Why it cannot go yet. */
export type Lack = "title" | "starts_at" | "film_url";

export function lacks({ title, starts_at, film_url }: DialogueDraft, now: number): Lack[] {
  const at = new Date(starts_at).getTime();
  const found: [Lack, boolean][] = [
    ["title", title.trim() === ""],
    ["starts_at", !(at > now - DAY && at <= now + MOST_DAYS * DAY)],
    ["film_url", film_url.trim() !== "" && !URL.canParse(film_url.trim())],
  ];
  return found.filter(([, lacking]) => lacking).map(([lack]) => lack);
}

/** Of a draft that lacks nothing. What may be empty is left out. */
export function toAnnounce({ title, starts_at, ...more }: DialogueDraft): Omit<AnnounceDialogue, "dialogue_id"> {
  const said = (["title_en", "about", "about_en", "film_url"] as const).flatMap((name) => (more[name].trim() ? [[name, more[name].trim()] as const] : []));
  return { title: title.trim(), starts_at: new Date(starts_at).toISOString(), ...Object.fromEntries(said) };
}

/** One that stands or was refused, in the form. */
export const toDraft = ({ title, title_en = "", about = "", about_en = "", film_url = "", starts_at }: Omit<AnnounceDialogue, "dialogue_id">, revision = 0): DialogueDraft => ({
  title,
  title_en,
  about,
  about_en,
  film_url,
  starts_at: fieldOf(starts_at),
  revision,
});
