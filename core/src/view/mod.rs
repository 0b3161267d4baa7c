//! The rows that screens draw and the command line prints.
//!
//! | module | gives |
//! |---|---|
//! | [`copy`] | a message in the forms people paste elsewhere |
//! | [`decode`] | a decoded message as JSON |
//! | [`diff`] | two messages side by side |
//! | [`explain`] | answers to "what is this?" |
//! | [`format`] | how a value stands on the wire, in words |
//! | [`grid`] | the bytes of a frame in rows, one run per field |
//! | [`outline`] | the fields of a message as indented rows |
//! | [`readings`] | what the selected bits say in other codings |
//! | [`share`] | a message as a link |
//! | [`veil`] | which bits are hidden until somebody asks to see them |

pub mod copy;
pub mod decode;
pub mod diff;
pub mod explain;
pub mod format;
pub mod grid;
pub mod outline;
pub mod readings;
pub mod share;
pub mod veil;
