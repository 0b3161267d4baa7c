//! The simulated pad: its display, its keys, and a card to swipe.

use super::desk::{Desk, Link};
use crate::shell::Shell;
use crate::words::{pin_pad as w, t};
use leptos::prelude::*;
use poslab_core::pad::face::Asks;
use poslab_core::pad::{Key, Protocol};

/// The pad, when it is the simulated one.
#[component]
pub fn PadFace(desk: Desk) -> impl IntoView {
    let simulated = move || desk.link.get() == Link::Simulated;
    view! {
        <Show when=simulated>
            <section class="block" aria-labelledby="the-face">
                <h2 class="label" id="the-face">{t(w::FACE)}</h2>
                <div class="device">
                    <Screen desk/>
                    <Keyboard desk/>
                </div>
                <p class="dim">{t(w::FACE_HINT)}</p>
            </section>
        </Show>
    }
}

#[component]
fn Screen(desk: Desk) -> impl IntoView {
    let shell = Shell::here();
    let lines = move || {
        let face = desk.face.get();
        let mut lines = face.lines;
        lines.resize(lines.len().max(4), String::new());
        lines
            .into_iter()
            .map(|line| view! { <div>{if line.is_empty() { "\u{a0}".to_owned() } else { line }}</div> })
            .collect_view()
    };
    let asked = move || match desk.face.get().asks {
        Asks::Pin { entered } => {
            w::ASKS_PIN.with(shell.lang.get(), &[("count", &entered.to_string())])
        }
        _ => String::new(),
    };
    view! {
        <div id="screen" class="screen mono" role="group" aria-label=move || desk.face.get().lines.join(", ")>
            {lines}
        </div>
        <p class="visually-hidden" aria-live="polite">{asked}</p>
    }
}

#[component]
fn Keyboard(desk: Desk) -> impl IntoView {
    let key = move |label: String, key: Key| {
        let id = key_id(&label, key);
        view! {
            <button type="button" class="pad-key" data-key=id
                on:click=move |_| desk.press(key)>{label}</button>
        }
    };
    let named = move |class: &'static str, words, key: Key| {
        view! {
            <button type="button" class=format!("pad-key {class}") data-key=key.name()
                on:click=move |_| desk.press(key)>{t(words)}</button>
        }
    };
    let row = move |from: u8| {
        (from..from + 3)
            .map(|digit| key(digit.to_string(), Key::Digit(digit)))
            .collect_view()
    };
    let functions = (1..=3)
        .map(|n| key(format!("F{n}"), Key::Function(n)))
        .collect_view();
    view! {
        <div class="keys">
            {functions}
            {row(1)} {row(4)} {row(7)}
            {key("▲".to_owned(), Key::Up)}
            {key("0".to_owned(), Key::Digit(0))}
            {key("▼".to_owned(), Key::Down)}
            {named("red", w::RED, Key::Cancel)}
            {named("yellow", w::CLEAR, Key::Clear)}
            {named("green", w::ENTER, Key::Enter)}
        </div>
        <Show when=move || desk.protocol.get() == Protocol::Abecs>
            <button type="button" id="swipe" on:click=move |_| desk.swipe()>{t(w::SWIPE)}</button>
        </Show>
    }
}

/// A digit's key is named by its digit for the tests' fingers; it is printed on the key anyway.
fn key_id(label: &str, key: Key) -> String {
    match key {
        Key::Digit(_) => label.to_owned(),
        other => other.name().to_owned(),
    }
}
