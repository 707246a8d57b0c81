import { call, type Ask } from "../api/client";
import { Problem, Unreached } from "../api/problem";
import { getKept, kept, putKept, type Core, type Door } from "./core";
import type { Tx } from "./db";
import { base64url, uuidV4 } from "./ids";
import type { CapabilityRow, Self } from "./rows";
import { api, reach, SignedOut } from "./session";

const MONTH = 30 * 86_400_000;
const curve = { name: "ECDSA", namedCurve: "P-256" };

/** This account's, if it was made for this very device. */
export async function getCapability(tx: Tx, self: Self): Promise<CapabilityRow | undefined> {
  const row = (await getKept(tx, "capabilities"))?.[self.account_id];
  return row?.device_id === self.device_id ? row : undefined;
}

/** No row: it goes. Those of accounts that this phone has forgotten go with each change. */
export async function putCapability(tx: Tx, account_id: string, row?: CapabilityRow): Promise<void> {
  const here = [await getKept(tx, "self"), ...((await getKept(tx, "aside")) ?? []).map((one) => one.self)].map((one) => one?.account_id);
  const all = Object.entries((await getKept(tx, "capabilities")) ?? {}).filter(([id]) => id !== account_id && here.includes(id));
  await putKept(tx, "capabilities", Object.fromEntries(row && here.includes(account_id) ? [...all, [account_id, row]] : all));
}

/** Makes one for a youth's phone that has a session, tells the server, and tells it again each month, so that it does not end. */
export async function mint(core: Core): Promise<void> {
  // Browsers give `subtle` to secure pages only.
  if (!crypto.subtle || !core.db.durable) return;
  await core.alone("natpatrull-capability", async () => {
    const self = await kept(core, "self");
    if (self?.role !== "youth" || !self.registered || self.ended) return;
    let row = await core.db.read(["kept"], (tx) => getCapability(tx, self));
    if (row?.renewed_at !== undefined && Math.abs(core.now() - row.renewed_at) < MONTH) return;
    // Kept before it is told: if the answer is lost, the same one is told again.
    if (!row) await put(core, self, (row = await made(core, self.device_id)));
    const { capability_id, secret, public_key } = row;
    const told = await api<Pick<CapabilityRow, "parcel_key">>(core, "/api/v1/identity/capability", { method: "PUT", body: { capability_id, secret, public_key } });
    if (!told?.parcel_key) throw new Unreached();
    await put(core, self, { ...row, parcel_key: told.parcel_key, renewed_at: core.now() });
  });
}

async function made(core: Core, device_id: string): Promise<CapabilityRow> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(curve, false, ["sign"]);
  const public_key = base64url(new Uint8Array(await crypto.subtle.exportKey("raw", publicKey)));
  return { capability_id: uuidV4(core.fill), device_id, secret: base64url(core.fill(new Uint8Array(32))), key: privateKey, public_key };
}

const put = (core: Core, { account_id, device_id }: Self, row?: CapabilityRow): Promise<void> =>
  core.db.write(["kept"], async (tx) => {
    // Forgotten, opened as another account or given a new code meanwhile: then it is nobody's.
    const now = await getKept(tx, "self");
    if (now?.account_id === account_id && now.device_id === device_id) await putCapability(tx, account_id, row);
  });

export const sign = async (key: CryptoKey, text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, new TextEncoder().encode(text)));

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

/** The request with its signature (RFC 9421) over all that it says. */
async function signed({ secret, key }: CapabilityRow, path: string, ask: Ask): Promise<Ask> {
  const body = ask.body instanceof ArrayBuffer || typeof ask.body === "string" ? ask.body : JSON.stringify(ask.body);
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const said: Record<string, string> = {
    "content-digest": `sha-256=:${base64(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)))}:`,
    "natpatrull-capability": secret,
    ...ask.headers,
  };
  const parts = { "@method": ask.method, "@path": path, ...said };
  const params = `(${Object.keys(parts).map((name) => `"${name}"`).join(" ")});alg="ecdsa-p256-sha256"`;
  const base = [...Object.entries(parts), ["@signature-params", params]].map(([name, value]) => `"${name}": ${value}`).join("\n");
  const headers = { ...said, "signature-input": `sig=${params}`, signature: `sig=:${base64(await sign(key, base))}:` };
  return { ...ask, body, headers };
}

/** Takes reports and their files when the session has ended; null when there is no way but to sign in. */
export async function openDoor(core: Core, self: Self): Promise<Door | null> {
  const row = await core.db.read(["kept"], (tx) => getCapability(tx, self));
  if (row?.renewed_at === undefined) return null;
  return async <T>(_core: Core, path: string, ask: Ask = {}): Promise<T> => {
    try {
      const request = await signed(row, path, ask);
      return await reach(core, () => call<T>(core.fetch, path, request));
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error;
      // It has ended for good.
      await put(core, self);
      throw new SignedOut();
    }
  };
}
