//! A PIN while it is being typed: counted outside, known only inside.

use super::cipher::xor;
use crate::pad::Key;
use std::fmt;
use zeroize::Zeroizing;

/// What a key did to the entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A digit was taken.
    Digit,
    /// One digit was taken back.
    Erased,
    /// The PIN is complete.
    Done,
    /// The person gave up.
    Cancelled,
    /// The key has no meaning now (too many digits, too few for enter, a function key).
    Ignored,
}

/// The digits of a PIN between the first key and enter.
#[derive(Clone)]
pub struct PinEntry {
    digits: Zeroizing<Vec<u8>>,
    min: usize,
    max: usize,
    auto_enter: bool,
}

impl PinEntry {
    /// An empty entry that takes `min` to `max` digits; both are held to 0 to 12.
    #[must_use]
    pub fn new(min: usize, max: usize) -> Self {
        let max = max.clamp(1, 12);
        // The room is taken at once: a growing vector would leave copies behind.
        Self {
            digits: Zeroizing::new(Vec::with_capacity(12)),
            min: min.min(max),
            max,
            auto_enter: false,
        }
    }

    /// The entry completes by itself at the last digit.
    #[must_use]
    pub fn auto_enter(mut self, on: bool) -> Self {
        self.auto_enter = on;
        self
    }

    /// Takes one key.
    pub fn press(&mut self, key: Key) -> Step {
        match key {
            Key::Digit(d) if d <= 9 && self.digits.len() < self.max => {
                self.digits.push(d);
                if self.auto_enter && self.digits.len() == self.max {
                    return Step::Done;
                }
                Step::Digit
            }
            Key::Clear if self.digits.pop().is_some() => Step::Erased,
            Key::Enter if self.digits.len() >= self.min => Step::Done,
            Key::Cancel => Step::Cancelled,
            _ => Step::Ignored,
        }
    }

    /// How many digits have been typed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.digits.len()
    }

    /// Nothing has been typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.digits.is_empty()
    }

    /// The clear ISO 9564 format 0 block; stays within the secure part.
    pub(crate) fn format0(&self, account: &str) -> Zeroizing<[u8; 8]> {
        Zeroizing::new(xor(*self.digits_block(0), account_block(account)))
    }

    /// The clear block without an account: length, digits, filler F.
    pub(crate) fn bare(&self) -> Zeroizing<[u8; 8]> {
        self.digits_block(0)
    }

    fn digits_block(&self, format: u64) -> Zeroizing<[u8; 8]> {
        let length = self.digits.len() as u64;
        let head = (format << 4) | length;
        let filled = self
            .digits
            .iter()
            .copied()
            .chain(std::iter::repeat(0xF))
            .take(14)
            .fold(head, |word, digit| (word << 4) | u64::from(digit));
        Zeroizing::new(filled.to_be_bytes())
    }
}

impl fmt::Debug for PinEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinEntry(***)")
    }
}

/// The account half of a format 0 block: the twelve digits left of the check digit, filled with
/// zeros where the number is shorter.
fn account_block(pan: &str) -> [u8; 8] {
    let digits: Vec<u8> = pan
        .bytes()
        .filter(u8::is_ascii_digit)
        .map(|b| b - b'0')
        .collect();
    let body = digits.split_last().map_or(&[][..], |(_, body)| body);
    let start = body.len().saturating_sub(12);
    let twelve = body.iter().skip(start);
    twelve
        .fold(0u64, |word, digit| (word << 4) | u64::from(*digit))
        .to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(digits: &[u8]) -> PinEntry {
        let mut entry = PinEntry::new(4, 12);
        for d in digits {
            entry.press(Key::Digit(*d));
        }
        entry
    }

    #[test]
    fn format0_is_the_published_block() {
        let block = typed(&[1, 2, 3, 4]).format0("4012345678909");
        assert_eq!(hex::encode_upper(*block), "041274EDCBA9876F");
    }

    #[test]
    fn a_short_account_is_filled_with_zeros() {
        assert_eq!(
            hex::encode_upper(account_block("670192387")),
            "0000000067019238"
        );
    }

    #[test]
    fn too_few_too_many_and_taking_back() {
        let mut entry = PinEntry::new(4, 4);
        for d in 1..=3 {
            assert_eq!(entry.press(Key::Digit(d)), Step::Digit);
        }
        assert_eq!(entry.press(Key::Enter), Step::Ignored);
        assert_eq!(entry.press(Key::Clear), Step::Erased);
        assert_eq!(entry.press(Key::Digit(3)), Step::Digit);
        assert_eq!(entry.press(Key::Digit(4)), Step::Digit);
        assert_eq!(entry.press(Key::Digit(5)), Step::Ignored);
        assert_eq!(entry.press(Key::Enter), Step::Done);
        assert_eq!(format!("{entry:?}"), "PinEntry(***)");
    }
}
