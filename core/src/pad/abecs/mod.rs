//! ABECS 2.20: the open pad protocol of the Brazilian card industry, both sides.
//!
//! ```text
//! SYN | data, with 13 16 17 escaped | ETB | CRC-16
//!       DSP 032 OPERACAO FINALIZADA…        over the unescaped data and ETB
//! ```
//!
//! The text restated here is "Pinpad Abecs, Protocolo de Comunicação e Funcionamento" 2.20 of
//! 28 February 2025, © ABECS.

mod app;
mod channel;
pub mod command;
mod crypt;
pub mod field;
pub mod frame;
mod host;
mod inform;
mod job;
mod pad;
pub mod request;
pub mod rsa;
pub mod status;
mod tables;

pub use channel::SessionKey;
pub use host::{Host, HostEvent};
pub use pad::{Pad, Profile};
