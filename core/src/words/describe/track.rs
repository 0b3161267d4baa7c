//! Card numbers and tracks in words, always masked.

use super::{join, say};
use crate::value::{Pan, ServiceCode, Track1, Track2};
use crate::words::{CodeList, Lang, Text};

/// A card number: scheme, masked digits, check digit.
pub(super) fn pan(digits: &str, lang: Lang) -> Option<String> {
    let pan = Pan::parse(digits).ok()?;
    let short = pan.short();
    let scheme = scheme(&pan).map_or(String::new(), |t| t.say(lang).to_owned());
    let check = match (pan.luhn_ok(), lang) {
        (true, Lang::En) => "check digit right",
        (true, Lang::Zh) => "校验位正确",
        (false, Lang::En) => "check digit wrong",
        (false, Lang::Zh) => "校验位错误",
    };
    Some(match (scheme.is_empty(), lang) {
        (true, Lang::En) => format!("card {short}, {check}"),
        (true, Lang::Zh) => format!("卡号 {short}，{check}"),
        (false, Lang::En) => format!("{scheme} card {short}, {check}"),
        (false, Lang::Zh) => format!("{scheme}卡 {short}，{check}"),
    })
}

/// Whose card it is, by the ranges that schemes have published.
fn scheme(pan: &Pan) -> Option<Text> {
    let bin: u32 = pan.bin().parse().ok()?;
    Some(match bin {
        340_000..=349_999 | 370_000..=379_999 => Text::new("American Express", "美国运通"),
        300_000..=305_999 | 360_000..=369_999 | 380_000..=399_999 => {
            Text::new("Diners Club", "大来")
        }
        352_800..=358_999 => Text::new("JCB", "JCB "),
        400_000..=499_999 => Text::new("Visa", "Visa "),
        510_000..=559_999 | 222_100..=272_099 => Text::new("Mastercard", "万事达"),
        601_100..=601_199 | 644_000..=659_999 => Text::new("Discover", "Discover "),
        620_000..=629_999 | 810_000..=817_199 => Text::new("UnionPay", "银联"),
        _ => return None,
    })
}

/// Track 2, or its equivalent from a chip: card, expiry, service code.
pub(super) fn track2(text: &str, lang: Lang) -> Option<String> {
    let track = Track2::parse(text).ok()?;
    let service = track.service_code();
    Some(parts(
        track.pan(),
        track.expiry().map(|e| e.to_string()),
        service,
        lang,
    ))
}

/// Track 1: card, expiry, service code; the name stays hidden.
pub(super) fn track1(text: &str, lang: Lang) -> Option<String> {
    let track = Track1::parse(text).ok()?;
    let service = track.service_code();
    Some(parts(
        track.pan(),
        track.expiry().map(|e| e.to_string()),
        service,
        lang,
    ))
}

/// The parts of a track in one line.
fn parts(pan: Pan, expiry: Option<String>, service: Option<ServiceCode>, lang: Lang) -> String {
    let mut parts = vec![say(
        format!("card {}", pan.short()),
        format!("卡号 {}", pan.short()),
        lang,
    )];
    if let Some(date) = expiry.and_then(|yymm| super::date::date("YYMM", &yymm, lang)) {
        parts.push(say(
            format!("expires {date}"),
            format!("有效期至 {date}"),
            lang,
        ));
    }
    if let Some(code) = service {
        let meaning = service_code(code, lang).unwrap_or_default();
        parts.push(say(
            format!("service code {code} ({meaning})"),
            format!("服务代码 {code}（{meaning}）"),
            lang,
        ));
    }
    join(&parts, lang).unwrap_or_default()
}

/// What the three digits of a service code say.
pub(super) fn service_code(code: ServiceCode, lang: Lang) -> Option<String> {
    let known = code
        .digits()
        .into_iter()
        .zip(1..)
        .filter_map(|(digit, place)| {
            CodeList::Service
                .find(&format!("{place}/{digit}"))
                .map(|t| t.say(lang))
        });
    let parts: Vec<&str> = known.collect();
    let separator = if lang == Lang::Zh { "，" } else { ", " };
    (!parts.is_empty()).then(|| parts.join(separator))
}
