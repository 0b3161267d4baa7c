//! The S-boxes of DES as circuits, found by a search of our own for few gates.
//!
//! Inputs are the six bits in the standard's order, outputs the four. The tests compare every
//! circuit with the standard's table at all 64 inputs; nobody needs to read the gates.

use super::lanes::Lanes;

/// S-box 1: 72 gates.
#[inline(always)]
pub(super) fn s1<const N: usize>([a, b, c, d, e, f]: [Lanes<N>; 6]) -> [Lanes<N>; 4] {
    let x1 = d ^ a;
    let x2 = x1.and_not(f);
    let x3 = x2 ^ e.and_not(c);
    let x4 = !x2;
    let x5 = c.and_not(x4);
    let x6 = (x3 ^ x1) & f;
    let x7 = (x4 ^ (x5 & d)) ^ x6;
    let x8 = x3 ^ x7.and_not(b);
    let x9 = c.and_not(x8);
    let x10 = x9 ^ x7;
    let x11 = x8 ^ f;
    let x12 = x11 | c;
    let x13 = x10 ^ x12.and_not(b);
    let x14 = x13 ^ f;
    let x15 = x13 ^ ((x14 & a) & d);
    let x16 = x8 ^ x15.and_not(e);
    let x17 = x14 | c;
    let x18 = ((x16 | e) ^ f) ^ x17.and_not(d);
    let x19 = e.and_not(x6);
    let x20 = x19 | x13;
    let x21 = (x20 | x12) ^ x15;
    let x22 = (x9 ^ x17.and_not(x19).and_not(b)) ^ (x21 & f);
    let x23 = (x18 ^ x20.and_not(b)) ^ (x22 & a);
    let x24 = x18.and_not(x2);
    let x25 = (x24 ^ b) ^ ((x21 & x8) | x5).and_not(a);
    let x26 = (((x14 ^ c) ^ x24.and_not(d)) ^ ((x21 ^ x12) & a)).and_not(e);
    let x27 = x25 ^ x26;
    let x28 = x7.and_not(x27) ^ x21;
    let x29 = ((x22.and_not(x26) ^ x1) ^ ((e ^ (x25.and_not(x16) & d)) & c))
        ^ ((x28 ^ (((x28 ^ x10) & x11) & a)) & b);
    [x27, x23, x16, x29]
}

/// S-box 2: 63 gates.
#[inline(always)]
pub(super) fn s2<const N: usize>([a, b, c, d, e, f]: [Lanes<N>; 6]) -> [Lanes<N>; 4] {
    let x1 = !(e ^ a);
    let x2 = x1 & a;
    let x3 = x2.and_not(f) & b;
    let x4 = x1 ^ x3;
    let x5 = x3 ^ b;
    let x6 = x5 ^ f;
    let x7 = x4 ^ x6.and_not(c);
    let x8 = e.and_not(c) ^ x6;
    let x9 = (!x6) ^ (x8 & f);
    let x10 = x7 ^ (x9 & d);
    let x11 = (x1 ^ d) ^ (a & f);
    let x12 = x11 & a;
    let x13 = f.and_not(x12);
    let x14 = (x12 | x1) & d;
    let x15 = x13 ^ x14;
    let x16 = ((x9 | a) ^ (x2 & f)) & c;
    let x17 = (x11 ^ x15.and_not(b)) ^ x16;
    let x18 = (x15 ^ x1) ^ x8;
    let x19 = x17 ^ e;
    let x20 = x19 & b;
    let x21 = (x14 ^ x20) & a;
    let x22 = x16 ^ d;
    let x23 = x22 | x5;
    let x24 = (x23 & x7) ^ (x9 & c);
    let x25 = (x18 ^ x21) ^ (x23 ^ x24.and_not(e)).and_not(f);
    let x26 = x21 ^ x4;
    let x27 = (x18 ^ (x26 & c)) ^ ((x26 ^ x19) | x24).and_not(d);
    let x28 = x27 ^ ((((x24 ^ x13) | x20) ^ (((x27 | x22) ^ e) & d)) & f);
    [x17, x10, x28, x25]
}

/// S-box 3: 64 gates.
#[inline(always)]
pub(super) fn s3<const N: usize>([a, b, c, d, e, f]: [Lanes<N>; 6]) -> [Lanes<N>; 4] {
    let x1 = f ^ a;
    let x2 = x1 ^ b;
    let x3 = x2.and_not(a) | c;
    let x4 = x3 ^ (x3 ^ c).and_not(b);
    let x5 = x4.and_not(e);
    let x6 = x2 ^ x5;
    let x7 = f.and_not(x6);
    let x8 = x7 ^ e;
    let x9 = (f.and_not(x8) | x4).and_not(a);
    let x10 = (x9 | f) & c;
    let x11 = (x8 ^ x9) ^ x10;
    let x12 = x6 ^ (x11 & d);
    let x13 = x11 ^ d;
    let x14 = x13 ^ x7;
    let x15 = x14 ^ x1.and_not(c);
    let x16 = x10 | x5;
    let x17 = x16.and_not(b);
    let x18 = x15 ^ x17;
    let x19 = (x16 | x8) ^ f;
    let x20 = !x19;
    let x21 = (x17 | f) & e;
    let x22 = x19 ^ (x20 ^ x21).and_not(d);
    let x23 = x18 ^ x22.and_not(a);
    let x24 = x20 ^ x11;
    let x25 = x16 ^ d;
    let x26 = ((x16 ^ x2) ^ (x24.and_not(x15) & a))
        ^ (x25 ^ (((!(x25 & x14)) ^ x24.and_not(b)) & a)).and_not(e);
    let x27 = ((x26.and_not(x12) ^ x13) ^ (x22.and_not(x13) ^ x1).and_not(b))
        ^ ((((x18 ^ x2) ^ x4) ^ ((x21 ^ x15) & d)) & e);
    [x23, x12, x27, x26]
}

/// S-box 4: 50 gates.
#[inline(always)]
pub(super) fn s4<const N: usize>([a, b, c, d, e, f]: [Lanes<N>; 6]) -> [Lanes<N>; 4] {
    let x1 = d.and_not(b);
    let x2 = d ^ b;
    let x3 = x2 ^ b.and_not(x2).and_not(c);
    let x4 = ((!c) ^ x1) ^ x3.and_not(a);
    let x5 = x4 ^ a;
    let x6 = x5 | b;
    let x7 = c.and_not(x5) ^ x6.and_not(d);
    let x8 = x7 & e;
    let x9 = x4 ^ x8;
    let x10 = x5 ^ x3;
    let x11 = x10 & x2;
    let x12 = x10 ^ (x11 | c).and_not(a);
    let x13 = ((x6 ^ c) ^ x11.and_not(a)) & e;
    let x14 = x12 ^ x13;
    let x15 = x9 ^ (x14 & f);
    let x16 = e.and_not(x1) ^ x7;
    let x17 = ((x16 ^ x12) ^ (d ^ c).and_not(e)).and_not(a);
    let x18 = x16 ^ x17;
    let x19 = ((x17 ^ x4) | x8) ^ ((x10 | x4) ^ x13).and_not(b);
    let x20 = x18 ^ (x19 & f);
    let x21 = x18 ^ (!x19).and_not(f);
    let x22 = x9 ^ (!x14).and_not(f);
    [x21, x20, x15, x22]
}

/// S-box 5: 70 gates.
#[inline(always)]
pub(super) fn s5<const N: usize>([a, b, c, d, e, f]: [Lanes<N>; 6]) -> [Lanes<N>; 4] {
    let x1 = (e ^ a) ^ c;
    let x2 = a.and_not(x1);
    let x3 = x1 ^ ((d ^ x2.and_not(c)) & d);
    let x4 = ((c & a) | d) & b;
    let x5 = x4 | e;
    let x6 = (x5 ^ d) | x3;
    let x7 = x5 ^ x6.and_not(b);
    let x8 = x7.and_not(c);
    let x9 = !x8;
    let x10 = (x9 & x7) & d;
    let x11 = x9 ^ x10;
    let x12 = x11.and_not(a);
    let x13 = (x7 ^ x12) & f;
    let x14 = (x3 ^ x4) ^ x13;
    let x15 = x14.and_not(e);
    let x16 = x15 ^ f;
    let x17 = x7 & d;
    let x18 = (x16 ^ x17) ^ ((x8 ^ (x17 | x15).and_not(c)) & b);
    let x19 = x15 ^ ((x16 | c) & e);
    let x20 = (x15 | x3) ^ x11;
    let x21 = x18 ^ ((x19 ^ (x20 & b)) & a);
    let x22 = x19 ^ b;
    let x23 = x22 ^ x12;
    let x24 = x10.and_not(x23) | x20;
    let x25 = x24.and_not(f);
    let x26 = (((x13 & b) | x2) ^ (b.and_not(x24) ^ f).and_not(d)).and_not(c);
    let x27 = (x23 ^ x25) ^ x26;
    let x28 = x25 | a;
    let x29 = ((x28 ^ x22) ^ ((x6.and_not(x26) ^ x19) & d))
        ^ (((x28 | f) ^ ((x18 & f) ^ a).and_not(d)) & c);
    [x27, x14, x29, x21]
}

/// S-box 6: 65 gates.
#[inline(always)]
pub(super) fn s6<const N: usize>([a, b, c, d, e, f]: [Lanes<N>; 6]) -> [Lanes<N>; 4] {
    let x1 = (f ^ a) ^ c;
    let x2 = x1 ^ d;
    let x3 = x2 ^ f;
    let x4 = (f | c) | d;
    let x5 = x4 & b;
    let x6 = (x1 ^ (x3 & e)) ^ x5;
    let x7 = (x4 | e) ^ x2;
    let x8 = (x5 | c) ^ x3;
    let x9 = x8.and_not(b);
    let x10 = x9 ^ x2;
    let x11 = x10.and_not(e);
    let x12 = x8 ^ x11;
    let x13 = x7 ^ (x12 & f);
    let x14 = x13.and_not(a);
    let x15 = x6 ^ x14;
    let x16 = !b;
    let x17 = x3.and_not(x14) ^ x13;
    let x18 = f.and_not(x17);
    let x19 =
        ((x6.and_not(x15) | x7) ^ x16.and_not(c)) ^ (x17 ^ x3.and_not(x18).and_not(c)).and_not(e);
    let x20 = ((x15 | x9) ^ x11).and_not(c);
    let x21 = ((x19 ^ x15) ^ (x10 & d)) ^ x20;
    let x22 = x19 | x12;
    let x23 = ((x22 ^ x20) ^ ((x22 & x1) | x18).and_not(d)) & a;
    let x24 = x21 ^ x23;
    let x25 = (x21 | x19) ^ x16;
    let x26 = (((x23 & x8) ^ x7) ^ (x25 & d))
        ^ ((x25 ^ ((x19 | x6) & f)) ^ ((x8.and_not(e) ^ x6) & d)).and_not(a);
    [x19, x24, x26, x15]
}

/// S-box 7: 69 gates.
#[inline(always)]
pub(super) fn s7<const N: usize>([a, b, c, d, e, f]: [Lanes<N>; 6]) -> [Lanes<N>; 4] {
    let x1 = f ^ c;
    let x2 = x1 & c;
    let x3 = (x2 | d) & b;
    let x4 = x1 ^ x3;
    let x5 = x2 & d;
    let x6 = !x5;
    let x7 = x4 ^ (x6 & e);
    let x8 = x5 ^ e;
    let x9 = (x6 ^ (d.and_not(x7) & e)).and_not(c);
    let x10 = (x8 | f) ^ x9;
    let x11 = x10.and_not(x7);
    let x12 = x11 | x9;
    let x13 = x12 & d;
    let x14 = (x12 ^ x13).and_not(b);
    let x15 = x10 ^ x14;
    let x16 = x15 & a;
    let x17 = x7 ^ x16;
    let x18 = ((x13 & x4) ^ x8) & d;
    let x19 = ((x7 ^ a) ^ b) ^ x18;
    let x20 = x19 & b;
    let x21 = x20 ^ x13;
    let x22 = (x21 ^ (b & e)) ^ (x21.and_not(x11) & a);
    let x23 = x22 & f;
    let x24 = x19 ^ x23;
    let x25 = (x23 ^ x16).and_not(x14);
    let x26 = ((x25 ^ x15) ^ x17).and_not(f);
    let x27 = x25 ^ x26;
    let x28 = x27 ^ (x4.and_not(x27 ^ x20) ^ ((x18 | x11) ^ x3).and_not(a)).and_not(e);
    let x29 = a.and_not(x28).and_not(e);
    let x30 = (x24 ^ x3) ^ x29;
    let x31 = x7.and_not(x29);
    let x32 = (x30 ^ x22).and_not(x31);
    let x33 = (x30 ^ ((x31 ^ x25) & f)) ^ ((x32 ^ (((x32 | x23) ^ x26) & e)) & d);
    [x17, x28, x33, x24]
}

/// S-box 8: 65 gates.
#[inline(always)]
pub(super) fn s8<const N: usize>([a, b, c, d, e, f]: [Lanes<N>; 6]) -> [Lanes<N>; 4] {
    let x1 = c.and_not(e);
    let x2 = x1 ^ b;
    let x3 = (x1 ^ a) ^ c;
    let x4 = x2 ^ (x3 & a);
    let x5 = x2 & b;
    let x6 = x5 ^ e;
    let x7 = x5 ^ ((x6 | x3) & e);
    let x8 = x7.and_not(d);
    let x9 = x4 ^ x8;
    let x10 = a.and_not(e.and_not(x7));
    let x11 = x10 | e;
    let x12 = x11 ^ x7;
    let x13 = x10 ^ x12.and_not(d);
    let x14 = x9 ^ x13.and_not(f);
    let x15 = !x12;
    let x16 = x6.and_not(x13) & e;
    let x17 = c.and_not(x4);
    let x18 = x17 & a;
    let x19 = ((x16 | x1) ^ x18).and_not(d);
    let x20 = x11 ^ x15.and_not(c).and_not(a);
    let x21 = (x17.and_not(e) ^ x9.and_not(c)) ^ (x20 & d);
    let x22 = ((x15 ^ x16) ^ x19) ^ x21.and_not(f);
    let x23 = x22 ^ f;
    let x24 = x23 & e;
    let x25 = ((x24 ^ x8) ^ ((x24 | x18).and_not(x19) & c)).and_not(f);
    let x26 = (x23 ^ x21) ^ x25;
    let x27 = (x25 ^ x20) | d;
    let x28 = ((x26 ^ x14) ^ x22) ^ x27.and_not(b);
    let x29 = f.and_not(x28) ^ d;
    let x30 = x28 ^ ((x29 ^ ((x29 | c) & x27).and_not(b)) & e);
    [x26, x30, x14, x22]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 46-3, the four rows of each box one after another.
    const TABLES: [[u8; 64]; 8] = [
        [
            14, 4, 13, 1, 2, 15, 11, 8, 3, 10, 6, 12, 5, 9, 0, 7, 0, 15, 7, 4, 14, 2, 13, 1, 10, 6,
            12, 11, 9, 5, 3, 8, 4, 1, 14, 8, 13, 6, 2, 11, 15, 12, 9, 7, 3, 10, 5, 0, 15, 12, 8, 2,
            4, 9, 1, 7, 5, 11, 3, 14, 10, 0, 6, 13,
        ],
        [
            15, 1, 8, 14, 6, 11, 3, 4, 9, 7, 2, 13, 12, 0, 5, 10, 3, 13, 4, 7, 15, 2, 8, 14, 12, 0,
            1, 10, 6, 9, 11, 5, 0, 14, 7, 11, 10, 4, 13, 1, 5, 8, 12, 6, 9, 3, 2, 15, 13, 8, 10, 1,
            3, 15, 4, 2, 11, 6, 7, 12, 0, 5, 14, 9,
        ],
        [
            10, 0, 9, 14, 6, 3, 15, 5, 1, 13, 12, 7, 11, 4, 2, 8, 13, 7, 0, 9, 3, 4, 6, 10, 2, 8,
            5, 14, 12, 11, 15, 1, 13, 6, 4, 9, 8, 15, 3, 0, 11, 1, 2, 12, 5, 10, 14, 7, 1, 10, 13,
            0, 6, 9, 8, 7, 4, 15, 14, 3, 11, 5, 2, 12,
        ],
        [
            7, 13, 14, 3, 0, 6, 9, 10, 1, 2, 8, 5, 11, 12, 4, 15, 13, 8, 11, 5, 6, 15, 0, 3, 4, 7,
            2, 12, 1, 10, 14, 9, 10, 6, 9, 0, 12, 11, 7, 13, 15, 1, 3, 14, 5, 2, 8, 4, 3, 15, 0, 6,
            10, 1, 13, 8, 9, 4, 5, 11, 12, 7, 2, 14,
        ],
        [
            2, 12, 4, 1, 7, 10, 11, 6, 8, 5, 3, 15, 13, 0, 14, 9, 14, 11, 2, 12, 4, 7, 13, 1, 5, 0,
            15, 10, 3, 9, 8, 6, 4, 2, 1, 11, 10, 13, 7, 8, 15, 9, 12, 5, 6, 3, 0, 14, 11, 8, 12, 7,
            1, 14, 2, 13, 6, 15, 0, 9, 10, 4, 5, 3,
        ],
        [
            12, 1, 10, 15, 9, 2, 6, 8, 0, 13, 3, 4, 14, 7, 5, 11, 10, 15, 4, 2, 7, 12, 9, 5, 6, 1,
            13, 14, 0, 11, 3, 8, 9, 14, 15, 5, 2, 8, 12, 3, 7, 0, 4, 10, 1, 13, 11, 6, 4, 3, 2, 12,
            9, 5, 15, 10, 11, 14, 1, 7, 6, 0, 8, 13,
        ],
        [
            4, 11, 2, 14, 15, 0, 8, 13, 3, 12, 9, 7, 5, 10, 6, 1, 13, 0, 11, 7, 4, 9, 1, 10, 14, 3,
            5, 12, 2, 15, 8, 6, 1, 4, 11, 13, 12, 3, 7, 14, 10, 15, 6, 8, 0, 5, 9, 2, 6, 11, 13, 8,
            1, 4, 10, 7, 9, 5, 0, 15, 14, 2, 3, 12,
        ],
        [
            13, 2, 8, 4, 6, 15, 11, 1, 10, 9, 3, 14, 5, 0, 12, 7, 1, 15, 13, 8, 10, 3, 7, 4, 12, 5,
            6, 11, 0, 14, 9, 2, 7, 11, 4, 1, 9, 12, 14, 2, 0, 6, 10, 13, 15, 3, 5, 8, 2, 1, 14, 7,
            4, 10, 8, 13, 15, 12, 9, 0, 3, 5, 6, 11,
        ],
    ];

    type Circuit = fn([Lanes<1>; 6]) -> [Lanes<1>; 4];

    #[test]
    fn every_circuit_is_its_table() {
        let circuits: [Circuit; 8] = [s1, s2, s3, s4, s5, s6, s7, s8];
        for (number, (circuit, table)) in circuits.into_iter().zip(TABLES).enumerate() {
            for input in 0..64_usize {
                let bit = |at: usize| Lanes::splat(((input >> (5 - at)) & 1) as u64);
                let made = circuit(std::array::from_fn(bit));
                let value = made
                    .iter()
                    .fold(0, |sum, lane| (sum << 1) | (lane.word() & 1));
                let row = ((input >> 5) << 1) | (input & 1);
                let wanted = table[16 * row + ((input >> 1) & 15)];
                assert_eq!(value, u64::from(wanted), "S{} at {input}", number + 1);
            }
        }
    }
}
