//! The verbs, one file each; this file only lists and dispatches them.

mod calc;
mod card;
mod check;
mod completions;
mod decode;
mod diff;
mod emv;
mod encode;
mod explain;
mod frame;
mod key;
mod mac;
mod pad;
mod pin;
mod run;
pub(crate) mod schema;
mod serve;
mod spec;

use crate::look::Look;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// See, understand and debug card payments at the point of sale.
///
/// A teaching and debugging tool: not certified, not for production keys.
#[derive(Parser)]
#[command(name = "poslab", version)]
pub struct Cli {
    #[command(flatten)]
    look: Look,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Completions(completions::Completions),
    Decode(Box<decode::Decode>),
    Check(check::CheckVerb),
    Run(run::Run),
    Pad(pad::Pad),
    Calc(calc::Calc),
    /// Card verification values, card numbers, tracks.
    Card(card::CardVerb),
    /// Card keys, session keys, cryptograms, issuer scripts.
    Emv(emv::EmvVerb),
    /// Look at keys, derive them, wrap and unwrap them.
    Key(key::KeyVerb),
    /// Make a MAC, verify one, or say why two differ.
    Mac(mac::MacVerb),
    /// PIN blocks, their translation, and what an issuer checks.
    Pin(pin::PinVerb),
    Explain(explain::Explain),
    Diff(Box<diff::Diff>),
    Encode(Box<encode::Encode>),
    Frame(frame::Frame),
    Schema(schema::Schema),
    Serve(serve::Serve),
    Spec(spec::Spec),
}

impl Cli {
    /// Runs the chosen verb and gives its exit code.
    pub fn run(self) -> ExitCode {
        let look = &self.look;
        match self.verb {
            Verb::Completions(completions) => completions.run(),
            Verb::Decode(decode) => decode.run(look),
            Verb::Check(check) => check.run(look),
            Verb::Run(run) => run.run(look),
            Verb::Pad(pad) => pad.run(look),
            Verb::Calc(calc) => calc.run(),
            Verb::Card(card) => card.run(look),
            Verb::Emv(emv) => emv.run(look),
            Verb::Key(key) => key.run(look),
            Verb::Mac(mac) => mac.run(look),
            Verb::Pin(pin) => pin.run(look),
            Verb::Explain(explain) => explain.run(look),
            Verb::Diff(diff) => diff.run(look),
            Verb::Encode(encode) => encode.run(),
            Verb::Frame(frame) => frame.run(look),
            Verb::Schema(schema) => schema.run(),
            Verb::Serve(serve) => serve.run(),
            Verb::Spec(spec) => spec.run(look),
        }
    }
}
