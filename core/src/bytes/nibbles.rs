//! Half bytes: how packed digits (BCD) stand in memory.

use super::span::Span;

/// The nibble at `index` (0 is the high half of the first byte), if it is there.
#[must_use]
pub fn nibble_at(bytes: &[u8], index: usize) -> Option<u8> {
    let byte = *bytes.get(index / 2)?;
    Some(if index.is_multiple_of(2) {
        byte >> 4
    } else {
        byte & 0x0F
    })
}

/// The nibbles of a run of bits, in order.
#[derive(Clone, Debug)]
pub struct Nibbles<'a> {
    bytes: &'a [u8],
    next: usize,
    end: usize,
}

impl<'a> Nibbles<'a> {
    /// The nibbles of `span` within `bytes`; what lies beyond the bytes is left out.
    #[must_use]
    pub fn of(bytes: &'a [u8], span: Span) -> Self {
        let end = (span.end as usize / 4).min(bytes.len() * 2);
        Self {
            bytes,
            next: span.start as usize / 4,
            end,
        }
    }
}

impl Iterator for Nibbles<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        if self.next >= self.end {
            return None;
        }
        let nibble = nibble_at(self.bytes, self.next);
        self.next += 1;
        nibble
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nibbles_start_and_end_inside_bytes() {
        let bytes = [0x12, 0x34, 0x5F];
        let middle: Vec<u8> = Nibbles::of(&bytes, Span::bits(4, 20)).collect();
        assert_eq!(middle, [2, 3, 4, 5]);
        assert_eq!(nibble_at(&bytes, 6), None);
    }
}
