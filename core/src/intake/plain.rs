//! Plain hex: one run of digits, or bytes with separators between them; one message or several.

use super::clean::Clean;
use super::nibbles::nibble;
use super::plausible::{ebcdic_digit, starts_like_iso_text, starts_like_message};
use super::{Content, Form, Intake, Item, Note, NoteCode, Octets};
use std::ops::Range;

pub(super) fn read(clean: &Clean<'_>) -> Option<Intake> {
    let text: &str = &clean.text;
    let whole = digits(text, 0..text.len())?;
    if whole.len() < 2 {
        return None;
    }
    let blocks = blocks(clean);
    let (mut items, mut notes) = (Vec::new(), Vec::new());
    for block in blocks {
        let found = digits(text, block.clone())?;
        if found.is_empty() {
            continue;
        }
        let (octets, note) = octets_of(text, &found);
        notes.extend(note);
        let (octets, doubled) = undouble(octets);
        let chars = found.first()?.0..found.last()?.0 + 1;
        if doubled {
            notes.push(Note {
                code: NoteCode::DoubleEncoded,
                chars: chars.clone(),
                count: 2,
            });
        }
        let line = clean.line_number(chars.start);
        items.push(Item {
            form: form(text, &chars),
            chars,
            line,
            content: Content::Bytes(octets),
        });
    }
    let form = items.first()?.form;
    let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
    Some(Intake {
        form,
        lines,
        items,
        notes,
    })
}

/// The hex digits of `range` with their places; `None` when something else stands there.
pub(super) fn digits(text: &str, range: Range<usize>) -> Option<Vec<(usize, u8)>> {
    let bytes = text.as_bytes().get(range.clone())?;
    let mut found = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&c) = bytes.get(at) {
        let next = bytes.get(at + 1).copied();
        match (c, next) {
            (b'0', Some(b'x' | b'X')) | (b'\\', Some(b'x')) => at += 1,
            (b'h' | b'H', _) if at > 0 && bytes.get(at - 1).is_some_and(u8::is_ascii_hexdigit) => {}
            _ => match nibble(c) {
                Some(value) => found.push((range.start + at, value)),
                None if is_separator(c) => {}
                None => return None,
            },
        }
        at += 1;
    }
    Some(found)
}

fn is_separator(c: u8) -> bool {
    c.is_ascii_whitespace()
        || matches!(
            c,
            b',' | b':' | b';' | b'-' | b'_' | b'|' | b'.' | b'\'' | b'"' | b'\\'
        )
}

fn form(text: &str, chars: &Range<usize>) -> Form {
    let run = text.get(chars.clone()).unwrap_or_default();
    if run
        .bytes()
        .any(|b| !b.is_ascii_hexdigit() && b != b'\n' && b != b'\r')
    {
        Form::HexBytes
    } else {
        Form::HexDigits
    }
}

/// Pairs the digits; single digits between separators are bytes where all tokens are short.
fn octets_of(text: &str, found: &[(usize, u8)]) -> (Octets, Option<Note>) {
    let mut octets = Octets::default();
    let lone = |i: usize| -> bool {
        let edge = |at: Option<usize>| {
            at.and_then(|at| text.as_bytes().get(at))
                .is_none_or(|b| !b.is_ascii_hexdigit())
        };
        found
            .get(i)
            .is_some_and(|(at, _)| edge(at.checked_sub(1)) && edge(Some(at + 1)))
    };
    let spaced = found
        .windows(3)
        .all(|w| matches!(w, [a, _, c] if c.0 - a.0 > 2));
    let mut i = 0;
    while let Some(&(at, high)) = found.get(i) {
        match found.get(i + 1) {
            Some(_) if spaced && lone(i) => {
                octets.push(high, at..at + 1);
                i += 1;
            }
            Some(&(to, low)) => {
                octets.push(high << 4 | low, at..to + 1);
                i += 2;
            }
            None if spaced && lone(i) && found.len() > 2 => {
                octets.push(high, at..at + 1);
                i += 1;
            }
            None => {
                let note = Note {
                    code: NoteCode::OddDigits,
                    chars: at..at + 1,
                    count: found.len(),
                };
                octets.alternatives.extend(as_text(text, found));
                return (octets, Some(note));
            }
        }
    }
    octets.alternatives.extend(as_text(text, found));
    (octets, None)
}

/// The digits read as the message itself, when they begin like an ASCII message.
fn as_text(text: &str, found: &[(usize, u8)]) -> Option<Octets> {
    let mut octets = Octets::default();
    for (at, _) in found {
        octets.push(*text.as_bytes().get(*at)?, *at..at + 1);
    }
    let contiguous = found
        .windows(2)
        .all(|w| matches!(w, [a, b] if a.0 + 1 == b.0));
    let body = octets.bytes.get(4..).is_some_and(starts_like_iso_text);
    (contiguous && (body || starts_like_iso_text(&octets.bytes))).then_some(octets)
}

/// Removes a second layer of hex (ASCII or EBCDIC digits), where only that reads like a message;
/// keeps it as an alternative where both do.
fn undouble(mut octets: Octets) -> (Octets, bool) {
    let ascii = octets.paired(nibble);
    let ebcdic = || octets.paired(|c| ebcdic_digit(c).and_then(|d| u8::try_from(d).ok()));
    let Some(inner) = ascii
        .or_else(ebcdic)
        .filter(|inner| starts_like_message(&inner.bytes))
    else {
        return (octets, false);
    };
    if starts_like_message(&octets.bytes) || !octets.alternatives.is_empty() {
        octets.alternatives.push(inner);
        return (octets, false);
    }
    (inner, true)
}

/// Where the messages stand: paragraphs, or single lines when each begins like a message.
fn blocks(clean: &Clean<'_>) -> Vec<Range<usize>> {
    let mut blocks = Vec::new();
    for paragraph in paragraphs(clean) {
        let lines: Vec<Range<usize>> = lines_in(clean, &paragraph);
        let each = lines.len() > 1
            && lines.iter().all(|line| begins(&clean.text, line))
            && !whole_length(&clean.text, &paragraph);
        if each {
            blocks.extend(lines)
        } else {
            blocks.push(paragraph)
        }
    }
    // Paragraphs that do not begin like messages are one message with gaps.
    if blocks.len() > 1 && !blocks.iter().all(|block| begins(&clean.text, block)) {
        return std::iter::once(0..clean.text.len()).collect();
    }
    blocks
}

fn paragraphs(clean: &Clean<'_>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    for (at, line) in clean.lines() {
        let blank = line.trim().is_empty();
        match found.last_mut() {
            Some(last) if open && !blank => last.end = at + line.len(),
            _ if !blank => found.push(at..at + line.len()),
            _ => {}
        }
        open = !blank;
    }
    found
}

fn lines_in(clean: &Clean<'_>, block: &Range<usize>) -> Vec<Range<usize>> {
    clean
        .lines()
        .filter(|(at, line)| *at >= block.start && *at < block.end && !line.trim().is_empty())
        .map(|(at, line)| at..at + line.len())
        .collect()
}

fn begins(text: &str, range: &Range<usize>) -> bool {
    let Some(found) = digits(text, range.clone()) else {
        return false;
    };
    let (octets, _) = octets_of(text, &found);
    let inner = || {
        octets
            .paired(nibble)
            .is_some_and(|inner| starts_like_message(&inner.bytes))
    };
    found.len() >= 20
        && (starts_like_message(&octets.bytes) || !octets.alternatives.is_empty() || inner())
}

/// Whether the block as a whole begins with a length that is its own.
fn whole_length(text: &str, block: &Range<usize>) -> bool {
    let Some(found) = digits(text, block.clone()) else {
        return false;
    };
    let bytes = octets_of(text, &found).0.bytes;
    matches!(bytes.as_slice(), [a, b, rest @ ..] if usize::from(*a) << 8 | usize::from(*b) == rest.len())
}
