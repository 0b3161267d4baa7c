//! String literals with `\x` escapes: Python `b'...'`, C, Rust, shell, "copy as escaped string".

use super::clean::Clean;
use super::nibbles::nibble;
use super::{Content, Form, Intake, Item, Octets};

pub(super) fn read(clean: &Clean<'_>) -> Option<Intake> {
    let text: &str = &clean.text;
    if !text.contains("\\x") && !text.contains("b'") && !text.contains("b\"") {
        return None;
    }
    let mut items = literals(text)
        .into_iter()
        .filter(|octets| octets.bytes.len() > 1)
        .map(|octets| item(clean, octets))
        .collect::<Vec<_>>();
    if items.is_empty() {
        items.extend(bare(text).map(|octets| item(clean, octets)));
    }
    let lines = text.trim_end().lines().count();
    (!items.is_empty()).then_some(Intake {
        form: Form::Escapes,
        lines,
        items,
        notes: Vec::new(),
    })
}

fn item(clean: &Clean<'_>, octets: Octets) -> Item {
    let chars = octets.chars(0..octets.bytes.len()).unwrap_or(0..0);
    let line = clean.line_number(chars.start);
    Item {
        form: Form::Escapes,
        chars,
        line,
        content: Content::Bytes(octets),
    }
}

/// Every quoted literal that has an escape or a bytes prefix. Neighbours are one message.
fn literals(text: &str) -> Vec<Octets> {
    let bytes = text.as_bytes();
    let mut found: Vec<Octets> = Vec::new();
    let (mut at, mut joined) = (0, false);
    while let Some(quote) = bytes.get(at).copied() {
        if !matches!(quote, b'"' | b'\'') {
            // Only white space, line joins and prefixes may stand between parts of one literal.
            joined &= matches!(
                quote,
                b' ' | b'\t' | b'\r' | b'\n' | b'\\' | b'+' | b'b' | b'(' | b')'
            );
            at += 1;
            continue;
        }
        let prefixed = at > 0 && bytes.get(at - 1) == Some(&b'b');
        let (octets, escaped, end) = literal(bytes, at + 1, quote);
        if escaped || prefixed || joined {
            match found.last_mut().filter(|_| joined) {
                Some(last) => last.extend(octets),
                None => found.push(octets),
            }
            joined = true;
        }
        at = end;
    }
    found
}

/// Reads from `at` to the closing `quote`; gives the bytes, whether a `\x` was there, the end.
fn literal(text: &[u8], mut at: usize, quote: u8) -> (Octets, bool, usize) {
    let (mut octets, mut escaped) = (Octets::default(), false);
    while let Some(&c) = text.get(at) {
        if c == quote {
            return (octets, escaped, at + 1);
        }
        let (byte, width) = match c {
            b'\\' => escape(text.get(at + 1..).unwrap_or_default()),
            _ => (Some(c), 1),
        };
        escaped |= c == b'\\' && text.get(at + 1) == Some(&b'x');
        if let Some(byte) = byte {
            octets.push(byte, at..at + width);
        }
        at += width;
    }
    (octets, escaped, at)
}

/// The byte an escape stands for and its width with the backslash; no byte for a line join.
fn escape(rest: &[u8]) -> (Option<u8>, usize) {
    match *rest {
        [b'x', high, low, ..] => match (nibble(high), nibble(low)) {
            (Some(high), Some(low)) => (Some(high << 4 | low), 4),
            (Some(only), None) => (Some(only), 3),
            _ => (Some(b'x'), 2),
        },
        [b'x', only] => (nibble(only), 3),
        [b'u', a, b, c, d, ..] => {
            let value = [a, b, c, d]
                .iter()
                .try_fold(0u32, |n, &c| Some(n << 4 | u32::from(nibble(c)?)));
            (value.and_then(|v| u8::try_from(v).ok()), 6)
        }
        [b'n', ..] => (Some(b'\n'), 2),
        [b'r', ..] => (Some(b'\r'), 2),
        [b't', ..] => (Some(b'\t'), 2),
        [b'a', ..] => (Some(7), 2),
        [b'b', ..] => (Some(8), 2),
        [b'f', ..] => (Some(0x0c), 2),
        [b'v', ..] => (Some(0x0b), 2),
        [b'e', ..] => (Some(0x1b), 2),
        [b'\r', b'\n', ..] => (None, 3),
        [b'\n', ..] => (None, 2),
        [b'0'..=b'7', ..] => octal(rest),
        [other, ..] => (Some(other), 2),
        [] => (None, 1),
    }
}

fn octal(rest: &[u8]) -> (Option<u8>, usize) {
    let digits = rest
        .iter()
        .take(3)
        .take_while(|c| matches!(c, b'0'..=b'7'))
        .count();
    let value = rest
        .iter()
        .take(digits)
        .fold(0u32, |n, c| n * 8 + u32::from(c - b'0'));
    (u8::try_from(value & 0xff).ok(), 1 + digits)
}

/// `\x30\x38...` without quotes: from the first escape to the last.
fn bare(text: &str) -> Option<Octets> {
    let start = text.find("\\x")?;
    let last = text.rfind("\\x")?;
    let end = text.len().min(last + 4);
    let mut octets = Octets::default();
    let mut at = start;
    while at < end {
        let rest = text.as_bytes().get(at..)?;
        match rest.first()? {
            b'\\' => {
                let (byte, width) = escape(rest.get(1..)?);
                if let Some(byte) = byte {
                    octets.push(byte, at..at + width);
                }
                at += width;
            }
            b'\r' | b'\n' => at += 1,
            // Between escapes Python prints the characters themselves.
            &c => {
                octets.push(c, at..at + 1);
                at += 1;
            }
        }
    }
    (octets.bytes.len() > 1).then_some(octets)
}
