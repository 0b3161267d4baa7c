//! Message authentication codes: ISO/IEC 9797-1 and its names, CMAC, HMAC, and UnionPay's own.
//!
//! Every comparison of a MAC in this crate goes through [`matches()`], which takes the same time
//! whatever differs (as far as the compiler and a wasm engine allow).

pub mod cmac;
pub mod hmac;
pub mod iso9797;
pub mod unionpay;

use super::error::CryptoError;
use subtle::ConstantTimeEq;

/// Fewest bytes of a MAC that a verification accepts.
pub const MIN_MAC_BYTES: usize = 4;

/// Compares a computed MAC with a received one, which may be cut on the right.
///
/// **Errors** `MAC_LENGTH` when fewer than 4 bytes came or more than were computed.
pub fn matches(computed: &[u8], received: &[u8]) -> Result<bool, CryptoError> {
    let refuse = CryptoError::MacLength {
        found: received.len(),
    };
    if received.len() < MIN_MAC_BYTES {
        return Err(refuse);
    }
    let left = computed.get(..received.len()).ok_or(refuse)?;
    Ok(left.ct_eq(received).into())
}
