//! Any text or file: read or refused, every byte points into the text, a line reads like a paste.

#![no_main]

use libfuzzer_sys::fuzz_target;
use poslab_core::intake::{Content, LineReader, read_bytes, read_text};

fuzz_target!(|input: &[u8]| {
    let _ = read_bytes(input);
    let mut reader = LineReader::new();
    for line in input.split(|b| *b == b'\n') {
        let _ = reader.read(line);
    }
    let Ok(text) = std::str::from_utf8(input) else { return };
    let Ok(read) = read_text(text) else { return };
    assert!(!read.items.is_empty());
    let _ = (read.what(), read.what_zh());
    for item in &read.items {
        let Content::Bytes(octets) = &item.content else { continue };
        for octets in std::iter::once(octets).chain(&octets.alternatives) {
            for index in 0..octets.bytes.len() {
                let Some(chars) = octets.chars(index..index + 1) else { continue };
                assert!(text.get(chars.clone()).is_some(), "{chars:?} is outside");
            }
        }
    }
});
