//! One pasted text, read and taken apart: everything the panes draw, as values.

use crate::words::{Lang, inspect as w};
use poslab_core::bytes::{Span, sort_by_number, to_hex};
use poslab_core::codec::{
    Candidate, Dissection, NodeKind, Reason, Severity, detect, detect_among, dissect,
};
use poslab_core::frame::Framing;
use poslab_core::intake::{Content, Fields, Form, Intake, Item, Note, NoteCode, Octets, Unread};
use poslab_core::spec::{Dialect, Name, builtin};
use poslab_core::view::decode::choose;
use poslab_core::view::findings::{Told, tell};
use poslab_core::view::format::format_in_words;
use poslab_core::view::grid::{Alphabet, Grid, grid};
use poslab_core::view::outline::{Row, lookup, outline, row_at};
use poslab_core::view::readings::{self, readings};
use poslab_core::view::veil::Veil;
use poslab_core::view::verify::{Check, checks};
use poslab_core::words::{Facts, sentence};
use std::ops::Range;
use std::sync::Arc;

/// A text that was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// What the reader understood, such as "hexdump -C, 3 lines, 47 bytes".
    pub what: String,
    /// The same in Chinese.
    pub what_zh: String,
    /// Why nothing could be read.
    pub refused: Option<String>,
    /// How many messages the text holds.
    pub items: usize,
    /// The bytes of the frame that is shown.
    pub frame: Vec<u8>,
    /// The characters each byte was pasted as, in UTF-8 bytes.
    pub chars: Vec<Option<(usize, usize)>>,
    /// The dialect, where one was found.
    pub dialect: Option<Arc<Dialect>>,
    /// What stands in front of the message.
    pub framing: Framing,
    /// How well each dialect fits, best first.
    pub fits: Vec<Fit>,
    /// The type of the message, four digits.
    pub mti: Option<String>,
    /// The message in a sentence, in both languages.
    pub sentence: [String; 2],
    /// The rows of the tree.
    pub rows: Vec<Row>,
    /// What is wrong.
    pub findings: Vec<Told>,
    /// What was verified.
    pub checks: Vec<Check>,
    /// What is hidden.
    pub veil: Veil,
}

/// How well a dialect fits.
#[derive(Clone, Debug)]
pub struct Fit {
    /// What detection says.
    pub candidate: Candidate,
    /// The name by which it is chosen: the dialect's, and the frame's when another reading has
    /// the same dialect.
    pub name: String,
}

impl PartialEq for Fit {
    fn eq(&self, other: &Fit) -> bool {
        self.name == other.name && self.candidate.score == other.candidate.score
    }
}

impl Fit {
    /// The reasons, in words.
    pub fn reasons(&self, lang: Lang) -> String {
        let said = |reason: &Reason| match lang {
            Lang::En => reason.text(),
            Lang::Zh => reason.text_zh(),
        };
        let list: Vec<String> = self.candidate.reasons.iter().map(said).collect();
        list.join(match lang {
            Lang::En => "; ",
            Lang::Zh => "；",
        })
    }

    /// How many fields fit, in words.
    pub fn short(&self, lang: Lang) -> String {
        let fields = self
            .candidate
            .reasons
            .iter()
            .find_map(|reason| match reason {
                Reason::FieldsFit { good, total } => Some(format!("{good}/{total}")),
                _ => None,
            });
        let score = self.candidate.score;
        match fields {
            Some(fields) => {
                w::FIT.with(lang, &[("fields", &fields), ("score", &score.to_string())])
            }
            None => format!("{score} %"),
        }
    }
}

/// Every reading of a frame, one per dialect, best first; at the same score the dialects that
/// people brought along come first.
fn fits(frame: &[u8], own: &[Arc<Dialect>]) -> Vec<Fit> {
    let mut candidates = detect_among(frame, own);
    candidates.extend(detect(frame));
    sort_by_number(&mut candidates, |one| u64::from(u8::MAX - one.score));
    let mut fits: Vec<Fit> = Vec::new();
    for candidate in candidates {
        let name = candidate.dialect.name().to_owned();
        if fits.iter().all(|fit| fit.name != name) {
            fits.push(Fit { candidate, name });
        }
    }
    fits
}

/// What the card shows of the chosen bits.
#[derive(Clone, Debug, PartialEq)]
pub struct Details {
    /// The row they belong to.
    pub row: Row,
    /// The bits.
    pub bits: Span,
    /// How the value stands on the wire.
    pub format: Option<Name>,
    /// The bytes in hex, hidden ones as dots.
    pub raw: String,
    /// What the bits say in other codings; nothing while they are hidden.
    pub readings: Vec<readings::Reading>,
    /// The value for editing, where it can be edited and is not hidden.
    pub editable: Option<String>,
}

/// Takes the `item`th message of a text that was read apart, in a dialect or in the one that fits
/// best; `own` are the dialects that people brought along.
pub fn read(
    text: Result<Intake, Unread>,
    item: usize,
    dialect: Option<&str>,
    reveal: bool,
    own: &[Arc<Dialect>],
) -> Reading {
    match text {
        Ok(intake) => of_intake(&intake, item, dialect, reveal, own),
        Err(unread) => Reading {
            refused: Some(unread.to_string()),
            ..Reading::default()
        },
    }
}

/// The same for a text that another module has read: what it understood in both languages, how
/// many lines it skipped, then the bytes of each message in hex, or what is no hex for fields.
pub fn read_restated(
    restated: &str,
    item: usize,
    dialect: Option<&str>,
    reveal: bool,
    own: &[Arc<Dialect>],
) -> Reading {
    let mut lines = restated.split('\n');
    let mut next = || lines.next().unwrap_or_default();
    let (what, what_zh) = (next().to_owned(), next().to_owned());
    let count = next().parse().unwrap_or(0);
    let message = |line: &str| Item {
        form: Form::Json,
        chars: 0..0,
        line: 0,
        content: match hex::decode(line) {
            Ok(bytes) => Content::Bytes(Octets::unmapped(bytes)),
            Err(_) => Content::Fields(Fields::default()),
        },
    };
    let skipped = Note {
        code: NoteCode::SkippedLines,
        chars: 0..0,
        count,
    };
    let intake = Intake {
        form: Form::Json,
        lines: 0,
        items: lines.map(message).collect(),
        notes: if count > 0 { vec![skipped] } else { Vec::new() },
    };
    Reading {
        what,
        what_zh,
        ..of_intake(&intake, item, dialect, reveal, own)
    }
}

/// Takes one message of an intake apart.
fn of_intake(
    intake: &Intake,
    item: usize,
    dialect: Option<&str>,
    reveal: bool,
    own: &[Arc<Dialect>],
) -> Reading {
    let mut reading = Reading {
        what: intake.what(),
        what_zh: intake.what_zh(),
        items: intake.items.len(),
        ..Reading::default()
    };
    let Some(Content::Bytes(first)) = intake.items.get(item).map(|item| &item.content) else {
        return reading;
    };
    // The same characters may be hex or the message itself: the reading that fits better counts.
    let all = |bytes: &[u8]| {
        fits(bytes, own)
            .into_iter()
            .map(|fit| fit.candidate)
            .collect()
    };
    let (octets, candidates) = choose(first, &all);
    let named = |candidate: Candidate| Fit {
        name: candidate.dialect.name().to_owned(),
        candidate,
    };
    let found: Vec<Fit> = candidates.into_iter().map(named).collect();
    let chars = |at: usize| {
        octets
            .chars(at..at + 1)
            .map(|range| (range.start, range.end))
    };
    reading.chars = (0..octets.bytes.len()).map(chars).collect();
    reading.frame.clone_from(&octets.bytes);
    reading.fits = found;
    let best = match dialect {
        Some(name) => reading.fits.iter().find(|fit| fit.name == name),
        None => reading.fits.first(),
    };
    let chosen = match (best, dialect) {
        (Some(fit), _) => Some(fit.candidate.clone()),
        (None, Some(name)) => {
            builtin(name).and_then(|one| detect_among(&octets.bytes, &[one]).into_iter().next())
        }
        (None, None) => None,
    };
    let Some(chosen) = chosen else { return reading };
    let double = octets.double_encoded;
    reading.framing.clone_from(&chosen.framing);
    fill(&mut reading, &chosen, double, reveal);
    for note in intake.notes.iter().filter(|_| item == 0).map(Told::note) {
        if reading.findings.iter().all(|one| one.code != note.code) {
            reading.findings.push(note);
        }
    }
    reading.dialect = Some(chosen.dialect);
    reading
}

/// Fills in what follows from the frame and its dialect.
fn fill(reading: &mut Reading, chosen: &Candidate, double: bool, reveal: bool) {
    let frame = std::mem::take(&mut reading.frame);
    let tree = chosen.dissect(&frame);
    reading.veil = if reveal {
        Veil::lifted()
    } else {
        Veil::over(&tree)
    };
    reading.rows = outline(&tree, &reading.veil);
    let facts = Facts::gather(&|path: &str| lookup(&tree, path));
    reading.sentence = [sentence(&facts, Lang::En), sentence(&facts, Lang::Zh)];
    reading.mti = tree.mti().map(str::to_owned);
    reading.findings = tell(&tree, chosen, double);
    reading.checks = checks(&tree);
    reading.frame = frame;
}

impl Reading {
    /// The hex view with so many bytes a row.
    pub fn grid(&self, per_row: usize, alphabet: Alphabet) -> Grid {
        let Some(dialect) = &self.dialect else {
            return Grid::default();
        };
        let tree = dissect(dialect, &self.frame, &self.framing);
        grid(&tree, &self.rows, &self.veil, per_row, alphabet)
    }

    /// The message taken apart again, for those who need the tree itself.
    pub fn with_tree<T>(&self, look: impl FnOnce(&Dissection<'_>) -> T) -> Option<T> {
        let dialect = self.dialect.as_ref()?;
        Some(look(&dissect(dialect, &self.frame, &self.framing)))
    }

    /// Whether anything is wrong that makes the message break its dialect.
    pub fn has_errors(&self) -> bool {
        !self.findings_allow_edit()
    }

    /// The pasted text in pieces, those with a finding marked as an error or less; nothing when
    /// there is none, or more text than anybody looks at.
    pub fn marked(&self, text: &str) -> Vec<(String, Option<bool>)> {
        const LONGEST: usize = 20_000;
        let mut ranges: Vec<(Range<usize>, bool)> = self
            .findings
            .iter()
            .filter_map(|told| Some((self.chars_of(told)?, told.severity)))
            .filter(|(_, severity)| *severity > Severity::Info)
            .map(|(range, severity)| (range, severity == Severity::Error))
            .collect();
        if ranges.is_empty() || text.len() > LONGEST {
            return Vec::new();
        }
        sort_by_number(&mut ranges, |(range, _)| range.start as u64);
        let (mut at, mut pieces) = (0, Vec::new());
        for (range, error) in ranges {
            let start = range.start.max(at);
            let (Some(plain), Some(wrong)) = (text.get(at..start), text.get(start..range.end))
            else {
                continue;
            };
            pieces.push((plain.to_owned(), None));
            // What is missing at the end shows as a space behind it.
            let shown = if wrong.is_empty() { " " } else { wrong };
            pieces.push((shown.to_owned(), Some(error)));
            at = range.end;
        }
        pieces.push((text.get(at..).unwrap_or_default().to_owned(), None));
        pieces
    }

    /// The characters of a finding in the pasted text.
    fn chars_of(&self, told: &Told) -> Option<Range<usize>> {
        if told.chars.is_some() {
            return told.chars.clone();
        }
        let bytes = told.span.byte_range();
        let end = self.chars.last().copied().flatten()?.1;
        let first = self.chars.get(bytes.start).copied().flatten();
        let last = self
            .chars
            .get(bytes.end.max(bytes.start + 1) - 1)
            .copied()
            .flatten();
        let start = first.map_or(end, |(start, _)| start);
        Some(start..last.map_or(end, |(_, end)| end).max(start))
    }

    /// Where the bytes behind the message begin, when there are any.
    pub fn behind(&self) -> Option<usize> {
        let rest = self
            .rows
            .iter()
            .find(|row| row.kind == NodeKind::Trailing)?;
        Some(rest.span.byte_range().start)
    }

    /// The command that gives the same result.
    pub fn command(&self) -> String {
        match &self.dialect {
            Some(dialect) => format!("poslab decode --dialect {} message.txt", dialect.name()),
            None => "poslab decode message.txt".to_owned(),
        }
    }

    /// The message in a sentence.
    pub fn sentence(&self, lang: Lang) -> String {
        let bytes = self.frame.len().to_string();
        let fields = self
            .rows
            .iter()
            .filter(|row| row.kind == NodeKind::Field)
            .count();
        match &self.mti {
            _ if self.refused.is_some() => w::SENTENCE_REFUSED.say(lang).to_owned(),
            _ if self.frame.is_empty() => w::SENTENCE_FIELDS.say(lang).to_owned(),
            Some(_) if !self.sentence[0].is_empty() => match lang {
                Lang::En => self.sentence[0].clone(),
                Lang::Zh => self.sentence[1].clone(),
            },
            Some(mti) => {
                let places = [
                    ("mti", mti.as_str()),
                    ("fields", &fields.to_string()),
                    ("bytes", &bytes),
                ];
                w::SENTENCE_PLAIN.with(lang, &places)
            }
            None => w::SENTENCE_NONE.with(lang, &[("bytes", &bytes)]),
        }
    }

    /// The row of some bits, and above it the rows it stands under: `DE55 / 9F10 IAD`.
    pub fn path_of(&self, bits: Span, lang: Lang) -> String {
        let first = Span::bits(bits.start, bits.start + 1);
        let Some(row) = row_at(&self.rows, bits).or_else(|| row_at(&self.rows, first)) else {
            return String::new();
        };
        let Some(row) = self.rows.get(row) else {
            return String::new();
        };
        let name = if lang == Lang::Zh && !row.name.zh.is_empty() {
            &row.name.zh
        } else {
            &row.name.en
        };
        format!("{} {name}", row.path.replace('.', " / "))
    }

    /// What the card shows of some bits.
    pub fn details(&self, bits: Span) -> Option<Details> {
        let same = self.rows.iter().position(|row| row.span == bits);
        let first = Span::bits(bits.start, bits.start + 1);
        let index = same
            .or_else(|| row_at(&self.rows, bits))
            .or_else(|| row_at(&self.rows, first))?;
        let row = self.rows.get(index)?.clone();
        let (format, value, value_bits) = self.with_tree(|tree| {
            let format = tree
                .spec(row.node)
                .map(|field| format_in_words(&field.wire));
            let data = tree
                .node(tree.data(row.node))
                .map_or(bits, |node| node.span);
            (format, tree.value(row.node), data)
        })?;
        let asked = if same.is_some() && row.kind != NodeKind::Bitmap {
            value_bits
        } else {
            bits
        };
        let hidden = self.veil.hides(asked);
        let settable = matches!(
            row.kind,
            NodeKind::Field | NodeKind::Part | NodeKind::Tagged | NodeKind::Mti
        );
        Some(Details {
            bits,
            format: format.filter(|_| settable),
            raw: self.raw(bits),
            readings: if hidden {
                Vec::new()
            } else {
                readings(&self.frame, asked)
            },
            editable: (settable && !hidden && self.findings_allow_edit()).then_some(value),
            row,
        })
    }

    /// The bytes of some bits in hex, hidden nibbles as dots.
    fn raw(&self, bits: Span) -> String {
        const SHOWN: usize = 48;
        let range = bits.byte_range();
        let bytes = self.frame.get(range.clone()).unwrap_or_default();
        let mut text = String::new();
        for (index, byte) in bytes.iter().take(SHOWN).enumerate() {
            let at = (range.start + index) as u32 * 8;
            for (half, digit) in to_hex(&[*byte]).chars().enumerate() {
                let from = at + half as u32 * 4;
                text.push(if self.veil.hides(Span::bits(from, from + 4)) {
                    '•'
                } else {
                    digit
                });
            }
            text.push(' ');
        }
        if bytes.len() > SHOWN {
            text.push('…');
        }
        text
    }

    /// Editing needs a message that can be read strictly.
    fn findings_allow_edit(&self) -> bool {
        self.findings
            .iter()
            .all(|finding| finding.severity != Severity::Error)
    }
}
