//! The records that the front end persists: its whole memory is what applying them gives.

use super::*;
use FrontEndRecord as R;

/// A record of the front end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "kebab-case")]
pub enum FrontEndRecord {
    /// New keys for a terminal.
    SignedOn {
        /// The terminal.
        terminal: u8,
        /// Working keys under its master key.
        block: String,
        /// Trace number of the request.
        stan: u32,
    },
    /// A terminal signed off.
    SignedOff {
        /// The terminal.
        terminal: u8,
    },
    /// A trade is about to be sent on.
    Begun {
        /// Its entry.
        entry: Box<Entry>,
        /// The next trace number on the switch link.
        next: u32,
    },
    /// A trade was answered.
    Answered {
        /// The trade.
        key: Key,
        /// The code.
        code: Code,
        /// The amount approved.
        amount: u64,
        /// Authorisation code.
        auth: Option<String>,
        /// Foreign card.
        foreign: bool,
        /// The answer to the terminal.
        answer: Image,
    },
    /// A trade refused before it was sent on.
    Refused {
        /// Its entry, declined, with the answer.
        entry: Box<Entry>,
    },
    /// A trade is reversed, and the switch is owed a 0420.
    Reversed {
        /// The trade.
        key: Key,
        /// The 0420's trace number.
        stan: u32,
        /// The 0420.
        obligation: Box<Obligation>,
        /// The answer to the terminal when the front end timed out.
        answer: Option<Box<Image>>,
    },
    /// A reversal that overtook its original.
    Early {
        /// The original.
        key: Key,
    },
    /// A 0420 was sent once.
    Sent {
        /// Its trace number.
        stan: u32,
    },
    /// A 0420 was answered.
    Met {
        /// Its trace number.
        stan: u32,
    },
    /// A settlement was compared.
    Settled {
        /// The terminal.
        terminal: u8,
        /// Flags.
        flags: [u8; 2],
        /// The host's totals.
        host: [Totals; 2],
    },
    /// An upload message.
    Uploaded {
        /// The terminal.
        terminal: u8,
        /// The batch.
        batch: u32,
        /// Its trace number.
        stan: u32,
        /// What it carries.
        kind: UploadKind,
        /// The trades in it.
        reported: Vec<Reported>,
    },
    /// The end of a batch.
    Closed {
        /// The terminal.
        terminal: u8,
        /// The batch.
        batch: u32,
        /// Records the terminal says it uploaded.
        count: u32,
    },
    /// A person resolved a discrepancy.
    Resolved {
        /// Its index in the store.
        index: u32,
        /// How.
        how: Resolution,
    },
    /// What a chip made of a script.
    Script {
        /// The terminal.
        terminal: u8,
        /// Reference number of the trade that carried it.
        rrn: u64,
        /// DF31, hexadecimal.
        result: String,
    },
    /// The database was restored: numbers skip ahead so that none is used twice.
    Epoch {
        /// The next trace number on the switch link.
        next: u32,
    },
}

impl FrontEndRecord {
    /// The record in a word or two.
    pub fn name(&self) -> &'static str {
        match self {
            R::SignedOn { .. } => "signed-on",
            R::SignedOff { .. } => "signed-off",
            R::Begun { .. } => "trade-begun",
            R::Answered { .. } => "trade-answered",
            R::Refused { .. } => "trade-refused",
            R::Reversed { .. } => "trade-reversed",
            R::Early { .. } => "early-reversal",
            R::Sent { .. } => "advice-sent",
            R::Met { .. } => "advice-answered",
            R::Settled { .. } => "settlement-compared",
            R::Uploaded { .. } => "upload-stored",
            R::Closed { .. } => "batch-closed",
            R::Resolved { .. } => "discrepancy-resolved",
            R::Script { .. } => "script-result",
            R::Epoch { .. } => "epoch",
        }
    }

    /// Whether the record begins a trade: where an older copy of the database may end.
    pub fn begins_trade(&self) -> bool {
        matches!(self, R::Begun { .. })
    }
}
