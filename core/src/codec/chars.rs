//! Checks characters and packed digits eight bytes at a time, as every field of every message
//! passes here.

use crate::spec::Class;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// One bit for each class that a byte, read as Latin-1, may stand in.
static CLASSES_OF: [u16; 256] = classes_of();

const CLASSES: [Class; 13] = [
    Class::A,
    Class::An,
    Class::Anp,
    Class::Ans,
    Class::As,
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

/// The index of the first byte that may not stand in a value of this class.
#[inline]
pub(super) fn first_wrong(class: Class, data: &[u8]) -> Option<usize> {
    let right = match class {
        Class::Text => true,
        Class::N => only_digits(data),
        Class::Ans => all_words(data, b' ', is_printable),
        Class::An | Class::Anp => all_words(data, b' ', is_alphanumeric),
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
    if let Some(last) = data.last_chunk::<8>() {
        let words = data.as_chunks::<8>().0;
        let mut fine = right(u64::from_le_bytes(*last));
        for word in words {
            fine &= right(u64::from_le_bytes(*word));
        }
        return fine;
    }
    if let (Some(first), Some(last)) = (data.first_chunk::<4>(), data.last_chunk::<4>()) {
        let both = u64::from(u32::from_le_bytes(*last)) << 32;
        return right(both | u64::from(u32::from_le_bytes(*first)));
    }
    let byte = |at: usize| data.get(at).copied().unwrap_or(harmless);
    let short = [byte(0), byte(1), byte(2), harmless];
    right(u64::from(u32::from_le_bytes(short)) | (u64::from(harmless) * (ONES << 32)))
}

#[inline]
const fn is_digits(word: u64) -> bool {
    let tens = ONES * 0xF0;
    word & tens == ONES * 0x30 && word.wrapping_add(ONES * 0x06) & tens == ONES * 0x30
}

/// No byte below the space, no DEL.
#[inline]
const fn is_printable(word: u64) -> bool {
    let below_space = word.wrapping_sub(ONES * 0x20) & !word & HIGHS;
    let from_del = word ^ (ONES * 0x7F);
    let del = from_del.wrapping_sub(ONES) & !from_del & HIGHS;
    below_space | del == 0
}

/// Letters, digits and spaces.
#[inline]
const fn is_alphanumeric(word: u64) -> bool {
    let space = within(word, b' ', b' ');
    let letter = within(word | (ONES * 0x20), b'a', b'z');
    word & HIGHS == 0 && (within(word, b'0', b'9') | letter | space) == HIGHS
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
    let (mut word, mut wrong) = (0, 0);
    for digit in digits {
        let value = HEX_VALUES.get(usize::from(*digit)).copied().unwrap_or(0xFF);
        wrong |= value;
        word = (word << 4) | u64::from(value & 15);
    }
    (wrong < 0x10).then_some(word)
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
