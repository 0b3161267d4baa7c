//! What clearing keeps through a power cut: what was cleared, what is owed, the merchants' books.

use super::compare::Line;
use super::fee::Fee;
use super::mode::SettlementMode;
use crate::node::fact::Note;
use crate::node::few::Few;
use crate::node::id::Millis;
use crate::node::ledger::{Account, Fen, Ledger, Leg, Posting, Reason};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A trade, or a change of one, that a cut-off cleared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cleared {
    /// The trade with what moves between the banks.
    pub line: Line,
    /// What of it the acquirer claimed; the rest nobody there knows, and waits in suspense.
    pub claimed: Fen,
    /// What moves to the merchant, before the fee.
    pub paid: Fen,
    /// The fee.
    pub fee: Fee,
}

/// What the parties say differently of a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Doubt {
    /// The switch has it, the acquirer has not, or less (长款).
    SwitchOnly,
    /// The acquirer has it, the switch has not, or less (短款).
    AcquirerOnly,
    /// The issuer has another figure than the switch.
    IssuerDiffers,
}

impl Doubt {
    /// What three figures for one trade have against each other.
    pub(super) fn of(switch: Fen, issuer: Fen, acquirer: Fen) -> Option<Doubt> {
        match (switch == acquirer, switch == issuer) {
            (true, true) => None,
            (false, _) if switch.abs() > acquirer.abs() => Some(Doubt::SwitchOnly),
            (false, _) => Some(Doubt::AcquirerOnly),
            (true, false) => Some(Doubt::IssuerDiffers),
        }
    }

    /// The remark of the trace.
    pub(super) fn note(self) -> Note {
        match self {
            Doubt::SwitchOnly => Note::SwitchOnly,
            Doubt::AcquirerOnly => Note::AcquirerOnly,
            Doubt::IssuerDiffers => Note::IssuerDiffers,
        }
    }

    /// The doubt in a few words, English and Chinese.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Doubt::SwitchOnly => ("not at the acquirer", "长款（收单无）"),
            Doubt::AcquirerOnly => ("not at the switch", "短款（交换无）"),
            Doubt::IssuerDiffers => ("issuer differs", "发卡方不符"),
        }
    }
}

/// A trade that stays open at a cut-off, with everybody's figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    /// Reference number.
    pub rrn: u64,
    /// What is in doubt.
    pub doubt: Doubt,
    /// The switch's figure.
    pub switch: Fen,
    /// The issuer's.
    pub issuer: Fen,
    /// The acquirer's.
    pub acquirer: Fen,
}

/// What a merchant wrote into its books from the slip of a settled batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booked {
    /// The merchant.
    pub merchant: u8,
    /// The batch.
    pub batch: u32,
    /// Its trades.
    pub lines: Vec<Line>,
}

/// A cleared day whose money is on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// When the day was cut off.
    pub at: Millis,
    /// Its trades.
    pub cleared: Vec<Cleared>,
    /// The agent bank has the money.
    pub funded: bool,
}

/// A record of clearing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "kebab-case")]
pub enum ClearingRecord {
    /// A day was cut off and compared.
    CutOff {
        /// When.
        at: Millis,
        /// What was cleared.
        cleared: Vec<Cleared>,
        /// What stays open.
        open: Vec<Open>,
    },
    /// The agent bank has the money of the oldest day.
    Funded,
    /// The merchants have the money of the oldest day.
    Paid,
    /// A merchant wrote a settled batch into its books.
    Booked(Booked),
    /// The merchants wrote the fees that the bank's statement shows into their books.
    FeesBooked,
}

use ClearingRecord as R;

impl ClearingRecord {
    /// The record in a word or two.
    pub fn name(&self) -> &'static str {
        match self {
            R::CutOff { .. } => "day-cleared",
            R::Funded => "agent-funded",
            R::Paid => "merchants-paid",
            R::Booked(_) => "batch-booked",
            R::FeesBooked => "fees-booked",
        }
    }
}

/// What a merchant's account and books hold at the beginning, in fen: an example.
pub(super) const OPENING: Fen = 2_000_000;

/// The stable state of clearing: the fold of its records.
#[derive(Clone, Debug)]
pub struct Store {
    mode: SettlementMode,
    /// What was cleared of each trade in all.
    pub cleared: BTreeMap<u64, Cleared>,
    /// What was open at the last cut-off.
    pub open: Vec<Open>,
    /// Days whose money is on its way, oldest first.
    pub owed: Vec<Owed>,
    /// The postings of clearing, over the books of all parties.
    pub ledger: Ledger,
    /// What the bank's statement of each merchant shows, oldest first; without the fees.
    pub bank: Few<u8, Vec<Line>>,
    /// Fees the bank's statement shows: booked by the merchant, and not yet.
    pub fees: Few<u8, (Fen, Fen)>,
    /// What each merchant has in its books, oldest first.
    pub books: Few<u8, Vec<Line>>,
    /// Batches that are booked.
    pub batches: BTreeSet<(u8, u32)>,
    /// Cut-offs so far.
    pub days: u32,
}

impl Store {
    /// Nothing cleared yet.
    pub fn new(mode: SettlementMode) -> Self {
        Store {
            mode,
            cleared: BTreeMap::new(),
            open: Vec::new(),
            owed: Vec::new(),
            ledger: Ledger::default(),
            bank: Few::new(),
            fees: Few::new(),
            books: Few::new(),
            batches: BTreeSet::new(),
            days: 0,
        }
    }

    /// Changes the state as a record says.
    pub fn apply(&mut self, record: &ClearingRecord) {
        match record {
            R::CutOff { at, cleared, open } => self.cut_off(*at, cleared, open),
            R::Funded => self.funded(),
            R::Paid => self.paid(),
            R::Booked(booked) => {
                self.batches.insert((booked.merchant, booked.batch));
                let books = self.books.slot(booked.merchant);
                books.extend(&booked.lines);
            }
            R::FeesBooked => {
                for (booked, new) in self.fees.values_mut() {
                    *booked += std::mem::take(new);
                }
            }
        }
    }

    fn cut_off(&mut self, at: Millis, cleared: &[Cleared], open: &[Open]) {
        self.days += 1;
        self.open = open.to_vec();
        for change in cleared {
            let new = Cleared {
                line: Line {
                    amount: 0,
                    ..change.line
                },
                claimed: 0,
                paid: 0,
                fee: Fee::default(),
            };
            let all = self.cleared.entry(change.line.rrn).or_insert(new);
            all.line.amount += change.line.amount;
            all.claimed += change.claimed;
            all.paid += change.paid;
            all.fee = all.fee.plus(change.fee);
        }
        let sum = Sum::of(cleared);
        if cleared.is_empty() {
            return;
        }
        self.between_banks(sum);
        self.acquirers_books(cleared, sum);
        self.owed.push(Owed {
            at,
            cleared: cleared.to_vec(),
            funded: false,
        });
    }

    /// The issuer pays through the switch, less its part of the fee.
    fn between_banks(&mut self, sum: Sum) {
        let (network, fee) = (sum.network, sum.fee);
        self.post(&[
            (Account::IssuerSettlement, -network),
            (Account::FeeIssuer, fee.issuer),
            (Account::SwitchSettlement, network - fee.issuer),
        ]);
        self.post(&[
            (Account::SwitchSettlement, -fee.switch),
            (Account::FeeSwitch, fee.switch),
        ]);
    }

    /// The acquirer charges its merchants, and keeps what no merchant is owed in suspense.
    fn acquirers_books(&mut self, cleared: &[Cleared], sum: Sum) {
        for (merchant, of) in by_merchant(cleared) {
            self.post(&[
                (Account::MerchantPayable(merchant), -of.fee.merchant),
                (Account::FeeAcquirer, of.fee.acquirer()),
                (
                    Account::AcquirerSettlement,
                    of.fee.merchant - of.fee.acquirer(),
                ),
            ]);
        }
        let long = sum.network - sum.claimed;
        self.post(&[
            (Account::AcquirerSettlement, -long),
            (Account::Suspense, long),
        ]);
        if self.mode == SettlementMode::AcquirerBank {
            self.pay_acquirer(sum.to_acquirer());
        }
    }

    fn pay_acquirer(&mut self, amount: Fen) {
        self.post(&[
            (Account::SwitchSettlement, -amount),
            (Account::AcquirerSettlement, amount),
        ]);
    }

    fn funded(&mut self) {
        let Some(day) = self.owed.first_mut() else {
            return;
        };
        day.funded = true;
        let sum = Sum::of(&day.cleared);
        self.post(&[
            (Account::SwitchSettlement, -sum.to_acquirer()),
            (Account::AgentBank, sum.to_acquirer()),
        ]);
    }

    fn paid(&mut self) {
        if self.owed.is_empty() {
            return;
        }
        let day = self.owed.remove(0);
        let sum = Sum::of(&day.cleared);
        for (merchant, of) in by_merchant(&day.cleared) {
            let net = of.to_merchants();
            let payable = Account::MerchantPayable(merchant);
            let bank = Account::MerchantBank(merchant);
            let payer = match self.mode {
                SettlementMode::AcquirerBank => None,
                SettlementMode::AgentBank => Some(Account::AgentBank),
                SettlementMode::Direct => Some(Account::SwitchSettlement),
            };
            match payer {
                // The acquirer is the merchant's bank: one account of its books to the other.
                None => self.post(&[(payable, -net), (bank, net)]),
                Some(payer) => self.post(&[
                    (payer, -net),
                    (bank, net),
                    (payable, -net),
                    (Account::AcquirerSettlement, net),
                ]),
            }
            self.statement_lines(merchant, &day.cleared, of.fee.merchant);
        }
        let rest = sum.to_acquirer() - sum.to_merchants();
        match self.mode {
            SettlementMode::AcquirerBank => {}
            SettlementMode::AgentBank => self.post(&[
                (Account::AgentBank, -rest),
                (Account::AcquirerSettlement, rest),
            ]),
            SettlementMode::Direct => self.pay_acquirer(rest),
        }
    }

    /// What the bank's statement of a merchant shows of a day.
    fn statement_lines(&mut self, merchant: u8, cleared: &[Cleared], fee: Fen) {
        let lines = cleared
            .iter()
            .filter(|c| c.line.merchant == merchant && c.paid != 0)
            .map(|c| Line {
                amount: c.paid,
                ..c.line
            });
        self.bank.slot(merchant).extend(lines);
        self.fees.slot(merchant).1 += fee;
    }

    /// Posts legs that move something.
    fn post(&mut self, legs: &[(Account, Fen)]) {
        let legs: Vec<Leg> = legs
            .iter()
            .filter(|(_, amount)| *amount != 0)
            .map(|(account, amount)| Leg {
                account: *account,
                amount: *amount,
            })
            .collect();
        if !legs.is_empty() {
            self.ledger.post(Posting {
                rrn: 0,
                reason: Reason::Clearing,
                legs,
            });
        }
    }
}

/// Sums over trades.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sum {
    /// What moves between the banks.
    pub network: Fen,
    /// What of it the acquirer claimed.
    pub claimed: Fen,
    /// What moves to the merchants, before the fee.
    pub paid: Fen,
    /// The fees.
    pub fee: Fee,
    /// How many trades.
    pub count: u32,
}

impl Sum {
    /// The sums of all.
    pub fn of(cleared: &[Cleared]) -> Sum {
        cleared.iter().fold(Sum::default(), Sum::plus)
    }

    fn plus(self, c: &Cleared) -> Sum {
        Sum {
            network: self.network + c.line.amount,
            claimed: self.claimed + c.claimed,
            paid: self.paid + c.paid,
            fee: self.fee.plus(c.fee),
            count: self.count + 1,
        }
    }

    /// What the switch owes the acquirer.
    pub fn to_acquirer(self) -> Fen {
        self.network - self.fee.issuer - self.fee.switch
    }

    /// What the merchants get.
    pub fn to_merchants(self) -> Fen {
        self.paid - self.fee.merchant
    }
}

/// The sums of each merchant.
pub(super) fn by_merchant(cleared: &[Cleared]) -> Few<u8, Sum> {
    let mut out: Few<u8, Sum> = Few::new();
    for c in cleared {
        let sum = out.slot(c.line.merchant);
        *sum = sum.plus(c);
    }
    out
}
