//! What a file is, by its content and never by its name.

use crate::base::refusal::Kind;

/// The types that are taken.
pub const TYPES: [&str; 15] = [
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/gif",
    "image/heic",
    "video/mp4",
    "video/webm",
    "video/quicktime",
    "audio/mpeg",
    "audio/mp4",
    "audio/ogg",
    "audio/wav",
    "application/pdf",
    "text/plain",
    ZIP,
];
pub const ZIP: &str = "application/zip";

/// How a file of a type is called where it is kept.
pub fn ending(media_type: &str) -> &str {
    match media_type {
        "image/jpeg" => "jpg",
        "video/quicktime" => "mov",
        "audio/mpeg" => "mp3",
        "audio/mp4" => "m4a",
        "text/plain" => "txt",
        other => other.split_once('/').map_or("bin", |(_, kind)| kind),
    }
}

/// Looks at the bytes of one file as they go by.
pub struct Watch<'a> {
    media_type: &'a str,
    /// What the bytes before left undecided.
    rest: Vec<u8>,
    is_text: bool,
    locked: bool,
}

/// A PDF says so where it is locked.
const LOCK: &[u8] = b"/Encrypt";

impl<'a> Watch<'a> {
    pub fn over(media_type: &'a str) -> Self {
        Self { media_type, rest: Vec::new(), is_text: true, locked: false }
    }

    pub fn sees(&mut self, bytes: &[u8]) {
        match self.media_type {
            "text/plain" if self.is_text => {
                self.rest.extend_from_slice(bytes);
                self.is_text = !self.rest.contains(&0);
                match std::str::from_utf8(&self.rest) {
                    Ok(_) => self.rest.clear(),
                    // Half a letter, whose other half is to come.
                    Err(error) if error.error_len().is_none() => drop(self.rest.drain(..error.valid_up_to())),
                    Err(_) => self.is_text = false,
                }
            }
            "application/pdf" if !self.locked => {
                self.rest.extend_from_slice(bytes);
                self.locked = self.rest.windows(LOCK.len()).any(|window| window == LOCK);
                let keep = self.rest.len().min(LOCK.len() - 1);
                self.rest.drain(..self.rest.len() - keep);
            }
            _ => {}
        }
    }

    /// Whether the file may be what it was said to be, by its first bytes and all that went by.
    pub fn judges(self, face: &[u8]) -> Result<(), Kind> {
        let is = match self.media_type {
            "text/plain" => self.is_text && self.rest.is_empty() && !is_page(face),
            "application/pdf" => face.starts_with(b"%PDF-"),
            media_type => is_of_type(face, media_type),
        };
        match (is, self.locked) {
            (false, _) => Err(Kind::FileTypeRefused),
            (true, true) => Err(Kind::FileLocked),
            (true, false) => Ok(()),
        }
    }
}

fn is_of_type(face: &[u8], media_type: &str) -> bool {
    let known = infer::get(face).map(|known| match known.mime_type() {
        // A HEIC is an HEIF; phones say the first.
        "image/heif" => "image/heic",
        "video/x-m4v" => "video/mp4",
        "audio/m4a" => "audio/mp4",
        "audio/opus" => "audio/ogg",
        "audio/x-wav" => "audio/wav",
        // Recorders write sound alone into the same box.
        "video/mp4" if media_type == "audio/mp4" => "audio/mp4",
        other => other,
    });
    TYPES.contains(&media_type) && known == Some(media_type)
}

/// Whether a text begins as something that a browser or a machine would carry out.
fn is_page(face: &[u8]) -> bool {
    const BEGINNINGS: [&[u8]; 17] = [
        b"#!", b"%!", b"%pdf", b"{\\rtf", b"<!", b"<?", b"<html", b"<head", b"<body", b"<svg", b"<script", b"<iframe",
        b"<style", b"<title", b"<table", b"<div", b"<math",
    ];
    let face = face.strip_prefix(b"\xef\xbb\xbf").unwrap_or(face).trim_ascii_start();
    BEGINNINGS.iter().any(|word| face.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word)))
}

// Zip: only its directory is read, and nothing of it is ever unpacked.

/// At the end of a zip, the longest comment included.
pub const ZIP_END: u64 = 22 + 0xffff;
/// The largest directory that is read: some 50,000 names.
const ZIP_DIRECTORY: u64 = 8 * 1024 * 1024;

fn little(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

/// Where the directory of a zip of `size` bytes lies, by its last bytes, and how many names it holds.
pub fn zip_directory(last: &[u8], size: u64) -> Option<(std::ops::Range<u64>, u64)> {
    let at = (0..=last.len().checked_sub(22)?).rev().find(|at| {
        let end = &last[*at..];
        end.starts_with(b"PK\x05\x06") && end.len() as u64 == 22 + little(&end[20..22])
    })?;
    let end = &last[at..];
    let (names, len, from) = (little(&end[10..12]), little(&end[12..16]), little(&end[16..20]));
    let whole = from + len == size - end.len() as u64 && len <= ZIP_DIRECTORY;
    whole.then_some((from..from + len, names))
}

/// Whether a zip's directory holds just so many names, and nothing that is locked.
pub fn zip_opens(mut directory: &[u8], names: u64) -> Result<(), Kind> {
    let mut seen = 0;
    while !directory.is_empty() {
        let head = directory.get(..46).filter(|head| head.starts_with(b"PK\x01\x02")).ok_or(Kind::FileTypeRefused)?;
        // Sealed with a word, by the strong way, or with its directory masked.
        if little(&head[8..10]) & 0x2041 != 0 {
            return Err(Kind::FileLocked);
        }
        let len = 46 + [28, 30, 32].iter().map(|at| little(&head[*at..at + 2])).sum::<u64>();
        directory = directory.get(len as usize..).ok_or(Kind::FileTypeRefused)?;
        seen += 1;
    }
    if seen == names { Ok(()) } else { Err(Kind::FileTypeRefused) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(media_type: &str, parts: &[&[u8]]) -> Result<(), Kind> {
        let mut watch = Watch::over(media_type);
        parts.iter().for_each(|part| watch.sees(part));
        watch.judges(&parts.concat())
    }

    #[test]
    fn a_page_is_no_picture() {
        assert!(is_of_type(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "image/jpeg"));
        assert!(!is_of_type(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "image/png"));
        assert!(!is_of_type(b"<!doctype html><script>", "image/jpeg"));
        assert!(!is_of_type(b"", "image/gif"));
        assert!(is_of_type(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "image/heic"));
        assert!(!is_of_type(b"<svg", "image/svg+xml"));
    }

    #[test]
    fn a_text_is_letters_and_no_page() {
        assert_eq!(judged("text/plain", &["hej å".as_bytes(), "ä".as_bytes()]), Ok(()));
        assert_eq!(judged("text/plain", &[b"hej \xc3", b"\xa5 alla"]), Ok(()), "a letter in two parts");
        assert_eq!(judged("text/plain", &[b"<noa> hej"]), Ok(()), "a chat that names its writers so");
        for wrong in
            [&b"hej \xc3"[..], b"\xff\xfe", b"a\0b", b" \n<HTML>", b"\xef\xbb\xbf<svg>", b"#!/bin/sh", b"%PDF-1.7"]
        {
            assert_eq!(judged("text/plain", &[wrong]), Err(Kind::FileTypeRefused), "{wrong:?}");
        }
    }

    #[test]
    fn a_locked_pdf_says_so_wherever_it_is_cut() {
        let pdf = b"%PDF-1.7 trailer << /Encrypt 5 0 R >>";
        for at in 0..pdf.len() {
            assert_eq!(judged("application/pdf", &[&pdf[..at], &pdf[at..]]), Err(Kind::FileLocked), "{at}");
        }
        assert_eq!(judged("application/pdf", &[b"%PDF-1.7 trailer << /Root 1 0 R >>"]), Ok(()));
        assert_eq!(judged("application/pdf", &[b"<html>%PDF-1.7"]), Err(Kind::FileTypeRefused));
    }

    fn zip(flags: u16) -> Vec<u8> {
        let mut directory = [b"PK\x01\x02", &[0; 42][..], b"a.txt"].concat();
        directory[8..10].copy_from_slice(&flags.to_le_bytes());
        directory[28] = 5;
        let mut end = [b"PK\x05\x06", &[0; 18][..]].concat();
        (end[10], end[12], end[16]) = (1, 51, 4);
        [b"PK\x03\x04", &directory[..], &end].concat()
    }

    fn opens(zip: &[u8]) -> Result<(), Kind> {
        let (place, names) = zip_directory(zip, zip.len() as u64).ok_or(Kind::FileTypeRefused)?;
        zip_opens(&zip[place.start as usize..place.end as usize], names)
    }

    #[test]
    fn a_zip_is_whole_and_opens() {
        let whole = zip(0x0808);
        assert_eq!(opens(&whole), Ok(()));
        for flags in [0x0001, 0x0041, 0x2000] {
            assert_eq!(opens(&zip(flags)), Err(Kind::FileLocked), "{flags:x}");
        }
        for end in 0..whole.len() {
            assert_eq!(opens(&whole[..end]), Err(Kind::FileTypeRefused), "{end}");
        }
        assert_eq!(opens(&[&whole[..], b"<script>"].concat()), Err(Kind::FileTypeRefused), "something after its end");
        let mut more = whole;
        more[4 + 51 + 10] = 2;
        assert_eq!(opens(&more), Err(Kind::FileTypeRefused), "a name that is not there");
    }
}
