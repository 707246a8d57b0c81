// An authenticator in software, for people who have no browser: makes one passkey (ES256, attestation "none"), as WebAuthn says.
import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";

const text = (bytes) => Buffer.from(bytes).toString("base64url");
/** User present and verified, with a new key attached. */
const SEEN_WITH_KEY = 0b0100_0101;

/** What `navigator.credentials.create` would give for these options at this origin. */
export function makesPasskey({ publicKey }, origin) {
  const id = randomBytes(16);
  const { x, y } = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" });
  const coordinate = (value) => Buffer.from(value, "base64url");
  const data = Buffer.concat([
    createHash("sha256").update(publicKey.rp.id).digest(),
    Buffer.from([SEEN_WITH_KEY]),
    Buffer.alloc(4 + 16), // never counted; no maker named
    Buffer.from([0, id.length]),
    id,
    // The public key as COSE writes it: {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}.
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]),
    coordinate(x),
    Buffer.from([0x22, 0x58, 0x20]),
    coordinate(y),
  ]);
  // CBOR: {"fmt": "none", "attStmt": {}, "authData": data}.
  const object = Buffer.concat([Buffer.from("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58", "latin1"), Buffer.from([data.length]), data]);
  const client = JSON.stringify({ type: "webauthn.create", challenge: publicKey.challenge, origin, crossOrigin: false });
  return { id: text(id), rawId: text(id), type: "public-key", extensions: {}, response: { attestationObject: text(object), clientDataJSON: text(client) } };
}
