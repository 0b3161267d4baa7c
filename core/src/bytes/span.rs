//! A run of bits, the one way in which poslab says "where".

use std::ops::Range;

/// A run of bits, counted from the first bit of the frame; `end` is exclusive.
///
/// **Units**: bits. A nibble is four of them, so an odd-length PAN can end inside a byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First bit.
    pub start: u32,
    /// One past the last bit.
    pub end: u32,
}

impl Span {
    /// The bits from `start` to before `end`.
    #[must_use]
    pub const fn bits(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The bits of whole bytes. Positions beyond 512 MiB are clamped.
    #[must_use]
    pub fn bytes(range: Range<usize>) -> Self {
        Self {
            start: bit_of(range.start),
            end: bit_of(range.end),
        }
    }

    /// Number of bits.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// Whether there is no bit in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Whether `other` lies wholly inside.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The bytes that hold at least one of these bits.
    #[must_use]
    pub const fn byte_range(self) -> Range<usize> {
        (self.start / 8) as usize..self.end.div_ceil(8) as usize
    }

    /// The same run `bits` further on.
    #[must_use]
    pub const fn shifted(self, bits: u32) -> Self {
        Self {
            start: self.start.saturating_add(bits),
            end: self.end.saturating_add(bits),
        }
    }
}

fn bit_of(byte: usize) -> u32 {
    u32::try_from(byte).unwrap_or(u32::MAX).saturating_mul(8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_byte_still_touches_its_byte() {
        let odd = Span::bits(8, 20);
        assert_eq!(odd.byte_range(), 1..3);
        assert_eq!(odd.len(), 12);
        assert!(Span::bytes(1..3).contains(odd));
    }
}
