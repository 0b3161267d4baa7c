//! The kinds of trade a terminal can make, and what each one puts into a message.
//!
//! One table for terminal and front end, so that both mean the same by field 60.1.
//! **Source**: practice, as collected from shipped terminal applications.

use serde::{Deserialize, Serialize};

/// A kind of trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TradeKind {
    /// Balance inquiry (余额查询).
    Balance,
    /// Pre-authorisation (预授权).
    PreAuth,
    /// Void of a pre-authorisation (预授权撤销).
    PreAuthVoid,
    /// Completion as a request (预授权完成请求).
    Completion,
    /// Void of a completion (预授权完成撤销).
    CompletionVoid,
    /// Sale (消费).
    Sale,
    /// Void of a sale (消费撤销).
    Void,
    /// Completion as an advice (预授权完成通知).
    CompletionAdvice,
    /// Refund (退货).
    Refund,
    /// Adjustment of a sale with a tip (小费调整).
    TipAdjust,
    /// Offline chip sale, uploaded later (脱机消费上送).
    OfflineSale,
}

/// On which side of a settlement a trade counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The merchant receives.
    Debit,
    /// The merchant pays.
    Credit,
    /// Not counted.
    None,
}

use TradeKind as K;

impl TradeKind {
    /// Every kind, in the order of field 60.1.
    pub const ALL: [TradeKind; 11] = [
        K::Balance,
        K::PreAuth,
        K::PreAuthVoid,
        K::Completion,
        K::CompletionVoid,
        K::Sale,
        K::Void,
        K::CompletionAdvice,
        K::Refund,
        K::TipAdjust,
        K::OfflineSale,
    ];

    /// Request MTI, processing code F3, condition code F25 and transaction type 60.1.
    pub fn codes(self) -> (u16, &'static str, &'static str, &'static str) {
        match self {
            K::Balance => (200, "310000", "00", "01"),
            K::PreAuth => (100, "030000", "06", "10"),
            K::PreAuthVoid => (100, "200000", "06", "11"),
            K::Completion => (200, "000000", "06", "20"),
            K::CompletionVoid => (200, "200000", "06", "21"),
            K::Sale => (200, "000000", "00", "22"),
            K::Void => (200, "200000", "00", "23"),
            K::CompletionAdvice => (220, "000000", "06", "24"),
            K::Refund => (220, "200000", "00", "25"),
            K::TipAdjust => (220, "000000", "00", "34"),
            K::OfflineSale => (200, "000000", "00", "36"),
        }
    }

    /// The request's MTI.
    pub fn mti(self) -> u16 {
        self.codes().0
    }

    /// The kind that field 60.1 names.
    pub fn from_60_1(code: &str) -> Option<TradeKind> {
        K::ALL.into_iter().find(|k| k.codes().3 == code)
    }

    /// Whether a lost answer is repaired by a reversal.
    pub fn reversible(self) -> bool {
        matches!(
            self,
            K::Sale | K::Void | K::PreAuth | K::PreAuthVoid | K::Completion | K::CompletionVoid
        )
    }

    /// Whether the request is kept until answered, under the same trace number.
    pub fn queued(self) -> bool {
        matches!(
            self,
            K::CompletionAdvice | K::Refund | K::TipAdjust | K::OfflineSale
        )
    }

    /// The settlement side it counts on.
    pub fn side(self) -> Side {
        match self {
            K::Sale | K::Completion | K::CompletionAdvice | K::TipAdjust | K::OfflineSale => {
                Side::Debit
            }
            K::Void | K::Refund | K::CompletionVoid => Side::Credit,
            K::Balance | K::PreAuth | K::PreAuthVoid => Side::None,
        }
    }

    /// `amount` as the cardholder's account sees it: negative when the holder pays.
    pub fn signed(self, amount: u64) -> i64 {
        match self.side() {
            Side::Debit => -(amount as i64),
            Side::Credit => amount as i64,
            Side::None => 0,
        }
    }

    /// English name.
    pub fn en(self) -> &'static str {
        match self {
            K::Balance => "balance inquiry",
            K::PreAuth => "pre-authorisation",
            K::PreAuthVoid => "pre-authorisation void",
            K::Completion => "completion",
            K::CompletionVoid => "completion void",
            K::Sale => "sale",
            K::Void => "sale void",
            K::CompletionAdvice => "completion advice",
            K::Refund => "refund",
            K::TipAdjust => "tip adjustment",
            K::OfflineSale => "offline sale",
        }
    }

    /// Chinese name.
    pub fn zh(self) -> &'static str {
        match self {
            K::Balance => "余额查询",
            K::PreAuth => "预授权",
            K::PreAuthVoid => "预授权撤销",
            K::Completion => "预授权完成",
            K::CompletionVoid => "预授权完成撤销",
            K::Sale => "消费",
            K::Void => "消费撤销",
            K::CompletionAdvice => "预授权完成通知",
            K::Refund => "退货",
            K::TipAdjust => "小费调整",
            K::OfflineSale => "脱机消费",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_one_is_unique() {
        for kind in K::ALL {
            assert_eq!(K::from_60_1(kind.codes().3), Some(kind));
        }
    }
}
