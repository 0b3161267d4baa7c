//! DUKPT: a fresh key for every transaction from one key in the terminal and a counter on the wire.
//!
//! Three generations stand side by side because all three are met: single DES of 1998, triple
//! DES of 2009, AES of 2017.

pub mod aes;
pub mod des98;
pub mod tdes;
