//! `pinpad-vectors.txt`: frames with their names, gathered from manuals and worked examples.

use poslab_core::pad::abecs::frame as abecs;
use std::fs;

/// One frame of the file.
pub struct Vector {
    /// What the file calls it.
    pub name: String,
    /// The bytes on the line.
    pub frame: Vec<u8>,
}

fn text() -> String {
    fs::read_to_string(poslab_tests::vectors("pinpad-vectors.txt"))
        .expect("the vectors stand there")
}

/// Bytes written as pairs of hex digits with spaces between, at the end of a line.
fn trailing_hex(line: &str) -> Vec<u8> {
    let mut bytes: Vec<u8> = Vec::new();
    for word in line.split(' ').rev() {
        match (word.len(), u8::from_str_radix(word, 16)) {
            (2, Ok(byte)) => bytes.push(byte),
            _ => break,
        }
    }
    bytes.reverse();
    bytes
}

/// The ABECS frames: a line with the name, then a line with the bytes.
pub fn abecs() -> Vec<Vector> {
    let text = text();
    let lines: Vec<&str> = text.lines().collect();
    let pairs = lines
        .windows(2)
        .filter(|pair| pair[1].starts_with("    16 "));
    pairs
        .map(|pair| Vector {
            name: pair[0].to_owned(),
            frame: trailing_hex(pair[1]),
        })
        .collect()
}

/// The data of the ABECS frame whose name begins so.
pub fn abecs_data(name: &str) -> Vec<u8> {
    let vector = abecs()
        .into_iter()
        .find(|v| v.name.starts_with(&format!("ABECS {name} ")));
    let frame = vector.unwrap_or_else(|| panic!("no vector {name}")).frame;
    let mut decoder = abecs::Decoder::new();
    let found = frame.iter().find_map(|b| decoder.push(*b));
    let Some(abecs::Received::Packet(data)) = found else {
        panic!("{name}: {found:?}")
    };
    data
}

#[test]
fn every_abecs_frame_opens_and_closes_to_the_same_bytes() {
    let all = abecs();
    assert_eq!(all.len(), 19, "a vector was lost");
    for Vector { name, frame } in all {
        let mut decoder = abecs::Decoder::new();
        let received: Vec<_> = frame.iter().filter_map(|b| decoder.push(*b)).collect();
        let [abecs::Received::Packet(data)] = received.as_slice() else {
            panic!("{name}: {received:?}");
        };
        assert_eq!(abecs::wrap(data), frame, "{name}");
    }
}
