//! What is wrong with the message, as prose: a click goes to the bytes, a repair that was tried is
//! one click, and what is left over behind the message can be put where it belongs.

use super::desk::Desk;
use crate::browser;
use crate::dom::{El, button, el};
use crate::shell::Shell;
use crate::words::{Lang, Phrase, inspect as w};
use leptos::prelude::*;
use poslab_core::codec::{Fix, FixKind, Severity};
use poslab_core::view::findings::Told;

/// The findings, above the fields; nothing when there are none.
pub fn findings(desk: Desk) -> El {
    let lang = Shell::here().lang;
    let list = move || {
        let (redacted, lang) = (desk.redacted.get(), lang.get());
        desk.reading.with(|reading| {
            let shown = reading.findings.iter();
            let shown = shown.filter(|one| !(redacted && is_of_secrets(one)));
            shown.map(|told| line(desk, told, lang)).collect()
        })
    };
    let none = move || desk.reading.with(|reading| reading.findings.is_empty());
    el("div", "findings")
        .hidden(none)
        .child(el("h2", "label").say(w::FINDINGS))
        .child(el("ul", "").live_children(list))
}

/// Where digits were replaced, check digits and MACs say nothing.
fn is_of_secrets(told: &Told) -> bool {
    matches!(
        told.code,
        "luhn-wrong" | "mac-not-ascii-hex" | "separator-missing"
    )
}

/// One finding: the sentence, what to look at next, the repair, and its page.
fn line(desk: Desk, told: &Told, lang: Lang) -> El {
    let span = told.span;
    let (mark, class) = match told.severity {
        Severity::Error => ("✕", "bad"),
        Severity::Warning => ("△", "warn"),
        Severity::Info => ("○", "dim"),
    };
    let go = move || {
        if !span.is_empty() {
            desk.pick.pin(span);
        }
    };
    let finding = button("finding", go)
        .child(el("span", class).attr("aria-hidden", "true").text(mark))
        .child(el("span", "").text(told.say(lang)));
    let page = el("a", "mono").attr("href", &format!("#learn?{}", told.code));
    let next = el("p", "dim next").text(told.hint(lang)).text(" ");
    let mut item = el("li", "told")
        .child(finding)
        .child(next.child(page.text(told.code)));
    if let Some(fix) = told.fix.clone() {
        let words = [w::FIX.say(lang), &fix.say(lang)].join(" ");
        item = item.child(button("link fix", move || mend(desk, &fix)).text(&words));
    }
    if matches!(told.code, "trailing-bytes" | "more-behind") {
        item = item.child(rest(desk, lang));
    }
    item
}

/// Does what a repair says: changes the bytes, or reads them otherwise.
fn mend(desk: Desk, fix: &Fix) {
    if let FixKind::ReadAs { dialect, .. } = &fix.kind {
        desk.dialect.set(Some(dialect.clone()));
        return;
    }
    let after = desk
        .reading
        .with_untracked(|reading| fix.apply(&reading.frame));
    if let Some(frame) = after {
        desk.edit_frame(&frame);
    }
}

/// What may be done with the bytes behind the message.
fn rest(desk: Desk, lang: Lang) -> El {
    let split = move || {
        desk.reading.with_untracked(|reading| {
            let at = reading.behind()?;
            let (front, back) = reading.frame.split_at_checked(at)?;
            Some((front.to_vec(), back.to_vec()))
        })
    };
    let second = move || {
        if let Some((front, back)) = split() {
            let hex = poslab_core::bytes::to_hex;
            desk.edit(format!("{}\n{}", hex(&front), hex(&back)));
        }
    };
    let as_mac = move || {
        let question = desk
            .reading
            .with_untracked(|reading| super::mac::question_behind(reading));
        if let Some(question) = question {
            browser::handover::put(&question);
            browser::go("bench");
        }
    };
    let ignore = move || {
        if let Some((front, _)) = split() {
            desk.edit_frame(&front);
        }
    };
    let say = |phrase: Phrase| phrase.say(lang);
    el("p", "row rest")
        .child(button("", second).text(say(w::REST_SECOND)))
        .child(button("", as_mac).text(say(w::REST_MAC)))
        .child(button("", ignore).text(say(w::REST_IGNORE)))
}
