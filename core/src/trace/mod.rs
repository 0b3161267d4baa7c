//! The trace: the closed set of events of a run, and one line of text for each.
//!
//! One trace has many readers: the command line prints it, golden files keep it, the theatre steps
//! through it, the transcript reads it aloud. An event never holds a clear key or a PIN.

mod breach;
mod names;
mod text;

pub use breach::{Breach, Whose};
pub use names::name;
pub use text::{line, line_zh, said};

use crate::node::ledger::{Account, Fen, Reason};
use crate::node::{Code, Entry, Fact, Millis, NodeId, Note, Operation, Outcome, Screen, Slip};
use crate::pad::Words;
use serde::Serialize;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// Number in the run, from zero.
    pub seq: u64,
    /// Milliseconds since the world began.
    pub at_ms: Millis,
    /// Where.
    pub node: NodeId,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum What {
    /// A person asked for something.
    Order {
        /// The person's number of the order.
        order: u32,
        /// What.
        operation: Operation,
        /// The card's name in the cast.
        card: Option<String>,
        /// How the card is read.
        entry: Entry,
        /// Amount in fen.
        amount: u64,
    },
    /// An order ended.
    Outcome {
        /// The person's number of the order.
        order: u32,
        /// How.
        outcome: Outcome,
    },
    /// A screen changed.
    Screen {
        /// The screen.
        #[serde(flatten)]
        screen: Screen,
    },
    /// Paper came out.
    Print {
        /// The slip.
        #[serde(flatten)]
        slip: Box<Slip>,
    },
    /// A key is in use; its name and check value.
    KeyLoaded {
        /// Name.
        key: &'static str,
        /// Check value.
        kcv: String,
    },
    /// Keys are gone.
    KeysErased,
    /// A record was written to stable storage.
    Persist {
        /// What it is.
        record: &'static str,
    },
    /// Bytes went over the cable between a terminal and its PIN pad.
    PadFrame {
        /// Towards.
        to: NodeId,
        /// `abecs`, `visa` or `epp`.
        family: &'static str,
        /// The command or answer in a few letters: `GPN`, `71`, `35`.
        code: String,
        /// What it does.
        #[serde(skip)]
        title: Words,
        /// Not a frame but a control character, or the byte of a key.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        bare: bool,
        /// The bytes, hexadecimal.
        frame: String,
    },
    /// A message left.
    Send {
        /// Towards.
        to: NodeId,
        /// The message's number in the run; its copies share it.
        msg: u32,
        /// MTI.
        mti: String,
        /// Trace number.
        stan: u32,
        /// The bytes, hexadecimal.
        frame: String,
    },
    /// A message arrived.
    Deliver {
        /// From.
        from: NodeId,
        /// The message's number.
        msg: u32,
        /// MTI.
        mti: String,
        /// Trace number.
        stan: u32,
        /// The bytes, when they differ from those sent.
        #[serde(skip_serializing_if = "Option::is_none")]
        frame: Option<String>,
    },
    /// Something went wrong on purpose.
    Fault {
        /// The fault, in the syntax of scripts.
        fault: String,
        /// The message it hit.
        #[serde(skip_serializing_if = "Option::is_none")]
        msg: Option<u32>,
    },
    /// A wait was over.
    Timer {
        /// Which timer of the box.
        key: u32,
    },
    /// A machine changed its state.
    State {
        /// From.
        from: &'static str,
        /// To.
        to: &'static str,
    },
    /// A journal changed.
    Journal {
        /// Trace number.
        stan: u32,
        /// Reference number.
        rrn: Option<u64>,
        /// Amount in fen.
        amount: u64,
        /// What became of the trade.
        status: &'static str,
    },
    /// Money moved in the books.
    Ledger {
        /// Reference number.
        rrn: u64,
        /// Why.
        reason: Reason,
        /// The movements.
        legs: Vec<(Account, Fen)>,
    },
    /// A host decided.
    Decision {
        /// Trace number at this host.
        stan: u32,
        /// Response code.
        code: Code,
        /// The rule that decided.
        why: &'static str,
    },
    /// A property was found broken, or was checked at the end.
    Property {
        /// `P1` to `P7`.
        name: &'static str,
        /// Whether it holds.
        holds: bool,
        /// What was found.
        detail: Breach,
    },
    /// A remark.
    Note {
        /// The remark.
        note: Note,
    },
}

impl What {
    /// The event of a machine's report.
    pub fn of(fact: Fact) -> What {
        match fact {
            Fact::KeyLoaded { key, kcv } => What::KeyLoaded { key, kcv },
            Fact::KeysErased => What::KeysErased,
            Fact::State { from, to } => What::State { from, to },
            Fact::Journal {
                stan,
                rrn,
                amount,
                status,
            } => What::Journal {
                stan,
                rrn,
                amount,
                status,
            },
            Fact::Ledger { rrn, reason, legs } => What::Ledger { rrn, reason, legs },
            Fact::Decision { stan, code, why } => What::Decision { stan, code, why },
            Fact::Note(note) => What::Note { note },
        }
    }
}

impl Event {
    /// The event as one line of JSON.
    pub fn json(&self) -> String {
        // Every part of an event has a serial form, so this cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Where events go: kept, or counted and thrown away.
#[derive(Clone, Debug, Default)]
pub struct Tape {
    on: bool,
    next: u64,
    events: Vec<Event>,
}

impl Tape {
    /// A tape that keeps events.
    pub fn recording() -> Self {
        Tape {
            on: true,
            ..Tape::default()
        }
    }

    /// A tape that keeps nothing: what would be written is never even built.
    pub fn off() -> Self {
        Tape::default()
    }

    /// A tape that goes on where another left off.
    pub fn from(next: u64) -> Self {
        Tape {
            on: true,
            next,
            events: Vec::new(),
        }
    }

    /// Whether events are kept.
    pub fn on(&self) -> bool {
        self.on
    }

    /// The events so far.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Takes the events out; numbering goes on.
    pub fn take(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// Writes what `what` gives, when the tape is on.
    pub fn write(&mut self, at_ms: Millis, node: NodeId, what: impl FnOnce() -> What) {
        if self.on {
            self.events.push(Event {
                seq: self.next,
                at_ms,
                node,
                what: what(),
            });
            self.next += 1;
        }
    }
}
