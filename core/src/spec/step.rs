//! The wire facts of a field, boiled down for the strict reader's hot path.
//!
//! Nearly every field of every dialect has one of few shapes; those fit into a few bytes, which the
//! reader walks without looking at the full [`Wire`]. Everything else is read the long way, and so
//! is everything that turns out to be wrong, so that faults are described in one place only.

use super::wire::{Class, Coding, Counts, Prefix, PrefixCoding, Side, Size, Wire};
use crate::bytes::Charset;

/// How the length of a common field is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LengthStep {
    /// It is fixed.
    Fixed,
    /// Two ASCII digits say.
    Ascii2,
    /// Three ASCII digits say.
    Ascii3,
    /// One byte of packed digits says.
    Bcd1,
    /// Two bytes of packed digits say.
    Bcd2,
    /// Not common: read the long way.
    Uncommon,
}

/// What is checked of the data of a common field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CheckStep {
    /// Nothing.
    Nothing,
    /// Letters, digits and spaces.
    Alphanumeric,
    /// Characters of a class, read as Latin-1.
    Chars(Class),
    /// ASCII digits.
    Digits,
    /// Packed decimal digits.
    Packed,
    /// Anything but control characters, read as Latin-1.
    Printable,
}

/// One common field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// How long it is, or where that is written.
    pub length: LengthStep,
    /// What is checked.
    pub check: CheckStep,
    /// 1 when two units share a byte, else 0.
    pub shift: u8,
    /// The side of the spare nibble.
    pub pad: Side,
    /// The spare nibble when written.
    pub nibble: u8,
    /// The fixed or greatest length in units.
    pub size: u32,
}

impl Step {
    /// A field that is read the long way.
    pub const UNCOMMON: Self = Self {
        length: LengthStep::Uncommon,
        check: CheckStep::Nothing,
        shift: 0,
        pad: Side::Left,
        nibble: 0,
        size: 0,
    };

    /// The step of a field's wire facts.
    pub fn of(wire: &Wire) -> Self {
        let (check, shift) = match (wire.coding, wire.counts) {
            (Coding::Chars(Charset::Ascii), Counts::Bytes) => (
                match wire.class {
                    Class::N => CheckStep::Digits,
                    Class::An | Class::Anp => CheckStep::Alphanumeric,
                    Class::Ans => CheckStep::Printable,
                    class => CheckStep::Chars(class),
                },
                0,
            ),
            (Coding::Raw, Counts::Bytes) => (CheckStep::Nothing, 0),
            (Coding::Bcd, Counts::Digits) if wire.class == Class::N => (CheckStep::Packed, 1),
            (Coding::Bcd, Counts::Digits) if wire.class == Class::Z => (CheckStep::Nothing, 1),
            _ => return Self::UNCOMMON,
        };
        let length = match (wire.size, wire.prefix) {
            (Size::Fixed(_), None) => LengthStep::Fixed,
            (
                Size::Var { .. },
                Some(Prefix {
                    coding,
                    width,
                    adds: 0,
                }),
            ) => match (coding, width) {
                (PrefixCoding::Ascii, 2) => LengthStep::Ascii2,
                (PrefixCoding::Ascii, 3) => LengthStep::Ascii3,
                (PrefixCoding::Bcd, 1 | 2) => LengthStep::Bcd1,
                (PrefixCoding::Bcd, 3 | 4) => LengthStep::Bcd2,
                _ => return Self::UNCOMMON,
            },
            _ => return Self::UNCOMMON,
        };
        if wire.filled {
            return Self::UNCOMMON;
        }
        let (pad, nibble) = (wire.pad.side, wire.pad.nibble);
        Self {
            length,
            check,
            shift,
            pad,
            nibble,
            size: wire.size.max(),
        }
    }
}
