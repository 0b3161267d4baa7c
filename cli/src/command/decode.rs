//! `poslab decode`: any paste or file, taken apart.

mod pick;
mod stream;
mod text;
mod verify;

use crate::fail::{Fail, NEGATIVE, print};
use crate::look::Look;
use crate::message_keys::MessageKeys;
use crate::source::{Input, Speaking, Speech};
use pick::{Condition, csv_head, csv_row, holds};
use poslab_core::codec::{Candidate, Dissection};
use poslab_core::intake::{Content, Intake, Item, Note, Octets, Unread, read_bytes};
use poslab_core::spec::Change;
use poslab_core::view::decode::{Shape, push_json, push_text};
use poslab_core::view::findings::tell_findings;
use std::process::ExitCode;
use verify::{Count, Mac, Verifier};

/// Take messages apart: frame, message type, bitmap, fields, sub-fields, and what is wrong.
///
/// Reads hex in any form, hexdumps, byte arrays, base64, logs, raw files; finds frame and dialect
/// by itself. Card numbers, tracks, PINs and keys are masked unless --reveal.
///
/// Examples:
///
///   poslab decode capture.log
///   poslab decode --hex 080020200000008000009200000001323931313030303031
///   poslab decode --spec mine.xml --frame len2be+tpdu message.bin
///   poslab decode --where DE39=51 --select 11,39,41 --format csv big.log
///
///   poslab decode --mak @mak.hex --format jsonl big.log
///
/// With --mak or --keys the MAC of every message is checked, and a wrong one is explained.
///
/// Exit code: 0 all well, 1 a message has errors or its MAC is not shown to be right,
/// 3 nothing could be decoded.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Decode {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    speech: Speech,
    #[command(flatten)]
    keys: MessageKeys,
    /// The form of the output
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Show card numbers, tracks, PINs and keys
    #[arg(long)]
    reveal: bool,
    /// Only messages in which a field has a value: DE39=51, DE4!=0, DE2=6216*, MTI=0210, DE55
    #[arg(long = "where", value_name = "PATH=VALUE")]
    conditions: Vec<Condition>,
    /// Only these fields, by path: 11,39,DE55.9F26
    #[arg(long, value_name = "PATHS", value_delimiter = ',')]
    select: Vec<String>,
    /// Make every repair that works, then decode; what was done is said on stderr
    #[arg(long)]
    fix: bool,
    /// Bit positions in jsonl as well
    #[arg(long)]
    spans: bool,
    /// The sentence of each message, in both languages, in jsonl as well
    #[arg(long)]
    summary: bool,
    /// Exit with 0 even if messages have errors
    #[arg(long)]
    exit_zero: bool,
    /// How many threads read a log (default: all cores)
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
}

/// The form of the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// One JSON document per message
    Json,
    /// One line of JSON per message
    Jsonl,
    /// The selected fields as a table
    Csv,
    /// The message bytes as hex
    Hex,
    /// The message bytes
    Raw,
}

/// What came of all messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    messages: usize,
    shown: usize,
    errors: usize,
    unreadable: usize,
    macs: Count,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.messages += other.messages;
        self.shown += other.shown;
        self.errors += other.errors;
        self.unreadable += other.unreadable;
        self.macs.add(other.macs);
    }
}

impl Decode {
    /// Decodes and gives the exit code.
    pub fn run(self, look: &Look) -> ExitCode {
        let json = matches!(self.format, Format::Json | Format::Jsonl);
        match self.decode(look) {
            Ok(code) => code,
            Err(fail) => fail.report(json),
        }
    }

    fn decode(&self, look: &Look) -> Result<ExitCode, Fail> {
        let speaking = self.speech.resolve()?;
        if !look.quiet {
            for warning in &speaking.warnings {
                eprintln!("poslab: {warning}");
            }
            if self.reveal {
                eprintln!(
                    "poslab: {}",
                    look.say("secrets are shown", "敏感数据未遮蔽")
                );
            }
        }
        let verifier = Verifier::of(self)?;
        let lines = matches!(self.format, Format::Jsonl | Format::Csv) && self.input.hex.is_none();
        let tally = if lines {
            stream::run(self, &speaking, verifier, look)?
        } else {
            let verifier = verifier.as_ref();
            self.whole(&self.input.read()?, &speaking, verifier, look)?
        };
        if tally.macs != Count::default() && tally.messages > 1 && !look.quiet {
            eprintln!("{}", look.stderr().dim(&tally.macs.text(look)));
        }
        self.finish(tally)
    }

    fn finish(&self, tally: Tally) -> Result<ExitCode, Fail> {
        if tally.messages == 0 || tally.messages == tally.unreadable {
            let words = "no message could be decoded".to_owned();
            return Err(Fail::Undecodable("no-message", words));
        }
        let negative = (tally.errors > 0 || tally.macs.is_open()) && !self.exit_zero;
        Ok(if negative {
            ExitCode::from(NEGATIVE)
        } else {
            ExitCode::SUCCESS
        })
    }

    /// Everything at once: pastes and files of a few messages.
    fn whole(
        &self,
        bytes: &[u8],
        speaking: &Speaking,
        verifier: Option<&Verifier>,
        look: &Look,
    ) -> Result<Tally, Fail> {
        let read = read_bytes(bytes).map_err(|unread| undecodable(unread, look))?;
        let mut tally = Tally::default();
        let mut out = Vec::new();
        if self.format == Format::Csv {
            out.extend(csv_head(&self.select).into_bytes());
        }
        if self.format == Format::Text && !look.quiet {
            self.announce(&read, look);
        }
        for (index, item) in read.items.iter().enumerate() {
            match &item.content {
                Content::Bytes(octets) => {
                    let (octets, mut candidates) = speaking.choose(octets);
                    let repaired = self.repaired(octets, &candidates, look);
                    if let Some(repaired) = &repaired {
                        candidates = again(candidates, speaking.choose(repaired).1);
                    }
                    let octets = repaired.as_ref().unwrap_or(octets);
                    let view = View {
                        octets,
                        candidates: &candidates,
                        item,
                        index,
                        of: read.items.len(),
                        notes: if index == 0 { &read.notes } else { &[] },
                        verifier,
                    };
                    self.one(&view, look, &mut tally, &mut out);
                }
                Content::Fields(fields) => {
                    tally.messages += 1;
                    tally.shown += 1;
                    out.extend(
                        text::fields(fields, self.reveal, self.format == Format::Text).into_bytes(),
                    );
                }
            }
        }
        print(&out)?;
        Ok(tally)
    }

    fn announce(&self, read: &Intake, look: &Look) {
        eprintln!(
            "{}",
            look.stderr().dim(look.say(&read.what(), &read.what_zh()))
        );
        for note in &read.notes {
            eprintln!(
                "{}",
                look.stderr().dim(look.say(&note.text(), &note.text_zh()))
            );
        }
    }

    fn one(&self, view: &View<'_>, look: &Look, tally: &mut Tally, out: &mut Vec<u8>) {
        tally.messages += 1;
        let Some(best) = view.candidates.first() else {
            tally.unreadable += 1;
            return;
        };
        let mut tree = best.dissect(&view.octets.bytes);
        let mac = view.verifier.map(|verifier| verifier.one(&mut tree));
        tally.unreadable += usize::from(tree.mti().is_none());
        if !holds(&self.conditions, &tree) {
            return;
        }
        tally.shown += 1;
        tally.errors += usize::from(tree.has_errors());
        if let Some(mac) = &mac {
            tally.macs.count(mac);
        }
        let mac = mac.as_ref();
        match self.format {
            Format::Text => out.extend(text::message(view, &tree, mac, self, look).into_bytes()),
            Format::Json => out.extend(self.json(view, &tree, mac).into_bytes()),
            Format::Jsonl => {
                let mut line = String::new();
                self.jsonl(&tree, &best.changes, None, mac, &mut line);
                line.push('\n');
                out.extend(line.into_bytes());
            }
            Format::Csv => {
                let mut line = String::new();
                csv_row(&self.select, &tree, self.reveal, &mut line);
                out.extend(line.into_bytes());
            }
            Format::Hex => out.extend(text::hex(&tree, self.reveal).into_bytes()),
            Format::Raw => out.extend_from_slice(&view.octets.bytes),
        }
    }

    /// The octets after every repair that works, when `--fix` asks for it and there is one.
    fn repaired(&self, octets: &Octets, found: &[Candidate], look: &Look) -> Option<Octets> {
        let best = found.first().filter(|_| self.fix)?;
        let mut done = None;
        // Each repair takes one finding away, so this ends; a bound keeps that true by itself.
        for _ in 0..64 {
            let bytes = done.as_ref().unwrap_or(&octets.bytes);
            let tree = best.dissect(bytes);
            let fixes = tell_findings(&tree, &best.framing).into_iter();
            let fix = fixes
                .filter_map(|told| told.fix)
                .find(|fix| !fix.edits.is_empty());
            let Some((after, fix)) = fix.and_then(|fix| Some((fix.apply(bytes)?, fix))) else {
                break;
            };
            if !look.quiet {
                eprintln!("poslab: {}", fix.say(look.lang()));
            }
            done = Some(after);
        }
        done.map(Octets::unmapped)
    }

    fn json(&self, view: &View<'_>, tree: &Dissection<'_>, mac: Option<&Mac>) -> String {
        let framing = view
            .candidates
            .first()
            .map(|best| best.framing.to_string())
            .unwrap_or_default();
        let shape = Shape {
            line: None,
            reveal: self.reveal,
            spans: true,
            summary: true,
            framing: &framing,
            changes: view.candidates.first().map_or(&[], |best| &best.changes),
            double_encoded: view.octets.double_encoded,
            notes: view.notes,
            select: &self.select,
            mac: &mac.map(Mac::json).unwrap_or_default(),
        };
        let mut line = String::new();
        let chars = |bytes| view.octets.chars(bytes);
        push_json(tree, view.candidates, shape, &chars, &mut line);
        let value: serde_json::Value = serde_json::from_str(&line).expect("our own JSON is JSON");
        let mut out = String::new();
        pretty(&value, 0, &mut out);
        out.push('\n');
        out
    }

    fn jsonl(
        &self,
        tree: &Dissection<'_>,
        changes: &[Change],
        line: Option<usize>,
        mac: Option<&Mac>,
        out: &mut String,
    ) {
        let shape = Shape {
            line,
            reveal: self.reveal,
            spans: self.spans,
            summary: self.summary,
            framing: "",
            changes,
            double_encoded: false,
            notes: &[],
            select: &self.select,
            mac: &mac.map(Mac::json).unwrap_or_default(),
        };
        push_json(tree, &[], shape, &|_| None, out);
    }
}

/// Indented JSON with pairs of numbers on one line.
pub(super) fn pretty(value: &serde_json::Value, depth: usize, out: &mut String) {
    use serde_json::Value;
    let indent = |out: &mut String, depth: usize| {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    };
    match value {
        Value::Object(map) if !map.is_empty() => {
            out.push('{');
            for (index, (key, value)) in map.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                indent(out, depth + 1);
                push_text(key, out);
                out.push_str(": ");
                pretty(value, depth + 1, out);
            }
            indent(out, depth);
            out.push('}');
        }
        Value::Array(list) if list.iter().any(|v| !v.is_number()) => {
            out.push('[');
            for (index, value) in list.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                indent(out, depth + 1);
                pretty(value, depth + 1, out);
            }
            indent(out, depth);
            out.push(']');
        }
        other => out.push_str(&other.to_string()),
    }
}

/// One message and how it was read.
struct View<'v> {
    octets: &'v Octets,
    candidates: &'v [Candidate],
    item: &'v Item,
    index: usize,
    of: usize,
    /// What the reader said of the text, with the first message.
    notes: &'v [Note],
    verifier: Option<&'v Verifier>,
}

fn undecodable(unread: Unread, look: &Look) -> Fail {
    Fail::Undecodable(
        unread.slug(),
        look.say(&unread.to_string(), &unread.text_zh()).to_owned(),
    )
}

/// What a repaired frame is judged to be: in the reading that was repaired, if it is found again.
fn again(before: Vec<Candidate>, mut found: Vec<Candidate>) -> Vec<Candidate> {
    let same = |one: &Candidate| {
        let old = before.first();
        old.is_some_and(|old| old.dialect == one.dialect && old.framing == one.framing)
    };
    match found.iter().position(same) {
        Some(at) => {
            if let Some(first) = found.get_mut(..=at) {
                first.rotate_right(1);
            }
            found
        }
        None => before,
    }
}
