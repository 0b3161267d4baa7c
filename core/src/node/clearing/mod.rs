//! Clearing: what the banks owe each other for a day, and the merchant's money in its account.
//!
//! At cut-off it takes the files of the day from switch, issuer and acquirer, compares them trade
//! by trade, and posts what all agree on: the interchange between the banks, the merchant's fee and
//! its split, then the payment in one of three modes. The money reaches the merchant's bank the
//! next morning, and the merchant compares the bank's statement with its own books. What only one
//! party has stays open and is looked at again at the next cut-off. Fee, split and hours are
//! examples of poslab's, never a tariff.

mod compare;
mod fee;
pub mod files;
mod mode;
mod paper;
mod report;
mod store;

pub use compare::{DayFiles, Line, Standing, compare};
pub use fee::{Fee, split};
pub use mode::SettlementMode;
pub use paper::sides;
pub use report::{Party, Position, Positions, Statement, Transit};
pub use store::{Booked, Cleared, ClearingRecord, Doubt, Open, Store};

use super::clock::civil;
use super::effect::{Effect, Input};
use super::fact::{Fact, Note};
use super::id::Millis;
use super::record::Record;
use super::slip::Slip;
use std::sync::Arc;

/// What clearing is told at installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClearingConfig {
    /// How the money reaches the merchants.
    pub mode: SettlementMode,
    /// Merchant ids, in the order of their accounts.
    pub merchants: Vec<String>,
}

/// Clearing.
#[derive(Clone, Debug)]
pub struct Clearing {
    cfg: Arc<ClearingConfig>,
    store: Store,
}

/// The timer of the money that goes to the agent bank.
const AGENT: u32 = 1;
/// The timer of the money that goes to the merchants.
const PAY: u32 = 2;

impl Clearing {
    /// Clearing before its first day.
    pub fn new(cfg: Arc<ClearingConfig>) -> Self {
        let store = Store::new(cfg.mode);
        Clearing { cfg, store }
    }

    /// Clearing after a power cut: what was cleared and not paid is paid when its hour comes.
    pub fn recover<'a>(
        cfg: Arc<ClearingConfig>,
        records: impl Iterator<Item = &'a ClearingRecord>,
        now: Millis,
        fx: &mut Vec<Effect>,
    ) -> Self {
        let mut clearing = Clearing::new(cfg);
        records.for_each(|r| clearing.store.apply(r));
        clearing.note(Note::Recovered, fx);
        clearing.wait(now, fx);
        clearing
    }

    /// Takes an input and appends what is to be done.
    pub fn handle(&mut self, now: Millis, input: Input, fx: &mut Vec<Effect>) {
        match input {
            Input::CutOff(files) => self.cut_off(now, &files, fx),
            Input::Booked(booked) => self.book(*booked, fx),
            Input::Timer(AGENT) => self.fund_agent(fx),
            Input::Timer(PAY) => self.pay(now, fx),
            _ => {}
        }
    }

    /// The stable state.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What it was told at installation.
    pub fn config(&self) -> &ClearingConfig {
        &self.cfg
    }

    /// What the machine is doing, for a diagram.
    pub fn state_name(&self) -> &'static str {
        if self.store.owed.is_empty() {
            "idle"
        } else {
            "awaiting-payment"
        }
    }

    fn cut_off(&mut self, now: Millis, files: &DayFiles, fx: &mut Vec<Effect>) {
        let before = self.state_name();
        let (cleared, open) = compare(files, &self.store);
        self.note(Note::CutOff, fx);
        for doubt in &open {
            self.note(doubt.doubt.note(), fx);
        }
        if open.is_empty() {
            self.note(Note::FilesAgree, fx);
        }
        let posted = self.store.ledger.postings().len();
        let positions = Positions::of(now, &self.cfg, &cleared, &open);
        self.persist(
            ClearingRecord::CutOff {
                at: now,
                cleared,
                open,
            },
            fx,
        );
        self.report_postings(posted, fx);
        fx.push(Effect::Print(Box::new(Slip::Positions(positions))));
        for booked in &files.books {
            self.book(booked.clone(), fx);
        }
        self.wait(now, fx);
        self.changed(before, fx);
    }

    /// Sets the timers for the money that is still owed.
    fn wait(&self, now: Millis, fx: &mut Vec<Effect>) {
        let Some(day) = self.store.owed.first() else {
            return;
        };
        let pay = self.cfg.mode.pays_at(day.at);
        if let Some(agent) = self.cfg.mode.funds_agent_at(day.at).filter(|_| !day.funded) {
            let after_ms = agent.saturating_sub(now);
            fx.push(Effect::SetTimer {
                key: AGENT,
                after_ms,
            });
        }
        let after_ms = pay.saturating_sub(now);
        fx.push(Effect::SetTimer { key: PAY, after_ms });
    }

    fn book(&mut self, booked: Booked, fx: &mut Vec<Effect>) {
        if !self
            .store
            .batches
            .contains(&(booked.merchant, booked.batch))
        {
            self.persist(ClearingRecord::Booked(booked), fx);
        }
    }

    /// The agent bank gets the acquirer's money.
    fn fund_agent(&mut self, fx: &mut Vec<Effect>) {
        let posted = self.store.ledger.postings().len();
        self.persist(ClearingRecord::Funded, fx);
        self.report_postings(posted, fx);
    }

    /// The merchants get theirs, and each compares the bank's statement with its books.
    fn pay(&mut self, now: Millis, fx: &mut Vec<Effect>) {
        let Some(day) = self.store.owed.first().cloned() else {
            return;
        };
        let before = self.state_name();
        let posted = self.store.ledger.postings().len();
        self.persist(ClearingRecord::Paid, fx);
        self.report_postings(posted, fx);
        self.note(Note::MerchantsPaid, fx);
        let mut merchants: Vec<u8> = day.cleared.iter().map(|c| c.line.merchant).collect();
        merchants.extend(self.store.batches.iter().map(|(merchant, _)| *merchant));
        merchants.sort_unstable();
        merchants.dedup();
        for merchant in merchants {
            let statement = Statement::of(now, &self.cfg, merchant, &self.store);
            fx.push(Effect::Print(Box::new(Slip::Statement(statement))));
        }
        self.persist(ClearingRecord::FeesBooked, fx);
        self.wait(now, fx);
        self.changed(before, fx);
    }

    fn changed(&self, from: &'static str, fx: &mut Vec<Effect>) {
        let to = self.state_name();
        if from != to {
            fx.push(Effect::Report(Fact::State { from, to }));
        }
    }

    fn persist(&mut self, record: ClearingRecord, fx: &mut Vec<Effect>) {
        self.store.apply(&record);
        fx.push(Effect::Persist(Record::Clearing(record)));
    }

    fn note(&self, note: Note, fx: &mut Vec<Effect>) {
        fx.push(Effect::Report(Fact::Note(note)));
    }

    fn report_postings(&self, before: usize, fx: &mut Vec<Effect>) {
        let new = self.store.ledger.postings().iter().skip(before);
        fx.extend(new.map(|posting| Effect::Report(Fact::ledger(posting))));
    }
}

/// The clearing day of a moment, `MMDD`.
fn day_of(at: Millis) -> String {
    civil(at).mmdd()
}
