//! Whether a picture says anything beside what it shows: where it was taken, when, with what, by whom. What is not known to be
//! harmless is not bare, and nothing may come after the picture's end.

/// The types of which it can be told.
pub const TYPES: [&str; 3] = ["image/jpeg", "image/png", "image/webp"];

pub fn is_bare(media_type: &str, bytes: &[u8]) -> bool {
    match media_type {
        "image/jpeg" => jpeg(bytes),
        "image/png" => png(bytes),
        "image/webp" => webp(bytes),
        _ => None,
    }
    .is_some()
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |sum, byte| (sum << 8) | usize::from(*byte))
}

fn only(is: bool) -> Option<()> {
    is.then_some(())
}

fn jpeg(bytes: &[u8]) -> Option<()> {
    let mut rest = bytes.strip_prefix(b"\xff\xd8")?;
    loop {
        let [0xff, marker, ..] = *rest else { return None };
        let len = number(rest.get(2..4)?);
        let words = rest.get(4..2 + len)?;
        only(match marker {
            // How large, how coloured and how packed.
            0xc0..=0xcf | 0xda..=0xdd => true,
            0xe0 => words.starts_with(b"JFIF\0") && len == 16,
            0xe2 => words.starts_with(b"ICC_PROFILE\0"),
            0xee => words.starts_with(b"Adobe") && len == 14,
            _ => false,
        })?;
        rest = rest.get(2 + len..)?;
        if marker == 0xda {
            break;
        }
    }
    // Between the scans of one picture stand only tables; its end is the end.
    let shown = rest.strip_suffix(b"\xff\xd9")?;
    let marks = shown.windows(2).filter(|pair| pair[0] == 0xff).map(|pair| pair[1]);
    only(marks.into_iter().all(|mark| matches!(mark, 0x00 | 0xc4 | 0xd0..=0xd7 | 0xda..=0xdd)))
}

fn png(bytes: &[u8]) -> Option<()> {
    let mut rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    loop {
        let (len, kind) = (number(rest.get(..4)?), rest.get(4..8)?);
        only(matches!(
            kind,
            b"IHDR" | b"PLTE" | b"IDAT" | b"IEND" | b"tRNS" | b"gAMA" | b"cHRM" | b"sRGB" | b"sBIT" | b"pHYs" | b"bKGD"
        ))?;
        rest = rest.get(12 + len..)?;
        if kind == b"IEND" {
            return only(rest.is_empty() && len == 0);
        }
    }
}

fn webp(bytes: &[u8]) -> Option<()> {
    let backward = |bytes: &[u8]| bytes.iter().rev().fold(0, |sum, byte| (sum << 8) | usize::from(*byte));
    let after = bytes.strip_prefix(b"RIFF")?;
    only(backward(after.get(..4)?) == after.len() - 4)?;
    let mut rest = after.get(4..)?.strip_prefix(b"WEBP")?;
    while !rest.is_empty() {
        let (kind, len) = (rest.get(..4)?, backward(rest.get(4..8)?));
        only(matches!(kind, b"VP8 " | b"VP8L" | b"VP8X" | b"ALPH"))?;
        rest = rest.get(8 + len + len % 2..)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(marker: u8, words: &[u8]) -> Vec<u8> {
        let len = u16::try_from(words.len() + 2).unwrap_or(u16::MAX).to_be_bytes();
        [&[0xff, marker], &len[..], words].concat()
    }

    fn photo(more: &[u8], after: &[u8]) -> Vec<u8> {
        let head = segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
        let scan = segment(0xda, &[1, 1, 0, 0, 63, 0]);
        [b"\xff\xd8", &head[..], more, &segment(0xdb, &[0; 65]), &scan, b"\x12\xff\x00\x34", after, b"\xff\xd9"]
            .concat()
    }

    fn chunk(kind: &[u8; 4], words: &[u8]) -> Vec<u8> {
        let len = u32::try_from(words.len()).unwrap_or(u32::MAX).to_be_bytes();
        [&len[..], kind, words, &[0; 4]].concat()
    }

    fn drawing(more: &[u8]) -> Vec<u8> {
        [b"\x89PNG\r\n\x1a\n", &chunk(b"IHDR", &[0; 13])[..], more, &chunk(b"IDAT", b"x"), &chunk(b"IEND", b"")]
            .concat()
    }

    fn small(more: &[u8]) -> Vec<u8> {
        let words = [b"WEBPVP8L\x03\0\0\0abc\0", more].concat();
        [b"RIFF", &u32::try_from(words.len()).unwrap_or(u32::MAX).to_le_bytes()[..], &words].concat()
    }

    #[test]
    fn what_shows_and_says_no_more_is_bare() {
        assert!(is_bare("image/jpeg", &photo(&segment(0xe2, b"ICC_PROFILE\0\x01\x01"), &segment(0xc4, &[0; 9]))));
        assert!(is_bare("image/png", &drawing(&chunk(b"gAMA", &[0; 4]))));
        assert!(is_bare("image/webp", &small(b"")));
    }

    #[test]
    fn places_times_words_and_what_comes_after_are_seen() {
        for (marker, words) in
            [(0xe1, &b"Exif\0\0GPS"[..]), (0xed, b"Photoshop 3.0\0"), (0xfe, b"a word"), (0xe2, b"MPF\0")]
        {
            assert!(!is_bare("image/jpeg", &photo(&segment(marker, words), b"")), "{marker:x}");
            assert!(!is_bare("image/jpeg", &photo(b"", &segment(marker, words))), "{marker:x} after the scan");
        }
        assert!(!is_bare("image/jpeg", &[photo(b"", b""), photo(&segment(0xe1, b"Exif\0\0"), b"")].concat()));
        assert!(!is_bare(
            "image/jpeg",
            &photo(&segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\x08\x08a thumbnail"), b"")
        ));
        for kind in [b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"tIME", b"iCCP"] {
            assert!(!is_bare("image/png", &drawing(&chunk(kind, b"x"))));
        }
        assert!(!is_bare("image/png", &[&drawing(b"")[..], b"more"].concat()));
        assert!(!is_bare("image/webp", &small(b"EXIF\x02\0\0\0ab")));
        assert!(!is_bare("image/webp", &[&small(b"")[..], b"more"].concat()));
        assert!(!is_bare("image/gif", b"GIF89a"));
    }

    #[test]
    fn half_a_picture_is_not_bare() {
        for (kind, whole) in TYPES.iter().zip([photo(b"", b""), drawing(b""), small(b"")]) {
            assert!((0..whole.len()).all(|end| !is_bare(kind, &whole[..end])), "{kind}");
        }
    }
}
