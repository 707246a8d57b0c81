//! The rows of the database, one file a table, and the words that database and wire share.
//!
//! Rows never leave a slice's `store.rs`. Columns of type [`words::Sealed`] hold what people wrote and open only
//! through the vault.

pub mod words;

// base: the one journal, the one door, the durable queue, the keys
pub mod account_use;
pub mod action_receipt;
pub mod birth;
pub mod content_key;
pub mod job;
pub mod journal_entry;
pub mod master_key;
pub mod server_key;
pub mod setting;
pub mod stream;

// audit
pub mod audit_entry;

// identity
pub mod account;
pub mod ceremony;
pub mod code_failure;
pub mod device;
pub mod invite;
pub mod passkey;
pub mod report_capability;
pub mod report_clue;
pub mod session;
pub mod spent_puzzle;
pub mod waiting_code;

// quarters
pub mod opening_exception;
pub mod opening_override;
pub mod opening_plan;
pub mod quarter;
pub mod shift;

// patrols
pub mod log_entry;
pub mod patrol;
pub mod patrol_act;
pub mod patrol_officer;
pub mod patrol_reflection;
pub mod platform_notice;

// rooms
pub mod poster;
pub mod room_invite;

// chat
pub mod alarm;
pub mod alarm_step;
pub mod conversation;
pub mod message;
pub mod triage_decision;

// handovers
pub mod handover;
pub mod handover_answer;
pub mod location;

// incidents, canned replies, what police must act on, and what was hard
pub mod canned_reply;
pub mod duty_record;
pub mod duty_text;
pub mod hard_case;
pub mod incident;
// work, and who may not write for a while
pub mod mute;
pub mod note;

// tips and push
pub mod push_subscription;
pub mod questionnaire;
pub mod sending;
pub mod sending_waiting;
pub mod tip;

// polls
pub mod poll;
pub mod poll_ballot;
pub mod poll_option;

// ideas
pub mod idea;
pub mod idea_support;
// live dialogues
pub mod dialogue;
pub mod dialogue_captions;
pub mod dialogue_film;
pub mod dialogue_mute;
pub mod dialogue_reminder;
pub mod dialogue_viewers;
pub mod question;
pub mod question_vote;
// posts
pub mod post;
pub mod post_alt;
pub mod post_captions;
pub mod post_version;

// reports
pub mod file_copy;
pub mod file_rendition;
pub mod investigator;
pub mod report;
pub mod report_file;

// the evaluation
pub mod insight_count;
pub mod insight_cursor;
pub mod insight_event;
pub mod insight_release;

// how long things are kept, and copies of them
pub mod account_copy;
pub mod erasure;
pub mod hold;
pub mod retention_rule;
pub mod review;
