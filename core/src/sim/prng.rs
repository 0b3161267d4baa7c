//! A small generator of repeatable numbers: the same seed gives the same run everywhere.

/// SplitMix64: every seed gives a sequence of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prng(u64);

impl Prng {
    /// A sequence from a seed.
    pub fn new(seed: u64) -> Self {
        Prng(seed)
    }

    /// The next number.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ z >> 31
    }

    /// A number below `n`, or 0 when `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.next_u64()) * u128::from(n)) >> 64) as u64
    }

    /// True in one of `n` cases.
    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_the_published_one() {
        // Source: Vigna's splitmix64.c, seed 1234567.
        let mut p = Prng::new(1_234_567);
        assert_eq!(p.next_u64(), 6_457_827_717_110_365_317);
        assert_eq!(p.next_u64(), 3_203_168_211_198_807_973);
        assert!((0..1000).all(|_| p.below(7) < 7));
    }
}
