import type { Db, StoreName, Tx } from "./db";
import type { Sealed, SealKey, Stores } from "./rows";

/** Which words of a row stand on the disk as ciphertext only, and what makes it that row: words moved to another one do not open. */
const SEALED: Partial<Record<StoreName, { id: string[]; words: string[] }>> = {
  outbox: { id: ["action_id"], words: ["body"] },
  drafts: { id: ["report_id"], words: ["what", "happened", "place", "event_kind", "answers", "links", "area"] },
  chunks: { id: ["file_id", "n"], words: ["bytes"] },
};

export const hasWords = (stores: StoreName[]): boolean => stores.some((store) => SEALED[store]);

type Row = Record<string, unknown> & { sealed?: Sealed };
type Plain = string | ArrayBuffer;
/** Words as they are sealed: `plain` is missing when they do not open, `sealed` when there is no key. The last few of each row: what stands and what is to. */
type Known = Map<string, { plain?: Plain; sealed?: Sealed }[]>;

export const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const pick = (row: Row, names: string[]): Row => Object.fromEntries(names.map((name) => [name, row[name]]));
const nameOf = (store: StoreName, row: Row): string => JSON.stringify([store, ...(SEALED[store]?.id ?? []).map((part) => row[part])]);

export const storedKey = (db: Db): Promise<SealKey | undefined> => db.read(["kept"], (tx) => keyIn(tx));
const keyIn = async (tx: Tx): Promise<SealKey | undefined> => (await tx.get("kept", "seal")) as SealKey | undefined;

/**
 * The key of this database, made when there is none. Nobody can read it out, not even this page. Nothing where there is no cipher, or
 * no place for such a key: then rows are kept as they are.
 */
export async function keyOf(db: Db): Promise<SealKey | undefined> {
  const known = await storedKey(db);
  if (known || !globalThis.crypto?.subtle) return known;
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const mine = { id: String(crypto.getRandomValues(new Uint32Array(4))), key };
  return db
    .write(["kept"], async (tx) => {
      const other = await keyIn(tx);
      if (!other) await tx.put("kept", mine, "seal");
      return other ?? mine;
    })
    .catch((error: Error) => {
      if (error.name !== "DataCloneError") throw error;
      return undefined;
    });
}

const cipher = (iv: Uint8Array<ArrayBuffer>, name: string): AesGcmParams => ({ name: "AES-GCM", iv, additionalData: utf8(name) });

export async function seal({ id, key }: SealKey, name: string, plain: Plain): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { by: id, iv, data: await crypto.subtle.encrypt(cipher(iv, name), key, typeof plain === "string" ? utf8(plain) : plain) };
}

export const unseal = ({ key }: SealKey, name: string, { iv, data }: Omit<Sealed, "by">): Promise<ArrayBuffer | null> =>
  crypto.subtle.decrypt(cipher(iv, name), key, data).catch(() => null);

/** A cipher's answer cannot be awaited inside a transaction: it is ended, `ready` is awaited, and it begins again. */
export class Unready extends Error {
  constructor(readonly ready: () => Promise<unknown>) {
    super("unready");
  }
}

/** Seals what is written and opens what is read, so that nobody above knows of it. */
export class Seal {
  private readonly known: Known = new Map();
  private key: SealKey | undefined;

  /** `key`: where it comes from. The worker makes none, for it writes no words of its own. */
  constructor(
    private readonly db: Db,
    private readonly keyFor: (db: Db) => Promise<SealKey | undefined>,
  ) {}

  /** What has gone is not remembered for ever. */
  tidy(): void {
    if (this.known.size > 1000) this.known.clear();
  }

  /** The same face over `tx`. `pieces` of files are remembered as long as one piece of work. */
  over(tx: Tx, pieces: Known): Tx {
    const at = (store: StoreName): Known => (store === "chunks" ? pieces : this.known);
    const opened = <S extends StoreName>(store: S, rows: Stores[S][]): Stores[S][] => {
      if (!SEALED[store]) return rows;
      const open: Row[] = [];
      const closed: (() => Promise<void>)[] = [];
      for (const { sealed, ...row } of rows as unknown as Row[]) {
        const name = nameOf(store, row);
        const known = at(store).get(name)?.find((one) => String(one.sealed?.iv) === String(sealed?.iv));
        if (!sealed) open.push(row);
        else if (!known) closed.push(() => this.opens(at(store), name, sealed));
        else if (typeof known.plain === "string") open.push({ ...row, ...JSON.parse(known.plain) });
        else if (known.plain) open.push({ ...row, bytes: known.plain });
      }
      if (closed.length > 0) throw new Unready(() => Promise.all(closed.map((one) => one())));
      return open as unknown as Stores[S][];
    };
    return {
      ...tx,
      get: async (store, key) => {
        const row = await tx.get(store, key);
        return row && opened(store, [row])[0];
      },
      all: async (store) => opened(store, await tx.all(store)),
      where: async (store, index, value) => opened(store, await tx.where(store, index, value)),
      put: async (store, value, key) => {
        const shape = SEALED[store];
        if (!shape) return tx.put(store, value, key);
        const row = value as unknown as Row;
        const name = nameOf(store, row);
        const plain = store === "chunks" ? (row["bytes"] as ArrayBuffer) : JSON.stringify(pick(row, shape.words));
        for (const { sealed } of (at(store).get(name) ?? []).filter((one) => one.plain === plain)) {
          const wordless = { ...row, ...pick({}, shape.words), sealed } as unknown as typeof value;
          if ((await keyIn(tx))?.id === sealed?.by) return tx.put(store, sealed ? wordless : value, key);
          // Another window has emptied the phone since, and its key went with it, or has made one.
          this.key = undefined;
        }
        throw new Unready(() => this.seals(at(store), name, plain));
      },
    };
  }

  private async seals(known: Known, name: string, plain: Plain): Promise<void> {
    this.key ??= await this.keyFor(this.db);
    note(known, name, this.key ? { plain, sealed: await seal(this.key, name, plain) } : { plain });
  }

  private async opens(known: Known, name: string, sealed: Sealed): Promise<void> {
    if (this.key?.id !== sealed.by) this.key = await storedKey(this.db);
    const bytes = this.key && (await unseal(this.key, name, sealed));
    note(known, name, bytes ? { plain: name.startsWith('["c') ? bytes : new TextDecoder().decode(bytes), sealed } : { sealed });
  }
}

const note = (known: Known, name: string, one: { plain?: Plain; sealed?: Sealed }): unknown => known.set(name, [one, ...(known.get(name) ?? [])].slice(0, 4));
