import "fake-indexeddb/auto";
import type { Fetch } from "../api/client";
import type { ActionResult, Message, Position } from "../api/wire";
import { openDoor } from "../sync/capability";
import type { Core } from "../sync/core";
import { Memory, openDb, type Db } from "../sync/db";
import { uuidV4 } from "../sync/ids";
import type { OutboxRow } from "../sync/rows";

/** Chance with a seed: a trace that failed can be played again. */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export const json = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": status < 400 ? "application/json" : "application/problem+json", ...headers },
  });

const told = (status: number, kind: string) => ({ type: `/problems/${kind}`, title: kind, status, kind, fields: [] });

export const problem = (status: number, kind: string, more: object = {}): Response => json(status, { ...told(status, kind), ...more });

interface Envelope {
  action_id: string;
  lane: string;
  kind: string;
  after: string[];
  recorded_at: string;
  body: Record<string, unknown>;
}

type Receipt = { body: string; result: ActionResult; account: string };

/** What the network does to a request: nothing, loses it, loses its reply, or brings it twice. */
export type Fault = "none" | "lost" | "reply-lost" | "twice" | "portal" | "busy";

/** The server as the protocol describes it, in a few lines: receipts, dense positions, streams. */
export class Server {
  readonly receipts = new Map<string, Receipt>();
  readonly effects: string[] = [];
  readonly streams = new Map<string, { pos: number; action_id: string; kind: string; entity_id: string; message?: Message }[]>();
  readonly accounts = new Map<string, string>();
  readonly files = new Map<string, { size: number; bytes: Uint8Array }>();
  /** Bodies seen for an id, whatever became of the request. */
  readonly bodies = new Map<string, Set<string>>();
  readonly calls: string[] = [];
  refuse: (action: Envelope) => string | null = () => null;
  stumble: (action: Envelope) => boolean = () => false;
  fault: () => Fault = () => "none";
  tokens = new Set<string>();
  refreshes = 0;
  cookie = true;
  ended = false;
  private made = 0;
  private device = "";

  fetch: Fetch = async (path, init) => {
    const fault = this.fault();
    this.calls.push(path);
    if (fault === "lost") throw new TypeError("Failed to fetch");
    if (fault === "portal") return new Response("<html>Welcome to Café Wifi</html>", { status: 200, headers: { "content-type": "text/html" } });
    if (fault === "busy") return problem(503, "unavailable", { retry_after_ms: 1000 });
    const answer = this.answer(path, init);
    if (fault === "reply-lost") throw new TypeError("Failed to fetch");
    return fault === "twice" ? this.answer(path, init) : answer;
  };

  private session(account: string, device: string): Response {
    const token = `token-${++this.made}`;
    this.tokens.add(token);
    return json(200, { access_token: token, expires_at: "2026-11-24T02:05:00Z", account_id: account, device_id: device, role: "youth", demo: false });
  }

  private answer(path: string, init: RequestInit = {}): Response {
    if (path.endsWith("/identity/refresh")) {
      this.refreshes += 1;
      const [account] = this.accounts.keys();
      return this.cookie && account && !this.ended ? this.session(account, this.device) : problem(401, "token-missing");
    }
    const body = typeof init.body === "string" ? (JSON.parse(init.body) as Record<string, unknown>) : {};
    if (path.endsWith("/identity/devices")) {
      if (this.ended) return problem(401, "session-ended");
      const account = body["account_id"] as string;
      const secret = this.accounts.get(account);
      if (secret !== undefined && secret !== body["secret"]) return problem(409, "registration-conflict");
      this.accounts.set(account, body["secret"] as string);
      this.device = body["device_id"] as string;
      return this.session(account, this.device);
    }
    const token = new Headers(init.headers).get("authorization")?.slice(7);
    if (!token || !this.tokens.has(token)) return problem(401, "token-expired");
    if (path.endsWith("/sync/push")) return this.push(body, init.body as string);
    if (path.endsWith("/sync/pull")) return this.pull(body);
    if (path.startsWith("/api/v1/files")) return this.file(path, body, init);
    if (/\/(conversations|reports)\?/.test(path)) return json(200, { items: [] });
    return problem(404, "not-found");
  }

  private push(push: Record<string, unknown>, raw: string): Response {
    const actions = push["actions"] as Envelope[];
    if (actions.length > 100 || raw.length > 256 * 1024) return problem(413, "too-large");
    for (const action of actions) {
      const seen = this.bodies.get(action.action_id) ?? new Set();
      this.bodies.set(action.action_id, seen.add(JSON.stringify(action.body)));
    }
    if (actions.some((action) => this.stumble(action))) return problem(500, "internal");
    const results = actions.map((action) => this.decide(action, push["account_id"] as string));
    return json(200, { server_time: "2026-11-24T02:00:00Z", results });
  }

  private decide(action: Envelope, account: string): ActionResult {
    const body = JSON.stringify(action.body);
    const known = this.receipts.get(action.action_id);
    if (known) {
      if (known.body !== body) return { action_id: action.action_id, outcome: "refused", problem: told(409, "action-id-reused") };
      return { ...known.result, outcome: "duplicate", original: known.result.outcome as "applied" | "refused" };
    }
    const leaning = action.after.some((id) => this.receipts.get(id)?.result.outcome === "refused");
    const no = leaning ? "dependency-refused" : this.refuse(action);
    const result: ActionResult = no
      ? { action_id: action.action_id, outcome: "refused", problem: told(422, no) }
      : { action_id: action.action_id, outcome: "applied", at: this.append(action) };
    // What it does not know it does not remember either.
    if (!no?.startsWith("unknown-")) this.receipts.set(action.action_id, { body, result, account });
    return result;
  }

  private append(action: Envelope): Position {
    this.effects.push(action.action_id);
    const name = action.lane.startsWith("conversation:") ? action.lane : "inbox";
    const stream = this.streams.get(name) ?? [];
    this.streams.set(name, stream);
    const pos = stream.length + 1;
    const { message_id, conversation_id, text } = action.body as Record<string, string>;
    stream.push({
      pos,
      action_id: action.action_id,
      kind: message_id ? "message-created" : "conversation-changed",
      entity_id: message_id ?? action.action_id,
      ...(message_id && conversation_id && text !== undefined
        ? {
            message: {
              message_id,
              conversation_id,
              pos,
              by: "youth",
              mine: true,
              text,
              damaged: false,
              recorded_at: action.recorded_at,
              received_at: "2026-11-24T02:00:00Z",
              action_id: action.action_id,
            },
          }
        : {}),
    });
    return { stream: name === "inbox" ? `inbox:${[...this.accounts.keys()][0]}` : name, epoch: 1, pos };
  }

  private pull(body: Record<string, unknown>): Response {
    const streams: Record<string, unknown> = {};
    const gone: string[] = [];
    for (const [name, cursor] of Object.entries(body["streams"] as Record<string, { pos?: number; tail?: number; before?: number }>)) {
      const all = this.streams.get(name.startsWith("inbox:") ? "inbox" : name);
      if (!all && name.startsWith("conversation:")) {
        gone.push(name);
        continue;
      }
      const rows = all ?? [];
      const limit = body["limit"] as number;
      const reset = cursor.tail !== undefined;
      const after = reset ? rows.slice(-limit) : rows.filter((row) => (cursor.before ? row.pos < cursor.before : row.pos > (cursor.pos ?? 0)));
      const events = (cursor.before ? after.slice(-limit) : after.slice(0, limit)).map((row) => ({ v: 1, revision: 1, by: "youth", at: "2026-11-24T02:00:00Z", ...row }));
      const last = events.at(-1)?.pos ?? rows.length;
      streams[name] = { epoch: 1, head: rows.length, more: !cursor.before && last < rows.length, reset, from: events[0]?.pos ?? last + 1, events };
    }
    return json(200, { server_time: "2026-11-24T02:00:00Z", streams, gone, min_supported: {} });
  }

  private file(path: string, body: Record<string, unknown>, init: RequestInit): Response {
    const id = path.split("/")[4] ?? (body["file_id"] as string);
    if (path.endsWith("/files") && !this.files.has(id)) this.files.set(id, { size: body["size"] as number, bytes: new Uint8Array(0) });
    const file = this.files.get(id);
    if (!file) return problem(404, "not-found");
    if (init.method === "PATCH") {
      const offset = Number(new Headers(init.headers).get("upload-offset"));
      if (offset !== file.bytes.length) return problem(409, "file-offset", { offset: file.bytes.length });
      file.bytes = new Uint8Array([...file.bytes, ...new Uint8Array(init.body as ArrayBuffer)]);
    }
    return json(200, { file_id: id, offset: file.bytes.length, complete: file.bytes.length === file.size });
  }
}

let databases = 0;

/** A phone with a clock that is turned by hand. A crash loses its memory and keeps its disk. */
export class Phone {
  time = Date.parse("2026-11-24T02:00:00Z");
  readonly name = `phone-${++databases}`;
  core!: Core;
  changes = 0;

  constructor(
    readonly server: Server,
    readonly random: () => number = dice(1),
    readonly memory = false,
  ) {}

  async starts(): Promise<this> {
    const db: Db = this.memory ? new Memory() : await openDb(this.name);
    this.core = {
      db,
      fetch: (path, init) => this.server.fetch(path, init),
      now: () => this.time,
      random: this.random,
      fill: (bytes) => {
        for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(this.random() * 256);
        return bytes;
      },
      alone: (_name, work) => work(),
      changed: () => {
        this.changes += 1;
      },
      reached: () => undefined,
      version: "test",
      delivery: openDoor,
      session: null,
    };
    return this;
  }

  async crashes(): Promise<void> {
    this.core.db.close();
    await this.starts();
  }

  rows(): Promise<OutboxRow[]> {
    return this.core.db.read(["outbox"], (tx) => tx.all("outbox"));
  }

  id(): string {
    return uuidV4(this.core.fill);
  }
}
