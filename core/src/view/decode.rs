//! A decoded message as JSON: `poslab/decode/1`, what `decode --format json` prints.
//!
//! Written straight into a string, as logs of many gigabytes pass through here. Hidden digits are
//! asterisks unless the veil is lifted.

use super::findings::{Told, tell};
use super::veil::Veil;
use crate::bytes::{Span, push_hex};
use crate::codec::{Candidate, Dissection, Fix, FixKind, NodeId, NodeKind, Severity, key_text};
use crate::intake::{Note, Octets};
use crate::spec::Change;
use crate::words::{Facts, Lang, sentence};
use std::fmt::Write;
use std::ops::Range;

/// What stands in a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape<'p> {
    /// `line`, where the message stood in a log; it comes before everything else.
    pub line: Option<usize>,
    /// Secrets as they are.
    pub reveal: bool,
    /// `bits` of every field.
    pub spans: bool,
    /// `summary` in both languages.
    pub summary: bool,
    /// The frame in the words of `--frame`; empty leaves it out.
    pub framing: &'p str,
    /// How the dialect was bent, in the words of `--set`.
    pub changes: &'p [Change],
    /// The text was hex of hex.
    pub double_encoded: bool,
    /// What the reader has to say of the text itself.
    pub notes: &'p [Note],
    /// Only these paths, where not empty.
    pub select: &'p [String],
    /// What came of the MAC, as a JSON object; empty leaves it out.
    pub mac: &'p str,
}

/// Where the text of some bytes stood, so that findings can point into it.
pub type CharsOf<'c> = &'c dyn Fn(Range<usize>) -> Option<Range<usize>>;

/// Appends the record of a message as one line of JSON, without a line end.
pub fn push_json(
    tree: &Dissection<'_>,
    candidates: &[Candidate],
    shape: Shape<'_>,
    chars: CharsOf<'_>,
    out: &mut String,
) {
    let veil = if shape.reveal {
        Veil::lifted()
    } else {
        Veil::over(tree)
    };
    let mut writer = Writer {
        tree,
        veil: &veil,
        shape,
        out,
    };
    writer.out.push('{');
    if let Some(line) = shape.line {
        writer.out.push_str("\"line\":");
        push_number(line, writer.out);
        writer.out.push(',');
    }
    writer
        .out
        .push_str("\"schema\":\"poslab/decode/1\",\"dialect\":");
    push_text(tree.dialect().name(), writer.out);
    writer.changes();
    if shape.summary {
        writer.summary();
    }
    writer.frame();
    if let Some(mti) = tree.mti() {
        writer.out.push_str(",\"mti\":\"");
        writer.out.push_str(mti);
        writer.out.push('"');
    }
    writer.bitmap();
    writer.fields();
    if !shape.mac.is_empty() {
        let _ = write!(writer.out, ",\"mac\":{}", shape.mac);
    }
    writer.findings(candidates.first(), chars);
    if !candidates.is_empty() {
        writer.candidates(candidates);
    }
    writer.out.push('}');
}

struct Writer<'w, 'a> {
    tree: &'w Dissection<'a>,
    veil: &'w Veil,
    shape: Shape<'w>,
    out: &'w mut String,
}

impl Writer<'_, '_> {
    fn changes(&mut self) {
        for (index, change) in self.shape.changes.iter().enumerate() {
            let lead = if index == 0 { ",\"set\":[" } else { "," };
            let _ = write!(self.out, "{lead}\"{change}\"");
        }
        if !self.shape.changes.is_empty() {
            self.out.push(']');
        }
    }

    fn summary(&mut self) {
        let facts = facts(self.tree);
        self.out.push_str(",\"summary\":");
        push_text(&sentence(&facts, Lang::En), self.out);
        self.out.push_str(",\"summary_zh\":");
        push_text(&sentence(&facts, Lang::Zh), self.out);
    }

    fn frame(&mut self) {
        self.out.push_str(",\"frame\":{\"bytes\":");
        push_number(self.tree.frame().len(), self.out);
        if !self.shape.framing.is_empty() {
            self.out.push_str(",\"framing\":");
            push_text(self.shape.framing, self.out);
        }
        let mut headers = 0;
        for id in self.tree.children(self.tree.root()) {
            let Some(node) = self.tree.node(id) else {
                continue;
            };
            match node.kind {
                NodeKind::LengthHeader => {
                    if let Some(declared) = declared(self.tree, node.span) {
                        let _ = write!(self.out, ",\"length\":{declared}");
                    }
                }
                NodeKind::Tpdu => self.hex_member("tpdu", node.span),
                NodeKind::Header => {
                    headers += 1;
                    let key = if headers > 1 { "header2" } else { "header" };
                    self.hex_member(key, node.span);
                }
                _ => {}
            }
        }
        self.out.push('}');
    }

    fn hex_member(&mut self, key: &str, span: Span) {
        let _ = write!(self.out, ",\"{key}\":\"");
        push_hex(
            self.out,
            self.tree.frame().get(span.byte_range()).unwrap_or_default(),
        );
        self.out.push('"');
    }

    fn bitmap(&mut self) {
        for id in self.tree.children(self.tree.root()) {
            if self
                .tree
                .node(id)
                .is_some_and(|node| node.kind == NodeKind::Bitmap)
            {
                self.out.push_str(",\"bitmap\":\"");
                self.tree.push_value(id, self.out);
                self.out.push('"');
            }
        }
    }

    fn fields(&mut self) {
        self.out.push_str(",\"fields\":{");
        let mut first = true;
        for (de, id) in self.tree.fields() {
            if !self.selected(id) {
                continue;
            }
            if !std::mem::take(&mut first) {
                self.out.push(',');
            }
            self.out.push('"');
            push_number(usize::from(de), self.out);
            self.out.push_str("\":");
            self.field(id);
        }
        self.out.push('}');
    }

    fn selected(&self, id: NodeId) -> bool {
        let select = self.shape.select;
        select.is_empty() || {
            let path = self.tree.path(id);
            let number = path.strip_prefix("DE").unwrap_or(&path);
            select.iter().any(|wanted| {
                let wanted = wanted.strip_prefix("DE").unwrap_or(wanted);
                wanted.split('.').next() == Some(number)
            })
        }
    }

    fn field(&mut self, id: NodeId) {
        self.out.push_str("{\"value\":");
        self.value(id);
        if self.shape.spans
            && let Some(node) = self.tree.node(id)
        {
            push_bits("bits", node.span, self.out);
            let data = self.tree.data(id);
            if let Some(inner) = self.tree.node(data).filter(|inner| inner.span != node.span) {
                push_bits("value_bits", inner.span, self.out);
            }
        }
        self.parts(id);
        self.out.push('}');
    }

    fn parts(&mut self, id: NodeId) {
        let data = self.tree.data(id);
        let mut open = false;
        for part in self.tree.children(data) {
            let Some(node) = self.tree.node(part) else {
                continue;
            };
            let named = matches!(node.kind, NodeKind::Part | NodeKind::Tagged);
            let Some(key) = key_text(node.key).filter(|_| named) else {
                continue;
            };
            self.out.push_str(if open { "," } else { ",\"fields\":{" });
            open = true;
            match node.occurrence {
                0 | 1 => push_text(&key, self.out),
                n => push_text(&format!("{key}#{n}"), self.out),
            }
            self.out.push(':');
            self.field(part);
        }
        if open {
            self.out.push('}');
        }
    }

    fn value(&mut self, id: NodeId) {
        let hidden = self
            .tree
            .node(self.tree.data(id))
            .is_some_and(|n| self.veil.hides(n.span));
        // Most values need no escapes: they are written in place and only checked afterwards. C2
        // begins control characters beyond ASCII, among others.
        self.out.push('"');
        let from = self.out.len();
        if hidden {
            self.veil.push_text(self.tree, id, '*', self.out);
        } else {
            self.tree.push_value(id, self.out);
        }
        let plain = self.out.as_bytes().get(from..).is_none_or(|written| {
            written
                .iter()
                .all(|b| *b >= 0x20 && !matches!(b, b'"' | b'\\' | 0x7f | 0xC2))
        });
        if plain {
            self.out.push('"');
        } else {
            let value = self.out.split_off(from);
            self.out.pop();
            push_text(&value, self.out);
        }
    }

    /// With a candidate the causes and repairs as well: they take readings of their own, which
    /// a log of many messages has no time for.
    fn findings(&mut self, best: Option<&Candidate>, chars: CharsOf<'_>) {
        self.out.push_str(",\"findings\":[");
        let mut told: Vec<Told> = match best {
            Some(best) => tell(self.tree, best, self.shape.double_encoded),
            None => self.tree.findings.iter().map(Told::of).collect(),
        };
        for note in self.shape.notes.iter().map(Told::note) {
            if told.iter().all(|one| one.code != note.code) {
                told.push(note);
            }
        }
        for (index, told) in told.iter().enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            push_finding(told, self.shape.summary, chars, self.out);
        }
        self.out.push(']');
    }

    fn candidates(&mut self, candidates: &[Candidate]) {
        self.out.push_str(",\"detected\":[");
        for (index, candidate) in candidates.iter().enumerate() {
            self.out.push_str(if index > 0 {
                ",{\"dialect\":"
            } else {
                "{\"dialect\":"
            });
            push_text(candidate.dialect.name(), self.out);
            let _ = write!(
                self.out,
                ",\"frame\":\"{}\",\"score\":{},\"reasons\":[",
                candidate.framing, candidate.score
            );
            for (index, reason) in candidate.reasons.iter().enumerate() {
                if index > 0 {
                    self.out.push(',');
                }
                push_text(&reason.text(), self.out);
            }
            self.out.push_str("]}");
        }
        self.out.push(']');
    }
}

/// The reading of pasted octets, among the honest ones, that fits best.
pub fn choose<'o>(
    octets: &'o Octets,
    candidates: &dyn Fn(&[u8]) -> Vec<Candidate>,
) -> (&'o Octets, Vec<Candidate>) {
    let score = |list: &[Candidate]| {
        list.first().map_or(0, |best| {
            u16::from(best.score) + if best.clean { 50 } else { 0 }
        })
    };
    let mut best = (octets, candidates(&octets.bytes));
    for other in &octets.alternatives {
        let found = candidates(&other.bytes);
        // Other readings must fit clearly better; text that was encoded twice is the exception
        // among exceptions.
        let margin = if other.double_encoded { 10 } else { 4 };
        if score(&found) > score(&best.1) + margin {
            best = (other, found);
        }
    }
    best
}

/// Appends one finding as a JSON object; with `both` in both languages.
pub fn push_finding(told: &Told, both: bool, chars: CharsOf<'_>, out: &mut String) {
    let severity = match told.severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let Span { start, end } = told.span;
    let _ = write!(
        out,
        "{{\"code\":\"{}\",\"severity\":\"{severity}\",\"path\":",
        told.code
    );
    push_text(&told.path, out);
    let _ = write!(out, ",\"offset\":{},\"bits\":[{start},{end}]", start / 8);
    let own = told.chars.clone();
    if let Some(chars) = own.or_else(|| chars(told.span.byte_range())) {
        let _ = write!(out, ",\"chars\":[{},{}]", chars.start, chars.end);
    }
    let [en, zh] = &told.text;
    let [hint, hint_zh] = told.hint;
    for (key, text, wanted) in [
        ("expected", told.expected.as_str(), true),
        ("found", told.found.as_str(), true),
        ("message", en.as_str(), true),
        ("message_zh", zh.as_str(), both),
        ("hint", hint, true),
        ("hint_zh", hint_zh, both),
    ] {
        if wanted {
            let _ = write!(out, ",\"{key}\":");
            push_text(text, out);
        }
    }
    if let Some(fix) = &told.fix {
        push_fix(fix, both, out);
    }
    out.push('}');
}

/// Appends a repair: what it does, and the nibbles that change or the reading to take.
fn push_fix(fix: &Fix, both: bool, out: &mut String) {
    out.push_str(",\"fix\":{\"text\":");
    push_text(&fix.say(Lang::En), out);
    if both {
        out.push_str(",\"text_zh\":");
        push_text(&fix.say(Lang::Zh), out);
    }
    if let FixKind::ReadAs { dialect, frame } = &fix.kind {
        out.push_str(",\"dialect\":");
        push_text(dialect, out);
        out.push_str(",\"frame\":");
        push_text(frame, out);
    }
    out.push_str(",\"edits\":[");
    for (index, edit) in fix.edits.iter().enumerate() {
        let comma = if index > 0 { "," } else { "" };
        let Span { start, end } = edit.bits;
        let _ = write!(
            out,
            "{comma}{{\"bits\":[{start},{end}],\"hex\":\"{}\"}}",
            edit.hex
        );
    }
    out.push_str("]}");
}

/// The facts of which the sentence of a message is made.
#[must_use]
pub fn facts(tree: &Dissection<'_>) -> Facts {
    Facts::gather(&|path| match path {
        "MTI" => tree.mti().map(str::to_owned),
        path => tree.find(path).map(|id| tree.value(id)),
    })
}

/// The number in a length header.
fn declared(tree: &Dissection<'_>, span: Span) -> Option<usize> {
    let range = span.byte_range();
    let bytes = tree.frame().get(range.clone())?;
    let mismatch = tree
        .findings
        .iter()
        .find_map(|finding| match finding.fault {
            crate::codec::Fault::LengthHeader { declared, .. } if finding.span == span => {
                Some(declared)
            }
            _ => None,
        });
    let unreadable = tree.findings.iter().any(|finding| {
        finding.span == span
            && matches!(
                finding.fault,
                crate::codec::Fault::LengthHeaderUnreadable { .. }
            )
    });
    if unreadable || bytes.is_empty() {
        return None;
    }
    Some(mismatch.unwrap_or(tree.frame().len() - range.end))
}

fn push_bits(key: &str, span: Span, out: &mut String) {
    out.push_str(",\"");
    out.push_str(key);
    out.push_str("\":[");
    push_number(span.start as usize, out);
    out.push(',');
    push_number(span.end as usize, out);
    out.push(']');
}

/// Appends a number in decimal; quicker than a formatter, as every field has one.
fn push_number(number: usize, out: &mut String) {
    if number > 9 {
        push_number(number / 10, out);
    }
    out.push(char::from(b'0' + (number % 10) as u8));
}

/// Appends a JSON string.
pub fn push_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
