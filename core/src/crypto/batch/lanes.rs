//! Many blocks side by side: one bit of every block in one word, so that one instruction works
//! on all of them.

use std::ops::{BitAnd, BitOr, BitXor, Not};

/// One bit of `64 * N` blocks; the compiler turns the loops into vector instructions.
#[derive(Clone, Copy)]
pub(super) struct Lanes<const N: usize>([u64; N]);

impl<const N: usize> Lanes<N> {
    /// No bit set.
    pub(super) const ZERO: Self = Self([0; N]);

    /// The same word for all.
    #[inline(always)]
    pub(super) fn splat(word: u64) -> Self {
        Self([word; N])
    }

    /// The first word.
    #[cfg(test)]
    pub(super) fn word(self) -> u64 {
        self.0.first().copied().unwrap_or(0)
    }

    /// `self AND NOT other`.
    #[inline(always)]
    pub(super) fn and_not(self, other: Self) -> Self {
        self.zip(other, |a, b| a & !b)
    }

    // A counted loop: an iterator over the array by value costs sixteen times as much here.
    #[inline(always)]
    #[expect(clippy::indexing_slicing, reason = "below N")]
    fn zip(mut self, other: Self, op: impl Fn(u64, u64) -> u64) -> Self {
        for at in 0..N {
            self.0[at] = op(self.0[at], other.0[at]);
        }
        self
    }
}

impl<const N: usize> BitXor for Lanes<N> {
    type Output = Self;
    #[inline(always)]
    fn bitxor(self, other: Self) -> Self {
        self.zip(other, |a, b| a ^ b)
    }
}

impl<const N: usize> BitAnd for Lanes<N> {
    type Output = Self;
    #[inline(always)]
    fn bitand(self, other: Self) -> Self {
        self.zip(other, |a, b| a & b)
    }
}

impl<const N: usize> BitOr for Lanes<N> {
    type Output = Self;
    #[inline(always)]
    fn bitor(self, other: Self) -> Self {
        self.zip(other, |a, b| a | b)
    }
}

impl<const N: usize> Not for Lanes<N> {
    type Output = Self;
    #[inline(always)]
    fn not(self) -> Self {
        self.zip(self, |a, _| !a)
    }
}

/// Turns `64 * N` blocks into one plane for each bit; missing blocks are zeros.
pub(super) fn to_planes<const N: usize>(blocks: &[[u8; 8]]) -> [Lanes<N>; 64] {
    let mut planes = [Lanes::ZERO; 64];
    for (lane, part) in blocks.chunks(64).enumerate().take(N) {
        let mut rows = [0; 64];
        rows.iter_mut()
            .zip(part)
            .for_each(|(row, block)| *row = u64::from_be_bytes(*block));
        transpose(&mut rows);
        for (plane, row) in planes.iter_mut().zip(rows) {
            if let Some(word) = plane.0.get_mut(lane) {
                *word = row;
            }
        }
    }
    planes
}

/// Writes planes back over the blocks they came from.
pub(super) fn from_planes<const N: usize>(planes: &[Lanes<N>; 64], blocks: &mut [[u8; 8]]) {
    for (lane, part) in blocks.chunks_mut(64).enumerate().take(N) {
        let mut rows = [0; 64];
        for (row, plane) in rows.iter_mut().zip(planes) {
            *row = plane.0.get(lane).copied().unwrap_or(0);
        }
        transpose(&mut rows);
        part.iter_mut()
            .zip(rows)
            .for_each(|(block, row)| *block = row.to_be_bytes());
    }
}

/// Mirrors a square of 64 by 64 bits at its diagonal, halves first, then halves of halves.
#[expect(
    clippy::indexing_slicing,
    reason = "k and k + width stay below 64 by construction"
)]
fn transpose(rows: &mut [u64; 64]) {
    let mut width = 32;
    let mut mask = 0xFFFF_FFFF_u64;
    while width > 0 {
        let mut k = 0;
        while k < 64 {
            let swap = (rows[k] ^ rows[k + width] >> width) & mask;
            rows[k] ^= swap;
            rows[k + width] ^= swap << width;
            k = (k + width + 1) & !width;
        }
        width /= 2;
        mask ^= mask << width;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_and_back() {
        let blocks: Vec<[u8; 8]> = (0..200_u64)
            .map(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes())
            .collect();
        let mut back = vec![[0; 8]; 200];
        from_planes(&to_planes::<4>(&blocks), &mut back);
        assert_eq!(back, blocks);
    }
}
