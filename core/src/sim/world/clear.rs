//! Cut-off: the hosts hand in their files, merchants keep their books, and the money must be there.

use super::*;
use crate::node::clearing::{DayFiles, Line, files};
use crate::node::ledger::{Account, Fen};
use crate::sim::watch::Property;
use crate::trace::Breach;

impl World {
    /// Clearing, for whoever wants to look.
    pub fn clearing(&self) -> &Clearing {
        &self.clearing
    }

    /// The files of this moment.
    fn files(&self) -> DayFiles {
        DayFiles {
            switch: files::of_switch(self.switch.store(), &self.configs.clearing.merchants),
            issuer: files::of_issuer(self.issuer.store()),
            acquirer: files::of_acquirer(self.front_end.store()),
            books: self
                .settled
                .iter()
                .map(|(k, batch)| self.booked(*k, *batch))
                .collect(),
        }
    }

    pub(super) fn cut_off(&mut self) {
        let files = Box::new(self.files());
        self.give(NodeId::Clearing, Input::CutOff(files));
    }

    /// A settlement slip came out: the merchant will write the batch into its books, and clearing
    /// hears of it once there has been a cut-off.
    pub(super) fn batch_settled(&mut self, k: u8, batch: u32) {
        self.settled.push((k, batch));
        if self.clearing.store().days > 0 {
            let booked = Box::new(self.booked(k, batch));
            self.schedule(self.now, Job::Book(booked));
        }
    }

    /// What stands in a terminal's journal of a batch, as its merchant books it.
    fn booked(&self, merchant: u8, batch: u32) -> Booked {
        let of = |id: &(u8, u32, u32)| id.0 == merchant && id.1 == batch;
        let line = |entry: &crate::node::terminal::JournalEntry| {
            let amount = -entry.kind.signed(entry.posted);
            let kind = entry.kind;
            (amount != 0).then_some(Line {
                rrn: entry.rrn?,
                kind,
                merchant,
                amount,
            })
        };
        let entries = self.watch.books.iter().filter(|(id, _)| of(id));
        let lines = entries.filter_map(|(_, entry)| line(entry)).collect();
        Booked {
            merchant,
            batch,
            lines,
        }
    }

    /// The ledger once money was cleared: clearing's postings balance, and where the three files
    /// agree and nothing is on its way, every account between the parties stands at zero.
    pub(super) fn compare_cleared(&mut self) {
        let store = self.clearing.store();
        if store.days == 0 {
            return;
        }
        let off = store.ledger.imbalance();
        if off != 0 {
            let detail = Breach::ClearingOff { off };
            return self.watch.breaks(Property::P1, self.now, detail);
        }
        if let Some((account, fen)) = self.left_over() {
            let detail = Breach::LeftOver { account, fen };
            self.watch.breaks(Property::P1, self.now, detail);
        }
    }

    /// An account between the parties that clearing did not bring to zero, though it should have.
    fn left_over(&self) -> Option<(Account, Fen)> {
        let store = self.clearing.store();
        if !self.cleared_up() {
            return None;
        }
        let merchants = 0..self.people.len() as u8;
        [
            Account::IssuerSettlement,
            Account::SwitchSettlement,
            Account::AcquirerSettlement,
            Account::AgentBank,
        ]
        .into_iter()
        .chain(merchants.map(Account::MerchantPayable))
        .map(|account| {
            let books = [
                &self.issuer.store().ledger,
                &self.front_end.store().ledger,
                &store.ledger,
            ];
            (
                account,
                books.iter().map(|l| l.balance(account)).sum::<Fen>(),
            )
        })
        .find(|(_, fen)| *fen != 0)
    }

    /// Whether clearing is through with everything: the files agree, another cut-off would change
    /// nothing, and the merchants have their money.
    pub fn cleared_up(&self) -> bool {
        let store = self.clearing.store();
        let (cleared, open) = crate::node::clearing::compare(&self.files(), store);
        store.days > 0 && store.owed.is_empty() && cleared.is_empty() && open.is_empty()
    }
}
