//! Small changes of a dialect, in the words of `--set`.
//!
//! A host departs from its dialect in one field, a terminal sends its bitmap as bytes: a person
//! says so with `--set`, and what detection bends by itself is written down in the same words, so
//! that packing can bend the dialect in the same way.

use super::dialect::Dialect;
use super::wire::{Class, Coding, Size};
use crate::bytes::Charset;
use std::fmt;
use std::str::FromStr;

/// One change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// `bitmap=raw`: bitmaps are raw bytes, in an otherwise textual message.
    RawBitmap,
    /// `bitmap=wide`: one bitmap of 128 bits that is always there.
    WideBitmap,
    /// `DE26=`: the dialect has no such field.
    Remove(u8),
    /// `DE26.len=2`: the bytes on the wire of a fixed field, the greatest length of another.
    Len(u8, u32),
    /// `DE26.size=4`: the size in the units of the dialect.
    Size(u8, u32),
    /// `DE35.max=99`: the greatest length.
    Max(u8, u32),
    /// `DE43.text=gbk`: the value is text of a character set, without parts.
    Text(u8, Charset),
}

/// Words that are no change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoChange;

impl fmt::Display for NoChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "expected DE<n>.len=<bytes>, DE<n>.size=<units>, DE<n>.max=<units>, \
             DE<n>.text=ascii|gbk|utf-8|cp500|cp1047, DE<n>= to remove, or bitmap=raw|wide",
        )
    }
}

impl std::error::Error for NoChange {}

impl Change {
    /// Changes the dialect; false when it knows no such field, or its size is of another kind.
    #[must_use]
    pub fn apply(self, dialect: &mut Dialect) -> bool {
        match self {
            Self::RawBitmap => dialect.bitmap.coding = Coding::Raw,
            Self::WideBitmap => {
                dialect.bitmap.block_bytes = 16;
                dialect.bitmap.max_blocks = 1;
                dialect.bitmap.continues = false;
            }
            Self::Remove(de) => dialect.remove_field(de),
            Self::Len(de, number) | Self::Size(de, number) | Self::Max(de, number) => {
                return self.resize(dialect, de, number);
            }
            Self::Text(de, charset) => {
                return dialect.change_field(de, |field| {
                    field.layout = None;
                    field.wire.class = Class::Text;
                    field.wire.coding = Coding::Chars(charset);
                });
            }
        }
        true
    }

    fn resize(self, dialect: &mut Dialect, de: u8, number: u32) -> bool {
        let mut fits = true;
        let known = dialect.change_field(de, |field| {
            let packed = field.wire.data_len(2).0 == 1;
            field.wire.size = match (self, field.wire.size) {
                (Self::Len(..), Size::Fixed(_)) => {
                    Size::Fixed(number.saturating_mul(if packed { 2 } else { 1 }))
                }
                (Self::Size(..), Size::Fixed(_)) => Size::Fixed(number),
                (_, Size::Var { min, .. }) => Size::Var { min, max: number },
                (_, same) => {
                    fits = false;
                    same
                }
            };
        });
        known && fits
    }
}

impl FromStr for Change {
    type Err = NoChange;

    fn from_str(words: &str) -> Result<Self, NoChange> {
        let (place, value) = words.split_once('=').ok_or(NoChange)?;
        match (place, value) {
            ("bitmap", "raw") => return Ok(Self::RawBitmap),
            ("bitmap", "wide") => return Ok(Self::WideBitmap),
            _ => {}
        }
        let (de, key) = place.split_once('.').unwrap_or((place, ""));
        let de = de.trim_start_matches("DE").parse().map_err(|_| NoChange)?;
        let number = || value.parse().map_err(|_| NoChange);
        Ok(match key {
            "" if value.is_empty() => Self::Remove(de),
            "len" => Self::Len(de, number()?),
            "size" => Self::Size(de, number()?),
            "max" => Self::Max(de, number()?),
            "text" => Self::Text(de, charset(value).ok_or(NoChange)?),
            _ => return Err(NoChange),
        })
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RawBitmap => f.write_str("bitmap=raw"),
            Self::WideBitmap => f.write_str("bitmap=wide"),
            Self::Remove(de) => write!(f, "DE{de}="),
            Self::Len(de, number) => write!(f, "DE{de}.len={number}"),
            Self::Size(de, number) => write!(f, "DE{de}.size={number}"),
            Self::Max(de, number) => write!(f, "DE{de}.max={number}"),
            Self::Text(de, charset) => write!(f, "DE{de}.text={}", word(*charset)),
        }
    }
}

const fn word(charset: Charset) -> &'static str {
    match charset {
        Charset::Ascii => "ascii",
        Charset::Ebcdic500 => "cp500",
        Charset::Ebcdic1047 => "cp1047",
        Charset::Gbk => "gbk",
        Charset::Utf8 => "utf-8",
    }
}

fn charset(name: &str) -> Option<Charset> {
    [
        Charset::Ascii,
        Charset::Ebcdic500,
        Charset::Ebcdic1047,
        Charset::Gbk,
        Charset::Utf8,
    ]
    .into_iter()
    .find(|charset| word(*charset) == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_and_written_alike() {
        for words in [
            "bitmap=raw",
            "bitmap=wide",
            "DE26=",
            "DE26.len=2",
            "DE26.size=4",
            "DE35.max=99",
            "DE43.text=gbk",
        ] {
            let change: Change = words.parse().expect("a change");
            assert_eq!(change.to_string(), words);
        }
        for words in [
            "",
            "DE26",
            "DE26.len=",
            "DE26.text=klingon",
            "bitmap=big",
            "DEx=",
        ] {
            assert_eq!(words.parse::<Change>(), Err(NoChange), "{words}");
        }
    }

    #[test]
    fn a_change_says_whether_it_could_be_made() {
        let mut dialect = (*super::super::builtin("unionpay-pos").expect("built in")).clone();
        assert!(Change::Len(26, 2).apply(&mut dialect));
        assert_eq!(dialect.wire(26).map(|wire| wire.size), Some(Size::Fixed(4)));
        assert!(!Change::Max(26, 2).apply(&mut dialect));
        assert!(!Change::Len(1, 2).apply(&mut dialect));
        assert!(Change::Text(55, Charset::Ascii).apply(&mut dialect));
        assert!(
            dialect
                .field(55)
                .is_some_and(|field| field.layout.is_none())
        );
    }
}
