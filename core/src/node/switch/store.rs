//! What the switch keeps through a power cut.

use crate::node::few::Few;
use crate::node::front_end::Obligation;
use crate::node::image::Image;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A trade between hosts: the acquirer's trace number and transmission time.
pub type Key = (u32, String);

/// What became of a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Sent on, not answered.
    InFlight,
    /// Answered, approved or not.
    Answered,
    /// Reversed.
    Reversed,
}

/// A line of the switch's journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwitchEntry {
    /// Where it stands.
    pub status: Status,
    /// The request without PIN block and track.
    pub request: Image,
    /// The answer.
    pub answer: Option<Image>,
}

/// A record of the switch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "kebab-case")]
pub enum SwitchRecord {
    /// A trade is about to be sent on.
    Begun {
        /// What identifies it.
        key: Key,
        /// The request without PIN block and track.
        request: Image,
    },
    /// A trade was answered.
    Answered {
        /// What identifies it.
        key: Key,
        /// The answer.
        answer: Image,
    },
    /// A trade is reversed; the issuer may be owed a 0420.
    Reversed {
        /// What identifies it.
        key: Key,
        /// The 0420 and its trace number.
        obligation: Option<(u32, Box<Obligation>)>,
    },
    /// A reversal that overtook its original.
    Early {
        /// What identifies the original.
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
}

use SwitchRecord as R;

impl SwitchRecord {
    /// The record in a word or two.
    pub fn name(&self) -> &'static str {
        match self {
            R::Begun { .. } => "trade-begun",
            R::Answered { .. } => "trade-answered",
            R::Reversed { .. } => "trade-reversed",
            R::Early { .. } => "early-reversal",
            R::Sent { .. } => "advice-sent",
            R::Met { .. } => "advice-answered",
        }
    }
}

/// The switch's stable state: the fold of its records.
#[derive(Clone, Debug)]
pub struct Store {
    remembers_early: bool,
    /// The journal.
    pub journal: BTreeMap<Key, SwitchEntry>,
    /// Reversals whose original never came.
    pub early: BTreeSet<Key>,
    /// 0420s that are not answered.
    pub obligations: Few<u32, Obligation>,
    /// How many 0420s there were.
    pub advices: u32,
}

impl Store {
    /// An empty store.
    pub fn new(remembers_early: bool) -> Self {
        Store {
            remembers_early,
            journal: BTreeMap::new(),
            early: BTreeSet::new(),
            obligations: Few::new(),
            advices: 0,
        }
    }

    /// Changes the state as a record says.
    pub fn apply(&mut self, record: &SwitchRecord) {
        match record {
            R::Begun { key, request } => {
                let entry = SwitchEntry {
                    status: Status::InFlight,
                    request: request.clone(),
                    answer: None,
                };
                self.journal.insert(key.clone(), entry);
            }
            R::Answered { key, answer } => {
                if let Some(e) = self.journal.get_mut(key) {
                    e.status = Status::Answered;
                    e.answer = Some(answer.clone());
                }
            }
            R::Reversed { key, obligation } => {
                if let Some(e) = self.journal.get_mut(key) {
                    e.status = Status::Reversed;
                }
                if let Some((stan, owed)) = obligation {
                    self.obligations.insert(*stan, (**owed).clone());
                    self.advices += 1;
                }
            }
            R::Early { key } => {
                if self.remembers_early {
                    self.early.insert(key.clone());
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
        }
    }
}
