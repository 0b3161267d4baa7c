//! Random bytes from a seed that the caller brings: AES-128 in counter mode.
//!
//! Core has no randomness of its own; a test brings a number, a program brings bytes from its
//! operating system.

use crate::crypto::cipher::Cipher128;

/// A stream of bytes that only the seed decides.
#[derive(Clone)]
pub struct Random {
    aes: Cipher128,
    counter: u128,
    left: Vec<u8>,
}

impl Random {
    /// A stream from sixteen bytes.
    #[must_use]
    pub fn new(seed: [u8; 16]) -> Self {
        Self {
            aes: Cipher128::aes(&seed).expect("sixteen bytes are an AES key"),
            counter: 0,
            left: Vec::new(),
        }
    }

    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        if let Some(byte) = self.left.pop() {
            return byte;
        }
        self.left
            .extend(self.aes.encrypt(self.counter.to_be_bytes()));
        self.counter = self.counter.wrapping_add(1);
        self.left.pop().unwrap_or_default()
    }

    /// The next `count` bytes.
    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.byte()).collect()
    }

    /// The next sixteen bytes.
    pub fn key(&mut self) -> [u8; 16] {
        std::array::from_fn(|_| self.byte())
    }
}

impl std::fmt::Debug for Random {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Random(***)")
    }
}
