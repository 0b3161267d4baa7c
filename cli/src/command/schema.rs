//! `poslab schema`: the shape of what the verbs print, as JSON Schema.
//!
//! The structs here only describe; the record itself is written without them, as logs are long.
//! A test holds the two together.

pub(crate) mod bench;
mod pad;

use crate::fail::{Fail, print};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::process::ExitCode;

/// Print the JSON Schema of an output.
///
/// Example:
///
///   poslab schema decode
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Schema {
    /// Of which verb
    #[arg(value_enum)]
    verb: Verb,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Verb {
    /// decode --format json and jsonl
    Decode,
    /// diff --format json
    Diff,
    /// mac --format json
    Mac,
    /// pin --format json
    Pin,
    /// key --format json
    Key,
    /// card --format json
    Card,
    /// emv --format json
    Emv,
    /// a line of calc
    Calc,
    /// pad … --format json, and the lines of --log
    Pad,
}

/// A decoded message: `poslab/decode/1`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
struct Decode {
    /// The number of the line, in JSON lines.
    line: Option<usize>,
    /// Always `poslab/decode/1`.
    schema: String,
    /// The dialect the message was read in.
    dialect: String,
    /// How that dialect was bent to fit, in the words of `--set`; encode bends it alike.
    #[serde(default)]
    set: Vec<String>,
    /// One plain sentence.
    summary: Option<String>,
    /// The same in Chinese.
    summary_zh: Option<String>,
    /// What stands around the message.
    frame: Frame,
    /// The message type, when it could be read.
    mti: Option<String>,
    /// The bitmaps as upper-case hex.
    bitmap: Option<String>,
    /// The fields by number.
    fields: BTreeMap<String, Field>,
    /// What came of the MAC, when a key was given.
    mac: Option<Mac>,
    /// What is wrong in the order of the bytes, then the likely causes, the likeliest first.
    findings: Vec<Finding>,
    /// Every reading that was considered, best first.
    #[serde(default)]
    detected: Vec<Candidate>,
}

/// What stands around a message.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
struct Frame {
    /// How many bytes the frame has.
    bytes: usize,
    /// The parts in front of the message, in the words of `--frame`.
    framing: Option<String>,
    /// What the length header says.
    length: Option<usize>,
    /// The TPDU as hex.
    tpdu: Option<String>,
    /// The header as hex.
    header: Option<String>,
    /// A second header as hex.
    header2: Option<String>,
}

/// A field, sub-field or tagged value.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
struct Field {
    /// Digits, text, or upper-case hex for bytes; hidden characters are asterisks.
    value: String,
    /// The bits it covers with its length and padding, end exclusive.
    bits: Option<(u32, u32)>,
    /// The bits of the value alone, where they differ.
    value_bits: Option<(u32, u32)>,
    /// Sub-fields by number, or tagged values by tag (`9F10#2` for a second one).
    #[serde(default)]
    fields: BTreeMap<String, Field>,
}

/// What came of the MAC.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
struct Mac {
    /// `valid`, `wrong`, `unchecked` or `absent`.
    state: String,
    /// The field it stands in.
    path: Option<String>,
    /// The operation that makes it, as `calc` calls it.
    op: Option<String>,
    /// The bits of the MAC, end exclusive.
    bits: Option<(u32, u32)>,
    /// The bits that go into it, end exclusive.
    covers: Option<(u32, u32)>,
    /// What it should be.
    expected: Option<String>,
    /// What it is.
    found: Option<String>,
    /// The known mistakes that, alone, make what was found.
    #[serde(default)]
    causes: Vec<Mistake>,
    /// Why it could not be checked.
    reason: Option<String>,
}

/// A mistake that explains another value.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
struct Mistake {
    /// Its stable name.
    cause: String,
    /// In a sentence.
    explanation: String,
    /// The same in Chinese.
    zh: String,
}

/// Something that is wrong.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
struct Finding {
    /// A stable slug with a page in the documentation.
    code: String,
    /// `info`, `warning` or `error`.
    severity: String,
    /// The field path, such as `DE55.9F10`.
    path: String,
    /// The first byte that is meant.
    offset: usize,
    /// The bits that are meant, end exclusive.
    bits: (u32, u32),
    /// The range of the pasted text, in UTF-8 bytes.
    chars: Option<(usize, usize)>,
    /// What should stand there.
    expected: String,
    /// What stands there.
    found: String,
    /// All of it in one sentence.
    message: String,
    /// The same in Chinese.
    message_zh: Option<String>,
    /// What to look at next.
    hint: String,
    /// The same in Chinese.
    hint_zh: Option<String>,
    /// A repair that was tried: with it the finding is gone.
    fix: Option<Fix>,
}

/// A repair.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
struct Fix {
    /// What it does.
    text: String,
    /// The same in Chinese.
    text_zh: Option<String>,
    /// The dialect to read the bytes in, where that is the repair.
    dialect: Option<String>,
    /// The frame to read them in.
    frame: Option<String>,
    /// What changes in the frame.
    edits: Vec<Edit>,
}

/// Some nibbles and what stands there instead.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
struct Edit {
    /// The bits that go, end exclusive.
    bits: (u32, u32),
    /// The hexadecimal digits that come; none where something is dropped.
    hex: String,
}

/// A reading.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
struct Candidate {
    /// The dialect.
    dialect: String,
    /// The frame in the words of `--frame`.
    frame: String,
    /// From 0 to 100.
    score: u8,
    /// Why.
    reasons: Vec<String>,
}

/// Differences between two messages: `poslab/diff/1`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
struct Diff {
    /// Always `poslab/diff/1`.
    schema: String,
    /// Whether no field differs.
    same: bool,
    /// The first byte that differs.
    first_byte: Option<usize>,
    /// The differences by path.
    changes: Vec<Change>,
    /// What an answer does not repeat although it must.
    findings: Vec<Finding>,
}

/// One difference.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
struct Change {
    /// The field path.
    path: String,
    /// `same`, `added`, `removed`, `changed` or `echo-broken`.
    change: String,
    /// The value in the first message.
    left: Option<String>,
    /// The value in the second message.
    right: Option<String>,
}

impl Schema {
    /// Prints and gives the exit code.
    pub fn run(self) -> ExitCode {
        let schema = match self.verb {
            Verb::Decode => schemars::schema_for!(Decode),
            Verb::Diff => schemars::schema_for!(Diff),
            Verb::Mac | Verb::Pin | Verb::Key | Verb::Card | Verb::Emv => {
                schemars::schema_for!(bench::Answer)
            }
            Verb::Calc => schemars::schema_for!(bench::Calc),
            Verb::Pad => schemars::schema_for!(pad::Pad),
        };
        let text = serde_json::to_string_pretty(&schema).map_err(|e| Fail::Usage(e.to_string()));
        match text.and_then(|text| print(format!("{text}\n").as_bytes())) {
            Ok(()) => ExitCode::SUCCESS,
            Err(fail) => fail.report(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use poslab_core::codec::detect;
    use poslab_core::spec::Change;
    use poslab_core::view::decode::{Shape, push_json};

    #[test]
    fn what_decode_writes_is_what_the_schema_says() {
        let whole = "0016600003000060310031000108000020000000000001000001001122";
        for cut in (2..=whole.len()).step_by(2) {
            let frame = hex::decode(&whole[..cut]).unwrap();
            let candidates = detect(&frame);
            let Some(best) = candidates.first() else {
                continue;
            };
            let mut out = String::new();
            let shape = Shape {
                line: None,
                reveal: false,
                spans: true,
                summary: true,
                framing: "none",
                changes: &[Change::RawBitmap, Change::Remove(2)],
                double_encoded: true,
                notes: &[],
                select: &[],
                mac: "{\"state\":\"absent\"}",
            };
            push_json(
                &best.dissect(&frame),
                &candidates,
                shape,
                &|_| Some(0..2),
                &mut out,
            );
            let read: Result<Decode, _> = serde_json::from_str(&out);
            assert!(read.is_ok(), "{out}: {read:?}");
        }
    }
}
