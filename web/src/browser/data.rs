//! The tables and texts beside the wasm modules, as `boot.js` hands them over.

use super::event;
use wasm_bindgen::prelude::wasm_bindgen;

/// Hands a pack to this module. It may come after the first look-ups: what was read before may
/// read differently then, and is told so by an event.
///
/// # Errors
/// When the pack is damaged, in words.
#[wasm_bindgen]
pub fn supply(pack: Vec<u8>) -> Result<(), String> {
    poslab_core::data::supply(pack.leak()).map_err(|error| error.to_string())?;
    if !super::in_worker() {
        event::send(event::TABLES, "");
    }
    Ok(())
}
