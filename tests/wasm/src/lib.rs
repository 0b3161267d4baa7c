//! A door into the core's wasm build: a question goes in byte by byte, is answered, comes out.
//!
//! It needs no bindings and no pointers, so the test can load it with nothing but Node.

use poslab_core::crypto::Working;
use poslab_core::crypto::calc::calc;
use poslab_core::sim::{Scenario, Stage, World, shipped};
use poslab_core::trace::Tape;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::ops::Range;

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
    if let Some(name) = question["scenario"].as_str() {
        let seed = |key: &str| question[key].as_u64().unwrap_or(0);
        return json!({"sha256": traces(name, seed("from")..seed("to"))});
    }
    let op = question["op"].as_str().unwrap_or("");
    let empty = serde_json::Map::new();
    let inputs = question["inputs"].as_object().unwrap_or(&empty);
    match calc(op, inputs, &mut Working::off()) {
        Ok(outputs) => json!({"outputs": outputs}),
        Err(error) => json!({"error": error.code()}),
    }
}

/// SHA-256 of the traces of a shipped scenario, as JSON lines, for some seeds; none when it does not
/// ship. The seed draws keys and the latency of every hop.
pub fn traces(name: &str, seeds: Range<u64>) -> Option<String> {
    let stage = Stage::load().ok()?;
    let scenario = Scenario::read(shipped(name)?, &stage).ok()?;
    let mut hash = Sha256::new();
    for seed in seeds {
        let mut world = World::new(&stage, &scenario, seed);
        world.jitter(seed);
        let mut tape = Tape::recording();
        world.run_to_end(&mut tape);
        for event in tape.events() {
            hash.update(event.json().as_bytes());
            hash.update(b"\n");
        }
    }
    Some(hex::encode(hash.finalize()))
}
