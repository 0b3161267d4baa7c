//! The secure part of the simulated pad: keys and PIN digits enter, only ciphertext leaves.
//!
//! Everything here is wiped when dropped, nothing implements a telling `Debug`, and no function
//! gives a key or a digit back. Keys of the teaching vault are the published test keys.

pub(crate) mod cipher;
pub(crate) mod dukpt;
pub mod entry;
pub mod random;
pub mod vault;

pub use entry::{PinEntry, Step};
pub use vault::{KeyError, Slot, Vault};
