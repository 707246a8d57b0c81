//! The rules: which documents are good, which one counts, and whether answers are answers to it.

use std::collections::{BTreeSet, HashMap, HashSet};

use entities::{
    questionnaire,
    words::{EventKind, QuestionForm, Timestamp},
};
use poem_openapi::types::{ParseFromJSON, ToJSON};
use sea_orm::{ConnectionTrait, DbErr, Iterable};

use super::{model::*, store};
use crate::{
    base::refusal::{Kind, Refusal},
    deps::Deps,
};

/// What the program brings.
const BROUGHT: &[&str] = &[include_str!("../../questionnaires/1.json")];

/// Reads a document and says what is wrong with it.
fn read(text: &str) -> Result<Questionnaire, String> {
    let value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let document = Questionnaire::parse_from_json(Some(value)).map_err(|error| error.into_message())?;
    whole(&document)?;
    Ok(document)
}

fn is_id(id: &str) -> bool {
    let signs = |id: &str| id.bytes().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == b'-');
    (1..=40).contains(&id.len()) && id.starts_with(|sign: char| sign.is_ascii_lowercase()) && signs(id)
}

fn said(text: &InLanguages) -> bool {
    [Some(&text.sv), Some(&text.en), text.easy.as_ref()].into_iter().flatten().all(|text| !text.trim().is_empty())
}

fn lines(lines: &Lines) -> bool {
    let each = [&lines.sv, &lines.en, &lines.easy];
    each.into_iter().all(|lines| !lines.is_empty() && lines.iter().all(|line| !line.trim().is_empty()))
}

fn whole(document: &Questionnaire) -> Result<(), String> {
    let must = |holds: bool, why: String| if holds { Ok(()) } else { Err(why) };
    must(document.version > 0, "the version is a number from 1 on".into())?;
    let mut questions: HashMap<&str, &Question> = HashMap::new();
    for question in &document.questions {
        let id = &question.id;
        must(is_id(id), format!("the question {id:?}: an id is small letters, figures and hyphens"))?;
        must(questions.insert(id, question).is_none(), format!("the question {id} stands there twice"))?;
        must(
            said(&question.ask) && question.hint.as_ref().is_none_or(said),
            format!("the question {id} lacks a language"),
        )?;
        let options = question.options.as_deref().unwrap_or_default();
        let chosen = matches!(question.form, QuestionForm::One | QuestionForm::Many);
        must(chosen != options.is_empty(), format!("the question {id}: options belong to the forms one and many"))?;
        let ids: HashSet<&str> = options.iter().map(|option| &*option.id).collect();
        let good = options.iter().all(|option| is_id(&option.id) && said(&option.label));
        must(
            good && ids.len() == options.len(),
            format!("the question {id} has options without a name, or twice the same"),
        )?;
        let longest = question
            .longest
            .is_none_or(|longest| question.form == QuestionForm::Words && (1..=8000).contains(&longest));
        must(longest, format!("the question {id}: a bound belongs to words, and is at most 8000"))?;
    }
    let kinds: HashSet<EventKind> = document.kinds.iter().map(|kind| kind.kind).collect();
    must(
        kinds.len() == document.kinds.len() && EventKind::iter().all(|kind| kinds.contains(&kind)),
        "every kind of event stands there once".into(),
    )?;
    let mut asked = BTreeSet::new();
    for kind in &document.kinds {
        let name = kind.kind.word();
        must(said(&kind.name) && said(&kind.hint), format!("{name} lacks a language"))?;
        let guide = &kind.guide;
        must(
            [&guide.do_now, &guide.save, &guide.never_send].into_iter().all(lines),
            format!("the guide of {name} is not whole"),
        )?;
        for helper in &guide.who_helps {
            let tel =
                helper.tel.as_ref().is_none_or(|tel| !tel.is_empty() && tel.bytes().all(|sign| sign.is_ascii_digit()));
            let url = helper.url.as_ref().is_none_or(|url| url.starts_with("https://"));
            must(
                said(&helper.name) && tel && url,
                format!("somebody who helps with {name} cannot be reached as it is written"),
            )?;
        }
        must(!guide.who_helps.is_empty(), format!("nobody helps with {name}"))?;
        let mut before: HashSet<&str> = HashSet::new();
        let mut forms: HashMap<QuestionForm, usize> = HashMap::new();
        for id in &kind.questions {
            let question = questions.get(&**id).ok_or_else(|| format!("{name} asks {id:?}, which is no question"))?;
            if let Some(Condition { question: on, any_of }) = &question.when {
                let known = questions.get(&**on).filter(|_| before.contains(&**on));
                let options = known.and_then(|question| question.options.as_ref()).ok_or_else(|| {
                    format!("{name} asks {id} after {on:?}, which is no choice that was asked before it")
                })?;
                let good = any_of.iter().all(|any| options.iter().any(|option| option.id == *any));
                must(good && !any_of.is_empty(), format!("{id} is asked after an answer that {on} does not have"))?;
            }
            must(before.insert(id), format!("{name} asks {id} twice"))?;
            *forms.entry(question.form).or_default() += 1;
            asked.insert(&**id);
        }
        let of = |form| forms.get(&form).copied().unwrap_or_default();
        must(of(QuestionForm::Account) == 1, format!("{name} asks once what happened"))?;
        let most_one =
            [QuestionForm::Time, QuestionForm::Place, QuestionForm::Area, QuestionForm::Links, QuestionForm::Files];
        must(most_one.into_iter().all(|form| of(form) <= 1), format!("{name} asks twice for the same"))?;
    }
    must(asked.len() == questions.len(), "a question is asked of nobody".into())
}

/// All that there are, as they are stored and brought; a stored one of the same version counts.
async fn all(db: &impl ConnectionTrait) -> Result<HashMap<i32, Questionnaire>, DbErr> {
    let stored = store::all(db).await?.into_iter().map(|row| row.document);
    let brought = BROUGHT.iter().map(|text| (*text).to_owned());
    let documents = brought.chain(stored).map(|text| read(&text).map_err(DbErr::Custom));
    documents.map(|document| document.map(|document| (document.version, document))).collect()
}

/// Looks at every document; the program does not start with one that is not whole.
pub async fn check_all(deps: &Deps) -> Result<(), String> {
    all(deps.db.read()).await.map(drop).map_err(|error| format!("a questionnaire is not whole: {error}"))
}

pub async fn current(deps: &Deps) -> Result<Questionnaire, Refusal> {
    let now = deps.clock.now();
    let all = all(deps.db.read()).await?;
    let valid = all.values().filter(|document| document.valid_from <= now).max_by_key(|document| document.version);
    let first = || all.values().min_by_key(|document| document.version);
    valid.or_else(first).cloned().ok_or_else(|| Refusal::fault("there is no questionnaire"))
}

pub async fn version(deps: &Deps, version: i32) -> Result<Questionnaire, Refusal> {
    all(deps.db.read()).await?.remove(&version).ok_or_else(|| Kind::NotFound.into())
}

/// Those of these versions that there are.
pub async fn versions(deps: &Deps, wanted: HashSet<i32>) -> Result<HashMap<i32, Questionnaire>, Refusal> {
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let mut all = all(deps.db.read()).await?;
    all.retain(|version, _| wanted.contains(version));
    Ok(all)
}

/// Adds a document. Loaded again it changes nothing; a version never changes.
pub async fn load(deps: &Deps, text: &str) -> Result<(i32, Timestamp), String> {
    let document = read(text)?;
    let (version, valid_from) = (document.version, document.valid_from);
    let said = |error: DbErr| error.to_string();
    let tx = deps.db.begin_in_turn().await.map_err(said)?;
    let known = all(&*tx).await.map_err(said)?;
    match known.get(&version) {
        Some(same) if *same == document => return Ok((version, valid_from)),
        Some(_) => {
            return Err(format!("version {version} is known and is never changed: give the new one another number"));
        }
        None => {}
    }
    let document = document.to_json_string();
    let row = questionnaire::Model { version, valid_from, document, loaded_at: deps.clock.now() };
    store::insert(&tx, row).await.map_err(said)?;
    tx.commit().await.map_err(said)?;
    Ok((version, valid_from))
}

/// Whether these are answers to what this kind is asked. Answers whose question was not asked, because another was answered
/// otherwise, are no fault: a phone may have sent what was written before.
pub fn fits(document: &Questionnaire, kind: EventKind, answers: &[QuestionAnswer]) -> Result<(), Refusal> {
    let unfit = |id: &str, why: &str| Err(Refusal::of(Kind::AnswersUnfit).detail(format!("{id}: {why}")));
    let asked = document.kinds.iter().find(|of| of.kind == kind).map_or(&[][..], |of| &of.questions);
    let mut answered = HashSet::new();
    for QuestionAnswer { question_id, options, words } in answers {
        let id = &**question_id;
        let question = document.questions.iter().find(|question| question.id == id);
        let Some(question) = question.filter(|_| asked.iter().any(|asked| asked == id)) else {
            return unfit(id, "this is not asked");
        };
        if !answered.insert(id) {
            return unfit(id, "it is answered twice");
        }
        let chosen = options.as_deref().unwrap_or_default();
        let known = question.options.as_deref().unwrap_or_default();
        let among = |one: &str| known.iter().any(|option| option.id == one);
        let distinct: HashSet<&str> = chosen.iter().map(|one| &**one).collect();
        match question.form {
            QuestionForm::One if chosen.len() != 1 || words.is_some() => return unfit(id, "one is to be chosen"),
            QuestionForm::Many if chosen.is_empty() || words.is_some() => return unfit(id, "some are to be chosen"),
            QuestionForm::One | QuestionForm::Many => {
                if distinct.len() != chosen.len() || !chosen.iter().all(|one| among(one)) {
                    return unfit(id, "what was chosen is not among the answers");
                }
            }
            QuestionForm::Words => {
                let longest =
                    question.longest.and_then(|longest| usize::try_from(longest).ok()).unwrap_or(LONGEST_ANSWER);
                match words.as_deref().map(|words| words.trim().chars().count()) {
                    None | Some(0) => return unfit(id, "it is answered in words"),
                    Some(count) if count > longest || options.is_some() => {
                        return unfit(id, &format!("it is answered in at most {longest} characters"));
                    }
                    Some(_) => {}
                }
            }
            _ => return unfit(id, "it has a field of its own"),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_program_brings_is_whole() {
        for text in BROUGHT {
            assert_eq!(read(text).map(drop), Ok(()));
        }
    }

    #[test]
    fn what_is_not_whole_is_refused_by_name() {
        let text = BROUGHT.first().copied().unwrap_or_default();
        for (broken, why) in [
            (text.replace("\"id\": \"knows\"", "\"id\": \"Knows!\""), "an id is small letters"),
            (text.replace("\"question\": \"knows\"", "\"question\": \"who\""), "no choice that was asked before"),
            (text.replace("\"kind\": \"party\"", "\"kind\": \"drugs\""), "every kind of event stands there once"),
            (text.replace("\"form\": \"account\"", "\"form\": \"words\""), "asks once what happened"),
            (text.replace("https://", "http://"), "cannot be reached"),
        ] {
            assert_ne!(broken, text, "{why}: the test changed nothing");
            let said = read(&broken).err().unwrap_or_default();
            assert!(said.contains(why), "{why}: {said}");
        }
    }
}
