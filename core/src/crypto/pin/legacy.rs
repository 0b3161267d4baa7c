//! PIN blocks from before ISO 9564, which old hosts and HSMs still name.
//!
//! **Source** IBM CCA's chapter on PIN block formats and public HSM manuals' format codes, as
//! collected with the vectors; `docutel` and the new-PIN block through published examples.

use super::{Pin, digits, iso, pack};
use crate::crypto::cipher::xor;
use crate::crypto::error::CryptoError;
use crate::crypto::working::{Flow, Working, chars, octets};
use zeroize::Zeroizing;

/// Nibbles of a block that is being laid out.
type Nibbles = Zeroizing<Vec<u8>>;

/// Digits of a PIN between two lengths.
fn pin_nibbles(pin: &str, shortest: usize, longest: usize) -> Result<Nibbles, CryptoError> {
    digits(pin, CryptoError::PinNotNumeric)?;
    if !(shortest..=longest).contains(&pin.len()) {
        return Err(CryptoError::PinLength { found: pin.len() });
    }
    Ok(Zeroizing::new(
        pin.bytes().map(|byte| byte - b'0').collect(),
    ))
}

/// Sixteen nibbles: what is given, then `fill` over and over.
fn filled(front: &[u8], fill: &[u8]) -> [u8; 8] {
    let mut nibbles = [0; 16];
    let fill = fill.iter().cycle();
    nibbles
        .iter_mut()
        .zip(front.iter().chain(fill))
        .for_each(|(o, &nibble)| *o = nibble);
    pack(&nibbles)
}

/// Docutel and VISA-2-like layouts: a length digit, six PIN places filled with 0, nine digits.
///
/// ```text
/// L P P P P P/0 P/0 n n n n n n n n n
/// ```
///
/// **Errors** `PIN_LENGTH` unless 4 to 6 digits.
pub fn length_six_nine(pin: &str, nine: &[u8]) -> Result<[u8; 8], CryptoError> {
    let pin = pin_nibbles(pin, 4, 6)?;
    let mut front = Zeroizing::new(vec![pin.len() as u8]);
    front.extend_from_slice(&pin);
    front.resize(7, 0);
    Ok(filled(&front, nine))
}

/// The PIN alone, then a fill: Diebold and IBM 3624 with one pad digit.
///
/// **Errors** `PIN_LENGTH` unless 4 to 16 digits.
pub fn left_justified(pin: &str, pad: u8) -> Result<[u8; 8], CryptoError> {
    Ok(filled(&pin_nibbles(pin, 4, 16)?, &[pad]))
}

/// VISA-3: the PIN, a delimiter F, then a pad digit.
///
/// **Errors** `PIN_LENGTH` unless 4 to 12 digits.
pub fn visa3(pin: &str, pad: u8) -> Result<[u8; 8], CryptoError> {
    let mut front = pin_nibbles(pin, 4, 12)?;
    front.push(15);
    Ok(filled(&front, &[pad]))
}

/// ECI-2: a PIN of exactly four digits, then twelve fill nibbles.
///
/// **Errors** `PIN_LENGTH` for any other length.
pub fn eci2(pin: &str, fill: &[u8]) -> Result<[u8; 8], CryptoError> {
    Ok(filled(&pin_nibbles(pin, 4, 4)?, fill))
}

/// IBM 4704 encrypting PIN pad: length, PIN, F, and a sequence byte at the end.
///
/// **Errors** `PIN_LENGTH` unless 4 to 13 digits.
pub fn ibm4704(pin: &str, sequence: u8) -> Result<[u8; 8], CryptoError> {
    let pin = pin_nibbles(pin, 4, 13)?;
    let mut front = Zeroizing::new(vec![pin.len() as u8]);
    front.extend_from_slice(&pin);
    let mut block = filled(&front, &[15]);
    let [.., last] = &mut block;
    *last = sequence;
    Ok(block)
}

/// IBM 3621: two sequence bytes, then the PIN and a pad digit.
///
/// **Errors** `PIN_LENGTH` unless 4 to 12 digits.
pub fn ibm3621(pin: &str, sequence: [u8; 2], pad: u8) -> Result<[u8; 8], CryptoError> {
    let pin = pin_nibbles(pin, 4, 12)?;
    let mut front = Zeroizing::new(sequence.map(|b| [b >> 4, b & 15]).concat());
    front.extend_from_slice(&pin);
    Ok(filled(&front, &[pad]))
}

/// VISA-4 and PLUS: format 0 with the *leftmost* twelve digits of the PAN.
///
/// **Errors** `PAN_NOT_NUMERIC`, `PAN_TOO_SHORT` below 13 digits; PIN as format 0.
pub fn leftmost_pan(
    pin: &Pin,
    pan: &str,
    working: &mut Working,
) -> Result<([u8; 8], [u8; 8]), CryptoError> {
    digits(pan, CryptoError::PanNotNumeric)?;
    if pan.len() < 13 {
        return Err(CryptoError::PanTooShort {
            min: 13,
            found: pan.len(),
        });
    }
    let twelve = pan.bytes().take(12).map(|byte| byte - b'0');
    let mut nibbles = [0; 16];
    nibbles
        .iter_mut()
        .skip(4)
        .zip(twelve)
        .for_each(|(o, digit)| *o = digit);
    let pan_field = pack(&nibbles);
    let pin_field = iso::pin_field(0, pin, |_| 15);
    let block = xor(&pin_field, &pan_field);
    iso::note_pin_field(iso::Format::Iso0, pin, &pin_field, working);
    let inputs = [chars("pan", pan).flow(Flow::Whole)];
    working.step(
        "pan_field",
        "pan_field = 0000 || leftmost 12 digits",
        &inputs,
        &pan_field,
    );
    let inputs = [
        octets("pin_field", &pin_field),
        octets("pan_field", &pan_field),
    ];
    working.step("block", "block = pin_field XOR pan_field", &inputs, &block);
    Ok((block, pan_field))
}

/// The new-PIN block of issuer scripts (VIS 41 and 42): mixed with a card's own key.
///
/// The right half of `udk_a` is XORed in over the right half of the block's PAN place; with the
/// current PIN (42) its digits go in too.
///
/// **Shape** `udk_a` is the left half of the card's key, or the whole key of 16 bytes.
///
/// **Errors** those of the PINs; `KEY_LENGTH` unless the key is 8 or 16 bytes.
pub fn new_pin(
    pin: &Pin,
    udk_a: &[u8],
    current: Option<&str>,
    working: &mut Working,
) -> Result<[u8; 8], CryptoError> {
    let refuse = CryptoError::KeyLength {
        allowed: "8 or 16",
        found: udk_a.len(),
    };
    let udk_a = match udk_a.as_chunks::<8>() {
        ([half] | [half, _], []) => half,
        _ => return Err(refuse),
    };
    let pin_field = iso::pin_field(0, pin, |_| 15);
    let mut mask = *udk_a;
    mask.iter_mut().take(4).for_each(|byte| *byte = 0);
    let mut block = xor(&pin_field, &mask);
    working.step(
        "pin_field",
        "pin_field = 0 L PIN F...",
        &[chars("pin", pin.reveal()).flow(Flow::Whole)],
        &pin_field,
    );
    working.step(
        "key_mask",
        "key_mask = 00000000 || right half of udk_a",
        &[octets("udk_a", udk_a)],
        &mask,
    );
    if let Some(current) = current {
        let old = filled(&pin_nibbles(current, 4, 12)?, &[0]);
        working.step(
            "current",
            "current = current PIN 0...",
            &[chars("current_pin", current).flow(Flow::Whole)],
            &old,
        );
        block = xor(&block, &old);
    }
    let inputs = [octets("pin_field", &pin_field), octets("key_mask", &mask)];
    working.step(
        "block",
        "block = pin_field XOR key_mask (XOR current)",
        &inputs,
        &block,
    );
    Ok(block)
}
