//! The way from a message to its MAC on the Bench: in memory, with one click.

use super::desk::Desk;
use super::reading::Reading;
use crate::browser::{self, handover};
use crate::words::{inspect as w, t};
use leptos::prelude::*;
use poslab_core::bytes::{Span, to_hex};
use poslab_core::spec::MacRule;
use poslab_core::view::mac::{cipher_of, names, op};
use serde_json::{Value, json};

/// A button that marks what the MAC covers and opens its computation; nothing without a MAC.
#[component]
pub fn OpenMac(desk: Desk) -> impl IntoView {
    let has = Memo::new(move |_| desk.reading.with(|reading| covered(reading).is_some()));
    let open = move |_| {
        let found = desk.reading.with_untracked(|reading| {
            let (range, mac) = covered(reading)?;
            Some((range, question(reading, range, mac)?))
        });
        if let Some((range, question)) = found {
            desk.pick.pin(range);
            handover::put(&question);
            browser::go("bench");
        }
    };
    view! {
        <button type="button" class="link small" hidden=move || !has.get() on:click=open>
            {t(w::OPEN_MAC)}
        </button>
    }
}

/// From the message type to the byte before the MAC field, and the MAC field itself.
fn covered(reading: &Reading) -> Option<(Span, Span)> {
    let of = |path: &str| {
        reading
            .rows
            .iter()
            .find(|row| row.path == path)
            .map(|row| row.span)
    };
    let mac = of("DE64").or_else(|| of("DE128"))?;
    let start = of("MTI")?.start;
    Some((Span::bits(start, mac.start), mac))
}

/// The message and the bytes behind it as its MAC, as the Bench takes them.
pub fn question_behind(reading: &Reading) -> Option<String> {
    let at = reading.behind()?;
    let end = u32::try_from(at).ok()? * 8;
    let mti = reading
        .rows
        .iter()
        .find(|row| row.path == "MTI")?
        .span
        .start;
    let all = u32::try_from(reading.frame.len()).ok()? * 8;
    question(reading, Span::bits(mti, end), Span::bits(end, all))
}

/// Whether the message has a MAC that can be asked about.
pub fn has_mac(reading: &Reading) -> bool {
    covered(reading).is_some()
}

/// The question whether the MAC that arrived is that of a key, as the Bench takes it.
pub fn question_with(reading: &Reading, key: &str) -> Option<Value> {
    let (range, mac) = covered(reading)?;
    let mut asked: Value = serde_json::from_str(&question(reading, range, mac)?).ok()?;
    let rule = reading.dialect.as_ref()?.mac;
    let octets = vec![0; key.len() / 2];
    asked["op"] = op(rule, &octets).into();
    asked["inputs"][names(rule).0] = key.into();
    asked["inputs"]["cipher"] = reading.with_tree(cipher_of)?.name().into();
    Some(asked)
}

/// The bytes covered and the value that arrived, as the Bench takes them.
fn question(reading: &Reading, range: Span, mac: Span) -> Option<String> {
    let data = to_hex(reading.frame.get(range.byte_range())?);
    let sent = reading.frame.get(mac.byte_range())?;
    let text = std::str::from_utf8(sent).ok();
    let text = text.filter(|text| text.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let observed = text.map_or_else(|| to_hex(sent), str::to_owned);
    let dialect = reading.dialect.as_ref();
    let rule = dialect.map_or_else(MacRule::default, |dialect| dialect.mac);
    let question = match rule {
        MacRule::UnionPay => {
            json!({"op": "mac.unionpay_ecb", "inputs": {"mab": data}, "observed": observed})
        }
        MacRule::Cbc => json!({"op": "mac.retail", "inputs": {"data": data}, "observed": observed}),
    };
    Some(question.to_string())
}
