//! Text with its typographic accidents removed: full-width digits, Chinese punctuation,
//! no-break and zero-width spaces, curly quotes.

use super::{Content, Intake};
use std::borrow::Cow;
use std::ops::Range;

/// Cleaned text that still knows where each of its bytes stood.
pub(super) struct Clean<'a> {
    pub text: Cow<'a, str>,
    /// The original offset of each byte of `text`, and of its end; empty when nothing moved.
    origin: Vec<u32>,
}

impl<'a> Clean<'a> {
    /// Cleans `text`. Plain ASCII is borrowed as it is.
    pub fn of(text: &'a str) -> Self {
        if text.is_ascii() {
            return Self {
                text: Cow::Borrowed(text),
                origin: Vec::new(),
            };
        }
        let mut cleaned = String::with_capacity(text.len());
        let mut origin = Vec::with_capacity(text.len() + 1);
        for (at, c) in text.char_indices() {
            if let Some(c) = replacement(c) {
                cleaned.push(c);
                origin.resize(cleaned.len(), u32::try_from(at).unwrap_or(u32::MAX));
            }
        }
        origin.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
        Self {
            text: Cow::Owned(cleaned),
            origin,
        }
    }

    /// Lines with the offset of their first byte, without line ends.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut start = 0;
        self.text.split_inclusive('\n').map(move |line| {
            let at = start;
            start += line.len();
            (at, line.trim_end_matches(['\n', '\r']))
        })
    }

    /// The 1-based number of the line that holds `offset`.
    pub fn line_number(&self, offset: usize) -> usize {
        let head = self.text.as_bytes().get(..offset).unwrap_or_default();
        1 + head.iter().filter(|&&b| b == b'\n').count()
    }

    /// Gives every range of `read` back in terms of the original text.
    pub fn restore(&self, mut read: Intake) -> Intake {
        if self.origin.is_empty() {
            return read;
        }
        let place = |offset: usize| {
            self.origin
                .get(offset)
                .or(self.origin.last())
                .map_or(offset, |&o| o as usize)
        };
        let range = |r: &Range<usize>| place(r.start)..place(r.end);
        for item in &mut read.items {
            item.chars = range(&item.chars);
            match &mut item.content {
                Content::Bytes(octets) => octets.remap(&place),
                Content::Fields(fields) => fields.remap(&place),
            }
        }
        for note in &mut read.notes {
            note.chars = range(&note.chars);
        }
        read
    }
}

/// The plain character for a typographic one; `None` for characters without width.
fn replacement(c: char) -> Option<char> {
    Some(match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            ' '
        }
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => return None,
        '\u{2028}' | '\u{2029}' | '\u{85}' => '\n',
        '、' => ',',
        '。' => '.',
        '‘' | '’' | '′' => '\'',
        '“' | '”' | '″' => '"',
        '【' | '〔' => '[',
        '】' | '〕' => ']',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2500}' | '\u{2502}' => '|',
        _ => c,
    })
}
