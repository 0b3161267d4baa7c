//! The encrypting PIN pads of kiosks and counters, `02 Ln CMD DATA BCC`, both sides.
//!
//! ```text
//! hex      02 "0343000040"              every byte after 02 as two characters
//! binary   02 03 43 00 00 40            and with some models 03 behind it
//! ```
//!
//! This is the family used with UnionPay keys: a master key, working keys under it, an active
//! key, then PIN, MAC and encryption with that key. While the keyboard is open every key comes
//! as one bare byte. Restated from four independent drivers (KMY3501, KMY350X, XZ F10, ZT598 in
//! EPP mode); the algorithm number of the MAC is the one thing that none of them confirms.

pub mod command;
pub mod frame;
mod host;
mod pad;

pub use host::{Host, HostEvent};
pub use pad::{Pad, Profile};
