//! The properties: what must hold in every run, whatever goes wrong.
//!
//! The watch sees records as they become stable and frames as they leave; it knows nothing the
//! machines believe. At the end of a run, once everything is quiet, it compares the books.

use super::sometimes::Reached;
use super::stage::Stage;
use crate::node::clearing::Open;
use crate::node::front_end::{Discrepancy, FrontEnd, FrontEndRecord};
use crate::node::issuer::{Issuer, IssuerEntry};
use crate::node::ledger::{Account, Fen, Ledger, Reason};
use crate::node::terminal::{JournalEntry, TerminalRecord};
use crate::node::{Millis, Side, Slip, Tag};
use crate::spec::Dialect;
use crate::trace::{Breach, Whose};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Property {
    /// The ledger balances.
    P1,
    /// Once quiet, postings equal the terminal's journal.
    P2,
    /// Nothing is posted twice.
    P3,
    /// No clear PIN or key outside secure parts.
    P4,
    /// No trace number twice in a batch.
    P5,
    /// No online trade between settlement and end of upload.
    P6,
    /// Whatever was printed as approved is in the journal.
    P7,
}

impl Property {
    /// All seven.
    pub const ALL: [Property; 7] = [
        Property::P1,
        Property::P2,
        Property::P3,
        Property::P4,
        Property::P5,
        Property::P6,
        Property::P7,
    ];

    /// `P1` to `P7`.
    pub fn name(self) -> &'static str {
        match self {
            Property::P1 => "P1",
            Property::P2 => "P2",
            Property::P3 => "P3",
            Property::P4 => "P4",
            Property::P5 => "P5",
            Property::P6 => "P6",
            Property::P7 => "P7",
        }
    }

    /// Whether it is promised for the end, once everything is quiet; the others hold at every
    /// moment.
    pub fn is_eventual(self) -> bool {
        self == Property::P2
    }

    /// The property in a sentence, English and Chinese.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Property::P1 => ("the ledger balances", "账务借贷平衡"),
            Property::P2 => (
                "every posting at the hosts equals the terminal's journal",
                "各方记账与终端流水一致",
            ),
            Property::P3 => ("nothing is posted twice", "没有重复记账"),
            Property::P4 => (
                "no PIN or key leaves its secure part in clear",
                "密码与密钥不以明文出现",
            ),
            Property::P5 => (
                "no trace number is used twice in a batch",
                "同一批次流水号不重复",
            ),
            Property::P6 => (
                "no trade while a batch is being settled",
                "结算与批上送期间无联机交易",
            ),
            Property::P7 => (
                "what was printed as approved is in the journal",
                "已打印成功的交易必在流水中",
            ),
        }
    }
}

/// A property that was broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// Which.
    pub property: Property,
    /// When.
    pub at_ms: Millis,
    /// What was found.
    pub detail: Breach,
}

type TradeId = (u8, u32, u32);

/// What the watch has seen.
#[derive(Clone, Debug, Default)]
pub(super) struct Watch {
    /// Journal entries that became stable, by terminal, batch, trace.
    pub books: BTreeMap<TradeId, JournalEntry>,
    /// Trades whose reversal nobody answered.
    given_up: BTreeSet<TradeId>,
    /// Reference numbers whose host record a database restore lost.
    lost: BTreeSet<u64>,
    /// Of these, the ones that the last cut-off named: the other files still have them.
    named: BTreeSet<u64>,
    /// Batches that were closed.
    closed: BTreeSet<(u8, u32)>,
    /// Requests that left, with a hash of their content.
    requests: BTreeMap<TradeId, u64>,
    /// Batch of each terminal, and whether it is settling.
    batches: BTreeMap<u8, (u32, bool)>,
    /// Printed as approved.
    printed: Vec<(TradeId, u64)>,
    /// What was broken.
    pub broken: Vec<Broken>,
    /// What was sometimes reached.
    pub reached: Reached,
}

impl Watch {
    pub(super) fn breaks(&mut self, property: Property, at_ms: Millis, detail: Breach) {
        if !self.broken.iter().any(|b| b.property == property) {
            self.broken.push(Broken {
                property,
                at_ms,
                detail,
            });
        }
    }

    fn batch(&self, terminal: u8) -> (u32, bool) {
        self.batches.get(&terminal).copied().unwrap_or((1, false))
    }

    /// A record of a terminal became stable.
    pub(super) fn terminal_wrote(&mut self, k: u8, record: &TerminalRecord) {
        let (batch, settling) = self.batch(k);
        match record {
            TerminalRecord::Committed { entry, .. } => self.keep(k, entry),
            TerminalRecord::Queued { item, .. } => {
                if item.journaled {
                    self.keep(k, &item.entry);
                } else {
                    // Not in the journal yet, but remembered for when it is answered.
                    let mut entry = item.entry.clone();
                    entry.posted = 0;
                    self.books.insert((k, entry.batch, entry.trace), entry);
                }
            }
            TerminalRecord::Answered {
                trace,
                accepted,
                rrn,
                ..
            } => {
                let found = self
                    .books
                    .iter_mut()
                    .find(|(id, _)| id.0 == k && id.2 == *trace);
                if let Some((_, entry)) = found {
                    if *accepted {
                        entry.rrn = *rrn;
                        if entry.posted == 0 {
                            entry.posted = entry.amount;
                        }
                    } else {
                        entry.posted = 0;
                    }
                }
            }
            TerminalRecord::SignedOn { batch, .. } => {
                self.batches.insert(k, (*batch, settling));
            }
            TerminalRecord::Settling { .. } => {
                self.batches.insert(k, (batch, true));
            }
            TerminalRecord::SettleCancelled => {
                self.batches.insert(k, (batch, false));
            }
            TerminalRecord::Closed { batch: next } => {
                self.closed.insert((k, batch));
                self.batches.insert(k, (*next, false));
            }
            _ => {}
        }
    }

    fn keep(&mut self, k: u8, entry: &JournalEntry) {
        self.books
            .insert((k, entry.batch, entry.trace), entry.clone());
    }

    /// A terminal sent a frame.
    pub(super) fn terminal_sent(
        &mut self,
        k: u8,
        tag: Tag,
        frame: &[u8],
        pos: &Dialect,
        now: Millis,
    ) {
        let (batch, settling) = self.batch(k);
        let trade = matches!(tag.mti, 100 | 200 | 220);
        if settling && trade {
            let detail = Breach::WhileSettling {
                mti: tag.mti,
                stan: tag.stan,
                batch,
                amount: amount_of(frame, pos),
            };
            self.breaks(Property::P6, now, detail);
        }
        if !trade && !matches!(tag.mti, 500 | 800) || tag.stan == 0 {
            return;
        }
        // A repeat is the same request under the same number; only its MAC may differ.
        let content = frame
            .get(13..frame.len().saturating_sub(8))
            .unwrap_or_default();
        let hash = content.iter().fold(u64::from(tag.mti), |h, b| {
            (h ^ u64::from(*b)).wrapping_mul(0x100_0000_01B3)
        });
        if let Some(before) = self.requests.insert((k, batch, tag.stan), hash)
            && before != hash
        {
            let detail = Breach::TraceTwice {
                stan: tag.stan,
                batch,
            };
            self.breaks(Property::P5, now, detail);
        }
    }

    /// Any box sent a frame.
    pub(super) fn frame_left(&mut self, stage: &Stage, frame: &[u8], now: Millis) {
        if self.broken.iter().all(|b| b.property != Property::P4) && stage.leaks(frame) {
            self.breaks(Property::P4, now, Breach::Clear);
        }
    }

    /// A slip came out.
    pub(super) fn printed(&mut self, k: u8, slip: &Slip) {
        match slip {
            Slip::Trade {
                batch,
                trace,
                amount,
                ..
            } => self.printed.push(((k, *batch, *trace), *amount)),
            Slip::ReversalGivenUp { batch, trace, .. } => {
                self.given_up.insert((k, *batch, *trace));
            }
            Slip::Settlement { .. } | Slip::Positions(_) | Slip::Statement(_) => {}
        }
    }

    /// A batch of effects of a terminal is over, or its power is gone: what was printed must be
    /// stable by now.
    pub(super) fn settled_down(&mut self, now: Millis) {
        let missing = self
            .printed
            .iter()
            .find(|(id, _)| !self.books.contains_key(id))
            .copied();
        if let Some(((_, batch, stan), amount)) = missing {
            let detail = Breach::PaperOnly {
                stan,
                batch,
                amount,
            };
            self.breaks(Property::P7, now, detail);
        }
        self.printed.clear();
    }

    /// Records of the front end were lost.
    pub(super) fn restored<'a>(&mut self, lost: impl Iterator<Item = &'a FrontEndRecord>) {
        for record in lost {
            if let FrontEndRecord::Begun { entry, .. } = record {
                self.lost.insert(entry.key.rrn());
            }
        }
    }

    /// A cut-off compared the files; these trades are open.
    pub(super) fn cut_off(&mut self, open: &[Open]) {
        self.named = open.iter().map(|open| open.rrn).collect();
    }

    /// Compares all books; called when everything is quiet.
    pub(super) fn compare(&mut self, front_end: &FrontEnd, issuer: &Issuer, now: Millis) {
        for (whose, ledger) in [
            (Whose::Acquirer, &front_end.store().ledger),
            (Whose::Issuer, &issuer.store().ledger),
        ] {
            let off = ledger.imbalance();
            if off != 0 {
                self.breaks(Property::P1, now, Breach::Unbalanced { whose, off });
            }
            self.check_twice(whose, ledger, now);
        }
        self.check_issuer_twice(issuer, now);
        self.check_issuer(front_end, issuer, now);
        self.check_acquirer(front_end, now);
    }

    /// P3 in a ledger: trades less reversals of one reference are at most one.
    fn check_twice(&mut self, whose: Whose, ledger: &Ledger, now: Millis) {
        let mut count: BTreeMap<u64, (i32, Fen)> = BTreeMap::new();
        for p in ledger
            .postings()
            .iter()
            .filter(|p| p.rrn != 0 && p.legs.len() == 2)
        {
            let fen = p.legs.iter().map(|leg| leg.amount.abs()).max().unwrap_or(0);
            let (times, _) = count.entry(p.rrn).or_insert((0, fen));
            *times += match p.reason {
                Reason::Trade | Reason::Late => 1,
                Reason::Reversal => -1,
                Reason::Opening | Reason::Correction | Reason::Clearing => 0,
            };
        }
        if let Some((rrn, (times, fen))) = count.into_iter().find(|(_, (times, _))| *times > 1) {
            let detail = Breach::Posted {
                rrn,
                times,
                whose,
                fen,
            };
            self.breaks(Property::P3, now, detail);
        }
    }

    /// P3 at the issuer: no two standing decisions for one reference.
    fn check_issuer_twice(&mut self, issuer: &Issuer, now: Millis) {
        let mut seen = BTreeSet::new();
        let standing = issuer
            .store()
            .journal
            .values()
            .filter(|e| e.approved && !e.reversed && e.posting.is_some());
        let mut standing = standing.map(|e| (e.rrn, moved(e).abs()));
        if let Some((rrn, fen)) = standing.find(|(rrn, _)| !seen.insert(*rrn)) {
            self.breaks(Property::P3, now, Breach::StandsTwice { rrn, fen });
        }
    }

    /// P2 between the terminals' journals and the issuer.
    fn check_issuer(&mut self, front_end: &FrontEnd, issuer: &Issuer, now: Millis) {
        let mut theirs: BTreeMap<u64, Fen> = BTreeMap::new();
        for e in issuer
            .store()
            .journal
            .values()
            .filter(|e| e.approved && !e.reversed)
        {
            if e.kind != crate::node::TradeKind::Balance {
                *theirs.entry(e.rrn).or_insert(0) += moved(e);
            }
        }
        let mut ours: BTreeMap<u64, Fen> = BTreeMap::new();
        for entry in self.books.values() {
            let open = entry.posted == 0 && entry.kind.side() != Side::None;
            if let (Some(rrn), false) = (entry.rrn, open) {
                ours.insert(rrn, entry.kind.signed(entry.posted));
            }
        }
        let all: BTreeSet<u64> = theirs.keys().chain(ours.keys()).copied().collect();
        for rrn in all {
            if theirs.get(&rrn) == ours.get(&rrn) || self.may_differ(rrn, front_end) {
                continue;
            }
            let fen = |side: Option<&Fen>| side.copied().unwrap_or(0);
            let detail = Breach::Issuer {
                rrn,
                moved: fen(theirs.get(&rrn)),
                journal: fen(ours.get(&rrn)),
            };
            return self.breaks(Property::P2, now, detail);
        }
    }

    /// P2 of settled batches: what the merchant is owed equals the terminal's journal.
    fn check_acquirer(&mut self, front_end: &FrontEnd, now: Millis) {
        if self.closed.is_empty() {
            return;
        }
        let mut owed: BTreeMap<u64, Fen> = BTreeMap::new();
        for p in front_end
            .store()
            .ledger
            .postings()
            .iter()
            .filter(|p| p.rrn != 0)
        {
            let merchant = p
                .legs
                .iter()
                .filter(|l| matches!(l.account, Account::MerchantPayable(_)))
                .map(|l| l.amount)
                .sum::<Fen>();
            *owed.entry(p.rrn).or_insert(0) += merchant;
        }
        let mut ours: BTreeMap<u64, Fen> = BTreeMap::new();
        for ((k, batch, _), entry) in &self.books {
            if let (Some(rrn), true) = (entry.rrn, self.closed.contains(&(*k, *batch))) {
                ours.insert(rrn, -entry.kind.signed(entry.posted));
            }
        }
        let of_closed = |rrn: &u64| {
            let terminal = (rrn / 100_000_000_000).saturating_sub(1) as u8;
            let batch = (rrn / 1_000_000 % 100_000) as u32;
            self.closed.contains(&(terminal, batch))
        };
        let all: BTreeSet<u64> = owed
            .keys()
            .filter(|r| of_closed(r))
            .chain(ours.keys())
            .copied()
            .collect();
        let zero = |side: Option<&Fen>| side.copied().unwrap_or(0);
        let found = all.into_iter().find(|rrn| {
            zero(owed.get(rrn)) != zero(ours.get(rrn)) && !self.stands_open(*rrn, front_end)
        });
        if let Some(rrn) = found {
            let detail = Breach::Merchant {
                rrn,
                owed: zero(owed.get(&rrn)),
                journal: zero(ours.get(&rrn)),
            };
            self.breaks(Property::P2, now, detail);
        }
    }

    fn discrepancy(rrn: u64, front_end: &FrontEnd) -> Option<&Discrepancy> {
        front_end
            .store()
            .discrepancies
            .iter()
            .find(|d| d.key.rrn() == rrn)
    }

    fn stands_open(&self, rrn: u64, front_end: &FrontEnd) -> bool {
        Self::discrepancy(rrn, front_end).is_some()
    }

    /// The two kinds of trade that may differ: given up in print, and lost by a database fault.
    /// What was lost stands in the discrepancy store once its batch is closed; what the terminal
    /// does not have either is found by nobody before the cut-off, which names it.
    fn may_differ(&self, rrn: u64, front_end: &FrontEnd) -> bool {
        let terminal = (rrn / 100_000_000_000).saturating_sub(1) as u8;
        let batch = (rrn / 1_000_000 % 100_000) as u32;
        let trace = (rrn % 1_000_000) as u32;
        if self.given_up.contains(&(terminal, batch, trace)) {
            return true;
        }
        let closed = self.closed.contains(&(terminal, batch));
        let found = self.stands_open(rrn, front_end) || self.named.contains(&rrn);
        self.lost.contains(&rrn) && (!closed || found)
    }
}

/// What a decision moved on the card's account.
fn moved(entry: &IssuerEntry) -> Fen {
    let legs = entry.posting.iter().flat_map(|posting| &posting.legs);
    legs.filter(|leg| matches!(leg.account, Account::Cardholder(_)))
        .map(|leg| leg.amount)
        .sum()
}

/// The amount in a message of a terminal.
fn amount_of(frame: &[u8], pos: &Dialect) -> u64 {
    let body = frame.get(13..).unwrap_or_default();
    let message = crate::codec::unpack(pos, body).ok();
    let amount = message.and_then(|m| m.value(4)?.parse().ok());
    amount.unwrap_or(0)
}
