//! The wasm module of the simulator, of the pad that may answer for its terminal, and of the
//! worker's engine: Theatre, Break it and PIN pad. It comes as two files; the worker has only that
//! of the engine, so what it runs may call no view and no PIN pad.

use poslab_web::browser;
use poslab_web::panel::pin_pad::Desk;
use poslab_web::panel::{Module, lab};

fn main() {}

/// Draws the panels, or serves in the worker; called once the tables are handed over.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn start() {
    if browser::in_worker() {
        lab::serve();
    } else {
        lab::start(Module::World, lab::WORLD, Desk::provide);
    }
}
