//! The head of a message: MTI and bitmaps, read alike by both readers.

use super::chars::hex_word;
use super::fault::Fault;
use super::read::At;
use crate::bytes::{Charset, hex_value, to_hex};
use crate::spec::{BitmapSpec, Coding, MtiSpec};

/// A set of field numbers up to 192.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FieldSet([u64; 3]);

impl FieldSet {
    /// Whether a field is in it.
    #[must_use]
    pub const fn has(self, de: u8) -> bool {
        let Some(at) = (de as u32).checked_sub(1) else {
            return false;
        };
        let word = match at / 64 {
            0 => self.0[0],
            1 => self.0[1],
            2 => self.0[2],
            _ => return false,
        };
        word >> (63 - at % 64) & 1 == 1
    }

    /// Adds a field.
    pub fn insert(&mut self, de: u8) {
        let at = u32::from(de).wrapping_sub(1);
        if let Some(word) = self.0.get_mut(at as usize / 64) {
            *word |= 1 << (63 - at % 64);
        }
    }

    /// Takes a field out.
    pub fn remove(&mut self, de: u8) {
        let at = u32::from(de).wrapping_sub(1);
        if let Some(word) = self.0.get_mut(at as usize / 64) {
            *word &= !(1 << (63 - at % 64));
        }
    }

    /// How many fields are in it.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.0[0].count_ones() + self.0[1].count_ones() + self.0[2].count_ones()
    }

    /// Whether it is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// How many fields with a smaller number are in it.
    #[must_use]
    pub fn rank(self, de: u8) -> usize {
        let at = u32::from(de).saturating_sub(1);
        let before = |index: u32, word: u64| match at.checked_sub(64 * index) {
            None => 0,
            Some(0) => 0,
            Some(bits) if bits >= 64 => word.count_ones(),
            Some(bits) => (word >> (64 - bits)).count_ones(),
        };
        (before(0, self.0[0]) + before(1, self.0[1]) + before(2, self.0[2])) as usize
    }

    /// The fields, in order.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        (0u8..3).zip(self.0).flat_map(|(index, mut word)| {
            std::iter::from_fn(move || {
                let lead = word.leading_zeros();
                if lead == 64 {
                    return None;
                }
                word &= !(1 << (63 - lead));
                Some(index * 64 + lead as u8 + 1)
            })
        })
    }

    pub(super) const fn word(self, index: usize) -> u64 {
        match index {
            0 => self.0[0],
            1 => self.0[1],
            _ => self.0[2],
        }
    }

    pub(super) fn set_word(&mut self, index: usize, word: u64) {
        if let Some(slot) = self.0.get_mut(index) {
            *slot = word;
        }
    }
}

/// The four digits of an MTI at the start of `bytes`, and how many bytes they take.
pub(super) fn read_mti(spec: MtiSpec, bytes: &[u8]) -> At<([u8; 4], usize)> {
    let len = spec.len_bytes();
    let Some(wire) = bytes.get(..len) else {
        return Err(Box::new((
            0,
            Fault::TruncatedField {
                need: len,
                have: bytes.len(),
            },
        )));
    };
    let digits = match (spec.coding, wire) {
        (Coding::Chars(Charset::Ascii), [a, b, c, d]) => [*a, *b, *c, *d],
        (Coding::Chars(set), [a, b, c, d]) => {
            [*a, *b, *c, *d].map(|byte| set.decode_byte(byte) as u32 as u8)
        }
        (_, [high, low]) => [high >> 4, high & 15, low >> 4, low & 15].map(|nibble| nibble + b'0'),
        _ => [0; 4],
    };
    if digits.iter().all(u8::is_ascii_digit) {
        return Ok((digits, len));
    }
    Err(Box::new((
        0,
        Fault::MtiUnreadable {
            found: to_hex(wire),
        },
    )))
}

/// One block of a bitmap at `start`: its bits, left aligned, and the byte after it.
pub(super) fn read_block(spec: &BitmapSpec, bytes: &[u8], start: usize) -> At<(u64, usize)> {
    let len = spec.block_len();
    let Some(wire) = bytes.get(start..start + len) else {
        let have = bytes.len().saturating_sub(start);
        return Err(Box::new((
            start,
            Fault::BitmapTruncated { need: len, have },
        )));
    };
    if let (Coding::Raw, Ok(eight)) = (spec.coding, <[u8; 8]>::try_from(wire)) {
        return Ok((u64::from_be_bytes(eight), start + len));
    }
    if let (Coding::HexChars(Charset::Ascii), Ok(digits)) = (spec.coding, wire.try_into())
        && let Some(word) = hex_word(digits)
    {
        return Ok((word, start + len));
    }
    let mut word = 0u64;
    for (index, byte) in wire.iter().enumerate() {
        match spec.coding {
            Coding::Raw => word = word << 8 | u64::from(*byte),
            Coding::Chars(set) | Coding::HexChars(set) => {
                let character = set.decode_byte(*byte) as u32 as u8;
                let Some(nibble) = hex_value(character) else {
                    return Err(Box::new((
                        start + index,
                        Fault::BitmapNotHex { found: *byte },
                    )));
                };
                word = word << 4 | u64::from(nibble);
            }
            _ => {}
        }
    }
    let unused = 64u32.saturating_sub(8 * u32::from(spec.block_bytes));
    Ok((word << unused, start + len))
}

/// The bitmaps in front of the fields, from `start`; gives the fields they announce and the byte
/// after them. The bits that announce another bitmap are left out; one that announces more than
/// there can be stays.
pub(super) fn read_bitmaps(spec: &BitmapSpec, bytes: &[u8], start: usize) -> At<(FieldSet, usize)> {
    if spec.block_bytes == 16 {
        return read_wide(spec, bytes, start);
    }
    let mut set = FieldSet::default();
    let mut at = start;
    for block in 0..usize::from(spec.max_blocks.min(3)) {
        let (word, next) = read_block(spec, bytes, at)?;
        at = next;
        let more = spec.continues && word >> 63 == 1;
        let last = block + 1 >= usize::from(spec.max_blocks);
        let announces = more && !last;
        set.set_word(block, if announces { word & !(1 << 63) } else { word });
        if !announces && block + 1 >= usize::from(spec.min_blocks) {
            break;
        }
    }
    Ok((set, at))
}

/// A single block of 128 bits that is always there: two words, no continuation bit.
fn read_wide(spec: &BitmapSpec, bytes: &[u8], start: usize) -> At<(FieldSet, usize)> {
    let half = BitmapSpec {
        block_bytes: 8,
        ..*spec
    };
    let (first, middle) = read_block(&half, bytes, start)?;
    let (second, end) = read_block(&half, bytes, middle)?;
    let mut set = FieldSet::default();
    set.set_word(0, first & !(1 << 63));
    set.set_word(1, second);
    Ok((set, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_set_counts_and_iterates() {
        let mut set = FieldSet::default();
        for de in [2, 64, 65, 128, 130] {
            set.insert(de);
        }
        assert_eq!(set.iter().collect::<Vec<_>>(), [2, 64, 65, 128, 130]);
        assert_eq!(set.rank(2), 0);
        assert_eq!(set.rank(65), 2);
        assert_eq!(set.rank(130), 4);
        assert!(set.has(128) && !set.has(129));
        set.remove(64);
        assert_eq!(set.len(), 4);
    }
}
