//! A PIN block from one key, format and PAN to another, and which of those moves are allowed.

use super::{Pin, iso, iso4};
use crate::crypto::cipher::Cipher64;
use crate::crypto::error::CryptoError;
use crate::crypto::working::{Flow, Working, key as whole, octets};

/// A format a block can be translated from or to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Formats 0 to 3, eight bytes under TDES.
    Short(iso::Format),
    /// Format 4, sixteen bytes under AES.
    Iso4,
}

impl Format {
    /// The format of a number 0 to 4.
    pub fn numbered(number: i64) -> Option<Self> {
        match number {
            0 => Some(Self::Short(iso::Format::Iso0)),
            1 => Some(Self::Short(iso::Format::Iso1)),
            2 => Some(Self::Short(iso::Format::Iso2)),
            3 => Some(Self::Short(iso::Format::Iso3)),
            4 => Some(Self::Iso4),
            _ => None,
        }
    }

    /// Whether the PAN is part of the block.
    pub fn binds_pan(self) -> bool {
        match self {
            Self::Short(format) => format.binds_pan(),
            Self::Iso4 => true,
        }
    }
}

/// One side of a translation.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// The format of the block.
    pub format: Format,
    /// The PIN key.
    pub key: &'a [u8],
    /// The PAN, where the format binds one.
    pub pan: Option<&'a str>,
}

/// What a translation makes.
pub struct Translated {
    /// The block under the new key.
    pub block: Vec<u8>,
    /// The clear block that came in.
    pub clear_in: Vec<u8>,
    /// The clear block that went out.
    pub clear_out: Vec<u8>,
}

/// Translates a block; `fill` holds nibbles for formats 1 and 3, `random` eight bytes for 4.
///
/// **Errors** those of deciphering and decoding the one and of encoding the other.
pub fn translate(
    block: &[u8],
    from: Side<'_>,
    to: Side<'_>,
    fill: &[u8],
    random: [u8; 8],
    working: &mut Working,
) -> Result<Translated, CryptoError> {
    let (pin, clear_in) = open(block, from, working)?;
    let (block, clear_out) = close(&pin, to, fill, random, working)?;
    Ok(Translated {
        block,
        clear_in,
        clear_out,
    })
}

fn open(
    block: &[u8],
    from: Side<'_>,
    working: &mut Working,
) -> Result<(Pin, Vec<u8>), CryptoError> {
    let Format::Short(format) = from.format else {
        let pan = from.pan.unwrap_or("");
        let field = iso4::open_field(from.key, block, pan, working)?;
        return Ok((iso4::decode_field(&field)?, field.to_vec()));
    };
    let cipher = Cipher64::tdes(from.key)?;
    let refuse = CryptoError::BlockLength {
        expected: 8,
        found: block.len(),
    };
    let enciphered: [u8; 8] = block.try_into().map_err(|_| refuse)?;
    let clear = cipher.decrypt(enciphered);
    let inputs = [
        octets("src_block", block).flow(Flow::Whole),
        whole("src_key", from.key),
    ];
    working.step(
        "clear_in",
        "clear_in = D(src_key, src_block)",
        &inputs,
        &clear,
    );
    let pin = iso::decode(format, &clear, from.pan, working)?;
    Ok((pin, clear.to_vec()))
}

fn close(
    pin: &Pin,
    to: Side<'_>,
    fill: &[u8],
    random: [u8; 8],
    working: &mut Working,
) -> Result<(Vec<u8>, Vec<u8>), CryptoError> {
    let Format::Short(format) = to.format else {
        let made = iso4::encipher(to.key, pin, to.pan.unwrap_or(""), random, working)?;
        return Ok((made.block.to_vec(), made.pin_field.to_vec()));
    };
    let cipher = Cipher64::tdes(to.key)?;
    let clear = iso::encode(format, pin, to.pan, fill, working)?.block;
    let block = cipher.encrypt(*clear.reveal());
    let inputs = [
        octets("block", clear.reveal()).flow(Flow::Whole),
        whole("dst_key", to.key),
    ];
    working.step(
        "clear_out",
        "clear_out = block",
        &[octets("block", clear.reveal())],
        clear.reveal(),
    );
    working.step(
        "dst_block",
        "dst_block = E(dst_key, clear_out)",
        &inputs,
        &block,
    );
    Ok((block.to_vec(), clear.reveal().to_vec()))
}

/// Why a translation is forbidden in production, though this program computes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Forbidden {
    /// From a format with PAN to one without: the block no longer belongs to a card.
    LosesPan,
    /// The PAN changes on the way: a PIN could be tried against another card.
    ChangesPan,
    /// Format 2 is for the way between card and reader, never for a network.
    CardOnlyFormat,
    /// From format 4 to a weaker one.
    Weakens,
}

impl Forbidden {
    /// A stable code for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::LosesPan => "LOSES_PAN",
            Self::ChangesPan => "CHANGES_PAN",
            Self::CardOnlyFormat => "CARD_ONLY_FORMAT",
            Self::Weakens => "WEAKENS",
        }
    }
}

/// What ISO 9564-1 and the access control of HSMs forbid about a translation, if anything.
///
/// **Source** through HSM documentation; the standard's text was not read.
pub fn forbidden(from: Side<'_>, to: Side<'_>) -> Option<Forbidden> {
    use iso::Format::{Iso0, Iso2, Iso3};
    if to.format == Format::Short(Iso2) {
        return Some(Forbidden::CardOnlyFormat);
    }
    if from.format.binds_pan() && !to.format.binds_pan() {
        return Some(Forbidden::LosesPan);
    }
    if from.format.binds_pan() && from.pan != to.pan {
        return Some(Forbidden::ChangesPan);
    }
    let weaker = matches!(to.format, Format::Short(Iso0 | Iso3));
    (from.format == Format::Iso4 && weaker).then_some(Forbidden::Weakens)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dropping_the_pan_is_named() {
        let side = |number, pan| Side {
            format: Format::numbered(number).unwrap(),
            key: &[],
            pan,
        };
        let pan = Some("9999901234567890");
        assert_eq!(
            forbidden(side(0, pan), side(1, None)),
            Some(Forbidden::LosesPan)
        );
        assert_eq!(
            forbidden(side(0, pan), side(0, Some("1"))),
            Some(Forbidden::ChangesPan)
        );
        assert_eq!(forbidden(side(0, pan), side(3, pan)), None);
    }
}
