//! A message held as fields: what machines store and compare before and after its bytes.
//!
//! Apart from the codec's `Draft` because an image is persisted (a reversal is rebuilt from it
//! after a power cut) and so has a stable serial form.

use super::kind::TradeKind;
use crate::codec::Draft;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// MTI and fields of a message, fields in ascending order.
///
/// Every hop makes images and every record keeps one, so the values stand one behind the other in
/// one text: a copy is two allocations, however many fields there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Listed", into = "Listed")]
pub struct Image {
    /// The MTI as a number: 200 for 0200.
    pub mti: u16,
    /// Field numbers and where their values end in `text`, in ascending order.
    ends: Vec<(u8, u32)>,
    /// The canonical values.
    text: String,
}

/// The serial form of an image: fields with their values.
#[derive(Serialize, Deserialize)]
#[serde(rename = "Image")]
struct Listed {
    mti: u16,
    fields: Vec<(u8, String)>,
}

impl From<Listed> for Image {
    fn from(listed: Listed) -> Self {
        let mut image = Image::new(listed.mti);
        for (de, value) in listed.fields {
            image.set(de, value);
        }
        image
    }
}

impl From<Image> for Listed {
    fn from(image: Image) -> Self {
        let fields = image.fields().map(|(de, value)| (de, value.to_owned()));
        Listed {
            mti: image.mti,
            fields: fields.collect(),
        }
    }
}

impl Image {
    /// An image without fields.
    pub fn new(mti: u16) -> Self {
        Image {
            mti,
            ends: Vec::with_capacity(24),
            text: String::with_capacity(320),
        }
    }

    /// The same image with field `de` set.
    #[must_use]
    pub fn with(mut self, de: u8, value: impl AsRef<str>) -> Self {
        self.set(de, value);
        self
    }

    /// Sets field `de`.
    pub fn set(&mut self, de: u8, value: impl AsRef<str>) {
        let value = value.as_ref();
        let (at, old) = match self.position(de) {
            Ok(at) => (at, self.span(at)),
            Err(at) => {
                let start = self.start(at);
                self.ends.insert(at, (de, start as u32));
                (at, start..start)
            }
        };
        let (old_len, start) = (old.len(), old.start);
        if start == self.text.len() {
            self.text.push_str(value);
        } else {
            self.text.replace_range(old, value);
        }
        for (_, end) in self.ends.iter_mut().skip(at) {
            *end = (*end as usize - old_len + value.len()) as u32;
        }
    }

    /// Sets field `de` when there is a value.
    pub fn set_some(&mut self, de: u8, value: Option<impl AsRef<str>>) {
        if let Some(value) = value {
            self.set(de, value);
        }
    }

    /// Adds field `de`, above all that are there, with a value that `write` appends.
    pub(super) fn append(&mut self, de: u8, write: impl FnOnce(&mut String)) {
        debug_assert!(self.ends.last().is_none_or(|(last, _)| *last < de));
        write(&mut self.text);
        self.ends.push((de, self.text.len() as u32));
    }

    /// The value of field `de`.
    pub fn get(&self, de: u8) -> Option<&str> {
        let at = self.position(de).ok()?;
        self.text.get(self.span(at))
    }

    /// The fields and their values, in order.
    pub fn fields(&self) -> impl Iterator<Item = (u8, &str)> {
        let mut start = 0;
        self.ends.iter().map(move |&(de, end)| {
            let value = self.text.get(start..end as usize);
            start = end as usize;
            (de, value.unwrap_or_default())
        })
    }

    fn position(&self, de: u8) -> Result<usize, usize> {
        self.ends.binary_search_by_key(&de, |field| field.0)
    }

    /// Where the value of the field at an index begins, or of one that were inserted there.
    fn start(&self, at: usize) -> usize {
        let before = at.checked_sub(1).and_then(|before| self.ends.get(before));
        before.map_or(0, |(_, end)| *end as usize)
    }

    fn span(&self, at: usize) -> Range<usize> {
        let end = self
            .ends
            .get(at)
            .map_or(self.text.len(), |(_, end)| *end as usize);
        self.start(at)..end
    }

    /// Copies the fields `des` of `other`, where it has them.
    pub fn copy(&mut self, other: &Image, des: &[u8]) {
        for &de in des {
            self.set_some(de, other.get(de));
        }
    }

    /// The same image without the fields `des`.
    #[must_use]
    pub fn without(&self, des: &[u8]) -> Self {
        let mut out = Image::new(self.mti);
        for (de, value) in self.fields().filter(|(de, _)| !des.contains(de)) {
            out.append(de, |text| text.push_str(value));
        }
        out
    }

    /// What a message between hosts asks for: MTI, processing code, condition code.
    pub fn trade_kind(&self) -> Option<TradeKind> {
        use TradeKind as K;
        let f3 = self.get(3)?.get(..2)?;
        match (self.mti, f3, self.get(25)?) {
            (200, "31", _) => Some(K::Balance),
            (100, "03", _) => Some(K::PreAuth),
            (100, "20", _) => Some(K::PreAuthVoid),
            (200, "00", "06") => Some(K::Completion),
            (200, "20", "06") => Some(K::CompletionVoid),
            (200, "00", _) => Some(K::Sale),
            (200, "20", _) => Some(K::Void),
            (220, "00", "06") => Some(K::CompletionAdvice),
            (220, "20", _) => Some(K::Refund),
            (220, "00", _) => Some(K::OfflineSale),
            _ => None,
        }
    }

    /// The codec's form of the message, borrowing the values.
    pub fn draft(&self) -> Draft<'_> {
        let mut draft = Draft::new(&format!("{:04}", self.mti));
        for (de, value) in self.fields() {
            draft.set(de, value);
        }
        draft
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_stay_in_order() {
        let m = Image::new(200)
            .with(41, "a")
            .with(3, "b")
            .with(11, "c")
            .with(3, "d");
        let fields: Vec<(u8, &str)> = m.fields().collect();
        assert_eq!(fields, [(3, "d"), (11, "c"), (41, "a")]);
        assert_eq!(m.get(3), Some("d"));
        assert_eq!(m.without(&[3]).get(3), None);
    }
}
