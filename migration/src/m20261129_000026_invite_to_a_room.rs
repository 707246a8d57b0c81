//! Invites and posters, and where a talk came from.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn columns() -> [ColumnDef; 2] {
    [ColumnDef::new("quarter_id").uuid().null().take(), ColumnDef::new("came_by").text().null().take()]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("room_invite")
                    .col(uuid("invite_id").primary_key())
                    .col(blob_null("secret_mac"))
                    .col(uuid("quarter_id"))
                    .col(uuid("officer_id"))
                    .col(text_null("officer_number"))
                    .col(big_integer("made_at"))
                    .col(big_integer("expires_at"))
                    .col(integer("wrong_words"))
                    .col(big_integer_null("closed_at"))
                    .col(big_integer_null("claimed_at"))
                    .col(uuid_null("claimed_by"))
                    .col(uuid_null("conversation_id"))
                    .to_owned(),
            )
            .await?;
        for (name, columns, unique) in [
            ("room_invite_by_secret", vec!["secret_mac"], true),
            ("room_invite_by_officer", vec!["officer_id", "made_at"], false),
            ("room_invite_by_conversation", vec!["conversation_id"], false),
        ] {
            let mut index = Index::create().name(name).table("room_invite").to_owned();
            for column in columns {
                index.col(column);
            }
            if unique {
                index.unique();
            }
            manager.create_index(index).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("poster")
                    .col(uuid("poster_id").primary_key())
                    .col(uuid("quarter_id"))
                    .col(text("place"))
                    .col(text_null("made_by"))
                    .col(big_integer("made_at"))
                    .col(big_integer_null("ended_at"))
                    .to_owned(),
            )
            .await?;
        for column in columns() {
            manager.alter_table(Table::alter().table("conversation").add_column(column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in columns().iter().rev() {
            let name = column.get_column_name();
            manager.alter_table(Table::alter().table("conversation").drop_column(name).to_owned()).await?;
        }
        for table in ["poster", "room_invite"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
