//! Codes and the puzzle in front of them.
//!
//! A code is known as HMAC(key, Argon2id(code, site salt)); at most two such hashes run at once, which is what bounds all
//! guessing: see SECURITY.md. Below [`FREE`] wrong codes in ten minutes the puzzle is empty; from there its bits grow with
//! the logarithm of the count. Nobody is ever refused for the count, because a whole school may share one address.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use entities::{
    code_failure, puzzle,
    words::{PuzzleId, Timestamp},
};
use sea_orm::{ConnectionTrait, DbErr};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::{
    model::{OpenWithCode, Puzzle},
    store,
};
use crate::{
    base::refusal::{Kind, Refusal},
    deps::Deps,
};

/// Wrong codes in the window that cost nobody anything.
const FREE: u64 = 20;
const WINDOW_SECONDS: i64 = 600;
const PUZZLE_SECONDS: i64 = 600;
const MOST_BITS: u32 = 22;

/// Room for 33 MiB, of which 19 are touched: an allocator keeps smaller pieces for each thread (measured: 250 MiB after
/// fifteen codes), and gives one of this size back to the machine as soon as the hash is done.
const MAPPED_BLOCKS: usize = 33 * 1024;

static HASHES: Semaphore = Semaphore::const_new(2);

/// The keyed hash by which the server knows a code.
pub async fn code_mac(deps: &Deps, code: &str) -> Result<Vec<u8>, Refusal> {
    let turn = HASHES.acquire().await.map_err(Refusal::fault)?;
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

/// Leading zero bits that a puzzle asks for after so many wrong codes in the window.
pub fn bits_after(failures: u64) -> u32 {
    match failures / FREE {
        0 => 0,
        times => (14 + times.ilog2()).min(MOST_BITS),
    }
}

async fn bits_now(from: &impl ConnectionTrait, now: Timestamp) -> Result<u32, DbErr> {
    Ok(bits_after(store::failures_since(from, now.plus_seconds(-WINDOW_SECONDS)).await?))
}

pub async fn give_puzzle(deps: &Deps) -> Result<Puzzle, Refusal> {
    let now = deps.clock.now();
    let row = puzzle::Model {
        puzzle_id: PuzzleId(deps.chance.uuid_v4()),
        salt: deps.chance.bytes::<16>().to_vec(),
        bits: i32::try_from(bits_now(deps.db.read(), now).await?).unwrap_or(i32::MAX),
        expires_at: now.plus_seconds(PUZZLE_SECONDS),
    };
    store::insert_puzzle(deps, row.clone(), now).await?;
    Ok(Puzzle {
        puzzle_id: row.puzzle_id,
        salt: BASE64_URL_SAFE_NO_PAD.encode(&row.salt),
        bits: row.bits.unsigned_abs(),
        expires_at: row.expires_at,
    })
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

/// Takes the puzzle away and looks at its answer. One that was given when guessing was cheaper does not count.
///
/// The guess counts as wrong from here on, until [`store::forgive`] takes it back: a thousand sent at once pay like a
/// thousand sent in turn.
pub async fn check_puzzle(deps: &Deps, command: &OpenWithCode) -> Result<Uuid, Refusal> {
    let now = deps.clock.now();
    let tx = deps.db.begin().await?;
    let needed = bits_now(&*tx, now).await?;
    let row = store::take_puzzle(&tx, command.puzzle_id, now).await?;
    let refused = match &row {
        Some(row) if row.bits.unsigned_abs() >= needed => {
            (!solves(&row.salt, &command.answer, row.bits.unsigned_abs())).then_some(Kind::PuzzleWrong)
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
