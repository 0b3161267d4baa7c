//! A second track that stands a little before or behind the place where it is read: digits were
//! lost or added in front of it, and everything from there on is shifted by as many.

use super::{Cause, CauseKind, fields_start};
use crate::bytes::{Charset, Span};
use crate::codec::tree::Dissection;
use crate::spec::{Coding, PrefixCoding};

const TRACK: u8 = 35;
/// A shift beyond this is no slip of the pen.
const MOST: usize = 24;
const SEPARATOR: u8 = 0x0D;

/// The second track, when a length, a card number, a separator and digits stand elsewhere.
pub(super) fn shifted(tree: &Dissection<'_>) -> Option<Cause> {
    let wire = tree.dialect().wire(TRACK)?;
    let bits = match (wire.coding, wire.prefix?.coding) {
        (Coding::Bcd, PrefixCoding::Bcd | PrefixCoding::Binary) => 4,
        (Coding::Chars(Charset::Ascii), PrefixCoding::Ascii) => 8,
        _ => return None,
    };
    if reads_as_track(tree) {
        return None;
    }
    let read_at = read_at(tree)? / bits;
    let first = u32::try_from(fields_start(tree)?).ok()? * 8 / bits;
    let symbols = symbols(tree.frame(), bits);
    let place = |at: &usize| track_len(symbols.get(*at..).unwrap_or_default());
    let first = usize::try_from(first.max(read_at.saturating_sub(MOST as u32))).ok()?;
    let read_at = usize::try_from(read_at).ok()?;
    let nearest = (first..=read_at + MOST)
        .filter(|at| place(at).is_some())
        .min_by_key(|at| at.abs_diff(read_at))
        .filter(|at| *at != read_at)?;
    let len = place(&nearest)?;
    let start = u32::try_from(nearest).ok()? * bits;
    let end = start + u32::try_from(len).ok()? * bits;
    Some(Cause {
        kind: CauseKind::Shifted {
            by: nearest.abs_diff(read_at),
            later: nearest > read_at,
            hex_digits: bits == 4,
        },
        path: format!("DE{TRACK}"),
        span: Span::bits(start, end),
    })
}

/// Whether what is read there has a separator behind 8 to 19 digits already.
fn reads_as_track(tree: &Dissection<'_>) -> bool {
    let value = tree.field(TRACK).map(|id| tree.value(id));
    let separator = value.and_then(|value| value.find(['D', '=']));
    separator.is_some_and(|place| (8..=19).contains(&place))
}

/// The bit at which the field is read, or at which reading stopped before it.
fn read_at(tree: &Dissection<'_>) -> Option<u32> {
    if let Some(node) = tree.field(TRACK).and_then(|id| tree.node(id)) {
        return Some(node.span.start);
    }
    let stop = tree.stopped.as_ref()?;
    let here = stop.path == format!("DE{TRACK}");
    here.then(|| u32::try_from(stop.offset * 8).ok()).flatten()
}

/// Half bytes, or bytes of text, as digits; the separator as in packed digits.
fn symbols(frame: &[u8], bits: u32) -> Vec<u8> {
    if bits == 4 {
        return frame.iter().flat_map(|b| [b >> 4, b & 15]).collect();
    }
    let symbol = |byte: &u8| match byte {
        b'0'..=b'9' => byte - b'0',
        b'=' | b'D' => SEPARATOR,
        _ => u8::MAX,
    };
    frame.iter().map(symbol).collect()
}

/// How many symbols a second track takes here with its length, if there is one: a card number of
/// 12 to 19 digits, a separator, an expiry date and a service code at least.
/// **Source**: ISO/IEC 7813.
fn track_len(symbols: &[u8]) -> Option<usize> {
    let [high @ 0..=3, low @ 0..=15, rest @ ..] = symbols else {
        return None;
    };
    let len = |base: u8| usize::from(high * base + low);
    // Decimal, or a byte.
    let bases = if *low < 10 { &[10, 16][..] } else { &[16] };
    let found = bases.iter().find(|base| is_track(rest, len(**base)))?;
    Some(len(*found) + 2)
}

fn is_track(rest: &[u8], len: usize) -> bool {
    let Some(track) = rest.get(..len) else {
        return false;
    };
    let digits = |part: &[u8]| part.iter().all(|one| *one < 10);
    let mut parts = track.splitn(2, |one| *one == SEPARATOR);
    let (Some(number), Some(behind)) = (parts.next(), parts.next()) else {
        return false;
    };
    (12..=19).contains(&number.len()) && behind.len() >= 7 && digits(number) && digits(behind)
}
