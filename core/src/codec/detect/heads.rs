//! Where a message type and a bitmap can stand: a look at the bytes that needs no dialect.

use super::super::head::read_mti;
use crate::bytes::sort_by_number;
use crate::frame::{FramePart, Framing, Length, LengthCoding};
use crate::spec::{Dialect, MtiSpec};

/// How the message type is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MtiKind {
    Ascii,
    Ebcdic,
    Packed,
}

/// How the bitmap is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BitmapKind {
    Hex,
    Raw,
}

/// A place where a message can begin.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub framing: Framing,
    /// Bytes in front of the message.
    pub framing_len: usize,
    pub mti: MtiKind,
    pub bitmap: BitmapKind,
    pub version: u8,
    /// From 0 to 10: how much the bytes in front look like what they are taken for.
    pub evidence: u8,
    /// There are bytes in front that no rule explains.
    pub unknown_header: bool,
}

impl Head {
    /// A head that a person or a file names, plausible or not.
    pub fn said(dialect: &Dialect, framing: Framing, framing_len: usize) -> Self {
        Self {
            framing,
            framing_len,
            mti: super::mti_kind(dialect),
            bitmap: super::bitmap_kind(dialect),
            version: 0,
            evidence: 5,
            unknown_header: false,
        }
    }
}

/// Headers of unknown make are tried up to this length.
const MAX_UNKNOWN: u16 = 24;

/// Every place where a message can begin. `loose` accepts message types that no edition defines,
/// as private dialects have.
pub(super) fn heads(frame: &[u8], loose: bool) -> Vec<Head> {
    let mut found = Vec::new();
    for (lengths, at, evidence) in length_headers(frame) {
        for (parts, more, weight) in headers(frame, at) {
            let start = at + more;
            let Some(body) = frame.get(start..) else {
                continue;
            };
            let mut framing = Framing {
                parts: lengths.clone(),
            };
            framing.parts.extend(parts);
            let unknown_header = framing
                .parts
                .iter()
                .any(|part| matches!(part, FramePart::Fixed(n) if *n != 2));
            // A wrong length and an unknown header together explain nothing.
            if unknown_header && evidence < 8 {
                continue;
            }
            // A UnionPay header makes up for a message type that no edition defines: terminals send
            // signatures as 0920.
            let named = matches!(
                framing.parts.as_slice(),
                [.., FramePart::Tpdu, FramePart::Header6]
            );
            let loose = loose || (named && weight == 10);
            for (mti, bitmap, version) in starts(body, loose) {
                found.push(Head {
                    framing: framing.clone(),
                    framing_len: start,
                    mti,
                    bitmap,
                    version,
                    evidence: evidence.min(weight),
                    unknown_header,
                });
            }
        }
    }
    sort_by_number(&mut found, |head| u64::from(u8::MAX - head.evidence));
    // Unknown headers are a last resort: they are kept when nothing better is there.
    let known = found.iter().any(|head| head.evidence >= 6);
    found.retain(|head| !known || !head.unknown_header || head.evidence >= 3);
    found.truncate(MAX_HEADS);
    found
}

const MAX_HEADS: usize = 24;

/// The length headers the frame can begin with, where they end, and the evidence: an exact length
/// is strong, a wrong one is possible, as pastes are cut and logs show the wrong number.
fn length_headers(frame: &[u8]) -> Vec<(Vec<FramePart>, usize, u8)> {
    let mut found = vec![(Vec::new(), 0, 8)];
    let codings = [
        LengthCoding::Be2,
        LengthCoding::Ascii4,
        LengthCoding::Bcd2,
        LengthCoding::Le2,
        LengthCoding::Be4,
    ];
    for coding in codings {
        for inclusive in [false, true] {
            let length = Length { coding, inclusive };
            let width = length.len_bytes();
            let Some(declared) = frame.get(..width).and_then(|bytes| length.read(bytes)) else {
                continue;
            };
            let present = frame.len() - width;
            let part = vec![FramePart::Length(length)];
            if declared == present {
                found.push((
                    part,
                    width,
                    if coding == LengthCoding::Le2 { 9 } else { 10 },
                ));
            } else if declared > 0 && !inclusive && coding == LengthCoding::Be2 {
                // More behind than declared is a second message; less is a cut.
                found.push((part, width, if declared < present { 4 } else { 3 }));
            } else if declared > 8 && !inclusive && coding == LengthCoding::Ascii4 {
                found.push((part, width, 3));
            }
        }
    }
    found
}

/// The headers that can stand at `at`, their length, and the evidence.
fn headers(frame: &[u8], at: usize) -> Vec<(Vec<FramePart>, usize, u8)> {
    let rest = frame.get(at..).unwrap_or_default();
    let mut found = vec![(Vec::new(), 0, 10)];
    if matches!(rest.first(), Some(0x60 | 0x68)) {
        let weight = if rest.first() == Some(&0x60) { 10 } else { 7 };
        found.push((vec![FramePart::Tpdu], 5, weight));
        found.push((
            vec![FramePart::Tpdu, FramePart::Header6],
            11,
            header6_weight(rest.get(5..11)),
        ));
        found.push((vec![FramePart::Tpdu, FramePart::Fixed(2)], 7, 6));
    }
    if matches!(rest.first(), Some(0x60..=0x62)) {
        found.push((
            vec![FramePart::Header6],
            6,
            header6_weight(rest.get(..6)).min(7),
        ));
    }
    if rest.first() == Some(&22) {
        found.push((vec![FramePart::Base1], 22, 10));
    }
    let iso = rest
        .get(3..12)
        .is_some_and(|digits| digits.iter().all(u8::is_ascii_digit));
    if rest.starts_with(b"ISO") && iso {
        found.push((vec![FramePart::IsoText], 12, 10));
    }
    for len in 1..=MAX_UNKNOWN {
        let header = rest.get(..usize::from(len)).unwrap_or_default();
        let text = !header.is_empty() && header.iter().all(u8::is_ascii_graphic);
        // A header of text is likelier than one of bytes.
        found.push((
            vec![FramePart::Fixed(len)],
            usize::from(len),
            if text { 3 } else { 1 },
        ));
    }
    found
}

/// The UnionPay header begins 60, 61 or 62 and is packed digits.
fn header6_weight(header: Option<&[u8]>) -> u8 {
    match header {
        Some([0x60..=0x62, ..]) => 10,
        Some(bytes) if bytes.iter().all(|b| b >> 4 < 10 && b & 15 < 10) => 6,
        _ => 1,
    }
}

/// The ways in which `body` can begin a message.
fn starts(body: &[u8], loose: bool) -> Vec<(MtiKind, BitmapKind, u8)> {
    let mut found = Vec::new();
    for (kind, coding) in [
        (MtiKind::Packed, crate::spec::Coding::Bcd),
        (
            MtiKind::Ascii,
            crate::spec::Coding::Chars(crate::bytes::Charset::Ascii),
        ),
        (
            MtiKind::Ebcdic,
            crate::spec::Coding::Chars(crate::bytes::Charset::Ebcdic1047),
        ),
    ] {
        let Ok((digits, len)) = read_mti(MtiSpec { coding }, body) else {
            continue;
        };
        let Some(version) = mti_version(digits, loose) else {
            continue;
        };
        let rest = body.get(len..).unwrap_or_default();
        let ebcdic = kind == MtiKind::Ebcdic;
        if hex_bitmap(rest, ebcdic) {
            found.push((kind, BitmapKind::Hex, version));
        }
        if raw_bitmap(rest, kind) {
            found.push((kind, BitmapKind::Raw, version));
        }
    }
    found
}

fn mti_version(digits: [u8; 4], loose: bool) -> Option<u8> {
    let [version, class, function, origin] = digits.map(|digit| digit.wrapping_sub(b'0'));
    let known =
        matches!(version, 0..=2 | 9) && matches!(class, 1..=8) && function <= 7 && origin <= 5;
    (known || (loose && version <= 9)).then_some(version)
}

fn hex_bitmap(rest: &[u8], ebcdic: bool) -> bool {
    let digit = |byte: &u8| {
        if ebcdic {
            matches!(byte, 0xF0..=0xF9 | 0xC1..=0xC6 | 0x81..=0x86)
        } else {
            byte.is_ascii_hexdigit()
        }
    };
    let zero = if ebcdic { 0xF0 } else { b'0' };
    match rest.get(..16) {
        Some(digits) => digits.iter().all(digit) && digits.iter().any(|d| *d != zero),
        // Cut inside its bitmap: a start all the same.
        None => rest.len() >= 4 && rest.iter().all(digit),
    }
}

/// Any eight bytes are a bitmap; all text is not likely one.
fn raw_bitmap(rest: &[u8], kind: MtiKind) -> bool {
    match rest.get(..8) {
        Some(bytes) => {
            let text = bytes
                .iter()
                .all(|b| b.is_ascii_alphanumeric() || *b == b' ');
            bytes.iter().any(|b| *b != 0) && !(text && kind != MtiKind::Ebcdic)
        }
        None => kind == MtiKind::Packed && rest.len() >= 2,
    }
}
