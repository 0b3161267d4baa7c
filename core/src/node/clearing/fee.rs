//! The merchant's fee and who gets which part: an example of poslab's, marked as one.
//!
//! 0.60 % of the amount, rounded half up to the fen; seven tenths to the issuer and one tenth to
//! the switch, each rounded half up; the remainder to the acquirer. Real tariffs differ by card,
//! trade and year.

use crate::node::ledger::Fen;
use serde::{Deserialize, Serialize};

/// A fee and its parts; negative when it is given back with a void or refund.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    /// What the merchant pays.
    pub merchant: Fen,
    /// The issuer's part.
    pub issuer: Fen,
    /// The switch's part.
    pub switch: Fen,
}

impl Fee {
    /// The acquirer's part: the remainder.
    pub fn acquirer(&self) -> Fen {
        self.merchant - self.issuer - self.switch
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Fee) -> Fee {
        Fee {
            merchant: self.merchant + other.merchant,
            issuer: self.issuer + other.issuer,
            switch: self.switch + other.switch,
        }
    }
}

/// `amount * parts / of`, rounded half up; a negative amount gives the negative of the positive.
fn part(amount: Fen, parts: Fen, of: Fen) -> Fen {
    let rounded = (amount.abs() * parts * 2 + of) / (of * 2);
    if amount < 0 { -rounded } else { rounded }
}

/// The fee of an amount and its split.
pub fn split(amount: Fen) -> Fee {
    let merchant = part(amount, 60, 10_000);
    Fee {
        merchant,
        issuer: part(merchant, 7, 10),
        switch: part(merchant, 1, 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_fen_rounds_up_and_the_remainder_is_the_acquirers() {
        // Counted by hand: 0.60 % of 100.00, of 0.83 (0.498 fen), of 0.84 (0.504), of 12.50 (7.5).
        for (amount, merchant, issuer, switch, acquirer) in [
            (10_000, 60, 42, 6, 12),
            (83, 0, 0, 0, 0),
            (84, 1, 1, 0, 0),
            (1_250, 8, 6, 1, 1),
        ] {
            let fee = split(amount);
            let found = (fee.merchant, fee.issuer, fee.switch, fee.acquirer());
            assert_eq!(found, (merchant, issuer, switch, acquirer), "{amount}");
            let back = split(-amount);
            assert_eq!(fee.plus(back), Fee::default(), "a void gives it back");
        }
    }
}
