//! What everybody's books say at a moment: journals, postings, keys, screens, slips, properties.
//!
//! A fold over the events of a run and nothing else, so that any moment of a trace, a file's or a
//! live one's, has its books without running a machine. [`Shelf`] keeps a copy every few hundred
//! events, so that a look at any moment of a long day costs a few hundred steps.

use super::machine::Machines;
use crate::node::ledger::{Account, Fen};
use crate::node::{NodeId, Outcome, Screen};
use crate::trace::{Breach, Event, What};
use std::collections::BTreeMap;

/// An entry of a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Trace number.
    pub stan: u32,
    /// Reference number, when known.
    pub rrn: Option<u64>,
    /// Amount in fen.
    pub amount: u64,
    /// What became of it.
    pub status: &'static str,
    /// Index of the event that said so last.
    pub event: usize,
}

/// What stands on a terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Till {
    /// The screen.
    pub screen: Option<Screen>,
    /// How the last order ended.
    pub outcome: Option<Outcome>,
    /// An order is running.
    pub busy: bool,
    /// Indices of the events that printed its slips.
    pub slips: Vec<usize>,
    /// Names and check values of the keys in use.
    pub keys: BTreeMap<&'static str, String>,
}

/// A property as last judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it holds.
    pub holds: bool,
    /// What was found.
    pub detail: Breach,
    /// Index of the event.
    pub event: usize,
}

/// Everybody's books at a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// The terminals and their pads.
    pub tills: BTreeMap<NodeId, Till>,
    /// The state machines of all boxes.
    pub machines: Machines,
    /// The terminals' journals.
    pub journal: Vec<(NodeId, Entry)>,
    /// The front end's journal.
    pub host: Vec<Entry>,
    /// What was posted to cardholders, by reference number.
    pub posted: BTreeMap<u64, Fen>,
    /// Balances of the accounts that moved.
    pub balances: BTreeMap<Account, Fen>,
    /// Sum of all credits.
    pub credits: Fen,
    /// Sum of all debits, negative.
    pub debits: Fen,
    /// The properties that were judged.
    pub properties: BTreeMap<&'static str, Verdict>,
    /// Index of the event by which the books ceased to balance.
    pub unbalanced: Option<usize>,
}

/// Whether the books about one trade agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// Everybody says the same.
    Agrees,
    /// The terminal does not know yet.
    Open,
    /// They contradict each other.
    Differs,
}

/// One trade as the terminal, the front end and the issuer have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trade {
    /// Trace number.
    pub stan: u32,
    /// The terminal's entry.
    pub terminal: Option<Entry>,
    /// The front end's entry.
    pub host: Option<Entry>,
    /// What the issuer posted to the cardholder; `None` when it has no posting.
    pub posted: Option<Fen>,
    /// Whether they agree.
    pub agreement: Agreement,
}

impl Books {
    /// The books after all of some events.
    pub fn of(events: &[Event]) -> Books {
        let mut books = Books::default();
        for (index, event) in events.iter().enumerate() {
            books.take(index, event);
        }
        books
    }

    /// Takes the next event.
    pub fn take(&mut self, index: usize, event: &Event) {
        self.machines.take(index, event);
        match &event.what {
            What::Journal {
                stan,
                rrn,
                amount,
                status,
            } => {
                let entry = Entry {
                    stan: *stan,
                    rrn: *rrn,
                    amount: *amount,
                    status,
                    event: index,
                };
                self.journal(event.node, entry);
            }
            What::Ledger { rrn, legs, .. } => self.post(index, *rrn, legs),
            What::Property {
                name,
                holds,
                detail,
            } => {
                let verdict = Verdict {
                    holds: *holds,
                    detail: detail.clone(),
                    event: index,
                };
                self.properties.insert(name, verdict);
            }
            _ => self.till(index, event),
        }
    }

    fn till(&mut self, index: usize, event: &Event) {
        let till = self.tills.entry(event.node).or_default();
        match &event.what {
            What::Order { .. } => till.busy = true,
            What::Outcome { outcome, .. } => {
                till.busy = false;
                till.outcome = Some(*outcome);
            }
            What::Screen { screen } => till.screen = Some(*screen),
            What::Print { .. } => till.slips.push(index),
            What::KeyLoaded { key, kcv } => {
                till.keys.insert(key, kcv.clone());
            }
            What::KeysErased => till.keys.clear(),
            _ => {}
        }
    }

    fn journal(&mut self, node: NodeId, entry: Entry) {
        if matches!(node, NodeId::Terminal(_)) {
            let same = |(at, old): &&mut (NodeId, Entry)| *at == node && old.stan == entry.stan;
            match self.journal.iter_mut().rev().find(same) {
                Some((_, old)) => {
                    let rrn = entry.rrn.or(old.rrn);
                    *old = Entry { rrn, ..entry };
                }
                None => self.journal.push((node, entry)),
            }
        } else if node == NodeId::FrontEnd {
            let same = |old: &&mut Entry| old.rrn == entry.rrn;
            match self.host.iter_mut().rev().find(same) {
                Some(old) => *old = entry,
                None => self.host.push(entry),
            }
        }
    }

    fn post(&mut self, index: usize, rrn: u64, legs: &[(Account, Fen)]) {
        for (account, fen) in legs {
            *self.balances.entry(*account).or_insert(0) += fen;
            if *fen > 0 {
                self.credits += fen;
            } else {
                self.debits += fen;
            }
            if let Account::Cardholder(_) = account {
                *self.posted.entry(rrn).or_default() += fen;
            }
        }
        let balanced = self.credits + self.debits == 0;
        self.unbalanced = match (balanced, self.unbalanced) {
            (true, _) => None,
            (false, since) => since.or(Some(index)),
        };
    }

    /// The till of a terminal.
    pub fn till_of(&self, node: NodeId) -> Option<&Till> {
        self.tills.get(&node)
    }

    /// Every trade of a terminal, oldest first, as each book has it.
    pub fn trades(&self, terminal: u8) -> Vec<Trade> {
        let mut trades: BTreeMap<u32, Trade> = BTreeMap::new();
        let blank = |stan| Trade {
            stan,
            terminal: None,
            host: None,
            posted: None,
            agreement: Agreement::Agrees,
        };
        for (node, entry) in &self.journal {
            if *node == NodeId::Terminal(terminal) {
                let stan = entry.stan;
                trades.entry(stan).or_insert_with(|| blank(stan)).terminal = Some(entry.clone());
            }
        }
        let mine = |rrn: u64| rrn / 100_000_000_000 == u64::from(terminal) + 1;
        for entry in self.host.iter().filter(|entry| entry.rrn.is_some_and(mine)) {
            let stan = entry.stan;
            trades.entry(stan).or_insert_with(|| blank(stan)).host = Some(entry.clone());
        }
        for (rrn, fen) in self.posted.iter().filter(|(rrn, _)| mine(**rrn)) {
            let stan = (rrn % 1_000_000) as u32;
            trades.entry(stan).or_insert_with(|| blank(stan)).posted = Some(*fen);
        }
        let mut trades: Vec<Trade> = trades.into_values().collect();
        for trade in &mut trades {
            trade.agreement = trade.judge();
        }
        trades
    }

    /// Money at the issuer that other terminals than this one do not know of, in fen; what this one
    /// does not know is in its trades.
    pub fn in_doubt_elsewhere(&self, but: u8) -> u64 {
        let others = self.tills.keys().filter_map(|node| match node {
            NodeId::Terminal(k) if *k != but => Some(*k),
            _ => None,
        });
        others.map(|k| in_doubt(&self.trades(k))).sum()
    }
}

/// Money at the issuer in trades that do not agree, in fen.
pub fn in_doubt(trades: &[Trade]) -> u64 {
    let doubtful = trades.iter().filter(|t| t.agreement != Agreement::Agrees);
    doubtful.map(|t| t.posted.unwrap_or(0).unsigned_abs()).sum()
}

impl Trade {
    fn judge(&self) -> Agreement {
        let stands = |entry: &Entry| entry.status.starts_with("approved") || entry.status == "kept";
        let money = self.posted.unwrap_or(0) != 0;
        let host = self.host.as_ref().is_some_and(stands);
        match &self.terminal {
            Some(entry) if stands(entry) => match &self.host {
                Some(other) if !stands(other) => Agreement::Differs,
                Some(other) if other.amount != entry.amount => Agreement::Differs,
                _ => Agreement::Agrees,
            },
            Some(entry) if entry.status == "reversed" && (host || money) => Agreement::Differs,
            Some(_) => Agreement::Agrees,
            None if host || money => Agreement::Open,
            None => Agreement::Agrees,
        }
    }
}

/// Copies of the books at regular moments of a run.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    copies: Vec<Books>,
}

/// Events between two copies.
const APART: usize = 512;

impl Shelf {
    /// The shelf of a run.
    pub fn of(events: &[Event]) -> Shelf {
        let mut books = Books::default();
        let mut copies = Vec::with_capacity(events.len() / APART + 1);
        for (index, event) in events.iter().enumerate() {
            if index % APART == 0 {
                copies.push(books.clone());
            }
            books.take(index, event);
        }
        Shelf { copies }
    }

    /// The books when so many events have happened.
    pub fn at(&self, events: &[Event], count: usize) -> Books {
        let count = count.min(events.len());
        let copy = count / APART;
        let (mut books, from) = match self.copies.get(copy) {
            Some(books) => (books.clone(), copy * APART),
            None => (Books::default(), 0),
        };
        for (index, event) in events.iter().enumerate().take(count).skip(from) {
            books.take(index, event);
        }
        books
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::ledger::Reason;

    const RRN: u64 = 100_001_000_007;

    fn event(seq: usize, node: NodeId, what: What) -> Event {
        Event {
            seq: seq as u64,
            at_ms: 0,
            node,
            what,
        }
    }

    fn journal(rrn: Option<u64>, status: &'static str) -> What {
        What::Journal {
            stan: 7,
            rrn,
            amount: 100,
            status,
        }
    }

    fn ledger(fen: Fen) -> What {
        What::Ledger {
            rrn: RRN,
            reason: Reason::Trade,
            legs: vec![
                (Account::Cardholder(0), -fen),
                (Account::IssuerSettlement, fen),
            ],
        }
    }

    fn lost_answer() -> Vec<Event> {
        vec![
            event(0, NodeId::Issuer, ledger(100)),
            event(1, NodeId::FrontEnd, journal(Some(RRN), "approved")),
            event(2, NodeId::FrontEnd, journal(Some(RRN), "reversed")),
            event(3, NodeId::Issuer, ledger(-100)),
            event(4, NodeId::Terminal(0), journal(None, "reversed")),
        ]
    }

    #[test]
    fn a_lost_answer_is_open_until_it_is_reversed() {
        let events = lost_answer();
        let now = |count: usize| Books::of(&events[..count]).trades(0)[0].agreement;
        assert_eq!(now(2), Agreement::Open);
        assert_eq!(now(5), Agreement::Agrees);
        let books = Books::of(&events);
        assert_eq!(
            (books.credits, books.debits, books.unbalanced),
            (200, -200, None)
        );
        assert_eq!(books.posted[&RRN], 0);
    }

    #[test]
    fn a_leg_without_its_twin_is_seen() {
        let half = What::Ledger {
            rrn: RRN,
            reason: Reason::Trade,
            legs: vec![(Account::Cardholder(0), -100)],
        };
        let books = Books::of(&[event(0, NodeId::Issuer, half)]);
        assert_eq!(books.unbalanced, Some(0));
    }

    #[test]
    fn the_shelf_gives_the_same_books() {
        let events: Vec<Event> = (0..2000)
            .map(|seq| match seq % 2 {
                0 => event(seq, NodeId::Issuer, ledger(seq as Fen)),
                _ => event(seq, NodeId::Terminal(0), journal(None, "approved")),
            })
            .collect();
        let shelf = Shelf::of(&events);
        for count in [0, 1, 511, 512, 513, 1999, 2000] {
            assert_eq!(
                shelf.at(&events, count),
                Books::of(&events[..count]),
                "{count}"
            );
        }
    }
}
