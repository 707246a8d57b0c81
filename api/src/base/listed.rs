//! Some words of a fixed kind in one column: between commas, with one at each end, so that one is found by its own.

/// `,a,b,`
pub fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().fold(",".to_owned(), |list, word| list + word + ",")
}

pub fn words_of(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').filter(|word| !word.is_empty())
}

/// How one word stands in a list.
pub fn one(word: &str) -> String {
    format!(",{word},")
}
