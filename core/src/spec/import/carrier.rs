//! Short names for the wire facts that importers build.

use super::super::wire::{
    Class, Coding, Counts, Fill, Pad, Prefix, PrefixCoding, Side, Size, Wire,
};
use crate::bytes::Charset;

pub(super) const ASCII: Coding = Coding::Chars(Charset::Ascii);
pub(super) const EBCDIC: Coding = Coding::Chars(Charset::Ebcdic1047);

/// The pad that stands when a file says nothing.
pub(super) const PAD_LEFT_ZERO: Pad = Pad {
    side: Side::Left,
    nibble: 0,
};

pub(super) const fn prefix(coding: PrefixCoding, width: u8) -> Prefix {
    Prefix {
        coding,
        width,
        adds: 0,
    }
}

/// A value whose length counts what its coding suggests: digits for BCD, bytes otherwise.
pub(super) fn wire(class: Class, coding: Coding, size: u32, length: Option<Prefix>) -> Wire {
    let counts = match coding {
        Coding::Bcd | Coding::SignBcd => Counts::Digits,
        Coding::Chars(_) | Coding::HexChars(_) | Coding::Raw | Coding::Zoned => Counts::Bytes,
    };
    let fixed = length.is_none();
    let fill = match (class, coding) {
        (Class::N, _) if fixed => Some(Fill {
            side: Side::Left,
            with: '0',
        }),
        (_, Coding::Chars(_)) if fixed => Some(Fill {
            side: Side::Right,
            with: ' ',
        }),
        _ => None,
    };
    Wire {
        class,
        coding,
        size: if fixed {
            Size::Fixed(size)
        } else {
            Size::Var { min: 0, max: size }
        },
        counts,
        prefix: length,
        pad: PAD_LEFT_ZERO,
        fill,
        filled: false,
    }
}

/// Takes whatever is left of the data around it.
pub(super) fn rest(class: Class, coding: Coding) -> Wire {
    Wire {
        size: Size::Rest,
        fill: None,
        ..wire(class, coding, 0, None)
    }
}
