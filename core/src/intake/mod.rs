//! What people paste, turned into bytes or fields, with a map back to the characters.
//!
//! Engineers copy messages out of logs, debuggers, source code, packet captures and chats, and
//! each place writes bytes in its own way. This module reads them all and says what it
//! understood ("hexdump -C, 3 lines, 47 bytes"), so that the rest of the crate only ever sees
//! [`Content::Bytes`] or [`Content::Fields`]. It knows nothing of dialects: where a text has two
//! honest readings (digits that are hex of a BCD message, or an ASCII message themselves), both
//! are kept, the likelier first, and detection chooses.
//!
//! ```
//! use poslab_core::intake::{read_text, Content};
//!
//! let read = read_text("０８００ 2020，0000 0080").unwrap();
//! assert_eq!(read.what(), "hex bytes, 1 line, 8 bytes");
//! let Content::Bytes(octets) = &read.items[0].content else { panic!() };
//! assert_eq!(octets.bytes, [0x08, 0x00, 0x20, 0x20, 0, 0, 0, 0x80]);
//! ```

mod array;
mod base;
mod clean;
mod dump;
mod escape;
mod fields;
mod isomsg;
mod json;
mod log;
mod nibbles;
mod octets;
mod packet;
mod plain;
mod plausible;
mod say;
mod stream;

pub use fields::{FieldEntry, FieldValue, Fields};
pub use nibbles::{decode_hex, encode_hex};
pub use octets::{Octets, utf16_range};
pub use plausible::starts_like_message;
pub use say::{Form, Note, NoteCode};
pub use stream::{LineRead, LineReader};

use clean::Clean;
use std::ops::Range;

/// Everything that was understood of one paste or file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intake {
    /// The form of the whole.
    pub form: Form,
    /// Lines of text that were read, 0 for a binary file.
    pub lines: usize,
    /// The messages, in the order of the text; never empty.
    pub items: Vec<Item>,
    /// What the person should know about the reading.
    pub notes: Vec<Note>,
}

/// One message found in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// How this message was written.
    pub form: Form,
    /// The range of the pasted text it was read from, in UTF-8 bytes of that text.
    pub chars: Range<usize>,
    /// The number of the line it starts in, 1-based.
    pub line: usize,
    /// The message.
    pub content: Content,
}

/// A message as it came: bytes still to be decoded, or fields that somebody else decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Bytes of a frame.
    Bytes(Octets),
    /// Field values by number.
    Fields(Fields),
}

/// Why nothing could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// The input is empty or blank.
    Empty,
    /// There is text, but no run of it reads as a message.
    NoMessage {
        /// How many lines were looked at.
        lines: usize,
    },
}

impl std::error::Error for Unread {}

/// Reads pasted text.
///
/// # Errors
/// [`Unread`] when there is nothing in it that could be a message.
pub fn read_text(text: &str) -> Result<Intake, Unread> {
    read_marked(text).map_or_else(|| read_unmarked(text), Ok)
}

/// Whether a text may be one for [`read_marked`]; cheap to ask.
#[must_use]
pub fn may_be_marked(text: &str) -> bool {
    text.trim_start_matches(json::BLANK).starts_with(['{', '[']) || text.contains(isomsg::OPEN)
}

/// Reads a text that marks its messages itself, as JSON or as the XML of jPOS; nothing when it is
/// none. It stands alone because a program may leave these readers to another one.
#[must_use]
pub fn read_marked(text: &str) -> Option<Intake> {
    json::read(text).or_else(|| isomsg::read(text))
}

/// Reads any other text.
///
/// # Errors
/// [`Unread`] when there is nothing in it that could be a message.
pub fn read_unmarked(text: &str) -> Result<Intake, Unread> {
    if text.trim().is_empty() {
        return Err(Unread::Empty);
    }
    let clean = Clean::of(text);
    let read = dump::read(&clean)
        .or_else(|| escape::read(&clean))
        .or_else(|| array::read(&clean))
        .or_else(|| log::read_iso_text(&clean))
        .or_else(|| plain::read(&clean))
        .or_else(|| base::read(&clean))
        .or_else(|| log::read(&clean))
        .ok_or(Unread::NoMessage {
            lines: text.lines().count(),
        })?;
    Ok(clean.restore(packet::strip(read)))
}

/// Reads a file: text when it looks like text (UTF-8, UTF-16 with a mark, or Latin-1 markup),
/// otherwise the raw bytes of one message.
///
/// # Errors
/// [`Unread`] when the file is empty or its text holds no message.
pub fn read_bytes(file: &[u8]) -> Result<Intake, Unread> {
    if file.is_empty() {
        return Err(Unread::Empty);
    }
    if let Some(text) = text_of(file) {
        return read_text(&text);
    }
    let octets = Octets::unmapped(file.to_vec());
    let item = Item {
        form: Form::Binary,
        chars: 0..0,
        line: 1,
        content: Content::Bytes(octets),
    };
    Ok(packet::strip(Intake {
        form: Form::Binary,
        lines: 0,
        items: vec![item],
        notes: Vec::new(),
    }))
}

/// The text of a file, or `None` when its bytes are not text.
#[must_use]
pub fn text_of(file: &[u8]) -> Option<String> {
    if let Some(units) = utf16_units(file) {
        return Some(String::from_utf16_lossy(&units));
    }
    let odd = |b: &u8| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0b | 0x0c | 0x1b);
    if file.iter().any(odd) {
        return None;
    }
    match std::str::from_utf8(file) {
        Ok(text) => Some(text.to_owned()),
        // Old XML says ISO-8859-1, and Latin-1 maps every byte to one character.
        Err(_) if file.trim_ascii_start().starts_with(b"<") => {
            Some(file.iter().map(|&b| char::from(b)).collect())
        }
        Err(_) => None,
    }
}

fn utf16_units(file: &[u8]) -> Option<Vec<u16>> {
    let (little, rest) = match file {
        [0xff, 0xfe, rest @ ..] => (true, rest),
        [0xfe, 0xff, rest @ ..] => (false, rest),
        _ => return None,
    };
    let unit = |pair: &[u8]| match *pair {
        [a, b] if little => u16::from_le_bytes([a, b]),
        [a, b] => u16::from_be_bytes([a, b]),
        _ => 0,
    };
    Some(rest.chunks_exact(2).map(unit).collect())
}

#[cfg(test)]
mod tests;
