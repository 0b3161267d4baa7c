//! One plain sentence for a whole message: who wants what, with which card, and how it went.

use super::describe::{Lookup, describe};
use super::{CodeList, Lang, Text};
use crate::value::{Amount, Currency, Mti, MtiClass, Pan};

mod kind;
mod outcome;

/// What a sentence is made of; whatever a message lacks stays empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The message type.
    pub mti: Option<Mti>,
    /// DE3.
    pub processing_code: Option<String>,
    /// DE4 in the currency of DE49.
    pub amount: Option<Amount>,
    /// DE2, or the card number of track 2, 1 or 3 or of the chip.
    pub pan: Option<Pan>,
    /// DE22.
    pub entry_mode: Option<String>,
    /// Whether the message carries a PIN block.
    pub pin: bool,
    /// DE25.
    pub condition: Option<String>,
    /// DE38.
    pub auth_code: Option<String>,
    /// DE39, which is the reason in a reversal request.
    pub response_code: Option<String>,
    /// DE41 without padding.
    pub terminal: Option<String>,
    /// The words of DE48 where it holds totals or counts, in both languages.
    pub totals: Option<[String; 2]>,
    /// DE60.1 of UnionPay.
    pub transaction: Option<String>,
    /// DE60.2 of UnionPay.
    pub batch: Option<String>,
    /// DE60.3 of UnionPay.
    pub unionpay_network: Option<String>,
    /// DE70.
    pub network: Option<String>,
    /// Whether DE62 is there, in which a sign-on answer brings the keys.
    pub custom_62: bool,
}

impl Facts {
    /// Collects the facts of a message from its fields by path (`MTI`, `DE4`, `DE60.1` ...).
    #[must_use]
    pub fn gather(other: Lookup<'_>) -> Self {
        let currency = other("DE49").and_then(|c| Currency::parse(&c).ok());
        let amount = other("DE4")
            .zip(currency)
            .and_then(|(a, c)| Amount::parse(&a, c).ok());
        let trimmed = |path| {
            other(path)
                .map(|v| v.trim().to_owned())
                .filter(|v| !v.is_empty())
        };
        let totals = other("DE48").and_then(|value| {
            let say = |lang| describe("DE48", &value, other, lang);
            Some([say(Lang::En)?, say(Lang::Zh)?])
        });
        Self {
            mti: other("MTI").and_then(|mti| Mti::parse(&mti).ok()),
            processing_code: other("DE3"),
            amount,
            pan: card_number(other),
            entry_mode: other("DE22"),
            pin: other("DE52").is_some(),
            condition: other("DE25"),
            auth_code: trimmed("DE38"),
            response_code: trimmed("DE39"),
            terminal: trimmed("DE41"),
            totals,
            transaction: other("DE60.1"),
            batch: other("DE60.2"),
            unionpay_network: other("DE60.3"),
            network: other("DE70"),
            custom_62: other("DE62").is_some(),
        }
    }
}

/// The card number, wherever the message has it.
fn card_number(other: Lookup<'_>) -> Option<Pan> {
    use crate::value::{Track1, Track2, Track3};
    let plain = other("DE2").and_then(|v| Pan::parse(&v).ok());
    plain
        .or_else(|| Some(Track2::parse(&other("DE35")?).ok()?.pan()))
        .or_else(|| {
            Track2::parse(other("DE55.57")?.trim_end_matches('F'))
                .ok()
                .map(|t| t.pan())
        })
        .or_else(|| Pan::parse(other("DE55.5A")?.trim_end_matches('F')).ok())
        .or_else(|| Some(Track1::parse(&other("DE45")?).ok()?.pan()))
        .or_else(|| Track3::parse(&other("DE36")?).ok()?.pan())
}

/// The sentence of a message, without a full stop.
///
/// ```
/// use poslab_core::words::{Facts, Lang, sentence};
/// let field = |path: &str| {
///     let value = match path {
///         "MTI" => "0200", "DE3" => "000000", "DE4" => "000000012345", "DE49" => "156",
///         "DE2" => "6216261000000000018", "DE22" => "051", "DE52" => "8883105E1474329E",
///         "DE41" => "10000001", "DE60.1" => "22", _ => return None,
///     };
///     Some(value.to_owned())
/// };
/// let facts = Facts::gather(&field);
/// assert_eq!(
///     sentence(&facts, Lang::En),
///     "Sale of CNY 123.45 by card 621626…0018, chip, online PIN, terminal 10000001; awaiting an answer"
/// );
/// assert_eq!(
///     sentence(&facts, Lang::Zh),
///     "消费 CNY 123.45，卡号 621626…0018，芯片，联机密码，终端 10000001；等待应答"
/// );
/// ```
#[must_use]
pub fn sentence(facts: &Facts, lang: Lang) -> String {
    let Some(mti) = facts.mti else {
        return Text::new("Message without a readable type", "消息类型无法识别的报文")
            .say(lang)
            .into();
    };
    let mut head = subject(facts, mti, lang);
    for clause in clauses(facts, mti, lang) {
        head.push_str(if lang == Lang::Zh { "，" } else { ", " });
        head.push_str(&clause);
    }
    let outcome = outcome::of(facts, mti, lang);
    match (mti.is_response(), lang) {
        (true, Lang::En) => format!("{head}: {outcome}"),
        (true, Lang::Zh) => format!("{head}：{outcome}"),
        (false, Lang::En) => format!("{head}; {outcome}"),
        (false, Lang::Zh) => format!("{head}；{outcome}"),
    }
}

/// What it is, how much, and whose card.
fn subject(facts: &Facts, mti: Mti, lang: Lang) -> String {
    let kind = kind::of(facts, mti);
    let mut text = match (mti.class(), lang) {
        (MtiClass::Reversal, Lang::En) => format!("reversal of a {}", kind.en),
        (MtiClass::Reversal, Lang::Zh) => format!("冲正{}", kind.zh),
        (MtiClass::FileAction, _) if facts.transaction.as_deref().is_some_and(|t| t != "00") => {
            match lang {
                Lang::En => format!("batch upload of a {}", kind.en),
                Lang::Zh => format!("批上送{}", kind.zh),
            }
        }
        _ => kind.say(lang).to_owned(),
    };
    if lang == Lang::En {
        text = text.replace(" of a authorisation", " of an authorisation");
        text = text
            .replace(" of a electronic", " of an electronic")
            .replace(" of a offline", " of an offline");
        text = capital(&text);
    }
    if let Some(amount) = facts
        .amount
        .filter(|a| a.minor != 0 || mti.class() != MtiClass::Financial)
    {
        let gap = if text.ends_with('）') { "" } else { " " };
        text.push_str(if lang == Lang::Zh { gap } else { " of " });
        text.push_str(&amount.to_string());
    }
    match (facts.pan, lang) {
        (Some(pan), Lang::En) => {
            let whose = if kind.en.contains("refund") {
                "to"
            } else {
                "by"
            };
            text.push_str(&format!(" {whose} card {}", pan.short()));
        }
        (Some(pan), Lang::Zh) => text.push_str(&format!("，卡号 {}", pan.short())),
        (None, _) => {}
    }
    text
}

/// How the card was read, PIN, terminal, batch, and a reversal's reason.
fn clauses(facts: &Facts, mti: Mti, lang: Lang) -> Vec<String> {
    let mut clauses = Vec::new();
    let say = |en: String, zh: String| if lang == Lang::Zh { zh } else { en };
    if mti.class() != MtiClass::Reversal {
        clauses.extend(read_by(facts).map(|t| t.say(lang).to_owned()));
        clauses.extend(pin_words(facts).map(|t| t.say(lang).to_owned()));
    }
    if let Some(id) = &facts.terminal {
        clauses.push(say(format!("terminal {id}"), format!("终端 {id}")));
    }
    if let Some(batch) = facts.batch.as_ref().filter(|_| is_management(mti)) {
        clauses.push(say(format!("batch {batch}"), format!("批次 {batch}")));
    }
    if let Some([en, zh]) = &facts.totals {
        clauses.push(say(en.clone(), zh.clone()));
    }
    if mti.class() == MtiClass::Reversal && mti.is_request() {
        clauses.extend(facts.response_code.as_ref().map(|code| {
            let reason = CodeList::ReversalReason
                .find(code)
                .or(CodeList::Response.find(code));
            let Some(reason) = reason else {
                return say(format!("reason {code}"), format!("原因 {code}"));
            };
            say(
                format!("because {} ({code})", reason.en),
                format!("原因：{}（{code}）", reason.zh),
            )
        }));
    }
    if mti.is_repeat() {
        clauses.push(say("sent again".into(), "重发".into()));
    }
    clauses
}

/// Whether a message is about batches and terminals rather than about one card.
fn is_management(mti: Mti) -> bool {
    use MtiClass::{FileAction, NetworkManagement, Reconciliation};
    matches!(mti.class(), FileAction | NetworkManagement | Reconciliation)
}

/// How the card was read, unless the message does not say.
fn read_by(facts: &Facts) -> Option<Text> {
    let mode = facts.entry_mode.as_deref()?;
    match mode.len() {
        12 => CodeList::PosData.find(&format!("07/{}", mode.get(6..7)?)),
        3 | 4 => {
            let code = mode.get(mode.len() - 3..mode.len() - 1)?;
            CodeList::EntryMode.find(code).filter(|_| code != "00")
        }
        _ => None,
    }
}

/// Whether a PIN goes with the message, or the terminal says that there is none.
fn pin_words(facts: &Facts) -> Option<Text> {
    let mode = facts.entry_mode.as_deref().unwrap_or_default();
    match (facts.pin, mode.len()) {
        (true, _) => Some(Text::new("online PIN", "联机密码")),
        (false, 3 | 4) if mode.ends_with('2') => Some(Text::new("no PIN", "无密码")),
        (false, _) => None,
    }
}

/// The text with its first letter in upper case.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| {
        core::iter::once(first.to_ascii_uppercase())
            .chain(chars)
            .collect()
    })
}

#[cfg(test)]
mod tests;
