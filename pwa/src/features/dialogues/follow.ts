import { heard, counted, pagesBetween, readAnew, type Room } from "./room";
import type { DialogueEvent, DialogueEvents } from "../../api/wire";
import type { Here, Votes } from "./wire";

/** A stream of the server's, as the browser's EventSource is one. */
export interface Source {
  addEventListener(name: string, heard: (event: { data?: string }) => void): void;
  readyState: number;
  close(): void;
}

export interface Ways {
  open(): Source;
  /** The room as the server has it now. */
  read(): Promise<Room>;
  page(n: number): Promise<DialogueEvents>;
  room(): Room | null;
  put(room: Room): void;
  viewers(count: number): void;
  /** Something has just happened at this time of the server's. */
  happened(at: string): void;
  /** Whether what stands is as it is now, and whether it could be asked. */
  live(live: boolean): void;
  failed(error: unknown): void;
  random(): number;
  after(ms: number, then: () => void): () => void;
}

/** How often it is asked where no stream can be had. */
export const PULL_MS = 10_000;
/** A stream that takes longer to open is one that cannot be had for now. */
const PATIENCE_MS = 5000;
const LONGEST_MS = 30_000;
const CLOSED = 2;
/** What is kept of what was told, for a list that is read meanwhile. */
const KEPT = 200;

/** Follows a room until it is stopped: by the stream, by pages for what was missed, and by asking where there is none. */
export function follow(ways: Ways): { stop: () => void; again: () => Promise<void> } {
  let stopped = false;
  let source: Source | null = null;
  let failures = 0;
  let told: DialogueEvent[] = [];
  let catching: Promise<void> | null = null;
  let stopPull: (() => void) | null = null;
  let stopOpen: (() => void) | null = null;

  const read = async (): Promise<void> => {
    const now = await ways.read();
    if (stopped) return;
    const known = ways.room();
    // Another epoch tells of nothing that was told before.
    const same = known?.epoch === now.epoch;
    ways.put(readAnew(now, same ? told : []));
  };

  const take = (event: DialogueEvent): void => {
    ways.happened(event.at);
    told = [...told, event].slice(-KEPT);
    const room = ways.room();
    // What comes while pages are read stands behind them.
    if (room && !catching) ways.put(heard(room, event));
  };

  /** What was told between where this phone stands and where the stream begins. */
  const catchUp = async ({ epoch, pos }: Here): Promise<void> => {
    const room = ways.room();
    if (!room || room.epoch !== epoch) return read();
    for (const n of pagesBetween(room.pos, pos)) {
      const page = await ways.page(n);
      if (stopped) return;
      if (page.epoch !== epoch) return read();
      const before = ways.room();
      if (before) ways.put(page.items.filter((event) => event.pos <= pos).reduce(heard, before));
    }
    const now = ways.room();
    // Of one thing a page holds only its last, so the pages may end before where the stream begins.
    if (now && now.pos < pos) ways.put({ ...now, pos });
  };

  const begin = (here: Here): void => {
    ways.viewers(here.viewers);
    const mine = catchUp(here)
      .catch(() => read())
      .then(
        () => ways.live(true),
        (error: unknown) => ways.failed(error),
      )
      .then(() => {
        if (catching !== mine) return;
        catching = null;
        const room = ways.room();
        if (room && !stopped) ways.put(told.filter(({ pos }) => pos > room.pos).reduce(heard, room));
      });
    catching = mine;
  };

  const pull = (): void => {
    if (stopped || stopPull) return;
    stopPull = ways.after(PULL_MS * (0.8 + 0.4 * ways.random()), () => {
      stopPull = null;
      if (stopped) return;
      read()
        .then(
          () => ways.live(true),
          (error: unknown) => ways.failed(error),
        )
        .then(pull);
    });
  };

  const open = (): void => {
    if (stopped) return;
    const own = ways.open();
    source = own;
    const patience = ways.after(PATIENCE_MS, pull);
    const on = <Data>(name: string, hears: (data: Data) => void) =>
      own.addEventListener(name, ({ data }) => {
        if (!stopped && source === own && data !== undefined) hears(JSON.parse(data) as Data);
      });
    on<Here>("here", (here) => {
      patience();
      stopPull?.();
      stopPull = null;
      failures = 0;
      begin(here);
    });
    on<DialogueEvent>("told", take);
    on<Votes>("votes", (votes) => {
      const room = ways.room();
      if (room) ways.put(counted(room, votes));
    });
    on<{ viewers: number }>("viewers", ({ viewers }) => ways.viewers(viewers));
    own.addEventListener("error", () => {
      if (stopped || source !== own) return;
      pull();
      // One that was only cut off opens again by itself, when the server said it should.
      if (own.readyState !== CLOSED) return;
      patience();
      own.close();
      stopOpen = ways.after(ways.random() * Math.min(LONGEST_MS, 2000 * 2 ** Math.min(failures, 6)) + 1000, open);
      failures += 1;
    });
  };

  open();
  return {
    stop() {
      stopped = true;
      source?.close();
      stopPull?.();
      stopOpen?.();
    },
    again: read,
  };
}
