import type { Answer, EventKind, KindOfEvent, Question, Questionnaire } from "../../api/wire";

export const kindIn = (document: Questionnaire | undefined, kind: EventKind | undefined): KindOfEvent | undefined =>
  document?.kinds.find((one) => one.kind === kind);

/** The questions that are asked about an event of this kind, in order, by what has been answered so far. */
export function asked(document: Questionnaire, kind: EventKind | undefined, answers: Answer[] = []): Question[] {
  const questions = new Map(document.questions.map((question) => [question.id, question]));
  const shown: Question[] = [];
  const holds = ({ when }: Question): boolean =>
    // What is not asked any more has no answer, whatever was pressed before.
    !when || (shown.some((one) => one.id === when.question) && answerTo(answers, when.question).options?.some((option) => when.any_of.includes(option)) === true);
  for (const id of kindIn(document, kind)?.questions ?? []) {
    const question = questions.get(id);
    if (question && holds(question)) shown.push(question);
  }
  return shown;
}

export const answerTo = (answers: Answer[] | undefined, question_id: string): Answer => answers?.find((one) => one.question_id === question_id) ?? { question_id };

/** The answers with this one in its place. */
export const withAnswer = (answers: Answer[] | undefined, answer: Answer): Answer[] => [...(answers ?? []).filter((one) => one.question_id !== answer.question_id), answer];

/** What there is to send of the answers: to questions that are asked, in their order, and of options that they have. */
export function sendable(questions: Question[], answers: Answer[] | undefined): Answer[] {
  return questions.flatMap(({ id, form, options = [] }): Answer[] => {
    const given = answerTo(answers, id);
    if (form === "words") {
      const words = given.words?.trim();
      return words ? [{ question_id: id, words }] : [];
    }
    if (form !== "one" && form !== "many") return [];
    const chosen = options.map((option) => option.id).filter((option) => given.options?.includes(option));
    return chosen.length > 0 ? [{ question_id: id, options: chosen }] : [];
  });
}
