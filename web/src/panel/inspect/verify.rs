//! Verify and Build beside Decode: what agrees in the message, and what was changed in it.
//!
//! Both stand below the panes at all times, so that a check that fails never hides what was read.

use super::desk::Desk;
use super::key::{Said, mac_key};
use super::mac::open_mac;
use crate::browser::clip;
use crate::dom::{El, button, el};
use crate::shell::Shell;
use crate::words::{Lang, Phrase, inspect as w};
use leptos::prelude::*;
use poslab_core::bytes::to_hex;
use poslab_core::view::verify::{Check, Verdict};

/// The two regions.
pub fn verify_and_build(desk: Desk) -> El {
    el("div", "regions").child(verify(desk)).child(build(desk))
}

/// A region with a title.
fn region(id: &str, title: Phrase, chips: El) -> El {
    let heading = el("h2", "label").attr("id", id).say(title);
    el("section", "region")
        .attr("aria-labelledby", id)
        .child(heading)
        .child(chips)
}

/// What agrees.
fn verify(desk: Desk) -> El {
    let lang = Shell::here().lang;
    let said = RwSignal::new(None::<Said>);
    let checks = move || {
        let (edited, redacted) = (desk.is_edited(), desk.redacted.get());
        let lang = lang.get();
        let said = said.get();
        let line = |one: &Check| {
            let known = said.as_ref().and_then(|said| verdict(said, one));
            let verdict = known.unwrap_or(one.verdict);
            chip(desk, one, verdict, (edited, redacted), lang)
        };
        desk.reading
            .with(|reading| reading.checks.iter().map(line).collect())
    };
    let none = move || desk.reading.with(|reading| reading.checks.is_empty());
    let chips = el("div", "chips")
        .live_children(checks)
        .child(
            el("span", "dim")
                .hidden(move || !none())
                .say(w::VERIFY_NONE),
        )
        .child(mac_key(desk, said))
        .child(open_mac(desk));
    region("verify-title", w::VERIFY, chips)
}

/// What was changed.
fn build(desk: Desk) -> El {
    let lang = Shell::here().lang;
    let changed = move || {
        let bytes: usize = desk
            .changed
            .with(|spans| spans.iter().map(|s| s.byte_range().len()).sum());
        let lang = lang.get();
        match (desk.is_edited(), bytes) {
            (false, _) => w::BUILD_NONE.say(lang).to_owned(),
            (true, bytes) => w::BUILD_CHANGED.with(lang, &[("count", &bytes.to_string())]),
        }
    };
    let copy = move || clip::copy(&desk.reading.with_untracked(|r| to_hex(&r.frame)), || {});
    let dim = move || if desk.is_edited() { "" } else { "dim" };
    let undo = button("link", move || desk.undo()).hidden(move || !desk.is_edited());
    let copy = button("link", copy).hidden(move || !(desk.is_edited() && desk.reveal.get()));
    let chips = el("div", "chips")
        .child(el("span", "").live_class(dim).live_text(changed))
        .child(undo.say(w::UNDO))
        .child(copy.say(w::BUILD_COPY));
    region("build-title", w::BUILD, chips)
}

/// What a key says of a check that was open: that of the MAC.
fn verdict(said: &Said, check: &Check) -> Option<Verdict> {
    let open = check.what.en == "MAC" && check.verdict == Verdict::Open;
    match said {
        Said::Right if open => Some(Verdict::Right),
        Said::Wrong(_) if open => Some(Verdict::Wrong),
        _ => None,
    }
}

/// One check: a shape, its name, its field; a click goes to its bytes.
fn chip(
    desk: Desk,
    check: &Check,
    verdict: Verdict,
    (edited, redacted): (bool, bool),
    lang: Lang,
) -> El {
    let span = check.span;
    let is_mac = check.what.en == "MAC";
    let (mark, class, said) = match verdict {
        _ if redacted && verdict != Verdict::Right => ("○", "chip", Some(w::MAC_REDACTED)),
        Verdict::Right => ("✓", "chip ok", None),
        Verdict::Wrong => ("✕", "chip bad", None),
        Verdict::Open if edited => ("△", "chip warn", Some(w::MAC_STALE)),
        Verdict::Open => ("○", "chip", Some(w::MAC_UNCHECKED)),
    };
    let words = match said {
        Some(phrase) if is_mac || redacted => phrase.say(lang).to_owned(),
        _ if check.count > 0 => {
            format!("{} {} ({})", check.what.say(lang), check.path, check.count)
        }
        _ if check.path == "length" || check.path == "rest" => check.what.say(lang).to_owned(),
        _ => format!("{} {}", check.what.say(lang), check.path),
    };
    button(class, move || desk.pick.pin(span))
        .child(el("span", "").attr("aria-hidden", "true").text(mark))
        .text(" ")
        .text(&words)
}
