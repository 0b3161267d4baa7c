//! A repair as an order, in English and Chinese.

use super::{Fix, FixKind};
use crate::codec::fault::bytes;
use crate::words::Lang;

impl Fix {
    /// What to do, without a full stop.
    #[must_use]
    pub fn say(&self, lang: Lang) -> String {
        match lang {
            Lang::En => english(&self.kind),
            Lang::Zh => chinese(&self.kind),
        }
    }
}

fn english(kind: &FixKind) -> String {
    match kind {
        FixKind::LengthHeader { to } => format!("set the length header to {to}"),
        FixKind::DropTrailing { count } => format!("drop the last {}", bytes(*count)),
        FixKind::Prefix { path, to } => format!("set the length of {path} to {to}"),
        FixKind::Unannounce { de } => format!("clear bit {de} of the bitmap"),
        FixKind::Remove { de } => format!("take out DE{de}"),
        FixKind::Pad { to } => format!("set the padding to {to:X}"),
        FixKind::SwapBits => "set bit 2 of the bitmap instead of bit 1".to_owned(),
        FixKind::ReadAs { dialect, frame } => format!("read it as {dialect}, frame {frame}"),
    }
}

fn chinese(kind: &FixKind) -> String {
    match kind {
        FixKind::LengthHeader { to } => format!("把长度头改为 {to}"),
        FixKind::DropTrailing { count } => format!("去掉最后 {count} 字节"),
        FixKind::Prefix { path, to } => format!("把 {path} 的长度改为 {to}"),
        FixKind::Unannounce { de } => format!("清除位图第 {de} 位"),
        FixKind::Remove { de } => format!("去掉 DE{de}"),
        FixKind::Pad { to } => format!("把填充改为 {to:X}"),
        FixKind::SwapBits => "把位图第 1 位改置到第 2 位".to_owned(),
        FixKind::ReadAs { dialect, frame } => format!("按 {dialect}、帧 {frame} 读取"),
    }
}
