use entities::words::{FileId, PostId, QuarterId, Rendition, Topic};
use poem::web::Data;
use poem_openapi::{
    ApiResponse, OpenApi, ResponseContent,
    param::{Header, Path, Query},
    payload::{Binary, Json, Response},
};

use super::{model::*, reading, store::Narrowed};
use crate::{
    deps::Deps,
    files::{Asked, KEEP_PUBLIC, PublicBytes, public_bytes},
    http::{
        Received,
        caller::Officer,
        page::{Limit, Next},
        problem::Answer,
    },
    sync::{ActionResult, IdempotencyKey, one},
};

pub struct PostsApi(pub Deps);

/// Public answers may be kept for half a minute by anyone on the way.
const KEEP: &str = "public, max-age=30";

#[derive(ApiResponse)]
enum PublicPosts {
    /// A page of posts.
    #[oai(status = 200)]
    Page(Json<PostPage>, #[oai(header = "Cache-Control")] String),
}

#[derive(ApiResponse)]
enum PublicPost {
    /// The post.
    #[oai(status = 200)]
    Post(Json<Post>, #[oai(header = "Cache-Control")] String),
}

#[derive(ResponseContent)]
pub enum Captions {
    #[oai(content_type = "text/vtt")]
    Vtt(Binary<String>),
}

#[derive(ApiResponse)]
pub enum PublicCaptions {
    /// The captions, in UTF-8.
    #[oai(status = 200)]
    Captions(Captions, #[oai(header = "Cache-Control")] String),
}

impl PublicCaptions {
    pub fn of(words: String, keep: &str) -> Self {
        Self::Captions(Captions::Vtt(Binary(words)), keep.to_owned())
    }
}

#[OpenApi(prefix_path = "/api/v1/posts", tag = "crate::app::Tag::Posts")]
impl PostsApi {
    /// List posts
    ///
    /// Audience: anyone, from any page. What is shown now, newest first.
    #[oai(path = "/", method = "get", operation_id = "list_posts")]
    async fn list(
        &self,
        /// The municipality's four digits: its posts, and those for all.
        #[oai(validator(pattern = "^[0-9]{4}$"))]
        municipality: Query<Option<String>>,
        topic: Query<Option<Topic>>,
        quarter_id: Query<Option<QuarterId>>,
        limit: Query<Option<Limit>>,
        /// The `next` of the page before.
        next: Query<Option<String>>,
    ) -> Answer<PublicPosts> {
        let limit = Limit::or_default(limit.0);
        let after = next.0.as_deref().map(Next::<PostId>::parse).transpose()?;
        let narrowed = Narrowed { municipality: municipality.0.as_deref(), topic: topic.0, quarter_id: quarter_id.0 };
        let items = reading::list(&self.0, narrowed, after.map(|n| (n.at, n.id)), limit).await?;
        let next = Next::of(&items, limit, |last| (last.published_at.millis(), last.post_id));
        Ok(PublicPosts::Page(Json(PostPage { items, next }), KEEP.to_owned()))
    }

    /// List posts with their plans
    ///
    /// Audience: officer. All that there are: being prepared, planned, published, expired, withdrawn.
    #[oai(path = "/planned", method = "get", operation_id = "list_planned_posts")]
    async fn planned(
        &self,
        _caller: Officer,
        limit: Query<Option<Limit>>,
        /// The `next` of the page before.
        next: Query<Option<String>>,
    ) -> Answer<Json<PlannedPostPage>> {
        let limit = Limit::or_default(limit.0);
        let after = next.0.as_deref().map(Next::<PostId>::parse).transpose()?;
        let items = reading::planned(&self.0, after.map(|n| (n.at, n.id)), limit).await?;
        let next = Next::of(&items, limit, |last| (last.post.published_at.millis(), last.post.post_id));
        Ok(Json(PlannedPostPage { items, next }))
    }

    /// Get a post
    ///
    /// Audience: anyone, from any page. With what it said before it was corrected. Not found unless it is shown now.
    #[oai(path = "/:post_id", method = "get", operation_id = "get_post")]
    async fn find(&self, post_id: Path<PostId>) -> Answer<PublicPost> {
        Ok(PublicPost::Post(Json(reading::find(&self.0, post_id.0).await?), KEEP.to_owned()))
    }

    /// Get the captions of a post's film
    ///
    /// Audience: anyone, from any page. As WebVTT.
    #[oai(path = "/:post_id/captions", method = "get", operation_id = "get_post_captions")]
    async fn captions(
        &self,
        post_id: Path<PostId>,
        /// The post's `captions_revision`, or that of an older version; nothing: those of now.
        revision: Query<Option<i64>>,
    ) -> Answer<PublicCaptions> {
        let words = reading::captions(&self.0, post_id.0, revision.0).await?;
        Ok(PublicCaptions::of(words, if revision.0.is_some() { KEEP_PUBLIC } else { KEEP }))
    }

    /// Read a picture or a film of a post
    ///
    /// Audience: anyone, from any page. A `Range` of one part is answered with that part; what the caller has already, by its
    /// `ETag`, with 304. Nothing comes under its own type that may not stand in a page.
    #[oai(path = "/:post_id/files/:file_id/:rendition", method = "get", operation_id = "read_post_file")]
    async fn file(
        &self,
        post_id: Path<PostId>,
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
        Ok(public_bytes(reading::file(&self.0, post_id.0, file_id.0, rendition.0).await?, asked))
    }

    /// Publish a post
    ///
    /// Audience: officer. Its files follow, each announced with `post_id`. The same as the action `post-publish`.
    #[oai(path = "/", method = "post", operation_id = "publish_post")]
    async fn publish(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        received: Data<&Received>,
        _command: Json<PublishPost>,
    ) -> Answer<Json<ActionResult>> {
        Ok(Json(one(&self.0, &caller.0, key.0, "post-publish", received.0, None).await?))
    }

    /// Correct a post
    ///
    /// Audience: officer. What it said before stays to be read, with when and why. The same as the action `post-correct`.
    #[oai(path = "/:post_id/correction", method = "post", operation_id = "correct_post")]
    async fn correct(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        post_id: Path<PostId>,
        received: Data<&Received>,
        _command: Json<PostCorrection>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("post_id", post_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "post-correct", received.0, path).await?))
    }

    /// Withdraw a post
    ///
    /// Audience: officer. It is gone for everyone at once, and its files are destroyed. The same as the action `post-withdraw`.
    #[oai(path = "/:post_id/withdrawal", method = "post", operation_id = "withdraw_post")]
    async fn withdraw(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        post_id: Path<PostId>,
        received: Data<&Received>,
        _command: Json<PostWithdrawal>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("post_id", post_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "post-withdraw", received.0, path).await?))
    }
}
