//! Inspect, the twin of `poslab decode`: any paste becomes bytes, a tree and explanations.

use crate::words::{inspect as w, t};
use leptos::prelude::*;

/// Draws the panel; `typed` is what people had pasted before wasm arrived.
pub fn draw(typed: &str) -> AnyView {
    let text = RwSignal::new(typed.to_owned());
    view! {
        <div class="panel first">
            <h1 class="sentence">{t(w::EMPTY)}</h1>
            <textarea
                id="paste"
                class="paste"
                rows="4"
                spellcheck="false"
                autocomplete="off"
                aria-label=t(w::MESSAGE)
                placeholder="60 00 03 00 00 60 31 00 31 00 01 02 00 70 24 06 C0 …"
                prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
            ></textarea>
        </div>
    }
    .into_any()
}
