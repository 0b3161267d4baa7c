//! PINs: the number itself, the blocks that carry it, what an issuer stores to check it.
//!
//! A clear block and an enciphered block are different types, a clear one is wiped on drop, and
//! nothing here prints a digit.

pub mod iso;
pub mod iso4;
pub mod legacy;
pub mod names;
pub mod translate;
pub mod unionpay;
pub mod verification;

use super::cipher::{BlockCipher, Cipher64};
use super::error::CryptoError;
use super::key::{Key, PinRole};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// A PIN of 4 to 12 digits.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Pin {
    text: String,
}

impl Pin {
    /// Reads a PIN.
    ///
    /// **Errors** `PIN_NOT_NUMERIC`, then `PIN_LENGTH`.
    pub fn new(text: &str) -> Result<Self, CryptoError> {
        digits(text, CryptoError::PinNotNumeric)?;
        if !(4..=12).contains(&text.len()) {
            return Err(CryptoError::PinLength { found: text.len() });
        }
        Ok(Self {
            text: text.to_owned(),
        })
    }

    /// The digits, spelled out at each use.
    pub fn reveal(&self) -> &str {
        &self.text
    }

    /// How many digits.
    pub fn len_digits(&self) -> usize {
        self.text.len()
    }

    /// The digits as values 0 to 9.
    fn nibbles(&self) -> impl Iterator<Item = u8> {
        self.text.bytes().map(|byte| byte - b'0')
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pin({} digits)", self.text.len())
    }
}

/// Refuses anything but one or more decimal digits.
pub(super) fn digits(text: &str, refuse: CryptoError) -> Result<(), CryptoError> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(refuse);
    }
    Ok(())
}

/// Sixteen hexadecimal digits packed two to a byte; anything else counts as zero.
pub(super) fn packed_digits(text: &str) -> [u8; 8] {
    let mut nibbles = [0; 16];
    let values = text.chars().map(|c| c.to_digit(16).unwrap_or(0) as u8);
    nibbles
        .iter_mut()
        .zip(values)
        .for_each(|(o, value)| *o = value);
    pack(&nibbles)
}

/// A PIN block before it is enciphered, or after it was deciphered.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct ClearPinBlock([u8; 8]);

impl ClearPinBlock {
    /// A block of eight bytes, whatever they hold.
    pub fn new(bytes: [u8; 8]) -> Self {
        Self(bytes)
    }

    /// The bytes, spelled out at each use.
    pub fn reveal(&self) -> &[u8; 8] {
        &self.0
    }
}

impl fmt::Debug for ClearPinBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClearPinBlock(..)")
    }
}

/// A PIN block under a PIN key: what travels in field 52.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PinBlock(
    /// The bytes as they travel.
    pub [u8; 8],
);

/// A triple DES PIN key ready for many blocks.
#[derive(Clone)]
pub struct PinCipher {
    cipher: Cipher64,
}

impl PinCipher {
    /// Prepares a PIN key.
    ///
    /// **Errors** `KEY_LENGTH` for an AES or SM4 key, whose blocks are 16 bytes.
    pub fn new<R: PinRole>(key: &Key<R>) -> Result<Self, CryptoError> {
        match key.cipher() {
            BlockCipher::B64(cipher) => Ok(Self { cipher }),
            BlockCipher::B128(_) => Err(CryptoError::KeyLength {
                allowed: "a TDES key's",
                found: key.len_bytes(),
            }),
        }
    }

    /// Enciphers a block.
    pub fn encipher(&self, block: &ClearPinBlock) -> PinBlock {
        PinBlock(self.cipher.encrypt(block.0))
    }

    /// Deciphers a block; with a wrong key the result is noise, which decoding refuses.
    pub fn decipher(&self, block: PinBlock) -> ClearPinBlock {
        ClearPinBlock(self.cipher.decrypt(block.0))
    }

    /// Gives the block of this key under another key, the format left as it is.
    pub fn translate(&self, to: &Self, block: PinBlock) -> PinBlock {
        to.encipher(&self.decipher(block))
    }
}

impl fmt::Debug for PinCipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinCipher")
    }
}

/// Two nibbles to a byte, sixteen to a block.
fn pack(nibbles: &[u8; 16]) -> [u8; 8] {
    let mut out = [0; 8];
    out.iter_mut()
        .zip(nibbles.as_chunks().0)
        .for_each(|(o, [a, b])| *o = a << 4 | b);
    out
}

/// A block's sixteen nibbles.
fn unpack(block: &[u8; 8]) -> Zeroizing<[u8; 16]> {
    let mut out = Zeroizing::new([0; 16]);
    let nibbles = block.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    out.iter_mut()
        .zip(nibbles)
        .for_each(|(o, nibble)| *o = nibble);
    out
}
