//! A cause as a sentence, in English and Chinese.

use super::{Cause, CauseKind};
use crate::codec::fault::bytes;
use crate::words::{Lang, hint};

impl Cause {
    fn english(&self) -> String {
        let path = &self.path;
        match &self.kind {
            CauseKind::DoubleEncoded { ebcdic } => {
                let set = if *ebcdic { "EBCDIC" } else { "ASCII" };
                format!("characters here are hex text of {set} digits: the input was encoded twice")
            }
            CauseKind::WhitespaceCollapsed => {
                "fixed text comes up short and the text has no double \
                spaces: the paste probably lost repeated spaces"
                    .into()
            }
            CauseKind::BitmapBitsSwapped => {
                "bit 1 announces a second bitmap, but a card number with \
                its length stands there: bits 1 and 2 are probably swapped"
                    .into()
            }
            CauseKind::Shifted {
                by,
                later,
                hex_digits,
            } => {
                let count = match (*by, *hex_digits) {
                    (by, false) => bytes(by),
                    (1, true) => "1 hex digit".to_owned(),
                    (by, true) => format!("{by} hex digits"),
                };
                let (place, what) = side(*later);
                format!(
                    "a second track with its length stands {count} {place} than {path} is read: \
                     as much is {what} before it"
                )
            }
            CauseKind::TruncatedPaste { declared, present } => format!(
                "the length header says {declared} bytes and {present} are there: the end is missing"
            ),
            CauseKind::LengthHeaderWrong { declared, present } => format!(
                "the message is complete with {present} bytes; only the length header, which says \
                 {declared}, is wrong"
            ),
            CauseKind::MoreBehind { declared, present } => format!(
                "{} more bytes than the length header says: a second message, a MAC, or a checksum",
                present.saturating_sub(*declared)
            ),
            CauseKind::OtherReading { dialect, frame } => {
                format!("read as {dialect} with the frame {frame}, everything fits")
            }
            CauseKind::UnknownHeader { bytes } => {
                format!("the first {bytes} bytes are taken for a header of unknown make")
            }
            CauseKind::MacMissing { de } => format!(
                "DE{de} is announced and the data ends before it: this is probably what a MAC is \
                 computed over, not what was sent"
            ),
            CauseKind::FirstImplausible => {
                format!(
                    "{path} is the first value that does not look right: the mistake is there or before"
                )
            }
        }
    }

    fn chinese(&self) -> String {
        let path = &self.path;
        match &self.kind {
            CauseKind::DoubleEncoded { ebcdic } => {
                let set = if *ebcdic { "EBCDIC" } else { "ASCII" };
                format!("此处字符是 {set} 数字的十六进制文本：输入被编码了两次")
            }
            CauseKind::WhitespaceCollapsed => {
                "定长文本不足，且文本中没有连续空格：粘贴时可能合并了空格".into()
            }
            CauseKind::BitmapBitsSwapped => {
                "第 1 位声明了第二位图，但该处是带长度的卡号：第 1、2 位可能写反".into()
            }
            CauseKind::Shifted {
                by,
                later,
                hex_digits,
            } => {
                let unit = if *hex_digits {
                    "个十六进制数字"
                } else {
                    "字节"
                };
                let (place, what) = if *later {
                    ("后", "多")
                } else {
                    ("前", "少")
                };
                format!("带长度的二磁道在 {path} 读取处之{place} {by} {unit}：前面{what}了同样多")
            }
            CauseKind::TruncatedPaste { declared, present } => {
                format!("长度头为 {declared} 字节，实际 {present} 字节：尾部缺失")
            }
            CauseKind::LengthHeaderWrong { declared, present } => {
                format!("报文完整，共 {present} 字节；只有长度头（{declared}）有误")
            }
            CauseKind::MoreBehind { declared, present } => {
                format!(
                    "比长度头多 {} 字节：另一条报文、MAC 或校验",
                    present.saturating_sub(*declared)
                )
            }
            CauseKind::OtherReading { dialect, frame } => {
                format!("按 {dialect}、帧 {frame} 解析则全部符合")
            }
            CauseKind::UnknownHeader { bytes } => format!("前 {bytes} 字节按未知报文头处理"),
            CauseKind::MacMissing { de } => {
                format!("位图含 DE{de} 而数据在它之前结束：这多半是 MAC 的输入，而不是线路上的报文")
            }
            CauseKind::FirstImplausible => format!("{path} 是第一个不合理的值：错误在此处或之前"),
        }
    }

    /// The cause as a sentence without its full stop.
    #[must_use]
    pub fn say(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.english(),
            Lang::Zh => self.chinese(),
        }
    }

    /// What to look at next.
    #[must_use]
    pub fn hint(&self, lang: Lang) -> &'static str {
        hint(self.kind.code(), lang)
    }

    /// What should be there, in a few words.
    #[must_use]
    pub fn expected(&self) -> String {
        match &self.kind {
            CauseKind::DoubleEncoded { .. } => "bytes written as text once".to_owned(),
            CauseKind::WhitespaceCollapsed => "the spaces of the original".to_owned(),
            CauseKind::BitmapBitsSwapped => "bit 2 for a card number".to_owned(),
            CauseKind::Shifted { .. } => format!("{} here", self.path),
            CauseKind::TruncatedPaste { declared, .. } | CauseKind::MoreBehind { declared, .. } => {
                bytes(*declared)
            }
            CauseKind::LengthHeaderWrong { present, .. } => format!("{present}"),
            CauseKind::OtherReading { dialect, frame } => format!("{dialect}, frame {frame}"),
            CauseKind::UnknownHeader { .. } => "a known header".to_owned(),
            CauseKind::MacMissing { de } => format!("DE{de}"),
            CauseKind::FirstImplausible => "a value that fits the field".to_owned(),
        }
    }

    /// What is there instead, in a few words.
    #[must_use]
    pub fn found(&self) -> String {
        match &self.kind {
            CauseKind::DoubleEncoded { .. } => "text of text".to_owned(),
            CauseKind::WhitespaceCollapsed => "single spaces".to_owned(),
            CauseKind::BitmapBitsSwapped => "bit 1".to_owned(),
            CauseKind::Shifted { later, .. } => format!("it is read {}", side(!*later).0),
            CauseKind::TruncatedPaste { present, .. } | CauseKind::MoreBehind { present, .. } => {
                bytes(*present)
            }
            CauseKind::LengthHeaderWrong { declared, .. } => format!("{declared}"),
            CauseKind::OtherReading { .. } => "a reading that stops".to_owned(),
            CauseKind::UnknownHeader { bytes: count } => bytes(*count),
            CauseKind::MacMissing { .. } => "the end of the data".to_owned(),
            CauseKind::FirstImplausible => "another".to_owned(),
        }
    }
}

/// Where something stands beside where it is read, and what that says of what is before it.
const fn side(later: bool) -> (&'static str, &'static str) {
    if later {
        ("later", "too much")
    } else {
        ("earlier", "missing")
    }
}
