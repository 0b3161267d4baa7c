//! Log lines: a time, a level, some words, and somewhere in the line a message.

use super::clean::Clean;
use super::plausible::{starts_like_iso_text, starts_like_message};
use super::{Content, Form, Intake, Item, Note, NoteCode, Octets, base, decode_hex, plain};
use std::ops::Range;

/// Digits that a run without separators needs to be taken for a message.
const MIN_DIGITS: usize = 24;
/// Bytes that a run with separators needs.
const MIN_BYTES: usize = 12;

/// Text that is a message itself, alone or one a line.
pub(super) fn read_iso_text(clean: &Clean<'_>) -> Option<Intake> {
    let text: &str = &clean.text;
    let lead = text.len() - text.trim_start().len();
    let first = text.get(lead..)?;
    if first
        .bytes()
        .all(|b| b.is_ascii_hexdigit() || b.is_ascii_whitespace())
        || !is_iso_text(first.as_bytes())
    {
        return None;
    }
    let lines: Vec<(usize, &str)> = clean
        .lines()
        .filter(|(_, l)| !l.trim().is_empty())
        .collect();
    let many = lines
        .iter()
        .all(|(_, line)| is_iso_text(line.trim_start().as_bytes()));
    let ranges: Vec<Range<usize>> = if many {
        lines
            .iter()
            .map(|(at, line)| at + (line.len() - line.trim_start().len())..at + line.len())
            .collect()
    } else {
        std::iter::once(lead..text.trim_end_matches(['\r', '\n']).len()).collect()
    };
    let items = ranges
        .into_iter()
        .map(|range| iso_item(clean, range))
        .collect();
    Some(Intake {
        form: Form::IsoText,
        lines: text.trim_end().lines().count(),
        items,
        notes: Vec::new(),
    })
}

/// Lines of a log; those without a message are counted and passed over.
pub(super) fn read(clean: &Clean<'_>) -> Option<Intake> {
    let (mut items, mut lines, mut skipped) = (Vec::new(), 0, 0);
    for (at, line) in clean.lines().filter(|(_, line)| !line.trim().is_empty()) {
        lines += 1;
        match find(clean, at, line) {
            Some(item) => items.push(item),
            None => skipped += 1,
        }
    }
    // Trace ids and checksums are long hex too: with real messages around, they are not messages.
    let found = items.len();
    if items.iter().any(begins) {
        items.retain(begins);
    }
    skipped += found - items.len();
    let note = Note {
        code: NoteCode::SkippedLines,
        chars: 0..0,
        count: skipped,
    };
    let notes = if skipped > 0 { vec![note] } else { Vec::new() };
    (!items.is_empty()).then_some(Intake {
        form: Form::Log,
        lines,
        items,
        notes,
    })
}

fn begins(item: &Item) -> bool {
    match &item.content {
        Content::Bytes(octets) => {
            starts_like_message(&octets.bytes) || !octets.alternatives.is_empty()
        }
        Content::Fields(_) => true,
    }
}

fn is_iso_text(text: &[u8]) -> bool {
    iso_start(text).is_some()
}

/// How many bytes of header stand before the MTI, when `text` begins like an ASCII message.
fn iso_start(text: &[u8]) -> Option<usize> {
    let digits = |n: usize| {
        text.get(..n)
            .is_some_and(|d| d.iter().all(u8::is_ascii_digit))
    };
    let after = |n: usize| text.get(n..).is_some_and(starts_like_iso_text);
    let iso = |n: usize| text.get(n..n + 3) == Some(b"ISO") && after(n + 12);
    match text {
        _ if after(0) => Some(0),
        _ if digits(4) && after(4) => Some(4),
        _ if iso(0) => Some(12),
        _ if digits(4) && iso(4) => Some(16),
        _ => None,
    }
}

fn iso_item(clean: &Clean<'_>, range: Range<usize>) -> Item {
    let text = clean.text.get(range.clone()).unwrap_or_default();
    let line = clean.line_number(range.start);
    let octets = text_octets(text, range.start);
    Item {
        form: Form::IsoText,
        chars: range,
        line,
        content: Content::Bytes(octets),
    }
}

/// Characters as Latin-1 bytes where they all fit, otherwise as UTF-8.
fn text_octets(text: &str, base: usize) -> Octets {
    let latin = text.chars().all(|c| u32::from(c) < 0x100);
    let mut octets = Octets::default();
    for (at, c) in text.char_indices() {
        let place = base + at..base + at + c.len_utf8();
        match u8::try_from(u32::from(c)) {
            Ok(byte) if latin => octets.push(byte, place),
            _ => c
                .encode_utf8(&mut [0; 4])
                .bytes()
                .for_each(|b| octets.push(b, place.clone())),
        }
    }
    octets
}

/// The message in one line: the run of hex that begins like a message, else ISO text, else
/// base64, else the longest run of hex.
fn find(clean: &Clean<'_>, at: usize, line: &str) -> Option<Item> {
    let runs = hex_runs(line);
    let octets_of = |run: &Range<usize>| octets(line, run.clone(), at);
    let good = runs.iter().find(|run| {
        octets_of(run).is_some_and(|o| starts_like_message(&o.bytes) || !o.alternatives.is_empty())
    });
    let number = clean.line_number(at);
    let item = |run: &Range<usize>, octets| Item {
        form: Form::Log,
        chars: at + run.start..at + run.end,
        line: number,
        content: Content::Bytes(octets),
    };
    // A run that goes on as a word is no hex: the message is written as text.
    let cut = |run: &&Range<usize>| {
        line.as_bytes()
            .get(run.end)
            .is_some_and(|b| b.is_ascii_alphanumeric() && !matches!(b, b'h'))
    };
    if let Some(run) = good.filter(|run| !cut(run)) {
        return Some(item(run, octets_of(run)?));
    }
    if let Some(run) = iso_run(line) {
        return Some(item(
            &run,
            text_octets(line.get(run.clone())?, at + run.start),
        ));
    }
    if let Some((run, octets)) = base_run(line, at) {
        return Some(item(&run, octets));
    }
    let longest = runs.iter().max_by_key(|run| run.len())?;
    Some(item(longest, octets_of(longest)?))
}

/// The bytes of a run, and the run as text where it also reads so.
fn octets(line: &str, run: Range<usize>, base: usize) -> Option<Octets> {
    let mut octets = Octets::default();
    let found = plain::digits(line, run.clone())?;
    for pair in found.chunks_exact(2) {
        if let [(a, high), (b, low)] = pair {
            octets.push(high << 4 | low, base + a..base + b + 1);
        }
    }
    let text = line.get(run.start..)?;
    if let Some(skip) = iso_start(text.as_bytes()) {
        let end = text
            .find(['"', '\'', ']', '|', '}'])
            .filter(|end| *end > skip + 20)
            .unwrap_or(text.len());
        octets
            .alternatives
            .push(text_octets(text.get(..end)?.trim_end(), base + run.start));
    }
    Some(octets)
}

/// Runs of hex in a line: contiguous digits, or pairs with one separator between them.
pub(super) fn hex_runs(line: &str) -> Vec<Range<usize>> {
    let text = line.as_bytes();
    let (mut runs, mut at) = (Vec::new(), 0);
    while at < text.len() {
        let len = text
            .iter()
            .skip(at)
            .take_while(|b| b.is_ascii_hexdigit())
            .count();
        let word_before = at > 0
            && text
                .get(at - 1)
                .is_some_and(|b| b.is_ascii_alphanumeric() && *b != b'x');
        if len == 0 || word_before {
            at += len.max(1);
            continue;
        }
        if len >= MIN_DIGITS {
            runs.push(at..at + len);
            at += len;
            continue;
        }
        let end = pairs_end(text, at);
        if (end - at + 1) / 3 >= MIN_BYTES {
            runs.push(at..end);
        }
        at = end.max(at + len);
    }
    runs
}

/// The end of a run of two-digit bytes with the same single separator.
fn pairs_end(text: &[u8], start: usize) -> usize {
    let pair = |at: usize| {
        text.get(at..at + 2)
            .is_some_and(|p| p.iter().all(u8::is_ascii_hexdigit))
            && text.get(at + 2).is_none_or(|b| !b.is_ascii_alphanumeric())
    };
    let separator = text.get(start + 2).copied();
    let mut at = start;
    while pair(at) {
        let follows = text.get(at + 2).copied();
        if follows != separator
            || !matches!(follows, Some(b' ' | b':' | b'-' | b','))
            || !pair(at + 3)
        {
            return at + 2;
        }
        at += 3;
    }
    at
}

/// An ISO text that begins somewhere in the line and runs to its end or to a closing quote.
fn iso_run(line: &str) -> Option<Range<usize>> {
    let bytes = line.as_bytes();
    let boundary = |at: usize| {
        at == 0
            || bytes
                .get(at - 1)
                .is_some_and(|b| !b.is_ascii_alphanumeric())
    };
    let start =
        (0..bytes.len()).find(|&at| boundary(at) && bytes.get(at..).is_some_and(is_iso_text))?;
    let rest = line.get(start..)?;
    let closer = match start.checked_sub(1).and_then(|at| bytes.get(at)) {
        Some(b'[') => Some(']'),
        Some(b'"') => Some('"'),
        Some(b'\'') => Some('\''),
        Some(b'<') => Some('>'),
        Some(b'(') => Some(')'),
        _ => None,
    };
    let end = closer.and_then(|c| rest.rfind(c)).unwrap_or(rest.len());
    Some(start..start + end)
}

fn base_run(line: &str, at: usize) -> Option<(Range<usize>, Octets)> {
    let symbol = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_' | '=');
    let mut start = 0;
    for word in line.split_inclusive(|c| !symbol(c)) {
        let range = start..start + word.trim_end_matches(|c| !symbol(c)).len();
        start += word.len();
        // A key=value log keeps the value.
        let from = line
            .get(range.clone())?
            .trim_end_matches('=')
            .rfind('=')
            .map_or(range.start, |i| range.start + i + 1);
        let range = from..range.end;
        if range.len() < MIN_DIGITS {
            continue;
        }
        if let Some((mut octets, _)) = base::decode(line, range.clone())
            && starts_like_message(&octets.bytes)
        {
            octets.remap(&|offset| offset + at);
            return Some((range, octets));
        }
    }
    None
}

/// The bytes of the message in a line of a log, without places: what a stream needs.
pub(super) fn line_bytes(line: &str, out: &mut Vec<u8>) -> bool {
    let clean = Clean::of(line);
    let runs = hex_runs(&clean.text);
    let text: &str = &clean.text;
    for run in &runs {
        let before = out.len();
        let contiguous = text
            .get(run.clone())
            .is_some_and(|digits| decode_hex(digits.as_bytes(), out).is_ok());
        if contiguous && out.get(before..).is_some_and(starts_like_message) {
            return true;
        }
        out.truncate(before);
    }
    match find(&clean, 0, text).map(|item| item.content) {
        Some(Content::Bytes(octets)) => {
            out.extend_from_slice(&octets.bytes);
            true
        }
        _ => false,
    }
}
