//! Operations on key blocks.

use super::{CalcError, Given, Op, Outputs, op};
use crate::crypto::tr31::{self, Header, LengthDialect, Version};
use crate::crypto::working::Working;
use serde_json::{Value, json};

pub(super) const OPS: &[Op] = &[
    op("tr31.derive", &["kbpk", "version"], derive),
    op("tr31.header", &["dialect", "header"], header),
    op("tr31.wrap", &["header", "kbpk", "key", "pad"], wrap),
    op("tr31.unwrap", &["kbpk", "key_block"], unwrap),
];

fn derive(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let letter = match given.text("version")?.as_bytes() {
        [letter] => *letter,
        _ => 0,
    };
    let made = tr31::derive(Version::of(letter)?, &given.hex("kbpk")?, working)?;
    Ok(Outputs::new()
        .hex("kbek", &made.kbek)
        .hex("kbak", &made.kbak))
}

fn header(given: &Given<'_>, _: &mut Working) -> Result<Outputs, CalcError> {
    let dialect = match given.maybe_text("dialect")? {
        None | Some("x9143") => LengthDialect::X9143,
        Some("psec") => LengthDialect::Bytes,
        Some(_) => {
            return Err(CalcError::Malformed {
                input: "dialect",
                expected: "x9143 or psec",
            });
        }
    };
    let text = given.text("header")?;
    let header = Header::read(text, dialect)?;
    Version::of(text.as_bytes().first().copied().unwrap_or(0))?;
    let len = header.text().len();
    Ok(Outputs::new()
        .value("header_len", len)
        .value("opt_blocks", blocks(&header)))
}

fn blocks(header: &Header) -> Value {
    header
        .blocks()
        .iter()
        .map(|block| json!([block.id, block.data]))
        .collect()
}

fn wrap(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let (kbpk, key) = (given.hex("kbpk")?, given.hex("key")?);
    let pad = given.maybe_hex("pad")?;
    let pad = pad.as_deref().map(Vec::as_slice);
    let made = tr31::wrap(&kbpk, given.text("header")?, &key, pad, working)?;
    Ok(Outputs::new()
        .hex("kbek", &made.derived.kbek)
        .hex("kbak", &made.derived.kbak)
        .hex("plaintext", &made.plaintext)
        .hex("mac", &made.mac)
        .text("key_block", &made.text))
}

fn unwrap(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let made = tr31::unwrap(&given.hex("kbpk")?, given.text("key_block")?, working)?;
    Ok(Outputs::new()
        .hex("kbek", &made.derived.kbek)
        .hex("kbak", &made.derived.kbak)
        .text("header", made.header.text())
        .value("opt_blocks", blocks(&made.header))
        .hex("pad", &made.pad)
        .hex("mac", &made.mac)
        .hex("key", &made.key))
}
