//! Message types in words.

use super::{Lang, Text};
use crate::value::{Mti, MtiClass, MtiFunction, MtiOrigin, MtiVersion};

/// What a message of this class is about.
#[must_use]
pub const fn class(class: MtiClass) -> Text {
    let (en, zh) = match class {
        MtiClass::Authorization => ("authorisation", "授权类"),
        MtiClass::Financial => ("financial", "金融类"),
        MtiClass::FileAction => (
            "file action (batch upload at a POS)",
            "文件操作类（POS 中为批上送）",
        ),
        MtiClass::Reversal => ("reversal", "冲正类"),
        MtiClass::Reconciliation => ("reconciliation (settlement)", "对账类（结算）"),
        MtiClass::Administrative => ("administrative", "管理类"),
        MtiClass::FeeCollection => ("fee collection", "费用收取类"),
        MtiClass::NetworkManagement => ("network management", "网络管理类"),
        MtiClass::Reserved(_) => ("reserved class", "保留类别"),
    };
    Text::new(en, zh)
}

/// What a message of this function wants.
#[must_use]
pub const fn function(function: MtiFunction) -> Text {
    let (en, zh) = match function {
        MtiFunction::Request => ("request", "请求"),
        MtiFunction::RequestResponse => ("answer", "应答"),
        MtiFunction::Advice => ("advice", "通知"),
        MtiFunction::AdviceResponse => ("answer to an advice", "通知应答"),
        MtiFunction::Notification => ("notification", "告知"),
        MtiFunction::NotificationAcknowledgement => ("acknowledgement", "告知确认"),
        MtiFunction::Instruction => ("instruction", "指令"),
        MtiFunction::InstructionAcknowledgement => ("instruction acknowledgement", "指令确认"),
        MtiFunction::Reserved(_) => ("reserved function", "保留功能"),
    };
    Text::new(en, zh)
}

/// Who began the exchange.
#[must_use]
pub const fn origin(origin: MtiOrigin) -> Text {
    let (en, zh) = match origin {
        MtiOrigin::Acquirer => ("from the acquirer's side", "受理方发起"),
        MtiOrigin::AcquirerRepeat => ("from the acquirer's side, repeated", "受理方发起，重发"),
        MtiOrigin::Issuer => ("from the issuer's side", "发卡方发起"),
        MtiOrigin::IssuerRepeat => ("from the issuer's side, repeated", "发卡方发起，重发"),
        MtiOrigin::Other => ("from another party", "其他方发起"),
        MtiOrigin::OtherRepeat => ("from another party, repeated", "其他方发起，重发"),
        MtiOrigin::Reserved(_) => ("reserved origin", "保留发起方"),
    };
    Text::new(en, zh)
}

/// Which edition the message follows.
#[must_use]
pub const fn version(version: MtiVersion) -> Text {
    let (en, zh) = match version {
        MtiVersion::Iso1987 => ("ISO 8583:1987", "ISO 8583:1987"),
        MtiVersion::Iso1993 => ("ISO 8583:1993", "ISO 8583:1993"),
        MtiVersion::Iso2003 => ("ISO 8583:2003", "ISO 8583:2003"),
        MtiVersion::National => ("national use", "国内专用"),
        MtiVersion::Private => ("private use", "私有专用"),
        MtiVersion::Reserved(_) => ("reserved version", "保留版本"),
    };
    Text::new(en, zh)
}

/// A message type in words: `financial request (ISO 8583:1987, from the acquirer's side)`.
#[must_use]
pub fn describe(mti: Mti, lang: Lang) -> String {
    let [class, function] = [class(mti.class()), function(mti.function())].map(|t| t.say(lang));
    let [version, origin] = [version(mti.version()), origin(mti.origin())].map(|t| t.say(lang));
    match lang {
        Lang::En => format!("{class} {function} ({version}, {origin})"),
        Lang::Zh => format!("{class}{function}（{version}，{origin}）"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_digits_make_a_phrase_in_both_languages() {
        let mti = Mti::parse("0200").unwrap();
        assert_eq!(
            describe(mti, Lang::En),
            "financial request (ISO 8583:1987, from the acquirer's side)"
        );
        assert_eq!(
            describe(mti, Lang::Zh),
            "金融类请求（ISO 8583:1987，受理方发起）"
        );
        for n in 0..10_000_u32 {
            let mti = Mti::parse(&format!("{n:04}")).unwrap();
            assert!(!describe(mti, Lang::En).is_empty() && !describe(mti, Lang::Zh).is_empty());
        }
    }
}
