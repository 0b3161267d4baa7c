//! Checks characters and packed digits eight bytes at a time, as every field of every message
//! passes here.

use crate::spec::Class;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// One bit for each class that a byte, read as Latin-1, may stand in.
static CLASSES_OF: [u16; 256] = classes_of();

const CLASSES: [Class; 14] = [
    Class::A,
    Class::An,
    Class::Anp,
    Class::Ans,
    Class::As,
    Class::Ascii,
    Class::B,
    Class::Hex,
    Class::N,
    Class::Ns,
    Class::S,
    Class::Text,
    Class::Xn,
    Class::Z,
];

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated by the compiler, within both tables"
)]
const fn classes_of() -> [u16; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut class = 0;
        while class < CLASSES.len() {
            if CLASSES[class].allows(byte as u8 as char) {
                table[byte] |= 1 << CLASSES[class] as u16;
            }
            class += 1;
        }
        byte += 1;
    }
    table
}

fn allowed(class: Class, byte: u8) -> bool {
    CLASSES_OF
        .get(usize::from(byte))
        .is_some_and(|bits| bits >> class as u16 & 1 == 1)
}

/// Whether every byte is an ASCII digit.
#[inline]
pub(super) fn only_digits(data: &[u8]) -> bool {
    all_words(data, b'0', is_digits)
}

/// Whether every byte is a letter, a digit or a space.
#[inline]
pub(super) fn only_alphanumeric(data: &[u8]) -> bool {
    // Most such values are digits, which are quicker to tell.
    all_words(data, b'0', |word| is_digits(word) || is_alphanumeric(word))
}

/// Whether no byte is a control character of ASCII.
#[inline]
pub(super) fn only_printable(data: &[u8]) -> bool {
    all_words(data, b' ', is_printable)
}

/// Whether every byte is a printable character of ASCII.
#[inline]
pub(super) fn only_printable_ascii(data: &[u8]) -> bool {
    all_words(data, b' ', |word| word & HIGHS == 0 && is_printable(word))
}

/// The index of the first byte that may not stand in a value of this class.
#[inline]
pub(super) fn first_wrong(class: Class, data: &[u8]) -> Option<usize> {
    let right = match class {
        Class::Text => true,
        Class::Ascii => data.is_ascii(),
        Class::N => only_digits(data),
        Class::Ans => only_printable(data),
        Class::An | Class::Anp => only_alphanumeric(data),
        _ => all_bytes(class, data),
    };
    if right {
        None
    } else {
        data.iter().position(|byte| !allowed(class, *byte))
    }
}

fn all_bytes(class: Class, data: &[u8]) -> bool {
    let bit = 1u16 << class as u16;
    let both = |all: u16, byte: &u8| {
        all & CLASSES_OF
            .get(usize::from(*byte))
            .copied()
            .unwrap_or_default()
    };
    data.iter().fold(bit, both) != 0
}

/// Whether every word of eight bytes passes. The last word overlaps the one before it, and a short
/// value is doubled or filled up with a harmless byte, as only the answer for all bytes counts.
#[inline]
fn all_words(data: &[u8], harmless: u8, right: impl Fn(u64) -> bool) -> bool {
    if let (Some(last), Some((_, before))) = (data.last_chunk::<8>(), data.split_last()) {
        let words = before.as_chunks::<8>().0;
        return right(u64::from_le_bytes(*last))
            && words.iter().all(|word| right(u64::from_le_bytes(*word)));
    }
    if let (Some(first), Some(last)) = (data.first_chunk::<4>(), data.last_chunk::<4>()) {
        let both = u64::from(u32::from_le_bytes(*last)) << 32;
        return right(both | u64::from(u32::from_le_bytes(*first)));
    }
    let byte = |at: usize| data.get(at).copied().unwrap_or(harmless);
    let short = [byte(0), byte(1), byte(2), harmless];
    right(u64::from(u32::from_le_bytes(short)) | (u64::from(harmless) * (ONES << 32)))
}

/// Whether the first `len` of some bytes all pass. The bytes behind them are read too and masked
/// out, so that a value of any length up to eight is one word and no branch.
#[inline]
fn all_of_first(bytes: &[u8], len: usize, wrong: impl Fn(u64) -> u64) -> bool {
    let (mut rest, mut left) = (bytes, len);
    while left > 8 {
        let Some((word, after)) = rest.split_first_chunk::<8>() else {
            return false;
        };
        if wrong(u64::from_le_bytes(*word)) != 0 {
            return false;
        }
        (rest, left) = (after, left - 8);
    }
    let word = match rest.first_chunk::<8>() {
        Some(word) => u64::from_le_bytes(*word),
        None => short_word(rest),
    };
    let unused = 64 - 8 * left as u32;
    wrong(word) & u64::MAX.checked_shr(unused).unwrap_or(0) == 0
}

/// Fewer than eight bytes as a word.
#[cold]
fn short_word(bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    word.iter_mut()
        .zip(bytes)
        .for_each(|(to, from)| *to = *from);
    u64::from_le_bytes(word)
}

/// Whether the first `len` bytes are ASCII digits.
#[inline]
pub(super) fn begins_with_digits(bytes: &[u8], len: usize) -> bool {
    all_of_first(bytes, len, no_digits)
}

/// Whether the first `len` bytes are letters, digits and spaces.
#[inline]
pub(super) fn begins_with_alphanumerics(bytes: &[u8], len: usize) -> bool {
    // Most such values are digits, which are quicker to tell.
    all_of_first(bytes, len, no_digits) || all_of_first(bytes, len, not_alphanumeric)
}

/// Whether none of the first `len` bytes is a control character of ASCII.
#[inline]
pub(super) fn begins_printable(bytes: &[u8], len: usize) -> bool {
    all_of_first(bytes, len, not_printable)
}

#[inline]
const fn is_digits(word: u64) -> bool {
    no_digits(word) == 0
}

/// Some bits of each byte that is no digit, or of one that stands behind it.
#[inline]
const fn no_digits(word: u64) -> u64 {
    let (tens, three) = (ONES * 0xF0, ONES * 0x30);
    ((word & tens) ^ three) | ((word.wrapping_add(ONES * 0x06) & tens) ^ three)
}

#[inline]
const fn is_printable(word: u64) -> bool {
    not_printable(word) == 0
}

/// A bit of each byte below the space and each DEL, or of one that stands behind it.
#[inline]
const fn not_printable(word: u64) -> u64 {
    let below_space = word.wrapping_sub(ONES * 0x20) & !word & HIGHS;
    let from_del = word ^ (ONES * 0x7F);
    let del = from_del.wrapping_sub(ONES) & !from_del & HIGHS;
    below_space | del
}

#[inline]
const fn is_alphanumeric(word: u64) -> bool {
    not_alphanumeric(word) == 0
}

/// A bit of each byte that is no letter, digit or space.
#[inline]
const fn not_alphanumeric(word: u64) -> u64 {
    let space = within(word, b' ', b' ');
    let letter = within(word | (ONES * 0x20), b'a', b'z');
    let right = (within(word, b'0', b'9') | letter | space) & !word;
    right & HIGHS ^ HIGHS
}

/// The high bit of each byte that is from `low` to `high`; no byte may have its own high bit set.
#[inline]
const fn within(word: u64, low: u8, high: u8) -> u64 {
    let word = word & !HIGHS;
    let from_low = word + ONES * (0x80 - low as u64);
    let past_high = word + ONES * (0x7F - high as u64);
    from_low & !past_high & HIGHS
}

/// The index of the first byte with a nibble that is no decimal digit.
#[inline]
pub(super) fn first_not_packed(data: &[u8]) -> Option<usize> {
    let right = all_words(data, 0, |word| {
        (word >> 3) & ((word >> 2) | (word >> 1)) & (ONES * 0x11) == 0
    });
    if right {
        None
    } else {
        data.iter().position(|b| b >> 4 > 9 || b & 15 > 9)
    }
}

/// The value of an ASCII hex digit, 0xFF for anything else.
static HEX_VALUES: [u8; 256] = hex_values();

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated by the compiler, within the table"
)]
const fn hex_values() -> [u8; 256] {
    let mut table = [0xFF; 256];
    let mut byte = 0;
    while byte < 256 {
        if let Some(value) = crate::bytes::hex_value(byte as u8) {
            table[byte] = value;
        }
        byte += 1;
    }
    table
}

/// Sixteen ASCII hex digits as a word.
#[inline]
pub(super) fn hex_word(digits: &[u8; 16]) -> Option<u64> {
    let [first, second] = digits.as_chunks::<8>().0 else {
        return None;
    };
    let high = hex_half(u64::from_be_bytes(*first))?;
    let low = hex_half(u64::from_be_bytes(*second))?;
    Some(high << 32 | low)
}

/// Eight ASCII hex digits, the first in the highest byte, as the number they write.
#[inline]
const fn hex_half(digits: u64) -> Option<u64> {
    let lower = digits | (ONES * 0x20);
    let right = within(digits, b'0', b'9') | within(lower, b'a', b'f');
    if digits & HIGHS != 0 || right != HIGHS {
        return None;
    }
    // Letters have the bit 40, and A is ten: nine more than its low nibble.
    let nibbles = (digits & (ONES * 0x0F)) + ((digits >> 6) & ONES) * 9;
    let bytes = (nibbles | nibbles >> 4) & 0x00FF_00FF_00FF_00FF;
    let pairs = (bytes | bytes >> 8) & 0x0000_FFFF_0000_FFFF;
    Some((pairs | pairs >> 16) & 0xFFFF_FFFF)
}

/// The value of an ASCII hex digit in either case, 0xFF for anything else.
#[inline]
pub(super) fn hex_digit_value(digit: u8) -> u8 {
    HEX_VALUES.get(usize::from(digit)).copied().unwrap_or(0xFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_bytes_agree_at_every_place() {
        for class in CLASSES {
            for len in [1, 3, 7, 8, 9, 15, 16, 17] {
                for at in 0..len {
                    for byte in 0..=255u8 {
                        let good = if class == Class::A { b'A' } else { b'0' };
                        let good = if class == Class::As || class == Class::S {
                            b'-'
                        } else {
                            good
                        };
                        let mut data = vec![good; len];
                        data[at] = byte;
                        let wrong = if allowed(class, byte) { None } else { Some(at) };
                        assert_eq!(
                            first_wrong(class, &data),
                            wrong,
                            "{class:?} {byte:02X} at {at}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn values_among_other_bytes_are_checked_alone() {
        type Check = fn(&[u8], usize) -> bool;
        let checks: [(Class, Check); 3] = [
            (Class::N, begins_with_digits),
            (Class::An, begins_with_alphanumerics),
            (Class::Ans, begins_printable),
        ];
        for (class, check) in checks {
            for len in [0, 1, 3, 7, 8, 9, 15, 16, 17] {
                for (at, byte) in (0..len + 9).flat_map(|at| (0..=255u8).map(move |b| (at, b))) {
                    for behind in [0, 1, 9] {
                        let mut bytes = vec![b'0'; len + behind];
                        bytes.get_mut(at).into_iter().for_each(|slot| *slot = byte);
                        let wanted = first_wrong(class, &bytes[..len]).is_none();
                        assert_eq!(check(&bytes, len), wanted, "{class:?} {byte:02X} at {at}");
                    }
                }
            }
        }
    }

    #[test]
    fn hex_words_are_read_and_refused_like_digits_one_by_one() {
        let good = *b"0123456789abCDEF";
        assert_eq!(hex_word(&good), Some(0x0123_4567_89AB_CDEF));
        for at in 0..16 {
            for byte in 0..=255u8 {
                let mut digits = good;
                digits[at] = byte;
                let text = std::str::from_utf8(&digits).unwrap_or("-");
                let plain = digits.iter().all(u8::is_ascii_hexdigit);
                let wanted = u64::from_str_radix(text, 16).ok().filter(|_| plain);
                assert_eq!(hex_word(&digits), wanted, "{byte:02X} at {at}");
            }
        }
    }

    #[test]
    fn packed_digits_are_found_wrong_at_every_place() {
        for len in 1..20 {
            for at in 0..len {
                for byte in 0..=255u8 {
                    let mut data = vec![0x19; len];
                    data[at] = byte;
                    let wrong = byte >> 4 > 9 || byte & 15 > 9;
                    assert_eq!(first_not_packed(&data), wrong.then_some(at));
                }
            }
        }
    }
}
