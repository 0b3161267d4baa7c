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

/// The frame on the line that begins with this name and a space.
pub fn line_frame(name: &str) -> Vec<u8> {
    let text = text();
    let starts = |line: &&str| line.starts_with(&format!("{name} "));
    let framed = |line: &&str| line.contains(" 02 ") || line.contains(" 0F ");
    let line = text.lines().filter(starts).find(framed);
    trailing_frame(line.unwrap_or_else(|| panic!("no vector {name}")))
}

/// The bytes of a line from its first start byte on: names may end in what looks like hex, and a
/// result may follow the frame.
fn trailing_frame(line: &str) -> Vec<u8> {
    let words: Vec<&str> = line.split(' ').collect();
    let byte = |w: &&str| {
        (w.len() == 2)
            .then(|| u8::from_str_radix(w, 16).ok())
            .flatten()
    };
    let start = words
        .iter()
        .position(|w| matches!(*w, "02" | "0F"))
        .expect("a frame on the line");
    words[start..].iter().map_while(byte).collect()
}

#[test]
fn every_visa_frame_opens_and_closes_to_the_same_bytes() {
    use poslab_core::pad::visa::frame::{Decoder, Received, wrap};
    let names = [
        "load MK0",
        "check MK2",
        "present F",
        "select MK7",
        "diag 0106",
        "test 09",
        "09 PROCESSING",
        "06",
        "baud 134",
        "16 selftest",
        "72",
        "Z60",
        "70",
        "71",
        "Z62",
        "71 error 2",
        "73 dukpt ex",
        "Z2",
        "Z66 doc example",
        "Z66 mine",
        "VeriFone 73",
        "PP791 DUKPT 71",
        "Z60 dukpt",
        "90",
    ];
    for name in names {
        let frame = line_frame(name);
        let mut decoder = Decoder::new();
        let received: Vec<_> = frame.iter().filter_map(|b| decoder.push(*b)).collect();
        let [Received::Frame { kind, text }] = received.as_slice() else {
            panic!("{name}: {received:?}");
        };
        assert_eq!(wrap(*kind, text), frame, "{name}");
        assert!(
            poslab_core::pad::visa::message::message(text).is_some(),
            "{name} has no name"
        );
    }
}

/// One frame in the two codings of the file.
pub struct Kmy {
    /// 02 and hex characters.
    pub hex: Vec<u8>,
    /// Bytes, with 03 behind them.
    pub binary: Vec<u8>,
}

/// The EPP frame of this name.
pub fn kmy(name: &str) -> Kmy {
    let text = text();
    let head = format!("KMY {name} ");
    let line = text.lines().find(|line| line.starts_with(&head));
    let line = line.unwrap_or_else(|| panic!("no vector {name}"));
    let (_, rest) = line.split_once("<02>").expect("the hex form");
    let (hex, binary) = rest.split_once('|').expect("the binary form");
    Kmy {
        hex: [b"\x02", hex.trim().as_bytes()].concat(),
        binary: trailing_hex(binary.trim()),
    }
}

#[test]
fn every_epp_frame_opens_and_closes_to_the_same_bytes() {
    use poslab_core::pad::epp::frame::{Coding, Decoder, Received, wrap};
    let text = text();
    let names: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("KMY ")?.split_once("<02>"))
        .map(|(name, _)| name.trim())
        .collect();
    assert_eq!(names.len(), 23, "a vector was lost");
    for name in names {
        let Kmy { hex, binary } = kmy(name);
        for (frame, want) in [(hex, Coding::Hex), (binary, Coding::BinaryEtx)] {
            let mut received = Vec::new();
            let mut decoder = Decoder::new();
            frame.iter().for_each(|b| decoder.push(*b, &mut received));
            let [Received::Frame { coding, body }] = received.as_slice() else {
                panic!("{name}: {received:?}");
            };
            assert_eq!((*coding, wrap(*coding, body)), (want, frame), "{name}");
        }
    }
}
