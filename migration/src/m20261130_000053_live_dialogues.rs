//! Live dialogues, what is asked there, and which devices vote for it.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("dialogue")
                    .col(uuid("dialogue_id").primary_key())
                    .col(text("title"))
                    .col(text_null("title_en"))
                    .col(text_null("about"))
                    .col(text_null("about_en"))
                    .col(big_integer("starts_at"))
                    .col(text("state"))
                    .col(big_integer("list_key"))
                    .col(big_integer_null("opened_at"))
                    .col(big_integer_null("ended_at"))
                    .col(big_integer_null("archived_at"))
                    .col(text_null("film_url"))
                    .col(uuid_null("speaker"))
                    .col(text_null("speaker_number"))
                    .col(uuid_null("reader"))
                    .col(text_null("reader_number"))
                    .col(integer("slow_seconds"))
                    .col(uuid_null("pinned_question_id"))
                    .col(text_null("public_number"))
                    .col(big_integer("revision"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("question")
                    .col(uuid("question_id").primary_key())
                    .col(uuid("dialogue_id"))
                    .col(uuid_null("account_id"))
                    .col(blob_null("device_mac"))
                    .col(blob("words"))
                    .col(text("state"))
                    .col(big_integer("box_key"))
                    .col(text("priority"))
                    .col(text("reasons"))
                    .col(boolean("self_harm"))
                    .col(text_null("hiding"))
                    .col(uuid_null("merged_into"))
                    .col(big_integer("votes"))
                    .col(text_null("seat"))
                    .col(integer_null("mark_seconds"))
                    .col(text_null("answer"))
                    .col(text_null("answer_en"))
                    .col(big_integer_null("answered_at"))
                    .col(uuid_null("conversation_id"))
                    .col(big_integer("asked_at"))
                    .col(big_integer_null("shown_at"))
                    .col(big_integer_null("decided_at"))
                    .col(text_null("decided_by_number"))
                    .col(big_integer("revision"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("question_vote")
                    .col(uuid("question_id"))
                    .col(blob("device_mac"))
                    .primary_key(Index::create().col("question_id").col("device_mac"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("dialogue_mute")
                    .col(uuid("dialogue_id"))
                    .col(blob("device_mac"))
                    .col(integer("times"))
                    .col(big_integer_null("until"))
                    .primary_key(Index::create().col("dialogue_id").col("device_mac"))
                    .to_owned(),
            )
            .await?;
        for (name, table, columns) in [
            ("dialogue_by_list", "dialogue", &["list_key", "dialogue_id"][..]),
            ("question_by_box", "question", &["dialogue_id", "state", "box_key", "question_id"]),
            ("question_by_votes", "question", &["dialogue_id", "votes", "question_id"]),
            ("question_by_shown", "question", &["dialogue_id", "shown_at", "question_id"]),
            ("question_by_account", "question", &["account_id", "asked_at", "question_id"]),
            ("question_by_device", "question", &["dialogue_id", "device_mac", "asked_at"]),
            ("question_by_merged_into", "question", &["merged_into"]),
        ] {
            let mut index = Index::create().name(name).table(table).to_owned();
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["dialogue_mute", "question_vote", "question", "dialogue"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
