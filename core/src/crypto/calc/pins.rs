//! Operations on PIN blocks and on what issuers keep of a PIN.

use super::{CalcError, Given, Op, Outputs, op};
use crate::crypto::error::CryptoError;
use crate::crypto::pin::iso::{self, Format};
use crate::crypto::pin::translate::{self, Side};
use crate::crypto::pin::verification::{self, Ibm3624, NaturalPin};
use crate::crypto::pin::{Pin, iso4, legacy, names, unionpay};
use crate::crypto::working::Working;

pub(super) const OPS: &[Op] = &[
    op("pinblock.iso0.encode", &["pan", "pin"], |g, w| {
        encode(Format::Iso0, g, w)
    }),
    op("pinblock.iso1.encode", &["fill", "pin"], |g, w| {
        encode(Format::Iso1, g, w)
    }),
    op("pinblock.iso2.encode", &["pin"], |g, w| {
        encode(Format::Iso2, g, w)
    }),
    op("pinblock.iso3.encode", &["fill", "pan", "pin"], |g, w| {
        encode(Format::Iso3, g, w)
    }),
    op("pinblock.iso0.decode", &["block", "pan"], |g, w| {
        decode(Format::Iso0, g, w)
    }),
    op("pinblock.iso1.decode", &["block"], |g, w| {
        decode(Format::Iso1, g, w)
    }),
    op("pinblock.iso2.decode", &["block"], |g, w| {
        decode(Format::Iso2, g, w)
    }),
    op("pinblock.iso3.decode", &["block", "pan"], |g, w| {
        decode(Format::Iso3, g, w)
    }),
    op(
        "pinblock.iso4.encipher",
        &["key", "pan", "pin", "random"],
        iso4_encipher,
    ),
    op(
        "pinblock.iso4.decipher",
        &["block", "key", "pan"],
        iso4_decipher,
    ),
    op(
        "pinblock.iso4.pin_field",
        &["pin", "random"],
        iso4_pin_field,
    ),
    op("pinblock.iso4.pan_field", &["pan"], iso4_pan_field),
    op("pinblock.iso4.decode_field", &["field"], iso4_decode_field),
    op("pinblock.visa4.encode", &["pan", "pin"], leftmost),
    op("pinblock.plus.encode", &["pan", "pin"], leftmost),
    op(
        "pinblock.vis_new_pin.encode",
        &["current_pin", "pin", "udk_a"],
        new_pin,
    ),
    op("pinblock.sm4_unionpay.encode", &["key", "pan", "pin"], sm4),
    op(
        "pin.translate",
        &[
            "block",
            "dst_fill",
            "dst_format",
            "dst_key",
            "dst_pan",
            "dst_random",
            "src_format",
            "src_key",
            "src_pan",
        ],
        translate_block,
    ),
    op("pin.formats", &["name"], formats),
    op("pin.visa_pvv", &["pan", "pin", "pvk", "pvki"], visa_pvv),
    op(
        "pin.ibm3624.pin",
        &["len", "off", "offset", "pad", "pan", "pvk", "table"],
        ibm_pin,
    ),
    op(
        "pin.ibm3624.offset",
        &["len", "off", "pad", "pan", "pin", "pvk", "table"],
        ibm_offset,
    ),
];

/// Fill nibbles as given; absent, the digit every format takes.
fn fill(given: &Given<'_>, input: &'static str) -> Result<Vec<u8>, CalcError> {
    if given.has(input) {
        given.nibbles(input)
    } else {
        Ok(vec![15])
    }
}

fn encode(format: Format, given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let pin = Pin::new(given.text("pin")?)?;
    let pan = if format.binds_pan() {
        Some(given.text("pan")?)
    } else {
        None
    };
    let made = iso::encode(format, &pin, pan, &fill(given, "fill")?, working)?;
    let fields = Outputs::new()
        .hex("block", made.block.reveal())
        .hex("pin_field", &made.pin_field);
    Ok(match made.pan_field {
        Some(pan_field) => fields.hex("pan_field", &pan_field),
        None => fields,
    })
}

fn decode(format: Format, given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let block = given.hex("block")?;
    let refuse = CryptoError::BlockLength {
        expected: 8,
        found: block.len(),
    };
    let block: &[u8; 8] = block.as_slice().try_into().map_err(|_| refuse)?;
    let pan = if format.binds_pan() {
        Some(given.text("pan")?)
    } else {
        None
    };
    let pin = iso::decode(format, block, pan, working)?;
    Ok(Outputs::new().text("pin", pin.reveal()))
}

/// Exactly `N` bytes.
pub(super) fn exact<const N: usize>(
    given: &Given<'_>,
    input: &'static str,
) -> Result<[u8; N], CalcError> {
    let expected = "of the right length";
    given
        .hex(input)?
        .as_slice()
        .try_into()
        .map_err(|_| CalcError::Malformed { input, expected })
}

/// Random bytes of format 4; absent, zeros.
pub(super) fn random(given: &Given<'_>, input: &'static str) -> Result<[u8; 8], CalcError> {
    if given.has(input) {
        exact(given, input)
    } else {
        Ok([0; 8])
    }
}

fn iso4_encipher(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let key = given.hex("key")?;
    let pin = Pin::new(given.text("pin")?)?;
    let made = iso4::encipher(
        &key,
        &pin,
        given.text("pan")?,
        random(given, "random")?,
        working,
    )?;
    Ok(Outputs::new()
        .hex("pin_field", &made.pin_field)
        .hex("pan_field", &made.pan_field)
        .hex("intermediate_a", &made.a)
        .hex("intermediate_b", &made.b)
        .hex("block", &made.block))
}

fn iso4_decipher(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let (key, block) = (given.hex("key")?, given.hex("block")?);
    let pin = iso4::decipher(&key, &block, given.text("pan")?, working)?;
    Ok(Outputs::new().text("pin", pin.reveal()))
}

fn iso4_pin_field(given: &Given<'_>, _: &mut Working) -> Result<Outputs, CalcError> {
    let pin = Pin::new(given.text("pin")?)?;
    Ok(Outputs::new().hex("field", &iso4::pin_field(&pin, random(given, "random")?)))
}

fn iso4_pan_field(given: &Given<'_>, _: &mut Working) -> Result<Outputs, CalcError> {
    Ok(Outputs::new().hex("field", &iso4::pan_field(given.text("pan")?)?))
}

fn iso4_decode_field(given: &Given<'_>, _: &mut Working) -> Result<Outputs, CalcError> {
    let pin = iso4::decode_field(&given.hex("field")?)?;
    Ok(Outputs::new().text("pin", pin.reveal()))
}

/// One hexadecimal digit; absent, F.
pub(super) fn pad_digit(given: &Given<'_>) -> Result<u8, CalcError> {
    let text = given.maybe_text("pad")?.unwrap_or("F");
    let mut chars = text.chars();
    match (chars.next().and_then(|c| c.to_digit(16)), chars.next()) {
        (Some(value), None) => Ok(value as u8),
        _ => Err(CryptoError::PadChar.into()),
    }
}

fn leftmost(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let pin = Pin::new(given.text("pin")?)?;
    let (block, pan_field) = legacy::leftmost_pan(&pin, given.text("pan")?, working)?;
    Ok(Outputs::new()
        .hex("block", &block)
        .hex("pan_field", &pan_field))
}

fn new_pin(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let pin = Pin::new(given.text("pin")?)?;
    let current = given.maybe_text("current_pin")?;
    let block = legacy::new_pin(&pin, &given.hex("udk_a")?, current, working)?;
    Ok(Outputs::new().hex("block", &block))
}

fn sm4(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let key = given.hex("key")?;
    let pin = Pin::new(given.text("pin")?)?;
    let made = unionpay::encipher_sm4(&key, &pin, given.maybe_text("pan")?, working)?;
    Ok(Outputs::new()
        .hex("pin_field", &made.pin_field)
        .hex("pan_field", &made.pan_field)
        .hex("clear", &made.clear)
        .hex("block", &made.block))
}

fn translate_block(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let format = |input| {
        let refuse = CalcError::Malformed {
            input,
            expected: "a format 0 to 4",
        };
        translate::Format::numbered(given.number(input)?).ok_or(refuse)
    };
    let side = |format: translate::Format, key, pan| -> Result<Side<'_>, CalcError> {
        if format.binds_pan() && !given.has(pan) {
            return Err(CalcError::Missing { input: pan });
        }
        let pan = given.maybe_text(pan)?;
        Ok(Side { format, key, pan })
    };
    let (src_key, dst_key) = (given.hex("src_key")?, given.hex("dst_key")?);
    let from = side(format("src_format")?, &src_key, "src_pan")?;
    let to = side(format("dst_format")?, &dst_key, "dst_pan")?;
    let (fill, random) = (fill(given, "dst_fill")?, random(given, "dst_random")?);
    let made = translate::translate(&given.hex("block")?, from, to, &fill, random, working)?;
    let out = Outputs::new()
        .hex("clear_in", &made.clear_in)
        .hex("clear_out", &made.clear_out)
        .hex("block", &made.block);
    Ok(match translate::forbidden(from, to) {
        Some(reason) => out.text("forbidden", reason.code()),
        None => out,
    })
}

fn visa_pvv(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let (pvk, pvki) = (given.hex("pvk")?, given.text("pvki")?);
    let (pin, pan) = (given.text("pin")?, given.text("pan")?);
    let made = verification::visa_pvv(&pvk, pvki, pin, pan, working)?;
    Ok(Outputs::new()
        .text("tsp", &made.tsp)
        .text("encrypted", &made.encrypted)
        .text("pvv", &made.pvv))
}

fn ibm<'a>(given: &Given<'a>, pvk: &'a [u8]) -> Result<Ibm3624<'a>, CalcError> {
    Ok(Ibm3624 {
        pvk,
        table: given.text("table")?,
        pan: given.text("pan")?,
        offset: given.maybe_number("off")?.unwrap_or(0),
        len: given.maybe_number("len")?.unwrap_or(16),
        pad: given.maybe_text("pad")?.unwrap_or("F"),
    })
}

fn ibm_pin(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let pvk = given.hex("pvk")?;
    let offset = given.text("offset")?;
    let (pin, natural) = ibm(given, &pvk)?.pin(offset, working)?;
    Ok(natural_outputs(&natural).text("pin", &pin))
}

fn ibm_offset(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let pvk = given.hex("pvk")?;
    let (offset, natural) = ibm(given, &pvk)?.offset(given.text("pin")?, working)?;
    Ok(natural_outputs(&natural).text("offset", &offset))
}

fn natural_outputs(natural: &NaturalPin) -> Outputs {
    Outputs::new()
        .text("validation_data", &natural.validation_data)
        .text("encrypted", &natural.encrypted)
        .text("decimalised", &natural.decimalised)
        .text("natural_pin", &natural.natural_pin)
}

/// The formats whose names contain the one given.
fn formats(given: &Given<'_>, _: &mut Working) -> Result<Outputs, CalcError> {
    let part = given.maybe_text("name")?.unwrap_or("");
    Ok(names::search(part).fold(Outputs::new(), |out, format| {
        out.text(
            format.op,
            &format!("{} ({})", format.layout, format.names.join(", ")),
        )
    }))
}
