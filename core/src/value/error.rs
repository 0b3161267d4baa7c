//! Why some characters are not the value they were taken for.

use core::fmt;

/// A refusal to read text as a value.
///
/// It names the value, the place and what was allowed, and never repeats more than one character
/// of the input, because the input may be a card number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueError {
    /// The text has a length that the value cannot have.
    Length {
        /// The value that was expected.
        what: &'static str,
        /// The least number of characters allowed.
        min: usize,
        /// The greatest number of characters allowed.
        max: usize,
        /// The number of characters found.
        found: usize,
    },
    /// A character stands where only certain characters may.
    Character {
        /// The value that was expected.
        what: &'static str,
        /// The characters allowed, in words.
        allowed: &'static str,
        /// The place of the character, from 0.
        index: usize,
        /// The character found.
        found: char,
    },
    /// The characters are allowed, the number they make is not.
    Range {
        /// The value that was expected.
        what: &'static str,
        /// The limits, in words.
        allowed: &'static str,
    },
    /// A part that the value must have is not there.
    Missing {
        /// The value that was expected.
        what: &'static str,
        /// The part that is missing.
        part: &'static str,
    },
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Length {
                what,
                min,
                max,
                found,
            } if min == max => {
                write!(f, "{what}: need {min} characters, have {found}")
            }
            Self::Length {
                what,
                min,
                max,
                found,
            } => {
                write!(f, "{what}: need {min} to {max} characters, have {found}")
            }
            Self::Character {
                what,
                allowed,
                index,
                found,
            } => {
                write!(
                    f,
                    "{what}: {found:?} at position {} is not one of {allowed}",
                    index + 1
                )
            }
            Self::Range { what, allowed } => write!(f, "{what}: must be {allowed}"),
            Self::Missing { what, part } => write!(f, "{what}: no {part}"),
        }
    }
}

impl core::error::Error for ValueError {}
