//! What can be wrong with a message: one closed table of faults, said in numbers and in prose.

mod say;

pub(super) use say::bytes;

use crate::bytes::Span;
use crate::spec::{Class, Name};
use std::fmt;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Unusual; the message can still be read.
    Warning,
    /// The message breaks its dialect.
    Error,
}

/// Who said how long something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaidBy {
    /// The dialect.
    Spec,
    /// The length prefix at this byte, which reads as this number of this unit.
    Prefix {
        /// Its offset in bytes from the start of the frame.
        at: usize,
        /// What it says.
        number: u32,
        /// What it counts.
        unit: &'static str,
    },
    /// The length byte of a TLV object at this offset.
    Tlv {
        /// Its offset in bytes.
        at: usize,
        /// What it says.
        number: u32,
    },
}

/// One thing that is wrong.
///
/// The slug of [`Fault::code`] names a page of the documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "the members are named as the prose of `expected` and `found` says them"
)]
pub enum Fault {
    /// The first bit of the last bitmap announces another one, and the dialect has no more.
    BitmapBeyondDialect { blocks: u8 },
    /// The bitmap does not fit into what is left.
    BitmapTruncated { need: usize, have: usize },
    /// A bitmap character is no hex digit.
    BitmapNotHex { found: u8 },
    /// Three digits that are no currency.
    CurrencyUnknown { found: String },
    /// A month, day, hour or minute that cannot be.
    DateImplausible { found: String },
    /// A tag stands more than once where it should stand once.
    DuplicateTag { count: u16 },
    /// An answer does not repeat what it must; both values as they may be shown.
    EchoBroken { sent: String, answered: String },
    /// A bit announces a field that the dialect does not know, so nothing after it can be found.
    FieldNotInDialect { de: u16 },
    /// The message must not carry this field.
    FieldForbidden { message: Name },
    /// A length header says another number of bytes than there are.
    LengthHeader { declared: usize, present: usize },
    /// A length header is no number.
    LengthHeaderUnreadable { found: String },
    /// The frame ends inside its header.
    FrameTruncated { part: String },
    /// A length is greater than the dialect allows.
    LengthOverMaximum { len: u32, max: u32 },
    /// A length is less than the dialect allows.
    LengthUnderMinimum { len: u32, min: u32 },
    /// A length goes beyond the data.
    LengthBeyondData {
        need: usize,
        have: usize,
        said_by: SaidBy,
    },
    /// The check digit of a card number does not agree with the others.
    LuhnWrong,
    /// A MAC that should be hexadecimal text is none.
    MacNotAsciiHex { found: String },
    /// The MAC is another than a key makes; only who has the key can say so.
    MacWrong { expected: String, found: String },
    /// A field that the table calls mandatory is not there.
    MandatoryMissing { message: Name, de: u8 },
    /// The MTI is no four digits.
    MtiUnreadable { found: String },
    /// The MTI's digits name no class or function.
    MtiUnknown { found: String },
    /// A character is not allowed in a value of this class.
    NotInClass { class: Class, found: String },
    /// The spare nibble has another value than the dialect writes.
    PadNibble { expected: u8, found: u8 },
    /// A length prefix is no number.
    PrefixNotANumber { found: String },
    /// A track without the sign between card number and expiry.
    SeparatorMissing,
    /// A sub-field ends early.
    SubfieldIncomplete { need: usize, have: usize },
    /// A TLV tag runs into the end.
    TlvTagTruncated,
    /// A TLV length is malformed.
    TlvLengthMalformed { found: u8 },
    /// Bytes are left over.
    Trailing { count: usize },
    /// The field ends before it should; the dialect says how long it is.
    TruncatedField { need: usize, have: usize },
    /// A bit that the standard reserves is set; bit 8 is the highest of a byte.
    UnusedBit { byte: u8, bit: u8 },
    /// A well-formed value that contradicts what its field means.
    ValueImplausible { found: String },
}

impl Fault {
    /// The slug of this kind of fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::BitmapBeyondDialect { .. } => "bitmap-beyond-dialect",
            Self::BitmapTruncated { .. } => "bitmap-truncated",
            Self::BitmapNotHex { .. } => "bitmap-not-hex",
            Self::CurrencyUnknown { .. } => "currency-unknown",
            Self::DateImplausible { .. } => "date-implausible",
            Self::DuplicateTag { .. } => "tlv-duplicate-tag",
            Self::EchoBroken { .. } => "echo-broken",
            Self::FieldNotInDialect { .. } => "field-not-in-dialect",
            Self::FieldForbidden { .. } => "field-forbidden",
            Self::LengthHeader { .. } => "length-header-mismatch",
            Self::LengthHeaderUnreadable { .. } => "length-header-unreadable",
            Self::FrameTruncated { .. } => "frame-truncated",
            Self::LengthOverMaximum { .. } => "length-over-maximum",
            Self::LengthUnderMinimum { .. } => "length-under-minimum",
            Self::LengthBeyondData {
                said_by: SaidBy::Tlv { .. },
                ..
            } => "tlv-length-beyond-data",
            Self::LengthBeyondData { .. } => "length-beyond-data",
            Self::LuhnWrong => "luhn-wrong",
            Self::MacNotAsciiHex { .. } => "mac-not-ascii-hex",
            Self::MacWrong { .. } => "mac-wrong",
            Self::MandatoryMissing { .. } => "mandatory-missing",
            Self::MtiUnreadable { .. } => "mti-unreadable",
            Self::MtiUnknown { .. } => "mti-unknown",
            Self::NotInClass {
                class: Class::N, ..
            } => "not-a-digit",
            Self::NotInClass { .. } => "not-in-charset",
            Self::PadNibble { .. } => "pad-nibble-unexpected",
            Self::PrefixNotANumber { .. } => "prefix-not-a-number",
            Self::SeparatorMissing => "separator-missing",
            Self::SubfieldIncomplete { .. } => "subfield-incomplete",
            Self::TlvTagTruncated => "tlv-tag-truncated",
            Self::TlvLengthMalformed { .. } => "tlv-length-malformed",
            Self::Trailing { .. } => "trailing-bytes",
            Self::TruncatedField { .. } => "truncated-field",
            Self::UnusedBit { .. } => "unused-bit-set",
            Self::ValueImplausible { .. } => "value-implausible",
        }
    }

    /// How bad it is unless a caller knows better.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::SeparatorMissing | Self::UnusedBit { .. } => Severity::Info,
            Self::CurrencyUnknown { .. }
            | Self::DateImplausible { .. }
            | Self::DuplicateTag { .. }
            | Self::FieldForbidden { .. }
            | Self::LuhnWrong
            | Self::MacNotAsciiHex { .. }
            | Self::MandatoryMissing { .. }
            | Self::ValueImplausible { .. }
            | Self::PadNibble { .. }
            | Self::LengthUnderMinimum { .. }
            | Self::SubfieldIncomplete { .. }
            | Self::MtiUnknown { .. } => Severity::Warning,
            Self::NotInClass { class, .. } if !matches!(class, Class::N) => Severity::Warning,
            _ => Severity::Error,
        }
    }

    /// Whether the bytes are well formed and only what they say is doubtful.
    #[must_use]
    pub const fn is_doubt(&self) -> bool {
        matches!(
            self,
            Self::CurrencyUnknown { .. }
                | Self::DateImplausible { .. }
                | Self::DuplicateTag { .. }
                | Self::LuhnWrong
                | Self::MacNotAsciiHex { .. }
                | Self::SeparatorMissing
                | Self::UnusedBit { .. }
                | Self::ValueImplausible { .. }
        )
    }

    /// What should stand there, in a few words.
    #[must_use]
    pub fn expected(&self) -> String {
        match self {
            Self::BitmapTruncated { need, .. }
            | Self::TruncatedField { need, .. }
            | Self::SubfieldIncomplete { need, .. }
            | Self::LengthBeyondData { need, .. } => format!("{need} bytes"),
            Self::BitmapBeyondDialect { blocks: 1 } => "fields up to 64".to_owned(),
            Self::BitmapBeyondDialect { .. } => "no further bitmap".to_owned(),
            Self::BitmapNotHex { .. } => "a hex digit".to_owned(),
            Self::CurrencyUnknown { .. } => "a number of ISO 4217".to_owned(),
            Self::DateImplausible { .. } => "a date or time".to_owned(),
            Self::DuplicateTag { .. } => "each tag once".to_owned(),
            Self::EchoBroken { sent, .. } => sent.clone(),
            Self::LuhnWrong => "a check digit that agrees".to_owned(),
            Self::MacNotAsciiHex { .. } => "eight characters 0-9, A-F".to_owned(),
            Self::SeparatorMissing => "D or = behind the card number".to_owned(),
            Self::UnusedBit { .. } => "0".to_owned(),
            Self::ValueImplausible { .. } => "a value that fits the field".to_owned(),
            Self::FieldNotInDialect { .. } => "a field that the dialect defines".to_owned(),
            Self::FieldForbidden { message } => format!("no such field in {}", message.en),
            Self::LengthHeader { present, .. } => format!("{present}"),
            Self::LengthHeaderUnreadable { .. } => "a number".to_owned(),
            Self::FrameTruncated { part } => format!("the whole {part}"),
            Self::LengthOverMaximum { max, .. } => format!("at most {max}"),
            Self::LengthUnderMinimum { min, .. } => format!("at least {min}"),
            Self::MacWrong { expected, .. } => expected.clone(),
            Self::MandatoryMissing { message, de } => format!("DE{de} in {}", message.en),
            Self::MtiUnreadable { .. } => "four digits".to_owned(),
            Self::MtiUnknown { .. } => "a message type of the standard".to_owned(),
            Self::NotInClass {
                class: Class::N, ..
            } => "a digit".to_owned(),
            Self::NotInClass { class, .. } => format!("a character of class {}", class.letters()),
            Self::PadNibble { expected, .. } => format!("padding {expected:X}"),
            Self::PrefixNotANumber { .. } => "decimal digits".to_owned(),
            Self::TlvTagTruncated => "the rest of a tag".to_owned(),
            Self::TlvLengthMalformed { .. } => "a length of at most four bytes".to_owned(),
            Self::Trailing { .. } => "the end of the message".to_owned(),
        }
    }

    /// What stands there instead, in a few words.
    #[must_use]
    pub fn found(&self) -> String {
        match self {
            Self::BitmapTruncated { have, .. }
            | Self::TruncatedField { have, .. }
            | Self::SubfieldIncomplete { have, .. }
            | Self::LengthBeyondData { have, .. } => format!("{have} bytes"),
            Self::BitmapNotHex { found } | Self::TlvLengthMalformed { found } => {
                format!("{found:02X}")
            }
            Self::BitmapBeyondDialect { blocks } => format!("bitmap {}", blocks + 1),
            Self::DuplicateTag { count } => format!("{count} times"),
            Self::EchoBroken { answered, .. } => answered.clone(),
            Self::LuhnWrong => "another check digit".to_owned(),
            Self::SeparatorMissing => "neither".to_owned(),
            Self::UnusedBit { byte, bit } => format!("byte {byte}, bit {bit} set"),
            Self::FieldNotInDialect { de } => format!("DE{de}"),
            Self::FieldForbidden { .. } => "the field".to_owned(),
            Self::LengthHeader { declared, .. } => format!("{declared}"),
            Self::LengthOverMaximum { len, .. } | Self::LengthUnderMinimum { len, .. } => {
                format!("{len}")
            }
            Self::MandatoryMissing { .. } => "nothing".to_owned(),
            Self::CurrencyUnknown { found }
            | Self::DateImplausible { found }
            | Self::LengthHeaderUnreadable { found }
            | Self::MacNotAsciiHex { found }
            | Self::MacWrong { found, .. }
            | Self::ValueImplausible { found }
            | Self::MtiUnreadable { found }
            | Self::MtiUnknown { found }
            | Self::NotInClass { found, .. }
            | Self::PrefixNotANumber { found } => found.clone(),
            Self::PadNibble { found, .. } => format!("{found:X}"),
            Self::FrameTruncated { .. } | Self::TlvTagTruncated => "the end of the data".to_owned(),
            Self::Trailing { count } => format!("{count} more bytes"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LengthBeyondData {
                need,
                have,
                said_by,
            } => {
                write!(f, "need {need} bytes, have {have} ({said_by})")
            }
            Self::TruncatedField { need, have }
            | Self::SubfieldIncomplete { need, have }
            | Self::BitmapTruncated { need, have } => write!(f, "need {need} bytes, have {have}"),
            Self::LengthHeader { declared, present } => {
                write!(
                    f,
                    "the length header says {declared} bytes, {present} are there"
                )
            }
            Self::MacWrong { expected, found } => {
                write!(f, "the key makes {expected}, the message carries {found}")
            }
            other => write!(f, "expected {}, found {}", other.expected(), other.found()),
        }
    }
}

impl fmt::Display for SaidBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spec => f.write_str("the dialect says so"),
            Self::Prefix { at, number, unit } => {
                write!(f, "prefix at byte {at} says {number} {unit}")
            }
            Self::Tlv { at, number } => write!(f, "the TLV length at byte {at} says {number}"),
        }
    }
}

/// A fault at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub fault: Fault,
    /// How bad it is.
    pub severity: Severity,
    /// The field path, such as `DE55.9F10`; `frame` for what stands in front.
    pub path: String,
    /// Which bits are meant, counted from the first of the frame.
    pub span: Span,
}

impl Finding {
    /// A finding with the usual severity of its fault.
    #[must_use]
    pub fn new(fault: Fault, path: impl Into<String>, span: Span) -> Self {
        Self {
            severity: fault.severity(),
            fault,
            path: path.into(),
            span,
        }
    }

    /// The first byte that is meant, from the start of the frame.
    #[must_use]
    pub const fn offset(&self) -> usize {
        (self.span.start / 8) as usize
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}: {}", self.path, self.offset(), self.fault)
    }
}

/// Why a message was refused: the first error, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnpackError {
    /// Bytes from the start of what was given.
    pub offset: usize,
    /// The field path.
    pub path: String,
    /// What is wrong.
    pub fault: Fault,
}

impl fmt::Display for UnpackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}: {}", self.path, self.offset, self.fault)
    }
}

impl std::error::Error for UnpackError {}
