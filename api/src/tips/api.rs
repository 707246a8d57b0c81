use entities::words::{TipId, Topic};
use poem::web::Data;
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

use super::{model::*, service};
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

pub struct TipsApi(pub Deps);

/// Public answers may be kept for half a minute by anyone on the way.
const KEEP: &str = "public, max-age=30";

#[derive(ApiResponse)]
enum PublicTips {
    /// A page of tips.
    #[oai(status = 200)]
    Page(Json<TipPage>, #[oai(header = "Cache-Control")] String),
}

#[derive(ApiResponse)]
enum PublicTip {
    /// The tip.
    #[oai(status = 200)]
    Tip(Json<Tip>, #[oai(header = "Cache-Control")] String),
}

#[derive(ApiResponse)]
enum PublicPlaces {
    /// Counties, municipalities and topics.
    #[oai(status = 200)]
    Places(Json<Places>, #[oai(header = "Cache-Control")] String),
}

#[OpenApi(prefix_path = "/api/v1/tips", tag = "crate::app::Tag::Tips")]
impl TipsApi {
    /// List tips
    ///
    /// Audience: anyone, from any page. Newest first.
    #[oai(path = "/", method = "get", operation_id = "list_tips")]
    async fn list(
        &self,
        /// The municipality's four digits.
        #[oai(validator(pattern = "^[0-9]{4}$"))]
        municipality: Query<Option<String>>,
        topic: Query<Option<Topic>>,
        limit: Query<Option<Limit>>,
        /// The `next` of the page before.
        next: Query<Option<String>>,
    ) -> Answer<PublicTips> {
        let limit = Limit::or_default(limit.0);
        let after = next.0.as_deref().map(Next::<TipId>::parse).transpose()?;
        let place = municipality.0.as_deref();
        let items = service::list(&self.0, place, topic.0, after.map(|n| (n.at, n.id)), limit).await?;
        let next = Next::of(&items, limit, |last| (last.published_at.millis(), last.tip_id));
        Ok(PublicTips::Page(Json(TipPage { items, next }), KEEP.to_owned()))
    }

    /// Get a tip
    ///
    /// Audience: anyone, from any page. Not found once it has expired.
    #[oai(path = "/:tip_id", method = "get", operation_id = "get_tip")]
    async fn find(&self, tip_id: Path<TipId>) -> Answer<PublicTip> {
        Ok(PublicTip::Tip(Json(service::find(&self.0, tip_id.0).await?), KEEP.to_owned()))
    }

    /// List tips with their plans
    ///
    /// Audience: officer. All that there are: planned, published, expired, taken back.
    #[oai(path = "/planned", method = "get", operation_id = "list_planned_tips")]
    async fn planned(
        &self,
        _caller: Officer,
        limit: Query<Option<Limit>>,
        /// The `next` of the page before.
        next: Query<Option<String>>,
    ) -> Answer<Json<PlannedTipPage>> {
        let limit = Limit::or_default(limit.0);
        let after = next.0.as_deref().map(Next::<TipId>::parse).transpose()?;
        let items = service::planned(&self.0, after.map(|n| (n.at, n.id)), limit).await?;
        let next = Next::of(&items, limit, |last| (last.tip.published_at.millis(), last.tip.tip_id));
        Ok(Json(PlannedTipPage { items, next }))
    }

    /// List places and topics
    ///
    /// Audience: anyone, from any page.
    #[oai(path = "/places", method = "get", operation_id = "list_places")]
    async fn places(&self) -> Answer<PublicPlaces> {
        Ok(PublicPlaces::Places(Json(service::places()), KEEP.to_owned()))
    }

    /// Publish a tip
    ///
    /// Audience: officer. The same as the action `tip-publish`. Devices that asked for its topic in one of its municipalities
    /// are woken, when its time has come and theirs.
    #[oai(path = "/", method = "post", operation_id = "publish_tip")]
    async fn publish(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        received: Data<&Received>,
        _command: Json<PublishTip>,
    ) -> Answer<Json<ActionResult>> {
        Ok(Json(one(&self.0, &caller.0, key.0, "tip-publish", received.0, None).await?))
    }

    /// Take a tip back
    ///
    /// Audience: officer. The same as the action `tip-recall`.
    #[oai(path = "/:tip_id/recall", method = "post", operation_id = "recall_tip")]
    async fn recall(
        &self,
        caller: Officer,
        tip_id: Path<TipId>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        received: Data<&Received>,
        _command: Json<Correction>,
    ) -> Answer<Json<ActionResult>> {
        let named = Some(("tip_id", tip_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "tip-recall", received.0, named).await?))
    }
}
