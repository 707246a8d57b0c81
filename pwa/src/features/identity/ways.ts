import { call } from "../../api/client";
import { Problem } from "../../api/problem";
import type { Puzzle, SessionBody } from "../../api/wire";
import { mint, putCapability } from "../../sync/capability";
import { getKept, keep, putKept } from "../../sync/core";
import { kick } from "../../sync/engine";
import { base64url, digits, uuidV4 } from "../../sync/ids";
import { pageCore, pageLocale, refresh } from "../../sync/mirror";
import { markSeen } from "../../sync/pull";
import type { Self } from "../../sync/rows";
import { become, signedInAs, SWITCH_STORES } from "../../sync/become";
import { api, COOKIE_TURN, reach } from "../../sync/session";
import { solve } from "./puzzle";
import { creationOptions, credentialJson, requestOptions } from "./webauthn";

/** Ways in and out that the first screen does not need; they come as a part of their own. */
const BASE = "/api/v1/identity";

async function post<T>(path: string, body: object, timeoutMs?: number): Promise<T> {
  const core = await pageCore();
  return reach(core, () => call<T>(core.fetch, `${BASE}${path}`, { method: "POST", body, ...(timeoutMs === undefined ? {} : { timeoutMs }) }));
}

async function enter(session: SessionBody, extra: Partial<Self>): Promise<void> {
  const core = await pageCore();
  if (session.role !== "youth") await keep(core, "touched_at", core.now());
  await signedInAs(core, session, extra, pageLocale());
  await refresh();
  void kick("start");
}

/** In turn with whoever leaves this phone, so that the answer to her does not end this session. */
async function signIn(path: string, body: object, extra: Partial<Self> = {}, { stop, timeoutMs }: { stop?: AbortSignal; timeoutMs?: number } = {}): Promise<void> {
  const core = await pageCore();
  await core.alone(COOKIE_TURN, async () => {
    const session = await post<SessionBody>(path, body, timeoutMs);
    // Who has left the page meanwhile keeps what stands here.
    stop?.throwIfAborted();
    await enter(session, extra);
  });
}

/** The code of an account that was set aside here, perhaps before the server knew it, needs no server. */
async function returned(code: string): Promise<boolean> {
  const core = await pageCore();
  const found = await core.db.write(SWITCH_STORES, async (tx) => {
    const back = (await getKept(tx, "aside"))?.find(({ self }) => (self.code === code || self.next_code === code) && !self.ended);
    if (back) await become(tx, { ...back.self, code_state: "confirmed" });
    return back !== undefined;
  });
  if (!found) return false;
  core.session = null;
  core.changed();
  await refresh();
  void kick("start");
  return true;
}

export async function openWithCode(code: string, onProgress: (share: number) => void, stop: AbortSignal): Promise<void> {
  const core = await pageCore();
  if (await returned(code)) return;
  const device_id = uuidV4(core.fill);
  const secret = base64url(core.fill(new Uint8Array(32)));
  const rest = async () => {
    await new Promise((go) => setTimeout(go));
    stop.throwIfAborted();
  };
  for (let left = 3; ; left--) {
    const { puzzle_id, salt, bits } = await post<Puzzle>("/puzzles", {});
    const answer = await solve(salt, bits, onProgress, () => performance.now(), rest);
    try {
      // Hashing the code takes the server a while, and it does two at once.
      const body = { code, device_id, secret, puzzle_id, answer };
      return await signIn("/code/open", body, { secret, code, code_state: "confirmed" }, { stop, timeoutMs: 60_000 });
    } catch (error) {
      // The puzzle has grown or run out while it was solved.
      if (left === 0 || !(error instanceof Problem) || error.status !== 428) throw error;
    }
  }
}

/** Works out what her account owes, while she waits. */
export async function prove(bits: number): Promise<void> {
  const { puzzle_id, salt, bits: asked } = await post<Puzzle>(`/puzzles?bits=${bits}`, {});
  const rest = () => new Promise<void>((go) => setTimeout(go));
  const answer = await solve(salt, asked, () => undefined, () => performance.now(), rest);
  await api(await pageCore(), "/api/v1/chat/proof", { method: "PUT", body: { puzzle_id, answer } });
}

export async function newCode(): Promise<{ other_devices_ended: number }> {
  const core = await pageCore();
  // Kept and shown before it is sent: if the reply is lost, the same code is sent again, and nobody stands with a dead one.
  const code = await core.db.write(["kept"], async (tx) => {
    const self = await getKept(tx, "self");
    if (!self) throw new Problem(401, { kind: "token-missing" });
    if (self.next_code !== undefined) return self.next_code;
    const next = digits(core.fill, 16);
    await putKept(tx, "self", { ...self, next_code: next, code_state: "unseen" });
    return next;
  });
  core.changed();
  // The capabilities end with the old code, and none is made in the middle of it.
  const answer = await core.alone("natpatrull-capability", async () => {
    const answer = await api<{ other_devices_ended: number }>(core, `${BASE}/code`, { method: "PUT", body: { code }, timeoutMs: 60_000 });
    await core.db.write(["kept"], async (tx) => {
      const self = await getKept(tx, "self");
      if (self) await putCapability(tx, self.account_id);
    });
    return answer;
  });
  void mint(core).catch(() => undefined);
  await core.db.write(["kept"], async (tx) => {
    const self = await getKept(tx, "self");
    // Forgotten or another account meanwhile: then this code is nobody's here.
    if (self?.next_code !== code) return;
    const { next_code: _done, ...rest } = self;
    await putKept(tx, "self", { ...rest, code });
    await markSeen(tx);
  });
  core.changed();
  await refresh();
  return answer;
}

interface Ceremony {
  ceremony_id: string;
  options: Record<string, unknown>;
}

interface Invite extends Ceremony {
  role: string;
  public_number: string;
}

const opened = new Map<string, Invite>();

export async function openInvite(token: string): Promise<Invite> {
  const invite = await post<Invite>("/invites/open", { token });
  opened.set(token, invite);
  return invite;
}

export async function acceptInvite(token: string): Promise<void> {
  const core = await pageCore();
  // The browser asks for the passkey only straight after a press, so what was fetched for the screen is used.
  const invite = opened.get(token) ?? (await openInvite(token));
  opened.delete(token);
  const made = await navigator.credentials.create({ publicKey: creationOptions(invite.options) }).catch(refused);
  if (!made) throw new Problem(403, { kind: "passkey-refused" });
  const credential = credentialJson(made as PublicKeyCredential);
  const body = { token, ceremony_id: invite.ceremony_id, device_id: uuidV4(core.fill), credential };
  await signIn("/invites/accept", body);
}

/** Asks for a passkey and what it signs. */
async function shownPasskey(): Promise<{ ceremony_id: string; credential: object }> {
  const { ceremony_id, options } = await post<Ceremony>("/passkeys/challenge", {});
  const shown = await navigator.credentials.get({ publicKey: requestOptions(options) }).catch(refused);
  if (!shown) throw new Problem(403, { kind: "passkey-refused" });
  return { ceremony_id, credential: credentialJson(shown as PublicKeyCredential) };
}

export async function passkeySignIn(): Promise<void> {
  const { fill } = await pageCore();
  await signIn("/passkeys/sign-in", { ...(await shownPasskey()), device_id: uuidV4(fill) });
}

export async function touchPasskey(): Promise<void> {
  const core = await pageCore();
  core.session = await api<SessionBody>(core, `${BASE}/passkeys/touch`, { method: "POST", body: await shownPasskey() });
}

export async function demoSignIn(public_number: string): Promise<void> {
  const core = await pageCore();
  await signIn("/demo/sign-in", { public_number, device_id: uuidV4(core.fill) });
}

/** The browser's own no, or the person's: the screens know one kind for both. */
function refused(): never {
  throw new Problem(403, { kind: "passkey-refused" });
}
