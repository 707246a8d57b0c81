use entities::words::{PosterId, RoomInviteId, RoomInviteState};
use poem_openapi::types::Example;
use uuid::uuid;

use super::model::*;
use crate::http::story::*;

const INVITE: RoomInviteId = RoomInviteId(uuid!("019ab2b9-4c70-7e38-a1d2-8f5b0c6e9a41"));
const POSTER: PosterId = PosterId(uuid!("019ab2a1-6d83-7b15-9f2c-3e7a1d0b8c64"));
const PLACE: &str = "Fritidsgården, vid dörren";

impl Example for MakeInvite {
    fn example() -> Self {
        Self { quarter_id: QUARTER, secret: text(SECRET) }
    }
}

impl Example for RoomInvite {
    fn example() -> Self {
        Self {
            invite_id: INVITE,
            quarter_id: QUARTER,
            state: RoomInviteState::Open,
            made_at: after(-120),
            expires_at: after(780),
            wrong_words: 0,
            word: Some("pelikan".to_owned()),
            conversation_id: None,
        }
    }
}

impl Example for RoomInvites {
    fn example() -> Self {
        Self { items: vec![RoomInvite { word: None, ..Example::example() }] }
    }
}

impl Example for MakePoster {
    fn example() -> Self {
        Self { quarter_id: QUARTER, place: text(PLACE) }
    }
}

impl Example for Poster {
    fn example() -> Self {
        Self {
            poster_id: POSTER,
            quarter_id: QUARTER,
            place: PLACE.to_owned(),
            made_by: Some(OFFICER.to_owned()),
            made_at: after(-86_400),
            ended_at: None,
        }
    }
}

impl Example for Posters {
    fn example() -> Self {
        Self { items: vec![Example::example()] }
    }
}
