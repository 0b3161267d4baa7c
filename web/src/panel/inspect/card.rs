//! The chosen field: its value large, the facts, what the bytes say in other codings, and the
//! place to change it.

use super::aside;
use super::desk::Desk;
use super::reading::Details;
use crate::shell::Shell;
use crate::words::{Lang, inspect as w, t};
use leptos::prelude::*;
use poslab_core::spec::Name;

/// The card pane; on a small screen it is a sheet at the bottom.
#[component]
pub fn Card(desk: Desk) -> impl IntoView {
    let chosen = Memo::new(move |_| {
        let bits = desk.pick.bits.get()?;
        desk.reading.with(|reading| reading.details(bits))
    });
    view! {
        <section
            id="card"
            class="pane card"
            class:empty=move || chosen.with(Option::is_none)
            tabindex="0"
            aria-label=t(w::FIELD)
        >
            {move || match chosen.get() {
                Some(details) => view! { <Chosen desk details/> }.into_any(),
                None => view! { <p class="dim prose">{t(w::CHOOSE)}</p> }.into_any(),
            }}
        </section>
    }
}

/// A name in the language of the moment.
fn said(name: &Name, lang: Lang) -> String {
    match lang {
        Lang::Zh if !name.zh.is_empty() => name.zh.clone(),
        _ => name.en.clone(),
    }
}

/// What Learn is asked about a part: its tag, its field, or the name of its place in the envelope.
fn term(path: &str) -> Option<&str> {
    let mut steps = path
        .split('.')
        .map(|step| step.split('#').next().unwrap_or(step));
    match (steps.next()?, steps.next()) {
        ("DE55", Some(tag)) if tag.bytes().all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F')) => {
            Some(tag)
        }
        (name @ ("MTI" | "TPDU" | "bitmap"), _) => Some(name),
        (field, _) if field.starts_with("DE") => Some(field),
        _ => None,
    }
}

/// A field that was chosen.
#[component]
fn Chosen(desk: Desk, details: Details) -> impl IntoView {
    let lang = Shell::here().lang;
    let row = details.row.clone();
    let bytes = details.bits.byte_range();
    let place = {
        let bits = details.bits;
        let (from, to) = (
            bytes.start.to_string(),
            bytes.end.saturating_sub(1).to_string(),
        );
        move || {
            let bytes = w::PLACE.with(lang.get(), &[("from", &from), ("to", &to)]);
            format!("{} – {} ({bytes})", bits.start, bits.end.saturating_sub(1))
        }
    };
    let name = row.name.clone();
    let format = details.format.clone();
    let format_row = format.map(|format| {
        view! {
            <dt>{t(w::FORMAT)}</dt><dd>{move || said(&format, lang.get())}</dd>
        }
    });
    let readings = details.readings.iter().map(|reading| {
        view! {
            <dt>{reading.coding}</dt><dd class="mono">{reading.text.clone()}</dd>
        }
    });
    let long = row.value.chars().count() > 40 || row.meaning.en.chars().count() > 40;
    let (meaning, value) = (row.meaning.clone(), row.value.clone());
    let large = move || {
        let meaning = said(&meaning, lang.get());
        if meaning.is_empty() {
            value.clone()
        } else {
            meaning
        }
    };
    let value_row = (!row.meaning.en.is_empty()).then(|| {
        view! {
            <dt>{t(w::VALUE)}</dt>
            <dd class="mono">{row.value.clone()}</dd>
        }
    });
    let explained = term(&row.path).map(|term| {
        let (href, term) = (format!("#learn?{term}"), term.to_owned());
        let words = move || w::WHAT_IS.with(lang.get(), &[("term", &term)]);
        view! { <a class="explained" href=href>{words}</a> }
    });
    view! {
        <div class="row spread">
            <h2 class="label"><span class="mono">{row.path.clone()}</span></h2>
            <button type="button" class="link close" aria-label=t(w::CLOSE) on:click=move |_| desk.pick.clear()>"✕"</button>
        </div>
        <h3 class="title">{move || said(&name, lang.get())} " " {explained}</h3>
        <p class=if long { "value long" } else { "value" }>{large}</p>
        <dl class="facts">
            {value_row}
            <dt>{t(w::BITS)}</dt><dd>{place}</dd>
            {format_row}
            <dt>{t(w::RAW)}</dt><dd class="mono">{details.raw.clone()}</dd>
        </dl>
        <h2 class="label">{t(w::SAME_BYTES_AS)}</h2>
        <dl class="facts readings">{readings.collect_view()}</dl>
        <Edit desk details/>
    }
}

/// The place to change the value; the message is packed again at once.
#[component]
fn Edit(desk: Desk, details: Details) -> impl IntoView {
    let lang = Shell::here().lang;
    let refused = RwSignal::new(None::<String>);
    let path = details.row.path.clone();
    details.editable.map(|value| {
        let change = move |event| {
            let value = event_target_value(&event);
            let heed = move |outcome: Result<String, String>| match outcome {
                Ok(text) => {
                    refused.set(None);
                    desk.edit(text);
                }
                Err(why) => refused.set(Some(why)),
            };
            desk.reading
                .with_untracked(|reading| aside::repack(reading, &path, &value, heed));
        };
        view! {
            <h2 class="label"><label for="edit">{t(w::EDIT)}</label></h2>
            <input
                id="edit"
                class="mono"
                autocomplete="off"
                spellcheck="false"
                aria-describedby="edit-note"
                prop:value=value
                on:change=change
            />
            <p id="edit-note" class="dim" aria-live="polite">
                {move || match refused.get() {
                    Some(why) => view! { <span class="bad">"✕ " {why}</span> }.into_any(),
                    None => w::EDIT_NOTE.say(lang.get()).into_any(),
                }}
            </p>
        }
    })
}
