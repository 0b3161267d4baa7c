//! A door into the core's wasm build: a question goes in byte by byte, is answered, comes out.
//!
//! It needs no bindings and no pointers, so the test can load it with nothing but Node.

use poslab_core::crypto::Working;
use poslab_core::crypto::calc::calc;
use serde_json::{Value, json};
use std::cell::RefCell;

thread_local! {
    static BYTES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Adds one byte to the question.
#[unsafe(no_mangle)]
pub extern "C" fn push(byte: u32) {
    BYTES.with_borrow_mut(|bytes| bytes.push(byte as u8));
}

/// Puts the answer in place of the question.
#[unsafe(no_mangle)]
pub extern "C" fn answer() {
    BYTES.with_borrow_mut(|bytes| {
        *bytes = answer_to(bytes).to_string().into_bytes();
    });
}

/// Takes the next byte of the answer, from its end; 256 when it is empty.
#[unsafe(no_mangle)]
pub extern "C" fn pull() -> u32 {
    BYTES.with_borrow_mut(|bytes| bytes.pop().map_or(256, u32::from))
}

fn answer_to(question: &[u8]) -> Value {
    let question: Value = serde_json::from_slice(question).unwrap_or_default();
    let op = question["op"].as_str().unwrap_or("");
    let empty = serde_json::Map::new();
    let inputs = question["inputs"].as_object().unwrap_or(&empty);
    match calc(op, inputs, &mut Working::off()) {
        Ok(outputs) => json!({"outputs": outputs}),
        Err(error) => json!({"error": error.code()}),
    }
}
