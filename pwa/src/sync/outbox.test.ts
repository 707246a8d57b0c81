import { beforeEach, describe, expect, it } from "vitest";
import { dice, Phone, problem, Server, type Fault } from "../testing/world";
import { keep, kept } from "./core";
import { backoff, drain, type Pace } from "./drain";
import { digits } from "./ids";
import { dropRefused, enqueue, enqueueRead } from "./outbox";
import { pull } from "./pull";

let server: Server;
let noa: Phone;
let pace: Pace;

beforeEach(async () => {
  server = new Server();
  noa = await new Phone(server).starts();
  pace = { failures: 0, at: 0 };
});

async function writes(phone: Phone, talk: string, text: string) {
  const body = { message_id: phone.id(), conversation_id: talk, text };
  return enqueue(phone.core, "sv", { kind: "message-send", lane: `conversation:${talk}`, body });
}

/** Tries until nothing more is to be sent, turning the clock to each next attempt. */
async function sendsAll(phone: Phone, pace: Pace, most = 400) {
  for (let i = 0; i < most; i++) {
    const result = await drain(phone.core, pace);
    if (result.state !== "later") return result;
    phone.time = result.at;
  }
  throw new Error("something is still waiting after 400 attempts: look at what drain() answers");
}

describe("the first write", () => {
  it("makes the account, offline, in the transaction of the message", async () => {
    server.fault = () => "lost";
    await writes(noa, "t1", "hej");
    const self = await kept(noa.core, "self");
    expect(self).toMatchObject({ role: "youth", registered: false, code_state: "unseen" });
    expect(self?.code).toMatch(/^\d{16}$/);
    expect(self?.secret).toMatch(/^[\w-]{43}$/);
    expect(self?.account_id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab]/);
    expect((await noa.rows())[0]).toMatchObject({ state: "queued", account_id: self?.account_id });
  });

  it("makes one account, however often the reply is lost", async () => {
    let left = 6;
    server.fault = () => (left-- > 0 ? "reply-lost" : "none");
    await writes(noa, "t1", "hej");
    await sendsAll(noa, pace);
    expect(server.accounts.size).toBe(1);
    expect(server.effects).toHaveLength(1);
  });

  it("is not held against the message when it is the account that cannot be made", async () => {
    const plain = server.fetch;
    server.fetch = async (path, init) => (path.endsWith("/devices") ? problem(422, "malformed") : plain(path, init));
    await writes(noa, "t1", "hej");
    expect((await drain(noa.core, pace)).state).toBe("later");
    expect((await noa.rows())[0]?.state).toBe("queued");
  });

  it("works the same where storage is refused", async () => {
    const guest = await new Phone(server, dice(2), true).starts();
    await writes(guest, "t1", "hej");
    await sendsAll(guest, pace);
    expect(server.effects).toHaveLength(1);
  });
});

describe("the outbox", () => {
  it("has one effect when the reply is lost", async () => {
    await writes(noa, "t1", "en");
    await sendsAll(noa, pace);
    let cut = true;
    server.fault = () => {
      const lose = cut && server.effects.length === 1;
      if (lose) cut = false;
      return lose ? "reply-lost" : "none";
    };
    await writes(noa, "t1", "två");
    await sendsAll(noa, pace);
    expect(server.effects).toHaveLength(2);
    expect(new Set(server.effects).size).toBe(2);
  });

  it("parks what is refused and lets the next go on", async () => {
    server.refuse = (action) => (action.body["text"] === "bad" ? "text-too-long" : null);
    await writes(noa, "t1", "bad");
    await writes(noa, "t1", "good");
    await sendsAll(noa, pace);
    const rows = await noa.rows();
    expect(rows.find((row) => row.body.includes("bad"))).toMatchObject({ state: "attention", problem_kind: "text-too-long" });
    expect(rows.find((row) => row.body.includes("good"))?.state).toBe("sent");
  });

  it("edits a refused message under a new id", async () => {
    server.refuse = (action) => (action.body["text"] === "bad" ? "text-too-long" : null);
    const { action_id } = await writes(noa, "t1", "bad");
    await sendsAll(noa, pace);
    const next = await dropRefused(noa.core, action_id, (row) => ({ kind: row.kind, lane: row.lane, body: { ...JSON.parse(row.body), text: "better" } }));
    expect(next?.action_id).not.toBe(action_id);
    await sendsAll(noa, pace);
    expect(server.effects).toEqual([next?.action_id]);
    for (const bodies of server.bodies.values()) expect(bodies.size).toBe(1);
  });

  it("parks what depends on a refused action", async () => {
    server.refuse = (action) => (action.body["text"] === "bad" ? "text-empty" : null);
    const first = await writes(noa, "t1", "bad");
    await enqueue(noa.core, "sv", { kind: "conversation-close", lane: "prefs", body: { conversation_id: "t1", expected_revision: 1 }, after: [first.action_id] });
    await sendsAll(noa, pace);
    expect((await noa.rows()).map((row) => row.problem_kind)).toEqual(["text-empty", "dependency-refused"]);
    expect(server.effects).toHaveLength(0);
  });

  it("shows what needed an action that was taken back before it reached the server", async () => {
    const plain = server.fetch;
    server.fetch = async (path, init) => (path.endsWith("/push") && String(init?.body).includes("unreadable") ? problem(400, "malformed") : plain(path, init));
    const first = await writes(noa, "t1", "unreadable");
    await sendsAll(noa, pace);
    await enqueue(noa.core, "sv", { kind: "conversation-close", lane: "prefs", body: { conversation_id: "t1", expected_revision: 1 }, after: [first.action_id] });
    await dropRefused(noa.core, first.action_id);
    expect(await noa.rows()).toMatchObject([{ kind: "conversation-close", state: "attention", problem_kind: "dependency-refused" }]);
  });

  it("takes the page of a café's network for no answer at all", async () => {
    await writes(noa, "t1", "hej");
    let portal = 3;
    server.fault = () => (portal-- > 0 ? "portal" : "none");
    expect((await drain(noa.core, pace)).state).toBe("later");
    expect((await noa.rows())[0]?.state).toBe("queued");
    await sendsAll(noa, pace);
    expect(server.effects).toHaveLength(1);
  });

  it("honours the wait that the server asks for", async () => {
    await writes(noa, "t1", "hej");
    server.fault = () => "busy";
    const result = await drain(noa.core, pace);
    expect(result.state === "later" && result.at - noa.time).toBeGreaterThanOrEqual(1000);
    server.fault = () => "none";
    expect(await drain(noa.core, pace)).toEqual(result);
    expect(server.effects).toHaveLength(0);
  });

  it("refreshes once on a 401 and goes on", async () => {
    await writes(noa, "t1", "en");
    await sendsAll(noa, pace);
    server.tokens.clear();
    await writes(noa, "t1", "två");
    await sendsAll(noa, pace);
    expect(server.effects).toHaveLength(2);
    expect(server.refreshes).toBe(1);
  });

  it("comes back by its own secret when the cookie is refused", async () => {
    await writes(noa, "t1", "en");
    await sendsAll(noa, pace);
    server.tokens.clear();
    server.cookie = false;
    await writes(noa, "t1", "två");
    await sendsAll(noa, pace);
    expect(server.effects).toHaveLength(2);
    expect(server.accounts.size).toBe(1);
  });

  it("pauses when the session has ended, keeps everything, and resumes when the same one is back", async () => {
    await writes(noa, "t1", "en");
    await sendsAll(noa, pace);
    server.tokens.clear();
    server.ended = true;
    await writes(noa, "t1", "två");
    expect(await sendsAll(noa, pace)).toMatchObject({ state: "paused", why: "signed-out" });
    expect((await noa.rows()).filter((row) => row.state === "queued")).toHaveLength(1);
    expect((await kept(noa.core, "self"))?.ended).toBe(true);
    const asked = server.calls.length;
    expect((await drain(noa.core, pace)).state).toBe("paused");
    expect(server.calls.length).toBe(asked);

    server.ended = false;
    const self = await kept(noa.core, "self");
    if (self) await keep(noa.core, "self", { ...self, ended: false });
    await sendsAll(noa, pace);
    expect(server.effects).toHaveLength(2);
  });

  it("never sends and never deletes what another account left", async () => {
    server.fault = () => "lost";
    const left = await writes(noa, "t1", "kims");
    const kim = await kept(noa.core, "self");
    server.fault = () => "none";
    if (kim) await keep(noa.core, "self", { ...kim, account_id: noa.id(), secret: "other", registered: false });
    await writes(noa, "t2", "noas");
    await sendsAll(noa, pace);
    expect(server.effects).toHaveLength(1);
    expect(server.receipts.has(left.action_id)).toBe(false);
    expect((await noa.rows()).find((row) => row.action_id === left.action_id)?.state).toBe("queued");
  });

  it("finds the one that the server stumbles over, and the others get through", async () => {
    server.stumble = (action) => action.body["text"] === "poison";
    await writes(noa, "t1", "poison");
    await writes(noa, "t2", "fine");
    for (let i = 0; i < 200; i++) {
      const result = await drain(noa.core, pace);
      if (result.state !== "later") break;
      noa.time = result.at;
      // Life goes on meanwhile, in the same talk too.
      if (i % 5 === 4) await writes(noa, "t1", `more ${i}`);
    }
    const poison = (await noa.rows()).find((row) => row.body.includes("poison"));
    expect(poison).toMatchObject({ state: "attention", problem_kind: "internal" });
    expect(server.effects.length).toBeGreaterThan(2);
  });

  it("counts a server that is down for days against nobody", async () => {
    await writes(noa, "t1", "hej");
    server.stumble = () => true;
    for (let i = 0; i < 60; i++) {
      const result = await drain(noa.core, pace);
      if (result.state === "later") noa.time = result.at;
    }
    server.stumble = () => false;
    await sendsAll(noa, pace);
    expect(server.effects).toHaveLength(1);
  });

  it("sends a batch that cannot be read one by one, and parks the culprit", async () => {
    const plain = server.fetch;
    server.fetch = async (path, init) =>
      path.endsWith("/push") && String(init?.body).includes("unreadable") ? problem(400, "malformed") : plain(path, init);
    await writes(noa, "t1", "unreadable");
    await writes(noa, "t1", "after it");
    await writes(noa, "t2", "beside it");
    await sendsAll(noa, pace);
    expect(server.effects).toHaveLength(2);
    expect((await noa.rows()).find((row) => row.state === "attention")?.body).toContain("unreadable");
  });

  it("pauses for a person on 403 and for an update on 426", async () => {
    await writes(noa, "t1", "hej");
    const plain = server.fetch;
    for (const [status, kind, why] of [
      [403, "role-refused", "refused"],
      [409, "envelope-mismatch", "refused"],
      [426, "unknown-action-version", "outdated"],
    ] as const) {
      server.fetch = async (path, init) => (path.endsWith("/push") ? problem(status, kind) : plain(path, init));
      expect(await drain(noa.core, pace)).toMatchObject({ state: "paused", why });
    }
    expect((await noa.rows())[0]?.state).toBe("queued");
  });

  it("keeps within 100 actions and 256 KiB a push", async () => {
    for (let i = 0; i < 130; i++) await writes(noa, `t${i % 3}`, "å".repeat(2500));
    await sendsAll(noa, pace);
    expect(server.effects).toHaveLength(130);
    expect((await noa.rows()).every((row) => row.state === "sent")).toBe(true);
  });

  it("waits for the newer server when an older one does not know the action, and tells its writer when none comes", async () => {
    server.refuse = () => "unknown-action-kind";
    await writes(noa, "t1", "hej");
    for (let i = 0; i < 4; i++) {
      const result = await drain(noa.core, pace);
      expect(result.state).toBe("later");
      if (result.state === "later") noa.time = result.at;
    }
    server.refuse = () => null;
    await sendsAll(noa, pace);
    expect(server.effects).toHaveLength(1);

    server.refuse = () => "unknown-action-version";
    await writes(noa, "t1", "då");
    await sendsAll(noa, pace);
    expect((await noa.rows()).at(-1)).toMatchObject({ state: "attention" });
    expect(server.effects).toHaveLength(1);
  });

  it("waits with a word that it does not know", async () => {
    await writes(noa, "t1", "hej");
    const plain = server.fetch;
    server.fetch = async (path, init) => {
      const answer = await plain(path, init);
      if (!path.endsWith("/push")) return answer;
      const body = (await answer.json()) as { results: { outcome: string }[] };
      for (const result of body.results) result.outcome = "pondered";
      return new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } });
    };
    const result = await drain(noa.core, pace);
    expect(result).toEqual({ state: "later", at: noa.time + 3_600_000 });
  });

  it("waits for no date of a clock that stood days ahead", async () => {
    const right = noa.time;
    noa.time += 5 * 86_400_000;
    await writes(noa, "t1", "hej");
    server.fault = () => "busy";
    await drain(noa.core, pace);
    server.fault = () => "none";
    server.stumble = () => true;
    noa.time += 3_600_000;
    await drain(noa.core, pace);
    server.stumble = () => false;
    expect((await noa.rows())[0]?.not_before).toBeGreaterThan(right + 86_400_000);
    noa.time = right;
    expect((await drain(noa.core, pace)).state).toBe("empty");
    expect(server.effects).toHaveLength(1);
  });

  it("holds a server that is down against nobody, though the clock stood ahead when the last push went through", async () => {
    noa.time += 5 * 86_400_000;
    await writes(noa, "t1", "en");
    await sendsAll(noa, pace);
    noa.time -= 5 * 86_400_000;
    await writes(noa, "t1", "två");
    server.stumble = () => true;
    for (let i = 0; i < 60; i++) {
      const result = await drain(noa.core, pace);
      if (result.state === "later") noa.time = result.at;
    }
    expect((await noa.rows()).map((row) => row.state)).not.toContain("attention");
    server.stumble = () => false;
    await sendsAll(noa, pace);
    expect(server.effects).toHaveLength(2);
  });

  it("is asked for within the hour, however long a network says that it should wait", async () => {
    await writes(noa, "t1", "hej");
    const plain = server.fetch;
    server.fetch = async () => new Response("<html>", { status: 503, headers: { "content-type": "text/html", "retry-after": "864000" } });
    expect(await drain(noa.core, pace)).toEqual({ state: "later", at: noa.time + 3_600_000 });
    server.fetch = plain;
    noa.time += 3_600_000;
    await drain(noa.core, pace);
    expect(server.effects).toHaveLength(1);
  });

  it("keeps one reading mark a talk", async () => {
    server.fault = () => "lost";
    await writes(noa, "t1", "hej");
    for (const pos of [3, 7, 5]) await enqueueRead(noa.core, "t1", pos);
    const marks = (await noa.rows()).filter((row) => row.kind === "conversation-read");
    expect(marks.map((row) => JSON.parse(row.body).pos)).toEqual([7]);
  });

  it("a message's picture goes after it, also when its words begin a new talk", async () => {
    const shows = (talk: string) =>
      enqueue(noa.core, "sv", { kind: "message-send", v: 4, lane: `conversation:${talk}`, body: { message_id: noa.id(), conversation_id: talk, text: "", files: [{ file_id: "f1" }] } });
    const picture = () => noa.core.db.read(["files"], (tx) => tx.get("files", "f1"));
    await noa.core.db.write(["files"], (tx) => tx.put("files", { file_id: "f1", conversation_id: "t1", account_id: "", sha256: "x", size: 1, media_type: "image/png", state: "draft", offset: 0 }));
    server.refuse = ({ lane }) => (lane === "conversation:t1" ? "conversation-closed" : null);
    const refused = await shows("t1");
    expect(await picture()).toMatchObject({ state: "waiting", conversation_id: "t1" });
    await sendsAll(noa, pace);
    expect(await picture()).toMatchObject({ state: "waiting" });
    await shows("t2");
    await dropRefused(noa.core, refused.action_id);
    await sendsAll(noa, pace);
    expect(await picture()).toMatchObject({ state: "ready", conversation_id: "t2" });
  });

  it("reports go before talks", async () => {
    await writes(noa, "t1", "hej");
    const report = await enqueue(noa.core, "sv", { kind: "report-submit", lane: "report:r1", body: { report_id: "r1", files: [] } });
    await sendsAll(noa, pace);
    expect(server.effects[0]).toBe(report.action_id);
  });
});

describe("under everything at once", () => {
  for (let seed = 1; seed <= 25; seed++)
    it(`every message has one effect, in the order of its talk (seed ${seed})`, async () => {
      const random = dice(seed);
      const phone = await new Phone(server, random).starts();
      const faults: Fault[] = ["none", "none", "none", "lost", "reply-lost", "twice", "portal", "busy"];
      server.fault = () => faults[Math.floor(random() * faults.length)] ?? "none";
      const order = new Map<string, string[]>();
      for (let step = 0; step < 60; step++) {
        const roll = random();
        if (roll < 0.4) {
          const talk = `t${Math.floor(random() * 3)}`;
          const { action_id } = await writes(phone, talk, `${step}`);
          order.set(talk, [...(order.get(talk) ?? []), action_id]);
        } else if (roll < 0.7) {
          const result = await drain(phone.core, pace);
          if (result.state === "later" && random() < 0.7) phone.time = result.at;
        } else if (roll < 0.8) await pull(phone.core, ["t0", "t1"]).catch(() => undefined);
        else if (roll < 0.9) {
          // Two of us at once, as without locks.
          await Promise.all([drain(phone.core, { failures: 0, at: 0 }), drain(phone.core, { failures: 0, at: 0 })]);
        } else {
          const half = drain(phone.core, pace).catch(() => undefined);
          if (random() < 0.5) await Promise.resolve();
          await phone.crashes();
          await half;
          pace = { failures: 0, at: 0 };
        }
      }
      server.fault = () => "none";
      await sendsAll(phone, pace);
      await pull(phone.core, ["t0", "t1", "t2"]);
      const wanted = [...order.values()].flat();
      expect([...server.effects].sort()).toEqual([...wanted].sort());
      for (const [talk, ids] of order) expect(server.effects.filter((id) => ids.includes(id)), `${talk} is out of order`).toEqual(ids);
      for (const bodies of server.bodies.values()) expect(bodies.size, "the same id was sent with another body").toBe(1);
      expect(await phone.rows(), "the journal has shown everything, so nothing may wait").toEqual([]);
      const shown = await phone.core.db.read(["messages"], (tx) => tx.all("messages"));
      expect(shown).toHaveLength(wanted.length);
    });
});

describe("chance", () => {
  it("spreads retries over the whole time, which grows to five minutes", () => {
    expect(backoff(0, 3)).toBe(0);
    expect(backoff(1, 0)).toBe(2000);
    expect(backoff(1, 30)).toBe(300_000);
    expect(backoff(0, 0, 7000)).toBe(7000);
  });

  it("makes digits of which none is likelier", () => {
    const random = dice(9);
    const made = digits((bytes) => bytes.map(() => Math.floor(random() * 256)), 20_000);
    for (let digit = 0; digit < 10; digit++) {
      const share = made.split(String(digit)).length - 1;
      expect(Math.abs(share - 2000)).toBeLessThan(200);
    }
  });
});
