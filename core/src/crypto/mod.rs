//! Keys, check values, PIN blocks, MACs, DUKPT, key blocks, card codes and EMV cryptograms; each returns its working.
//!
//! The block ciphers are RustCrypto's, everything on top is here, because people come to see the
//! steps. An operation takes a [`Working`] that records them or is off; what the simulator calls
//! a thousand times a second ([`UnionPayMac`], [`CbcMac`], [`PinCipher`]) prepares its key once.
//! Random values are always arguments, so the same call gives the same result.
//!
//! ```
//! use poslab_core::crypto::key::{Key, Mak};
//! use poslab_core::crypto::UnionPayMac;
//!
//! let mak = Key::<Mak>::tdes(&[0x22; 8]).expect("8 bytes are a DES key");
//! let mab = b"\x12\x34\x56\x78\x90\xAB\xCD\xEF\xAB\xCD\xEF\x12\x34\x56\x78\x90";
//! assert_eq!(&UnionPayMac::new(&mak).generate(mab), b"E267B6E2");
//! ```

pub mod batch;
pub mod calc;
pub mod card_code;
pub mod cipher;
pub mod dukpt;
pub mod emv;
pub mod error;
pub mod kcv;
pub mod key;
pub mod key_material;
pub mod line_check;
pub mod mac;
pub mod pan;
pub mod parity;
pub mod pin;
pub mod terminal_keys;
pub mod tr31;
pub mod track;
pub mod working;

pub use error::CryptoError;
pub use key::Key;
pub use mac::iso9797::CbcMac;
pub use mac::unionpay::UnionPayMac;
pub use pin::PinCipher;
pub use working::Working;
