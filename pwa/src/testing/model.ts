import type { Fetch } from "../api/client";
import type { ActionResult, Conversation, Message, Position, Report, SessionBody, StreamEvent } from "../api/wire";

/** The server as its guide tells it, without a database: it knows the promise and nothing of the phone's code. */

export interface Envelope {
  action_id: string;
  lane: string;
  kind: string;
  after: string[];
  recorded_at: string;
  attempt: number;
  body: Record<string, unknown> & { text?: string; message_id?: string; conversation_id?: string; report_id?: string; files?: { file_id: string }[] };
}

interface Device {
  account: string;
  device: string;
}

interface Receipt {
  body: string;
  result: ActionResult;
}

interface Stream {
  epoch: number;
  rows: Entry[];
}

type Entry = Omit<StreamEvent, "pos" | "v" | "at" | "by" | "message" | "conversation" | "report">;

export interface Effect {
  account: string;
  action: Envelope;
}

interface Answer {
  status: number;
  body: unknown;
  cookie?: string;
}

const NOW = "2026-11-24T02:00:00Z";
const told = (status: number, kind: string) => ({ type: `/problems/${kind}`, title: kind, status, kind, fields: [] });
const no = (status: number, kind: string, more: object = {}): Answer => ({ status, body: { ...told(status, kind), ...more } });
const yes = (body: unknown): Answer => ({ status: 200, body });
/** Events in one answer: few, so that reading on takes several. */
const PAGE = 4;

export class ModelServer {
  readonly secrets = new Map<string, string>();
  readonly ended = new Set<string>();
  readonly tokens = new Map<string, Device>();
  readonly cookies = new Map<string, Device>();
  readonly receipts = new Map<string, Receipt>();
  readonly effects: Effect[] = [];
  readonly streams = new Map<string, Stream>();
  readonly talks = new Map<string, { talk: Conversation; owner: string }>();
  readonly reports = new Map<string, { report: Report; owner: string }>();
  readonly messages = new Map<string, Message>();
  readonly erased = new Set<string>();
  readonly files = new Map<string, { size: number; bytes: number[]; owner: string }>();
  /** How often an action was not decided by a fault of the server. */
  readonly faults = new Map<string, number>();
  /** What a well-behaved phone never does. */
  readonly wrongs: string[] = [];
  /** Who wrote which action, and with which words; filled by whoever plays the phone. */
  readonly written = new Map<string, { account: string; body: string }>();
  readonly officers = new Set<string>();
  /** So many decisions are left open yet, as by a writer in trouble. */
  sick = 0;
  busy = 0;
  private made = 0;

  opens(account: string, device: string): { session: SessionBody; cookie: string } {
    this.ended.delete(account);
    const cookie = `cookie-${++this.made}`;
    this.cookies.set(cookie, { account, device });
    return { session: this.session(account, device), cookie };
  }

  private session(account_id: string, device_id: string): SessionBody {
    const access_token = `token-${++this.made}`;
    this.tokens.set(access_token, { account: account_id, device: device_id });
    return { access_token, expires_at: NOW, account_id, device_id, role: this.officers.has(account_id) ? "officer" : "youth", demo: false };
  }

  /** Its session is over for good, until somebody signs in anew. */
  ends(account: string): void {
    this.ended.add(account);
    for (const some of [this.tokens, this.cookies]) for (const [key, one] of some) if (one.account === account) some.delete(key);
  }

  /** As after a backup was brought back: all streams begin again. */
  beginsAnew(): void {
    for (const stream of this.streams.values()) stream.epoch += 1;
  }

  answers(conversation_id: string, officer: boolean, id: string): void {
    const known = this.talks.get(conversation_id);
    if (!known) return;
    const pos = this.append(`conversation:${conversation_id}`, { kind: "message-created", entity_id: id, revision: 1 }).pos;
    this.messages.set(id, {
      message_id: id,
      conversation_id,
      pos,
      by: officer ? "youth" : "officer",
      mine: false,
      text: `answer ${id}`,
      damaged: false,
      recorded_at: NOW,
      received_at: NOW,
      action_id: id,
    });
    this.grows(known.talk, pos, `answer ${id}`);
    this.tells(conversation_id, known.owner, id);
  }

  erases(conversation_id: string): void {
    const known = this.talks.get(conversation_id);
    if (!known) return;
    this.erased.add(conversation_id);
    this.talks.delete(conversation_id);
    this.streams.delete(`conversation:${conversation_id}`);
    for (const stream of [`inbox:${known.owner}`, "desk"]) this.append(stream, { kind: "conversation-erased", entity_id: conversation_id, revision: 99 });
  }

  /** One request, by somebody with this cookie. */
  hears(path: string, init: RequestInit, cookie: string | null): Answer {
    const json = typeof init.body === "string" ? (JSON.parse(init.body) as Record<string, unknown>) : {};
    if (path.endsWith("/identity/refresh")) {
      const known = cookie === null ? undefined : this.cookies.get(cookie);
      if (!known || this.ended.has(known.account)) return no(401, "token-missing");
      const next = `cookie-${++this.made}`;
      this.cookies.set(next, known);
      return { ...yes(this.session(known.account, known.device)), cookie: next };
    }
    if (path.endsWith("/identity/devices")) {
      const { account_id, device_id, secret } = json as Record<string, string>;
      if (!account_id || !device_id || !secret) return no(422, "malformed");
      if (this.ended.has(account_id)) return no(401, "session-ended");
      const known = this.secrets.get(account_id);
      if (known !== undefined && known !== secret) return no(409, "registration-conflict");
      this.secrets.set(account_id, secret);
      const { session, cookie: made } = this.opens(account_id, device_id);
      return { ...yes(session), cookie: made };
    }
    const token = (init.headers as Record<string, string>)["authorization"]?.slice(7);
    const who = token === undefined ? undefined : this.tokens.get(token);
    if (!who) return no(401, "token-expired");
    if (path.endsWith("/sync/push")) return this.push(who, json as never, init.body as string);
    if (path.endsWith("/sync/pull")) return this.pull(who, json as never);
    if (path.startsWith("/api/v1/files")) return this.file(who, path, json as never, init);
    const mine = <T extends { owner: string }>(all: Map<string, T>) => [...all.values()].filter((one) => this.officers.has(who.account) || one.owner === who.account);
    if (path.includes("/chat/conversations?")) return yes({ items: mine(this.talks).map(({ talk }) => ({ ...talk })) });
    if (path.includes("/reports?")) return yes({ items: mine(this.reports).map(({ report }) => report) });
    return no(404, "not-found");
  }

  private push(who: Device, push: { account_id: string; device_id: string; actions: Envelope[] }, raw: string): Answer {
    const { actions } = push;
    if (actions.length > 100 || raw.length > 256 * 1024) return no(413, "too-large");
    for (const action of actions) {
      const known = this.written.get(action.action_id);
      if (!known) this.wrongs.push(`an id came that nobody wrote: ${action.action_id}`);
      else if (known.body !== JSON.stringify(action.body)) this.wrongs.push(`${action.action_id} came with other words`);
      if (known && (known.account !== push.account_id || known.account !== who.account)) this.wrongs.push(`${action.action_id} of ${known.account} was sent as ${who.account}`);
    }
    if (push.account_id !== who.account || push.device_id !== who.device) return no(409, "envelope-mismatch");
    if (actions.some((action) => action.body.text?.startsWith("unreadable"))) return no(400, "malformed");
    const held = new Set<string>();
    return yes({ server_time: NOW, results: actions.map((action) => this.decide(who.account, action, held)) });
  }

  private decide(account: string, action: Envelope, held: Set<string>): ActionResult {
    const { action_id, lane } = action;
    const known = this.receipts.get(`${account} ${action_id}`);
    if (known) {
      if (known.body !== JSON.stringify(action.body)) return { action_id, outcome: "refused", problem: told(409, "action-id-reused") } as ActionResult;
      return { ...known.result, outcome: "duplicate", original: known.result.outcome as "applied" | "refused" };
    }
    const open = (result: Partial<ActionResult>): ActionResult => {
      held.add(lane);
      return { action_id, outcome: "retry", ...result } as ActionResult;
    };
    if (held.has(lane)) return open({ outcome: "blocked" });
    const needs = action.after.map((id) => this.receipts.get(`${account} ${id}`)?.result.outcome);
    if (needs.includes(undefined)) return open({ outcome: "blocked" });
    if (this.busy > 0) {
      this.busy -= 1;
      return open({ problem: told(429, "rate-limited") as never, retry_after_ms: 30_000 });
    }
    if (this.sick > 0) {
      this.sick -= 1;
      this.fault(action_id);
      return open({ retry_after_ms: 5000 });
    }
    const rule = needs.includes("refused") ? "dependency-refused" : this.rule(action);
    const result = (rule ? { action_id, outcome: "refused", problem: told(422, rule) } : { action_id, outcome: "applied", at: this.apply(account, action) }) as ActionResult;
    this.receipts.set(`${account} ${action_id}`, { body: JSON.stringify(action.body), result });
    return result;
  }

  fault(action_id: string): void {
    this.faults.set(action_id, (this.faults.get(action_id) ?? 0) + 1);
  }

  private rule({ body, kind }: Envelope): string | null {
    if (body.text?.startsWith("bad")) return "text-too-long";
    const talk = body.conversation_id;
    if (talk !== undefined && this.erased.has(talk)) return "erased";
    // As the real one: only a message opens a talk.
    if (talk !== undefined && kind !== "message-send" && !this.talks.has(talk)) return "not-found";
    return null;
  }

  private apply(account: string, action: Envelope): Position | undefined {
    this.effects.push({ account, action });
    const { kind, body, action_id } = action;
    if (kind === "message-send") {
      const { message_id = "", conversation_id = "", text = "" } = body;
      const at = this.append(`conversation:${conversation_id}`, { kind: "message-created", entity_id: message_id, revision: 1, action_id });
      const officer = this.officers.has(account);
      let known = this.talks.get(conversation_id);
      if (!known) {
        const talk = { conversation_id, state: "waiting", revision: 0, opened_at: NOW, last_at: NOW, officer_read_pos: 0, youth_read_pos: 0, head: 0, held_by_me: false, last_by: "youth", last_text: "", unread: false };
        this.talks.set(conversation_id, (known = { talk: talk as Conversation, owner: account }));
      }
      this.messages.set(message_id, {
        message_id,
        conversation_id,
        pos: at.pos,
        by: officer ? "officer" : "youth",
        mine: true,
        text,
        damaged: false,
        recorded_at: action.recorded_at,
        received_at: NOW,
        action_id,
      });
      this.grows(known.talk, at.pos, text);
      this.tells(conversation_id, known.owner, message_id, action_id);
      return at;
    }
    if (kind === "report-submit") {
      const id = body.report_id ?? "";
      const report = { report_id: id, state: "received", revision: 1, what: body.text, happened: { certainty: "unknown" }, files: [], damaged: false, recorded_at: action.recorded_at, submitted_at: NOW };
      this.reports.set(id, { report: report as unknown as Report, owner: account });
      this.append("desk", { kind: "report-changed", entity_id: id, revision: 1, action_id });
      return this.append(`inbox:${account}`, { kind: "report-changed", entity_id: id, revision: 1, action_id });
    }
    const known = body.conversation_id === undefined ? undefined : this.talks.get(body.conversation_id);
    if (!known) return undefined;
    known.talk.revision += 1;
    // A reading mark has a place of its own kind: nothing to show.
    if (kind === "conversation-read") return undefined;
    const at = this.append(`conversation:${known.talk.conversation_id}`, { kind: "conversation-changed", entity_id: known.talk.conversation_id, revision: known.talk.revision, action_id });
    known.talk.head = at.pos;
    this.tells(known.talk.conversation_id, known.owner, known.talk.conversation_id, action_id);
    return at;
  }

  private grows(talk: Conversation, head: number, last_text: string): void {
    Object.assign(talk, { head, last_text, revision: talk.revision + 1 });
  }

  /** The lists are told of a talk by the action that changed it. */
  private tells(conversation_id: string, owner: string, _about: string, action_id?: string): void {
    const revision = this.talks.get(conversation_id)?.talk.revision ?? 0;
    for (const stream of [`inbox:${owner}`, "desk"])
      this.append(stream, { kind: "conversation-changed", entity_id: conversation_id, revision, ...(action_id === undefined ? {} : { action_id }) });
  }

  private append(name: string, entry: object): Position {
    const stream = this.streams.get(name) ?? { epoch: 1, rows: [] };
    this.streams.set(name, stream);
    stream.rows.push(entry as Entry);
    return { stream: name, epoch: stream.epoch, pos: stream.rows.length };
  }

  mayRead(account: string, name: string): boolean {
    if (name === "desk") return this.officers.has(account);
    if (name.startsWith("inbox:")) return name === `inbox:${account}`;
    const known = this.talks.get(name.slice("conversation:".length));
    return known !== undefined && (this.officers.has(account) || known.owner === account);
  }

  private pull(who: Device, pull: { device_id: string; limit: number; streams: Record<string, { epoch?: number; pos?: number; tail?: number; before?: number }> }): Answer {
    if (pull.device_id !== who.device) return no(409, "envelope-mismatch");
    const streams: Record<string, unknown> = {};
    const gone: string[] = [];
    for (const [name, cursor] of Object.entries(pull.streams)) {
      if (!this.mayRead(who.account, name)) {
        gone.push(name);
        continue;
      }
      const { epoch, rows } = this.streams.get(name) ?? { epoch: 1, rows: [] };
      const head = rows.length;
      const known = cursor.tail === undefined && cursor.epoch === epoch && cursor.pos !== undefined && cursor.pos <= head;
      const after = known ? (cursor.pos ?? 0) : Math.max(0, head - 200);
      const page = rows.slice(after, known ? after + PAGE : undefined);
      const last = after + page.length;
      streams[name] = { epoch, head, more: last < head, reset: !known, from: after + 1, events: page.map((row, i) => this.event(row, after + 1 + i)) };
    }
    return yes({ server_time: NOW, streams, gone, min_supported: {} });
  }

  private event(row: Entry, pos: number): unknown {
    const talk = this.talks.get(row.entity_id)?.talk;
    const report = this.reports.get(row.entity_id)?.report;
    const message = this.messages.get(row.entity_id);
    return {
      ...row,
      pos,
      v: 1,
      by: "youth",
      at: NOW,
      ...(row.kind === "message-created" && message ? { message: { ...message } } : {}),
      ...(row.kind === "conversation-changed" && talk ? { conversation: { ...talk } } : {}),
      ...(row.kind === "report-changed" && report ? { report } : {}),
    };
  }

  private file(who: Device, path: string, body: { file_id: string; report_id: string; size: number }, init: RequestInit): Answer {
    const id = path.split("/")[4] ?? body.file_id;
    if (path.endsWith("/files")) {
      const report = this.reports.get(body.report_id);
      if (!report || report.owner !== who.account) return no(404, "not-found");
      if (!this.files.has(id)) this.files.set(id, { size: body.size, bytes: [], owner: who.account });
    }
    const file = this.files.get(id);
    if (!file || file.owner !== who.account) return no(404, "not-found");
    if (init.method === "PATCH") {
      const offset = Number((init.headers as Record<string, string>)["upload-offset"]);
      if (offset !== file.bytes.length) return no(409, "file-offset", { offset: file.bytes.length });
      // It takes what has come, which may be less than was sent.
      const bytes = [...new Uint8Array(init.body as ArrayBuffer)];
      file.bytes.push(...bytes.slice(0, Math.max(1, Math.ceil(bytes.length / 2))));
    }
    return yes({ file_id: id, offset: file.bytes.length, complete: file.bytes.length === file.size });
  }
}

const FATES = ["lost", "reply-lost", "cut", "half", "twice", "late", "portal", "portal-json", "gateway", "unavailable", "fault", "fault-after", "too-many", "token-over", "conflict", "mismatch", "missing", "word", "shuffled"] as const;
export type Fate = (typeof FATES)[number] | "well";

/** What lies between a phone and the server. It keeps the browser's cookie, as a browser does. */
export class Network {
  /** 0 to 1: how often something happens to a request. */
  trouble = 0;
  cookie: string | null = null;
  readonly late: (() => void)[] = [];
  readonly seen = new Map<Fate, number>();

  constructor(
    readonly server: ModelServer,
    readonly random: () => number,
  ) {}

  private pick(): Fate {
    const fate = this.random() < this.trouble ? FATES[Math.floor(this.random() * FATES.length)] ?? "well" : "well";
    this.seen.set(fate, (this.seen.get(fate) ?? 0) + 1);
    return fate;
  }

  /** Some turns of others, so that requests overtake each other. */
  private async waits(): Promise<void> {
    for (let turns = Math.floor(this.random() * 12); turns > 0; turns--) await undefined;
  }

  fetch: Fetch = async (path, init = {}) => {
    const push = path.endsWith("/push");
    const identity = path.includes("/identity/");
    let fate = this.pick();
    if (this.late.length > 0 && this.random() < 0.3) this.late.shift()?.();
    await this.waits();
    const cookie = this.cookie;
    const asks = () => this.server.hears(path, init, cookie);
    const ids = push && typeof init.body === "string" ? (JSON.parse(init.body) as { actions: Envelope[] }).actions.map((action) => action.action_id) : [];
    if (identity && (fate === "late" || fate === "twice" || fate === "token-over" || fate === "conflict")) fate = "lost";
    if (path.startsWith("/api/v1/files") && fate === "conflict") fate = "lost";
    if (!push && (fate === "mismatch" || fate === "missing" || fate === "word" || fate === "shuffled")) fate = "reply-lost";
    switch (fate) {
      case "lost":
        throw new TypeError("Failed to fetch");
      case "late":
        this.late.push(() => void asks());
        throw new TypeError("Failed to fetch");
      case "portal":
        return text(200, "<html>Welcome to Café Wifi</html>", "text/html");
      case "portal-json":
        return text(200, '{"login":"http://cafe.example/"}', "application/json");
      case "gateway":
        return text(502, "<html>Bad gateway</html>", "text/html");
      case "unavailable":
        return problem(503, "unavailable", { retry_after_ms: 3000 });
      case "too-many":
        return problem(429, "rate-limited", { retry_after_ms: 20_000 });
      case "token-over":
        this.server.tokens.clear();
        return problem(401, "token-expired");
      case "conflict":
        return problem(409, "conflict");
      case "mismatch":
        return problem(409, "envelope-mismatch");
      case "fault":
        for (const id of ids) this.server.fault(id);
        return problem(500, "internal");
    }
    const answer = asks();
    if (fate === "twice") asks();
    await this.waits();
    if (fate === "reply-lost") throw new TypeError("Failed to fetch");
    if (fate === "fault-after") {
      for (const id of ids) this.server.fault(id);
      return problem(500, "internal");
    }
    if (answer.cookie !== undefined) this.cookie = answer.cookie;
    const { results } = (answer.body ?? {}) as { results?: ActionResult[] };
    if (results && results.length > 0) {
      const at = Math.floor(this.random() * results.length);
      const one = results[at];
      if (fate === "missing") {
        results.splice(at, 1);
        if (one?.action_id !== undefined) this.server.fault(one.action_id);
      }
      if (fate === "word" && one) results[at] = { action_id: one.action_id, outcome: "pondered" } as unknown as ActionResult;
      if (fate === "shuffled") results.reverse();
    }
    const body = JSON.stringify(answer.body);
    const type = answer.status < 400 ? "application/json" : "application/problem+json";
    if (fate === "half") return text(answer.status, body.slice(0, Math.floor(body.length * this.random())), type);
    return text(answer.status, body, type, fate === "cut");
  };
}

const problem = (status: number, kind: string, more: object = {}): Response => text(status, JSON.stringify({ ...told(status, kind), ...more }), "application/problem+json");

/** Only what `call` reads of an answer: a real one costs more than all the rest of a trace. */
function text(status: number, body: string, type: string, cut = false): Response {
  const headers = { get: (name: string) => (name === "content-type" ? type : null) };
  const read = async () => {
    if (cut) throw new TypeError("terminated");
    return body;
  };
  return { status, ok: status >= 200 && status < 300, headers, text: read } as unknown as Response;
}
