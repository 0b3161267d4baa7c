//! The worker from both sides: texts in, texts out, each a JSON object of the panel that uses it.

use gloo::events::EventListener;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, EventTarget, MessageEvent, Worker};

/// Sends a job to the worker.
pub fn post(worker: &Worker, job: &str) {
    let _ = worker.post_message(&JsValue::from_str(job));
}

/// Calls `heed` with every answer of the worker, for as long as the page lives.
pub fn on_answer(worker: &Worker, heed: impl Fn(String) + 'static) {
    listen(worker, heed);
}

/// Inside the worker: calls `heed` with every job.
pub fn on_job(heed: impl Fn(String) + 'static) {
    listen(
        &js_sys::global().unchecked_into::<DedicatedWorkerGlobalScope>(),
        heed,
    );
}

/// Inside the worker: sends an answer to the page.
pub fn answer(text: &str) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let _ = scope.post_message(&JsValue::from_str(text));
}

fn listen(target: &EventTarget, heed: impl Fn(String) + 'static) {
    EventListener::new(target, "message", move |event| {
        let data = event.unchecked_ref::<MessageEvent>().data();
        if let Some(text) = data.as_string() {
            heed(text);
        }
    })
    .forget();
}
