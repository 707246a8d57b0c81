//! Captions as WebVTT. What is served is what was understood here, written anew: cues with their times, places and words. Styles
//! and regions, which a browser would carry out, are not taken, and notes are left out.

use std::fmt::Write;

use entities::words::Text;

use crate::base::refusal::{Kind, Refusal};

/// The largest, in bytes: with all else of a post it comes through a door that takes 256 KiB.
pub const LARGEST: usize = 128 * 1024;

/// The same captions, or the line that is not right.
pub fn understood(text: &str) -> Result<String, usize> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > LARGEST || text.contains('\0') {
        return Err(1);
    }
    let mut lines = text.lines().map(|line| line.trim_end_matches('\r')).zip(1..).peekable();
    let (first, _) = lines.next().ok_or(1_usize)?;
    let rest = first.strip_prefix("WEBVTT").ok_or(1_usize)?;
    if !rest.is_empty() && !rest.starts_with([' ', '\t']) {
        return Err(1);
    }
    let mut written = "WEBVTT\n".to_owned();
    let (mut head, mut before, mut cues) = (true, 0, 0);
    while lines.peek().is_some() {
        let mut block = Vec::new();
        while let Some((line, nth)) = lines.next().filter(|(line, _)| !line.trim().is_empty()) {
            block.push((line, nth));
        }
        let is_head = std::mem::replace(&mut head, false);
        let Some((start, nth)) = block.first().copied() else { continue };
        let timed = block.iter().position(|(line, _)| line.contains("-->"));
        match timed {
            None if is_head || start == "NOTE" || start.starts_with("NOTE ") => continue,
            // A name may stand before the times; it is left out.
            Some(at @ (0 | 1)) if !(is_head && at == 1) => {
                before = cue(&block[at..], before, &mut written)?;
                cues += 1;
            }
            _ => return Err(nth),
        }
    }
    if cues == 0 { Err(1) } else { Ok(written) }
}

/// Captions as they are served; empty ones stay so.
pub fn served(given: Option<&Text>) -> Result<Option<String>, Refusal> {
    let read = |given: &Text| match understood(given) {
        _ if given.is_empty() => Ok(String::new()),
        Ok(words) => Ok(words),
        Err(line) => Err(Refusal::of(Kind::CaptionsRefused).detail(format!("line {line}"))),
    };
    given.map(read).transpose()
}

/// Writes one cue. Gives when it begins: none begins before the one before it.
fn cue(block: &[(&str, usize)], before: u64, written: &mut String) -> Result<u64, usize> {
    let Some(((times, nth), words)) = block.split_first() else { return Err(1) };
    let read = || {
        let (from, rest) = times.split_once("-->")?;
        let mut rest = rest.split_whitespace();
        let (from, until) = (moment(from.trim())?, moment(rest.next()?)?);
        let places: Vec<&str> = rest.collect();
        (before <= from && from < until && places.iter().all(|place| is_place(place))).then_some((from, until, places))
    };
    let (from, until, places) = read().ok_or(*nth)?;
    if words.is_empty() {
        return Err(*nth);
    }
    let places: String = places.iter().map(|place| format!(" {place}")).collect();
    // Writing into a string does not fail.
    let _ = write!(written, "\n{} --> {}{places}\n", clock(from), clock(until));
    for (line, nth) in words {
        if !is_plain(line) {
            return Err(*nth);
        }
        written.push_str(line);
        written.push('\n');
    }
    Ok(from)
}

/// `mm:ss.ttt` or `hh:mm:ss.ttt`, in milliseconds.
fn moment(text: &str) -> Option<u64> {
    let (clock, millis) = text.split_once('.')?;
    let digits = |text: &str, len: usize| {
        (text.len() == len && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse::<u64>().ok())?
    };
    let parts: Vec<&str> = clock.split(':').collect();
    let (hours, minutes, seconds) = match parts[..] {
        [minutes, seconds] => (0, minutes, seconds),
        [hours, minutes, seconds] if (2..=4).contains(&hours.len()) => (digits(hours, hours.len())?, minutes, seconds),
        _ => return None,
    };
    let (minutes, seconds, millis) = (digits(minutes, 2)?, digits(seconds, 2)?, digits(millis, 3)?);
    (minutes < 60 && seconds < 60).then_some(((hours * 60 + minutes) * 60 + seconds) * 1000 + millis)
}

fn clock(millis: u64) -> String {
    let (seconds, minutes, hours) = (millis / 1000 % 60, millis / 60_000 % 60, millis / 3_600_000);
    format!("{hours:02}:{minutes:02}:{seconds:02}.{:03}", millis % 1000)
}

/// Where on the film a cue stands.
fn is_place(setting: &str) -> bool {
    let known = |name: &str| ["vertical", "line", "position", "size", "align"].contains(&name);
    let plain = |value: &str| {
        !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"%.,-".contains(&byte))
    };
    setting.split_once(':').is_some_and(|(name, value)| known(name) && plain(value))
}

/// Whether a line holds words, and no marks but those that say who speaks and how.
fn is_plain(line: &str) -> bool {
    let mut parts = line.split('<');
    let before = parts.next().unwrap_or_default();
    // A browser begins a new line there.
    !line.contains('\r') && !before.contains('>') && parts.all(is_mark)
}

/// What follows a `<`, up to the next.
fn is_mark(part: &str) -> bool {
    let Some((mark, words)) = part.split_once('>') else { return false };
    let name = mark.trim_start_matches('/').split([' ', '.']).next().unwrap_or_default();
    ["b", "c", "i", "lang", "rt", "ruby", "u", "v"].contains(&name)
        && !mark.contains(['&', '"'])
        && !words.contains('>')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_are_written_anew_as_they_were_understood() {
        let given = "\u{feff}WEBVTT - På svenska\r\nKind: captions\r\n\r\nNOTE till Kim\r\nbara för oss\r\n\r\n1\r\n00:01.000 --> 00:03.500 align:start line:90%\r\n<v Kim>Hej & välkomna\r\ntill <i>oss</i>\r\n\r\n\r\n100:00:04.000 --> 100:00:05.000\r\nSlut";
        let written = "WEBVTT\n\n00:00:01.000 --> 00:00:03.500 align:start line:90%\n<v Kim>Hej & välkomna\ntill <i>oss</i>\n\n100:00:04.000 --> 100:00:05.000\nSlut\n";
        assert_eq!(understood(given).as_deref(), Ok(written));
        assert_eq!(understood(written).as_deref(), Ok(written), "once more it is the same");
        assert!(understood("WEBVTT\n00:01.000 --> 00:02.000\nHej").is_ok(), "without an empty line");
    }

    #[test]
    fn what_is_no_plain_captions_is_refused_by_its_line() {
        let long = format!("WEBVTT\n\n00:01.000 --> 00:02.000\n{}", "o".repeat(LARGEST));
        for (given, line) in [
            ("", 1),
            ("1\n00:00:01,000 --> 00:00:02,000\nHej", 1),
            ("WEBVTTX\n\n00:01.000 --> 00:02.000\nHej", 1),
            ("<html>", 1),
            ("WEBVTT", 1),
            ("WEBVTT\n\nNOTE bara det", 1),
            (&long, 1),
            ("WEBVTT\n\nSTYLE\n::cue { color: red }\n\n00:01.000 --> 00:02.000\nHej", 3),
            ("WEBVTT\n\nREGION\nid:a\n\n00:01.000 --> 00:02.000\nHej", 3),
            ("WEBVTT\n\n00:01,000 --> 00:02.000\nHej", 3),
            ("WEBVTT\n\n00:61.000 --> 01:02.000\nHej", 3),
            ("WEBVTT\n\n00:02.000 --> 00:01.000\nHej", 3),
            ("WEBVTT\n\n00:01.000 --> 00:02.000 region:a\nHej", 3),
            ("WEBVTT\n\n00:01.000 --> 00:02.000", 3),
            ("WEBVTT\n\n00:03.000 --> 00:04.000\nHej\n\n00:01.000 --> 00:02.000\nHej", 6),
            ("WEBVTT\n\n00:01.000 --> 00:02.000\nHej\n<script>alert(1)</script>", 5),
            ("WEBVTT\n\n00:01.000 --> 00:02.000\nHej <b", 4),
            ("WEBVTT\n\n00:01.000 --> 00:02.000\na > b", 4),
            ("WEBVTT\n\n00:01.000 --> 00:02.000\nHej\r\rNOTE", 4),
            ("WEBVTT\n\nbara ord\n\n00:01.000 --> 00:02.000\nHej", 3),
        ] {
            assert_eq!(understood(given), Err(line), "{given:.80}");
        }
    }
}
