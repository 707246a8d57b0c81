import type { DeviceRow, SessionBody } from "../../api/wire";
import { getKept, putKept } from "../../sync/core";
import { kick } from "../../sync/engine";
import { pageCore, pageLocale, refresh } from "../../sync/mirror";
import { selfOrNew } from "../../sync/outbox";
import { markSeen } from "../../sync/pull";
import type { CodeState } from "../../sync/rows";
import { api, bearer } from "../../sync/session";
import type { Fate } from "./leave";

const ways = () => import("./ways");

/** A youth's account on this phone; it needs no network, and the server hears of it when there is one. */
export async function ensureAccount(): Promise<void> {
  const core = await pageCore();
  await core.db.write(["kept"], async (tx) => {
    await selfOrNew(core, tx, pageLocale());
  });
  await refresh();
  void kick("write");
}

async function setCodeState(next: CodeState): Promise<void> {
  const core = await pageCore();
  await core.db.write(["kept"], async (tx) => {
    const self = await getKept(tx, "self");
    if (self) await putKept(tx, "self", { ...self, code_state: next });
  });
  await refresh();
  core.changed();
}

/** True when the last four digits are right: then it has been written down somewhere. */
export async function confirmCode(last4: string): Promise<boolean> {
  const core = await pageCore();
  const self = await core.db.read(["kept"], (tx) => getKept(tx, "self"));
  if ((self?.next_code ?? self?.code)?.slice(-4) !== last4) return false;
  await setCodeState("confirmed");
  return true;
}

export const putOffCode = (): Promise<void> => setCodeState("put-off");

/** Opens the talks of these 16 digits here. `onProgress` tells 0 to 1 of the work that makes guessing dear; `stop` when nobody waits any more. */
export const openWithCode = async (code: string, onProgress: (share: number) => void, stop: AbortSignal): Promise<void> =>
  (await ways()).openWithCode(code, onProgress, stop);

/** A new code; the old one and all other devices end. */
export const newCode = async (): Promise<{ other_devices_ended: number }> => (await ways()).newCode();

/** Somebody here has seen that another phone opened these talks. */
export async function seenDevice(): Promise<void> {
  const core = await pageCore();
  await core.db.write(["kept"], markSeen);
  await refresh();
  core.changed();
}

/** Leaves this phone: see what becomes of words that are not sent. */
export const leave = async (fate: Fate, unfinished = false): Promise<void> => (await import("./leave")).leave(fate, unfinished);

export const openInvite = async (token: string): Promise<{ role: string; public_number: string }> => (await ways()).openInvite(token);
export const acceptInvite = async (token: string): Promise<void> => (await ways()).acceptInvite(token);
/** A proof of work, asked for when very many write at once. */
export const prove = async (bits: number): Promise<void> => (await ways()).prove(bits);
export const passkeySignIn = async (): Promise<void> => (await ways()).passkeySignIn();
/** The one who is signed in touches the passkey again: what wants that is open for five minutes. */
export const touchPasskey = async (): Promise<void> => (await ways()).touchPasskey();
export const demoSignIn = async (public_number: string): Promise<void> => (await ways()).demoSignIn(public_number);

export async function listDevices(): Promise<DeviceRow[]> {
  const core = await pageCore();
  return (await api<{ devices: DeviceRow[] }>(core, "/api/v1/identity/me")).devices;
}

export async function endDevice(device_id: string): Promise<void> {
  await api(await pageCore(), `/api/v1/identity/devices/${device_id}`, { method: "DELETE" });
}

/** Registers now instead of with the first write; for what needs the server to know this phone. */
export async function register(): Promise<SessionBody | null> {
  await ensureAccount();
  const core = await pageCore();
  await bearer(core);
  return core.session;
}

/** This tab as one on a shared phone, or not any more; both begin anew. What stood on the phone has gone before. */
export const shareThisPhone = async (on: boolean): Promise<void> => (await import("./leave")).shareThisPhone(on);
