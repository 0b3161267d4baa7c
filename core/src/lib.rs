//! poslab-core: everything poslab knows about card payments at the point of sale.
//!
//! The page and the command line are thin shells over this crate. It has no I/O, no clock, no
//! threads and no randomness of its own: bytes, times and random values come in as arguments.
//!
//! Layers, lowest first; a module uses only modules of lower layers:
//!
//! | layer | modules | holds |
//! |---|---|---|
//! | 0 | [`data`] | the tables and texts in which things are looked up, embedded or handed over |
//! | 0 | [`bytes`] | octets, digits, character sets, bit spans |
//! | 1 | [`value`] [`words`] [`spec`] [`intake`] [`frame`] | nouns, sentences, dialects, pasted text, what stands around a message |
//! | 2 | [`codec`] [`crypto`] | messages and bytes; keys, PIN blocks, MACs |
//! | 3 | [`pad`] [`node`] | PIN pad protocols; one machine per box on the wire |
//! | 4 | [`trace`] | the closed set of events |
//! | 5 | [`sim`] [`view`] | the world with its faults and checker; the rows that screens draw |

pub mod bytes;
pub mod codec;
pub mod crypto;
pub mod data;
pub mod frame;
pub mod intake;
pub mod node;
pub mod pad;
pub mod sim;
pub mod spec;
pub mod trace;
pub mod value;
pub mod view;
pub mod words;
