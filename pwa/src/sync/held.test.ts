import { beforeEach, describe, expect, it } from "vitest";
import type { Conversation } from "../api/wire";
import { json, Phone, problem, Server } from "../testing/world";
import { keep, kept } from "./core";
import { drain, type Pace } from "./drain";
import { NEWS, WAITED_MS } from "./held";
import { digits } from "./ids";
import { enqueue, letGo, newSelf } from "./outbox";
import { pull } from "./pull";
import type { Self } from "./rows";

const TALK = "conversation:t1";
let server: Server;
let kim: Phone;
let pace: Pace;
let last: string;

beforeEach(async () => {
  server = new Server();
  kim = await new Phone(server).starts();
  pace = { failures: 0, at: 0 };
  await isSignedIn(kim, "officer");
  comes("Hej?");
  await pull(kim.core, ["t1"]);
  last = "";
});

async function isSignedIn(phone: Phone, role: Self["role"]) {
  signsInAs(role);
  const self = { ...newSelf(phone.core, "sv"), role, code: digits(phone.core.fill, 16) };
  server.accounts.set(self.account_id, self.secret ?? "");
  await keep(phone.core, "self", { ...self, registered: false });
}

/** The server of these tests signs everybody in as this role. */
function signsInAs(role: Self["role"]) {
  const plain = server.fetch;
  server.fetch = async (path, init) => {
    const answer = await plain(path, init);
    return /\/identity\/(devices|refresh)$/.test(path) && answer.ok ? json(200, { ...((await answer.json()) as object), role }) : answer;
  };
}

/** Somebody else's words stand in the talk now. */
function comes(text: string, by: "youth" | "officer" = "youth") {
  const stream = server.streams.get(TALK) ?? [];
  server.streams.set(TALK, stream);
  const id = `m${stream.length + 1}`;
  const message = { message_id: id, conversation_id: "t1", pos: stream.length + 1, by, mine: false, text, damaged: false, recorded_at: "", received_at: "", action_id: id };
  stream.push({ pos: message.pos, action_id: id, kind: "message-created", entity_id: id, message });
}

/** What the phone knows of the talk: who has it, and whether it is closed. */
const stands = (talk: Partial<Conversation>) =>
  kim.core.db.write(["conversations"], (tx) => tx.put("conversations", { conversation_id: "t1", state: "taken", held_by_me: true, holder: "07", ...talk } as Conversation));

async function answers(text: string, pos = 1) {
  const row = await enqueue(kim.core, "sv", {
    kind: "message-send",
    lane: TALK,
    body: { message_id: kim.id(), conversation_id: "t1", text },
    seen: { pos, holder: "07" },
  });
  last = row.action_id;
}

/** Tries in vain, as in a tunnel, and is out of it a little later. */
async function tunnel() {
  server.fault = () => "lost";
  await drain(kim.core, pace);
  server.fault = () => "none";
  pace = { failures: 0, at: 0 };
  server.calls.length = 0;
}

const states = async () => (await kim.rows()).map((row) => row.problem_kind ?? row.state);
const pushed = () => server.calls.filter((path) => path.endsWith("/sync/push")).length;

describe("an officer's answer that was written without a network", () => {
  it("goes by itself when nothing new has come, after a look", async () => {
    await answers("Strax.");
    await tunnel();
    await drain(kim.core, pace);
    expect(server.effects).toEqual([last]);
    expect(server.calls.findIndex((path) => path.endsWith("/pull"))).toBeLessThan(server.calls.findIndex((path) => path.endsWith("/push")));
  });

  it("stands when a colleague or the youth has written, and what came is there", async () => {
    for (const by of ["officer", "youth"] as const) {
      await answers("Strax.", server.streams.get(TALK)?.length);
      await tunnel();
      comes("Jag tar det här", by);
      await drain(kim.core, pace);
      expect((await states()).at(-1)).toBe(NEWS);
      expect((await kim.core.db.read(["messages"], (tx) => tx.all("messages"))).at(-1)?.text).toBe("Jag tar det här");
    }
    expect(server.effects).toEqual([]);
    expect(pushed()).toBe(0);
  });

  it("stands when the talk is a colleague's or closed by now", async () => {
    for (const now of [{ held_by_me: false, holder: "12" }, { state: "closed" as const }]) {
      await answers("Strax.");
      await tunnel();
      await stands(now);
      await drain(kim.core, pace);
      expect((await states()).at(-1)).toBe(NEWS);
    }
    expect(server.effects).toEqual([]);
  });

  it("is not overtaken by the next one", async () => {
    await answers("Ett.");
    await tunnel();
    comes("Nej, vänta");
    await answers("Två.");
    await drain(kim.core, pace);
    expect(await states()).toEqual([NEWS, NEWS]);
    await answers("Tre, jag har sett det.", 2);
    await drain(kim.core, pace);
    expect(server.effects).toEqual([last]);
  });

  it("goes as the same action when it is to go all the same, and is asked of again when more has come", async () => {
    await answers("Strax.");
    await tunnel();
    comes("Jag tar det här");
    await drain(kim.core, pace);
    comes("Och en sak till");
    await letGo(kim.core, last, { pos: 2 });
    await drain(kim.core, pace);
    expect(await states()).toEqual([NEWS]);
    await letGo(kim.core, last, { pos: 3 });
    await drain(kim.core, pace);
    expect(server.effects).toEqual([last]);
  });

  it("is seen to have come through after all, and goes from the phone", async () => {
    await answers("Strax.");
    const plain = server.fetch;
    server.fetch = async (path, init) => {
      const answer = await plain(path, init);
      if (path.endsWith("/push")) throw new TypeError("Failed to fetch");
      return answer;
    };
    await drain(kim.core, pace);
    comes("Tack");
    server.fetch = plain;
    pace = { failures: 0, at: 0 };
    await drain(kim.core, pace);
    expect(await states()).toEqual([]);
    expect(server.effects).toEqual([last]);
  });

  it("is settled even after it was held, when the given-up attempt lands late", async () => {
    await answers("Strax.");
    await tunnel();
    comes("Nej, vänta");
    await drain(kim.core, pace);
    expect(await states()).toEqual([NEWS]);
    const stream = server.streams.get(TALK);
    stream?.push({ pos: stream.length + 1, action_id: last, kind: "message-created", entity_id: "late" });
    await pull(kim.core, ["t1"]);
    expect(await states()).toEqual([]);
  });

  it("waits when its talk cannot be read, and lets other talks go", async () => {
    await answers("Strax.");
    await tunnel();
    const plain = server.fetch;
    server.fetch = async (path, init) => (path.endsWith("/pull") ? problem(503, "unavailable", { retry_after_ms: 1000 }) : plain(path, init));
    const other = await enqueue(kim.core, "sv", { kind: "conversation-take", lane: "conversation:t2", body: { conversation_id: "t2", expected_revision: 1 } });
    // That one has not waited, so it needs no look.
    expect((await drain(kim.core, pace)).state).toBe("later");
    expect(server.effects).toEqual([other.action_id]);
    server.fetch = plain;
    kim.time += 400_000;
    await drain(kim.core, pace);
    expect(server.effects).toEqual([other.action_id, last]);
  });
});

describe("whether it has waited", () => {
  it("is told by its age as well, and a clock that was set back makes nothing young", async () => {
    for (const turn of [WAITED_MS + 1, -WAITED_MS - 1]) {
      await answers("Strax.", server.streams.get(TALK)?.length);
      kim.time += turn;
      comes("Hallå?");
      await drain(kim.core, pace);
    }
    expect(await states()).toEqual([NEWS, NEWS]);
  });

  it("is not asked of what goes when it was written", async () => {
    await answers("Strax.");
    comes("Hallå?");
    await drain(kim.core, pace);
    expect(server.effects).toEqual([last]);
    expect(server.calls.filter((path) => path.endsWith("/push")).length).toBe(1);
  });
});

describe("a youth's words", () => {
  it("always go, and go first", async () => {
    await isSignedIn(kim, "youth");
    const row = await enqueue(kim.core, "sv", { kind: "message-send", lane: TALK, body: { message_id: kim.id(), conversation_id: "t1", text: "Hjälp" } });
    await tunnel();
    comes("Vi är här", "officer");
    kim.time += 10 * WAITED_MS;
    await drain(kim.core, pace);
    expect(server.effects).toEqual([row.action_id]);
    expect(server.calls.some((path) => path.endsWith("/pull"))).toBe(false);
  });
});

describe("an officer's phone whose session was ended", () => {
  const read = () => kim.core.db.read(["messages"], (tx) => tx.all("messages"));

  it("keeps what the officer wrote and nothing that she read", async () => {
    expect(await read()).toHaveLength(1);
    await answers("Strax.");
    server.tokens.clear();
    server.ended = true;
    expect(await drain(kim.core, pace)).toMatchObject({ state: "paused", why: "signed-out" });
    expect(await read()).toEqual([]);
    expect(await states()).toEqual(["queued"]);
  });

  it("takes nothing from what was asked before and is answered after", async () => {
    comes("Är du kvar?");
    const plain = server.fetch;
    server.fetch = async (path, init) => {
      const answer = await plain(path, init);
      const self = await kept(kim.core, "self");
      if (path.endsWith("/pull") && self) await keep(kim.core, "self", { ...self, ended: true });
      return answer;
    };
    await pull(kim.core, ["t1"]);
    expect((await read()).map((message) => message.text)).toEqual(["Hej?"]);
  });
});
