//! What a terminal keeps through a power cut, and the records that change it.

use crate::node::image::Image;
use crate::node::kind::TradeKind;
use crate::node::order::{Entry, Receipt};
use crate::node::response::Code;
use crate::node::totals::Totals;
use serde::{Deserialize, Serialize};

/// What became of the original of a void.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Voided {
    /// It stands.
    #[default]
    No,
    /// Voided.
    Yes,
}

/// Where a journal entry stands in the batch upload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Upload {
    /// Not uploaded.
    #[default]
    Open,
    /// The host has it.
    Accepted,
    /// The host refused it.
    Refused,
}

/// A line of the journal (流水).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// Trace number.
    pub trace: u32,
    /// Batch number.
    pub batch: u32,
    /// What was done.
    pub kind: TradeKind,
    /// What was approved, in fen; an adjustment carries the new total.
    pub amount: u64,
    /// What the issuer posts under this trade's reference: the tip alone for an adjustment.
    pub posted: u64,
    /// What was asked for.
    pub asked: u64,
    /// PAN.
    pub pan: String,
    /// How the card was read.
    pub entry: Entry,
    /// Card organisation is foreign.
    pub foreign: bool,
    /// Reference number; unknown until an offline trade is uploaded.
    pub rrn: Option<u64>,
    /// Authorisation code.
    pub auth: Option<String>,
    /// Date, MMDD.
    pub date: String,
    /// Milliseconds since the world began.
    pub at: u64,
    /// Response code.
    pub code: Code,
    /// Whether it was voided.
    pub voided: Voided,
    /// The trace of a later adjustment that replaces it.
    pub adjusted: Option<u32>,
    /// The trace of the original it voids or adjusts.
    pub original: Option<u32>,
    /// F55 with the transaction certificate.
    pub chip: Option<String>,
    /// The request's image, kept for advices that are uploaded as images.
    pub image: Option<Image>,
    /// Batch upload state.
    pub upload: Upload,
}

impl JournalEntry {
    /// The entry as the holder's receipt shows it.
    pub fn receipt(&self) -> Receipt {
        Receipt {
            trace: self.trace,
            batch: self.batch,
            rrn: self.rrn,
            auth: self.auth.clone(),
            date: self.date.clone(),
            amount: self.amount,
        }
    }
}

/// The one reversal record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reversal {
    /// The request, without PIN block, track and MAC.
    pub image: Image,
    /// What it reverses.
    pub kind: TradeKind,
    /// The original's trace number.
    pub trace: u32,
    /// The original's batch.
    pub batch: u32,
    /// The original's amount.
    pub amount: u64,
    /// F39 of the 0400.
    pub reason: Code,
    /// F13 of an answer that was not believed.
    pub date: Option<String>,
    /// F38 of an answer the card refused.
    pub auth: Option<String>,
    /// Every attempt failed and the policy keeps the record.
    pub exhausted: bool,
}

/// A trade kept until a host answers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queued {
    /// The journal entry it becomes, or is already.
    pub entry: JournalEntry,
    /// The request.
    pub image: Image,
    /// The entry stands in the journal already (offline approved).
    pub journaled: bool,
}

/// One message of a batch upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadItem {
    /// Trace number of the message.
    pub stan: u32,
    /// What it carries.
    pub kind: UploadKind,
    /// Trace numbers of the entries it carries.
    pub traces: Vec<u32>,
    /// Where it stands.
    pub state: Upload,
}

/// What an upload message carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UploadKind {
    /// Magnetic details, up to eight.
    Details,
    /// An advice as an image.
    Advice,
    /// A chip's transaction certificate.
    Certificate,
}

/// A settlement that is not finished.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settling {
    /// Trace number of the 0500.
    pub trace: u32,
    /// The terminal's totals.
    pub totals: [Totals; 2],
    /// The host's flags, once answered.
    pub flags: Option<[u8; 2]>,
    /// The host's totals, once answered.
    pub host: [Totals; 2],
    /// The upload, once planned.
    pub plan: Vec<UploadItem>,
    /// Trace number of the end message.
    pub end: u32,
}

/// A record of a terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "kebab-case")]
pub enum TerminalRecord {
    /// New working keys, enciphered under the master key as they came, and the batch.
    SignedOn {
        /// The key block, hexadecimal.
        block: String,
        /// The batch to use.
        batch: u32,
    },
    /// A new sign-on is needed before trading.
    SignedOff,
    /// The pad's keys are gone.
    KeysErased,
    /// The master key is back.
    KeyInjected,
    /// The next trace number.
    Trace {
        /// The number.
        next: u32,
    },
    /// A trade is about to be sent.
    Begun {
        /// The reversal record.
        reversal: Box<Reversal>,
        /// The next trace number, when taken in the same write.
        next: Option<u32>,
    },
    /// The reversal record's reason changed.
    Doubted {
        /// F39 of the 0400.
        reason: Code,
        /// F13 of the answer.
        date: Option<String>,
        /// F38 of the answer.
        auth: Option<String>,
        /// F55 of the reversal.
        chip: Option<String>,
    },
    /// An approved trade; clears the reversal record in the same write.
    Committed {
        /// The journal entry.
        entry: Box<JournalEntry>,
        /// Whether the reversal record is cleared.
        clears: bool,
        /// The 0620 about the script that the chip was given.
        script: Option<Box<Image>>,
    },
    /// The reversal record is gone.
    Cleared,
    /// The reversal's attempts are exhausted and the record is kept.
    Exhausted,
    /// The slip of the last approved trade was printed.
    Printed,
    /// A script result waits to be sent.
    Script {
        /// The 0620, to be sent; `None` when done.
        image: Option<Box<Image>>,
    },
    /// A trade enters the queue.
    Queued {
        /// The trade.
        item: Box<Queued>,
        /// The next trace number.
        next: u32,
    },
    /// A queued trade was answered.
    Answered {
        /// Its trace number.
        trace: u32,
        /// Whether it was accepted.
        accepted: bool,
        /// Reference number.
        rrn: Option<u64>,
        /// Response code.
        code: Code,
    },
    /// Settlement began.
    Settling {
        /// Trace number of the 0500.
        trace: u32,
        /// Totals.
        totals: [Totals; 2],
        /// The next trace number.
        next: u32,
    },
    /// The host answered the settlement.
    Compared {
        /// Flags.
        flags: [u8; 2],
        /// The host's totals.
        host: [Totals; 2],
        /// The planned upload.
        plan: Vec<UploadItem>,
        /// Trace number of the end message.
        end: u32,
        /// The next trace number.
        next: u32,
    },
    /// An upload message was answered.
    Uploaded {
        /// Its trace number.
        stan: u32,
        /// What it carried.
        kind: UploadKind,
        /// Accepted or refused.
        accepted: bool,
    },
    /// A supervisor gave the settlement up.
    SettleCancelled,
    /// The batch is closed.
    Closed {
        /// The next batch.
        batch: u32,
    },
}

use TerminalRecord as R;

impl TerminalRecord {
    /// The record in a word or two.
    pub fn name(&self) -> &'static str {
        match self {
            R::SignedOn { .. } => "signed-on",
            R::SignedOff => "signed-off",
            R::KeysErased => "keys-erased",
            R::KeyInjected => "key-injected",
            R::Trace { .. } => "trace",
            R::Begun { .. } => "reversal-record",
            R::Doubted { .. } => "reversal-reason",
            R::Committed { .. } => "journal-entry",
            R::Cleared => "reversal-cleared",
            R::Exhausted => "reversal-exhausted",
            R::Printed => "printed",
            R::Script { .. } => "script-result",
            R::Queued { .. } => "queued",
            R::Answered { .. } => "queue-answered",
            R::Settling { .. } => "settling",
            R::Compared { .. } => "settlement-flags",
            R::Uploaded { .. } => "upload-progress",
            R::SettleCancelled => "settlement-cancelled",
            R::Closed { .. } => "batch-closed",
        }
    }
}

/// The terminal's stable state: the fold of its records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// The key block last loaded, hexadecimal.
    pub block: Option<String>,
    /// The master key is in the pad.
    pub injected: bool,
    /// Signed on, and not told to sign on again.
    pub signed_on: bool,
    /// Batch number.
    pub batch: u32,
    /// Next trace number.
    pub next: u32,
    /// The journal.
    pub journal: Vec<JournalEntry>,
    /// The reversal record.
    pub reversal: Option<Reversal>,
    /// A script result to send.
    pub script: Option<Image>,
    /// Trades to send.
    pub queue: Vec<Queued>,
    /// A settlement that is not finished.
    pub settling: Option<Settling>,
    /// The newest entry's slip is still owed.
    pub unprinted: bool,
}

impl Default for Store {
    fn default() -> Self {
        Store {
            block: None,
            injected: true,
            signed_on: false,
            batch: 1,
            next: 1,
            journal: Vec::new(),
            reversal: None,
            script: None,
            queue: Vec::new(),
            settling: None,
            unprinted: false,
        }
    }
}

impl Store {
    /// Changes the state as a record says.
    pub fn apply(&mut self, record: &TerminalRecord) {
        match record {
            R::SignedOn { block, batch } => {
                self.block = Some(block.clone());
                self.batch = *batch;
                self.signed_on = true;
            }
            R::SignedOff => self.signed_on = false,
            R::KeysErased => {
                self.block = None;
                self.injected = false;
                self.signed_on = false;
            }
            R::KeyInjected => self.injected = true,
            R::Trace { next } => self.next = *next,
            R::Begun { reversal, next } => {
                self.reversal = Some((**reversal).clone());
                self.next = next.unwrap_or(self.next);
            }
            R::Doubted {
                reason,
                date,
                auth,
                chip,
            } => self.doubt(*reason, date, auth, chip),
            R::Committed {
                entry,
                clears,
                script,
            } => {
                self.commit(entry, *clears);
                if let Some(script) = script {
                    self.script = Some((**script).clone());
                }
            }
            R::Cleared => self.reversal = None,
            R::Exhausted => {
                if let Some(r) = &mut self.reversal {
                    r.exhausted = true;
                }
            }
            R::Printed => self.unprinted = false,
            R::Script { image } => self.script = image.as_deref().cloned(),
            R::Queued { item, next } => {
                if item.journaled {
                    self.commit(&item.entry, false);
                }
                self.queue.push((**item).clone());
                self.next = *next;
            }
            R::Answered {
                trace,
                accepted,
                rrn,
                code,
            } => {
                self.answered(*trace, *accepted, *rrn, *code);
            }
            R::Settling { .. }
            | R::Compared { .. }
            | R::Uploaded { .. }
            | R::SettleCancelled
            | R::Closed { .. } => self.settle(record),
        }
    }

    fn settle(&mut self, record: &TerminalRecord) {
        match record {
            R::Settling {
                trace,
                totals,
                next,
            } => {
                self.settling = Some(Settling {
                    trace: *trace,
                    totals: *totals,
                    flags: None,
                    host: Default::default(),
                    plan: Vec::new(),
                    end: 0,
                });
                self.next = *next;
            }
            R::Compared {
                flags,
                host,
                plan,
                end,
                next,
            } => {
                if let Some(s) = &mut self.settling {
                    s.flags = Some(*flags);
                    s.host = *host;
                    s.plan.clone_from(plan);
                    s.end = *end;
                }
                self.next = *next;
            }
            R::Uploaded {
                stan,
                kind,
                accepted,
            } => self.uploaded(*stan, *kind, *accepted),
            R::SettleCancelled => self.settling = None,
            R::Closed { batch } => {
                self.journal.clear();
                self.settling = None;
                self.batch = *batch;
                self.signed_on = false;
            }
            _ => {}
        }
    }

    fn doubt(
        &mut self,
        reason: Code,
        date: &Option<String>,
        auth: &Option<String>,
        chip: &Option<String>,
    ) {
        if let Some(r) = &mut self.reversal {
            r.reason = reason;
            if date.is_some() {
                r.date.clone_from(date);
            }
            if auth.is_some() {
                r.auth.clone_from(auth);
            }
            if let Some(chip) = chip {
                r.image.set(55, chip.clone());
            }
        }
    }

    fn commit(&mut self, entry: &JournalEntry, clears: bool) {
        if let Some(original) = entry.original
            && let Some(e) = self.journal.iter_mut().find(|e| e.trace == original)
        {
            match entry.kind {
                TradeKind::TipAdjust => e.adjusted = Some(entry.trace),
                _ => e.voided = Voided::Yes,
            }
        }
        self.journal.push(entry.clone());
        if clears {
            self.reversal = None;
        }
        self.unprinted = true;
    }

    fn answered(&mut self, trace: u32, accepted: bool, rrn: Option<u64>, code: Code) {
        let Some(at) = self.queue.iter().position(|q| q.entry.trace == trace) else {
            return;
        };
        let mut item = self.queue.remove(at);
        if !accepted {
            return;
        }
        if item.journaled {
            if let Some(e) = self.journal.iter_mut().find(|e| e.trace == trace) {
                e.rrn = rrn;
            }
        } else {
            item.entry.rrn = rrn;
            item.entry.code = code;
            self.commit(&item.entry, false);
        }
    }

    fn uploaded(&mut self, stan: u32, kind: UploadKind, accepted: bool) {
        let state = if accepted {
            Upload::Accepted
        } else {
            Upload::Refused
        };
        let Some(settling) = &mut self.settling else {
            return;
        };
        let item = settling
            .plan
            .iter_mut()
            .find(|i| i.stan == stan && i.kind == kind);
        let Some(item) = item else { return };
        item.state = state;
        for entry in self
            .journal
            .iter_mut()
            .filter(|e| item.traces.contains(&e.trace))
        {
            entry.upload = state;
        }
    }

    /// The totals of the journal: domestic, foreign.
    pub fn totals(&self) -> [Totals; 2] {
        let mut out = [Totals::default(); 2];
        for entry in self.journal.iter().filter(|e| e.adjusted.is_none()) {
            let [domestic, foreign] = &mut out;
            let part = if entry.foreign { foreign } else { domestic };
            part.add(entry.kind, entry.amount);
        }
        out
    }
}
