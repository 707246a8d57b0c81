use crate::{deps::Deps,base::{actions::*,refusal::*,db::Tx}}; use entities::words::*;
 #[derive(Clone,Debug,poem_openapi::Object)] pub struct PublishTip{pub tip_id:TipId}
 pub fn check(c:PublishTip)->Result<PublishTip,Refusal>{Ok(c)}
 pub async fn publish(_:&Deps,_:&Tx,_:Timestamp,_:&[Act<PublishTip>])->Result<Vec<Decided>,sea_orm::DbErr>{Ok(vec![])}