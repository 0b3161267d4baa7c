//! Tagged values: BER-TLV as in EMV, and tags and lengths of fixed width.

use super::{Inner, MAX_DEPTH};
use crate::bytes::{Charset, Span};
use crate::codec::fault::{Fault, SaidBy};
use crate::codec::read::{locate, read_ber};
use crate::codec::tree::{Key, NodeId, NodeKind};
use crate::spec::{Class, Coding, Counts, Field, Pad, Side, Size, TlvSpec, Wire};

/// A tag, where its length begins, where its value begins, and where that ends.
struct Object {
    tag: u32,
    after_tag: usize,
    value: usize,
    end: usize,
    constructed: bool,
}

impl<'a> Inner<'_, 'a, '_> {
    /// Reads BER-TLV objects; zero and FF bytes between them are padding.
    pub(super) fn ber(&mut self, data: NodeId, span: Span, depth: usize) {
        let range = span.byte_range();
        let (mut at, end) = (range.start, range.end);
        let frame = self.builder.tree.frame;
        let mut seen: Vec<(u32, u16)> = Vec::new();
        while at < end {
            let padding = padding_len(frame.get(at..end).unwrap_or_default());
            if padding > 0 {
                let pad = Span::bytes(at..at + padding);
                self.builder
                    .add(data, NodeKind::Pad, Key::None, pad, Coding::Raw);
                at += padding;
                continue;
            }
            match ber_object(frame.get(..end).unwrap_or_default(), at) {
                Ok(object) => {
                    self.object(data, at, &object, occurrence(&mut seen, object.tag), depth);
                    at = object.end;
                }
                Err((offset, fault)) => {
                    let rest = Span::bytes(at..end);
                    let id =
                        self.builder
                            .add(data, NodeKind::Undecoded, Key::None, rest, Coding::Raw);
                    self.builder
                        .finding(fault, id, Span::bytes(offset..end.max(offset)));
                    return;
                }
            }
        }
    }

    fn object(&mut self, data: NodeId, at: usize, object: &Object, occurrence: u16, depth: usize) {
        let builder = &mut *self.builder;
        let key = Key::Tag(object.tag);
        let whole = Span::bytes(at..object.end);
        let id = builder.add(data, NodeKind::Tagged, key, whole, Coding::Raw);
        builder.change(id, |node| node.occurrence = occurrence);
        builder.add(
            id,
            NodeKind::Tag,
            Key::None,
            Span::bytes(at..object.after_tag),
            Coding::Raw,
        );
        let length = Span::bytes(object.after_tag..object.value);
        builder.add(id, NodeKind::Prefix, Key::None, length, Coding::Raw);
        let value = Span::bytes(object.value..object.end);
        let value_id = builder.add(id, NodeKind::Data, Key::None, value, Coding::Raw);
        let inside = builder
            .tree
            .frame
            .get(object.value..object.end)
            .unwrap_or_default();
        if object.constructed && depth + 1 < MAX_DEPTH && is_clean(inside) {
            self.ber(value_id, value, depth + 1);
        }
    }

    /// Reads tagged values whose tags and lengths have a fixed width.
    pub(super) fn tlv(&mut self, data: NodeId, span: Span, spec: &'a TlvSpec, depth: usize) {
        let range = span.byte_range();
        let (mut at, end) = (range.start, range.end);
        if let Some(lead) = &spec.lead
            && (!lead.optional || !self.begins_with_digit(spec, at))
        {
            match self.part(data, Key::Part(lead.number), &lead.field, at, end, depth) {
                Some(next) => at = next,
                None => return,
            }
        }
        let mut seen: Vec<(u32, u16)> = Vec::new();
        while at < end {
            let bytes = self.builder.tree.frame.get(..end).unwrap_or_default();
            match fixed_object(spec, bytes, at) {
                Ok(item) => {
                    self.item(data, at, spec, &item, &mut seen, depth);
                    at = item.end;
                }
                Err((offset, fault)) => {
                    let rest = Span::bytes(at..end);
                    let id =
                        self.builder
                            .add(data, NodeKind::Undecoded, Key::None, rest, spec.default);
                    self.builder
                        .finding(fault, id, Span::bytes(offset..end.max(offset)));
                    return;
                }
            }
        }
    }

    fn begins_with_digit(&self, spec: &TlvSpec, at: usize) -> bool {
        let first = self.builder.tree.frame.get(at).copied();
        match (spec.tag.coding, first) {
            (Coding::Chars(set), Some(byte)) => set.decode_byte(byte).is_ascii_digit(),
            _ => true,
        }
    }

    fn item(
        &mut self,
        data: NodeId,
        at: usize,
        spec: &'a TlvSpec,
        item: &Item,
        seen: &mut Vec<(u32, u16)>,
        depth: usize,
    ) {
        let builder = &mut *self.builder;
        let tag_text = builder.tree.frame.get(item.tag.clone()).unwrap_or_default();
        let key = tag_key(spec, tag_text);
        let known = known_part(spec, key);
        let coding = known.map_or(spec.default, |field| field.wire.coding);
        let whole = Span::bytes(at..item.end);
        let id = builder.add(data, NodeKind::Tagged, key, whole, coding);
        let raw = match key {
            Key::Tag(tag) => tag,
            Key::TextTag(bytes) => u32::from_be_bytes(bytes),
            _ => 0,
        };
        let number = occurrence(seen, raw);
        builder.change(id, |node| {
            node.occurrence = number;
            node.spec = known;
        });
        let tag = (
            NodeKind::Tag,
            Span::bytes(item.tag.clone()),
            spec.tag.coding,
        );
        let length = (
            NodeKind::Prefix,
            Span::bytes(item.length.clone()),
            Coding::Raw,
        );
        let order = if spec.length_first {
            [length, tag]
        } else {
            [tag, length]
        };
        let pad = item.pad.map(|pad| (NodeKind::Pad, pad, Coding::Raw));
        let value = (NodeKind::Data, item.value, coding);
        let behind = pad.filter(|(_, pad, _)| pad.start >= item.value.end);
        let before = pad.filter(|_| behind.is_none());
        let pieces = before.into_iter().chain([value]).chain(behind);
        for (kind, span, coding) in order.into_iter().chain(pieces) {
            if kind == NodeKind::Data || !span.is_empty() {
                builder.add(id, kind, Key::None, span, coding);
            }
        }
        if let Some(layout) = known.and_then(|field| field.layout.as_ref()) {
            self.read(id, layout, depth + 1);
        }
    }
}

fn occurrence(seen: &mut Vec<(u32, u16)>, tag: u32) -> u16 {
    match seen.iter_mut().find(|(known, _)| *known == tag) {
        Some((_, count)) => {
            *count = count.saturating_add(1);
            *count
        }
        None => {
            seen.push((tag, 1));
            1
        }
    }
}

fn padding_len(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .take_while(|b| matches!(b, 0x00 | 0xFF))
        .count()
}

/// The object at `at`; `bytes` ends where the enclosing data ends.
fn ber_object(bytes: &[u8], at: usize) -> Result<Object, (usize, Fault)> {
    let first = bytes.get(at).copied().ok_or((at, Fault::TlvTagTruncated))?;
    let (mut tag, mut next) = (u32::from(first), at + 1);
    if first & 0x1F == 0x1F {
        loop {
            let byte = bytes
                .get(next)
                .copied()
                .ok_or((at, Fault::TlvTagTruncated))?;
            tag = tag << 8 | u32::from(byte);
            next += 1;
            if byte & 0x80 == 0 {
                break;
            }
            if next - at >= 4 {
                return Err((at, Fault::TlvTagTruncated));
            }
        }
    }
    let (length, value) = read_ber(bytes, next).map_err(|e| *e)?;
    let end = value + length as usize;
    if end > bytes.len() {
        let said_by = SaidBy::Tlv {
            at: next,
            number: length,
        };
        let have = bytes.len() - value;
        return Err((
            at,
            Fault::LengthBeyondData {
                need: length as usize,
                have,
                said_by,
            },
        ));
    }
    Ok(Object {
        tag,
        after_tag: next,
        value,
        end,
        constructed: first & 0x20 != 0,
    })
}

/// Whether bytes are nothing but whole BER-TLV objects.
fn is_clean(bytes: &[u8]) -> bool {
    let mut at = padding_len(bytes);
    while at < bytes.len() {
        match ber_object(bytes, at) {
            Ok(object) => at = object.end,
            Err(_) => return false,
        }
        at += padding_len(bytes.get(at..).unwrap_or_default());
    }
    true
}

/// Where the parts of a fixed-width tagged value stand.
struct Item {
    tag: std::ops::Range<usize>,
    length: std::ops::Range<usize>,
    value: Span,
    pad: Option<Span>,
    end: usize,
}

fn fixed_object(spec: &TlvSpec, bytes: &[u8], at: usize) -> Result<Item, (usize, Fault)> {
    let tag_len = usize::from(spec.tag.len_bytes);
    if spec.length_first {
        return length_first(spec, bytes, at, tag_len);
    }
    let length_at = at + tag_len;
    let tag = bytes
        .get(at..length_at)
        .ok_or((at, Fault::TlvTagTruncated))?;
    let known = known_part(spec, tag_key(spec, tag)).filter(|_| spec.own_lengths);
    let wire = known.map_or_else(|| counted(spec), |field| field.wire);
    let place = locate(&wire, bytes, length_at).map_err(|e| *e)?;
    Ok(Item {
        tag: at..length_at,
        length: length_at..place.data as usize,
        value: place.value_span(),
        pad: place.pad_span(),
        end: place.end as usize,
    })
}

fn length_first(
    spec: &TlvSpec,
    bytes: &[u8],
    at: usize,
    tag_len: usize,
) -> Result<Item, (usize, Fault)> {
    let place = locate(&counted(spec), bytes, at).map_err(|e| *e)?;
    let (tag, end) = (place.data as usize, place.end as usize + tag_len);
    if end > bytes.len() {
        return Err((at, Fault::TlvTagTruncated));
    }
    Ok(Item {
        tag: tag..tag + tag_len,
        length: at..tag,
        value: Span::bytes(tag + tag_len..end),
        pad: None,
        end,
    })
}

/// A value of any length, counted in bytes, with the lengths of this structure.
fn counted(spec: &TlvSpec) -> Wire {
    Wire {
        class: Class::Text,
        coding: Coding::Raw,
        size: Size::Var {
            min: 0,
            max: u32::MAX / 4,
        },
        counts: Counts::Bytes,
        prefix: Some(spec.length),
        pad: Pad {
            side: Side::Left,
            nibble: 0,
        },
        fill: None,
        filled: false,
    }
}

fn tag_key(spec: &TlvSpec, bytes: &[u8]) -> Key {
    match spec.tag.coding {
        Coding::Chars(set) => Key::TextTag(text_tag(set, bytes)),
        _ => Key::Tag(bytes.iter().fold(0, |tag, b| tag << 8 | u32::from(*b))),
    }
}

fn text_tag(set: Charset, bytes: &[u8]) -> [u8; 4] {
    let mut out = [0; 4];
    for (slot, byte) in out.iter_mut().zip(bytes) {
        *slot = u8::try_from(set.decode_byte(*byte)).unwrap_or(b'?');
    }
    out
}

fn known_part(spec: &TlvSpec, key: Key) -> Option<&Field> {
    let text = crate::codec::tree::key_text(key)?;
    spec.parts
        .iter()
        .find(|(tag, _)| *tag == text)
        .map(|(_, field)| field)
}
