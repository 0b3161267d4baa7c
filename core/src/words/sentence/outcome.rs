//! How a message ends: the verdict of an answer, or what the message waits for.

use super::Facts;
use crate::value::{Mti, MtiClass, MtiFunction, ResponseCode};
use crate::words::{CodeList, Lang, Text};

/// The outcome in words.
pub(super) fn of(facts: &Facts, mti: Mti, lang: Lang) -> String {
    if !mti.is_response() {
        return waiting(mti).say(lang).to_owned();
    }
    let Some(code) = facts.response_code.as_deref() else {
        return Text::new("answered", "已应答").say(lang).to_owned();
    };
    let approved = ResponseCode::parse(code).is_ok_and(|c| c.is_approval());
    let mut parts = vec![verdict(code, approved, mti, lang)];
    if approved && is_sign_on(facts, mti) && facts.custom_62 {
        let keys = Text::new("working keys delivered", "下发工作密钥");
        parts.push(keys.say(lang).to_owned());
    }
    let with_auth = is_trade(mti);
    if let Some(auth) = facts.auth_code.as_ref().filter(|_| approved && with_auth) {
        parts.push(match lang {
            Lang::En => format!("authorisation code {auth}"),
            Lang::Zh => format!("授权码 {auth}"),
        });
    }
    parts.join(if lang == Lang::Zh { "，" } else { ", " })
}

/// What a response code says in an answer of this type.
fn verdict(code: &str, approved: bool, mti: Mti, lang: Lang) -> String {
    let Some(meaning) = CodeList::Response.find(code) else {
        return match lang {
            Lang::En => format!("answered with code {code}"),
            Lang::Zh => format!("应答码 {code}"),
        };
    };
    let all_the_same = match (mti.class(), code) {
        (MtiClass::Reversal, "12" | "25") => Some(Text::new("nothing to reverse", "视为冲正成功")),
        (MtiClass::FileAction, "94") => Some(Text::new("stored already", "视为已收")),
        _ => None,
    };
    match (all_the_same, lang) {
        (Some(text), Lang::En) => format!("{}, {code} {}", text.en, meaning.en),
        (Some(text), Lang::Zh) => format!("{}，{code} {}", text.zh, meaning.zh),
        (None, _) if code == "00" && !is_trade(mti) => {
            Text::new("accepted", "成功").say(lang).to_owned()
        }
        (None, _) if approved => meaning.say(lang).to_owned(),
        (None, Lang::En) => format!("refused, {code} {}", meaning.en),
        (None, Lang::Zh) => format!("被拒绝，{code} {}", meaning.zh),
    }
}

/// Whether the message asks for approval or moves money, as against managing something.
fn is_trade(mti: Mti) -> bool {
    matches!(mti.class(), MtiClass::Authorization | MtiClass::Financial)
}

fn is_sign_on(facts: &Facts, mti: Mti) -> bool {
    let code = facts.unionpay_network.as_deref().unwrap_or_default();
    mti.class() == MtiClass::NetworkManagement && code.starts_with("00")
}

/// What a message that is no answer waits for.
fn waiting(mti: Mti) -> Text {
    match mti.function() {
        MtiFunction::Request => Text::new("awaiting an answer", "等待应答"),
        MtiFunction::Advice => Text::new("an advice, awaiting an answer", "通知类报文，等待应答"),
        MtiFunction::Instruction => Text::new("an instruction", "指令"),
        MtiFunction::Notification => Text::new("wants no answer", "无需应答"),
        MtiFunction::RequestResponse
        | MtiFunction::AdviceResponse
        | MtiFunction::NotificationAcknowledgement
        | MtiFunction::InstructionAcknowledgement => Text::new("answered", "已应答"),
        MtiFunction::Reserved(_) => Text::new("of a reserved function", "保留功能"),
    }
}
