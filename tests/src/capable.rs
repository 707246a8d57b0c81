//! A youth's phone with a report capability. It signs and seals with OpenSSL, and by the words of RFC 9421 and RFC 9180 alone:
//! another implementation than the one that checks and opens.

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use openssl::{
    bn::BigNumContext,
    derive::Deriver,
    ec::{EcGroup, EcGroupRef, EcKey, EcPoint, EcPointRef, PointConversionForm},
    ecdsa::EcdsaSig,
    hash::MessageDigest,
    nid::Nid,
    pkey::{PKey, Private},
    sign::Signer,
    symm::{Cipher, encrypt_aead},
};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Answer, World, Youth,
    people::{Person, secret},
    world::{answer, id},
};

#[derive(Clone)]
pub struct Phone {
    pub world: World,
    pub account_id: Uuid,
    pub device_id: Uuid,
    pub capability_id: Uuid,
    pub secret: String,
    pub key: EcKey<Private>,
    pub parcel_key: (Uuid, Vec<u8>),
}

pub fn p256() -> EcGroup {
    EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap()
}

pub fn new_key() -> EcKey<Private> {
    EcKey::generate(&p256()).unwrap()
}

fn bytes_of(group: &EcGroupRef, point: &EcPointRef) -> Vec<u8> {
    point.to_bytes(group, PointConversionForm::UNCOMPRESSED, &mut BigNumContext::new().unwrap()).unwrap()
}

pub fn public(key: &EcKey<Private>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes_of(key.group(), key.public_key()))
}

/// r and s, one after the other.
fn sign(key: &EcKey<Private>, message: &[u8]) -> Vec<u8> {
    let signature = EcdsaSig::sign(&Sha256::digest(message), key).unwrap();
    [signature.r(), signature.s()].map(|number| number.to_vec_padded(32).unwrap()).concat()
}

/// What a request carries that is signed. A test bends it.
#[derive(Clone)]
pub struct Signed {
    pub method: Method,
    pub path: String,
    pub body: Vec<u8>,
    pub headers: Vec<(&'static str, String)>,
}

impl Signed {
    pub fn set(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(other, _)| *other != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    pub fn put_on(&self, request: RequestBuilder) -> RequestBuilder {
        let request = request.body(self.body.clone());
        self.headers.iter().fold(request, |request, (name, value)| request.header(*name, value))
    }

    pub async fn goes(&self, world: &World) -> Answer {
        answer(self.put_on(world.http.request(self.method.clone(), format!("{}{}", world.url, self.path)))).await
    }
}

impl Youth {
    /// The phone mints a capability, and the server keeps it.
    pub async fn becomes_capable(&self) -> Phone {
        let phone = Phone::mints(&self.world, self.account_id, self.device_id);
        let kept = phone.is_kept(self).await.ok();
        phone.learns(&kept)
    }
}

impl Phone {
    pub fn mints(world: &World, account_id: Uuid, device_id: Uuid) -> Self {
        Self {
            world: world.clone(),
            account_id,
            device_id,
            capability_id: id(),
            secret: secret(),
            key: new_key(),
            parcel_key: Default::default(),
        }
    }

    /// As it is sent to be kept.
    pub fn capability(&self) -> Value {
        json!({"capability_id": self.capability_id, "secret": self.secret, "public_key": public(&self.key)})
    }

    /// Keeps the key that came with the answer.
    pub fn learns(self, kept: &Value) -> Self {
        let text = |field: &str| kept["parcel_key"][field].as_str().unwrap();
        let point = BASE64_URL_SAFE_NO_PAD.decode(text("public_key")).unwrap();
        Self { parcel_key: (text("key_id").parse().unwrap(), point), ..self }
    }

    pub async fn is_kept(&self, by: &Youth) -> Answer {
        by.asks(Method::PUT, "/api/v1/identity/capability", Some(&self.capability())).await
    }

    pub fn signs(&self, method: Method, path: &str, kind: &str, offset: Option<usize>, body: Vec<u8>) -> Signed {
        let digest = format!("sha-256=:{}:", BASE64_STANDARD.encode(Sha256::digest(&body)));
        let mut names = r#""@method" "@path" "content-digest" "natpatrull-capability""#.to_owned();
        let mut base = format!(
            "\"@method\": {method}\n\"@path\": {path}\n\"content-digest\": {digest}\n\"natpatrull-capability\": {}\n",
            self.secret
        );
        let mut headers = vec![("content-type", kind.to_owned()), ("natpatrull-capability", self.secret.clone())];
        if let Some(offset) = offset {
            names += r#" "upload-offset""#;
            base += &format!("\"upload-offset\": {offset}\n");
            headers.push(("upload-offset", offset.to_string()));
        }
        let params = format!(r#"({names});alg="ecdsa-p256-sha256""#);
        base += &format!("\"@signature-params\": {params}");
        headers.push(("content-digest", digest));
        headers.push(("signature-input", format!("sig={params}")));
        headers.push(("signature", format!("sig=:{}:", BASE64_STANDARD.encode(sign(&self.key, base.as_bytes())))));
        Signed { method, path: path.to_owned(), body, headers }
    }

    pub fn signs_json(&self, path: &str, body: &Value) -> Signed {
        self.signs(Method::POST, path, "application/json", None, serde_json::to_vec(body).unwrap())
    }

    pub fn delivery(&self, actions: &[Value]) -> Signed {
        let body = json!({
            "device_id": self.device_id, "account_id": self.account_id, "envelope": 1, "app_version": "test", "actions": actions,
        });
        self.signs_json("/api/v1/sync/deliver", &body)
    }

    pub fn announcement(&self, report_id: Uuid, named: &Value) -> Signed {
        let mut body = named.clone();
        body["report_id"] = json!(report_id);
        self.signs_json("/api/v1/files", &body)
    }

    pub fn piece(&self, file_id: Uuid, from: usize, bytes: &[u8]) -> Signed {
        let path = format!("/api/v1/files/{file_id}");
        self.signs(Method::PATCH, &path, "application/octet-stream", Some(from), bytes.to_vec())
    }

    /// Delivers actions, and says how each ended.
    pub async fn delivers(&self, actions: &[Value]) -> Vec<Value> {
        let answer = self.delivery(actions).goes(&self.world).await.ok();
        answer["results"].as_array().unwrap().clone()
    }

    /// What is signed into a parcel.
    pub fn content(&self, actions: &[Value]) -> String {
        json!({"account_id": self.account_id, "device_id": self.device_id, "actions": actions}).to_string()
    }

    /// A parcel with these actions, each as `{"action": …, "instead": …}`.
    pub fn parcel(&self, actions: &[Value]) -> Value {
        self.seals(&self.content(actions))
    }

    pub fn seals(&self, content: &str) -> Value {
        let signature = BASE64_URL_SAFE_NO_PAD.encode(sign(&self.key, content.as_bytes()));
        let plain = json!({"capability_id": self.capability_id, "signature": signature, "content": content});
        self.seals_plain(plain.to_string().as_bytes())
    }

    pub fn seals_plain(&self, plain: &[u8]) -> Value {
        let (key_id, point) = &self.parcel_key;
        let (enc, ciphertext) = seal(point, b"natpatrull parcel 1", key_id.as_bytes(), plain);
        let [enc, ciphertext] = [enc, ciphertext].map(|bytes| BASE64_URL_SAFE_NO_PAD.encode(bytes));
        json!({"parcel_id": id(), "key_id": key_id, "enc": enc, "ciphertext": ciphertext})
    }
}

/// Hands in a parcel, as nobody.
pub async fn hands_in(world: &World, parcel: &Value) -> Answer {
    world.asks(Method::POST, "/api/v1/sync/parcels", None, Some(parcel)).await
}

// RFC 9180, base mode, one message: DHKEM(P-256, HKDF-SHA256) 0x0010, HKDF-SHA256 0x0001, AES-256-GCM 0x0002.

const KEM: &[u8] = b"KEM\x00\x10";
const SUITE: &[u8] = b"HPKE\x00\x10\x00\x01\x00\x02";

fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let key = PKey::hmac(key).unwrap();
    Signer::new(MessageDigest::sha256(), &key).unwrap().sign_oneshot_to_vec(message).unwrap()
}

fn extract(suite: &[u8], salt: &[u8], label: &[u8], secret: &[u8]) -> Vec<u8> {
    // HMAC fills a short key with noughts, so that none at all is one nought too.
    hmac(if salt.is_empty() { &[0] } else { salt }, &[b"HPKE-v1", suite, label, secret].concat())
}

/// One block of SHA-256 is enough for all that is asked.
fn expand(suite: &[u8], secret: &[u8], label: &[u8], info: &[u8], length: u8) -> Vec<u8> {
    let labelled = [&[0, length], b"HPKE-v1".as_slice(), suite, label, info, &[1]].concat();
    hmac(secret, &labelled)[..usize::from(length)].to_vec()
}

fn seal(to: &[u8], info: &[u8], aad: &[u8], plain: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let group = p256();
    let once = new_key();
    let to_point = EcPoint::from_bytes(&group, to, &mut BigNumContext::new().unwrap()).unwrap();
    let to_key = PKey::from_ec_key(EcKey::from_public_key(&group, &to_point).unwrap()).unwrap();
    let enc = bytes_of(&group, once.public_key());
    let once = PKey::from_ec_key(once).unwrap();
    let mut deriver = Deriver::new(&once).unwrap();
    deriver.set_peer(&to_key).unwrap();
    let eae_prk = extract(KEM, b"", b"eae_prk", &deriver.derive_to_vec().unwrap());
    let shared = expand(KEM, &eae_prk, b"shared_secret", &[enc.as_slice(), to].concat(), 32);

    let psk_id_hash = extract(SUITE, b"", b"psk_id_hash", b"");
    let info_hash = extract(SUITE, b"", b"info_hash", info);
    let context = [&[0], psk_id_hash.as_slice(), &info_hash].concat();
    let secret = extract(SUITE, &shared, b"secret", b"");
    let key = expand(SUITE, &secret, b"key", &context, 32);
    let nonce = expand(SUITE, &secret, b"base_nonce", &context, 12);
    let mut tag = [0; 16];
    let sealed = encrypt_aead(Cipher::aes_256_gcm(), &key, Some(&nonce), aad, plain, &mut tag).unwrap();
    (enc, [sealed.as_slice(), &tag].concat())
}
