//! ISO 9564-1 format 4: sixteen bytes under AES, the PAN mixed in between two cipher calls.
//!
//! ```text
//! pin_field   4 L PIN A...A (8 bytes)  random (8 bytes)
//! pan_field   M PAN 0...0   (16 bytes), M = digits beyond twelve
//! a = E(pin_field)    b = a XOR pan_field    block = E(b)
//! ```

use super::{Pin, digits, iso};
use crate::crypto::cipher::{Cipher128, xor};
use crate::crypto::error::CryptoError;
use crate::crypto::working::{Flow, Working, chars, key as whole, octets};

/// The clear PIN field: `random` fills its second half.
pub fn pin_field(pin: &Pin, random: [u8; 8]) -> [u8; 16] {
    let mut out = [0; 16];
    let left = iso::pin_field(4, pin, |_| 10);
    out.iter_mut()
        .zip(left.into_iter().chain(random))
        .for_each(|(o, byte)| *o = byte);
    out
}

/// Reads a clear PIN field back; its random half is not judged.
///
/// **Errors** `BLOCK_LENGTH`, `CONTROL_NIBBLE`, `PIN_LENGTH_NIBBLE`, `FILL`, `PIN_NOT_NUMERIC`.
pub fn decode_field(field: &[u8]) -> Result<Pin, CryptoError> {
    let refuse = CryptoError::BlockLength {
        expected: 16,
        found: field.len(),
    };
    let field: &[u8; 16] = field.try_into().map_err(|_| refuse)?;
    let (left, _) = field.split_first_chunk::<8>().ok_or(refuse)?;
    iso::read_pin_field(4, left, |nibble| nibble == 10)
}

/// The PAN field: a PAN below twelve digits is filled with zeros on the left.
///
/// **Errors** `PAN_NOT_NUMERIC`, then `PAN_LENGTH` above 19 digits.
pub fn pan_field(pan: &str) -> Result<[u8; 16], CryptoError> {
    digits(pan, CryptoError::PanNotNumeric)?;
    if pan.len() > 19 {
        return Err(CryptoError::PanLength { found: pan.len() });
    }
    let beyond = pan.len().saturating_sub(12) as u8;
    let zeros = 12usize.saturating_sub(pan.len());
    let nibbles = std::iter::once(beyond)
        .chain(std::iter::repeat_n(0, zeros))
        .chain(pan.bytes().map(|byte| byte - b'0'))
        .chain(std::iter::repeat(0));
    let nibbles: Vec<u8> = nibbles.take(32).collect();
    let mut out = [0; 16];
    out.iter_mut()
        .zip(nibbles.as_chunks().0)
        .for_each(|(o, [a, b])| *o = a << 4 | b);
    Ok(out)
}

/// A format 4 block and the values on the way to it.
#[derive(Clone, PartialEq, Eq)]
pub struct Enciphered {
    /// Control, length, digits, fill and random.
    pub pin_field: [u8; 16],
    /// The PAN's part.
    pub pan_field: [u8; 16],
    /// The PIN field enciphered.
    pub a: [u8; 16],
    /// That XOR the PAN field.
    pub b: [u8; 16],
    /// That enciphered: the block.
    pub block: [u8; 16],
}

/// Enciphers a PIN under an AES key.
///
/// **Errors** `KEY_LENGTH`, `PAN_*`.
pub fn encipher(
    key: &[u8],
    pin: &Pin,
    pan: &str,
    random: [u8; 8],
    working: &mut Working,
) -> Result<Enciphered, CryptoError> {
    let cipher = Cipher128::aes(key)?;
    let pan_block = pan_field(pan)?;
    let field = pin_field(pin, random);
    let a = cipher.encrypt(field);
    let b = xor(&a, &pan_block);
    let block = cipher.encrypt(b);
    let inputs = [
        chars("pin", pin.reveal()).flow(Flow::Whole),
        octets("random", &random).flow(Flow::Into(8)),
    ];
    working.step(
        "pin_field",
        "pin_field = 4 L PIN A... || random",
        &inputs,
        &field,
    );
    working.step(
        "pan_field",
        "pan_field = M PAN 0...",
        &[chars("pan", pan).flow(Flow::Whole)],
        &pan_block,
    );
    let inputs = [
        octets("pin_field", &field).flow(Flow::Whole),
        whole("key", key),
    ];
    working.step(
        "intermediate_a",
        "intermediate_a = E(key, pin_field)",
        &inputs,
        &a,
    );
    let inputs = [
        octets("intermediate_a", &a),
        octets("pan_field", &pan_block),
    ];
    working.step(
        "intermediate_b",
        "intermediate_b = intermediate_a XOR pan_field",
        &inputs,
        &b,
    );
    let inputs = [
        octets("intermediate_b", &b).flow(Flow::Whole),
        whole("key", key),
    ];
    working.step("block", "block = E(key, intermediate_b)", &inputs, &block);
    Ok(Enciphered {
        pin_field: field,
        pan_field: pan_block,
        a,
        b,
        block,
    })
}

/// Deciphers a block under an AES key.
///
/// **Errors** `KEY_LENGTH`, `BLOCK_LENGTH`, `PAN_*`, then those of [`decode_field`].
pub fn decipher(
    key: &[u8],
    block: &[u8],
    pan: &str,
    working: &mut Working,
) -> Result<Pin, CryptoError> {
    let field = open_field(key, block, pan, working)?;
    let pin = decode_field(&field)?;
    let inputs = [octets("pin_field", &field).flow(Flow::Whole)];
    working.text(
        "pin",
        "pin = L digits after the length",
        &inputs,
        pin.reveal(),
    );
    Ok(pin)
}

/// Deciphers a block as far as its PIN field, which may be noise.
///
/// **Errors** `KEY_LENGTH`, `BLOCK_LENGTH`, `PAN_*`.
pub fn open_field(
    key: &[u8],
    block: &[u8],
    pan: &str,
    working: &mut Working,
) -> Result<[u8; 16], CryptoError> {
    let cipher = Cipher128::aes(key)?;
    let refuse = CryptoError::BlockLength {
        expected: 16,
        found: block.len(),
    };
    let block: [u8; 16] = block.try_into().map_err(|_| refuse)?;
    let pan_block = pan_field(pan)?;
    let b = cipher.decrypt(block);
    let a = xor(&b, &pan_block);
    let field = cipher.decrypt(a);
    let inputs = [octets("block", &block).flow(Flow::Whole), whole("key", key)];
    working.step(
        "intermediate_b",
        "intermediate_b = D(key, block)",
        &inputs,
        &b,
    );
    let inputs = [
        octets("intermediate_b", &b),
        octets("pan_field", &pan_block),
    ];
    working.step(
        "intermediate_a",
        "intermediate_a = intermediate_b XOR pan_field",
        &inputs,
        &a,
    );
    let inputs = [
        octets("intermediate_a", &a).flow(Flow::Whole),
        whole("key", key),
    ];
    working.step(
        "pin_field",
        "pin_field = D(key, intermediate_a)",
        &inputs,
        &field,
    );
    Ok(field)
}
