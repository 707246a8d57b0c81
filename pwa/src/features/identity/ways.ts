import { call } from "../../api/client";
import { Problem } from "../../api/problem";
import type { Puzzle, SessionBody } from "../../api/wire";
import { getKept, putKept } from "../../sync/core";
import { kick } from "../../sync/engine";
import { base64url, digits, uuidV4 } from "../../sync/ids";
import { pageCore, pageLocale, refresh } from "../../sync/mirror";
import { forgetFile } from "../../sync/outbox";
import { markSeen } from "../../sync/pull";
import type { Self } from "../../sync/rows";
import { api, become, reach, signedInAs, SWITCH_STORES } from "../../sync/session";
import { solve } from "./puzzle";
import { creationOptions, credentialJson, requestOptions } from "./webauthn";

/** Ways in and out that the first screen does not need; they come as a part of their own. */
const BASE = "/api/v1/identity";

async function post<T>(path: string, body: object, timeoutMs?: number): Promise<T> {
  const core = await pageCore();
  return reach(core, () => call<T>(core.fetch, `${BASE}${path}`, { method: "POST", body, ...(timeoutMs === undefined ? {} : { timeoutMs }) }));
}

async function enter(session: SessionBody, extra: Partial<Self>): Promise<void> {
  await signedInAs(await pageCore(), session, extra, pageLocale());
  await refresh();
  void kick("start");
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
      const session = await post<SessionBody>("/code/open", body, 60_000);
      // Who has left the page meanwhile keeps what stands here.
      stop.throwIfAborted();
      return await enter(session, { secret, code, code_state: "confirmed" });
    } catch (error) {
      // The puzzle has grown or run out while it was solved.
      if (left === 0 || !(error instanceof Problem) || error.status !== 428) throw error;
    }
  }
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
  const answer = await api<{ other_devices_ended: number }>(core, `${BASE}/code`, { method: "PUT", body: { code }, timeoutMs: 60_000 });
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

/** `everything`: drafts, pictures and unsent words of this account go as well. */
export async function leave(everything: boolean): Promise<void> {
  const core = await pageCore();
  const { disable } = await import("../push/actions");
  await disable().catch(() => undefined);
  // The server is told if it can be; the phone is emptied in any case.
  await api(core, `${BASE}/sign-out`, { method: "POST", timeoutMs: 5000 }).catch(() => undefined);
  core.session = null;
  await core.db.write(["kept", "outbox", "files", "chunks", "drafts", "cursors", "conversations", "messages", "reports", "raw"], async (tx) => {
    const self = await getKept(tx, "self");
    for (const store of ["cursors", "conversations", "messages", "reports", "raw"] as const) await tx.clear(store);
    await tx.del("kept", "self");
    await tx.del("kept", "push");
    await tx.del("kept", "device_added");
    await tx.del("kept", "stood");
    if (!everything) return;
    // Youths that gave way here go as well, with their codes; an officer's answers are not a youth's to throw away.
    const aside = (await getKept(tx, "aside")) ?? [];
    const stay = aside.filter((one) => one.self.role !== "youth");
    await putKept(tx, "aside", stay);
    const gone = new Set([self, ...aside.filter((one) => !stay.includes(one)).map((one) => one.self)].map((one) => one?.account_id));
    for (const { report_id, account_id } of await tx.all("drafts")) if (account_id === undefined || gone.has(account_id)) await tx.del("drafts", report_id);
    const drafts = await tx.all("drafts");
    for (const file of await tx.all("files"))
      if (gone.has(file.account_id) || (file.state === "draft" && !drafts.some((draft) => draft.file_id === file.file_id))) await forgetFile(tx, file.file_id);
    // By key: what somebody else left waiting here stays its own.
    for (const row of await tx.all("outbox")) if (gone.has(row.account_id) && row.seq !== undefined) await tx.del("outbox", row.seq);
    // What a browser has not swept from its files yet does not open either.
    if (drafts.length === 0 && (await tx.all("outbox")).length === 0) await tx.del("kept", "seal");
  });
  core.changed();
  await refresh();
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
  await enter(await post<SessionBody>("/invites/accept", body), {});
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
  await enter(await post<SessionBody>("/passkeys/sign-in", { ...(await shownPasskey()), device_id: uuidV4(fill) }), {});
}

export async function touchPasskey(): Promise<void> {
  const core = await pageCore();
  core.session = await api<SessionBody>(core, `${BASE}/passkeys/touch`, { method: "POST", body: await shownPasskey() });
}

export async function demoSignIn(public_number: string): Promise<void> {
  const core = await pageCore();
  await enter(await post<SessionBody>("/demo/sign-in", { public_number, device_id: uuidV4(core.fill) }), {});
}

/** The browser's own no, or the person's: the screens know one kind for both. */
function refused(): never {
  throw new Problem(403, { kind: "passkey-refused" });
}
