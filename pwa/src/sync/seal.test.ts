import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openDb, type Db } from "./db";
import { PIECE } from "./files";
import type { DraftRow, OutboxRow } from "./rows";
import { keyOf } from "./seal";
import { bringOver, sealAll } from "./upgrade";

let databases = 0;
let name: string;
let db: Db;

const outboxRow = (action_id: string, words: string): OutboxRow => ({
  action_id,
  account_id: "a",
  lane: "conversation:t1",
  kind: "message-send",
  v: 1,
  after: [],
  recorded_at: "2026-11-24T02:00:00Z",
  body: JSON.stringify({ text: words, odd: "å\ud800\u2028" }),
  state: "queued",
  attempt: 0,
  faults: 0,
});
const draftRow = (report_id: string, words: string): DraftRow => ({ report_id, started_at: "2026-11-24T01:00:00Z", saved_at: "2026-11-24T01:00:00Z", revision: 1, what: words, place: `${words} på bussen` });
const piece = (words: string): ArrayBuffer => new TextEncoder().encode(words).buffer;
const asWords = (bytes: ArrayBuffer | undefined): string => new TextDecoder().decode(bytes);

const asked = <T>(request: IDBRequest<T>): Promise<T> => new Promise((go, no) => Object.assign(request, { onsuccess: () => go(request.result), onerror: () => no(request.error) }));
/** The database as whoever copies the phone's storage finds it. */
async function bare<T>(work: (raw: IDBDatabase) => Promise<T>, version?: number, upgrade?: (raw: IDBDatabase) => void): Promise<T> {
  const opening = indexedDB.open(name, version);
  if (upgrade) opening.onupgradeneeded = () => upgrade(opening.result);
  const raw = await asked(opening);
  return work(raw).finally(() => raw.close());
}
const all = (raw: IDBDatabase, store: string): Promise<Record<string, any>[]> => asked(raw.transaction(store).objectStore(store).getAll());
const put = (raw: IDBDatabase, store: string, row: object, key?: string): Promise<unknown> => asked(raw.transaction(store, "readwrite").objectStore(store).put(row, key));
/** Every byte in every store, as one text. */
async function copied(): Promise<string> {
  const text = (value: unknown): string => {
    if (value instanceof ArrayBuffer) return asWords(value);
    if (ArrayBuffer.isView(value)) return String.fromCharCode(...new Uint8Array(value.buffer));
    if (value instanceof CryptoKey) return "";
    return value !== null && typeof value === "object" ? Object.entries(value).map(([key, part]) => `${key} ${text(part)}`).join(" ") : String(value);
  };
  return bare(async (raw) => text(await Promise.all([...raw.objectStoreNames].map((store) => all(raw, store)))));
}

const rows = (one = db) => one.read(["outbox"], (tx) => tx.all("outbox"));
const drafts = (one = db) => one.read(["drafts"], (tx) => tx.all("drafts"));
const chunk = (n = 0, one = db) => one.read(["chunks"], (tx) => tx.get("chunks", ["f1", n]));

async function writesEverything(): Promise<void> {
  const bytes = piece("HEMLIG bild");
  await db.write(["outbox"], (tx) => tx.put("outbox", outboxRow("a1", "HEMLIG rad")));
  await db.write(["drafts"], (tx) => tx.put("drafts", draftRow("r1", "HEMLIG rapport")));
  await db.write(["chunks"], (tx) => tx.put("chunks", { file_id: "f1", n: 0, bytes }));
}

beforeEach(async () => {
  name = `sealed-${++databases}`;
  db = await openDb(name);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  db.close();
});

describe("what only this phone has", () => {
  it("stands on the disk without a word that can be read, and is read again as it was written", async () => {
    await writesEverything();
    expect(await copied()).not.toContain("HEMLIG");
    const again = await openDb(name);
    expect((await rows(again))[0]?.body, "not the very same text").toBe(outboxRow("a1", "HEMLIG rad").body);
    expect(await drafts(again)).toEqual([draftRow("r1", "HEMLIG rapport")]);
    expect(asWords((await chunk(0, again))?.bytes)).toBe("HEMLIG bild");
    again.close();
  });

  it("is sealed with a key that nobody can read out, one for all windows", async () => {
    const other = await openDb(name);
    const [one, two] = await Promise.all([keyOf(db), keyOf(other)]);
    expect(one?.id).toBe(two?.id);
    await expect(crypto.subtle.exportKey("raw", (one as { key: CryptoKey }).key)).rejects.toThrow();
    other.close();
  });

  it("keeps its ciphertext while only its state changes, and gets another with other words", async () => {
    await writesEverything();
    const sealed = async () => (await bare((raw) => all(raw, "outbox")))[0]?.["sealed"].iv.join();
    const before = await sealed();
    for (const state of ["sending", "queued"] as const)
      await db.write(["outbox"], async (tx) => {
        for (const row of await tx.all("outbox")) await tx.put("outbox", { ...row, state, attempt: row.attempt + 1 });
      });
    expect([await sealed(), (await rows())[0]?.attempt]).toEqual([before, 2]);
    for (const what of ["E", "En", "En kille"]) await db.write(["drafts"], async (tx) => tx.put("drafts", { ...((await tx.get("drafts", "r1")) as DraftRow), what }));
    expect((await drafts())[0]?.what).toBe("En kille");
  });

  it("does not open in another row, in another store or when it was changed; the rest is read all the same", async () => {
    await writesEverything();
    await db.write(["outbox"], (tx) => tx.put("outbox", outboxRow("a2", "en annan")));
    await db.write(["outbox"], (tx) => tx.put("outbox", outboxRow("a3", "en tredje")));
    await db.write(["drafts"], (tx) => tx.put("drafts", draftRow("r2", "en till")));
    await bare(async (raw) => {
      const [first, second, third] = await all(raw, "outbox");
      await put(raw, "outbox", { ...first, sealed: second?.["sealed"] });
      await put(raw, "outbox", { ...second, sealed: first?.["sealed"] });
      const [draft] = await all(raw, "drafts");
      await put(raw, "drafts", { ...draft, sealed: third?.["sealed"] });
      const [bytes] = await all(raw, "chunks");
      new Uint8Array(bytes?.["sealed"].data)[0]! ^= 1;
      await put(raw, "chunks", bytes as object);
    });
    const again = await openDb(name);
    expect((await rows(again)).map((row) => row.action_id), "words were read as another row's").toEqual(["a3"]);
    expect((await drafts(again)).map((draft) => draft.report_id)).toEqual(["r2"]);
    expect(await chunk(0, again)).toBeUndefined();
    const standing = await again.read(["outbox", "drafts"], async (tx) => [await tx.keys("outbox"), await tx.keys("drafts")]);
    expect(standing.map((keys) => keys.length), "nobody is told of what does not open").toEqual([3, 2]);
    again.close();
  });

  it("is sealed anew when another window has emptied the phone meanwhile, and its key with it", async () => {
    await writesEverything();
    const other = await openDb(name);
    await other.write(["kept", "drafts"], async (tx) => {
      await tx.del("drafts", "r1");
      await tx.del("kept", "seal");
    });
    await db.write(["drafts"], (tx) => tx.put("drafts", draftRow("r1", "HEMLIG rapport")));
    other.close();
    const again = await openDb(name);
    expect(await drafts(again), "sealed with a key that is nowhere").toEqual([draftRow("r1", "HEMLIG rapport")]);
    again.close();
    expect(await copied()).not.toContain("HEMLIG");
  });

  it("says so when a piece of work writes other words at each try, and keeps none of them", async () => {
    let tries = 0;
    await expect(db.write(["drafts"], (tx) => tx.put("drafts", draftRow("r1", `ord ${++tries}`)))).rejects.toThrow("unready");
    expect(await drafts()).toEqual([]);
  });

  it("is kept as it is where there is no cipher, or no place for such a key", async () => {
    const real = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
      if (key === "seal") throw new DOMException("no place for keys", "DataCloneError");
      return real.call(this, value, key);
    });
    await writesEverything();
    expect((await rows())[0]?.body).toContain("HEMLIG");
    vi.restoreAllMocks();

    name = `sealed-${++databases}`;
    vi.stubGlobal("crypto", { getRandomValues: () => undefined });
    const plain = await openDb(name);
    await plain.write(["drafts"], (tx) => tx.put("drafts", draftRow("r1", "HEMLIG rapport")));
    expect(await drafts(plain)).toHaveLength(1);
    plain.close();
    // A browser that has learned it since.
    vi.unstubAllGlobals();
    const able = await openDb(name);
    expect(await drafts(able)).toEqual([draftRow("r1", "HEMLIG rapport")]);
    able.close();
  });

  it("goes through a thousand rows and more", async () => {
    for (let n = 0; n < 1100; n++) await db.write(["outbox"], (tx) => tx.put("outbox", outboxRow(`a${n}`, `rad ${n}`)));
    const again = await openDb(name);
    expect(new Set((await rows(again)).map((row) => row.body)).size).toBe(1100);
    again.close();
  }, 60_000);
});

describe("a database of version 1", () => {
  const old = { report_id: "r1", started_at: "2026-11-24T01:00:00Z", what: "HEMLIG rapport", place: "Ett spel", file_id: "f1" };
  const self = { account_id: "a", role: "youth" };
  const size = PIECE + 5;

  /** Exactly the stores of version 1, with something in each that holds words. */
  async function isOld(): Promise<void> {
    name = `version-1-${++databases}`;
    await bare(
      async (raw) => {
        for (const action_id of ["a1", "a2"]) await put(raw, "outbox", outboxRow(action_id, `HEMLIG rad ${action_id}`));
        await put(raw, "kept", old, "draft");
        await put(raw, "kept", self, "self");
        await put(raw, "kept", [{ self: { ...self, account_id: "b" }, draft: { ...old, report_id: "r2", what: "HEMLIG sedan förut", file_id: undefined } }, { self: { ...self, account_id: "c" } }], "aside");
        await put(raw, "files", { file_id: "f1", report_id: "r1", account_id: "", sha256: "", size, media_type: "image/png", state: "draft", offset: 0 });
        for (let n = 0; n < 2; n++) await put(raw, "chunks", { file_id: "f1", n, bytes: piece(`HEMLIG bild ${n}`) });
      },
      1,
      (raw) => {
        for (const store of ["kept", "cursors", "conversations", "messages", "reports", "raw"]) raw.createObjectStore(store);
        raw.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true }).createIndex("action_id", "action_id", { unique: true });
        raw.createObjectStore("files", { keyPath: "file_id" }).createIndex("report_id", "report_id");
        raw.createObjectStore("chunks", { keyPath: ["file_id", "n"] }).createIndex("file_id", "file_id");
      },
    );
    db = await openDb(name);
  }

  async function standsAsItWas(): Promise<void> {
    expect((await rows()).map((row) => row.body)).toEqual(["a1", "a2"].map((id) => outboxRow(id, `HEMLIG rad ${id}`).body));
    expect([asWords((await chunk(0))?.bytes), asWords((await chunk(1))?.bytes)]).toEqual(["HEMLIG bild 0", "HEMLIG bild 1"]);
    expect(await drafts()).toMatchObject([
      { ...old, saved_at: old.started_at, revision: 1 },
      { report_id: "r2", what: "HEMLIG sedan förut", account_id: "b" },
    ]);
    expect(await db.read(["kept"], (tx) => tx.get("kept", "aside"))).toEqual([{ self: { ...self, account_id: "b" } }, { self: { ...self, account_id: "c" } }]);
    expect(await copied()).not.toContain("HEMLIG");
  }

  it("is read as it is, before anything was sealed", async () => {
    await isOld();
    expect((await rows()).map((row) => row.action_id)).toEqual(["a1", "a2"]);
    expect(asWords((await chunk())?.bytes)).toBe("HEMLIG bild 0");
  });

  it("is brought over whole, and nothing of it can be read on the disk any more", async () => {
    await isOld();
    await bringOver(db);
    await sealAll(db);
    await standsAsItWas();
  });

  it("is brought over though the app ends after any step of it, by two windows at once", async () => {
    await isOld();
    for (let life = 1; life < 16; life++) {
      let steps = 0;
      const mortal: Db = { ...db, read: (stores, work) => db.read(stores, work), write: (stores, work) => (++steps > life ? Promise.reject(new Error("the app has ended")) : db.write(stores, work)), close: () => undefined };
      await Promise.all([bringOver(mortal), sealAll(mortal)].map((one) => one.catch(() => undefined)));
    }
    const other = await openDb(name);
    await Promise.all([db, other].flatMap((one) => [bringOver(one), sealAll(one)]));
    other.close();
    await standsAsItWas();
  });

  it("brings nothing back of a file that was delivered meanwhile", async () => {
    await isOld();
    const { write } = db;
    let first = true;
    const racing: Db = {
      ...db,
      read: (stores, work) => db.read(stores, work),
      close: () => undefined,
      write: async (stores, work) => {
        if (first && stores.includes("chunks")) {
          first = false;
          await write.call(db, ["files", "chunks"], async (tx) => {
            const file = await tx.get("files", "f1");
            if (file) await tx.put("files", { ...file, state: "done" });
            await tx.drop("chunks", "file_id", "f1");
          });
        }
        return write.call(db, stores, work) as never;
      },
    };
    await sealAll(racing);
    expect(await bare((raw) => all(raw, "chunks"))).toEqual([]);
  });
});
