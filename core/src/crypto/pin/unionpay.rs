//! The SM4 PIN block of UnionPay terminals: format 0 stretched to sixteen bytes.
//!
//! **Source** practice: one public layout (a terminal's code and one article agree). No official
//! value is public, so treat it as provisional and say so where it is shown.

use super::{Pin, iso};
use crate::crypto::cipher::{Cipher128, join, xor};
use crate::crypto::error::CryptoError;
use crate::crypto::working::{Flow, Working, chars, key as whole, octets};

/// The clear block, its PIN part and its PAN part.
pub struct Sm4Block {
    /// `0 L PIN F...`, sixteen bytes.
    pub pin_field: [u8; 16],
    /// Zeros and the twelve digits before the check digit, sixteen bytes.
    pub pan_field: [u8; 16],
    /// The XOR of both.
    pub clear: [u8; 16],
    /// The block under the key.
    pub block: [u8; 16],
}

/// Enciphers a PIN under an SM4 key; without a PAN the PIN part goes alone.
///
/// **Errors** `KEY_LENGTH`, `PAN_*`.
pub fn encipher_sm4(
    key: &[u8],
    pin: &Pin,
    pan: Option<&str>,
    working: &mut Working,
) -> Result<Sm4Block, CryptoError> {
    let cipher = Cipher128::sm4(key)?;
    let pan_8 = pan.map(iso::pan_field).transpose()?.unwrap_or_default();
    let pin_field = join(iso::pin_field(0, pin, |_| 15), [0xFF; 8]);
    let pan_field = join([0; 8], pan_8);
    let clear = xor(&pin_field, &pan_field);
    let block = cipher.encrypt(clear);
    let inputs = [chars("pin", pin.reveal()).flow(Flow::Whole)];
    working.step("pin_field", "pin_field = 0 L PIN F...", &inputs, &pin_field);
    let inputs = [chars("pan", pan.unwrap_or("")).flow(Flow::Whole)];
    working.step(
        "pan_field",
        "pan_field = 0... || 12 digits",
        &inputs,
        &pan_field,
    );
    let inputs = [
        octets("pin_field", &pin_field),
        octets("pan_field", &pan_field),
    ];
    working.step("clear", "clear = pin_field XOR pan_field", &inputs, &clear);
    let inputs = [octets("clear", &clear).flow(Flow::Whole), whole("key", key)];
    working.step("block", "block = SM4(key, clear)", &inputs, &block);
    Ok(Sm4Block {
        pin_field,
        pan_field,
        clear,
        block,
    })
}

/// Deciphers a block of [`encipher_sm4`].
///
/// **Errors** `KEY_LENGTH`, `BLOCK_LENGTH`, `PAN_*`, then those of format 0.
pub fn decipher_sm4(key: &[u8], block: &[u8], pan: Option<&str>) -> Result<Pin, CryptoError> {
    let cipher = Cipher128::sm4(key)?;
    let refuse = CryptoError::BlockLength {
        expected: 16,
        found: block.len(),
    };
    let block: [u8; 16] = block.try_into().map_err(|_| refuse)?;
    let pan_8 = pan.map(iso::pan_field).transpose()?.unwrap_or_default();
    let clear = xor(&cipher.decrypt(block), &join([0; 8], pan_8));
    let (left, right) = clear.split_first_chunk::<8>().ok_or(refuse)?;
    let pin = iso::read_pin_field(0, left, |nibble| nibble == 15)?;
    if right.iter().any(|&byte| byte != 0xFF) {
        return Err(CryptoError::Fill);
    }
    Ok(pin)
}
