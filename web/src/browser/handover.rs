//! What one module of the page hands to the other in memory: never in the address or in storage.
//!
//! The lab may not be there yet when Inspect hands something over, so it waits in a property of
//! the page's own object until it is taken, once.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

const NAME: &str = "handover";

fn own() -> Option<JsValue> {
    let window = super::window();
    let own = Reflect::get(&window, &"poslab".into()).ok()?;
    own.is_object().then_some(own)
}

/// Leaves a text for the other module.
pub fn put(text: &str) {
    if let Some(own) = own() {
        // An ordinary object takes any property.
        let _ = Reflect::set(&own, &NAME.into(), &text.into());
    }
}

/// Takes the text that was left, once.
pub fn take() -> Option<String> {
    let own = own()?;
    let text = Reflect::get(&own, &NAME.into()).ok()?.as_string()?;
    let _ = Reflect::set(&own, &NAME.into(), &JsValue::UNDEFINED);
    Some(text)
}
