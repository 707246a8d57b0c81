import { Problem, Unreached } from "../api/problem";
import type { ActionResult, ProblemBody, Pushed } from "../api/wire";
import { getKept, kept, putKept, type Core, type Door } from "./core";
import { hasNews, hasWaited, NEWS, WAITED_MS } from "./held";
import { filesMayGo, settle } from "./outbox";
import { readOn } from "./pull";
import type { Tx } from "./db";
import type { OutboxRow, Self } from "./rows";
import { utf8 } from "./seal";
import { api, SignedOut } from "./session";

const MOST = 100;
const MOST_BYTES = 256 * 1024;
/** Room for the fields around the actions. */
const ROUND = 1024;
const HOUR = 3_600_000;
const SUSPECT = 5;
const HOPELESS = 20;

/** empty: nothing waits. later: something waits until `at`. paused: a person or an update has to act first. */
export type Drained =
  | { state: "empty" }
  | { state: "later"; at: number }
  | { state: "paused"; why: "signed-out" | "refused" | "outdated"; kind: string };

export interface Pace {
  /** Failures in a row; a trigger that may mean a new network sets it to 0. */
  failures: number;
  /** Not before, after a failure. */
  at: number;
}

/** Full jitter: phones that lost the same network do not come back in step. Asked to wait longer than an hour, one asks again then. */
export function backoff(random: number, failures: number, retryAfterMs = 0): number {
  return Math.min(HOUR, Math.max(retryAfterMs, random * Math.min(300_000, 2000 * 2 ** Math.min(failures, 20))));
}

const signedOut: Drained = { state: "paused", why: "signed-out", kind: "session-ended" };
/** A person has to decide about it. */
const stands = (tx: Tx, row: OutboxRow, problem_kind: string, more: Pick<OutboxRow, "refused_until" | "refused_field"> = {}): Promise<void> =>
  tx.put("outbox", { ...row, state: "attention", problem_kind, ...more });
/** Until when it is refused, and where it was not right. */
function whyOf({ until, retry_after_ms, fields }: Partial<ProblemBody>, now: number): Pick<OutboxRow, "refused_until" | "refused_field"> {
  const end = until ?? (retry_after_ms === undefined ? undefined : new Date(now + retry_after_ms).toISOString());
  const field = fields?.[0]?.field;
  return { ...(end === undefined ? {} : { refused_until: end }), ...(field === undefined ? {} : { refused_field: field }) };
}
const isReport = (row: OutboxRow): boolean => row.kind === "report-submit";

/** Nothing is put off for more than an hour: what seems to be was put off by a clock that stood wrong, and may go. */
const ahead = (at: number, now: number): boolean => at > now && at <= now + HOUR;

/** Sends what waits, lane by lane, until nothing more may go now. */
export async function drain(core: Core, pace: Pace): Promise<Drained> {
  return core.alone("natpatrull-outbox", async () => {
    let fresh = true;
    const looked = new Set<string>();
    for (;;) {
      const self = await kept(core, "self");
      if (!self) return { state: "empty" };
      const rows = await waiting(core, self);
      if (rows.length === 0) return { state: "empty" };
      // Without a session reports go all the same; all else waits for somebody to sign in.
      const left = self.ended && rows.some(isReport) ? await core.delivery(core, self) : null;
      if (self.ended && !left) return signedOut;
      if (ahead(pace.at, core.now())) return { state: "later", at: pace.at };
      // Before an answer that has waited goes, its talk is read, and what came stands on the screen first.
      const talks = rows.filter((row) => hasWaited(row, core.now()) && !looked.has(row.lane)).map((row) => row.lane);
      if (talks.length > 0) {
        try {
          await readOn(core, talks.map((lane) => lane.slice("conversation:".length)));
          for (const lane of talks) looked.add(lane);
        } catch (error) {
          // One talk that the server cannot give does not hold up the others.
          if (!(error instanceof Problem && error.status >= 500)) return failed(core, pace, [], error) as Promise<Drained>;
        }
      }
      const { batch, wakeAt } = await choose(core, self, fresh, looked);
      fresh = false;
      if (batch.length === 0) {
        core.changed();
        return wakeAt !== null ? { state: "later", at: wakeAt } : self.ended ? signedOut : { state: "empty" };
      }
      const stop = await send(core, pace, self, batch, left);
      // The session may have ended with this very push: then what may go without one does.
      if (stop && (self.ended || !(await kept(core, "self"))?.ended)) return stop;
    }
  });
}

const waiting = async (core: Core, self: Self): Promise<OutboxRow[]> =>
  (await core.db.read(["outbox"], (tx) => tx.all("outbox"))).filter(
    (row) => row.account_id === self.account_id && (row.state === "queued" || row.state === "sending"),
  );

/** A person wants it sent now: what waits only by our own clock waits no longer. */
export async function hurry(core: Core): Promise<void> {
  await core.db.write(["outbox", "kept"], async (tx) => {
    const self = await getKept(tx, "self");
    for (const row of await tx.all("outbox")) {
      if (row.account_id !== self?.account_id || row.not_before === undefined || row.faults >= SUSPECT) continue;
      const { not_before: _over, ...now } = row;
      await tx.put("outbox", now);
    }
  });
}

const rank = (row: OutboxRow): number => (row.lane.startsWith("report:") ? 0 : row.lane.startsWith("conversation:") ? 1 : 2);
/** `fields`, and one more whose JSON is spliced in as the text that it is. */
const withText = (fields: object, name: string, json: string): string => `${JSON.stringify(fields).slice(0, -1)},"${name}":${json}}`;
/** The body stands as it was stored: the same bytes on every attempt. */
export const envelope = ({ action_id, lane, kind, v, after, recorded_at, attempt, body }: OutboxRow): string =>
  withText({ action_id, lane, kind, v, after, recorded_at, attempt: attempt - 1 }, "body", body);
const size = (row: OutboxRow): number => utf8(envelope(row)).length + 1;

/** The next batch, marked as on its way. What another account left here is neither sent nor touched. */
async function choose(core: Core, self: Self, fresh: boolean, looked: Set<string>): Promise<{ batch: OutboxRow[]; wakeAt: number | null }> {
  const now = core.now();
  return core.db.write(["outbox", "kept", "conversations", "messages"], async (tx) => {
    const own = (await tx.all("outbox")).filter((row) => row.account_id === self.account_id);
    const through = (await getKept(tx, "through")) ?? 0;
    const suspect = (row: OutboxRow) => row.faults >= SUSPECT && through > (row.faults_from ?? Infinity);
    const held = new Set<string>();
    const stuck = new Set(own.filter((row) => row.state === "attention").map((row) => row.action_id));
    const open = new Set(own.filter((row) => row.state !== "attention" && row.state !== "sent").map((row) => row.action_id));
    const free: OutboxRow[] = [];
    const asks = new Set<string>();
    let wakeAt: number | null = null;
    for (const row of own) {
      if (row.state === "attention" || row.state === "sent" || (self.ended && !isReport(row))) continue;
      // Found on its way at the start: the last run died, so it is tried again.
      if (row.state === "sending" && !fresh) {
        held.add(row.lane);
        continue;
      }
      if (row.after.some((id) => stuck.has(id))) {
        stuck.add(row.action_id);
        await stands(tx, row, "dependency-refused");
        continue;
      }
      if (held.has(row.lane)) continue;
      if (row.not_before !== undefined && ahead(row.not_before, now)) {
        // One that only ever fails must not silence a whole talk; the others wait their turn.
        if (!suspect(row)) held.add(row.lane);
        wakeAt = Math.min(wakeAt ?? Infinity, row.not_before);
        continue;
      }
      if (row.after.some((id) => open.has(id) && !free.some((before) => before.action_id === id))) {
        held.add(row.lane);
        continue;
      }
      const waited = hasWaited(row, now);
      if (waited && !looked.has(row.lane)) {
        held.add(row.lane);
        wakeAt = Math.min(wakeAt ?? Infinity, now + WAITED_MS);
        continue;
      }
      // What was written after an answer that stands does not overtake it.
      if ((waited || asks.has(row.lane)) && (await hasNews(tx, row))) {
        asks.add(row.lane);
        stuck.add(row.action_id);
        await stands(tx, row, NEWS);
        continue;
      }
      free.push(row);
    }
    const batch: OutboxRow[] = [];
    // A lane keeps its order: what stands behind a lonely one of its lane waits for it.
    const behind = new Set<string>();
    const together: OutboxRow[] = [];
    let lonely: OutboxRow | undefined;
    for (const row of free) {
      if (suspect(row) || behind.has(row.lane)) continue;
      if (!row.alone) together.push(row);
      else {
        behind.add(row.lane);
        if (!together.some((ahead) => ahead.lane === row.lane)) lonely ??= row;
      }
    }
    let bytes = ROUND;
    for (const row of together.sort((a, b) => rank(a) - rank(b))) {
      const more = size(row);
      if (batch.length > 0 && (batch.length >= MOST || bytes + more > MOST_BYTES)) break;
      batch.push(row);
      bytes += more;
    }
    const single = lonely ?? free.find(suspect);
    if (batch.length === 0 && single) batch.push(single);
    const marked = batch.map((row): OutboxRow => ({ ...row, state: "sending", attempt: row.attempt + 1 }));
    for (const row of marked) await tx.put("outbox", row);
    return { batch: marked, wakeAt };
  });
}

async function send(core: Core, pace: Pace, self: Self, batch: OutboxRow[], left: Door | null): Promise<Drained | null> {
  const { device_id, account_id } = self;
  const body = withText({ device_id, account_id, envelope: 1, app_version: core.version }, "actions", `[${batch.map(envelope).join(",")}]`);
  let answer: Pushed;
  try {
    answer = await (left ?? api)<Pushed>(core, `/api/v1/sync/${left ? "deliver" : "push"}`, { method: "POST", body });
    if (!Array.isArray(answer?.results)) throw new Unreached();
  } catch (error) {
    return failed(core, pace, batch, error);
  }
  pace.failures = 0;
  pace.at = 0;
  await apply(core, batch, answer, left !== null);
  return null;
}

async function apply(core: Core, batch: OutboxRow[], answer: Pushed, delivered: boolean): Promise<void> {
  const results = new Map<string, ActionResult>();
  answer.results.forEach((result, i) => results.set(result.action_id ?? batch[i]?.action_id ?? "", result));
  const now = core.now();
  const decided = (result: ActionResult | undefined) => result !== undefined && /^(applied|duplicate|refused)$/.test(result.outcome);
  const others = batch.some((row) => decided(results.get(row.action_id)));
  await core.db.write(["outbox", "files", "cursors", "kept"], async (tx) => {
    const through = (await getKept(tx, "through")) ?? 0;
    if (others) await putKept(tx, "through", through + 1);
    for (const sent of batch) {
      // The journal may have brought it, or a person may have taken it back, while the answer was on its way.
      const row = sent.seq === undefined ? undefined : await tx.get("outbox", sent.seq);
      if (!row || row.state === "attention") continue;
      const result = results.get(row.action_id);
      // A server that does not know it is older than this app; while one version takes over from another, the next try meets the newer.
      const unknown = /^unknown-/.test(result?.problem?.kind ?? "");
      const outcome = unknown ? "retry" : result?.outcome === "duplicate" ? (result.original ?? "applied") : result?.outcome;
      const queue = (not_before?: number) => tx.put("outbox", { ...row, state: "queued", ...(not_before === undefined ? {} : { not_before }) });
      if (outcome === "applied") {
        if (delivered) await putKept(tx, "delivered", [...((await getKept(tx, "delivered")) ?? []), row.lane.slice("report:".length)]);
        const at = result?.at;
        const cursor = at && (await tx.get("cursors", at.stream));
        if (!at || (cursor && cursor.epoch === at.epoch && cursor.pos >= at.pos)) await settle(tx, row);
        else {
          await filesMayGo(tx, row);
          await tx.put("outbox", { ...row, state: "sent", at });
        }
      } else if (outcome === "refused") {
        // A reading mark holds nobody's words; there is nothing to decide about it.
        await (row.kind === "conversation-read" ? settle(tx, row) : stands(tx, row, result?.problem?.kind ?? "other", whyOf(result?.problem ?? {}, now)));
      } else if (outcome === "blocked") {
        // It stands behind one that is sent again. A server that says so without one must not be asked in a loop.
        const behind = batch.some((ahead) => ahead.lane === row.lane && results.get(ahead.action_id)?.outcome === "retry");
        await queue(behind ? undefined : now + backoff(core.random(), row.attempt, 1000));
      } else if (outcome === "retry" && result?.problem?.kind === "rate-limited") {
        // Too many at once, not a fault of this one: it waits as long as it is told.
        await queue(now + backoff(core.random(), 0, result.retry_after_ms ?? 60_000));
      } else if (outcome === "retry" || outcome === undefined) {
        const proven = unknown || others || through > (row.faults_from ?? Infinity);
        await tx.put("outbox", faulted(row, proven, through, now, backoff(core.random(), row.attempt, result?.retry_after_ms)));
      } else {
        // A word of a newer server: it is neither yes nor no, so it waits.
        await queue(now + HOUR);
      }
    }
  });
  core.changed();
}

/**
 * Counts a fault. Only when others got through meanwhile is the action itself the likely cause; then it is tried
 * hourly, and at last shown to its writer. A server that is down for days counts against nobody.
 */
function faulted(row: OutboxRow, proven: boolean, through: number, now: number, wait: number): OutboxRow {
  const faults = proven || row.faults < SUSPECT ? row.faults + 1 : row.faults;
  const since = { faults, faults_from: row.faults_from ?? through };
  if (proven && faults >= HOPELESS) return { ...row, ...since, state: "attention", problem_kind: "internal" };
  return { ...row, ...since, state: "queued", not_before: now + (proven && faults >= SUSPECT ? HOUR : wait) };
}

async function failed(core: Core, pace: Pace, batch: OutboxRow[], error: unknown): Promise<Drained | null> {
  if (error instanceof SignedOut) return release(core, batch, signedOut);
  if (error instanceof Problem) {
    const { status, kind } = error;
    const why = status === 426 ? "outdated" : status === 401 ? "signed-out" : status === 403 || kind === "envelope-mismatch" ? "refused" : null;
    if (why) return release(core, batch, { state: "paused", why, kind });
    if (batch.length > 0 && [400, 413, 415, 422].includes(status)) {
      return release(core, batch, null, (row) => (batch.length > 1 ? { ...row, alone: true } : { ...row, state: "attention", problem_kind: kind }));
    }
    if (status === 500) {
      // Several: one of them may be what the server stumbles over, so they go one by one.
      const now = core.now();
      const through = (await kept(core, "through")) ?? 0;
      await release(core, batch, null, (row) => {
        if (batch.length > 1) return { ...row, alone: true };
        return { ...faulted(row, through > (row.faults_from ?? Infinity), through, now, backoff(core.random(), row.attempt)), alone: true };
      });
    }
  } else if (!(error instanceof Unreached)) {
    await release(core, batch, null);
    throw error;
  }
  const retryAfter = error instanceof Problem || error instanceof Unreached ? error.retryAfterMs : 0;
  pace.at = core.now() + backoff(core.random(), pace.failures, retryAfter);
  pace.failures += 1;
  return release(core, batch, { state: "later", at: pace.at });
}

async function release<T extends Drained | null>(core: Core, batch: OutboxRow[], then: T, change: (row: OutboxRow) => OutboxRow = (row) => row): Promise<T> {
  await core.db.write(["outbox"], async (tx) => {
    for (const sent of batch) {
      const row = sent.seq === undefined ? undefined : await tx.get("outbox", sent.seq);
      if (row?.state === "sending") await tx.put("outbox", change({ ...row, state: "queued" }));
    }
  });
  core.changed();
  return then;
}
