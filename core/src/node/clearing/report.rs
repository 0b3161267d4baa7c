//! The papers of clearing: the net positions of a day, and a merchant's reconciliation statement.

use super::compare::Line;
use super::mode::SettlementMode;
use super::store::{Cleared, OPENING, Open, Store, Sum, by_merchant};
use super::{ClearingConfig, day_of};
use crate::node::few::Few;
use crate::node::id::Millis;
use crate::node::kind::TradeKind;
use crate::node::ledger::Fen;
use serde::Serialize;
use std::collections::BTreeMap;

/// Who has a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// The bank of the cards.
    Issuer,
    /// The switch.
    Switch,
    /// The acquirer, or its agent bank.
    Acquirer,
    /// The merchant with this number.
    Merchant(u8),
}

impl Party {
    /// The party in English or Chinese.
    pub fn name(self, zh: bool) -> String {
        match (self, zh) {
            (Party::Issuer, false) => "issuer".to_owned(),
            (Party::Issuer, true) => "发卡行".to_owned(),
            (Party::Switch, false) => "switch".to_owned(),
            (Party::Switch, true) => "交换中心".to_owned(),
            (Party::Acquirer, false) => "acquirer".to_owned(),
            (Party::Acquirer, true) => "收单机构".to_owned(),
            (Party::Merchant(k), false) => format!("merchant {}", k + 1),
            (Party::Merchant(k), true) => format!("商户 {}", k + 1),
        }
    }
}

/// A party's position of a day; positive is received, and all nets at the switch sum to zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Position {
    /// Who.
    pub party: Party,
    /// Trades before any fee.
    pub gross: Fen,
    /// The party's part of the fees; negative when it pays.
    pub fee: Fen,
    /// What it receives, or pays when negative.
    pub net: Fen,
}

/// The net positions of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Positions {
    /// The day, `MMDD`.
    pub day: String,
    /// When it was cut off.
    pub at: Millis,
    /// How the money reaches the merchants.
    pub mode: SettlementMode,
    /// Trades cleared.
    pub count: u32,
    /// What the members of the switch settle among each other.
    pub members: Vec<Position>,
    /// What each merchant gets from the acquirer's part; in the direct mode, from the switch.
    pub merchants: Vec<Position>,
    /// Trades that stay open.
    pub open: Vec<Open>,
}

impl Positions {
    /// The positions of what a cut-off cleared.
    pub(super) fn of(at: Millis, cfg: &ClearingConfig, cleared: &[Cleared], open: &[Open]) -> Self {
        let sum = Sum::of(cleared);
        let merchant = |(k, of): (u8, Sum)| Position {
            party: Party::Merchant(k),
            gross: of.paid,
            fee: -of.fee.merchant,
            net: of.to_merchants(),
        };
        let merchants: Vec<Position> = by_merchant(cleared).into_iter().map(merchant).collect();
        let direct = cfg.mode == SettlementMode::Direct;
        let through = if direct { sum.to_merchants() } else { 0 };
        let mut members = vec![
            Position {
                party: Party::Issuer,
                gross: -sum.network,
                fee: sum.fee.issuer,
                net: sum.fee.issuer - sum.network,
            },
            Position {
                party: Party::Switch,
                gross: 0,
                fee: sum.fee.switch,
                net: sum.fee.switch,
            },
            Position {
                party: Party::Acquirer,
                gross: sum.network - if direct { sum.paid } else { 0 },
                fee: sum.to_acquirer() - sum.network + if direct { sum.fee.merchant } else { 0 },
                net: sum.to_acquirer() - through,
            },
        ];
        if direct {
            members.extend(&merchants);
        }
        Positions {
            day: day_of(at),
            at,
            mode: cfg.mode,
            count: sum.count,
            members,
            merchants,
            open: open.to_vec(),
        }
    }

    /// What the members' nets sum to: zero.
    pub fn rest(&self) -> Fen {
        self.members.iter().map(|p| p.net).sum()
    }
}

/// An item in transit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Transit {
    /// The trade's reference number; none for the fees of the day.
    pub rrn: Option<u64>,
    /// What it was.
    pub kind: Option<TradeKind>,
    /// Amount in fen, never negative.
    pub amount: Fen,
}

/// A merchant's bank reconciliation statement (银行存款余额调节表).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// Merchant id.
    pub mid: String,
    /// When it was drawn up.
    pub at: Millis,
    /// The balance of the merchant's books.
    pub books: Fen,
    /// The balance of the bank's statement.
    pub bank: Fen,
    /// The bank has received it, the books not yet.
    pub bank_received: Vec<Transit>,
    /// The bank has paid it, the books not yet.
    pub bank_paid: Vec<Transit>,
    /// The books have received it, the bank not yet.
    pub books_received: Vec<Transit>,
    /// The books have paid it, the bank not yet.
    pub books_paid: Vec<Transit>,
}

fn total(items: &[Transit]) -> Fen {
    items.iter().map(|t| t.amount).sum()
}

/// What lines say of each trade in all.
fn by_trade(lines: &[Line]) -> BTreeMap<u64, (TradeKind, Fen)> {
    let mut out = BTreeMap::new();
    for line in lines {
        out.entry(line.rrn).or_insert((line.kind, 0)).1 += line.amount;
    }
    out
}

/// Trades of `ours` that `theirs` do not know, split into received and paid. A trade both know is
/// not in transit, whatever they say of its amount: a difference keeps the balances apart.
fn only(ours: &[Line], theirs: &[Line]) -> (Vec<Transit>, Vec<Transit>) {
    let theirs = by_trade(theirs);
    let (mut received, mut paid) = (Vec::new(), Vec::new());
    for (rrn, (kind, amount)) in by_trade(ours) {
        if amount != 0 && !theirs.contains_key(&rrn) {
            let item = Transit {
                rrn: Some(rrn),
                kind: Some(kind),
                amount: amount.abs(),
            };
            if amount < 0 { &mut paid } else { &mut received }.push(item);
        }
    }
    (received, paid)
}

impl Statement {
    /// The statement of a merchant by what bank and books show.
    pub(super) fn of(at: Millis, cfg: &ClearingConfig, merchant: u8, store: &Store) -> Self {
        let of = |map: &Few<u8, Vec<Line>>| map.get(&merchant).cloned().unwrap_or_default();
        let (bank, books) = (of(&store.bank), of(&store.books));
        let (booked_fee, new_fee) = store.fees.get(&merchant).copied().unwrap_or_default();
        let sum = |lines: &[Line]| lines.iter().map(|l| l.amount).sum::<Fen>();
        let (mut bank_received, mut bank_paid) = only(&bank, &books);
        let (books_received, books_paid) = only(&books, &bank);
        if new_fee != 0 {
            let side = if new_fee > 0 {
                &mut bank_paid
            } else {
                &mut bank_received
            };
            side.push(Transit {
                rrn: None,
                kind: None,
                amount: new_fee.abs(),
            });
        }
        Statement {
            mid: cfg
                .merchants
                .get(usize::from(merchant))
                .cloned()
                .unwrap_or_default(),
            at,
            books: OPENING + sum(&books) - booked_fee,
            bank: OPENING + sum(&bank) - booked_fee - new_fee,
            bank_received,
            bank_paid,
            books_received,
            books_paid,
        }
    }

    /// The balance of the books after what only the bank has.
    pub fn books_adjusted(&self) -> Fen {
        self.books + total(&self.bank_received) - total(&self.bank_paid)
    }

    /// The balance of the bank's statement after what only the books have.
    pub fn bank_adjusted(&self) -> Fen {
        self.bank + total(&self.books_received) - total(&self.books_paid)
    }

    /// Whether both adjusted balances are the same.
    pub fn agrees(&self) -> bool {
        self.books_adjusted() == self.bank_adjusted()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Clearing, DayFiles, Standing, store::Booked};
    use super::*;
    use crate::node::effect::{Effect, Input};
    use crate::node::slip::Slip;
    use std::sync::Arc;

    fn line(rrn: u64, amount: Fen) -> Line {
        let kind = if amount < 0 {
            TradeKind::Refund
        } else {
            TradeKind::Sale
        };
        Line {
            rrn,
            kind,
            merchant: 0,
            amount,
        }
    }

    fn statement(cleared: &[Line], booked: &[Line]) -> Statement {
        let mode = SettlementMode::AcquirerBank;
        let merchants = vec!["m".to_owned()];
        let mut clearing = Clearing::new(Arc::new(ClearingConfig { mode, merchants }));
        let standing = |l: &Line| {
            (
                l.rrn,
                Standing {
                    claim: l.amount,
                    owed: l.amount,
                },
            )
        };
        let files = DayFiles {
            switch: cleared.to_vec(),
            issuer: cleared.iter().map(|l| (l.rrn, l.amount)).collect(),
            acquirer: cleared.iter().map(standing).collect(),
            books: vec![Booked {
                merchant: 0,
                batch: 1,
                lines: booked.to_vec(),
            }],
        };
        let mut fx = Vec::new();
        clearing.handle(0, Input::CutOff(Box::new(files)), &mut fx);
        clearing.handle(1, Input::Timer(super::super::PAY), &mut fx);
        let found = fx.into_iter().find_map(|effect| match effect {
            Effect::Print(slip) => match *slip {
                Slip::Statement(statement) => Some(statement),
                _ => None,
            },
            _ => None,
        });
        found.expect("a statement is printed")
    }

    #[test]
    fn the_worked_example_ends_equal() {
        // By hand: fees 0.60 % of 300.00, 50.00 and -20.00 are 1.80, 0.30 and -0.12.
        let cleared = [line(1, 30_000), line(2, 5_000), line(3, -2_000)];
        let booked = [line(1, 30_000), line(4, 7_000), line(5, -1_000)];
        let s = statement(&cleared, &booked);
        assert_eq!((s.books, s.bank), (2_036_000, 2_032_802));
        let amounts = |items: &[Transit]| items.iter().map(|t| t.amount).collect::<Vec<_>>();
        assert_eq!(amounts(&s.bank_received), [5_000]);
        assert_eq!(amounts(&s.bank_paid), [2_000, 198]);
        assert_eq!(amounts(&s.books_received), [7_000]);
        assert_eq!(amounts(&s.books_paid), [1_000]);
        assert_eq!(
            (s.books_adjusted(), s.bank_adjusted()),
            (2_038_802, 2_038_802)
        );
    }

    #[test]
    fn a_wrong_amount_in_the_books_does_not_agree() {
        let s = statement(&[line(1, 30_000)], &[line(1, 3_000)]);
        assert!(!s.agrees(), "{s:?}");
    }
}
