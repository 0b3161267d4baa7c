//! DES over planes of bits: permutations cost nothing, S-boxes are circuits.

use super::lanes::Lanes;
use super::sbox;

/// Round keys of one DES key: a word of ones for each key bit that is set.
pub(super) type Schedule = [[u64; 48]; 16];

/// Where each bit of the two halves stands in a block, counted from 1.
const IP: [u8; 64] = [
    58, 50, 42, 34, 26, 18, 10, 2, 60, 52, 44, 36, 28, 20, 12, 4, 62, 54, 46, 38, 30, 22, 14, 6,
    64, 56, 48, 40, 32, 24, 16, 8, 57, 49, 41, 33, 25, 17, 9, 1, 59, 51, 43, 35, 27, 19, 11, 3, 61,
    53, 45, 37, 29, 21, 13, 5, 63, 55, 47, 39, 31, 23, 15, 7,
];

/// Which key bits go into the two registers.
const PC1: [u8; 56] = [
    57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60,
    52, 44, 36, 63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29,
    21, 13, 5, 28, 20, 12, 4,
];

/// Which register bits make a round key.
const PC2: [u8; 48] = [
    14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2, 41, 52,
    31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
];

/// Where the four outputs of each S-box go in the other half, counted from 0.
const P_INVERSE: [[usize; 4]; 8] = [
    [8, 16, 22, 30],
    [12, 27, 1, 17],
    [23, 15, 29, 5],
    [25, 19, 9, 0],
    [7, 13, 24, 2],
    [3, 28, 10, 18],
    [31, 11, 21, 6],
    [4, 26, 14, 20],
];

/// How far the registers turn before each round key.
const TURNS: [usize; 16] = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1];

/// The round keys of a DES key.
#[expect(
    clippy::indexing_slicing,
    reason = "all tables count inside the arrays they index"
)]
pub(super) fn schedule(key: &[u8; 8]) -> Schedule {
    let key = u64::from_be_bytes(*key);
    let mut bits = PC1.map(|at| key >> (64 - at) & 1 == 1);
    let mut out = [[0; 48]; 16];
    for (round, turns) in out.iter_mut().zip(TURNS) {
        let (left, right) = bits.split_at_mut(28);
        left.rotate_left(turns);
        right.rotate_left(turns);
        for (word, at) in round.iter_mut().zip(PC2) {
            *word = if bits[usize::from(at) - 1] {
                u64::MAX
            } else {
                0
            };
        }
    }
    out
}

/// Takes planes through one DES after another; `true` runs the round keys backwards.
#[expect(clippy::indexing_slicing, reason = "IP counts from 1 to 64")]
pub(super) fn through<const N: usize>(planes: &mut [Lanes<N>; 64], passes: &[(&Schedule, bool)]) {
    let mut left = [Lanes::ZERO; 32];
    let mut right = [Lanes::ZERO; 32];
    for (half, at) in left.iter_mut().chain(&mut right).zip(IP) {
        *half = planes[usize::from(at) - 1];
    }
    for &(keys, backwards) in passes {
        for pair in 0..8 {
            let (one, two) = if backwards {
                (&keys[15 - 2 * pair], &keys[14 - 2 * pair])
            } else {
                (&keys[2 * pair], &keys[2 * pair + 1])
            };
            round(&mut left, &right, one);
            round(&mut right, &left, two);
        }
        // The halves change places at the end; a next DES starts where this one ends.
        std::mem::swap(&mut left, &mut right);
    }
    for (half, at) in left.iter().chain(&right).zip(IP) {
        planes[usize::from(at) - 1] = *half;
    }
}

/// One round: the other half through eight S-boxes, mixed into this one.
fn round<const N: usize>(into: &mut [Lanes<N>; 32], from: &[Lanes<N>; 32], key: &[u64; 48]) {
    mix::<N, 0>(into, sbox::s1(inputs::<N, 0>(from, key)));
    mix::<N, 1>(into, sbox::s2(inputs::<N, 1>(from, key)));
    mix::<N, 2>(into, sbox::s3(inputs::<N, 2>(from, key)));
    mix::<N, 3>(into, sbox::s4(inputs::<N, 3>(from, key)));
    mix::<N, 4>(into, sbox::s5(inputs::<N, 4>(from, key)));
    mix::<N, 5>(into, sbox::s6(inputs::<N, 5>(from, key)));
    mix::<N, 6>(into, sbox::s7(inputs::<N, 6>(from, key)));
    mix::<N, 7>(into, sbox::s8(inputs::<N, 7>(from, key)));
}

/// Six neighbouring bits with their key bits: the expansion is an index.
#[inline(always)]
#[expect(
    clippy::indexing_slicing,
    reason = "taken modulo 32, and 6 * 7 + 5 is 47"
)]
fn inputs<const N: usize, const BOX: usize>(
    from: &[Lanes<N>; 32],
    key: &[u64; 48],
) -> [Lanes<N>; 6] {
    std::array::from_fn(|i| from[(4 * BOX + i + 31) % 32] ^ Lanes::splat(key[6 * BOX + i]))
}

/// Four outputs to their places: the permutation is an index.
#[inline(always)]
#[expect(clippy::indexing_slicing, reason = "P_INVERSE counts from 0 to 31")]
fn mix<const N: usize, const BOX: usize>(into: &mut [Lanes<N>; 32], out: [Lanes<N>; 4]) {
    for (i, value) in out.into_iter().enumerate() {
        let at = P_INVERSE[BOX][i];
        into[at] = into[at] ^ value;
    }
}
