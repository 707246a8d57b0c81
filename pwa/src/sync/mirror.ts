import { computed, signal, type Signal } from "@preact/signals";
import type { Conversation, Message, Report, Tip } from "../api/wire";
import { getKept, locker, openChannel, type Core } from "./core";
import { Memory, openDb, type Db } from "./db";
import { homeStream } from "./pull";
import type { DraftRow, FileRow, Kept, OutboxRow, PushRow, Self } from "./rows";
import { shared } from "./shared";

/** What the screens read: the database as signals. Nothing is written here that is not on the disk or about to be. */
export const self = signal<Self | null>(null);
export const outbox = signal<OutboxRow[]>([]);
export const conversationRows = signal<Conversation[]>([]);
export const reportRows = signal<Report[]>([]);
export const files = signal<FileRow[]>([]);
/** This one's unfinished reports, the newest first, and that which the form shows, with letters that are on their way to the disk. */
export const draftRows = signal<DraftRow[]>([]);
export const draftRow = signal<DraftRow | null>(null);
/** Which one that is to be: `null` one that is not begun yet, and `undefined` the newest. */
export const openDraft = signal<string | null | undefined>(undefined);
export const tipRows = signal<Tip[]>([]);
export const pushRow = signal<PushRow | null>(null);
/** Reports and sealed words can go without a session. */
export const capable = signal(false);
export const delivered = signal<string[]>([]);
/** Sealed words stand here; whose, nobody can tell. */
export const parcels = signal(0);
/** What was written here and does not open any more: its key is gone, or somebody has changed it. */
export const unopened = signal(0);
/** When an officer last touched the app on this phone. */
export const touchedAt = signal<number | null>(null);
/** How far the home stream has been read here: it grows with whatever an officer's desk, or a youth, is told. */
export const homePos = signal(0);
export const addedRow = signal<Kept["device_added"] | null>(null);
/** The streams that have been read at least once: only of those it may be said that they hold nothing. */
export const looked = signal<string[]>([]);
/** Who this is and what there is for them is known; nobody's phone has nothing to wait for. */
export const homeKnown = computed(() => self.value === null || looked.value.includes(homeStream(self.value)));
export const storage = signal<"ok" | "memory-only">("ok");
export const worker = signal<"ok" | "refused" | "absent">("ok");
export const online = signal<boolean>(navigator.onLine);

/** The talks whose messages are read at every change: those that something looks at. */
const threads = new Map<string, Signal<Message[]>>();
/** A look at another page and back finds the words still there. */
const LINGER_MS = 10_000;

export function messageRows(id: string): Signal<Message[]> {
  const known = threads.get(id);
  if (known) return known;
  let going: ReturnType<typeof setTimeout> | undefined;
  const thread = signal<Message[]>([], {
    watched: () => {
      clearTimeout(going);
      if (threads.get(id) === thread) return;
      threads.set(id, thread);
      void refresh();
    },
    unwatched: () => {
      going = setTimeout(() => {
        if (threads.get(id) === thread) threads.delete(id);
        thread.value = [];
      }, LINGER_MS);
    },
  });
  threads.set(id, thread);
  void refresh();
  return thread;
}

/** What nobody else is to hear of stays in its tab. */
export const channel = shared ? null : openChannel();
export type Said = { t: "changed" } | { t: "poke" } | { t: "ask" } | { t: "sign"; data: string } | { t: "live"; state: "live" | "connecting" | "off" };

declare const __VERSION__: string;
let made: Promise<Core> | null = null;

/** The page's own hands for the sync. */
export function pageCore(): Promise<Core> {
  made ??= (shared ? Promise.resolve(new Memory()) : openDb()).then(async (db) => {
    if (!db.durable) storage.value = "memory-only";
    const old = await db.read(["kept"], async (tx) => {
      const drafts = (await tx.get("kept", "draft")) ?? (await getKept(tx, "aside"))?.length;
      return !(await getKept(tx, "sealed")) && (drafts || (await getKept(tx, "self"))) && { drafts };
    });
    // Where there is no room for it now, it is for the next start.
    const over = old && import("./upgrade").then(({ bringOver }) => bringOver(db)).catch(() => undefined);
    // Without drafts nothing that stands on a screen waits for it.
    if (old && old.drafts) await over;
    return {
      db,
      // A cookie would outlive the tab; the secret in memory opens as well.
      fetch: (input, init) => fetch(input, shared ? { ...init, credentials: "omit" } : init),
      now: () => Date.now(),
      random: () => Math.random(),
      fill: (bytes) => crypto.getRandomValues(bytes),
      alone: locker(shared ? undefined : navigator.locks),
      changed: () => {
        void refresh();
        // A channel does not reach its own sender, hence the call beside it.
        channel?.postMessage({ t: "changed" } satisfies Said);
      },
      reached: (ok) => {
        online.value = ok;
      },
      version: __VERSION__,
      // A part of its own; one that does not come is tried again with the next sending.
      delivery: (core, self) =>
        import("./capability").then(
          (part) => part.openDoor(core, self),
          () => null,
        ),
      session: null,
    };
  });
  return made;
}

export const pageLocale = (): string => (document.documentElement.lang === "en" ? "en" : "sv");

/**
 * Set while a keystroke is on its way to the disk, and once the last could not be saved: what is read meanwhile is older
 * than the screen. `turns` counts the writes, for a reading that began before one and ends after it.
 */
export const writing = { drafts: 0, turns: 0, failed: false };

let reading: Promise<void> | null = null;
let stale = false;

/** Reads the database again; calls that come while it reads are one more reading. */
export function refresh(): Promise<void> {
  if (reading) {
    stale = true;
    return reading;
  }
  reading = (async () => {
    try {
      const { db } = await pageCore();
      do {
        stale = false;
        await read(db);
      } while (stale);
    } finally {
      reading = null;
    }
  })();
  return reading.catch(() => undefined);
}

/** Only a real difference wakes the screens. */
function set<T>(to: Signal<T>, value: T): void {
  if (JSON.stringify(to.peek()) !== JSON.stringify(value)) to.value = value;
}

async function read(db: Db): Promise<void> {
  const turn = writing.turns;
  const found = await db.read(["kept", "outbox", "cursors", "conversations", "reports", "files", "messages", "drafts", "parcels"], async (tx) => {
    const messages: [Signal<Message[]>, Message[]][] = [];
    for (const [id, thread] of threads) messages.push([thread, await tx.where("messages", "conversation_id", id)]);
    const [rows, drafts] = [await tx.all("outbox"), await tx.all("drafts")];
    return {
      messages,
      self: (await getKept(tx, "self")) ?? null,
      unopened: (await tx.keys("outbox")).length + (await tx.keys("drafts")).length - rows.length - drafts.length,
      drafts: drafts.filter((draft) => draft.account_id === undefined).sort((a, b) => b.saved_at.localeCompare(a.saved_at)),
      push: (await getKept(tx, "push")) ?? null,
      tips: (await getKept(tx, "tips"))?.items ?? [],
      added: (await getKept(tx, "device_added")) ?? null,
      capabilities: (await getKept(tx, "capabilities")) ?? {},
      touched: (await getKept(tx, "touched_at")) ?? null,
      delivered: (await getKept(tx, "delivered")) ?? [],
      parcels: (await tx.all("parcels")).length,
      outbox: rows,
      cursors: await tx.all("cursors"),
      conversations: await tx.all("conversations"),
      reports: await tx.all("reports"),
      files: await tx.all("files"),
    };
  });
  const account = found.self?.account_id;
  for (const [thread, rows] of found.messages) set(thread, rows.sort((a, b) => a.pos - b.pos));
  set(self, found.self);
  touchedAt.value = found.touched;
  // What another account left waiting here is nobody else's to see.
  set(outbox, found.outbox.filter((row) => row.account_id === account));
  capable.value = account !== undefined && found.capabilities[account]?.renewed_at !== undefined;
  set(delivered, found.delivered);
  parcels.value = found.parcels;
  unopened.value = found.unopened;
  set(looked, found.cursors.map((cursor) => cursor.stream));
  homePos.value = found.cursors.find((cursor) => found.self && cursor.stream === homeStream(found.self))?.pos ?? 0;
  set(conversationRows, found.conversations);
  set(reportRows, found.reports);
  set(files, found.files);
  set(tipRows, found.tips);
  set(pushRow, found.push);
  set(addedRow, found.added);
  set(draftRows, found.drafts);
  // What was read while a letter was on its way is older than the screen.
  if (writing.drafts > 0 || writing.failed || writing.turns !== turn) return;
  const chosen = openDraft.peek();
  set(draftRow, (chosen === undefined ? found.drafts[0] : found.drafts.find((draft) => draft.report_id === chosen)) ?? null);
}
