//! An authenticator in software: makes one passkey (ES256, attestation "none") and signs with it, as WebAuthn says. The
//! browser tests use Chromium's own.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use p256::{
    SecretKey,
    ecdsa::{Signature, SigningKey, signature::Signer},
    elliptic_curve::Generate,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// User present and verified; with a new key attached.
const SEEN: u8 = 0b0000_0101;
const NEW_KEY: u8 = 0b0100_0000;

pub struct Passkey {
    key: SecretKey,
    id: [u8; 16],
    /// Where the page that asks comes from.
    origin: String,
    user: Value,
}

fn text(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

impl Passkey {
    pub fn of(origin: &str) -> Self {
        Self {
            key: SecretKey::generate(),
            id: Uuid::new_v4().into_bytes(),
            origin: origin.trim_end_matches('/').to_owned(),
            user: Value::Null,
        }
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        json!({"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false})
            .to_string()
            .into_bytes()
    }

    fn credential(&self, response: Value) -> Value {
        json!({"id": text(self.id), "rawId": text(self.id), "type": "public-key", "extensions": {}, "response": response})
    }

    /// What `navigator.credentials.create` would give.
    pub fn is_made(&mut self, options: &Value) -> Value {
        let options = &options["publicKey"];
        self.user = options["user"]["id"].clone();
        let point = self.key.public_key().to_sec1_bytes();
        let mut data = Sha256::digest(options["rp"]["id"].as_str().unwrap()).to_vec();
        data.push(SEEN | NEW_KEY);
        data.extend([0; 4 + 16]); // never counted; no maker named
        data.extend([0, 16]);
        data.extend(self.id);
        // The public key as COSE writes it: {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}.
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(&point[33..65]);
        // CBOR: {"fmt": "none", "attStmt": {}, "authData": data}.
        let length = u8::try_from(data.len()).unwrap();
        let object = [b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".as_slice(), &[length], &data].concat();
        self.credential(json!({
            "attestationObject": text(object), "clientDataJSON": text(self.client_data("webauthn.create", options)),
        }))
    }

    /// What `navigator.credentials.get` would give.
    pub fn signs(&self, options: &Value) -> Value {
        let options = &options["publicKey"];
        let mut data = Sha256::digest(options["rpId"].as_str().unwrap()).to_vec();
        data.push(SEEN);
        data.extend([0; 4]);
        let said = self.client_data("webauthn.get", options);
        let signature: Signature =
            SigningKey::from(self.key.clone()).sign(&[data.as_slice(), &Sha256::digest(&said)].concat());
        self.credential(json!({
            "authenticatorData": text(&data), "clientDataJSON": text(said), "signature": text(signature.to_der()),
            "userHandle": self.user,
        }))
    }
}
