//! A field or tag together with its value: `39=51`, `95=0500A00470`, `DE4=000000012345`.

use super::answer::{code_answer, field_path, line};
use super::{Explanation, ExplanationKind, Line};
use crate::spec::builtin;
use crate::words::{BitMeaning, CodeList, Lang, bits, describe, emv_tag, iad};

/// Every reading of `left=right`.
pub(super) fn answers(left: &str, right: &str, lang: Lang) -> Vec<Explanation> {
    let mut found = Vec::new();
    let value: String = right.chars().filter(|c| *c != ' ').collect();
    let forced = field_path(left);
    if forced.is_none() {
        found.extend(tag_value(left, &value, lang));
    }
    let bare = forced.or_else(|| field_path(&format!("DE{left}")));
    if let Some((number, part)) = bare {
        found.extend(field_value(number, part.as_deref(), right, lang));
    }
    if left.eq_ignore_ascii_case("MTI") {
        found.extend(super::answer::message_type(right, lang));
    }
    found
}

/// A tag with a value in hexadecimal: what it says, and every bit.
fn tag_value(tag: &str, value: &str, lang: Lang) -> Option<Explanation> {
    let tag = emv_tag(super::known_tag(tag)?)?;
    let value = value.to_ascii_uppercase();
    hex::decode(&value).ok().filter(|bytes| !bytes.is_empty())?;
    let meanings = bits(tag.tag, &value);
    let parts = if tag.tag == "9F10" {
        iad::parts(&value)
    } else {
        Vec::new()
    };
    let said = describe(tag.tag, &value, &|_| None, lang);
    if meanings.is_empty() && parts.is_empty() && said.is_none() {
        return None;
    }
    let mut lines: Vec<Line> = Vec::new();
    if meanings.is_empty() && parts.is_empty() {
        lines.extend(said.map(|text| line("Meaning", "含义", text, lang)));
    }
    lines.extend(meanings.iter().map(|meaning| bit_line(meaning, lang)));
    for part in parts {
        let digits = value
            .get(part.bytes.start * 2..part.bytes.end * 2)
            .unwrap_or_default();
        lines.push(Line {
            label: part.name.say(lang).to_owned(),
            text: digits.to_owned(),
        });
        lines.extend(
            part.bits
                .iter()
                .filter(|bit| bit.set)
                .map(|bit| bit_line(bit, lang)),
        );
    }
    Some(Explanation {
        kind: ExplanationKind::Value,
        key: format!("{}={value}", tag.tag),
        title: format!("{} {}", tag.tag, tag.name.say(lang)),
        lines,
        see: vec![tag.tag.to_owned()],
    })
}

/// One bit or group: where it stands, whether it is set, what it means.
fn bit_line(meaning: &BitMeaning, lang: Lang) -> Line {
    let (byte, first) = (meaning.bits.start / 8 + 1, 8 - meaning.bits.start % 8);
    let last = 9usize.saturating_sub(meaning.bits.end - (byte - 1) * 8);
    let place = if first == last {
        format!("{first}")
    } else {
        format!("{first}-{last}")
    };
    let mark = match (meaning.bits.len(), meaning.set) {
        (1, true) => "1 ",
        (1, false) => "0 ",
        _ => "= ",
    };
    Line {
        label: format!("{byte}.{place}"),
        text: format!("{mark}{}", meaning.say(lang)),
    }
}

/// A field with its canonical value.
fn field_value(number: u8, part: Option<&str>, value: &str, lang: Lang) -> Option<Explanation> {
    let path = part.map_or_else(|| format!("DE{number}"), |p| format!("DE{number}.{p}"));
    if let Some((list, text)) = short_code(number, part, value) {
        return Some(code_answer(list, value, text.say(lang), lang));
    }
    let yuan = |path: &str| (path == "DE49").then(|| "156".to_owned());
    let said = describe(&path, value, &yuan, lang)?;
    let name = builtin("unionpay-pos").and_then(|d| Some(d.field(number)?.name.clone()));
    let name = name.or_else(|| Some(builtin("iso8583-1987-ascii")?.field(number)?.name.clone()));
    let name = name.map_or(
        String::new(),
        |n| if lang == Lang::Zh { n.zh } else { n.en },
    );
    Some(Explanation {
        kind: ExplanationKind::Value,
        key: format!("{path}={value}"),
        title: said,
        lines: vec![line("Field", "域", format!("{path} {name}").trim(), lang)],
        see: vec![format!("DE{number}")],
    })
}

/// A code given alone where the field holds one: `39=51`, `22=05`, `60.3=201`.
fn short_code(
    number: u8,
    part: Option<&str>,
    value: &str,
) -> Option<(CodeList, crate::words::Text)> {
    let list = match (number, part) {
        (3, None) => CodeList::Processing,
        (18, None) => CodeList::Mcc,
        (19..=21, None) => CodeList::Country,
        (22, None) => CodeList::EntryMode,
        (25, None) => CodeList::Condition,
        (39, None) => CodeList::Response,
        (60, Some("1")) => CodeList::UnionPayTransaction,
        (60, Some("3")) => CodeList::UnionPayNetwork,
        (63, Some("1")) => CodeList::CardOrganisation,
        (70, None) => CodeList::Network,
        _ => return None,
    };
    list.find(value).map(|text| (list, text))
}
