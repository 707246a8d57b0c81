import "fake-indexeddb/auto";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { SubmitReport } from "../../api/wire";
import type { Core } from "../../sync/core";

vi.stubGlobal("navigator", { onLine: true });
vi.stubGlobal("document", { documentElement: { lang: "sv" } });
vi.stubGlobal("__VERSION__", "test");
const noNetwork = () => vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network in this test")));
const answersWith = (body: object) => vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } })));
noNetwork();

let documents: typeof import("./documents");
let drafts: typeof import("./drafts");
let handled: typeof import("./handled");
let mirror: typeof import("../../sync/mirror");
let core: Core;

const onDisk = async () => (await core.db.read(["drafts"], (tx) => tx.all("drafts")))[0];
const sent = async (): Promise<SubmitReport[]> => (await core.db.read(["outbox"], (tx) => tx.all("outbox"))).map((row) => JSON.parse(row.body));

beforeAll(async () => {
  mirror = await import("../../sync/mirror");
  documents = await import("./documents");
  drafts = await import("./drafts");
  handled = await import("./handled");
  core = await mirror.pageCore();
});

beforeEach(async () => {
  await drafts.discardDraft();
  await core.db.write(["outbox"], async (tx) => {
    for (const row of await tx.all("outbox")) if (row.seq !== undefined) await tx.del("outbox", row.seq);
  });
  await mirror.refresh();
});

describe("the answers of a draft", () => {
  const pressed = (question_id: string, ...options: string[]) => ({ question_id, options });
  const actionOf = async () => (await core.db.read(["outbox"], (tx) => tx.all("outbox")))[0];
  /** A version that the app did not come with: the same, but for one option more. */
  const later = async () => {
    const document = structuredClone(await documents.questionnaireOf(1));
    document.version = 41;
    document.questions.find((question) => question.id === "knows")?.options?.push({ id: "cousin", label: { sv: "Min kusin", en: "My cousin" } });
    return document;
  };

  it("go with it, as what the server's second version of a report takes, without what was skipped", async () => {
    await drafts.saveDraft({ event_kind: "fraud", questionnaire_version: 1, what: "De tog mina pengar" });
    await drafts.saveDraft({ answers: [pressed("lost", "money"), { question_id: "amount", words: " 500 kr " }, pressed("paid-how")], links: [" appen: kalle ", ""], happened: { certainty: "unknown" } });
    await drafts.saveDraft({ place: "En chatt", area: "2580" });
    await drafts.submitDraft();
    const { v, body } = (await actionOf()) ?? expect.unreachable("nothing is in the outbox");
    expect(v).toBe(2);
    const { report_id, ...sent } = JSON.parse(body) as SubmitReport;
    // Fraud asks neither for a place nor for a municipality.
    expect(sent).toEqual({
      event_kind: "fraud",
      what: "De tog mina pengar",
      happened: { certainty: "unknown" },
      files: [],
      questionnaire_version: 1,
      answers: [pressed("lost", "money"), { question_id: "amount", words: "500 kr" }],
      links: ["appen: kalle"],
    });
    expect(handled.reportById(report_id)).toMatchObject({ event_kind: "fraud", links: [{ said: "appen: kalle" }], answers: sent.answers });
  });

  it("go with the messages of a talk that were chosen, and with no talk when none are", async () => {
    for (const message_ids of [["m1", "m2"], []]) {
      await drafts.saveDraft({ event_kind: "other", questionnaire_version: 1, what: "Hot", conversation_id: "t1", message_ids });
      await drafts.submitDraft();
    }
    expect((await sent()).map(({ conversation_id, message_ids }) => [conversation_id, message_ids])).toEqual([["t1", ["m1", "m2"]], [undefined, undefined]]);
  });

  it("stay behind when what they hung on was changed", async () => {
    await drafts.saveDraft({ event_kind: "threat", questionnaire_version: 1, what: "Hot", answers: [pressed("knows", "yes"), { question_id: "who", words: "Kim" }] });
    await drafts.saveDraft({ answers: [{ question_id: "who", words: "Kim" }, pressed("knows", "no")], area: "2580" });
    await drafts.submitDraft();
    expect((await sent())[0]).toMatchObject({ answers: [pressed("knows", "no")], area: "2580" });
  });

  it("are read by the questions that it was begun with, whatever came since", async () => {
    await documents.keepDocument(await later());
    expect((await documents.questionnaireOf()).version, "the newest is not asked of who begins").toBe(41);
    await drafts.saveDraft({ event_kind: "threat", questionnaire_version: 1, what: "Hot", answers: [pressed("knows", "cousin")] });
    await drafts.submitDraft();
    await drafts.saveDraft({ event_kind: "threat", questionnaire_version: 41, what: "Hot igen", answers: [pressed("knows", "cousin")] });
    await drafts.submitDraft();
    expect((await sent()).map((report) => [report.questionnaire_version, report.answers])).toEqual([
      [1, undefined],
      [41, [pressed("knows", "cousin")]],
    ]);
  });

  it("are all on the disk with each keystroke, and none of them in clear beside the words", async () => {
    await drafts.saveDraft({ event_kind: "hate", questionnaire_version: 1, what: "Hat" });
    await Promise.all(["a", "ab", "abc"].map((words) => drafts.saveDraft({ answers: [{ question_id: "who", words }], links: [words], area: "0180" })));
    expect(await onDisk()).toMatchObject({ event_kind: "hate", questionnaire_version: 1, answers: [{ question_id: "who", words: "abc" }], links: ["abc"], area: "0180" });
    const raw = await new Promise<object>((go, refuse) => {
      const opening = indexedDB.open("natpatrull");
      opening.onerror = () => refuse(opening.error);
      opening.onsuccess = () => {
        const all = opening.result.transaction("drafts").objectStore("drafts").getAll();
        all.onsuccess = () => (opening.result.close(), go(all.result[0]));
      };
    });
    const { sealed, ...clear } = raw as Record<string, unknown>;
    expect(sealed, "nothing of the draft is sealed").toBeDefined();
    expect(JSON.stringify(clear), "name the field in seal.ts").not.toMatch(/hate|abc|0180/);
  });
});

describe("the questions of a version", () => {
  it("are fetched when they are not here, and stay on the phone for when there is no network", async () => {
    await expect(documents.questionnaireOf(43), "questions came from nowhere").rejects.toThrow();
    answersWith({ ...(await documents.questionnaireOf(1)), version: 43 });
    expect((await documents.questionnaireOf(43)).version).toBe(43);
    noNetwork();
    expect(Object.keys((await core.db.read(["kept"], (tx) => tx.get("kept", "questionnaires"))) as object)).toContain("43");
    expect((await documents.questionnaireOf(43)).version).toBe(43);
  });

  it("are asked for once, however many reports wait for them", async () => {
    const document = { ...(await documents.questionnaireOf(1)), version: 47 };
    let requests = 0;
    vi.stubGlobal("fetch", () => {
      requests += 1;
      return Promise.resolve(new Response(JSON.stringify(document), { headers: { "content-type": "application/json" } }));
    });
    await Promise.all([1, 2, 3].map(() => documents.questionnaireOf(47)));
    noNetwork();
    expect(requests).toBe(1);
  });

  it("that stand now are looked for, and what is here stands when nothing answers", async () => {
    const before = (await documents.questionnaireOf()).version;
    await documents.lookForNewer();
    expect((await documents.questionnaireOf()).version).toBe(before);
    answersWith({ ...(await documents.questionnaireOf(1)), version: 60 });
    mirror.online.value = true;
    await documents.lookForNewer();
    noNetwork();
    expect((await documents.questionnaireOf()).version, "an answer that did not come is not asked for again").toBe(60);
  });
});
