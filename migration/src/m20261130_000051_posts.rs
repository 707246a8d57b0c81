//! Texts, pictures and films from the patrol, with what they said before they were corrected.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("post")
                    .col(uuid("post_id").primary_key())
                    .col(uuid("content_id"))
                    .col(text("topic"))
                    .col(uuid_null("quarter_id"))
                    .col(text("municipalities"))
                    .col(uuid("author_id"))
                    .col(text_null("public_number"))
                    .col(big_integer("made_at"))
                    .col(big_integer("published_at"))
                    .col(big_integer_null("expires_at"))
                    .col(big_integer("words_revision"))
                    .col(big_integer_null("withdrawn_at"))
                    .col(text_null("withdrawn_by_number"))
                    .col(text_null("withdrawn_why"))
                    .col(big_integer("revision"))
                    .to_owned(),
            )
            .await?;
        let mut by_time = Index::create().name("post_by_published_at").table("post").to_owned();
        manager.create_index(by_time.col("published_at").col("post_id").to_owned()).await?;
        manager
            .create_table(
                Table::create()
                    .table("post_version")
                    .col(uuid("post_id"))
                    .col(big_integer("revision"))
                    .col(text("title"))
                    .col(text_null("title_en"))
                    .col(text("text"))
                    .col(text_null("text_en"))
                    .col(text_null("text_easy"))
                    .col(big_integer_null("captions_revision"))
                    .col(big_integer("written_at"))
                    .col(text_null("public_number"))
                    .col(text_null("why"))
                    .primary_key(Index::create().col("post_id").col("revision"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("post_alt")
                    .col(uuid("post_id"))
                    .col(big_integer("revision"))
                    .col(integer("place"))
                    .col(uuid("file_id"))
                    .col(text("alt"))
                    .col(text_null("alt_en"))
                    .primary_key(Index::create().col("post_id").col("revision").col("place"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("post_captions")
                    .col(uuid("post_id"))
                    .col(big_integer("revision"))
                    .col(text("words"))
                    .primary_key(Index::create().col("post_id").col("revision"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("file_rendition")
                    .col(uuid("file_id"))
                    .col(text("rendition"))
                    .col(text("media_type"))
                    .col(big_integer("size"))
                    .col(text("sha256"))
                    .col(integer_null("width"))
                    .col(integer_null("height"))
                    .primary_key(Index::create().col("file_id").col("rendition"))
                    .to_owned(),
            )
            .await?;
        manager.alter_table(Table::alter().table("report_file").add_column(uuid_null("post_id")).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let of_posts = Expr::col("post_id").is_not_null();
        manager.exec_stmt(Query::delete().from_table("report_file").cond_where(of_posts).to_owned()).await?;
        manager.alter_table(Table::alter().table("report_file").drop_column("post_id").to_owned()).await?;
        for table in ["file_rendition", "post_captions", "post_alt", "post_version", "post"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
