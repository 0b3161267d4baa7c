//! What the front end keeps through a power cut, and the records that change it.

mod record;

pub use record::FrontEndRecord;
use record::FrontEndRecord as R;

use super::discrepancy::{Discrepancy, Found, Resolution};
use crate::node::few::Few;
use crate::node::image::Image;
use crate::node::kind::{Side, TradeKind};
use crate::node::ledger::{Account, Ledger, Posting, Reason};
use crate::node::response::Code;
use crate::node::terminal::UploadKind;
use crate::node::totals::Totals;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What identifies a trade at the front end: terminal, batch, trace number, kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key {
    /// Number of the terminal, from zero.
    pub terminal: u8,
    /// Batch.
    pub batch: u32,
    /// Trace number.
    pub stan: u32,
    /// Kind of trade.
    pub kind: TradeKind,
}

impl Key {
    /// The reference number (F37) of the trade: terminal, batch, trace; the same at every repeat.
    pub fn rrn(&self) -> u64 {
        (u64::from(self.terminal) + 1) * 100_000_000_000
            + u64::from(self.batch % 100_000) * 1_000_000
            + u64::from(self.stan)
    }
}

/// What became of a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Sent on, not answered.
    InFlight,
    /// Approved.
    Approved,
    /// Refused.
    Declined,
    /// Reversed, whatever it was before.
    Reversed,
}

impl Status {
    /// The status in a word.
    pub fn name(self) -> &'static str {
        match self {
            Status::InFlight => "in flight",
            Status::Approved => "approved",
            Status::Declined => "declined",
            Status::Reversed => "reversed",
        }
    }
}

/// A line of the front end's journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What identifies it.
    pub key: Key,
    /// A hash of the request's bytes, to tell a repeat from another request.
    pub body: u64,
    /// Amount asked for, then amount approved.
    pub amount: u64,
    /// What is posted under its own reference: the tip alone for an adjustment.
    pub posted: u64,
    /// PAN.
    pub pan: String,
    /// Where it stands.
    pub status: Status,
    /// The answer the terminal got.
    pub answer: Option<Image>,
    /// The request's fields an answer echoes.
    pub echo: Image,
    /// Trace number on the switch link.
    pub stan: u32,
    /// F7 on the switch link.
    pub f7: String,
    /// MTI on the switch link.
    pub mti: u16,
    /// The request sent on, kept for trades that are repeated until answered.
    pub forward: Option<Box<Image>>,
    /// Authorisation code.
    pub auth: Option<String>,
    /// Card organisation is foreign.
    pub foreign: bool,
    /// The original of a void or adjustment.
    pub original: Option<Key>,
    /// Voided, or a void is in flight.
    pub voided: bool,
    /// Replaced by an adjustment.
    pub adjusted: bool,
    /// The upload confirmed it.
    pub confirmed: bool,
    /// Learned at the upload only.
    pub late: bool,
    /// TPDU address of the terminal.
    pub port: u16,
}

/// A 0420 that is sent until answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obligation {
    /// The message.
    pub image: Image,
    /// It was sent before: the next one is a 0421.
    pub repeated: bool,
}

/// What the front end knows of one terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerminalState {
    /// Working keys under the terminal master key.
    pub block: Option<String>,
    /// Signed on.
    pub signed_on: bool,
    /// The open batch.
    pub batch: u32,
    /// How many sign-ons there were; decides the next keys.
    pub sign_ons: u32,
    /// Trace number of the last sign-on, to tell a repeat.
    pub sign_on: u32,
    /// The flags of the settlement that is running.
    pub settling: Option<([u8; 2], [Totals; 2])>,
    /// Records stored in the running upload.
    pub stored: u32,
}

impl Default for TerminalState {
    fn default() -> Self {
        TerminalState {
            block: None,
            signed_on: false,
            batch: 1,
            sign_ons: 0,
            sign_on: 0,
            settling: None,
            stored: 0,
        }
    }
}

/// A trade as an upload reports it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    /// Trace number.
    pub stan: u32,
    /// PAN.
    pub pan: String,
    /// Amount.
    pub amount: u64,
    /// The kind, when the record says it.
    pub kind: Option<TradeKind>,
    /// Foreign part.
    pub foreign: bool,
}

/// Rules the fold of the records depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Repeated batch records are stored once.
    pub dedup: bool,
    /// Early reversals are remembered.
    pub early: bool,
}

/// The front end's stable state: the fold of its records.
#[derive(Clone, Debug)]
pub struct Store {
    rules: Rules,
    /// One per registered terminal.
    pub terminals: Vec<TerminalState>,
    /// The journal.
    pub journal: BTreeMap<Key, Entry>,
    /// The trade behind each trace number of the switch link that is still of interest.
    pub by_stan: BTreeMap<u32, Key>,
    /// Reversals whose original never came.
    pub early: BTreeSet<Key>,
    /// 0420s that are not answered, by their trace number.
    pub obligations: Few<u32, Obligation>,
    /// Next trace number on the switch link.
    pub next: u32,
    /// The acquirer's books.
    pub ledger: Ledger,
    /// Upload messages stored: terminal, batch, trace, kind.
    pub uploads: BTreeSet<(u8, u32, u32, UploadKind)>,
    /// What the settlements found.
    pub discrepancies: Vec<Discrepancy>,
    /// Results of scripts, by terminal and reference number.
    pub scripts: BTreeMap<(u8, u64), String>,
}

impl Store {
    /// An empty store for so many terminals.
    pub fn new(rules: Rules, terminals: usize) -> Self {
        Store {
            rules,
            terminals: vec![TerminalState::default(); terminals],
            journal: BTreeMap::new(),
            by_stan: BTreeMap::new(),
            early: BTreeSet::new(),
            obligations: Few::new(),
            next: 1,
            ledger: Ledger::default(),
            uploads: BTreeSet::new(),
            discrepancies: Vec::new(),
            scripts: BTreeMap::new(),
        }
    }

    /// Changes the state as a record says.
    pub fn apply(&mut self, record: &FrontEndRecord) {
        match record {
            R::SignedOn {
                terminal,
                block,
                stan,
            } => {
                if let Some(t) = self.terminal(*terminal) {
                    t.block = Some(block.clone());
                    t.signed_on = true;
                    t.sign_ons += 1;
                    t.sign_on = *stan;
                }
            }
            R::SignedOff { terminal } => {
                if let Some(t) = self.terminal(*terminal) {
                    t.signed_on = false;
                }
            }
            R::Begun { entry, next } => {
                self.next = *next;
                self.by_stan.insert(entry.stan, entry.key);
                self.void_original(entry.original, entry.key.kind, true);
                self.journal.insert(entry.key, (**entry).clone());
            }
            R::Refused { entry } => {
                self.journal.insert(entry.key, (**entry).clone());
            }
            R::Answered {
                key,
                code,
                amount,
                auth,
                foreign,
                answer,
            } => {
                self.answered(*key, *code, *amount, *foreign, answer);
                if let (Some(e), true) = (self.journal.get_mut(key), auth.is_some()) {
                    e.auth.clone_from(auth);
                }
            }
            R::Reversed {
                key,
                stan,
                obligation,
                answer,
            } => {
                self.reversed(*key, answer.as_deref());
                self.obligations.insert(*stan, (**obligation).clone());
                self.next = self.next.max(stan + 1);
            }
            R::Early { key } => {
                if self.rules.early {
                    self.early.insert(*key);
                }
            }
            R::Sent { stan } => {
                if let Some(o) = self.obligations.get_mut(stan) {
                    o.repeated = true;
                }
            }
            R::Met { stan } => {
                self.obligations.remove(stan);
            }
            R::Settled {
                terminal,
                flags,
                host,
            } => {
                if let Some(t) = self.terminal(*terminal) {
                    t.settling = Some((*flags, *host));
                }
            }
            R::Uploaded {
                terminal,
                batch,
                stan,
                kind,
                reported,
            } => {
                self.uploads.insert((*terminal, *batch, *stan, *kind));
                if let Some(t) = self.terminal(*terminal) {
                    t.stored += reported.len() as u32;
                }
                for trade in reported {
                    self.reconcile(*terminal, *batch, trade);
                }
            }
            R::Closed {
                terminal,
                batch,
                count,
            } => self.close(*terminal, *batch, *count),
            R::Resolved { index, how } => self.resolve(*index, *how),
            R::Script {
                terminal,
                rrn,
                result,
            } => {
                self.scripts.insert((*terminal, *rrn), result.clone());
            }
            R::Epoch { next } => self.next = *next,
        }
    }

    fn terminal(&mut self, index: u8) -> Option<&mut TerminalState> {
        self.terminals.get_mut(usize::from(index))
    }

    /// The posting of a trade in the acquirer's books.
    fn posting(key: Key, posted: u64, reason: Reason) -> Option<Posting> {
        let amount = match key.kind.side() {
            Side::Debit => posted as i64,
            Side::Credit => -(posted as i64),
            Side::None => return None,
        };
        let to = Account::MerchantPayable(key.terminal);
        Some(Posting::transfer(
            key.rrn(),
            reason,
            Account::AcquirerSettlement,
            to,
            amount,
        ))
    }

    fn void_original(&mut self, original: Option<Key>, kind: TradeKind, on: bool) {
        let Some(entry) = original.and_then(|key| self.journal.get_mut(&key)) else {
            return;
        };
        match kind {
            TradeKind::TipAdjust => entry.adjusted = on,
            TradeKind::Void | TradeKind::CompletionVoid | TradeKind::PreAuthVoid => {
                entry.voided = on;
            }
            _ => {}
        }
    }

    fn answered(&mut self, key: Key, code: Code, amount: u64, foreign: bool, answer: &Image) {
        let Some(entry) = self.journal.get_mut(&key) else {
            return;
        };
        entry.answer = Some(answer.clone());
        entry.forward = None;
        entry.foreign = foreign;
        let original = entry.original;
        if code.approves() {
            entry.status = Status::Approved;
            if key.kind != TradeKind::TipAdjust {
                entry.amount = amount;
                entry.posted = amount;
            }
            let posted = entry.posted;
            if let Some(posting) = Self::posting(key, posted, Reason::Trade) {
                self.ledger.post(posting);
            }
        } else {
            entry.status = Status::Declined;
            self.void_original(original, key.kind, false);
        }
    }

    fn reversed(&mut self, key: Key, answer: Option<&Image>) {
        let Some(entry) = self.journal.get_mut(&key) else {
            return;
        };
        let was = std::mem::replace(&mut entry.status, Status::Reversed);
        if let Some(answer) = answer {
            entry.answer = Some(answer.clone());
        }
        let (posted, original) = (entry.posted, entry.original);
        if was == Status::Approved
            && let Some(posting) = Self::posting(key, posted, Reason::Trade)
        {
            self.ledger.post(posting.reversed());
        }
        self.void_original(original, key.kind, false);
    }

    /// Compares a trade the terminal reports with the journal.
    fn reconcile(&mut self, terminal: u8, batch: u32, trade: &Reported) {
        let dedup = self.rules.dedup;
        let found = self.journal.values_mut().find(|e| {
            e.key.terminal == terminal
                && e.key.batch == batch
                && e.key.stan == trade.stan
                && e.status == Status::Approved
                && trade.kind.is_none_or(|k| k == e.key.kind)
                && (dedup || !e.late)
        });
        let Some(entry) = found else {
            return self.post_late(terminal, batch, trade);
        };
        entry.confirmed = true;
        let (key, host) = (entry.key, entry.amount);
        if entry.pan != trade.pan {
            self.discrepancies.push(Discrepancy::new(
                key,
                Found::CardDiffers,
                host,
                trade.amount,
            ));
        } else if host != trade.amount {
            // The merchant is credited by the terminal's figure; the difference waits in suspense.
            let difference = trade.amount as i64 - host as i64;
            let (from, to) = (Account::Suspense, Account::MerchantPayable(terminal));
            self.ledger.post(Posting::transfer(
                key.rrn(),
                Reason::Correction,
                from,
                to,
                difference,
            ));
            self.discrepancies.push(Discrepancy::new(
                key,
                Found::AmountDiffers,
                host,
                trade.amount,
            ));
        }
    }

    /// A trade only the terminal has: posted late, save one that may be a void.
    fn post_late(&mut self, terminal: u8, batch: u32, trade: &Reported) {
        let twin = self.journal.values().any(|e| {
            e.status == Status::Approved
                && !e.late
                && e.pan == trade.pan
                && e.amount == trade.amount
                && e.key.kind.side() == Side::Debit
                && e.key.batch == batch
        });
        let kind = trade.kind.unwrap_or(TradeKind::Sale);
        let key = Key {
            terminal,
            batch,
            stan: trade.stan,
            kind,
        };
        let mut found = Discrepancy::new(key, Found::TerminalOnly, 0, trade.amount);
        if trade.kind.is_none() && twin {
            // A magnetic detail does not say what it was; a person decides.
            self.discrepancies.push(found);
            return;
        }
        found.resolution = Some(Resolution::Posted);
        self.discrepancies.push(found);
        if let Some(posting) = Self::posting(key, trade.amount, Reason::Late) {
            self.ledger.post(posting);
        }
        let entry = Entry {
            key,
            body: 0,
            amount: trade.amount,
            posted: trade.amount,
            pan: trade.pan.clone(),
            status: Status::Approved,
            answer: None,
            echo: Image::new(0),
            stan: 0,
            f7: String::new(),
            mti: 0,
            forward: None,
            auth: None,
            foreign: trade.foreign,
            original: None,
            voided: false,
            adjusted: false,
            confirmed: true,
            late: true,
            port: 0,
        };
        self.journal.insert(key, entry);
    }

    fn close(&mut self, terminal: u8, batch: u32, count: u32) {
        let Some(state) = self.terminal(terminal) else {
            return;
        };
        let flags = state.settling.take().map_or([1, 1], |(flags, _)| flags);
        state.stored = 0;
        state.batch = if batch >= 999_999 { 1 } else { batch + 1 };
        state.signed_on = false;
        if count > 0 || flags != [1, 1] {
            self.host_only(terminal, batch, flags);
        }
        self.early
            .retain(|k| k.terminal != terminal || k.batch > batch);
    }

    /// Trades of an unbalanced side that no upload record confirmed.
    fn host_only(&mut self, terminal: u8, batch: u32, flags: [u8; 2]) {
        let [domestic, foreign] = flags;
        let open = self.journal.values().filter(|e| {
            e.key.terminal == terminal
                && e.key.batch == batch
                && e.status == Status::Approved
                && e.key.kind.side() != Side::None
                && !e.confirmed
                && (if e.foreign { foreign } else { domestic }) != 1
        });
        let found: Vec<Discrepancy> = open
            .map(|e| Discrepancy::new(e.key, Found::HostOnly, e.amount, 0))
            .collect();
        self.discrepancies.extend(found);
    }

    fn resolve(&mut self, index: u32, how: Resolution) {
        let Some(d) = self.discrepancies.get_mut(index as usize) else {
            return;
        };
        if d.resolution.is_some() {
            return;
        }
        d.resolution = Some(how);
        let (key, amount) = (d.key, d.host.max(d.terminal));
        let payable = Account::MerchantPayable(key.terminal);
        let posting = match (d.found, how) {
            (Found::HostOnly, Resolution::Refunded) => {
                let amount = key.kind.signed(amount);
                let to = Account::AcquirerSettlement;
                Some(Posting::transfer(
                    key.rrn(),
                    Reason::Correction,
                    payable,
                    to,
                    -amount,
                ))
            }
            (Found::TerminalOnly, Resolution::Posted) => Self::posting(key, amount, Reason::Late),
            _ => None,
        };
        if let Some(posting) = posting {
            self.ledger.post(posting);
        }
    }

    /// The totals of a batch by the host's own journal: domestic, foreign.
    pub fn totals(&self, terminal: u8, batch: u32) -> [Totals; 2] {
        let mut out = [Totals::default(); 2];
        for e in self.journal.values() {
            let of_batch = e.key.terminal == terminal && e.key.batch == batch;
            if of_batch && e.status == Status::Approved && !e.adjusted {
                let [domestic, foreign] = &mut out;
                (if e.foreign { foreign } else { domestic }).add(e.key.kind, e.amount);
            }
        }
        out
    }
}
