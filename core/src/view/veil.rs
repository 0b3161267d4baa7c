//! Which bits of a frame are hidden until somebody asks to see them.
//!
//! It stands apart because the bytes, the tree, the card and every copy must hide exactly the
//! same digits. A card number shows its first six and last four digits; track data shows the same
//! of its card number and nothing behind it; PIN blocks, keys and the like show nothing.
//! **Source:** PCI DSS 3.4.1.

use crate::bytes::{Span, nibble_at};
use crate::codec::{Dissection, Key, Node, NodeId, NodeKind};
use crate::spec::{Coding, Secrecy};

/// The hidden bits of one frame, in order and disjoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Veil {
    spans: Vec<Span>,
}

impl Veil {
    /// Hides nothing: what people get who asked to see everything.
    #[must_use]
    pub const fn lifted() -> Self {
        Self { spans: Vec::new() }
    }

    /// Hides what the dialect calls secret, and whatever looks like a card number in bytes that
    /// could not be decoded.
    #[must_use]
    pub fn over(tree: &Dissection<'_>) -> Self {
        let mut spans = Vec::new();
        for id in tree.leaves() {
            let Some(node) = tree.node(id) else { continue };
            let digits = || digit_spans(tree.frame(), node);
            match (node.kind, secrecy(tree, id)) {
                (NodeKind::Undecoded | NodeKind::Trailing, _) => {
                    hide_long_numbers(tree.frame(), node.span, &mut spans);
                }
                (NodeKind::Data, Secrecy::Open) => {}
                (NodeKind::Data, secrecy) => hide(secrecy, tree, node, &digits(), &mut spans),
                (_, secrecy @ (Secrecy::Pan | Secrecy::Track | Secrecy::Secret))
                    if is_value(node.kind) =>
                {
                    hide(secrecy, tree, node, &digits(), &mut spans);
                }
                _ => {}
            }
        }
        spans.retain(|span| !span.is_empty());
        spans.sort();
        Self { spans }
    }

    /// Whether any of these bits is hidden.
    #[must_use]
    pub fn hides(&self, bits: Span) -> bool {
        let from = self.spans.partition_point(|span| span.end <= bits.start);
        self.spans
            .get(from)
            .is_some_and(|span| span.start < bits.end)
    }

    /// The hidden bits, in order.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// The text of a node with a dot for each hidden character.
    #[must_use]
    pub fn text(&self, tree: &Dissection<'_>, id: NodeId) -> String {
        let value = tree.value(id);
        let Some(node) = tree
            .node(tree.data(id))
            .filter(|node| self.hides(node.span))
        else {
            return value;
        };
        let places = digit_spans(tree.frame(), node);
        if places.len() != value.chars().count() {
            return "•".repeat(value.chars().count().min(16));
        }
        let masked = value.chars().zip(places);
        masked
            .map(|(char, place)| if self.hides(place) { '•' } else { char })
            .collect()
    }
}

/// Why the value of a leaf is hidden: an EMV tag says it by itself, the rest the dialect says.
fn secrecy(tree: &Dissection<'_>, id: NodeId) -> Secrecy {
    let mut above = std::iter::successors(Some(id), |id| tree.parent(*id));
    let tag = above.find_map(|id| match tree.node(id)?.key {
        Key::Tag(tag) => Some(tag),
        _ => None,
    });
    match tag {
        // Application PAN.
        Some(0x5A) => Secrecy::Pan,
        // Track 2 equivalent and track 2 data.
        Some(0x57 | 0x9F6B) => Secrecy::Track,
        // Tracks 1 and 2 discretionary, track 1, PIN data, cardholder's name.
        Some(0x56 | 0x99 | 0x5F20 | 0x9F0B | 0x9F1F | 0x9F20) => Secrecy::Secret,
        Some(_) => Secrecy::Open,
        None => tree.secrecy(id),
    }
}

/// Structure is never secret, even inside a secret field.
const fn is_value(kind: NodeKind) -> bool {
    matches!(
        kind,
        NodeKind::Field | NodeKind::Part | NodeKind::Tagged | NodeKind::Data | NodeKind::Pad
    )
}

/// The bits of each character of a node's canonical text.
fn digit_spans(frame: &[u8], node: &Node) -> Vec<Span> {
    let step = match node.coding {
        Coding::Bcd | Coding::Raw | Coding::SignBcd => 4,
        Coding::Chars(_) | Coding::HexChars(_) | Coding::Zoned => 8,
    };
    let end = u32::try_from(frame.len() * 8)
        .unwrap_or(u32::MAX)
        .min(node.span.end);
    (node.span.start..end)
        .step_by(step)
        .map(|start| Span::bits(start, start + step as u32))
        .collect()
}

/// Hides the characters of one value.
fn hide(
    secrecy: Secrecy,
    tree: &Dissection<'_>,
    node: &Node,
    places: &[Span],
    out: &mut Vec<Span>,
) {
    match secrecy {
        Secrecy::Open => {}
        Secrecy::Secret => out.push(node.span),
        Secrecy::Pan => out.extend(middle(places)),
        Secrecy::Track => {
            let separator = places
                .iter()
                .position(|place| is_separator(tree, node, *place));
            let (pan, rest) = places.split_at(separator.unwrap_or(places.len()));
            out.extend(middle(pan));
            out.extend(rest.get(1..).unwrap_or_default());
        }
        Secrecy::Nested => hide_long_numbers(tree.frame(), node.span, out),
    }
}

/// The digits of a card number that stay hidden: all but the first six and last four.
fn middle(places: &[Span]) -> &[Span] {
    let shown = places.len().saturating_sub(8).min(6);
    places
        .get(shown..places.len().saturating_sub(4).max(shown))
        .unwrap_or_default()
}

/// Whether the character at a place separates a track's card number from the rest.
fn is_separator(tree: &Dissection<'_>, node: &Node, place: Span) -> bool {
    match node.coding {
        Coding::Chars(set) | Coding::HexChars(set) => tree
            .frame()
            .get(place.byte_range())
            .and_then(|bytes| bytes.first())
            .is_some_and(|byte| matches!(set.decode_byte(*byte), '=' | 'D' | '^')),
        _ => nibble_at(tree.frame(), (place.start / 4) as usize) == Some(0xD),
    }
}

/// Hides the middle of every run of at least 13 digits, packed or as ASCII characters: in bytes
/// whose meaning is unknown a card number cannot be told from another long number.
fn hide_long_numbers(frame: &[u8], span: Span, out: &mut Vec<Span>) {
    let nibbles = (span.start.next_multiple_of(4)..span.end).step_by(4);
    let packed = nibbles.map(|start| {
        let digit = nibble_at(frame, (start / 4) as usize).is_some_and(|nibble| nibble < 10);
        (Span::bits(start, start + 4), digit)
    });
    hide_runs(packed, out);
    let bytes = (span.start.next_multiple_of(8)..span.end).step_by(8);
    let characters = bytes.map(|start| {
        let byte = frame.get((start / 8) as usize);
        (
            Span::bits(start, start + 8),
            byte.is_some_and(u8::is_ascii_digit),
        )
    });
    hide_runs(characters, out);
}

/// Hides the middle of the long runs of digits among places.
fn hide_runs(places: impl Iterator<Item = (Span, bool)>, out: &mut Vec<Span>) {
    let mut run = Vec::new();
    for (place, digit) in places.chain([(Span::default(), false)]) {
        if digit {
            run.push(place);
            continue;
        }
        if run.len() >= 13 {
            out.extend(middle(&run));
        }
        run.clear();
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
