//! Operations of the log and the notices.

use entities::words::{LogEntryId, NoticeId, PatrolId};
use poem::web::Data;
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

use super::{logging, model::PatrolLog, model_log::*, service};
use crate::{
    deps::Deps,
    http::{
        Received,
        caller::Officer,
        page::{Limit, Next},
        problem::Answer,
    },
    sync::{ActionResult, IdempotencyKey, one},
};

pub struct PatrolLogApi(pub Deps);

#[OpenApi(prefix_path = "/api/v1/patrols", tag = "crate::app::Tag::Patrols")]
impl PatrolLogApi {
    /// Read the log of a patrol
    ///
    /// Audience: officer. What was done, in the order of the phones' clocks as far as they can be right. The audit log keeps who
    /// looked.
    #[oai(path = "/:patrol_id/log", method = "get", operation_id = "read_patrol_log")]
    async fn log(&self, caller: Officer, patrol_id: Path<PatrolId>) -> Answer<Json<PatrolLog>> {
        Ok(Json(service::log(&self.0, &caller.0.who, patrol_id.0).await?))
    }

    /// Write in the log of a patrol
    ///
    /// Audience: officer who is on it. It names nobody. The same as the action `log-write`.
    #[oai(path = "/:patrol_id/log", method = "post", operation_id = "write_patrol_log")]
    async fn write(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        patrol_id: Path<PatrolId>,
        received: Data<&Received>,
        _command: Json<Logging>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("patrol_id", patrol_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "log-write", received.0, path).await?))
    }

    /// Say what an entry led to
    ///
    /// Audience: officer. A report that a youth told, or an incident: what is known of a person stands there. The same as the action
    /// `log-turn`.
    #[oai(path = "/log/:entry_id/turning", method = "post", operation_id = "turn_log_entry")]
    async fn turn(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        entry_id: Path<LogEntryId>,
        received: Data<&Received>,
        _command: Json<Turning>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("entry_id", entry_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "log-turn", received.0, path).await?))
    }

    /// Take an entry back
    ///
    /// Audience: officer who wrote it, or a lead. It is gone. The same as the action `log-take-back`.
    #[oai(path = "/log/:entry_id/taking-back", method = "post", operation_id = "take_log_entry_back")]
    async fn take_back(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        entry_id: Path<LogEntryId>,
        received: Data<&Received>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("entry_id", entry_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "log-take-back", received.0, path).await?))
    }

    /// List notices to platforms
    ///
    /// Audience: officer. The newest first.
    #[oai(path = "/notices", method = "get", operation_id = "list_notices")]
    async fn notices(
        &self,
        _caller: Officer,
        /// Only those whose answer is waited for.
        waiting: Query<Option<bool>>,
        limit: Query<Option<Limit>>,
        /// The `next` of the page before.
        next: Query<Option<String>>,
    ) -> Answer<Json<NoticePage>> {
        let after = next.0.as_deref().map(Next::<NoticeId>::parse).transpose()?;
        let (after, limit) = (after.map(|next| (next.at, next.id)), Limit::or_default(limit.0));
        let (items, last) = logging::notices(&self.0, waiting.0.unwrap_or_default(), after, limit).await?;
        Ok(Json(NoticePage { items, next: last.map(|(at, id)| Next { at, id }.written()) }))
    }

    /// Write down that a platform was told
    ///
    /// Audience: officer. Of what and how, and not of whom. The same as the action `notice-send`.
    #[oai(path = "/notices", method = "post", operation_id = "send_notice")]
    async fn send_notice(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        received: Data<&Received>,
        _command: Json<SendNotice>,
    ) -> Answer<Json<ActionResult>> {
        Ok(Json(one(&self.0, &caller.0, key.0, "notice-send", received.0, None).await?))
    }

    /// Write down what came of a notice
    ///
    /// Audience: officer. The same as the action `notice-answer`.
    #[oai(path = "/notices/:notice_id/answer", method = "post", operation_id = "answer_notice")]
    async fn answer_notice(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        notice_id: Path<NoticeId>,
        received: Data<&Received>,
        _command: Json<NoticeAnswer>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("notice_id", notice_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "notice-answer", received.0, path).await?))
    }
}
