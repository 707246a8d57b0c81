use entities::words::DialogueId;
use poem_openapi::{ApiResponse, OpenApi, param::Path, payload::Json};

use super::{figures, model_around::*, polling, reminding};
use crate::{
    deps::Deps,
    http::{
        caller::{OfficerOrEvaluator, Youth},
        problem::Answer,
    },
};

pub struct AroundDialoguesApi(pub Deps);

/// As the questions beside them.
const KEEP: &str = "public, max-age=2";

#[derive(ApiResponse)]
enum PublicPolls {
    /// The polls of a dialogue.
    #[oai(status = 200)]
    Polls(Json<DialoguePolls>, #[oai(header = "Cache-Control")] String),
}

#[OpenApi(prefix_path = "/api/v1/dialogues", tag = "crate::app::Tag::Dialogues")]
impl AroundDialoguesApi {
    /// List the polls of a dialogue
    ///
    /// Audience: anyone, from any page. All of them, fifty at most; counts stand only in what is over.
    #[oai(path = "/:dialogue_id/polls", method = "get", operation_id = "list_dialogue_polls")]
    async fn polls(&self, dialogue_id: Path<DialogueId>) -> Answer<PublicPolls> {
        let items = polling::of_room(&self.0, dialogue_id.0).await?;
        Ok(PublicPolls::Polls(Json(DialoguePolls { items }), KEEP.to_owned()))
    }

    /// Be reminded of a dialogue
    ///
    /// Audience: youth, before it opens; of twenty at most. Each of her phones that is woken is told once: ten minutes before it begins,
    /// or when it opens if that is earlier, and only when it is safe. That she wanted it is forgotten then. It is no action and waits in
    /// no queue.
    #[oai(path = "/:dialogue_id/reminder", method = "put", operation_id = "set_reminder")]
    async fn remind(&self, caller: Youth, dialogue_id: Path<DialogueId>) -> Answer<Json<Reminder>> {
        Ok(Json(reminding::set(&self.0, &caller.0.who, dialogue_id.0).await?))
    }

    /// Be reminded of a dialogue no more
    ///
    /// Audience: youth. Once more, it changes nothing.
    #[oai(path = "/:dialogue_id/reminder", method = "delete", operation_id = "end_reminder")]
    async fn end_reminder(&self, caller: Youth, dialogue_id: Path<DialogueId>) -> Answer<Json<Reminder>> {
        Ok(Json(reminding::end(&self.0, &caller.0.who, dialogue_id.0).await?))
    }

    /// Get whether one is reminded of a dialogue
    ///
    /// Audience: youth.
    #[oai(path = "/:dialogue_id/reminder", method = "get", operation_id = "get_reminder")]
    async fn reminder(&self, caller: Youth, dialogue_id: Path<DialogueId>) -> Answer<Json<Reminder>> {
        Ok(Json(reminding::find(&self.0, &caller.0.who, dialogue_id.0).await?))
    }

    /// Get the figures of a dialogue
    ///
    /// Audience: officer, evaluator. As they stand now; thirty days after its end they are kept as they were. What fewer than five people
    /// did is left out where it could lead to one of them.
    #[oai(path = "/:dialogue_id/figures", method = "get", operation_id = "get_dialogue_figures")]
    async fn figures(
        &self,
        _caller: OfficerOrEvaluator,
        dialogue_id: Path<DialogueId>,
    ) -> Answer<Json<DialogueFigures>> {
        Ok(Json(figures::find(&self.0, dialogue_id.0).await?))
    }
}
