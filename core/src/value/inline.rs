//! Short ASCII text kept in place, so that values are `Copy` and cost no allocation.

use super::ValueError;

/// Up to `N` ASCII characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Inline<const N: usize> {
    bytes: [u8; N],
    len: u8,
}

impl<const N: usize> Inline<N> {
    /// Keeps `text` when its length lies in `min..=N` and every character satisfies `allow`.
    pub(crate) fn parse(
        what: &'static str,
        allowed: &'static str,
        min: usize,
        text: &str,
        allow: impl Fn(u8) -> bool,
    ) -> Result<Self, ValueError> {
        let bad = |c: &char| !u8::try_from(*c).is_ok_and(|b| b.is_ascii() && allow(b));
        if let Some((index, found)) = text.chars().enumerate().find(|(_, c)| bad(c)) {
            return Err(ValueError::Character {
                what,
                allowed,
                index,
                found,
            });
        }
        let found = text.len();
        let mut bytes = [0; N];
        match bytes.get_mut(..found) {
            Some(head) if found >= min => head.copy_from_slice(text.as_bytes()),
            _ => {
                return Err(ValueError::Length {
                    what,
                    min,
                    max: N,
                    found,
                });
            }
        }
        Ok(Self {
            bytes,
            len: u8::try_from(found).unwrap_or(u8::MAX),
        })
    }

    /// Keeps `text` when it is `min..=N` decimal digits.
    pub(crate) fn digits(what: &'static str, min: usize, text: &str) -> Result<Self, ValueError> {
        Self::parse(what, "0-9", min, text, |b| b.is_ascii_digit())
    }

    /// The characters.
    pub(crate) fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..usize::from(self.len)).unwrap_or_default();
        core::str::from_utf8(bytes).unwrap_or_default()
    }
}

/// The number that a text of decimal digits makes, when it is one and fits.
pub(crate) fn number(text: &str) -> Option<u64> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        text.parse().ok()
    } else {
        None
    }
}
