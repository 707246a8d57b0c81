import { m } from "../../../i18n";
import type { InWords } from "../../../i18n/inWords";
import type { Poll } from "../queries";

export const questionOf = ({ question, question_en, question_easy }: Pick<Poll, "question" | "question_en" | "question_easy">): InWords => ({
  text: question,
  text_en: question_en,
  text_easy: question_easy,
});

export const kindNames: Record<Poll["kind"], () => string> = { one: m.poll_kind_one, many: m.poll_kind_many, scale: m.poll_kind_scale };
