//! The values of EMV tags, by tag; every value comes as hexadecimal digits.

use super::{Lookup, ascii_of_hex, date::date, field, join, say, track};
use crate::data::text_file;
use crate::value::ServiceCode;
use crate::value::table::Table;
use crate::words::code::with_code;
use crate::words::{CodeList, Lang, Text, bits, iad};

const AIDS: Table = Table::new(text_file!("specs/aids.tsv"));

/// The plain meaning of a tag's value.
pub(super) fn describe(tag: &str, value: &str, other: Lookup<'_>, lang: Lang) -> Option<String> {
    match tag.to_ascii_uppercase().as_str() {
        "5A" => track::pan(value.trim_end_matches('F'), lang),
        "57" => track::track2(value.trim_end_matches('F'), lang),
        "9F02" | "9F03" | "9F5D" | "9F77" | "9F78" | "9F79" | "9F7B" | "DF19" | "DF20" | "DF21"
        | "DF8104" | "DF8105" | "DF8123" | "DF8124" | "DF8125" | "DF8126" => {
            field::amount(value, currency_of(other).as_deref(), lang)
        }
        "81" | "9F04" | "9F1B" => {
            let minor = u32::from_str_radix(value, 16).ok()?.to_string();
            field::amount(&minor, currency_of(other).as_deref(), lang)
        }
        "5F2A" | "9F42" | "9F51" | "9F3C" | "9F76" => field::currency(value, lang),
        "9F1A" | "5F28" | "9F57" => field::coded(
            CodeList::Country,
            value.get(value.len().checked_sub(3)?..)?,
            lang,
        ),
        "9A" | "5F24" | "5F25" => date("YYMMDD", value, lang),
        "9F21" => date("hhmmss", value, lang),
        "5F30" => track::service_code(ServiceCode::parse(value.get(1..)?).ok()?, lang),
        "9F15" => field::coded(CodeList::Mcc, value, lang),
        "4F" | "84" | "9F06" => application(value, lang),
        "50" | "9F12" | "5F2D" | "9F1E" | "9F16" | "9F1C" | "9F4E" | "89" | "9F74" => {
            ascii_of_hex(value)
        }
        "8A" => {
            let code = ascii_of_hex(value)?;
            let text = CodeList::Response.find(&code);
            Some(with_code(&code, text, lang))
        }
        "91" => issuer_authentication(value, lang),
        "9F36" | "9F13" | "9F17" | "9F41" => number(value, lang),
        "8E" => cvm_list(value, lang),
        "9F10" => iad::describe(value, lang),
        tag => set_bits(tag, value, lang),
    }
}

/// What is set in a value of flags; a value with none says so.
fn set_bits(tag: &str, value: &str, lang: Lang) -> Option<String> {
    let meanings = bits(tag, value);
    if meanings.is_empty() {
        return None;
    }
    let set: Vec<String> = meanings
        .iter()
        .filter(|m| m.set)
        .map(|m| m.say(lang))
        .collect();
    Some(join(&set, lang).unwrap_or_else(|| say("no bit set", "各位均未置 1", lang)))
}

/// The currency of the chip's amounts: its own, else the message's.
fn currency_of(other: Lookup<'_>) -> Option<String> {
    other("DE55.5F2A").or_else(|| other("DE49"))
}

/// A counter in decimal; hexadecimal for the ATC, packed digits for the rest read the same to 9.
fn number(value: &str, lang: Lang) -> Option<String> {
    let number = u64::from_str_radix(value, 16).ok()?;
    Some(say(format!("{number}"), format!("{number}"), lang))
}

fn application(value: &str, lang: Lang) -> Option<String> {
    let known = (10..=value.len())
        .rev()
        .find_map(|len| AIDS.find(value.get(..len)?));
    known.map(|row| Text::of_row(row, 1).say(lang).to_owned())
}

fn issuer_authentication(value: &str, lang: Lang) -> Option<String> {
    let (arpc, rest) = value.split_at_checked(16)?;
    let code = ascii_of_hex(rest.get(..4)?)?;
    Some(say(
        format!("ARPC {arpc}, response code {code}"),
        format!("ARPC {arpc}，授权响应码 {code}"),
        lang,
    ))
}

/// The rules of a cardholder verification list, two bytes each behind two amounts.
fn cvm_list(value: &str, lang: Lang) -> Option<String> {
    let rules = value.get(16..)?.as_bytes().chunks(4);
    let parts = rules.filter_map(|rule| {
        let rule = core::str::from_utf8(rule).ok()?;
        let meanings = bits("9F34", rule);
        let texts: Vec<String> = meanings.iter().rev().map(|m| m.say(lang)).collect();
        Some(
            texts
                .into_iter()
                .rev()
                .collect::<Vec<_>>()
                .join(if lang == Lang::Zh { "，" } else { ", " }),
        )
    });
    join(&parts.filter(|p| !p.is_empty()).collect::<Vec<_>>(), lang)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_list_of_applications_is_sorted() {
        crate::value::table::assert_sorted(super::AIDS, 3);
    }
}
