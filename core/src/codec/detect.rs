//! Which frame and which dialect are these bytes? Every honest reading, ranked, with its reasons.
//!
//! First the bytes alone say where a message type and a bitmap can stand ([`heads()`]), so that only
//! dialects that could fit are ever loaded. Each of them then takes the frame apart, and what comes
//! out is judged: does it consume everything, do dates and card numbers look like dates and card
//! numbers, does the frame add up.

mod heads;
mod reason;
mod score;
mod values;

pub use reason::Reason;
pub(super) use values::plausible;

use super::chars::only_printable_ascii;
use super::dissect;
use super::tree::{Dissection, NodeKind, key_text};
use crate::bytes::{Charset, sort_by_number};
use crate::frame::{FramePart, Framing};
use crate::spec::{Change, Coding, Dialect, Wire, builtin};
use crate::words::emv_tag;
use heads::{BitmapKind, Head, MtiKind, heads};
use std::sync::Arc;

/// One reading of a frame.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The dialect, bent as `changes` say.
    pub dialect: Arc<Dialect>,
    /// How the frame is split.
    pub framing: Framing,
    /// From 0 to 100: how well everything fits, less what a different reading fits as well.
    pub score: u8,
    /// Why.
    pub reasons: Vec<Reason>,
    /// How the dialect was bent to fit: small deviations that are common in the field.
    pub changes: Vec<Change>,
    /// Whether the frame was read to its end.
    pub clean: bool,
}

/// The built-in dialects with what their messages begin like: loading one costs time, so those that
/// cannot fit stay files.
const BUILTIN: [(&str, MtiKind, BitmapKind); 12] = [
    ("unionpay-pos", MtiKind::Packed, BitmapKind::Raw),
    ("hypercom-pos", MtiKind::Packed, BitmapKind::Raw),
    ("iso8583-1987-bcd", MtiKind::Packed, BitmapKind::Raw),
    ("iso8583-1993-bcd", MtiKind::Packed, BitmapKind::Raw),
    ("iso8583-2003-bcd", MtiKind::Packed, BitmapKind::Raw),
    ("base1", MtiKind::Packed, BitmapKind::Raw),
    ("iso8583-1987-ascii", MtiKind::Ascii, BitmapKind::Hex),
    ("iso8583-1993-ascii", MtiKind::Ascii, BitmapKind::Hex),
    ("iso8583-2003-ascii", MtiKind::Ascii, BitmapKind::Hex),
    ("iso8583-1987-ebcdic", MtiKind::Ebcdic, BitmapKind::Hex),
    ("iso8583-1993-ebcdic", MtiKind::Ebcdic, BitmapKind::Hex),
    ("iso8583-2003-ebcdic", MtiKind::Ebcdic, BitmapKind::Hex),
];

/// Ranks the built-in dialects, best first. Empty only when nothing in the frame can begin a
/// message.
#[must_use]
pub fn detect(frame: &[u8]) -> Vec<Candidate> {
    let heads = heads(frame, false);
    let mut found = with_builtins(frame, &heads, true);
    if !found.iter().any(|candidate| candidate.clean) {
        // Some say 2003 in the MTI and mean the fields of 1987.
        found.extend(with_builtins(frame, &heads, false));
    }
    let mut found = rank(frame, with_wide_bitmaps(frame, found));
    if let Some(best) = found.first_mut() {
        best.drop_no_tlv(frame);
        best.read_chinese(frame);
    }
    found
}

/// The one reading that leaves no doubt, or the full ranking: [`detect`] for commands that must
/// start at once, as most dialects then stay unread files.
#[must_use]
pub fn detect_quickly(frame: &[u8]) -> Vec<Candidate> {
    for head in heads(frame, false).iter().filter(|head| head.evidence >= 8) {
        let has = |part: FramePart| head.framing.parts.contains(&part);
        let name = match (head.mti, head.bitmap) {
            (MtiKind::Packed, BitmapKind::Raw) if has(FramePart::Header6) => "unionpay-pos",
            (MtiKind::Packed, BitmapKind::Raw) if has(FramePart::Base1) => "base1",
            (MtiKind::Packed, BitmapKind::Raw) if has(FramePart::Tpdu) => "hypercom-pos",
            _ => continue,
        };
        let Some(dialect) = builtin(name).filter(|_| version_fits(name, head)) else {
            continue;
        };
        let candidate = judge(frame, &dialect, head, None);
        if candidate.clean && candidate.score >= BEYOND_DOUBT {
            return vec![candidate];
        }
    }
    detect(frame)
}

/// With this score, in the frame that a dialect usually has, no other reading has ever won.
const BEYOND_DOUBT: u8 = 97;

/// Judges the built-in dialects whose edition is the one that the MTI names, or all others.
fn with_builtins(frame: &[u8], heads: &[Head], right_version: bool) -> Vec<Candidate> {
    let mut found = Vec::new();
    for head in heads {
        for (name, mti, bitmap) in BUILTIN {
            if mti != head.mti || version_fits(name, head) != right_version {
                continue;
            }
            let Some(dialect) = builtin(name) else {
                continue;
            };
            let mut candidate = if bitmap == head.bitmap {
                judge(frame, &dialect, head, None)
            } else if bitmap == BitmapKind::Hex {
                let raw = Arc::new(bent(&dialect, Change::RawBitmap));
                judge(frame, &raw, head, Some(Change::RawBitmap))
            } else {
                continue;
            };
            candidate.score =
                candidate
                    .score
                    .saturating_sub(if right_version { 0 } else { VARIANT_COSTS });
            found.push(candidate);
        }
    }
    found
}

/// Ranks the dialects that a person brings, each with every frame that can be around it. Never
/// empty when there is a dialect: the person said that this is the one.
#[must_use]
pub fn detect_among(frame: &[u8], dialects: &[Arc<Dialect>]) -> Vec<Candidate> {
    let mut found = Vec::new();
    for dialect in dialects {
        let bare = without_header(dialect);
        for head in heads(frame, true) {
            let fits = mti_kind(&bare) == head.mti && bitmap_kind(&bare) == head.bitmap;
            let wanted = dialect.header_bytes;
            if fits && (wanted == 0 || head.framing_len == wanted || !head.unknown_header) {
                found.push(judge(frame, &bare, &head, None));
            }
        }
        let parts = match u16::try_from(dialect.header_bytes) {
            Ok(len @ 1..) => vec![FramePart::Fixed(len)],
            _ => Vec::new(),
        };
        let as_said = Head::said(&bare, Framing { parts }, dialect.header_bytes);
        found.push(judge(frame, &bare, &as_said, None));
    }
    let mut found = with_wide_bitmaps(frame, found);
    prefer_own_messages(frame, &mut found);
    best_settled(frame, rank(frame, found))
}

/// Of two dialects in the same frame, one that says that it stands for such messages goes first.
fn prefer_own_messages(frame: &[u8], found: &mut [Candidate]) {
    let knows = |one: &Candidate| one.dissect(frame).rule().is_some();
    let known: Vec<(Framing, Coding)> = found
        .iter()
        .filter(|one| !one.dialect.messages.is_empty() && knows(one))
        .map(|one| (one.framing.clone(), one.dialect.mti.coding))
        .collect();
    for one in found {
        let same = |(framing, mti): &(Framing, Coding)| {
            *framing == one.framing && *mti == one.dialect.mti.coding
        };
        if known.iter().any(same) && !knows(one) {
            one.score = one.score.saturating_sub(STRANGER_COSTS);
        }
    }
}

/// A reading in a dialect that does not name this message must fit this much better.
const STRANGER_COSTS: u8 = 25;

/// Ranks dialects under a frame that the person named.
#[must_use]
pub fn detect_framed(frame: &[u8], framing: &Framing, dialects: &[Arc<Dialect>]) -> Vec<Candidate> {
    let found = dialects.iter().map(|dialect| {
        let bare = if framing.parts.is_empty() {
            dialect.clone()
        } else {
            without_header(dialect)
        };
        let head = Head::said(&bare, framing.clone(), 0);
        judge(frame, &bare, &head, None)
    });
    best_settled(
        frame,
        rank(frame, with_wide_bitmaps(frame, found.collect())),
    )
}

/// The ranking, its best reading with the text in the character set that it is in.
fn best_settled(frame: &[u8], mut found: Vec<Candidate>) -> Vec<Candidate> {
    if let Some(best) = found.first_mut().filter(|best| best.dialect.charset_open) {
        best.read_chinese(frame);
    }
    found
}

impl Candidate {
    /// Drops the structures of the `assumed` fields that do not fit this frame: a guess that fails
    /// is no fault of the message.
    pub fn drop_misfits(&mut self, frame: &[u8], assumed: &[u8]) {
        let tree = self.dissect(frame);
        let misfits: Vec<u8> = assumed
            .iter()
            .copied()
            .filter(|de| {
                let inside = format!("DE{de}.");
                tree.findings
                    .iter()
                    .any(|finding| finding.path.starts_with(&inside))
            })
            .collect();
        if !misfits.is_empty() {
            let mut dialect = (*self.dialect).clone();
            for de in misfits {
                dialect.change_field(de, |field| field.layout = None);
            }
            self.dialect = Arc::new(dialect);
        }
    }

    /// Reads as Chinese what the dialect takes for Latin text and is nothing but pairs of GB 2312:
    /// an accented letter hardly ever stands beside another one.
    fn read_chinese(&mut self, frame: &[u8]) {
        let tree = self.dissect(frame);
        let latin = |de| {
            let wire = self.dialect.wire(de);
            wire.is_some_and(|wire| wire.coding == Coding::Chars(Charset::Ascii))
        };
        let chinese = |id| {
            let span = tree.node(tree.data(id)).map(|node| node.span.byte_range());
            span.and_then(|range| frame.get(range))
                .is_some_and(all_chinese)
        };
        let found: Vec<u8> = tree
            .fields()
            .filter(|(de, id)| latin(*de) && chinese(*id))
            .map(|(de, _)| de)
            .collect();
        for de in found {
            self.bend(Change::Text(de, Charset::Gbk));
        }
    }

    fn bend(&mut self, change: Change) {
        self.dialect = Arc::new(bent(&self.dialect, change));
        self.changes.push(change);
        self.reasons.push(Reason::Bent(change));
    }

    /// Drops the structure of DE55 when what stands there begins with no tag of chip data: the first
    /// edition leaves the field free, and networks put lists and texts of their own into it.
    fn drop_no_tlv(&mut self, frame: &[u8]) {
        const CHIP: u8 = 55;
        let tree = self.dissect(frame);
        let Some(field) = tree.field(CHIP) else {
            return;
        };
        let node = tree.children(tree.data(field)).next();
        let first = match node
            .and_then(|id| tree.node(id))
            .map(|node| (node.kind, node.key))
        {
            Some((NodeKind::Tagged, key)) => key_text(key),
            _ => None,
        };
        if first.is_some_and(|tag| emv_tag(&tag).is_some()) {
            return;
        }
        let data = tree.node(tree.data(field)).map(|node| node.span);
        let bytes = data.and_then(|span| frame.get(span.byte_range()));
        let raw = data.is_some_and(|_| self.dialect.wire(CHIP).is_some_and(is_raw));
        if raw && bytes.is_some_and(|bytes| !bytes.is_empty() && only_printable_ascii(bytes)) {
            self.bend(Change::Text(CHIP, Charset::Ascii));
        } else {
            self.drop_misfits(frame, &[CHIP]);
        }
    }

    /// Takes the frame apart as this candidate says.
    #[must_use]
    pub fn dissect<'a>(&'a self, frame: &'a [u8]) -> Dissection<'a> {
        dissect(&self.dialect, frame, &self.framing)
    }
}

fn is_raw(wire: &Wire) -> bool {
    wire.coding == Coding::Raw
}

/// Whether every byte above 7F belongs to a pair of GB 2312, and there is such a pair.
fn all_chinese(bytes: &[u8]) -> bool {
    let (mut rest, mut pairs) = (bytes, 0);
    loop {
        rest = match rest {
            [] => return pairs > 0,
            [0xA1..=0xF7, 0xA1..=0xFE, after @ ..] => {
                pairs += 1;
                after
            }
            [0..=0x7F, after @ ..] => after,
            _ => return false,
        };
    }
}

fn judge(frame: &[u8], dialect: &Arc<Dialect>, head: &Head, bent: Option<Change>) -> Candidate {
    let tree = dissect(dialect, frame, &head.framing);
    let (quality, mut reasons) = score::quality(&tree, head);
    reasons.extend(bent.map(Reason::Bent));
    let penalty = if bent.is_some() { VARIANT_COSTS } else { 0 };
    Candidate {
        dialect: dialect.clone(),
        framing: head.framing.clone(),
        score: quality.saturating_sub(penalty),
        reasons,
        changes: bent.into_iter().collect(),
        clean: tree.stopped.is_none(),
    }
}

/// A bent dialect must fit this much better than a straight one.
const VARIANT_COSTS: u8 = 8;
/// Readings of different values closer than this make each other doubtful.
const MARGIN: u8 = 12;

/// A bitmap of 128 bits is tried only where nothing reads to the end, as it is rare.
fn with_wide_bitmaps(frame: &[u8], mut found: Vec<Candidate>) -> Vec<Candidate> {
    if found.iter().any(|candidate| candidate.clean) {
        return found;
    }
    let wide: Vec<Candidate> = found
        .iter()
        .filter(|c| c.dialect.bitmap.block_bytes == 8 && c.changes.is_empty())
        .filter_map(|c| {
            let dialect = Arc::new(bent(&c.dialect, Change::WideBitmap));
            let head = Head::said(&dialect, c.framing.clone(), 0);
            let judged = judge(frame, &dialect, &head, Some(Change::WideBitmap));
            judged.clean.then_some(judged)
        })
        .collect();
    found.extend(wide);
    found
}

fn rank(frame: &[u8], mut found: Vec<Candidate>) -> Vec<Candidate> {
    sort_by_number(&mut found, |one| u64::from(u8::MAX - one.score));
    found.dedup_by(|a, b| {
        a.dialect.name() == b.dialect.name() && a.framing == b.framing && a.changes == b.changes
    });
    found.truncate(MAX_CANDIDATES);
    let Some((best, others)) = found.split_first_mut() else {
        return found;
    };
    let second = others.first().map_or(0, |other| other.score);
    if let Some(rival) = others.iter().find(|other| differs(frame, best, other)) {
        let margin = best.score.saturating_sub(rival.score);
        best.score = best
            .score
            .saturating_sub(MARGIN.saturating_sub(margin))
            .max(second);
    }
    found
}

/// More readings than this help nobody.
const MAX_CANDIDATES: usize = 12;

/// Whether two readings give different values.
fn differs(frame: &[u8], a: &Candidate, b: &Candidate) -> bool {
    let values = |candidate: &Candidate| -> Vec<(u8, String)> {
        let tree = candidate.dissect(frame);
        tree.fields().map(|(de, id)| (de, tree.value(id))).collect()
    };
    values(a) != values(b)
}

/// The same dialect with a deviation.
fn bent(dialect: &Dialect, change: Change) -> Dialect {
    let mut out = dialect.clone();
    // One that cannot be made leaves the dialect as it was, which then does not fit.
    let _ = change.apply(&mut out);
    out
}

fn without_header(dialect: &Arc<Dialect>) -> Arc<Dialect> {
    if dialect.header_bytes == 0 {
        return dialect.clone();
    }
    let mut bare = (**dialect).clone();
    bare.header_bytes = 0;
    Arc::new(bare)
}

fn mti_kind(dialect: &Dialect) -> MtiKind {
    match dialect.mti.coding {
        Coding::Chars(Charset::Ebcdic500 | Charset::Ebcdic1047) => MtiKind::Ebcdic,
        Coding::Chars(_) | Coding::HexChars(_) | Coding::Zoned => MtiKind::Ascii,
        Coding::Bcd | Coding::Raw | Coding::SignBcd => MtiKind::Packed,
    }
}

fn bitmap_kind(dialect: &Dialect) -> BitmapKind {
    if matches!(dialect.bitmap.coding, Coding::Raw) {
        BitmapKind::Raw
    } else {
        BitmapKind::Hex
    }
}

/// Whether the edition in the name is the one that the MTI's first digit names. Versions nobody
/// has defined are read with the first edition.
fn version_fits(name: &str, head: &Head) -> bool {
    match head.version {
        1 => name.contains("1993"),
        2 => name.contains("2003"),
        _ => !name.contains("1993") && !name.contains("2003"),
    }
}
