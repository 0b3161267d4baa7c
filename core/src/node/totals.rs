//! Settlement totals as field 48 carries them, and the comparison of two sides.

use super::kind::{Side, TradeKind};
use serde::{Deserialize, Serialize};

/// Totals of one part (domestic or foreign) of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Sum of what the merchant receives, in fen.
    pub debit_amount: u64,
    /// How many trades that is.
    pub debit_count: u32,
    /// Sum of what the merchant pays back, in fen.
    pub credit_amount: u64,
    /// How many trades that is.
    pub credit_count: u32,
}

impl Totals {
    /// Counts one trade.
    pub fn add(&mut self, kind: TradeKind, amount: u64) {
        match kind.side() {
            Side::Debit => {
                self.debit_amount += amount;
                self.debit_count += 1;
            }
            Side::Credit => {
                self.credit_amount += amount;
                self.credit_count += 1;
            }
            Side::None => {}
        }
    }

    fn digits(&self, flag: u8) -> String {
        format!(
            "{:012}{:03}{:012}{:03}{flag}",
            self.debit_amount, self.debit_count, self.credit_amount, self.credit_count
        )
    }

    fn read(digits: &str) -> Option<(Totals, u8)> {
        let number = |range: std::ops::Range<usize>| digits.get(range)?.parse::<u64>().ok();
        Some((
            Totals {
                debit_amount: number(0..12)?,
                debit_count: number(12..15)? as u32,
                credit_amount: number(15..27)?,
                credit_count: number(27..30)? as u32,
            },
            number(30..31)? as u8,
        ))
    }
}

/// F48 of a 0500 or 0510: domestic, then foreign. **Shape**: 62 digits.
pub fn field_48(totals: &[Totals; 2], flags: [u8; 2]) -> String {
    let [domestic, foreign] = totals;
    format!("{}{}", domestic.digits(flags[0]), foreign.digits(flags[1]))
}

/// Totals and flags of an F48; `None` when it is not 62 digits.
pub fn read_48(digits: &str) -> Option<([Totals; 2], [u8; 2])> {
    if digits.len() != 62 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (domestic, first) = Totals::read(digits.get(..31)?)?;
    let (foreign, second) = Totals::read(digits.get(31..)?)?;
    Some(([domestic, foreign], [first, second]))
}

/// The flags of a comparison: 1 where both sides agree, 2 where they differ.
pub fn compare(ours: &[Totals; 2], theirs: &[Totals; 2]) -> [u8; 2] {
    let flag = |same: bool| if same { 1 } else { 2 };
    [flag(ours[0] == theirs[0]), flag(ours[1] == theirs[1])]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_eight_reads_back() {
        let mut t = [Totals::default(); 2];
        t[0].add(TradeKind::Sale, 12_345);
        t[0].add(TradeKind::Void, 345);
        t[1].add(TradeKind::Refund, 1);
        let digits = field_48(&t, [0, 0]);
        assert_eq!(digits.len(), 62);
        assert_eq!(read_48(&digits), Some((t, [0, 0])));
        assert_eq!(compare(&t, &[t[0], Totals::default()]), [1, 2]);
        assert_eq!(read_48("12"), None);
    }
}
