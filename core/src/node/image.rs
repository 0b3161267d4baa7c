//! A message held as fields: what machines store and compare before and after its bytes.
//!
//! Apart from the codec's `Draft` because an image is persisted (a reversal is rebuilt from it
//! after a power cut) and so has a stable serial form.

use super::kind::TradeKind;
use crate::codec::Draft;
use serde::{Deserialize, Serialize};

/// MTI and fields of a message, fields in ascending order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// The MTI as a number: 200 for 0200.
    pub mti: u16,
    /// Field numbers and canonical values.
    pub fields: Vec<(u8, String)>,
}

impl Image {
    /// An image without fields.
    pub fn new(mti: u16) -> Self {
        Image {
            mti,
            fields: Vec::with_capacity(24),
        }
    }

    /// The same image with field `de` set.
    #[must_use]
    pub fn with(mut self, de: u8, value: impl Into<String>) -> Self {
        self.set(de, value);
        self
    }

    /// Sets field `de`.
    pub fn set(&mut self, de: u8, value: impl Into<String>) {
        let value = value.into();
        match self.fields.binary_search_by_key(&de, |f| f.0) {
            Ok(at) => {
                if let Some(field) = self.fields.get_mut(at) {
                    field.1 = value;
                }
            }
            Err(at) => self.fields.insert(at, (de, value)),
        }
    }

    /// Sets field `de` when there is a value.
    pub fn set_some(&mut self, de: u8, value: Option<impl Into<String>>) {
        if let Some(value) = value {
            self.set(de, value);
        }
    }

    /// The value of field `de`.
    pub fn get(&self, de: u8) -> Option<&str> {
        let at = self.fields.binary_search_by_key(&de, |f| f.0).ok()?;
        self.fields.get(at).map(|f| f.1.as_str())
    }

    /// Copies the fields `des` of `other`, where it has them.
    pub fn copy(&mut self, other: &Image, des: &[u8]) {
        for &de in des {
            self.set_some(de, other.get(de));
        }
    }

    /// The same image without the fields `des`.
    #[must_use]
    pub fn without(mut self, des: &[u8]) -> Self {
        self.fields.retain(|f| !des.contains(&f.0));
        self
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
        for (de, value) in &self.fields {
            draft.set(*de, value.as_str());
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
        let order: Vec<u8> = m.fields.iter().map(|f| f.0).collect();
        assert_eq!(order, [3, 11, 41]);
        assert_eq!(m.get(3), Some("d"));
        assert_eq!(m.without(&[3]).get(3), None);
    }
}
