//! The VISA/VeriFone packets: one protocol that four makers documented, both sides.
//!
//! ```text
//! SI 0F | id, data | SO  0E | LRC       administration: keys, tests, speed
//! STX 02 | id, data | ETX 03 | LRC       transactions: display, keys pressed, PIN, MAC
//! ```
//!
//! The receiver answers ACK or NAK; a reply of the pad is itself acknowledged, and EOT ends the
//! exchange. Restated from the manuals of VeriFone (PINpad 1000, Mx800), UIC (PP791), Ingenico
//! (eN-Crypt) and MagTek (IntelliPIN), which agree except where a comment says so.

pub mod frame;
mod host;
pub mod message;
mod pad;
mod reply;

pub use host::{Expect, Host, HostEvent};
pub use pad::{Mode, Pad, Profile};
