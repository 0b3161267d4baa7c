//! The fields that mean the same in every dialect, by number.

use super::{Lookup, date::date, join, private, say, track};
use crate::value::{Amount, Currency, EntryMode, PinCapability, ServiceCode};
use crate::words::code::with_code;
use crate::words::{CodeList, Lang};

/// The plain meaning of a whole field.
pub(super) fn describe(de: u8, value: &str, other: Lookup<'_>, lang: Lang) -> Option<String> {
    match de {
        2 => track::pan(value, lang),
        3 => processing_code(value, other, lang),
        4 | 30 => amount(value, other("DE49").as_deref(), lang),
        5 => amount(value, other("DE50").as_deref(), lang),
        6 => amount(value, other("DE51").as_deref(), lang),
        7 | 12 | 13 | 14 | 15 | 16 | 17 => field_date(de, value, lang),
        18 => coded(CodeList::Mcc, value, lang),
        19..=21 => coded(CodeList::Country, value, lang),
        22 => entry_mode(value, other, lang),
        23 => {
            let number = value.trim_start_matches('0');
            let number = if number.is_empty() { "0" } else { number };
            Some(say(
                format!("card no. {number} of this account"),
                format!("同账号第 {number} 张卡"),
                lang,
            ))
        }
        25 if value.len() == 2 => coded(CodeList::Condition, value, lang),
        26 => pin_capture(value, lang),
        28..=31 => fee(value, other, lang),
        35 => track::track2(value, lang),
        39 => outcome(value, other, lang),
        40 => track::service_code(ServiceCode::parse(value).ok()?, lang),
        42 => merchant(value, lang),
        44 => institutions(value, lang),
        45 => track::track1(value, lang),
        48 => private::totals(value, other, lang),
        49..=51 => currency(value, lang),
        53 => security(value, lang),
        54 => balances(value, lang),
        60 => private::whole60(value, other, lang),
        64 | 128 => mac(value, lang),
        70 => coded(CodeList::Network, value, lang),
        90 => original(value, lang),
        _ => None,
    }
}

/// The plain meaning of a part of a field that is not private.
pub(super) fn part(
    de: u8,
    part: &str,
    value: &str,
    other: Lookup<'_>,
    lang: Lang,
) -> Option<String> {
    match (de, part) {
        (3, "1") => CodeList::Processing
            .find(value)
            .map(|t| t.say(lang).to_owned()),
        (3, _) => CodeList::Account
            .find(value)
            .map(|t| t.say(lang).to_owned()),
        (22, "1") => CodeList::EntryMode
            .find(value)
            .map(|t| t.say(lang).to_owned()),
        (22, "2") => Some(pin_digit(
            EntryMode::parse(&format!("00{value}")).ok()?,
            other,
            lang,
        )?),
        (35, "1") => track::pan(value, lang),
        (35, "3") => date("YYMM", value, lang),
        (35, "4") => track::service_code(ServiceCode::parse(value).ok()?, lang),
        (53, n) => security_digit(n, value, lang),
        (54, "1") => CodeList::Account
            .find(value)
            .map(|t| t.say(lang).to_owned()),
        (54, "2") => CodeList::AmountType
            .find(value)
            .map(|t| t.say(lang).to_owned()),
        (54, "3") => currency(value, lang),
        _ => None,
    }
}

/// A code with its meaning from a list.
pub(super) fn coded(list: CodeList, value: &str, lang: Lang) -> Option<String> {
    list.find(value).map(|text| text.say(lang).to_owned())
}

/// Digits as money; in plain decimals of two places when the currency is not known.
pub(super) fn amount(digits: &str, currency: Option<&str>, lang: Lang) -> Option<String> {
    let code = currency.map(|c| c.get(c.len().saturating_sub(3)..).unwrap_or_default());
    match code.and_then(|c| Currency::parse(c).ok()) {
        Some(currency) => Some(Amount::parse(digits, currency).ok()?.to_string()),
        None => {
            let decimal = Amount::parse(digits, Currency::CNY).ok()?.decimal();
            Some(say(
                format!("{decimal} (currency not stated)"),
                format!("{decimal}（未注明币种）"),
                lang,
            ))
        }
    }
}

/// A currency with its letters and name.
pub(super) fn currency(value: &str, lang: Lang) -> Option<String> {
    let currency = Currency::parse(value.get(value.len().checked_sub(3)?..)?).ok()?;
    let (en, zh) = currency.names()?;
    Some(say(
        format!("{currency}, {en}"),
        format!("{currency}，{zh}"),
        lang,
    ))
}

fn processing_code(value: &str, other: Lookup<'_>, lang: Lang) -> Option<String> {
    let kind = other("DE60.1").and_then(|code| CodeList::UnionPayTransaction.find(&code));
    let kind = kind.or_else(|| CodeList::Processing.find(value));
    let kind = kind.or_else(|| CodeList::Processing.find(value.get(..2)?))?;
    let mut parts = vec![kind.say(lang).to_owned()];
    for (range, en, zh) in [(2..4, "from", "转出"), (4..6, "to", "转入")] {
        let pair = value.get(range).filter(|pair| *pair != "00");
        if let Some(account) = pair.and_then(|pair| CodeList::Account.find(pair)) {
            parts.push(say(
                format!("{en} {}", account.en),
                format!("{zh}{}", account.zh),
                lang,
            ));
        }
    }
    let separator = if lang == Lang::Zh { "，" } else { ", " };
    Some(parts.join(separator))
}

fn field_date(de: u8, value: &str, lang: Lang) -> Option<String> {
    let pattern = match (de, value.len()) {
        (7, 10) => "MMDDhhmmss",
        (12, 6) => "hhmmss",
        (12, 12) => "YYMMDDhhmmss",
        (12, 14) => "YYYYMMDDhhmmss",
        (13 | 14 | 16, 4) if de == 14 => "YYMM",
        (13 | 15 | 16 | 17, 4) => "MMDD",
        (15 | 16, 6) => "YYMMDD",
        (15, 8) => "YYYYMMDD",
        _ => return None,
    };
    date(pattern, value, lang)
}

fn entry_mode(value: &str, other: Lookup<'_>, lang: Lang) -> Option<String> {
    if value.len() == 12 {
        return pos_data(value, lang);
    }
    let digits = if value.len() == 4 {
        value.get(1..)?
    } else {
        value
    };
    let mode = EntryMode::parse(digits).ok()?;
    let read = CodeList::EntryMode
        .find(digits.get(..2)?)?
        .say(lang)
        .to_owned();
    let separator = if lang == Lang::Zh { "，" } else { ", " };
    Some(match pin_digit(mode, other, lang) {
        Some(pin) => format!("{read}{separator}{pin}"),
        None => read,
    })
}

fn pin_digit(mode: EntryMode, other: Lookup<'_>, lang: Lang) -> Option<String> {
    let entered = other("DE52").is_some();
    Some(match mode.pin() {
        PinCapability::Yes if entered => say("PIN entered", "已输密码", lang),
        PinCapability::Yes => say("PIN entry possible", "可输密码", lang),
        PinCapability::No => say("no PIN", "无密码", lang),
        PinCapability::Unspecified | PinCapability::Other => return None,
    })
}

/// The twelve positions of 1993, those that say something in words.
fn pos_data(value: &str, lang: Lang) -> Option<String> {
    let mut parts = Vec::new();
    for (c, place) in value.chars().zip(1..) {
        let Some(text) = CodeList::PosData.find(&format!("{place:02}/{c}")) else {
            continue;
        };
        let Some(title) = CodeList::PosData.find(&format!("{place:02}/")) else {
            continue;
        };
        parts.push(say(
            format!("{} {}", title.en, text.en),
            format!("{}：{}", title.zh, text.zh),
            lang,
        ));
    }
    join(&parts, lang)
}

fn pin_capture(value: &str, lang: Lang) -> Option<String> {
    if value.len() == 4 {
        return coded(CodeList::Mcc, value, lang);
    }
    let digits: u8 = value.parse().ok()?;
    (4..=12).contains(&digits).then(|| {
        say(
            format!("PIN of at most {digits} digits"),
            format!("密码最多 {digits} 位"),
            lang,
        )
    })
}

fn fee(value: &str, other: Lookup<'_>, lang: Lang) -> Option<String> {
    let (sign, digits) = value.split_at_checked(1)?;
    let amount = amount(digits, other("DE49").as_deref(), lang)?;
    match sign {
        "D" => Some(say(
            format!("debit of {amount}"),
            format!("借记 {amount}"),
            lang,
        )),
        "C" => Some(say(
            format!("credit of {amount}"),
            format!("贷记 {amount}"),
            lang,
        )),
        _ => None,
    }
}

fn outcome(value: &str, other: Lookup<'_>, lang: Lang) -> Option<String> {
    let reversal = other("MTI").is_some_and(|mti| mti.starts_with("040"));
    let reason = reversal
        .then(|| CodeList::ReversalReason.find(value))
        .flatten();
    let text = reason.or_else(|| CodeList::Response.find(value))?;
    Some(with_code(value, Some(text), lang))
}

fn merchant(value: &str, lang: Lang) -> Option<String> {
    let id = crate::value::MerchantId::parse(value).ok()?;
    let line = CodeList::Mcc.find(id.mcc()?)?;
    let (acquirer, area) = (value.get(..3)?, value.get(3..7)?);
    Some(say(
        format!(
            "if a mainland id: acquirer {acquirer}, area {area}, {}",
            line.en
        ),
        format!(
            "若为境内商户号：收单机构 {acquirer}，地区 {area}，行业 {}",
            line.zh
        ),
        lang,
    ))
}

fn institutions(value: &str, lang: Lang) -> Option<String> {
    let (issuer, acquirer) = (value.get(..11)?.trim(), value.get(11..)?.trim());
    let numbers = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    (numbers(issuer) && numbers(acquirer)).then(|| {
        say(
            format!("issuer {issuer}, acquirer {acquirer}"),
            format!("发卡方 {issuer}，收单方 {acquirer}"),
            lang,
        )
    })
}

fn security(value: &str, lang: Lang) -> Option<String> {
    if value.len() != 16 {
        return None;
    }
    let digit = |at: usize| value.get(at..=at).unwrap_or_default();
    let parts: Vec<String> = (0..3)
        .filter_map(|at| security_digit(&format!("{}", at + 1), digit(at), lang))
        .collect();
    join(&parts, lang)
}

/// The first three digits of UnionPay's security control information.
fn security_digit(place: &str, digit: &str, lang: Lang) -> Option<String> {
    let (en, zh) = match (place, digit) {
        ("1", "0") => ("no PIN", "无密码"),
        ("1", "1") => ("PIN block without card number", "PIN 不含主账号"),
        ("1", "2") => ("PIN block with card number", "PIN 含主账号"),
        ("2", "0") => ("single DES", "单倍长密钥算法"),
        ("2", "6") => ("double-length DES", "双倍长密钥算法"),
        ("2", "3") => ("SM4", "国密 SM4"),
        ("3", "0") => ("tracks in the clear", "磁道不加密"),
        ("3", "1") => ("tracks enciphered", "磁道加密"),
        _ => return None,
    };
    Some(say(en, zh, lang))
}

/// Additional amounts: twenty characters each.
fn balances(value: &str, lang: Lang) -> Option<String> {
    let chunks = value
        .as_bytes()
        .chunks(20)
        .map(|chunk| core::str::from_utf8(chunk).unwrap_or_default());
    let parts: Vec<String> = chunks.filter_map(|chunk| balance(chunk, lang)).collect();
    join(&parts, lang)
}

fn balance(text: &str, lang: Lang) -> Option<String> {
    let kind = CodeList::AmountType.find(text.get(2..4)?)?;
    let amount = amount(text.get(8..20)?, text.get(4..7), lang)?;
    let sign = if text.get(7..8)? == "D" { "-" } else { "" };
    Some(say(
        format!("{} {sign}{amount}", kind.en),
        format!("{} {sign}{amount}", kind.zh),
        lang,
    ))
}

/// Eight bytes that are eight characters of hexadecimal, as UnionPay's MAC is.
fn mac(value: &str, lang: Lang) -> Option<String> {
    let text = super::ascii_of_hex(value)?;
    (text.len() == 8 && text.bytes().all(|b| b.is_ascii_hexdigit())).then(|| {
        say(
            format!("MAC {text}, sent as text"),
            format!("MAC {text}（以字符发送）"),
            lang,
        )
    })
}

/// Original data elements: type, trace, date and time.
fn original(value: &str, lang: Lang) -> Option<String> {
    let (mti, stan) = (value.get(..4)?, value.get(4..10)?);
    let when = date("MMDDhhmmss", value.get(10..20)?, lang);
    let when = when.map_or(String::new(), |w| {
        say(format!(", {w}"), format!("，{w}"), lang)
    });
    Some(say(
        format!("original {mti}, trace {stan}{when}"),
        format!("原交易 {mti}，流水号 {stan}{when}"),
        lang,
    ))
}
