//! `poslab diff`: two messages, or one message under two dialects.

use crate::fail::{Fail, NEGATIVE, print};
use crate::look::{Look, Paint};
use crate::source::{Speaking, Speech, read_file};
use poslab_core::codec::{Candidate, Dissection};
use poslab_core::intake::{Content, Octets, read_bytes};
use poslab_core::view::decode::{push_finding, push_text};
use poslab_core::view::diff::{Change, DiffOptions, DiffRow, diff, parting};
use poslab_core::view::findings::Told;
use poslab_core::words::Lang;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// Compare two messages field by field, or one message under two dialects.
///
/// Examples:
///
///   poslab diff before.hex after.hex --ignore 7,11,37,64
///   poslab diff --echo request.hex response.hex
///   poslab diff message.hex --dialects unionpay-pos,hypercom-pos
///
/// Exit code: 0 the same, 1 differences.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Diff {
    /// The messages: two files, one file with two messages, or one message and --dialects
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Messages given directly
    #[arg(long, value_name = "HEX")]
    hex: Vec<String>,
    #[command(flatten)]
    speech: Speech,
    /// Two dialects for one message
    #[arg(
        long,
        value_name = "A,B",
        value_delimiter = ',',
        conflicts_with = "dialect"
    )]
    dialects: Vec<String>,
    /// Fields that may differ, by path
    #[arg(long, value_name = "PATHS", value_delimiter = ',')]
    ignore: Vec<String>,
    /// A request and its response: only what must be echoed is compared
    #[arg(long)]
    echo: bool,
    /// Show card numbers, tracks, PINs and keys
    #[arg(long)]
    reveal: bool,
    /// The form of the output
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// One JSON document
    Json,
}

impl Diff {
    /// Compares and gives the exit code.
    pub fn run(self, look: &Look) -> ExitCode {
        match self.diff(look) {
            Ok(code) => code,
            Err(fail) => fail.report(self.format == Format::Json),
        }
    }

    fn diff(&self, look: &Look) -> Result<ExitCode, Fail> {
        let messages = self.messages()?;
        let (left, right) = self.pair(&messages)?;
        let (a, b) = (
            left.1.dissect(&left.0.bytes),
            right.1.dissect(&right.0.bytes),
        );
        let changes = self.changes(&a, &b);
        let bytes = first_difference(a.frame(), b.frame());
        let text = match self.format {
            Format::Text => text(&changes, bytes, (&a, &b), look),
            Format::Json => json(&changes, bytes),
        };
        print(text.as_bytes())?;
        Ok(if changes.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(NEGATIVE)
        })
    }

    fn messages(&self) -> Result<Vec<Octets>, Fail> {
        let mut inputs = Vec::new();
        for file in &self.files {
            inputs.push(read_file(file)?);
        }
        inputs.extend(self.hex.iter().map(|hex| hex.clone().into_bytes()));
        let mut messages = Vec::new();
        for input in inputs {
            let read =
                read_bytes(&input).map_err(|u| Fail::Undecodable(u.slug(), u.to_string()))?;
            messages.extend(
                read.items
                    .into_iter()
                    .filter_map(|item| match item.content {
                        Content::Bytes(octets) => Some(octets),
                        Content::Fields(_) => None,
                    }),
            );
        }
        Ok(messages)
    }

    fn pair<'m>(&self, messages: &'m [Octets]) -> Result<(Read<'m>, Read<'m>), Fail> {
        match (messages, self.dialects.as_slice()) {
            ([one], [a, b]) => {
                let under = |name: &String| {
                    let speech = Speech {
                        dialect: name.clone(),
                        ..self.speech.clone()
                    };
                    read(one, &speech.resolve()?)
                };
                Ok((under(a)?, under(b)?))
            }
            ([a, b], []) => {
                let speaking = self.speech.resolve()?;
                Ok((read(a, &speaking)?, read(b, &speaking)?))
            }
            (found, _) => Err(Fail::Usage(format!(
                "found {} messages; expected two, or one with --dialects A,B",
                found.len()
            ))),
        }
    }

    /// What differs; of an answer only what it should have repeated.
    fn changes(&self, a: &Dissection<'_>, b: &Dissection<'_>) -> Vec<DiffRow> {
        let options = DiffOptions {
            reveal: self.reveal,
            echo: self.echo,
            ignore: &self.ignore,
        };
        let mut rows = diff(a, b, options);
        rows.retain(|row| match row.change {
            Change::Same => false,
            Change::EchoBroken => true,
            _ => !self.echo,
        });
        rows
    }
}

type Read<'m> = (&'m Octets, Candidate);

fn read<'m>(octets: &'m Octets, speaking: &Speaking) -> Result<Read<'m>, Fail> {
    let (octets, candidates) = speaking.choose(octets);
    let best = candidates.into_iter().next();
    best.map(|best| (octets, best)).ok_or_else(|| {
        Fail::Undecodable(
            "no-message",
            "nothing in the input begins like a message".into(),
        )
    })
}

fn first_difference(a: &[u8], b: &[u8]) -> Option<usize> {
    let at = a.iter().zip(b).position(|(a, b)| a != b);
    at.or_else(|| (a.len() != b.len()).then_some(a.len().min(b.len())))
}

fn text(
    changes: &[DiffRow],
    bytes: Option<usize>,
    (a, b): (&Dissection<'_>, &Dissection<'_>),
    look: &Look,
) -> String {
    let paint = look.stdout();
    let mut out = String::new();
    if a.dialect().name() != b.dialect().name() {
        let _ = writeln!(
            out,
            "{}",
            paint.dim(&format!("{} | {}", a.dialect().name(), b.dialect().name()))
        );
    }
    if let Some(bits) = (a.frame() == b.frame()).then(|| parting(a, b)).flatten() {
        let at = format!("0x{:04X}, bit {}", bits.start / 8, bits.start);
        let said = match look.lang() {
            Lang::En => format!("the readings part at {at}"),
            Lang::Zh => format!("两种读法自 {at} 起不同"),
        };
        let _ = writeln!(out, "{said}");
    }
    for change in changes {
        let (mark, sgr) = match change.change {
            Change::EchoBroken => ("✗", "31"),
            Change::Removed => ("-", "31"),
            Change::Added => ("+", "32"),
            Change::Changed | Change::Same => ("~", "33"),
        };
        let values = [&change.left, &change.right].into_iter().flatten();
        let values: Vec<String> = values.map(|value| value.replace('•', "*")).collect();
        let _ = writeln!(
            out,
            "{} {:<12} {}",
            paint.style(sgr, mark),
            change.path,
            values.join("  →  ")
        );
    }
    for finding in changes.iter().filter_map(DiffRow::finding) {
        let said = finding.say(look.lang()).replace('•', "*");
        let code = finding.fault.code();
        let _ = writeln!(
            out,
            "{} {said}",
            paint.style("31", &format!("error[{code}]"))
        );
    }
    out.push_str(&closing(changes.len(), bytes, paint));
    out
}

/// The last line: how many differences, and where the bytes begin to differ.
fn closing(count: usize, bytes: Option<usize>, paint: Paint) -> String {
    match (count, bytes) {
        (0, None) => "the same, byte for byte\n".to_owned(),
        (0, Some(at)) => format!("no field differs; the bytes do from 0x{at:04X}\n"),
        (_, Some(at)) => {
            paint.dim(&format!(
                "differences: {count}; bytes differ from 0x{at:04X}"
            )) + "\n"
        }
        (_, None) => paint.dim(&format!("differences: {count}, in the same bytes")) + "\n",
    }
}

fn json(changes: &[DiffRow], bytes: Option<usize>) -> String {
    let mut out = String::from("{\"schema\":\"poslab/diff/1\",\"same\":");
    let _ = write!(out, "{},\"first_byte\":", changes.is_empty());
    match bytes {
        Some(at) => {
            let _ = write!(out, "{at}");
        }
        None => out.push_str("null"),
    }
    out.push_str(",\"changes\":[");
    for (index, change) in changes.iter().enumerate() {
        out.push_str(if index > 0 {
            ",{\"path\":"
        } else {
            "{\"path\":"
        });
        push_text(&change.path, &mut out);
        let kind = match change.change {
            Change::Same => "same",
            Change::Added => "added",
            Change::Removed => "removed",
            Change::Changed => "changed",
            Change::EchoBroken => "echo-broken",
        };
        let _ = write!(out, ",\"change\":\"{kind}\"");
        for (key, value) in [("left", &change.left), ("right", &change.right)] {
            if let Some(value) = value {
                let _ = write!(out, ",\"{key}\":");
                push_text(&value.replace('•', "*"), &mut out);
            }
        }
        out.push('}');
    }
    out.push_str("],\"findings\":[");
    let broken = changes.iter().filter_map(DiffRow::finding);
    for (index, finding) in broken.enumerate() {
        out.push_str(if index > 0 { "," } else { "" });
        let mut told = Told::of(&finding);
        told.hide();
        push_finding(&told, true, &|_| None, &mut out);
    }
    out.push_str("]}\n");
    out
}
