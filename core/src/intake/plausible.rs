//! A cheap look at bytes: do they begin like a message?
//!
//! Intake needs it to tell several messages from one wrapped message, and to order two readings
//! of the same characters. It is a glance, not a decode.

/// Whether `bytes` begin like an ISO 8583 message, possibly behind a usual frame header.
#[must_use]
pub fn starts_like_message(bytes: &[u8]) -> bool {
    const HEADERS: [usize; 16] = [0, 2, 4, 5, 6, 7, 9, 11, 12, 13, 16, 18, 20, 22, 24, 26];
    HEADERS.iter().any(|&skip| {
        let head = bytes.get(..skip).unwrap_or_default();
        bytes
            .get(skip..)
            .is_some_and(|rest| header_fits(head, bytes.len()) && body_fits(rest))
    })
}

/// Whether `text` begins with an MTI and the 16 hex digits of a bitmap, written as characters.
#[must_use]
pub(super) fn starts_like_iso_text(text: &[u8]) -> bool {
    mti_digits(text, b'0') && bitmap_digits(text.get(4..20), |c| char::from(c).to_digit(16))
}

fn body_fits(body: &[u8]) -> bool {
    starts_like_iso_text(body)
        || (mti_digits(body, b'0') && binary_bitmap(body.get(4..12)))
        || (mti_digits(body, 0xf0)
            && (bitmap_digits(body.get(4..20), ebcdic_digit) || binary_bitmap(body.get(4..12))))
        || (packed_mti(body) && binary_bitmap(body.get(2..10)))
}

/// Whether `head` is a header that real frames have: a length that matches, a TPDU, known text.
fn header_fits(head: &[u8], total: usize) -> bool {
    let after_length = |width: usize, rest: &[u8]| match rest {
        [] => true,
        [0x60 | 0x68, ..] => matches!(rest.len(), 5 | 7 | 11),
        [0x16, ..] => rest.len() == 22,
        rest => width > 0 && (rest.starts_with(b"ISO") || rest.len() == 10),
    };
    match head {
        [] => true,
        [0x60 | 0x68, ..] if matches!(head.len(), 5 | 7 | 11) => true,
        [0x16, ..] if head.len() == 22 => true,
        _ if head.len() == 12 && head.starts_with(b"ISO") => true,
        [a, b, c, d, rest @ ..] if [a, b, c, d].iter().all(|c| c.is_ascii_digit()) => {
            let declared = head
                .iter()
                .take(4)
                .fold(0, |n, c| n * 10 + usize::from(c & 15));
            (declared + 4 == total || declared == total) && after_length(4, rest)
        }
        [a, b, rest @ ..] => {
            let declared = usize::from(*a) << 8 | usize::from(*b);
            let swapped = usize::from(*b) << 8 | usize::from(*a);
            [declared + 2, declared, swapped + 2].contains(&total) && after_length(2, rest)
        }
        _ => false,
    }
}

fn mti_digits(body: &[u8], zero: u8) -> bool {
    let digit = |i: usize| {
        body.get(i)
            .map(|b| b.wrapping_sub(zero))
            .filter(|d| *d < 10)
    };
    matches!((digit(0), digit(1), digit(2), digit(3)), (Some(v), Some(c), Some(f), Some(o))
        if mti_fits(v, c, f, o))
}

fn packed_mti(body: &[u8]) -> bool {
    matches!(body, [a, b, ..] if mti_fits(a >> 4, a & 15, b >> 4, b & 15))
}

fn mti_fits(version: u8, class: u8, function: u8, origin: u8) -> bool {
    matches!(version, 0..=2 | 9) && matches!(class, 1..=8) && function <= 8 && origin <= 5
}

fn bitmap_digits(digits: Option<&[u8]>, value: impl Fn(u8) -> Option<u32>) -> bool {
    digits.is_some_and(|d| {
        d.iter().all(|&c| value(c).is_some()) && d.iter().any(|&c| value(c) != Some(0))
    })
}

fn binary_bitmap(bytes: Option<&[u8]>) -> bool {
    bytes.is_some_and(|b| b.iter().any(|&byte| byte != 0))
}

/// The value of a hex digit in EBCDIC.
pub(super) fn ebcdic_digit(c: u8) -> Option<u32> {
    match c {
        0xf0..=0xf9 => Some(u32::from(c & 15)),
        0xc1..=0xc6 | 0x81..=0x86 => Some(u32::from(c & 15) + 9),
        _ => None,
    }
}
