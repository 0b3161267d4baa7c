//! What surrounds every panel: header, tabs, footer, language, theme, and the router.
//!
//! The binary `page` calls [`start`]; it takes over what `index.html` shows before any wasm runs,
//! with the text people may already have typed. Every other binary makes its own [`Shell`] from the
//! same document, so panels are written alike for all.

mod context;
mod footer;
mod header;
mod route;
mod shelf;

pub use context::Shell;
pub use route::Route;
pub use shelf::Shelf;

use crate::browser;
use crate::panel::{self, Module};
use crate::words::shell as w;
use crate::words::t;
use footer::Footer;
use header::Header;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

/// Starts the page: draws the shell over the static one and keeps it for the page's life.
pub fn start() {
    browser::catch_panics();
    let typed = typed_so_far();
    let Some(app) = browser::by_id("app") else {
        return;
    };
    app.set_inner_html("");
    mount_to(app, move || {
        Shell::provide();
        Shelf::provide();
        view! { <Page typed/> }
    })
    .forget();
    let _ = browser::html().set_attribute("data-ready", "page");
}

/// What people typed or pasted into the static page before wasm arrived.
fn typed_so_far() -> String {
    browser::by_id("paste")
        .and_then(|element| element.dyn_into::<web_sys::HtmlTextAreaElement>().ok())
        .map(|area| area.value())
        .unwrap_or_default()
}

/// The whole page.
#[component]
fn Page(typed: String) -> impl IntoView {
    let shell = Shell::here();
    let failed = RwSignal::new(None::<String>);
    let open = Memo::new(move |_| panel::find(&shell.route.get().panel).map(|tab| tab.module));
    // Opening a module twice is no harm: `boot.js` keeps the first promise.
    Effect::new(move || {
        if let Some(module) = open.get().filter(|module| *module != Module::Page) {
            browser::lab::open(module.name(), move |why| failed.set(Some(why)));
        }
    });
    let later = Module::LATER.map(|module| {
        let hidden = move || open.get() != Some(module);
        // A tab leads to its panel before the module is there that draws it.
        let places = panel::TABS.iter().filter(|tab| tab.module == module);
        let places = places.map(|tab| view! { <section id=tab.id hidden></section> });
        view! {
            <section id=module.name() class="panel lab" hidden=hidden>{places.collect_view()}</section>
        }
    });
    let panels = panel::PAGE.iter().map(|entry| {
        Slot(SlotProps {
            entry,
            typed: typed.clone(),
        })
    });
    view! {
        <a class="skip" href="#main" on:click=skip>{t(w::SKIP)}</a>
        <Header/>
        <main id="main" tabindex="-1">
            {panels.collect_view()}
            {later.into_iter().collect_view()}
            <Trouble failed/>
        </main>
        <Footer/>
    }
}

/// Follows the skip link without touching the fragment, which belongs to the router.
fn skip(event: web_sys::MouseEvent) {
    event.prevent_default();
    browser::focus("main");
}

/// The place of one panel of this module: drawn when first opened, then kept, so that work in it
/// survives a look elsewhere.
#[component]
fn Slot(entry: &'static panel::Entry, typed: String) -> impl IntoView {
    let shell = Shell::here();
    let here = Memo::new(move |_| shell.route.get().panel == entry.id);
    let opened = Memo::new(move |before: Option<&bool>| before == Some(&true) || here.get());
    view! {
        <section id=entry.id class="panel" hidden=move || !here.get()>
            {move || opened.get().then(|| (entry.draw)(&typed))}
        </section>
    }
}

/// What is said when a panel does not exist or could not be loaded.
#[component]
fn Trouble(failed: RwSignal<Option<String>>) -> impl IntoView {
    let shell = Shell::here();
    let words = move || {
        let lang = shell.lang.get();
        if let Some(why) = failed.get() {
            return Some(w::LAB_MISSING.with(lang, &[("why", &why)]));
        }
        let route = shell.route.get();
        let unknown = panel::find(&route.panel).is_none();
        unknown.then(|| w::UNKNOWN_PANEL.with(lang, &[("name", &route.panel)]))
    };
    view! {
        <p class="trouble" role="status">{words}</p>
        <p class="broke" role="alert">{t(w::BROKE)}</p>
    }
}
