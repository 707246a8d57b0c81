//! An authenticated cipher that is bound to a place and a row: a body moved to another row does not open.

use std::time::Instant;

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use entities::words::Sealed;
use uuid::Uuid;

use super::{chance::Chance, refusal::Refusal};

const NONCE: usize = 24;

/// In lower case.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[derive(Clone)]
pub struct Cipher(XChaCha20Poly1305);

impl Cipher {
    pub fn new(key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(&(*key).into()))
    }

    /// `place` is table and column, as in `message.text`.
    pub fn seal(&self, place: &str, row: Uuid, plain: &[u8], chance: &dyn Chance) -> Result<Sealed, Refusal> {
        let nonce: [u8; NONCE] = chance.bytes();
        let aad = bound(place, row);
        let payload = Payload { msg: plain, aad: &aad };
        let sealed = counted("seal", || self.0.encrypt(&XNonce::from(nonce), payload));
        let sealed = sealed.map_err(|_| Refusal::fault("sealing failed"))?;
        Ok(Sealed([nonce.as_slice(), &sealed].concat()))
    }

    pub fn open(&self, place: &str, row: Uuid, sealed: &Sealed) -> Result<Vec<u8>, Refusal> {
        let fault = || Refusal::fault(format!("a sealed {place} does not open: {row}"));
        let (nonce, cipher) = sealed.0.split_first_chunk::<NONCE>().ok_or_else(fault)?;
        let aad = bound(place, row);
        let payload = Payload { msg: cipher, aad: &aad };
        counted("open", || self.0.decrypt(&XNonce::from(*nonce), payload)).map_err(|_| fault())
    }
}

/// What the cipher costs is a figure beside all others.
fn counted<T>(act: &'static str, work: impl FnOnce() -> T) -> T {
    let since = Instant::now();
    let done = work();
    let nanoseconds = u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX);
    metrics::counter!("natpatrull_cipher_nanoseconds_total", "act" => act).increment(nanoseconds);
    done
}

fn bound(place: &str, row: Uuid) -> Vec<u8> {
    [place.as_bytes(), &[0], row.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::chance::SystemChance;

    #[test]
    fn what_is_sealed_opens_in_its_own_row_and_place_alone() {
        let (cipher, row) = (Cipher::new(&[7; 32]), Uuid::from_u128(1));
        for plain in [b"".as_slice(), b"it began on Monday"] {
            let sealed = cipher.seal("message.text", row, plain, &SystemChance).unwrap_or_else(|_| Sealed(Vec::new()));
            assert_eq!(sealed.0.len(), NONCE + plain.len() + 16);
            assert_eq!(cipher.open("message.text", row, &sealed).ok().as_deref(), Some(plain));
            let odd = [
                ("another row", cipher.open("message.text", Uuid::from_u128(2), &sealed)),
                ("another place", cipher.open("report.what", row, &sealed)),
                ("another key", Cipher::new(&[8; 32]).open("message.text", row, &sealed)),
                ("cut short", cipher.open("message.text", row, &Sealed(sealed.0[..sealed.0.len() - 1].to_vec()))),
                ("less than a nonce", cipher.open("message.text", row, &Sealed(vec![0; 23]))),
            ];
            for (what, opened) in odd {
                assert!(opened.is_err(), "{what} opened");
            }
            for at in 0..sealed.0.len() {
                let mut bent = sealed.clone();
                bent.0[at] ^= 1;
                assert!(cipher.open("message.text", row, &bent).is_err(), "byte {at} was changed and it opened");
            }
        }
    }

    #[test]
    fn the_same_words_are_never_sealed_alike() {
        let cipher = Cipher::new(&[7; 32]);
        let seal = || cipher.seal("message.text", Uuid::nil(), b"hello", &SystemChance).map(|sealed| sealed.0).ok();
        assert_ne!(seal(), seal());
    }
}
