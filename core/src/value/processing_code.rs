//! What kind of trade a message is: DE3.

use super::ValueError;
use super::inline::Inline;
use core::fmt;

/// A processing code (交易处理码), DE3: transaction type, from account, to account.
///
/// **Shape:** six digits, two each; letters in some dialects' codes are kept.
///
/// **Source:** ISO 8583:1987, read through public tables.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcessingCode(Inline<6>);

/// The kind of account that one half of a processing code names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountType {
    /// 00: not said.
    Default,
    /// 10: savings.
    Savings,
    /// 20: cheque or current account.
    Cheque,
    /// 30: credit facility.
    Credit,
    /// 40: universal.
    Universal,
    /// 50: investment.
    Investment,
    /// 60: electronic purse.
    Purse,
    /// Any other pair.
    Other,
}

impl ProcessingCode {
    /// Reads six letters or digits.
    ///
    /// **Errors:** another length, or another character.
    pub fn parse(code: &str) -> Result<Self, ValueError> {
        let allow = |b: u8| b.is_ascii_alphanumeric();
        Inline::parse("processing code", "0-9, A-Z", 6, code, allow).map(Self)
    }

    /// The six characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The two characters of the transaction type: `00` purchase, `31` balance.
    #[must_use]
    pub fn transaction(&self) -> &str {
        self.as_str().get(..2).unwrap_or_default()
    }

    /// The account that money comes from.
    #[must_use]
    pub fn from_account(&self) -> AccountType {
        account(self.as_str().get(2..4))
    }

    /// The account that money goes to.
    #[must_use]
    pub fn to_account(&self) -> AccountType {
        account(self.as_str().get(4..6))
    }
}

/// The account type of a pair of digits.
fn account(pair: Option<&str>) -> AccountType {
    match pair.unwrap_or_default() {
        "00" => AccountType::Default,
        "10" => AccountType::Savings,
        "20" => AccountType::Cheque,
        "30" => AccountType::Credit,
        "40" => AccountType::Universal,
        "50" => AccountType::Investment,
        "60" => AccountType::Purse,
        _ => AccountType::Other,
    }
}

impl fmt::Display for ProcessingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for ProcessingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProcessingCode({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_pairs() {
        let code = ProcessingCode::parse("311000").unwrap();
        assert_eq!(code.transaction(), "31");
        assert_eq!(
            (code.from_account(), code.to_account()),
            (AccountType::Savings, AccountType::Default)
        );
        assert!(
            ProcessingCode::parse("31100").is_err() && ProcessingCode::parse("31-000").is_err()
        );
    }
}
