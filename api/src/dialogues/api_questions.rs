use entities::words::{DialogueId, QuestionId, QuestionState};
use poem::web::Data;
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

use super::{
    events,
    model::AsSeen,
    model_events::DialogueEvents,
    model_questions::*,
    questions::{self, Listed},
    telling,
};
use crate::{
    deps::Deps,
    http::{
        Following, Received, Written,
        caller::{Officer, Youth},
        page::{Limit, Next},
        problem::Answer,
    },
    sync::{ActionResult, IdempotencyKey, one},
};

pub struct QuestionsApi(pub Deps);

/// What all who follow read may be kept for as long as a vote may go unseen.
const KEEP: &str = "public, max-age=2";
/// A page to which nothing comes: for as long as a question that is hidden again may still be seen by those who come late.
const KEEP_FULL: &str = "public, max-age=10";

#[derive(ApiResponse)]
enum PublicEvents {
    /// A page of what was told.
    #[oai(status = 200)]
    Page(Written<DialogueEvents>, #[oai(header = "Cache-Control")] String),
}

#[derive(ApiResponse)]
enum PublicStream {
    /// What is told, as it happens.
    #[oai(status = 200)]
    Open(Following, #[oai(header = "Cache-Control")] String),
}

#[derive(ApiResponse)]
enum PublicQuestions {
    /// A page of questions.
    #[oai(status = 200)]
    Page(Json<QuestionPage>, #[oai(header = "Cache-Control")] String),
}

fn after(next: Option<&str>) -> Answer<Option<(i64, QuestionId)>> {
    let next = next.map(Next::<QuestionId>::parse).transpose()?;
    Ok(next.map(|next| (next.at, next.id)))
}

fn page((items, last): Listed) -> QuestionPage {
    QuestionPage { items, epoch: None, pos: None, next: last.map(|(at, id)| Next { at, id }.written()) }
}

#[OpenApi(prefix_path = "/api/v1/dialogues", tag = "crate::app::Tag::Dialogues")]
impl QuestionsApi {
    /// List the questions of a dialogue
    ///
    /// Audience: anyone, from any page. What an officer has shown, answered or not, fifty at a time for all alike. Nothing tells who
    /// asked or voted.
    #[oai(path = "/:dialogue_id/questions", method = "get", operation_id = "list_questions")]
    async fn list(
        &self,
        dialogue_id: Path<DialogueId>,
        order: Query<Option<QuestionOrder>>,
        /// The `next` of the page before.
        next: Query<Option<String>>,
    ) -> Answer<PublicQuestions> {
        let after = after(next.0.as_deref())?;
        // The place comes first: what is told meanwhile may stand in the list already, and harms nobody who reads it again.
        let (epoch, pos) = events::head(&self.0, dialogue_id.0).await?;
        let listed = questions::list(&self.0, dialogue_id.0, order.0.unwrap_or_default(), after).await?;
        let page = QuestionPage { epoch: Some(epoch), pos: Some(pos), ..page(listed) };
        Ok(PublicQuestions::Page(Json(page), KEEP.to_owned()))
    }

    /// Follow a dialogue
    ///
    /// Audience: anyone, from any page. Server-sent events, the same for all: `here` with `{epoch, pos, viewers}` says where the
    /// stream begins; `told` is a `DialogueEvent`, each once and in the order of their places; `votes` with `{votes: [{question_id,
    /// votes}]}` gives the counts that are others than before, `viewers` with `{viewers}` how many follow; a comment after each
    /// 20 s of silence. It may end at any time, and whoever takes too little of it is let go: come back after the time that `retry`
    /// gives, and read in the pages of `list_dialogue_events` what `here` says that was missed. 503 when no place is free.
    #[oai(path = "/:dialogue_id/stream", method = "get", operation_id = "follow_dialogue")]
    async fn follow(&self, dialogue_id: Path<DialogueId>) -> Answer<PublicStream> {
        let follows = telling::follow(&self.0, dialogue_id.0).await?;
        Ok(PublicStream::Open(Following(follows), "no-store".to_owned()))
    }

    /// List what was told in a dialogue
    ///
    /// Audience: anyone, from any page. Page N holds the places from 100 N + 1 to 100 N + 100, and is the same for all: of each thing
    /// only what was told of it last there, as it is now.
    #[oai(path = "/:dialogue_id/events", method = "get", operation_id = "list_dialogue_events")]
    async fn events(
        &self,
        dialogue_id: Path<DialogueId>,
        /// From 0.
        page: Query<u32>,
    ) -> Answer<PublicEvents> {
        let page = events::page(&self.0, dialogue_id.0, page.0).await?;
        let keep = if page.complete { KEEP_FULL } else { KEEP };
        Ok(PublicEvents::Page(page.written, keep.to_owned()))
    }

    /// List questions to decide
    ///
    /// Audience: officer. Those of one state; of what waits the most urgent first, of the rest what was decided last. Nothing tells
    /// who asked or voted. The audit log keeps who looked.
    #[oai(path = "/:dialogue_id/questions/box", method = "get", operation_id = "list_boxed_questions")]
    async fn in_box(
        &self,
        caller: Officer,
        dialogue_id: Path<DialogueId>,
        /// Nothing: `waiting`.
        state: Query<Option<QuestionState>>,
        limit: Query<Option<Limit>>,
        /// The `next` of the page before.
        next: Query<Option<String>>,
    ) -> Answer<Json<QuestionPage>> {
        let (after, limit) = (after(next.0.as_deref())?, Limit::or_default(limit.0));
        let state = state.0.unwrap_or(QuestionState::Waiting);
        let listed = questions::in_box(&self.0, &caller.0.who, dialogue_id.0, state, after, limit).await?;
        Ok(Json(page(listed)))
    }

    /// List one's own questions in a dialogue
    ///
    /// Audience: youth. The newest first, with what became of each.
    #[oai(path = "/:dialogue_id/questions/mine", method = "get", operation_id = "list_own_questions")]
    async fn mine(
        &self,
        caller: Youth,
        dialogue_id: Path<DialogueId>,
        limit: Query<Option<Limit>>,
        /// The `next` of the page before.
        next: Query<Option<String>>,
    ) -> Answer<Json<QuestionPage>> {
        let (after, limit) = (after(next.0.as_deref())?, Limit::or_default(limit.0));
        let listed = questions::mine(&self.0, &caller.0.who, Some(dialogue_id.0), after, limit).await?;
        Ok(Json(page(listed)))
    }

    /// Vote for a question
    ///
    /// Audience: youth. Once a device, while the dialogue is live and the question is not answered; who asked it does already. Which
    /// device did is kept as a keyed hash, with nobody's name and for thirty days after the dialogue. It is no action and waits in no
    /// queue.
    #[oai(path = "/questions/:question_id/vote", method = "post", operation_id = "vote_for_question")]
    async fn vote(&self, caller: Youth, question_id: Path<QuestionId>) -> Answer<Json<AskedQuestion>> {
        Ok(Json(questions::vote(&self.0, &caller.0, question_id.0, true).await?))
    }

    /// Take a vote back
    ///
    /// Audience: youth. Once more, it changes nothing. Who asked it always votes for it.
    #[oai(path = "/questions/:question_id/vote", method = "delete", operation_id = "take_vote_back")]
    async fn take_vote_back(&self, caller: Youth, question_id: Path<QuestionId>) -> Answer<Json<AskedQuestion>> {
        Ok(Json(questions::vote(&self.0, &caller.0, question_id.0, false).await?))
    }

    /// Ask a question
    ///
    /// Audience: youth. In a dialogue that is live. Nobody else reads it before an officer has shown it. The same as the action
    /// `question-ask`.
    #[oai(path = "/questions", method = "post", operation_id = "ask_question")]
    async fn ask(
        &self,
        caller: Youth,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        received: Data<&Received>,
        _command: Json<AskQuestion>,
    ) -> Answer<Json<ActionResult>> {
        Ok(Json(one(&self.0, &caller.0, key.0, "question-ask", received.0, None).await?))
    }

    /// Take a question back
    ///
    /// Audience: youth (her own), while it waits. It goes for everybody. The same as the action `question-take-back`.
    #[oai(path = "/questions/:question_id/taking-back", method = "post", operation_id = "take_question_back")]
    async fn take_back(
        &self,
        caller: Youth,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        question_id: Path<QuestionId>,
        received: Data<&Received>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("question_id", question_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "question-take-back", received.0, path).await?))
    }

    /// Show a question
    ///
    /// Audience: officer in a seat, lead. To all, from now on. The same as the action `question-show`.
    #[oai(path = "/questions/:question_id/showing", method = "post", operation_id = "show_question")]
    async fn show(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        question_id: Path<QuestionId>,
        received: Data<&Received>,
        _command: Json<AsSeen>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("question_id", question_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "question-show", received.0, path).await?))
    }

    /// Hide a question
    ///
    /// Audience: officer in a seat, lead. Its writer is told why. The same as the action `question-hide`.
    #[oai(path = "/questions/:question_id/hiding", method = "post", operation_id = "hide_question")]
    async fn hide(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        question_id: Path<QuestionId>,
        received: Data<&Received>,
        _command: Json<QuestionHiding>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("question_id", question_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "question-hide", received.0, path).await?))
    }

    /// Merge a question into another
    ///
    /// Audience: officer in a seat, lead. Its votes count with the other's, and so does what was merged into it. The same as the action `question-merge`.
    #[oai(path = "/questions/:question_id/merging", method = "post", operation_id = "merge_question")]
    async fn merge(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        question_id: Path<QuestionId>,
        received: Data<&Received>,
        _command: Json<QuestionMerging>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("question_id", question_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "question-merge", received.0, path).await?))
    }

    /// Assign a question
    ///
    /// Audience: officer in a seat, lead. To the seat where it is to be answered. The same as the action `question-assign`.
    #[oai(path = "/questions/:question_id/assignment", method = "post", operation_id = "assign_question")]
    async fn assign(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        question_id: Path<QuestionId>,
        received: Data<&Received>,
        _command: Json<QuestionAssignment>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("question_id", question_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "question-assign", received.0, path).await?))
    }

    /// Answer a question
    ///
    /// Audience: officer in a seat, lead; once the dialogue is over any officer in writing. Where in the dialogue it is answered, or in writing, for all to
    /// read. The same as the action `question-answer`.
    #[oai(path = "/questions/:question_id/answer", method = "post", operation_id = "answer_question")]
    async fn answer(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        question_id: Path<QuestionId>,
        received: Data<&Received>,
        _command: Json<QuestionAnswering>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("question_id", question_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "question-answer", received.0, path).await?))
    }

    /// Mute who asked a question
    ///
    /// Audience: officer in a seat, lead. The device, in this dialogue, while it is live: for 1 minute, then 5, then 30, then to the end. The same as the action `question-mute`.
    #[oai(path = "/questions/:question_id/mute", method = "post", operation_id = "mute_asker")]
    async fn mute(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        question_id: Path<QuestionId>,
        received: Data<&Received>,
        _command: Json<AsSeen>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("question_id", question_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "question-mute", received.0, path).await?))
    }
}
