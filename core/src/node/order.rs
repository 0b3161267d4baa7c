//! What a person asks of a terminal, and what comes of it.

use super::card::Card;
use super::kind::TradeKind;
use super::response::Code;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How a card meets the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Entry {
    /// Contact chip.
    #[default]
    Chip,
    /// Contactless, one application cryptogram.
    Tap,
    /// Magnetic stripe.
    Swipe,
    /// Magnetic stripe after the chip failed.
    Fallback,
    /// Typed by hand.
    Manual,
}

impl Entry {
    /// Whether the chip speaks.
    pub fn chip(self) -> bool {
        matches!(self, Entry::Chip | Entry::Tap)
    }

    /// The first two digits of F22.
    pub fn code(self) -> &'static str {
        match self {
            Entry::Chip => "05",
            Entry::Tap => "07",
            Entry::Swipe => "02",
            Entry::Fallback => "80",
            Entry::Manual => "01",
        }
    }
}

/// What the holder will type at the PIN pad; never digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PinChoice {
    /// The card's PIN.
    #[default]
    Right,
    /// The k-th canonical wrong PIN, for each entry asked for.
    Wrong(u8),
    /// A wrong PIN first, the right one when asked again.
    WrongThenRight,
    /// The red key.
    Cancel,
    /// No PIN is asked for.
    None,
}

/// The operation asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// Sign on: fetch working keys and the batch number.
    SignOn,
    /// Sign off.
    SignOff,
    /// Echo test.
    Echo,
    /// A trade.
    Trade(TradeKind),
    /// Settle the batch, or resume an interrupted settlement.
    Settle,
    /// A supervisor gives up a settlement the host has not answered.
    CancelSettle,
    /// A supervisor drops a reversal whose attempts are exhausted.
    DropReversal,
    /// Print the last slip again.
    Reprint,
    /// Inject the terminal master key again, after tampering.
    InjectKey,
}

/// The original a void, completion or refund refers to, as its receipt shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Trace number.
    pub trace: u32,
    /// Batch number.
    pub batch: u32,
    /// Reference number.
    pub rrn: Option<u64>,
    /// Authorisation code.
    pub auth: Option<String>,
    /// Date, MMDD.
    pub date: String,
    /// Amount in fen.
    pub amount: u64,
}

/// An order to a terminal.
#[derive(Clone, Debug)]
pub struct Order {
    /// The person's number for it, given back when it ends.
    pub id: u32,
    /// What to do.
    pub operation: Operation,
    /// The card, with its chip, when one is needed.
    pub card: Option<Card>,
    /// How it is read.
    pub entry: Entry,
    /// The amount in fen.
    pub amount: u64,
    /// Whether the holder is asked for a PIN.
    pub asks_pin: bool,
    /// The original's receipt.
    pub original: Option<Receipt>,
}

impl Order {
    /// An order without card or amount.
    pub fn plain(operation: Operation) -> Self {
        Order {
            id: 0,
            operation,
            card: None,
            entry: Entry::Manual,
            amount: 0,
            asks_pin: false,
            original: None,
        }
    }
}

/// How an order ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Approved and printed.
    Approved(Code),
    /// Done; nothing to print.
    Done,
    /// Refused by a host.
    Refused(Code),
    /// Refused by the terminal itself.
    Impossible(Impossible),
    /// The holder pressed cancel.
    Cancelled,
    /// Nobody knows; a reversal is owed.
    Unknown,
    /// Nobody knew; the reversal was answered, no money has moved.
    Reversed,
    /// Kept by the terminal, which sends it again under the same number until it is answered.
    Kept,
    /// Surely nothing was sent.
    NotSent,
    /// The batch is settled.
    Settled,
    /// Settlement or upload did not finish; it can be resumed.
    Interrupted,
}

impl Outcome {
    /// Whether a person would try again.
    pub fn open(self) -> bool {
        matches!(
            self,
            Outcome::Unknown | Outcome::Reversed | Outcome::NotSent | Outcome::Interrupted
        )
    }
}

/// Why a terminal refuses an order by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Impossible {
    /// The batch is being settled.
    Settling,
    /// A reversal is exhausted and blocks.
    ReversalBlocks,
    /// The journal is full: settle first.
    JournalFull,
    /// Sign-on failed.
    SignOn,
    /// The original is not in the journal, voided already, or of another kind.
    NoOriginal,
    /// The PIN pad has no keys.
    NoKeys,
    /// Another order is running.
    Busy,
    /// Nothing to do.
    Nothing,
    /// The card was refused by the chip itself.
    Card,
    /// The PIN pad does not answer, or refuses.
    Pad,
}

impl fmt::Display for Outcome {
    /// The outcome as scenarios write it: `approved 00`, `impossible settling`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Approved(code) => write!(f, "approved {code}"),
            Outcome::Refused(code) => write!(f, "refused {code}"),
            Outcome::Impossible(why) => write!(f, "impossible {}", why.name()),
            Outcome::Done => f.write_str("done"),
            Outcome::Cancelled => f.write_str("cancelled"),
            Outcome::Unknown => f.write_str("unknown"),
            Outcome::Reversed => f.write_str("reversed"),
            Outcome::Kept => f.write_str("kept"),
            Outcome::NotSent => f.write_str("not-sent"),
            Outcome::Settled => f.write_str("settled"),
            Outcome::Interrupted => f.write_str("interrupted"),
        }
    }
}

impl Impossible {
    /// The reason in kebab-case.
    pub fn name(self) -> &'static str {
        match self {
            Impossible::Settling => "settling",
            Impossible::ReversalBlocks => "reversal-blocks",
            Impossible::JournalFull => "journal-full",
            Impossible::SignOn => "sign-on",
            Impossible::NoOriginal => "no-original",
            Impossible::NoKeys => "no-keys",
            Impossible::Busy => "busy",
            Impossible::Nothing => "nothing",
            Impossible::Card => "card",
            Impossible::Pad => "pad",
        }
    }
}
