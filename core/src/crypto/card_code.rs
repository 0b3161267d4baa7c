//! Codes on and in a card: CVV, CVC, CVV2, iCVV, dynamic CVV and CVC3.
//!
//! One calculation serves the static ones: CVV takes the service code of the track, CVV2 takes
//! 000 and iCVV 999; whether the expiry is YYMM or MMYY is the caller's and the cause of most
//! differences.

use super::cipher::{Cipher64, xor};
use super::emv::{self, MasterKeyOption};
use super::error::CryptoError;
use super::mac::iso9797::Padding;
use super::pin::verification::{read, two_scans};
use super::pin::{digits, packed_digits};
use super::working::{Flow, Working, chars, key as whole, octets};

/// A card verification value and the values on the way to it.
#[derive(Clone, PartialEq, Eq)]
pub struct Cvv {
    /// PAN, expiry and service code, filled with zeros to 32 digits.
    pub data: String,
    /// The first block enciphered with the left key half.
    pub enc1: [u8; 8],
    /// That XOR the second block.
    pub xor: [u8; 8],
    /// That enciphered with the whole key.
    pub enc2: [u8; 8],
    /// The three digits.
    pub cvv: String,
}

/// Makes a CVV.
///
/// **Errors** `KEY_LENGTH` unless 16 bytes, `PAN_TOO_LONG` above 19 digits, `PAN_NOT_NUMERIC`,
/// `EXPIRY`, `SERVICE_CODE`, in this order.
pub fn cvv(
    cvk: &[u8],
    pan: &str,
    expiry: &str,
    service_code: &str,
    working: &mut Working,
) -> Result<Cvv, CryptoError> {
    let refuse = CryptoError::KeyLength {
        allowed: "16",
        found: cvk.len(),
    };
    let double: &[u8; 16] = cvk.try_into().map_err(|_| refuse)?;
    let (left, _) = double.split_first_chunk::<8>().ok_or(refuse)?;
    let count = pan.chars().count();
    if count > 19 {
        return Err(CryptoError::PanTooLong {
            max: 19,
            found: count,
        });
    }
    digits(pan, CryptoError::PanNotNumeric)?;
    digits(expiry, CryptoError::Expiry)?;
    if expiry.len() != 4 {
        return Err(CryptoError::Expiry);
    }
    digits(service_code, CryptoError::ServiceCode)?;
    if service_code.len() != 3 {
        return Err(CryptoError::ServiceCode);
    }
    let data = format!("{:0<32}", format!("{pan}{expiry}{service_code}"));
    let (first, second) = data.split_at(16);
    let enc1 = Cipher64::single(left).encrypt(packed_digits(first));
    let mixed = xor(&enc1, &packed_digits(second));
    let enc2 = Cipher64::double(double).encrypt(mixed);
    let text = hex::encode_upper(enc2);
    let picks = two_scans(&text, 3);
    let cvv = read(&text, &picks);
    let made = Cvv {
        data,
        enc1,
        xor: mixed,
        enc2,
        cvv,
    };
    if working.is_recording() {
        note_cvv(
            &made,
            cvk,
            [pan, expiry, service_code],
            &text,
            picks,
            working,
        );
    }
    Ok(made)
}

fn note_cvv(
    made: &Cvv,
    cvk: &[u8],
    [pan, expiry, service_code]: [&str; 3],
    text: &str,
    picks: Vec<usize>,
    working: &mut Working,
) {
    let inputs = [
        chars("pan", pan),
        chars("expiry", expiry).flow(Flow::Into(pan.len())),
        chars("service_code", service_code).flow(Flow::Into(pan.len() + 4)),
    ];
    working.text(
        "data",
        "data = PAN || expiry || service code || 0...",
        &inputs,
        &made.data,
    );
    let (left, _) = cvk.split_at(8);
    let half = [
        chars("data", &made.data).flow(Flow::Whole),
        whole("cvk_a", left),
    ];
    working.step(
        "enc1",
        "enc1 = DES(cvk_a, first 16 digits)",
        &half,
        &made.enc1,
    );
    let second = made.data.get(16..).unwrap_or("");
    working.text(
        "second",
        "second 16 digits",
        &[chars("data", &made.data).flow(Flow::From(16))],
        second,
    );
    let inputs = [
        octets("enc1", &made.enc1),
        chars("second", second).flow(Flow::Pack),
    ];
    working.step("xor", "xor = enc1 XOR second 16 digits", &inputs, &made.xor);
    let inputs = [
        octets("xor", &made.xor).flow(Flow::Whole),
        whole("cvk", cvk),
    ];
    working.step("enc2", "enc2 = TDES(cvk, xor)", &inputs, &made.enc2);
    working.text(
        "enc2_hex",
        "HEX(enc2)",
        &[octets("enc2", &made.enc2).flow(Flow::Expand)],
        text,
    );
    let inputs = [chars("enc2_hex", text).flow(Flow::Pick(picks))];
    working.text(
        "cvv",
        "cvv = digits first, then letters as 0..5",
        &inputs,
        &made.cvv,
    );
}

/// A dynamic CVV: a CVV under the card's own key, over a PAN whose front is the counter.
#[derive(Clone, PartialEq, Eq)]
pub struct Dcvv {
    /// The card's key.
    pub icc_mk: [u8; 16],
    /// The PAN with the ATC's four digits in front.
    pub alt_pan: String,
    /// The three digits.
    pub dcvv: String,
}

/// What a dynamic CVV is made from.
#[derive(Clone, Copy)]
pub struct DcvvInput<'a> {
    /// How the card's key is derived.
    pub option: MasterKeyOption,
    /// Issuer master key.
    pub imk: &'a [u8],
    /// The PAN.
    pub pan: &'a str,
    /// PAN sequence number, two digits.
    pub psn: &'a str,
    /// Expiry, four digits.
    pub expiry: &'a str,
    /// Service code, three digits.
    pub service_code: &'a str,
    /// Application transaction counter, four digits.
    pub atc: &'a str,
}

/// Makes a dynamic CVV.
///
/// **Errors** those of the master key and of [`cvv`]; `ATC_LENGTH` unless four digits.
pub fn dcvv(given: DcvvInput<'_>, working: &mut Working) -> Result<Dcvv, CryptoError> {
    let icc_mk = emv::icc_master_key(given.option, given.imk, given.pan, given.psn, true, working)?;
    if given.atc.len() != 4 {
        return Err(CryptoError::AtcLength {
            found: given.atc.len() / 2,
        });
    }
    let alt_pan = format!("{}{}", given.atc, given.pan.get(4..).unwrap_or(""));
    working.text(
        "alt_pan",
        "alt_pan = ATC || PAN from its fifth digit",
        &[chars("atc", given.atc), chars("pan", given.pan)],
        &alt_pan,
    );
    let made = cvv(&icc_mk, &alt_pan, given.expiry, given.service_code, working)?;
    Ok(Dcvv {
        icc_mk,
        alt_pan,
        dcvv: made.cvv,
    })
}

/// The last two bytes of the MAC over a track: the IV of CVC3.
///
/// **Errors** `KEY_LENGTH` unless 16 bytes.
pub fn ivcvc3(icc_key: &[u8], track: &[u8], working: &mut Working) -> Result<[u8; 2], CryptoError> {
    let mac = emv::retail(icc_key, Padding::OneZeros, track, working)?;
    let [.., a, b] = mac;
    working.step(
        "ivcvc3",
        "ivcvc3 = last 2 bytes of mac",
        &[octets("mac", &mac).flow(Flow::From(6))],
        &[a, b],
    );
    Ok([a, b])
}

/// CVC3 of contactless magnetic-stripe mode: five digits of one cipher block.
///
/// **Errors** `KEY_LENGTH` unless 16 bytes, `DIVERSIFICATION_LENGTH` unless UN is 4 bytes,
/// `ATC_LENGTH` unless 2.
pub fn cvc3(
    icc_key: &[u8],
    iv: [u8; 2],
    atc: &[u8],
    un: &[u8],
    working: &mut Working,
) -> Result<String, CryptoError> {
    let cipher = emv::double_length(icc_key)?;
    let atc: [u8; 2] = atc
        .try_into()
        .map_err(|_| CryptoError::AtcLength { found: atc.len() })?;
    let un: [u8; 4] = un
        .try_into()
        .map_err(|_| CryptoError::DiversificationLength { found: un.len() })?;
    let ([i0, i1], [u0, u1, u2, u3], [a0, a1]) = (iv, un, atc);
    let block = [i0, i1, u0, u1, u2, u3, a0, a1];
    let enciphered = cipher.encrypt(block);
    let [.., high, low] = enciphered;
    let text = format!("{:05}", u16::from_be_bytes([high, low]));
    let inputs = [
        octets("ivcvc3", &iv),
        octets("un", &un).flow(Flow::Into(2)),
        octets("atc", &atc).flow(Flow::Into(6)),
    ];
    working.step("cvc3_block", "ivcvc3 || un || atc", &inputs, &block);
    let inputs = [
        octets("cvc3_block", &block).flow(Flow::Whole),
        whole("icc_key", icc_key),
    ];
    working.step("enciphered", "E(icc_key, cvc3_block)", &inputs, &enciphered);
    let inputs = [octets("enciphered", &enciphered).flow(Flow::Whole)];
    working.text("cvc3", "last 2 bytes as a decimal number", &inputs, &text);
    Ok(text)
}
