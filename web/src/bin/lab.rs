//! The second wasm module: the panels that can wait, and the worker's engine.

fn main() {
    if poslab_web::browser::in_worker() {
        poslab_web::panel::lab::serve();
    } else {
        poslab_web::panel::lab::start();
    }
}

/// Answers one line of `poslab calc`: the tests run every vector through the built page with it.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn calc(question: &str) -> String {
    poslab_web::panel::bench::answer(question)
}
