import "fake-indexeddb/auto";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { SubmitReport } from "../../api/wire";
import type { Core } from "../../sync/core";
import { newSelf } from "../../sync/outbox";
import type { DraftRow } from "../../sync/rows";

vi.stubGlobal("navigator", { onLine: true });
vi.stubGlobal("document", { documentElement: { lang: "sv" } });
vi.stubGlobal("__VERSION__", "test");
vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network in this test")));

let actions: typeof import("./actions");
let queries: typeof import("./queries");
let mirror: typeof import("../../sync/mirror");
let core: Core;

const onDisk = (): Promise<DraftRow | undefined> => core.db.read(["kept"], (tx) => tx.get("kept", "draft")) as Promise<DraftRow | undefined>;
const shown = (): string | undefined => queries.draft.value?.what;
const sent = async (): Promise<SubmitReport[]> => (await core.db.read(["outbox"], (tx) => tx.all("outbox"))).map((row) => JSON.parse(row.body));

/** Every write fails from now on, as on a phone that is full; the answer makes room again. */
function full(): () => void {
  const { write } = core.db;
  core.db.write = () => Promise.reject(new DOMException("no room", "QuotaExceededError"));
  return () => void (core.db.write = write);
}

beforeAll(async () => {
  mirror = await import("../../sync/mirror");
  actions = await import("./actions");
  queries = await import("./queries");
  core = await mirror.pageCore();
});

beforeEach(async () => {
  await actions.discardDraft();
  await core.db.write(["kept", "outbox", "files", "chunks", "reports"], async (tx) => {
    for (const row of await tx.all("outbox")) if (row.seq !== undefined) await tx.del("outbox", row.seq);
    for (const store of ["kept", "files", "chunks", "reports"] as const) await tx.clear(store);
  });
  await mirror.refresh();
});

describe("a draft", () => {
  it("stands on the screen at once, letter by letter, before anything is on the disk", async () => {
    const saves = ["E", "En", "En kille"].map((what) => {
      const save = actions.saveDraft({ what });
      expect(shown(), "the screen waits for the disk: make the row before the write").toBe(what);
      return save;
    });
    await Promise.all(saves);
    expect((await onDisk())?.what).toBe("En kille");
  });

  it("keeps what could not be saved on the screen, and sends that and nothing older", async () => {
    await actions.saveDraft({ what: "De hotar mig" });
    const roomAgain = full();
    await expect(actions.saveDraft({ what: "De hotar mig på nätet" })).rejects.toThrow("no room");
    await mirror.refresh();
    expect(shown(), "the older words came back from the disk").toBe("De hotar mig på nätet");
    await expect(actions.submitDraft()).rejects.toThrow("no room");
    roomAgain();
    await actions.submitDraft();
    expect((await sent()).map((report) => report.what)).toEqual(["De hotar mig på nätet"]);
    expect([shown(), await onDisk()]).toEqual([undefined, undefined]);
  });

  it("saves with the next letter what could not be saved before", async () => {
    const roomAgain = full();
    await expect(actions.saveDraft({ what: "Hot" })).rejects.toThrow();
    expect(shown()).toBe("Hot");
    roomAgain();
    await actions.saveDraft({ place: "En chatt" });
    expect(await onDisk()).toMatchObject({ what: "Hot", place: "En chatt" });
    await mirror.refresh();
    expect(shown()).toBe("Hot");
  });

  it("is not revived once another tab has sent it or thrown it away", async () => {
    await actions.saveDraft({ what: "Skickad i en annan flik" });
    await core.db.write(["kept"], (tx) => tx.del("kept", "draft"));
    await actions.saveDraft({ what: "Skickad i en annan flik." });
    expect([shown(), await onDisk()]).toEqual([undefined, undefined]);
  });

  it("begins anew when somebody types while the last is thrown away", async () => {
    await actions.saveDraft({ what: "Gammalt" });
    const thrown = actions.discardDraft();
    await Promise.all([thrown, actions.saveDraft({ what: "Nytt" })]);
    expect([shown(), (await onDisk())?.what]).toEqual(["Nytt", "Nytt"]);
  });

  it("sends of the time only what belongs to the answer that was chosen", async () => {
    await actions.saveDraft({ what: "Hot", happened: { certainty: "about", words: "i helgen" } });
    await actions.saveDraft({ happened: { certainty: "exact", words: "i helgen", at: "2026-11-24T02:00:00.000Z" } });
    await actions.submitDraft();
    expect((await sent())[0]?.happened).toEqual({ certainty: "exact", at: "2026-11-24T02:00:00.000Z" });
  });
});

describe("a picture", () => {
  const bytes = (face: string): File => new File([Uint8Array.from(face.padEnd(64, "\0"), (char) => char.charCodeAt(0))], "hot.png", { type: "image/png" });

  it("is what its first bytes say, whatever its name", async () => {
    const faces = { "\xff\xd8\xff\xe0": "image/jpeg", "\x89PNG\r\n\x1a\n": "image/png", GIF89a: "image/gif", "RIFF\0\0\0\0WEBP": "image/webp", "\0\0\0\x18ftypheic": "image/heic" };
    await actions.saveDraft({ what: "Hot" });
    for (const [face, type] of Object.entries(faces)) {
      await actions.attachPicture(bytes(face));
      expect(queries.draft.value?.picture?.media_type).toBe(type);
    }
    await expect(actions.attachPicture(bytes("%PDF-1.7"))).rejects.toMatchObject({ why: "type" });
    expect(await core.db.read(["files"], (tx) => tx.all("files")), "the pictures before the last are still there").toHaveLength(1);
  });

  it("that has no room leaves the words as they are", async () => {
    await actions.saveDraft({ what: "Hot" });
    const roomAgain = full();
    await expect(actions.attachPicture(bytes("GIF89a"))).rejects.toMatchObject({ name: "QuotaExceededError" });
    roomAgain();
    await mirror.refresh();
    expect([shown(), queries.draft.value?.picture]).toEqual(["Hot", undefined]);
  });
});

describe("the desk's copy of a report", () => {
  const row = { report_id: "r1", event_kind: "threat", what: "Hot", damaged: false, happened: { certainty: "unknown" }, files: [], state: "received", revision: 1, submitted_at: "", recorded_at: "" } as const;

  it("is shown as read from the press on, and one press is enough", async () => {
    await core.db.write(["kept", "reports"], async (tx) => {
      await tx.put("kept", { ...newSelf(core, "sv"), role: "officer", public_number: "07" }, "self");
      await tx.put("reports", { ...row, files: [] });
    });
    await mirror.refresh();
    await actions.markReading("r1");
    expect(queries.reportById("r1")).toMatchObject({ state: "being-read", reader: "07" });
    await actions.markReading("r1");
    expect(await core.db.read(["outbox"], (tx) => tx.all("outbox"))).toHaveLength(1);
  });
});

describe("a refused report", () => {
  const refused = async (what: string): Promise<string> => {
    await actions.saveDraft({ what, place: "En chatt" });
    await actions.attachPicture(new File([Uint8Array.from("GIF89a", (char) => char.charCodeAt(0))], "hot.gif"));
    const report_id = await actions.submitDraft();
    await core.db.write(["outbox"], async (tx) => {
      for (const row of await tx.all("outbox")) await tx.put("outbox", { ...row, state: "attention", problem_kind: "text-too-long" });
    });
    await mirror.refresh();
    return report_id;
  };

  it("becomes a draft again with its words and its picture, and another id", async () => {
    const before = await refused("Hot");
    expect(queries.refusedReports.value.map((report) => report.report_id)).toEqual([before]);
    expect(await actions.editReport(before)).toBe(true);
    expect(queries.draft.value).toMatchObject({ what: "Hot", place: "En chatt", picture: { media_type: "image/gif" } });
    expect(queries.refusedReports.value).toEqual([]);
    const after = await actions.submitDraft();
    expect(after).not.toBe(before);
    expect((await sent()).map((report) => [report.report_id, report.files.length])).toEqual([[after, 1]]);
  });

  it("never takes the place of a draft", async () => {
    const before = await refused("Hot");
    await actions.saveDraft({ what: "Ett annat" });
    expect(await actions.editReport(before)).toBe(false);
    expect(shown()).toBe("Ett annat");
    expect(queries.refusedReports.value).toHaveLength(1);
  });
});
