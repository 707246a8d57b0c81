//! Cards to 112 and 114 14, what came back, and places that youths give.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn columns() -> [ColumnDef; 6] {
    let moment = |name| ColumnDef::new(name).big_integer().null().take();
    [
        moment("red_since"),
        ColumnDef::new("told").blob().null().take(),
        moment("told_at"),
        ColumnDef::new("location_id").uuid().null().take(),
        ColumnDef::new("location_state").text().null().take(),
        moment("location_asked_at"),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in columns() {
            manager.alter_table(Table::alter().table("conversation").add_column(column).to_owned()).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("handover")
                    .col(uuid("handover_id").primary_key())
                    .col(uuid("conversation_id"))
                    .col(text("number").unique_key())
                    .col(text("receiver"))
                    .col(big_integer("made_at"))
                    .col(text_null("made_by"))
                    .col(blob("card"))
                    .col(uuid_null("replaced_by"))
                    .col(big_integer_null("acknowledged_at"))
                    .col(text_null("acknowledged_by"))
                    .col(blob_null("taken_by"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("handover_answer")
                    .col(uuid("handover_id"))
                    .col(uuid("action_id"))
                    .col(uuid("conversation_id"))
                    .col(big_integer("at"))
                    .col(text_null("by_number"))
                    .col(text("came_back"))
                    .col(blob_null("told"))
                    .primary_key(Index::create().col("handover_id").col("action_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("location")
                    .col(uuid("location_id").primary_key())
                    .col(uuid("conversation_id"))
                    .col(text("state"))
                    .col(big_integer("asked_at"))
                    .col(text_null("asked_by"))
                    .col(big_integer_null("answered_at"))
                    .col(blob_null("fix"))
                    .col(big_integer_null("expires_at"))
                    .to_owned(),
            )
            .await?;
        for (name, table, columns) in [
            ("handover_by_conversation", "handover", vec!["conversation_id"]),
            ("handover_by_acknowledged_at", "handover", vec!["acknowledged_at", "made_at"]),
            ("handover_answer_by_conversation", "handover_answer", vec!["conversation_id"]),
            ("location_by_conversation", "location", vec!["conversation_id"]),
        ] {
            let mut index = Index::create().name(name).table(table).to_owned();
            for column in columns {
                index.col(column);
            }
            manager.create_index(index).await?;
        }
        let mut setting = Query::insert();
        setting
            .into_table("setting")
            .columns(["name", "valid_from", "value", "source"])
            .values([
                "location-seconds".into(),
                0_i64.into(),
                1800_i64.into(),
                "Proposal, to be decided by the controller".into(),
            ])
            .map_err(|error| DbErr::Custom(error.to_string()))?;
        manager.execute(setting).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .execute(
                Query::delete().from_table("setting").and_where(Expr::col("name").eq("location-seconds")).to_owned(),
            )
            .await?;
        for table in ["location", "handover_answer", "handover"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        for column in columns().iter().rev() {
            let name = column.get_column_name();
            manager.alter_table(Table::alter().table("conversation").drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}
