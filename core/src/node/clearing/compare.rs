//! The files of a day side by side: what everybody agrees on is cleared, the rest stays open.

use super::fee::{Fee, split};
use super::store::{Booked, Cleared, Doubt, Open, Store};
use crate::node::kind::TradeKind;
use crate::node::ledger::Fen;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A trade in the switch's file; money is positive when it goes to the merchant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Reference number.
    pub rrn: u64,
    /// What it was.
    pub kind: TradeKind,
    /// Number of the merchant.
    pub merchant: u8,
    /// Amount in fen, signed.
    pub amount: Fen,
}

/// What the acquirer's books say of a trade.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// What the acquirer claims from the switch.
    pub claim: Fen,
    /// What it owes the merchant.
    pub owed: Fen,
}

/// What the parties hand in at cut-off: each says how every trade stands by now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayFiles {
    /// The switch: trades answered with approval and not reversed.
    pub switch: Vec<Line>,
    /// The issuer: what it owes for each reference number.
    pub issuer: BTreeMap<u64, Fen>,
    /// The acquirer, by reference number.
    pub acquirer: BTreeMap<u64, Standing>,
    /// What the merchants wrote into their books from the settlement slips so far.
    pub books: Vec<Booked>,
}

/// Number of the merchant a reference number belongs to.
fn merchant_of(rrn: u64) -> u8 {
    (rrn / 100_000_000_000).saturating_sub(1) as u8
}

/// What changed since the last cut-off, and what the parties say differently.
pub fn compare(files: &DayFiles, store: &Store) -> (Vec<Cleared>, Vec<Open>) {
    let lines: BTreeMap<u64, Line> = files.switch.iter().map(|l| (l.rrn, *l)).collect();
    let mut all: BTreeSet<u64> = lines.keys().copied().collect();
    all.extend(files.issuer.keys());
    all.extend(files.acquirer.keys());
    all.extend(store.cleared.keys());
    let (mut cleared, mut open) = (Vec::new(), Vec::new());
    for rrn in all {
        let before = store.cleared.get(&rrn).copied();
        let line = lines.get(&rrn).copied().or(before.map(|c| c.line));
        let line = line.unwrap_or(Line {
            rrn,
            kind: TradeKind::Sale,
            merchant: merchant_of(rrn),
            amount: 0,
        });
        let switch = lines.get(&rrn).map_or(0, |l| l.amount);
        let issuer = files.issuer.get(&rrn).copied().unwrap_or(0);
        let acquirer = files.acquirer.get(&rrn).copied().unwrap_or_default();
        if let Some(doubt) = Doubt::of(switch, issuer, acquirer.claim) {
            open.push(Open {
                rrn,
                doubt,
                switch,
                issuer,
                acquirer: acquirer.claim,
            });
        }
        let (was, had, met) = before.map_or((0, 0, 0), |c| (c.line.amount, c.paid, c.claimed));
        let paid = payable(switch, acquirer, had);
        let claimed = if acquirer.claim == switch {
            switch
        } else {
            paid
        };
        if (switch, paid, claimed) != (was, had, met) {
            let amount = switch - was;
            let merchant = split(paid - had).merchant;
            cleared.push(Cleared {
                line: Line { amount, ..line },
                claimed: claimed - met,
                paid: paid - had,
                fee: Fee {
                    merchant,
                    ..split(amount)
                },
            });
        }
    }
    (cleared, open)
}

/// What the merchant is paid for a trade in all: what the acquirer owes it when switch and acquirer
/// agree; otherwise nothing new, though what it is no longer owed is taken back.
fn payable(switch: Fen, acquirer: Standing, paid: Fen) -> Fen {
    let less = acquirer.owed.abs() <= paid.abs() && acquirer.owed.signum() * paid.signum() >= 0;
    if acquirer.claim == switch || less {
        acquirer.owed
    } else {
        paid
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::clearing::SettlementMode;

    fn files(switch: Fen, issuer: Fen, claim: Fen, owed: Fen) -> DayFiles {
        let rrn = 100_001_000_002;
        let line = Line {
            rrn,
            kind: TradeKind::Sale,
            merchant: 0,
            amount: switch,
        };
        DayFiles {
            switch: if switch == 0 { Vec::new() } else { vec![line] },
            issuer: [(rrn, issuer)].into(),
            acquirer: [(rrn, Standing { claim, owed })].into(),
            books: Vec::new(),
        }
    }

    #[test]
    fn what_only_one_side_has_is_not_paid() {
        let store = Store::new(SettlementMode::AcquirerBank);
        for (files, paid, doubt) in [
            (files(100, 100, 100, 100), Some(100), None),
            (files(100, 100, 0, 0), Some(0), Some(Doubt::SwitchOnly)),
            (files(0, 0, 100, 100), None, Some(Doubt::AcquirerOnly)),
            (
                files(100, 0, 100, 100),
                Some(100),
                Some(Doubt::IssuerDiffers),
            ),
            (files(100, 100, 100, 90), Some(90), None),
        ] {
            let (cleared, open) = compare(&files, &store);
            assert_eq!(cleared.first().map(|c| c.paid), paid, "{files:?}");
            assert_eq!(open.first().map(|o| o.doubt), doubt, "{files:?}");
        }
    }

    #[test]
    fn a_trade_reversed_after_its_cut_off_is_taken_back() {
        let mut store = Store::new(SettlementMode::AcquirerBank);
        let (cleared, open) = compare(&files(100, 100, 100, 100), &store);
        store.apply(&super::super::ClearingRecord::CutOff {
            at: 0,
            cleared,
            open,
        });
        assert_eq!(compare(&files(100, 100, 100, 100), &store).0, []);
        let (cleared, open) = compare(&files(0, 0, 0, 0), &store);
        assert_eq!((cleared[0].line.amount, cleared[0].paid), (-100, -100));
        assert!(open.is_empty());
    }
}
