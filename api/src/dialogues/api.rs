use entities::words::{DialogueId, FileId, Rendition};
use poem::web::Data;
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Header, Path, Query},
    payload::{Json, Response},
};

use super::{filming, model::*, service};
use crate::{
    deps::Deps,
    files::{Asked, KEEP_PUBLIC, PublicBytes, public_bytes},
    http::{
        Received,
        caller::Officer,
        page::{Limit, Next},
        problem::Answer,
    },
    posts::PublicCaptions,
    sync::{ActionResult, IdempotencyKey, one},
};

pub struct DialoguesApi(pub Deps);

/// Public answers may be kept for some seconds by anyone on the way: a thousand ask at once when a room opens.
const KEEP: &str = "public, max-age=5";

#[derive(ApiResponse)]
enum PublicDialogues {
    /// A page of dialogues.
    #[oai(status = 200)]
    Page(Json<DialoguePage>, #[oai(header = "Cache-Control")] String),
}

#[derive(ApiResponse)]
enum PublicDialogue {
    /// The dialogue.
    #[oai(status = 200)]
    Dialogue(Json<Dialogue>, #[oai(header = "Cache-Control")] String),
}

#[OpenApi(prefix_path = "/api/v1/dialogues", tag = "crate::app::Tag::Dialogues")]
impl DialoguesApi {
    /// List dialogues
    ///
    /// Audience: anyone, from any page. What is live or to come first, then what is over.
    #[oai(path = "/", method = "get", operation_id = "list_dialogues")]
    async fn list(
        &self,
        limit: Query<Option<Limit>>,
        /// The `next` of the page before.
        next: Query<Option<String>>,
    ) -> Answer<PublicDialogues> {
        let after = next.0.as_deref().map(Next::<DialogueId>::parse).transpose()?;
        let after = after.map(|next| (next.at, next.id));
        let (items, last) = service::list(&self.0, after, Limit::or_default(limit.0)).await?;
        let page = DialoguePage { items, next: last.map(|(at, id)| Next { at, id }.written()) };
        Ok(PublicDialogues::Page(Json(page), KEEP.to_owned()))
    }

    /// Get a dialogue
    ///
    /// Audience: anyone, from any page.
    #[oai(path = "/:dialogue_id", method = "get", operation_id = "get_dialogue")]
    async fn find(&self, dialogue_id: Path<DialogueId>) -> Answer<PublicDialogue> {
        let dialogue = service::find(&self.0, dialogue_id.0).await?;
        Ok(PublicDialogue::Dialogue(Json(dialogue), KEEP.to_owned()))
    }

    /// Read the film of a dialogue
    ///
    /// Audience: anyone, from any page. One that is kept here. A `Range` of one part is answered with that part; what the caller has
    /// already, by its `ETag`, with 304.
    #[oai(path = "/:dialogue_id/film/:file_id/:rendition", method = "get", operation_id = "read_dialogue_film")]
    async fn film_bytes(
        &self,
        dialogue_id: Path<DialogueId>,
        file_id: Path<FileId>,
        rendition: Path<Rendition>,
        /// As in `bytes=0-1023`.
        #[oai(name = "Range")]
        range: Header<Option<String>>,
        /// The part is wanted only of what has this `ETag`, and else the whole.
        #[oai(name = "If-Range")]
        if_range: Header<Option<String>>,
        #[oai(name = "If-None-Match")] if_none_match: Header<Option<String>>,
    ) -> Answer<Response<PublicBytes>> {
        let asked = Asked { range: range.0, if_range: if_range.0, if_none_match: if_none_match.0 };
        Ok(public_bytes(filming::read(&self.0, dialogue_id.0, file_id.0, rendition.0).await?, asked))
    }

    /// Get the captions of a dialogue's film
    ///
    /// Audience: anyone, from any page. As WebVTT, of a film that is kept here.
    #[oai(path = "/:dialogue_id/captions", method = "get", operation_id = "get_dialogue_captions")]
    async fn captions(
        &self,
        dialogue_id: Path<DialogueId>,
        /// The film's `captions_revision`; nothing: those of now.
        revision: Query<Option<i64>>,
    ) -> Answer<PublicCaptions> {
        let words = filming::captions(&self.0, dialogue_id.0, revision.0).await?;
        Ok(PublicCaptions::of(words, if revision.0.is_some() { KEEP_PUBLIC } else { KEEP }))
    }

    /// Announce a dialogue
    ///
    /// Audience: officer. The same as the action `dialogue-announce`.
    #[oai(path = "/", method = "post", operation_id = "announce_dialogue")]
    async fn announce(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        received: Data<&Received>,
        _command: Json<AnnounceDialogue>,
    ) -> Answer<Json<ActionResult>> {
        Ok(Json(one(&self.0, &caller.0, key.0, "dialogue-announce", received.0, None).await?))
    }

    /// Change a dialogue
    ///
    /// Audience: officer. Before it opens. The same as the action `dialogue-change`.
    #[oai(path = "/:dialogue_id/change", method = "post", operation_id = "change_dialogue")]
    async fn change(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        dialogue_id: Path<DialogueId>,
        received: Data<&Received>,
        _command: Json<DialogueChange>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("dialogue_id", dialogue_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "dialogue-change", received.0, path).await?))
    }

    /// Open a dialogue
    ///
    /// Audience: officer. From now on youths ask. The same as the action `dialogue-open`.
    #[oai(path = "/:dialogue_id/opening", method = "post", operation_id = "open_dialogue")]
    async fn open(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        dialogue_id: Path<DialogueId>,
        received: Data<&Received>,
        _command: Json<AsSeen>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("dialogue_id", dialogue_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "dialogue-open", received.0, path).await?))
    }

    /// End a dialogue
    ///
    /// Audience: officer. One that has not opened never does. The same as the action `dialogue-end`.
    #[oai(path = "/:dialogue_id/ending", method = "post", operation_id = "end_dialogue")]
    async fn end(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        dialogue_id: Path<DialogueId>,
        received: Data<&Received>,
        _command: Json<AsSeen>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("dialogue_id", dialogue_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "dialogue-end", received.0, path).await?))
    }

    /// Archive a dialogue
    ///
    /// Audience: officer. Once each question that is shown has a mark or a written answer. The same as the action `dialogue-archive`.
    #[oai(path = "/:dialogue_id/archiving", method = "post", operation_id = "archive_dialogue")]
    async fn archive(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        dialogue_id: Path<DialogueId>,
        received: Data<&Received>,
        _command: Json<AsSeen>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("dialogue_id", dialogue_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "dialogue-archive", received.0, path).await?))
    }

    /// Take or leave a seat
    ///
    /// Audience: officer. One that is free, or her own; a lead takes either from whoever has it. The same as the action `dialogue-seat`.
    #[oai(path = "/:dialogue_id/seat", method = "post", operation_id = "seat_dialogue")]
    async fn seat(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        dialogue_id: Path<DialogueId>,
        received: Data<&Received>,
        _command: Json<Seating>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("dialogue_id", dialogue_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "dialogue-seat", received.0, path).await?))
    }

    /// Pin a question
    ///
    /// Audience: officer in a seat, lead. Or none any more. The same as the action `dialogue-pin`.
    #[oai(path = "/:dialogue_id/pin", method = "post", operation_id = "pin_question")]
    async fn pin(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        dialogue_id: Path<DialogueId>,
        received: Data<&Received>,
        _command: Json<Pinning>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("dialogue_id", dialogue_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "dialogue-pin", received.0, path).await?))
    }

    /// Slow a dialogue
    ///
    /// Audience: officer in a seat, lead. How long each device waits between two questions. The same as the action `dialogue-slow`.
    #[oai(path = "/:dialogue_id/pace", method = "post", operation_id = "slow_dialogue")]
    async fn slow(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        dialogue_id: Path<DialogueId>,
        received: Data<&Received>,
        _command: Json<Slowing>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("dialogue_id", dialogue_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "dialogue-slow", received.0, path).await?))
    }

    /// Set the film of a dialogue
    ///
    /// Audience: officer in a seat, lead. At an address, or a file that follows, announced with `dialogue_id`: while it goes on, and
    /// afterwards too. The same as the action `dialogue-film`.
    #[oai(path = "/:dialogue_id/film", method = "post", operation_id = "set_dialogue_film")]
    async fn film(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        dialogue_id: Path<DialogueId>,
        received: Data<&Received>,
        _command: Json<DialogueFilming>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("dialogue_id", dialogue_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "dialogue-film", received.0, path).await?))
    }
}
