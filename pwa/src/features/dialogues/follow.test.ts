import { describe, expect, it } from "vitest";
import type { AskedQuestion, Dialogue, DialogueEvent, DialogueEvents } from "../../api/wire";
import { follow, PULL_MS, type Source, type Ways } from "./follow";
import type { Room } from "./room";

const dialogue: Dialogue = { dialogue_id: "d", state: "live", title: "Fråga oss", starts_at: "2026-11-30T19:00:00Z", slow_seconds: 0, revision: 1 };
const question = (n: number): AskedQuestion => ({ question_id: `q${n}`, dialogue_id: "d", text: `${n}`, damaged: false, state: "shown", votes: 1, revision: 1 });
const told = (pos: number): DialogueEvent => ({ pos, at: "", question: question(pos) });
const soon = () => new Promise((go) => setTimeout(go, 0));

/** A server with one question a position, and a browser whose clock is turned by hand. */
function world(server: { epoch: number; head: number; streams?: boolean }) {
  const hears = new Map<string, (event: { data?: string }) => void>();
  const timers = new Set<{ ms: number; then: () => void }>();
  const opened: Source[] = [];
  const asked: (number | "read")[] = [];
  let room: Room | null = null;
  let viewers = 0;
  let lets: (() => void) | null = null;
  const ways: Ways = {
    open() {
      const source: Source = { readyState: 0, close: () => (source.readyState = 2), addEventListener: (name, then) => void hears.set(name, then) };
      opened.push(source);
      return source;
    },
    async read() {
      asked.push("read");
      return { dialogue, questions: Array.from({ length: server.head }, (_, i) => question(i + 1)), polls: [], epoch: server.epoch, pos: server.head };
    },
    async page(n): Promise<DialogueEvents> {
      asked.push(n);
      if (lets === null && holds) await new Promise<void>((go) => (lets = go));
      const all = Array.from({ length: server.head }, (_, i) => told(i + 1));
      return { epoch: server.epoch, items: all.filter(({ pos }) => pos > 100 * n && pos <= 100 * (n + 1)), complete: true };
    },
    room: () => room,
    put: (now) => (room = now),
    viewers: (count) => (viewers = count),
    happened: () => undefined,
    live: () => undefined,
    failed: () => undefined,
    random: () => 0.5,
    after(ms, then) {
      const timer = { ms, then };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  };
  let holds = false;
  return {
    ways,
    opened,
    asked,
    timers,
    says: (name: string, data: object) => hears.get(name)?.({ data: JSON.stringify(data) }),
    fails(state: number) {
      const last = opened.at(-1);
      if (last) last.readyState = state;
      hears.get("error")?.({});
    },
    rings(ms: number) {
      for (const timer of [...timers]) if (timer.ms === ms && timers.delete(timer)) timer.then();
    },
    holdsPages: () => (holds = true),
    letsGo: () => (lets?.(), (holds = false)),
    stands: () => room?.questions.map(({ question_id }) => question_id) ?? [],
    pos: () => room?.pos,
    viewers: () => viewers,
    knows: (pos: number, epoch = server.epoch) => (room = { dialogue, questions: Array.from({ length: pos }, (_, i) => question(i + 1)), polls: [], epoch, pos }),
  };
}

describe("who follows a room", () => {
  it("reads the pages between where she stood and where the stream begins, and then what is told, once and in order", async () => {
    const at = world({ epoch: 7, head: 205 });
    at.knows(98);
    follow(at.ways);
    at.holdsPages();
    at.says("here", { epoch: 7, pos: 205, viewers: 12 });
    // Told while the pages are on their way.
    at.says("told", told(206));
    await soon();
    at.letsGo();
    await soon();
    await soon();
    expect(at.asked).toEqual([0, 1, 2]);
    expect(at.stands()).toHaveLength(206);
    expect(new Set(at.stands()).size).toBe(206);
    at.says("told", told(207));
    at.says("told", told(207));
    expect(at.stands().slice(-2)).toEqual(["q206", "q207"]);
    expect([at.pos(), at.viewers()]).toEqual([207, 12]);
  });

  it("reads all anew in another epoch", async () => {
    const at = world({ epoch: 8, head: 3 });
    at.knows(98, 7);
    follow(at.ways);
    at.says("here", { epoch: 8, pos: 3, viewers: 1 });
    await soon();
    expect(at.asked).toEqual(["read"]);
    expect(at.stands()).toEqual(["q1", "q2", "q3"]);
  });

  it("asks each ten seconds where no stream can be had, and no more once there is one", async () => {
    const at = world({ epoch: 7, head: 2 });
    at.knows(1);
    follow(at.ways);
    at.fails(2);
    at.rings(PULL_MS);
    await soon();
    expect(at.asked).toEqual(["read"]);
    expect([...at.timers].some(({ ms }) => ms === PULL_MS), "it asks once alone").toBe(true);
    // Half of two seconds, and one.
    at.rings(2000);
    expect(at.opened).toHaveLength(2);
    at.says("here", { epoch: 7, pos: 2, viewers: 1 });
    await soon();
    expect([...at.timers].some(({ ms }) => ms === PULL_MS)).toBe(false);
  });

  it("leaves it to the browser to come back to a stream that was cut off, and asks meanwhile", () => {
    const at = world({ epoch: 7, head: 2 });
    at.knows(2);
    follow(at.ways);
    at.fails(0);
    expect([at.opened.length, [...at.timers].some(({ ms }) => ms === PULL_MS)]).toEqual([1, true]);
  });

  it("hears nothing any more once she has left", async () => {
    const at = world({ epoch: 7, head: 2 });
    at.knows(2);
    follow(at.ways).stop();
    at.says("told", told(3));
    at.fails(2);
    await soon();
    expect([at.stands(), at.opened[0]?.readyState]).toEqual([["q1", "q2"], 2]);
    expect([...at.timers].some(({ ms }) => ms === PULL_MS)).toBe(false);
  });
});
