//! Byte arrays as source code writes them: C, Rust, Go, Java (signed, with casts), Python, JSON.

use super::clean::Clean;
use super::{Content, Form, Intake, Item, Octets};
use std::ops::Range;

/// Fewer numbers than this are a size or an index.
const MIN_NUMBERS: usize = 4;

pub(super) fn read(clean: &Clean<'_>) -> Option<Intake> {
    let code = blank_comments_and_casts(&clean.text);
    let mut items: Vec<Item> = groups(&code)
        .into_iter()
        .filter_map(|group| numbers(&code, group))
        .map(|octets| item(clean, octets))
        .collect();
    if items.is_empty() && code.matches("0x").count() >= MIN_NUMBERS {
        items.extend(loose(&code).map(|octets| item(clean, octets)));
    }
    let lines = clean.text.trim_end().lines().count();
    (!items.is_empty()).then_some(Intake {
        form: Form::Array,
        lines,
        items,
        notes: Vec::new(),
    })
}

fn item(clean: &Clean<'_>, octets: Octets) -> Item {
    let chars = octets.chars(0..octets.bytes.len()).unwrap_or(0..0);
    let line = clean.line_number(chars.start);
    Item {
        form: Form::Array,
        chars,
        line,
        content: Content::Bytes(octets),
    }
}

/// The same text with comments and `(byte)` casts overwritten by spaces, so offsets stay.
fn blank_comments_and_casts(text: &str) -> String {
    let mut code: Vec<u8> = text
        .bytes()
        .map(|b| if b.is_ascii() { b } else { b'?' })
        .collect();
    let mut blank = |range: Range<usize>| {
        for byte in code.iter_mut().skip(range.start).take(range.len()) {
            *byte = b' ';
        }
    };
    for (start, open) in text.match_indices("/*") {
        let rest = text.get(start + open.len()..).unwrap_or_default();
        blank(start..start + open.len() + rest.find("*/").map_or(rest.len(), |at| at + 2));
    }
    for (start, _) in text.match_indices("//").chain(text.match_indices('#')) {
        let rest = text.get(start..).unwrap_or_default();
        blank(start..start + rest.find('\n').unwrap_or(rest.len()));
    }
    for (start, _) in text.match_indices('(') {
        let rest = text.get(start + 1..).unwrap_or_default();
        let inside = rest
            .find(')')
            .and_then(|end| rest.get(..end))
            .unwrap_or("0");
        if !inside.is_empty()
            && inside
                .bytes()
                .all(|b| b.is_ascii_alphabetic() || b == b' ' || b == b'_')
        {
            blank(start..start + inside.len() + 2);
        }
    }
    String::from_utf8(code).unwrap_or_default()
}

/// The insides of innermost brackets.
fn groups(code: &str) -> Vec<Range<usize>> {
    let (mut found, mut open) = (Vec::new(), None);
    for (at, c) in code.bytes().enumerate() {
        match c {
            b'{' | b'[' | b'(' => open = Some(at + 1),
            b'}' | b']' | b')' => found.extend(open.take().map(|start| start..at)),
            _ => {}
        }
    }
    found
}

/// The bytes of a group of comma-separated numbers; `None` when it is something else.
fn numbers(code: &str, group: Range<usize>) -> Option<Octets> {
    let inside = code.get(group.clone())?;
    let (mut tokens, mut at) = (Vec::new(), group.start);
    for part in inside.split(',') {
        let token = part.trim();
        if !token.is_empty() {
            let start = at + (part.len() - part.trim_start().len());
            tokens.push((token, start..start + token.len()));
        }
        at += part.len() + 1;
    }
    if tokens.len() < MIN_NUMBERS {
        return None;
    }
    let hex = tokens.iter().any(|(t, _)| is_bare_hex(t));
    let mut octets = Octets::default();
    for (token, chars) in tokens {
        octets.push(byte(token, hex)?, chars);
    }
    Some(octets)
}

/// A letter or a leading zero shows that numbers without `0x` are hex all the same.
fn is_bare_hex(token: &str) -> bool {
    token.len() == 2
        && token.bytes().all(|b| b.is_ascii_hexdigit())
        && (token.bytes().any(|b| b.is_ascii_alphabetic()) || token.starts_with('0'))
}

fn byte(token: &str, bare_hex: bool) -> Option<u8> {
    if let [b'\'', c, b'\''] = token.as_bytes() {
        return Some(*c);
    }
    let (negative, digits) = match token.strip_prefix('-') {
        Some(rest) => (true, rest.trim_start()),
        None => (false, token),
    };
    let digits = SUFFIXES
        .iter()
        .find_map(|s| digits.strip_suffix(s))
        .unwrap_or(digits);
    let hex = digits
        .strip_prefix("0x")
        .or_else(|| digits.strip_prefix("0X"));
    let hex = hex.or_else(|| digits.strip_suffix(['h', 'H']));
    let value = match hex {
        Some(hex) => i32::from_str_radix(hex.trim_end_matches(['u', 'U', 'l', 'L']), 16),
        None if bare_hex => i32::from_str_radix(digits, 16),
        None => digits.parse(),
    };
    let value = if negative { -value.ok()? } else { value.ok()? };
    u8::try_from(value)
        .ok()
        .or_else(|| i8::try_from(value).ok().map(i8::cast_unsigned))
}

const SUFFIXES: [&str; 5] = ["_u8", "u8", ".toByte()", " as u8", ".toUByte()"];

/// `0x30 0x38 ...` or `0x3038...` without any brackets.
fn loose(code: &str) -> Option<Octets> {
    let mut octets = Octets::default();
    for (at, _) in code.match_indices("0x") {
        let digits: &str = code.get(at + 2..)?;
        let len = digits.bytes().take_while(u8::is_ascii_hexdigit).count();
        let digits = digits.get(..len)?;
        let padded = if len % 2 == 1 {
            format!("0{digits}")
        } else {
            digits.to_owned()
        };
        for (index, pair) in padded.as_bytes().chunks_exact(2).enumerate() {
            let text = std::str::from_utf8(pair).ok()?;
            let start = at + 2 + (index * 2).saturating_sub(len % 2);
            let start = if index == 0 { at } else { start };
            octets.push(
                u8::from_str_radix(text, 16).ok()?,
                start..at + 2 + (index * 2 + 2).min(len),
            );
        }
    }
    (octets.bytes.len() >= MIN_NUMBERS).then_some(octets)
}
