//! The machines, printed at every step of their work: no key, no PIN.
//!
//! Every state, effect, event and record of a run hangs together below the world, so printing
//! that prints the public types of `node`, `sim` and `trace` with real secrets in them.

use poslab_core::sim::{Scenario, Stage, World, scenarios};
use poslab_core::trace::Tape;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Debug;

/// The ways in which octets are printed: as a list, or as what the machines hold them as.
fn forms(octets: &[u8], forms: &mut BTreeSet<String>) {
    let list = |octets: &[u8]| octets.iter().map(u8::to_string).collect::<Vec<_>>();
    forms.insert(list(octets).join(", "));
    forms.insert(hex::encode_upper(octets));
}

/// Every hexadecimal text of at least eight octets in a file: its keys.
fn keys(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if text.len() >= 16 => {
            if let Ok(octets) = hex::decode(text)
                && text.bytes().any(|byte| byte.is_ascii_alphabetic())
            {
                forms(&octets, found);
            }
        }
        Value::Array(list) => list.iter().for_each(|one| keys(one, found)),
        Value::Object(map) => map.values().for_each(|one| keys(one, found)),
        _ => {}
    }
}

fn clean(what: &str, value: &impl Debug, secrets: &BTreeSet<String>) {
    let shown = format!("{value:?}");
    for secret in secrets {
        assert!(!shown.contains(secret.as_str()), "{what} shows {secret}");
    }
}

#[test]
fn no_machine_prints_a_key_or_a_pin_at_any_step() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../core/scenarios");
    let read = |name: &str| -> Value {
        let text = std::fs::read_to_string(format!("{folder}/{name}")).expect("it is there");
        serde_json::from_str(&text).expect("JSON")
    };
    let mut secrets = BTreeSet::new();
    keys(&read("keys.json"), &mut secrets);
    let cast = read("cast.json");
    let pins = cast["cards"].as_array().into_iter().flatten();
    for pin in pins.filter_map(|card| card["pin"].as_str()) {
        let digits: Vec<u8> = pin.bytes().map(|byte| byte - b'0').collect();
        secrets.insert(format!("{digits:?}"));
        secrets.insert(format!("{:?}", pin.as_bytes()));
    }
    assert!(secrets.len() > 20, "the secrets were not read");
    let stage = Stage::load().expect("it ships");
    let mut printed = 0;
    for (name, text) in scenarios() {
        let scenario = Scenario::read(text, &stage).expect("it ships");
        let mut world = World::new(&stage, &scenario, 7);
        let mut tape = Tape::recording();
        let (mut more, mut step) = (true, 0);
        while more {
            more = world.step(&mut tape);
            clean(name, &tape.take(), &secrets);
            // A world is long to print, and changes little from step to step.
            if step % 256 == 128 || !more {
                clean(name, &world, &secrets);
                printed += 1;
            }
            step += 1;
        }
        clean(
            name,
            &(world.outcomes(), world.slips(), &scenario),
            &secrets,
        );
    }
    println!(
        "{printed} worlds printed, {} forms of secrets",
        secrets.len()
    );
    assert!(printed > scenarios().count());
}
