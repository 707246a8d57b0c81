//! Requests that a phone's key signs (HTTP Message Signatures, RFC 9421) over a digest of their body (RFC 9530). One form is
//! taken and no other. No time is in it, because phones' clocks stand wrong: a replay has no second effect.

use base64::{Engine, prelude::BASE64_STANDARD};
use poem::{
    Request,
    http::{HeaderMap, Method},
};
use sha2::{Digest, Sha256};

pub const CAPABILITY: &str = "natpatrull-capability";

/// What a request says was signed, and the signature.
pub struct Signed {
    pub base: String,
    pub signature: Vec<u8>,
}

/// A header that is sent once.
fn once<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?.trim();
    values.next().is_none().then_some(value)
}

/// Reads the signature of a request whose digest is that of its body. The key is still to be asked.
pub fn read(request: &Request, body: &[u8]) -> Option<Signed> {
    let header = |name| once(request.headers(), name);
    let digest = header("content-digest")?;
    if digest != format!("sha-256=:{}:", BASE64_STANDARD.encode(Sha256::digest(body))) {
        return None;
    }
    let mut covered = vec![
        ("@method", request.method().as_str()),
        ("@path", request.original_uri().path()),
        ("content-digest", digest),
        (CAPABILITY, header(CAPABILITY)?),
    ];
    // Else the piece of a file could be sent again to another place in it.
    if request.method() == Method::PATCH {
        covered.push(("upload-offset", header("upload-offset")?));
    }
    let names: Vec<_> = covered.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    let params = format!("({});alg=\"ecdsa-p256-sha256\"", names.join(" "));
    if header("signature-input")?.strip_prefix("sig=")? != params {
        return None;
    }
    let lines: String = covered.iter().map(|(name, value)| format!("\"{name}\": {value}\n")).collect();
    let signature = header("signature")?.strip_prefix("sig=:")?.strip_suffix(':')?;
    Some(Signed {
        base: format!("{lines}\"@signature-params\": {params}"),
        signature: BASE64_STANDARD.decode(signature).ok()?,
    })
}
