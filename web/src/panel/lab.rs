//! The second wasm module: the panels that can wait, and the worker's engine.
//!
//! In the document it draws into `#lab`, which the shell shows when one of its tabs is open. In
//! the worker it answers jobs, see [`serve`].

use super::Entry;
use crate::browser;
use crate::shell::Shell;
use leptos::prelude::*;

/// The panels of the second wasm module: one line each.
#[rustfmt::skip]
pub static PANELS: &[Entry] = &[
    Entry { id: "theatre", draw: super::theatre::draw },
    Entry { id: "pin-pad", draw: super::pin_pad::draw },
];

/// Draws the lab panels into `#lab` and keeps them for the page's life.
pub fn start() {
    browser::catch_panics();
    let Some(place) = browser::by_id("lab") else {
        return;
    };
    mount_to(place, || {
        Shell::provide();
        PANELS
            .iter()
            .map(|entry| view! { <Slot entry/> })
            .collect_view()
    })
    .forget();
}

/// The place of one panel: drawn when first opened, then kept.
#[component]
fn Slot(entry: &'static Entry) -> impl IntoView {
    let shell = Shell::here();
    let here = Memo::new(move |_| shell.route.get().panel == entry.id);
    let opened = Memo::new(move |before: Option<&bool>| before == Some(&true) || here.get());
    view! {
        <section id=entry.id hidden=move || !here.get()>
            {move || opened.get().then(|| (entry.draw)(""))}
        </section>
    }
}

/// Answers jobs inside the worker.
pub fn serve() {
    browser::catch_panics();
}
