//! The events by which the wasm modules of the page talk: plain texts on the document.

use gloo::events::EventListener;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{CustomEvent, CustomEventInit};

/// The language changed; the text is its tag.
pub const LANG: &str = "poslab:lang";
/// A panel has a new equivalent command; the text is the command line.
pub const COMMAND: &str = "poslab:command";
/// A panel asks that a message be opened in Inspect; the text is what would be pasted there.
pub const OPEN: &str = "poslab:open";

/// Inspect asks the module `tools` for something; the text is `panel::inspect::aside`'s.
pub const ASK: &str = "poslab:ask";
/// The answer, sent before the question's event has ended.
pub const ANSWER: &str = "poslab:answer";
/// Somebody brought a dialect along; the text is what `spec::prebuilt` makes of it, in hex.
pub const DIALECT: &str = "poslab:dialect";
/// More tables were handed to a module; the text is empty.
pub const TABLES: &str = "poslab:tables";

/// A question for the module that has the ciphers; the text is `panel::inspect::cipher`'s.
pub const CALC: &str = "poslab:calc";
/// Its answer, which comes at once; empty when the module has just come.
pub const CALCULATED: &str = "poslab:calculated";

/// Sends a text to every module.
pub fn send(name: &str, text: &str) {
    let init = CustomEventInit::new();
    init.set_detail(&JsValue::from_str(text));
    if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &init) {
        let _ = super::document().dispatch_event(&event);
    }
}

/// Calls `heed` with every text sent under a name, for as long as the page lives.
pub fn on(name: &'static str, heed: impl Fn(String) + 'static) {
    EventListener::new(&super::document(), name, move |event| {
        let detail = event.unchecked_ref::<CustomEvent>().detail();
        heed(detail.as_string().unwrap_or_default());
    })
    .forget();
}

/// Calls `heed` with the next text sent under a name.
pub fn once(name: &'static str, heed: impl FnOnce(String) + 'static) {
    EventListener::once(&super::document(), name, move |event| {
        let detail = event.unchecked_ref::<CustomEvent>().detail();
        heed(detail.as_string().unwrap_or_default());
    })
    .forget();
}

/// Sends a text and gives the one that comes back at once under `reply`; nothing while no module
/// heeds it.
pub fn ask(name: &str, reply: &'static str, text: &str) -> Option<String> {
    let answer = Rc::new(RefCell::new(None));
    let slot = Rc::clone(&answer);
    let listener = EventListener::new(&super::document(), reply, move |event| {
        let detail = event.unchecked_ref::<CustomEvent>().detail();
        slot.replace(detail.as_string());
    });
    send(name, text);
    drop(listener);
    answer.take()
}

/// Calls `heed` whenever the fragment of the address changes, for as long as the page lives.
pub fn on_fragment(heed: impl Fn(String) + 'static) {
    EventListener::new(&super::window(), "hashchange", move |_| {
        heed(super::fragment())
    })
    .forget();
}
