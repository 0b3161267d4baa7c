//! What stands around a message: length header, TPDU, application header; and line framing.
//!
//! Apart from the codec because the same message travels in many frames, and because a spec file
//! never says which. [`Framing`] is written as people type it: `len2be+tpdu+header6`.

mod framing;
pub mod line;

pub use framing::{FramePart, Framing, Length, LengthCoding, Piece, Split};
