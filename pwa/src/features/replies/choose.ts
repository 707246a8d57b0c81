import type { CannedReply, Conversation } from "../../api/wire";

/** How many stand under the composer. */
export const BEST = 3;

/** The replies for a talk, the fittest first; those that are offered no more stand nowhere. */
export function chosen(replies: CannedReply[], talk: Pick<Conversation, "priority" | "self_harm" | "head">, answered: boolean): CannedReply[] {
  const fit = ({ fits }: CannedReply): number =>
    (talk.self_harm && fits.includes("self-harm") ? 4 : 0) + (!answered && fits.includes("first") ? 2 : 0) + (talk.priority !== undefined && fits.includes(talk.priority) ? 1 : 0);
  // A stable sort: of those that fit as well the order is the patrol's.
  return replies.filter((reply) => !reply.ended).sort((a, b) => fit(b) - fit(a));
}

export type ReplyLanguage = "sv" | "easy" | "en";

/** What is known of the fields. */
export interface Known {
  number: string | undefined;
  opening: string | undefined;
}

const UNKNOWN = { sv: "se första sidan", easy: "se första sidan", en: "see the first page" } as const;
const HELPLINE = { sv: "Bris på 116 111", easy: "Bris på 116 111", en: "Bris on 116 111" } as const;

/** A reply with its fields filled in, ready to be read and changed. */
export function filled(reply: CannedReply, language: ReplyLanguage, { number, opening }: Known): string {
  const format = new Intl.DateTimeFormat(language === "en" ? "en-GB" : "sv-SE", { weekday: "long", hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Europe/Stockholm" });
  const fields: Record<string, string> = {
    number: number ?? "",
    opening: opening === undefined ? UNKNOWN[language] : format.format(new Date(opening)),
    helpline: HELPLINE[language],
  };
  return reply[language].replace(/\{(\w+)\}/g, (hole, name: string) => fields[name] ?? hole);
}
