//! ISO 9564-1 PIN block formats 0, 1, 2 and 3: eight bytes, deciphered with one call.
//!
//! ```text
//! format 0   0 L P P P P P/F ... F F      XOR   0 0 0 0 a a a a a a a a a a a a
//! format 1   1 L P P P P P/R ... R R      no PAN, R random
//! format 2   2 L P P P P P/F ... F F      no PAN, between card and reader only
//! format 3   3 L P P P P P/R ... R R      XOR as format 0, R random of A to F
//! ```
//!
//! *a* are the twelve rightmost digits of the PAN before its check digit. Also known as ANSI X9.8,
//! VISA-1, ECI-1 (format 0) and ECI-4 (format 1).

use super::{ClearPinBlock, Pin, digits, pack, unpack};
use crate::crypto::cipher::{xor, xor_into};
use crate::crypto::error::CryptoError;
use crate::crypto::working::{Flow, Working, chars, octets};

/// The formats of eight bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Format 0, bound to the PAN, filled with F.
    Iso0,
    /// Format 1, without PAN, filled with random digits.
    Iso1,
    /// Format 2, without PAN, filled with F.
    Iso2,
    /// Format 3, bound to the PAN, filled with random letters A to F.
    Iso3,
}

impl Format {
    /// The first nibble of the block.
    pub fn control(self) -> u8 {
        match self {
            Self::Iso0 => 0,
            Self::Iso1 => 1,
            Self::Iso2 => 2,
            Self::Iso3 => 3,
        }
    }

    /// Whether the PAN is part of the block.
    pub fn binds_pan(self) -> bool {
        matches!(self, Self::Iso0 | Self::Iso3)
    }
}

/// The PAN part of formats 0 and 3: zeros and the twelve rightmost digits before the check digit.
///
/// **Errors** `PAN_NOT_NUMERIC`, then `PAN_TOO_SHORT` below 13 digits.
pub fn pan_field(pan: &str) -> Result<[u8; 8], CryptoError> {
    digits(pan, CryptoError::PanNotNumeric)?;
    let refuse = CryptoError::PanTooShort {
        min: 13,
        found: pan.len(),
    };
    if pan.len() < 13 {
        return Err(refuse);
    }
    let twelve = pan.bytes().rev().skip(1).take(12);
    let mut nibbles = [0; 16];
    nibbles
        .iter_mut()
        .rev()
        .zip(twelve)
        .for_each(|(o, byte)| *o = byte - b'0');
    Ok(pack(&nibbles))
}

/// Which digits of a PAN of this length its field takes, for marking them.
pub fn pan_digits_used(len: usize) -> std::ops::Range<usize> {
    len.saturating_sub(13)..len.saturating_sub(1)
}

/// Encodes format 0: the block of almost every terminal.
///
/// **Errors** those of the PAN.
pub fn encode_iso0(pin: &Pin, pan: &str) -> Result<ClearPinBlock, CryptoError> {
    Ok(encode(Format::Iso0, pin, Some(pan), &[], &mut Working::off())?.block)
}

/// Decodes format 0.
///
/// **Errors** the first of `PAN_*`, `CONTROL_NIBBLE`, `PIN_LENGTH_NIBBLE`, `FILL`,
/// `PIN_NOT_NUMERIC` that holds.
pub fn decode_iso0(block: &ClearPinBlock, pan: &str) -> Result<Pin, CryptoError> {
    decode(Format::Iso0, block.reveal(), Some(pan), &mut Working::off())
}

/// The block of a terminal that sends no PAN with it: format 0 without its XOR.
pub fn encode_without_pan(pin: &Pin) -> ClearPinBlock {
    ClearPinBlock::new(pin_field(0, pin, |_| 15))
}

/// A clear block and the parts it was made from.
#[derive(Clone, PartialEq, Eq)]
pub struct Encoded {
    /// Control, length, digits and fill.
    pub pin_field: [u8; 8],
    /// The PAN's part, in formats that bind it.
    pub pan_field: Option<[u8; 8]>,
    /// The clear block.
    pub block: ClearPinBlock,
}

/// Encodes a PIN; `fill` holds nibbles for formats 1 and 3, repeated as needed.
///
/// **Errors** `PAN_*` for formats with a PAN, `FILL` for nibbles the format does not take.
pub fn encode(
    format: Format,
    pin: &Pin,
    pan: Option<&str>,
    fill: &[u8],
    working: &mut Working,
) -> Result<Encoded, CryptoError> {
    let pan = pan.unwrap_or("");
    let pan_block = if format.binds_pan() {
        Some(pan_field(pan)?)
    } else {
        None
    };
    let lowest = if format == Format::Iso3 { 10 } else { 0 };
    let random = matches!(format, Format::Iso1 | Format::Iso3);
    if random && (fill.is_empty() || fill.iter().any(|nibble| !(lowest..16).contains(nibble))) {
        return Err(CryptoError::Fill);
    }
    let field = pin_field(format.control(), pin, |at| {
        if random {
            fill.iter().cycle().nth(at).copied().unwrap_or(15)
        } else {
            15
        }
    });
    note_pin_field(format, pin, &field, working);
    let block = match &pan_block {
        None => {
            working.step(
                "block",
                "block = pin_field",
                &[octets("pin_field", &field)],
                &field,
            );
            field
        }
        Some(pan_block) => {
            note_pan_field(pan, pan_block, working);
            let block = xor(&field, pan_block);
            let inputs = [octets("pin_field", &field), octets("pan_field", pan_block)];
            working.step("block", "block = pin_field XOR pan_field", &inputs, &block);
            block
        }
    };
    Ok(Encoded {
        pin_field: field,
        pan_field: pan_block,
        block: ClearPinBlock::new(block),
    })
}

/// Decodes a clear block.
///
/// **Errors** as [`decode_iso0`].
pub fn decode(
    format: Format,
    block: &[u8; 8],
    pan: Option<&str>,
    working: &mut Working,
) -> Result<Pin, CryptoError> {
    let mut field = *block;
    if format.binds_pan() {
        let pan_block = pan_field(pan.unwrap_or(""))?;
        note_pan_field(pan.unwrap_or(""), &pan_block, working);
        xor_into(&mut field, &pan_block);
        let inputs = [octets("block", block), octets("pan_field", &pan_block)];
        working.step(
            "pin_field",
            "pin_field = block XOR pan_field",
            &inputs,
            &field,
        );
    }
    let accept = |nibble: u8| match format {
        Format::Iso0 | Format::Iso2 => nibble == 15,
        Format::Iso1 => true,
        Format::Iso3 => nibble >= 10,
    };
    let pin = read_pin_field(format.control(), &field, accept)?;
    let inputs = [octets("pin_field", &field).flow(Flow::Whole)];
    working.text(
        "pin",
        "pin = L digits after the length",
        &inputs,
        pin.reveal(),
    );
    Ok(pin)
}

/// Control, length, digits and fill of a PIN field of eight bytes.
pub(super) fn pin_field(control: u8, pin: &Pin, fill: impl Fn(usize) -> u8) -> [u8; 8] {
    let mut nibbles = [0; 16];
    let front = [control, pin.len_digits() as u8];
    let content = front
        .into_iter()
        .chain(pin.nibbles())
        .chain((0..).map(fill));
    nibbles
        .iter_mut()
        .zip(content)
        .for_each(|(o, nibble)| *o = nibble);
    pack(&nibbles)
}

/// Reads a PIN field of eight bytes back; `accept` judges each fill nibble.
pub(super) fn read_pin_field(
    control: u8,
    field: &[u8; 8],
    accept: impl Fn(u8) -> bool,
) -> Result<Pin, CryptoError> {
    let nibbles = unpack(field);
    let [found, len, rest @ ..] = &*nibbles;
    if *found != control {
        return Err(CryptoError::ControlNibble {
            expected: control,
            found: *found,
        });
    }
    if !(4..=12).contains(len) {
        return Err(CryptoError::PinLengthNibble { found: *len });
    }
    let (pin, fill) = rest.split_at(usize::from(*len));
    if !fill.iter().all(|&nibble| accept(nibble)) {
        return Err(CryptoError::Fill);
    }
    if pin.iter().any(|&digit| digit > 9) {
        return Err(CryptoError::PinNotNumeric);
    }
    Pin::new(
        &pin.iter()
            .map(|&digit| char::from(b'0' + digit))
            .collect::<String>(),
    )
}

pub(super) fn note_pin_field(format: Format, pin: &Pin, field: &[u8; 8], working: &mut Working) {
    let formula = match format {
        Format::Iso0 => "pin_field = 0 L PIN F...",
        Format::Iso1 => "pin_field = 1 L PIN random...",
        Format::Iso2 => "pin_field = 2 L PIN F...",
        Format::Iso3 => "pin_field = 3 L PIN random A..F",
    };
    // Two nibbles stand before the digits, so byte i holds digits 2i - 2 and 2i - 1.
    let inputs = [chars("pin", pin.reveal()).flow(Flow::Whole)];
    working.step("pin_field", formula, &inputs, field);
}

pub(super) fn note_pan_field(pan: &str, field: &[u8; 8], working: &mut Working) {
    let used = pan.get(pan_digits_used(pan.len())).unwrap_or("");
    let from = Flow::From(pan_digits_used(pan.len()).start);
    working.text(
        "pan_12",
        "12 digits before the check digit",
        &[chars("pan", pan).flow(from)],
        used,
    );
    let padded: String = format!("{used:0>16}");
    let inputs = [chars("pan_12", used).flow(Flow::Into(4))];
    working.text("pan_digits", "0000 || pan_12", &inputs, &padded);
    let inputs = [chars("pan_digits", &padded).flow(Flow::Pack)];
    working.step("pan_field", "pan_field = packed digits", &inputs, field);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pin(text: &str) -> Pin {
        Pin::new(text).unwrap()
    }

    #[test]
    fn format_0_of_a_published_example() {
        let block = encode_iso0(&pin("1234"), "5555555551234567").unwrap();
        assert_eq!(hex::encode_upper(block.reveal()), "041261AAAAEDCBA9");
        assert_eq!(
            decode_iso0(&block, "5555555551234567").unwrap(),
            pin("1234")
        );
    }

    #[test]
    fn a_pan_of_twelve_digits_is_refused() {
        let error = encode_iso0(&pin("1234"), "123456789012").unwrap_err();
        assert_eq!(error, CryptoError::PanTooShort { min: 13, found: 12 });
    }

    #[test]
    fn format_3_takes_letters_only() {
        let pan = Some("9999901234567890");
        let made = encode(Format::Iso3, &pin("1234"), pan, &[1], &mut Working::off());
        assert_eq!(made.err(), Some(CryptoError::Fill));
    }
}
