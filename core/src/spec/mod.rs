//! What a dialect says of each field, and the loaders and importers that read it.
//!
//! A dialect is data. Its axes are orthogonal: what characters a value may hold ([`Class`]), how
//! they are coded ([`Coding`]), how long it may be ([`Size`]), how the length is written
//! ([`Prefix`]), what that number counts ([`Counts`]) and where an odd nibble goes ([`Pad`]).
//! Embedded dialects and a user's file go through the same loader.

mod builtin;
mod change;
mod dialect;
mod error;
mod field;
pub mod import;
mod layout;
mod load;
mod notation;
#[cfg(feature = "prebuilt")]
pub mod prebuilt;
mod rules;
mod step;
mod wire;
mod write;

pub use builtin::{builtin, builtin_names, builtin_source};
pub use change::{Change, NoChange};
pub use dialect::{BitmapSpec, Dialect, MacRule, MtiSpec};
pub use error::SpecError;
pub use field::{Field, Name, Secrecy};
pub use layout::{Layout, Lead, Repeat, TagSpec, TlvSpec, Variant, When};
pub use load::{load, load_json};
pub use notation::parse_notation;
pub use rules::{MessageRule, Presence};
pub(crate) use step::{CheckStep, LengthStep, Step};
pub use wire::{Class, Coding, Counts, Fill, Pad, Prefix, PrefixCoding, Side, Size, Wire};
pub use write::{notation, to_json};
