//! The schema's history: one frozen file a change, up and down. No file names an entity, so later edits of a row cannot
//! rewrite what already ran.

pub use sea_orm_migration::prelude::*;

mod m20261124_000001_make_keys;
mod m20261124_000002_open_identity;
mod m20261124_000003_open_the_journal;
mod m20261124_000004_open_conversations;
mod m20261124_000005_open_tips_and_push;
mod m20261124_000007_open_reports;
mod m20261125_000009_say_what_a_database_is_for;
mod m20261125_000010_bound_what_one_may_do;
mod m20261125_000011_one_device_an_endpoint;
mod m20261125_000012_key_each_talk;
mod m20261125_000013_log_who_looks;
mod m20261125_000014_keep_no_longer_than_needed;
mod m20261125_000016_know_when_a_key_was_touched;
mod m20261125_000017_copy_an_account;
mod m20261125_000018_let_the_log_begin_later;
mod m20261125_000019_let_streams_begin_in_one_epoch;
mod m20261125_000020_keep_rows_under_their_keys;
mod m20261128_000021_deliver_without_a_session;
mod m20261129_000022_open_quarters;
mod m20261129_000023_judge_what_is_urgent;
mod m20261129_000024_choose_when_a_phone_is_woken;
mod m20261129_000025_ring_until_answered;
mod m20261129_000026_invite_to_a_room;
mod m20261129_000027_hand_over_to_112;
mod m20261129_000028_work_on_talks;
mod m20261129_000032_have_replies_at_hand;
mod m20261129_000033_join_talks;
mod m20261129_000034_know_what_police_must_act_on;
mod m20261129_000035_count_what_is_hard;
mod m20261129_000037_end_an_officer;
mod m20261129_000040_owe_a_proof_of_work;
mod m20261129_000041_mute_an_account;
mod m20261129_000042_send_files_in_talks;
mod m20261130_000043_index_what_the_desk_was_told;
mod m20261130_000044_follow_reports;
mod m20261130_000045_clean_what_files_show;
mod m20261130_000046_tell_the_source_of_a_report;
mod m20261130_000047_find_reports_by_time;
mod m20261130_000048_send_to_many;
mod m20261130_000049_fan_out;
mod m20261130_000050_ask_polls;
mod m20261130_000051_posts;
mod m20261130_000052_box_of_ideas;
mod m20261130_000053_live_dialogues;
mod m20261201_000054_polls_and_reminders_of_dialogues;
mod m20261201_000056_dialogue_viewers;
mod m20261201_000057_films_of_dialogues;
mod m20261201_000058_register_of_quarters;
mod m20261201_000059_patrols;
mod m20261201_000060_log_of_patrols;
mod m20261201_000070_survey_of_talks;
mod m20261201_000071_insight;
mod m20261201_000072_release_figures;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261124_000001_make_keys::Migration),
            Box::new(m20261124_000002_open_identity::Migration),
            Box::new(m20261124_000003_open_the_journal::Migration),
            Box::new(m20261124_000004_open_conversations::Migration),
            Box::new(m20261124_000005_open_tips_and_push::Migration),
            Box::new(m20261124_000007_open_reports::Migration),
            Box::new(m20261125_000009_say_what_a_database_is_for::Migration),
            Box::new(m20261125_000010_bound_what_one_may_do::Migration),
            Box::new(m20261125_000011_one_device_an_endpoint::Migration),
            Box::new(m20261125_000012_key_each_talk::Migration),
            Box::new(m20261125_000013_log_who_looks::Migration),
            Box::new(m20261125_000014_keep_no_longer_than_needed::Migration),
            Box::new(m20261125_000016_know_when_a_key_was_touched::Migration),
            Box::new(m20261125_000017_copy_an_account::Migration),
            Box::new(m20261125_000018_let_the_log_begin_later::Migration),
            Box::new(m20261125_000019_let_streams_begin_in_one_epoch::Migration),
            Box::new(m20261125_000020_keep_rows_under_their_keys::Migration),
            Box::new(m20261128_000021_deliver_without_a_session::Migration),
            Box::new(m20261129_000022_open_quarters::Migration),
            Box::new(m20261129_000023_judge_what_is_urgent::Migration),
            Box::new(m20261129_000024_choose_when_a_phone_is_woken::Migration),
            Box::new(m20261129_000025_ring_until_answered::Migration),
            Box::new(m20261129_000026_invite_to_a_room::Migration),
            Box::new(m20261129_000027_hand_over_to_112::Migration),
            Box::new(m20261129_000028_work_on_talks::Migration),
            Box::new(m20261129_000032_have_replies_at_hand::Migration),
            Box::new(m20261129_000033_join_talks::Migration),
            Box::new(m20261129_000034_know_what_police_must_act_on::Migration),
            Box::new(m20261129_000035_count_what_is_hard::Migration),
            Box::new(m20261129_000037_end_an_officer::Migration),
            Box::new(m20261129_000040_owe_a_proof_of_work::Migration),
            Box::new(m20261129_000041_mute_an_account::Migration),
            Box::new(m20261129_000042_send_files_in_talks::Migration),
            Box::new(m20261130_000043_index_what_the_desk_was_told::Migration),
            Box::new(m20261130_000044_follow_reports::Migration),
            Box::new(m20261130_000045_clean_what_files_show::Migration),
            Box::new(m20261130_000046_tell_the_source_of_a_report::Migration),
            Box::new(m20261130_000047_find_reports_by_time::Migration),
            Box::new(m20261130_000048_send_to_many::Migration),
            Box::new(m20261130_000049_fan_out::Migration),
            Box::new(m20261130_000050_ask_polls::Migration),
            Box::new(m20261130_000051_posts::Migration),
            Box::new(m20261130_000052_box_of_ideas::Migration),
            Box::new(m20261130_000053_live_dialogues::Migration),
            Box::new(m20261201_000054_polls_and_reminders_of_dialogues::Migration),
            Box::new(m20261201_000056_dialogue_viewers::Migration),
            Box::new(m20261201_000057_films_of_dialogues::Migration),
            Box::new(m20261201_000058_register_of_quarters::Migration),
            Box::new(m20261201_000059_patrols::Migration),
            Box::new(m20261201_000060_log_of_patrols::Migration),
            Box::new(m20261201_000070_survey_of_talks::Migration),
            Box::new(m20261201_000071_insight::Migration),
            Box::new(m20261201_000072_release_figures::Migration),
        ]
    }
}
