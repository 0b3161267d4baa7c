//! Values that are well formed and still cannot be meant: dates, currencies, check digits, tags.
//!
//! Apart from reading, as nothing here changes where a field ends; each doubt is a warning at most,
//! since a network may well use a field in its own way. A field that already has a finding is left
//! alone.

use super::fault::{Fault, Finding};
use super::tree::{Dissection, Key, NodeId, NodeKind};
use crate::bytes::Span;
use crate::spec::MacRule;
use crate::value::{Currency, Pan};

/// Tags that may stand more than once: issuer scripts and their commands.
/// **Source**: EMV Book 3, 10.10; several scripts may come in one answer.
const REPEATABLE: [u32; 3] = [0x71, 0x72, 0x86];

/// Fewer digits are no card number. **Source**: ISO/IEC 7812-1 has an issuer number of 6 or 8
/// digits, at least one digit of the account and a check digit.
const LEAST_PAN: usize = 8;

/// Adds the doubts about a message that was read to its end.
pub(super) fn add_doubts(tree: &mut Dissection<'_>) {
    if tree.stopped.is_some() {
        return;
    }
    let mut found = Vec::new();
    let mut value = String::new();
    for (de, id) in tree.fields() {
        if !matches!(de, 2 | 7 | 12..=17 | 35 | 49..=51 | 55 | 64 | 128) {
            continue;
        }
        if de == 55 {
            tags(tree, id, &mut found);
            continue;
        }
        value.clear();
        tree.push_value(id, &mut value);
        if let Some(fault) = doubt(tree, de, &value) {
            found.push(at(tree, id, fault));
        }
    }
    let known = &tree.findings;
    found.retain(|doubt| known.iter().all(|finding| finding.path != doubt.path));
    tree.findings.append(&mut found);
}

fn at(tree: &Dissection<'_>, id: NodeId, fault: Fault) -> Finding {
    let data = tree.node(tree.data(id));
    let span = data.map(|node| node.span).unwrap_or_default();
    Finding::new(fault, tree.path(id), span)
}

/// What is doubtful about a field whose meaning is the same everywhere.
fn doubt(tree: &Dissection<'_>, de: u8, value: &str) -> Option<Fault> {
    match de {
        2 if value.len() < LEAST_PAN => Some(Fault::ValueImplausible {
            found: format!("a card number of {} digits", value.len()),
        }),
        2 => {
            let pan = Pan::parse(value).ok()?;
            (!pan.luhn_ok()).then_some(Fault::LuhnWrong)
        }
        35 => track2(tree, value),
        49..=51 => {
            let digits = value.len() == 3 && is_digits(value);
            let known = Currency::parse(value).is_ok_and(Currency::is_known);
            (digits && !known).then(|| Fault::CurrencyUnknown {
                found: value.to_owned(),
            })
        }
        64 | 128 => mac(tree, value),
        _ => (!moment(de, value)).then(|| Fault::DateImplausible {
            found: value.to_owned(),
        }),
    }
}

/// A second track has its separator behind 8 to 19 digits; an enciphered one has none, or one by
/// chance anywhere.
/// **Source**: ISO/IEC 7813; UnionPay says in DE53.3 whether tracks are enciphered.
fn track2(tree: &Dissection<'_>, value: &str) -> Option<Fault> {
    if tracks_enciphered(tree) {
        return None;
    }
    match value.find(['D', '=', 'd']) {
        Some(8..=20) => None,
        Some(place) => Some(Fault::ValueImplausible {
            found: format!("separator behind {place} digits"),
        }),
        None => Some(Fault::SeparatorMissing),
    }
}

/// Whether the message says that its tracks are enciphered, so that they look like anything.
pub(super) fn tracks_enciphered(tree: &Dissection<'_>) -> bool {
    let said = tree.find("DE53.3").map(|id| tree.value(id));
    said.as_deref() == Some("1")
}

/// A UnionPay MAC is sent as eight characters of hexadecimal text; `value` is the hex of its bytes.
fn mac(tree: &Dissection<'_>, value: &str) -> Option<Fault> {
    let bytes = hex::decode(value).ok()?;
    let text = bytes.iter().all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F'));
    (tree.dialect().mac == MacRule::UnionPay && !text).then(|| Fault::MacNotAsciiHex {
        found: value.to_owned(),
    })
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether digits can be the date or time of a field, in any edition of the standard. Zeros stand
/// for "not known"; lengths that no edition has are not judged.
fn moment(de: u8, value: &str) -> bool {
    if !is_digits(value) || value.bytes().all(|b| b == b'0') {
        return true;
    }
    let two = |at: usize| {
        value
            .get(at..at + 2)
            .and_then(|text| text.parse::<u8>().ok())
            .unwrap_or(u8::MAX)
    };
    let month = |at| (1..=12).contains(&two(at));
    let date = |at| month(at) && (1..=31).contains(&two(at + 2));
    let time = |at| two(at) < 24 && two(at + 2) < 60 && two(at + 4) <= 60;
    match (de, value.len()) {
        (7, 10) => date(0) && time(4),
        (12, 6) => time(0),
        (12, 12) => date(2) && time(6),
        (12, 14) => date(4) && time(8),
        (13 | 15..=17, 4) => date(0) || month(2),
        (14, 4) => month(2) || month(0),
        (13..=17, 6) => date(2),
        (13 | 15..=17, 8) => date(4),
        _ => true,
    }
}

/// Tags of chip data that stand twice, reserved bits that are set, dates and currencies.
fn tags(tree: &Dissection<'_>, field: NodeId, found: &mut Vec<Finding>) {
    for id in tree.children(tree.data(field)) {
        let Some(node) = tree.node(id) else { continue };
        let (NodeKind::Tagged, Key::Tag(tag)) = (node.kind, node.key) else {
            continue;
        };
        if node.occurrence == 2 && !REPEATABLE.contains(&tag) {
            let same = |id: &NodeId| tree.node(*id).is_some_and(|n| n.key == node.key);
            let count = tree.children(tree.data(field)).filter(same).count();
            let fault = Fault::DuplicateTag {
                count: u16::try_from(count).unwrap_or(u16::MAX),
            };
            found.push(at(tree, id, fault));
        }
        match tag {
            0x95 => reserved(tree, id, &TVR_RESERVED, found),
            0x9B => reserved(tree, id, &TSI_RESERVED, found),
            0x9A | 0x5F2A => {
                let value = tree.value(id);
                let fault = if tag == 0x9A {
                    (!moment(13, &value)).then_some(Fault::DateImplausible { found: value })
                } else {
                    let number = value.strip_prefix('0').unwrap_or_default();
                    doubt(tree, 49, number)
                };
                found.extend(fault.map(|fault| at(tree, id, fault)));
            }
            _ => {}
        }
    }
}

/// Reserved bits of the terminal verification results. **Source**: EMV Book 3, C5; the low bits of
/// byte 5 are used by a contactless kernel (EMV Book C-2) and not reserved here.
const TVR_RESERVED: [u8; 5] = [0x01, 0x07, 0x03, 0x07, 0x00];
/// Reserved bits of the transaction status information. **Source**: EMV Book 3, C6.
const TSI_RESERVED: [u8; 2] = [0x03, 0xFF];

/// A finding for the first reserved bit that is set.
fn reserved(tree: &Dissection<'_>, id: NodeId, mask: &[u8], found: &mut Vec<Finding>) {
    let Some(node) = tree.node(tree.data(id)) else {
        return;
    };
    let bytes = tree.frame().get(node.span.byte_range()).unwrap_or_default();
    let set = (0u8..)
        .zip(bytes.iter().zip(mask))
        .find_map(|(at, (byte, mask))| {
            let bits = byte & mask;
            (bits != 0).then(|| (at, 8 - u8::try_from(bits.leading_zeros()).unwrap_or(0)))
        });
    if let Some((byte, bit)) = set {
        let start = node.span.start + u32::from(byte) * 8 + u32::from(8 - bit);
        let fault = Fault::UnusedBit {
            byte: byte + 1,
            bit,
        };
        let span = Span::bits(start, start + 1);
        found.push(Finding::new(fault, tree.path(id), span));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_every_edition_are_dates() {
        for (de, value) in [
            (7, "1231235959"),
            (12, "235959"),
            (12, "991231235959"),
            (12, "20261231235959"),
            (13, "1231"),
            (13, "2612"),
            (14, "2912"),
            (15, "261231"),
            (17, "0000"),
            (14, "99"),
        ] {
            assert!(moment(de, value), "DE{de} {value}");
        }
        for (de, value) in [
            (7, "1331235959"),
            (7, "1231245959"),
            (12, "236000"),
            (13, "3113"),
            (14, "1313"),
            (15, "261331"),
        ] {
            assert!(!moment(de, value), "DE{de} {value}");
        }
    }
}
