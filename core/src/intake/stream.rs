//! Logs without end: one line in, at most one message out, constant memory.
//!
//! A line of nothing but hex digits takes a path without allocation; every other line is read
//! like a pasted one. No places are kept: a stream has no text to mark.

use super::{Content, decode_hex, fields::Fields, isomsg, json, log};

/// What a line held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineRead {
    /// A message; its bytes are in [`LineReader::bytes`].
    Bytes,
    /// Fields.
    Fields(Fields),
    /// No message.
    Nothing,
}

/// Reads lines and keeps one buffer between them.
#[derive(Debug, Default)]
pub struct LineReader {
    bytes: Vec<u8>,
}

impl LineReader {
    /// A reader with an empty buffer.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads one line; a line end may be part of it.
    pub fn read(&mut self, line: &[u8]) -> LineRead {
        self.bytes.clear();
        let line = line.trim_ascii();
        if decode_hex(line, &mut self.bytes).is_ok() {
            return if line.is_empty() {
                LineRead::Nothing
            } else {
                LineRead::Bytes
            };
        }
        let text = String::from_utf8_lossy(line);
        let structured = json::read(&text).or_else(|| isomsg::read(&text));
        match structured
            .and_then(|read| read.items.into_iter().next())
            .map(|item| item.content)
        {
            Some(Content::Fields(fields)) => LineRead::Fields(fields),
            Some(Content::Bytes(octets)) => {
                self.bytes = octets.bytes;
                LineRead::Bytes
            }
            None if log::line_bytes(&text, &mut self.bytes) => LineRead::Bytes,
            None => LineRead::Nothing,
        }
    }

    /// The bytes of the message read last.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}
