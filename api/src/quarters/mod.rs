//! Where the patrol walks, who is out, and when the chat is open.
//!
//! Invariants: open by plan, staffed now and the next opening are three facts, and none is made from another; an officer
//! counts only with a phone that answered its test alarm, can still be woken, and was heard from of late; the public
//! answer names nobody; times of day are Swedish, in summer and in winter; nobody walks where the patrol has no public account.

mod api;
mod examples;
mod model;
mod rules;
mod service;
mod store;

pub use api::{OfficersApi, QuartersApi};
pub use model::*;
pub use rules::zone;
pub use service::{
    OnShift, Turn, Walked, answer_alarm, ask_alarm, end, is_open, keep_heard, last_heard, list_settings, name, names,
    on_shift, open_from, opening, opening_and_staff, put_quarter, send_home, set_plan, set_setting, shown_to_all,
    staff, start, today, turns, work,
};
