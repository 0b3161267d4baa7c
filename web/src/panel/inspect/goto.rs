//! Ctrl+G: to an offset or a field, by typing it.

use super::desk::Desk;
use crate::dom::{El, el};
use crate::words::inspect as w;
use leptos::prelude::*;
use poslab_core::bytes::Span;
use web_sys::{Event, HtmlDialogElement};

/// The dialog, which is shown as any dialog is.
pub fn goto(desk: Desk) -> El {
    let unknown = RwSignal::new(false);
    let field = el("input", "mono")
        .attr("id", "goto-place")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr("aria-describedby", "goto-note")
        .on("input", move |_| unknown.set(false));
    let dialog = el("dialog", "goto").attr("aria-labelledby", "goto-title");
    let (typed, shown) = (field.clone(), dialog.clone());
    let submit = move |event: Event| {
        event.prevent_default();
        let text = typed.value();
        let place = desk.reading.with_untracked(|reading| place(&text, reading));
        unknown.set(place.is_none());
        if let Some(bits) = place {
            shown.get::<HtmlDialogElement>().close();
            desk.pick.pin(bits);
            crate::browser::focus("bytes");
        }
    };
    let title = el("label", "")
        .attr("id", "goto-title")
        .attr("for", "goto-place");
    let note = el("p", "dim")
        .attr("id", "goto-note")
        .attr("aria-live", "polite")
        .live_class(move || if unknown.get() { "bad" } else { "dim" });
    let go = el("button", "primary").attr("type", "submit");
    let form = el("form", "")
        .on("submit", submit)
        .child(title.say(w::GOTO))
        .child(field)
        .child(go.say(w::GOTO_GO))
        .child(note.say(w::GOTO_NOTE));
    dialog.child(form)
}

/// The bits that a text names: `0x53`, `83`, `DE55.9F26`, `MTI`.
fn place(text: &str, reading: &super::reading::Reading) -> Option<Span> {
    let text = text.trim();
    let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let offset = match hex {
        Some(digits) => usize::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    };
    if let Some(at) = offset {
        return (at < reading.frame.len()).then(|| Span::bytes(at..at + 1));
    }
    let mut rows = reading.rows.iter();
    let row = rows.find(|row| row.path.eq_ignore_ascii_case(text));
    row.map(|row| row.span)
}
