//! Repairs that were tried: what to change so that a finding goes away.
//!
//! A fix is proposed only after a dry run: the changed bytes are taken apart again in the same
//! dialect and frame, it must be read to its end, the finding must be gone and no error may have come instead. Bits that hold a
//! secret are never part of a change.

mod propose;
mod say;

use super::causes::{Cause, CauseKind};
use super::detect::Candidate;
use super::dissect;
use super::fault::{Fault, Finding, Severity};
use super::tree::Dissection;
use crate::bytes::{Span, hex_value};
use crate::frame::{FramePart, Framing};
use propose::{propose, swapped};

/// A repair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does.
    pub kind: FixKind,
    /// What it changes, in the order of the bits; empty when the bytes stay and are read otherwise.
    pub edits: Vec<Edit>,
}

/// What a repair does.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "the members are named as the sentences say them"
)]
pub enum FixKind {
    /// Lets the length header say what follows.
    LengthHeader { to: usize },
    /// Drops what is left over.
    DropTrailing { count: usize },
    /// Lets a length prefix say what is there.
    Prefix { path: String, to: u32 },
    /// Takes back the announcement of a field that is not there.
    Unannounce { de: u8 },
    /// Takes a field out.
    Remove { de: u8 },
    /// Writes the padding as the dialect does.
    Pad { to: u8 },
    /// Sets bit 2 of the bitmap instead of bit 1.
    SwapBits,
    /// Reads the bytes in another dialect and frame.
    ReadAs { dialect: String, frame: String },
}

/// Some nibbles and what stands there instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bits that go, from the first of the frame; whole nibbles.
    pub bits: Span,
    /// The hexadecimal digits that come.
    pub hex: String,
}

impl Fix {
    /// The frame with the change; `None` when half a byte would be left over.
    #[must_use]
    pub fn apply(&self, frame: &[u8]) -> Option<Vec<u8>> {
        let mut nibbles: Vec<u8> = frame.iter().flat_map(|b| [b >> 4, b & 15]).collect();
        for edit in self.edits.iter().rev() {
            let (start, end) = (edit.bits.start as usize / 4, edit.bits.end as usize / 4);
            if start > end || end > nibbles.len() {
                return None;
            }
            let new: Option<Vec<u8>> = edit.hex.bytes().map(hex_value).collect();
            nibbles.splice(start..end, new?);
        }
        let pairs = nibbles.chunks_exact(2);
        if !pairs.remainder().is_empty() {
            return None;
        }
        let byte = |pair: &[u8]| pair.iter().fold(0, |byte, nibble| byte << 4 | nibble);
        Some(pairs.map(byte).collect())
    }
}

/// A repair of one finding of a reading, if there is one that works.
#[must_use]
pub fn fix(tree: &Dissection<'_>, framing: &Framing, finding: &Finding) -> Option<Fix> {
    let mut fix = propose(tree, framing, finding)?;
    lengthen(&mut fix, tree.frame(), framing);
    works(tree, framing, &fix, |after| {
        let same = |other: &Finding| {
            other.fault.code() == finding.fault.code() && other.path == finding.path
        };
        !after.findings.iter().any(same)
    })
    .then_some(fix)
}

/// A repair of the cause of what is wrong, if there is one that works.
#[must_use]
pub fn fix_cause(tree: &Dissection<'_>, candidate: &Candidate, cause: &Cause) -> Option<Fix> {
    let framing = &candidate.framing;
    match &cause.kind {
        CauseKind::LengthHeaderWrong { .. } => tree
            .findings
            .iter()
            .find(|finding| matches!(finding.fault, Fault::LengthHeader { .. }))
            .and_then(|finding| fix(tree, framing, finding)),
        CauseKind::BitmapBitsSwapped => {
            let fix = swapped(tree)?;
            works(tree, framing, &fix, |after| !after.has_errors()).then_some(fix)
        }
        CauseKind::OtherReading { dialect, frame } => Some(Fix {
            kind: FixKind::ReadAs {
                dialect: dialect.clone(),
                frame: frame.clone(),
            },
            edits: Vec::new(),
        }),
        _ => None,
    }
}

/// Takes the changed bytes apart and looks: what must be gone is gone, and nothing worse came.
fn works(
    tree: &Dissection<'_>,
    framing: &Framing,
    fix: &Fix,
    gone: impl FnOnce(&Dissection<'_>) -> bool,
) -> bool {
    let Some(changed) = fix.apply(tree.frame()) else {
        return false;
    };
    let after = dissect(tree.dialect(), &changed, framing);
    let errors = |tree: &Dissection<'_>| {
        let error = |finding: &&Finding| finding.severity == Severity::Error;
        tree.findings.iter().filter(error).count()
    };
    after.stopped.is_none() && errors(&after) <= errors(tree) && gone(&after)
}

/// Lets the length headers follow when a change makes the frame longer or shorter.
fn lengthen(fix: &mut Fix, frame: &[u8], framing: &Framing) {
    if matches!(fix.kind, FixKind::LengthHeader { .. }) {
        return;
    }
    let grown = |edit: &Edit| edit.hex.len() as i64 - i64::from(edit.bits.len() / 4);
    let change = fix.edits.iter().map(grown).sum::<i64>() / 2;
    if change == 0 {
        return;
    }
    let mut edits = Vec::new();
    for piece in framing.split(frame).pieces {
        let FramePart::Length(length) = piece.part else {
            continue;
        };
        let after = frame.len().saturating_sub(piece.range.end);
        let mut header = Vec::new();
        let follows = usize::try_from(after as i64 + change).unwrap_or(0);
        let right = piece.declared == Some(follows);
        if !right && length.write(follows, &mut header).is_some() {
            edits.push(Edit {
                bits: Span::bytes(piece.range),
                hex: crate::bytes::to_hex(&header),
            });
        }
    }
    edits.append(&mut fix.edits);
    fix.edits = edits;
}
