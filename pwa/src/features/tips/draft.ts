import type { AgeBand, Audience, Locale, PublishTip, TipAction, Topic } from "../../api/wire";
import { fieldOf } from "../../i18n/field";

/** What the server takes. */
const MOST_WORDS = 60;
const MOST_DAYS = 60;
/** How long a tip is shown, if nobody says. */
const USUAL_DAYS = 14;
const DAY = 86_400_000;

/** A tip that is being written. Times stand as the fields have them; none means the usual one. */
export interface TipDraft {
  topic: Topic | "";
  municipalities: string[];
  age_bands: AgeBand[];
  languages: Locale[];
  text: string;
  text_en: string;
  text_easy: string;
  action: TipAction;
  later: boolean;
  publish_at: string;
  expires_at: string;
  urgent: boolean;
}

export const empty: TipDraft = {
  topic: "",
  municipalities: [],
  age_bands: [],
  languages: [],
  text: "",
  text_en: "",
  text_easy: "",
  action: "read",
  later: false,
  publish_at: "",
  expires_at: "",
  urgent: false,
};

export type Texts = "text" | "text_en" | "text_easy";
export const texts: Texts[] = ["text", "text_en", "text_easy"];

export const wordsIn = (text: string): number => text.trim().split(/\s+/).filter(Boolean).length;
export const tooLong = (text: string): boolean => wordsIn(text) > MOST_WORDS;
export const hasWords = (draft: TipDraft): boolean => texts.some((name) => draft[name].trim() !== "");

const momentOf = (field: string): number => new Date(field).getTime();

/** When it is published, and until when it is shown; NaN where a field holds no moment. */
export function times({ later, publish_at, expires_at }: Pick<TipDraft, "later" | "publish_at" | "expires_at">, now: number): { from: number; until: number } {
  const from = later ? momentOf(publish_at) : now;
  return { from, until: expires_at ? momentOf(expires_at) : from + USUAL_DAYS * DAY };
}

/** Why it cannot be published yet. */
export type Lack = "topic" | "text" | "too-long" | "from" | "until";

export function lacks(draft: TipDraft, now: number): Lack[] {
  const { from, until } = times(draft, now);
  const found: [Lack, boolean][] = [
    ["topic", draft.topic === ""],
    ["text", draft.text.trim() === ""],
    ["too-long", texts.some((name) => tooLong(draft[name]))],
    ["from", draft.later && !(from > now && from <= now + MOST_DAYS * DAY)],
    ["until", !Number.isNaN(from) && !(until > from && until <= from + MOST_DAYS * DAY)],
  ];
  return found.filter(([, lacking]) => lacking).map(([lack]) => lack);
}

export function audienceOf({ topic, municipalities, age_bands, languages }: TipDraft): Audience | null {
  return topic === "" ? null : { topic, municipalities, age_bands, languages };
}

/** Whether it is less than all who asked for the topic: only then are few phones left alone. */
export const isNarrowed = ({ municipalities, age_bands, languages }: Pick<Audience, "municipalities" | "age_bands" | "languages">): boolean =>
  [municipalities, age_bands, languages].some((chosen) => chosen.length > 0);

/** What may be empty is left out. */
const said = <Name extends string>(name: Name, text: string): { [key in Name]?: string } => (text.trim() ? ({ [name]: text.trim() } as { [key in Name]: string }) : {});

/** Of a draft that lacks nothing. Nothing as long as the topic is not chosen. */
export function toPublish(draft: TipDraft): Omit<PublishTip, "tip_id"> | null {
  const audience = audienceOf(draft);
  return (
    audience && {
      ...audience,
      text: draft.text.trim(),
      ...said("text_en", draft.text_en),
      ...said("text_easy", draft.text_easy),
      action: draft.action,
      ...(draft.later ? { publish_at: new Date(draft.publish_at).toISOString() } : {}),
      ...(draft.expires_at ? { expires_at: new Date(draft.expires_at).toISOString() } : {}),
      urgent: draft.urgent,
    }
  );
}

/** A tip that was refused, back in the form. One of an older version names its only municipality. */
export const toDraft = (tip: PublishTip): TipDraft => ({
  topic: tip.topic,
  municipalities: tip.municipalities ?? (tip.municipality ? [tip.municipality] : []),
  age_bands: tip.age_bands ?? [],
  languages: tip.languages ?? [],
  text: tip.text,
  text_en: tip.text_en ?? "",
  text_easy: tip.text_easy ?? "",
  action: tip.action,
  later: tip.publish_at !== undefined,
  publish_at: tip.publish_at ? fieldOf(tip.publish_at) : "",
  expires_at: tip.expires_at ? fieldOf(tip.expires_at) : "",
  urgent: tip.urgent ?? false,
});

/** What stands in the place of a tip that was taken back. */
export interface CorrectionDraft {
  text: string;
  text_en: string;
  text_easy: string;
}

export const toCorrection = ({ text, text_en, text_easy }: CorrectionDraft) => ({
  correction: text.trim(),
  ...said("correction_en", text_en),
  ...said("correction_easy", text_easy),
});
