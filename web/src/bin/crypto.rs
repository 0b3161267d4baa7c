//! The wasm module of payment crypto and of what explains it: Bench and Learn.

use poslab_web::panel::{Module, bench, inspect, lab};
use wasm_bindgen::prelude::wasm_bindgen;

fn main() {}

/// Draws the panels; `boot.js` calls it once the tables are handed over.
#[wasm_bindgen]
pub fn start() {
    inspect::cipher::serve();
    lab::start(Module::Crypto, lab::CRYPTO, || ());
}

/// Answers one line of `poslab calc`: the tests run every vector through the built page with it.
#[wasm_bindgen]
pub fn calc(question: &str) -> String {
    bench::answer(question)
}
