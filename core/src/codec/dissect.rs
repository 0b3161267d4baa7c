//! The lossless reader: any bytes in, a tree out, with every fault it met.
//!
//! Fields are located first, then their inner structures are read, as a structure may depend on
//! fields that stand behind it (DE48 on DE60, for one).

use super::fault::{Fault, Finding, UnpackError};
use super::head::{FieldSet, read_bitmaps, read_mti};
use super::inner::Inner;
use super::read::{At, Place, check, locate, pad_nibble};
use super::tree::{Dissection, Key, NONE, Node, NodeId, NodeKind};
use crate::bytes::{Charset, Span, sort_by_number};
use crate::frame::{FramePart, Framing, Split};
use crate::spec::{Class, Coding, Dialect, Field, Layout};
use crate::value::Mti;

/// Takes a frame apart. Never fails and never panics: what cannot be read is a leaf of its own.
#[must_use]
pub fn dissect<'a>(dialect: &'a Dialect, frame: &'a [u8], framing: &Framing) -> Dissection<'a> {
    let split = framing.split(frame);
    let limited = dissect_split(dialect, frame, &split, split.body.end);
    if limited.stopped.is_none() || split.body.end == frame.len() {
        return limited;
    }
    let whole = dissect_split(dialect, frame, &split, frame.len());
    if whole.stopped.is_none() {
        whole
    } else {
        limited
    }
}

fn dissect_split<'a>(
    dialect: &'a Dialect,
    frame: &'a [u8],
    split: &Split,
    end: usize,
) -> Dissection<'a> {
    let mut builder = Builder::new(dialect, frame, split.body.start..end);
    builder.frame_parts(split);
    if split.cut_in.is_none() {
        builder.message();
        builder.layouts();
        super::rules::check_rules(&mut builder.tree);
        super::doubts::add_doubts(&mut builder.tree);
    } else {
        builder.rest(NodeKind::Undecoded, builder.tree.body.start);
    }
    builder.behind(end);
    sort_by_number(&mut builder.tree.findings, |finding| {
        u64::from(finding.span.start)
    });
    builder.tree
}

/// A tree that is growing.
pub(super) struct Builder<'a> {
    pub tree: Dissection<'a>,
}

/// Hex of raw bytes, for nodes whose text nobody asks for.
const RAW: Coding = Coding::Raw;

/// Why the head could not be read: the path, where the rest begins, and the fault with its place.
type HeadStop = (&'static str, usize, Box<(usize, Fault)>);

impl<'a> Builder<'a> {
    /// A tree with a root and nothing else.
    pub fn new(dialect: &'a Dialect, frame: &'a [u8], body: std::ops::Range<usize>) -> Self {
        let root = Node {
            kind: NodeKind::Root,
            key: Key::None,
            occurrence: 1,
            span: Span::bytes(0..frame.len()),
            coding: RAW,
            spec: None,
            parent: NONE,
            first: NONE,
            last: NONE,
            next: NONE,
        };
        let mut nodes = Vec::with_capacity(64);
        nodes.push(root);
        let tree = Dissection {
            frame,
            dialect,
            nodes,
            fields: Vec::with_capacity(32),
            mti: None,
            findings: Vec::new(),
            stopped: None,
            body,
        };
        Self { tree }
    }

    /// Adds a child; children must be added in the order of their bits.
    pub fn add(
        &mut self,
        parent: NodeId,
        kind: NodeKind,
        key: Key,
        span: Span,
        coding: Coding,
    ) -> NodeId {
        let id = self.tree.nodes.len() as u32;
        self.tree.nodes.push(Node {
            kind,
            key,
            occurrence: 1,
            span,
            coding,
            spec: None,
            parent: parent.0,
            first: NONE,
            last: NONE,
            next: NONE,
        });
        let before = match self.tree.nodes.get_mut(parent.0 as usize) {
            Some(parent) => {
                if parent.first == NONE {
                    parent.first = id;
                }
                std::mem::replace(&mut parent.last, id)
            }
            None => NONE,
        };
        if let Some(sibling) = self.tree.nodes.get_mut(before as usize) {
            sibling.next = id;
        }
        NodeId(id)
    }

    /// Notes a fault at a node.
    pub fn finding(&mut self, fault: Fault, node: NodeId, span: Span) {
        let path = self.tree.path(node);
        self.tree.findings.push(Finding::new(fault, path, span));
    }

    /// Changes a node in place.
    pub fn change(&mut self, id: NodeId, change: impl FnOnce(&mut Node<'a>)) {
        if let Some(node) = self.tree.nodes.get_mut(id.0 as usize) {
            change(node);
        }
    }

    fn frame_parts(&mut self, split: &Split) {
        let root = self.tree.root();
        for piece in &split.pieces {
            let span = Span::bytes(piece.range.clone());
            let (kind, coding) = match piece.part {
                FramePart::Length(_) => (NodeKind::LengthHeader, RAW),
                FramePart::Tpdu => (NodeKind::Tpdu, RAW),
                FramePart::IsoText => (NodeKind::Header, Coding::Chars(Charset::Ascii)),
                FramePart::Header6 | FramePart::Base1 | FramePart::Fixed(_) => {
                    (NodeKind::Header, RAW)
                }
            };
            let id = self.add(root, kind, Key::None, span, coding);
            match piece.part {
                FramePart::Tpdu => self.header_parts(id, &[2, 4, 4]),
                FramePart::Header6 => self.header_parts(id, &[2, 2, 1, 1, 6]),
                FramePart::Length(_) => self.check_length(id, piece.declared, piece.range.end),
                _ => {}
            }
        }
        if let Some(part) = split.cut_in {
            let at = Span::bytes(split.body.start..self.tree.frame.len().max(split.body.start));
            let fault = Fault::FrameTruncated {
                part: part.to_string(),
            };
            self.stop(fault, "frame", at);
        }
    }

    fn header_parts(&mut self, parent: NodeId, nibbles: &[u32]) {
        let mut at = self.tree.node(parent).map_or(0, |node| node.span.start);
        for (number, count) in (1u16..).zip(nibbles) {
            let span = Span::bits(at, at + 4 * count);
            self.add(parent, NodeKind::Part, Key::Part(number), span, Coding::Bcd);
            at = span.end;
        }
    }

    fn check_length(&mut self, id: NodeId, declared: Option<usize>, after: usize) {
        let present = self.tree.frame.len().saturating_sub(after);
        let span = self.tree.node(id).map(|node| node.span).unwrap_or_default();
        match declared {
            Some(declared) if declared == present => {}
            Some(declared) => self.finding(Fault::LengthHeader { declared, present }, id, span),
            None => {
                let found = self.tree.value(id);
                self.finding(Fault::LengthHeaderUnreadable { found }, id, span);
            }
        }
    }

    /// Everything up to the end of the body that the reader works on.
    pub fn bytes(&self) -> &'a [u8] {
        self.tree
            .frame
            .get(..self.tree.body.end)
            .unwrap_or_default()
    }

    fn stop(&mut self, fault: Fault, path: &str, span: Span) {
        let offset = (span.start / 8) as usize;
        self.tree.stopped = Some(UnpackError {
            offset,
            path: path.to_owned(),
            fault: fault.clone(),
        });
        self.tree.findings.push(Finding::new(fault, path, span));
    }

    fn rest(&mut self, kind: NodeKind, at: usize) {
        let end = self.tree.body.end.min(self.tree.frame.len());
        if at < end {
            self.add(self.tree.root(), kind, Key::None, Span::bytes(at..end), RAW);
        }
    }

    fn message(&mut self) {
        let at = match self.head() {
            Ok((set, at)) => self.fields(set, at),
            Err((path, at, stop)) => {
                self.stop_at(*stop, path);
                Err(at)
            }
        };
        match at {
            Err(at) => self.rest(NodeKind::Undecoded, at),
            Ok(at) if at < self.tree.body.end => {
                let span = Span::bytes(at..self.tree.body.end);
                self.stop(
                    Fault::Trailing {
                        count: self.tree.body.end - at,
                    },
                    "rest",
                    span,
                );
                self.rest(NodeKind::Trailing, at);
            }
            Ok(_) => {}
        }
    }

    fn stop_at(&mut self, (offset, fault): (usize, Fault), path: &str) {
        let end = self.tree.body.end.clamp(offset, offset + 1);
        self.stop(fault, path, Span::bytes(offset..end.max(offset)));
    }

    fn head(&mut self) -> Result<(FieldSet, usize), HeadStop> {
        let (dialect, bytes, root) = (self.tree.dialect, self.bytes(), self.tree.root());
        let mut at = self.tree.body.start;
        let header = dialect.header_bytes;
        if header > 0 && at + header <= bytes.len() {
            self.add(
                root,
                NodeKind::Header,
                Key::None,
                Span::bytes(at..at + header),
                RAW,
            );
            at += header;
        }
        let from = bytes.get(at..).unwrap_or_default();
        let shifted = |e: Box<(usize, Fault)>| ("MTI", at, Box::new((e.0 + at, e.1)));
        let (mti, len) = read_mti(dialect.mti, from).map_err(shifted)?;
        let coding = dialect.mti.coding;
        self.add(
            root,
            NodeKind::Mti,
            Key::None,
            Span::bytes(at..at + len),
            coding,
        );
        self.tree.mti = Some(mti);
        self.check_mti(Span::bytes(at..at + len));
        at += len;
        let (mut set, end) =
            read_bitmaps(&dialect.bitmap, bytes, at).map_err(|e| ("bitmap", at, e))?;
        let coding = match dialect.bitmap.coding {
            Coding::Chars(set) => Coding::HexChars(set),
            other => other,
        };
        let bitmap = Span::bytes(at..end);
        let id = self.add(root, NodeKind::Bitmap, Key::None, bitmap, coding);
        if set.has(1) {
            let bit = self.tree.bitmap_bit(1).unwrap_or(bitmap);
            let blocks = dialect.bitmap.max_blocks;
            self.finding(Fault::BitmapBeyondDialect { blocks }, id, bit);
            set.remove(1);
        }
        Ok((set, end))
    }

    fn check_mti(&mut self, span: Span) {
        let Some(digits) = self.tree.mti().map(str::to_owned) else {
            return;
        };
        if !Mti::parse(&digits).is_ok_and(Mti::is_known) {
            let fault = Fault::MtiUnknown { found: digits };
            self.tree.findings.push(Finding::new(fault, "MTI", span));
        }
    }

    /// Reads the fields; `Err` holds where the first one that cannot be read begins.
    fn fields(&mut self, mut set: FieldSet, mut at: usize) -> Result<usize, usize> {
        for index in 0..3 {
            let mut word = set.word(index);
            while word != 0 {
                let de = (64 * index as u32 + word.leading_zeros() + 1) as u8;
                word ^= (1 << 63) >> word.leading_zeros();
                at = self.top_field(de, at)?;
                if self.tree.dialect.bitmap.third_in_field == Some(de) {
                    self.third_bitmap(de, &mut set);
                }
            }
        }
        Ok(at)
    }

    fn third_bitmap(&self, de: u8, set: &mut FieldSet) {
        let data = self
            .tree
            .field(de)
            .and_then(|id| self.tree.node(self.tree.data(id)));
        let bytes = data.and_then(|node| self.tree.frame.get(node.span.byte_range()));
        if let Some(Ok(eight)) = bytes.map(<[u8; 8]>::try_from) {
            set.set_word(2, u64::from_be_bytes(eight));
        }
    }

    fn top_field(&mut self, de: u8, at: usize) -> Result<usize, usize> {
        let dialect = self.tree.dialect;
        let path = || format!("DE{de}");
        let Some(field) = dialect.field(de) else {
            self.stop_at(
                (at, Fault::FieldNotInDialect { de: u16::from(de) }),
                &path(),
            );
            return Err(at);
        };
        match locate(&field.wire, self.bytes(), at) {
            Ok(place) => {
                let id = self.place(self.tree.root(), NodeKind::Field, Key::De(de), field, place);
                self.tree.fields.push((de, id));
                Ok(place.end as usize)
            }
            Err(error) => {
                self.sign_missing(field, at, &path());
                self.stop_at(*error, &path());
                Err(at)
            }
        }
    }

    /// A signed amount without its sign is a character short, which is why it could not be read.
    fn sign_missing(&mut self, field: &Field, at: usize, path: &str) {
        let first = self.bytes().get(at).copied();
        if let (Class::Xn, Coding::Chars(set), Some(byte)) =
            (field.wire.class, field.wire.coding, first)
            && !matches!(set.decode_byte(byte), 'C' | 'D')
        {
            let found = match set.decode_byte(byte) {
                char if char.is_ascii_graphic() => format!("\"{char}\" ({byte:02X})"),
                _ => format!("{byte:02X}"),
            };
            let fault = Fault::NotInClass {
                class: Class::Xn,
                found,
            };
            let span = Span::bytes(at..at + 1);
            self.tree.findings.push(Finding::new(fault, path, span));
        }
    }

    /// Adds the node of a value that was located, with its prefix and padding, and checks it.
    pub fn place(
        &mut self,
        parent: NodeId,
        kind: NodeKind,
        key: Key,
        field: &'a Field,
        place: Place,
    ) -> NodeId {
        let coding = field.wire.coding;
        let whole = Span::bytes(place.start as usize..place.end as usize);
        let id = self.add(parent, kind, key, whole, coding);
        self.change(id, |node| node.spec = Some(field));
        let value = place.value_span();
        if value != whole {
            self.inside(id, value, place, coding);
        }
        if let Some((span, fault)) = check(&field.wire, self.bytes(), place) {
            self.finding(fault, id, span);
        }
        if let (Some(span), Some(found)) = (place.pad_span(), pad_nibble(self.bytes(), place))
            && found != field.wire.pad.nibble
        {
            self.finding(
                Fault::PadNibble {
                    expected: field.wire.pad.nibble,
                    found,
                },
                id,
                span,
            );
        }
        id
    }

    fn inside(&mut self, id: NodeId, value: Span, place: Place, coding: Coding) {
        if place.data > place.start {
            let prefix = Span::bytes(place.start as usize..place.data as usize);
            self.add(id, NodeKind::Prefix, Key::None, prefix, RAW);
        }
        let pad = place.pad_span();
        let left = pad.filter(|pad| pad.start < value.start);
        if let Some(pad) = left {
            self.add(id, NodeKind::Pad, Key::None, pad, RAW);
        }
        self.add(id, NodeKind::Data, Key::None, value, coding);
        if let (Some(pad), None) = (pad, left) {
            self.add(id, NodeKind::Pad, Key::None, pad, RAW);
        }
        if place.end > place.data_end {
            let fill = Span::bytes(place.data_end as usize..place.end as usize);
            self.add(id, NodeKind::Pad, Key::None, fill, RAW);
        }
    }

    /// Reads the structures inside the fields: plain ones first, then those that depend on others.
    fn layouts(&mut self) {
        let fields = std::mem::take(&mut self.tree.fields);
        self.tree.fields.clone_from(&fields);
        for wants_choice in [false, true] {
            for (de, id) in &fields {
                let layout = self
                    .tree
                    .dialect
                    .field(*de)
                    .and_then(|field| field.layout.as_ref());
                if let Some(layout) = layout
                    && matches!(layout, Layout::Choice(_)) == wants_choice
                {
                    Inner {
                        builder: self,
                        outer: None,
                    }
                    .read(*id, layout, 0);
                }
            }
        }
    }

    /// What stands behind the bytes that the length header counts.
    fn behind(&mut self, end: usize) {
        if end < self.tree.frame.len() {
            let span = Span::bytes(end..self.tree.frame.len());
            self.add(self.tree.root(), NodeKind::Trailing, Key::None, span, RAW);
        }
    }
}

/// Locates a value and adds its node.
pub(super) fn read_part<'a>(
    builder: &mut Builder<'a>,
    parent: NodeId,
    key: Key,
    field: &'a Field,
    at: usize,
    end: usize,
) -> At<(NodeId, usize)> {
    let bytes = builder.tree.frame.get(..end).unwrap_or_default();
    let place = locate(&field.wire, bytes, at)?;
    let id = builder.place(parent, NodeKind::Part, key, field, place);
    Ok((id, place.end as usize))
}
