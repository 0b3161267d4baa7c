//! Ctrl+G: to an offset or a field, by typing it.

use super::desk::Desk;
use crate::words::{inspect as w, t};
use leptos::html;
use leptos::prelude::*;
use poslab_core::bytes::Span;

/// The dialog; `open` shows it.
#[component]
pub fn Goto(desk: Desk, dialog: NodeRef<html::Dialog>) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let unknown = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let text = field.get_untracked().map(|field| field.value());
        let place = desk
            .reading
            .with_untracked(|reading| place(&text.unwrap_or_default(), reading));
        unknown.set(place.is_none());
        if let (Some(bits), Some(dialog)) = (place, dialog.get_untracked()) {
            dialog.close();
            desk.pick.pin(bits);
            crate::browser::focus("bytes");
        }
    };
    view! {
        <dialog node_ref=dialog class="goto" aria-labelledby="goto-title">
            <form on:submit=submit>
                <label id="goto-title" for="goto-place">{t(w::GOTO)}</label>
                <input
                    id="goto-place"
                    class="mono"
                    autocomplete="off"
                    spellcheck="false"
                    node_ref=field
                    aria-describedby="goto-note"
                    on:input=move |_| unknown.set(false)
                />
                <button type="submit" class="primary">{t(w::GOTO_GO)}</button>
                <p id="goto-note" class=move || if unknown.get() { "bad" } else { "dim" } aria-live="polite">
                    {t(w::GOTO_NOTE)}
                </p>
            </form>
        </dialog>
    }
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
    let wanted = text.to_uppercase();
    let row = reading
        .rows
        .iter()
        .find(|row| row.path.to_uppercase() == wanted);
    row.map(|row| row.span)
}
