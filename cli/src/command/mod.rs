//! The verbs, one file each; this file only lists and dispatches them.

mod decode;
mod run;
mod pad;
mod serve;

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
    Decode(Box<decode::Decode>),
    Run(run::Run),
    Pad(pad::Pad),
    Serve(serve::Serve),
}

impl Cli {
    /// Runs the chosen verb and gives its exit code.
    pub fn run(self) -> ExitCode {
        let look = &self.look;
        match self.verb {
            Verb::Decode(decode) => decode.run(look),
            Verb::Run(run) => run.run(),
            Verb::Pad(pad) => pad.run(),
            Verb::Serve(serve) => serve.run(),
        }
    }
}
