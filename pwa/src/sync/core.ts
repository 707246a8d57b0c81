import type { Ask, Fetch } from "../api/client";
import type { SessionBody } from "../api/wire";
import type { Db, StoreName, Tx } from "./db";
import type { Kept, Self } from "./rows";

/** What the sync needs from outside; the page, the worker and the tests each give their own. */
export interface Core {
  db: Db;
  fetch: Fetch;
  now(): number;
  /** 0 up to 1, for the spread of retries. */
  random(): number;
  fill(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>;
  /** One at a time over page and worker; where locks are missing it just runs, and a double send is harmless. */
  alone<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Something in the database is different now. */
  changed(): void;
  /** A request got through, or did not. */
  reached(ok: boolean): void;
  version: string;
  /** What takes reports and their files when the session has ended; null: there is no way but to sign in. */
  delivery(core: Core, self: Self): Promise<Door | null>;
  /** Only ever in memory. */
  session: SessionBody | null;
}

/** A request as whoever may make it. */
export type Door = <T>(core: Core, path: string, ask?: Ask) => Promise<T>;

export async function getKept<K extends keyof Kept>(tx: Tx, key: K): Promise<Kept[K] | undefined> {
  return (await tx.get("kept", key)) as Kept[K] | undefined;
}

export async function putKept<K extends keyof Kept>(tx: Tx, key: K, value: Kept[K]): Promise<void> {
  await tx.put("kept", value, key);
}

export const kept = <K extends keyof Kept>(core: Core, key: K): Promise<Kept[K] | undefined> =>
  core.db.read(["kept"], (tx) => getKept(tx, key));

export async function keep<K extends keyof Kept>(core: Core, key: K, value: Kept[K]): Promise<void> {
  await core.db.write(["kept"], (tx) => putKept(tx, key, value));
  core.changed();
}

export const READ_STORES: Exclude<StoreName, "outbox">[] = ["cursors", "conversations", "messages", "reports", "raw"];

/** What was read goes; it stands with the server. */
export async function forgetRead(tx: Tx): Promise<void> {
  for (const store of READ_STORES) await tx.clear(store);
}

/** Where storage is refused, browsers refuse locks as well; then this context at least keeps its own turns. */
export function locker(locks: LockManager | undefined): Core["alone"] {
  const last = new Map<string, Promise<unknown>>();
  const here = <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const turn = (last.get(name) ?? Promise.resolve()).then(work);
    last.set(name, turn.catch(() => undefined));
    return turn;
  };
  return async (name, work) => {
    if (!locks) return here(name, work);
    let begun = false;
    try {
      return await locks.request(name, () => {
        begun = true;
        return work();
      });
    } catch (error) {
      if (begun) throw error;
      return here(name, work);
    }
  };
}

/** Between the tabs and the worker. Some browsers have none, some throw where storage is refused. */
export function openChannel(name = "natpatrull"): BroadcastChannel | null {
  try {
    return new BroadcastChannel(name);
  } catch {
    return null;
  }
}
