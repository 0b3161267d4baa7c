//! The header of a TR-31 / X9.143 key block, character by character.

use super::Text;
use std::ops::Range;

/// One part of the header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its characters, counted from 0.
    pub at: Range<usize>,
    /// What stands there.
    pub text: String,
    /// What the part is.
    pub name: Text,
    /// What this value means, where it is a common one.
    pub meaning: Option<Text>,
}

/// The parts of the header of a key block; what is missing of it is left out.
///
/// **Shape** sixteen characters: version, length (4), usage (2), algorithm, mode, version of the
/// key (2), exportability, number of optional blocks (2), two reserved. Then each optional block:
/// name (2), length of all of it in hexadecimal (2, or `00` and a longer one), data.
///
/// **Source** X9.143 through the published vectors and openemv's tools; the text was not read.
#[must_use]
pub fn header(block: &str) -> Vec<Part> {
    let mut at = 0;
    let part = |(len, name, values): (usize, Text, &[(&str, Text)])| {
        let range = at..at + len;
        at += len;
        let text = block.get(range.clone())?;
        let meaning = values.iter().find(|(value, _)| *value == text);
        Some(Part {
            at: range,
            text: text.to_owned(),
            name,
            meaning: meaning.map(|(_, text)| *text),
        })
    };
    let mut parts: Vec<Part> = PARTS.into_iter().map_while(part).collect();
    let count = block.get(12..14).and_then(|digits| digits.parse().ok());
    for _ in 0..count.unwrap_or(0) {
        let Some(more) = optional(block, at) else {
            break;
        };
        at = more.last().map_or(at, |part| part.at.end);
        parts.extend(more);
    }
    parts
}

/// The parts of the optional block that begins at a place: name, length, data.
fn optional(block: &str, at: usize) -> Option<Vec<Part>> {
    let hex = |range: Range<usize>| usize::from_str_radix(block.get(range)?, 16).ok();
    let (len, digits) = match hex(at + 2..at + 4)? {
        0 => {
            let digits = hex(at + 4..at + 6)?;
            (hex(at + 6..at + 6 + digits)?, 4 + digits)
        }
        len => (len, 2),
    };
    let data = at + 2 + digits;
    let part = |range: Range<usize>, name: Text| {
        let text = block.get(range.clone())?.to_owned();
        let known = OPTIONAL.iter().find(|(id, _)| *id == text);
        Some(Part {
            at: range,
            text,
            name,
            meaning: known.map(|(_, text)| *text),
        })
    };
    let mut parts = vec![
        part(at..at + 2, text("optional block", "可选块"))?,
        part(at + 2..data, text("its length", "其长度"))?,
    ];
    if at + len > data {
        let mut own = part(data..at + len, text("its data", "其数据"))?;
        own.meaning = None;
        parts.push(own);
    }
    Some(parts)
}

type Described = (usize, Text, &'static [(&'static str, Text)]);

const fn text(en: &'static str, zh: &'static str) -> Text {
    Text::new(en, zh)
}

const PARTS: [Described; 9] = [
    (1, text("version", "版本"), VERSIONS),
    (4, text("length of the block", "密钥块长度"), &[]),
    (2, text("usage of the key", "密钥用途"), USAGES),
    (1, text("algorithm of the key", "密钥算法"), ALGORITHMS),
    (1, text("mode of use", "使用方式"), MODES),
    (
        2,
        text("version of the key", "密钥版本号"),
        &[("00", text("not used", "不使用"))],
    ),
    (1, text("exportability", "可导出性"), EXPORTS),
    (2, text("optional blocks", "可选块数"), &[]),
    (2, text("reserved", "保留"), &[]),
];

const VERSIONS: &[(&str, Text)] = &[
    (
        "A",
        text(
            "variant binding, TDES; deprecated",
            "变体绑定，TDES；已弃用",
        ),
    ),
    ("B", text("key derivation, TDES", "密钥派生，TDES")),
    ("C", text("variant binding, TDES", "变体绑定，TDES")),
    ("D", text("key derivation, AES", "密钥派生，AES")),
    (
        "E",
        text(
            "key derivation, AES in counter mode",
            "密钥派生，AES 计数器模式",
        ),
    ),
];

const USAGES: &[(&str, Text)] = &[
    ("B0", text("base derivation key", "基础派生密钥（BDK）")),
    ("B1", text("initial DUKPT key", "DUKPT 初始密钥")),
    ("C0", text("card verification", "卡验证（CVV）")),
    ("D0", text("data encryption", "数据加密")),
    ("E0", text("EMV: application cryptograms", "EMV：应用密文")),
    ("K0", text("key encryption or wrapping", "密钥加密")),
    ("K1", text("key block protection", "密钥块保护")),
    (
        "M1",
        text("MAC, ISO 9797-1 algorithm 1", "MAC，ISO 9797-1 算法 1"),
    ),
    (
        "M3",
        text("MAC, ISO 9797-1 algorithm 3", "MAC，ISO 9797-1 算法 3"),
    ),
    ("M6", text("MAC, CMAC", "MAC，CMAC")),
    ("M7", text("MAC, HMAC", "MAC，HMAC")),
    ("P0", text("PIN encryption", "PIN 加密")),
    (
        "V1",
        text("PIN verification, IBM 3624", "PIN 校验，IBM 3624"),
    ),
    (
        "V2",
        text("PIN verification, Visa PVV", "PIN 校验，Visa PVV"),
    ),
];

const ALGORITHMS: &[(&str, Text)] = &[
    ("A", text("AES", "AES")),
    ("D", text("DES", "DES")),
    ("H", text("HMAC", "HMAC")),
    ("R", text("RSA", "RSA")),
    ("T", text("triple DES", "3DES")),
];

const MODES: &[(&str, Text)] = &[
    ("B", text("encrypt and decrypt", "加密与解密")),
    ("C", text("generate and verify", "生成与校验")),
    ("D", text("decrypt only", "仅解密")),
    ("E", text("encrypt only", "仅加密")),
    ("G", text("generate only", "仅生成")),
    ("N", text("no restriction", "无限制")),
    ("V", text("verify only", "仅校验")),
    ("X", text("derive other keys", "派生其他密钥")),
];

const EXPORTS: &[(&str, Text)] = &[
    (
        "E",
        text(
            "under a trusted key, in a key block",
            "可在可信密钥下以密钥块导出",
        ),
    ),
    ("N", text("not exportable", "不可导出")),
    (
        "S",
        text("under any key: sensitive", "可在任何密钥下导出（敏感）"),
    ),
];

const OPTIONAL: &[(&str, Text)] = &[
    ("BI", text("BDK identifier", "BDK 标识")),
    ("CT", text("certificate", "证书")),
    ("DA", text("derivations allowed", "允许的派生")),
    ("HM", text("hash of an HMAC key", "HMAC 密钥的哈希")),
    ("IK", text("initial key identifier", "初始密钥标识")),
    ("KC", text("check value of the key", "密钥校验值")),
    (
        "KP",
        text("check value of the protection key", "保护密钥校验值"),
    ),
    ("KS", text("key serial number", "密钥序列号（KSN）")),
    ("LB", text("label", "标签")),
    ("PB", text("padding", "填充")),
    ("TC", text("time of creation", "创建时间")),
    ("TS", text("time stamp", "时间戳")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_of_a_header_is_in_one_part() {
        let parts = header("B0104B0TX12S0100KS1800604B120F9292800000BB68");
        let text: String = parts.iter().map(|part| part.text.as_str()).collect();
        assert_eq!(text, "B0104B0TX12S0100KS1800604B120F9292800000");
        let meaning = |index: usize| parts[index].meaning.map(|text| text.en);
        assert_eq!(meaning(2), Some("base derivation key"));
        assert_eq!(meaning(4), Some("derive other keys"));
        assert_eq!(meaning(9), Some("key serial number"));
        let long = header("B0000P0TE00N0100KS00020AABC");
        let last: Vec<&str> = long[9..].iter().map(|part| part.text.as_str()).collect();
        assert_eq!(last, ["KS", "00020A", "AB"]);
        assert_eq!(header("B01").len(), 1);
        assert!(header("密").is_empty());
    }
}
