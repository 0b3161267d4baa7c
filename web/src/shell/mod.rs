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
use crate::dom::{self, El, el, live};
use crate::panel::{self, Module};
use crate::words::shell as w;
use footer::footer;
use header::header;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

/// The panel of this module.
const PAGE: &str = "inspect";

/// Starts the page: draws the shell over the static one and keeps it for the page's life.
pub fn start() {
    browser::catch_panics();
    let typed = typed_so_far();
    let Some(app) = browser::by_id("app") else {
        return;
    };
    dom::mount(&app, move || {
        Shell::provide();
        Shelf::provide();
        page(typed)
    });
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
fn page(typed: String) -> Vec<El> {
    let shell = Shell::here();
    let failed = RwSignal::new(None::<String>);
    let open = Memo::new(move |_| {
        let module = panel::find(&shell.route.get().panel).map(|tab| tab.module);
        module.unwrap_or(Module::Page)
    });
    // Opening a module twice is no harm: `boot.js` keeps the first promise.
    live(move || {
        let module = open.get();
        if module != Module::Page {
            browser::lab::open(module.name(), move |why| failed.set(Some(why)));
        }
    });
    let later = Module::LATER.map(|module| {
        // A tab leads to its panel before the module is there that draws it.
        let places = panel::TABS.iter().filter(|tab| tab.module == module);
        let place = |tab: &panel::Tab| el("section", "").attr("id", tab.id).attr("hidden", "");
        el("section", "panel lab")
            .attr("id", module.name())
            .hidden(move || open.get() != module)
            .children(places.map(place).collect())
    });
    let main = el("main", "")
        .attr("id", "main")
        .attr("tabindex", "-1")
        .child(inspect_slot(typed))
        .children(later.into())
        .children(trouble(failed));
    let skip = el("a", "skip").attr("href", "#main").say(w::SKIP);
    vec![skip.on("click", skip_to_main), header(), main, footer()]
}

/// Follows the skip link without touching the fragment, which belongs to the router.
fn skip_to_main(event: web_sys::Event) {
    event.prevent_default();
    browser::focus("main");
}

/// The place of the panel of this module: drawn when first opened, then kept, so that work in it
/// survives a look elsewhere.
fn inspect_slot(typed: String) -> El {
    let shell = Shell::here();
    let here = Memo::new(move |_| shell.route.with(|route| route.panel == PAGE));
    let opened = Memo::new(move |before: Option<&bool>| before == Some(&true) || here.get());
    el("section", "panel")
        .attr("id", PAGE)
        .hidden(move || !here.get())
        .live_children(move || match opened.get() {
            // What it reads while it is drawn does not make it be drawn again.
            true => vec![untrack(|| panel::inspect::draw(&typed))],
            false => Vec::new(),
        })
}

/// What is said when a panel does not exist or could not be loaded.
fn trouble(failed: RwSignal<Option<String>>) -> Vec<El> {
    let shell = Shell::here();
    let words = move || {
        let lang = shell.lang.get();
        if let Some(why) = failed.get() {
            return w::LAB_MISSING.with(lang, &[("why", &why)]);
        }
        let route = shell.route.get();
        match panel::find(&route.panel) {
            Some(_) => String::new(),
            None => w::UNKNOWN_PANEL.with(lang, &[("name", &route.panel)]),
        }
    };
    vec![
        el("p", "trouble").attr("role", "status").live_text(words),
        el("p", "broke").attr("role", "alert").say(w::BROKE),
    ]
}
