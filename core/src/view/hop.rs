//! One message on its way through the boxes: which dialect it is in, and what each hop changed.
//!
//! The same exchange travels as a POS message to the front end and as a switch message behind it.
//! Within one dialect a change is a change of bytes; across two, of a field's value.

use super::outline::{Row, outline};
use super::veil::Veil;
use crate::bytes::Span;
use crate::codec::{Dissection, NodeKind, dissect, unpack};
use crate::frame::Framing;
use crate::node::NodeId;
use crate::spec::{Dialect, Name, builtin};
use crate::trace::{Event, What};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How frames look on a link.
#[derive(Clone, Debug)]
pub struct Link {
    /// The dialect.
    pub dialect: Arc<Dialect>,
    /// What stands in front of a message.
    pub framing: Framing,
}

/// The dialect and framing between two boxes; `None` when a shipped dialect is missing.
pub fn link(from: NodeId, to: NodeId) -> Option<Link> {
    let inner = |node| matches!(node, NodeId::Switch | NodeId::Issuer | NodeId::Clearing);
    let (name, framing) = if inner(from) || inner(to) {
        ("iso8583-1987-ascii", "len4ascii")
    } else {
        ("unionpay-pos", "len2be+tpdu+header6")
    };
    Some(Link {
        dialect: builtin(name)?,
        framing: framing.parse().ok()?,
    })
}

impl Link {
    /// The message taken apart.
    pub fn dissect<'a>(&'a self, frame: &'a [u8]) -> Dissection<'a> {
        dissect(&self.dialect, frame, &self.framing)
    }

    /// The response code of a message, when it has one.
    pub fn code(&self, frame: &[u8]) -> Option<String> {
        let split = self.framing.split(frame);
        let message = unpack(&self.dialect, frame.get(split.body)?).ok()?;
        message.value(39).map(|code| code.into_owned())
    }
}

/// The bytes of a message as it left, by the index of its event.
pub fn sent(events: &[Event], index: usize) -> Vec<u8> {
    match events.get(index).map(|event| &event.what) {
        Some(What::Send { frame, .. }) => hex::decode(frame).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// The bytes of a message as it arrived, where they are not those that left.
pub fn arrived(events: &[Event], index: usize) -> Option<Vec<u8>> {
    match events.get(index).map(|event| &event.what) {
        Some(What::Deliver {
            frame: Some(frame), ..
        }) => hex::decode(frame).ok(),
        _ => None,
    }
}

/// How a field came through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is new.
    Added,
    /// It has another value.
    Changed,
    /// It is gone.
    Gone,
}

/// A field that did not come through as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its number, or the name of a frame part.
    pub number: String,
    /// Its name.
    pub name: Name,
    /// What happened.
    pub fate: Fate,
    /// The value before, secrets hidden.
    pub before: String,
    /// The value after, secrets hidden.
    pub after: String,
}

/// What differs between two messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// The fields that differ, in the order of the second message, then those that are gone.
    pub changes: Vec<Change>,
    /// Fields with the same value in both.
    pub same: usize,
    /// The bits of the second message that are new or changed.
    pub spans: Vec<Span>,
}

/// Compares two messages, each on its own link.
pub fn compare(before: (&Link, &[u8]), after: (&Link, &[u8])) -> Compared {
    let one_dialect = before.0.dialect.name() == after.0.dialect.name();
    let old = fields(before.0, before.1, one_dialect);
    let new = fields(after.0, after.1, one_dialect);
    let mut compared = Compared::default();
    let known: BTreeMap<&str, &Piece> = old.iter().map(|p| (p.row.path.as_str(), p)).collect();
    for piece in &new {
        let twin = known.get(piece.row.path.as_str());
        let fate = match twin {
            None => Fate::Added,
            Some(twin) if twin.bytes == piece.bytes => {
                compared.same += 1;
                continue;
            }
            Some(_) => Fate::Changed,
        };
        compared.spans.push(piece.row.span);
        let before = twin.map(|twin| twin.row.value.clone()).unwrap_or_default();
        compared
            .changes
            .push(change(&piece.row, fate, before, piece.row.value.clone()));
    }
    let gone = old
        .iter()
        .filter(|p| new.iter().all(|q| q.row.path != p.row.path));
    for piece in gone {
        let before = piece.row.value.clone();
        compared
            .changes
            .push(change(&piece.row, Fate::Gone, before, String::new()));
    }
    compared
}

fn change(row: &Row, fate: Fate, before: String, after: String) -> Change {
    Change {
        number: row.number.clone(),
        name: row.name.clone(),
        fate,
        before,
        after,
    }
}

/// A row of the outline and what is compared: its bytes, or its value across dialects.
struct Piece {
    row: Row,
    bytes: Vec<u8>,
}

fn fields(link: &Link, frame: &[u8], by_bytes: bool) -> Vec<Piece> {
    let tree = link.dissect(frame);
    let rows = outline(&tree, &Veil::over(&tree));
    let kept = |row: &Row| match row.kind {
        NodeKind::Field | NodeKind::Mti => row.parent.is_none(),
        // Lengths and bitmaps follow from the rest; an address counts where both sides have one.
        NodeKind::Tpdu => by_bytes,
        _ => false,
    };
    let piece = |row: Row| {
        let bytes = if by_bytes {
            frame
                .get(row.span.byte_range())
                .unwrap_or_default()
                .to_vec()
        } else {
            tree.value(row.node).into_bytes()
        };
        Piece { row, bytes }
    };
    rows.into_iter().filter(kept).map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{Draft, pack};

    fn pos(draft: &Draft<'_>, source: u8) -> Vec<u8> {
        let link = link(NodeId::Terminal(0), NodeId::Nac).unwrap();
        let body = pack(&link.dialect, draft).unwrap();
        let mut frame = vec![0, (body.len() + 11) as u8, 0x60, 0, 3, 0, source];
        frame.extend([0x60, 0x31, 0, 0x31, 0, 1]);
        frame.extend(body);
        frame
    }

    fn request() -> Draft<'static> {
        Draft::new("0200")
            .with(3, "000000")
            .with(4, "000000012345")
            .with(11, "000007")
    }

    #[test]
    fn a_nac_changes_the_address_alone() {
        let line = link(NodeId::Terminal(0), NodeId::Nac).unwrap();
        let (a, b) = (pos(&request(), 1), pos(&request(), 2));
        let seen = compare((&line, &a), (&line, &b));
        assert_eq!(seen.changes.len(), 1);
        assert_eq!(seen.changes[0].name.en, "TPDU");
        assert_eq!(seen.spans.len(), 1);
        assert_eq!(seen.same, 4);
    }

    #[test]
    fn values_are_compared_across_dialects() {
        let line = link(NodeId::Terminal(0), NodeId::Nac).unwrap();
        let up = link(NodeId::FrontEnd, NodeId::Switch).unwrap();
        let draft = Draft::new("0200").with(3, "000000").with(4, "000000012345");
        let body = pack(&up.dialect, &draft.with(11, "900001").with(39, "00")).unwrap();
        let mut frame = format!("{:04}", body.len()).into_bytes();
        frame.extend(body);
        let seen = compare((&line, &pos(&request(), 1)), (&up, &frame));
        let fates: Vec<(&str, Fate)> = seen
            .changes
            .iter()
            .map(|c| (c.number.as_str(), c.fate))
            .collect();
        assert_eq!(fates, [("11", Fate::Changed), ("39", Fate::Added)]);
        assert_eq!(up.code(&frame).as_deref(), Some("00"));
    }
}
