//! Who comes in by an invite.

use entities::{
    room_invite,
    words::{AccountId, ConversationId, RoomInviteState, Timestamp},
};

use super::model::MOST_WRONG;
use crate::base::refusal::{Kind, Refusal};

/// How a claim goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    In,
    /// The same account was let in before, to this talk.
    Again(ConversationId),
}

pub fn state(row: &room_invite::Model, now: Timestamp) -> RoomInviteState {
    if row.claimed_at.is_some() {
        RoomInviteState::Claimed
    } else if row.closed_at.is_some() {
        RoomInviteState::Closed
    } else if row.expires_at <= now {
        RoomInviteState::Late
    } else {
        RoomInviteState::Open
    }
}

/// Answers a claim, and counts a wrong word in the row.
pub fn answer(
    row: &mut room_invite::Model,
    account_id: AccountId,
    right: bool,
    now: Timestamp,
) -> Result<Way, Refusal> {
    match state(row, now) {
        RoomInviteState::Claimed => match (row.claimed_by, row.conversation_id) {
            (Some(claimed_by), Some(talk)) if claimed_by == account_id => Ok(Way::Again(talk)),
            _ => Err(Kind::RoomUsed.into()),
        },
        RoomInviteState::Closed => Err(Kind::RoomClosed.into()),
        RoomInviteState::Late => Err(Kind::RoomLate.into()),
        RoomInviteState::Open if right => Ok(Way::In),
        RoomInviteState::Open => {
            row.wrong_words += 1;
            match MOST_WRONG - row.wrong_words {
                left @ 1.. => Err(Refusal { tries_left: u32::try_from(left).ok(), ..Kind::WordWrong.into() }),
                _ => {
                    row.closed_at = Some(now);
                    Err(Kind::RoomClosed.into())
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use entities::words::{QuarterId, RoomInviteId};
    use uuid::Uuid;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_millis(1_795_551_240_000).plus_seconds(second)
    }

    fn account(nth: u128) -> AccountId {
        AccountId(Uuid::from_u128(nth))
    }

    fn invite() -> room_invite::Model {
        room_invite::Model {
            invite_id: RoomInviteId(Uuid::from_u128(1)),
            secret_mac: Some(vec![7]),
            quarter_id: QuarterId(Uuid::from_u128(2)),
            officer_id: account(3),
            officer_number: Some("07".to_owned()),
            made_at: at(0),
            expires_at: at(900),
            wrong_words: 0,
            closed_at: None,
            claimed_at: None,
            claimed_by: None,
            conversation_id: None,
        }
    }

    #[test]
    fn one_comes_in_with_the_word_and_in_time() {
        let (noa, talk) = (account(9), ConversationId(Uuid::from_u128(5)));
        let claimed = room_invite::Model {
            claimed_at: Some(at(1)),
            claimed_by: Some(noa),
            conversation_id: Some(talk),
            ..invite()
        };
        let closed = room_invite::Model { closed_at: Some(at(1)), ..invite() };
        let erased = room_invite::Model { claimed_by: None, conversation_id: None, ..claimed.clone() };
        let table = [
            ("with the word", invite(), noa, true, 0, Ok(Way::In)),
            ("at the last moment", invite(), noa, true, 899, Ok(Way::In)),
            ("too late", invite(), noa, true, 900, Err(Kind::RoomLate)),
            ("too late and without the word", invite(), noa, false, 900, Err(Kind::RoomLate)),
            ("without the word", invite(), noa, false, 0, Err(Kind::WordWrong)),
            ("closed", closed, noa, true, 2, Err(Kind::RoomClosed)),
            ("again", claimed.clone(), noa, true, 2, Ok(Way::Again(talk))),
            ("again, much later and with another word", claimed.clone(), noa, false, 9000, Ok(Way::Again(talk))),
            ("somebody else", claimed, account(8), true, 2, Err(Kind::RoomUsed)),
            ("again, when the talk was erased", erased, noa, true, 2, Err(Kind::RoomUsed)),
        ];
        for (what, mut row, who, right, second, expected) in table {
            let got = answer(&mut row, who, right, at(second)).map_err(|refusal| refusal.kind);
            assert_eq!(got, expected, "{what}");
        }
    }

    #[test]
    fn five_wrong_words_close_it() {
        let (mut row, noa) = (invite(), account(9));
        for left in [4, 3, 2, 1] {
            let refused = answer(&mut row, noa, false, at(1)).err();
            assert_eq!(refused.map(|refusal| (refusal.kind, refusal.tries_left)), Some((Kind::WordWrong, Some(left))));
        }
        let last = answer(&mut row, noa, false, at(1)).err().map(|refusal| refusal.kind);
        assert_eq!((last, row.closed_at), (Some(Kind::RoomClosed), Some(at(1))));
    }
}
