//! Any bytes in every dialect and frame: nothing panics, leaves cover every bit, what unpacks
//! packs back.

#![no_main]

use libfuzzer_sys::fuzz_target;
use poslab_core::codec::{causes, detect, dissect, pack, unpack};
use poslab_core::frame::Framing;
use poslab_core::spec::{builtin, builtin_names};
use poslab_core::view::decode::{Shape, push_json};

const FRAMES: [&str; 6] = ["none", "len2be", "len2be+tpdu+header6", "len4ascii+iso12", "tpdu", "base1"];

fuzz_target!(|input: &[u8]| {
    let Some((choice, frame)) = input.split_first() else { return };
    let names: Vec<&str> = builtin_names().collect();
    let dialect = builtin(names[usize::from(*choice) % names.len()]).expect("built in");
    let framing: Framing = FRAMES[usize::from(choice / 16) % FRAMES.len()].parse().expect("known");
    let tree = dissect(&dialect, frame, &framing);
    let mut at = 0;
    for id in tree.leaves() {
        let span = tree.node(id).expect("a leaf").span;
        assert_eq!(span.start, at, "a gap or an overlap");
        at = span.end;
    }
    assert_eq!(at as usize, frame.len() * 8, "bits without an owner");
    for finding in &tree.findings {
        assert!(finding.offset() <= frame.len());
    }
    let mut json = String::new();
    let shape = Shape { reveal: choice % 2 == 0, spans: true, summary: true, ..Shape::default() };
    push_json(&tree, &[], shape, &|_| None, &mut json);
    assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok(), "{json}");
    if let Ok(message) = unpack(&dialect, frame) {
        let _ = pack(&dialect, &message.to_draft());
    }
    if let Some(best) = detect(frame).first() {
        let _ = causes(&best.dissect(frame), best);
    }
});
