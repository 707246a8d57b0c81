//! Polls that are asked in a dialogue, who wants to be reminded of one, and what is counted of it.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

const POLLS: &str = "poll_by_dialogue";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("poll").add_column(uuid_null("dialogue_id")).to_owned()).await?;
        let mut by_dialogue = Index::create().name(POLLS).table("poll").to_owned();
        manager.create_index(by_dialogue.col("dialogue_id").col("opens_at").to_owned()).await?;
        for column in [integer_null("most_viewers").default(0).take(), text_null("figures")] {
            manager.alter_table(Table::alter().table("dialogue").add_column(column).to_owned()).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("dialogue_reminder")
                    .col(uuid("account_id"))
                    .col(uuid("dialogue_id"))
                    .primary_key(Index::create().col("account_id").col("dialogue_id"))
                    .to_owned(),
            )
            .await?;
        let mut by_dialogue = Index::create().name("reminder_by_dialogue").table("dialogue_reminder").to_owned();
        manager.create_index(by_dialogue.col("dialogue_id").to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("dialogue_reminder").to_owned()).await?;
        for column in ["figures", "most_viewers"] {
            manager.alter_table(Table::alter().table("dialogue").drop_column(column).to_owned()).await?;
        }
        let of_dialogues = Expr::col("dialogue_id").is_not_null();
        for table in ["poll_ballot", "poll_option"] {
            let these = Query::select().column("poll_id").from("poll").and_where(of_dialogues.clone()).take();
            let all = Query::delete().from_table(table).cond_where(Expr::col("poll_id").in_subquery(these)).to_owned();
            manager.exec_stmt(all).await?;
        }
        manager.exec_stmt(Query::delete().from_table("poll").cond_where(of_dialogues).to_owned()).await?;
        manager.drop_index(Index::drop().name(POLLS).table("poll").to_owned()).await?;
        manager.alter_table(Table::alter().table("poll").drop_column("dialogue_id").to_owned()).await
    }
}
