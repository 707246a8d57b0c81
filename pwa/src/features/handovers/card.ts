import type { Card, Receiver } from "../../api/wire";
import { m } from "../../i18n";

/** The lines of a card in the order in which they are read aloud. */
export const LINES = ["what", "where", "when", "people", "danger", "last_words", "youth_told"] as const satisfies (keyof Card)[];
export type Line = (typeof LINES)[number];
/** The longest line, in characters. */
export const LONGEST_LINE = 300;
export const LONGEST_NAME = 100;
export const LONGEST_TOLD = 1000;

/** A ready text takes the place of nothing and of another ready text, and follows what somebody has written. */
export function withReady(stands: string, ready: string, all: string[]): string {
  const own = stands.trim();
  return own === "" || all.includes(own) ? ready : `${own}\n\n${ready}`;
}

export const lineNames: Record<Line, () => string> = {
  what: m.card_what,
  where: m.card_where,
  when: m.card_when,
  people: m.card_people,
  danger: m.card_danger,
  last_words: m.card_last_words,
  youth_told: m.card_youth_told,
};

export const receivers: Record<Receiver, { name: string; tel: string }> = { "112": { name: "112", tel: "112" }, "114-14": { name: "114 14", tel: "11414" } };

/** No more of the card's time than this may pass before help has been asked for. */
export const MOST_SECONDS = 30;
const WORDS_A_SECOND = 2.5;

/** The names of letters as Swedish dispatchers know them; incident numbers hold no others. */
const NAMES: Record<string, string> = {
  C: "Cesar", D: "David", F: "Filip", G: "Gustav", H: "Helge", J: "Johan", K: "Kalle", M: "Martin",
  N: "Niklas", P: "Petter", R: "Rudolf", T: "Tore", W: "Wilhelm", X: "Xerxes",
};

/** An incident number sign by sign, with a halt between its groups: "7 Kalle 4 Martin, 9 2 Xerxes Rudolf". */
export const spelled = (number: string): string =>
  number
    .split("-")
    .map((group) => [...group].map((sign) => NAMES[sign] ?? sign).join(" "))
    .join(", ");

/** The card as it is said over the phone. Before it has arrived it has no number. */
export function asRead(card: Card, receiver: Receiver, number?: string): string[] {
  const first = number === undefined ? m.card_read_first_unnumbered({ receiver: receivers[receiver].name }) : m.card_read_first({ receiver: receivers[receiver].name, number: spelled(number) });
  const lines = LINES.flatMap((line) => (card[line] ? [`${lineNames[line]()}: ${card[line]}`] : []));
  return [first, ...lines];
}

export function secondsOf(lines: string[]): number {
  const words = lines.join(" ").split(/\s+/).filter(Boolean).length;
  return Math.ceil(words / WORDS_A_SECOND);
}

/** Words that a youth takes for a car on its way. \b knows no å, ä or ö. */
const PROMISES = [
  /(?<!\p{L})(polis)?bil(en)?(?!\p{L})/iu,
  /(?<!\p{L})(patrull|polis|hjälp|ambulans)\p{L}*\s+(\p{L}+\s+)?(kommer|åker|rycker)(?!\p{L})/iu,
  /(?<!\p{L})(vi|de|någon)\s+(kommer|åker)(?!\p{L})(?!\s+att\s+(bestämma|läsa))/iu,
  /(?<!\p{L})på\s+väg(?!\p{L})/iu,
  /(?<!\p{L})(are|is|'re|'s)\s+coming(?!\p{L})/iu,
  /(?<!\p{L})will\s+(come|be\s+there)(?!\p{L})/iu,
  /(?<!\p{L})(on\s+(the|its|their|our)\s+way|cars?)(?!\p{L})/iu,
];

export const promises = (text: string): boolean => PROMISES.some((words) => words.test(text));
