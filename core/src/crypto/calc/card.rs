//! Operations that make the codes on and in a card.

use super::{CalcError, Given, Op, Outputs, op};
use crate::crypto::card_code::{self, DcvvInput};
use crate::crypto::emv::MasterKeyOption;
use crate::crypto::error::CryptoError;
use crate::crypto::working::Working;
use zeroize::Zeroizing;

pub(super) const OPS: &[Op] = &[
    op("cvv", &["cvk", "expiry", "pan", "service_code"], cvv),
    op(
        "dcvv",
        &[
            "atc",
            "expiry",
            "imk",
            "option",
            "pan",
            "psn",
            "service_code",
        ],
        dcvv,
    ),
    op("cvc3", &["atc", "icc_key", "track", "un"], cvc3),
    op(
        "cvc3_from_iv",
        &["atc", "icc_key", "ivcvc3", "un"],
        cvc3_from_iv,
    ),
];

fn cvv(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let (pan, expiry) = (given.text("pan")?, given.text("expiry")?);
    let made = card_code::cvv(
        &given.hex("cvk")?,
        pan,
        expiry,
        given.text("service_code")?,
        working,
    )?;
    Ok(Outputs::new()
        .text("data", &made.data)
        .hex("enc1", &made.enc1)
        .hex("xor", &made.xor)
        .hex("enc2", &made.enc2)
        .text("cvv", &made.cvv))
}

/// How a card's key is derived: `A` unless told otherwise.
pub(super) fn option(given: &Given<'_>) -> Result<MasterKeyOption, CalcError> {
    match given.maybe_text("option")? {
        None | Some("A") => Ok(MasterKeyOption::A),
        Some("B") => Ok(MasterKeyOption::B),
        Some("B-always-hash") => Ok(MasterKeyOption::BAlwaysHashed),
        Some(_) => Err(CalcError::Malformed {
            input: "option",
            expected: "A or B",
        }),
    }
}

/// A PAN sequence number: `00` unless told otherwise, and always two digits, since one digit less
/// would move the whole PAN.
pub(super) fn psn<'a>(given: &Given<'a>) -> Result<&'a str, CalcError> {
    let psn = given.maybe_text("psn")?.unwrap_or("00");
    let expected = "two digits";
    let refuse = CalcError::Malformed {
        input: "psn",
        expected,
    };
    if psn.len() == 2 { Ok(psn) } else { Err(refuse) }
}

fn dcvv(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let imk = given.hex("imk")?;
    let input = DcvvInput {
        option: option(given)?,
        imk: &imk,
        pan: given.text("pan")?,
        psn: psn(given)?,
        expiry: given.text("expiry")?,
        service_code: given.text("service_code")?,
        atc: given.text("atc")?,
    };
    let made = card_code::dcvv(input, working)?;
    Ok(Outputs::new()
        .hex("icc_mk", &made.icc_mk)
        .text("alt_pan", &made.alt_pan)
        .text("dcvv", &made.dcvv))
}

fn cvc3(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let key = given.hex("icc_key")?;
    let iv = card_code::ivcvc3(&key, &track(given)?, working)?;
    let code = card_code::cvc3(&key, iv, &given.hex("atc")?, &given.hex("un")?, working)?;
    Ok(Outputs::new().hex("ivcvc3", &iv).text("cvc3", &code))
}

/// Track data as octets: an odd last digit is filled up with F.
fn track(given: &Given<'_>) -> Result<Zeroizing<Vec<u8>>, CalcError> {
    let text = given.text("track")?;
    let even = if text.len() % 2 == 1 {
        format!("{text}F")
    } else {
        text.to_owned()
    };
    let expected = "hexadecimal digits";
    let octets = hex::decode(even).map_err(|_| CalcError::Malformed {
        input: "track",
        expected,
    })?;
    Ok(Zeroizing::new(octets))
}

fn cvc3_from_iv(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let iv = given.hex("ivcvc3")?;
    let refuse = CryptoError::IvLength {
        expected: 2,
        found: iv.len(),
    };
    let iv: [u8; 2] = iv.as_slice().try_into().map_err(|_| refuse)?;
    let (key, atc, un) = (given.hex("icc_key")?, given.hex("atc")?, given.hex("un")?);
    Ok(Outputs::new().text("cvc3", &card_code::cvc3(&key, iv, &atc, &un, working)?))
}
