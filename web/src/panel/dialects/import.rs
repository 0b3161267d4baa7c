//! Importing a specification: jPOS, moov, pyiso8583, j8583, a pasted table, or poslab's own.

use crate::browser::file;
use crate::shell::{Shelf, Shell};
use crate::words::{Lang, dialects as w, t, terms};
use leptos::prelude::*;
use poslab_core::spec::import::{ImportError, Imported, import};
use wasm_bindgen::JsCast as _;

/// What the last import said.
type Outcome = Option<Result<Imported, ImportError>>;

/// The import form and its report.
#[component]
pub fn Import(shown: RwSignal<String>) -> impl IntoView {
    let shelf = Shelf::here();
    let outcome = RwSignal::new(None::<Result<Imported, ImportError>>);
    let take = move |text: &str, name: &str| {
        let read = import(text, name);
        if let Ok(imported) = &read {
            shelf.put(&imported.dialect);
            imported
                .alternatives
                .iter()
                .for_each(|other| shelf.put(other));
            shown.set(imported.dialect.name().to_owned());
        }
        outcome.set(Some(read));
    };
    let choose = move |event: leptos::ev::Event| {
        let input = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(chosen) = input.and_then(|input| input.files()?.get(0)) else {
            return;
        };
        let name = chosen.name();
        let stem = name.split('.').next().unwrap_or("imported").to_owned();
        file::read(&chosen, move |bytes| {
            take(&String::from_utf8_lossy(&bytes), &stem)
        });
    };
    let paste = move |event| {
        let text = event_target_value(&event);
        if !text.trim().is_empty() {
            take(&text, "imported");
        }
    };
    view! {
        <h2 class="label">{t(w::IMPORT)}</h2>
        <p class="dim">{terms(w::IMPORT_NOTE_TERMS)}</p>
        <label class="file row">
            {t(w::CHOOSE_FILE)}
            <input type="file" class="visually-hidden" id="spec-file" on:change=choose/>
        </label>
        <textarea
            id="spec-text"
            rows="4"
            spellcheck="false"
            aria-label=t(w::PASTE_SPEC)
            placeholder=t(w::PASTE_SPEC)
            on:change=paste
        ></textarea>
        <div role="status">{move || report(outcome)}</div>
    }
}

/// What could not be represented, or why nothing was imported.
fn report(outcome: RwSignal<Outcome>) -> Option<AnyView> {
    let lang = Shell::here().lang.get();
    let drawn = match outcome.get()? {
        Err(error) => view! { <p class="bad">"✕ " {error.to_string()}</p> }.into_any(),
        Ok(imported) => {
            let count = imported.dialect.fields().count().to_string();
            let places = [
                ("format", imported.format.name()),
                ("count", count.as_str()),
            ];
            let warnings = imported.warnings.iter().map(|warning| match lang {
                Lang::En => warning.text(),
                Lang::Zh => warning.text_zh(),
            });
            view! {
                <p class="ok">"✓ " {w::IMPORTED.with(lang, &places)}</p>
                <ul class="warnings">
                    {warnings.map(|text| view! { <li>"△ " {text}</li> }).collect_view()}
                </ul>
            }
            .into_any()
        }
    };
    Some(drawn)
}
