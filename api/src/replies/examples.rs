use entities::words::{ReplyFit, ReplyId};
use poem_openapi::types::Example;
use uuid::uuid;

use super::model::*;
use crate::http::story::*;

const REPLY: ReplyId = ReplyId(uuid!("019ad000-0000-7000-8000-000000000004"));
const NAME: &str = "Var är du?";
const SV: &str = "Var är du just nu? Skriv gatan, eller något som syns runt dig.";
const EN: &str = "Where are you right now? Write the street, or something that you can see around you.";
const EASY: &str = "Var är du nu? Skriv vad gatan heter. Eller skriv vad du ser.";

impl Example for CannedReply {
    fn example() -> Self {
        Self {
            reply_id: REPLY,
            revision: 2,
            name: NAME.to_owned(),
            fits: vec![ReplyFit::P1, ReplyFit::P2],
            sv: SV.to_owned(),
            en: EN.to_owned(),
            easy: EASY.to_owned(),
            ended: false,
            changed_at: Some(after(-86_400)),
            changed_by: Some("03".to_owned()),
        }
    }
}

impl Example for CannedReplies {
    fn example() -> Self {
        Self { items: vec![Example::example()] }
    }
}

impl Example for PutReply {
    fn example() -> Self {
        Self {
            expected_revision: 1,
            name: text(NAME),
            fits: vec![ReplyFit::P1, ReplyFit::P2],
            sv: text(SV),
            en: text(EN),
            easy: text(EASY),
            ended: false,
        }
    }
}
