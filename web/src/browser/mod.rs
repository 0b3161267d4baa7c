//! The browser, as the rest of the page sees it: the only users of gloo, wasm-bindgen and web-sys
//! calls that touch the world outside a panel.

pub mod clip;
pub mod clock;
pub mod event;
pub mod file;
pub mod lab;
pub mod serial;
pub mod store;

use wasm_bindgen::JsCast as _;
use web_sys::{DedicatedWorkerGlobalScope, Document, HtmlElement, Window};

/// True inside a worker, where there is no document.
pub fn in_worker() -> bool {
    js_sys::global().is_instance_of::<DedicatedWorkerGlobalScope>()
}

/// The window.
pub fn window() -> Window {
    leptos::prelude::window()
}

/// The document.
pub fn document() -> Document {
    leptos::prelude::document()
}

/// The `html` element, which carries the language and the theme.
pub fn html() -> HtmlElement {
    let element = document()
        .document_element()
        .expect("a document has a root element");
    element.unchecked_into()
}

/// The element with an id.
pub fn by_id(id: &str) -> Option<HtmlElement> {
    document()
        .get_element_by_id(id)
        .map(|element| element.unchecked_into())
}

/// The fragment of the address, without its `#`.
pub fn fragment() -> String {
    let hash = window().location().hash().unwrap_or_default();
    hash.strip_prefix('#').unwrap_or(&hash).to_owned()
}

/// Goes to a fragment, as a click on a link would.
pub fn go(fragment: &str) {
    // Refusal is only possible for documents that no longer have a window.
    let _ = window().location().set_hash(fragment);
}

/// Moves the focus to the element with an id, where there is one.
pub fn focus(id: &str) {
    if let Some(element) = by_id(id) {
        let _ = element.focus();
    }
}

/// Says a bug aloud: on the console, and on the page by an attribute the style sheet shows.
pub fn catch_panics() {
    std::panic::set_hook(Box::new(|panic| {
        web_sys::console::error_1(&panic.to_string().into());
        if !in_worker() {
            let _ = html().set_attribute("data-broke", "");
        }
    }));
}
