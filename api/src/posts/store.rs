//! Every query of the slice. What is shown is public, so nobody's scope narrows a reading of that.

use std::collections::HashMap;

use entities::{
    post, post_alt, post_captions, post_version,
    words::{PostId, QuarterId, Timestamp, Topic},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Select,
};

use crate::{
    base::{
        db::{self, Tx},
        listed::one,
    },
    files,
};

pub async fn some(db: &impl ConnectionTrait, ids: Vec<PostId>) -> Result<HashMap<PostId, post::Model>, DbErr> {
    let rows = post::Entity::find().filter(post::Column::PostId.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.post_id, row)).collect())
}

/// What one version of a post says.
pub struct Said {
    pub version: post_version::Model,
    pub alts: Vec<post_alt::Model>,
    pub captions: Option<post_captions::Model>,
}

pub async fn insert(tx: &Tx, posts: &[post::Model], said: Vec<Said>) -> Result<(), DbErr> {
    db::insert::<post::Entity>(tx, posts).await?;
    let (mut versions, mut alts, mut captions) = (Vec::new(), Vec::new(), Vec::new());
    for one in said {
        versions.push(one.version);
        alts.extend(one.alts);
        captions.extend(one.captions);
    }
    db::insert::<post_version::Entity>(tx, &versions).await?;
    db::insert::<post_alt::Entity>(tx, &alts).await?;
    db::insert::<post_captions::Entity>(tx, &captions).await
}

pub async fn save(tx: &Tx, row: post::Model) -> Result<(), DbErr> {
    post::Entity::update(row.into_active_model().reset_all()).exec(&**tx).await?;
    Ok(())
}

/// What is shown at a moment.
fn shown(now: Timestamp) -> Select<post::Entity> {
    use post::{Column as C, Entity};
    Entity::find()
        .filter(C::PublishedAt.lte(now))
        .filter(Condition::any().add(C::ExpiresAt.is_null()).add(C::ExpiresAt.gt(now)))
        .filter(C::WithdrawnAt.is_null())
        .filter(files::ready((Entity, C::ContentId)))
}

pub async fn one_shown(db: &impl ConnectionTrait, id: PostId, now: Timestamp) -> Result<Option<post::Model>, DbErr> {
    shown(now).filter(post::Column::PostId.eq(id)).one(db).await
}

/// What a list is narrowed by.
#[derive(Clone, Copy, Default)]
pub struct Narrowed<'a> {
    pub municipality: Option<&'a str>,
    pub topic: Option<Topic>,
    pub quarter_id: Option<QuarterId>,
}

pub async fn list(
    db: &impl ConnectionTrait,
    now: Timestamp,
    narrowed: Narrowed<'_>,
    after: Option<(i64, PostId)>,
    limit: u64,
) -> Result<Vec<post::Model>, DbErr> {
    use post::Column as C;
    let mut query = shown(now);
    if let Some(code) = narrowed.municipality {
        let here = Condition::any().add(C::Municipalities.contains(one(code))).add(C::Municipalities.eq(","));
        query = query.filter(here);
    }
    if let Some(topic) = narrowed.topic {
        query = query.filter(C::Topic.eq(topic));
    }
    if let Some(quarter_id) = narrowed.quarter_id {
        query = query.filter(C::QuarterId.eq(quarter_id));
    }
    page(query, after, limit).all(db).await
}

/// All of them, as officers see them.
pub async fn planned(
    db: &impl ConnectionTrait,
    after: Option<(i64, PostId)>,
    limit: u64,
) -> Result<Vec<post::Model>, DbErr> {
    page(post::Entity::find(), after, limit).all(db).await
}

fn page(mut query: Select<post::Entity>, after: Option<(i64, PostId)>, limit: u64) -> Select<post::Entity> {
    use post::Column as C;
    if let Some((at, id)) = after {
        query = query.filter(
            Condition::any()
                .add(C::PublishedAt.lt(at))
                .add(Condition::all().add(C::PublishedAt.eq(at)).add(C::PostId.lt(id))),
        );
    }
    query.order_by_desc(C::PublishedAt).order_by_desc(C::PostId).limit(limit)
}

/// All that some posts say or said, the newest first.
pub async fn versions(
    db: &impl ConnectionTrait,
    ids: Vec<PostId>,
) -> Result<HashMap<PostId, Vec<post_version::Model>>, DbErr> {
    use post_version::Column as C;
    let rows = post_version::Entity::find().filter(C::PostId.is_in(ids)).order_by_desc(C::Revision).all(db).await?;
    let mut found: HashMap<PostId, Vec<_>> = HashMap::new();
    for row in rows {
        found.entry(row.post_id).or_default().push(row);
    }
    Ok(found)
}

/// What the pictures and films of some posts show, by post and revision, in the order of the files.
pub async fn alts(
    db: &impl ConnectionTrait,
    ids: Vec<PostId>,
) -> Result<HashMap<(PostId, i64), Vec<post_alt::Model>>, DbErr> {
    use post_alt::Column as C;
    let rows = post_alt::Entity::find().filter(C::PostId.is_in(ids)).order_by_asc(C::Place).all(db).await?;
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        found.entry((row.post_id, row.revision)).or_default().push(row);
    }
    Ok(found)
}

pub async fn captions(db: &impl ConnectionTrait, id: PostId, revision: i64) -> Result<Option<String>, DbErr> {
    Ok(post_captions::Entity::find_by_id((id, revision)).one(db).await?.map(|row| row.words))
}

/// Some of those that were over before a moment.
pub async fn over(db: &impl ConnectionTrait, before: Timestamp, limit: u64) -> Result<Vec<post::Model>, DbErr> {
    use post::Column as C;
    let over = Condition::any().add(C::ExpiresAt.lte(before)).add(C::WithdrawnAt.lte(before));
    post::Entity::find().filter(over).order_by_asc(C::PostId).limit(limit).all(db).await
}

pub async fn remove(tx: &Tx, ids: Vec<PostId>) -> Result<(), DbErr> {
    post_captions::Entity::delete_many().filter(post_captions::Column::PostId.is_in(ids.clone())).exec(&**tx).await?;
    post_alt::Entity::delete_many().filter(post_alt::Column::PostId.is_in(ids.clone())).exec(&**tx).await?;
    post_version::Entity::delete_many().filter(post_version::Column::PostId.is_in(ids.clone())).exec(&**tx).await?;
    post::Entity::delete_many().filter(post::Column::PostId.is_in(ids)).exec(&**tx).await?;
    Ok(())
}
