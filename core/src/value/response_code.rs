//! The outcome in an answer, and the reason in a reversal: DE39.

use super::ValueError;
use super::inline::Inline;
use core::fmt;

/// A response code (应答码), DE39; codes nobody has heard of are kept.
///
/// **Shape:** two letters or digits (1987), three digits (1993 action code) or four (2003).
///
/// **Source:** UnionPay terminal practice, Q/CUP 006.6 appendix; ISO 8583:1987 by public tables.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResponseCode([u8; 4]);

/// What a terminal does about a response code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActionClass {
    /// A: approved, wholly or with conditions.
    Approved,
    /// B: refused; may be tried again once the input is put right or the terminal has signed on.
    Retry,
    /// C: refused; trying again will not help.
    Refused,
    /// D: refused, and the operator must act: retain the card, or call.
    Operator,
    /// E: a system failed.
    Fault,
    /// The code is not known.
    Unknown,
}

impl ResponseCode {
    /// 00: approved.
    pub const APPROVED: Self = Self::of(*b"00");
    /// 03: invalid merchant.
    pub const INVALID_MERCHANT: Self = Self::of(*b"03");
    /// 05: do not honour.
    pub const DO_NOT_HONOUR: Self = Self::of(*b"05");
    /// 06: in a reversal, the terminal could not complete the trade.
    pub const REVERSAL_OTHER: Self = Self::of(*b"06");
    /// 10: approved for a part of the amount.
    pub const PARTIAL_APPROVAL: Self = Self::of(*b"10");
    /// 12: invalid transaction.
    pub const INVALID_TRANSACTION: Self = Self::of(*b"12");
    /// 13: invalid amount.
    pub const INVALID_AMOUNT: Self = Self::of(*b"13");
    /// 14: invalid card number.
    pub const INVALID_CARD: Self = Self::of(*b"14");
    /// 15: no such issuer.
    pub const NO_SUCH_ISSUER: Self = Self::of(*b"15");
    /// 25: the original trade was not found.
    pub const ORIGINAL_NOT_FOUND: Self = Self::of(*b"25");
    /// 30: the message has a format error.
    pub const FORMAT_ERROR: Self = Self::of(*b"30");
    /// 38: PIN tries exceeded, retain the card.
    pub const PIN_TRIES_RETAIN: Self = Self::of(*b"38");
    /// 40: the function is not supported.
    pub const UNSUPPORTED: Self = Self::of(*b"40");
    /// 41: lost card.
    pub const LOST_CARD: Self = Self::of(*b"41");
    /// 43: stolen card.
    pub const STOLEN_CARD: Self = Self::of(*b"43");
    /// 51: insufficient funds.
    pub const INSUFFICIENT_FUNDS: Self = Self::of(*b"51");
    /// 54: expired card.
    pub const EXPIRED_CARD: Self = Self::of(*b"54");
    /// 55: wrong PIN.
    pub const WRONG_PIN: Self = Self::of(*b"55");
    /// 57: not permitted to this card.
    pub const NOT_PERMITTED: Self = Self::of(*b"57");
    /// 61: over the amount limit.
    pub const OVER_LIMIT: Self = Self::of(*b"61");
    /// 64: the amount does not match the original.
    pub const AMOUNT_MISMATCH: Self = Self::of(*b"64");
    /// 68: the answer came too late.
    pub const TOO_LATE: Self = Self::of(*b"68");
    /// 75: PIN tries exceeded.
    pub const PIN_TRIES: Self = Self::of(*b"75");
    /// 77: the batch numbers differ, sign on again.
    pub const BATCH_MISMATCH: Self = Self::of(*b"77");
    /// 90: the day is being cut over.
    pub const CUT_OVER: Self = Self::of(*b"90");
    /// 91: the issuer is not available.
    pub const ISSUER_UNAVAILABLE: Self = Self::of(*b"91");
    /// 92: no route to the issuer.
    pub const NO_ROUTE: Self = Self::of(*b"92");
    /// 94: duplicate; counts as success in batch upload.
    pub const DUPLICATE: Self = Self::of(*b"94");
    /// 96: a system malfunctioned.
    pub const SYSTEM_FAULT: Self = Self::of(*b"96");
    /// 97: the terminal is not registered.
    pub const TERMINAL_UNKNOWN: Self = Self::of(*b"97");
    /// 98: no answer from the issuer in time; in a reversal, none reached the terminal.
    pub const TIMED_OUT: Self = Self::of(*b"98");
    /// 99: the PIN block cannot be read, sign on again.
    pub const PIN_FORMAT: Self = Self::of(*b"99");
    /// A0: the MAC is wrong, sign on again; in a reversal, the answer's MAC was.
    pub const MAC_WRONG: Self = Self::of(*b"A0");

    const fn of(code: [u8; 2]) -> Self {
        let [a, b] = code;
        Self([a, b, 0, 0])
    }

    /// Reads two to four letters or digits.
    ///
    /// **Errors:** another length, or another character.
    pub fn parse(code: &str) -> Result<Self, ValueError> {
        let allow = |b: u8| b.is_ascii_alphanumeric();
        let text = Inline::<4>::parse("response code", "0-9, A-Z", 2, code, allow)?;
        let mut bytes = text.as_str().bytes();
        Ok(Self(core::array::from_fn(|_| {
            bytes.next().unwrap_or_default()
        })))
    }

    /// The characters as they stand in the field.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let len = self.0.iter().position(|b| *b == 0).unwrap_or(self.0.len());
        core::str::from_utf8(self.0.get(..len).unwrap_or_default()).unwrap_or_default()
    }

    /// Whether a terminal takes the answer as a success (class A).
    #[must_use]
    pub fn is_approval(&self) -> bool {
        self.class() == ActionClass::Approved
    }

    /// What a terminal does about the code.
    ///
    /// Sources differ by one letter for 05, 38, 45 and the 90s; both letters mean refused.
    #[must_use]
    pub fn class(&self) -> ActionClass {
        match self.as_str() {
            "00" | "08" | "10" | "11" | "16" | "A2" | "A4" | "A5" | "A6" | "Y1" | "Y2" | "Y3" => {
                ActionClass::Approved
            }
            "13" | "14" | "99" | "A0" => ActionClass::Retry,
            "04" | "07" | "33" | "34" | "35" | "36" | "37" | "38" | "41" | "43" | "67" | "77"
            | "97" => ActionClass::Operator,
            "98" => ActionClass::Fault,
            "01" | "02" | "03" | "05" | "06" | "09" | "12" | "15" | "17" | "18" | "19" | "20"
            | "21" | "22" | "23" | "24" | "25" | "26" | "27" | "28" | "29" | "30" | "31" | "32"
            | "39" | "40" | "42" | "44" | "45" | "51" | "52" | "53" | "54" | "55" | "56" | "57"
            | "58" | "59" | "60" | "61" | "62" | "63" | "64" | "65" | "66" | "68" | "75" | "76"
            | "78" | "79" | "82" | "90" | "91" | "92" | "93" | "94" | "95" | "96" | "A1" | "A3"
            | "A7" | "Q1" | "Z1" | "Z2" | "Z3" => ActionClass::Refused,
            _ => self.class_by_length(),
        }
    }

    /// The class of the longer codes of 1993 and 2003, which stands in their first digit.
    fn class_by_length(&self) -> ActionClass {
        let code = self.as_str();
        let (first, rest) = code.split_at(code.len().min(1));
        match (code.len(), first) {
            (3 | 4, "0") => ActionClass::Approved,
            (3 | 4, "1") => ActionClass::Refused,
            (3 | 4, "2") => ActionClass::Operator,
            (3 | 4, "9") => ActionClass::Fault,
            (3 | 4, "3" | "4" | "5" | "6" | "7" | "8") if rest.bytes().all(|b| b == b'0') => {
                ActionClass::Approved
            }
            (3 | 4, "3" | "4" | "5" | "6" | "7" | "8") => ActionClass::Refused,
            _ => ActionClass::Unknown,
        }
    }
}

impl fmt::Display for ResponseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for ResponseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResponseCode({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        for (code, class) in [
            ("00", ActionClass::Approved),
            ("10", ActionClass::Approved),
            ("51", ActionClass::Refused),
            ("99", ActionClass::Retry),
            ("41", ActionClass::Operator),
            ("98", ActionClass::Fault),
            ("ZZ", ActionClass::Unknown),
            ("000", ActionClass::Approved),
            ("116", ActionClass::Refused),
            ("400", ActionClass::Approved),
            ("8000", ActionClass::Approved),
        ] {
            assert_eq!(ResponseCode::parse(code).unwrap().class(), class, "{code}");
        }
    }

    #[test]
    fn unknown_codes_keep_their_characters() {
        assert_eq!(ResponseCode::parse("ZZ").unwrap().to_string(), "ZZ");
        assert_eq!(ResponseCode::parse("00").unwrap(), ResponseCode::APPROVED);
        assert!(ResponseCode::parse("0").is_err() && ResponseCode::parse("0 ").is_err());
    }
}
