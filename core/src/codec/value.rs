//! From bits to the canonical text of a value: digits, text, or upper-case hex.

use crate::bytes::{Charset, Nibbles, Span, hex_digit, push_hex};
use crate::spec::Coding;

/// Appends the canonical text of the bits `span` of `bytes` in a coding.
pub(super) fn push_value(out: &mut String, bytes: &[u8], span: Span, coding: Coding) {
    match coding {
        Coding::Bcd => push_nibbles(out, bytes, span),
        Coding::Raw => match (span.start % 8, span.end % 8) {
            (0, 0) => push_hex(out, bytes.get(span.byte_range()).unwrap_or_default()),
            _ => push_nibbles(out, bytes, span),
        },
        Coding::Chars(set) => {
            set.decode_into(bytes.get(span.byte_range()).unwrap_or_default(), out)
        }
        Coding::HexChars(set) => {
            let wire = bytes.get(span.byte_range()).unwrap_or_default();
            out.extend(
                wire.iter()
                    .map(|b| set.decode_byte(*b).to_ascii_uppercase()),
            );
        }
        Coding::Zoned => push_zoned(out, bytes.get(span.byte_range()).unwrap_or_default()),
        Coding::SignBcd => {
            let wire = bytes.get(span.byte_range()).unwrap_or_default();
            out.extend(wire.first().map(|b| Charset::Ascii.decode_byte(*b)));
            push_nibbles(out, bytes, Span::bits(span.start + 8, span.end));
        }
    }
}

fn push_nibbles(out: &mut String, bytes: &[u8], mut span: Span) {
    if span.start.is_multiple_of(8) {
        let end = (span.end as usize / 8).min(bytes.len());
        push_hex(
            out,
            bytes.get(span.start as usize / 8..end).unwrap_or_default(),
        );
        span.start = span.end / 8 * 8;
    }
    out.extend(Nibbles::of(bytes, span).map(|nibble| char::from(hex_digit(nibble))));
}

/// Zoned EBCDIC: digits, the last one's zone being the sign (D is minus); a minus goes in front.
fn push_zoned(out: &mut String, wire: &[u8]) {
    if wire.last().is_some_and(|b| b >> 4 == 0xD) {
        out.push('-');
    }
    out.extend(wire.iter().map(|b| char::from(hex_digit(b & 15))));
}

/// Whether a coding's canonical text is the wire's ASCII itself, so that it can be borrowed.
pub(super) const fn is_plain(coding: Coding) -> bool {
    matches!(
        coding,
        Coding::Chars(Charset::Ascii | Charset::Utf8 | Charset::Gbk)
    )
}
