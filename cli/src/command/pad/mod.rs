//! `poslab pad`: real PIN pads on serial ports, a simulated one on a pseudo-terminal, and the
//! traffic between them.

mod beside;
mod emulate;
mod identify;
mod keyboard;
mod log;
mod out;
mod port;
mod replay;
mod ring;
#[cfg(test)]
mod sample;
mod sniff;
mod talk;
mod task;

pub(super) use beside::Beside;
#[cfg(test)]
pub(super) use sample::samples;

use crate::look::Look;
use clap::{Args, Subcommand, ValueEnum};
use poslab_core::pad::Protocol;
use poslab_core::pad::epp::frame::Coding;
use poslab_core::pad::probe::Line;
use std::path::PathBuf;
use std::process::ExitCode;

/// Talk to PIN pads: find, ask, emulate, listen in.
///
/// Examples:
///
///   poslab pad ports
///   poslab pad emulate --protocol abecs --keys 1,2,3,4,enter
///   poslab pad identify --port /dev/pts/5
///   poslab pad info --port /dev/pts/5 --protocol abecs
///   poslab pad pin --port /dev/pts/5 --protocol abecs --account @card.txt --dukpt 1
///   poslab pad sniff --host pty --pad /dev/ttyUSB0 --log traffic.jsonl
///
/// Nothing that loads or erases a key is ever sent unless `load-key` is asked for and confirmed.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub struct Pad {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// List the serial ports of this machine
    Ports(Show),
    Identify(identify::Identify),
    Info(task::Info),
    Display(task::Display),
    Key(task::Key),
    Pin(task::Pin),
    Mac(task::Mac),
    LoadKey(task::LoadKey),
    Sniff(sniff::Sniff),
    Emulate(emulate::Emulate),
    Replay(replay::Replay),
}

impl Pad {
    /// Runs the chosen verb and gives its exit code.
    pub fn run(self, look: &Look) -> ExitCode {
        out::speak(look.lang());
        let (format, result) = match self.verb {
            Verb::Ports(show) => (show.format, port::list(show.format)),
            Verb::Identify(v) => (v.show.format, v.run()),
            Verb::Info(v) => (v.cable.show.format, v.run()),
            Verb::Display(v) => (v.cable.show.format, v.run()),
            Verb::Key(v) => (v.cable.show.format, v.run()),
            Verb::Pin(v) => (v.cable.show.format, v.run()),
            Verb::Mac(v) => (v.cable.show.format, v.run()),
            Verb::LoadKey(v) => (v.cable.show.format, v.run()),
            Verb::Sniff(v) => (v.show.format, v.run()),
            Verb::Emulate(v) => (v.show.format, v.run()),
            Verb::Replay(v) => (v.show.format, v.run()),
        };
        match result {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => failure.report(format),
        }
    }
}

/// How results are written.
#[derive(Args, Clone, Copy)]
struct Show {
    /// How results are written; traffic in json is one object per line
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a person
    Text,
    /// For a program
    Json,
}

/// Which port, which family, which line.
#[derive(Args)]
struct Cable {
    /// The serial port
    #[arg(long, value_name = "PORT")]
    port: String,
    /// The family of the pad
    #[arg(long, value_parser = protocol, value_name = "abecs|visa|epp")]
    protocol: Protocol,
    /// Speed and shape of the line, such as 9600-8N1 or 1200-7E1; the family's usual one if left out
    #[arg(long, value_parser = line, value_name = "LINE")]
    line: Option<Line>,
    /// How an EPP is written to
    #[arg(long, value_parser = coding, default_value = "hex", value_name = "hex|binary|binary-03")]
    coding: Coding,
    /// ABECS: talk through a secure channel (RSA and AES)
    #[arg(long)]
    secure: bool,
    /// Write the traffic to this file, one JSON object per line, card data and keys masked
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Leave nothing masked in the log
    #[arg(long, requires = "log")]
    reveal: bool,
    #[command(flatten)]
    show: Show,
}

impl Cable {
    fn line(&self) -> Line {
        self.line.unwrap_or(Line::usual(self.protocol))
    }
}

fn protocol(text: &str) -> Result<Protocol, String> {
    Protocol::from_name(text).ok_or_else(|| "abecs, visa or epp".to_owned())
}

fn line(text: &str) -> Result<Line, String> {
    Line::from_text(text).ok_or_else(|| "such as 9600, 9600-8N1 or 1200-7E1".to_owned())
}

fn coding(text: &str) -> Result<Coding, String> {
    Coding::from_name(text).ok_or_else(|| "hex, binary or binary-03".to_owned())
}
