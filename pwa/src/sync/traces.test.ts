import { afterAll, describe, expect, it, vi } from "vitest";
import type { Signal } from "@preact/signals";
import type { Message } from "../api/wire";
import { Broken, Trace, type Kind } from "../testing/traces";
import type { OutboxRow, Self } from "./rows";

/** The screens' own overlay, over signals that the trace fills. */
const mirror = vi.hoisted(() => ({ threads: new Map<string, unknown>() }));
vi.mock("./mirror", async () => {
  const { signal } = await import("@preact/signals");
  return {
    self: signal(null),
    outbox: signal([]),
    conversationRows: signal([]),
    messageRows: (id: string) => {
      if (!mirror.threads.has(id)) mirror.threads.set(id, signal([]));
      return mirror.threads.get(id);
    },
  };
});
vi.mock("../features/chat/follow", () => ({}));
const { messagesOf } = await import("../features/chat/queries");
const { self, outbox, messageRows } = await import("./mirror");

function screen(who: Self, rows: OutboxRow[], messages: Message[], talk: string) {
  self.value = who;
  outbox.value = rows;
  (messageRows(talk) as Signal<Message[]>).value = messages;
  return messagesOf(talk).value;
}

const SEED = Number(process.env["SEED"] ?? 20261124);
const MORE = Number(process.env["TRACES"] ?? 1);
let traces = 0;
let happened = 0;

async function broken(seed: number, kind: Kind, steps: number): Promise<{ why: string; trace: Trace } | null> {
  const trace = new Trace(seed, kind, screen);
  try {
    await trace.runs(steps);
    happened += trace.told.length;
    return null;
  } catch (error) {
    return { why: error instanceof Broken ? error.message : ((error as Error).stack ?? String(error)), trace };
  }
}

/** The shortest beginning of a trace that fails, told so that it can be played again. */
async function tells(seed: number, kind: Kind): Promise<string> {
  for (let steps = 1; steps <= kind.steps; steps++) {
    const found = await broken(seed, kind, steps);
    if (found) return `seed ${seed}, ${steps} of ${kind.steps} steps${kind.disk ? ", on disk" : ""}: ${found.why}\n  ${found.trace.told.join("\n  ")}`;
  }
  return `seed ${seed} fails only sometimes`;
}

async function holds(from: number, count: number, kind: Kind) {
  for (let seed = from; seed < from + count; seed++) {
    traces += 1;
    if (await broken(seed, kind, kind.steps)) expect.fail(await tells(seed, kind));
  }
}

describe("whatever happens on the way, all that was written stands once, in order, or is here with its words", () => {
  const BLOCK = 1000 * MORE;
  for (let block = 0; block < 10; block++)
    it(`in ${BLOCK} traces of ${3 + (block >> 1)} steps from seed ${SEED + block * BLOCK}`, () => holds(SEED + block * BLOCK, BLOCK, { steps: 3 + (block >> 1) }), 600_000);
  it(`in ${40 * MORE} long ones`, () => holds(SEED, 40 * MORE, { steps: 60 }), 600_000);
  it(`and in ${80 * MORE} over a database of the browser's kind`, () => holds(SEED, 80 * MORE, { steps: 8, disk: true }), 600_000);
  afterAll(() => console.log(`        ${traces} traces, ${happened} things that happened`));
});
