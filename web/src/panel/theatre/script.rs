//! Between what stands on the page and the lines of a script.

use poslab_core::node::{Operation, Slip};
use poslab_core::sim::Verb;

/// What is played when the address names nothing.
pub const FIRST: &str = "sale";

/// The verb of a script for an operation of the terminal.
pub fn verb_of(operation: Operation) -> Option<Verb> {
    Verb::ALL
        .into_iter()
        .find(|verb| verb.operation() == operation)
}

/// The trace number on a receipt.
pub fn trace_of(slip: &Slip) -> Option<u32> {
    match slip {
        Slip::Trade {
            trace,
            duplicate: false,
            ..
        } => Some(*trace),
        _ => None,
    }
}
