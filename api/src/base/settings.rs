//! Numbers that the program goes by, as dated data: what counts is the newest that is valid by now.

use entities::{
    setting,
    words::{SettingName, Timestamp},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};

use super::{
    db::Tx,
    refusal::{Kind, Refusal},
};

pub async fn value(db: &impl ConnectionTrait, name: SettingName, now: Timestamp) -> Result<i64, DbErr> {
    let row = setting::Entity::find()
        .filter(setting::Column::Name.eq(name))
        .filter(setting::Column::ValidFrom.lte(now))
        .order_by_desc(setting::Column::ValidFrom)
        .one(db)
        .await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound(format!("the setting {}", name.word())))?;
    Ok(row.value)
}

/// All there ever were, by name, the newest first.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<setting::Model>, DbErr> {
    setting::Entity::find().order_by_asc(setting::Column::Name).order_by_desc(setting::Column::ValidFrom).all(db).await
}

/// Lets a number be valid from now on or from a later day. What was valid before stays as it was written.
pub async fn set(tx: &Tx, now: Timestamp, row: setting::Model) -> Result<(), Refusal> {
    let refuse = |why: &str| Err(Refusal::of(Kind::Malformed).detail(why));
    match row.name {
        SettingName::ChildAge | SettingName::CriminalAge if !(1..=30).contains(&row.value) => {
            return refuse("an age is 1 to 30 years");
        }
        _ if !(1..=86_400).contains(&row.value) => return refuse("a setting in seconds is 1 to 86,400"),
        _ => {}
    }
    if row.source.trim().is_empty() {
        return refuse("a setting says on what ground it stands");
    }
    if row.valid_from < now {
        return refuse("a setting is not set for the past");
    }
    let newest = list(&**tx).await?.into_iter().find(|known| known.name == row.name);
    if newest.is_some_and(|known| known.valid_from >= row.valid_from) {
        return refuse("one that is valid from that day or later was set before");
    }
    setting::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(&**tx).await?;
    Ok(())
}
