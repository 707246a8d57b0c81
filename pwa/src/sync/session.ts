import { call, type Ask } from "../api/client";
import { Problem, Unreached } from "../api/problem";
import type { SessionBody } from "../api/wire";
import { forgetRead, getKept, kept, putKept, READ_STORES, type Core } from "./core";
import type { Self } from "./rows";

/** Nobody is signed in here, or the server has ended it: a person has to act. */
export class SignedOut extends Error {
  readonly kind = "session-ended";
  constructor() {
    super("session-ended");
  }
}

const BASE = "/api/v1/identity";
/** Whoever changes the session's cookie does so in turn. */
export const COOKIE_TURN = "natpatrull-refresh";

/** The bearer, fetched when there is none. Clients never judge it by their own clock; a 401 says when it is over. */
export async function bearer(core: Core, stale?: string): Promise<string> {
  return (
    (await current(core, stale)) ??
    core.alone(COOKIE_TURN, async () => (await current(core, stale)) ?? (await renew(core)).access_token)
  );
}

/** The bearer in memory, as long as it is this phone's: another tab may have signed in as somebody else meanwhile. */
async function current(core: Core, stale?: string): Promise<string | null> {
  const { session } = core;
  if (!session || session.access_token === stale) return null;
  const self = await kept(core, "self");
  return self && same(session, self) ? session.access_token : null;
}

const same = (session: SessionBody, self: Self): boolean =>
  session.account_id === self.account_id && session.device_id === self.device_id;

async function renew(core: Core): Promise<SessionBody> {
  const self = await kept(core, "self");
  if (!self || self.ended) throw new SignedOut();
  core.session = null;
  if (self.registered) {
    try {
      const session = await ask(core, "/refresh", { headers: { "x-natpatrull": "refresh" } });
      // A cookie of somebody who used this browser before is not ours to write with.
      if (same(session, self)) return await take(core, self, session);
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw later(error);
      // A youth's phone has its own way back in, so `session-ended` is only final when that is refused too.
    }
  }
  if (self.secret === undefined) return end(core, self);
  try {
    const { account_id, device_id, secret, code, locale } = self;
    return await take(core, self, await ask(core, "/devices", { body: { account_id, device_id, secret, code, locale } }));
  } catch (error) {
    if (error instanceof Problem && (error.status === 401 || error.kind === "registration-conflict")) return end(core, self);
    throw later(error);
  }
}

/** A café's network may answer in JSON too: what is no session neither ends this phone's nor says who its owner is. */
async function ask(core: Core, path: string, ask: Ask): Promise<SessionBody> {
  const session = await call<Partial<SessionBody> | null>(core.fetch, `${BASE}${path}`, { method: "POST", ...ask });
  if (typeof session?.access_token !== "string" || typeof session.account_id !== "string" || typeof session.role !== "string") throw new Unreached();
  return session as SessionBody;
}

/** Getting a session says nothing about what waits to be sent: short of a clear no, it is tried again. */
const later = (error: unknown): unknown => (error instanceof Problem && error.status !== 403 ? new Unreached(error.retryAfterMs) : error);

async function take(core: Core, self: Self, session: SessionBody): Promise<SessionBody> {
  await core.db.write(["kept"], async (tx) => {
    const now = await getKept(tx, "self");
    // Forgotten or opened as another account meanwhile: then this session is nobody's.
    if (!now || now.account_id !== self.account_id || now.device_id !== self.device_id) throw new SignedOut();
    if (!now.registered || now.ended || now.demo !== session.demo || now.role !== session.role)
      await putKept(tx, "self", { ...now, registered: true, ended: false, demo: session.demo, role: session.role });
  });
  core.session = session;
  core.changed();
  return session;
}

async function end(core: Core, self: Self): Promise<never> {
  await core.db.write(["kept", ...READ_STORES], async (tx) => {
    const now = await getKept(tx, "self");
    if (now?.account_id !== self.account_id) return;
    await putKept(tx, "self", { ...now, ended: true });
    // The phone may be lost: what an officer has read is not hers any more. What she wrote waits for her.
    if (now.role !== "youth") await forgetRead(tx);
  });
  core.session = null;
  core.changed();
  throw new SignedOut();
}

/** A request as the signed-in one. A 401 means one refresh and one repeat, never more. */
export async function api<T>(core: Core, path: string, ask: Ask = {}): Promise<T> {
  const first = await bearer(core);
  try {
    return await reach(core, () => call<T>(core.fetch, path, { ...ask, bearer: first }));
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error;
    const second = await bearer(core, first);
    try {
      return await reach(core, () => call<T>(core.fetch, path, { ...ask, bearer: second }));
    } catch (again) {
      if (again instanceof Problem && again.status === 401) throw new SignedOut();
      throw again;
    }
  }
}

/** Tells whether the network carries: an answer of any kind counts, none does not. */
export async function reach<T>(core: Core, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    core.reached(true);
    return result;
  } catch (error) {
    core.reached(error instanceof Problem);
    throw error;
  }
}
