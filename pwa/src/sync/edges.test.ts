import { beforeEach, describe, expect, it } from "vitest";
import type { SessionBody } from "../api/wire";
import { json, Phone, problem, Server } from "../testing/world";
import { keep, kept, locker } from "./core";
import { drain, hurry, type Pace } from "./drain";
import { sendFiles } from "./files";
import { enqueue } from "./outbox";
import { pull } from "./pull";
import { become, signedInAs, SWITCH_STORES } from "./become";
import { bearer } from "./session";

let server: Server;
let noa: Phone;
let pace: Pace;

beforeEach(async () => {
  server = new Server();
  noa = await new Phone(server).starts();
  pace = { failures: 0, at: 0 };
});

const writes = (phone: Phone, talk: string, text: string) =>
  enqueue(phone.core, "sv", {
    kind: "message-send",
    lane: `conversation:${talk}`,
    body: { message_id: phone.id(), conversation_id: talk, text },
  });

const other: SessionBody = { access_token: "other-token", expires_at: "", account_id: "other", device_id: "other-device", role: "youth", demo: false };
const session = { access_token: "t", expires_at: "", role: "youth", demo: false };

describe("a browser that refuses storage", () => {
  const refused = { request: () => Promise.reject(new DOMException("denied", "SecurityError")) } as unknown as LockManager;

  it("refuses locks too, and the work is done all the same, in turns", async () => {
    const alone = locker(refused);
    const log: string[] = [];
    const first = alone("x", async () => {
      log.push("first begins");
      await Promise.resolve();
      log.push("first ends");
    });
    await Promise.all([first, alone("x", async () => void log.push("second"))]);
    expect(log).toEqual(["first begins", "first ends", "second"]);
  });

  it("lets the first message go", async () => {
    noa.core.alone = locker(refused);
    await writes(noa, "t1", "hej");
    expect((await drain(noa.core, pace)).state).toBe("empty");
    expect(server.effects).toHaveLength(1);
  });

  it("is not taken for work that failed by itself", async () => {
    const granted = { request: (_name: string, work: () => unknown) => work() } as unknown as LockManager;
    let runs = 0;
    const work = async () => {
      runs += 1;
      throw new Error("its own");
    };
    await expect(locker(granted)("x", work)).rejects.toThrow("its own");
    expect(runs, "work under a lock must not run twice").toBe(1);
  });
});

describe("another account on this phone", () => {
  it("leaves the one before its words, its drafts and its way back", async () => {
    await writes(noa, "t1", "not sent yet");
    const before = await kept(noa.core, "self");
    if (!before) throw new Error("the first write made no account");
    const whose = async () => (await noa.core.db.read(["drafts"], (tx) => tx.all("drafts"))).map((draft) => [draft.what, draft.account_id]);
    for (const report_id of ["r1", "r2"])
      await noa.core.db.write(["drafts"], (tx) => tx.put("drafts", { report_id, started_at: "", saved_at: "", revision: 1, what: `half written ${report_id}` }));

    await signedInAs(noa.core, other, {}, "sv");
    expect(await whose(), "a draft shows only to who wrote it").toEqual([["half written r1", before.account_id], ["half written r2", before.account_id]]);

    await noa.core.db.write(SWITCH_STORES, (tx) => become(tx, before));
    expect(await whose()).toEqual([["half written r1", undefined], ["half written r2", undefined]]);
    expect((await drain(noa.core, pace)).state).toBe("empty");
    expect(server.effects, "an account the server had never heard of must still be able to send").toHaveLength(1);
    expect(await kept(noa.core, "aside")).toEqual([]);
  });

  it("is not given the bearer of the one before, when that comes late", async () => {
    await writes(noa, "t1", "hej");
    const fetch = noa.core.fetch;
    noa.core.fetch = async (path, init) => {
      const answer = await fetch(path, init);
      if (path.endsWith("/devices")) await signedInAs(noa.core, other, {}, "sv");
      return answer;
    };
    await drain(noa.core, pace);
    expect(noa.core.session?.account_id).toBe("other");
    expect(server.effects).toHaveLength(0);
  });

  it("is not written for with the bearer that a tab still holds", async () => {
    await writes(noa, "t1", "hej");
    await drain(noa.core, pace);
    const old = await bearer(noa.core);
    // What another tab does: the database changes, this tab's memory does not.
    const next = { account_id: other.account_id, device_id: other.device_id, secret: "s", code: "1", registered: false };
    await noa.core.db.write(SWITCH_STORES, (tx) => become(tx, { ...next, role: "youth", demo: false, code_state: "unseen", ended: false, locale: "sv" }));
    expect(await bearer(noa.core)).not.toBe(old);
    expect(noa.core.session?.account_id).toBe("other");
  });

  it("does not read what the one before voted and supported", async () => {
    await writes(noa, "t1", "hej");
    const account_id = (await kept(noa.core, "self"))?.account_id ?? "";
    await keep(noa.core, "votes", { account_id, places: { p: [1] } });
    await keep(noa.core, "supports", { account_id, ids: ["i"] });
    await keep(noa.core, "question_votes", { account_id, ids: ["q"] });
    const next = { account_id: other.account_id, device_id: other.device_id, secret: "s", code: "1", registered: false };
    await noa.core.db.write(SWITCH_STORES, (tx) => become(tx, { ...next, role: "youth", demo: false, code_state: "unseen", ended: false, locale: "sv" }));
    expect([await kept(noa.core, "votes"), await kept(noa.core, "supports"), await kept(noa.core, "question_votes")]).toEqual([undefined, undefined, undefined]);
  });
});

describe("one thing that fails", () => {
  it("holds back no other file", async () => {
    await writes(noa, "t1", "hej");
    const self = await kept(noa.core, "self");
    const bytes = new Uint8Array([1, 2, 3]).buffer;
    await noa.core.db.write(["files", "chunks"], async (tx) => {
      for (const file_id of ["f1", "f2"]) {
        await tx.put("chunks", { file_id, n: 0, bytes });
        const file = { file_id, report_id: "r", sha256: "", size: 3, media_type: "image/png", offset: 0 };
        await tx.put("files", { ...file, account_id: self?.account_id ?? "", state: "ready" });
      }
    });
    const fetch = noa.core.fetch;
    noa.core.fetch = async (path, init) => (String(init?.body).includes('"f1"') ? problem(404, "not-found") : fetch(path, init));
    await expect(sendFiles(noa.core)).rejects.toThrow("not-found");
    expect(server.files.get("f2")?.bytes).toHaveLength(3);
  });

  it("is not asked for in a loop when the server only says blocked", async () => {
    const row = await writes(noa, "t1", "hej");
    let asked = 0;
    noa.core.fetch = async (path, init) => {
      const { account_id, device_id } = JSON.parse(String(init?.body)) as Record<string, string>;
      if (!path.endsWith("/push")) return json(200, { ...session, account_id, device_id });
      if (++asked > 20) throw new Error("asked in a loop");
      return json(200, { server_time: "", results: [{ action_id: row.action_id, outcome: "blocked" }] });
    };
    expect((await drain(noa.core, pace)).state).toBe("later");
    expect(asked).toBe(1);
  });

  it("waits no longer when a person presses send", async () => {
    const row = await writes(noa, "t1", "hej");
    await noa.core.db.write(["outbox"], (tx) => tx.put("outbox", { ...row, seq: 1, not_before: noa.time + 3_600_000 }));
    expect((await drain(noa.core, pace)).state).toBe("later");
    await hurry(noa.core);
    expect((await drain(noa.core, pace)).state).toBe("empty");
    expect(server.effects).toHaveLength(1);
  });
});

it("another network's JSON neither ends an officer's session nor says who a youth is", async () => {
  const portal = async () => json(200, { login: "http://cafe.example/" });
  await writes(noa, "t1", "hej");
  const plain = server.fetch;
  server.fetch = portal;
  expect((await drain(noa.core, pace)).state).toBe("later");
  expect(await kept(noa.core, "self")).toMatchObject({ role: "youth", registered: false, demo: false });

  const kim = await new Phone(server).starts();
  await signedInAs(kim.core, { ...session, role: "officer", account_id: "kim", device_id: "kims" }, {}, "sv");
  kim.core.session = null;
  await writes(kim, "t1", "svar");
  expect((await drain(kim.core, { failures: 0, at: 0 })).state).toBe("later");
  expect(await kept(kim.core, "self")).toMatchObject({ role: "officer", ended: false });
  server.fetch = plain;
  pace.at = 0;
  expect((await drain(noa.core, pace)).state).toBe("empty");
  expect(server.effects).toHaveLength(1);
});

it("a press of send touches nothing that another account left waiting", async () => {
  const row = await writes(noa, "t1", "kims");
  const left = { ...row, seq: 1, not_before: noa.time + 1000 };
  await noa.core.db.write(["outbox"], (tx) => tx.put("outbox", left));
  await signedInAs(noa.core, other, {}, "sv");
  await hurry(noa.core);
  expect(await noa.rows()).toEqual([left]);
});

it("a first message that lands while an older pull is on its way stays on the screen", async () => {
  await writes(noa, "t1", "hej");
  await bearer(noa.core);
  const fetch = noa.core.fetch;
  let first = true;
  noa.core.fetch = async (path, init) => {
    if (!path.endsWith("/pull") || !first) return fetch(path, init);
    first = false;
    // The talk was not there yet when it was asked for; before the answer comes, it is.
    const answer = await fetch(path, init);
    await drain(noa.core, pace);
    return answer;
  };
  await pull(noa.core, ["t1"]);
  const shown = async () => (await noa.rows()).length + (await noa.core.db.read(["messages"], (tx) => tx.all("messages"))).length;
  expect(await shown(), "neither waiting nor arrived: the message has vanished").toBe(1);
});
