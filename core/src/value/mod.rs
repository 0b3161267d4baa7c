//! The nouns of a card payment, one type per file: what a field's characters mean once read.
//!
//! They stand apart so that a trace number can never be passed where an amount is due, and so
//! that a card number is masked wherever it is shown. Parsing is the only way in, it never
//! panics, and codes nobody has heard of are kept as they came.
//!
//! ```
//! use poslab_core::value::{Amount, Currency, Mti, Pan};
//!
//! let pan = Pan::parse("6216261000000000018")?;
//! assert_eq!(pan.to_string(), "621626*********0018");
//! assert_eq!(Amount::parse("000000012345", Currency::CNY)?.to_string(), "CNY 123.45");
//! assert_eq!(Mti::parse("0200")?.response().map(|m| m.to_string()).as_deref(), Some("0210"));
//! # Ok::<(), poslab_core::value::ValueError>(())
//! ```

mod amount;
mod auth_code;
mod batch_number;
mod currency;
mod entry_mode;
mod error;
mod expiry;
mod inline;
mod kcv;
mod merchant_id;
mod mti;
mod pan;
mod processing_code;
mod response_code;
mod rrn;
mod service_code;
mod stan;
pub(crate) mod table;
mod terminal_id;
mod tpdu;
mod track1;
mod track2;
mod track3;

pub use amount::Amount;
pub use auth_code::AuthCode;
pub use batch_number::BatchNumber;
pub use currency::Currency;
pub use entry_mode::{EntryMode, PinCapability, ReadMode};
pub use error::ValueError;
pub use expiry::Expiry;
pub use kcv::Kcv;
pub use merchant_id::MerchantId;
pub use mti::{Mti, MtiClass, MtiFunction, MtiOrigin, MtiVersion};
pub use pan::Pan;
pub use processing_code::{AccountType, ProcessingCode};
pub use response_code::{ActionClass, ResponseCode};
pub use rrn::Rrn;
pub use service_code::ServiceCode;
pub use stan::Stan;
pub use terminal_id::TerminalId;
pub use tpdu::Tpdu;
pub use track1::Track1;
pub use track2::Track2;
pub use track3::Track3;
