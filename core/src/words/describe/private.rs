//! The private fields of the UnionPay POS dialect: 48, 60, 61, 62 and 63.

use super::{Lookup, date::date, field, join, say};
use crate::words::{CodeList, Lang};

/// The plain meaning of a sub-field.
pub(super) fn part(
    de: u8,
    part: &str,
    value: &str,
    other: Lookup<'_>,
    lang: Lang,
) -> Option<String> {
    match (de, part) {
        (60, "1") => field::coded(CodeList::UnionPayTransaction, value, lang),
        (60, "3") => field::coded(CodeList::UnionPayNetwork, value, lang),
        (60, "4") => read_capability(value, lang),
        (60, "5") => chip_condition(value, lang),
        (60, "6") => partial_approval(value, lang),
        (60, "7") => account(value, lang),
        (61, "3") if value != "0000" => date("MMDD", value, lang),
        (61, "4") => authorised_by(value, lang),
        (63, "1") => field::coded(CodeList::CardOrganisation, value.trim_end(), lang),
        (48, _) if value.len() == 12 => field::amount(value, other("DE49").as_deref(), lang),
        (48, _) if value.len() == 1 => balance_flag(value, lang),
        (62, "4") if value.len() == 12 => field::amount(value, other("DE62.5").as_deref(), lang),
        (62, "5") if value.len() == 3 => field::currency(value, lang),
        _ => None,
    }
}

/// The whole of DE60, when a UnionPay dialect has split it.
pub(super) fn whole60(value: &str, other: Lookup<'_>, lang: Lang) -> Option<String> {
    let kind = other("DE60.1").and_then(|v| part(60, "1", &v, other, lang));
    let network = other("DE60.3")
        .filter(|v| v != "000")
        .and_then(|v| part(60, "3", &v, other, lang));
    let batch = value.get(2..8)?;
    let what = network.or(kind)?;
    Some(say(
        format!("{what}; batch {batch}"),
        format!("{what}；批次号 {batch}"),
        lang,
    ))
}

/// The totals of a settlement, the count of an upload, or a tip, by message type.
pub(super) fn totals(value: &str, other: Lookup<'_>, lang: Lang) -> Option<String> {
    let mti = other("MTI")?;
    match (mti.as_str(), value.len()) {
        ("0500" | "0510", 62) => {
            let [domestic, foreign] = [value.get(..31)?, value.get(31..)?];
            let halves = [(domestic, "domestic", "内卡"), (foreign, "foreign", "外卡")];
            let parts = halves.map(|(half, en, zh)| half_totals(half, say(en, zh, lang), lang));
            join(&parts.into_iter().collect::<Option<Vec<_>>>()?, lang)
        }
        ("0320" | "0330", 4) => {
            let count: u32 = value.parse().ok()?;
            Some(say(
                format!("uploaded records: {count}"),
                format!("共上送 {count} 笔"),
                lang,
            ))
        }
        ("0320" | "0330", _) => {
            let count: u32 = value.get(..2)?.parse().ok()?;
            Some(say(
                format!("trades in detail: {count}"),
                format!("明细 {count} 笔"),
                lang,
            ))
        }
        ("0220" | "0230", 12) => {
            let tip = field::amount(value, other("DE49").as_deref(), lang)?;
            Some(say(format!("tip {tip}"), format!("小费 {tip}"), lang))
        }
        _ => None,
    }
}

/// One half of a settlement's totals: debit, credit, flag.
fn half_totals(half: &str, whose: String, lang: Lang) -> Option<String> {
    let sum = |range: core::ops::Range<usize>| field::amount(half.get(range)?, Some("156"), lang);
    let count = |range: core::ops::Range<usize>| half.get(range)?.parse::<u32>().ok();
    let (debit, credit) = (sum(0..12)?, sum(15..27)?);
    let (debits, credits) = (count(12..15)?, count(27..30)?);
    if half.get(..30)?.bytes().all(|b| b == b'0') && matches!(half.get(30..), Some("0" | "1")) {
        return Some(say(
            format!("{whose}: nothing"),
            format!("{whose}：无"),
            lang,
        ));
    }
    let flag = balance_flag(half.get(30..)?, lang).unwrap_or_default();
    Some(say(
        format!("{whose}: debit {debit} in {debits}, credit {credit} in {credits}, {flag}"),
        format!("{whose}：借方 {debit} 共 {debits} 笔，贷方 {credit} 共 {credits} 笔，{flag}"),
        lang,
    ))
}

/// The verdict on one half of the totals.
fn balance_flag(flag: &str, lang: Lang) -> Option<String> {
    let (en, zh) = match flag {
        "0" => ("no verdict yet", "未对账"),
        "1" => ("balanced", "对账平"),
        "2" => ("not balanced", "对账不平"),
        "3" => ("error", "出错"),
        _ => return None,
    };
    Some(say(en, zh, lang))
}

fn read_capability(value: &str, lang: Lang) -> Option<String> {
    let (en, zh) = match value {
        "0" => ("not known", "不可预知"),
        "2" => ("reads stripes", "可读磁条"),
        "5" => ("reads stripes and chips", "可读磁条和接触式 IC 卡"),
        "6" => (
            "reads stripes, chips and contactless",
            "可读磁条、接触式和非接触式 IC 卡",
        ),
        _ => return None,
    };
    Some(say(en, zh, lang))
}

fn chip_condition(value: &str, lang: Lang) -> Option<String> {
    let (en, zh) = match value {
        "0" => ("nothing to report", "无特殊情况"),
        "1" => (
            "last chip read was irregular",
            "上一笔 IC 卡交易不规范（未先读芯片）",
        ),
        "2" => (
            "last chip read failed: fallback",
            "上一笔读芯片失败（降级）",
        ),
        _ => return None,
    };
    Some(say(en, zh, lang))
}

fn partial_approval(value: &str, lang: Lang) -> Option<String> {
    match value {
        "0" => Some(say("no partial approval", "不支持部分批准", lang)),
        "1" => Some(say("takes a partial approval", "支持部分批准", lang)),
        _ => None,
    }
}

fn account(value: &str, lang: Lang) -> Option<String> {
    match value {
        "000" => Some(say("default account", "默认账户", lang)),
        "048" => Some(say("issuer's points", "发卡方积分", lang)),
        "065" => Some(say("union points", "联盟积分", lang)),
        _ => None,
    }
}

fn authorised_by(value: &str, lang: Lang) -> Option<String> {
    match value {
        "00" => Some(say("authorised by POS", "POS 授权", lang)),
        "01" => Some(say("authorised by telephone", "电话授权", lang)),
        "02" => Some(say("small amount, stand-in", "小额代授权", lang)),
        _ => None,
    }
}
