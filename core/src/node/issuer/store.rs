//! What the issuer keeps through a power cut: journal, books, holds, PIN tries.

use super::config::AccountConfig;
use crate::node::few::Few;
use crate::node::image::Image;
use crate::node::kind::TradeKind;
use crate::node::ledger::{Account, Fen, Ledger, Leg, Posting, Reason};
use crate::node::switch::Key;
use crate::node::terminal::tag;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A hold of a pre-authorisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Number of the card.
    pub card: u8,
    /// The pre-authorisation's reference number.
    pub rrn: u64,
    /// Authorisation code.
    pub auth: String,
    /// Amount held.
    pub amount: u64,
    /// Whether the money is still held.
    pub open: bool,
}

/// A line of the issuer's journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuerEntry {
    /// Reference number.
    pub rrn: u64,
    /// The card.
    pub card: u8,
    /// What was asked.
    pub kind: TradeKind,
    /// Whether it was approved.
    pub approved: bool,
    /// Whether it was reversed.
    pub reversed: bool,
    /// The posting, when money moved.
    pub posting: Option<Posting>,
    /// The hold it opened or closed.
    pub hold: Option<u32>,
    /// The answer.
    pub answer: Image,
}

/// What a trade does to a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoldChange {
    /// Nothing.
    None,
    /// Opens one of this amount.
    Open(u64),
    /// Closes the one with this index.
    Close(u32),
}

/// A record of the issuer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "kebab-case")]
pub enum IssuerRecord {
    /// A trade was decided: answer, posting and hold in one write.
    Decided {
        /// What identifies the trade.
        key: Key,
        /// Reference number.
        rrn: u64,
        /// What was asked.
        kind: TradeKind,
        /// The card.
        card: u8,
        /// Whether it was approved.
        approved: bool,
        /// The posting.
        posting: Option<Posting>,
        /// Only the first leg goes to the books; the second is a record of its own.
        split: bool,
        /// The hold.
        hold: HoldChange,
        /// PIN tries used up, after this trade.
        tries: u8,
        /// The answer.
        answer: Image,
    },
    /// The second leg of a posting, when the two are not one record.
    SecondLeg {
        /// What identifies the trade.
        key: Key,
        /// The leg.
        leg: Leg,
    },
    /// A trade was reversed.
    Reversed {
        /// What identifies the trade.
        key: Key,
    },
    /// A reversal that overtook its original.
    Early {
        /// What identifies the original.
        key: Key,
    },
}

use IssuerRecord as R;

impl IssuerRecord {
    /// The record in a word or two.
    pub fn name(&self) -> &'static str {
        match self {
            R::Decided { .. } => "decision",
            R::SecondLeg { .. } => "second-leg",
            R::Reversed { .. } => "counter-posting",
            R::Early { .. } => "early-reversal",
        }
    }
}

/// The issuer's stable state: the fold of its records over the opening balances.
#[derive(Clone, Debug)]
pub struct Store {
    remembers_early: bool,
    /// The journal.
    pub journal: BTreeMap<Key, IssuerEntry>,
    /// Reversals whose original never came.
    pub early: BTreeSet<Key>,
    /// The books.
    pub ledger: Ledger,
    /// Holds, in the order they were opened.
    pub holds: Vec<Hold>,
    /// Wrong PINs in a row, by card.
    pub tries: Vec<u8>,
    /// Cards whose script went out with an answer that stands.
    pub scripted: Few<u8, ()>,
    /// Authorisation codes given out.
    pub auths: u32,
}

impl Store {
    /// The opening books.
    pub fn new(remembers_early: bool, accounts: &[AccountConfig]) -> Self {
        let mut ledger = Ledger::default();
        for (i, account) in accounts.iter().enumerate() {
            if account.opening != 0 {
                let to = Account::Cardholder(i as u8);
                let from = Account::IssuerFunds;
                ledger.post(Posting::transfer(
                    0,
                    Reason::Opening,
                    from,
                    to,
                    account.opening,
                ));
            }
        }
        Store {
            remembers_early,
            journal: BTreeMap::new(),
            early: BTreeSet::new(),
            ledger,
            holds: Vec::new(),
            tries: vec![0; accounts.len()],
            scripted: Few::new(),
            auths: 0,
        }
    }

    /// Changes the state as a record says.
    pub fn apply(&mut self, record: &IssuerRecord) {
        match record {
            R::Decided { .. } => self.decided(record),
            R::SecondLeg { key, leg } => {
                let rrn = self.journal.get(key).map_or(0, |e| e.rrn);
                self.ledger.post(Posting {
                    rrn,
                    reason: Reason::Trade,
                    legs: vec![*leg],
                });
            }
            R::Reversed { key } => self.reversed(key),
            R::Early { key } => {
                if self.remembers_early {
                    self.early.insert(key.clone());
                }
            }
        }
    }

    fn decided(&mut self, record: &IssuerRecord) {
        let R::Decided {
            key,
            rrn,
            kind,
            card,
            approved,
            posting,
            split,
            hold,
            tries,
            answer,
        } = record
        else {
            return;
        };
        if let Some(posting) = posting {
            let mut first = posting.clone();
            if *split {
                first.legs.truncate(1);
            }
            self.ledger.post(first);
        }
        if *approved {
            self.auths += 1;
        }
        let hold = match hold {
            HoldChange::None => None,
            HoldChange::Open(amount) => {
                self.holds.push(Hold {
                    card: *card,
                    rrn: *rrn,
                    auth: answer.get(38).unwrap_or_default().to_owned(),
                    amount: *amount,
                    open: true,
                });
                Some(self.holds.len() as u32 - 1)
            }
            HoldChange::Close(index) => {
                self.set_hold(*index, false);
                Some(*index)
            }
        };
        if let Some(t) = self.tries.get_mut(usize::from(*card)) {
            *t = *tries;
        }
        if scripted(answer) {
            self.scripted.insert(*card, ());
        }
        let entry = IssuerEntry {
            rrn: *rrn,
            card: *card,
            kind: *kind,
            approved: *approved,
            reversed: false,
            posting: posting.clone(),
            hold,
            answer: answer.clone(),
        };
        self.journal.insert(key.clone(), entry);
    }

    fn set_hold(&mut self, index: u32, open: bool) {
        if let Some(hold) = self.holds.get_mut(index as usize) {
            hold.open = open;
        }
    }

    fn reversed(&mut self, key: &Key) {
        let Some(entry) = self.journal.get_mut(key) else {
            return;
        };
        if std::mem::replace(&mut entry.reversed, true) {
            return;
        }
        if scripted(&entry.answer) {
            // The chip may never have seen it: it goes out once more.
            self.scripted.remove(&entry.card);
        }
        let (posting, hold, kind) = (entry.posting.clone(), entry.hold, entry.kind);
        if let Some(posting) = posting {
            self.ledger.post(posting.reversed());
        }
        if let Some(index) = hold {
            // Undoing an opening closes; undoing a closing opens again.
            self.set_hold(index, kind != TradeKind::PreAuth);
        }
    }

    /// Money held on a card by open pre-authorisations.
    pub fn held(&self, card: u8) -> Fen {
        self.holds
            .iter()
            .filter(|h| h.card == card && h.open)
            .map(|h| h.amount as Fen)
            .sum()
    }
}

/// Whether an answer carries a script.
fn scripted(answer: &Image) -> bool {
    answer.get(55).is_some_and(|f55| tag(f55, "72").is_some())
}
