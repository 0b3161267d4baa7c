//! Double-entry bookkeeping in integer fen.
//!
//! A posting is a set of legs that sum to zero. Credit is positive: a holder's balance is what the
//! bank owes the holder. A reversal is a counter-posting; nothing is ever deleted. Holds for
//! pre-authorisations are no postings and stand with the accounts of the issuer.

use crate::node::few::Few;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Money in fen (1/100 yuan), signed.
pub type Fen = i64;

/// An account in somebody's books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Account {
    /// The account of the card with this number in the cast.
    Cardholder(u8),
    /// What the issuer owes the switch for its cardholders' trades.
    IssuerSettlement,
    /// The issuer's own funds, contra account of the opening balances.
    IssuerFunds,
    /// The switch between issuer and acquirer.
    SwitchSettlement,
    /// What the acquirer has from the switch.
    AcquirerSettlement,
    /// What the acquirer owes the merchant with this number.
    MerchantPayable(u8),
    /// The merchant's account at its own bank.
    MerchantBank(u8),
    /// The agent bank that settles for the acquirer.
    AgentBank,
    /// The issuer's part of the fee.
    FeeIssuer,
    /// The switch's part of the fee.
    FeeSwitch,
    /// The acquirer's part of the fee.
    FeeAcquirer,
    /// Money whose owner is not settled yet.
    Suspense,
}

impl Account {
    /// The account's name in Chinese.
    pub fn zh(self) -> String {
        match self {
            Account::Cardholder(k) => format!("持卡人 {} 账户", k + 1),
            Account::IssuerSettlement => "发卡行应付清算款".to_owned(),
            Account::IssuerFunds => "发卡行资金".to_owned(),
            Account::SwitchSettlement => "交换中心清算款".to_owned(),
            Account::AcquirerSettlement => "收单机构应收清算款".to_owned(),
            Account::MerchantPayable(k) => format!("应付商户 {} 款", k + 1),
            Account::MerchantBank(k) => format!("商户 {} 银行存款", k + 1),
            Account::AgentBank => "代理清算行".to_owned(),
            Account::FeeIssuer => "发卡行手续费收入".to_owned(),
            Account::FeeSwitch => "交换中心手续费收入".to_owned(),
            Account::FeeAcquirer => "收单机构手续费收入".to_owned(),
            Account::Suspense => "挂账".to_owned(),
        }
    }

    /// The account's name in English or Chinese.
    pub fn name(self, zh: bool) -> String {
        if zh { self.zh() } else { self.to_string() }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Account::Cardholder(k) => write!(f, "cardholder {}", k + 1),
            Account::IssuerSettlement => f.write_str("issuer settlement"),
            Account::IssuerFunds => f.write_str("issuer funds"),
            Account::SwitchSettlement => f.write_str("switch settlement"),
            Account::AcquirerSettlement => f.write_str("acquirer settlement"),
            Account::MerchantPayable(k) => write!(f, "merchant {} payable", k + 1),
            Account::MerchantBank(k) => write!(f, "merchant {} bank account", k + 1),
            Account::AgentBank => f.write_str("agent bank"),
            Account::FeeIssuer => f.write_str("issuer fee income"),
            Account::FeeSwitch => f.write_str("switch fee income"),
            Account::FeeAcquirer => f.write_str("acquirer fee income"),
            Account::Suspense => f.write_str("suspense"),
        }
    }
}

/// One movement of a posting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    /// The account moved.
    pub account: Account,
    /// Credit positive, debit negative.
    pub amount: Fen,
}

/// Why a posting was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Opening balance.
    Opening,
    /// A trade.
    Trade,
    /// The counter-posting of a reversed trade.
    Reversal,
    /// A trade the host learned of at the batch upload.
    Late,
    /// A correction of an amount, or a resolved discrepancy.
    Correction,
    /// Clearing and settlement.
    Clearing,
}

impl Reason {
    /// The reason in English and Chinese.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Reason::Opening => ("opening", "期初"),
            Reason::Trade => ("trade", "交易"),
            Reason::Reversal => ("reversal", "冲正"),
            Reason::Late => ("late", "补记"),
            Reason::Correction => ("correction", "调账"),
            Reason::Clearing => ("clearing", "清算"),
        }
    }
}

/// One posting: legs of one trade, written together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// The trade's reference number (F37), 0 for openings and clearing.
    pub rrn: u64,
    /// Why it was made.
    pub reason: Reason,
    /// The movements.
    pub legs: Vec<Leg>,
}

impl Posting {
    /// A posting of two legs: `amount` goes to `to`, and comes from `from`.
    pub fn transfer(rrn: u64, reason: Reason, from: Account, to: Account, amount: Fen) -> Self {
        let legs = vec![
            Leg {
                account: from,
                amount: -amount,
            },
            Leg {
                account: to,
                amount,
            },
        ];
        Posting { rrn, reason, legs }
    }

    /// The counter-posting.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let legs = self.legs.iter().map(|l| Leg {
            account: l.account,
            amount: -l.amount,
        });
        Posting {
            rrn: self.rrn,
            reason: Reason::Reversal,
            legs: legs.collect(),
        }
    }

    /// The movement of `account` in this posting.
    pub fn movement(&self, account: Account) -> Fen {
        self.legs
            .iter()
            .filter(|l| l.account == account)
            .map(|l| l.amount)
            .sum()
    }
}

/// Balances and the postings that made them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    balances: Few<Account, Fen>,
    postings: Vec<Posting>,
}

impl Ledger {
    /// Writes a posting.
    pub fn post(&mut self, posting: Posting) {
        for leg in &posting.legs {
            *self.balances.slot(leg.account) += leg.amount;
        }
        self.postings.push(posting);
    }

    /// The balance of `account`, credit positive.
    pub fn balance(&self, account: Account) -> Fen {
        self.balances.get(&account).copied().unwrap_or(0)
    }

    /// Every account with its balance, in order.
    pub fn balances(&self) -> impl Iterator<Item = (Account, Fen)> + '_ {
        self.balances.iter().map(|(a, f)| (*a, *f))
    }

    /// Every posting, oldest first.
    pub fn postings(&self) -> &[Posting] {
        &self.postings
    }

    /// What all balances sum to: zero in books that are in order.
    pub fn imbalance(&self) -> Fen {
        self.balances.values().sum()
    }
}

/// Money as people read it: `1,234.50`.
pub fn yuan(fen: Fen) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let whole = (fen.unsigned_abs() / 100).to_string();
    let mut grouped = String::with_capacity(whole.len() + 8);
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(c);
    }
    format!("{sign}{grouped}.{:02}", fen.unsigned_abs() % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reversal_is_a_counter_posting() {
        let sale = Posting::transfer(
            7,
            Reason::Trade,
            Account::Cardholder(0),
            Account::IssuerSettlement,
            100,
        );
        let mut books = Ledger::default();
        books.post(sale.clone());
        assert_eq!(books.balance(Account::Cardholder(0)), -100);
        books.post(sale.reversed());
        assert_eq!(books.balance(Account::Cardholder(0)), 0);
        assert_eq!(books.imbalance(), 0);
        assert_eq!(books.postings().len(), 2);
    }

    #[test]
    fn yuan_groups() {
        assert_eq!(yuan(123_456_789), "1,234,567.89");
        assert_eq!(yuan(-5), "-0.05");
        assert_eq!(yuan(100_000), "1,000.00");
    }
}
