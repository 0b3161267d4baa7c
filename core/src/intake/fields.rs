//! A message that came as fields instead of bytes.

use std::ops::Range;

/// Field values by number, as somebody else's tool wrote them down.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    /// The message type, where the text gives one.
    pub mti: Option<String>,
    /// The header before the message type as upper-case hex, where the text gives one.
    pub header: Option<String>,
    /// The TPDU as upper-case hex, where the text gives one.
    pub tpdu: Option<String>,
    /// What stood in front, in the words of `--frame`, where the text says so.
    pub framing: Option<String>,
    /// Whether the text says that a length header stood in front.
    pub length: bool,
    /// The dialect the text names.
    pub dialect: Option<String>,
    /// How that dialect was bent, in the words of `--set`.
    pub set: Vec<String>,
    /// The bitmaps as hex, where the text gives them.
    pub bitmap: Option<String>,
    /// The fields in the order of the text, without message type and bitmap.
    pub entries: Vec<FieldEntry>,
}

/// One field or sub-field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldEntry {
    /// The field number, sub-field number or TLV tag (`9F10`, `9F10#2`).
    pub id: String,
    /// What it holds.
    pub value: FieldValue,
    /// Where it stands in the pasted text, in UTF-8 bytes; empty when unknown.
    pub chars: Range<usize>,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldValue {
    /// Bytes as upper-case hex, where the text says that they are bytes.
    Binary(String),
    /// Sub-fields.
    Nested(Vec<FieldEntry>),
    /// Digits or text.
    Text(String),
}

impl Fields {
    /// The top-level text or hex of field `id`.
    #[must_use]
    pub fn text(&self, id: &str) -> Option<&str> {
        let entry = self.entries.iter().find(|entry| entry.id == id)?;
        match &entry.value {
            FieldValue::Text(text) | FieldValue::Binary(text) => Some(text),
            FieldValue::Nested(_) => None,
        }
    }

    pub(super) fn remap(&mut self, place: &impl Fn(usize) -> usize) {
        remap_entries(&mut self.entries, place);
    }
}

fn remap_entries(entries: &mut [FieldEntry], place: &impl Fn(usize) -> usize) {
    for entry in entries {
        entry.chars = place(entry.chars.start)..place(entry.chars.end);
        if let FieldValue::Nested(nested) = &mut entry.value {
            remap_entries(nested, place);
        }
    }
}
