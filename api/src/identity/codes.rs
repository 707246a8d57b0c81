//! Codes and the puzzle in front of them.
//!
//! A code is known as HMAC(key, Argon2id(code, site salt)); at most two such hashes run at once, which is what bounds all
//! guessing: see SECURITY.md. A puzzle that is only given leaves nothing on the server: its id says its price and its end
//! under a keyed hash, and its salt follows from the id. One that was answered is spent. Below [`FREE`] wrong codes in ten minutes the puzzle is empty; from there its bits grow with
//! the logarithm of the count. Nobody is ever refused for the count, because a whole school may share one address.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use entities::{
    code_failure,
    words::{AccountId, PuzzleId, Timestamp},
};
use sea_orm::{ConnectionTrait, DbErr};
use sha2::{Digest, Sha256};
use tokio::sync::OwnedSemaphorePermit;
use uuid::{Builder, Uuid};

use super::{
    model::{OpenWithCode, Proof, Puzzle},
    store,
};
use crate::{
    base::{
        db::Tx,
        keys::{Keys, same},
        refusal::{Kind, Refusal},
    },
    deps::Deps,
};

/// Wrong codes in the window that cost nobody anything.
const FREE: u64 = 20;
const WINDOW_SECONDS: i64 = 600;
const PUZZLE_SECONDS: i64 = 600;
const LEAST_BITS: u32 = 14;
const MOST_BITS: u32 = 22;

/// Room for 33 MiB, of which 19 are touched: an allocator keeps smaller pieces for each thread (measured: 250 MiB after
/// fifteen codes), and gives one of this size back to the machine as soon as the hash is done.
const MAPPED_BLOCKS: usize = 33 * 1024;

/// The keyed hash by which the server knows a code; refused as unavailable when too many wait for theirs.
pub async fn code_mac(deps: &Deps, code: &str) -> Result<Vec<u8>, Refusal> {
    hash(deps, code, deps.porch.hash_in_line().await?).await
}

/// The same for a code that nobody waits for.
pub async fn waiting_code_mac(deps: &Deps, code: &str) -> Result<Vec<u8>, Refusal> {
    hash(deps, code, deps.porch.hash().await?).await
}

async fn hash(deps: &Deps, code: &str, turn: OwnedSemaphorePermit) -> Result<Vec<u8>, Refusal> {
    let (code, salt) = (code.to_owned(), deps.keys.site_salt);
    let hash = tokio::task::spawn_blocking(move || {
        // The turn goes with the hash: a caller who hangs up ends the waiting and not the hash.
        let _turn = turn;
        let params = Params::new(19 * 1024, 2, 1, Some(32)).map_err(Refusal::fault)?;
        let mut memory = Vec::with_capacity(MAPPED_BLOCKS);
        memory.resize(params.block_count(), Block::default());
        let mut hash = [0; 32];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into_with_memory(code.as_bytes(), &salt, &mut hash, &mut memory)
            .map_err(Refusal::fault)?;
        Ok::<_, Refusal>(hash)
    })
    .await
    .map_err(Refusal::fault)??;
    Ok(deps.keys.mac("code", &[&hash]).to_vec())
}

/// New accounts in the window that owe nothing: a school, or those who have just seen a film.
const FREE_ACCOUNTS: u64 = 300;
/// What a phone still finds while its youth waits.
const MOST_OWED: u32 = 20;

/// How hard a puzzle an account owes that is made now. It grows with how many were made in the window.
pub async fn owed_bits(tx: &Tx, now: Timestamp) -> Result<i32, DbErr> {
    let since = now.plus_seconds(-WINDOW_SECONDS);
    let mut owed = 0;
    for times in 0..=MOST_OWED - LEAST_BITS {
        match store::nth_newest_account(tx, FREE_ACCOUNTS << times).await? {
            Some(made) if made > since => owed = LEAST_BITS + times,
            _ => break,
        }
    }
    Ok(i32::try_from(owed).unwrap_or_default())
}

/// How hard a puzzle somebody owes; nothing: none.
pub async fn owed(db: &impl ConnectionTrait, account_id: AccountId) -> Result<Option<u32>, DbErr> {
    let account = store::account(db, account_id).await?;
    Ok(account.and_then(|account| u32::try_from(account.owed_bits).ok()).filter(|bits| *bits > 0))
}

/// Looks at a puzzle's answer, spends it and takes what the account owes off it. Says whether it owed anything.
pub async fn prove(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    account_id: AccountId,
    proof: &Proof,
) -> Result<bool, Refusal> {
    let Some(owed) = owed(&**tx, account_id).await? else { return Ok(false) };
    let refused = |kind: Kind| Refusal { puzzle_bits: Some(owed), ..kind.into() };
    let sealed =
        Sealed::of(&deps.keys, proof.puzzle_id).filter(|puzzle| puzzle.expires_at > now && puzzle.bits >= owed);
    let Sealed { bits, expires_at } = sealed.ok_or_else(|| refused(Kind::PuzzleNeeded))?;
    if !solves(&salt(&deps.keys, proof.puzzle_id), &proof.answer, bits) {
        return Err(refused(Kind::PuzzleWrong));
    }
    if !store::spend_puzzle(tx, proof.puzzle_id, expires_at, now).await? {
        return Err(refused(Kind::PuzzleNeeded));
    }
    store::owe_nothing(tx, account_id).await?;
    Ok(true)
}

/// Leading zero bits that a puzzle asks for after so many wrong codes in the window.
pub fn bits_after(failures: u64) -> u32 {
    match failures / FREE {
        0 => 0,
        times => (LEAST_BITS + times.ilog2()).min(MOST_BITS),
    }
}

async fn bits_now(from: &impl ConnectionTrait, now: Timestamp) -> Result<u32, DbErr> {
    Ok(bits_after(store::failures_since(from, now.plus_seconds(-WINDOW_SECONDS)).await?))
}

/// A puzzle's price and end, written into its id: 4 bytes of seconds, 1 of bits, 5 of chance (with UUIDv8's marks), and 6
/// of a keyed hash over all of these.
struct Sealed {
    expires_at: Timestamp,
    bits: u32,
}

impl Sealed {
    fn into_id(self, keys: &Keys, chance: [u8; 5]) -> PuzzleId {
        let mut bytes = [0; 16];
        let seconds = u32::try_from(self.expires_at.seconds()).unwrap_or(u32::MAX);
        bytes[..4].copy_from_slice(&seconds.to_be_bytes());
        bytes[4] = u8::try_from(self.bits).unwrap_or(u8::MAX);
        bytes[5..10].copy_from_slice(&chance);
        let mut bytes = Builder::from_custom_bytes(bytes).into_uuid().into_bytes();
        let mac = keys.mac("puzzle", &[&bytes[..10]]);
        bytes[10..].copy_from_slice(&mac[..6]);
        PuzzleId(Uuid::from_bytes(bytes))
    }

    fn of(keys: &Keys, id: PuzzleId) -> Option<Self> {
        let bytes = id.0.as_bytes();
        let (said, mac) = bytes.split_at(10);
        let (seconds, rest) = said.split_first_chunk::<4>()?;
        same(mac, &keys.mac("puzzle", &[said])[..6]).then(|| Self {
            expires_at: Timestamp::from_millis(i64::from(u32::from_be_bytes(*seconds)) * 1000),
            bits: rest[0].into(),
        })
    }
}

/// Known to nobody who was not given the puzzle.
fn salt(keys: &Keys, id: PuzzleId) -> [u8; 16] {
    let mut salt = [0; 16];
    salt.copy_from_slice(&keys.mac("puzzle-salt", &[id.0.as_bytes()])[..16]);
    salt
}

/// A puzzle as hard as a code needs now, or as hard as its solver owes.
pub async fn give_puzzle(deps: &Deps, at_least: u32) -> Result<Puzzle, Refusal> {
    let now = deps.clock.now();
    let bits = bits_now(deps.db.read(), now).await?.max(at_least);
    let expires_at = Timestamp::from_millis(now.plus_seconds(PUZZLE_SECONDS).seconds() * 1000);
    let puzzle_id = Sealed { expires_at, bits }.into_id(&deps.keys, deps.chance.bytes());
    Ok(Puzzle { puzzle_id, salt: BASE64_URL_SAFE_NO_PAD.encode(salt(&deps.keys, puzzle_id)), bits, expires_at })
}

pub fn solves(salt: &[u8], answer: &str, bits: u32) -> bool {
    let hash = Sha256::new().chain_update(salt).chain_update(answer.as_bytes()).finalize();
    let mut zeros = 0;
    for byte in hash {
        zeros += byte.leading_zeros();
        if byte != 0 {
            break;
        }
    }
    zeros >= bits
}

/// Looks at a puzzle's answer and spends it. One that was given when guessing was cheaper does not count.
///
/// The guess counts as wrong from here on, until [`store::forgive`] takes it back: a thousand sent at once pay like a
/// thousand sent in turn.
pub async fn check_puzzle(deps: &Deps, command: &OpenWithCode) -> Result<Uuid, Refusal> {
    let now = deps.clock.now();
    let puzzle = Sealed::of(&deps.keys, command.puzzle_id).filter(|puzzle| puzzle.expires_at > now);
    let solved = |bits| solves(&salt(&deps.keys, command.puzzle_id), &command.answer, bits);
    let _turn = deps.porch.people.turn().await?;
    let tx = deps.db.begin().await?;
    let needed = bits_now(&*tx, now).await?;
    let refused = match puzzle {
        Some(Sealed { bits, expires_at }) if bits >= needed => {
            match store::spend_puzzle(&tx, command.puzzle_id, expires_at, now).await? {
                false => Some(Kind::PuzzleNeeded),
                true => (!solved(bits)).then_some(Kind::PuzzleWrong),
            }
        }
        _ => Some(Kind::PuzzleNeeded),
    };
    let guess = code_failure::Model { failure_id: deps.chance.uuid_v7(now), at: now };
    if refused.is_none() {
        store::insert_failure(&tx, guess.clone(), now.plus_seconds(-WINDOW_SECONDS)).await?;
    }
    tx.commit().await?;
    match refused {
        Some(kind) => Err(Refusal { puzzle_bits: Some(needed), ..kind.into() }),
        None => Ok(guess.failure_id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_grows_dearer_and_is_never_refused() {
        let table = [(0, 0), (19, 0), (20, 14), (39, 14), (40, 15), (1_000, 19), (5_000, 21), (1_000_000, 22)];
        for (failures, bits) in table {
            assert_eq!(bits_after(failures), bits, "{failures} wrong codes");
        }
    }

    #[test]
    fn an_answer_counts_only_with_its_zeros() {
        let salt = [7; 16];
        let solved = (0u64..).map(|n| n.to_string()).find(|n| solves(&salt, n, 10)).unwrap_or_default();
        assert!(solves(&salt, &solved, 10));
        assert!(!solves(&[8; 16], &solved, 10) || !solves(&[9; 16], &solved, 10));
        assert!(solves(&salt, "anything", 0));
    }
}
