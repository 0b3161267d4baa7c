//! The lossless view of a frame: a tree in which every bit belongs to exactly one leaf.

use super::fault::{Finding, UnpackError};
use super::value::push_value;
use crate::bytes::Span;
use crate::spec::{Coding, Dialect, Field, Name, Secrecy};
use std::fmt::Write;

/// The number of a node in its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(super) u32);

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NodeKind {
    /// The whole frame.
    Root,
    /// A length header.
    LengthHeader,
    /// A TPDU; its parts are id, destination and source.
    Tpdu,
    /// An application header.
    Header,
    /// The message type.
    Mti,
    /// The bitmaps in front of the fields.
    Bitmap,
    /// A field of the message, prefix and padding included.
    Field,
    /// A numbered part of a field.
    Part,
    /// A tagged object, tag and length included.
    Tagged,
    /// A length prefix.
    Prefix,
    /// The tag of a tagged object.
    Tag,
    /// A value.
    Data,
    /// Padding or fill.
    Pad,
    /// Bytes that could not be read, as an error stands before or among them.
    Undecoded,
    /// Bytes behind the last field.
    Trailing,
}

/// How a node is called among its siblings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// It has no name of its own.
    None,
    /// A field number.
    De(u8),
    /// A part number.
    Part(u16),
    /// A BER tag.
    Tag(u32),
    /// A tag of up to four characters, zero filled.
    TextTag([u8; 4]),
}

/// One node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node<'a> {
    /// What it is.
    pub kind: NodeKind,
    /// Its name among its siblings.
    pub key: Key,
    /// 1 for the first sibling with this key, 2 for the second.
    pub occurrence: u16,
    /// The bits it covers.
    pub span: Span,
    /// How its bits become text.
    pub coding: Coding,
    /// What the dialect says of it, where it is a field or a part of one.
    pub spec: Option<&'a Field>,
    pub(super) parent: u32,
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) next: u32,
}

pub(super) const NONE: u32 = u32::MAX;

/// A frame taken apart.
#[derive(Clone, Debug)]
pub struct Dissection<'a> {
    pub(super) frame: &'a [u8],
    pub(super) dialect: &'a Dialect,
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) fields: Vec<(u8, NodeId)>,
    pub(super) mti: Option<[u8; 4]>,
    /// Everything that is wrong, in the order of the bytes.
    pub findings: Vec<Finding>,
    /// Why reading stopped before the end, if it did.
    pub stopped: Option<UnpackError>,
    /// The message within the frame, without what stands in front and behind.
    pub body: std::ops::Range<usize>,
}

impl<'a> Dissection<'a> {
    /// The frame.
    #[must_use]
    pub const fn frame(&self) -> &'a [u8] {
        self.frame
    }

    /// The dialect.
    #[must_use]
    pub const fn dialect(&self) -> &'a Dialect {
        self.dialect
    }

    /// The four digits of the MTI, when they could be read.
    #[must_use]
    pub fn mti(&self) -> Option<&str> {
        self.mti
            .as_ref()
            .and_then(|digits| std::str::from_utf8(digits).ok())
    }

    /// The root.
    #[must_use]
    pub const fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// A node.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&Node<'a>> {
        self.nodes.get(id.0 as usize)
    }

    /// How many nodes there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is nothing at all; a dissection always has a root.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The children of a node, in the order of their bits.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let first = self.node(id).map_or(NONE, |node| node.first);
        std::iter::successors(link(first), |id| link(self.node(*id)?.next))
    }

    /// The parent of a node.
    #[must_use]
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        link(self.node(id)?.parent)
    }

    /// The fields that were read, in order.
    pub fn fields(&self) -> impl Iterator<Item = (u8, NodeId)> + '_ {
        self.fields.iter().copied()
    }

    /// The node of a field.
    #[must_use]
    pub fn field(&self, de: u8) -> Option<NodeId> {
        self.fields
            .iter()
            .find(|(number, _)| *number == de)
            .map(|(_, id)| *id)
    }

    /// The node that holds a node's value: itself if it is a leaf, else its data.
    #[must_use]
    pub fn data(&self, id: NodeId) -> NodeId {
        let is_data = |id: &NodeId| {
            self.node(*id)
                .is_some_and(|node| node.kind == NodeKind::Data)
        };
        self.children(id).find(is_data).unwrap_or(id)
    }

    /// Appends the canonical text of a node: digits, text, or upper-case hex.
    pub fn push_value(&self, id: NodeId, out: &mut String) {
        if let Some(node) = self.node(self.data(id)) {
            push_value(out, self.frame, node.span, node.coding);
        }
    }

    /// The canonical text of a node.
    #[must_use]
    pub fn value(&self, id: NodeId) -> String {
        let mut out = String::new();
        self.push_value(id, &mut out);
        out
    }

    /// The part or tagged object of a node by the end of its path, such as `3` or `9F10#2`.
    #[must_use]
    pub fn child(&self, id: NodeId, key: &str) -> Option<NodeId> {
        let (key, occurrence) = match key.split_once('#') {
            Some((key, number)) => (key, number.parse().ok()?),
            None => (key, 1u16),
        };
        self.children(self.data(id)).find(|child| {
            self.node(*child).is_some_and(|node| {
                node.occurrence == occurrence && key_text(node.key).as_deref() == Some(key)
            })
        })
    }

    /// The node at a path such as `DE55.9F10` or `60.3`.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<NodeId> {
        let mut steps = path.strip_prefix("DE").unwrap_or(path).split('.');
        let field = self.field(steps.next()?.parse().ok()?)?;
        steps.try_fold(field, |id, step| self.child(id, step))
    }

    /// The path of a node.
    #[must_use]
    pub fn path(&self, id: NodeId) -> String {
        let mut steps = Vec::new();
        let mut at = Some(id);
        while let Some(id) = at {
            let Some(node) = self.node(id) else { break };
            if let Some(mut step) = step_name(node) {
                if node.occurrence > 1 {
                    let _ = write!(step, "#{}", node.occurrence);
                }
                steps.push(step);
            }
            at = self.parent(id);
        }
        steps.reverse();
        if steps.is_empty() {
            "frame".to_owned()
        } else {
            steps.join(".")
        }
    }

    /// What the dialect says of a field, part or tagged object.
    #[must_use]
    pub fn spec(&self, id: NodeId) -> Option<&'a Field> {
        let node = self.node(id)?;
        node.spec.or_else(|| self.spec(link(node.parent)?))
    }

    /// The name that the dialect gives a field or part.
    #[must_use]
    pub fn name(&self, id: NodeId) -> Option<&'a Name> {
        self.spec(id).map(|field| &field.name)
    }

    /// Whether a node's value is hidden by default.
    #[must_use]
    pub fn secrecy(&self, id: NodeId) -> Secrecy {
        // EMV tags mean the same in every dialect: 5A is a card number, 57 a track, 99 a PIN.
        let tagged = std::iter::successors(Some(id), |id| self.parent(*id))
            .find_map(|id| self.node(id).filter(|node| node.kind == NodeKind::Tagged));
        match tagged.map(|node| node.key) {
            Some(Key::Tag(0x5A)) => Secrecy::Pan,
            Some(Key::Tag(0x56 | 0x57 | 0x9F6B)) => Secrecy::Track,
            Some(Key::Tag(0x99)) => Secrecy::Secret,
            _ => self.spec(id).map_or(Secrecy::Open, |field| field.secrecy),
        }
    }

    /// Every node in the order of its bits, parents before children, with its depth.
    pub fn walk(&self) -> impl Iterator<Item = (usize, NodeId)> + '_ {
        let mut stack = vec![(0, self.root())];
        std::iter::from_fn(move || {
            let (depth, id) = stack.pop()?;
            let from = stack.len();
            stack.extend(self.children(id).map(|child| (depth + 1, child)));
            stack.get_mut(from..).unwrap_or_default().reverse();
            Some((depth, id))
        })
    }

    /// The leaves, in the order of their bits: together they cover the frame, without overlap.
    pub fn leaves(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.walk()
            .map(|(_, id)| id)
            .filter(|id| self.node(*id).is_some_and(|n| n.first == NONE))
    }

    /// Whether any finding is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.severity == super::fault::Severity::Error)
    }
}

fn link(id: u32) -> Option<NodeId> {
    (id != NONE).then_some(NodeId(id))
}

fn step_name(node: &Node<'_>) -> Option<String> {
    match (node.kind, node.key) {
        (_, Key::De(de)) => Some(format!("DE{de}")),
        (NodeKind::Mti, _) => Some("MTI".to_owned()),
        (NodeKind::Bitmap, _) => Some("bitmap".to_owned()),
        (NodeKind::LengthHeader, _) => Some("length".to_owned()),
        (NodeKind::Tpdu, Key::None) => Some("TPDU".to_owned()),
        (NodeKind::Header, Key::None) => Some("header".to_owned()),
        (NodeKind::Trailing | NodeKind::Undecoded, _) => Some("rest".to_owned()),
        (_, key) => key_text(key),
    }
}

/// How a key is written in a path.
#[must_use]
pub fn key_text(key: Key) -> Option<String> {
    match key {
        Key::None => None,
        Key::De(de) => Some(format!("DE{de}")),
        Key::Part(number) => Some(number.to_string()),
        Key::Tag(tag) => {
            let digits = format!("{tag:X}");
            Some(if digits.len() % 2 == 1 {
                format!("0{digits}")
            } else {
                digits
            })
        }
        Key::TextTag(bytes) => Some(
            bytes
                .iter()
                .take_while(|b| **b != 0)
                .map(|b| char::from(*b))
                .collect(),
        ),
    }
}
