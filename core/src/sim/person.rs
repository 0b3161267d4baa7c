//! The people: who follows the script, types PINs, keeps receipts, and tries again.

use super::scenario::{Item, OrderSpec, Scenario, When};
use crate::node::clock::civil;
use crate::node::{Millis, Outcome, Receipt, Slip};
use std::sync::Arc;

/// The order a person is in the middle of.
#[derive(Clone, Debug)]
pub(super) struct Running {
    /// Number of the order.
    pub order: u32,
    /// Its place in the list of orders.
    pub index: usize,
    /// Tries so far.
    pub tries: u8,
    /// PINs typed for it.
    pub entries: u8,
    /// A slip came out for it.
    pub printed: bool,
}

/// The person at one terminal.
#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    /// Places in the list of orders, this terminal's, in turn.
    pub next: usize,
    /// What is running.
    pub running: Option<Running>,
    /// The script held no further order when it was asked.
    pub waits: bool,
    /// Receipts, oldest first.
    pub receipts: Vec<Receipt>,
}

/// The orders of a script, shared by every clone of a world.
#[derive(Clone, Debug)]
pub(super) struct Script {
    /// All orders.
    pub orders: Arc<Vec<OrderSpec>>,
}

/// How often a person who insists tries.
pub(super) const TRIES: u8 = 8;
/// How long a person thinks before the next order.
pub(super) const THINK_MS: Millis = 3_000;
/// How long a person types a PIN.
pub(super) const TYPE_MS: Millis = 1_500;

impl Script {
    pub(super) fn of(scenario: &Scenario) -> Self {
        let orders = scenario.script.iter().filter_map(|item| match item {
            Item::Order(order) => Some(order.clone()),
            _ => None,
        });
        Script {
            orders: Arc::new(orders.collect()),
        }
    }

    /// The place of the next order in turn at `terminal`, from place `from` on.
    pub(super) fn in_turn(&self, terminal: u8, from: usize) -> Option<usize> {
        let of = |o: &&OrderSpec| o.terminal == terminal + 1 && o.when == When::Next;
        let mut rest = self.orders.iter().enumerate().skip(from);
        rest.find(|(_, o)| of(o)).map(|(i, _)| i)
    }

    /// The places of orders that wait for a settlement at `terminal`.
    pub(super) fn while_settling(&self, terminal: u8) -> Vec<usize> {
        let of = |o: &OrderSpec| o.terminal == terminal + 1 && o.when == When::Settling;
        self.orders
            .iter()
            .enumerate()
            .filter(|(_, o)| of(o))
            .map(|(i, _)| i)
            .collect()
    }
}

impl Person {
    /// Keeps a receipt, and notes that the running order printed.
    pub(super) fn takes(&mut self, slip: &Slip) {
        let Slip::Trade {
            batch,
            trace,
            rrn,
            auth,
            amount,
            at,
            ..
        } = slip
        else {
            return;
        };
        let date = civil(*at).mmdd();
        let receipt = Receipt {
            trace: *trace,
            batch: *batch,
            rrn: *rrn,
            auth: auth.clone(),
            date,
            amount: *amount,
        };
        match self
            .receipts
            .iter_mut()
            .find(|r| r.trace == *trace && r.batch == *batch)
        {
            Some(known) => *known = receipt,
            None => self.receipts.push(receipt),
        }
        if let Some(running) = &mut self.running {
            running.printed = true;
        }
    }

    /// The receipt an order refers to: the n-th, or the newest.
    pub(super) fn receipt(&self, nth: Option<u32>) -> Option<Receipt> {
        match nth {
            None => self.receipts.last().cloned(),
            Some(n) => self.receipts.get((n as usize).checked_sub(1)?).cloned(),
        }
    }
}

/// Whether a person orders the same again after this outcome.
pub(super) fn again(spec: &OrderSpec, outcome: Outcome, tries: u8, printed: bool) -> bool {
    spec.insist && outcome.open() && tries < TRIES && !printed
}
