//! What goes into a machine and what comes out of it: nothing is called, everything is returned.
//!
//! Effects are carried out in order. [`Effect::Persist`] must be on stable storage before the next
//! effect is touched; the world cuts power between any two of them.

use super::clearing::{Booked, DayFiles};
use super::fact::Fact;
use super::front_end::Resolution;
use super::id::{Millis, NodeId};
use super::order::{Order, Outcome};
use super::record::Record;
use super::screen::Screen;
use super::slip::Slip;
use crate::pad;
use std::fmt;

/// What an arrow is called: the MTI and trace number of the message it carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag {
    /// MTI as a number: 200 for 0200.
    pub mti: u16,
    /// F11, 0 when the message has none.
    pub stan: u32,
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.mti)
    }
}

/// What reaches a machine.
#[derive(Clone, Debug)]
pub enum Input {
    /// A person's order.
    Order(Box<Order>),
    /// The holder typed a PIN, or pressed cancel, at the pad.
    Pin(PinEntry),
    /// What came of the task given to the pad at the other end of the cable.
    Pad(Result<pad::Outcome, pad::TaskError>),
    /// Bytes from a link.
    Frame {
        /// The sender at the other end of the link.
        from: NodeId,
        /// The frame as it arrived.
        bytes: Vec<u8>,
    },
    /// The line refused the last send; surely nothing left.
    NotSent,
    /// A timer set earlier.
    Timer(u32),
    /// Somebody opened the pad's case.
    Tamper,
    /// The database refused the last record; the machine was rebuilt without it.
    DatabaseFailed(Box<Record>),
    /// The person sets the issuer down or up.
    Available(bool),
    /// A person at the acquirer resolves a discrepancy.
    Resolve {
        /// Its index in the store.
        index: u32,
        /// How.
        how: Resolution,
    },
    /// The day is cut off: the parties hand in their files.
    CutOff(Box<DayFiles>),
    /// A merchant wrote a settled batch into its books.
    Booked(Box<Booked>),
}

/// What the holder did at the pad. `Debug` never shows digits.
#[derive(Clone, PartialEq, Eq)]
pub enum PinEntry {
    /// Digits, one per byte, values 0 to 9.
    Digits(Vec<u8>),
    /// The red key.
    Cancel,
}

impl fmt::Debug for PinEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PinEntry::Digits(d) => write!(f, "{} digits", d.len()),
            PinEntry::Cancel => f.write_str("cancel"),
        }
    }
}

/// What a machine asks the world to do.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Write a record to stable storage before going on.
    Persist(Record),
    /// Hand a frame to the link towards `to`.
    Send {
        /// The box at the other end.
        to: NodeId,
        /// What the arrow is called.
        tag: Tag,
        /// The bytes.
        frame: Vec<u8>,
    },
    /// Wake this machine with `Timer(key)` after a while; replaces a timer of the same key.
    SetTimer {
        /// The timer's key.
        key: u32,
        /// How long.
        after_ms: Millis,
    },
    /// Forget a timer.
    ClearTimer(u32),
    /// The pad asks the holder for a PIN.
    AskPin {
        /// The amount on the pad's screen.
        amount: u64,
    },
    /// The pad at the other end of the cable has something to do.
    AskPad(pad::Task),
    /// Paper comes out.
    Print(Box<Slip>),
    /// The terminal's screen changes.
    Show(Screen),
    /// An order ended.
    Finished {
        /// The person's number of it.
        order: u32,
        /// How.
        outcome: Outcome,
    },
    /// Something a reader of the trace wants to know.
    Report(Fact),
    /// The same, of the PIN pad beside the terminal.
    Pad(Fact),
}

impl Effect {
    /// Whether the effect leaves a mark outside the machine, so that a power cut before it differs
    /// from one after it.
    pub fn marks(&self) -> bool {
        matches!(
            self,
            Effect::Persist(_) | Effect::Send { .. } | Effect::Print(_)
        )
    }

    /// The name used in `power-cut@terminal:after=NAME#N`.
    pub fn name(&self) -> &'static str {
        match self {
            Effect::Persist(_) => "persist",
            Effect::Send { .. } => "send",
            Effect::SetTimer { .. } => "set-timer",
            Effect::ClearTimer(_) => "clear-timer",
            Effect::AskPin { .. } => "ask-pin",
            Effect::AskPad(_) => "ask-pad",
            Effect::Print(_) => "print",
            Effect::Show(_) => "show",
            Effect::Finished { .. } => "finished",
            Effect::Report(_) | Effect::Pad(_) => "report",
        }
    }
}
