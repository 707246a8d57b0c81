type Fill = (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;

function shape(bytes: Uint8Array, version: number): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Random, for accounts and devices: it tells nothing of when they came. */
export const uuidV4 = (fill: Fill): string => shape(fill(new Uint8Array(16)), 4);

/** By time, for everything that a device records. */
export function uuidV7(fill: Fill, now: number): string {
  const bytes = fill(new Uint8Array(16));
  for (let i = 0, rest = Math.floor(now); i < 6; i++, rest = Math.floor(rest / 256)) bytes[5 - i] = rest % 256;
  return shape(bytes, 7);
}

export function base64url(bytes: Uint8Array): string {
  // One by one: what is sealed is more than a call may have arguments.
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (char) => char.charCodeAt(0));
}

/** Digits with no digit likelier than another: bytes from 250 up are thrown away. */
export function digits(fill: Fill, count: number): string {
  let made = "";
  while (made.length < count)
    for (const byte of fill(new Uint8Array(count))) if (byte < 250 && made.length < count) made += String(byte % 10);
  return made;
}

export const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
