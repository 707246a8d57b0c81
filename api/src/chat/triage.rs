//! How urgent a talk is, from a youth's answers and words alone. The rules are data with a version. Words may raise and
//! never lower, and nothing here answers anybody.

use std::sync::LazyLock;

use entities::words::{DangerAnswer, HurtAnswer, Priority};
use serde::Deserialize;

use super::model::Triage;

static RULES: LazyLock<Rules> = LazyLock::new(built_in);

#[expect(clippy::expect_used, reason = "built in, and read by a test")]
fn built_in() -> Rules {
    serde_json::from_str(include_str!("../../triage/1.json")).expect("the rules of triage")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    version: i32,
    rules: Vec<Rule>,
    words: Vec<Words>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    when: When,
    priority: Priority,
    reason: String,
}

/// Every question that is named has one of these answers; nothing among them is none.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct When {
    danger: Option<Vec<Option<DangerAnswer>>>,
    hurt: Option<Vec<Option<HurtAnswer>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    reason: String,
    priority: Priority,
    self_harm: bool,
    sv: Vec<String>,
    en: Vec<String>,
}

/// What the rules say of one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    pub priority: Priority,
    pub reasons: Vec<String>,
    pub self_harm: bool,
}

pub fn version() -> i32 {
    RULES.version
}

/// Why a talk that nobody was asked about has its priority.
pub const NOT_ASKED: &str = "not-asked";

/// Of a talk that begins without answers and without words that raise.
pub fn unasked() -> Judgement {
    Judgement { priority: Priority::P3, reasons: vec![NOT_ASKED.to_owned()], self_harm: false }
}

/// What is told outside of a talk, where nobody was asked.
pub fn judged_words(text: &str) -> Judgement {
    let judged = judge(None, text).filter(|judged| judged.priority < Priority::P3);
    judged.unwrap_or(Judgement { priority: Priority::P3, reasons: Vec::new(), self_harm: false })
}

/// Nothing: there are neither answers nor words to go by.
pub fn judge(triage: Option<&Triage>, text: &str) -> Option<Judgement> {
    let place = triage.and_then(|triage| triage.whereabouts.as_deref()).unwrap_or_default();
    let said = plain(&format!("{text} {place}"));
    let answers = triage.map(|triage| (triage.danger, triage.hurt)).filter(|answers| *answers != (None, None));
    let by_answer = RULES.rules.iter().filter(|rule| answers.is_some_and(|answers| rule.when.holds(answers)));
    let by_word: Vec<_> = RULES.words.iter().filter(|words| words.are_in(&said)).collect();
    let found: Vec<_> = by_answer
        .map(|rule| (rule.priority, &rule.reason))
        .chain(by_word.iter().map(|words| (words.priority, &words.reason)))
        .collect();
    let priority = found.iter().map(|(priority, _)| *priority).min()?;
    // What pulled the other way is no reason.
    let reasons = found.iter().filter(|(of, _)| *of <= priority.max(Priority::P2)).map(|(_, reason)| (*reason).clone());
    Some(Judgement { priority, reasons: reasons.collect(), self_harm: by_word.iter().any(|words| words.self_harm) })
}

impl When {
    fn holds(&self, (danger, hurt): (Option<DangerAnswer>, Option<HurtAnswer>)) -> bool {
        self.danger.as_ref().is_none_or(|among| among.contains(&danger))
            && self.hurt.as_ref().is_none_or(|among| among.contains(&hurt))
    }
}

impl Words {
    fn are_in(&self, said: &str) -> bool {
        are_in(self.sv.iter().chain(&self.en), said)
    }
}

/// Whether one of some phrases stands in what was said, as [`plain`] gives it. A star stands for any ending.
pub fn are_in<'a>(phrases: impl IntoIterator<Item = &'a String>, said: &str) -> bool {
    phrases.into_iter().any(|phrase| match phrase.strip_suffix('*') {
        Some(stem) => said.contains(&format!(" {stem}")),
        None => said.contains(&format!(" {phrase} ")),
    })
}

/// In small letters, words apart by one blank, one before and one behind.
pub fn plain(text: &str) -> String {
    let text = text.to_lowercase();
    // As some keyboards write them.
    let text = text.replace("a\u{30a}", "å").replace("a\u{308}", "ä").replace("o\u{308}", "ö").replace('’', "'");
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty());
    words.fold(" ".to_owned(), |all, word| all + word + " ")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "constants")]
mod tests {
    use entities::words::Text;
    use sea_orm::Iterable;

    use super::*;

    fn triage(danger: Option<DangerAnswer>, hurt: Option<HurtAnswer>) -> Triage {
        Triage { danger, hurt, whereabouts: None }
    }

    #[test]
    fn what_answers_and_words_come_to() {
        use DangerAnswer as D;
        use HurtAnswer as H;
        use Priority::*;
        let table = [
            ("danger now", Some((Some(D::Yes), None)), "hjälp", Some((P1, vec!["danger-now"], false))),
            (
                "danger, nobody hurt yet",
                Some((Some(D::Yes), Some(H::No))),
                "hjälp",
                Some((P1, vec!["danger-now"], false)),
            ),
            (
                "no danger, but a weapon",
                Some((Some(D::No), Some(H::Yes))),
                "hej",
                Some((P1, vec!["hurt-or-weapon"], false)),
            ),
            ("not sure", Some((Some(D::Unsure), None)), "hej", Some((P2, vec!["danger-unsure"], false))),
            ("no danger", Some((Some(D::No), Some(H::No))), "hej", Some((P3, vec!["no-danger", "nobody-hurt"], false))),
            (
                "only a question",
                Some((Some(D::OnlyAsking), None)),
                "är ni riktiga poliser?",
                Some((P4, vec!["only-asking"], false)),
            ),
            (
                "a question, and somebody may be hurt",
                Some((Some(D::OnlyAsking), Some(H::Unsure))),
                "hej",
                Some((P2, vec!["hurt-unsure"], false)),
            ),
            ("nothing was asked", None, "någon skriver till mig", None),
            ("all was skipped", Some((None, None)), "hej", None),
            ("words raise", None, "de står UTANFÖR dörren!!", Some((P2, vec!["at-the-door-words"], false))),
            (
                "words raise what was answered",
                Some((Some(D::No), None)),
                "han har en kniv",
                Some((P2, vec!["weapon-words"], false)),
            ),
            (
                "words lower nothing",
                Some((Some(D::Yes), None)),
                "nej ingen fara, skämtar",
                Some((P1, vec!["danger-now"], false)),
            ),
            ("wanting to die", None, "jag vill dö", Some((P1, vec!["self-harm"], true))),
            ("in English", None, "I don’t want to live any more", Some((P1, vec!["self-harm"], true))),
            (
                "harming oneself",
                Some((Some(D::OnlyAsking), None)),
                "får man skära mig",
                Some((P1, vec!["self-harm"], true)),
            ),
            ("with a line between", None, "jag vill\n  dö", Some((P1, vec!["self-harm"], true))),
            ("as some keyboards write ö", None, "jag vill do\u{308}", Some((P1, vec!["self-harm"], true))),
            ("no word of it", None, "jag dör av skratt, vill dörren öppnas", None),
            ("a part of another word", None, "begun, gunnar och skäratmig", None),
            ("a stem", None, "självmordstankar", Some((P1, vec!["self-harm"], true))),
        ];
        for (what, answers, text, expected) in table {
            let answers = answers.map(|(danger, hurt)| triage(danger, hurt));
            let expected = expected.map(|(priority, reasons, self_harm)| Judgement {
                priority,
                reasons: reasons.into_iter().map(str::to_owned).collect(),
                self_harm,
            });
            assert_eq!(judge(answers.as_ref(), text), expected, "{what}");
        }
        let there = Triage { whereabouts: Some(Text("låst in mig på toaletten".to_owned())), ..triage(None, None) };
        assert_eq!(judge(Some(&there), "hjälp").unwrap().priority, P2, "words of the place count too");
    }

    #[test]
    fn every_answer_comes_to_something_and_every_list_is_whole() {
        for danger in DangerAnswer::iter().map(Some).chain([None]) {
            for hurt in HurtAnswer::iter().map(Some).chain([None]) {
                let judged = judge(Some(&triage(danger, hurt)), "hej");
                let answered = (danger, hurt) != (None, None);
                assert_eq!(judged.is_some(), answered, "{danger:?} {hurt:?}");
                assert!(judged.is_none_or(|judged| !judged.reasons.is_empty()), "{danger:?} {hurt:?}");
            }
        }
        for words in &RULES.words {
            for list in [&words.sv, &words.en] {
                assert!(!list.is_empty(), "{} in one language only", words.reason);
                for phrase in list {
                    let alone = judge(None, &phrase.replace('*', "")).unwrap();
                    assert!(alone.reasons.contains(&words.reason), "{phrase} is not found by itself");
                }
            }
        }
        assert!(RULES.words.iter().any(|words| words.self_harm && words.priority == Priority::P1));
    }
}
