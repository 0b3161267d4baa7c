//! The few words with which a dialect file says how things are coded:
//! `bcd digits pad-right-0`, `gbk bytes`, `ascii bytes fill-left-0`.

use super::{CODINGS, coding_error, missing, string};
use crate::bytes::{Charset, hex_value};
use crate::spec::error::SpecError;
use crate::spec::wire::{Class, Coding, Counts, Fill, Pad, PrefixCoding, Side};
use serde_json::{Map, Value};

/// What one phrase says; a missing word leaves the default as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Phrase {
    pub coding: Coding,
    pub counts: Counts,
    pub pad: Pad,
    pub fill: Option<Fill>,
    pub filled: bool,
}

/// The coding block of a dialect: one phrase for each kind of content.
#[derive(Clone, Copy, Debug)]
pub(super) struct Defaults {
    digits: Phrase,
    tracks: Phrase,
    text: Phrase,
    binary: Phrase,
    pub length: PrefixCoding,
}

impl Defaults {
    /// Reads the block; every key is mandatory, as nothing about the wire may be guessed.
    pub fn read(json: &Map<String, Value>) -> Result<Self, SpecError> {
        super::known_keys(
            json,
            "coding",
            &["mti", "bitmap", "length", "n", "z", "text", "b"],
        )?;
        let phrase_at = |key: &str| -> Result<Phrase, SpecError> {
            let words =
                string(json, "coding", key)?.ok_or_else(|| missing("coding", key, CODINGS))?;
            let phrase = phrase(words, None, "coding", key)?;
            let counted = words
                .split_whitespace()
                .any(|word| counts_word(word).is_some());
            let allowed = "what its length counts: bytes, digits or hex-digits";
            if counted {
                Ok(phrase)
            } else {
                Err(SpecError::new("coding", key, words, allowed))
            }
        };
        let length = string(json, "coding", "length")?.unwrap_or("ascii");
        Ok(Self {
            digits: phrase_at("n")?,
            tracks: phrase_at("z")?,
            text: phrase_at("text")?,
            binary: phrase_at("b")?,
            length: prefix_word(length)
                .ok_or_else(|| SpecError::new("coding", "length", length, PREFIXES))?,
        })
    }

    /// The phrase for a class.
    pub fn of(&self, class: Class) -> Phrase {
        match class {
            Class::N | Class::Hex => self.digits,
            Class::Xn if self.digits.coding == Coding::Bcd => Phrase {
                coding: Coding::SignBcd,
                ..self.digits
            },
            Class::Xn => self.digits,
            Class::Z => self.tracks,
            Class::B => self.binary,
            _ => self.text,
        }
    }
}

/// Reads a phrase on top of `base`, or of the plain meaning of its coding.
pub(super) fn phrase(
    words: &str,
    base: Option<Phrase>,
    entry: &str,
    key: &str,
) -> Result<Phrase, SpecError> {
    let mut parts = words.split_whitespace();
    let mut out = match (base, parts.clone().find_map(coding_word)) {
        (Some(base), None) => base,
        (_, Some(coding)) => plain(coding),
        (None, None) => return Err(coding_error(entry, key, words)),
    };
    parts.try_for_each(|word| {
        if let Some(counts) = counts_word(word) {
            out.counts = counts;
        } else if let Some(pad) = pad_word(word) {
            out.pad = pad;
        } else if let Some(fill) = fill_word(word) {
            out.fill = fill;
        } else if word == "filled" {
            out.filled = true;
        } else if coding_word(word).is_none() {
            return Err(SpecError::new(entry, key, format!("\"{word}\""), WORDS));
        }
        Ok(())
    })?;
    Ok(out)
}

const WORDS: &str = "a coding, bytes, digits, hex-digits, pad-left-N, pad-right-N, fill-left-C, \
                     fill-right-C, fill-none or filled";
/// The words for length prefixes.
pub(super) const PREFIXES: &str = "one of ascii, ebcdic, bcd, binary, hex, ber";

fn plain(coding: Coding) -> Phrase {
    let counts = if matches!(coding, Coding::Bcd | Coding::SignBcd) {
        Counts::Digits
    } else {
        Counts::Bytes
    };
    Phrase {
        coding,
        counts,
        pad: Pad {
            side: Side::Left,
            nibble: 0,
        },
        fill: None,
        filled: false,
    }
}

/// The coding that a word names.
pub(super) fn coding_word(word: &str) -> Option<Coding> {
    Some(match word {
        "ascii" | "latin1" => Coding::Chars(Charset::Ascii),
        "ebcdic" => Coding::Chars(Charset::Ebcdic500),
        "ebcdic1047" => Coding::Chars(Charset::Ebcdic1047),
        "gbk" => Coding::Chars(Charset::Gbk),
        "utf8" => Coding::Chars(Charset::Utf8),
        "bcd" => Coding::Bcd,
        "raw" => Coding::Raw,
        "hex-ascii" => Coding::HexChars(Charset::Ascii),
        "hex-ebcdic" => Coding::HexChars(Charset::Ebcdic500),
        "hex-ebcdic1047" => Coding::HexChars(Charset::Ebcdic1047),
        "zoned" => Coding::Zoned,
        "sign-bcd" => Coding::SignBcd,
        _ => return None,
    })
}

/// The prefix coding that a word names.
pub(super) fn prefix_word(word: &str) -> Option<PrefixCoding> {
    Some(match word {
        "ascii" => PrefixCoding::Ascii,
        "ebcdic" => PrefixCoding::Ebcdic,
        "bcd" => PrefixCoding::Bcd,
        "binary" => PrefixCoding::Binary,
        "hex" => PrefixCoding::HexAscii,
        "ber" => PrefixCoding::Ber,
        _ => return None,
    })
}

fn counts_word(word: &str) -> Option<Counts> {
    Some(match word {
        "bytes" => Counts::Bytes,
        "digits" => Counts::Digits,
        "hex-digits" => Counts::HexDigits,
        _ => return None,
    })
}

fn pad_word(word: &str) -> Option<Pad> {
    let (side, rest) = sided(word, "pad-")?;
    let nibble = hex_value(*rest.as_bytes().first()?)?;
    (rest.len() == 1).then_some(Pad { side, nibble })
}

fn fill_word(word: &str) -> Option<Option<Fill>> {
    if word == "fill-none" {
        return Some(None);
    }
    let (side, rest) = sided(word, "fill-")?;
    let with = if rest == "space" {
        ' '
    } else {
        rest.chars().next()?
    };
    Some(Some(Fill { side, with }))
}

fn sided<'w>(word: &'w str, start: &str) -> Option<(Side, &'w str)> {
    let rest = word.strip_prefix(start)?;
    rest.strip_prefix("left-")
        .map(|tail| (Side::Left, tail))
        .or_else(|| rest.strip_prefix("right-").map(|tail| (Side::Right, tail)))
}
