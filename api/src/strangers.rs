//! Every parser that meets strangers' bytes, by name: what `make fuzz` feeds, and what the tests replay. None of them may panic,
//! whatever it is given, and what each gives must hold.

use crate::{
    bundles::paper::{Block, Paper},
    files::{Part, bare, kinds, part, picture},
    posts::captions,
    reports::links,
};

pub type Parser = fn(&[u8]);

pub const PARSERS: [(&str, Parser); 8] = [
    ("type", judges_types),
    ("zip", reads_zips),
    ("picture", draws_pictures),
    ("bare", looks_for_more_than_a_picture),
    ("range", reads_ranges),
    ("link", understands_links),
    ("paper", prints_words),
    ("captions", understands_captions),
];

/// The first byte chooses among a few; the rest is what is read.
fn chosen<'a, T: Copy>(bytes: &'a [u8], among: &[T]) -> Option<(T, &'a [u8])> {
    let (first, rest) = bytes.split_first()?;
    Some((*among.get(usize::from(*first) % among.len().max(1))?, rest))
}

fn judges_types(bytes: &[u8]) {
    let Some((media_type, bytes)) = chosen(bytes, &kinds::TYPES) else { return };
    let face = &bytes[..bytes.len().min(4096)];
    let (mut whole, mut pieces) = (kinds::Watch::over(media_type), kinds::Watch::over(media_type));
    whole.sees(bytes);
    bytes.chunks(7).for_each(|piece| pieces.sees(piece));
    assert!(whole.judges(face).is_ok() == pieces.judges(face).is_ok(), "how it is cut decides what it is");
}

fn reads_zips(bytes: &[u8]) {
    let size = bytes.len() as u64;
    let last = &bytes[bytes.len().saturating_sub(usize::try_from(kinds::ZIP_END).unwrap_or(usize::MAX))..];
    let Some((place, names)) = kinds::zip_directory(last, size) else { return };
    assert!(place.start <= place.end && place.end <= size, "a directory outside of its file");
    let place = usize::try_from(place.start).unwrap_or(0)..usize::try_from(place.end).unwrap_or(0);
    let _opens = kinds::zip_opens(&bytes[place], names);
}

fn draws_pictures(bytes: &[u8]) {
    let Some((media_type, bytes)) = chosen(bytes, &["image/jpeg", "image/png", "image/webp", "image/gif"]) else {
        return;
    };
    let Some(format) = picture::format(media_type) else { return };
    if let Ok(Some(drawn)) = picture::draw(format, bytes) {
        assert!(drawn.width.max(drawn.height) <= 2560 && !drawn.bytes.is_empty(), "a copy larger than a copy may be");
    }
}

fn looks_for_more_than_a_picture(bytes: &[u8]) {
    if let Some((media_type, bytes)) = chosen(bytes, &bare::TYPES) {
        bare::is_bare(media_type, bytes);
    }
}

fn reads_ranges(bytes: &[u8]) {
    for size in [1, 2, 100, u64::MAX] {
        if let Part::Bytes(first, last) = part(Some(&String::from_utf8_lossy(bytes)), size) {
            assert!(first <= last && last < size, "a part outside of its file");
        }
    }
}

fn understands_links(bytes: &[u8]) {
    let said = String::from_utf8_lossy(bytes);
    let link = links::understood(&said);
    assert!(link.said == said.trim(), "what was written is changed");
    let again = link.url.as_ref().map(|url| links::clues(&links::understood(url)));
    let clues = links::clues(&link);
    let address = |clues: &[String]| clues.iter().find(|clue| clue.starts_with("address ")).cloned();
    if let Some(again) = again {
        assert!(address(&clues) == address(&again), "an address that was understood is not found by itself");
    }
}

fn prints_words(bytes: &[u8]) {
    let words = String::from_utf8_lossy(bytes).into_owned();
    let mut paper = Paper::new();
    paper.put(&Block::Fact(words.clone(), words));
    assert!(paper.print("", "").is_ok_and(|pdf| pdf.starts_with(b"%PDF-")), "words that cannot be printed");
}

fn understands_captions(bytes: &[u8]) {
    if let Ok(words) = captions::understood(&String::from_utf8_lossy(bytes)) {
        assert!(captions::understood(&words).as_ref() == Ok(&words), "what was understood is not understood again");
    }
}
