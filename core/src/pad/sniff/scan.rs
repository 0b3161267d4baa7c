//! Where the first frame of a buffer ends, and which family's check it satisfies.

use super::other;
use super::{Family, What, lone};
use crate::pad::{abecs, epp, visa};

/// What the head of a buffer is.
pub(super) enum Scan {
    /// More bytes are needed to say.
    NotYet,
    /// So many bytes, and what they are.
    Found {
        /// One or more.
        len: usize,
        /// What they are.
        what: What,
    },
}

/// What one family says of the head of a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    Whole(usize),
    Damaged(usize),
    NotYet,
    Not,
}

/// Reads the head of a buffer; `quiet` says that nothing more is to come.
pub(super) fn scan(bytes: &[u8], expect: Option<Family>, quiet: bool) -> Scan {
    let Some(first) = bytes.first() else {
        return Scan::NotYet;
    };
    let mut families = candidates(*first).to_vec();
    // What the line has spoken so far has the first word.
    families.sort_by_key(|family| Some(*family) != expect);
    let readings: Vec<(Family, Reading)> = families
        .iter()
        .map(|family| (*family, read(*family, bytes, quiet)))
        .collect();
    for (family, reading) in &readings {
        if let Reading::Whole(len) = reading {
            return Scan::Found {
                len: *len,
                what: What::Frame(*family),
            };
        }
    }
    if !quiet
        && readings
            .iter()
            .any(|(_, reading)| *reading == Reading::NotYet)
    {
        return Scan::NotYet;
    }
    let damaged = readings.iter().find_map(|(family, reading)| match reading {
        Reading::Damaged(len) => Some((*family, *len)),
        _ => None,
    });
    match (damaged, lone(*first)) {
        (Some((family, len)), _) => Scan::Found {
            len,
            what: What::Damaged(family),
        },
        (None, Some(name)) => Scan::Found {
            len: 1,
            what: What::Control(name),
        },
        (None, None) => Scan::Found {
            len: noise(bytes),
            what: What::Noise,
        },
    }
}

/// The families whose frames open with this byte.
fn candidates(first: u8) -> &'static [Family] {
    match first {
        abecs::frame::SYN => &[Family::Abecs],
        visa::frame::SI => &[Family::Visa],
        0x02 => &[Family::Epp, Family::Visa, Family::Zt, Family::Nga],
        0x1B => &[Family::Esc],
        0x10 => &[Family::Dle],
        _ => &[],
    }
}

/// How many bytes until something may begin.
fn noise(bytes: &[u8]) -> usize {
    let starts = |b: &u8| !candidates(*b).is_empty() || lone(*b).is_some();
    bytes
        .iter()
        .skip(1)
        .position(starts)
        .map_or(bytes.len(), |at| at + 1)
}

fn read(family: Family, bytes: &[u8], quiet: bool) -> Reading {
    match family {
        Family::Abecs => read_abecs(bytes),
        Family::Visa => read_visa(bytes),
        Family::Epp => read_epp(bytes, quiet),
        Family::Zt | Family::Nga | Family::Esc | Family::Dle => match other::scan(family, bytes) {
            Some(len) => Reading::Whole(len),
            None if other::possible(family, bytes) => Reading::NotYet,
            None => Reading::Not,
        },
    }
}

fn read_abecs(bytes: &[u8]) -> Reading {
    use abecs::frame::{Decoder, Received, SYN};
    let mut decoder = Decoder::new();
    for (at, byte) in bytes.iter().enumerate() {
        // A second SYN cuts the frame before it.
        if *byte == SYN && at > 0 && decoder.inside() {
            return Reading::Damaged(at);
        }
        match decoder.push(*byte) {
            Some(Received::Packet(_)) => return Reading::Whole(at + 1),
            Some(Received::Bad(_)) => return Reading::Damaged(at + 1),
            Some(Received::Byte(_)) | None => {}
        }
    }
    Reading::NotYet
}

fn read_visa(bytes: &[u8]) -> Reading {
    use visa::frame::{Decoder, Received};
    let mut decoder = Decoder::new();
    for (at, byte) in bytes.iter().enumerate() {
        match decoder.push(*byte) {
            // A text opens with a digit or a letter; other families' lengths seldom do.
            Some(Received::Frame { text, .. }) if readable(&text) => {
                return Reading::Whole(at + 1);
            }
            Some(Received::Bad(_)) => return Reading::Damaged(at + 1),
            Some(Received::Frame { .. } | Received::Byte(_)) => return Reading::Not,
            None if at == 1 && !byte.is_ascii_alphanumeric() => return Reading::Not,
            None => {}
        }
    }
    Reading::NotYet
}

fn readable(text: &[u8]) -> bool {
    text.first().is_some_and(u8::is_ascii_alphanumeric)
}

fn read_epp(bytes: &[u8], quiet: bool) -> Reading {
    use epp::frame::{Coding, Decoder, Received};
    let mut decoder = Decoder::new();
    let mut received = Vec::new();
    for (at, byte) in bytes.iter().enumerate() {
        decoder.push(*byte, &mut received);
        match received.first() {
            // The byte that showed that no 03 follows belongs to what comes next.
            Some(Received::Frame {
                coding: Coding::Binary,
                ..
            }) => return Reading::Whole(at),
            Some(Received::Frame { .. }) => return Reading::Whole(at + 1),
            Some(Received::Bad { .. } | Received::Byte(_)) => return Reading::Not,
            None => {}
        }
    }
    if quiet {
        decoder.flush(&mut received);
        return match received.first() {
            Some(Received::Frame { .. }) => Reading::Whole(bytes.len()),
            _ => Reading::Not,
        };
    }
    Reading::NotYet
}
