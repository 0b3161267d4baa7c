//! Base64 and base64url.

use super::clean::Clean;
use super::plausible::starts_like_message;
use super::{Content, Form, Intake, Item, Octets};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use std::ops::Range;

/// Shorter texts are words.
const MIN_CHARACTERS: usize = 16;

pub(super) fn read(clean: &Clean<'_>) -> Option<Intake> {
    let text = clean.text.trim();
    let start = clean.text.find(text)?;
    let single = |range: Range<usize>| {
        let (octets, form) = decode(&clean.text, range.clone())?;
        let line = clean.line_number(range.start);
        Some(Item {
            form,
            chars: range,
            line,
            content: Content::Bytes(octets),
        })
    };
    let whole = single(start..start + text.len());
    let per_line: Option<Vec<Item>> = clean
        .lines()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(at, line)| single(at..at + line.len()).filter(plausible))
        .collect();
    let items = match (per_line, whole) {
        (Some(lines), _) if lines.len() > 1 => lines,
        (_, Some(whole)) => vec![whole],
        _ => return None,
    };
    let form = items.first()?.form;
    Some(Intake {
        form,
        lines: text.lines().count(),
        items,
        notes: Vec::new(),
    })
}

fn plausible(item: &Item) -> bool {
    matches!(&item.content, Content::Bytes(octets) if starts_like_message(&octets.bytes))
}

/// Decodes the characters in `range`, white space and padding aside.
pub(super) fn decode(text: &str, range: Range<usize>) -> Option<(Octets, Form)> {
    let mut symbols = Vec::new();
    let mut places = Vec::new();
    for (index, c) in text.get(range.clone())?.bytes().enumerate() {
        if !c.is_ascii_whitespace() {
            symbols.push(c);
            places.push(range.start + index);
        }
    }
    let padding = symbols
        .iter()
        .rev()
        .take_while(|c| **c == b'=')
        .count()
        .min(2);
    symbols.truncate(symbols.len() - padding);
    let url = symbols.iter().any(|c| matches!(c, b'-' | b'_'));
    let mixed =
        symbols.iter().any(u8::is_ascii_uppercase) && symbols.iter().any(u8::is_ascii_digit);
    if symbols.len() < MIN_CHARACTERS || !(mixed || padding > 0) {
        return None;
    }
    let engine = if url {
        URL_SAFE_NO_PAD
    } else {
        STANDARD_NO_PAD
    };
    let bytes = engine.decode(&symbols).ok()?;
    let mut octets = Octets::default();
    for (index, byte) in bytes.into_iter().enumerate() {
        // A byte starts in symbol floor(4i/3) and ends in the next one.
        let first = places.get(index * 4 / 3)?;
        let last = places.get((index * 4 / 3 + 1).min(places.len() - 1))?;
        octets.push(byte, *first..last + 1);
    }
    Some((octets, if url { Form::Base64Url } else { Form::Base64 }))
}
