import { createDecipheriv, createECDH, createHmac, generateKeyPairSync, webcrypto } from "node:crypto";
import { describe, expect, it } from "vitest";
import { json, Phone, problem, Server } from "../../testing/world";
import { sendParcels } from "../../sync/parcels";
import { base64url, fromBase64url } from "../../sync/ids";
import type { CapabilityRow, ParcelRow, Self } from "../../sync/rows";
import { newSelf } from "../../sync/outbox";
import { pack } from "./parcel";

// HPKE's opening side (RFC 9180, DHKEM P-256, HKDF-SHA256, AES-256-GCM, base mode) by Node's own hands, not by what seals.
const bytes = (text: string) => Buffer.from(text, "latin1");
const hmac = (key: Buffer, data: Buffer) => createHmac("sha256", key).update(data).digest();
function expand(prk: Buffer, info: Buffer, length: number): Buffer {
  let last = Buffer.alloc(0);
  let all = Buffer.alloc(0);
  for (let n = 1; all.length < length; n++) all = Buffer.concat([all, (last = hmac(prk, Buffer.concat([last, info, Buffer.from([n])])))]);
  return all.subarray(0, length);
}
const extracted = (suite: Buffer, salt: Buffer, label: string, ikm: Buffer) => hmac(salt.length ? salt : Buffer.alloc(32), Buffer.concat([bytes("HPKE-v1"), suite, bytes(label), ikm]));
const expanded = (suite: Buffer, prk: Buffer, label: string, info: Buffer, length: number) =>
  expand(prk, Buffer.concat([Buffer.from([length >> 8, length & 255]), bytes("HPKE-v1"), suite, bytes(label), info]), length);
const empty = Buffer.alloc(0);

function opened(secret: Buffer, enc: Buffer, info: Buffer, aad: Buffer, sealed: Buffer): Buffer {
  const ecdh = createECDH("prime256v1");
  ecdh.setPrivateKey(secret);
  const kem = Buffer.concat([bytes("KEM"), Buffer.from([0, 16])]);
  const shared = expanded(kem, extracted(kem, empty, "eae_prk", ecdh.computeSecret(enc)), "shared_secret", Buffer.concat([enc, ecdh.getPublicKey()]), 32);
  const suite = Buffer.concat([bytes("HPKE"), Buffer.from([0, 16, 0, 1, 0, 2])]);
  const context = Buffer.concat([Buffer.from([0]), extracted(suite, empty, "psk_id_hash", empty), extracted(suite, empty, "info_hash", info)]);
  const prk = extracted(suite, shared, "secret", empty);
  const open = createDecipheriv("aes-256-gcm", expanded(suite, prk, "key", context, 32), expanded(suite, prk, "base_nonce", context, 12)).setAAD(aad);
  open.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([open.update(sealed.subarray(0, -16)), open.final()]);
}

const key_id = "0192e4a0-1111-4222-8333-444455556666";
const buffer = (text: string) => Buffer.from(text, "base64url");

async function aPhone() {
  const noa = await new Phone(new Server()).starts();
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x, y } = publicKey.export({ format: "jwk" });
  const point = Buffer.concat([Buffer.from([4]), buffer(x!), buffer(y!)]);
  const own = (await webcrypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"])) as CryptoKeyPair;
  const by: CapabilityRow = {
    capability_id: "c1",
    device_id: "d1",
    secret: "s",
    key: own.privateKey,
    public_key: base64url(new Uint8Array(await webcrypto.subtle.exportKey("raw", own.publicKey))),
    parcel_key: { key_id, public_key: base64url(point) },
  };
  const self: Self = newSelf(noa.core, "sv");
  const opens = ({ enc, ciphertext }: ParcelRow) => {
    const aad = Buffer.from(key_id.replaceAll("-", ""), "hex");
    return JSON.parse(opened(buffer(privateKey.export({ format: "jwk" }).d!), buffer(enc), bytes("natpatrull parcel 1"), aad, buffer(ciphertext)).toString()) as Record<string, string>;
  };
  return { noa, by, self, opens };
}

describe("a parcel", () => {
  it("can be opened by another hand with the server's key, and is signed by the phone's over the very text", async () => {
    const { noa, by, self, opens } = await aPhone();
    const [parcel, ...more] = await pack(noa.core, self, by, [{ action: '{"a":"De hotar mig åäö"}', instead: '{"b":2}' }]);
    expect(more).toEqual([]);
    expect(JSON.stringify(parcel)).not.toContain("hotar");
    const { capability_id, signature, content } = opens(parcel!);
    expect(capability_id).toBe("c1");
    expect(JSON.parse(content!)).toEqual({ account_id: self.account_id, device_id: self.device_id, actions: [{ action: { a: "De hotar mig åäö" }, instead: { b: 2 } }] });
    const key = await crypto.subtle.importKey("raw", fromBase64url(by.public_key), { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
    expect(await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, buffer(signature!), Buffer.from(content!))).toBe(true);
  });

  it("is never larger than a request may be: much is several, in their order, and nothing is left out", async () => {
    const { noa, by, self, opens } = await aPhone();
    const all = Array.from({ length: 120 }, (_, n) => ({ action: JSON.stringify({ n, text: '"åäö"\n'.repeat(n % 7 === 0 ? 600 : 20) }) }));
    const parcels = await pack(noa.core, self, by, all);
    expect(parcels.length).toBeGreaterThan(2);
    for (const one of parcels) expect(JSON.stringify(one).length).toBeLessThan(256 * 1024);
    const inOrder = [...parcels].sort((a, b) => a.parcel_id.localeCompare(b.parcel_id));
    const found = inOrder.flatMap((one) => (JSON.parse(opens(one).content!) as { actions: { action: { n: number } }[] }).actions.map(({ action }) => action.n));
    expect(found).toEqual(all.map((_, n) => n));
  });
});

describe("parcels that stand on a phone", () => {
  const two = (["p1", "p2"] as const).map((parcel_id) => ({ parcel_id, key_id, enc: "e", ciphertext: "c" }));
  const left = (phone: Phone) => phone.core.db.read(["parcels"], async (tx) => (await tx.all("parcels")).map((one) => one.parcel_id));

  it("go in their order with nobody signed in, and only an answer of ours lets one go", async () => {
    const { noa } = await aPhone();
    await noa.core.db.write(["parcels"], async (tx) => {
      for (const one of [...two].reverse()) await tx.put("parcels", one);
    });
    const seen: string[] = [];
    const answers = [
      () => Promise.reject(new TypeError("Failed to fetch")),
      () => new Response("<html>", { status: 200, headers: { "content-type": "text/html" } }),
      () => json(200, { login: "http://cafe.example/" }),
      () => problem(503, "unavailable"),
      () => problem(429, "rate-limited"),
      () => problem(422, "malformed"),
    ];
    for (const answer of answers) {
      noa.core.fetch = async (_path, init) => {
        seen.push(new Headers(init?.headers).get("authorization") ?? "nobody");
        return answer();
      };
      await expect(sendParcels(noa.core)).rejects.toThrow();
      expect(await left(noa)).toEqual(["p1", "p2"]);
    }
    const bodies: string[] = [];
    noa.core.fetch = async (_path, init) => {
      bodies.push((JSON.parse(String(init?.body)) as ParcelRow).parcel_id);
      return bodies.length === 1 ? problem(422, "parcel-refused") : new Response(null, { status: 204 });
    };
    await sendParcels(noa.core);
    expect(bodies).toEqual(["p1", "p2"]);
    expect(await left(noa)).toEqual([]);
    expect(new Set(seen)).toEqual(new Set(["nobody"]));
  });
});
