//! The wasm modules that come later, and the worker, as `boot.js` offers them.

use super::event;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Worker;

#[wasm_bindgen]
extern "C" {
    /// Starts a module in this document, once; resolves when its panels can draw.
    #[wasm_bindgen(js_namespace = poslab, js_name = open, catch)]
    fn open_module(name: &str) -> Result<js_sys::Promise, JsValue>;

    /// The worker, which runs the simulator's module; resolves when it can be asked.
    #[wasm_bindgen(js_namespace = poslab, js_name = worker, catch)]
    fn lab_worker() -> Result<js_sys::Promise, JsValue>;
}

/// Starts a module; `failed` is called with the reason when it cannot be loaded.
pub fn open(name: &str, failed: impl FnOnce(String) + 'static) {
    let opening = open_module(name);
    spawn_local(async move {
        let outcome = match opening {
            Ok(promise) => JsFuture::from(promise).await,
            Err(error) => Err(error),
        };
        if let Err(error) = outcome {
            failed(js_sys::Error::from(error).to_string().into());
        }
    });
}

/// Asks the module `tools`, which is started when it is not there yet, and hands its answer over.
pub fn ask(question: String, heed: impl FnOnce(String) + 'static) {
    let opening = open_module("tools");
    spawn_local(async move {
        let Ok(promise) = opening else { return };
        if JsFuture::from(promise).await.is_ok() {
            event::once(event::ANSWER, heed);
            event::send(event::ASK, &question);
        }
    });
}

/// Hands over the worker once it can be asked.
pub fn with_worker(heed: impl FnOnce(Worker) + 'static) {
    spawn_local(async move {
        let Ok(promise) = lab_worker() else { return };
        if let Ok(worker) = JsFuture::from(promise).await {
            heed(worker.unchecked_into());
        }
    });
}
