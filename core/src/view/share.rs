//! A message as a link: what goes in, and how it comes back.
//!
//! ```text
//! v1.<base64url of raw deflate of: dialect NUL framing NUL flag frame>
//! ```
//!
//! Only fields of an allow-list go in as they are. Everything else becomes zeros of the same
//! length before the link is made, so two messages that differ only there give the same link.

use super::copy::blank;
use super::veil::Veil;
use crate::bytes::{Charset, Span};
use crate::codec::{Dissection, Key, NodeId, NodeKind};
use crate::spec::Coding;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

/// What a link holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// The name of the dialect.
    pub dialect: String,
    /// The framing, as `--frame` has it.
    pub framing: String,
    /// Whether digits were replaced, so that a MAC cannot be checked.
    pub redacted: bool,
    /// The frame.
    pub frame: Vec<u8>,
}

/// A link longer than this may be cut by what carries it.
pub const LONG_LINK: usize = 2000;

/// The greatest frame that a link may unpack to.
const MAX_FRAME_BYTES: usize = 256 * 1024;

/// Fields that say how a message works and nothing of its cardholder.
const FIELDS: [u8; 39] = [
    3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 15, 16, 17, 18, 19, 22, 23, 24, 25, 26, 27, 28, 32, 33, 37,
    38, 39, 41, 42, 49, 50, 51, 53, 60, 64, 70, 90, 95, 128,
];

/// EMV tags of the same kind.
const TAGS: [u32; 20] = [
    0x82, 0x84, 0x8A, 0x91, 0x95, 0x9A, 0x9B, 0x9C, 0x5F2A, 0x9F02, 0x9F03, 0x9F09, 0x9F1A, 0x9F26,
    0x9F27, 0x9F33, 0x9F34, 0x9F35, 0x9F36, 0x9F37,
];

impl Shared {
    /// What a link to a dissected message holds, without what must not go in.
    #[must_use]
    pub fn of(tree: &Dissection<'_>, framing: &str) -> Shared {
        let mut frame = tree.frame().to_vec();
        for span in Veil::over(tree).spans() {
            blank(&mut frame, span);
        }
        for id in tree.leaves() {
            let Some(node) = tree.node(id) else { continue };
            if may_go_in(tree, id) {
                continue;
            }
            wipe(&mut frame, node.span, zero(node.coding));
        }
        Shared {
            dialect: tree.dialect().name().to_owned(),
            framing: framing.to_owned(),
            redacted: frame != tree.frame(),
            frame,
        }
    }

    /// The fragment of the link.
    #[must_use]
    pub fn link(&self) -> String {
        let mut plain = Vec::with_capacity(self.frame.len() + 64);
        plain.extend(self.dialect.as_bytes());
        plain.push(0);
        plain.extend(self.framing.as_bytes());
        plain.push(0);
        plain.push(u8::from(self.redacted));
        plain.extend(&self.frame);
        let packed = miniz_oxide::deflate::compress_to_vec(&plain, 10);
        format!("v1.{}", BASE64_URL_SAFE_NO_PAD.encode(packed))
    }

    /// Reads the fragment of a link; `None` when it is none.
    #[must_use]
    pub fn read(fragment: &str) -> Option<Shared> {
        let text = fragment.strip_prefix("v1.")?;
        let packed = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let plain =
            miniz_oxide::inflate::decompress_to_vec_with_limit(&packed, MAX_FRAME_BYTES).ok()?;
        let mut parts = plain.splitn(3, |byte| *byte == 0);
        let dialect = String::from_utf8(parts.next()?.to_vec()).ok()?;
        let framing = String::from_utf8(parts.next()?.to_vec()).ok()?;
        let (flag, frame) = parts.next()?.split_first()?;
        Some(Shared {
            dialect,
            framing,
            redacted: *flag == 1,
            frame: frame.to_vec(),
        })
    }
}

/// The byte that says zero in a coding. It depends on nothing that was in the message.
fn zero(coding: Coding) -> u8 {
    match coding {
        Coding::Chars(Charset::Ebcdic500 | Charset::Ebcdic1047)
        | Coding::HexChars(Charset::Ebcdic500 | Charset::Ebcdic1047)
        | Coding::Zoned => 0xF0,
        Coding::Chars(_) | Coding::HexChars(_) => b'0',
        Coding::Bcd | Coding::Raw | Coding::SignBcd => 0,
    }
}

/// Puts the nibbles of `byte` over some bits.
fn wipe(frame: &mut [u8], span: Span, byte: u8) {
    for nibble in span.start / 4..span.end.div_ceil(4) {
        let Some(place) = frame.get_mut((nibble / 2) as usize) else {
            return;
        };
        let kept = if nibble.is_multiple_of(2) { 0x0F } else { 0xF0 };
        *place = *place & kept | byte & !kept;
    }
}

/// Whether a leaf may go into a link as it is. Structure may: it says only how long things are.
fn may_go_in(tree: &Dissection<'_>, id: NodeId) -> bool {
    let above: Vec<_> = std::iter::successors(Some(id), |id| tree.parent(*id))
        .filter_map(|id| tree.node(id))
        .collect();
    let Some(leaf) = above.first() else {
        return false;
    };
    let field = above.iter().find_map(|node| match node.key {
        Key::De(de) => Some(de),
        _ => None,
    });
    let tag = above.iter().find_map(|node| match node.key {
        Key::Tag(tag) => Some(tag),
        _ => None,
    });
    match (leaf.kind, tag, field) {
        (NodeKind::Undecoded | NodeKind::Trailing, _, _) => false,
        (NodeKind::Prefix | NodeKind::Tag | NodeKind::Pad, _, _) => true,
        (_, Some(tag), _) => TAGS.contains(&tag),
        // The first six and last four digits of these stay, as on screen.
        (_, None, Some(2 | 35)) => true,
        (_, None, Some(de)) => FIELDS.contains(&de),
        (_, None, None) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{Draft, dissect, pack};
    use crate::frame::Framing;
    use crate::spec::builtin;

    fn link(pan: &str, free_text: &str) -> String {
        let dialect = builtin("unionpay-pos").unwrap();
        let draft = Draft::new("0200")
            .with(2, pan.to_owned())
            .with(4, "000000012345")
            .with(44, free_text.to_owned())
            .with(52, "8883105E1474329E");
        let frame = pack(&dialect, &draft).unwrap();
        Shared::of(&dissect(&dialect, &frame, &Framing::none()), "none").link()
    }

    #[test]
    fn what_is_redacted_does_not_change_the_link() {
        let one = link("6216261000000000018", "SECRET 1");
        assert_eq!(one, link("6216261234567890018", "SECRET 2"));
        assert_ne!(one, link("6216261000000000025", "SECRET 1"));
    }

    /// A sale in which only what identifies the card and who pays is given.
    fn sale([middle, tail, text, block, chip]: [&str; 5]) -> String {
        let pan = format!("621626{middle}0018");
        let track = format!("{pan}D3012{tail}");
        let draft = Draft::new("0200")
            .with(2, pan.clone())
            .with(4, "000000012345")
            .with(35, track)
            .with(44, text.to_owned())
            .with(52, block.to_owned())
            .with(55, format!("5A0A{pan}F9F1008{chip}"))
            .with(64, "3131313131313131");
        let dialect = builtin("unionpay-pos").unwrap();
        let frame = pack(&dialect, &draft).unwrap();
        Shared::of(&dissect(&dialect, &frame, &Framing::none()), "none").link()
    }

    proptest::proptest! {
        #[test]
        fn two_sales_that_differ_in_what_is_redacted_give_one_link(
            one in ("[0-9]{9}", "[0-9]{8}", "[A-Z0-9]{8}", "[0-9A-F]{16}", "[0-9A-F]{16}"),
            other in ("[0-9]{9}", "[0-9]{8}", "[A-Z0-9]{8}", "[0-9A-F]{16}", "[0-9A-F]{16}"),
        ) {
            let link = |(a, b, c, d, e): &(String, String, String, String, String)| {
                sale([a, b, c, d, e])
            };
            proptest::prop_assert_eq!(link(&one), link(&other));
        }
    }

    #[test]
    fn a_link_comes_back() {
        let shared = Shared::read(&link("6216261000000000018", "SECRET 1")).unwrap();
        assert_eq!(shared.dialect, "unionpay-pos");
        assert!(shared.redacted);
        let dialect = builtin("unionpay-pos").unwrap();
        let tree = dissect(&dialect, &shared.frame, &Framing::none());
        assert_eq!(tree.value(tree.field(4).unwrap()), "000000012345");
        assert_eq!(tree.value(tree.field(2).unwrap()), "6216260000000000018");
        assert_eq!(tree.value(tree.field(52).unwrap()), "0000000000000000");
    }

    #[test]
    fn what_is_no_link_is_refused() {
        for text in ["", "v1.", "v1.!!!", "v2.AAAA", "v1.AAAA"] {
            assert_eq!(Shared::read(text), None, "{text}");
        }
    }
}
