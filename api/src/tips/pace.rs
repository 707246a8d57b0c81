//! How often a topic may wake a phone: a pure function.

use entities::tip;

use super::model::MOST_A_WEEK;
use crate::base::listed::words_of;

const WEEK_MILLIS: i64 = 7 * 24 * 3600 * 1000;

/// Whether a phone could get more of a topic within a week than it should, with one more among others of that topic.
/// Urgent ones and such as were taken back do not count.
pub fn too_many(new: &tip::Model, others: &[tip::Model]) -> bool {
    let mut times: Vec<i64> = others
        .iter()
        .filter(|other| other.topic == new.topic && !other.urgent && other.recalled_at.is_none())
        .filter(|other| meet(&other.municipalities, &new.municipalities))
        .map(|other| other.published_at.millis())
        .collect();
    times.push(new.published_at.millis());
    times.sort_unstable();
    times.windows(MOST_A_WEEK + 1).any(|some| match some {
        [first, .., last] => last - first < WEEK_MILLIS && some.contains(&new.published_at.millis()),
        _ => false,
    })
}

/// Whether a phone can have asked for both.
fn meet(one: &str, other: &str) -> bool {
    let all = |list| words_of(list).next().is_none();
    all(one) || all(other) || words_of(one).any(|code| words_of(other).any(|another| another == code))
}

#[cfg(test)]
mod tests {
    use entities::words::{AccountId, Timestamp, TipAction, TipId, Topic};
    use uuid::Uuid;

    use super::*;

    fn tip(topic: Topic, municipalities: &str, hour: i64) -> tip::Model {
        let at = Timestamp::from_millis(1_795_551_240_000).plus_seconds(hour * 3600);
        tip::Model {
            tip_id: TipId(Uuid::nil()),
            topic,
            municipalities: municipalities.to_owned(),
            age_bands: ",".to_owned(),
            languages: ",".to_owned(),
            text: String::new(),
            text_en: None,
            text_easy: None,
            action: TipAction::Read,
            author_id: AccountId(Uuid::nil()),
            public_number: None,
            published_at: at,
            expires_at: at,
            urgent: false,
            recalled_at: None,
            recalled_by_number: None,
            revision: 1,
        }
    }

    #[test]
    fn a_phone_gets_two_of_a_topic_a_week() {
        const LULEÅ: &str = ",2580,";
        let of = |place, hour| tip(Topic::Scams, place, hour);
        let two = [of(LULEÅ, 0), of(LULEÅ, 24)];
        assert!(!too_many(&of(LULEÅ, 24), &two[..1]));
        assert!(too_many(&of(LULEÅ, 48), &two));
        assert!(too_many(&of(",2580,2480,", 167), &two), "some phones asked for both places");
        assert!(too_many(&of(",", 48), &two), "all phones, so also these");
        assert!(!too_many(&of(LULEÅ, 168), &two), "a week after the first");
        assert!(!too_many(&of(",2480,", 48), &two), "other phones");
        assert!(!too_many(&tip(Topic::Hate, LULEÅ, 48), &two), "another topic");
        // One that is put between two that are planned.
        assert!(too_many(&of(LULEÅ, 100), &[of(LULEÅ, 0), of(LULEÅ, 160)]));
        assert!(!too_many(&of(LULEÅ, 100), &[of(LULEÅ, 0), of(LULEÅ, 270)]));
        let quiet = [
            tip::Model { urgent: true, ..of(LULEÅ, 1) },
            tip::Model { recalled_at: Some(two[0].published_at), ..of(LULEÅ, 2) },
        ];
        assert!(!too_many(&of(LULEÅ, 48), &[quiet[0].clone(), quiet[1].clone(), of(LULEÅ, 3)]));
        // That there are too many already is not its fault.
        assert!(!too_many(&of(LULEÅ, 400), &[of(LULEÅ, 0), of(LULEÅ, 1), of(LULEÅ, 2)]));
    }
}
