//! Octets, digits, nibbles and character sets, with spans counted in bits.
//!
//! The ground that every other module stands on: it knows no message and no standard.

mod charset;
mod ebcdic;
mod gbk;
mod hex;
mod nibbles;
mod order;
mod span;

pub use charset::{Charset, NotInCharset};
pub use hex::{hex_digit, hex_value, push_hex, to_hex};
pub use nibbles::{Nibbles, nibble_at};
pub use order::sort_by_number;
pub use span::Span;
