//! Why is a message wrong? The likeliest causes, ranked, beside what the reader stumbled over.
//!
//! The place where reading stops is rarely the place of the mistake: a lost byte shifts everything
//! behind it, a pasted text lost its double spaces, a length header was taken for a message type.

mod say;
mod shifted;

use super::detect::{Candidate, detect, plausible};
use super::fault::Fault;
use super::tree::{Dissection, NodeKind};
use crate::bytes::{Span, sort_by_number};
use crate::frame::FramePart;

/// One cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// What it is.
    pub kind: CauseKind,
    /// The field path it is about; `frame` for the whole.
    pub path: String,
    /// The bits to look at.
    pub span: Span,
}

/// The causes that are recognised, the most telling first.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "the members are named as the sentences say them"
)]
pub enum CauseKind {
    /// A value is hex text of digits in another character set.
    DoubleEncoded { ebcdic: bool },
    /// Runs of spaces became one: fixed fields are short.
    WhitespaceCollapsed,
    /// The bitmap announces a second one, but a card number stands there.
    BitmapBitsSwapped,
    /// A second track stands before or behind the place where it is read.
    Shifted {
        by: usize,
        later: bool,
        hex_digits: bool,
    },
    /// Less is there than the length header says.
    TruncatedPaste { declared: usize, present: usize },
    /// Everything reads to the end, only the length header is wrong.
    LengthHeaderWrong { declared: usize, present: usize },
    /// More is there than the length header says: another message or a checksum.
    MoreBehind { declared: usize, present: usize },
    /// Another dialect or frame reads it to the end.
    OtherReading { dialect: String, frame: String },
    /// Bytes in front that no rule explains.
    UnknownHeader { bytes: usize },
    /// The bitmap announces a MAC and the data ends before it.
    MacMissing { de: u8 },
    /// The first value that does not look like what it should be.
    FirstImplausible,
}

impl CauseKind {
    /// Its place among others, the likeliest first: the order above.
    const fn rank(&self) -> u8 {
        match self {
            Self::DoubleEncoded { .. } => 0,
            Self::WhitespaceCollapsed => 1,
            Self::BitmapBitsSwapped => 2,
            Self::Shifted { .. } => 3,
            Self::TruncatedPaste { .. } => 4,
            Self::LengthHeaderWrong { .. } => 5,
            Self::MoreBehind { .. } => 6,
            Self::OtherReading { .. } => 7,
            Self::UnknownHeader { .. } => 8,
            Self::MacMissing { .. } => 9,
            Self::FirstImplausible => 10,
        }
    }

    /// The stable slug.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::DoubleEncoded { .. } => "double-encoded",
            Self::WhitespaceCollapsed => "whitespace-collapsed",
            Self::BitmapBitsSwapped => "bitmap-bits-swapped",
            Self::Shifted { .. } => "data-shifted",
            Self::TruncatedPaste { .. } => "truncated-paste",
            Self::LengthHeaderWrong { .. } => "length-header-wrong",
            Self::MoreBehind { .. } => "more-behind",
            Self::OtherReading { .. } => "other-reading",
            Self::UnknownHeader { .. } => "unknown-header",
            Self::MacMissing { .. } => "mac-missing",
            Self::FirstImplausible => "first-implausible",
        }
    }
}

/// The causes of what is wrong with a reading, likeliest first; none when nothing is wrong.
#[must_use]
pub fn causes(tree: &Dissection<'_>, candidate: &Candidate) -> Vec<Cause> {
    let mut found = Vec::new();
    let errors = tree.has_errors();
    frame_causes(tree, candidate, &mut found);
    if errors {
        found.extend(double_encoded(tree));
        found.extend(collapsed(tree));
        found.extend(swapped_bits(tree));
        found.extend(shifted::shifted(tree));
        found.extend(implausible(tree));
        found.extend(mac_missing(tree));
    }
    if tree.stopped.is_some() {
        found.extend(other_reading(tree, candidate));
    }
    sort_by_number(&mut found, |cause| u64::from(cause.kind.rank()));
    found
}

fn frame_causes(tree: &Dissection<'_>, candidate: &Candidate, found: &mut Vec<Cause>) {
    for finding in &tree.findings {
        let Fault::LengthHeader { declared, present } = finding.fault else {
            continue;
        };
        let complete = tree.stopped.is_none();
        let behind = tree.body.end < tree.frame().len();
        let kind = match () {
            () if declared < present && (behind || !complete) => {
                CauseKind::MoreBehind { declared, present }
            }
            () if complete => CauseKind::LengthHeaderWrong { declared, present },
            () if declared > present => CauseKind::TruncatedPaste { declared, present },
            () => continue,
        };
        found.push(Cause {
            kind,
            path: "length".into(),
            span: finding.span,
        });
    }
    let mut at = 0;
    for part in &candidate.framing.parts {
        let rest = tree.frame().get(at..).unwrap_or_default();
        let Some(len) = part.len_in(rest) else { break };
        if matches!(part, FramePart::Fixed(_)) {
            let span = Span::bytes(at..at + len);
            found.push(Cause {
                kind: CauseKind::UnknownHeader { bytes: len },
                path: "header".into(),
                span,
            });
        }
        at += len;
    }
}

/// A run of hex text whose bytes are all digits of EBCDIC, or of ASCII.
fn double_encoded(tree: &Dissection<'_>) -> Option<Cause> {
    const MIN_PAIRS: usize = 6;
    let start = fields_start(tree)?;
    let body = tree.frame().get(start..)?;
    for (zone, ebcdic) in [(*b"fF", true), (*b"33", false)] {
        let min = if ebcdic { MIN_PAIRS } else { MIN_PAIRS * 3 };
        for at in 0..body.len().saturating_sub(min * 2) {
            let pairs = body.get(at..)?.chunks_exact(2).take_while(
                |pair| matches!(**pair, [z, d] if zone.contains(&z) && d.is_ascii_digit()),
            );
            let count = pairs.count();
            if count >= min {
                let span = Span::bytes(start + at..start + at + count * 2);
                return Some(Cause {
                    kind: CauseKind::DoubleEncoded { ebcdic },
                    path: path_at(tree, span),
                    span,
                });
            }
        }
    }
    None
}

/// Text with words and single spaces only, in a message that does not add up.
fn collapsed(tree: &Dissection<'_>) -> Option<Cause> {
    let start = fields_start(tree)?;
    let body = tree.frame().get(start..)?;
    let text = body.iter().all(|b| (0x20..0x7f).contains(b));
    let singles = body
        .windows(2)
        .filter(|w| matches!(w, [b' ', other] if *other != b' '))
        .count();
    let doubles = body.windows(2).any(|w| w == b"  ");
    let letters = body
        .windows(4)
        .any(|w| w.iter().all(u8::is_ascii_alphabetic));
    (text && letters && singles >= 2 && !doubles).then(|| Cause {
        kind: CauseKind::WhitespaceCollapsed,
        path: "frame".into(),
        span: Span::bytes(start..tree.frame().len()),
    })
}

/// Digits of a card number with its two-digit length where the second bitmap should be.
fn swapped_bits(tree: &Dissection<'_>) -> Option<Cause> {
    let bitmap = tree
        .children(tree.root())
        .find_map(|id| tree.node(id).filter(|node| node.kind == NodeKind::Bitmap))?;
    let bytes = tree.frame().get(bitmap.span.byte_range().start..)?;
    let second = bytes.get(16..40).or(bytes.get(16..))?;
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0usize, |n, d| {
            d.is_ascii_digit().then(|| n * 10 + usize::from(d - b'0'))
        })
    };
    let len = number(second.get(..2)?).filter(|len| (13..=19).contains(len))?;
    let digits = second.get(2..2 + len)?.iter().all(u8::is_ascii_digit);
    let first = bytes.first()?;
    let announces = matches!(first, b'8'..=b'9' | b'A'..=b'F' | b'a'..=b'f')
        && !matches!(first, b'C'..=b'F' | b'c'..=b'f');
    (digits && announces).then(|| Cause {
        kind: CauseKind::BitmapBitsSwapped,
        path: "bitmap".into(),
        span: Span::bytes(bitmap.span.byte_range().start..bitmap.span.byte_range().start + 1),
    })
}

fn implausible(tree: &Dissection<'_>) -> Option<Cause> {
    tree.fields().find_map(|(de, id)| {
        let node = tree.node(tree.data(id))?;
        let wrong = plausible(de, &tree.value(id), node.coding) == Some(false);
        wrong.then(|| Cause {
            kind: CauseKind::FirstImplausible,
            path: format!("DE{de}"),
            span: node.span,
        })
    })
}

/// The MAC is announced and nothing of it is there.
fn mac_missing(tree: &Dissection<'_>) -> Option<Cause> {
    let stop = tree.stopped.as_ref()?;
    let de = match stop.path.as_str() {
        "DE64" => 64,
        "DE128" => 128,
        _ => return None,
    };
    let nothing = matches!(stop.fault, Fault::TruncatedField { have: 0, .. });
    let end = tree.frame().len();
    nothing.then(|| Cause {
        kind: CauseKind::MacMissing { de },
        path: stop.path.clone(),
        span: Span::bytes(stop.offset.min(end)..end),
    })
}

/// A built-in reading to the end, where the chosen one stops.
fn other_reading(tree: &Dissection<'_>, candidate: &Candidate) -> Option<Cause> {
    let other = detect(tree.frame())
        .into_iter()
        .find(|other| other.clean && other.score >= 60)?;
    let same =
        other.dialect.name() == candidate.dialect.name() && other.framing == candidate.framing;
    (!same).then(|| Cause {
        kind: CauseKind::OtherReading {
            dialect: other.dialect.name().to_owned(),
            frame: other.framing.to_string(),
        },
        path: "frame".into(),
        span: Span::bytes(0..tree.frame().len()),
    })
}

/// The byte behind the bitmap.
fn fields_start(tree: &Dissection<'_>) -> Option<usize> {
    let bitmap = |id| tree.node(id).filter(|node| node.kind == NodeKind::Bitmap);
    let node = tree.children(tree.root()).find_map(bitmap)?;
    Some(node.span.byte_range().end)
}

fn path_at(tree: &Dissection<'_>, span: Span) -> String {
    let field = tree.fields().find(|(_, id)| {
        tree.node(*id)
            .is_some_and(|node| node.span.start <= span.start && span.start < node.span.end)
    });
    field.map_or_else(|| "rest".to_owned(), |(de, _)| format!("DE{de}"))
}
