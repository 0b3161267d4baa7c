//! What kind of trade a message is: by the dialect's own code first, then by type and DE3.

use super::Facts;
use crate::value::{Mti, MtiClass};
use crate::words::{CodeList, Text, mti as type_words};

/// The kind in words, in lower case.
pub(super) fn of(facts: &Facts, mti: Mti) -> Text {
    let unionpay = facts
        .unionpay_network
        .as_deref()
        .zip(facts.transaction.as_deref());
    unionpay
        .and_then(|(network, transaction)| unionpay_kind(network, transaction, mti))
        .or_else(|| {
            facts
                .network
                .as_deref()
                .and_then(|code| CodeList::Network.find(code))
        })
        .or_else(|| by_type(facts, mti))
        .unwrap_or_else(|| type_words::class(mti.class()))
}

/// The kind by UnionPay's two codes.
fn unionpay_kind(network: &str, transaction: &str, mti: Mti) -> Option<Text> {
    if mti.class() == MtiClass::Reconciliation {
        return Some(Text::new("settlement", "批结算"));
    }
    match (network, transaction) {
        ("201", "00") => Some(Text::new(
            "batch upload of stripe trades",
            "批上送磁条交易明细",
        )),
        ("000", code) if code != "00" => CodeList::UnionPayTransaction.find(code),
        ("000", _) => None,
        (code, _) => CodeList::UnionPayNetwork.find(code),
    }
}

/// The kind by message type and processing code, as any dialect has them.
fn by_type(facts: &Facts, mti: Mti) -> Option<Text> {
    let code = facts.processing_code.as_deref().unwrap_or_default();
    let pair = code.get(..2).unwrap_or_default();
    match (mti.class(), pair) {
        (MtiClass::Authorization, "03") if facts.condition.as_deref() == Some("06") => {
            Some(Text::new("pre-authorisation", "预授权"))
        }
        (MtiClass::Authorization, "00") => Some(Text::new("authorisation", "授权")),
        (MtiClass::Financial, "00") => Some(Text::new("sale", "消费")),
        (MtiClass::Financial | MtiClass::Reversal, "20") => Some(Text::new("refund", "退货")),
        (MtiClass::Reversal, "00") => Some(Text::new("sale", "消费")),
        (MtiClass::Reversal, "") => Some(Text::new("trade", "交易")),
        (MtiClass::Authorization | MtiClass::Financial | MtiClass::Reversal, pair) => {
            CodeList::Processing.find(pair)
        }
        (MtiClass::Reconciliation, _) => Some(Text::new("settlement", "对账")),
        _ => None,
    }
}
