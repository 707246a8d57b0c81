use entities::words::{PosterId, RoomInviteId};
use poem_openapi::{OpenApi, param::Path, payload::Json};

use super::{model::*, service};
use crate::{
    deps::Deps,
    http::{caller::Officer, problem::Answer},
};

pub struct RoomsApi(pub Deps);

#[OpenApi(prefix_path = "/api/v1/rooms", tag = "crate::app::Tag::Rooms")]
impl RoomsApi {
    /// Make an invite
    ///
    /// Audience: officer on a shift. A link for one youth, for 15 minutes: the app's own address, `/r#` and the secret, which
    /// stays with the officer's phone. The answer gives the word, to be said in another way. The same again gives the same. At
    /// most 60 an hour.
    #[oai(path = "/invites/:invite_id", method = "put", operation_id = "put_room_invite")]
    async fn invite(
        &self,
        caller: Officer,
        invite_id: Path<RoomInviteId>,
        command: Json<MakeInvite>,
    ) -> Answer<Json<RoomInvite>> {
        Ok(Json(service::make_invite(&self.0, &caller.0.who, invite_id.0, command.0).await?))
    }

    /// List invites
    ///
    /// Audience: officer: her own of the last 24 hours, the newest 50.
    #[oai(path = "/invites", method = "get", operation_id = "list_room_invites")]
    async fn invites(&self, caller: Officer) -> Answer<Json<RoomInvites>> {
        Ok(Json(service::invites(&self.0, &caller.0.who).await?))
    }

    /// End an invite
    ///
    /// Audience: officer who made it. Nobody comes in by it any more; whoever has come in stays.
    #[oai(path = "/invites/:invite_id/end", method = "post", operation_id = "end_room_invite")]
    async fn end_invite(&self, caller: Officer, invite_id: Path<RoomInviteId>) -> Answer<Json<RoomInvite>> {
        Ok(Json(service::end_invite(&self.0, &caller.0.who, invite_id.0).await?))
    }

    /// Make a poster
    ///
    /// Audience: officer. A lasting link of a quarter for many, without a word: the app's own address, `/r#` and the poster's
    /// id. The same again changes nothing. At most 50 a day.
    #[oai(path = "/posters/:poster_id", method = "put", operation_id = "put_poster")]
    async fn poster(
        &self,
        caller: Officer,
        poster_id: Path<PosterId>,
        command: Json<MakePoster>,
    ) -> Answer<Json<Poster>> {
        Ok(Json(service::make_poster(&self.0, &caller.0.who, poster_id.0, command.0).await?))
    }

    /// List posters
    ///
    /// Audience: officer.
    #[oai(path = "/posters", method = "get", operation_id = "list_posters")]
    async fn posters(&self, _caller: Officer) -> Answer<Json<Posters>> {
        Ok(Json(service::posters(&self.0).await?))
    }

    /// End a poster
    ///
    /// Audience: officer. Its link leads to an ordinary talk from now on.
    #[oai(path = "/posters/:poster_id/end", method = "post", operation_id = "end_poster")]
    async fn end_poster(&self, caller: Officer, poster_id: Path<PosterId>) -> Answer<Json<Poster>> {
        Ok(Json(service::end_poster(&self.0, &caller.0.who, poster_id.0).await?))
    }
}
