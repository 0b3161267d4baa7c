//! The message type: four digits at the head of every message.

use super::ValueError;
use core::fmt;

/// A message type identifier (消息类型): version, class, function, origin.
///
/// **Shape:** four decimal digits; an answer is its request with the third digit one higher.
///
/// **Source:** ISO 8583:1987, 1993 and 2003, read through public tables.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mti([u8; 4]);

/// The edition of ISO 8583 that a message follows: the first digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MtiVersion {
    /// 0: ISO 8583:1987, which most dialects still say.
    Iso1987,
    /// 1: ISO 8583:1993.
    Iso1993,
    /// 2: ISO 8583:2003.
    Iso2003,
    /// 8: national use.
    National,
    /// 9: private use.
    Private,
    /// 3 to 7: reserved.
    Reserved(u8),
}

/// What a message is about: the second digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MtiClass {
    /// 1: asks for approval, moves no money yet (授权).
    Authorization,
    /// 2: moves money (金融).
    Financial,
    /// 3: changes or uploads files; batch upload in POS dialects (文件更新、批上送).
    FileAction,
    /// 4: undoes (冲正).
    Reversal,
    /// 5: compares totals (对账、结算).
    Reconciliation,
    /// 6: administrative (管理).
    Administrative,
    /// 7: fee collection (费用收取).
    FeeCollection,
    /// 8: sign-on, keys, echo (网络管理).
    NetworkManagement,
    /// 0 and 9: reserved.
    Reserved(u8),
}

/// What a message wants of its receiver: the third digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MtiFunction {
    /// 0: asks and waits.
    Request,
    /// 1: answers a request.
    RequestResponse,
    /// 2: tells of something done.
    Advice,
    /// 3: answers an advice.
    AdviceResponse,
    /// 4: tells, and wants no answer.
    Notification,
    /// 5: acknowledges a notification.
    NotificationAcknowledgement,
    /// 6: orders (2003).
    Instruction,
    /// 7: acknowledges an order (2003).
    InstructionAcknowledgement,
    /// 8 and 9: reserved.
    Reserved(u8),
}

/// Who began the exchange, and whether the message is a repeat: the fourth digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MtiOrigin {
    /// 0: the acquirer's side.
    Acquirer,
    /// 1: the acquirer's side, again.
    AcquirerRepeat,
    /// 2: the issuer's side.
    Issuer,
    /// 3: the issuer's side, again.
    IssuerRepeat,
    /// 4: another party.
    Other,
    /// 5: another party, again.
    OtherRepeat,
    /// 6 to 9: reserved.
    Reserved(u8),
}

impl Mti {
    /// Reads four digits.
    ///
    /// **Errors:** another length, or a character that is not a digit.
    pub fn parse(digits: &str) -> Result<Self, ValueError> {
        let text = super::inline::Inline::<4>::digits("message type", 4, digits)?;
        let mut bytes = text.as_str().bytes();
        Ok(Self(core::array::from_fn(|_| {
            bytes.next().unwrap_or(b'0') - b'0'
        })))
    }

    /// Makes a message type of four digits.
    ///
    /// **Errors:** `None` when one of them is above 9.
    #[must_use]
    pub const fn from_digits(digits: [u8; 4]) -> Option<Self> {
        let [a, b, c, d] = digits;
        if a < 10 && b < 10 && c < 10 && d < 10 {
            Some(Self(digits))
        } else {
            None
        }
    }

    /// The four digits as numbers.
    #[must_use]
    pub const fn digits(self) -> [u8; 4] {
        self.0
    }

    /// The edition: the first digit.
    #[must_use]
    pub const fn version(self) -> MtiVersion {
        let [digit, ..] = self.0;
        match digit {
            0 => MtiVersion::Iso1987,
            1 => MtiVersion::Iso1993,
            2 => MtiVersion::Iso2003,
            8 => MtiVersion::National,
            9 => MtiVersion::Private,
            other => MtiVersion::Reserved(other),
        }
    }

    /// The class: the second digit.
    #[must_use]
    pub const fn class(self) -> MtiClass {
        let [_, digit, ..] = self.0;
        match digit {
            1 => MtiClass::Authorization,
            2 => MtiClass::Financial,
            3 => MtiClass::FileAction,
            4 => MtiClass::Reversal,
            5 => MtiClass::Reconciliation,
            6 => MtiClass::Administrative,
            7 => MtiClass::FeeCollection,
            8 => MtiClass::NetworkManagement,
            other => MtiClass::Reserved(other),
        }
    }

    /// The function: the third digit.
    #[must_use]
    pub const fn function(self) -> MtiFunction {
        let [_, _, digit, _] = self.0;
        match digit {
            0 => MtiFunction::Request,
            1 => MtiFunction::RequestResponse,
            2 => MtiFunction::Advice,
            3 => MtiFunction::AdviceResponse,
            4 => MtiFunction::Notification,
            5 => MtiFunction::NotificationAcknowledgement,
            6 => MtiFunction::Instruction,
            7 => MtiFunction::InstructionAcknowledgement,
            other => MtiFunction::Reserved(other),
        }
    }

    /// The origin: the fourth digit.
    #[must_use]
    pub const fn origin(self) -> MtiOrigin {
        let [_, _, _, digit] = self.0;
        match digit {
            0 => MtiOrigin::Acquirer,
            1 => MtiOrigin::AcquirerRepeat,
            2 => MtiOrigin::Issuer,
            3 => MtiOrigin::IssuerRepeat,
            4 => MtiOrigin::Other,
            5 => MtiOrigin::OtherRepeat,
            other => MtiOrigin::Reserved(other),
        }
    }

    /// Whether no digit is reserved, so that the type is one the standard knows.
    #[must_use]
    pub const fn is_known(self) -> bool {
        !matches!(self.version(), MtiVersion::Reserved(_))
            && !matches!(self.class(), MtiClass::Reserved(_))
            && !matches!(self.function(), MtiFunction::Reserved(_))
            && !matches!(self.origin(), MtiOrigin::Reserved(_))
    }

    /// Whether the message asks or tells (an even third digit), rather than answers.
    #[must_use]
    pub const fn is_request(self) -> bool {
        let [_, _, function, _] = self.0;
        function < 8 && function % 2 == 0
    }

    /// Whether the message answers another (an odd third digit).
    #[must_use]
    pub const fn is_response(self) -> bool {
        let [_, _, function, _] = self.0;
        function < 8 && function % 2 == 1
    }

    /// Whether the message is marked as sent again.
    #[must_use]
    pub const fn is_repeat(self) -> bool {
        let [_, _, _, origin] = self.0;
        matches!(origin, 1 | 3 | 5)
    }

    /// The type of the answer: `0200` gives `0210`, and so does its repeat `0201`.
    ///
    /// `None` for what is itself an answer or has a reserved function.
    #[must_use]
    pub const fn response(self) -> Option<Self> {
        let [version, class, function, origin] = self.0;
        let first = if self.is_repeat() { origin - 1 } else { origin };
        if self.is_request() {
            Some(Self([version, class, function + 1, first]))
        } else {
            None
        }
    }

    /// The type that this one answers: `0210` gives `0200`.
    ///
    /// `None` for what is not an answer.
    #[must_use]
    pub const fn request(self) -> Option<Self> {
        let [version, class, function, origin] = self.0;
        if self.is_response() {
            Some(Self([version, class, function - 1, origin]))
        } else {
            None
        }
    }

    /// Whether this type answers `request`, be that a first sending or a repeat.
    #[must_use]
    pub fn answers(self, request: Self) -> bool {
        let [version, class, function, origin] = self.0;
        let [r_version, r_class, r_function, r_origin] = request.0;
        request.is_request()
            && (version, class, function) == (r_version, r_class, r_function + 1)
            && (origin == r_origin || request.response() == Some(self))
    }
}

impl fmt::Display for Mti {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d] = self.0;
        write!(f, "{a}{b}{c}{d}")
    }
}

impl fmt::Debug for Mti {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mti({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mti(digits: &str) -> Mti {
        Mti::parse(digits).unwrap()
    }

    #[test]
    fn answers_pair_with_their_requests() {
        for (request, response) in [
            ("0200", "0210"),
            ("0201", "0210"),
            ("0820", "0830"),
            ("1420", "1430"),
            ("0302", "0312"),
        ] {
            assert_eq!(mti(request).response(), Some(mti(response)));
            assert!(mti(response).answers(mti(request)));
            assert!(!mti(request).answers(mti(response)));
        }
        assert_eq!(mti("0210").request(), Some(mti("0200")));
        assert_eq!(
            (mti("0210").response(), mti("0280").response()),
            (None, None)
        );
        assert!(mti("0401").is_repeat() && !mti("0400").is_repeat());
    }

    #[test]
    fn unknown_digits_are_kept() {
        let odd = mti("4987");
        assert_eq!(odd.to_string(), "4987");
        assert_eq!(odd.version(), MtiVersion::Reserved(4));
        assert_eq!(odd.class(), MtiClass::Reserved(9));
        assert!(!odd.is_known() && mti("0800").is_known());
        assert!(Mti::parse("02A0").is_err() && Mti::parse("020").is_err());
        assert_eq!(Mti::from_digits([0, 2, 0, 10]), None);
    }
}
