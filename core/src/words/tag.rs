//! The EMV dictionary: what each tag is called, who provides it, and what its bits mean.

use super::{Lang, Text};
use crate::bytes::sort_by_number;
use crate::data::text_file;
use crate::value::table::{Row, Table};
use core::ops::Range;

const TAGS: Table = Table::new(text_file!("specs/emv_tags.tsv"));
const BITS: Table = Table::new(text_file!("specs/emv_bits.tsv"));

/// One tag of the dictionary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmvTag {
    /// The tag in upper-case hexadecimal.
    pub tag: &'static str,
    /// What it is called.
    pub name: Text,
    /// Who provides the value: card, terminal or issuer.
    pub source: &'static str,
    /// The format, in EMV's letters: `n12`, `b`, `ans`, `cn`.
    pub format: &'static str,
    /// The length in bytes; empty when nothing is fixed.
    pub length: &'static str,
    /// The templates it stands in; empty when none.
    pub template: &'static str,
    /// Where the entry comes from.
    pub origin: TagOrigin,
}

/// Where an entry of the EMV dictionary comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagOrigin {
    /// EMV Book 3, annex A.
    Emv,
    /// A contactless kernel or a scheme's own specification.
    Kernel,
    /// PBOC and UnionPay practice.
    Pboc,
    /// Seen in the field; not checked against a document.
    Unverified,
}

/// One bit, or a group of bits, of a value with its meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BitMeaning {
    /// The bits, from the first (highest) bit of the value, end exclusive.
    pub bits: Range<usize>,
    /// Whether the bit is 1; true for a group, which always means something.
    pub set: bool,
    /// What it means, or would mean if it were set.
    pub text: Text,
    /// The number that the bits make, when the meaning is a count.
    pub number: Option<u32>,
}

impl BitMeaning {
    /// The meaning in one language, with the number where there is one.
    #[must_use]
    pub fn say(&self, lang: Lang) -> String {
        match (self.number, lang) {
            (None, _) => self.text.say(lang).to_owned(),
            (Some(n), Lang::En) => format!("{}: {n}", self.text.en),
            (Some(n), Lang::Zh) => format!("{}：{n}", self.text.zh),
        }
    }
}

impl EmvTag {
    fn of_row(row: Row) -> Self {
        let origin = match row.column(7) {
            "E" => TagOrigin::Emv,
            "K" => TagOrigin::Kernel,
            "P" => TagOrigin::Pboc,
            _ => TagOrigin::Unverified,
        };
        Self {
            tag: row.key(),
            name: Text::of_row(row, 1),
            source: row.column(3),
            format: row.column(4),
            length: row.column(5),
            template: row.column(6),
            origin,
        }
    }
}

/// The dictionary's entry for a tag in hexadecimal, upper or lower case.
#[must_use]
pub fn emv_tag(tag: &str) -> Option<EmvTag> {
    TAGS.find(&tag.to_ascii_uppercase()).map(EmvTag::of_row)
}

/// Every tag of the dictionary, sorted.
pub fn emv_tags() -> impl Iterator<Item = EmvTag> {
    TAGS.rows().map(EmvTag::of_row)
}

/// The meaning of every defined bit of a value, set or not, in the order of the bits.
///
/// `tag` is a tag with bit meanings (`95`, `9B`, `82`, `9F33`, `9F34` ...) and `value` its value in
/// hexadecimal. A bit that is set but not defined is given as reserved. Empty for other tags and
/// for what is not hexadecimal.
#[must_use]
pub fn bits(tag: &str, value: &str) -> Vec<BitMeaning> {
    let Ok(bytes) = hex::decode(value) else {
        return Vec::new();
    };
    let prefix = format!("{}/", tag.to_ascii_uppercase());
    let mut found = Vec::new();
    let mut defined = vec![false; bytes.len() * 8];
    for row in BITS.rows() {
        let Some(place) = row.key().strip_prefix(prefix.as_str()) else {
            continue;
        };
        let Some(rule) = Rule::parse(place) else {
            continue;
        };
        let Some(actual) = number_at(&bytes, &rule.bits) else {
            continue;
        };
        for bit in defined.get_mut(rule.bits.clone()).unwrap_or_default() {
            *bit = true;
        }
        if let Some((set, number)) = rule.applies(actual) {
            found.push(BitMeaning {
                bits: rule.bits,
                set,
                text: Text::of_row(row, 1),
                number,
            });
        }
    }
    if found.is_empty() && !defined.contains(&true) {
        return found;
    }
    add_reserved(&bytes, &defined, &mut found);
    sort_by_number(&mut found, |meaning| meaning.bits.start as u64);
    found
}

/// What a line of the bit table says about its bits.
struct Rule {
    bits: Range<usize>,
    is: Is,
}

/// When a rule applies.
enum Is {
    /// A flag: the line always applies, set or not.
    Flag,
    /// A choice: the line applies when the bits make this number.
    Choice(u32),
    /// A count: the line always applies and names the number.
    Count,
}

impl Rule {
    /// Reads `byte.bit`, `byte.bit-bit=value` or `byte=value`; bit 8 is the highest.
    fn parse(place: &str) -> Option<Self> {
        let (place, value) = place
            .split_once('=')
            .map_or((place, None), |(p, v)| (p, Some(v)));
        let (byte, bits) = place
            .split_once('.')
            .map_or((place, None), |(b, n)| (b, Some(n)));
        let start = (byte.parse::<usize>().ok()?.checked_sub(1)?) * 8;
        let (high, low) = match bits.map(|b| b.split_once('-').unwrap_or((b, b))) {
            Some((high, low)) => (high.parse::<usize>().ok()?, low.parse::<usize>().ok()?),
            None => (8, 1),
        };
        let radix = if bits.is_some() { 2 } else { 16 };
        let is = match value {
            None => Is::Flag,
            Some("n") => Is::Count,
            Some(value) => Is::Choice(u32::from_str_radix(value, radix).ok()?),
        };
        Some(Self {
            bits: start + 8usize.checked_sub(high)?..start + 9usize.checked_sub(low)?,
            is,
        })
    }

    /// Whether the line applies: the state of the flag and the number of a count.
    fn applies(&self, actual: u32) -> Option<(bool, Option<u32>)> {
        match self.is {
            Is::Flag => Some((actual == 1, None)),
            Is::Choice(value) => (actual == value).then_some((true, None)),
            Is::Count => Some((true, Some(actual))),
        }
    }
}

/// The number that a range of bits makes, when the value is long enough.
fn number_at(bytes: &[u8], bits: &Range<usize>) -> Option<u32> {
    bits.clone().try_fold(0, |number, bit| {
        let byte = bytes.get(bit / 8)?;
        Some(number << 1 | u32::from(byte >> (7 - bit % 8) & 1))
    })
}

/// Adds every bit that is set though nothing defines it.
fn add_reserved(bytes: &[u8], defined: &[bool], found: &mut Vec<BitMeaning>) {
    for (bit, _) in defined.iter().enumerate().filter(|(_, known)| !**known) {
        if number_at(bytes, &(bit..bit + 1)) == Some(1) {
            let text = Text::new("reserved bit, set all the same", "保留位，却被置 1");
            found.push(BitMeaning {
                bits: bit..bit + 1,
                set: true,
                text,
                number: None,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dictionary_is_sorted_and_speaks_both_languages() {
        crate::value::table::assert_sorted(TAGS, 8);
        for tag in emv_tags() {
            assert!(
                !tag.name.en.is_empty() && !tag.name.zh.is_empty(),
                "{tag:?}"
            );
            assert!(
                tag.tag.len() % 2 == 0 && hex::decode(tag.tag).is_ok(),
                "{tag:?}"
            );
            assert!(
                ["card", "terminal", "issuer"]
                    .iter()
                    .any(|s| tag.source.contains(s)),
                "{tag:?}"
            );
        }
        assert_eq!(
            emv_tag("9f26").map(|t| t.name.en),
            Some("Application Cryptogram (AC)")
        );
        assert_eq!(emv_tag("9F99"), None);
    }

    #[test]
    fn every_line_of_the_bit_table_is_understood() {
        for row in BITS.rows() {
            let (tag, place) = row.key().split_once('/').unwrap();
            assert!(Rule::parse(place).is_some(), "{}", row.key());
            assert!(tag.starts_with("CVR.") || emv_tag(tag).is_some(), "{tag}");
            assert!(
                !row.column(1).is_empty() && !row.column(2).is_empty(),
                "{}",
                row.key()
            );
        }
    }

    #[test]
    fn terminal_verification_results_bit_by_bit() {
        let set: Vec<_> = bits("95", "0500A00470")
            .into_iter()
            .filter(|b| b.set)
            .collect();
        let texts: Vec<_> = set.iter().map(|b| (b.bits.start, b.text.en)).collect();
        assert_eq!(
            texts,
            [
                (5, "CDA failed"),
                (7, "reserved bit, set all the same"),
                (16, "cardholder verification was not successful"),
                (18, "PIN try limit exceeded"),
                (29, "reserved bit, set all the same"),
                (33, "issuer authentication failed"),
                (34, "script processing failed before final GENERATE AC"),
                (35, "script processing failed after final GENERATE AC"),
            ]
        );
    }

    #[test]
    fn groups_of_bits_and_short_values() {
        let cid = bits("9F27", "80");
        assert_eq!(cid[0].text.en, "ARQC: the chip asks its issuer");
        assert_eq!(cid[0].bits, 0..2);
        let cvm: Vec<_> = bits("9F34", "420302")
            .iter()
            .map(|b| b.say(Lang::En))
            .collect();
        assert_eq!(
            cvm,
            [
                "try the next rule if this CVM fails",
                "enciphered PIN checked online",
                "condition: terminal supports the CVM",
                "result: successful"
            ]
        );
        assert!(bits("9F34", "").is_empty() && bits("9F34", "zz").is_empty());
        assert!(bits("9F26", "0011223344556677").is_empty());
        assert_eq!(bits("95", "80").iter().filter(|b| b.set).count(), 1);
    }
}
