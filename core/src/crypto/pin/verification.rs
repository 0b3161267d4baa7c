//! What an issuer keeps instead of the PIN: the Visa PVV, and IBM 3624 natural PIN and offset.

use super::{Pin, digits, packed_digits};
use crate::crypto::cipher::Cipher64;
use crate::crypto::error::CryptoError;
use crate::crypto::working::{Flow, Working, chars, key as whole};
use subtle::ConstantTimeEq;

/// A PIN verification value and the values on the way to it.
#[derive(Clone, PartialEq, Eq)]
pub struct Pvv {
    /// Eleven PAN digits, the key indicator, four PIN digits.
    pub tsp: String,
    /// The enciphered block as hexadecimal text.
    pub encrypted: String,
    /// The four digits.
    pub pvv: String,
}

/// Makes the Visa PVV of a PIN of exactly four digits.
///
/// **Errors** `KEY_LENGTH`, `PVKI`, `PIN_LENGTH`, `PIN_NOT_NUMERIC`, `PAN_TOO_SHORT` below 12
/// digits, `PAN_NOT_NUMERIC`, in this order.
pub fn visa_pvv(
    pvk: &[u8],
    pvki: &str,
    pin: &str,
    pan: &str,
    working: &mut Working,
) -> Result<Pvv, CryptoError> {
    let cipher = Cipher64::tdes(pvk)?;
    if pvki.len() != 1 || !pvki.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(CryptoError::Pvki);
    }
    if pin.chars().count() != 4 {
        return Err(CryptoError::PinLength {
            found: pin.chars().count(),
        });
    }
    digits(pin, CryptoError::PinNotNumeric)?;
    if pan.chars().count() < 12 {
        return Err(CryptoError::PanTooShort {
            min: 12,
            found: pan.chars().count(),
        });
    }
    digits(pan, CryptoError::PanNotNumeric)?;

    let eleven = pan.get(pan.len() - 12..pan.len() - 1).unwrap_or("");
    let tsp = format!("{eleven}{pvki}{pin}");
    let encrypted = hex::encode_upper(cipher.encrypt(packed_digits(&tsp)));
    let picks = two_scans(&encrypted, 4);
    let pvv = read(&encrypted, &picks);
    if working.is_recording() {
        let pan_flow = Flow::From(pan.len() - 12);
        let inputs = [
            chars("pan", pan).flow(pan_flow),
            chars("pvki", pvki).flow(Flow::Into(11)),
            chars("pin", pin).flow(Flow::Into(12)),
        ];
        working.text("tsp", "tsp = 11 PAN digits || PVKI || PIN", &inputs, &tsp);
        let inputs = [chars("tsp", &tsp).flow(Flow::Whole), whole("pvk", pvk)];
        working.text(
            "encrypted",
            "encrypted = HEX(E(pvk, tsp))",
            &inputs,
            &encrypted,
        );
        let inputs = [chars("encrypted", &encrypted).flow(Flow::Pick(picks))];
        working.text(
            "pvv",
            "pvv = digits first, then letters as 0..5",
            &inputs,
            &pvv,
        );
    }
    Ok(Pvv {
        tsp,
        encrypted,
        pvv,
    })
}

/// The PVV an issuer compares: the first four digits of a PIN of any length.
///
/// **Errors** as [`visa_pvv`].
pub fn pvv_of(pvk: &[u8], pvki: &str, pin: &Pin, pan: &str) -> Result<String, CryptoError> {
    let four = pin.reveal().get(..4).unwrap_or("");
    Ok(visa_pvv(pvk, pvki, four, pan, &mut Working::off())?.pvv)
}

/// Whether two check texts (PVV, offset, CVV) are equal, in time that tells nothing.
pub fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

/// The positions of the first `count` characters when digits are read first and letters after.
pub fn two_scans(text: &str, count: usize) -> Vec<usize> {
    let positions = |wanted: fn(&u8) -> bool| {
        text.bytes()
            .enumerate()
            .filter(move |(_, byte)| wanted(byte))
            .map(|(at, _)| at)
    };
    positions(u8::is_ascii_digit)
        .chain(positions(u8::is_ascii_alphabetic))
        .take(count)
        .collect()
}

/// Reads positions of a hexadecimal text as decimal digits, A to F as 0 to 5.
pub fn read(text: &str, picks: &[usize]) -> String {
    let digit = |at: &usize| {
        text.as_bytes().get(*at).map(|byte| match byte {
            b'A'..=b'F' => char::from(byte - b'A' + b'0'),
            other => char::from(*other),
        })
    };
    picks.iter().filter_map(digit).collect()
}

/// What an IBM 3624 calculation works on.
#[derive(Clone, Copy)]
pub struct Ibm3624<'a> {
    /// PIN verification key.
    pub pvk: &'a [u8],
    /// Sixteen digits: what each hexadecimal digit becomes.
    pub table: &'a str,
    /// The PAN.
    pub pan: &'a str,
    /// First PAN digit of the validation data, from 0.
    pub offset: i64,
    /// Digits of validation data.
    pub len: i64,
    /// Hexadecimal digit that fills the validation data up.
    pub pad: &'a str,
}

/// The natural PIN and the values on the way to it.
#[derive(Clone, PartialEq, Eq)]
pub struct NaturalPin {
    /// Sixteen digits of the PAN, filled up.
    pub validation_data: String,
    /// The enciphered block as hexadecimal text.
    pub encrypted: String,
    /// All sixteen digits after the table.
    pub decimalised: String,
    /// As many digits as asked for.
    pub natural_pin: String,
}

impl Ibm3624<'_> {
    /// The PIN that belongs to an offset: natural PIN plus offset, digit by digit.
    ///
    /// **Errors** `KEY_LENGTH`, `DECIMALISATION_TABLE`, `OFFSET`, `PAN`, `PAD_CHAR`,
    /// `VALIDATION_RANGE`, in this order.
    pub fn pin(
        &self,
        offset: &str,
        working: &mut Working,
    ) -> Result<(String, NaturalPin), CryptoError> {
        let cipher = self.prepare()?;
        digits(offset, CryptoError::Offset)?;
        if !(4..=16).contains(&offset.len()) {
            return Err(CryptoError::Offset);
        }
        let natural = self.natural(&cipher, offset.len(), working)?;
        let pin = each_digit(&natural.natural_pin, offset, |a, b| (a + b) % 10);
        let inputs = [
            chars("natural_pin", &natural.natural_pin),
            chars("offset", offset),
        ];
        working.text(
            "pin",
            "pin = natural_pin + offset, mod 10 each",
            &inputs,
            &pin,
        );
        Ok((pin, natural))
    }

    /// The offset that belongs to a PIN: PIN minus natural PIN, digit by digit.
    ///
    /// **Errors** as [`pin`](Self::pin), with `PIN_LENGTH` and `PIN_NOT_NUMERIC` for `OFFSET`.
    pub fn offset(
        &self,
        pin: &str,
        working: &mut Working,
    ) -> Result<(String, NaturalPin), CryptoError> {
        let cipher = self.prepare()?;
        let count = pin.chars().count();
        if !(4..=16).contains(&count) {
            return Err(CryptoError::PinLength { found: count });
        }
        digits(pin, CryptoError::PinNotNumeric)?;
        let natural = self.natural(&cipher, pin.len(), working)?;
        let offset = each_digit(pin, &natural.natural_pin, |a, b| (10 + a - b) % 10);
        let inputs = [
            chars("pin", pin),
            chars("natural_pin", &natural.natural_pin),
        ];
        working.text(
            "offset",
            "offset = pin - natural_pin, mod 10 each",
            &inputs,
            &offset,
        );
        Ok((offset, natural))
    }

    fn prepare(&self) -> Result<Cipher64, CryptoError> {
        let cipher = Cipher64::tdes(self.pvk)?;
        if self.table.len() != 16 {
            return Err(CryptoError::DecimalisationTable);
        }
        digits(self.table, CryptoError::DecimalisationTable)?;
        Ok(cipher)
    }

    fn natural(
        &self,
        cipher: &Cipher64,
        count: usize,
        working: &mut Working,
    ) -> Result<NaturalPin, CryptoError> {
        let (pan, pad) = (self.pan, self.pad);
        if pan.is_empty() || pan.len() > 19 || digits(pan, CryptoError::Pan).is_err() {
            return Err(CryptoError::Pan);
        }
        if pad.len() != 1 || !pad.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(CryptoError::PadChar);
        }
        let out_of_range = |_| CryptoError::ValidationRange;
        let start = usize::try_from(self.offset).map_err(out_of_range)?;
        let len = usize::try_from(self.len).map_err(out_of_range)?;
        let part = pan
            .get(start..start.saturating_add(len))
            .ok_or(CryptoError::ValidationRange)?;
        let fill = pad.to_ascii_uppercase().repeat(16);
        let validation_data: String = part.chars().chain(fill.chars()).take(16).collect();
        let encrypted = hex::encode_upper(cipher.encrypt(packed_digits(&validation_data)));
        let decimalised: String = encrypted
            .chars()
            .filter_map(|c| self.table.chars().nth(c.to_digit(16)? as usize))
            .collect();
        let natural_pin: String = decimalised.chars().take(count).collect();

        let inputs = [chars("pan", pan).flow(Flow::From(start))];
        working.text(
            "validation_data",
            "PAN digits, filled up",
            &inputs,
            &validation_data,
        );
        let inputs = [
            chars("validation_data", &validation_data).flow(Flow::Whole),
            whole("pvk", self.pvk),
        ];
        working.text(
            "encrypted",
            "encrypted = HEX(E(pvk, validation_data))",
            &inputs,
            &encrypted,
        );
        let inputs = [
            chars("encrypted", &encrypted),
            chars("table", self.table).flow(Flow::Whole),
        ];
        working.text(
            "decimalised",
            "decimalised = table[encrypted]",
            &inputs,
            &decimalised,
        );
        let inputs = [chars("decimalised", &decimalised)];
        working.text(
            "natural_pin",
            "natural_pin = first digits",
            &inputs,
            &natural_pin,
        );
        Ok(NaturalPin {
            validation_data,
            encrypted,
            decimalised,
            natural_pin,
        })
    }
}

/// Combines two texts of digits position by position.
fn each_digit(a: &str, b: &str, combine: fn(u8, u8) -> u8) -> String {
    let value = |byte: u8| byte.saturating_sub(b'0');
    a.bytes()
        .zip(b.bytes())
        .map(|(a, b)| char::from(b'0' + combine(value(a), value(b))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_come_after_all_digits() {
        // gchq/CyberChef issue 2413: a single pass gives 6077.
        let pvk = hex::decode("0123456789ABCDEFFEDCBA9876543210").unwrap();
        let made = visa_pvv(&pvk, "1", "1234", "5432101234567890", &mut Working::off()).unwrap();
        assert_eq!(
            (made.encrypted.as_str(), made.pvv.as_str()),
            ("6A77E65CFE349D60", "6776")
        );
    }
}
