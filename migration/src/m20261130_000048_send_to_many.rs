//! Tips for several places, ages and languages, later, for a while, taken back; sendings to many phones and their sums; and
//! when a phone is left alone by what is not urgent.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Of tips that were written before they had an end.
const DAYS: i64 = 30;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tip = || Table::alter().table("tip").to_owned();
        manager.alter_table(tip().rename_column("municipality", "municipalities").to_owned()).await?;
        let columns = [
            text("age_bands").default(",").take(),
            text("languages").default(",").take(),
            text_null("text_en"),
            text_null("text_easy"),
            big_integer("expires_at").default(0).take(),
            boolean("urgent").default(false).take(),
            big_integer_null("recalled_at"),
            text_null("recalled_by_number"),
        ];
        for column in columns {
            manager.alter_table(tip().add_column(column).to_owned()).await?;
        }
        let listed = Expr::cust("',' || municipalities || ','");
        let ends = Expr::col("published_at").add(DAYS * 24 * 3600 * 1000);
        let old = Query::update().table("tip").value("municipalities", listed).value("expires_at", ends).to_owned();
        manager.exec_stmt(old).await?;

        manager
            .create_table(
                Table::create()
                    .table("sending")
                    .col(uuid("sending_id").primary_key())
                    .col(text("kind"))
                    .col(uuid("entity_id"))
                    .col(text("audience"))
                    .col(big_integer("begins_at"))
                    .col(big_integer("expires_at"))
                    .col(text("state"))
                    .col(uuid_null("after"))
                    .col(uuid_null("until"))
                    .col(big_integer("accepted").default(0))
                    .col(big_integer("gone").default(0))
                    .col(big_integer("refused").default(0))
                    .col(big_integer("too_large").default(0))
                    .col(big_integer("expired").default(0))
                    .to_owned(),
            )
            .await?;
        let due = Index::create().name("sending_by_state").table("sending").col("state").col("begins_at").to_owned();
        manager.create_index(due).await?;
        let of = Index::create().name("sending_of_entity").table("sending").col("entity_id").col("kind").to_owned();
        manager.create_index(of).await?;

        let phone = || Table::alter().table("push_subscription").to_owned();
        let columns = [
            text_null("age_band"),
            // Ten in the evening and seven in the morning.
            integer_null("quiet_from").default(22 * 60).take(),
            integer_null("quiet_until").default(7 * 60).take(),
        ];
        for column in columns {
            manager.alter_table(phone().add_column(column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["age_band", "quiet_from", "quiet_until"] {
            manager.alter_table(Table::alter().table("push_subscription").drop_column(column).to_owned()).await?;
        }
        manager.drop_table(Table::drop().table("sending").to_owned()).await?;
        for column in [
            "age_bands",
            "languages",
            "text_en",
            "text_easy",
            "expires_at",
            "urgent",
            "recalled_at",
            "recalled_by_number",
        ] {
            manager.alter_table(Table::alter().table("tip").drop_column(column).to_owned()).await?;
        }
        // The first of the places is the one that it had.
        let first =
            Query::update().table("tip").value("municipalities", Expr::cust("substr(municipalities, 2, 4)")).to_owned();
        manager.exec_stmt(first).await?;
        let back = Table::alter().table("tip").rename_column("municipalities", "municipality").to_owned();
        manager.alter_table(back).await
    }
}
