//! How a value stands on the wire, in a few words: "n ..19 · BCD · 2-digit length".

use crate::bytes::Charset;
use crate::spec::{Coding, Counts, Name, PrefixCoding, Size, Wire};

/// The format of a value in both languages.
#[must_use]
pub fn format_in_words(wire: &Wire) -> Name {
    let size = match wire.size {
        Size::Fixed(len) => format!(" {len}"),
        Size::Var { max, .. } => {
            let dots = ".".repeat(max.to_string().len());
            format!(" {dots}{max}")
        }
        Size::Rest => String::new(),
    };
    let head = format!("{}{size}", wire.class.letters());
    let (coding_en, coding_zh) = coding_in_words(wire.coding);
    let (length_en, length_zh) = length_in_words(wire);
    Name {
        en: format!("{head} · {coding_en} · {length_en}"),
        zh: format!("{head} · {coding_zh} · {length_zh}"),
    }
}

/// The name of a coding.
const fn coding_in_words(coding: Coding) -> (&'static str, &'static str) {
    match coding {
        Coding::Chars(set) => charset_in_words(set),
        Coding::HexChars(_) => ("hex digits as characters", "十六进制字符"),
        Coding::Bcd => ("packed BCD", "压缩 BCD"),
        Coding::Raw => ("binary", "二进制"),
        Coding::Zoned => ("zoned EBCDIC", "EBCDIC 区位数字"),
        Coding::SignBcd => ("sign and packed BCD", "符号加压缩 BCD"),
    }
}

/// The name of a character set.
const fn charset_in_words(set: Charset) -> (&'static str, &'static str) {
    match set {
        Charset::Ascii => ("ASCII", "ASCII"),
        Charset::Ebcdic500 => ("EBCDIC 500", "EBCDIC 500"),
        Charset::Ebcdic1047 => ("EBCDIC 1047", "EBCDIC 1047"),
        Charset::Gbk => ("GBK", "GBK"),
        Charset::Utf8 => ("UTF-8", "UTF-8"),
    }
}

/// Where the length comes from, and what it counts.
fn length_in_words(wire: &Wire) -> (String, String) {
    let Some(prefix) = wire.prefix else {
        return match wire.size {
            Size::Rest => ("to the end".into(), "至末尾".into()),
            _ => ("fixed".into(), "定长".into()),
        };
    };
    let (unit_en, unit_zh) = match wire.counts {
        Counts::Bytes => ("bytes", "字节数"),
        Counts::Digits => ("digits", "数字位数"),
        Counts::HexDigits => ("hex digits", "十六进制位数"),
    };
    let width = prefix.width;
    let (en, zh) = match prefix.coding {
        PrefixCoding::Ascii => (format!("{width} ASCII digits"), format!("{width} 位 ASCII")),
        PrefixCoding::Bcd => (format!("{width} BCD digits"), format!("{width} 位 BCD")),
        PrefixCoding::Ber => ("BER length".into(), "BER 长度".into()),
        PrefixCoding::Binary => (
            format!("{width}-byte binary"),
            format!("{width} 字节二进制"),
        ),
        PrefixCoding::Ebcdic => (
            format!("{width} EBCDIC digits"),
            format!("{width} 位 EBCDIC"),
        ),
        PrefixCoding::HexAscii => (
            format!("{width} bytes in hex"),
            format!("{width} 字节十六进制"),
        ),
    };
    (
        format!("length in {en}, counts {unit_en}"),
        format!("长度 {zh}，计{unit_zh}"),
    )
}

#[cfg(test)]
mod tests {
    use super::format_in_words;
    use crate::spec::builtin;

    #[test]
    fn formats_read_as_engineers_say_them() {
        let dialect = builtin("unionpay-pos").unwrap();
        let words = |de: u8| format_in_words(&dialect.field(de).unwrap().wire).en;
        assert_eq!(words(4), "n 12 · packed BCD · fixed");
        assert_eq!(
            words(2),
            "n ..19 · packed BCD · length in 2 BCD digits, counts digits"
        );
    }
}
