import type { SendMessage, Triage } from "../../api/wire";
import { halfWritten, write } from "./halfWritten";

type Question = keyof Triage;
const QUESTIONS: Question[] = ["danger", "hurt", "where"];

/** What has been answered and not sent; it stands beside the first words, and outlives a reload as they do. */
export const answered = (question: Question): string => halfWritten(`new/${question}`);

/** More is asked only where there may be danger. */
export const urgent = (): boolean => /^(yes|unsure)$/.test(answered("danger"));

export function answer(question: Question, given: string): void {
  write(`new/${question}`, given);
  if (!urgent()) for (const more of ["hurt", "where"]) write(`new/${more}`, "");
}

/** The answers, to go with the first words; nothing where nothing was answered. */
export function triage(): { triage?: Triage } {
  const given = QUESTIONS.map((question) => [question, answered(question).trim()]).filter(([, one]) => one);
  return given.length > 0 ? { triage: Object.fromEntries(given) as Triage } : {};
}

export const forget = (): void => answer("danger", "");

/** Servers that know no answers, no links or no files take words without them. */
export const versionOf = (body: SendMessage): number => (body.files ? 4 : body.room !== undefined ? 3 : body.triage ? 2 : 1);
