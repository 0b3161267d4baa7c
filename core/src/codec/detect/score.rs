//! How well a reading fits, from 0 to 100.

use super::heads::Head;
use super::reason::Reason;
use super::values::{plausible, weight};
use crate::bytes::to_hex;
use crate::codec::doubts::tracks_enciphered;
use crate::codec::fault::{Fault, Severity};
use crate::codec::tree::{Dissection, NodeKind};
use crate::frame::FramePart;

/// Judges a dissection: fifty points for reading to the end, twenty-five for values that look
/// right, ten for the frame, ten for fields without findings, five for what the dialect is used to.
pub(super) fn quality(tree: &Dissection<'_>, head: &Head) -> (u8, Vec<Reason>) {
    let mut reasons = Vec::new();
    frame_reasons(tree, head, &mut reasons);
    let read = completeness(tree, &mut reasons);
    let values = values(tree, &mut reasons);
    let fields = findings(tree, &mut reasons);
    let usual = usual(tree, head, &mut reasons);
    let total = read + values + fields + usual + u32::from(head.evidence);
    // A header of unknown make may be anything: the longer, the less likely.
    let guess = if head.unknown_header {
        6 + head.framing_len as u32 / 3
    } else {
        0
    };
    let total = total.saturating_sub(guess);
    let total = if tree.mti().is_none() {
        total / 4
    } else {
        total
    };
    (u8::try_from(total.min(100)).unwrap_or(100), reasons)
}

fn frame_reasons(tree: &Dissection<'_>, head: &Head, reasons: &mut Vec<Reason>) {
    for (part, id) in head.framing.parts.iter().zip(tree.children(tree.root())) {
        let Some(node) = tree.node(id) else { continue };
        let bytes = tree.frame().get(node.span.byte_range()).unwrap_or_default();
        let present = tree.frame().len() - node.span.byte_range().end;
        reasons.push(match part {
            FramePart::Length(length) => match length.read(bytes) {
                Some(declared) if declared == present => Reason::LengthExact { declared },
                declared => Reason::LengthWrong {
                    declared: declared.unwrap_or(0),
                    present,
                },
            },
            FramePart::Tpdu => Reason::Tpdu { hex: to_hex(bytes) },
            FramePart::Fixed(_) => Reason::Header {
                hex: to_hex(bytes),
                known: false,
            },
            FramePart::Header6 | FramePart::Base1 | FramePart::IsoText => Reason::Header {
                hex: to_hex(bytes),
                known: true,
            },
        });
    }
}

/// Fifty points for reading to the end, at most half for a part.
fn completeness(tree: &Dissection<'_>, reasons: &mut Vec<Reason>) -> u32 {
    let count = tree.fields().count();
    if let Some(mti) = tree.mti() {
        reasons.push(Reason::Mti {
            mti: mti.to_owned(),
            fields: count,
        });
    }
    let Some(stop) = &tree.stopped else {
        return if count == 0 { 30 } else { 50 };
    };
    reasons.push(Reason::Stopped {
        path: stop.path.clone(),
        offset: stop.offset,
    });
    let body = tree.body.len().max(1);
    let read = stop.offset.saturating_sub(tree.body.start).min(body);
    let share = u32::try_from(read * 25 / body).unwrap_or(0);
    // A message that only lacks its end is more likely right than one that reads into nonsense.
    match stop.fault {
        Fault::TruncatedField { .. }
        | Fault::LengthBeyondData { .. }
        | Fault::BitmapTruncated { .. } => share,
        Fault::Trailing { .. } => share.saturating_sub(3),
        _ => share.saturating_sub(5),
    }
}

fn values(tree: &Dissection<'_>, reasons: &mut Vec<Reason>) -> u32 {
    let (mut good, mut total, mut good_weight, mut all_weight) = (0, 0, 0, 0);
    let mut first_bad = None;
    for (de, id) in tree.fields() {
        let Some(node) = tree.node(tree.data(id)) else {
            continue;
        };
        if matches!(de, 35 | 36) && tracks_enciphered(tree) {
            continue;
        }
        let value = tree.value(id);
        let Some(fits) = plausible(de, &value, node.coding) else {
            continue;
        };
        total += 1;
        all_weight += weight(de, &value);
        if fits {
            good += 1;
            good_weight += weight(de, &value);
        } else if first_bad.is_none() {
            first_bad = Some(Reason::Implausible {
                path: format!("DE{de}"),
                value: hidden(de, value),
            });
        }
    }
    if total == 0 {
        return 15;
    }
    reasons.push(Reason::Plausible { good, total });
    reasons.extend(first_bad);
    let share = good_weight * 25 / all_weight.max(1);
    // Few values prove little.
    let cap = if total < 3 { 20 } else { 25 };
    u32::try_from(share.min(cap)).unwrap_or(0)
}

/// Reasons are shown to everybody, so secrets stay out of them.
fn hidden(de: u8, value: String) -> String {
    if matches!(de, 2 | 34..=36 | 45 | 52) {
        "…".to_owned()
    } else {
        value.chars().take(24).collect()
    }
}

fn findings(tree: &Dissection<'_>, reasons: &mut Vec<Reason>) -> u32 {
    let total = tree.fields().count();
    let mut points = 10i32;
    let mut bad: Vec<&str> = Vec::new();
    let stop = tree.stopped.as_ref().map(|stop| &stop.fault);
    for finding in &tree.findings {
        if Some(&finding.fault) == stop || finding.path == "length" {
            continue;
        }
        points -= match (&finding.fault, finding.severity) {
            // What a value says is judged with the values.
            (fault, _) if fault.is_doubt() => continue,
            (Fault::MandatoryMissing { .. } | Fault::FieldForbidden { .. }, _) => 1,
            (Fault::PadNibble { .. }, _) => 3,
            (_, Severity::Error) => 6,
            (_, Severity::Warning) => 3,
            (_, Severity::Info) => 0,
        };
        let field = finding.path.split('.').next().unwrap_or_default();
        if !bad.contains(&field) {
            bad.push(field);
        }
    }
    let good = total.saturating_sub(bad.iter().filter(|path| path.starts_with("DE")).count());
    reasons.push(Reason::FieldsFit { good, total });
    u32::try_from(points.max(0)).unwrap_or(0)
}

/// The frame that the dialect usually has, and messages that it knows.
fn usual(tree: &Dissection<'_>, head: &Head, reasons: &mut Vec<Reason>) -> u32 {
    let usual = &tree.dialect().frame;
    let names: Vec<String> = head.framing.parts.iter().map(ToString::to_string).collect();
    let kinds = |name: &str| -> u8 {
        match name {
            "tpdu" => 1,
            "header6" => 2,
            "base1" => 3,
            name if name.starts_with("len") => 0,
            _ => 4,
        }
    };
    let wanted: Vec<u8> = usual
        .iter()
        .map(|name| kinds(name))
        .filter(|k| *k > 0)
        .collect();
    let has: Vec<u8> = names
        .iter()
        .map(|name| kinds(name))
        .filter(|k| *k > 0)
        .collect();
    let mut points = match (wanted.as_slice(), has.as_slice()) {
        ([], []) => 3,
        (wanted, has) if wanted == has => {
            reasons.push(Reason::UsualFrame);
            4
        }
        // The message alone, as logs print it behind the frame.
        (_, []) => 2,
        ([], _) => 1,
        _ => 0,
    };
    if let Some(rule) = tree.rule() {
        reasons.push(Reason::Known {
            message: rule.name.en.clone(),
        });
        points += 1;
    }
    let undecoded = tree
        .children(tree.root())
        .filter_map(|id| tree.node(id))
        .any(|node| matches!(node.kind, NodeKind::Trailing));
    if undecoded { 0 } else { points }
}
