import type { Poll, PollKind, PublishPoll } from "../../api/wire";
import { fieldOf } from "../../i18n/field";

/** What the server takes. */
export const LONGEST_QUESTION = 200;
export const LONGEST_OPTION = 80;
export const MOST_OPTIONS = 8;
export const LEAST_OPTIONS = 2;
const MOST_DAYS = 60;
/** How long it is open, if nobody says. */
const USUAL_DAYS = 14;
const DAY = 86_400_000;
const STEPS = 5;

export interface OptionDraft {
  text: string;
  text_en: string;
}

/** A poll that is being written. Times stand as the fields have them; none means the usual one. */
export interface PollDraft {
  kind: PollKind;
  question: string;
  question_en: string;
  question_easy: string;
  options: OptionDraft[];
  later: boolean;
  opens_at: string;
  closes_at: string;
}

const blank: OptionDraft = { text: "", text_en: "" };
export const empty: PollDraft = { kind: "one", question: "", question_en: "", question_easy: "", options: [blank, blank], later: false, opens_at: "", closes_at: "" };

export const hasWords = ({ question, question_en, question_easy, options }: PollDraft): boolean =>
  [question, question_en, question_easy, ...options.flatMap(({ text, text_en }) => [text, text_en])].some((words) => words.trim() !== "");

/** A scale has its two ends, and what was written beyond them stays for when another kind is chosen. */
export const optionsOf = ({ kind, options }: Pick<PollDraft, "kind" | "options">): OptionDraft[] => (kind === "scale" ? options.slice(0, 2) : options);

export const addOption = (options: OptionDraft[]): OptionDraft[] => [...options, blank];
export const withoutOption = (options: OptionDraft[], at: number): OptionDraft[] => options.filter((_, i) => i !== at);
export const writeOption = (options: OptionDraft[], at: number, words: Partial<OptionDraft>): OptionDraft[] =>
  options.map((option, i) => (i === at ? { ...option, ...words } : option));

/** One place up. */
export function raiseOption(options: OptionDraft[], at: number): OptionDraft[] {
  const [above, own] = [options[at - 1], options[at]];
  return above && own ? options.map((option, i) => (i === at - 1 ? own : i === at ? above : option)) : options;
}

/** When it opens, and until when; NaN where a field holds no moment. */
export function times({ later, opens_at, closes_at }: Pick<PollDraft, "later" | "opens_at" | "closes_at">, now: number): { from: number; until: number } {
  const from = later ? new Date(opens_at).getTime() : now;
  return { from, until: closes_at ? new Date(closes_at).getTime() : from + USUAL_DAYS * DAY };
}

/** Why it cannot be published yet. */
export type Lack = "question" | "options" | "from" | "until";

export function lacks(draft: PollDraft, now: number): Lack[] {
  const { from, until } = times(draft, now);
  const found: [Lack, boolean][] = [
    ["question", draft.question.trim() === ""],
    ["options", optionsOf(draft).some(({ text }) => text.trim() === "")],
    ["from", draft.later && !(from > now && from <= now + MOST_DAYS * DAY)],
    ["until", !Number.isNaN(from) && !(until > from && until <= from + MOST_DAYS * DAY)],
  ];
  return found.filter(([, lacking]) => lacking).map(([lack]) => lack);
}

/** What may be empty is left out. */
const said = <Name extends string>(name: Name, text: string): { [key in Name]?: string } => (text.trim() ? ({ [name]: text.trim() } as { [key in Name]: string }) : {});

/** Of a draft that lacks nothing. */
export const toPublish = (draft: PollDraft): Omit<PublishPoll, "poll_id"> => ({
  kind: draft.kind,
  question: draft.question.trim(),
  ...said("question_en", draft.question_en),
  ...said("question_easy", draft.question_easy),
  options: optionsOf(draft).map(({ text, text_en }) => ({ text: text.trim(), ...said("text_en", text_en) })),
  ...(draft.later ? { opens_at: new Date(draft.opens_at).toISOString() } : {}),
  ...(draft.closes_at ? { closes_at: new Date(draft.closes_at).toISOString() } : {}),
});

/** A poll that was refused, back in the form. */
export const toDraft = ({ kind, question, question_en = "", question_easy = "", options, opens_at, closes_at }: PublishPoll): PollDraft => ({
  kind,
  question,
  question_en,
  question_easy,
  options: options.map(({ text, text_en = "" }) => ({ text, text_en })),
  later: opens_at !== undefined,
  opens_at: opens_at ? fieldOf(opens_at) : "",
  closes_at: closes_at ? fieldOf(closes_at) : "",
});

/** As a youth will see it: a scale gets the steps between its ends. */
export function preview(draft: PollDraft, now: number): Poll {
  const { from, until } = times(draft, now);
  const poll = toPublish({ ...draft, later: false, closes_at: "" });
  const between = Array.from({ length: STEPS - 2 }, () => ({ text: "" }));
  const options = draft.kind === "scale" ? [...poll.options.slice(0, 1), ...between, ...poll.options.slice(1)] : poll.options;
  const at = (time: number): string => new Date(Number.isNaN(time) ? now : time).toISOString();
  return { ...poll, poll_id: "preview", options: options.map((option, place) => ({ place, ...option })), opens_at: at(from), closes_at: at(until), revision: 0 };
}
