import type { Stores } from "./rows";
import { hasWords, keyOf, Seal, storedKey, Unready } from "./seal";

export type StoreName = keyof Stores;
type Key = string | number | (string | number)[];

/** What a transaction can do. Only calls of this face may be awaited inside one, or the browser closes it. */
export interface Tx {
  get<S extends StoreName>(store: S, key: Key): Promise<Stores[S] | undefined>;
  /** Without the rows whose words do not open any more. */
  all<S extends StoreName>(store: S): Promise<Stores[S][]>;
  /** Of every row that stands there. */
  keys(store: StoreName): Promise<Key[]>;
  where<S extends StoreName>(store: S, index: string, value: Key): Promise<Stores[S][]>;
  put<S extends StoreName>(store: S, value: Stores[S], key?: Key): Promise<void>;
  del(store: StoreName, key: Key): Promise<void>;
  /** Deletes what `where` would give, without reading it. */
  drop(store: StoreName, index: string, value: Key): Promise<void>;
  clear(store: Exclude<StoreName, "outbox">): Promise<void>;
}

export interface Db {
  /** False when the browser refuses storage: then everything lives as long as this page. */
  durable: boolean;
  /**
   * `work` may run several times: when the browser has lost the database, and when words are to be opened or sealed first.
   * It must only use its transaction, and write the same words under the same id each time.
   */
  read<T>(stores: StoreName[], work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Resolves once it is on the disk. */
  write<T>(stores: StoreName[], work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): void;
}

const VERSION = 2;
interface Shape {
  key?: string | string[];
  auto?: boolean;
  indexes?: Record<string, { path: string; unique?: boolean }>;
}

const SHAPES: Record<StoreName, Shape> = {
  kept: {},
  outbox: { key: "seq", auto: true, indexes: { action_id: { path: "action_id", unique: true } } },
  cursors: { key: "stream" },
  conversations: { key: "conversation_id" },
  messages: { key: "message_id", indexes: { conversation_id: { path: "conversation_id" } } },
  reports: { key: "report_id" },
  files: { key: "file_id", indexes: { report_id: { path: "report_id" } } },
  chunks: { key: ["file_id", "n"], indexes: { file_id: { path: "file_id" } } },
  raw: { key: ["stream", "pos"], indexes: { stream: { path: "stream" } } },
  drafts: { key: "report_id" },
  parcels: { key: "parcel_id" },
};
const NAMES = Object.keys(SHAPES) as StoreName[];

/** Opens the phone's own database, if the browser gives one. `keyFor` gives the key that words are sealed with. */
export async function openDisk(name = "natpatrull", keyFor = storedKey): Promise<Db> {
  const db = new Disk(name, keyFor);
  await db.open();
  return db;
}

/** The same, or a stand-in in memory. */
export const openDb = (name?: string): Promise<Db> => openDisk(name, keyOf).catch(() => new Memory());

const asked = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((go, refuse) => {
    request.onsuccess = () => go(request.result);
    request.onerror = () => refuse(request.error);
  });

class Disk implements Db {
  durable = true;
  private handle: Promise<IDBDatabase> | null = null;
  private readonly seal: Seal;
  constructor(
    private readonly name: string,
    keyFor: typeof storedKey,
  ) {
    this.seal = new Seal(this, keyFor);
  }

  open(): Promise<IDBDatabase> {
    if (this.handle) return this.handle;
    const drop = () => {
      this.handle = null;
    };
    const opening = indexedDB.open(this.name, VERSION);
    opening.onupgradeneeded = () => upgrade(opening.result);
    const opened = asked(opening).then((db) => {
      db.onversionchange = () => {
        db.close();
        drop();
      };
      db.onclose = drop;
      return db;
    });
    // Some browsers neither open nor refuse; help must not wait for them.
    const late = new Promise<never>((_, refuse) => setTimeout(refuse, 8000, new Error("not opened")));
    late.catch(() => undefined);
    this.handle = Promise.race([opened, late]);
    this.handle.catch(drop);
    return this.handle;
  }

  close(): void {
    this.handle?.then(
      (db) => db.close(),
      () => undefined,
    );
    this.handle = null;
  }

  read<T>(stores: StoreName[], work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.run(stores, "readonly", work);
  }

  write<T>(stores: StoreName[], work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.run(stores, "readwrite", work);
  }

  private async run<T>(stores: StoreName[], mode: IDBTransactionMode, work: (tx: Tx) => Promise<T>): Promise<T> {
    try {
      return await this.once(stores, mode, work);
    } catch (error) {
      if (!isLost(error)) throw error;
      // The handle died under us (a phone that slept, cleared data): once more with a new one.
      this.handle = null;
      return this.once(stores, mode, work);
    }
  }

  private async once<T>(stores: StoreName[], mode: IDBTransactionMode, work: (tx: Tx) => Promise<T>): Promise<T> {
    const pieces = new Map();
    this.seal.tidy();
    for (let tries = 0; ; tries++) {
      const scope = hasWords(stores) ? [...stores, "kept"] : stores;
      const tx = (await this.open()).transaction(scope, mode, { durability: mode === "readwrite" ? "strict" : "default" });
      const done = new Promise<void>((go, refuse) => {
        tx.oncomplete = () => go();
        tx.onabort = () => refuse(tx.error ?? new Error("aborted"));
      });
      done.catch(() => undefined);
      try {
        const result = await work(this.seal.over(diskTx(tx), pieces));
        await done;
        return result;
      } catch (error) {
        try {
          tx.abort();
        } catch {
          // It is over already; the reason is the first error.
        }
        if (!(error instanceof Unready) || tries > 99) throw error;
        await error.ready();
      }
    }
  }
}

/** Upgrades only add: an old worker may still run against the new shape. */
function upgrade(db: IDBDatabase): void {
  for (const store of NAMES) {
    if (db.objectStoreNames.contains(store)) continue;
    const { key, auto, indexes } = SHAPES[store];
    const made = db.createObjectStore(store, { keyPath: key ?? null, autoIncrement: auto ?? false });
    for (const [index, { path, unique }] of Object.entries(indexes ?? {})) made.createIndex(index, path, { unique: unique ?? false });
  }
}

const isLost = (error: unknown): boolean =>
  error instanceof Error && /^(InvalidState|Unknown|NotFound)Error$/.test(error.name);

// Each is `async`: what the browser throws at once is told as what it tells later.
const diskTx = (tx: IDBTransaction): Tx => ({
  get: async (store, key) => asked(tx.objectStore(store).get(key)),
  all: async (store) => asked(tx.objectStore(store).getAll()),
  keys: async (store) => (await asked(tx.objectStore(store).getAllKeys())) as Key[],
  where: async (store, index, value) => asked(tx.objectStore(store).index(index).getAll(value)),
  put: async (store, value, key) => void (await asked(tx.objectStore(store).put(value, key))),
  del: async (store, key) => asked(tx.objectStore(store).delete(key)),
  drop: async (store, index, value) => {
    const rows = tx.objectStore(store);
    for (const key of await asked(rows.index(index).getAllKeys(value))) await asked(rows.delete(key));
  },
  clear: async (store) => asked(tx.objectStore(store).clear()),
});

/** The same face without a disk. A transaction works on copies and is kept only when it succeeds. */
export class Memory implements Db {
  durable = false;
  private stores = new Map<StoreName, Map<string, unknown>>(NAMES.map((name) => [name, new Map()]));
  private seq = 0;
  private last: Promise<unknown> = Promise.resolve();

  read<T>(stores: StoreName[], work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.write(stores, work);
  }

  write<T>(stores: StoreName[], work: (tx: Tx) => Promise<T>): Promise<T> {
    const turn = this.last.then(async () => {
      const copies = new Map(stores.map((name) => [name, new Map(this.stores.get(name))]));
      const result = await work(this.tx(copies));
      for (const [name, rows] of copies) this.stores.set(name, rows);
      return result;
    });
    this.last = turn.catch(() => undefined);
    return turn;
  }

  close(): void {
    this.last = Promise.resolve();
  }

  private tx(copies: Map<StoreName, Map<string, unknown>>): Tx {
    const at = (store: StoreName): Map<string, unknown> => {
      const rows = copies.get(store);
      if (!rows) throw new Error(`the transaction does not hold ${store}`);
      return rows;
    };
    const values = (store: StoreName): Record<string, unknown>[] => [...at(store).values()] as Record<string, unknown>[];
    const fits = (store: StoreName, index: string, value: Key) => (row: unknown) => (row as Record<string, unknown>)[SHAPES[store].indexes?.[index]?.path ?? index] === value;
    return {
      get: async (store, key) => at(store).get(JSON.stringify(key)) as never,
      all: async (store) => values(store) as never,
      keys: async (store) => [...at(store).keys()].map((key) => JSON.parse(key) as Key),
      where: async (store, index, value) => values(store).filter(fits(store, index, value)) as never,
      drop: async (store, index, value) => {
        const fit = fits(store, index, value);
        for (const [key, row] of at(store)) if (fit(row)) at(store).delete(key);
      },
      put: async (store, value, key) => {
        const { key: path, auto } = SHAPES[store];
        let row = value as Record<string, unknown>;
        if (auto && typeof path === "string" && row[path] === undefined) row = { ...row, [path]: ++this.seq };
        const own = path === undefined ? key : Array.isArray(path) ? path.map((part) => row[part]) : row[path];
        at(store).set(JSON.stringify(own), row);
      },
      del: async (store, key) => {
        at(store).delete(JSON.stringify(key));
      },
      clear: async (store) => at(store).clear(),
    };
  }
}
