//! One line of a traffic log: when, which way, which bytes; and the control characters' names.

use super::Millis;

/// Which way bytes went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// From the host to the pad.
    ToPad,
    /// From the pad to the host.
    FromPad,
}

impl Direction {
    /// The name in logs: `to-pad`, `from-pad`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ToPad => "to-pad",
            Self::FromPad => "from-pad",
        }
    }

    /// An arrow for a person.
    #[must_use]
    pub const fn arrow(self) -> char {
        match self {
            Self::ToPad => '→',
            Self::FromPad => '←',
        }
    }
}

/// Bytes that went over a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// When the first of them did.
    pub at_ms: Millis,
    /// Which way.
    pub direction: Direction,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Record {
    /// The record as one line of JSON.
    ///
    /// ```
    /// use poslab_core::pad::traffic::{Direction, Record};
    /// let record = Record { at_ms: 12, direction: Direction::ToPad, bytes: vec![0x18] };
    /// let line = record.to_json();
    /// assert_eq!(line, r#"{"at_ms":12,"direction":"to-pad","hex":"18"}"#);
    /// assert_eq!(Record::from_json(&line), Some(record));
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        let hex = hex::encode_upper(&self.bytes);
        let direction = self.direction.name();
        format!(
            r#"{{"at_ms":{},"direction":"{direction}","hex":"{hex}"}}"#,
            self.at_ms
        )
    }

    /// Reads a line that [`to_json`](Self::to_json) wrote; further members are ignored.
    #[must_use]
    pub fn from_json(line: &str) -> Option<Self> {
        let value: serde_json::Value = serde_json::from_str(line).ok()?;
        let direction = match value.get("direction")?.as_str()? {
            "to-pad" => Direction::ToPad,
            "from-pad" => Direction::FromPad,
            _ => return None,
        };
        let bytes = hex::decode(value.get("hex")?.as_str()?).ok()?;
        Some(Self {
            at_ms: value.get("at_ms")?.as_u64()?,
            direction,
            bytes,
        })
    }
}

/// The name of a control character, from NUL to US, and DEL.
#[must_use]
pub fn control_name(byte: u8) -> Option<&'static str> {
    if byte == 0x7F {
        return Some("DEL");
    }
    NAMES.get(usize::from(byte)).copied()
}

/// Bytes as text, with control characters by their names in angle brackets.
#[must_use]
pub fn readable(bytes: &[u8]) -> String {
    let one = |byte: &u8| match (control_name(*byte), byte) {
        (Some(name), _) => format!("<{name}>"),
        (None, 0x20..=0x7E) => char::from(*byte).to_string(),
        (None, _) => format!("<{byte:02X}>"),
    };
    bytes.iter().map(one).collect()
}

const NAMES: [&str; 32] = [
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR",
    "SO", "SI", "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC",
    "FS", "GS", "RS", "US",
];
