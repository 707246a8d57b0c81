import { computed, signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { call } from "../../api/client";
import type { Answer, EventKind, KindOfEvent, Question, Questionnaire } from "../../api/wire";
import { getKept, kept, putKept } from "../../sync/core";
import { pageCore } from "../../sync/mirror";
import { reach } from "../../sync/session";
import { online } from "../../sync/state";

/** The documents that this phone has, by version. */
const documents = signal<Record<number, Questionnaire>>({});
const newest = computed<Questionnaire | undefined>(() => documents.value[Math.max(...Object.keys(documents.value).map(Number))]);
const known = (version: number | undefined) => (version === undefined ? newest.value : documents.value[version]);

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

const learn = (found: Record<number, Questionnaire>): void => {
  documents.value = { ...found, ...documents.peek() };
};

let reading: Promise<void> | null = null;

/** What this phone has kept, and what the app came with. */
export function readDocuments(): Promise<void> {
  reading ??= (async () => {
    const core = await pageCore();
    const [stored, shipped] = await Promise.allSettled([kept(core, "questionnaires"), import("../../../../api/questionnaires/1.json")]);
    if (stored.status === "fulfilled") learn(stored.value ?? {});
    if (shipped.status === "fulfilled") learn({ [shipped.value.default.version]: shipped.value.default as Questionnaire });
    if (!newest.peek()) throw new Error("no questions are on this phone");
  })();
  reading.catch(() => (reading = null));
  return reading;
}

/** Puts it on the disk: a draft is shown by the questions that it was begun with, also after the app has come with others. */
export async function keepDocument(document: Questionnaire): Promise<void> {
  learn({ [document.version]: document });
  const { db } = await pageCore();
  await db.write(["kept"], async (tx) => {
    const before = (await getKept(tx, "questionnaires")) ?? {};
    if (!before[document.version]) await putKept(tx, "questionnaires", { ...before, [document.version]: document });
  });
}

async function fetched(which: number | "current"): Promise<Questionnaire> {
  const core = await pageCore();
  const document = await reach(core, () => call<Questionnaire>(core.fetch, `/api/v1/questionnaires/${which}`));
  await keepDocument(document);
  return document;
}

/** The document of a version, or the newest that is here. */
export async function questionnaireOf(version?: number): Promise<Questionnaire> {
  await readDocuments().catch(() => undefined);
  return known(version) ?? fetched(version ?? "current");
}

let lately = false;

/** Asks once whether there are newer questions; without an answer those that are here stand. */
export async function lookForNewer(): Promise<void> {
  if (lately || !online.peek()) return;
  lately = true;
  await fetched("current").catch(() => (lately = false));
}

/** For a screen: the document once it is here, and whether it could not be had. */
export function useQuestionnaire(version?: number): { document: Questionnaire | undefined; failed: boolean; again: () => void } {
  const [failed, fail] = useState(false);
  const document = known(version);
  const look = () => {
    fail(false);
    questionnaireOf(version).catch(() => fail(true));
  };
  useEffect(() => {
    if (!document) look();
  }, [version, online.value]);
  useEffect(() => {
    void lookForNewer();
  }, [online.value]);
  return { document, failed: failed && !document, again: look };
}
