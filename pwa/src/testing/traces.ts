import type { ActionKind, Message } from "../api/wire";
import { openDoor } from "../sync/capability";
import { kept, locker, type Core } from "../sync/core";
import { Memory, openDb, type Db, type StoreName, type Tx } from "../sync/db";
import { drain, hurry, type Drained, type Pace } from "../sync/drain";
import { sendFiles } from "../sync/files";
import { base64url, uuidV4, uuidV7 } from "../sync/ids";
import { NEWS } from "../sync/held";
import { dropRefused, enqueue, enqueueRead, letGo, newId, newSelf, OUTBOX_STORES, putAction, selfOrNew } from "../sync/outbox";
import { homeStream, pull } from "../sync/pull";
import type { FileRow, OutboxRow, Seen, Self } from "../sync/rows";
import { become, signedInAs, SWITCH_STORES } from "../sync/become";
import { ModelServer, Network } from "./model";
import { dice } from "./world";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const TALKS = ["t1", "t2", "t3"];

/** A promise to the writer that was not kept; the trace stops here. */
export class Broken extends Error {}

const must = (truth: boolean, otherwise: () => string): void => {
  if (!truth) throw new Broken(otherwise());
};

class Dead extends Error {}
const never = new Promise<never>(() => undefined);

/** One run of the app in one tab. When it dies nothing of it goes on: no write, no request, no lock. */
class Life {
  fuse = Infinity;
  dead = false;
  private end!: () => void;
  readonly over = new Promise<void>((go) => (this.end = go));

  /** True when it is dead, or dies here. */
  burns(): boolean {
    if (!this.dead && --this.fuse <= 0) this.dies();
    return this.dead;
  }

  dies(): void {
    this.dead = true;
    this.end();
  }
}

/** The same database, as one life sees it: it may end before, within or after any transaction. */
function mortal(db: Db, life: Life): Db {
  const tx = (real: Tx): Tx => {
    const each = <T>(work: () => Promise<T>): Promise<T> => (life.burns() ? Promise.reject(new Dead()) : work());
    return {
      get: (store, key) => each(() => real.get(store, key)),
      all: (store) => each(() => real.all(store)),
      keys: (store) => each(() => real.keys(store)),
      where: (store, index, value) => each(() => real.where(store, index, value)),
      put: (store, value, key) => each(() => real.put(store, value, key)),
      del: (store, key) => each(() => real.del(store, key)),
      drop: (store, index, value) => each(() => real.drop(store, index, value)),
      clear: (store) => each(() => real.clear(store)),
    };
  };
  const run = async <T>(how: "read" | "write", stores: StoreName[], work: (tx: Tx) => Promise<T>): Promise<T> => {
    if (life.burns()) return never;
    try {
      const result = await db[how](stores, (real) => work(tx(real)));
      return life.burns() ? await never : result;
    } catch (error) {
      if (life.dead) return never;
      throw error;
    }
  };
  return { durable: db.durable, read: (stores, work) => run("read", stores, work), write: (stores, work) => run("write", stores, work), close: () => db.close() };
}

/** The browser's locks over all tabs: first come, first served, and a tab that dies lets go. */
class Locks {
  private readonly last = new Map<string, Promise<unknown>>();

  of(life: Life): LockManager {
    const request = async (name: string, work: () => Promise<unknown>): Promise<unknown> => {
      const before = this.last.get(name) ?? Promise.resolve();
      let free!: () => void;
      this.last.set(name, new Promise<void>((go) => (free = go)));
      void life.over.then(free);
      await before;
      if (life.dead) {
        free();
        return never;
      }
      try {
        return await work();
      } finally {
        free();
      }
    };
    return { request } as unknown as LockManager;
  }
}

interface Tab {
  core: Core;
  life: Life;
  pace: Pace;
}

interface Word {
  account: string;
  lane: string;
  kind: ActionKind;
  action_id: string;
  body: string;
  after: string[];
  /** A person took it back after the server had said no. */
  dropped: boolean;
  /** The phone held it because of what had come, and a person let it go: what came after it in its lane may have gone before. */
  letGo: boolean;
}

export interface Kind {
  /** How many things happen. */
  steps: number;
  /** The real database code over an IndexedDB in memory, instead of the plain stand-in. */
  disk?: boolean;
}

let databases = 0;

export class Trace {
  readonly random: () => number;
  readonly server = new ModelServer();
  readonly net: Network;
  readonly told: string[] = [];
  private readonly locks: Locks | null;
  private readonly officer: boolean;
  private readonly disk: string | null;
  private memory = new Memory();
  private time = Date.parse("2026-11-24T02:00:00Z");
  private tabs: Tab[] = [];
  private readonly words: Word[] = [];
  private readonly accounts = new Set<string>();
  /** What others left waiting here, as it stood when they went. */
  private readonly left = new Map<string, string>();
  private readonly files = new Map<string, number[]>();
  private steps = 0;

  constructor(
    readonly seed: number,
    private readonly kind: Kind,
    /** The real overlay: what of a talk is on the screen. */
    private readonly screen: (self: Self, outbox: OutboxRow[], messages: Message[], talk: string) => { message_id: string; action_id: string; text: string; state: string }[],
  ) {
    this.random = dice(seed);
    this.net = new Network(this.server, this.random);
    this.disk = kind.disk ? `trace-${++databases}` : null;
    // Where locks are missing a double send has to be harmless.
    this.locks = this.random() < 0.8 ? new Locks() : null;
    this.officer = this.random() < 0.2;
  }

  private chance = (share: number): boolean => this.random() < share;
  private below = (most: number): number => Math.floor(this.random() * most);
  private oneOf = <T>(all: readonly T[]): T => all[this.below(all.length)] as T;
  private fill = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => {
    for (let i = 0; i < bytes.length; i++) bytes[i] = this.below(256);
    return bytes;
  };
  private id = (): string => uuidV7(this.fill, this.time);

  private async opens(): Promise<Tab> {
    const life = new Life();
    const db = this.disk === null ? this.memory : await openDb(this.disk);
    const core: Core = {
      db: mortal(db, life),
      fetch: async (path, init) => {
        if (life.burns()) return never;
        try {
          const answer = await this.net.fetch(path, init);
          return life.burns() ? await never : answer;
        } catch (error) {
          if (life.dead) return never;
          throw error;
        }
      },
      now: () => this.time,
      random: this.random,
      fill: this.fill,
      alone: locker(this.locks?.of(life)),
      changed: () => undefined,
      reached: () => undefined,
      version: "trace",
      delivery: openDoor,
      session: null,
    };
    return { core, life, pace: { failures: 0, at: 0 } };
  }

  private get tab(): Tab {
    return this.oneOf(this.tabs);
  }

  /** The engine's round: what was written first, then the files, then what came. */
  private async round({ core, pace }: Tab, why: "timer" | "trigger" | "button", open: string[]): Promise<Drained> {
    if (why !== "timer") pace.failures = pace.at = 0;
    if (why === "button") await hurry(core);
    const drained = await drain(core, pace);
    await sendFiles(core).catch(() => undefined);
    await pull(core, open).catch(() => undefined);
    return drained;
  }

  private async self(): Promise<Self | undefined> {
    return kept(this.calm.core, "self");
  }

  /** A view of the same database that nothing happens to. */
  private calm!: Tab;

  async runs(steps = this.kind.steps): Promise<void> {
    this.calm = await this.opens();
    this.tabs = [await this.opens()];
    if (this.chance(0.5)) this.tabs.push(await this.opens());
    if (this.officer) await this.signsIn(this.fresh());
    this.net.trouble = this.oneOf([0, 0.2, 0.5, 0.8]);
    await this.writes();
    for (this.steps = 1; this.steps < steps; this.steps++) {
      await this.step();
      await this.holds();
    }
    await this.ends();
  }

  private say(what: string): void {
    this.told.push(`${this.steps}: ${what}`);
  }

  private async step(): Promise<void> {
    const roll = this.random();
    const open = TALKS.filter(() => this.chance(0.5));
    if (roll < 0.3) return this.writes();
    if (roll < 0.45) {
      const why = this.oneOf(["timer", "trigger", "button"] as const);
      const drained = await this.round(this.tab, why, open);
      this.say(`${why}: ${JSON.stringify(drained)}`);
      if (drained.state === "later" && this.chance(0.7)) this.time = Math.max(this.time, drained.at);
      return;
    }
    if (roll < 0.55) {
      // All at once, and the worker beside them.
      const all = [...this.tabs, await this.opens()];
      await Promise.all(all.map((tab) => this.round(tab, "trigger", open)));
      this.say(`${all.length} at once`);
      return;
    }
    if (roll < 0.68) return this.dies(open);
    if (roll < 0.73) {
      this.time += (this.random() - 0.5) * 20 * DAY;
      return this.say(`the clock jumps to ${new Date(this.time).toISOString()}`);
    }
    if (roll < 0.78) {
      this.net.trouble = this.oneOf([0, 0.2, 0.5, 0.8, 1]);
      return this.say(`trouble ${this.net.trouble}`);
    }
    if (roll < 0.84) {
      const talk = this.oneOf(TALKS);
      this.server.answers(await this.talk(talk), this.officer, this.id());
      return this.say(`an answer in ${talk}`);
    }
    if (roll < 0.87) {
      this.server.tokens.clear();
      return this.say("all tokens end");
    }
    if (roll < 0.89) {
      this.server.beginsAnew();
      return this.say("all streams begin anew");
    }
    if (roll < 0.91) {
      if (this.chance(0.5)) this.server.sick += 1 + this.below(7);
      else this.server.busy += 1 + this.below(3);
      return this.say(`the writer is sick ${this.server.sick}, busy ${this.server.busy}`);
    }
    if (roll < 0.93) {
      const talk = await this.talk(this.oneOf(TALKS));
      this.server.erases(talk);
      return this.say(`${talk} is erased`);
    }
    if (roll < 0.95) {
      const self = await this.self();
      if (self) this.server.ends(self.account_id);
      return this.say("the session ends for good");
    }
    if (roll < 0.965) return this.switches();
    return this.decides();
  }

  /** Talks are somebody's own. */
  private async talk(name: string): Promise<string> {
    const self = await this.self();
    return this.officer || !self ? name : `${name}-${self.account_id.slice(0, 4)}`;
  }

  private book(row: OutboxRow): void {
    this.accounts.add(row.account_id);
    this.server.written.set(row.action_id, { account: row.account_id, body: row.body });
    this.words.push({ account: row.account_id, lane: row.lane, kind: row.kind, action_id: row.action_id, body: row.body, after: row.after, dropped: false, letGo: false });
  }

  private async writes(): Promise<void> {
    const { core } = this.tab;
    if (!(await this.self()))
      await core.db.write(OUTBOX_STORES, async (tx) => {
        await selfOrNew(core, tx, "sv");
      });
    const conversation_id = await this.talk(this.oneOf(TALKS));
    const lane = `conversation:${conversation_id}`;
    const roll = this.random();
    if (roll < 0.75) {
      const text = `${this.chance(0.12) ? "bad" : this.chance(0.02) ? "unreadable" : "word"} ${this.words.length}`;
      const last = this.words.at(-1);
      // A reading mark gives way to the next, and what was taken back is nothing to lean on.
      const after = last && last.kind !== "conversation-read" && !last.dropped && this.chance(0.1) && last.account === (await this.self())?.account_id ? [last.action_id] : [];
      this.book(await enqueue(core, "sv", { kind: "message-send", lane, body: { message_id: this.id(), conversation_id, text }, after, ...(this.officer && this.chance(0.5) ? { seen: await this.seen(conversation_id) } : {}) }));
      return this.say(`writes "${text}" in ${lane}${after.length > 0 ? " after the last" : ""}`);
    }
    if (roll < 0.85 && !this.officer) return this.reports(core);
    if (roll < 0.95) {
      const had = new Set((await this.rows()).map((row) => row.action_id));
      await enqueueRead(core, conversation_id, 1 + this.below(5));
      for (const row of await this.rows()) if (!had.has(row.action_id)) this.book(row);
      return this.say(`has read ${lane}`);
    }
    this.book(await enqueue(core, "sv", { kind: "conversation-ask-erasure", lane, body: { conversation_id } }));
    return this.say(`asks to erase ${lane}`);
  }

  /** How far an officer has read a talk, and who has it. */
  private async seen(talk: string): Promise<Seen> {
    const messages = await this.calm.core.db.read(["messages"], (tx) => tx.where("messages", "conversation_id", talk));
    return { pos: Math.max(0, ...messages.map((message) => message.pos)) };
  }

  private async reports(core: Core): Promise<void> {
    const report_id = this.id();
    const file_id = this.chance(0.4) ? this.id() : null;
    const text = `${this.chance(0.12) ? "bad" : "report"} ${this.words.length}`;
    const bytes = Array.from({ length: 1 + this.below(20) }, () => this.below(256));
    const piece = new Uint8Array(bytes).buffer;
    const action_id = newId(core);
    const row = await core.db.write([...OUTBOX_STORES, "chunks"], async (tx) => {
      const self = await selfOrNew(core, tx, "sv");
      const body = { report_id, text, what: text, happened: { certainty: "unknown" }, files: file_id === null ? [] : [{ file_id }] };
      if (file_id !== null) {
        const file: FileRow = { file_id, report_id, account_id: self.account_id, sha256: "", size: bytes.length, media_type: "image/png", state: "waiting", offset: 0 };
        await tx.put("files", file);
        await tx.put("chunks", { file_id, n: 0, bytes: piece });
      }
      return putAction(core, tx, self, action_id, { kind: "report-submit", lane: `report:${report_id}`, body });
    });
    if (file_id !== null) this.files.set(file_id, bytes);
    this.book(row);
    this.say(`reports "${text}"${file_id === null ? "" : " with a file"}`);
  }

  /** The app ends in the middle of something, and is opened again. */
  private async dies(open: string[]): Promise<void> {
    const at = this.below(this.tabs.length);
    const tab = this.tabs[at] as Tab;
    tab.life.fuse = 1 + this.below(this.chance(0.5) ? 40 : 150);
    const others = this.tabs.filter((one) => one !== tab && this.chance(0.5));
    const work = [tab, ...others].map((one) => this.round(one, "trigger", open));
    await Promise.all(work.map((one, i) => (i === 0 ? Promise.race([one, tab.life.over]) : one)));
    const within = tab.life.dead;
    tab.life.dies();
    this.tabs[at] = await this.opens();
    this.say(`dies ${within ? "in the middle" : "at rest"}, with ${others.length} beside it`);
  }

  private fresh(): string {
    const account = uuidV4(this.fill);
    if (this.officer) this.server.officers.add(account);
    else this.server.secrets.set(account, base64url(this.fill(new Uint8Array(32))));
    this.accounts.add(account);
    return account;
  }

  private async signsIn(account: string): Promise<void> {
    const { session, cookie } = this.server.opens(account, uuidV4(this.fill));
    const { core } = this.tabs.at(0) ?? this.calm;
    await signedInAs(core, session, this.officer ? {} : { secret: this.server.secrets.get(account) ?? "", code_state: "confirmed" }, "sv");
    this.net.cookie = cookie;
  }

  /** Somebody else takes this phone, or comes back to it. */
  private async switches(): Promise<void> {
    const before = await this.self();
    if (before) await this.leaves(before.account_id);
    const known = [...this.accounts].filter((one) => one !== before?.account_id);
    await this.becomes(known.length > 0 && this.chance(0.7) ? this.oneOf(known) : this.fresh());
    this.say("somebody else takes the phone");
  }

  private async leaves(account: string): Promise<void> {
    this.left.set(account, stands((await this.rows()).filter((row) => row.account_id === account)));
  }

  private async becomes(account: string): Promise<void> {
    this.left.delete(account);
    this.readsAnew(account, await this.rows());
    const aside = ((await kept(this.calm.core, "aside")) ?? []).find(({ self }) => self.account_id === account && !self.ended);
    const registered = this.officer || this.server.secrets.has(account);
    if (aside && !this.officer && (!registered || this.chance(0.5))) await this.calm.core.db.write(SWITCH_STORES, (tx) => become(tx, aside.self));
    else if (registered) await this.signsIn(account);
    else if (aside) must(false, () => "an account that only this phone knows has ended");
    else await this.calm.core.db.write(SWITCH_STORES, (tx) => become(tx, { ...newSelf(this.calm.core, "sv"), account_id: account }));
  }

  /** What to do with a no: throw it away, or say it in other words. */
  private async decides(): Promise<void> {
    const self = await this.self();
    const row = (await this.rows()).find((one) => one.state === "attention" && one.account_id === self?.account_id);
    const word = this.words.find((one) => one.action_id === row?.action_id);
    if (!row || !word) return;
    if (row.problem_kind === NEWS && this.chance(0.7)) {
      await letGo(this.tab.core, row.action_id, await this.seen(row.lane.slice("conversation:".length)));
      word.letGo = true;
      return this.say(`lets go ${word.body}`);
    }
    const again = row.kind === "message-send" && this.chance(0.5);
    const message_id = this.id();
    const next = await dropRefused(
      this.tab.core,
      row.action_id,
      again ? (old) => ({ kind: old.kind, lane: old.lane, body: { ...(JSON.parse(old.body) as object), message_id, text: "in other words" } }) : undefined,
    );
    word.dropped = true;
    if (next) this.book(next);
    this.say(`decides on ${word.body}`);
  }

  private rows(): Promise<OutboxRow[]> {
    return this.calm.core.db.read(["outbox"], (tx) => tx.all("outbox"));
  }

  /** After every step: what was written is on the screen, once; and what others left stands as they left it. */
  private async holds(): Promise<void> {
    must(this.server.wrongs.length === 0, () => this.server.wrongs.join("; "));
    const self = await this.self();
    const { outbox, messages } = await this.calm.core.db.read(["outbox", "messages"], async (tx) => ({ outbox: await tx.all("outbox"), messages: await tx.all("messages") }));
    for (const [account, stood] of this.left) {
      const now = stands(outbox.filter((row) => row.account_id === account));
      must(now === stood, () => `another account's rows changed:\n${stood}\n${now}`);
    }
    if (!self) return;
    must(!self.ended || this.server.ended.has(self.account_id), () => "the phone says that the session is over, and nobody ended it");
    must(self.role === (this.officer ? "officer" : "youth"), () => `the phone takes its owner for ${self.role}`);
    const own = outbox.filter((row) => row.account_id === self.account_id);
    if (this.officer && self.ended) {
      must(messages.length === 0, () => "an officer's session is over, and what was read is on the phone");
      this.readsAnew(self.account_id, own);
    }
    for (const lane of new Set(this.words.filter((word) => word.account === self.account_id && word.kind === "message-send").map((word) => word.lane))) {
      const talk = lane.slice("conversation:".length);
      const shown = this.screen(self, own, messages.filter((message) => message.conversation_id === talk), talk);
      const times = (word: Word) => shown.filter((row) => row.message_id === (JSON.parse(word.body) as Message).message_id);
      for (const word of this.words) {
        if (word.lane !== lane || word.account !== self.account_id || word.kind !== "message-send" || word.dropped) continue;
        const seen = times(word);
        must(seen.length < 2, () => `${word.body} is on the screen ${seen.length} times`);
        // Of an erased talk nothing is left to show.
        if (this.server.erased.has(talk) || this.unread.has(word.action_id)) continue;
        must(seen.length === 1, () => `${word.body} is not on the screen`);
      }
    }
  }

  private readonly unread = new Set<string>();

  /** What is with the server has to be read anew by who comes back. */
  private readsAnew(account: string, rows: OutboxRow[]): void {
    const here = new Set(rows.map((row) => row.action_id));
    for (const word of this.words) if (word.account === account && !here.has(word.action_id)) this.unread.add(word.action_id);
  }

  /** The network is calm again: everybody who left something here comes back, and everything has to come to rest. */
  private async ends(): Promise<void> {
    this.say("all is calm");
    this.net.trouble = 0;
    this.server.sick = this.server.busy = 0;
    for (const late of this.net.late.splice(0)) late();
    this.tabs = [await this.opens(), ...(this.chance(0.5) ? [await this.opens()] : [])];
    const first = await this.self();
    for (const account of first ? [first.account_id, ...[...this.accounts].filter((one) => one !== first.account_id)] : []) {
      const now = await this.self();
      if (now && now.account_id !== account) {
        await this.leaves(now.account_id);
        await this.becomes(account);
      }
      await this.rests(account);
    }
    this.judges();
  }

  private async rests(account: string): Promise<void> {
    for (let round = 0; ; round++) {
      if ((await this.self())?.ended || this.server.ended.has(account)) await this.signsIn(account);
      must(this.server.wrongs.length === 0, () => this.server.wrongs.join("; "));
      must(round < 60, () => "something waits for ever: 60 rounds did not send it");
      const open = await this.open();
      const drained = await this.round(this.tab, "timer", open);
      must(drained.state !== "paused", () => `sending stands still for no reason: ${JSON.stringify(drained)}`);
      if (drained.state === "later") {
        must(drained.at - this.time <= HOUR, () => `it waits ${(drained.at - this.time) / HOUR} hours`);
        this.time = Math.max(this.time, drained.at);
        continue;
      }
      const waiting = (await this.rows()).filter((row) => row.account_id === account && row.state !== "attention");
      if (waiting.length === 0) break;
      must(round < 59, () => `a row never goes: ${JSON.stringify(waiting[0])}`);
    }
    await this.round(this.tab, "timer", await this.open());
    await this.holds();
    await this.agrees(account);
  }

  private async open(): Promise<string[]> {
    return Promise.all(TALKS.map((name) => this.talk(name)));
  }

  /** The phone holds what the server holds, and what was refused with its words. */
  private async agrees(account: string): Promise<void> {
    const self = (await this.self()) as Self;
    const db = this.calm.core.db;
    const found = await db.read(["outbox", "messages", "cursors", "files", "chunks", "reports", "conversations"], async (tx) => ({
      outbox: (await tx.all("outbox")).filter((row) => row.account_id === account),
      messages: await tx.all("messages"),
      cursors: await tx.all("cursors"),
      files: await tx.all("files"),
      chunks: await tx.all("chunks"),
      reports: await tx.all("reports"),
      talks: await tx.all("conversations"),
    }));
    for (const word of this.words) {
      if (word.account !== account || word.dropped) continue;
      const row = found.outbox.find((one) => one.action_id === word.action_id);
      const receipt = this.server.receipts.get(`${account} ${word.action_id}`);
      const parked = row?.state === "attention";
      if (receipt?.result.outcome === "applied") must(!row, () => `it stands with the server, and the phone says ${row?.state} ${row?.problem_kind}: ${word.body}`);
      else if (word.kind === "conversation-read") must(!row, () => "a reading mark waits for ever");
      else if (receipt?.result.outcome === "refused") {
        const wordless = word.kind === "conversation-ask-erasure" && !row;
        must(wordless || (parked && row.body === word.body), () => `it was refused, and its words are not on the phone: ${word.body}`);
        if (parked) must([receipt.result.problem?.kind, NEWS].includes(row.problem_kind) || word.after.length > 0, () => `refused as ${receipt.result.problem?.kind}, told as ${row.problem_kind}`);
      } else {
        const unreadable = word.body.includes("unreadable");
        const leaned = word.after.some((id) => this.server.receipts.get(`${account} ${id}`)?.result.outcome !== "applied");
        const hopeless = (this.server.faults.get(word.action_id) ?? 0) >= 20;
        must(parked === true && row?.body === word.body, () => `it is neither with the server nor on the phone: ${word.body}`);
        const held = row?.problem_kind === NEWS && row.seen !== undefined;
        must(unreadable || hopeless || leaned || held, () => `nobody said no to it, and it is parked as ${row?.problem_kind}: ${word.body}`);
      }
    }
    must(found.outbox.every((row) => this.words.some((word) => word.action_id === row.action_id)), () => "a row stands in the outbox that nobody wrote");
    // The home stream and all talks have been read to their end.
    for (const { stream, pos, epoch } of found.cursors) {
      const there = this.server.streams.get(stream);
      if (there) must(there.rows.length === pos && there.epoch === epoch, () => `${stream} was read to ${pos} of ${there.rows.length}`);
    }
    must(found.cursors.some(({ stream }) => stream === homeStream(self)) || !this.server.streams.has(homeStream(self)), () => "the home stream was never read");
    const open = new Set(await this.open());
    const wanted = [...this.server.messages.values()].filter(({ conversation_id }) => open.has(conversation_id) && this.server.talks.has(conversation_id) && this.server.mayRead(account, `conversation:${conversation_id}`));
    const ids = (all: Message[]) => all.map(({ message_id, pos, text }) => `${message_id} ${pos} ${text}`).sort().join("\n");
    must(ids(wanted) === ids(found.messages.filter(({ conversation_id }) => open.has(conversation_id))), () => `the phone does not hold what the server holds:\n${ids(wanted)}\n---\n${ids(found.messages)}`);
    for (const [id, { owner }] of this.server.talks)
      if (this.officer || owner === account) must(found.talks.some((talk) => talk.conversation_id === id), () => `the talk ${id} is not in the list`);
    for (const [id, { owner }] of this.server.reports)
      if (this.officer || owner === account) must(found.reports.some((report) => report.report_id === id), () => `the report ${id} is not in the list`);
    for (const file of found.files) {
      if (file.account_id !== account) continue;
      const report = this.words.find((word) => word.body.includes(file.file_id));
      if (!report || this.server.receipts.get(`${account} ${report.action_id}`)?.result.outcome !== "applied") continue;
      const there = this.server.files.get(file.file_id);
      must(file.state === "done" && JSON.stringify(there?.bytes) === JSON.stringify(this.files.get(file.file_id)), () => `a file did not arrive whole: ${JSON.stringify(file)}`);
      must(!found.chunks.some((chunk) => chunk.file_id === file.file_id), () => "the phone keeps bytes that have arrived");
    }
  }

  /** Over the whole: once each, in the order of its lane, and nothing that nobody wrote. */
  private judges(): void {
    const { effects, faults, wrongs } = this.server;
    must(wrongs.length === 0, () => wrongs.join("; "));
    const times = new Map<string, number>();
    for (const { action } of effects) times.set(action.action_id, (times.get(action.action_id) ?? 0) + 1);
    for (const [id, count] of times) must(count === 1, () => `${id} was done ${count} times`);
    const place = new Map(this.words.map((word, i) => [word.action_id, i]));
    const newest = new Map<string, number>();
    const letGo = new Set(this.words.filter((word) => word.letGo).map((word) => word.action_id));
    for (const { account, action } of effects) {
      // One that the server stumbled over again and again gives way to the others.
      if ((faults.get(action.action_id) ?? 0) >= 5 || letGo.has(action.action_id)) continue;
      const at = place.get(action.action_id) ?? -1;
      const lane = `${account} ${action.lane}`;
      must(at > (newest.get(lane) ?? -1), () => `${lane} is out of order at ${JSON.stringify(action.body)}`);
      newest.set(lane, at);
    }
    for (const word of this.words) {
      const outcome = this.server.receipts.get(`${word.account} ${word.action_id}`)?.result.outcome;
      if (outcome === "applied") must(times.get(word.action_id) === 1, () => `acknowledged and not there: ${word.body}`);
    }
  }
}

/** Rows as text: what nobody may touch. */
const stands = (rows: OutboxRow[]): string => rows.map((row) => JSON.stringify(row)).sort().join("\n");
