import { computed, signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { call } from "../../api/client";
import type { Questionnaire } from "../../api/wire";
import { getKept, kept, putKept } from "../../sync/core";
import { online, pageCore } from "../../sync/mirror";
import { reach } from "../../sync/session";

/** The documents that this phone has, by version. */
const documents = signal<Record<number, Questionnaire>>({});
const newest = computed<Questionnaire | undefined>(() => documents.value[Math.max(...Object.keys(documents.value).map(Number))]);
const known = (version: number | undefined) => (version === undefined ? newest.value : documents.value[version]);

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

const asking = new Map<number | "current", Promise<Questionnaire>>();

/** Asked for once at a time, however many rows of a list wait for it. */
function fetched(which: number | "current"): Promise<Questionnaire> {
  const going = asking.get(which);
  if (going) return going;
  const coming = (async () => {
    const core = await pageCore();
    const document = await reach(core, () => call<Questionnaire>(core.fetch, `/api/v1/questionnaires/${which}`));
    await keepDocument(document);
    return document;
  })().finally(() => asking.delete(which));
  asking.set(which, coming);
  return coming;
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
