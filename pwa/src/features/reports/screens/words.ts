import type { Answer, KindOfEvent, Question } from "../../../api/wire";
import { locale, m } from "../../../i18n";
import { when } from "../../../i18n/time";
import { told } from "../body";
import type { Happened } from "../queries";

/** A text of the questions, in the language of the app. */
export const said = (text: { sv: string; en: string }): string => text[locale.value];

export function happenedWords(happened: Happened | undefined): string {
  const { certainty, at, words } = told(happened);
  if (certainty === "unknown") return m.tell_when_unknown();
  if (at) return when(at);
  return words ? `${m.tell_when_about()}: ${words}` : m.tell_when_about();
}

/** An answer as people read it, one option a line; without the question, which may not be on this phone yet, by the ids that it has. */
export function answerWords({ options, words }: Answer, question: Question | undefined): string {
  if (words !== undefined) return words;
  return (options ?? []).map((id) => nameOf(id, question)).join("\n");
}

function nameOf(id: string, question: Question | undefined): string {
  const option = question?.options?.find((one) => one.id === id);
  return option ? said(option.label) : id;
}

export const kindName = (kind: KindOfEvent | undefined, id: string): string => (kind ? said(kind.name) : id);
