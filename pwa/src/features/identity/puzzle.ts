import { fromBase64url } from "../../sync/ids";

/** Leading zero bits of a sum. */
export function zeroBits(sum: Uint8Array): number {
  let bits = 0;
  for (const byte of sum) {
    if (byte === 0) {
      bits += 8;
      continue;
    }
    return bits + Math.clz32(byte) - 24;
  }
  return bits;
}

/** How long it counts before the page may draw again. */
const SLICE_MS = 12;

/**
 * Finds the counter whose SHA-256 behind the salt begins with so many zero bits. It works in slices, so that the page
 * stays alive on a slow phone. Progress is the chance that an answer would have been found by now.
 */
export async function solve(
  salt: string,
  bits: number,
  onProgress: (share: number) => void,
  now: () => number,
  rest: () => Promise<void>,
): Promise<string> {
  const { sha256 } = await import("@noble/hashes/sha2.js");
  const head = sha256.create().update(fromBase64url(salt));
  const ascii = new TextEncoder();
  const tries = 2 ** bits;
  for (let counter = 0; ; ) {
    const until = now() + SLICE_MS;
    do {
      for (let i = 0; i < 64; i++, counter++)
        if (zeroBits(head.clone().update(ascii.encode(String(counter))).digest()) >= bits) {
          onProgress(1);
          return String(counter);
        }
    } while (now() < until);
    onProgress(1 - Math.exp(-counter / tries));
    await rest();
  }
}
