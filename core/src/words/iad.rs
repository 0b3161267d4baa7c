//! Issuer application data (9F10) taken apart by the layouts that schemes have in common.
//!
//! A card says nowhere which layout it uses, so the length and a few fixed bytes decide; what no
//! layout fits is left alone rather than guessed at.

use super::{BitMeaning, Lang, Text, bits};
use core::ops::Range;

/// A layout of issuer application data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IadLayout {
    /// Length, key index, version, four bytes of results: Visa and, with an algorithm byte behind,
    /// PBOC/UnionPay.
    Visa,
    /// Key index, version, six bytes of results, counters: M/Chip.
    MChip,
    /// `0F`, version `A…`, key index, five bytes of results: EMV Common Core Definitions.
    Ccd,
}

/// A named part of issuer application data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IadPart {
    /// What it is.
    pub name: Text,
    /// Its bytes in the value.
    pub bytes: Range<usize>,
    /// The bit meanings, for card verification results.
    pub bits: Vec<BitMeaning>,
}

/// The layout that a value in hexadecimal follows, when one fits.
#[must_use]
pub fn layout(value: &str) -> Option<IadLayout> {
    let bytes = hex::decode(value).ok()?;
    match bytes.as_slice() {
        [0x0F, 0xA0..=0xAF, ..] if bytes.len() == 32 => Some(IadLayout::Ccd),
        [length, _, _, 0x03, ..]
            if (6..=7).contains(length) && bytes.len() > usize::from(*length) =>
        {
            Some(IadLayout::Visa)
        }
        [_, version, ..] if matches!(bytes.len(), 18 | 20 | 26 | 28) && version & 0xC0 == 0 => {
            Some(IadLayout::MChip)
        }
        _ => None,
    }
}

/// The parts of a value in hexadecimal, when a layout fits.
#[must_use]
pub fn parts(value: &str) -> Vec<IadPart> {
    let Some(layout) = layout(value) else {
        return Vec::new();
    };
    let len = value.len() / 2;
    let part = |en, zh, bytes: Range<usize>| {
        let bits = Vec::new();
        IadPart {
            name: Text::new(en, zh),
            bytes: bytes.start..bytes.end.min(len),
            bits,
        }
    };
    let index = |at: usize| part("derivation key index", "分散密钥索引（DKI）", at..at + 1);
    let version = |at: usize| part("cryptogram version number", "密文版本号（CVN）", at..at + 1);
    let results = |table: &str, bytes: Range<usize>| {
        let bits = value
            .get(bytes.start * 2..bytes.end * 2)
            .map(|cvr| bits(table, cvr));
        IadPart {
            bits: bits.unwrap_or_default(),
            ..part(
                "card verification results (CVR)",
                "卡片验证结果（CVR）",
                bytes,
            )
        }
    };
    let issuer = |from: usize| part("issuer's own data", "发卡方自定义数据", from..len);
    let mut found = match layout {
        IadLayout::Visa => vec![
            part("length", "长度", 0..1),
            index(1),
            version(2),
            results("CVR.VISA", 3..7),
            issuer(7),
        ],
        IadLayout::MChip => vec![
            index(0),
            version(1),
            results("CVR.MCHIP", 2..8),
            part(
                "DAC or ICC dynamic number",
                "数据认证码或 IC 卡动态数",
                8..10,
            ),
            part("counters", "计数器", 10..len),
        ],
        IadLayout::Ccd => vec![
            part("length", "长度", 0..1),
            part("common core identifier", "通用核心标识（CCI）", 1..2),
            index(2),
            results("CVR.CCD", 3..8),
            part("counters", "计数器", 8..16),
            part("issuer's own data", "发卡方自定义数据", 16..len),
        ],
    };
    found.retain(|part| !part.bytes.is_empty());
    found
}

/// One line: version, and what the card's results say.
pub(super) fn describe(value: &str, lang: Lang) -> Option<String> {
    let parts = parts(value);
    let mut said = Vec::new();
    for part in &parts {
        if part.name.en == "cryptogram version number" {
            let number = value.get(part.bytes.start * 2..part.bytes.end * 2)?;
            said.push(match lang {
                Lang::En => format!("cryptogram version {number}"),
                Lang::Zh => format!("密文版本 {number}"),
            });
        }
        let set = part
            .bits
            .iter()
            .filter(|bit| bit.set && bit.number != Some(0) && bit.bits.len() < 8);
        said.extend(set.map(|bit| bit.say(lang)));
    }
    super::describe::join(&said, lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unionpay_value_from_a_real_message() {
        let value = "07010103A02002010A010000000000D327F59C";
        assert_eq!(layout(value), Some(IadLayout::Visa));
        assert_eq!(
            describe(value, Lang::En).unwrap(),
            "cryptogram version 01; second GENERATE AC not requested; \
             first GENERATE AC: ARQC; velocity counters exceeded; offline dynamic data authentication performed"
        );
        let covered: usize = parts(value).iter().map(|part| part.bytes.len()).sum();
        assert_eq!(covered, value.len() / 2);
    }

    #[test]
    fn the_parts_of_every_layout_cover_the_value() {
        let ccd = format!("0FA501A200000000{}", "00".repeat(24));
        for (value, expected) in [
            ("0110A00003220000000000000000000000FF", IadLayout::MChip),
            (ccd.as_str(), IadLayout::Ccd),
        ] {
            assert_eq!(layout(value), Some(expected));
            let mut at = 0;
            for part in parts(value) {
                assert_eq!(part.bytes.start, at);
                at = part.bytes.end;
            }
            assert_eq!(at, value.len() / 2);
        }
        for other in ["", "zz", "0011"] {
            assert_eq!(layout(other), None);
            assert!(parts(other).is_empty());
        }
    }
}
