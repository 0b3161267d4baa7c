//! Response codes (F39) in words, as a terminal shows them.
//!
//! **Source**: practice (the terminal tables of shipped applications and Q/CUP 006.6-2014 as they
//! quote it). A code that stands in no row is a refusal, shown with its number.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A response code: two characters, digits or capitals.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code([u8; 2]);

impl Code {
    /// Approved.
    pub const OK: Code = Code(*b"00");
    /// Partial approval.
    pub const PARTIAL: Code = Code(*b"10");

    /// The totals do not agree: some acquirers say so, and here it refuses the end of a batch.
    pub const DISPUTED: Code = Code(*b"95");

    /// The code written as `text`, when it is two ASCII letters or digits.
    pub fn new(text: &str) -> Option<Code> {
        match text.as_bytes() {
            &[a, b] if a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric() => Some(Code([a, b])),
            _ => None,
        }
    }

    /// The code of a two-character literal.
    pub const fn lit(text: &[u8; 2]) -> Code {
        Code(*text)
    }

    /// The two characters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("??")
    }

    /// Whether the code approves (action class A).
    pub fn approves(self) -> bool {
        matches!(&self.0, b"00" | b"10" | b"11")
    }

    /// Whether the code asks the terminal to sign on again.
    pub fn wants_sign_on(self) -> bool {
        matches!(&self.0, b"77" | b"A0" | b"99")
    }

    /// English and Chinese words for the code.
    pub fn words(self) -> (&'static str, &'static str) {
        WORDS
            .iter()
            .find(|(code, _, _)| code.as_bytes() == self.0)
            .map_or(("refused", "交易失败"), |&(_, en, zh)| (en, zh))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Code::new(&text)
            .ok_or_else(|| serde::de::Error::custom("a response code has two characters"))
    }
}

const WORDS: [(&str, &str, &str); 49] = [
    ("00", "approved", "交易成功"),
    ("01", "refer to the issuer", "请持卡人与发卡银行联系"),
    ("03", "invalid merchant", "无效商户"),
    ("04", "pick up the card", "没收卡"),
    ("05", "do not honour", "持卡人认证失败"),
    ("06", "error", "错误"),
    ("10", "partial approval", "部分批准"),
    ("11", "approved (VIP)", "成功，VIP 客户"),
    ("12", "invalid related transaction", "无效的关联交易"),
    ("13", "invalid amount", "无效金额"),
    ("14", "invalid card number", "无效卡号"),
    ("15", "no such issuer", "此卡无对应发卡方"),
    ("21", "card not initialised", "卡未初始化"),
    (
        "22",
        "wrong operation, or too late",
        "操作有误，或超出交易允许天数",
    ),
    (
        "25",
        "original transaction not found",
        "没有原始交易，请联系发卡方",
    ),
    ("30", "format error", "报文格式错误，请重试"),
    ("34", "suspected fraud", "作弊卡，吞卡"),
    (
        "38",
        "PIN tries exceeded, retain the card",
        "密码错误次数超限，请与发卡方联系",
    ),
    ("40", "not supported by the issuer", "发卡方不支持的交易"),
    ("41", "lost card", "挂失卡，请没收"),
    ("43", "stolen card", "被窃卡，请没收"),
    ("45", "use the chip", "请使用芯片交易"),
    ("51", "insufficient funds", "可用余额不足"),
    ("54", "expired card", "该卡已过期"),
    ("55", "wrong PIN", "密码错"),
    ("57", "not permitted to this card", "不允许此卡交易"),
    (
        "58",
        "not permitted to this terminal",
        "发卡方不允许该卡在本终端进行此交易",
    ),
    ("59", "card check failed", "卡片校验错"),
    ("61", "amount limit exceeded", "交易金额超限"),
    ("62", "restricted card", "受限制的卡"),
    (
        "64",
        "amount does not match the original",
        "交易金额与原交易不匹配",
    ),
    ("65", "too many uses", "超出消费次数限制"),
    ("68", "issuer answered too late", "交易超时，请重试"),
    ("75", "PIN tries exceeded", "密码错误次数超限"),
    ("76", "no such account", "账户不存在"),
    (
        "77",
        "batch mismatch, sign on again",
        "批次号不一致，请重新签到",
    ),
    ("90", "cut-over in progress", "系统日切，请稍后重试"),
    ("91", "issuer unavailable", "发卡方状态不正常，请稍后重试"),
    ("92", "no route or line down", "发卡方线路异常，请稍后重试"),
    ("94", "duplicate transaction", "拒绝，重复交易，请稍后重试"),
    ("95", "totals do not agree", "对账不平，请重新结算"),
    ("96", "switch malfunction", "交换中心异常，请稍后重试"),
    ("97", "terminal not registered", "终端未登记"),
    ("98", "no answer from the issuer", "发卡方超时"),
    (
        "99",
        "PIN format error, sign on again",
        "PIN 格式错，请重新签到",
    ),
    (
        "A0",
        "MAC check failed, sign on again",
        "MAC 校验错，请重新签到",
    ),
    (
        "A2",
        "approved, ask the issuer",
        "有缺陷的成功，请向发卡方确认",
    ),
    ("A4", "approved with faults", "有缺陷的成功"),
    ("A7", "keys out of step", "安全处理失败"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted_and_found() {
        assert!(WORDS.windows(2).all(|w| w[0].0 < w[1].0));
        assert_eq!(Code::lit(b"55").words().1, "密码错");
        assert_eq!(Code::new("5"), None);
        assert_eq!(
            Code::new("Z9").map(Code::words),
            Some(("refused", "交易失败"))
        );
    }
}
