//! Time: the moment, a pause, and a beat. Panels get times from here and never read a clock.

use gloo::timers::callback::{Interval, Timeout};
use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Milliseconds since the page was opened, whole.
pub fn now_ms() -> u64 {
    thread_local!(static START: f64 = js_sys::Date::now());
    START.with(|start| (js_sys::Date::now() - start).max(0.0) as u64)
}

/// Waits.
pub async fn sleep(ms: u32) {
    let promise = Promise::new(&mut |done, _| {
        Timeout::new(ms, move || {
            let _ = done.call0(&JsValue::NULL);
        })
        .forget();
    });
    let _ = JsFuture::from(promise).await;
}

/// Calls `heed` with the moment, again and again, for as long as the page lives.
pub fn every(ms: u32, heed: impl Fn(u64) + 'static) {
    Interval::new(ms, move || heed(now_ms())).forget();
}
