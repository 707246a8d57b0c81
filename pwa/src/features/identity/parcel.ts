import { sign } from "../../sync/capability";
import type { Core } from "../../sync/core";
import { base64url, fromBase64url, uuidV7 } from "../../sync/ids";
import type { CapabilityRow, ParcelRow, Self } from "../../sync/rows";
import { sealTo } from "./hpke";

/** An envelope as text, and the one that is tried when the server says no to it. */
export interface Packed {
  action: string;
  instead?: string;
}

/** Of 256 KiB that a request may have: the words are written into JSON twice, and their cipher in base 64. */
const MOST = 100 * 1024;

const bytesOf = (uuid: string): Uint8Array<ArrayBuffer> => Uint8Array.from(uuid.replaceAll("-", "").match(/../g) ?? [], (pair) => parseInt(pair, 16));

/** Signed by this phone's key and sealed to the server's: from here on nobody can read them on this phone, with all that is on it. */
export async function pack(core: Core, self: Self, by: CapabilityRow, all: Packed[]): Promise<ParcelRow[]> {
  const { parcel_key } = by;
  if (!parcel_key) throw new Error("the server has given no key to seal to");
  const parcels: ParcelRow[] = [];
  for (const actions of portions(all)) {
    const content = `{"account_id":${JSON.stringify(self.account_id)},"device_id":${JSON.stringify(self.device_id)},"actions":[${actions.join(",")}]}`;
    const signature = base64url(await sign(by.key, content));
    const plain = new TextEncoder().encode(JSON.stringify({ capability_id: by.capability_id, signature, content }));
    const info = new TextEncoder().encode("natpatrull parcel 1");
    const { enc, ciphertext } = await sealTo(fromBase64url(parcel_key.public_key), info, bytesOf(parcel_key.key_id), plain);
    parcels.push({
      // They go in the order of their ids.
      parcel_id: uuidV7(core.fill, core.now() + parcels.length),
      key_id: parcel_key.key_id,
      enc: base64url(enc),
      ciphertext: base64url(ciphertext),
    });
  }
  return parcels;
}

/** As many together as one request can carry. */
function portions(all: Packed[]): string[][] {
  const found: string[][] = [];
  let room = 0;
  for (const { action, instead } of all) {
    const text = `{"action":${action}${instead === undefined ? "" : `,"instead":${instead}`}}`;
    const size = new TextEncoder().encode(JSON.stringify(text)).length;
    if (size > room || (found.at(-1)?.length ?? 0) >= 50) {
      found.push([]);
      room = MOST;
    }
    found.at(-1)?.push(text);
    room -= size;
  }
  return found;
}
