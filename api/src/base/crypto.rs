//! Words of people under a cipher that is bound to their row: a body moved to another row does not open.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use entities::words::Sealed;
use uuid::Uuid;

use super::{chance::Chance, refusal::Refusal};

const NONCE: usize = 24;

#[derive(Clone)]
pub struct Vault(XChaCha20Poly1305);

impl Vault {
    pub fn new(key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(&(*key).into()))
    }

    /// `place` is table and column, as in `message.text`.
    pub fn seal(&self, place: &str, row: Uuid, plain: &[u8], chance: &dyn Chance) -> Result<Sealed, Refusal> {
        let nonce: [u8; NONCE] = chance.bytes();
        let aad = bound(place, row);
        let payload = Payload { msg: plain, aad: &aad };
        let cipher = self.0.encrypt(&XNonce::from(nonce), payload).map_err(|_| Refusal::fault("sealing failed"))?;
        Ok(Sealed([nonce.as_slice(), &cipher].concat()))
    }

    pub fn open(&self, place: &str, row: Uuid, sealed: &Sealed) -> Result<Vec<u8>, Refusal> {
        let fault = || Refusal::fault(format!("a sealed {place} does not open"));
        let (nonce, cipher) = sealed.0.split_first_chunk::<NONCE>().ok_or_else(fault)?;
        let aad = bound(place, row);
        self.0.decrypt(&XNonce::from(*nonce), Payload { msg: cipher, aad: &aad }).map_err(|_| fault())
    }
}

fn bound(place: &str, row: Uuid) -> Vec<u8> {
    [place.as_bytes(), &[0], row.as_bytes()].concat()
}
