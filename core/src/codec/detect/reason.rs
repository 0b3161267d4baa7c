//! Why a reading is likely, in words of both languages.

use crate::spec::Change;

/// One reason for or against a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "the members are named as the sentences say them"
)]
pub enum Reason {
    /// A message type and bitmap stand where this reading looks.
    Mti { mti: String, fields: usize },
    /// The length header is right.
    LengthExact { declared: usize },
    /// The length header is wrong.
    LengthWrong { declared: usize, present: usize },
    /// A TPDU.
    Tpdu { hex: String },
    /// An application header.
    Header { hex: String, known: bool },
    /// Everything was read.
    FieldsFit { good: usize, total: usize },
    /// Reading stopped.
    Stopped { path: String, offset: usize },
    /// Values of dates, cards, currencies look right.
    Plausible { good: usize, total: usize },
    /// The first value that does not look right.
    Implausible { path: String, value: String },
    /// The frame is the one that the dialect usually has.
    UsualFrame,
    /// The dialect knows this message.
    Known { message: String },
    /// The dialect was bent.
    Bent(Change),
}

impl Reason {
    /// The reason in English.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Mti { mti, fields } => format!("MTI {mti}, bitmap announces {fields} fields"),
            Self::LengthExact { declared } => {
                format!("length header says {declared}, as many follow")
            }
            Self::LengthWrong { declared, present } => {
                format!("length header says {declared}, {present} follow")
            }
            Self::Tpdu { hex } => format!("TPDU {hex}"),
            Self::Header { hex, known: true } => format!("header {hex}"),
            Self::Header { hex, known: false } => format!("unknown header {hex}"),
            Self::FieldsFit { good, total } => format!("{good}/{total} fields fit"),
            Self::Stopped { path, offset } => format!("stops at {path}, byte {offset}"),
            Self::Plausible { good, total } => format!("{good}/{total} values plausible"),
            Self::Implausible { path, value } => format!("{path} = {value} is implausible"),
            Self::UsualFrame => "usual frame of the dialect".into(),
            Self::Known { message } => format!("message known: {message}"),
            Self::Bent(Change::RawBitmap) => "with a bitmap of raw bytes".into(),
            Self::Bent(Change::WideBitmap) => "with one bitmap of 128 bits, always there".into(),
            Self::Bent(change) => format!("with {change}"),
        }
    }

    /// The reason in Chinese.
    #[must_use]
    pub fn text_zh(&self) -> String {
        match self {
            Self::Mti { mti, fields } => format!("消息类型 {mti}，位图含 {fields} 个域"),
            Self::LengthExact { declared } => format!("长度头 {declared}，与实际一致"),
            Self::LengthWrong { declared, present } => format!("长度头 {declared}，实际 {present}"),
            Self::Tpdu { hex } => format!("TPDU {hex}"),
            Self::Header { hex, known: true } => format!("报文头 {hex}"),
            Self::Header { hex, known: false } => format!("未知报文头 {hex}"),
            Self::FieldsFit { good, total } => format!("{good}/{total} 个域符合"),
            Self::Stopped { path, offset } => format!("在 {path}（第 {offset} 字节）中断"),
            Self::Plausible { good, total } => format!("{good}/{total} 个值合理"),
            Self::Implausible { path, value } => format!("{path} = {value} 不合理"),
            Self::UsualFrame => "该方言常用的帧结构".into(),
            Self::Known { message } => format!("已知报文：{message}"),
            Self::Bent(Change::RawBitmap) => "位图为原始字节".into(),
            Self::Bent(Change::WideBitmap) => "固定 128 位位图".into(),
            Self::Bent(change) => format!("按 {change}"),
        }
    }
}
