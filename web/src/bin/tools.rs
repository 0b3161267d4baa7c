//! The wasm module of what is made, compared and imported: Build, Compare and Dialects; and of
//! what Inspect needs seldom.

use poslab_web::panel::{Module, inspect, lab};

fn main() {}

/// Draws the panels; `boot.js` calls it once the tables are handed over.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn start() {
    lab::start(Module::Tools, lab::TOOLS, inspect::aside::serve);
}
