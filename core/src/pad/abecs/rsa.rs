//! RSA as the secure OPN uses it: the host makes a pair, the pad sends its session key through it.
//!
//! PKCS #1 version 1.5 blocks: `00 02 | random bytes without zero | 00 | key`. The arithmetic is
//! not constant-time: the pair lives for one session and guards a cable on a desk.

use crate::pad::secure::random::Random;
use num_bigint::BigUint;

/// The public half.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// The modulus, 256 bytes.
    pub modulus: Vec<u8>,
    /// The exponent, one to three bytes.
    pub exponent: Vec<u8>,
}

/// Both halves; not printable.
#[derive(Clone)]
pub struct KeyPair {
    public: PublicKey,
    private: BigUint,
}

impl PublicKey {
    /// Sends a short message: the cryptogram, as long as the modulus. `None` when the message
    /// does not fit.
    #[must_use]
    pub fn encipher(&self, message: &[u8], random: &mut Random) -> Option<Vec<u8>> {
        let size = self.modulus.len();
        let filler = size.checked_sub(message.len() + 3).filter(|n| *n >= 8)?;
        let mut block = vec![0, 2];
        block.extend(
            std::iter::repeat_with(|| random.byte())
                .filter(|b| *b != 0)
                .take(filler),
        );
        block.push(0);
        block.extend(message);
        let modulus = BigUint::from_bytes_be(&self.modulus);
        let exponent = BigUint::from_bytes_be(&self.exponent);
        if modulus.bits() == 0 {
            return None;
        }
        let out = BigUint::from_bytes_be(&block).modpow(&exponent, &modulus);
        Some(fixed(&out, size))
    }
}

impl KeyPair {
    /// A pair from its numbers.
    #[must_use]
    pub fn new(public: PublicKey, private: &[u8]) -> Self {
        Self {
            public,
            private: BigUint::from_bytes_be(private),
        }
    }

    /// Makes a pair of 2048 bits with exponent 65537. Takes seconds without optimisation.
    #[must_use]
    pub fn generate(random: &mut Random) -> Self {
        let exponent = BigUint::from(65537u32);
        loop {
            let (p, q) = (prime(128, random), prime(128, random));
            let modulus = &p * &q;
            let one = BigUint::from(1u32);
            let phi = (&p - &one) * (&q - &one);
            if let Some(private) = exponent.modinv(&phi).filter(|_| modulus.bits() == 2048) {
                let public = PublicKey {
                    modulus: modulus.to_bytes_be(),
                    exponent: vec![1, 0, 1],
                };
                return Self { public, private };
            }
        }
    }

    /// The half that may be known.
    #[must_use]
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Opens a cryptogram; `None` when its block is not well formed.
    #[must_use]
    pub fn decipher(&self, cryptogram: &[u8]) -> Option<Vec<u8>> {
        let modulus = BigUint::from_bytes_be(&self.public.modulus);
        let opened = BigUint::from_bytes_be(cryptogram).modpow(&self.private, &modulus);
        let block = fixed(&opened, self.public.modulus.len());
        let body = block.strip_prefix(&[0, 2])?;
        let end = body.iter().position(|b| *b == 0).filter(|end| *end >= 8)?;
        body.get(end + 1..).map(<[u8]>::to_vec)
    }
}

/// A number in exactly `size` bytes.
fn fixed(number: &BigUint, size: usize) -> Vec<u8> {
    let bytes = number.to_bytes_be();
    let mut out = vec![0; size.saturating_sub(bytes.len())];
    out.extend(bytes);
    out
}

/// A probable prime with its two highest bits set, so that two of them fill the modulus.
fn prime(size: usize, random: &mut Random) -> BigUint {
    loop {
        let mut bytes = random.bytes(size);
        if let [first, .., last] = bytes.as_mut_slice() {
            *first |= 0xC0;
            *last |= 1;
        }
        let candidate = BigUint::from_bytes_be(&bytes);
        let small = SMALL
            .iter()
            .all(|p| (&candidate % p) != BigUint::from(0u32));
        let coprime = (&candidate % 65537u32) != BigUint::from(1u32);
        if small && coprime && is_prime(&candidate, random) {
            return candidate;
        }
    }
}

/// Miller and Rabin's test with random bases; eight are far more than enough at 1024 bits.
fn is_prime(n: &BigUint, random: &mut Random) -> bool {
    let one = BigUint::from(1u32);
    let less = n - &one;
    let twos = less.trailing_zeros().unwrap_or(0);
    let odd = &less >> twos;
    (0..8).all(|_| {
        let base = BigUint::from_bytes_be(&random.bytes(64)) + 2u32;
        let mut x = base.modpow(&odd, n);
        if x == one || x == less {
            return true;
        }
        (1..twos).any(|_| {
            x = x.modpow(&BigUint::from(2u32), n);
            x == less
        })
    })
}

const SMALL: [u32; 40] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179,
];
