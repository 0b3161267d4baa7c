//! Bytes that remember which characters they were read from.

use std::ops::Range;

/// Bytes of a message and, for each of them, the characters it came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Octets {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Other honest readings of the same characters, likeliest first.
    pub alternatives: Vec<Octets>,
    /// The text was hex of hex: two layers were removed.
    pub double_encoded: bool,
    map: Vec<Range<u32>>,
}

impl Octets {
    /// Bytes that did not come from text.
    #[must_use]
    pub fn unmapped(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            ..Self::default()
        }
    }

    /// The characters that bytes `bytes` were read from, in UTF-8 bytes of the pasted text;
    /// the place behind the last one for bytes that are missing there; `None` when they did not
    /// come from text.
    #[must_use]
    pub fn chars(&self, bytes: Range<usize>) -> Option<Range<usize>> {
        let end = self.map.last()?.end as usize;
        let Some(first) = self.map.get(bytes.start) else {
            return Some(end..end);
        };
        let last = self.map.get(bytes.end.max(bytes.start + 1) - 1);
        Some(first.start as usize..last.map_or(end, |last| last.end as usize))
    }

    pub(super) fn push(&mut self, byte: u8, chars: Range<usize>) {
        self.bytes.push(byte);
        self.map.push(narrow(chars.start)..narrow(chars.end));
    }

    pub(super) fn extend(&mut self, other: Octets) {
        self.bytes.extend(other.bytes);
        self.map.extend(other.map);
    }

    pub(super) fn truncate(&mut self, count: usize) {
        self.bytes.truncate(count);
        self.map.truncate(count);
    }

    /// The same bytes without those outside `range`.
    pub(super) fn cut(&mut self, range: Range<usize>) {
        self.truncate(range.end);
        self.bytes.drain(..range.start.min(self.bytes.len()));
        self.map.drain(..range.start.min(self.map.len()));
    }

    /// Pairs up bytes that are hex digits themselves; `None` when one is not.
    pub(super) fn paired(&self, digit: impl Fn(u8) -> Option<u8>) -> Option<Octets> {
        let mut out = Octets {
            double_encoded: true,
            ..Octets::default()
        };
        for (index, pair) in self.bytes.chunks_exact(2).enumerate() {
            let [high, low] = *pair else { return None };
            let chars = self.chars(index * 2..index * 2 + 2).unwrap_or(0..0);
            out.push(digit(high)? << 4 | digit(low)?, chars);
        }
        self.bytes.len().is_multiple_of(2).then_some(out)
    }

    /// Moves every range through `place`.
    pub(super) fn remap(&mut self, place: &impl Fn(usize) -> usize) {
        for range in &mut self.map {
            *range = narrow(place(range.start as usize))..narrow(place(range.end as usize));
        }
        for other in &mut self.alternatives {
            other.remap(place);
        }
    }
}

/// A range in UTF-8 bytes of `text` as a range in UTF-16 units, which browsers count in.
#[must_use]
pub fn utf16_range(text: &str, range: Range<usize>) -> Range<usize> {
    let units = |end: usize| {
        let end = text.floor_char_boundary(end.min(text.len()));
        text.get(..end)
            .map_or(0, |head| head.encode_utf16().count())
    };
    units(range.start)..units(range.end)
}

fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
