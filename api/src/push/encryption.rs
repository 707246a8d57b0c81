//! What is sent, encrypted for one phone alone: RFC 8291 over one record of RFC 8188. On OpenSSL's points themselves, because the
//! keys that its own key agreement wraps them in cost more than the arithmetic.

use std::cmp::Ordering;

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use hmac::{Hmac, KeyInit, Mac};
use openssl::{
    bn::{BigNum, BigNumContext},
    ec::{EcGroup, EcPoint, EcPointRef, PointConversionForm},
    error::ErrorStack,
    nid::Nid,
    symm::{Cipher, encrypt_aead},
};
use sha2::Sha256;
use web_push::SubscriptionKeys;

use crate::base::chance::Chance;

/// What browsers give is with or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

const RECORD_SIZE: u32 = 4096;
const TAG: usize = 16;
/// Lengths say no more than which multiple of this they are.
const STEP: usize = 128;
/// The most that one record holds beside its tag and its mark.
const MOST: usize = 3052;

#[derive(Debug, thiserror::Error)]
pub enum Unsealed {
    #[error("the payload is too large")]
    TooLarge,
    #[error("the keys are none")]
    Keys,
    #[error(transparent)]
    OpenSsl(#[from] ErrorStack),
}

pub struct Encryption {
    curve: EcGroup,
    order: BigNum,
}

impl Encryption {
    pub fn new() -> Result<Self, ErrorStack> {
        let curve = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
        let mut order = BigNum::new()?;
        curve.order(&mut order, &mut *BigNumContext::new()?)?;
        Ok(Self { curve, order })
    }

    /// The body of a push.
    pub fn seal(&self, to: &SubscriptionKeys, plain: &[u8], chance: &dyn Chance) -> Result<Vec<u8>, Unsealed> {
        let padded = (plain.len() + 1).next_multiple_of(STEP).min(MOST + 1);
        self.seal_padded(to, plain, padded, chance)
    }

    fn seal_padded(
        &self,
        to: &SubscriptionKeys,
        plain: &[u8],
        padded: usize,
        chance: &dyn Chance,
    ) -> Result<Vec<u8>, Unsealed> {
        if plain.len() > MOST {
            return Err(Unsealed::TooLarge);
        }
        let decode = |text: &str| BASE64.decode(text).map_err(|_| Unsealed::Keys);
        let (theirs, auth) = (decode(&to.p256dh)?, decode(&to.auth)?);
        if auth.len() != 16 {
            return Err(Unsealed::Keys);
        }
        let mut context = BigNumContext::new_secure()?;
        let point = EcPoint::from_bytes(&self.curve, &theirs, &mut context).map_err(|_| Unsealed::Keys)?;
        let secret = self.secret(chance)?;
        let (mut ours, mut shared) = (EcPoint::new(&self.curve)?, EcPoint::new(&self.curve)?);
        ours.mul_generator2(&self.curve, &secret, &mut context)?;
        shared.mul2(&self.curve, &point, &secret, &mut context)?;
        let (ours, shared) = (self.bytes(&ours, &mut context)?, self.bytes(&shared, &mut context)?);
        let Some(x) = shared.get(1..33) else { return Err(Unsealed::Keys) };

        let salt = chance.bytes::<16>();
        let both = [b"WebPush: info\0", theirs.as_slice(), &ours].concat();
        let input = hkdf(&auth, x, &both);
        let key = hkdf(&salt, &input, b"Content-Encoding: aes128gcm\0");
        let nonce = hkdf(&salt, &input, b"Content-Encoding: nonce\0");

        let mut record = plain.to_vec();
        record.push(2);
        record.resize(padded.max(record.len()), 0);
        let mut tag = [0; TAG];
        let sealed = encrypt_aead(Cipher::aes_128_gcm(), &key[..16], Some(&nonce[..12]), &[], &record, &mut tag)?;
        Ok([&salt[..], &RECORD_SIZE.to_be_bytes(), &[65], &ours, &sealed, &tag].concat())
    }

    /// A fresh private key. Nearly every number is one; the rest are drawn again.
    fn secret(&self, chance: &dyn Chance) -> Result<BigNum, ErrorStack> {
        let mut secret = BigNum::new_secure()?;
        secret.set_const_time();
        loop {
            secret.copy_from_slice(&chance.bytes::<32>())?;
            if secret.num_bits() > 0 && secret.ucmp(&self.order) == Ordering::Less {
                return Ok(secret);
            }
        }
    }

    fn bytes(&self, point: &EcPointRef, context: &mut BigNumContext) -> Result<Vec<u8>, ErrorStack> {
        point.to_bytes(&self.curve, PointConversionForm::UNCOMPRESSED, context)
    }
}

/// HKDF with SHA-256, of which the first 32 bytes are enough.
fn hkdf(salt: &[u8], input: &[u8], info: &[u8]) -> [u8; 32] {
    mac(&mac(salt, &[input]), &[info, &[1]])
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes a key of any length.
    let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(key) else { return [0; 32] };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::base::chance::SystemChance;

    /// Gives what it was given, in this order.
    struct Given(Mutex<Vec<Vec<u8>>>);

    impl Chance for Given {
        fn fill(&self, bytes: &mut [u8]) {
            if let Ok(mut given) = self.0.lock()
                && !given.is_empty()
            {
                bytes.copy_from_slice(&given.remove(0));
            }
        }
    }

    /// RFC 8291, appendix A.
    const PLAIN: &[u8] = b"When I grow up, I want to be a watermelon";
    const THEIRS: &str = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const THEIR_SECRET: &str = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";
    const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";
    const SECRET: &str = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
    const SALT: &str = "DGv6ra1nlYgDCS1FRnbzlw";
    const SEALED: &str = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";

    fn theirs() -> SubscriptionKeys {
        SubscriptionKeys { p256dh: THEIRS.to_owned(), auth: AUTH.to_owned() }
    }

    #[test]
    fn the_example_of_the_standard_comes_out_byte_for_byte() -> Result<(), Box<dyn std::error::Error>> {
        let chance = Given(Mutex::new(vec![BASE64.decode(SECRET)?, BASE64.decode(SALT)?]));
        let sealed = Encryption::new()?.seal_padded(&theirs(), PLAIN, 0, &chance)?;
        assert_eq!(sealed, BASE64.decode(SEALED.as_bytes())?);
        Ok(())
    }

    #[test]
    fn a_phone_opens_what_is_made_and_its_length_tells_little() -> Result<(), Box<dyn std::error::Error>> {
        let (public, secret, auth) = (BASE64.decode(THEIRS)?, BASE64.decode(THEIR_SECRET)?, BASE64.decode(AUTH)?);
        let key = ece::EcKeyComponents::new(secret, public);
        let encryption = Encryption::new()?;
        let mut lengths = Vec::new();
        for plain in [&PLAIN[..1], PLAIN, &[7; 127], &[7; 128], &[7; MOST]] {
            let sealed = encryption.seal(&theirs(), plain, &SystemChance)?;
            assert_eq!(ece::decrypt(&key, &auth, &sealed)?, plain);
            assert!(sealed.len() <= 4096);
            lengths.push(sealed.len());
        }
        assert!(lengths[0] == lengths[1] && lengths[1] == lengths[2] && lengths[2] < lengths[3], "{lengths:?}");
        assert!(matches!(encryption.seal(&theirs(), &[7; MOST + 1], &SystemChance), Err(Unsealed::TooLarge)));
        Ok(())
    }

    #[test]
    fn keys_that_are_none_are_refused() -> Result<(), Box<dyn std::error::Error>> {
        let (encryption, mut off) = (Encryption::new()?, BASE64.decode(THEIRS)?);
        off[40] ^= 1;
        for (p256dh, auth) in [
            (BASE64.encode(off), AUTH.to_owned()),
            (THEIRS[..40].to_owned(), AUTH.to_owned()),
            (String::new(), AUTH.to_owned()),
            ("AA==".to_owned(), AUTH.to_owned()),
            (THEIRS.to_owned(), AUTH[..10].to_owned()),
        ] {
            let sealed = encryption.seal(&SubscriptionKeys { p256dh, auth }, PLAIN, &SystemChance);
            assert!(matches!(sealed, Err(Unsealed::Keys)));
        }
        Ok(())
    }
}
