//! What people and officers write, as far as its length is a matter of form.

use entities::words::Text;

use super::refusal::{Kind, Refusal};

/// A text of 1 to `longest` characters, without what is blank around it.
pub fn checked(text: &Text, longest: usize) -> Result<&str, Refusal> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Kind::TextEmpty.into()),
        count if count > longest => Err(Refusal::of(Kind::TextTooLong).detail(format!("at most {longest} characters"))),
        _ => Ok(text),
    }
}
