//! The way from a message to its MAC on the Bench: in memory, with one click.

use super::desk::Desk;
use super::reading::Reading;
use crate::browser::{self, handover};
use crate::dom::{El, button};
use crate::words::inspect as w;
use leptos::prelude::*;
use poslab_core::bytes::{Span, to_hex};
use poslab_core::spec::MacRule;

/// A button that marks what the MAC covers and opens its computation; nothing without a MAC.
pub fn open_mac(desk: Desk) -> El {
    let has = Memo::new(move |_| desk.reading.with(|reading| covered(reading).is_some()));
    let open = move || {
        let found = desk.reading.with_untracked(|reading| {
            let (range, mac) = covered(reading)?;
            Some((range, question(reading, range, mac)?.to_json()))
        });
        if let Some((range, question)) = found {
            desk.pick.pin(range);
            handover::put(&question);
            browser::go("bench");
        }
    };
    button("link small", open)
        .hidden(move || !has.get())
        .say(w::OPEN_MAC)
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
    let question = question(reading, Span::bits(mti, end), Span::bits(end, all));
    question.map(|question| question.to_json())
}

/// Whether the message has a MAC that can be asked about.
pub fn has_mac(reading: &Reading) -> bool {
    covered(reading).is_some()
}

/// The question whether the MAC that arrived is right.
pub fn own_question(reading: &Reading) -> Option<Question> {
    let (range, mac) = covered(reading)?;
    question(reading, range, mac)
}

/// What a MAC covers, and the one that arrived.
pub struct Question {
    /// How the dialect makes it.
    pub rule: MacRule,
    /// The bytes it covers, in hex.
    pub data: String,
    /// The one that arrived: hex, or the letters and digits it was sent as.
    pub observed: String,
}

impl Question {
    /// The question as the Bench takes it. Hex, letters and digits need no escapes.
    fn to_json(&self) -> String {
        let (op, input) = match self.rule {
            MacRule::UnionPay => ("mac.unionpay_ecb", "mab"),
            MacRule::Cbc => ("mac.retail", "data"),
        };
        let Question { data, observed, .. } = self;
        format!(r#"{{"op":"{op}","inputs":{{"{input}":"{data}"}},"observed":"{observed}"}}"#)
    }
}

/// The bytes covered and the value that arrived.
fn question(reading: &Reading, range: Span, mac: Span) -> Option<Question> {
    let sent = reading.frame.get(mac.byte_range())?;
    let text = std::str::from_utf8(sent).ok();
    let text = text.filter(|text| text.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let dialect = reading.dialect.as_ref();
    Some(Question {
        rule: dialect.map_or_else(MacRule::default, |dialect| dialect.mac),
        data: to_hex(reading.frame.get(range.byte_range())?),
        observed: text.map_or_else(|| to_hex(sent), str::to_owned),
    })
}
