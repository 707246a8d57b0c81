import "fake-indexeddb/auto";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { SubmitReport } from "../../api/wire";
import type { Core } from "../../sync/core";
import { PIECE } from "../../sync/files";
import { newSelf } from "../../sync/outbox";
import type { DraftRow } from "../../sync/rows";

vi.stubGlobal("navigator", { onLine: true });
vi.stubGlobal("document", { documentElement: { lang: "sv" } });
vi.stubGlobal("__VERSION__", "test");
vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network in this test")));

let actions: typeof import("./actions");
let drafts: typeof import("./drafts");
let pictures: typeof import("./picture");
let queries: typeof import("./queries");
let handled: typeof import("./handled");
let mirror: typeof import("../../sync/mirror");
let core: Core;

const allOnDisk = (): Promise<DraftRow[]> => core.db.read(["drafts"], (tx) => tx.all("drafts"));
const onDisk = async (): Promise<DraftRow | undefined> => (await allOnDisk())[0];
const shown = (): string | undefined => queries.draft.value?.what;
const sent = async (): Promise<SubmitReport[]> => (await core.db.read(["outbox"], (tx) => tx.all("outbox"))).map((row) => JSON.parse(row.body));

/** Every write fails from now on, as on a phone that is full; the answer makes room again. */
function full(): () => void {
  const { write } = core.db;
  core.db.write = () => Promise.reject(new DOMException("no room", "QuotaExceededError"));
  return () => void (core.db.write = write);
}

const bytes = (face: string): File => new File([Uint8Array.from(face.padEnd(64, "\0"), (char) => char.charCodeAt(0))], "hot.png", { type: "image/png" });

beforeAll(async () => {
  mirror = await import("../../sync/mirror");
  actions = await import("./actions");
  drafts = await import("./drafts");
  pictures = await import("./picture");
  queries = await import("./queries");
  handled = await import("./handled");
  core = await mirror.pageCore();
});

beforeEach(async () => {
  await drafts.discardDraft();
  await core.db.write(["kept", "outbox", "files", "chunks", "reports", "drafts"], async (tx) => {
    for (const row of await tx.all("outbox")) if (row.seq !== undefined) await tx.del("outbox", row.seq);
    for (const store of ["kept", "files", "chunks", "reports", "drafts"] as const) await tx.clear(store);
  });
  await mirror.refresh();
});

describe("a draft", () => {
  it("stands on the screen at once, letter by letter, before anything is on the disk", async () => {
    const saves = ["E", "En", "En kille"].map((what) => {
      const save = drafts.saveDraft({ what });
      expect(shown(), "the screen waits for the disk: make the row before the write").toBe(what);
      return save;
    });
    await Promise.all(saves);
    expect((await onDisk())?.what).toBe("En kille");
  });

  it("keeps what could not be saved on the screen, and sends that and nothing older", async () => {
    await drafts.saveDraft({ what: "De hotar mig" });
    const roomAgain = full();
    await expect(drafts.saveDraft({ what: "De hotar mig på nätet" })).rejects.toThrow("no room");
    await mirror.refresh();
    expect(shown(), "the older words came back from the disk").toBe("De hotar mig på nätet");
    await expect(drafts.submitDraft()).rejects.toThrow("no room");
    roomAgain();
    await drafts.submitDraft();
    expect((await sent()).map((report) => report.what)).toEqual(["De hotar mig på nätet"]);
    expect([shown(), await onDisk()]).toEqual([undefined, undefined]);
  });

  it("saves with the next letter what could not be saved before", async () => {
    const roomAgain = full();
    await expect(drafts.saveDraft({ what: "Hot" })).rejects.toThrow();
    expect(shown()).toBe("Hot");
    roomAgain();
    await drafts.saveDraft({ place: "En chatt" });
    expect(await onDisk()).toMatchObject({ what: "Hot", place: "En chatt" });
    await mirror.refresh();
    expect(shown()).toBe("Hot");
  });

  it("is not revived once another tab has sent it or thrown it away", async () => {
    await drafts.saveDraft({ what: "Skickad i en annan flik" });
    await core.db.write(["drafts"], (tx) => tx.clear("drafts"));
    await drafts.saveDraft({ what: "Skickad i en annan flik." });
    expect([shown(), await onDisk()]).toEqual([undefined, undefined]);
  });

  it("begins anew when somebody types while the last is thrown away", async () => {
    await drafts.saveDraft({ what: "Gammalt" });
    const thrown = drafts.discardDraft();
    await Promise.all([thrown, drafts.saveDraft({ what: "Nytt" })]);
    expect([shown(), (await onDisk())?.what]).toEqual(["Nytt", "Nytt"]);
  });

  it("sends of the time only what belongs to the answer that was chosen", async () => {
    await drafts.saveDraft({ what: "Hot", happened: { certainty: "about", words: "i helgen" } });
    await drafts.saveDraft({ happened: { certainty: "exact", words: "i helgen", at: "2026-11-24T02:00:00.000Z" } });
    await drafts.submitDraft();
    expect((await sent())[0]?.happened).toEqual({ certainty: "exact", at: "2026-11-24T02:00:00.000Z" });
  });
});

describe("several drafts", () => {
  /** What another window does: the database changes, this one's screen does not. */
  const elsewhere = (change: Partial<DraftRow>) =>
    core.db.write(["drafts"], async (tx) => {
      const [row] = await tx.all("drafts");
      if (row) await tx.put("drafts", { ...row, ...change, revision: row.revision + 1, saved_at: "2026-11-24T01:00:00Z" });
    });

  it("are kept side by side, the newest first, and each is gone on with, sent or thrown away by itself", async () => {
    for (const what of ["Det första", "Det andra", "Det tredje"]) {
      await drafts.showDraft(null);
      expect(shown(), "a new form has words in it").toBeUndefined();
      await drafts.saveDraft({ what });
    }
    const [third, second, first] = mirror.draftRows.value;
    expect([third?.what, second?.what, first?.what]).toEqual(["Det tredje", "Det andra", "Det första"]);
    await drafts.showDraft(first?.report_id ?? "");
    await drafts.saveDraft({ what: "Det första, färdigt" });
    await mirror.refresh();
    expect([shown(), mirror.draftRows.value[0]?.what]).toEqual(["Det första, färdigt", "Det första, färdigt"]);
    await drafts.submitDraft();
    expect((await sent()).map((report) => report.what)).toEqual(["Det första, färdigt"]);
    expect(shown(), "another draft took the place of what was sent").toBeUndefined();
    await drafts.discardDraft(second?.report_id);
    expect((await allOnDisk()).map((draft) => draft.what)).toEqual(["Det tredje"]);
  });

  it("do not take each other's words when one has no room", async () => {
    await drafts.saveDraft({ what: "Det första" });
    await drafts.showDraft(null);
    await drafts.saveDraft({ what: "Det andra" });
    const first = (await allOnDisk()).find((draft) => draft.what === "Det första");
    const roomAgain = full();
    await expect(drafts.saveDraft({ what: "Det andra, och mer" })).rejects.toThrow("no room");
    await expect(drafts.showDraft(first?.report_id ?? ""), "words that stand on the screen only were left").rejects.toThrow("no room");
    expect(shown()).toBe("Det andra, och mer");
    roomAgain();
    await drafts.showDraft(first?.report_id ?? "");
    expect([shown(), (await allOnDisk()).map((draft) => draft.what).sort()]).toEqual(["Det första", ["Det andra, och mer", "Det första"]]);
  });

  it("are not written over from a window that has not seen the last change, until the person says which words stand", async () => {
    for (const mine of [true, false]) {
      await drafts.discardDraft();
      await drafts.saveDraft({ what: "Hot", place: "En chatt" });
      await elsewhere({ what: "Hot, skrivet i det andra fönstret" });
      await expect(drafts.saveDraft({ what: "Hot, skrivet här" })).rejects.toThrow(drafts.Changed);
      await mirror.refresh();
      expect([shown(), (await onDisk())?.what, drafts.changed.value]).toEqual(["Hot, skrivet här", "Hot, skrivet i det andra fönstret", true]);
      await drafts.chooseWords(mine);
      const words = mine ? "Hot, skrivet här" : "Hot, skrivet i det andra fönstret";
      expect([shown(), (await onDisk())?.what, drafts.changed.value]).toEqual([words, words, false]);
      await drafts.saveDraft({ what: `${words}.` });
      expect((await onDisk())?.what).toBe(`${words}.`);
    }
  });

  it("show what another window has written, and go on from there", async () => {
    await drafts.saveDraft({ what: "Hot" });
    await elsewhere({ what: "Hot på nätet" });
    await mirror.refresh();
    expect(shown()).toBe("Hot på nätet");
    await drafts.saveDraft({ what: "Hot på nätet." });
    expect((await onDisk())?.what).toBe("Hot på nätet.");
  });
});

describe("a picture", () => {
  it("is what its first bytes say, whatever its name", async () => {
    const faces = { "\xff\xd8\xff\xe0": "image/jpeg", "\x89PNG\r\n\x1a\n": "image/png", GIF89a: "image/gif", "RIFF\0\0\0\0WEBP": "image/webp", "\0\0\0\x18ftypheic": "image/heic", "%PDF-1.7": "application/pdf" };
    await drafts.saveDraft({ what: "Hot" });
    for (const [face, type] of Object.entries(faces)) {
      await pictures.attachPicture(bytes(face));
      expect(queries.draft.value?.pictures.at(-1)?.media_type).toBe(type);
    }
    await expect(pictures.attachPicture(bytes("MZ\x90\0"))).rejects.toMatchObject({ why: "type" });
    expect(queries.draft.value?.pictures.map((one) => one.media_type), "those before the last are gone").toEqual(Object.values(faces));
  });

  it("is taken piece by piece, and what is told of it is what was in the file", async () => {
    const whole = new Uint8Array(2 * PIECE + 1000).map((_, i) => (i * 31) % 251);
    whole.set([0xff, 0xd8, 0xff]);
    const most: number[] = [];
    const file = new File([whole], "hot.jpg");
    const { slice } = file;
    file.slice = (from = 0, to = whole.length) => {
      most.push(to - from);
      return slice.call(file, from, to);
    };
    file.arrayBuffer = () => Promise.reject(new Error("the whole file was read at once"));
    await drafts.saveDraft({ what: "Hot" });
    const shares: number[] = [];
    await pictures.attachPicture(file, (share) => shares.push(share));
    expect(Math.max(...most)).toBe(PIECE);
    expect(shares).toHaveLength(3);
    const picture = queries.draft.value?.pictures[0];
    const shownAs = await (await pictures.pictureOf(picture?.file_id ?? "", "image/jpeg")).arrayBuffer();
    expect(Buffer.compare(Buffer.from(shownAs), whole)).toBe(0);
    await drafts.submitDraft();
    const sum = Buffer.from(await crypto.subtle.digest("SHA-256", whole)).toString("hex");
    expect((await sent())[0]?.files).toMatchObject([{ sha256: sum, size: whole.length }]);
  });

  it("is taken away by itself, and the others go along in their order", async () => {
    await drafts.saveDraft({ what: "Hot" });
    for (const face of ["GIF89a", "\x89PNG\r\n\x1a\n", "\xff\xd8\xff\xe0"]) await pictures.attachPicture(bytes(face));
    const [, second] = queries.draft.value?.pictures ?? [];
    await pictures.dropPicture(second?.file_id ?? "");
    expect(await core.db.read(["files", "chunks"], async (tx) => [(await tx.all("files")).length, (await tx.all("chunks")).length])).toEqual([2, 2]);
    await drafts.submitDraft();
    expect((await sent())[0]?.files.map((file) => file.media_type)).toEqual(["image/gif", "image/jpeg"]);
  });

  it("of a draft that was begun when there was room for one goes along beside those that came since", async () => {
    await drafts.saveDraft({ what: "Hot" });
    await pictures.attachPicture(bytes("GIF89a"));
    await core.db.write(["drafts"], async (tx) => {
      for (const { file_ids, ...row } of await tx.all("drafts")) await tx.put("drafts", { ...row, ...(file_ids?.[0] === undefined ? {} : { file_id: file_ids[0] }) });
    });
    await mirror.refresh();
    await pictures.attachPicture(bytes("\x89PNG\r\n\x1a\n"));
    await drafts.submitDraft();
    expect((await sent())[0]?.files.map((file) => file.media_type)).toEqual(["image/gif", "image/png"]);
  });

  it("that has no room leaves the words as they are", async () => {
    await drafts.saveDraft({ what: "Hot" });
    const roomAgain = full();
    await expect(pictures.attachPicture(bytes("GIF89a"))).rejects.toMatchObject({ name: "QuotaExceededError" });
    roomAgain();
    await mirror.refresh();
    expect([shown(), queries.draft.value?.pictures]).toEqual(["Hot", []]);
  });
});

describe("the desk's copy of a report", () => {
  const row = { report_id: "r1", number: "R-7K4M-92XR", as_tip: true, self_harm: false, in_danger: false, event_kind: "threat", what: "Hot", damaged: false, happened: { certainty: "unknown" }, files: [], state: "received", revision: 1, submitted_at: "", recorded_at: "" } as const;
  const outbox = () => core.db.read(["outbox"], (tx) => tx.all("outbox"));
  const bodies = async () => (await outbox()).map((one) => JSON.parse(one.body));
  const shownRow = () => handled.reportById("r1") ?? expect.unreachable("the report is not there");
  /** The server has changed the report, or answered what was done with it. */
  const comes = async (revision: number, problem_kind?: string) => {
    await core.db.write(["reports", "outbox"], async (tx) => {
      await tx.put("reports", { ...row, files: [], revision });
      if (problem_kind) for (const one of await tx.all("outbox")) await tx.put("outbox", { ...one, state: "attention", problem_kind });
    });
    await mirror.refresh();
  };

  beforeEach(async () => {
    await core.db.write(["kept", "reports"], async (tx) => {
      await tx.put("kept", { ...newSelf(core, "sv"), role: "officer", public_number: "07" }, "self");
      await tx.put("reports", { ...row, files: [] });
    });
    await mirror.refresh();
  });

  it("is shown as read from the press on, and one press is enough", async () => {
    await actions.markReading("r1");
    expect(handled.reportById("r1")).toMatchObject({ state: "being-read", reader: "07" });
    await actions.markReading("r1");
    expect(await outbox()).toHaveLength(1);
  });

  it("is changed as it will stand after what is on its way, and falls with it", async () => {
    await actions.passOn(shownRow(), "bedrägerigruppen");
    await actions.close(shownRow(), { outcome: "tip-taken", why: "Tack" });
    const [first, then] = await outbox();
    expect((await bodies()).map((body) => body.expected_revision)).toEqual([1, 2]);
    expect([first?.after, then?.after]).toEqual([[], [first?.action_id]]);
    expect(shownRow()).toMatchObject({ state: "closed", passed_to: "bedrägerigruppen", closing_words: "Tack" });
  });

  it("that had changed stands as it is, and what was refused is done again upon that", async () => {
    await actions.passOn(shownRow(), "bedrägerigruppen");
    await comes(2, "revision-conflict");
    expect(shownRow().state).toBe("received");
    const [refused] = await outbox();
    await actions.doAgain(refused ?? expect.unreachable("nothing was refused"), shownRow());
    const [again, ...more] = await outbox();
    expect(more).toEqual([]);
    expect(again?.action_id).not.toBe(refused?.action_id);
    expect(await bodies()).toEqual([{ report_id: "r1", expected_revision: 2, to: "bedrägerigruppen" }]);
    expect(shownRow().passed_to).toBe("bedrägerigruppen");
  });

  it("stands where the server has it: urgent first, then old, and closed last", async () => {
    const at = (minute: number) => `2026-11-30T08:0${minute}:00.000Z`;
    const rows: [string, object][] = [
      ["closed first", { state: "closed", priority: "p1", submitted_at: at(0), closed_at: at(5) }],
      ["young", { priority: "p3", submitted_at: at(3) }],
      ["closed last", { state: "closed", priority: "p4", submitted_at: at(1), closed_at: at(6) }],
      ["old", { priority: "p3", submitted_at: at(2) }],
      ["urgent", { priority: "p1", submitted_at: at(4) }],
    ];
    await core.db.write(["reports"], async (tx) => {
      await tx.clear("reports");
      for (const [report_id, more] of rows) await tx.put("reports", { ...row, files: [], ...more, report_id } as never);
    });
    await mirror.refresh();
    const order = [...handled.handled.value].sort(handled.soonest).map((report) => report.report_id);
    expect(order).toEqual(["urgent", "old", "young", "closed last", "closed first"]);
  });

  it("is asked about in a talk that is there before the server has it, and the question goes after it", async () => {
    const { conversations } = await import("../chat/queries");
    const { sendMessage } = await import("../chat/actions");
    const id = await actions.askAbout(shownRow());
    expect(conversations.value).toMatchObject([{ conversation_id: id, state: "taken", held_by_me: true, holder: "07" }]);
    await sendMessage("Vilket konto?", id);
    const [asks, question] = await outbox();
    expect(question?.after).toEqual([asks?.action_id]);
  });
});

describe("a refused report", () => {
  const refused = async (what: string): Promise<string> => {
    await drafts.saveDraft({ what, place: "En chatt" });
    await pictures.attachPicture(new File([Uint8Array.from("GIF89a", (char) => char.charCodeAt(0))], "hot.gif"));
    const report_id = await drafts.submitDraft();
    await core.db.write(["outbox"], async (tx) => {
      for (const row of await tx.all("outbox")) await tx.put("outbox", { ...row, state: "attention", problem_kind: "text-too-long" });
    });
    await mirror.refresh();
    return report_id;
  };

  it("becomes a draft again with its words and its picture, and another id", async () => {
    const before = await refused("Hot");
    expect(queries.refusedReports.value.map((report) => report.report_id)).toEqual([before]);
    expect(await drafts.editReport(before)).toBe(true);
    expect(queries.draft.value).toMatchObject({ what: "Hot", place: "En chatt", pictures: [{ media_type: "image/gif" }] });
    expect(queries.refusedReports.value).toEqual([]);
    const after = await drafts.submitDraft();
    expect(after).not.toBe(before);
    expect((await sent()).map((report) => [report.report_id, report.files.length])).toEqual([[after, 1]]);
  });

  it("stands beside another draft, and both are kept", async () => {
    const before = await refused("Hot");
    await drafts.saveDraft({ what: "Ett annat" });
    expect(await drafts.editReport(before)).toBe(true);
    expect(shown()).toBe("Hot");
    expect((await allOnDisk()).map((draft) => draft.what).sort()).toEqual(["Ett annat", "Hot"]);
    expect(await drafts.editReport(before), "it became a draft twice").toBe(false);
  });
});

// The last, for the app of this test does not come back.
describe("a picture", () => {
  it("that was being read when the app ended goes, and no other", async () => {
    await drafts.saveDraft({ what: "Hot" });
    await pictures.attachPicture(bytes("GIF89a"));
    await drafts.showDraft(null);
    const { write } = core.db;
    let writes = 0;
    // It ends: nothing that would tidy up is done any more.
    core.db.write = (...given) => (++writes > 2 ? new Promise(() => undefined) : write.apply(core.db, given)) as never;
    void pictures.attachPicture(bytes("GIF89a"));
    await vi.waitFor(() => expect(writes).toBe(3));
    core.db.write = write;
    const kept = () => core.db.read(["files", "chunks"], async (tx) => [(await tx.all("files")).length, (await tx.all("chunks")).length]);
    expect(await kept()).toEqual([2, 2]);
    // Another start of the app.
    vi.resetModules();
    await (await import("./picture")).sweepPictures();
    expect(await kept()).toEqual([1, 1]);
  });
});
