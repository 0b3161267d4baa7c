//! One value as a row of bytes that can be walked through, byte by byte.

use super::desk::Desk;
use super::groups::{Row, stem};
use super::legend::legend;
use crate::shell::Shell;
use crate::words::bench as w;
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html::Div;
use leptos::prelude::*;
use poslab_core::crypto::working::Form;
use poslab_core::view::working::{Change, Shown, Tie};
use poslab_core::words::working;
use std::fmt::Write as _;
use wasm_bindgen::JsCast as _;

/// The bytes of one value.
///
/// It is a slider to assistive technology: the arrows move the chosen byte, and its text says
/// which byte that is and what is in it.
#[component]
pub fn Bytes(desk: Desk, row: Row) -> impl IntoView {
    let lang = Shell::here().lang;
    let node = NodeRef::<Div>::new();
    let index = row.value;
    let (html, class, len, name) = desk.run.with_untracked(|run| {
        let value = &run.sheet.values()[index];
        let change = desk.changes.with_untracked(|all| all.get(index).cloned());
        let class = match (value.form, row.fold, value.name.as_str()) {
            (Form::Text, ..) => "bytes text",
            (Form::Hex, Some(8), _) => "bytes eight",
            (Form::Hex, _, "pin_field" | "pan_field") => "bytes signed",
            (Form::Hex, ..) => "bytes",
        };
        let signs = legend(value, row.formula.unwrap_or_default());
        let html = cells(
            value,
            change.flatten().as_ref(),
            row.pad_from,
            signs.as_deref(),
        );
        (html, class, value.len(), value.name.clone())
    });
    Effect::new(move || {
        let ties = desk.ties.get();
        if let Some(element) = node.get() {
            mark(&element, ties.get(index).map_or(&[][..], Vec::as_slice));
        }
    });
    let here = move || desk.pick.get().filter(|(value, _)| *value == index);
    let place = move || here().map_or(0, |(_, place)| place);
    let label = {
        let name = name.clone();
        move || match working::value(stem(&name)) {
            Some(text) => format!("{} ({name})", text.say(lang.get())),
            None => name.clone(),
        }
    };
    let says = move || {
        let at = place();
        let byte = desk.run.with(|run| {
            let value = run.sheet.values().get(index);
            value.map_or_else(String::new, |value| cell(value, at))
        });
        let places = [
            ("at", &*(at + 1).to_string()),
            ("all", &*len.to_string()),
            ("byte", &byte),
        ];
        w::BYTE_OF.with(lang.get(), &places)
    };
    let key = move |event: KeyboardEvent| walk(desk, index, len, &event);
    let click = move |event: MouseEvent| {
        if let (Some(place), Some(row)) = (clicked(&event), node.get_untracked()) {
            desk.pick.set(Some((index, place)));
            let _ = row.focus();
        }
    };
    view! {
        <div
            node_ref=node
            class=class
            role="slider"
            tabindex="0"
            data-value=name
            aria-label=label
            aria-valuemin="1"
            aria-valuemax=len.max(1)
            aria-valuenow=move || place() + 1
            aria-valuetext=says
            inner_html=html
            on:click=click
            on:keydown=key
        ></div>
    }
}

/// The cells of a value; digits that changed stand in an element of their own, and a sign for
/// each digit under it where there is a legend.
fn cells(
    value: &Shown,
    change: Option<&Change>,
    pad_from: Option<usize>,
    signs: Option<&str>,
) -> String {
    let mut html = String::with_capacity(value.len() * 12);
    for place in 0..value.len() {
        html.push_str("<i");
        if pad_from.is_some_and(|from| place >= from) {
            html.push_str(" class=\"pad\"");
        }
        if let Some(signs) = signs.and_then(|signs| signs.get(2 * place..2 * place + 2)) {
            // Writing to a string cannot fail.
            let _ = write!(html, " data-sign=\"{signs}\"");
        }
        html.push('>');
        let flags = change.and_then(|change| change.nibbles.get(place));
        let flags = *flags.unwrap_or(&[false; 2]);
        let whole = value.form == Form::Text && flags.contains(&true);
        for (character, changed) in cell(value, place).chars().zip(flags) {
            digit(&mut html, character, changed || whole);
        }
        html.push_str("</i>");
    }
    html
}

fn digit(html: &mut String, character: char, changed: bool) {
    let shown = match character {
        '<' => "&lt;".to_owned(),
        '&' => "&amp;".to_owned(),
        ' ' => "\u{a0}".to_owned(),
        other => other.to_string(),
    };
    // Writing to a string cannot fail.
    let _ = match changed {
        true => write!(html, "<u>{shown}</u>"),
        false => write!(html, "{shown}"),
    };
}

/// What stands in one place.
pub fn cell(value: &Shown, place: usize) -> String {
    match (value.reveal().get(place), value.form) {
        (Some(byte), Form::Hex) => format!("{byte:02X}"),
        (Some(byte), Form::Text) => char::from(*byte).to_string(),
        (None, _) => String::new(),
    }
}

/// Marks the cells; the elements stay, only their classes change.
fn mark(row: &web_sys::HtmlElement, ties: &[Tie]) {
    let cells = row.children();
    for place in 0..cells.length() {
        let Some(cell) = cells.item(place) else {
            continue;
        };
        let tie = match ties.get(place as usize) {
            Some(Tie::Picked) => "picked",
            Some(Tie::Source) => "source",
            Some(Tie::Result) => "result",
            Some(Tie::None) | None => "",
        };
        let list = cell.class_list();
        for class in ["picked", "source", "result"] {
            let _ = list.toggle_with_force(class, class == tie);
        }
    }
}

/// The place that was clicked.
fn clicked(event: &MouseEvent) -> Option<usize> {
    let target: web_sys::Element = event.target()?.dyn_into().ok()?;
    let cell = target.closest("i").ok()??;
    let mut place = 0;
    let mut before = cell.previous_element_sibling();
    while let Some(element) = before {
        place += 1;
        before = element.previous_element_sibling();
    }
    Some(place)
}

/// Moves the chosen byte inside its value; Escape lets go.
fn walk(desk: Desk, index: usize, len: usize, event: &KeyboardEvent) {
    if event.is_composing() {
        return;
    }
    let now = desk.pick.get_untracked();
    let at = now
        .filter(|(value, _)| *value == index)
        .map(|(_, place)| place);
    let last = len.saturating_sub(1);
    let next = match event.key().as_str() {
        "ArrowRight" | "ArrowDown" => at.map_or(0, |at| (at + 1).min(last)),
        "ArrowLeft" | "ArrowUp" => at.map_or(0, |at| at.saturating_sub(1)),
        "Home" | "Enter" | " " => 0,
        "End" => last,
        "Escape" => {
            desk.pick.set(None);
            return;
        }
        _ => return,
    };
    event.prevent_default();
    desk.pick.set(Some((index, next)));
}
