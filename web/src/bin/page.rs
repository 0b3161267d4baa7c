//! The first wasm module: the shell, and the panel that must be there at once.

fn main() {}

/// Draws the page; `boot.js` calls it once the tables are handed over.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn start() {
    poslab_web::shell::start();
}
