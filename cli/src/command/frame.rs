//! `poslab frame`: what stands around a message, described, taken off, put on.

use crate::fail::{Fail, print};
use crate::look::Look;
use crate::source::Input;
use clap::Subcommand;
use poslab_core::bytes::to_hex;
use poslab_core::codec::detect;
use poslab_core::frame::{FramePart, Framing};
use poslab_core::intake::{Content, Octets, decode_hex, read_bytes};
use std::fmt::Write as _;
use std::process::ExitCode;

/// Describe, take off or put on what stands in front of a message.
///
/// Parts: len2be, len2le, len4be, len2bcd, len4ascii (each also -inclusive), tpdu, header6, base1,
/// iso12, fixedN; joined with +.
///
/// Examples:
///
///   poslab frame describe message.hex
///   poslab frame unwrap --frame len2be+tpdu message.hex
///   poslab frame wrap --frame len2be+tpdu --tpdu 6000030000 body.hex
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Frame {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Say what the frame is made of, and how sure that is
    Describe {
        #[command(flatten)]
        input: Input,
    },
    /// Print the message without its frame
    Unwrap {
        #[command(flatten)]
        input: Input,
        /// The parts, or auto
        #[arg(long, value_name = "PARTS", default_value = "auto")]
        frame: String,
    },
    /// Print the message with a frame around it
    Wrap {
        #[command(flatten)]
        input: Input,
        /// The parts
        #[arg(long, value_name = "PARTS")]
        frame: String,
        /// The TPDU as ten hex digits
        #[arg(long, value_name = "HEX")]
        tpdu: Option<String>,
        /// The header as hex
        #[arg(long, value_name = "HEX")]
        header: Option<String>,
    },
}

impl Frame {
    /// Runs and gives the exit code.
    pub fn run(self, look: &Look) -> ExitCode {
        let done = match &self.what {
            What::Describe { input } => describe(input, look),
            What::Unwrap { input, frame } => unwrap(input, frame),
            What::Wrap {
                input,
                frame,
                tpdu,
                header,
            } => wrap(input, frame, tpdu.as_ref(), header.as_ref()),
        };
        match done {
            Ok(code) => code,
            Err(fail) => fail.report(false),
        }
    }
}

fn messages(input: &Input) -> Result<Vec<Octets>, Fail> {
    let read =
        read_bytes(&input.read()?).map_err(|u| Fail::Undecodable(u.slug(), u.to_string()))?;
    let octets = read
        .items
        .into_iter()
        .filter_map(|item| match item.content {
            Content::Bytes(octets) => Some(octets),
            Content::Fields(_) => None,
        });
    Ok(octets.collect())
}

fn parse(words: &str) -> Result<Framing, Fail> {
    words
        .parse()
        .map_err(|error| Fail::Usage(format!("--frame: {error}")))
}

fn describe(input: &Input, look: &Look) -> Result<ExitCode, Fail> {
    let paint = look.stdout();
    let (mut out, mut found) = (String::new(), false);
    for octets in messages(input)? {
        for (index, candidate) in detect(&octets.bytes).iter().take(3).enumerate() {
            found = true;
            let head = format!(
                "{} {}% {}",
                candidate.framing,
                candidate.score,
                candidate.dialect.name()
            );
            let _ = writeln!(
                out,
                "{}",
                if index == 0 {
                    paint.bold(&head)
                } else {
                    paint.dim(&head)
                }
            );
            if index > 0 {
                continue;
            }
            let split = candidate.framing.split(&octets.bytes);
            for piece in &split.pieces {
                let bytes = octets.bytes.get(piece.range.clone()).unwrap_or_default();
                let present = octets.bytes.len() - piece.range.end;
                let declared = match piece.declared {
                    Some(n) if n == present => format!("  {n} bytes follow"),
                    Some(n) => format!("  says {n} bytes, {present} follow"),
                    None => String::new(),
                };
                let _ = writeln!(
                    out,
                    "  {:<10} {}{declared}",
                    piece.part.to_string(),
                    to_hex(bytes)
                );
            }
            let _ = writeln!(
                out,
                "  {:<10} {} bytes from {}",
                "message",
                split.body.len(),
                split.body.start
            );
        }
    }
    if !found {
        return Err(Fail::Undecodable(
            "no-message",
            "nothing in the input begins like a message".into(),
        ));
    }
    print(out.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn unwrap(input: &Input, words: &str) -> Result<ExitCode, Fail> {
    let named = if words == "auto" {
        None
    } else {
        Some(parse(words)?)
    };
    let (mut out, mut code) = (String::new(), ExitCode::SUCCESS);
    for octets in messages(input)? {
        let framing = match &named {
            Some(framing) => framing.clone(),
            None => detect(&octets.bytes)
                .into_iter()
                .next()
                .map(|c| c.framing)
                .unwrap_or_default(),
        };
        let split = framing.split(&octets.bytes);
        if let Some(part) = split.cut_in {
            eprintln!("poslab: the input ends inside {part}");
            code = ExitCode::from(crate::fail::NEGATIVE);
        }
        let body = octets
            .bytes
            .get(split.body.start..split.body.end.min(octets.bytes.len()));
        let _ = writeln!(out, "{}", to_hex(body.unwrap_or_default()));
    }
    print(out.as_bytes())?;
    Ok(code)
}

fn wrap(
    input: &Input,
    words: &str,
    tpdu: Option<&String>,
    header: Option<&String>,
) -> Result<ExitCode, Fail> {
    let framing = parse(words)?;
    let hex = |text: Option<&String>, option: &str| -> Result<Option<Vec<u8>>, Fail> {
        let Some(text) = text else { return Ok(None) };
        let mut bytes = Vec::new();
        decode_hex(text.as_bytes(), &mut bytes)
            .map_err(|at| Fail::Usage(format!("{option}: no hex digit at {at}")))?;
        Ok(Some(bytes))
    };
    let (tpdu, header) = (hex(tpdu, "--tpdu")?, hex(header, "--header")?);
    let mut out = String::new();
    for octets in messages(input)? {
        let mut bytes_of = |part| match part {
            FramePart::Tpdu => tpdu.clone(),
            FramePart::Length(_) => None,
            _ => header.clone(),
        };
        let framed = framing.wrap(&octets.bytes, &mut bytes_of).map_err(|part| {
            Fail::Usage(format!(
                "{part} needs bytes of its length: give --tpdu or --header"
            ))
        })?;
        let _ = writeln!(out, "{}", to_hex(&framed));
    }
    print(out.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
