//! What is inside a field: parts, bitmaps of parts, tagged values.

mod tagged;

use super::dissect::{Builder, read_part};
use super::fault::Fault;
use super::head::read_bitmaps;
use super::read::Place;
use super::tree::{Key, NodeId, NodeKind};
use crate::bytes::Span;
use crate::spec::{BitmapSpec, Coding, Dialect, Field, Layout, Repeat, Size, Variant};
use std::borrow::Cow;

/// How deep structures may nest before they are left as they are.
const MAX_DEPTH: usize = 8;

/// A way to look at other fields of the message by path.
pub(super) type Lookup<'l> = &'l dyn Fn(&str) -> Option<Cow<'l, str>>;

/// Reads structures into a growing tree.
pub(super) struct Inner<'b, 'a, 'l> {
    pub builder: &'b mut Builder<'a>,
    /// Where conditions look up fields; the tree itself when there is nothing else.
    pub outer: Option<Lookup<'l>>,
}

impl<'a> Inner<'_, 'a, '_> {
    /// Reads the structure of a field or part into its data.
    pub fn read(&mut self, owner: NodeId, layout: &'a Layout, depth: usize) {
        let data = self.builder.tree.data(owner);
        let Some(node) = self.builder.tree.node(data).copied() else {
            return;
        };
        if depth >= MAX_DEPTH || node.span.is_empty() {
            return;
        }
        match layout {
            Layout::Choice(variants) => {
                if let Some(chosen) = self.choose(variants, node.span.byte_range().len()) {
                    self.read(owner, &chosen.layout, depth + 1);
                }
            }
            Layout::Positional { parts, repeat } => {
                if node.coding == Coding::Bcd {
                    self.digits(data, node.span, parts, repeat.as_ref(), depth);
                } else {
                    self.positional(data, node.span, parts, repeat.as_ref(), depth);
                }
            }
            Layout::Bitmapped {
                header_bytes,
                bitmap,
                parts,
            } => {
                self.bitmapped(
                    data,
                    node.span,
                    usize::from(*header_bytes),
                    bitmap,
                    parts,
                    depth,
                );
            }
            Layout::Tlv(spec) => self.tlv(data, node.span, spec, depth),
            Layout::BerTlv => self.ber(data, node.span, depth),
        }
    }

    fn choose(&self, variants: &'a [Variant], len_bytes: usize) -> Option<&'a Variant> {
        let tree = &self.builder.tree;
        let mti = tree.mti().unwrap_or_default();
        let in_tree = |path: &str| tree.find(path).map(|id| Cow::Owned(tree.value(id)));
        variants.iter().find(|variant| match self.outer {
            Some(outer) => variant.when.holds(mti, outer, len_bytes),
            None => variant.when.holds(mti, &in_tree, len_bytes),
        })
    }

    /// Parts of a packed value, nibble by nibble.
    fn digits(
        &mut self,
        data: NodeId,
        span: Span,
        parts: &'a [(u16, Field)],
        repeat: Option<&'a Repeat>,
        depth: usize,
    ) {
        let mut at = span.start;
        for (number, field) in parts {
            if at >= span.end {
                return;
            }
            at = self.digit_part(data, (*number, 1), field, at, span.end, depth);
        }
        let mut occurrence = 1;
        while let Some(repeat) = repeat
            && at < span.end
        {
            at = self.digit_part(
                data,
                (repeat.number, occurrence),
                &repeat.field,
                at,
                span.end,
                depth,
            );
            occurrence += 1;
        }
        if at < span.end {
            self.builder.add(
                data,
                NodeKind::Undecoded,
                Key::None,
                Span::bits(at, span.end),
                Coding::Bcd,
            );
        }
    }

    fn digit_part(
        &mut self,
        data: NodeId,
        (number, occurrence): (u16, u16),
        field: &'a Field,
        at: u32,
        end: u32,
        depth: usize,
    ) -> u32 {
        let want = match field.wire.size {
            Size::Fixed(digits) => digits.saturating_mul(4),
            Size::Var { .. } | Size::Rest => end - at,
        };
        let part = Span::bits(at, end.min(at.saturating_add(want)));
        let id = self
            .builder
            .add(data, NodeKind::Part, Key::Part(number), part, Coding::Bcd);
        self.builder.change(id, |node| {
            node.spec = Some(field);
            node.occurrence = occurrence;
        });
        if part.len() < want {
            let fault = Fault::SubfieldIncomplete {
                need: (want / 8) as usize,
                have: (part.len() / 8) as usize,
            };
            self.builder.finding(fault, id, part);
        } else if let Some(layout) = &field.layout {
            self.read(id, layout, depth + 1);
        }
        part.end.max(at + 4)
    }

    /// Parts one after another, byte by byte.
    fn positional(
        &mut self,
        data: NodeId,
        span: Span,
        parts: &'a [(u16, Field)],
        repeat: Option<&'a Repeat>,
        depth: usize,
    ) {
        let range = span.byte_range();
        let (mut at, end) = (range.start, range.end);
        for (number, field) in parts {
            if at >= end {
                return;
            }
            match self.part(data, Key::Part(*number), field, at, end, depth) {
                Some(next) => at = next,
                None => return,
            }
        }
        let mut occurrence = 1u16;
        while let Some(repeat) = repeat
            && at < end
        {
            match self.part(
                data,
                Key::Part(repeat.number),
                &repeat.field,
                at,
                end,
                depth,
            ) {
                Some(next) if next > at => at = next,
                _ => return,
            }
            let last = NodeId(self.builder.tree.node(data).map_or(0, |node| node.last));
            self.builder
                .change(last, |node| node.occurrence = occurrence);
            occurrence = occurrence.saturating_add(1);
        }
        if at < end {
            self.undecoded(data, at, end);
        }
    }

    fn undecoded(&mut self, parent: NodeId, at: usize, end: usize) {
        let coding = self
            .builder
            .tree
            .node(parent)
            .map_or(Coding::Raw, |node| node.coding);
        self.builder.add(
            parent,
            NodeKind::Undecoded,
            Key::None,
            Span::bytes(at..end),
            coding,
        );
    }

    /// One part; `None` when it could not be read, the rest then being undecoded.
    fn part(
        &mut self,
        data: NodeId,
        key: Key,
        field: &'a Field,
        at: usize,
        end: usize,
        depth: usize,
    ) -> Option<usize> {
        match read_part(self.builder, data, key, field, at, end) {
            Ok((id, next)) => {
                if let Some(layout) = &field.layout {
                    self.read(id, layout, depth + 1);
                }
                Some(next)
            }
            Err(error) => {
                let (offset, fault) = *error;
                let fault = match fault {
                    Fault::TruncatedField { need, have } => {
                        Fault::SubfieldIncomplete { need, have }
                    }
                    other => other,
                };
                let rest = Span::bytes(at..end);
                let id = self
                    .builder
                    .add(data, NodeKind::Undecoded, key, rest, field.wire.coding);
                self.builder
                    .finding(fault, id, Span::bytes(offset..end.max(offset)));
                None
            }
        }
    }

    fn bitmapped(
        &mut self,
        data: NodeId,
        span: Span,
        header: usize,
        bitmap: &BitmapSpec,
        parts: &'a [(u16, Field)],
        depth: usize,
    ) {
        let range = span.byte_range();
        let (mut at, end) = (range.start, range.end);
        if header > 0 {
            let len = header.min(end - at);
            self.builder.add(
                data,
                NodeKind::Header,
                Key::None,
                Span::bytes(at..at + len),
                Coding::Raw,
            );
            at += len;
        }
        let bytes = self.builder.tree.frame.get(..end).unwrap_or_default();
        let (mut set, next) = match read_bitmaps(bitmap, bytes, at) {
            Ok(found) => found,
            Err(error) => {
                self.builder.finding(error.1, data, Span::bytes(at..end));
                self.undecoded(data, at, end);
                return;
            }
        };
        self.builder.add(
            data,
            NodeKind::Bitmap,
            Key::None,
            Span::bytes(at..next),
            bitmap.coding,
        );
        at = next;
        if set.has(1) && bitmap.continues && !parts.iter().any(|(number, _)| *number == 1) {
            let blocks = bitmap.max_blocks;
            let fault = Fault::BitmapBeyondDialect { blocks };
            self.builder.finding(fault, data, Span::bytes(at..next));
            set.remove(1);
        }
        for bit in set.iter() {
            let known = parts.iter().find(|(number, _)| *number == u16::from(bit));
            let Some((number, field)) = known else {
                let fault = Fault::FieldNotInDialect { de: u16::from(bit) };
                self.builder.finding(fault, data, Span::bytes(at..end));
                break;
            };
            match self.part(data, Key::Part(*number), field, at, end, depth) {
                Some(next) => at = next,
                None => return,
            }
        }
        if at < end {
            self.undecoded(data, at, end);
        }
    }
}

/// A part of one field of a message that was unpacked strictly, by the rest of its path.
pub(super) fn find(
    dialect: &Dialect,
    body: &[u8],
    mti: [u8; 4],
    (de, place): (u8, Place),
    rest: &str,
    lookup: Lookup<'_>,
) -> Option<String> {
    let field = dialect.field(de)?;
    let layout = field.layout.as_ref()?;
    if let Some(span) = fixed_digits(layout, field, place, rest) {
        let mut out = String::new();
        super::value::push_value(&mut out, body, span, Coding::Bcd);
        return Some(out);
    }
    let mut builder = Builder::new(dialect, body, 0..body.len());
    builder.tree.mti = Some(mti);
    let root = builder.tree.root();
    let id = builder.place(root, NodeKind::Field, Key::De(de), field, place);
    Inner {
        builder: &mut builder,
        outer: Some(lookup),
    }
    .read(id, layout, 0);
    let found = rest
        .split('.')
        .try_fold(id, |id, step| builder.tree.child(id, step))?;
    Some(builder.tree.value(found))
}

/// The bits of a numbered part of packed fixed parts, without building anything.
fn fixed_digits(layout: &Layout, field: &Field, place: Place, key: &str) -> Option<Span> {
    let Layout::Positional { parts, .. } = layout else {
        return None;
    };
    if field.wire.coding != Coding::Bcd {
        return None;
    }
    let wanted: u16 = key.parse().ok()?;
    let value = place.value_span();
    let mut at = value.start;
    for (number, part) in parts {
        let Size::Fixed(digits) = part.wire.size else {
            return None;
        };
        let end = at + 4 * digits;
        if *number == wanted {
            return (end <= value.end).then_some(Span::bits(at, end));
        }
        at = end;
    }
    None
}
