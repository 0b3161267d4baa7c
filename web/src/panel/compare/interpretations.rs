//! One message under two dialects, side by side, with the first bit where the readings part.

use super::table;
use crate::panel::inspect::reading::{Reading, read};
use crate::shell::{Shelf, Shell};
use crate::widget::hex::{HexPane, HexView};
use crate::widget::pick::Pick;
use crate::words::{Lang, compare as w, t};
use leptos::prelude::*;
use poslab_core::bytes::Span;
use poslab_core::intake::read_text;
use poslab_core::view::diff::parting;
use poslab_core::view::grid::Alphabet;
use std::sync::Arc;

/// The two dialects that are compared at first.
const AT_FIRST: [&str; 2] = ["unionpay-pos", "hypercom-pos"];

/// The message, its two readings, and what differs.
#[component]
pub fn Interpretations(text: RwSignal<String>, all: RwSignal<bool>) -> impl IntoView {
    let (shell, shelf) = (Shell::here(), Shelf::here());
    let names = AT_FIRST.map(|name| RwSignal::new(name.to_owned()));
    let sides = names.map(|name| {
        Memo::new(move |_| {
            let own = shelf.imported.get();
            Arc::new(read(
                read_text(&text.get()),
                0,
                Some(name.get().as_str()),
                false,
                &own,
            ))
        })
    });
    let [left, right] = sides;
    let parted = Memo::new(move |_| part(&left.get(), &right.get()));
    let rows = Memo::new(move |_| super::compare(&left.get(), &right.get(), false));
    Effect::new(move || {
        if shell.route.get().panel == "compare" {
            let [one, other] = names.map(|name| name.get());
            shell.same_as(&format!("poslab diff --dialects {one},{other} message.txt"));
        }
    });
    let pick = Pick::new();
    let said = move || said(parted.get(), &left.get(), shell.lang.get());
    view! {
        <section>
            <h2 class="label"><label for="first">{t(w::MESSAGE)}</label></h2>
            <textarea
                id="first"
                rows="4"
                spellcheck="false"
                prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
            ></textarea>
        </section>
        <p id="parting">{said}</p>
        <div class="halves">
            <Side id="left" name=names[0] side=left parted pick/>
            <Side id="right" name=names[1] side=right parted pick/>
        </div>
        {move || table(rows.get(), all.get(), shell.lang.get())}
    }
}

/// The first bit where two readings of the same bytes part.
fn part(left: &Reading, right: &Reading) -> Option<Span> {
    left.with_tree(|one| right.with_tree(|other| parting(one, other)))
        .flatten()
        .flatten()
}

/// The same in a sentence.
fn said(parted: Option<Span>, left: &Reading, lang: Lang) -> String {
    let Some(bits) = parted else {
        return w::AGREE.say(lang).to_owned();
    };
    let byte = format!("0x{:02X}", bits.start / 8);
    let path = left.path_of(bits, lang);
    let places = [
        ("bit", bits.start.to_string()),
        ("byte", byte),
        ("path", path),
    ];
    let places: Vec<(&str, &str)> = places
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    w::PART.with(lang, &places)
}

/// One dialect and its bytes; where the readings part is marked.
#[component]
fn Side(
    id: &'static str,
    name: RwSignal<String>,
    side: Memo<Arc<Reading>>,
    parted: Memo<Option<Span>>,
    pick: Pick,
) -> impl IntoView {
    let (shell, shelf) = (Shell::here(), Shelf::here());
    let per_row = RwSignal::new(8usize);
    let hex = Memo::new(move |_| {
        side.with(|reading| HexView {
            grid: reading.grid(per_row.get(), Alphabet::Ascii),
            rows: reading.rows.clone(),
            len_bytes: reading.frame.len(),
            wrong: parted.get().map(|bits| (bits, true)).into_iter().collect(),
            changed: Vec::new(),
        })
    });
    let options = move || {
        let option = |one: String| {
            let chosen = name.with_untracked(|now| *now == one);
            let value = one.clone();
            view! { <option value=value selected=chosen>{one}</option> }
        };
        shelf.names().into_iter().map(option).collect_view()
    };
    view! {
        <section class="pane-like">
            <label class="label">{t(w::DIALECT)} " "
                <select on:change=move |event| name.set(event_target_value(&event))>{options}</select>
            </label>
            <p>{move || side.with(|reading| reading.sentence(shell.lang.get()))}</p>
            <HexPane id view=hex per_row pick/>
        </section>
    }
}
