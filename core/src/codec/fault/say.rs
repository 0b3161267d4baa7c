//! A finding as a sentence, in English and Chinese, and what to look at next.
//!
//! Apart from the faults, so that what is wrong and how it is said can change alone. The sentence
//! names the place, both numbers and what set them; the hint comes from `words/hints.tsv`.

use super::{Fault, Finding, SaidBy};
use crate::spec::{Class, Name};
use crate::words::{Lang, hint};

impl Finding {
    /// The finding as a sentence without its full stop.
    #[must_use]
    pub fn say(&self, lang: Lang) -> String {
        let path = self.path.as_str();
        let said = match lang {
            Lang::En => english(&self.fault, path, self.offset()),
            Lang::Zh => chinese(&self.fault, path, self.offset()),
        };
        match (said, lang) {
            (Some(said), _) => said,
            (None, Lang::En) => format!(
                "{path}: expected {}, found {}, at offset 0x{:02X}",
                self.fault.expected(),
                self.fault.found(),
                self.offset()
            ),
            (None, Lang::Zh) => {
                let (title, found) = (chinese_title(&self.fault), self.fault.found());
                format!("{path}{title}（{found}），偏移 0x{:02X}", self.offset())
            }
        }
    }

    /// What to look at next.
    #[must_use]
    pub fn hint(&self, lang: Lang) -> &'static str {
        hint(self.fault.code(), lang)
    }
}

/// A number of bytes, in English.
pub(in crate::codec) fn bytes(count: usize) -> String {
    format!("{count} byte{}", if count == 1 { "" } else { "s" })
}

/// The sentences that say more than what was expected and what was found.
fn english(fault: &Fault, path: &str, at: usize) -> Option<String> {
    Some(match fault {
        Fault::LengthBeyondData {
            need,
            have,
            said_by,
        } => {
            let verb = if *have == 1 { "remains" } else { "remain" };
            let left = format!("only {} {verb}, at offset 0x{at:02X}", bytes(*have));
            match said_by {
                SaidBy::Prefix { number, unit, .. } if *unit != "bytes" => {
                    format!(
                        "{path} length says {number} {unit} ({}); {left}",
                        bytes(*need)
                    )
                }
                SaidBy::Prefix { .. } | SaidBy::Tlv { .. } => {
                    format!("{path} length says {}; {left}", bytes(*need))
                }
                SaidBy::Spec => format!("{path} takes {}; {left}", bytes(*need)),
            }
        }
        Fault::TruncatedField { need, have: 0 }
        | Fault::SubfieldIncomplete { need, have: 0 }
        | Fault::BitmapTruncated { need, have: 0 } => format!(
            "{path} takes {}; the data ends before it, at offset 0x{at:02X}",
            bytes(*need)
        ),
        Fault::TruncatedField { need, have }
        | Fault::SubfieldIncomplete { need, have }
        | Fault::BitmapTruncated { need, have } => format!(
            "{path} takes {}; only {} there, at offset 0x{at:02X}",
            bytes(*need),
            if *have == 1 {
                "1 byte is".to_owned()
            } else {
                format!("{have} bytes are")
            },
        ),
        Fault::LengthHeader { declared, present } => format!(
            "the length header says {}, but {present} follow",
            bytes(*declared)
        ),
        Fault::Trailing { count } => format!(
            "{} behind the last field, at offset 0x{at:02X}",
            if *count == 1 {
                "1 byte is left over".to_owned()
            } else {
                format!("{count} bytes are left over")
            },
        ),
        _ => return english_content(fault, path, at),
    })
}

/// Those about what stands there rather than how long it is.
fn english_content(fault: &Fault, path: &str, at: usize) -> Option<String> {
    Some(match fault {
        Fault::FieldNotInDialect { de } => format!(
            "the bitmap announces DE{de}, which the dialect does not define; nothing behind offset \
             0x{at:02X} can be found"
        ),
        Fault::BitmapBeyondDialect { blocks } => format!(
            "the first bit announces bitmap {}, and the dialect has {blocks}",
            blocks + 1
        ),
        Fault::MandatoryMissing { message, .. } => format!("{} lacks {path}", message.en),
        Fault::FieldForbidden { message } => format!("{} must not carry {path}", message.en),
        Fault::NotInClass {
            class: Class::Xn,
            found,
        } => format!(
            "{path} begins with C or D for its sign; {found} stands there, at offset 0x{at:02X}"
        ),
        Fault::NotInClass {
            class: Class::N,
            found,
        } => format!("{path} takes digits; {found} stands at offset 0x{at:02X}"),
        Fault::NotInClass { class, found } => format!(
            "{path} takes characters of class {}; {found} stands at offset 0x{at:02X}",
            class.letters()
        ),
        Fault::MtiUnknown { found } => format!("message type {found} is none of the standard's"),
        Fault::CurrencyUnknown { found } => format!("{path} = {found} is no currency of ISO 4217"),
        Fault::DateImplausible { found } => format!("{path} = {found} is no date or time"),
        Fault::LuhnWrong => {
            format!("the check digit of {path} does not agree with its other digits")
        }
        Fault::SeparatorMissing => {
            format!("{path} holds neither D nor =, so the card number has no end")
        }
        Fault::DuplicateTag { count } => format!("{path} stands {count} times"),
        Fault::EchoBroken { sent, answered } => {
            format!("the answer must repeat {path}: sent {sent}, answered {answered}")
        }
        Fault::MacWrong { expected, found } => {
            format!("{path} holds {found}; with this key the MAC is {expected}")
        }
        Fault::UnusedBit { byte, bit } => {
            format!("{path} has bit {bit} of byte {byte} set, which is reserved")
        }
        Fault::ValueImplausible { found } => {
            format!("{path} = {found} does not look like its field")
        }
        _ => return None,
    })
}

/// The same in Chinese.
fn chinese(fault: &Fault, path: &str, at: usize) -> Option<String> {
    Some(match fault {
        Fault::LengthBeyondData {
            need,
            have,
            said_by,
        } => {
            let left = format!("偏移 0x{at:02X} 处只剩 {have} 字节");
            match said_by {
                SaidBy::Prefix { number, unit, .. } if *unit != "bytes" => {
                    let kind = if *unit == "digits" {
                        ""
                    } else {
                        "十六进制"
                    };
                    format!("{path} 的长度为 {number} 位{kind}（{need} 字节），{left}")
                }
                SaidBy::Prefix { .. } | SaidBy::Tlv { .. } => {
                    format!("{path} 的长度为 {need} 字节，{left}")
                }
                SaidBy::Spec => format!("{path} 需要 {need} 字节，{left}"),
            }
        }
        Fault::TruncatedField { need, have: 0 }
        | Fault::SubfieldIncomplete { need, have: 0 }
        | Fault::BitmapTruncated { need, have: 0 } => {
            format!("{path} 需要 {need} 字节，数据在它之前已结束（偏移 0x{at:02X}）")
        }
        Fault::TruncatedField { need, have }
        | Fault::SubfieldIncomplete { need, have }
        | Fault::BitmapTruncated { need, have } => {
            format!("{path} 需要 {need} 字节，偏移 0x{at:02X} 处只有 {have} 字节")
        }
        Fault::LengthHeader { declared, present } => {
            format!("长度头为 {declared} 字节，其后实际有 {present} 字节")
        }
        Fault::Trailing { count } => {
            format!("最后一个域之后多出 {count} 字节，偏移 0x{at:02X}")
        }
        _ => return chinese_content(fault, path, at),
    })
}

/// Those about what stands there, in Chinese.
fn chinese_content(fault: &Fault, path: &str, at: usize) -> Option<String> {
    Some(match fault {
        Fault::FieldNotInDialect { de } => {
            format!("位图含 DE{de}，而方言没有定义它；偏移 0x{at:02X} 之后无法解析")
        }
        Fault::BitmapBeyondDialect { blocks } => {
            format!("首位声明了第 {} 位图，而方言只有 {blocks} 个", blocks + 1)
        }
        Fault::MandatoryMissing { message, .. } => format!("{} 缺少 {path}", zh(message)),
        Fault::FieldForbidden { message } => format!("{} 不应含 {path}", zh(message)),
        Fault::NotInClass {
            class: Class::Xn,
            found,
        } => format!("{path} 应以正负号 C 或 D 开头，偏移 0x{at:02X} 处却是 {found}"),
        Fault::NotInClass {
            class: Class::N,
            found,
        } => format!("{path} 应为数字，偏移 0x{at:02X} 处却是 {found}"),
        Fault::NotInClass { class, found } => format!(
            "{path} 应为 {} 类字符，偏移 0x{at:02X} 处却是 {found}",
            class.letters()
        ),
        Fault::MtiUnknown { found } => format!("消息类型 {found} 不在标准之内"),
        Fault::CurrencyUnknown { found } => format!("{path} = {found} 不是 ISO 4217 货币代码"),
        Fault::DateImplausible { found } => format!("{path} = {found} 不是日期或时间"),
        Fault::LuhnWrong => format!("{path} 的校验位与其余数字不符"),
        Fault::SeparatorMissing => format!("{path} 中没有 D 或 =，无法确定卡号在何处结束"),
        Fault::DuplicateTag { count } => format!("{path} 出现了 {count} 次"),
        Fault::EchoBroken { sent, answered } => {
            format!("应答须回带 {path}：请求为 {sent}，应答为 {answered}")
        }
        Fault::MacWrong { expected, found } => {
            format!("{path} 为 {found}，按此密钥计算的 MAC 为 {expected}")
        }
        Fault::UnusedBit { byte, bit } => {
            format!("{path} 第 {byte} 字节的第 {bit} 位为保留位，却被置 1")
        }
        Fault::ValueImplausible { found } => format!("{path} = {found} 与该域的含义不符"),
        _ => return None,
    })
}

/// A message's name in Chinese where the dialect has one.
fn zh(name: &Name) -> &str {
    if name.zh.is_empty() {
        &name.en
    } else {
        &name.zh
    }
}

/// The faults that are said by their title and what was found.
const fn chinese_title(fault: &Fault) -> &'static str {
    match fault {
        Fault::BitmapNotHex { .. } => " 含非十六进制字符",
        Fault::LengthHeaderUnreadable { .. } => " 不是数字",
        Fault::FrameTruncated { .. } => " 在报文头中结束",
        Fault::LengthOverMaximum { .. } => " 的长度超过上限",
        Fault::LengthUnderMinimum { .. } => " 的长度低于下限",
        Fault::MacNotAsciiHex { .. } => " 不是十六进制字符形式的 MAC",
        Fault::MtiUnreadable { .. } => " 不是四位数字",
        Fault::PadNibble { .. } => " 的填充半字节有误",
        Fault::PrefixNotANumber { .. } => " 的长度前缀不是数字",
        Fault::TlvTagTruncated => " 的标签不完整",
        Fault::TlvLengthMalformed { .. } => " 的 TLV 长度有误",
        _ => " 有误",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::Span;

    #[test]
    fn a_length_beyond_the_data_names_digits_bytes_and_place() {
        let said_by = SaidBy::Prefix {
            at: 0x53,
            number: 37,
            unit: "digits",
        };
        let fault = Fault::LengthBeyondData {
            need: 19,
            have: 14,
            said_by,
        };
        let finding = Finding::new(fault, "DE35", Span::bytes(0x53..0x54));
        assert_eq!(
            finding.say(Lang::En),
            "DE35 length says 37 digits (19 bytes); only 14 bytes remain, at offset 0x53"
        );
        assert_eq!(
            finding.say(Lang::Zh),
            "DE35 的长度为 37 位（19 字节），偏移 0x53 处只剩 14 字节"
        );
    }
}
