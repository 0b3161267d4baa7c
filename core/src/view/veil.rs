//! Which bits of a frame are hidden until somebody asks to see them.
//!
//! It stands apart because the bytes, the tree, the card and every copy must hide exactly the
//! same digits. A card number shows its first six and last four digits; track data shows the same
//! of its card number and nothing behind it; PIN blocks, keys and the like show nothing.
//! **Source:** PCI DSS 3.4.1.

use crate::bytes::{Span, nibble_at, sort_by_number};
use crate::codec::{Dissection, Key, Node, NodeId, NodeKind};
use crate::spec::{Coding, Field, Secrecy};

/// The hidden bits of one frame, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Veil {
    patches: Vec<Patch>,
}

/// Hidden characters that stand side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Patch {
    span: Span,
    /// Bits of each character.
    step: u32,
}

impl Veil {
    /// Hides nothing: what people get who asked to see everything.
    #[must_use]
    pub const fn lifted() -> Self {
        Self {
            patches: Vec::new(),
        }
    }

    /// Hides what the dialect calls secret, and whatever looks like a card number in bytes that
    /// could not be decoded.
    #[must_use]
    pub fn over(tree: &Dissection<'_>) -> Self {
        let mut patches = Vec::new();
        for child in tree.children(tree.root()) {
            cover(tree, child, Said::default(), &mut patches);
        }
        patches.retain(|patch| !patch.span.is_empty());
        sort_by_number(&mut patches, |patch| {
            u64::from(patch.span.start) << 32 | u64::from(patch.span.end)
        });
        Self { patches }
    }

    /// Whether any of these bits is hidden.
    #[must_use]
    pub fn hides(&self, bits: Span) -> bool {
        self.within(bits).next().is_some()
    }

    /// Whether nothing is hidden.
    #[must_use]
    pub const fn is_lifted(&self) -> bool {
        self.patches.is_empty()
    }

    /// The bits of each hidden character, in order.
    pub fn spans(&self) -> impl Iterator<Item = Span> {
        self.patches.iter().flat_map(|patch| {
            let starts = (patch.span.start..patch.span.end).step_by(patch.step as usize);
            starts.map(|start| Span::bits(start, patch.span.end.min(start + patch.step)))
        })
    }

    /// The text of a node with a dot for each hidden character.
    #[must_use]
    pub fn text(&self, tree: &Dissection<'_>, id: NodeId) -> String {
        let mut out = String::new();
        self.push_text(tree, id, '•', &mut out);
        out
    }

    /// Appends the text of a node with a mark for each hidden character.
    pub fn push_text(&self, tree: &Dissection<'_>, id: NodeId, mark: char, out: &mut String) {
        let Some(node) = tree
            .node(tree.data(id))
            .filter(|node| self.hides(node.span))
        else {
            tree.push_value(id, out);
            return;
        };
        let value = tree.value(id);
        let places = Places::of(tree.frame(), node);
        let plain = value.is_ascii();
        let count = if plain {
            value.len()
        } else {
            value.chars().count()
        };
        if places.count != count {
            out.extend(std::iter::repeat_n(mark, count.min(16)));
            return;
        }
        let byte_of = |index: usize| {
            if plain {
                return index;
            }
            let found = value.char_indices().nth(index);
            found.map_or(value.len(), |(at, _)| at)
        };
        let mut at = 0;
        for patch in self.within(node.span) {
            let (from, to) = places.reach(patch.span);
            let shown = value.get(byte_of(at)..byte_of(from)).unwrap_or_default();
            out.push_str(shown);
            out.extend(std::iter::repeat_n(mark, to.saturating_sub(from.max(at))));
            at = at.max(to);
        }
        out.push_str(value.get(byte_of(at)..).unwrap_or_default());
    }

    /// What is hidden of `bits`.
    fn within(&self, bits: Span) -> impl Iterator<Item = &Patch> {
        let before_end = move |patch: &&Patch| patch.span.start < bits.end;
        let reaching = move |patch: &&Patch| patch.span.end > bits.start;
        self.patches.iter().take_while(before_end).filter(reaching)
    }
}

/// Why a value is hidden: an EMV tag around it says it by itself, else the dialect does.
#[derive(Clone, Copy, Default)]
struct Said {
    by_tag: Option<Secrecy>,
    by_dialect: Secrecy,
}

/// Hides what is to be hidden in a node, given what stands around it.
fn cover(tree: &Dissection<'_>, id: NodeId, around: Said, out: &mut Vec<Patch>) {
    let Some(node) = tree.node(id) else { return };
    // Most fields are open and have no parts: nothing in them can be hidden.
    let open = |field: &Field| field.secrecy == Secrecy::Open && field.layout.is_none();
    if node.kind == NodeKind::Field && node.spec.is_some_and(open) {
        return;
    }
    let said = Said {
        by_tag: match node.key {
            Key::Tag(tag) => Some(tag_secrecy(tag)),
            _ => around.by_tag,
        },
        by_dialect: node.spec.map_or(around.by_dialect, |field| field.secrecy),
    };
    let mut inside = tree.children(id).peekable();
    if inside.peek().is_some() {
        inside.for_each(|child| cover(tree, child, said, out));
        return;
    }
    match node.kind {
        NodeKind::Undecoded | NodeKind::Trailing => {
            hide_long_numbers(tree.frame(), node.span, out);
        }
        kind if is_value(kind) => match said.by_tag.unwrap_or(said.by_dialect) {
            Secrecy::Nested if kind != NodeKind::Data => {}
            secrecy => hide(secrecy, tree.frame(), node, out),
        },
        _ => {}
    }
}

const fn tag_secrecy(tag: u32) -> Secrecy {
    match tag {
        // Application PAN.
        0x5A => Secrecy::Pan,
        // Track 2 equivalent and track 2 data.
        0x57 | 0x9F6B => Secrecy::Track,
        // Tracks 1 and 2 discretionary, track 1, PIN data, cardholder's name.
        0x56 | 0x99 | 0x5F20 | 0x9F0B | 0x9F1F | 0x9F20 => Secrecy::Secret,
        _ => Secrecy::Open,
    }
}

/// Structure is never secret, even inside a secret field.
const fn is_value(kind: NodeKind) -> bool {
    matches!(
        kind,
        NodeKind::Field | NodeKind::Part | NodeKind::Tagged | NodeKind::Data | NodeKind::Pad
    )
}

/// The bits of each character of a node's canonical text, one after another.
#[derive(Clone, Copy)]
struct Places {
    start: u32,
    step: u32,
    count: usize,
}

impl Places {
    fn of(frame: &[u8], node: &Node<'_>) -> Self {
        let step = match node.coding {
            Coding::Bcd | Coding::Raw | Coding::SignBcd => 4,
            Coding::Chars(_) | Coding::HexChars(_) | Coding::Zoned => 8,
        };
        let end = u32::try_from(frame.len() * 8)
            .unwrap_or(u32::MAX)
            .min(node.span.end);
        Self {
            start: node.span.start,
            step,
            count: end.saturating_sub(node.span.start).div_ceil(step) as usize,
        }
    }

    /// The first place that some bits reach, and the one after the last.
    fn reach(self, bits: Span) -> (usize, usize) {
        let from = bits.start.saturating_sub(self.start) / self.step;
        let to = bits.end.saturating_sub(self.start).div_ceil(self.step);
        (from as usize, (to as usize).min(self.count))
    }

    const fn at(self, index: usize) -> Span {
        let start = self.start + self.step * index as u32;
        Span::bits(start, start + self.step)
    }

    fn all(self) -> impl Iterator<Item = Span> {
        (0..self.count).map(move |index| self.at(index))
    }

    /// Some of them.
    const fn patch(self, from: usize, to: usize) -> Patch {
        Patch {
            span: Span::bits(
                self.start + self.step * from as u32,
                self.start + self.step * to as u32,
            ),
            step: self.step,
        }
    }

    /// What stays hidden of a card number that stands in the first `count` places: all but the
    /// first six and last four digits.
    fn middle(self, count: usize) -> Patch {
        let shown = count.saturating_sub(8).min(6);
        self.patch(shown, count.saturating_sub(4).max(shown))
    }
}

/// Hides the characters of one value.
fn hide(secrecy: Secrecy, frame: &[u8], node: &Node<'_>, out: &mut Vec<Patch>) {
    let places = Places::of(frame, node);
    match secrecy {
        Secrecy::Open => {}
        Secrecy::Secret => out.push(Patch {
            span: node.span,
            step: node.span.len().max(1),
        }),
        Secrecy::Pan => out.push(places.middle(places.count)),
        Secrecy::Track => {
            let separator = places
                .all()
                .position(|place| is_separator(frame, node, place));
            let pan = separator.unwrap_or(places.count);
            out.push(places.middle(pan));
            out.push(places.patch(places.count.min(pan + 1), places.count));
        }
        Secrecy::Nested => hide_long_numbers(frame, node.span, out),
    }
}

/// Whether the character at a place separates a track's card number from the rest.
fn is_separator(frame: &[u8], node: &Node<'_>, place: Span) -> bool {
    match node.coding {
        Coding::Chars(set) | Coding::HexChars(set) => frame
            .get(place.byte_range())
            .and_then(|bytes| bytes.first())
            .is_some_and(|byte| matches!(set.decode_byte(*byte), '=' | 'D' | '^')),
        _ => nibble_at(frame, (place.start / 4) as usize) == Some(0xD),
    }
}

/// So many digits in a row may be a card number.
const LONG: usize = 13;

/// Hides the middle of every long run of digits, packed or as ASCII characters: in bytes
/// whose meaning is unknown a card number cannot be told from another long number.
fn hide_long_numbers(frame: &[u8], span: Span, out: &mut Vec<Patch>) {
    if span.len() < 4 * LONG as u32 {
        return;
    }
    let nibbles = (span.start.next_multiple_of(4)..span.end).step_by(4);
    let packed = nibbles.map(|start| {
        let digit = nibble_at(frame, (start / 4) as usize).is_some_and(|nibble| nibble < 10);
        (start, digit)
    });
    hide_runs(4, packed, out);
    let bytes = (span.start.next_multiple_of(8)..span.end).step_by(8);
    let characters = bytes.map(|start| {
        let byte = frame.get((start / 8) as usize);
        (start, byte.is_some_and(u8::is_ascii_digit))
    });
    hide_runs(8, characters, out);
}

/// Hides the middle of the long runs of digits among places of `step` bits.
fn hide_runs(step: u32, places: impl Iterator<Item = (u32, bool)>, out: &mut Vec<Patch>) {
    let mut run = Places {
        start: 0,
        step,
        count: 0,
    };
    for (start, digit) in places.chain([(0, false)]) {
        if digit {
            if run.count == 0 {
                run.start = start;
            }
            run.count += 1;
            continue;
        }
        if run.count >= LONG {
            out.push(run.middle(run.count));
        }
        run.count = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::dissect;
    use crate::frame::Framing;
    use crate::spec::builtin;

    const SALE: &str = "020070200000000000001962162610000000000180\
                        000000000000012345000004";

    #[test]
    fn a_card_number_shows_six_and_four() {
        let dialect = builtin("unionpay-pos").unwrap();
        let frame = hex::decode(SALE).unwrap();
        let tree = dissect(&dialect, &frame, &Framing::none());
        let veil = Veil::over(&tree);
        let pan = tree.field(2).unwrap();
        assert_eq!(veil.text(&tree, pan), "621626•••••••••0018");
        assert_eq!(Veil::lifted().text(&tree, pan), "6216261000000000018");
        let amount = tree.field(4).unwrap();
        assert_eq!(veil.text(&tree, amount), "000000012345");
    }

    #[test]
    fn digits_nobody_understands_are_hidden_too() {
        let dialect = builtin("unionpay-pos").unwrap();
        let frame = hex::decode("FF6216261000000000018F").unwrap();
        let tree = dissect(&dialect, &frame, &Framing::none());
        assert!(Veil::over(&tree).hides(Span::bits(40, 44)));
    }
}
