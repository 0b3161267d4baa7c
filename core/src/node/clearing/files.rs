//! What each host hands in at cut-off, taken from its journal and its books.

use super::compare::{Line, Standing};
use crate::node::front_end;
use crate::node::issuer;
use crate::node::ledger::{Account, Fen};
use crate::node::response::Code;
use crate::node::switch;
use std::collections::BTreeMap;

/// The switch's file: trades answered with approval and not reversed.
pub fn of_switch(store: &switch::Store, merchants: &[String]) -> Vec<Line> {
    let line = |entry: &switch::SwitchEntry| {
        let answer = entry.answer.as_ref()?;
        let approved = Code::new(answer.get(39)?)?.approves();
        let kind = entry.request.trade_kind()?;
        let mid = entry.request.get(42)?;
        let amount = answer.get(4).and_then(|f| f.parse().ok()).unwrap_or(0);
        let stands = approved && entry.status == switch::Status::Answered;
        // The holder's minus is the merchant's plus.
        let amount = -kind.signed(amount);
        (stands && amount != 0).then_some(Line {
            rrn: answer.get(37)?.parse().ok()?,
            kind,
            merchant: merchants.iter().position(|m| m == mid)? as u8,
            amount,
        })
    };
    store.journal.values().filter_map(line).collect()
}

/// The issuer's file: what it owes the switch, by reference number.
pub fn of_issuer(store: &issuer::Store) -> BTreeMap<u64, Fen> {
    let mut out = BTreeMap::new();
    for posting in store.ledger.postings().iter().filter(|p| p.rrn != 0) {
        *out.entry(posting.rrn).or_insert(0) += posting.movement(Account::IssuerSettlement);
    }
    out
}

/// The acquirer's file: what it claims and what it owes its merchant, by reference number.
pub fn of_acquirer(store: &front_end::Store) -> BTreeMap<u64, Standing> {
    let mut out: BTreeMap<u64, Standing> = BTreeMap::new();
    for posting in store.ledger.postings().iter().filter(|p| p.rrn != 0) {
        let standing = out.entry(posting.rrn).or_default();
        for leg in &posting.legs {
            match leg.account {
                Account::AcquirerSettlement => standing.claim -= leg.amount,
                Account::MerchantPayable(_) => standing.owed += leg.amount,
                _ => {}
            }
        }
    }
    out
}
