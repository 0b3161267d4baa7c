//! The wasm modules that can wait: their panels, and the worker's engine.
//!
//! In the document each draws into the element of its name, which the shell shows when one of its
//! tabs is open. In the worker the simulator's module answers jobs, see [`serve`].

use super::{Entry, Module, log};
use crate::browser;
use crate::shell::{Shelf, Shell};
use gloo::events::EventListener;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// The panels of payment crypto and of what explains it: one line each.
#[rustfmt::skip]
pub static CRYPTO: &[Entry] = &[
    Entry { id: "bench", draw: super::bench::draw },
    Entry { id: "learn", draw: super::learn::draw },
];

/// The panels of the simulator, and the pad that may answer for its terminal.
#[rustfmt::skip]
pub static WORLD: &[Entry] = &[
    Entry { id: "theatre", draw: super::theatre::draw },
    Entry { id: "break-it", draw: super::break_it::draw },
    Entry { id: "pin-pad", draw: super::pin_pad::draw },
];

/// The panels of what is made, compared and imported.
#[rustfmt::skip]
pub static TOOLS: &[Entry] = &[
    Entry { id: "build", draw: super::build::draw },
    Entry { id: "compare", draw: super::compare::draw },
    Entry { id: "dialects", draw: super::dialects::draw },
];

/// Draws the panels of a module into its element and keeps them for the page's life.
///
/// `provide` offers the views what the module's panels share. It stands by itself because the worker,
/// which never comes here, has no views.
#[inline(never)]
pub fn start(module: Module, panels: &'static [Entry], provide: impl FnOnce() + 'static) {
    browser::catch_panics();
    let Some(place) = browser::by_id(module.name()) else {
        return;
    };
    // The panels take the places that the shell kept for them.
    place.set_inner_html("");
    mount_to(place, move || {
        Shell::provide();
        Shelf::provide();
        provide();
        panels
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

/// Answers jobs inside the worker; see [`crate::panel::log`] for the messages.
pub fn serve() {
    browser::catch_panics();
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let target = scope.clone();
    let stop = RefCell::new(Rc::new(Cell::new(false)));
    let listener = EventListener::new(&target, "message", move |event| {
        let data = event.unchecked_ref::<MessageEvent>().data();
        let Some((name, file)) = log::engine::job(&data) else {
            return;
        };
        // A new job ends the one before.
        stop.replace(Rc::new(Cell::new(false))).set(true);
        if let ("log", Some(file)) = (name.as_str(), file) {
            log::engine::start(scope.clone(), file, Rc::clone(&stop.borrow()));
        }
    });
    listener.forget();
    super::break_it::engine::serve();
}
