//! Key check values: a few bytes that tell two keys apart and give away nothing of either.
//!
//! The method stands beside the value everywhere, since the same key has a different check value
//! under each: zeros enciphered (TDES, SM4, older AES), CMAC (newer AES), HMAC.

use super::cipher::{Algorithm, BlockCipher};
use super::error::CryptoError;
use super::mac::cmac::cmac;
use super::mac::hmac::{Hash, hmac};
use super::working::{Working, key, octets};

/// How a check value is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KcvMethod {
    /// One block of the given byte, enciphered.
    Ecb(Algorithm, u8),
    /// CMAC over one block of the given byte, or over nothing.
    Cmac(Algorithm, Option<u8>),
    /// HMAC over nothing.
    Hmac(Hash),
}

impl KcvMethod {
    /// The method of a name such as `TDES-ECB-0`, `AES-CMAC-empty` or `HMAC-SHA256-empty`.
    ///
    /// **Errors** `KCV_METHOD` for any other name.
    pub fn named(name: &str) -> Result<Self, CryptoError> {
        let refuse = CryptoError::KcvMethod;
        let mut parts = name.split('-');
        let (Some(first), Some(second), Some(third), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(refuse);
        };
        let over = match third {
            "0" | "00" => Some(0),
            "FF" => Some(0xFF),
            "empty" => None,
            _ => return Err(refuse),
        };
        if first == "HMAC" {
            let hash = Hash::named(second).ok_or(refuse)?;
            return if over.is_none() {
                Ok(Self::Hmac(hash))
            } else {
                Err(refuse)
            };
        }
        let algorithm = Algorithm::named(first).ok_or(refuse)?;
        match (second, over) {
            ("ECB", Some(byte)) => Ok(Self::Ecb(algorithm, byte)),
            ("CMAC", over) => Ok(Self::Cmac(algorithm, over)),
            _ => Err(refuse),
        }
    }
}

/// The full check value of a key; people compare its first two to four bytes.
///
/// **Errors** `KEY_LENGTH` when the method's algorithm takes no key of that length.
pub fn kcv(method: KcvMethod, bytes: &[u8], working: &mut Working) -> Result<Vec<u8>, CryptoError> {
    match method {
        KcvMethod::Ecb(algorithm, byte) => {
            let cipher = BlockCipher::new(algorithm, bytes)?;
            let block = vec![byte; cipher.block_len()];
            let out = cipher.encrypted(&block);
            let block_len = cipher.block_len();
            let data = octets("data", &block).flow(super::working::Flow::Blocks(block_len));
            working.step(
                "check",
                "check = E(key, data)",
                &[data, key("key", bytes)],
                &out,
            );
            Ok(out)
        }
        KcvMethod::Cmac(algorithm, over) => {
            let cipher = BlockCipher::new(algorithm, bytes)?;
            let data = over
                .map(|byte| vec![byte; cipher.block_len()])
                .unwrap_or_default();
            Ok(cmac(&cipher, &data, working))
        }
        KcvMethod::Hmac(hash) => Ok(hmac(hash, bytes, &[], working)),
    }
}

/// The first `N` bytes of a block of zeros enciphered: the fast path for keys in use.
pub fn of_zeros<const N: usize>(cipher: &BlockCipher) -> [u8; N] {
    let mut out = [0; N];
    let block = match cipher {
        BlockCipher::B64(cipher) => cipher.encrypt([0; 8]).to_vec(),
        BlockCipher::B128(cipher) => cipher.encrypt([0; 16]).to_vec(),
    };
    out.iter_mut()
        .zip(block)
        .for_each(|(into, byte)| *into = byte);
    out
}
