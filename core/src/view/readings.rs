//! What the selected bits say in other codings: the converter of the Inspect panel.

use crate::bytes::{Charset, Nibbles, Span, hex_digit};

/// One way to read some bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Which coding: a name that needs no translation.
    pub coding: &'static str,
    /// What the bits say in it.
    pub text: String,
}

/// The most bytes that are read; a longer selection shows its beginning.
const MAX_BYTES: usize = 64;

/// The readings of some bits of a frame, the plausible ones first.
#[must_use]
pub fn readings(frame: &[u8], span: Span) -> Vec<Reading> {
    let whole = frame.get(span.byte_range()).unwrap_or_default();
    let bytes = whole.get(..whole.len().min(MAX_BYTES)).unwrap_or_default();
    let aligned = span.start.is_multiple_of(8) && span.end.is_multiple_of(8);
    let mut list = Vec::new();
    let nibbles: Vec<u8> = Nibbles::of(frame, span).take(MAX_BYTES * 2).collect();
    let decimal = !nibbles.is_empty() && nibbles.iter().all(|nibble| *nibble < 10);
    if decimal {
        push(
            &mut list,
            "BCD",
            nibbles
                .iter()
                .copied()
                .map(|nibble| char::from(hex_digit(nibble)))
                .collect(),
        );
    }
    let ascii = bytes
        .iter()
        .filter(|byte| byte.is_ascii_graphic() || **byte == b' ')
        .count();
    let ebcdic = Charset::Ebcdic1047.decode(bytes);
    let readable = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|char| char.is_ascii_alphanumeric() || char == ' ')
    };
    if aligned {
        let text = Charset::Ascii.decode(bytes);
        let shown: String = text.chars().map(visible).collect();
        let at = if ascii == bytes.len() && !bytes.is_empty() {
            0
        } else {
            list.len()
        };
        list.insert(
            at,
            Reading {
                coding: "ASCII",
                text: shown,
            },
        );
        let at = if readable(&ebcdic) { 0 } else { list.len() };
        list.insert(
            at,
            Reading {
                coding: "EBCDIC",
                text: ebcdic.chars().map(visible).collect(),
            },
        );
        let gbk = Charset::Gbk.decode(bytes);
        if gbk
            .chars()
            .any(|char| !char.is_ascii() && char != '\u{FFFD}')
        {
            push(&mut list, "GBK", gbk.chars().map(visible).collect());
        }
        if (1..=8).contains(&bytes.len()) {
            let big = bytes
                .iter()
                .fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
            let little = bytes
                .iter()
                .rev()
                .fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
            push(&mut list, "unsigned", grouped(big));
            if bytes.len() > 1 {
                push(&mut list, "unsigned LE", grouped(little));
            }
        }
    }
    push(&mut list, "bits", bits(frame, span));
    list
}

fn push(list: &mut Vec<Reading>, coding: &'static str, text: String) {
    list.push(Reading { coding, text });
}

/// A character that takes a place of its own.
fn visible(char: char) -> char {
    if char.is_control() || char == '\u{FFFD}' {
        '·'
    } else {
        char
    }
}

/// A number with a thin gap between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text
}

/// The bits in groups of four; a long selection shows its two ends.
fn bits(frame: &[u8], span: Span) -> String {
    let bit = |index: u32| {
        let byte = frame.get((index / 8) as usize).copied().unwrap_or_default();
        if byte >> (7 - index % 8) & 1 == 1 {
            '1'
        } else {
            '0'
        }
    };
    let write = |from: u32, to: u32| {
        let mut text = String::new();
        for index in from..to {
            if index > from && index % 4 == 0 {
                text.push(' ');
            }
            text.push(bit(index));
        }
        text
    };
    if span.len() <= 64 {
        write(span.start, span.end)
    } else {
        format!(
            "{} … {}",
            write(span.start, span.start + 24),
            write(span.end - 24, span.end)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, coding: &str) -> Option<String> {
        let frame = hex::decode(text).unwrap();
        let span = Span::bytes(0..frame.len());
        readings(&frame, span)
            .into_iter()
            .find(|one| one.coding == coding)
            .map(|one| one.text)
    }

    #[test]
    fn plausible_readings_come_first() {
        assert_eq!(readings(b"A1", Span::bytes(0..2))[0].coding, "ASCII");
        assert_eq!(readings(&[0xC1, 0xF1], Span::bytes(0..2))[0].text, "A1");
        assert_eq!(readings(&[0x01, 0x23], Span::bytes(0..2))[0].text, "0123");
    }

    #[test]
    fn numbers_and_bits() {
        assert_eq!(of("012345", "unsigned").as_deref(), Some("74\u{2009}565"));
        assert_eq!(of("0100", "unsigned LE").as_deref(), Some("1"));
        assert_eq!(of("A5", "bits").as_deref(), Some("1010 0101"));
        let frame = [0b0000_0100];
        assert_eq!(readings(&frame, Span::bits(5, 6)).last().unwrap().text, "1");
    }
}
