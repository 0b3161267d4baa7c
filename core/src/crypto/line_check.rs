//! Line checks: what tells that bits were lost on the way, and nothing about who sent them.
//!
//! They stand beside the MACs because people confuse them: anyone can make one, without a key.

use super::error::CryptoError;
use super::pin::digits;
use super::working::{Flow, Working, chars, octets};

/// A sixteen-bit cyclic redundancy check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Crc16 {
    /// Polynomial 1021, start 0: XMODEM, ABECS PIN pads, often just "CRC-CCITT".
    Xmodem,
    /// Polynomial 1021 reflected, start and end inverted: the FCS of HDLC, SDLC and X.25.
    Hdlc,
    /// Polynomial 8005 reflected, start 0: BISYNC, "CRC-16".
    Bisync,
}

impl Crc16 {
    /// The check of a name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "xmodem" => Some(Self::Xmodem),
            "hdlc" => Some(Self::Hdlc),
            "bisync" => Some(Self::Bisync),
            _ => None,
        }
    }

    /// The check over some bytes.
    ///
    /// **Shape** a number; HDLC and BISYNC send its low byte first, XMODEM its high byte.
    pub fn of(self, data: &[u8]) -> u16 {
        match self {
            Self::Xmodem => data.iter().fold(0, |crc, byte| {
                (0..8).fold(crc ^ u16::from(*byte) << 8, |crc, _| {
                    if crc & 0x8000 == 0 {
                        crc << 1
                    } else {
                        crc << 1 ^ 0x1021
                    }
                })
            }),
            Self::Hdlc => !reflected(data, 0xFFFF, 0x8408),
            Self::Bisync => reflected(data, 0, 0xA001),
        }
    }

    /// The two bytes as they follow the data on the line.
    pub fn on_the_line(self, data: &[u8]) -> [u8; 2] {
        match self {
            Self::Xmodem => self.of(data).to_be_bytes(),
            Self::Hdlc | Self::Bisync => self.of(data).to_le_bytes(),
        }
    }
}

fn reflected(data: &[u8], start: u16, polynomial: u16) -> u16 {
    data.iter().fold(start, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte), |crc, _| {
            if crc & 1 == 0 {
                crc >> 1
            } else {
                crc >> 1 ^ polynomial
            }
        })
    })
}

/// The longitudinal redundancy check: the XOR of all bytes.
pub fn lrc(data: &[u8], working: &mut Working) -> u8 {
    let sum = data.iter().fold(0, |sum, byte| sum ^ byte);
    let inputs = [octets("data", data).flow(Flow::Whole)];
    working.step("lrc", "lrc = byte 1 XOR byte 2 XOR ...", &inputs, &[sum]);
    sum
}

/// The Luhn check digit that belongs behind some digits.
///
/// **Errors** `PAN_NOT_NUMERIC`.
pub fn luhn_digit(payload: &str, working: &mut Working) -> Result<u8, CryptoError> {
    digits(payload, CryptoError::PanNotNumeric)?;
    let weighted: String = payload
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, byte)| {
            let value = byte - b'0';
            let doubled = if at % 2 == 0 { 2 * value } else { value };
            char::from(b'0' + doubled / 10 + doubled % 10)
        })
        .collect::<Vec<char>>()
        .into_iter()
        .rev()
        .collect();
    let sum: u32 = weighted.bytes().map(|byte| u32::from(byte - b'0')).sum();
    let digit = ((10 - sum % 10) % 10) as u8;
    let doubled = "every second digit from the right doubled, 9 cast out";
    working.text("weighted", doubled, &[chars("payload", payload)], &weighted);
    let inputs = [chars("weighted", &weighted).flow(Flow::Whole)];
    working.text(
        "sum",
        "sum of the weighted digits",
        &inputs,
        &sum.to_string(),
    );
    working.text(
        "digit",
        "digit = what is missing to a full ten",
        &[],
        &digit.to_string(),
    );
    Ok(digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_check_values() {
        // Check values over "123456789" of the public CRC catalogue.
        assert_eq!(Crc16::Xmodem.of(b"123456789"), 0x31C3);
        assert_eq!(Crc16::Hdlc.of(b"123456789"), 0x906E);
        assert_eq!(Crc16::Bisync.of(b"123456789"), 0xBB3D);
    }

    #[test]
    fn luhn_of_a_well_known_test_card() {
        assert_eq!(luhn_digit("411111111111111", &mut Working::off()), Ok(1));
    }
}
