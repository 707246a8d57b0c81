import { beforeEach, describe, expect, it } from "vitest";
import type { Conversation, Pulled } from "../api/wire";
import { dice, json, Phone, problem, Server } from "../testing/world";
import { kept } from "./core";
import { drain } from "./drain";
import { PIECE, sendFiles } from "./files";
import { enqueue, newId, OUTBOX_STORES, putAction, selfOrNew } from "./outbox";
import { markSeen, pull, pullOlder } from "./pull";
import { bearer } from "./session";
import { events, listen } from "./stream";

let server: Server;
let noa: Phone;
const pace = () => ({ failures: 0, at: 0 });

beforeEach(async () => {
  server = new Server();
  noa = await new Phone(server, dice(3)).starts();
});

async function writes(text: string, talk = "t1") {
  const body = { message_id: noa.id(), conversation_id: talk, text };
  return enqueue(noa.core, "sv", { kind: "message-send", lane: `conversation:${talk}`, body });
}

const same = (a: Uint8Array | undefined, b: Uint8Array): boolean => a?.length === b.length && a.every((byte, i) => byte === b[i]);

const messages = () => noa.core.db.read(["messages"], (tx) => tx.all("messages"));

/** Answers pulls with what is given, whatever was asked. */
function answers(part: Partial<Pulled>) {
  const plain = server.fetch;
  server.fetch = async (path, init) =>
    path.endsWith("/pull") ? json(200, { server_time: "", streams: {}, gone: [], min_supported: {}, ...part }) : plain(path, init);
}

const talk = (revision: number, head: number, more: Partial<Conversation> = {}): Conversation => ({
  conversation_id: "t1",
  state: "waiting",
  revision,
  opened_at: "",
  last_at: "",
  officer_read_pos: 0,
  youth_read_pos: 0,
  head,
  unread: false,
  in_danger: false,
  unread_danger: false,
  unanswered_danger: false,
  self_harm: false,
  waiting_since: "",
  held_by_me: false,
  last_by: "youth",
  last_text: "",
  ...more,
});

const event = (pos: number, kind: string, more: object = {}) => ({ pos, kind, v: 1, entity_id: "e", revision: 1, by: "officer" as const, at: "", ...more });

describe("pulling", () => {
  it("lays nothing over a stream that shows it itself", async () => {
    await writes("hej");
    await drain(noa.core, pace());
    expect((await noa.rows())[0]?.state).toBe("sent");
    await pull(noa.core, []);
    expect(await noa.rows()).toEqual([]);
    expect((await messages()).map((row) => row.text)).toEqual(["hej"]);
  });

  it("keeps a message on the screen until its talk was read, though the home stream has named it", async () => {
    const { action_id } = await writes("hej");
    await drain(noa.core, pace());
    const home = `inbox:${(await kept(noa.core, "self"))?.account_id}`;
    const named = event(1, "conversation-changed", { entity_id: "t1", action_id, conversation: talk(1, 1) });
    const plain = server.fetch;
    // The network goes between the two halves of the reading.
    let asked = 0;
    server.fetch = async (path, init) => {
      if (!path.endsWith("/pull")) return plain(path, init);
      if (++asked > 1) throw new TypeError("Failed to fetch");
      return json(200, { server_time: "", streams: { [home]: { epoch: 1, head: 1, more: false, reset: true, from: 1, events: [named] } }, gone: [], min_supported: {} });
    };
    await pull(noa.core, []).catch(() => undefined);
    expect(asked).toBe(2);
    expect((await noa.rows()).map((row) => row.action_id), "its words stand nowhere on this phone").toEqual([action_id]);
    server.fetch = plain;
    await pull(noa.core, ["t1"]);
    expect(await noa.rows()).toEqual([]);
    expect((await messages()).map((row) => row.text)).toEqual(["hej"]);
  });

  it("keeps what was read meanwhile when an answer comes late that was asked before anything was known", async () => {
    await writes("först", "t0");
    await drain(noa.core, pace());
    const plain = server.fetch;
    let release = (): void => undefined;
    const held = new Promise<void>((go) => (release = go));
    let pulls = 0;
    // Page and worker read beside each other, and the first answer is the last to come.
    server.fetch = async (path, init) => {
      const answer = await plain(path, init);
      if (path.endsWith("/pull") && ++pulls === 1) await held;
      return answer;
    };
    const first = pull(noa.core, ["t1"]);
    await expect.poll(() => pulls).toBe(1);
    await writes("hej");
    await drain(noa.core, pace());
    await pull(noa.core, ["t1"]);
    expect(await noa.rows()).toEqual([]);
    release();
    await first;
    expect((await messages()).map((row) => row.text).sort()).toEqual(["först", "hej"]);
  });

  it("forgets a waiting row whose reply was lost when the journal brings it", async () => {
    await writes("hej");
    await bearer(noa.core);
    server.fault = () => "reply-lost";
    await drain(noa.core, pace());
    expect(server.effects).toHaveLength(1);
    server.fault = () => "none";
    await pull(noa.core, ["t1"]);
    expect(await noa.rows()).toEqual([]);
  });

  it("asks again for a stream that had no room, and keeps what it has of it", async () => {
    await writes("annat", "t9");
    const inbox = `inbox:${(await kept(noa.core, "self"))?.account_id}`;
    const part = { epoch: 1, head: 1, more: false, reset: false, from: 1, events: [] };
    const said = [
      { [inbox]: { ...part, events: [event(1, "conversation-changed", { conversation: talk(1, 1) })] }, "conversation:t1": { ...part, more: true } },
      { "conversation:t1": { ...part, events: [event(1, "message-created")] } },
    ];
    const plain = server.fetch;
    let asked = 0;
    server.fetch = async (path, init) =>
      path.endsWith("/pull") ? json(200, { server_time: "", streams: said[asked++] ?? {}, gone: [], min_supported: {} }) : plain(path, init);
    await pull(noa.core, ["t1"]);
    expect(asked).toBe(2);
    expect(await noa.core.db.read(["cursors"], (tx) => tx.get("cursors", "conversation:t1"))).toMatchObject({ pos: 1 });
    // One that says nothing of anything is not asked in a loop.
    answers({ streams: { "conversation:t2": { ...part, more: true } } });
    await pull(noa.core, ["t2"]);
    expect(await noa.core.db.read(["cursors"], (tx) => tx.get("cursors", "conversation:t2"))).toBeUndefined();
  });

  it("keeps words that were too many for now, and holds nothing against them", async () => {
    await writes("hej");
    const [row] = await noa.rows();
    const plain = server.fetch;
    const result = { action_id: row?.action_id, outcome: "retry", retry_after_ms: 30_000, problem: { kind: "rate-limited" } };
    server.fetch = async (path, init) => (path.endsWith("/push") ? json(200, { server_time: "", results: [result] }) : plain(path, init));
    await drain(noa.core, pace());
    const [kept] = await noa.rows();
    expect(kept).toMatchObject({ state: "queued", faults: 0 });
    expect(kept?.not_before).toBeGreaterThanOrEqual(noa.core.now() + 30_000);
  });

  it("reads on over many pages", async () => {
    for (let i = 0; i < 450; i++) await writes(`${i}`);
    await drain(noa.core, pace());
    const cursor = { stream: "conversation:t1", epoch: 1, pos: 0 };
    await noa.core.db.write(["cursors"], (tx) => tx.put("cursors", cursor));
    await pull(noa.core, ["t1"]);
    expect(await messages()).toHaveLength(450);
  });

  it("fetches older ones without moving its place", async () => {
    for (let i = 0; i < 230; i++) await writes(`${i}`);
    await drain(noa.core, pace());
    await pull(noa.core, ["t1"]);
    expect(await messages()).toHaveLength(200);
    expect(await pullOlder(noa.core, "t1")).toBe(true);
    expect(await messages()).toHaveLength(230);
    expect(await pullOlder(noa.core, "t1")).toBe(false);
  });

  it("drops a stream's rows on a reset, and never the outbox", async () => {
    await writes("hej");
    await drain(noa.core, pace());
    await pull(noa.core, ["t1"]);
    server.fault = () => "lost";
    await writes("waits");
    server.fault = () => "none";
    answers({ streams: { "conversation:t1": { epoch: 2, head: 0, more: false, reset: true, from: 1, events: [] } } });
    await pull(noa.core, ["t1"]);
    expect(await messages()).toEqual([]);
    expect(await noa.rows()).toHaveLength(1);
    expect(await noa.core.db.read(["cursors"], (tx) => tx.get("cursors", "conversation:t1"))).toMatchObject({ epoch: 2, pos: 0 });
  });

  it("deletes its copy of what it may no longer read", async () => {
    await writes("hej");
    await drain(noa.core, pace());
    await pull(noa.core, ["t1"]);
    answers({ gone: ["conversation:t1"] });
    await pull(noa.core, ["t1"]);
    expect(await messages()).toEqual([]);
    expect(await noa.core.db.read(["cursors"], (tx) => tx.get("cursors", "conversation:t1"))).toBeUndefined();
  });

  it("leaves nothing of what was erased, though nobody looks at it", async () => {
    await writes("hej");
    await drain(noa.core, pace());
    await pull(noa.core, ["t1"]);
    const bytes = new ArrayBuffer(1);
    await noa.core.db.write(["reports", "files", "chunks"], async (tx) => {
      await tx.put("reports", { report_id: "r1" } as never);
      await tx.put("files", { file_id: "f1", report_id: "r1", account_id: "", sha256: "", size: 1, media_type: "image/png", state: "ready", offset: 0 });
      await tx.put("chunks", { file_id: "f1", n: 0, bytes });
    });
    const home = `inbox:${(await kept(noa.core, "self"))?.account_id}`;
    const gone = [event(900, "conversation-erased", { entity_id: "t1" }), event(901, "report-erased", { entity_id: "r1" })];
    answers({ streams: { [home]: { epoch: 1, head: 901, more: false, reset: false, from: 899, events: gone } } });
    await pull(noa.core, []);
    expect(await messages()).toEqual([]);
    for (const store of ["conversations", "reports", "files", "chunks"] as const)
      expect(await noa.core.db.read([store], (tx) => tx.all(store)), store).toEqual([]);
    expect((await noa.core.db.read(["cursors"], (tx) => tx.all("cursors"))).map((cursor) => cursor.stream)).toEqual([home]);
  });

  it("brings nothing back that was erased while an older answer was on its way", async () => {
    for (let i = 0; i < 210; i++) await writes(`${i}`);
    await drain(noa.core, pace());
    const plain = server.fetch;
    const home = `inbox:${(await kept(noa.core, "self"))?.account_id}`;
    const inbox = server.streams.get("inbox") ?? [];
    server.streams.set("inbox", inbox);
    let erased = 0;
    /** While the next such answer is on its way, the talk is erased and another pull, as of the worker, tells of it. */
    const erasesDuring = (asked: RegExp, answer?: object) => {
      server.fetch = async (path, init) => {
        if (!asked.test(`${path} ${init?.body}`)) return plain(path, init);
        server.fetch = plain;
        const older = answer === undefined ? await plain(path, init) : json(200, answer);
        server.streams.delete("conversation:t1");
        inbox.push({ pos: inbox.length + 1, action_id: noa.id(), kind: "conversation-erased", entity_id: "t1" });
        await pull(noa.core, []);
        erased += 1;
        return older;
      };
    };
    const told = { pos: 1, action_id: noa.id(), kind: "conversation-changed", entity_id: "t1", conversation: talk(1, 210) };
    inbox.push(told);
    await pull(noa.core, ["t1"]);
    expect(await messages()).toHaveLength(200);
    const words = server.streams.get("conversation:t1") ?? [];
    const ways: [string, () => Promise<unknown>][] = [
      ["the talk itself", async () => (erasesDuring(/\/pull.*conversation:t1/), pull(noa.core, ["t1"]))],
      ["what was said before", async () => (erasesDuring(/"before"/), pullOlder(noa.core, "t1"))],
      ["the lists", async () => {
        await noa.core.db.write(["kept"], (tx) => tx.put("kept", true, "lists_due"));
        erasesDuring(/conversations\?/, { items: [talk(1, 210)] });
        await pull(noa.core, []);
      }],
    ];
    for (const [what, comes] of ways) {
      server.streams.set("conversation:t1", words);
      await noa.core.db.write(["cursors"], (tx) => tx.del("cursors", home));
      await pull(noa.core, ["t1"]);
      await noa.core.db.write(["cursors"], (tx) => tx.put("cursors", { stream: "conversation:t1", epoch: 1, pos: 205 }));
      await comes();
      expect(await messages(), what).toEqual([]);
      expect(await noa.core.db.read(["conversations"], (tx) => tx.all("conversations")), what).toEqual([]);
      expect((await noa.core.db.read(["cursors"], (tx) => tx.all("cursors"))).map((cursor) => cursor.stream), what).toEqual([home]);
    }
    expect(erased, "the test erased something each time").toBe(ways.length);
    expect(await kept(noa.core, "lists_due")).toBe(false);
  });

  it("keeps the words that it has of what the server can no longer open", async () => {
    await writes("hej");
    await drain(noa.core, pace());
    await pull(noa.core, ["t1"]);
    const home = `inbox:${(await kept(noa.core, "self"))?.account_id}`;
    const report = (report_id: string, more: object = {}) => ({ report_id, state: "received", revision: 7, what: "hot", happened: { certainty: "unknown" }, files: [], erasure_refused_at: "då", ...more });
    const lost = (report_id: string) => report(report_id, { state: "being-read", revision: 2, what: "", damaged: true });
    await noa.core.db.write(["reports"], async (tx) => {
      for (const id of ["r1", "r2", "r3"]) await tx.put("reports", report(id, { place: "spelet", erasure_refusal: "det behövs" }) as never);
    });
    const [good] = await messages();
    const damaged = { ...good, text: "", damaged: true };
    const other = { ...damaged, message_id: "m2", action_id: "a2", pos: 2 };
    // As after a restore without the keys: all is given anew, and what the window holds no longer stands in the lists alone.
    const part = (events: object[]) => ({ epoch: 2, head: 9, more: false, reset: true, from: 1, events }) as never;
    answers({
      streams: {
        "conversation:t1": part([event(1, "message-created", { entity_id: good?.message_id, message: damaged }), event(2, "message-created", { entity_id: "m2", message: other })]),
        [home]: part([event(8, "conversation-changed", { entity_id: "t1", conversation: talk(1, 1) }), event(9, "report-changed", { entity_id: "r1", report: lost("r1") })]),
      },
    });
    const pulled = server.fetch;
    server.fetch = async (path, init) => (/reports\?/.test(path) ? json(200, { items: [lost("r2")] }) : /conversations\?/.test(path) ? json(200, { items: [talk(1, 1)] }) : pulled(path, init));
    await pull(noa.core, ["t1"]);
    expect((await messages()).map(({ text, damaged }) => [text, damaged])).toEqual(expect.arrayContaining([["hej", false], ["", true]]));
    const stands = { what: "hot", place: "spelet", state: "being-read", erasure_refusal: "det behövs", damaged: false };
    expect(await noa.core.db.read(["reports"], (tx) => tx.all("reports"))).toEqual([expect.objectContaining({ report_id: "r1", ...stands }), expect.objectContaining({ report_id: "r2", ...stands })]);
    expect(await noa.core.db.read(["conversations"], (tx) => tx.all("conversations"))).toMatchObject([{ last_text: "hej" }]);
  });

  it("keeps the words that it wrote when the server cannot open them the first time that it shows them", async () => {
    await writes("hej");
    await drain(noa.core, pace());
    const [entry] = server.streams.get("conversation:t1") ?? [];
    if (entry?.message) Object.assign(entry.message, { text: "", damaged: true });
    await pull(noa.core, []);
    expect(await noa.rows()).toEqual([]);
    expect(await messages()).toMatchObject([{ text: "hej", damaged: false }]);
  });

  it("keeps an event of a kind that it does not know, and goes on", async () => {
    await writes("hej");
    await drain(noa.core, pace());
    const known = event(8, "conversation-changed", { conversation: talk(1, 0) });
    answers({ streams: { "conversation:t1": { epoch: 1, head: 8, more: false, reset: false, from: 7, events: [event(7, "poll-opened"), known] } } });
    await pull(noa.core, ["t1"]);
    expect((await noa.core.db.read(["raw"], (tx) => tx.all("raw"))).map((row) => row.pos)).toEqual([7]);
    expect(await noa.core.db.read(["cursors"], (tx) => tx.get("cursors", "conversation:t1"))).toMatchObject({ pos: 8 });
  });

  it("does not let an older answer that comes late win", async () => {
    await writes("hej");
    await drain(noa.core, pace());
    const part = (pos: number, body: Conversation) => ({
      streams: { inbox: { epoch: 1, head: pos, more: false, reset: false, from: pos, events: [event(pos, "conversation-changed", { conversation: body })] } },
    });
    answers(part(5, talk(3, 4, { state: "taken" })));
    await pull(noa.core, []);
    answers(part(4, talk(2, 3)));
    await pull(noa.core, []);
    expect(await noa.core.db.read(["conversations"], (tx) => tx.get("conversations", "t1"))).toMatchObject({ revision: 3, state: "taken" });
    expect(await noa.core.db.read(["cursors"], (tx) => tx.get("cursors", "inbox"))).toMatchObject({ pos: 5 });
  });

  it("takes another network's JSON for no answer at all", async () => {
    await writes("hej");
    await drain(noa.core, pace());
    const plain = server.fetch;
    server.fetch = async () => json(200, { login: "http://cafe.example/" });
    await expect(pull(noa.core, ["t1"])).rejects.toThrow("network");
    server.fetch = plain;
    await pull(noa.core, ["t1"]);
    expect((await messages()).map((row) => row.text)).toEqual(["hej"]);
  });

  it("asks for nothing as somebody who takes no part in talks", async () => {
    await writes("hej");
    const self = await kept(noa.core, "self");
    await noa.core.db.write(["kept"], (tx) => tx.put("kept", { ...self, role: "evaluator" }, "self"));
    await pull(noa.core, ["t1"]);
    expect(server.calls).toEqual([]);
  });

  it("reads the lists once after a reset of the home stream", async () => {
    await writes("hej");
    await drain(noa.core, pace());
    await pull(noa.core, []);
    await pull(noa.core, []);
    expect(server.calls.filter((path) => path.includes("/conversations?"))).toHaveLength(1);
    expect(await kept(noa.core, "lists_due")).toBe(false);
  });

  it("writes nothing of an account that has left the phone meanwhile", async () => {
    for (let i = 0; i < 210; i++) await writes(`${i}`);
    await drain(noa.core, pace());
    const plain = server.fetch;
    const leavesAt = (asked: RegExp, answer?: object) => {
      server.fetch = async (path, init) => {
        if (!asked.test(`${path} ${init?.body}`)) return plain(path, init);
        const given = answer === undefined ? await plain(path, init) : json(200, answer);
        await noa.core.db.write(["kept"], (tx) => tx.del("kept", "self"));
        return given;
      };
    };
    const self = await kept(noa.core, "self");
    leavesAt(/conversations\?/, { items: [talk(1, 1)] });
    await pull(noa.core, ["t1"]).catch(() => undefined);
    expect(await noa.core.db.read(["conversations"], (tx) => tx.all("conversations")), "the list of talks came back").toEqual([]);
    await noa.core.db.write(["kept"], (tx) => tx.put("kept", self, "self"));
    const before = (await messages()).length;
    leavesAt(/"before"/);
    await pullOlder(noa.core, "t1");
    expect(await messages(), "older messages came back").toHaveLength(before);
  });

  it("tells of another phone that opened the talks, and neither of this one nor of what was before", async () => {
    await writes("hej");
    const own = (await kept(noa.core, "self"))?.device_id ?? "";
    const added = (pos: number, entity_id: string) => event(pos, "device-added", { entity_id, at: `2026-11-24T0${pos}:00:00Z` });
    const stream = `inbox:${(await kept(noa.core, "self"))?.account_id}`;
    const comes = async (pos: number, id: string, reset = false) => {
      answers({ streams: { [stream]: { epoch: 1, head: pos, more: false, reset, from: pos, events: [added(pos, id)] } } });
      await pull(noa.core, []);
      return kept(noa.core, "device_added");
    };
    expect(await comes(1, "earlier", true)).toBeUndefined();
    expect(await comes(2, own)).toBeUndefined();
    expect(await comes(3, "other")).toEqual({ at: "2026-11-24T03:00:00Z", seen: false });
    await noa.core.db.write(["kept"], markSeen);
    expect(await comes(3, "other", true), "what was seen is not told again").toMatchObject({ seen: true });
  });
});

describe("files", () => {
  async function tells(size: number) {
    const bytes = new Uint8Array(size).map((_, i) => (i * 31) % 251);
    const pieces = Array.from({ length: Math.ceil(size / PIECE) }, (_, n) => bytes.buffer.slice(n * PIECE, (n + 1) * PIECE));
    const id = newId(noa.core);
    await noa.core.db.write([...OUTBOX_STORES, "chunks"], async (tx) => {
      const self = await selfOrNew(noa.core, tx, "sv");
      await putAction(noa.core, tx, self, id, { kind: "report-submit", lane: "report:r1", body: { report_id: "r1", files: [{ file_id: "f1" }] } });
      for (const [n, piece] of pieces.entries()) await tx.put("chunks", { file_id: "f1", n, bytes: piece });
      await tx.put("files", {
        file_id: "f1",
        report_id: "r1",
        account_id: self.account_id,
        sha256: "",
        size,
        media_type: "image/png",
        state: "waiting",
        offset: 0,
      });
    });
    return bytes;
  }

  it("go after their report, unchanged, and leave the phone when they have arrived", async () => {
    const bytes = await tells(PIECE * 2 + 999);
    await sendFiles(noa.core);
    expect(server.files.size).toBe(0);
    await drain(noa.core, pace());
    await sendFiles(noa.core);
    expect(same(server.files.get("f1")?.bytes, bytes), "the bytes are not the same").toBe(true);
    expect(await noa.core.db.read(["chunks"], (tx) => tx.all("chunks"))).toEqual([]);
    expect((await noa.core.db.read(["files"], (tx) => tx.all("files")))[0]).toMatchObject({ state: "done", offset: bytes.length });
  });

  it("go on from where the server is after lost replies", async () => {
    const bytes = await tells(PIECE * 3 + 5);
    await drain(noa.core, pace());
    const random = dice(5);
    server.fault = () => (random() < 0.4 ? "reply-lost" : "none");
    for (let i = 0; i < 40; i++) {
      await sendFiles(noa.core).catch(() => undefined);
      await noa.crashes();
    }
    expect(same(server.files.get("f1")?.bytes, bytes), "the bytes are not the same").toBe(true);
  });

  it("take the right place from the server when theirs is wrong", async () => {
    const bytes = await tells(PIECE + 7);
    await drain(noa.core, pace());
    const plain = server.fetch;
    let once = true;
    server.fetch = async (path, init) => {
      if (init?.method === "PATCH" && once) {
        once = false;
        await plain(path, init);
      }
      return plain(path, init);
    };
    await sendFiles(noa.core);
    expect(same(server.files.get("f1")?.bytes, bytes), "the bytes are not the same").toBe(true);
  });

  it("are shown as refused when the server does not take them, and the report stands", async () => {
    await tells(10);
    await drain(noa.core, pace());
    const plain = server.fetch;
    server.fetch = async (path, init) => (init?.method === "PATCH" ? problem(422, "file-type-refused") : plain(path, init));
    await sendFiles(noa.core);
    expect((await noa.core.db.read(["files"], (tx) => tx.all("files")))[0]).toMatchObject({ state: "refused" });
  });
});

describe("the stream", () => {
  it("is split into its events wherever it was cut", () => {
    expect(events(": beat\n\nevent: poke\ndata: {}\n\nevent: po")).toEqual({ names: ["poke"], signs: [], rest: "event: po" });
    expect(events('event: sign\ndata: {"kind":"typing"}\n\nevent: poke\ndata: {}\n\n')).toEqual({ names: ["poke"], signs: ['{"kind":"typing"}'], rest: "" });
  });

  it("tells of signs and fetches nothing for them", async () => {
    await writes("hej");
    await drain(noa.core, pace());
    const plain = server.fetch;
    const stop = new AbortController();
    server.fetch = async (path, init) => {
      if (!path.endsWith("/stream")) return plain(path, init);
      stop.abort();
      return new Response("event: sign\ndata: one\n\nevent: sign\ndata: two\n\n", { headers: { "content-type": "text/event-stream" } });
    };
    let pokes = 0;
    const signs: string[] = [];
    await listen(noa.core, { live: () => undefined, poke: () => (pokes += 1), sign: (data) => signs.push(data) }, stop.signal, async () => undefined);
    expect(signs).toEqual(["one", "two"]);
    expect(pokes, "once, because it opened").toBe(1);
  });

  it("looks for news when it opens, at each poke, and asks for a new bearer when the old one ends", async () => {
    await writes("hej");
    await drain(noa.core, pace());
    const plain = server.fetch;
    const stop = new AbortController();
    const bearers: string[] = [];
    server.fetch = async (path, init) => {
      if (!path.endsWith("/stream")) return plain(path, init);
      bearers.push(new Headers(init?.headers).get("authorization") ?? "");
      if (bearers.length === 3) stop.abort();
      return new Response(": listening\n\nevent: poke\ndata: {}\n\nevent: end\ndata: {}\n\n", { headers: { "content-type": "text/event-stream" } });
    };
    let pokes = 0;
    const states: string[] = [];
    await listen(noa.core, { live: (state) => states.push(state), poke: () => (pokes += 1), sign: () => undefined }, stop.signal, async () => undefined);
    expect(new Set(bearers).size).toBe(3);
    expect(pokes).toBeGreaterThanOrEqual(2);
    expect(states.slice(0, 2)).toEqual(["connecting", "live"]);
    expect(states.at(-1)).toBe("off");
  });
});
