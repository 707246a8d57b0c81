//! What a youth is asked of a talk: one press while it goes on and two when it is over. Nothing has to be answered, and nothing is
//! asked of a talk that ever told of danger, of harming oneself or of extortion. Nobody reads an answer; sums alone are made of them.

use std::sync::LazyLock;

use entities::{
    conversation,
    words::{ConversationId, ConversationState, Role, SurveyQuestion, Timestamp},
};
use sea_orm::DbErr;
use serde::Deserialize;

use super::{
    model::AnswerSurvey,
    service::{self, by_itself},
    triage,
};
use crate::base::{
    actions::{Act, Decided},
    db::Tx,
    refusal::{Kind, Refusal},
};

static UNASKED: LazyLock<Unasked> = LazyLock::new(built_in);

#[expect(clippy::expect_used, reason = "built in, and read by a test")]
fn built_in() -> Unasked {
    serde_json::from_str(include_str!("../../survey/unasked-1.json")).expect("the words of extortion")
}

/// Words of pictures that somebody spreads or threatens with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unasked {
    sv: Vec<String>,
    en: Vec<String>,
}

pub fn tells_of_extortion(text: &str) -> bool {
    triage::are_in(UNASKED.sv.iter().chain(&UNASKED.en), &triage::plain(text))
}

/// Nothing is asked of the talk from now on, and what was answered is forgotten.
pub fn never(row: &mut conversation::Model) {
    row.unsurveyed = true;
    (row.would_have_called, row.would_have_told, row.helped) = (None, None, None);
}

/// The same of talks about something that was told elsewhere.
pub async fn leave_unsurveyed(tx: &Tx, now: Timestamp, ids: Vec<ConversationId>) -> Result<(), DbErr> {
    let new = |row: &mut conversation::Model| {
        let new = !row.unsurveyed;
        never(row);
        new
    };
    by_itself(tx, now, ids, new).await.map(drop)
}

/// What its youth may be asked of a talk as it stands.
pub fn may_be_asked(row: &conversation::Model) -> Vec<SurveyQuestion> {
    let closed = row.state == ConversationState::Closed;
    let goes_on = !closed && row.last_youth_pos > 0;
    // Of one that nobody answered there is nothing to say.
    let over = closed && row.last_officer_pos > 0;
    let each = [
        (SurveyQuestion::WouldHaveCalled, goes_on && row.would_have_called.is_none()),
        (SurveyQuestion::WouldHaveTold, over && row.would_have_told.is_none()),
        (SurveyQuestion::Helped, over && row.helped.is_none()),
    ];
    each.into_iter().filter(|(_, may)| *may && !row.unsurveyed).map(|(question, _)| question).collect()
}

/// Keeps answers. Her own phones are told that they are given, and no officer.
pub async fn answer(tx: &Tx, now: Timestamp, acts: &[Act<AnswerSurvey>]) -> Result<Vec<Decided>, DbErr> {
    service::transition_for_youth(
        tx,
        now,
        acts,
        |command| command.conversation_id,
        |row, act| {
            if act.who.role != Role::Youth {
                return Err(Kind::RoleRefused.into());
            }
            let AnswerSurvey { asked, answer, .. } = act.command;
            if !may_be_asked(row).contains(&asked) {
                return Err(Refusal::of(Kind::Conflict).detail("that is not asked of this talk, or was answered"));
            }
            *match asked {
                SurveyQuestion::WouldHaveCalled => &mut row.would_have_called,
                SurveyQuestion::WouldHaveTold => &mut row.would_have_told,
                SurveyQuestion::Helped => &mut row.helped,
            } = Some(answer);
            Ok(true)
        },
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_extortion_are_known_in_both_languages() {
        for told in [
            "Han säger att han sprider bilder på mig",
            "någon har en NAKENBILD på mig",
            "det är utpressning, jag ska betala",
            "he says he will leak my photos",
            "I sent nudes and now he wants money",
        ] {
            assert!(tells_of_extortion(told), "{told}");
        }
        for told in ["Får man spela poker?", "De sprider rykten om mig", "hur bildar man en förening", "a nice picture"]
        {
            assert!(!tells_of_extortion(told), "{told}");
        }
    }
}
