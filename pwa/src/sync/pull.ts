import { Unreached } from "../api/problem";
import type { Conversation, Message, Pulled, Report, Role, SendMessage, StreamEvent, StreamPart, SubmitReport } from "../api/wire";
import { getKept, kept, putKept, type Core } from "./core";
import type { StoreName, Tx } from "./db";
import { NEWS } from "./held";
import { forgetFile, settle } from "./outbox";
import type { CursorRow, Self } from "./rows";
import { api } from "./session";

const WINDOW = 200;
const MOST_STREAMS = 50;
const STORES: StoreName[] = ["kept", "cursors", "conversations", "messages", "reports", "raw", "outbox", "files", "chunks"];
/** Changed talks of a youth that are fetched although they are not on the screen, so that they can be read offline. */
const AHEAD = 10;

export const homeStream = (self: Self): string => (self.role === "youth" ? `inbox:${self.account_id}` : "desk");

const idOf = (stream: string): string => stream.slice("conversation:".length);

/** The two sides of a talk. Evaluators and administrators read nothing of it, and are not to ask. */
export const takesPart = ({ role }: { role: Role }): boolean => role === "youth" || role === "officer" || role === "lead";

/** Reads on from where each stream was left, and the lists when they are due. `open`: the talks on the screen. */
export async function pull(core: Core, open: Iterable<string>): Promise<void> {
  const self = await readOn(core, open);
  if (self && (await kept(core, "lists_due"))) await readLists(core, self);
}

/** The streams alone: what a page reads of the lists, no worker needs. Gives whose they are, if anybody's. */
export async function readOn(core: Core, open: Iterable<string>): Promise<Self | null> {
  const self = await kept(core, "self");
  if (!self || self.ended || !takesPart(self)) return null;
  const asked = new Set([homeStream(self), ...[...open].map((id) => `conversation:${id}`)]);
  await round(core, self, asked);
  // The home stream has told of talks that have grown, and sent actions wait to be seen in theirs.
  const more = (await behind(core, self)).filter((stream) => !asked.has(stream));
  if (more.length > 0) await round(core, self, new Set(more));
  return self;
}

async function behind(core: Core, self: Self): Promise<string[]> {
  return core.db.read(["conversations", "cursors", "outbox"], async (tx) => {
    const cursors = new Map((await tx.all("cursors")).map((row) => [row.stream, row.pos]));
    const grown =
      self.role === "youth"
        ? (await tx.all("conversations"))
            .filter((talk) => talk.head > (cursors.get(`conversation:${talk.conversation_id}`) ?? 0))
            .sort((a, b) => b.last_at.localeCompare(a.last_at))
            .slice(0, AHEAD)
            .map((talk) => `conversation:${talk.conversation_id}`)
        : [];
    const sent = (await tx.all("outbox"))
      .filter((row) => row.state === "sent" && row.account_id === self.account_id)
      .map((row) => row.at?.stream)
      .filter((stream) => stream !== undefined);
    return [...new Set([...grown, ...sent])];
  });
}

async function round(core: Core, self: Self, streams: Set<string>): Promise<void> {
  let left = [...streams];
  while (left.length > 0) {
    const now = left.slice(0, MOST_STREAMS);
    const { cursors, landed, asked } = await core.db.read(["kept", "cursors", "outbox"], async (tx) => {
      const rows = new Map<string, CursorRow | undefined>();
      for (const stream of now) rows.set(stream, await tx.get("cursors", stream));
      const sent = (await tx.all("outbox")).filter((row) => row.state === "sent").map((row) => row.action_id);
      return { cursors: rows, landed: new Set(sent), asked: await erasures(tx) };
    });
    const answer = await api<Pulled>(core, "/api/v1/sync/pull", {
      method: "POST",
      body: {
        device_id: self.device_id,
        envelope: 1,
        limit: WINDOW,
        streams: Object.fromEntries([...cursors].map(([stream, at]) => [stream, at ? { epoch: at.epoch, pos: at.pos } : { tail: WINDOW }])),
      },
    });
    if (!answer?.streams) throw new Unreached();
    const more = await take(core, self, answer, landed, asked, cursors);
    left = [...(more ?? now), ...left.slice(MOST_STREAMS)];
  }
}

/** How many erasures have come here. More than when something was asked: its answer may be the older news, and would bring back what went. */
export const erasures = async (tx: Tx): Promise<number> => (await getKept(tx, "erasures")) ?? 0;

/** While an answer was on its way somebody else may have signed in, or the phone been emptied: then it is nobody's. */
export async function still(tx: Tx, self: Self): Promise<boolean> {
  const now = await getKept(tx, "self");
  return now?.account_id === self.account_id && !now.ended;
}

/** Rows and cursor in one transaction: a crash in between neither loses nor repeats anything. Gives what there is more of, or nothing
 *  if the whole has to be asked anew. */
async function take(core: Core, self: Self, answer: Pulled, landed: Set<string>, asked: number, from: Map<string, unknown>): Promise<string[] | null> {
  const more = await core.db.write(STORES, async (tx) => {
    if (!(await still(tx, self))) return [];
    if ((await erasures(tx)) !== asked) return null;
    const unfinished: string[] = [];
    const unsaid: string[] = [];
    for (const [stream, part] of Object.entries(answer.streams ?? {})) {
      const before = await tx.get("cursors", stream);
      // There was no room for it in this answer: it is asked again from where it stands. So is what page or worker has begun to read since
      // this was asked as from nothing, for its answer is the older news.
      if ((part.more && part.events.length === 0) || (before && !from.get(stream))) {
        unsaid.push(stream);
        continue;
      }
      const same = before !== undefined && before.epoch === part.epoch;
      if (part.reset) await begin(tx, stream, self, part);
      const seen = new Set<string>();
      for (const event of part.events) {
        if (event.action_id !== undefined) seen.add(event.action_id);
        await project(tx, stream, event, self);
        // Not this phone itself, and not what happened before it first looked.
        if (event.kind === "device-added" && before && event.entity_id !== self.device_id) await tellOfDevice(tx, event.at);
      }
      const end = part.events.at(-1)?.pos ?? (part.reset ? part.head : (before?.pos ?? part.head));
      // Two pulls at once may answer out of order; a cursor never goes back within an epoch.
      const pos = same && !part.reset ? Math.max(before.pos, end) : end;
      await tx.put("cursors", { stream, epoch: part.epoch, pos });
      await uncover(tx, self, stream, part, pos, seen);
      if (part.more && (before === undefined || part.reset || end > before.pos)) unfinished.push(stream);
    }
    for (const stream of answer.gone ?? []) {
      if (!from.get(stream) && (await tx.get("cursors", stream))) continue;
      const waiting = (await tx.all("outbox")).filter((row) => row.lane === stream && row.account_id === self.account_id && row.state !== "attention");
      // A talk begins with its first message, which may have landed since this was asked: then the answer is the older news.
      if (waiting.some((row) => !landed.has(row.action_id))) continue;
      await forget(tx, stream, self);
      await tx.del("cursors", stream);
      for (const row of await tx.all("outbox"))
        if (row.state === "sent" && row.at?.stream === stream && row.account_id === self.account_id) await settle(tx, row);
      // A talk that only waits on this phone is not known to the server yet; only what was read from it goes.
      if (self.role === "youth") await tx.del("conversations", idOf(stream));
    }
    // A server that says nothing of anything must not hold the phone in a loop.
    return Object.values(answer.streams ?? {}).some((part) => part.events.length > 0) ? [...unfinished, ...unsaid] : unfinished;
  });
  core.changed();
  return more;
}

/** A stream is given anew, and what was read of it goes; but words that the server can no longer open stay, for `put…` to find. */
async function begin(tx: Tx, stream: string, self: Self, part: StreamPart): Promise<void> {
  if (stream !== homeStream(self)) return forget(tx, stream, self, new Set(part.events.filter((event) => event.message?.damaged).map((event) => event.entity_id)));
  const reports = await tx.all("reports");
  const stood = [...(await tx.all("conversations")).map((talk) => talk.conversation_id), ...reports.map((report) => report.report_id)];
  const given = new Set(part.events.map((event) => event.entity_id));
  await forget(tx, stream, self);
  // Any revision that comes is newer than these now.
  for (const report of reports) await tx.put("reports", { ...report, revision: 0 });
  await putKept(tx, "stood", stood.filter((id) => !given.has(id)));
  await putKept(tx, "lists_due", true);
}

async function forget(tx: Tx, stream: string, self: Self, but?: Set<string>): Promise<void> {
  if (stream === homeStream(self)) {
    await tx.clear("conversations");
    await tx.clear("reports");
  } else if (stream.startsWith("conversation:")) {
    for (const message of await tx.where("messages", "conversation_id", idOf(stream)))
      if (!but?.has(message.message_id)) await tx.del("messages", message.message_id);
  }
  for (const row of await tx.where("raw", "stream", stream)) await tx.del("raw", [row.stream, row.pos]);
}

const KNOWN = /^((message|conversation|report|tip|shift|quarter|opening|invite|poster|poll|idea|dialogue|question|post)-changed|message-created|(conversation|report)-erased|device-added)$/;

async function project(tx: Tx, stream: string, event: StreamEvent, self: Self): Promise<void> {
  if (!KNOWN.test(event.kind) || event.v !== 1) return tx.put("raw", { stream, pos: event.pos, event });
  if (event.kind === "conversation-erased" || event.kind === "report-erased") {
    await putKept(tx, "erasures", (await erasures(tx)) + 1);
    return event.kind === "report-erased" ? dropReport(tx, event.entity_id) : dropTalk(tx, event.entity_id, self);
  }
  if (event.message) await putMessage(tx, event.message);
  if (event.conversation) await putTalk(tx, event.conversation);
  if (event.report) await putReport(tx, event.report);
}

/** It was erased. What waits to be sent stays: the server refuses it, and the person hears why. */
async function dropTalk(tx: Tx, conversation_id: string, self: Self): Promise<void> {
  const stream = `conversation:${conversation_id}`;
  await forget(tx, stream, self);
  await tx.del("cursors", stream);
  await tx.del("conversations", conversation_id);
}

async function dropReport(tx: Tx, report_id: string): Promise<void> {
  for (const file of await tx.where("files", "report_id", report_id)) await forgetFile(tx, file.file_id);
  await tx.del("reports", report_id);
}

async function tellOfDevice(tx: Tx, at: string): Promise<void> {
  const known = await getKept(tx, "device_added");
  if (!known || known.at < at) await putKept(tx, "device_added", { at, seen: false });
}

export async function markSeen(tx: Tx): Promise<void> {
  const known = await getKept(tx, "device_added");
  if (known) await putKept(tx, "device_added", { ...known, seen: true });
}

/** Words that the server can no longer open are not lost while this phone has them, as it read or as it wrote them. */
async function putMessage(tx: Tx, message: Message): Promise<void> {
  if (!message.damaged) return tx.put("messages", message);
  const known = await tx.get("messages", message.message_id);
  const [sent] = await tx.where("outbox", "action_id", message.action_id);
  const words = known?.damaged ? undefined : (known ?? (sent && (JSON.parse(sent.body) as SendMessage)));
  await tx.put("messages", words ? { ...message, text: words.text, damaged: false } : message);
}

type Refused = Pick<Report, "erasure_refused_at" | "erasure_refusal">;

/** The same for why the police keep what she asked them to erase. */
const refusal = (known: Refused | undefined, now: Refused): Refused =>
  known?.erasure_refusal !== undefined && known.erasure_refused_at === now.erasure_refused_at ? { erasure_refusal: known.erasure_refusal } : {};

/** Bodies come as they stand now, so an older answer that arrives late must not win. */
export async function putTalk(tx: Tx, talk: Conversation): Promise<void> {
  const known = await tx.get("conversations", talk.conversation_id);
  if (known && (known.revision > talk.revision || known.head > talk.head)) return;
  const here = talk.last_text === "" && (await tx.where("messages", "conversation_id", talk.conversation_id)).find(({ pos }) => pos === talk.head);
  await tx.put("conversations", { ...refusal(known, talk), ...talk, ...(here ? { last_text: here.text.slice(0, 120) } : {}) });
}

export async function putReport(tx: Tx, report: Report): Promise<void> {
  const known = await tx.get("reports", report.report_id);
  if (known && known.revision > report.revision) return;
  const sent = (await tx.all("outbox")).find((row) => row.kind === "report-submit" && row.lane === `report:${report.report_id}`);
  const words = known && !known.damaged ? known : sent && (JSON.parse(sent.body) as SubmitReport);
  if (!report.damaged || !words) return tx.put("reports", report);
  const { what, happened, place } = words;
  await tx.put("reports", { ...refusal(known, report), ...report, what, happened, ...(place === undefined ? {} : { place }), damaged: false });
}

/** What was laid over a stream goes once the stream itself shows it. */
async function uncover(tx: Tx, self: Self, stream: string, part: StreamPart, pos: number, seen: Set<string>): Promise<void> {
  for (const row of await tx.all("outbox")) {
    if (row.account_id !== self.account_id) continue;
    const at = row.state === "sent" ? row.at : undefined;
    const passed = at?.stream === stream && (at.epoch !== part.epoch || at.pos <= pos);
    // The home stream names the message that made a talk grow, and brings no words: until the talk itself was read they stand only here.
    // One that this phone held may have come through after all, by an attempt that was given up.
    const open = row.state !== "attention" || row.problem_kind === NEWS;
    const shown = seen.has(row.action_id) && open && (row.kind !== "message-send" || row.lane === stream);
    if (passed || shown) await settle(tx, row);
  }
}

interface Page<T> {
  items: T[];
  next?: string;
}

/** After a reset: the newest window may not reach back to every talk and report, the lists do. */
async function readLists(core: Core, self: Self): Promise<void> {
  const asked = await core.db.read(["kept"], erasures);
  const talks = await pages<Conversation>(core, "/api/v1/chat/conversations");
  const reports = await pages<Report>(core, "/api/v1/reports");
  const taken = await core.db.write(STORES, async (tx) => {
    if (!(await still(tx, self))) return true;
    if ((await erasures(tx)) !== asked) return false;
    for (const talk of talks) await putTalk(tx, talk);
    for (const report of reports) await putReport(tx, report);
    const listed = new Set([...talks.map((talk) => talk.conversation_id), ...reports.map((report) => report.report_id)]);
    for (const id of (await getKept(tx, "stood")) ?? []) {
      if (listed.has(id)) continue;
      await dropTalk(tx, id, self);
      await dropReport(tx, id);
    }
    await putKept(tx, "stood", []);
    await putKept(tx, "lists_due", false);
    return true;
  });
  if (!taken) return readLists(core, self);
  core.changed();
}

async function pages<T>(core: Core, path: string): Promise<T[]> {
  const all: T[] = [];
  let next: string | undefined;
  for (let page = 0; page < 5; page++) {
    const answer = await api<Page<T>>(core, `${path}?limit=100${next === undefined ? "" : `&next=${encodeURIComponent(next)}`}`);
    if (!Array.isArray(answer?.items)) throw new Unreached();
    all.push(...answer.items);
    if (answer.next === undefined) break;
    next = answer.next;
  }
  return all;
}

/** Older messages than the phone has; false when there are none. */
export async function pullOlder(core: Core, conversation_id: string): Promise<boolean> {
  const self = await kept(core, "self");
  if (!self) return false;
  const stream = `conversation:${conversation_id}`;
  const { known, asked } = await core.db.read(["kept", "messages"], async (tx) => ({
    known: await tx.where("messages", "conversation_id", conversation_id),
    asked: await erasures(tx),
  }));
  const first = Math.min(...known.map((message) => message.pos));
  if (!Number.isFinite(first) || first <= 1) return false;
  const answer = await api<Pulled>(core, "/api/v1/sync/pull", {
    method: "POST",
    body: { device_id: self.device_id, envelope: 1, limit: 50, streams: { [stream]: { before: first } } },
  });
  const events = answer.streams[stream]?.events ?? [];
  // Only the past: the cursor stays where reading on left it.
  const taken = await core.db.write(["kept", "messages", "outbox"], async (tx) => {
    if (!(await still(tx, self))) return true;
    if ((await erasures(tx)) !== asked) return false;
    for (const event of events) if (event.message) await putMessage(tx, event.message);
    return true;
  });
  if (!taken) return pullOlder(core, conversation_id);
  core.changed();
  return events.length > 0;
}
