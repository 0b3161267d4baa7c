//! What can be inside a field: parts in order, a bitmap of parts, tagged values, and choices.

use super::dialect::BitmapSpec;
use super::field::Field;
use super::wire::{Coding, Prefix};
use serde::{Deserialize, Serialize};

/// The inner structure of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Layout {
    /// Parts in ascending order until the data ends; absent tail parts are simply not there.
    Positional {
        /// The parts by number.
        parts: Vec<(u16, Field)>,
        /// Parts that repeat until the data ends, after the others.
        repeat: Option<Repeat>,
    },
    /// A bitmap, then the parts it announces.
    Bitmapped {
        /// Bytes in front of the bitmap that belong to no part.
        header_bytes: u8,
        /// The bitmap.
        bitmap: BitmapSpec,
        /// The parts by bit.
        parts: Vec<(u16, Field)>,
    },
    /// Tag, length, value with fixed-width tags.
    Tlv(TlvSpec),
    /// BER-TLV as in EMV.
    BerTlv,
    /// The first variant whose condition holds; none means no structure.
    Choice(Vec<Variant>),
}

/// A group of parts that stands again and again until the data ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeat {
    /// The number under which each group is shown; the second one is `N#2`.
    pub number: u16,
    /// What one group is called and how long it is.
    pub field: Box<Field>,
}

/// Tagged values with tags and lengths of fixed width.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TlvSpec {
    /// How a tag is written.
    pub tag: TagSpec,
    /// How a length is written.
    pub length: Prefix,
    /// The length stands in front of the tag.
    pub length_first: bool,
    /// How values without an entry of their own are coded.
    pub default: Coding,
    /// Known tags are written as their own wire facts say, length and all; only unknown ones have
    /// the length above.
    pub own_lengths: bool,
    /// What may stand in front of the tagged values.
    pub lead: Option<Lead>,
    /// Known tags.
    pub parts: Vec<(String, Field)>,
}

/// A part without a tag in front of tagged values, such as the transaction category code of a
/// card scheme's DE48.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lead {
    /// The number under which it is shown.
    pub number: u16,
    /// It is there only if the data does not begin with a digit, as tags and lengths do.
    pub optional: bool,
    /// What it is.
    pub field: Box<Field>,
}

/// How the tags of a [`TlvSpec`] are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagSpec {
    /// Their coding; packed and raw tags show as digits or hex.
    pub coding: Coding,
    /// Bytes each takes.
    pub len_bytes: u8,
}

/// One choice of a [`Layout::Choice`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    /// When it applies.
    pub when: When,
    /// What it is called, for people.
    pub name: super::field::Name,
    /// The structure.
    pub layout: Layout,
}

/// A condition on the message: every part of it must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    /// The MTI is one of these; empty means any.
    pub mti: Vec<String>,
    /// Fields by path without `DE` (`"60.3"`), each with the values of which one must stand there.
    /// A value that ends in `*` matches a beginning; `!` alone means absent.
    pub values: Vec<(String, Vec<String>)>,
    /// The data is at least this long, in bytes on the wire.
    pub min_bytes: u32,
    /// The data is at most this long, in bytes on the wire; 0 means any.
    pub max_bytes: u32,
}

impl When {
    /// Whether it holds for a message, given its MTI, a way to look at its fields by path, and the
    /// length of the data in question.
    #[must_use]
    pub fn holds<'v>(
        &self,
        mti: &str,
        value: &dyn Fn(&str) -> Option<std::borrow::Cow<'v, str>>,
        len_bytes: usize,
    ) -> bool {
        let right_mti = self.mti.is_empty() || self.mti.iter().any(|m| matches(m, mti));
        let right_len = len_bytes >= self.min_bytes as usize
            && (self.max_bytes == 0 || len_bytes <= self.max_bytes as usize);
        right_mti
            && right_len
            && self.values.iter().all(|(path, allowed)| match value(path) {
                Some(found) => allowed.iter().any(|a| matches(a, &found)),
                None => allowed.iter().any(|a| a == "!"),
            })
    }
}

fn matches(pattern: &str, found: &str) -> bool {
    pattern
        .strip_suffix('*')
        .map_or(pattern == found, |start| found.starts_with(start))
}
