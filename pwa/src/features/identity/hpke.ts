/**
 * The sealing side of HPKE (RFC 9180) for one suite: base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. All of it is the
 * browser's own WebCrypto; here only stands in which order.
 */
type Bytes = Uint8Array<ArrayBuffer>;

const ascii = (text: string): Bytes => new TextEncoder().encode(text);
const join = (...parts: Uint8Array[]): Bytes => Uint8Array.from(parts.flatMap((part) => [...part]));
const KEM = join(ascii("KEM"), Uint8Array.of(0, 0x10));
const SUITE = join(ascii("HPKE"), Uint8Array.of(0, 0x10, 0, 1, 0, 2));
const NONE = new Uint8Array(0);
const curve = { name: "ECDH", namedCurve: "P-256" };

async function hmac(key: Bytes, data: Bytes): Promise<Bytes> {
  const made = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", made, data));
}

/** An empty salt is as many zeros as the hash is long. */
const extract = (suite: Bytes, salt: Bytes, label: string, ikm: Bytes): Promise<Bytes> =>
  hmac(salt.length > 0 ? salt : new Uint8Array(32), join(ascii("HPKE-v1"), suite, ascii(label), ikm));

/** Nothing here is longer than the hash, so one block is all. */
const expand = async (suite: Bytes, key: Bytes, label: string, info: Bytes, length: number): Promise<Bytes> =>
  (await hmac(key, join(Uint8Array.of(0, length), ascii("HPKE-v1"), suite, ascii(label), info, Uint8Array.of(1)))).slice(0, length);

export async function sealTo(recipient: Bytes, info: Bytes, aad: Bytes, plain: Bytes): Promise<{ enc: Bytes; ciphertext: Bytes }> {
  const theirs = await crypto.subtle.importKey("raw", recipient, curve, false, []);
  const own = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
  const enc = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
  const dh = new Uint8Array(await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, 256));
  const shared = await expand(KEM, await extract(KEM, NONE, "eae_prk", dh), "shared_secret", join(enc, recipient), 32);
  const context = join(Uint8Array.of(0), await extract(SUITE, NONE, "psk_id_hash", NONE), await extract(SUITE, NONE, "info_hash", info));
  const secret = await extract(SUITE, shared, "secret", NONE);
  const key = await crypto.subtle.importKey("raw", await expand(SUITE, secret, "key", context, 32), "AES-GCM", false, ["encrypt"]);
  const iv = await expand(SUITE, secret, "base_nonce", context, 12);
  return { enc, ciphertext: new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: aad }, key, plain)) };
}
