//! The browser, as the rest of the page sees it: the only users of gloo, wasm-bindgen and web-sys
//! calls that touch the world outside a panel.

pub mod clip;
pub mod clock;
pub mod data;
pub mod event;
pub mod file;
pub mod handover;
pub mod lab;
pub mod serial;
pub mod store;
pub mod worker;

use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::wasm_bindgen;
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

/// Writes another fragment into the address, without a step in the history and without an event.
pub fn replace_fragment(fragment: &str) {
    if let Ok(history) = window().history() {
        let address = format!("#{fragment}");
        // A document that may not change its address keeps the old one.
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&address));
    }
}

/// Whether people asked their system for less motion.
pub fn wants_rest() -> bool {
    let asked = window().match_media("(prefers-reduced-motion: reduce)");
    asked.ok().flatten().is_some_and(|query| query.matches())
}

/// The width of the window in CSS pixels.
pub fn width() -> f64 {
    let width = window().inner_width().ok();
    width.and_then(|width| width.as_f64()).unwrap_or(1024.0)
}

/// The name of the element an event comes from, in capitals.
pub fn tag_of(event: &web_sys::Event) -> String {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.map_or_else(String::new, |target| target.tag_name())
}

/// Does something once the page is laid out anew.
pub fn next_frame(then: impl FnOnce() + 'static) {
    let then = wasm_bindgen::closure::Closure::once_into_js(Box::new(then) as Box<dyn FnOnce()>);
    // Refusal is only possible for what is no function.
    let _ = window().request_animation_frame(then.unchecked_ref());
}

/// Moves the focus to the element with an id, where there is one.
pub fn focus(id: &str) {
    if let Some(element) = by_id(id) {
        let _ = element.focus();
    }
}

/// Scrolls the element with an id into sight, where there is one.
pub fn bring(id: &str) {
    if let Some(element) = by_id(id) {
        element.scroll_into_view();
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    fn fill_random(bytes: &mut [u8]);
}

/// Sixteen random bytes.
pub fn random() -> [u8; 16] {
    let mut bytes = [0; 16];
    fill_random(&mut bytes);
    bytes
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
